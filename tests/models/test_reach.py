"""到达登记 says what the steps say, after every transition and for everybody."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Select, select

from models.declaration import Declaration
from models.offices import Office
from models.permissions import Actor, Role, listed_for, visible_to
from models.reach import Reach, register_all, rows, strays
from models.workflow import Action
from tests.models.stage import RIGHT, Stage, build
from tests.models.test_permissions import scene

pytestmark = pytest.mark.world(build=build)


def kept(stage: Stage) -> list[tuple]:
    return found(stage, select(*Reach.__table__.columns))


def said_by_the_steps(stage: Stage) -> list[tuple]:
    return found(stage, rows())


def found(stage: Stage, query: Select) -> list[tuple]:
    """Read and let go: acts begin with a transaction of their own."""
    read = sorted(stage.session.execute(query).all())
    stage.session.rollback()
    return read


def acts(stage: Stage) -> Iterator[str]:
    """A declaration on every way that there is; the name of each act once it is done."""
    me = stage.applicant("去来")
    mine = stage.submit(me, stage.draft(me))
    yield "submitted"
    stage.bounce(mine)
    yield "returned"
    stage.submit(me, mine)
    yield "submitted again"
    stage.approve(mine)
    yield "approved"
    stage.act(stage.holder(mine), mine, Action.REOPEN)
    yield "reopened"
    stage.approve(mine)
    stage.send([mine])
    yield "sent"
    stage.act(stage.holder(mine), mine, Action.HAND_BACK, target=1, opinion="核实")
    yield "handed back"
    stage.climb(mine, 2)
    yield "sent to the committee"
    stage.bounce(mine)
    yield "returned from above"
    stage.submit(me, mine)
    yield "submitted where it was"
    stage.act(stage.holder(mine), mine, Action.TERMINATE, opinion="不符合条件")
    yield "terminated"
    passed = stage.climb(stage.submitted("通过"), 2)
    stage.act(stage.holder(passed), passed, Action.PASS, marks=RIGHT)
    yield "passed"
    withdrawn = stage.submitted("撤回")
    him = Actor(Role.APPLICANT, "p", person_id=withdrawn.person_id)
    stage.act(him, withdrawn, Action.WITHDRAW)
    yield "withdrawn"


def test_every_act_writes_what_the_steps_say(stage: Stage):
    done = []
    for name in acts(stage):
        done.append(name)
        assert kept(stage) == said_by_the_steps(stage), name
    assert len(done) == len(set(done)) == 13
    assert len(kept(stage)) == 6


def test_a_bulk_send_writes_what_the_steps_say(stage: Stage):
    some = [stage.submitted(f"第{n}位") for n in range(3)]
    left = stage.submitted("留下")
    stage.approve(*some, left)
    stage.send(some)
    assert kept(stage) == said_by_the_steps(stage)
    bureau = stage.office("宽城区人社局").id
    there = select(Reach.declaration_id).where(Reach.office_id == bureau, Reach.arrived)
    assert set(stage.session.scalars(there)) == {of.id for of in some}


def test_another_unit_leaves_the_earlier_one_out_of_the_chain(stage: Stage):
    """Whoever had it sees it for ever; the data manager of the chain that it left does not."""
    me = stage.applicant("换单位")
    mine = stage.submit(me, stage.draft(me))
    stage.bounce(mine, "basic_info")
    stage.bind(me.person_id, "勘测院")
    mine.unit_id = stage.office("勘测院").id
    stage.session.commit()
    stage.submit(me, mine)
    assert kept(stage) == said_by_the_steps(stage)
    names = dict(stage.session.execute(select(Office.id, Office.name)).all())
    found = {names[row.office_id]: (row.arrived, row.in_chain) for row in kept(stage)}
    assert found == {
        "水利院": (True, False),
        "勘测院": (True, True),
        "宽城区人社局": (False, True),
        "评委会办公室": (False, True),
    }


def test_lists_show_what_may_be_seen(stage: Stage):
    scene(stage)
    offices = stage.session.scalars(select(Office.id)).all()
    actors = [Actor(role, "x", office_id=id_) for role in (*Role, None) for id_ in (*offices, None)]
    seen = 0
    for actor in actors:
        may = set(stage.session.scalars(select(Declaration.id).where(visible_to(actor))))
        listed = stage.session.scalars(select(Reach.declaration_id).where(listed_for(actor))).all()
        assert sorted(listed) == sorted(may), actor
        seen += len(may)
    assert seen > 20


def test_what_differs_from_the_steps_is_found_and_mended(stage: Stage):
    scene(stage)
    assert strays(stage.session) == 0
    stage.session.execute(Reach.__table__.update().where(Reach.arrived).values(status="PASSED"))
    wrong = strays(stage.session)
    assert wrong > 0
    register_all(stage.session)
    assert strays(stage.session) == 0
    stage.session.commit()
    assert kept(stage) == said_by_the_steps(stage)
