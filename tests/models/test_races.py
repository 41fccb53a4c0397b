"""Several at once: threads that start together, each with a connection of its own."""

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.acts import carry_out, case_of, lock
from models.batch import Batch, draw
from models.binding import Binding, answer, ask, end, live_binding
from models.bulk import NotSendable, open_batch, send
from models.confirming import act, confirm
from models.constraints import sentence_of
from models.declaration import Declaration, Step, Submission
from models.filing import start
from models.handover import Agent, hand_over
from models.journal import note
from models.notice import Notice
from models.offices import Office
from models.permissions import Actor, Role, may_edit
from models.proposal import Proposal
from models.reach import register
from models.rules import OneOnly
from models.sections import BY_KEY
from models.sections.paper import Paper
from models.words import Forbidden, NotAllowed, Stale
from models.workflow import Action, Decision, Mark
from tests.models.stage import NOON, RIGHT, Stage, at_once, build, wrong

pytestmark = pytest.mark.world(build=build)

OUTDATED = "您看到的内容已经过时。请重新打开后再办理。"


def said(answers: list) -> Counter:
    """How often each kind of refusal with its sentence came; "" where there was none."""

    def one(answer) -> tuple[str, str]:
        if isinstance(answer, IntegrityError):
            return "IntegrityError", str(sentence_of(answer))
        if isinstance(answer, Exception):
            return type(answer).__name__, str(answer)
        return "", ""

    return Counter(map(one, answers))


def whole(stage: Stage) -> bool:
    return list(stage.journal.verify(stage.session)) == []


def deciding(stage: Stage, action: Action, id_: int, actor: Actor, **decision):
    asked = Decision(action, **decision)
    return lambda session: carry_out(session, stage.codes, asked, id_, actor, NOON).status


@pytest.mark.parametrize("seen", [True, False])
def test_twenty_submissions_of_one_declaration_are_one(stage: Stage, seen):
    actor = stage.applicant()
    draft = stage.draft(actor)
    version = draft.version if seen else None
    submit = deciding(stage, Action.SUBMIT, draft.id, actor, pledged=True, version=version)
    refusals = {
        True: (
            "Stale",
            "您已于 03-20 12:00:00 在别的窗口处理了这份申报，本页的内容已经过时。请重新打开。",
        ),
        False: ("NotAllowed", "这份申报现在是“已申报”，不能提交申报。"),
    }
    assert said(at_once(stage, *[submit] * 20)) == {("", ""): 1, refusals[seen]: 19}
    assert stage.session.scalars(select(Submission.round)).all() == [1]
    assert (draft.round, draft.declare_no) == (1, "202622010205000001")
    assert stage.told(draft) == [("王小明", "SUBMIT")]
    assert len(stage.states(draft)) == 3 and whole(stage)


@pytest.mark.parametrize("rivals", [2, 10])
def test_who_decides_second_is_told_who_was_first(stage: Stage, rivals):
    declaration = stage.submitted()
    agents = [stage.agent("水利院", f"经办{number}") for number in range(rivals)]
    asked = {"marks": wrong("paper"), "opinion": "请修改", "version": declaration.version}
    works = [deciding(stage, Action.RETURN, declaration.id, agent, **asked) for agent in agents]
    answers = at_once(stage, *works)
    assert answers.count("RETURNED") == 1
    winner = agents[answers.index("RETURNED")].name
    losers = [answer for answer in answers if answer != "RETURNED"]
    assert [type(answer) for answer in losers] == [Stale] * (rivals - 1)
    assert all(str(answer).startswith(f"{winner}已于 03-20 12:00:00 处理了") for answer in losers)
    assert stage.told(declaration)[1:] == [(winner, "RETURN")]


def test_different_decisions_at_once_leave_one(stage: Stage):
    declaration = stage.submitted()
    unit, id_ = stage.agent("水利院"), declaration.id
    answers = at_once(
        stage,
        deciding(stage, Action.APPROVE, id_, unit, marks=RIGHT),
        deciding(stage, Action.RETURN, id_, unit, marks=wrong("paper"), opinion="改"),
        deciding(stage, Action.TERMINATE, id_, unit, opinion="不符合"),
    )
    acts = [act for _, act in stage.told(declaration)][1:]
    ends = {"RETURNED": "RETURN", "TERMINATED": "TERMINATE", "SUBMITTED": "APPROVE"}
    done = [ends[answer] for answer in answers if isinstance(answer, str)]
    assert sorted(acts) == sorted(done)
    # What is approved may still be returned or terminated; nothing follows on those two.
    assert acts in (
        ["RETURN"],
        ["TERMINATE"],
        ["APPROVE", "RETURN"],
        ["APPROVE", "TERMINATE"],
    )
    assert declaration.status == {"RETURN": "RETURNED"}.get(acts[-1], "TERMINATED")


