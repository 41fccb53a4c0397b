"""What an applicant files: begun, given up, moved to another unit."""

from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select

from models.acts import carry_out, case_of, lock
from models.attachment import Attachment
from models.binding import Binding, BindingState, live_binding
from models.checking import errors, findings
from models.declaration import Declaration
from models.filing import discard, known_of, leave, rebind, start
from models.permissions import Actor, Role, visible_to
from models.status import Status
from models.words import Forbidden, NotAllowed
from models.workflow import Action, Decision, Known
from tests.models.stage import AUDIT_END, DECLARE_END, NOON, RIGHT, SECOND, Stage, at_once, build
from tests.worlds.declarations import BREAKING

pytestmark = pytest.mark.world(build=build)


@pytest.mark.parametrize("basic", [{}, BREAKING])
def test_nothing_is_found_in_a_full_declaration(stage: Stage, basic):
    declaration = stage.draft(stage.applicant(), **basic)
    case = case_of(stage.session, declaration, stage.codes, NOON)
    assert [(f.section.key, str(f.problem.sentence)) for f in findings(case)] == []


def test_a_draft_belongs_to_its_person_notice_and_unit(stage: Stage):
    actor = stage.applicant()
    draft = start(stage.session, stage.notice, actor, NOON)
    stage.session.commit()
    assert (draft.person_id, draft.notice, draft.unit.name) == (
        actor.person_id,
        stage.notice,
        "水利院",
    )
    assert (draft.status, draft.created_at, draft.updated_by) == ("DRAFT", NOON, "王小明")
    assert stage.noted() == [("start", "declaration", str(draft.id))]


def test_one_declaration_a_notice(stage: Stage):
    actor = stage.applicant()
    stage.draft(actor)
    with pytest.raises(NotAllowed, match="您已经按这个通知开始申报"):
        start(stage.session, stage.notice, actor, NOON)


def test_no_second_declaration_after_a_termination(stage: Stage):
    declaration = stage.submitted()
    stage.act(stage.holder(declaration), declaration, Action.TERMINATE, opinion="不符合")
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    with pytest.raises(NotAllowed, match="您已经按这个通知开始申报"):
        start(stage.session, stage.notice, me, NOON)


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        (DECLARE_END - SECOND, False),
        (DECLARE_END, True),
        (NOON - timedelta(days=60), True),
    ],
)
def test_a_draft_is_begun_in_the_declare_window(stage: Stage, now, refused):
    actor = stage.applicant()
    if not refused:
        assert start(stage.session, stage.notice, actor, now).id
        return
    with pytest.raises(NotAllowed, match="“2026 年度工程系列申报通知”现在不在申报时间内。"):
        start(stage.session, stage.notice, actor, now)


@pytest.mark.parametrize("state", ["REQUESTED", "REFUSED", "ENDED"])
def test_without_a_bound_unit_nothing_begins(stage: Stage, state):
    actor = stage.applicant()
    binding = stage.session.scalars(select(Binding)).one()
    binding.state = state
    binding.ended_at = NOON if state == BindingState.ENDED else None
    stage.session.commit()
    with pytest.raises(NotAllowed, match="请先绑定推荐单位，单位同意后再开始申报。"):
        start(stage.session, stage.notice, actor, NOON)
    with pytest.raises(NotAllowed, match="请先绑定推荐单位，单位同意后再开始申报。"):
        start(stage.session, stage.notice, Actor(Role.APPLICANT), NOON)


@pytest.mark.parametrize(
    ("regions", "units", "served"),
    [
        ([], [], True),
        (["220102"], [], True),
        (["220100"], [], True),
        (["220000"], [], True),
        (["220103"], [], False),
        (["220200"], [], False),
        (["210000"], [], False),
        (["220103"], ["水利院"], True),
        ([], ["勘测院"], False),
    ],
)
def test_the_notice_says_for_whom_it_is(stage: Stage, regions, units, served):
    actor, notice = stage.applicant(), stage.notice
    notice.regions, notice.units = regions, [stage.office(name) for name in units]
    stage.session.commit()
    if served:
        assert start(stage.session, notice, actor, NOON).id
        return
    with pytest.raises(NotAllowed, match="“2026 年度工程系列申报通知”的申报范围不包括水利院。"):
        start(stage.session, notice, actor, NOON)


def rows(stage: Stage) -> dict[str, int]:
    """How many rows every table has that hangs on a declaration."""
    tables = Declaration.metadata.tables.values()
    mine = [t for t in tables if "declaration_id" in t.columns or t.name == "declaration"]
    count = {t.name: stage.session.scalar(select(func.count()).select_from(t)) for t in mine}
    return {name: n for name, n in count.items() if n}


