"""The life of a declaration, from the first submission to the last office."""

import pytest
from sqlalchemy import func, select

from models.acts import carry_out, check_version, lock, lock_many, open_step, save_marks
from models.declaration import Declaration, Progress, Step, Submission, Verdict
from models.permissions import Actor, Role, may_edit
from models.sections import SECTIONS
from models.words import BadInput, Forbidden, NotAllowed, NotFound, Stale
from models.workflow import Action, Decision, Mark
from tests.models.stage import AUDIT_END, DECLARE_END, NOON, RIGHT, SECOND, Stage, build, wrong

pytestmark = pytest.mark.world(build=build)


def standing(declaration):
    return declaration.status, declaration.current, declaration.round


def test_the_first_submission(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    assert (standing(draft), draft.declare_no, stage.states(draft)) == (
        ("DRAFT", None, 0),
        None,
        [],
    )
    before = draft.version
    stage.submit(actor, draft)
    assert standing(draft) == ("SUBMITTED", 1, 1)
    assert draft.version == before + 1
    assert (draft.updated_by, draft.updated_at, draft.submitted_at) == ("王小明", NOON, NOON)
    assert draft.declare_no == "202622010205000001"
    copied = (draft.series, draft.level, draft.title_code, draft.specialty, draft.category)
    assert copied == ("05", "2", "05012", "水利工程", "01")
    assert stage.states(draft) == [
        (1, "水利院", "PENDING", 1),
        (2, "宽城区人社局", "AHEAD", 0),
        (3, "评委会办公室", "AHEAD", 0),
    ]
    assert [step.arrived_at for step in draft.steps] == [NOON, None, None]
    assert stage.told(draft) == [("王小明", "SUBMIT")]


def test_who_was_refused_left_nothing(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    noted, before = stage.noted(), draft.version
    with pytest.raises(NotAllowed, match="请先阅读并勾选承诺。"):
        stage.act(actor, draft, Action.SUBMIT)
    with pytest.raises(NotAllowed, match="现在不在申报时间内，不能提交。"):
        stage.submit(actor, draft, now=DECLARE_END)
    stage.session.delete(draft.work[0])
    stage.session.commit()
    with pytest.raises(NotAllowed, match="数据验证还有 1 项没有通过，请逐项修改。"):
        stage.submit(actor, draft)
    assert (standing(draft), draft.version) == (("DRAFT", None, 0), before)
    assert (stage.noted(), stage.told(draft)) == (noted, [])
    assert stage.session.scalars(select(Submission)).all() == []


def test_it_climbs_office_by_office_to_the_final_pass(stage: Stage):
    declaration = stage.submitted()
    with pytest.raises(NotAllowed, match="只有最后一级审核机构可以作“终审通过”。"):
        stage.act(stage.holder(declaration), declaration, Action.PASS, marks=RIGHT)
    stage.climb(declaration)
    assert stage.states(declaration) == [
        (1, "水利院", "SENT", 1),
        (2, "宽城区人社局", "PENDING", 1),
        (3, "评委会办公室", "AHEAD", 0),
    ]
    stage.climb(declaration)
    stage.act(stage.holder(declaration), declaration, Action.PASS, marks=RIGHT, opinion="通过")
    assert standing(declaration) == ("PASSED", 3, 1)
    assert stage.states(declaration) == [
        (1, "水利院", "SENT", 1),
        (2, "宽城区人社局", "SENT", 1),
        (3, "评委会办公室", "PASSED", 1),
    ]
    assert stage.told(declaration) == [
        ("王小明", "SUBMIT"),
        ("水利院经办", "APPROVE"),
        ("水利院经办", "SEND"),
        ("宽城区人社局经办", "APPROVE"),
        ("宽城区人社局经办", "SEND"),
        ("评委会办公室经办", "PASS"),
    ]
    with pytest.raises(NotAllowed, match="这份申报现在是“终审通过”，不能审核不通过终止审核。"):
        stage.act(stage.holder(declaration), declaration, Action.TERMINATE, opinion="迟了")


def editable(stage: Stage, declaration) -> list[str]:
    me = Actor(Role.APPLICANT, "p", "王小明", person_id=declaration.person_id)
    return [section.key for section in SECTIONS if may_edit(me, declaration, section.key)]


def mine(declaration) -> Actor:
    name = declaration.person.name
    return Actor(Role.APPLICANT, "p", name, person_id=declaration.person_id)


def test_the_applicant_mends_what_is_marked_and_it_comes_back_to_that_office(stage: Stage):
    declaration = stage.climb(stage.submitted())
    assert editable(stage, declaration) == []
    stage.bounce(declaration, "paper", "education")
    assert standing(declaration) == ("RETURNED", None, 1)
    assert editable(stage, declaration) == ["education", "paper"]
    line = declaration.progress[-1]
    assert (line.action, line.faults, line.opinion, line.office.name) == (
        "RETURN",
        ["education", "paper"],
        "请修改",
        "宽城区人社局",
    )
    stage.submit(mine(declaration), declaration, now=AUDIT_END + SECOND)
    assert standing(declaration) == ("SUBMITTED", 2, 2)
    assert editable(stage, declaration) == []
    assert stage.states(declaration) == [
        (1, "水利院", "SENT", 1),
        (2, "宽城区人社局", "PENDING", 2),
        (3, "评委会办公室", "AHEAD", 0),
    ]
    step = declaration.step
    assert (step.judged(), step.faulted, step.opinion) == ({}, frozenset(), "")
    assert {key for key, verdict in step.judged(1).items() if verdict.wrong} == {
        "education",
        "paper",
    }
    assert declaration.declare_no == "202622010205000001"


def test_only_the_last_return_opens_sections(stage: Stage):
    declaration = stage.submitted()
    stage.bounce(declaration, "paper")
    stage.submit(mine(declaration), declaration)
    stage.bounce(declaration, "award")
    assert editable(stage, declaration) == ["award"]


def test_the_unit_may_not_wait_for_a_resubmission_after_its_window(stage: Stage):
    declaration = stage.submitted()
    stage.bounce(declaration, now=AUDIT_END - SECOND)
    with pytest.raises(NotAllowed, match="推荐单位的审核时间已经结束，不能再提交。"):
        stage.submit(mine(declaration), declaration, now=AUDIT_END)
    stage.submit(mine(declaration), declaration, now=AUDIT_END - SECOND)
    assert standing(declaration) == ("SUBMITTED", 1, 2)


def test_handed_back_it_climbs_again(stage: Stage):
    declaration = stage.climb(stage.submitted(), 2)
    top = stage.holder(declaration)
    first = [step.batch_id for step in declaration.steps]
    asked = {"target": 1, "opinion": "请核实公示", "marks": {"paper": Mark(True)}}
    stage.act(top, declaration, Action.HAND_BACK, **asked)
    assert standing(declaration) == ("SUBMITTED", 1, 1)
    assert editable(stage, declaration) == []
    assert stage.states(declaration) == [
        (1, "水利院", "RETURNED_IN", 2),
        (2, "宽城区人社局", "AHEAD", 1),
        (3, "评委会办公室", "AHEAD", 1),
    ]
    assert [step.batch_id for step in declaration.steps] == [None, None, None]
    for office in ("水利院", "宽城区人社局", "评委会办公室"):
        assert lock(stage.session, declaration.id, stage.agent(office)) is declaration
    line = declaration.progress[-1]
    assert (line.office.name, line.target.name, line.faults) == ("评委会办公室", "水利院", [])
    stage.climb(declaration, 2)
    assert stage.states(declaration) == [
        (1, "水利院", "SENT", 2),
        (2, "宽城区人社局", "SENT", 2),
        (3, "评委会办公室", "PENDING", 2),
    ]
    again = [step.batch_id for step in declaration.steps]
    assert None not in again[:2] and not set(first[:2]) & set(again[:2])


def test_who_was_handed_it_may_return_it_and_gets_it_again(stage: Stage):
    declaration = stage.climb(stage.submitted(), 2)
    stage.act(stage.holder(declaration), declaration, Action.HAND_BACK, target=2, opinion="核实")
    stage.bounce(declaration, "award")
    assert editable(stage, declaration) == ["award"]
    stage.submit(mine(declaration), declaration)
    assert stage.states(declaration) == [
        (1, "水利院", "SENT", 1),
        (2, "宽城区人社局", "PENDING", 3),
        (3, "评委会办公室", "AHEAD", 1),
    ]


def test_handed_back_after_the_window_the_unit_can_still_act(stage: Stage):
    declaration = stage.climb(stage.submitted())
    later = AUDIT_END + SECOND
    top = stage.holder(declaration)
    stage.act(top, declaration, Action.HAND_BACK, later, target=1, opinion="核实")
    unit = stage.holder(declaration)
    stage.act(unit, declaration, Action.APPROVE, later, marks=RIGHT)
    stage.send([declaration], now=later)
    assert standing(declaration) == ("SUBMITTED", 2, 1)


def test_by_the_policy_restart_the_unit_begins_again(stage: Stage):
    stage.notice.resubmit_policy = "restart"
    stage.session.commit()
    declaration = stage.climb(stage.submitted(), 2)
    stage.bounce(declaration)
    stage.submit(mine(declaration), declaration)
    assert standing(declaration) == ("SUBMITTED", 1, 2)
    assert stage.states(declaration) == [
        (1, "水利院", "PENDING", 2),
        (2, "宽城区人社局", "AHEAD", 1),
        (3, "评委会办公室", "AHEAD", 1),
    ]
    stage.climb(declaration, 2)
    assert stage.states(declaration)[2] == (3, "评委会办公室", "PENDING", 2)


@pytest.mark.parametrize(
    "changes", [{"apply_level": "1", "apply_title_name": "05011"}, {"declare_category": "03"}]
)
def test_another_level_begins_again_and_another_category_does_not(stage: Stage, changes):
    declaration = stage.climb(stage.submitted())
    stage.bounce(declaration, "basic_info")
    for key, value in changes.items():
        setattr(declaration.basic_info[0], key, value)
    stage.session.commit()
    assert declaration.level == "2"
    stage.submit(mine(declaration), declaration)
    assert declaration.current == (1 if "apply_level" in changes else 2)
    assert declaration.level == changes.get("apply_level", "2")
    assert declaration.category == changes.get("declare_category", "01")


def test_terminated_it_is_over(stage: Stage):
    declaration = stage.submitted()
    stage.approve(declaration)
    stage.act(stage.holder(declaration), declaration, Action.TERMINATE, opinion="不符合条件")
    assert standing(declaration) == ("TERMINATED", 1, 1)
    assert declaration.step.opinion == "不符合条件"
    assert editable(stage, declaration) == []
    with pytest.raises(NotAllowed, match="这份申报现在是“审核不通过终止审核”，不能提交申报。"):
        stage.submit(mine(declaration), declaration)


def test_withdrawn_and_submitted_again(stage: Stage):
    declaration = stage.submitted()
    stage.act(mine(declaration), declaration, Action.WITHDRAW)
    assert (standing(declaration), stage.states(declaration)) == (("DRAFT", None, 1), [])
    assert len(editable(stage, declaration)) == 17
    with pytest.raises(NotFound):
        lock(stage.session, declaration.id, stage.agent("水利院"))
    stage.submit(mine(declaration), declaration)
    assert standing(declaration) == ("SUBMITTED", 1, 2)
    assert declaration.declare_no == "202622010205000001"
    assert stage.told(declaration) == [("王小明", a) for a in ("SUBMIT", "WITHDRAW", "SUBMIT")]
    rounds = select(Submission.round).order_by(Submission.round)
    assert stage.session.scalars(rounds).all() == [1, 2]


def test_what_the_unit_has_opened_is_not_withdrawn(stage: Stage):
    declaration = stage.submitted()
    before = declaration.version
    unit = stage.agent("水利院", "张三")
    for _ in range(2):
        open_step(stage.session, declaration.id, unit, NOON)
        stage.session.commit()
    step = declaration.step
    assert (step.opened_at, step.opened_by, declaration.version) == (NOON, "张三", before)
    assert stage.noted()[-2:] == [
        ("submit", "declaration", str(declaration.id)),
        ("open", "declaration", str(declaration.id)),
    ]
    with pytest.raises(NotAllowed, match="推荐单位已经打开您的申报"):
        stage.act(mine(declaration), declaration, Action.WITHDRAW)


@pytest.mark.parametrize("save", [True, False])
def test_who_judges_has_opened_it(stage: Stage, save):
    """The verdicts would go with the steps if it could be withdrawn (decisions 9)."""
    declaration, unit = stage.submitted(), stage.agent("水利院", "张三")
    if save:
        save_marks(stage.session, Decision(Action.APPROVE, marks=RIGHT), declaration.id, unit, NOON)
        stage.session.commit()
    else:
        stage.act(unit, declaration, Action.APPROVE, marks=RIGHT)
        stage.act(unit, declaration, Action.REOPEN)
    assert (declaration.step.state, declaration.step.opened_by) == ("PENDING", "张三")
    with pytest.raises(NotAllowed, match="推荐单位已经打开您的申报"):
        stage.act(mine(declaration), declaration, Action.WITHDRAW)


def not_of_the_unit(stage: Stage, declaration) -> dict[str, Actor]:
    office = stage.office("水利院").id
    return {
        "an upper office": stage.agent("宽城区人社局"),
        "the applicant": mine(declaration),
        "a data manager": Actor(Role.DATA_MANAGER, "d", "数据", office_id=office),
        "himself": Actor(Role.AGENT, "a", "本人", declaration.person_id, office),
    }


@pytest.mark.parametrize("who", ["an upper office", "the applicant", "a data manager", "himself"])
def test_only_an_agent_of_the_office_opens_and_marks(stage: Stage, who):
    declaration = stage.submitted()
    actor = not_of_the_unit(stage, declaration)[who]
    refusals = {"an upper office": NotFound}
    with pytest.raises(refusals.get(who, Forbidden)):
        save_marks(stage.session, Decision(Action.APPROVE), declaration.id, actor, NOON)
    stage.session.rollback()
    if who == "an upper office":
        with pytest.raises(NotFound):
            open_step(stage.session, declaration.id, actor, NOON)
    else:
        open_step(stage.session, declaration.id, actor, NOON)
    stage.session.commit()
    assert declaration.step.opened_at is None
    assert stage.noted()[-1][0] == "submit"


def test_marks_are_saved_without_deciding(stage: Stage):
    declaration, unit = stage.submitted(), stage.agent("水利院")
    before = declaration.version

    def save(**decision):
        asked = Decision(Action.APPROVE, **decision)
        save_marks(stage.session, asked, declaration.id, unit, NOON)
        stage.session.commit()

    save(marks={"paper": Mark(True, "缺检索证明"), "award": Mark(False)}, opinion="先看")
    save(marks={"paper": Mark(False), "patent": Mark(True, "过期")}, opinion="再看")
    step = declaration.step
    kept = {key: (verdict.wrong, verdict.note) for key, verdict in step.judged().items()}
    assert kept == {"paper": (False, ""), "award": (False, ""), "patent": (True, "过期")}
    assert (step.state, step.opinion, step.decided_at) == ("PENDING", "再看", None)
    assert declaration.version == before + 2
    assert [act for act, _, _ in stage.noted()][-2:] == ["marks", "marks"]
    assert stage.told(declaration) == [("王小明", "SUBMIT")]


@pytest.mark.parametrize(
    ("prepare", "now", "refusal"),
    [
        (lambda stage, d: stage.approve(d), NOON, "这份申报现在不在待审状态，不能再改审核记录。"),
        (lambda stage, d: None, AUDIT_END, "现在不在单位审核时间内。"),
    ],
)
def test_marks_are_kept_from_change(stage: Stage, prepare, now, refusal):
    declaration = stage.submitted()
    prepare(stage, declaration)
    asked = Decision(Action.APPROVE, marks={"paper": Mark(True)})
    with pytest.raises(NotAllowed, match=refusal):
        save_marks(stage.session, asked, declaration.id, stage.agent("水利院"), now)


def test_a_mark_must_name_a_section(stage: Stage):
    declaration = stage.submitted()
    asked = {"marks": {"paper": Mark(True), "salary": Mark(True)}, "opinion": "改"}
    with pytest.raises(BadInput, match="审核记录中有不存在的模块，请刷新页面后再审。"):
        stage.act(stage.holder(declaration), declaration, Action.RETURN, **asked)
    assert stage.session.scalar(select(func.count()).select_from(Verdict)) == 0


def test_the_opinion_outlives_reopening_and_sending(stage: Stage):
    declaration = stage.submitted()
    unit = stage.holder(declaration)
    stage.approve(declaration)
    stage.act(unit, declaration, Action.REOPEN)
    assert (declaration.step.state, declaration.step.opinion) == ("PENDING", "同意推荐")
    assert set(declaration.step.judged()) == set(RIGHT)
    stage.climb(declaration)
    assert declaration.steps[0].opinion == "同意推荐"


def test_verdicts_are_kept_for_every_round(stage: Stage):
    declaration = stage.submitted()
    for keys in (["paper"], ["award"]):
        stage.bounce(declaration, *keys)
        stage.submit(mine(declaration), declaration)
    stage.climb(declaration)
    rows = stage.session.scalars(select(Verdict)).all()
    kept = {n: {v.section for v in rows if v.round == n and v.wrong} for n in (1, 2, 3)}
    assert (kept, len(rows)) == ({1: {"paper"}, 2: {"award"}, 3: set()}, 3 * 17)


def test_two_agents_and_one_declaration(stage: Stage):
    declaration = stage.submitted()
    seen = declaration.version
    first, second = stage.agent("水利院", "张三"), stage.agent("水利院", "李四")
    stage.act(first, declaration, Action.APPROVE, marks=RIGHT, version=seen)
    words = "张三已于 03-20 12:00:00 处理了这份申报，您看到的内容已经过时。请重新打开后再办理。"
    for action in (Action.APPROVE, Action.RETURN):
        with pytest.raises(Stale) as refused:
            stage.act(second, declaration, action, marks=wrong("paper"), opinion="改", version=seen)
        assert str(refused.value) == words
    with pytest.raises(Stale):
        save_marks(
            stage.session, Decision(Action.APPROVE, version=seen), declaration.id, second, NOON
        )
    stage.session.rollback()
    assert stage.told(declaration)[-1] == ("张三", "APPROVE")


def test_a_version_that_nobody_saw_is_not_compared():
    moved_on = Declaration(version=7, updated_by="张三", updated_at=NOON)
    other, himself = Actor(Role.AGENT, "l", "李四"), Actor(Role.AGENT, "z", "张三")
    check_version(moved_on, None, other)
    check_version(moved_on, 7, other)
    with pytest.raises(Stale, match="^张三已于 03-20 12:00:00 处理了这份申报"):
        check_version(moved_on, 6, other)
    with pytest.raises(Stale, match="^您已于 03-20 12:00:00 在别的窗口处理了这份申报"):
        check_version(moved_on, 6, himself)


def test_every_transition_counts_one_version(stage: Stage):
    declaration = stage.submitted()
    counted = [declaration.version]

    def count():
        counted.append(declaration.version)

    stage.bounce(declaration), count()
    stage.submit(mine(declaration), declaration), count()
    stage.approve(declaration), count()
    stage.send([declaration]), count()
    stage.act(stage.holder(declaration), declaration, Action.HAND_BACK, target=1, opinion="核实")
    count()
    stage.bounce(declaration, "basic_info"), count()
    stage.bind(declaration.person_id, "勘测院")
    declaration.unit = stage.office("勘测院")
    declaration.work[0].unit_name = "勘测院"
    stage.session.commit()
    count()
    stage.submit(mine(declaration), declaration), count()
    assert counted == list(range(counted[0], counted[0] + 9))


def test_a_lock_sees_what_others_did_meanwhile(stage: Stage):
    """What the session had read before is not what it decides on."""
    declaration = stage.submitted()
    id_, unit = declaration.id, stage.agent("水利院")
    stage.session.commit()
    with stage.sessions(expire_on_commit=False) as other:
        stale = other.get(Declaration, id_)
        step = stale.step
        assert (step.state, step.judged(), stale.basic_info[0].nation) == ("PENDING", {}, "01")
        other.commit()
        declaration.basic_info[0].nation = "02"
        stage.session.commit()
        stage.bounce(declaration, "paper")
        with pytest.raises(Forbidden, match="这份申报现在不在您这里，不能审核通过。"):
            asked = Decision(Action.APPROVE, marks=RIGHT)
            carry_out(other, stage.codes, asked, id_, unit, NOON)
        assert (step.state, step.faulted) == ("RETURNED_OUT", {"paper"})
        assert stale.basic_info[0].nation == "02"


def test_a_lock_keeps_what_was_written_before_it(stage: Stage):
    declaration = stage.submitted()
    declaration.work[0].post = "主任工程师"
    lock(stage.session, declaration.id, mine(declaration))
    stage.session.commit()
    assert declaration.work[0].post == "主任工程师"


def test_many_are_locked_in_order_and_none_that_is_foreign(stage: Stage):
    ours = [stage.submitted(name) for name in ("甲", "乙")]
    other = stage.applicant("丙", "勘测院")
    foreign = stage.submit(other, stage.draft(other))
    ids = [foreign.id, ours[1].id, ours[0].id, 999]
    found = lock_many(stage.session, ids, stage.agent("水利院"))
    assert list(found) == [ours[0].id, ours[1].id]
    assert lock_many(stage.session, ids, Actor(Role.AGENT)) == {}
    with pytest.raises(NotFound, match="没有找到这份申报，或者它不在您的办理范围内。"):
        lock(stage.session, foreign.id, stage.agent("水利院"))


def test_every_act_leaves_its_line(stage: Stage):
    declaration = stage.climb(stage.submitted())
    stage.act(stage.holder(declaration), declaration, Action.HAND_BACK, target=1, opinion="核实")
    stage.bounce(declaration)
    stage.submit(mine(declaration), declaration)
    stage.climb(declaration, 2)
    stage.act(stage.holder(declaration), declaration, Action.PASS, marks=RIGHT)
    one = str(declaration.id)
    acts = [act for act, kind, id_ in stage.noted() if (kind, id_) == ("declaration", one)]
    assert acts == [
        "start", "submit", "approve", "send", "hand_back", "return", "submit",
        "approve", "send", "approve", "send", "pass",
    ]  # fmt: skip
    assert list(stage.journal.verify(stage.session)) == []
    told = [action.lower() for _, action in stage.told(declaration)]
    assert ["start", *told] == acts


def test_steps_and_lines_are_of_one_declaration(stage: Stage):
    """Nothing of another declaration moves."""
    other = stage.submitted("旁人")
    before = stage.states(other), stage.told(other), other.version
    declaration = stage.climb(stage.submitted())
    stage.bounce(declaration)
    assert (stage.states(other), stage.told(other), other.version) == before
    count = select(func.count()).select_from(Step)
    assert stage.session.scalar(count) == 6
    assert stage.session.scalar(select(func.count()).select_from(Progress)) == 5
