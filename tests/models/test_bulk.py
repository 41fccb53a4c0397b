"""批量送审: one report, many declarations, all of them or none."""

import pytest
from sqlalchemy import func, select

from models.attachment import Attachment
from models.batch import Batch
from models.bulk import NotSendable, open_batch, reason_against, send
from models.declaration import Declaration, Step
from models.outbox import Message
from models.people import Person
from models.permissions import Actor, Role
from models.words import BadInput, NotAllowed, NotFound
from models.workflow import Action
from tests.models.stage import AUDIT_END, NOON, RIGHT, Stage, build
from tests.worlds.declarations import file_of

pytestmark = pytest.mark.world(build=build)


def vetted(stage: Stage, *names: str, unit: str = "水利院") -> list[Declaration]:
    """Declarations that wait with the unit to be sent."""
    made = []
    for name in names:
        actor = stage.applicant(name, unit)
        made.append(stage.submit(actor, stage.draft(actor)))
    stage.approve(*made)
    return made


def ids(declarations) -> list[int]:
    return [declaration.id for declaration in declarations]


def refused(stage: Stage, uid: str, wanted, actor: Actor, now=NOON) -> dict[int, str]:
    """The reasons why none was sent."""
    with pytest.raises(NotSendable) as refusal:
        send(stage.session, uid, wanted, actor, now)
    stage.session.rollback()
    reasons = {id_: str(words) for id_, words in refusal.value.reasons.items()}
    words = f"{len(reasons)} 份不能送审，一份也没有送出。请看每份的原因。"
    assert str(refusal.value) == words
    return reasons


def test_all_are_sent_with_one_batch(stage: Stage):
    chosen, left = vetted(stage, "甲", "乙"), vetted(stage, "丙")[0]
    unit, versions = stage.agent("水利院"), [d.version for d in chosen]
    uid = stage.collect(unit)
    sent = send(stage.session, uid, ids(chosen), unit, NOON)
    stage.session.commit()
    batch = sent.batch
    assert (sent.again, batch.count, batch.sent_by, batch.sent_at) == (False, 2, "水利院经办", NOON)
    assert (batch.office.name, batch.target.name) == ("水利院", "宽城区人社局")
    assert batch.number == f"2026{batch.office_id:06d}0001"
    for declaration, version in zip(chosen, versions, strict=True):
        assert stage.states(declaration)[:2] == [
            (1, "水利院", "SENT", 1),
            (2, "宽城区人社局", "PENDING", 1),
        ]
        below, above, _ = declaration.steps
        assert (below.batch_id, below.decided_at, below.opinion) == (batch.id, NOON, "同意推荐")
        assert (above.batch_id, above.arrived_at, above.opened_at) == (None, NOON, None)
        assert (declaration.status, declaration.current) == ("SUBMITTED", 2)
        assert (declaration.version, declaration.updated_by) == (version + 1, "水利院经办")
        line = declaration.progress[-1]
        assert (line.action, line.actor, line.batch_id) == ("SEND", "水利院经办", batch.id)
        assert (line.office.name, line.target.name) == ("水利院", "宽城区人社局")
    assert stage.states(left)[0] == (1, "水利院", "VETTED", 1)
    assert stage.noted()[-3:] == [
        ("send", "declaration", str(chosen[0].id)),
        ("send", "declaration", str(chosen[1].id)),
        ("batch", "batch", str(batch.id)),
    ]
    assert list(stage.journal.verify(stage.session)) == []


def test_a_second_click_finds_it_done(stage: Stage):
    chosen, unit = vetted(stage, "甲"), stage.agent("水利院")
    uid = stage.collect(unit)
    first = send(stage.session, uid, ids(chosen), unit, NOON).batch
    stage.session.commit()
    noted, states = stage.noted(), stage.states(chosen[0])
    again = send(stage.session, uid, ids(chosen), unit, NOON)
    stage.session.commit()
    assert (again.batch, again.again) == (first, True)
    assert (stage.noted(), stage.states(chosen[0])) == (noted, states)


def test_the_next_batch_of_an_office_has_the_next_number(stage: Stage):
    numbers = [stage.send(vetted(stage, name)).batch.number for name in "甲乙"]
    assert [number[-4:] for number in numbers] == ["0001", "0002"]
    assert stage.session.scalar(select(func.count()).select_from(Batch)) == 2


def test_one_open_batch_collects_the_reports(stage: Stage):
    unit = stage.agent("水利院")
    first = open_batch(stage.session, stage.notice.id, unit, NOON)
    assert open_batch(stage.session, stage.notice.id, unit, NOON) is first
    other = open_batch(stage.session, stage.notice.id, stage.agent("勘测院"), NOON)
    assert other is not first


def test_nothing_is_sent_without_a_report(stage: Stage):
    chosen, unit = vetted(stage, "甲"), stage.agent("水利院")
    words = "请先上传推荐报告或申报函。"
    uid = stage.collect(unit, reports=0)
    with pytest.raises(NotAllowed, match=words):
        send(stage.session, uid, ids(chosen), unit, NOON)
    stage.session.rollback()
    report = select(Attachment).where(Attachment.batch_id.is_not(None))
    stage.collect(unit)
    stage.session.scalars(report).one().removed_at = NOON
    stage.session.commit()
    with pytest.raises(NotAllowed, match=words):
        send(stage.session, uid, ids(chosen), unit, NOON)