def vetted(stage: Stage, count: int) -> list[int]:
    """Declarations that wait to be sent, without any content: nobody reads it here."""
    chain = [stage.office(name) for name in ("水利院", "宽城区人社局", "评委会办公室")]
    base = stage.session.scalar(select(func.count()).select_from(Declaration))
    made = []
    for number in range(base, base + count):
        declaration = Declaration(
            notice=stage.notice, person_id=stage.applicant(f"人{number}").person_id,
            unit=chain[0], created_at=NOON, status="SUBMITTED", current=1, round=1,
            declare_no=f"no{number}", submitted_at=NOON,
        )  # fmt: skip
        for place, office in enumerate(chain, 1):
            here = {"state": "VETTED", "round": 1, "arrived_at": NOON, "decided_at": NOON}
            state = here if place == 1 else {"state": "AHEAD"}
            step = Step(position=place, office=office, notice_id=stage.notice.id, **state)
            declaration.steps.append(step)
        stage.session.add(declaration)
        made.append(declaration)
    stage.session.flush()
    ids = [declaration.id for declaration in made]
    register(stage.session, ids)
    stage.session.commit()
    return ids


def counted(stage: Stage) -> Counter:
    rows = select(Step.position, Step.state, func.count()).where(Step.state != "AHEAD")
    grouped = rows.group_by(Step.position, Step.state)
    return Counter({(place, state): n for place, state, n in stage.session.execute(grouped)})


def test_fifty_are_sent_while_one_is_returned(stage: Stage):
    unit, uid = stage.agent("水利院"), stage.collect(stage.agent("水利院"))
    ids = vetted(stage, 50)
    back = {"marks": wrong("paper"), "opinion": "等一下"}
    sent, returned = at_once(
        stage,
        lambda session: send(session, uid, ids, unit, NOON).batch.count,
        deciding(stage, Action.RETURN, ids[25], unit, **back),
    )
    if sent == 50:
        assert (type(returned), str(returned)) == (
            Forbidden,
            "这份申报现在不在您这里，不能退回申报人修改。",
        )
        assert counted(stage) == {(1, "SENT"): 50, (2, "PENDING"): 50}
    else:
        assert (type(sent), returned) == (NotSendable, "RETURNED")
        reasons = {id_: str(words) for id_, words in sent.reasons.items()}
        assert reasons == {ids[25]: "这份申报现在不在您这里，不能送审。"}
        assert counted(stage) == {(1, "VETTED"): 49, (1, "RETURNED_OUT"): 1}
    assert whole(stage)


def test_a_double_click_sends_once(stage: Stage):
    unit, uid = stage.agent("水利院"), stage.collect(stage.agent("水利院"))
    ids = vetted(stage, 10)

    def work(session):
        sent = send(session, uid, ids, unit, NOON)
        return sent.again, sent.batch.number

    answers = at_once(stage, *[work] * 5)
    assert sorted(again for again, _ in answers) == [False, True, True, True, True]
    assert len({number for _, number in answers}) == 1
    assert counted(stage) == {(1, "SENT"): 10, (2, "PENDING"): 10}
    acts = Counter(act for act, _, _ in stage.noted())
    assert (acts["send"], acts["batch"]) == (10, 1)


def test_two_batches_with_the_same_declarations(stage: Stage):
    """Two offices cannot; two notices cannot: so the second batch is one made afterwards."""
    unit, ids = stage.agent("水利院"), vetted(stage, 10)
    first = stage.collect(unit)
    halves = [ids[:6], ids[4:]]
    answers = at_once(
        stage, *(lambda s, half=half: send(s, first, half, unit, NOON).again for half in halves)
    )
    assert sorted(answers) == [False, True]
    assert counted(stage)[1, "SENT"] == 6


def test_one_batch_collects_what_two_agents_upload(stage: Stage):
    unit, notice = stage.agent("水利院"), stage.notice.id
    answers = at_once(stage, *[lambda s: open_batch(s, notice, unit, NOON).uid] * 10)
    assert len(set(answers)) == 1
    assert stage.session.scalar(select(func.count()).select_from(Batch)) == 1


def choose(declaration_id: int, uid: str, actor: Actor):
    """Make one paper the representative one, as the form does (decisions 11)."""

    def work(session: Session) -> str:
        declaration = lock(session, declaration_id, actor)
        for paper in declaration.paper:
            if paper.uid != uid:
                paper.is_representative = False
        session.flush()
        mine = next(paper for paper in declaration.paper if paper.uid == uid)
        mine.is_representative = True
        return uid

    return work


