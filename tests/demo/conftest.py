"""The province is built once for each database; these tests read it and leave it alone."""

import pytest
from sqlalchemy.orm import Session

from models.clock import now
from models.codes import CodeBook
from tests.bed import Bed
from tests.demo.province import province


@pytest.fixture(scope="module")
def filled(bed: Bed) -> Bed:
    """The bed with the province in it."""
    bed.restore(province)
    return bed


@pytest.fixture
def session(filled: Bed):
    """A session over the province that never commits."""
    with Session(filled.engine) as made:
        yield made


@pytest.fixture
def codes(session) -> CodeBook:
    """The code tables as they were loaded."""
    return CodeBook.read(session)


@pytest.fixture
def today(session):
    """The database's time."""
    return now(session)
