"""信息填报: every section through its own screen, as its applicant meets it."""

import io
import json
import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.declaration import Declaration, Submission
from models.fields import CHOSEN, Kind
from models.journal import Line
from models.record import DeclaredNone
from models.rules import OneOnly
from models.section import FILES, MANY, ONE, Section
from models.sections import BY_KEY, SECTIONS
from models.sections.education import Education
from models.sections.expert import Expert
from tests.adapters.samples import jpeg, pdf
from tests.client import Browser, Form, Page
from tests.digest import digest
from tests.worlds import declarations as valid
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import EXPERT_NO, ID_NUMBERS, PENALTY, two_units

pytestmark = pytest.mark.world(build=two_units)

RECORDS = [s for s in SECTIONS if s.shape is MANY]
FORM = "form#form"
DRAFT, RETURNED = 1, 2
"""The declarations of the main applicant."""


def rows_of(section: Section) -> list[dict]:
    """Valid records of a section, as the domain keeps them."""
    if section.key == "basic_info":
        return [valid.BASIC_INFO]
    if section.key == "penalty":
        return [PENALTY]
    if section.key == "expert":
        return [{"expert_name": "李教授"} | valid.EXPERT]
    if section.key == "work":
        return [row | {"unit_name": "江源设计院"} for row in valid.MANY["work"]]
    return valid.MANY.get(section.key) or [valid.ONE[section.key]]


def typed(section: Section, values: dict) -> dict:
    """The same as it is typed into the form."""
    return {key: _typed(section.fields[key].kind, value) for key, value in values.items()
            if key in section.typed}  # fmt: skip


def _typed(kind: Kind, value):
    if kind is Kind.MONTH:
        return [str(value.year), str(value.month)]
    if kind is Kind.FLAG:
        return "1" if value else "0"
    return value if isinstance(value, list) else str(value)


def send(form: Form, values: dict, status: int = 200) -> Page:
    """Send a form with these values: some fields have names that ``Form.send`` takes itself."""
    return form.page.browser.post(form.action, status, form.values | values)


def look(db, query) -> list:
    """The objects of a query, by a session that holds nothing afterwards."""
    with Session(db.engine, expire_on_commit=False) as session:
        return list(session.scalars(query))


def records(db, section: Section, declaration: int) -> list:
    model = section.model
    mine = select(model).where(model.declaration_id == declaration)
    return look(db, mine.order_by(model.position, model.id))


@pytest.fixture
def applicant(client) -> Browser:
    client.login("applicant", PASSWORD)
    return client


@pytest.fixture
def beginner(client, db) -> tuple[Browser, int]:
    """Somebody with a declaration in which there is nothing yet."""
    client.login("vetted", PASSWORD)
    form = client.open("/mine/begin/2").form()
    page = form.send(read=["1", "2"])
    return client, int(page.url.rsplit("/", 1)[1])


@pytest.mark.databases("sqlite")
def test_an_empty_form_names_every_field_that_is_required(db, beginner):
    browser, pk = beginner
    faults, before = [], digest(db)
    for section in SECTIONS:
        if section.shape is FILES or section.shape.years:
            continue
        page = browser.open(f"/mine/{pk}/{section.key}/add")
        page = page.form(FORM).send(status=400 if required(section) else 200)
        for key, label in required(section).items():
            verb = "请选择" if section.fields[key].kind in CHOSEN else "请填写"
            words = " ".join(page.texts(f"#error-{key}"))
            if f"{verb}{label}。" not in words:
                faults.append(f"{section.key}.{key}: {words}")
        if required(section):
            faults += [table for table, value in digest(db).items() if before[table] != value]
        before = digest(db)
    assert not faults, "\n" + "\n".join(faults)


def required(section: Section) -> dict[str, str]:
    return {key: field.label for key, field in section.typed.items() if field.required}


