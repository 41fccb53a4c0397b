"""Sets so many declarations of the agent's unit to one state, under a notice that is open now,
in a copy of the database: whatever they were before, they lie at the unit afterwards."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.batch import Batch
from models.bulk import open_batch
from models.clock import now
from models.declaration import Declaration, Step, Verdict
from models.notice import Notice
from models.people import Account
from models.permissions import Actor, Role
from models.reach import register
from models.status import Status
from tests.benchmarks.settings import USERS

PLAIN = {"synchronize_session": False}
TITLE = "measured"


@dataclass(frozen=True)
class Stage:
    """What is ready: ids, who acts on them, since when."""

    ids: list[int]
    actor: Actor
    notice_id: int
    at: datetime


def staged(session: Session, count: int, state: str) -> Stage:
    """Make it ready, and commit."""
    at = now(session)
    office = session.scalar(select(Account.office_id).where(Account.username == USERS["agent"]))
    notice = open_notice(session, at)
    ids = chosen(session, office, notice.id, count)
    mine = Declaration.id.in_(ids)
    session.execute(
        update(Declaration).where(mine).execution_options(**PLAIN)
        .values(notice_id=notice.id, status=Status.SUBMITTED, current=1, chain_start=1, round=1)
    )  # fmt: skip
    steps = Step.declaration_id.in_(ids)
    session.execute(
        delete(Verdict)
        .where(Verdict.step_id.in_(select(Step.id).where(steps)))
        .execution_options(**PLAIN)
    )
    ahead = {
        "notice_id": notice.id, "state": "AHEAD", "round": 0, "arrived_at": None,
        "decided_at": None, "batch_id": None, "opened_at": None, "opened_by": "", "opinion": "",
    }  # fmt: skip
    session.execute(update(Step).where(steps).values(**ahead).execution_options(**PLAIN))
    here = {"state": state, "round": 1, "arrived_at": at}
    here |= {"decided_at": at} if state == "VETTED" else {}
    first = (steps, Step.position == 1)
    session.execute(update(Step).where(*first).values(**here).execution_options(**PLAIN))
    register(session, ids)
    session.commit()
    actor = Actor(Role.AGENT, USERS["agent"], USERS["agent"], None, office)
    return Stage(ids, actor, notice.id, at)


def open_notice(session: Session, at: datetime) -> Notice:
    """A notice of this measure's own, like the newest one, whose windows are open."""
    found = session.scalar(select(Notice).where(Notice.title == TITLE))
    if found is None:
        like = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        kept = {c.key for c in Notice.__mapper__.column_attrs} - {"id", "title", "version"}
        found = Notice(title=TITLE, **{key: getattr(like, key) for key in kept})
        session.add(found)
    day = timedelta(days=1)
    found.declare_start, found.declare_end = at - 30 * day, at + 30 * day
    found.audit_start, found.audit_end = at - 30 * day, at + 60 * day
    session.flush()
    return found


def chosen(session: Session, office: int, notice_id: int, count: int) -> list[int]:
    """One declaration of each of so many persons: those of this notice, if there were some."""
    mine = (Declaration.unit_id == office, Declaration.status != Status.DRAFT)
    before = select(Declaration.id).where(Declaration.notice_id == notice_id, *mine)
    found = list(session.scalars(before.order_by(Declaration.id)))
    if not found:
        each = select(func.min(Declaration.id)).where(*mine).group_by(Declaration.person_id)
        found = sorted(session.scalars(each))
    if len(found) < count:
        raise ValueError(f"only {len(found)} declarations, not {count}")
    return found[:count]


def batch_of(session: Session, stage: Stage) -> str:
    """The key of an open batch that has its report."""
    batch: Batch = open_batch(session, stage.notice_id, stage.actor, stage.at)
    report = {"proof": "U01", "name": "report.pdf", "mime": "application/pdf", "size": 1}
    session.add(
        Attachment(
            batch=batch, sha256="0" * 64, token=secrets.token_hex(16), uploaded_at=stage.at,
            uploaded_by=stage.actor.name, **report,
        )
    )  # fmt: skip
    session.commit()
    return batch.uid
