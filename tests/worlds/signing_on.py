"""People who sign in by the identity platform: two units, one person in two capacities."""

from flask import Flask

from models.offices import OfficeKind
from models.permissions import Role
from tests.worlds.base import create_account, create_office, create_person


def signing_on(app: Flask) -> None:
    """高建国 declares; 李敏 declares and is the agent of her unit; a stranger of each kind."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        vault = app.extensions["vault"]
        bureau = create_office(session, "松原市人社局", OfficeKind.BUREAU)
        unit = create_office(session, "松原江源设计院", superior=bureau)
        other = create_office(session, "白城水利院", superior=bureau)
        gao, li, wang = (
            create_person(session, vault, name, n)
            for n, name in ((1, "高建国"), (2, "李敏"), (3, "王芳"))
        )
        create_account(session, "applicant", Role.APPLICANT, person=gao)
        create_account(session, "limin", Role.APPLICANT, person=li)
        create_account(session, "agent", Role.AGENT, unit, li)
        create_account(session, "stranger", Role.AGENT, other, wang)
        create_account(session, "legal", Role.LEGAL, unit)
        create_account(session, "legal2", Role.LEGAL, other)
        create_account(session, "manager", Role.NOTICE_MANAGER, bureau)
        create_account(session, "admin", Role.SYSTEM_ADMIN)
        create_account(session, "admin2", Role.SYSTEM_ADMIN)
        session.commit()