def papers(stage: Stage, actor: Actor, count: int) -> tuple[Declaration, list[str]]:
    draft = stage.draft(actor)
    columns = [c.key for c in Paper.__table__.columns if c.key not in ("id", "uid")]
    model = {key: getattr(draft.paper[1], key) for key in columns}
    draft.paper.extend(Paper(**model) for _ in range(count - 2))
    stage.session.commit()
    return draft, [paper.uid for paper in draft.paper]


def test_twenty_writers_of_the_representative_paper(stage: Stage):
    actor = stage.applicant()
    draft, uids = papers(stage, actor, 20)
    answers = at_once(stage, *(choose(draft.id, uid, actor) for uid in uids))
    assert answers == uids
    (rule,) = [rule for rule in BY_KEY["paper"].rules if isinstance(rule, OneOnly)]
    case = case_of(stage.session, draft, stage.codes, NOON)
    siblings = tuple(draft.paper)
    assert len(rule.chosen(type(case)(draft, stage.codes, case.today, siblings))) == 1


def test_without_the_lock_the_index_still_holds(stage: Stage):
    actor = stage.applicant()
    draft, uids = papers(stage, actor, 10)
    draft.paper[0].is_representative = False
    stage.session.commit()

    def careless(uid: str):
        def work(session: Session) -> str:
            session.scalars(select(Paper).where(Paper.uid == uid)).one().is_representative = True
            return ""

        return work

    words = "代表性论文著作只能有一篇，请刷新后再选。"
    answers = at_once(stage, *map(careless, uids))
    assert said(answers) == {("", ""): 1, ("IntegrityError", words): 9}


def test_what_is_saved_while_it_is_submitted_is_in_or_refused(stage: Stage):
    """Never is a change lost, and never does one reach what was submitted afterwards."""
    actor = stage.applicant()
    draft = stage.draft(actor)
    id_, uid = draft.id, draft.paper[0].uid

    def save(session: Session) -> str:
        declaration = lock(session, id_, actor)
        if not may_edit(actor, declaration, "paper"):
            return "refused"
        declaration.paper[0].title = "改过的题目"
        return "saved"

    saved, _ = at_once(stage, save, deciding(stage, Action.SUBMIT, id_, actor, pledged=True))
    content = stage.session.scalars(select(Submission.content)).one()
    frozen = {r["uid"]: r["values"]["title"] for r in content["sections"]["paper"]["records"]}
    now = stage.session.scalars(select(Paper.title).where(Paper.uid == uid)).one()
    assert frozen[uid] == now
    assert (now == "改过的题目") == (saved == "saved")


def test_numbers_come_once_each_and_without_gaps(stage: Stage):
    def work(keep: bool):
        def drawn(session: Session) -> list[int]:
            numbers = [draw(session, "2026220102"), draw(session, "2026220102")]
            if not keep:
                raise NotAllowed("rolled back")
            return numbers

        return drawn

    answers = at_once(stage, *(work(number % 4 > 0) for number in range(20)))
    kept = [answer for answer in answers if isinstance(answer, list)]
    assert len(kept) == 15
    assert sorted(n for pair in kept for n in pair) == list(range(1, 31))
    assert all(second == first + 1 for first, second in kept)
    assert draw(stage.session, "2026220102") == 31
    assert draw(stage.session, "another") == 1


def test_declarations_submitted_at_once_are_numbered_one_after_the_other(stage: Stage):
    actors = [stage.applicant(f"人{number}") for number in range(5)]
    drafts = [stage.draft(actor) for actor in actors]
    pairs = zip(actors, drafts, strict=True)
    submits = [deciding(stage, Action.SUBMIT, d.id, a, pledged=True) for a, d in pairs]
    assert at_once(stage, *submits) == ["SUBMITTED"] * 5
    numbers = sorted(draft.declare_no for draft in drafts)
    assert numbers == [f"202622010205{number:06d}" for number in range(1, 6)]


def test_twenty_drafts_of_one_notice_are_one(stage: Stage):
    actor, notice = stage.applicant(), stage.notice.id

    def work(session: Session) -> str:
        return start(session, session.get(Notice, notice), actor, NOON).status

    words = "您已经按这个通知开始申报，请在“我的申报”中继续。"
    answers = said(at_once(stage, *[work] * 20))
    refused = answers[("NotAllowed", words)] + answers[("IntegrityError", words)]
    assert (answers[("", "")], refused) == (1, 19)


def test_the_first_lines_of_the_journal(stage: Stage):
    def work(number: int):
        return lambda session: note(session, "a", "open", "declaration", number, at=number)

    at_once(stage, *map(work, range(20)))
    assert sorted(int(id_) for _, _, id_ in stage.noted()) == list(range(20))
    assert whole(stage)


