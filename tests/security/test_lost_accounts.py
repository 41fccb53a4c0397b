"""ASVS 8.2, fail closed: an account behind which nobody stands sees nothing and breaks nothing."""

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from models.permissions import Role
from tests.client import Browser
from tests.digest import digest
from tests.security.objects import Objects
from tests.security.test_matrix import asked, placed, rules_of, things_of
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import EXPERT_NO, FOREIGN, ID_NUMBERS, OWN, two_units

HIDDEN = [*(w for s in (OWN, FOREIGN) for w in (s.text, s.person, s.office)), EXPERT_NO]


AT_HOME = {Role.AGENT: 403}
"""Their desks are their office's: without one there is nothing to show."""

pytestmark = pytest.mark.world(build=two_units)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SYSTEM_ADMIN])
def test_a_role_alone_opens_no_row(db, session, role):
    objects = Objects(session)
    rules = rules_of(db.app)
    plans = {e: things_of(objects, e, role) for e in rules}
    session.close()
    browser = Browser(db.app)
    browser.login(f"lost-{role.name}", PASSWORD, AT_HOME.get(role, 200))
    by_endpoint = {(r.endpoint, m): r for r in db.app.url_map.iter_rules() for m in r.methods}
    address, faults, before = db.app.url_map.bind("localhost"), [], digest(db)
    for endpoint, method in asked(rules):
        if method != "GET" or endpoint.startswith("Mine_") and "Mine_paper" not in endpoint:
            continue
        for values in (*plans[endpoint].own, *plans[endpoint].foreign):
            url = address.build(endpoint, placed(by_endpoint[endpoint, method], values))
            answer = browser.client.get(url, buffered=True)
            shown = [w for w in (*HIDDEN, *ID_NUMBERS) if w in answer.get_data(as_text=True)]
            if answer.status_code not in (200, 302, 403, 404) or shown:
                faults.append(f"{url}: {answer.status_code} {shown}")
    changed = [name for name, value in digest(db).items() if before[name] != value]
    assert not faults, "\n" + "\n".join(faults)
    assert set(changed) <= {"journal", "journal_head"}  # an export is written down


@pytest.mark.parametrize("username", ["lost-nothing", "lost-two"])
def test_who_has_no_role_is_told_so(client, username):
    """Two roles are none: nobody has decided which one it is."""
    page = client.login(username, PASSWORD, status=403)
    assert "您的账号还没有角色，请联系系统管理员" in page.text
    for path in ("/mine/list/", "/audit/list/", "/console/", "/accounts/list/", "/send/"):
        client.open(path, status=403)
    client.post("/logout/", data={"csrf_token": client.csrf_token})
    assert client.open("/").heading == "职称申报评审系统"


def test_who_is_switched_off_is_out_at_once(db, client, session):
    client.login("lost-off", PASSWORD, status=400)
    client.login("agent", PASSWORD)
    session.execute(User.__table__.update().where(User.username == "agent").values(active=False))
    session.commit()
    assert client.open("/audit/list/").url.startswith("/login/")


def test_a_role_that_is_taken_away_is_gone_at_once(db, client, session):
    """ASVS 8.3.2: rights are asked for at every request and kept nowhere."""
    client.login("admin", PASSWORD)
    client.open("/accounts/list/")
    row = session.scalars(select(User).where(User.username == "admin")).one()
    row.roles = list(session.scalars(select(RoleRow).where(RoleRow.name == Role.DATA_MANAGER)))
    session.commit()
    client.open("/accounts/list/", status=403)
    client.open("/console/")
