"""What was submitted, frozen: content, hash, and what changed since the round before."""

import json
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import select

from models.attachment import Attachment
from models.declaration import Submission
from models.permissions import Actor, Role
from models.record import DeclaredNone
from models.sections import BY_KEY, SECTIONS
from models.submission import digest, thaw
from models.workflow import Action
from tests.models.stage import NOON, Stage, build
from tests.worlds.declarations import MANY, attachment

pytestmark = pytest.mark.world(build=build)

LIFTED = {
    "penalty_kind": "01",
    "penalty_level": "单位",
    "name": "警告",
    "decide_org": "水利院",
    "decide_date": date(2019, 3, 1),
    "start_date": date(2019, 3, 1),
    "end_date": date(2019, 9, 1),
    "lift_date": date(2019, 9, 1),
    "reason": "迟报监测数据。",
    "status": "2",
}


def frozen(stage: Stage) -> list[Submission]:
    return list(stage.session.scalars(select(Submission).order_by(Submission.round)))


def again(stage: Stage, change) -> dict[str, object]:
    """Every section of the second submission beside the first; ``change`` came between."""
    declaration = stage.submitted()
    stage.bounce(declaration, *BY_KEY)
    change(declaration)
    stage.session.commit()
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    stage.submit(me, declaration)
    first, second = frozen(stage)
    return {s.key: thaw(s, second.content, first.content) for s in SECTIONS}


def changed(sections) -> dict[str, list[tuple[str, str, str | None]]]:
    """The changed lines of the changed sections."""
    return {
        key: [
            (line.label, line.value, line.before)
            for record in section.records
            for line in record.lines
            if line.before is not None
        ]
        for key, section in sections.items()
        if section.changed
    }


def test_a_submission_holds_all_that_was_filled_in(stage: Stage):
    declaration = stage.submitted()
    (kept,) = frozen(stage)
    assert (kept.round, kept.at) == (1, NOON)
    assert set(kept.content["sections"]) == {section.key for section in SECTIONS}
    counts = {key: len(kept.content["sections"][key]["records"]) for key in MANY}
    assert counts == {key: len(rows) for key, rows in MANY.items()}
    facts = kept.content["sections"]["basic_info"]["facts"]
    assert (facts["name"], facts["unit_id"]) == ("王小明", "水利院")
    assert facts["declare_no"] == declaration.declare_no
    assert kept.content["sections"]["penalty"]["none"] is True
    paper = kept.content["sections"]["paper"]["records"][0]
    assert paper["values"]["paper_kind"] == "期刊论文"
    assert [file["proof"] for file in paper["files"]] == ["A30"]
    own = kept.content["sections"]["materials"]["files"]
    assert [file["proof"] for file in own] == ["A01", "A02", "A03", "A04"]
    submitted = stage.session.scalars(select(Attachment.submitted)).all()
    assert len(submitted) == 16 and all(submitted)