def test_nothing_is_sent_where_nothing_is_chosen(stage: Stage):
    unit = stage.agent("水利院")
    uid = stage.collect(unit)
    with pytest.raises(BadInput, match="请先勾选要送审的申报。"):
        send(stage.session, uid, [], unit, NOON)


@pytest.mark.parametrize("who", ["宽城区人社局", "勘测院"])
def test_a_batch_belongs_to_its_office(stage: Stage, who):
    chosen, uid = vetted(stage, "甲"), stage.collect(stage.agent("水利院"))
    with pytest.raises(NotFound, match="没有找到这个批次，请从“批量送审”重新进入。"):
        send(stage.session, uid, ids(chosen), stage.agent(who), NOON)


def test_each_that_cannot_go_says_why_and_none_goes(stage: Stage):
    unit = stage.agent("水利院")
    good, bounced, waiting, own = vetted(stage, "甲", "乙", "丙", "丁")
    foreign = vetted(stage, "戊", unit="勘测院")[0]
    stage.bounce(bounced)
    stage.act(unit, waiting, Action.REOPEN)
    uid, noted = stage.collect(unit), stage.noted()
    me = Actor(Role.AGENT, "agent", "丁", person_id=own.person_id, office_id=unit.office_id)
    wanted = ids([good, bounced, waiting, own, foreign]) + [999, good.id]
    unknown = "没有找到这份申报，或者它不属于这个通知。"
    assert refused(stage, uid, wanted, me) == {
        bounced.id: "这份申报现在不在您这里，不能送审。",
        waiting.id: "这份申报现在是“待审”，不能送审。",
        own.id: "不能审核本人的申报，请由其他经办人审核。",
        foreign.id: unknown,
        999: unknown,
    }
    assert stage.states(good)[0] == (1, "水利院", "VETTED", 1)
    assert stage.noted() == noted
    batch = stage.session.scalars(select(Batch)).one()
    assert (batch.sent_at, batch.number) == (None, None)


def test_the_unit_sends_in_its_window(stage: Stage):
    chosen, unit = vetted(stage, "甲"), stage.agent("水利院")
    words = "“2026 年度工程系列申报通知”现在不在单位审核时间内。"
    assert refused(stage, stage.collect(unit), ids(chosen), unit, AUDIT_END) == {
        chosen[0].id: words
    }
    assert str(reason_against(chosen[0], unit, AUDIT_END)) == words
    assert reason_against(chosen[0], unit, NOON) is None


def test_a_batch_is_of_one_notice(stage: Stage):
    chosen, unit = vetted(stage, "甲"), stage.agent("水利院")
    notice = stage.notice
    columns = notice.__table__.columns.keys()
    copied = {key: getattr(notice, key) for key in columns if key not in ("id", "title")}
    second = type(notice)(title="第二个通知", **copied)
    stage.session.add(second)
    stage.session.commit()
    batch = open_batch(stage.session, second.id, unit, NOON)
    by = {"uploaded_by": unit.name, "uploaded_at": NOON}
    stage.session.add(Attachment(batch_id=batch.id, **by, **file_of("U01")))
    stage.session.commit()
    assert refused(stage, batch.uid, ids(chosen), unit) == {
        chosen[0].id: "没有找到这份申报，或者它不属于这个通知。"
    }


def test_a_batch_goes_to_one_office(stage: Stage):
    """The chain was changed between two submissions."""
    first = vetted(stage, "甲")
    stage.office("水利院").superior = stage.office("评委会办公室")
    stage.session.commit()
    second = vetted(stage, "乙")
    stage.office("水利院").superior = stage.office("宽城区人社局")
    unit = stage.agent("水利院")
    chosen = ids(first + second)
    assert refused(stage, stage.collect(unit), chosen, unit) == {
        second[0].id: "报送到评委会办公室，请另作一批。"
    }


def test_as_many_statements_for_thirty_as_for_one(stage: Stage, count_statements):
    counts = []
    for n in (1, 30):
        chosen, unit = vetted(stage, *(f"{n}-{i}" for i in range(n))), stage.agent("水利院")
        uid, wanted = stage.collect(unit), ids(chosen)
        for person in stage.session.scalars(select(Person)):
            person.mobile = f"1390438{person.id:04d}"
        stage.session.commit()
        stage.session.expunge_all()
        with count_statements() as seen:
            send(stage.session, uid, wanted, unit, NOON)
            stage.session.commit()
        counts.append((len(seen), seen))
    assert [n for n, _ in counts] == [25, 25], counts
    assert stage.session.scalar(select(func.count()).where(Step.state == "SENT")) == 31
    told = select(func.count()).where(Message.purpose == "send")
    assert stage.session.scalar(told) == 31


def test_the_last_office_sends_nothing(stage: Stage):
    declaration = stage.climb(stage.submitted(), 2)
    with pytest.raises(NotAllowed, match="这里是最后一级，请作“终审通过”。"):
        stage.act(stage.holder(declaration), declaration, Action.APPROVE, marks=RIGHT)