def test_every_section_is_added_listed_changed_and_deleted(db, beginner):
    browser, pk = beginner
    for section in SECTIONS:
        if section.shape is FILES or section.shape.years:
            continue
        rows = rows_of(section)
        for values in rows:
            form = browser.open(f"/mine/{pk}/{section.key}/add").form(FORM)
            page = send(form, typed(section, values))
            assert "已保存" in " ".join(page.texts(".zc-flash")), section.key
        kept = records(db, section, pk)
        assert [{key: getattr(r, key) for key in values} for r, values in
                zip(kept, rows, strict=True)] == rows  # fmt: skip
        if section.shape is ONE:
            continue
        shown = browser.open(f"/mine/{pk}/{section.key}/list/")
        assert len(shown.select("li.zc-entry")) == len(rows), section.key
        assert f"已填 {len(rows)} {section.counted}" in shown.text
        first = section.listed_keys[0]
        form = browser.open(f"/mine/{pk}/{section.key}/edit/{kept[0].id}").form(FORM)
        if section.fields[first].kind is Kind.TEXT:
            page = form.send(**{first: "改过的内容"})
            assert page.form(FORM).values[first] == "改过的内容"
            assert getattr(records(db, section, pk)[0], first) == "改过的内容"
        for record in kept:
            page = browser.open(f"/mine/{pk}/{section.key}/list/")
            page = page.form(f"form[action$='/delete/{record.id}']").send()
            assert "已删除" in page.text
        assert records(db, section, pk) == []


@pytest.mark.parametrize("key", [s.key for s in SECTIONS if any(
    isinstance(rule, OneOnly) for rule in s.rules)])  # fmt: skip
def test_a_second_representative_switches_the_first_off(db, beginner, key):
    browser, pk = beginner
    section = BY_KEY[key]
    flag = next(rule.flag for rule in section.rules if isinstance(rule, OneOnly))
    name = section.listed_keys[0]
    values = typed(section, rows_of(section)[0]) | {flag: "1"}
    for title in ("甲", "乙", "丙"):
        form = browser.open(f"/mine/{pk}/{key}/add").form(FORM)
        page = send(form, values | {name: title})
    assert f"《乙》已改为非代表性，只能选一{section.counted}" in page.text
    kept = records(db, section, pk)
    assert [(getattr(r, name), getattr(r, flag)) for r in kept] == [
        ("甲", False), ("乙", False), ("丙", True),
    ]  # fmt: skip
    # What was switched off was edited, by whom and when, like what was saved.
    person = kept[2].updated_by
    assert person and [r.updated_by for r in kept] == [person] * 3
    assert kept[1].updated_at == kept[2].updated_at > kept[1].created_at
    lines = select(Line).where(Line.object_kind == key, Line.act == "edit").order_by(Line.id)
    assert [(line.object_id, json.loads(line.detail)) for line in look(db, lines)] == [
        (str(kept[0].id), {flag: False}), (str(kept[1].id), {flag: False}),
    ]  # fmt: skip
    form = browser.open(f"/mine/{pk}/{key}/edit/{kept[0].id}").form(FORM)
    page = form.send(**{flag: "1"})
    assert "《丙》已改为非代表性" in page.text
    assert [getattr(r, flag) for r in records(db, section, pk)] == [True, False, False]
    # Saved once more it says nothing, and a refusal switches nothing.
    assert "已改为非代表性" not in page.form(FORM).send().text
    form = browser.open(f"/mine/{pk}/{key}/edit/{kept[1].id}").form(FORM)
    page = form.send(status=400, **{flag: "1", name: ""})
    assert "已改为非代表性" not in page.text
    assert [getattr(r, flag) for r in records(db, section, pk)] == [True, False, False]