def live(stage: Stage, person_id: int) -> list[str]:
    wanted = (Binding.person_id == person_id, Binding.state.in_(("REQUESTED", "BOUND")))
    return [binding.unit.name for binding in stage.session.scalars(select(Binding).where(*wanted))]


def test_two_units_asked_at_once_are_one(stage: Stage):
    person = stage.applicant().person_id
    end(live_binding(stage.session, person), NOON)
    units = [stage.office(name).id for name in ("水利院", "勘测院")] * 5
    answers = at_once(
        stage, *(lambda s, id_=id_: ask(s, person, s.get(Office, id_), NOON).state for id_ in units)
    )
    (unit,) = live(stage, person)
    refusals = said(answers)
    assert refusals.pop(("", "")) == 1
    assert set(refusals) <= {
        ("IntegrityError", "您已绑定或已申请绑定一个推荐单位，请先解除绑定。"),
        (
            "NotAllowed",
            f"您已绑定或已申请绑定{unit}。一人只能绑定一个推荐单位，请先解除绑定。",
        ),
    }


def test_unbound_and_bound_anew_in_two_windows(stage: Stage):
    person = stage.applicant().person_id
    other, own = stage.office("勘测院").id, stage.office("水利院").id

    def move(unit: int):
        def work(session: Session) -> str:
            end(live_binding(session, person), NOON)
            return ask(session, person, session.get(Office, unit), NOON).state

        return work

    answers = at_once(stage, move(other), move(own))
    first, second = sorted(answers, key=lambda answer: isinstance(answer, Exception))
    assert first == "REQUESTED"
    # On SQLite the second one begins after the first and finds its request to end.
    assert second == "REQUESTED" or str(second) == "这条绑定已经结束了。"
    assert len(live(stage, person)) == 1


def test_agreed_and_taken_back_at_once(stage: Stage):
    person = stage.applicant().person_id
    end(live_binding(stage.session, person), NOON)
    id_ = ask(stage.session, person, stage.office("水利院"), NOON).id
    answers = at_once(
        stage,
        lambda session: answer(session.get(Binding, id_), True, "", "张三", NOON),
        lambda session: end(session.get(Binding, id_), NOON),
    )
    binding = stage.session.get(Binding, id_)
    assert (binding.state, answers[1]) == ("ENDED", None)
    assert answers[0] is None or str(answers[0]) == (
        "这条申请已于 03-20 12:00:00 由申报人处理：已解除。"
    )
    assert bool(binding.decided_by) == (answers[0] is None)


def test_verdicts_of_two_agents_do_not_mix(stage: Stage):
    """Both judge the same step; what stands at the end is of one of them."""
    declaration = stage.submitted()
    version = declaration.version
    works = []
    for number, keys in enumerate((["paper", "award"], ["education", "patent"])):
        marks = {key: Mark(key in keys) for key in RIGHT}
        asked = {"marks": marks, "opinion": f"意见{number}", "version": version}
        agent = stage.agent("水利院", f"经办{number}")
        works.append(deciding(stage, Action.RETURN, declaration.id, agent, **asked))
    answers = at_once(stage, *works)
    winner = answers.index("RETURNED")
    assert declaration.returner.faulted == [{"paper", "award"}, {"education", "patent"}][winner]
    assert declaration.returner.opinion == f"意见{winner}"


def test_confirmed_while_the_proposer_hands_over(stage: Stage):
    """Each is either confirmed and has ended, or taken back and has not."""
    unit, ids = stage.office("水利院"), []
    unit.four_eyes = True
    agent, leaver = stage.agent("水利院"), Agent(stage.agent("水利院").username, "水利院经办")
    for n in range(6):
        declaration = stage.submitted(f"申报{n}")
        ended = Decision(Action.TERMINATE, opinion="条件不符")
        ids.append(act(stage.session, stage.codes, ended, declaration.id, agent, NOON).id)
        stage.session.commit()
    heir, legal = Agent("heir", "李四"), Actor(Role.LEGAL, "legal", "法人", office_id=unit.id)
    checker = Actor(Role.CHECKER, "checker", "负责人", office_id=unit.id)
    office = unit.id
    answers = at_once(
        stage,
        lambda s: len(hand_over(s, office, leaver, heir, legal, NOON).proposals),
        *(lambda s, id_=id_: confirm(s, stage.codes, id_, agent, checker, NOON).id for id_ in ids),
    )
    made = {id_: stage.session.get(Proposal, id_) for id_ in ids}
    confirmed = [id_ for id_ in ids if made[id_].state == "CONFIRMED"]
    assert [id_ for id_ in answers[1:] if id_ in ids] == confirmed
    assert [i for i in ids if made[i].declaration.status == "TERMINATED"] == confirmed
    assert answers[0] == len(ids) - len(confirmed)
    assert whole(stage)
