"""Which rows an actor sees, and which sections he may change."""

import pytest
from sqlalchemy import select

from models.binding import Binding
from models.declaration import Declaration, Step
from models.notice import Notice
from models.opinions import Phrase
from models.permissions import (
    GRANTS,
    NOBODY,
    Actor,
    Role,
    bindings_visible_to,
    granted,
    may_edit,
    notices_visible_to,
    owns,
    phrases_visible_to,
    visible_to,
)
from models.sections import SECTIONS
from models.workflow import Action
from tests.models.stage import RIGHT, Stage, build
from tests.models.workflow.bodies import agent, applicant, declaration, judged

pytestmark = pytest.mark.world(build=build)

KEYS = [section.key for section in SECTIONS]


def scene(stage: Stage) -> dict[str, Declaration]:
    """One declaration in each place where it can lie, all of different persons."""
    draft = stage.draft(stage.applicant("草稿"))
    submitted = stage.submitted("已报")
    climbed = stage.climb(stage.submitted("上报"))
    handed = stage.climb(stage.submitted("打回"), 2)
    stage.act(stage.holder(handed), handed, Action.HAND_BACK, target=1, opinion="核实")
    returned = stage.submitted("退回")
    stage.bounce(returned)
    passed = stage.climb(stage.submitted("通过"), 2)
    stage.act(stage.holder(passed), passed, Action.PASS, marks=RIGHT)
    other = stage.applicant("旁人", "勘测院")
    foreign = stage.submit(other, stage.draft(other))
    withdrawn = stage.submitted("撤回")
    stage.act(person(withdrawn), withdrawn, Action.WITHDRAW)
    return {
        "draft": draft, "submitted": submitted, "climbed": climbed, "handed": handed,
        "returned": returned, "passed": passed, "foreign": foreign, "withdrawn": withdrawn,
    }  # fmt: skip


def person(of: Declaration) -> Actor:
    return Actor(Role.APPLICANT, "p", person_id=of.person_id)


UNIT = {"submitted", "climbed", "handed", "returned", "passed"}
AGENTS = {
    "水利院": UNIT,
    "勘测院": {"foreign"},
    "宽城区人社局": {"climbed", "handed", "passed"},
    "评委会办公室": {"handed", "passed"},
}
MANAGERS = {
    "水利院": UNIT,
    "勘测院": {"foreign"},
    "宽城区人社局": UNIT | {"foreign"},
    "评委会办公室": UNIT | {"foreign"},
}


def test_who_sees_which_declaration(stage: Stage):
    made = scene(stage)
    names = {of.id: name for name, of in made.items()}

    def seen(actor: Actor) -> set[str]:
        rows = stage.session.scalars(select(Declaration.id).where(visible_to(actor))).all()
        assert len(rows) == len(set(rows))
        return {names[id_] for id_ in rows}

    for name, of in made.items():
        assert seen(person(of)) == {name}
    for office, expected in AGENTS.items():
        assert seen(stage.agent(office)) == expected
    for office, expected in MANAGERS.items():
        id_ = stage.office(office).id
        assert seen(Actor(Role.DATA_MANAGER, "d", office_id=id_)) == expected
        for role in (Role.NOTICE_MANAGER, Role.SYSTEM_ADMIN, None):
            assert seen(Actor(role, "x", person_id=made["draft"].person_id, office_id=id_)) == set()


@pytest.mark.parametrize("role", [*Role, None])
def test_who_is_nobody_sees_nothing(stage: Stage, role):
    """None must not become IS NULL, nor no condition at all."""
    declaration = stage.climb(stage.submitted())
    assert declaration.id
    wrong_side = {"person_id": 1} if role is not Role.APPLICANT else {"office_id": 1}
    for actor in (Actor(role), Actor(role, "u", **wrong_side)):
        for model, clause in (
            (Declaration, visible_to),
            (Binding, bindings_visible_to),
        ):
            assert stage.session.scalars(select(model).where(clause(actor))).all() == []
    if role in (Role.NOTICE_MANAGER, Role.DATA_MANAGER, Role.SYSTEM_ADMIN, None):
        assert (
            stage.session.scalars(select(Notice).where(notices_visible_to(Actor(role)))).all() == []
        )