def test_a_third_basis_of_the_review_is_refused(db, beginner):
    browser, pk = beginner
    section, values = (
        BY_KEY["education"],
        typed(BY_KEY["education"], rows_of(BY_KEY["education"])[0]),
    )
    for school, status in (("甲大学", 200), ("乙大学", 200), ("丙大学", 400)):
        first = "1" if school == "甲大学" else "0"
        form = browser.open(f"/mine/{pk}/education/add").form(FORM)
        page = form.send(status=status, **values | {"school": school, "is_first": first})
    assert "参评学历最多选择两个" in " ".join(page.texts("#error-is_review_basis"))
    assert page.form(FORM).values["school"] == "丙大学"
    assert [r.school for r in records(db, section, pk)] == ["甲大学", "乙大学"]
    page = page.form(FORM).send(is_review_basis="0")
    assert len(records(db, section, pk)) == 3


def test_when_the_highest_is_deleted_another_one_is(db, beginner):
    browser, pk = beginner
    section = BY_KEY["education"]
    values = typed(section, rows_of(section)[0]) | {"is_first": "0", "is_review_basis": "0"}
    for level in ("21", "11"):
        form = browser.open(f"/mine/{pk}/education/add").form(FORM)
        form.send(**values | {"education_level": level})
    mine = select(Education).where(Education.declaration_id == pk).order_by(Education.id)
    bachelor, master = look(db, mine)
    assert (bachelor.is_highest, master.is_highest) == (False, True)
    browser.page.form(f"form[action$='/delete/{master.id}']").send()
    assert [r.is_highest for r in look(db, mine)] == [True]


@pytest.mark.parametrize("key", ["continuing_education", "assessment"])
def test_the_sheet_of_years(db, beginner, key):
    browser, pk = beginner
    section, values = BY_KEY[key], typed(BY_KEY[key], valid.YEARLY[key])
    with Session(db.engine) as session:
        years = section.years(session.get(Declaration, pk))
    form = browser.open(f"/mine/{pk}/{key}/list/").form(FORM)
    sheet = {f"y{year}-{name}": value for year in years for name, value in values.items()}
    page = form.send(**sheet)
    kept = records(db, section, pk)
    assert sorted(r.year for r in kept) == sorted(years)
    if key == "continuing_education":
        assert {r.total_hours for r in kept} == {Decimal(90)}
    # One year that is wrong: none of the sheet is saved, and all of it is still there.
    name = next(iter(values))
    wrong, other = f"y{years[0]}-{name}", f"y{years[1]}-{name}"
    before = digest(db)
    fresh = "99" if key == "continuing_education" else "3"
    page = page.form(FORM).send(status=400, **{wrong: "不是", other: fresh})
    assert digest(db) == before
    assert page.form(FORM).values[other] == fresh
    assert f"{years[0]} 年{section.fields[name].label}：请" in " ".join(page.texts(".zc-errsum"))
    # A year that is emptied is no record any more.
    form = browser.open(f"/mine/{pk}/{key}/list/").form(FORM)
    form.send(**{field: "" for field in form.values if field.startswith(f"y{years[2]}-")
                 and not field.endswith(("version", "year"))})  # fmt: skip
    assert years[2] not in {r.year for r in records(db, section, pk)}


