"""日志: lines stand or fall with the change, and no tampering goes unseen."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from models.declaration import Declaration
from models.journal import Head, Journal, Line, note
from models.words import NotAllowed
from models.workflow import Action
from tests.models.stage import NOON, Stage, build
from tests.worlds.declarations import fill

pytestmark = pytest.mark.world(build=build)

LENGTH = 12
WHOLE: list[str] = []


def write(stage: Stage, count: int) -> None:
    """That many lines, three to a transaction."""
    for number in range(count):
        detail = {"number": number, "words": "审核“通过”"}
        note(stage.session, f"agent{number % 3}", "approve", "declaration", number, **detail)
        if number % 3 == 2:
            stage.session.commit()
    stage.session.commit()


def verified(stage: Stage) -> list[str]:
    return list(stage.journal.verify(stage.session))


def test_an_empty_journal_is_whole(stage: Stage):
    assert verified(stage) == WHOLE


def test_lines_are_numbered_and_chained(stage: Stage):
    write(stage, LENGTH)
    lines = stage.session.scalars(select(Line).order_by(Line.id)).all()
    assert [line.id for line in lines] == list(range(1, LENGTH + 1))
    assert len({line.mac for line in lines}) == LENGTH
    head = stage.session.get(Head, 1)
    assert (head.count, head.mac) == (LENGTH, lines[-1].mac)
    first = lines[0]
    said = (first.actor, first.act, first.object_kind, first.object_id, first.detail)
    detail = '{"number": 0, "words": "审核“通过”"}'
    assert said == ("agent0", "approve", "declaration", "0", detail)
    assert verified(stage) == WHOLE


def test_another_key_does_not_verify(stage: Stage):
    write(stage, 1)
    other = Journal(b"another key of thirty-two bytes.")
    assert list(other.verify(stage.session)) == [
        "line 1 is not what was written, or the one before it",
        "the chain ends at line 1, its head says 1",
    ]


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Journal(b"short")


CHANGES = {
    "actor": "somebody",
    "act": "pass",
    "object_kind": "person",
    "object_id": "77",
    "detail": "{}",
    "at": NOON,
    "mac": "0" * 64,
}


def change(session: Session, dice: random.Random) -> None:
    """One column of one line, or the whole of it taken from another line."""
    column = dice.choice(sorted(CHANGES))
    here = Line.id == dice.randint(1, LENGTH)
    session.execute(update(Line).where(here).values({column: CHANGES[column]}))


def remove(session: Session, dice: random.Random) -> None:
    """One line, and perhaps the ones behind it moved up."""
    gone = dice.randint(1, LENGTH)
    session.execute(delete(Line).where(Line.id == gone))
    if dice.random() < 0.5:
        for number in range(gone + 1, LENGTH + 1):
            session.execute(update(Line).where(Line.id == number).values(id=number - 1))


def invent(session: Session, dice: random.Random) -> None:
    """One more line: behind the last one, or between two with the rest moved down."""
    place = dice.randint(1, LENGTH + 1)
    for number in range(LENGTH, place - 1, -1):
        session.execute(update(Line).where(Line.id == number).values(id=number + 1))
    model = session.scalars(select(Line).order_by(Line.id.desc())).first()
    names = (column.key for column in Line.__table__.columns if column.key != "id")
    session.execute(insert(Line).values(id=place, **{name: getattr(model, name) for name in names}))


def swap(session: Session, dice: random.Random) -> None:
    """Two lines change places."""
    one, two = dice.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, 0), (two, one), (0, two)):
        session.execute(update(Line).where(Line.id == old).values(id=new))


def cut(session: Session, dice: random.Random) -> None:
    """The tail, and perhaps the head set back to where it ends now."""
    last = dice.randint(0, LENGTH - 1)
    session.execute(delete(Line).where(Line.id > last))
    if dice.random() < 0.5:
        mac = session.scalar(select(Line.mac).where(Line.id == last)) or "0" * 64
        session.execute(update(Head).values(count=last, mac=mac))


def behead(session: Session, dice: random.Random) -> None:
    """The head."""
    gone = delete(Head)
    wrong = update(Head).values({dice.choice(["count", "mac", "seal"]): 3})
    session.execute(dice.choice([gone, wrong]))


TAMPERINGS = (change, change, change, remove, invent, swap, cut, behead)


def test_two_hundred_tamperings_are_found(stage: Stage):
    write(stage, LENGTH)
    unseen = []
    for seed in range(200):
        tamper = TAMPERINGS[seed % len(TAMPERINGS)]
        tamper(stage.session, random.Random(seed))
        stage.session.flush()
        if not verified(stage):
            unseen.append((seed, tamper.__name__))
        stage.session.rollback()
    assert unseen == []
    assert verified(stage) == WHOLE


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (
            update(Line).where(Line.id == 4).values(detail="{}"),
            ["line 4 is not what was written, or the one before it"],
        ),
        (
            update(Line).where(Line.id == 4).values(at=NOON - timedelta(microseconds=1)),
            ["line 4 is not what was written, or the one before it"],
        ),
        (
            delete(Line).where(Line.id == 4),
            [
                "line 4 is missing: the next one is 5",
                "line 5 is not what was written, or the one before it",
            ],
        ),
        (delete(Line).where(Line.id > 9), ["the chain ends at line 9, its head says 12"]),
        (delete(Head), ["the chain ends at line 12, its head says 0"]),
    ],
)
def test_it_says_where_the_chain_is_broken(stage: Stage, tamper, found):
    write(stage, LENGTH)
    stage.session.execute(tamper)
    assert verified(stage) == found


def test_what_is_rolled_back_leaves_no_line(stage: Stage):
    write(stage, 1)
    stage.session.commit()
    note(stage.session, "a", "approve", "declaration", 1)
    stage.session.rollback()
    stage.session.commit()
    assert len(stage.noted()) == 1
    stage.session.execute(select(1))
    note(stage.session, "a", "approve", "declaration", 1)
    stage.session.rollback()
    stage.session.commit()
    assert len(stage.noted()) == 1


def test_nor_what_is_closed_without_a_commit(stage: Stage):
    session = stage.sessions()
    session.execute(select(1))
    note(session, "a", "approve", "declaration", 1)
    session.close()
    session.execute(select(1))
    session.commit()
    session.close()
    assert stage.noted() == []


def test_nor_an_act_that_was_refused(stage: Stage):
    declaration = stage.submitted()
    noted = stage.noted()
    with pytest.raises(NotAllowed):
        stage.act(stage.holder(declaration), declaration, Action.APPROVE)
    assert stage.noted() == noted


def test_a_commit_that_fails_leaves_neither_line_nor_change(stage: Stage):
    declaration = stage.draft(stage.applicant())
    noted, before = stage.noted(), declaration.version
    declaration.status = "SUBMITTED"  # without a step: the CHECK refuses it
    note(stage.session, "a", "submit", "declaration", declaration.id)
    with pytest.raises(Exception, match="current_step"):
        stage.session.commit()
    stage.session.rollback()
    assert (stage.noted(), declaration.status, declaration.version) == (noted, "DRAFT", before)


def test_a_line_is_written_with_what_is_still_to_be_flushed(stage: Stage):
    """The head of the chain, which all writers want, is locked last."""
    actor = stage.applicant()
    stage.session.add(
        made := Declaration(
            notice=stage.notice,
            person_id=actor.person_id,
            unit=stage.office("水利院"),
            created_at=NOON,
        )
    )
    fill(stage.session, made)
    note(stage.session, "a", "start", "declaration", made.id)
    made.updated_by = "最后"
    stage.session.commit()
    assert (made.updated_by, stage.noted()[-1]) == ("最后", ("start", "declaration", str(made.id)))


def test_many_lines_cost_as_many_statements_as_one(stage: Stage, count_statements):
    write(stage, 3)
    counts = []
    for lines in (1, 50):
        for number in range(lines):
            note(stage.session, "a", "send", "declaration", number)
        with count_statements() as seen:
            stage.session.commit()
        counts.append(len(seen))
    assert counts == [4, 4]
    assert stage.session.scalar(select(func.count()).select_from(Line)) == 54
    assert verified(stage) == WHOLE
