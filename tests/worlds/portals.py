"""Two units, each with its legal person, and agents who can be found by their numbers."""

from flask import Flask

from models.binding import ask
from models.clock import now
from models.offices import OfficeKind
from models.permissions import Role
from tests.worlds.base import create_account, create_notice, create_office, create_person

MOBILE, OTHER = "13904380001", "13904380002"
"""Of the agent, and in the other unit of the stranger; of the applicant."""

AGENT, APPLICANT = 11, 12
"""Their identity numbers, by the count of ``id_no_of``."""


def portals(app: Flask) -> None:
    """The world."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        vault = app.extensions["vault"]
        bureau = create_office(session, "松原市人社局", OfficeKind.BUREAU)
        unit = create_office(session, "松原江源设计院", superior=bureau, telephone="0438-2100")
        other = create_office(session, "白城水利院", superior=bureau)
        wang = create_person(session, vault, "王淑华", AGENT)
        gao = create_person(session, vault, "高建国", APPLICANT)
        create_account(session, "manager", Role.NOTICE_MANAGER, bureau)
        create_account(session, "admin", Role.SYSTEM_ADMIN)
        create_account(session, "jiangyuan", Role.LEGAL, unit)
        create_account(session, "baicheng", Role.LEGAL, other)
        create_account(session, "agent", Role.AGENT, unit, wang, mobile=MOBILE)
        create_account(session, "colleague", Role.AGENT, unit, first_name="马骏")
        create_account(session, "checker", Role.CHECKER, unit, first_name="林雨晴")
        create_account(session, "stranger", Role.AGENT, other, mobile=MOBILE)
        create_account(session, "applicant", Role.APPLICANT, person=gao, mobile=OTHER)
        create_notice(session, bureau, "松原水利通知")
        ask(session, gao.id, unit, now(session))
        session.commit()