def test_the_hash_is_that_of_the_content_as_the_database_gives_it(stage: Stage):
    stage.submitted()
    (kept,) = frozen(stage)
    text = json.dumps(kept.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert kept.sha256 == digest(kept.content) == sha256(text.encode()).hexdigest()
    kept.content["sections"]["basic_info"]["facts"]["name"] = "王大明"
    assert digest(kept.content) != kept.sha256


def test_no_identity_number_is_frozen(stage: Stage):
    declaration = stage.submitted()
    sealed = declaration.person.id_no
    number = stage.vault.open(sealed, "person", "id_no", declaration.person.uid)
    text = json.dumps(frozen(stage)[0].content)
    assert number not in text and sealed.mask in text


def test_what_is_changed_later_does_not_reach_what_was_submitted(stage: Stage):
    declaration = stage.submitted()
    before = frozen(stage)[0].content
    stage.bounce(declaration, "paper")
    declaration.paper[0].title = "改过的题目"
    declaration.person.name = "改名"
    stage.session.commit()
    stage.session.expire_all()
    assert frozen(stage)[0].content == before


def test_the_first_submission_has_nothing_to_compare_with(stage: Stage):
    stage.submitted()
    (kept,) = frozen(stage)
    sections = {s.key: thaw(s, kept.content, None) for s in SECTIONS}
    assert changed(sections) == {}
    assert [record.title for record in sections["paper"].records] == [
        "寒区水库冰盖变形监测（上）",
        "寒区水库冰盖变形监测（下）",
    ]
    assert (sections["paper"].count, sections["penalty"].none) == (2, True)
    values = {line.label: line.value for line in sections["basic_info"].records[0].lines}
    assert (values["推荐单位"], values["申报职称"]) == ("水利院", "高级工程师")


def test_nothing_changed(stage: Stage):
    assert changed(again(stage, lambda declaration: None)) == {}


def test_a_changed_value_stands_beside_the_old_one(stage: Stage):
    def change(declaration):
        declaration.paper[0].title = "寒区水库冰盖变形监测"
        declaration.basic_info[0].mobile = "13943100019"

    assert changed(again(stage, change)) == {
        "basic_info": [("手机号码", "13943100019", "13843100019")],
        "paper": [("论文（著作）题目", "寒区水库冰盖变形监测", "寒区水库冰盖变形监测（上）")],
    }


def test_a_changed_fact_stands_beside_the_old_one(stage: Stage):
    """The unit is chosen, not typed; a reviewer must see that it is another one."""

    def change(declaration):
        stage.bind(declaration.person_id, "勘测院")
        declaration.unit = stage.office("勘测院")

    (lines,) = changed(again(stage, change)).values()
    assert [line for line in lines if line[0] == "推荐单位"] == [("推荐单位", "勘测院", "水利院")]


def test_an_empty_value_that_was_filled_in_is_a_change(stage: Stage):
    def change(declaration):
        declaration.recognition[0].content = None

    assert changed(again(stage, change)) == {
        "recognition": [("行业认可情况", "", "省水利学会会员。")]
    }


def test_a_new_record_and_one_that_is_gone(stage: Stage):
    def change(declaration):
        report = declaration.report[0]
        declaration.report.remove(report)
        stage.session.flush()
        new = type(report)(**MANY["report"][0] | {"title": "新报告"}, created_at=NOON)
        declaration.report.append(new)
        stage.session.flush()
        stage.session.add(attachment("A60", declaration, BY_KEY["report"], new.uid))

    section = again(stage, change)["report"]
    assert (section.gone, section.changed, section.files_changed) == (
        ("全省小型水库安全鉴定报告",),
        True,
        True,
    )
    assert [(record.title, record.fresh, record.changed) for record in section.records] == [
        ("新报告", True, True)
    ]


def test_a_section_given_up_for_a_tick(stage: Stage):
    """The other way round: a penalty where there was none."""

    def change(declaration):
        stage.session.execute(DeclaredNone.__table__.delete())
        penalty = BY_KEY["penalty"].model(**LIFTED, created_at=NOON)
        declaration.penalty.append(penalty)
        stage.session.flush()
        stage.session.add(attachment("A81", declaration, BY_KEY["penalty"], penalty.uid))

    section = again(stage, change)["penalty"]
    assert (section.none, section.count, section.changed) == (False, 1, True)


def test_a_tick_beside_a_record_hides_nothing(stage: Stage):
    """Old rows may hold both: what is frozen says that there is a penalty."""

    def change(declaration):
        assert [tick.section for tick in declaration.declared_none] == ["penalty"]
        penalty = BY_KEY["penalty"].model(**LIFTED, created_at=NOON)
        declaration.penalty.append(penalty)
        stage.session.flush()
        stage.session.add(attachment("A81", declaration, BY_KEY["penalty"], penalty.uid))

    section = again(stage, change)["penalty"]
    assert (section.none, section.count, section.changed) == (False, 1, True)
    first, second = (s.content["sections"]["penalty"]["none"] for s in frozen(stage))
    assert (first, second) == (True, False)


def file(stage: Stage, proof: str) -> Attachment:
    wanted = (Attachment.proof == proof, Attachment.removed_at.is_(None))
    return stage.session.scalars(select(Attachment).where(*wanted)).first()


def test_a_replaced_file_is_a_change_and_the_old_one_stays(stage: Stage):
    replaced = []

    def change(declaration):
        old = file(stage, "A01")
        old.removed_at = NOON
        replaced.append(old.uid)
        stage.session.add(attachment("A01", declaration, BY_KEY["materials"]))

    sections = again(stage, change)
    assert [key for key, section in sections.items() if section.files_changed] == ["materials"]
    first, second = frozen(stage)
    uids = [
        {f["uid"] for f in s.content["sections"]["materials"]["files"]} for s in (first, second)
    ]
    assert replaced[0] in uids[0] and replaced[0] not in uids[1]
    assert len(uids[0]) == len(uids[1]) == 4


def test_files_that_changed_their_records_are_a_change(stage: Stage):
    def change(declaration):
        one, two = stage.session.scalars(select(Attachment).where(Attachment.proof == "A30"))
        one.record_uid, two.record_uid = two.record_uid, one.record_uid

    sections = again(stage, change)
    assert [key for key, section in sections.items() if section.files_changed] == ["paper"]


def test_the_same_file_uploaded_again_is_none(stage: Stage):
    def change(declaration):
        old = file(stage, "A01")
        new = attachment("A01", declaration, BY_KEY["materials"])
        old.removed_at, new.sha256 = NOON, old.sha256
        stage.session.add(new)

    assert changed(again(stage, change)) == {}


def test_remarks_of_the_data_check_are_frozen(stage: Stage):
    declaration = stage.draft(stage.applicant())
    declaration.continuing_education[0].professional_hours = 10
    declaration.continuing_education[0].total_hours = 40
    stage.session.commit()
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    stage.submit(me, declaration)
    kept = thaw(BY_KEY["continuing_education"], frozen(stage)[0].content, None)
    assert kept.remarks == (
        "2021 年总学时 40，不足 90 学时；申请减免的请填写原因。",
        "2021 年专业科目 10 学时，一般不少于 60 学时。",
    )


def test_a_section_that_came_later_is_empty_in_an_old_content():
    kept = thaw(BY_KEY["paper"], {"sections": {}}, {"sections": {}})
    assert (kept.count, kept.none, kept.changed, kept.file_uids) == (0, False, False, ())


def test_withdrawn_and_submitted_again_there_are_two(stage: Stage):
    declaration = stage.submitted()
    me = Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)
    stage.act(me, declaration, Action.WITHDRAW)
    stage.submit(me, declaration)
    assert [kept.round for kept in frozen(stage)] == [1, 2]
