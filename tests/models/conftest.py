"""What tests of the domain may ask for besides what every test may."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.models.stage import Stage


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    """The offices and the notice of ``tests.models.stage.build``, ready to be played on.

    The module that asks for it says ``pytestmark = pytest.mark.world(build=build)``.
    """
    made = Stage(app)
    yield made
    made.session.close()