def test_nothing_to_declare_is_declared(db, beginner):
    browser, pk = beginner
    ticks = select(DeclaredNone).where(DeclaredNone.declaration_id == pk)
    page = browser.open(f"/mine/{pk}/penalty/list/")
    for there in (1, 0, 1):
        page = page.form("main form[action$=none]").send()
        assert len(look(db, ticks)) == there
    assert "本人无惩罚处分" in page.text
    section = BY_KEY["penalty"]
    form = browser.open(f"/mine/{pk}/penalty/add").form(FORM)
    # What is refused takes nothing away; what is saved takes the tick away.
    send(form, typed(section, PENALTY) | {"name": ""}, status=400)
    assert len(look(db, ticks)) == 1
    page = send(form, typed(section, PENALTY))
    assert look(db, ticks) == [] and len(records(db, section, pk)) == 1
    lines = select(Line.detail).where(Line.act == "none", Line.object_kind == "penalty")
    assert [json.loads(detail)["ticked"] for detail in look(db, lines.order_by(Line.id))] == [
        True, False, True, False,
    ]  # fmt: skip
    assert not page.select("form[action$=none]")
    page = browser.post(f"/mine/{pk}/penalty/none", 400, {"csrf_token": browser.csrf_token})
    assert "已经填写了记录" in page.text
    assert look(db, ticks) == []
    # An old row that holds both is mended by the next save.
    with Session(db.engine) as session, session.begin():
        session.add(DeclaredNone(declaration_id=pk, section="penalty"))
    record = records(db, section, pk)[0]
    browser.open(f"/mine/{pk}/penalty/edit/{record.id}").form(FORM).send()
    assert look(db, ticks) == []


@pytest.mark.parametrize("key", ["continuing_education", "assessment"])
def test_a_sheet_that_says_nothing_deletes_nothing(db, applicant, key):
    """Neither half a form nor a page of before is a wish to delete years and their files."""
    section = BY_KEY[key]
    form = applicant.open(f"/mine/{DRAFT}/{key}/list/").form(FORM)
    token = {"csrf_token": form.values["csrf_token"]}
    versions = {name: v for name, v in form.values.items() if name.endswith("-version")}
    empty = {name: "" for name in form.values if name != "csrf_token"}
    kept = {r.year: r.version for r in records(db, section, DRAFT)}
    assert len(kept) == 5 and versions == {f"y{y}-version": str(v) for y, v in kept.items()}
    before = digest(db)
    for sent, status in (
        (token, 400),  # nothing at all
        (token | versions, 400),  # versions without their fields
        (token | {n: v for n, v in empty.items() if n not in versions}, 400),  # no version
        (token | empty | dict.fromkeys(versions, "x"), 400),
        (token | empty, 409),  # a page on which nothing was filled in yet
        (token | empty | dict.fromkeys(versions, "999"), 409),
    ):
        page = applicant.post(form.action, status, sent)
        assert digest(db) == before, (sent, status)
    assert "改过这条记录" in page.text
    # What an old page did not show is shown now, and its next save loses nothing.
    page = applicant.post(form.action, 409, token | empty)
    page.form(FORM).send()
    assert {r.year for r in records(db, section, DRAFT)} == set(kept)
    name = f"y{max(kept)}-{next(iter(typed(section, valid.YEARLY[key])))}"
    assert applicant.open(form.action.replace("sheet", "list/")).form(FORM).values[name]


def test_a_year_that_is_emptied_goes_with_its_files(db, applicant):
    section = BY_KEY["assessment"]
    form = applicant.open(f"/mine/{DRAFT}/assessment/list/").form(FORM)
    year = max(r.year for r in records(db, section, DRAFT))
    uid = next(r.uid for r in records(db, section, DRAFT) if r.year == year)
    with Session(db.engine) as session, session.begin():
        session.add(valid.attachment("A70", session.get(Declaration, DRAFT), section, uid))
    files = select(Attachment).where(Attachment.record_uid == uid)
    assert len(look(db, files)) == 1
    own = [name for name in form.values if name.startswith(f"y{year}-")]
    form.send(**{name: "" for name in own if not name.endswith("version")})
    assert {r.year for r in records(db, section, DRAFT)} == set(range(year - 4, year))
    assert look(db, files) == []