def test_a_draft_is_given_up_without_a_rest(stage: Stage):
    other = stage.draft(stage.applicant("旁人"))
    before = rows(stage)
    actor = stage.applicant()
    draft = stage.draft(actor)
    assert rows(stage)["paper"] == 2 * before["paper"]
    removed = stage.session.scalars(
        select(Attachment).where(Attachment.declaration_id == draft.id)
    ).first()
    removed.removed_at = NOON
    id_ = draft.id
    discard(stage.session, lock(stage.session, draft.id, actor), actor)
    stage.session.commit()
    assert rows(stage) == before
    assert inspect(other).persistent
    assert stage.noted()[-1] == ("discard", "declaration", str(id_))
    start(stage.session, stage.notice, actor, NOON)


def test_what_was_submitted_is_not_given_up(stage: Stage):
    declaration = stage.submitted()
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    for undo in ("nothing", "withdraw"):
        if undo == "withdraw":
            stage.act(me, declaration, Action.WITHDRAW)
        with pytest.raises(NotAllowed, match="提交过的申报不能删除。"):
            discard(stage.session, declaration, me)


def test_only_the_applicant_gives_up_a_draft(stage: Stage):
    draft = stage.draft(stage.applicant())
    for other in (stage.applicant("旁人"), stage.agent("水利院"), Actor()):
        with pytest.raises(Forbidden, match="只有申报人本人可以删除草稿。"):
            discard(stage.session, draft, other)


