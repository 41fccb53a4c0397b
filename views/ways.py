"""What somebody can do at the entrance: the one list that each screen for strangers adds to."""

from typing import NamedTuple

from flask import current_app, request, url_for
from flask_babel import gettext

from models.words import _


class Way(NamedTuple):
    """A link, shown where its screen is there."""

    endpoint: str
    word: str


PERSON = (
    Way("Panels.person", _("个人登录")),
    Way("Registration.person", _("注册个人账号")),
    Way("Recovery.person", _("找回个人密码")),
)
UNIT = (
    Way("Panels.agent", _("经办人登录")),
    Way("Panels.legal", _("法人登录")),
    Way("Registration.legal", _("注册单位")),
    Way("UnitAgain.begin", _("查询或修改单位注册")),
    Way("Activation.legal", _("激活法人账号")),
    Way("Recovery.legal", _("找回法人密码")),
    Way("Recovery.agent", _("找回经办人密码")),
)
STAFF = (Way("Login.login", _("用户名登录")),)

LOGINS = (PERSON[0], UNIT[1], UNIT[0], STAFF[0])
"""The panels, in the order of their tabs."""

BESIDE = {"Panels.person": PERSON[1:], "Panels.legal": UNIT[2:6], "Panels.agent": UNIT[6:]}
"""What stands under a panel for who cannot sign in there."""


OTHERS = (PERSON[0], UNIT[1], PERSON[1], *UNIT[2:5])
"""What stands beside a registration: what else a stranger may have come for."""


class Shown(NamedTuple):
    """A way as a page shows it."""

    word: str
    url: str
    current: bool


def shown(ways: tuple[Way, ...], onward: str | None = None) -> list[Shown]:
    """Those of the ways whose screens are there; the logins lead to ``onward`` afterwards."""
    return [
        Shown(
            gettext(way.word),
            url_for(way.endpoint, next=onward if way in LOGINS else None),
            way.endpoint == request.endpoint,
        )
        for way in ways
        if way.endpoint in current_app.view_functions
    ]