def test_a_year_that_is_asked_for_no_more_can_be_reached(db, applicant):
    """The notice's cut-off date moved: what was filled in stays in the submission."""
    section = BY_KEY["assessment"]
    old = min(r.year for r in records(db, section, DRAFT))
    with Session(db.engine) as session, session.begin():
        notice = session.get(Declaration, DRAFT).notice
        notice.cut_off = notice.cut_off.replace(year=notice.cut_off.year + 1)
    page = applicant.open(f"/mine/{DRAFT}/assessment/list/")
    assert f"{old} 年（通知不要求这一年）" in page.text
    form = page.form(FORM)
    assert form.values[f"y{old + 5}-grade"] == "" and form.values[f"y{old}-grade"] == "2"
    page = form.send(**{f"y{old}-grade": "3"})
    kept = {r.year: r.grade for r in records(db, section, DRAFT)}
    assert kept[old] == "3" and old + 5 not in kept
    page = page.form(FORM).send(**{f"y{old}-grade": ""})
    assert old not in {r.year for r in records(db, section, DRAFT)}
    assert f"{old} 年" not in page.text


def test_the_number_of_an_expert_is_on_no_page(db, applicant):
    """Decisions 14: the form shows the mask and an empty box, whatever was typed."""
    expert = look(db, select(Expert).where(Expert.declaration_id == DRAFT).order_by(Expert.id))[1]
    url = f"/mine/{DRAFT}/expert/edit/{expert.id}"
    page = applicant.open(url)
    other = ID_NUMBERS[-1]
    seen = [page, page.form(FORM).send(status=400, expert_id_no="220102196501019999")]
    assert "身份证号" in " ".join(seen[-1].texts("#error-expert_id_no"))
    seen.append(page.form(FORM).send(status=400, expert_id_no=EXPERT_NO, expert_name=""))
    seen.append(page.form(FORM).send(expert_id_no=other))
    assert "220702********" in seen[-1].one("#mask-expert_id_no").get_text()
    seen.append(page.form(FORM).send(status=409))
    for path in (f"/mine/{DRAFT}/expert/list/", f"/mine/show/{DRAFT}?check=1",
                 f"/print/{DRAFT}/publicity", f"/mine/{RETURNED}/expert/list/"):  # fmt: skip
        seen.append(applicant.open(path))
    for page in seen:
        text = page.response.text
        assert other not in text and EXPERT_NO not in text and "196501019999" not in text
    kept = look(db, select(Expert).where(Expert.id == expert.id))[0].expert_id_no
    assert db.app.extensions["vault"].open(kept, "expert", "expert_id_no", expert.uid) == other


def test_an_empty_box_keeps_the_number(db, applicant):
    expert = look(db, select(Expert).where(Expert.declaration_id == DRAFT))[0]
    form = applicant.open(f"/mine/{DRAFT}/expert/edit/{expert.id}").form(FORM)
    form.send(expert_name="王教授")
    kept = look(db, select(Expert).where(Expert.id == expert.id))[0]
    assert (kept.expert_name, kept.expert_id_no) == ("王教授", expert.expert_id_no)


@pytest.mark.databases("sqlite")
def test_all_is_locked_after_the_submission(db, client):
    client.login("submitted", PASSWORD)
    with Session(db.engine) as session:
        wanted = Declaration.id.in_(select(Declaration.id).where(Declaration.status == "SUBMITTED"))
        pk = session.scalar(select(func.min(Declaration.id)).where(wanted))
    before = digest(db)
    for section in SECTIONS:
        page = client.open(f"/mine/{pk}/{section.key}/list/")
        assert "申报已经提交，内容已经锁定" in page.text
        assert not page.select("main form[method=post]"), section.key
        token = {"csrf_token": client.csrf_token}
        if section.shape.years:
            client.post(f"/mine/{pk}/{section.key}/sheet", 403, token)
        elif section.model:
            client.post(f"/mine/{pk}/{section.key}/add", 403, token)
            for record in records(db, section, pk)[:1]:
                client.post(f"/mine/{pk}/{section.key}/edit/{record.id}", 403, token)
                client.post(f"/mine/{pk}/{section.key}/delete/{record.id}", 403, token)
        if section.none_word:
            client.post(f"/mine/{pk}/{section.key}/none", 403, token)
    assert digest(db) == before


