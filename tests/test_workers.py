"""Several processes over one database: what one of them has cached binds no other, and what
many clients want at once happens once."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models.declaration import Declaration, Progress
from models.people import Person
from models.permissions import Role
from models.reach import Reach, rows
from models.sections import SECTIONS
from models.workflow import Action
from tests.served import Client, served
from tests.worlds.base import PASSWORD
from tests.worlds.crowd import six

pytestmark = pytest.mark.world(build=six)

CLIENTS = 16
PASSES = {f"verdict-{section.key}": "right" for section in SECTIONS} | {
    "action": "pass", "opinion": "同意推荐", "then": "next",
}  # fmt: skip


@pytest.fixture
def url(bed, tmp_path) -> Iterator[str]:
    """The database that the servers share; their files and keys are in ``tmp_path``."""
    yield bed.clone(six, "workers", tmp_path)
    bed.server.drop("workers")


@pytest.fixture
def session(url) -> Iterator[Session]:
    """What is in it, seen from outside."""
    engine = create_engine(url)
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def servers(url, tmp_path) -> Iterator[list[str]]:
    """Two servers of one process each: a client knows which of them answers."""
    with ExitStack() as stack:
        given = {"DATABASE_URL": url, "ZHIPING_VAR": str(tmp_path), "WEB_CONCURRENCY": "1"}
        yield [stack.enter_context(served(**given)) for _ in range(2)]


def test_a_right_is_gone_at_the_next_request_in_every_worker(servers, session):
    """Also one that a page has just been rendered by, menu and all: with it goes the login."""
    lists = [(server, "/console/declaration/") for server in servers]

    def seen(manager: Client) -> list[int]:
        return [manager.get(path, base=server) for server, path in lists * 3]

    user = session.scalars(select(User).where(User.username == "data")).one()
    role = session.scalars(select(RoleRow).where(RoleRow.name == Role.DATA_MANAGER)).one()
    session.commit()
    for roles, status in (([], 403), ([role], 200)):
        before = Client(servers[0], "data", PASSWORD, "/sessions/")
        user.roles = roles
        session.commit()
        assert seen(before) == [302] * 6
        assert seen(Client(servers[1], "data", PASSWORD, "/sessions/")) == [status] * 6
    last = Client(servers[0], "data", PASSWORD, "/console/declaration/")
    user.active = False
    session.commit()
    assert seen(last) == [302] * 6


def test_sixteen_clients_move_the_same_declarations_and_nothing_is_lost_or_doubled(
    servers, session
):
    """Each wants to pass all that waits, in an order of its own, and to reopen it again."""
    clients = [Client(servers[n % 2], "agent", PASSWORD, "/audit/list/") for n in range(CLIENTS)]
    waiting = select(Declaration.id).join(Person).where(Person.name.startswith("待审人"))
    ids = session.scalars(waiting).all()
    assert len(ids) == 6
    for path, fields, action in (
        ("decide", PASSES, Action.APPROVE),
        ("reopen", {}, Action.REOPEN),
    ):
        before = told(session, action)
        versions = versions_of(session, ids)
        session.commit()
        answers = at_once(clients, versions, path, fields)
        assert answers == {302: len(ids), 409: (CLIENTS - 1) * len(ids)}
        assert told(session, action) - before == Counter(ids)
        kept = session.execute(select(*Reach.__table__.columns)).all()
        assert sorted(kept) == sorted(session.execute(rows()).all())
        session.commit()


def versions_of(session: Session, ids: list[int]) -> dict[int, int]:
    """What every client has seen."""
    query = select(Declaration.id, Declaration.version).where(Declaration.id.in_(ids))
    return dict(session.execute(query).all())


def told(session: Session, action: Action) -> Counter:
    """How often this was done to each declaration."""
    lines = select(Progress.declaration_id).where(Progress.action == action)
    return Counter(session.scalars(lines))


def at_once(clients, versions, path, fields) -> Counter:
    """The statuses of all answers; all begin at the same instant."""
    barrier = Barrier(len(clients))

    def run(number: int) -> list[int]:
        mine = random.Random(number).sample(list(versions), len(versions))
        barrier.wait()
        post = clients[number].post
        return [post(f"/audit/{pk}/{path}", version=versions[pk], **fields) for pk in mine]

    with ThreadPoolExecutor(len(clients)) as pool:
        return Counter(sum(pool.map(run, range(len(clients))), []))