def test_a_phrase_without_an_office_is_nobodys(stage: Stage):
    """The agent of no office would otherwise see every personal phrase: office_id is NULL."""
    stage.session.add(Phrase(text="别人的", username="other"))
    stage.session.commit()
    seen = select(Phrase).where(phrases_visible_to(Actor(Role.AGENT, "me")))
    assert stage.session.scalars(seen).all() == []


def test_a_notice_that_is_not_published_is_its_owners(stage: Stage):
    notice = stage.notice
    notice.published = False
    stage.session.commit()
    owner = notice.owner_id

    def seen(actor):
        return stage.session.scalars(select(Notice.id).where(notices_visible_to(actor))).all()

    assert seen(Actor(Role.NOTICE_MANAGER, "n", office_id=owner)) == [notice.id]
    assert seen(Actor(Role.NOTICE_MANAGER, "n", office_id=owner + 1)) == []
    assert seen(Actor(Role.APPLICANT, "p", person_id=1)) == []
    assert seen(Actor(Role.AGENT, "a", office_id=owner)) == []


def test_bindings_are_of_the_person_and_of_the_unit(stage: Stage):
    first, second = stage.applicant("甲"), stage.applicant("乙", "勘测院")

    def seen(actor):
        return stage.session.scalars(
            select(Binding.person_id).where(bindings_visible_to(actor))
        ).all()

    assert [seen(first), seen(second)] == [[first.person_id], [second.person_id]]
    assert seen(stage.agent("勘测院")) == [second.person_id]
    assert seen(stage.agent("宽城区人社局")) == []


@pytest.mark.parametrize(
    ("status", "states", "expected"),
    [
        ("DRAFT", (), KEYS),
        ("SUBMITTED", ("PENDING", "AHEAD"), []),
        ("RETURNED", ("RETURNED_OUT", "AHEAD"), ["paper"]),
        ("RETURNED", ("SENT", "RETURNED_OUT"), ["paper"]),
        ("PASSED", ("SENT", "PASSED"), []),
        ("TERMINATED", ("TERMINATED", "AHEAD"), []),
    ],
)
def test_the_applicant_edits_a_draft_and_what_is_at_fault(status, states, expected):
    of = declaration(*states, status=status)
    for step in of.steps:
        judged(step, 1, paper=step.state in ("RETURNED_OUT", "PENDING", "TERMINATED"), award=False)
        judged(step, 0, patent=True)
        judged(step, 2, project=True)
    if status == "RETURNED" and states[0] == "SENT":
        judged(of.steps[0], 1, education=True)
    assert [key for key in KEYS if may_edit(applicant(), of, key)] == expected
    for other in (applicant(2), applicant(None), agent(1), agent(1, person=1), NOBODY):
        assert [key for key in KEYS if may_edit(other, of, key)] == []


def test_owning_needs_a_person():
    nobodys = Declaration(person_id=None)
    assert not owns(NOBODY, nobodys)
    assert owns(applicant(), declaration())


def test_nobody_is_granted_anything():
    desks = {desk for granted_ in GRANTS.values() for desk in granted_}
    deeds = {"read", "write", "submit", "export"}
    assert not [d for desk in desks for d in deeds if granted(NOBODY, desk, d)]
    assert set(GRANTS) == set(Role)


def test_the_chain_of_an_office_is_seen_by_the_step_alone(stage: Stage):
    """A later change of the tree of offices moves nobody's sight."""
    of = stage.climb(stage.submitted())
    stage.office("水利院").superior = stage.office("评委会办公室")
    stage.session.commit()
    assert stage.session.scalars(select(Step.office_id).where(Step.declaration_id == of.id)).all()
    clause = visible_to(stage.agent("宽城区人社局"))
    assert stage.session.scalars(select(Declaration).where(clause)).all() == [of]