def test_a_draft_moves_to_the_unit_that_one_is_bound_to_now(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    stage.bind(actor.person_id, "勘测院")
    with pytest.raises(NotAllowed, match="您现在没有绑定水利院。请先绑定，或在申报页面换成"):
        stage.submit(actor, draft)
    rebind(stage.session, lock(stage.session, draft.id, actor), actor, NOON)
    stage.session.commit()
    assert draft.unit.name == "勘测院"
    assert stage.noted()[-1] == ("rebind", "declaration", str(draft.id))
    stage.submit(actor, draft)
    assert [name for _, name, _, _ in stage.states(draft)][0] == "勘测院"


def test_another_unit_is_chosen_where_basic_info_is_open(stage: Stage):
    declaration = stage.submitted()
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    words = "推荐单位属于“基本信息”，现在不能修改。"
    with pytest.raises(Forbidden, match=words):
        rebind(stage.session, declaration, me, NOON)
    stage.bounce(declaration, "paper")
    with pytest.raises(Forbidden, match=words):
        rebind(stage.session, declaration, me, NOON)
    stage.submit(me, declaration)
    stage.bounce(declaration, "basic_info")
    rebind(stage.session, declaration, me, NOON)
    for stranger in (stage.applicant("旁人"), stage.agent("水利院")):
        with pytest.raises(Forbidden, match=words):
            rebind(stage.session, declaration, stranger, NOON)


def test_the_new_unit_is_one_that_the_notice_is_for(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    stage.bind(actor.person_id, "勘测院")
    stage.notice.units = [stage.office("水利院")]
    stage.session.commit()
    with pytest.raises(NotAllowed, match="的申报范围不包括勘测院。"):
        rebind(stage.session, draft, actor, NOON)
    stage.session.execute(Binding.__table__.delete())
    with pytest.raises(NotAllowed, match="请先绑定新的推荐单位，单位同意后再换。"):
        rebind(stage.session, draft, actor, NOON)


def sees(stage: Stage, actor: Actor) -> list[int]:
    return list(stage.session.scalars(select(Declaration.id).where(visible_to(actor))))


@pytest.mark.parametrize("by", ["水利院", "宽城区人社局"])
def test_a_new_unit_reviews_from_the_start_and_the_old_one_keeps_seeing_it(stage: Stage, by):
    declaration = stage.submitted()
    if by == "宽城区人社局":
        stage.climb(declaration)
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    stage.bounce(declaration, "basic_info")
    stage.bind(me.person_id, "勘测院")
    rebind(stage.session, declaration, me, NOON)
    stage.session.commit()
    later = NOON if by == "水利院" else AUDIT_END + SECOND
    stage.submit(me, declaration, now=later)
    old = [(1, "水利院", "RETURNED_OUT", 1)]
    if by == "宽城区人社局":
        old = [(1, "水利院", "SENT", 1), (2, "宽城区人社局", "RETURNED_OUT", 1)]
    start_at = len(old) + 1
    assert stage.states(declaration) == [
        *old,
        (start_at, "勘测院", "PENDING", 1),
        (start_at + 1, "宽城区人社局", "AHEAD", 0),
        (start_at + 2, "评委会办公室", "AHEAD", 0),
    ]
    assert (declaration.chain_start, declaration.current) == (start_at, start_at)
    for office in ("水利院", "勘测院"):
        assert sees(stage, stage.agent(office)) == [declaration.id]
    assert sees(stage, stage.agent("评委会办公室")) == []
    with pytest.raises(Forbidden, match="这份申报现在不在您这里"):
        stage.act(stage.agent("水利院"), declaration, Action.TERMINATE, opinion="不")
    assert declaration.declare_no == "202622010205000001"
    stage.act(stage.holder(declaration), declaration, Action.APPROVE, later, marks=RIGHT)
    stage.send([declaration], now=later)
    assert stage.states(declaration)[start_at:] == [
        (start_at + 1, "宽城区人社局", "PENDING", 1),
        (start_at + 2, "评委会办公室", "AHEAD", 0),
    ]


def test_what_a_submission_must_know(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    unit = stage.office("水利院").id

    def known() -> Known:
        return known_of(stage.session, case_of(stage.session, draft, stage.codes, NOON))

    assert known() == Known(errors=0, bound_to=unit)
    stage.session.delete(draft.education[0])
    stage.session.commit()
    found = errors(case_of(stage.session, draft, stage.codes, NOON))
    assert [str(f.problem.sentence) for f in found] == ["“教育经历”是必填栏目，还没有填写。"]
    assert known() == Known(errors=1, bound_to=unit)
    stage.bind(actor.person_id, "勘测院")
    assert known().bound_to == stage.office("勘测院").id
    stage.session.execute(Binding.__table__.delete())
    assert known().bound_to is None


@pytest.mark.parametrize(
    ("changes", "rechosen"),
    [
        ({}, False),
        ({"apply_level": "1"}, True),
        ({"apply_series": "01"}, True),
        ({"apply_specialty": "水文"}, False),
        ({"declare_category": "03"}, False),
    ],
)
def test_what_counts_as_another_choice(stage: Stage, changes, rechosen):
    declaration = stage.submitted()
    stage.bounce(declaration, "basic_info")
    for key, value in changes.items():
        setattr(declaration.basic_info[0], key, value)
    case = case_of(stage.session, declaration, stage.codes, NOON)
    assert known_of(stage.session, case).rechosen is rechosen


TITLE = "2026 年度工程系列申报通知"
UNDER_WAY = f"您在水利院有没办结的申报“{TITLE}”，办结以后才能解除绑定。"


def left(stage: Stage, person_id: int, now=NOON) -> bool:
    """Whether the person can end the binding now."""
    with stage.refusing():
        leave(stage.session, live_binding(stage.session, person_id), now)
    return live_binding(stage.session, person_id) is None


def test_it_lasts_while_a_declaration_is_under_way_there(stage: Stage):
    """A draft can be moved to another unit, what was submitted waits for this one."""
    me = stage.applicant()
    declaration = stage.submit(me, stage.draft(me))
    with pytest.raises(NotAllowed, match=UNDER_WAY):
        left(stage, me.person_id)
    stage.bounce(declaration)
    with pytest.raises(NotAllowed, match=UNDER_WAY):
        left(stage, me.person_id)
    assert live_binding(stage.session, me.person_id).state == BindingState.BOUND


def test_a_draft_and_what_is_over_hold_nobody(stage: Stage):
    draft = stage.applicant("李大伟")
    stage.draft(draft)
    over = stage.submitted("赵一")
    stage.act(stage.holder(over), over, Action.TERMINATE, opinion="条件不符")
    assert left(stage, draft.person_id) and left(stage, over.person_id)


def test_nobody_waits_for_a_unit_that_cannot_act_any_more(stage: Stage):
    late = stage.submitted()
    with pytest.raises(NotAllowed, match=UNDER_WAY):
        left(stage, late.person_id, AUDIT_END - SECOND)
    assert left(stage, late.person_id, AUDIT_END)
    above = stage.climb(stage.submitted("李大伟"))
    with pytest.raises(NotAllowed, match=UNDER_WAY):
        left(stage, above.person_id, AUDIT_END)


def test_what_was_returned_for_its_unit_is_moved_to_another(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "basic_info")
    assert left(stage, declaration.person_id)
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    stage.bind(declaration.person_id, "勘测院")
    rebind(stage.session, declaration, me, NOON)
    stage.session.commit()
    assert stage.submit(me, declaration).unit.name == "勘测院"


def test_submitted_and_left_at_once(stage: Stage):
    me = stage.applicant()
    id_, person = stage.draft(me).id, me.person_id
    decision = Decision(Action.SUBMIT, pledged=True)
    at_once(
        stage,
        lambda session: carry_out(session, stage.codes, decision, id_, me, NOON).status,
        lambda session: leave(session, live_binding(session, person), NOON),
    )
    submitted = stage.session.get(Declaration, id_).status == Status.SUBMITTED
    assert submitted == (live_binding(stage.session, person) is not None)