def test_after_a_return_only_what_is_at_fault_is_open(db, applicant):
    """R09, manual 3.2.4: the papers and the materials were marked, with their attachments."""
    for section in SECTIONS:
        page = applicant.open(f"/mine/{RETURNED}/{section.key}/list/")
        open_ = section.key in ("paper", "materials")
        assert bool(page.select("main form[method=post]")) is open_, section.key
        assert ("退回了这个模块" in page.text) is open_
        assert ("这个模块没有被退回，已经锁定" in page.text) is not open_
    token = {"csrf_token": applicant.csrf_token}
    before = digest(db)
    award = records(db, BY_KEY["award"], RETURNED)[0]
    for url in ("award/add", f"award/edit/{award.id}", f"award/delete/{award.id}",
                "assessment/sheet", "penalty/none"):  # fmt: skip
        applicant.post(f"/mine/{RETURNED}/{url}", 403, token)
    url = f"/uploads/{RETURNED}/award/A80?record={award.uid}"
    sent = {"file": (io.BytesIO(jpeg()), "x.jpg")} | token
    assert applicant.client.post(url, data=sent).status_code == 403
    assert digest(db) == before
    paper = records(db, BY_KEY["paper"], RETURNED)[0]
    form = applicant.open(f"/mine/{RETURNED}/paper/edit/{paper.id}").form(FORM)
    form.send(title="改正后的题目")
    assert records(db, BY_KEY["paper"], RETURNED)[0].title == "改正后的题目"


def test_a_file_comes_is_seen_and_goes(db, applicant):
    page = applicant.open(f"/mine/{DRAFT}/paper/edit/1")
    form = next(f for f in page.select("form[data-upload]") if "/A32?" in f["action"])
    token = {"csrf_token": applicant.csrf_token}
    sent = token | {"file": (io.BytesIO(pdf(7)), "../查重 报告\u202e.pdf")}
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    tile = applicant.client.post(form["action"], data=sent, headers=ajax)
    assert tile.status_code == 200 and "查重 报告.pdf" in tile.text and "7 页" in tile.text
    file = re.search(r'href="(/files/[0-9a-f]{32})"', tile.text)[1]
    page = applicant.open(f"/mine/{DRAFT}/paper/edit/1")
    assert file in page.response.text and "已经传满，删除后才能再传" in page.text
    original = applicant.client.get(file, buffered=True)
    assert original.data.startswith(b"%PDF-") and original.mimetype == "application/pdf"
    assert original.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "%E6%9F%A5%E9%87%8D%20%E6%8A%A5%E5%91%8A.pdf" in original.headers["Content-Disposition"]
    assert original.headers["Content-Disposition"].startswith("attachment")
    for number, status in ((1, 200), (6, 200), (7, 200), (8, 404), (0, 404)):
        picture = applicant.client.get(f"{file}/page/{number}", buffered=True)
        assert picture.status_code == status
        assert (picture.data[8:12] == b"WEBP") is (status == 200)
    assert applicant.client.get(f"{file}/thumb/1", buffered=True).data[8:12] == b"WEBP"
    applicant.post(f"{file}/delete", data=token)
    for path in (file, f"{file}/page/1", f"{file}/thumb/1"):
        assert applicant.client.get(path).status_code == 404
    assert look(db, select(Attachment).where(Attachment.proof == "A32")) == []


def test_a_file_that_was_submitted_stays_for_its_readers(db, applicant):
    """Decisions 12: replaced, never removed: a tombstone for the applicant alone."""
    a01 = select(Attachment).where(Attachment.declaration_id == RETURNED, Attachment.proof == "A01")
    (file,) = look(db, a01)
    page = applicant.open(f"/mine/{RETURNED}/materials/list/")
    assert f"/files/{file.uid}" in page.response.text
    page = applicant.post(f"/files/{file.uid}/delete", data={"csrf_token": applicant.csrf_token})
    page = applicant.open(f"/mine/{RETURNED}/materials/list/")
    assert f"/files/{file.uid}" not in page.response.text
    (kept,) = look(db, a01)
    assert kept.removed_at is not None
    before = digest(db)
    page = applicant.post(f"/files/{file.uid}/delete", 404, {"csrf_token": applicant.csrf_token})
    assert "这个附件已经删除" in page.text and digest(db) == before
    page = applicant.open(f"/mine/{RETURNED}/materials/list/")
    form = next(f for f in page.select("form[data-upload]") if f["action"].endswith("/A01"))
    sent = {"csrf_token": applicant.csrf_token, "file": (io.BytesIO(jpeg()), "新证件.jpg")}
    assert applicant.client.post(form["action"], data=sent).status_code == 302
    submission = look(db, select(Submission).where(Submission.declaration_id == RETURNED))[0]
    names = [f["uid"] for f in submission.content["sections"]["materials"]["files"]]
    assert file.uid in names
    agent = Browser(db.app)
    agent.login("agent", PASSWORD)
    bench = agent.open(f"/audit/{RETURNED}")
    assert f"/files/{file.uid}" in bench.response.text and "新证件" not in bench.text


def test_a_deleted_record_takes_its_files_along(db, applicant):
    """Those of a draft are gone, those that were submitted have their tombstone."""
    uids = {}
    for pk in (DRAFT, RETURNED):
        paper = records(db, BY_KEY["paper"], pk)[0]
        files = select(Attachment).where(Attachment.record_uid == paper.uid)
        uids[pk] = files
        assert look(db, files)
        page = applicant.open(f"/mine/{pk}/paper/list/")
        page.form(f"form[action$='/delete/{paper.id}']").send()
    assert look(db, uids[DRAFT]) == []
    assert all(file.removed_at for file in look(db, uids[RETURNED]))


def test_whoever_opens_a_strange_file_is_in_the_journal_once_an_hour(db, client):
    with Session(db.engine) as session:
        mine = select(Attachment).join(Declaration).where(Declaration.status == "SUBMITTED")
        file = session.scalars(mine.where(Attachment.pages > 0).order_by(Attachment.id)).first()
    opened = select(Line).where(Line.act == "open", Line.object_id == file.uid).order_by(Line.id)
    client.login("agent", PASSWORD)
    for _twice in range(2):
        for path in ("", "/page/1", "/thumb/1"):
            assert client.client.get(f"/files/{file.uid}{path}", buffered=True).status_code == 200
    assert [line.actor for line in look(db, opened)] == ["agent"]
    colleague = Browser(db.app)
    colleague.login("agent2", PASSWORD)
    colleague.client.get(f"/files/{file.uid}", buffered=True)
    assert [line.actor for line in look(db, opened)] == ["agent", "agent2"]
    with Session(db.engine) as session, session.begin():
        hour_ago = look(db, opened)[0].at.replace(hour=0, day=1)
        session.execute(update(Line).where(Line.act == "open").values(at=hour_ago))
    client.client.get(f"/files/{file.uid}", buffered=True)
    assert [line.actor for line in look(db, opened)] == ["agent", "agent2", "agent"]


def test_the_thumbnail_alone_is_no_opening_and_ones_own_file_is_none(db, client):
    mine = select(Attachment).where(Attachment.declaration_id == DRAFT, Attachment.pages > 0)
    own = look(db, mine)[0]
    client.login("applicant", PASSWORD)
    client.client.get(f"/files/{own.uid}", buffered=True)
    assert look(db, select(Line).where(Line.act == "open", Line.object_id == own.uid)) == []


def test_the_valid_values_are_all_there():
    """A section that is added must bring its values, or it is not tested here."""
    for section in SECTIONS:
        if section.shape is not FILES and not section.shape.years:
            assert set(rows_of(section)[0]) <= set(section.fields) and date
