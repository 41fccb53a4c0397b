"""What the applicant is told while filling in: what is asked for, where a fault is, what may be
chosen, what was not changed yet.
"""

import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.attachment import Attachment
from models.clock import now
from models.declaration import Declaration
from models.notice import Notice
from models.sections import BY_KEY
from tests.adapters.samples import jpeg
from tests.client import Browser
from tests.models.books import book
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import two_units

pytestmark = [pytest.mark.world(build=two_units), pytest.mark.databases("sqlite")]

FORM = "form#form"
DRAFT, RETURNED = 1, 2
"""The declarations of the main applicant."""


@pytest.fixture
def applicant(client) -> Browser:
    client.login("applicant", PASSWORD)
    return client


@pytest.fixture
def empty(client) -> tuple[Browser, int]:
    """Somebody with a declaration in which there is nothing yet."""
    client.login("vetted", PASSWORD)
    page = client.open("/mine/begin/2").form().send(read=["1", "2"])
    return client, int(page.url.rsplit("/", 1)[1])


def sums(page) -> list[str]:
    """必填 n/m of each part that asks for something."""
    return page.texts("section.zc-card .zc-card-h .zc-mute")


def test_what_may_be_declared_as_none_is_asked_for(empty):
    browser, pk = empty
    page = browser.open(f"/mine/{pk}/penalty/list/")
    assert page.texts(".zc-head p") == ["必填；没有的请声明“本人无惩罚处分”。"]
    assert "惩罚处分 * （必填）" in page.texts(".zc-rail a[aria-current]")[0]
    before = browser.open(f"/mine/show/{pk}")
    assert "惩罚处分 * （必填）" in before.texts("#section-penalty")[0]
    assert "未填" in before.texts("#state-penalty")[0]
    browser.open(f"/mine/{pk}/penalty/list/").form("main form[action$=none]").send()
    page = browser.open(f"/mine/show/{pk}")
    assert "完成" in page.texts("#state-penalty")[0]
    assert (sums(before)[4], sums(page)[4]) == ("必填 0/1", "必填 1/1")
    # Where nothing is asked for, it still says so.
    assert "选填，没有可以不填。" in browser.open(f"/mine/{pk}/award/list/").texts(".zc-head p")


def test_an_error_names_its_field(applicant):
    form = applicant.open(f"/mine/{DRAFT}/basic_info/list/").form(FORM)
    page = form.send(400, work_start_date=["2008", "13"])
    assert page.texts("#errsum li") == ["参加工作时间：年月应类似 2024 年 5 月，请重新填写。"]
    assert "参加工作时间：" not in page.texts("#error-work_start_date")[0]
    page = form.send(400, work_start_date=["2008", "5"], post_name="")
    assert page.texts("#errsum li") == ["请填写现岗位。"]
    form = applicant.open(f"/mine/{DRAFT}/assessment/list/").form(FORM)
    last, *_rest, first = sorted({name[1:5] for name in form.values if name[0] == "y"})
    typed = {f"y{first}-grade": "不是", f"y{last}-grade": "", f"y{last}-reason": "病假"}
    page = form.send(400, **typed)
    assert set(page.texts("#errsum li")) == {
        f"{first} 年考核结果：请从列表中选择。",
        f"{last} 年：请选择考核结果。",
    }


def test_a_finding_leads_to_the_place_where_it_is_mended(db, applicant):
    with Session(db.engine) as session, session.begin():
        gone = Attachment.proof.in_(["A01", "A20", "A30"])
        session.execute(delete(Attachment).where(Attachment.declaration_id == DRAFT, gone))
        draft = session.get(Declaration, DRAFT)
        paper, year = draft.paper[0].id, draft.assessment[0].year
        draft.paper[0].publish_date = now(session).date() + timedelta(400)
        draft.assessment[0].grade = "5"
    page = applicant.open(f"/mine/show/{DRAFT}?check=1")
    found = {a["href"]: a.get_text() for a in page.select("#errsum a")}
    wanted = {
        f"/mine/{DRAFT}/basic_info/list/#proof-A20": "还没有上传“现任职称证书”",
        f"/mine/{DRAFT}/paper/edit/{paper}#proof-A30": "还没有上传“论文著作",
        f"/mine/{DRAFT}/paper/edit/{paper}#publish_date": "》：发表",
        f"/mine/{DRAFT}/assessment/list/#y{year}-reason": "请填写未确定等次",
        f"/mine/{DRAFT}/materials/list/#proof-A01": "还没有上传“身份证人像面",
    }
    for href, words in wanted.items():
        assert words in found[href], found
        address, _, place = href.partition("#")
        applicant.open(address).one(f"#{place}")
    ready = {a["href"] for a in page.select("aside .zc-lines a")}
    assert f"/mine/{DRAFT}/materials/list/#proof-A01" in ready


def test_the_form_offers_what_the_notice_allows(db, applicant):
    url = f"/mine/{DRAFT}/basic_info/list/"
    page = applicant.open(url)
    titles = {
        code
        for code, entry in book().table("title_name").items()
        if (entry.extra["series_code"], entry.extra["level_code"]) == ("05", "2")
    }
    assert offered(page, "apply_series") == {"", "05"}
    assert offered(page, "apply_level") == {"", "2"}
    assert offered(page, "apply_title_name") == {"", *titles} and "05012" in titles
    assert len(offered(page, "current_title_name")) > 200
    assert page.one("#apply_title_name")["data-narrowed-by"] == "apply_series apply_level"
    assert page.one("#apply_title_name option[value='05012']")["data-fits"] == "05 2"
    # What was typed or is kept stays, and the rule still refuses it.
    form = page.form(FORM)
    page = form.send(400, apply_series="22", apply_level="3", apply_title_name="05013")
    assert "申报系列不在通知范围内" in page.texts("#error-apply_series")[0]
    assert offered(page, "apply_series") == {"", "05", "22"}
    assert {"05012", "05013"} <= offered(page, "apply_title_name")
    with Session(db.engine) as session, session.begin():
        session.get(Declaration, DRAFT).basic_info[0].apply_series = "22"
    assert offered(applicant.open(url), "apply_series") == {"", "05", "22"}
    # A notice that names nothing allows all.
    with Session(db.engine) as session, session.begin():
        notice = session.get(Notice, session.get(Declaration, DRAFT).notice_id)
        notice.series, notice.levels = [], []
    page = applicant.open(url)
    assert len(offered(page, "apply_series")) > 20 and len(offered(page, "apply_level")) > 4
    assert offered(page, "apply_title_name") == offered(page, "current_title_name")


def offered(page, key: str) -> set[str]:
    """The codes that a list offers."""
    return {option["value"] for option in page.select(f"#{key} option")}


def test_what_was_returned_and_not_changed_is_said(db, applicant):
    """It is said and holds nothing up; a save without a change is no change."""
    url = f"/mine/show/{RETURNED}?check=1"
    said = "退回的模块还没有改动：%s"
    page = applicant.open(url)
    assert page.texts("#submit .zc-note") == [said % "论文信息、材料附件"]
    with Session(db.engine) as session:
        paper = session.get(Declaration, RETURNED).paper[0].id
        files = select(Attachment.uid).where(Attachment.declaration_id == RETURNED)
        file = session.scalars(files.where(Attachment.proof == "A01")).one()
    form = applicant.open(f"/mine/{RETURNED}/paper/edit/{paper}").form(FORM)
    page = form.send()
    assert applicant.open(url).texts("#submit .zc-note") == [said % "论文信息、材料附件"]
    page.form(FORM).send(title="改正后的题目")
    page = applicant.open(url)
    assert page.texts("#submit .zc-note") == [said % "材料附件"]
    applicant.post(f"/files/{file}/delete", data={"csrf_token": applicant.csrf_token})
    sent = {"csrf_token": applicant.csrf_token, "file": (io.BytesIO(jpeg()), "新证件.jpg")}
    answer = applicant.client.post(f"/uploads/{RETURNED}/materials/A01", data=sent)
    assert answer.status_code == 302
    assert applicant.open(url).texts("#submit .zc-note") == []
    assert applicant.open(f"/mine/show/{DRAFT}?check=1").texts("#submit .zc-note") == []


def test_an_empty_code_is_asked_for(applicant):
    page = applicant.open("/binding/?code=%20", 400)
    assert "请输入统一社会信用代码。" in page.texts("#error-code")[0]
    assert page.one("#code")["aria-invalid"] == "true"
    assert not applicant.open("/binding/").select("#error-code")


def test_the_number_comes_with_the_submission(applicant):
    page = applicant.open(f"/mine/{DRAFT}/basic_info/list/")
    facts = dict(zip(page.texts("#form dt"), page.texts("#form dd"), strict=True))
    assert facts["申报编号"] == "提交后生成"


def test_every_choice_that_is_narrowed_is_one():
    """The columns that are compared are there, and so are the fields beside it."""
    for section in BY_KEY.values():
        for narrowing in section.narrowed:
            table = book().table(section.fields[narrowing.field].codes)
            assert not narrowing.beside or narrowing.beside in section.fields
            assert not narrowing.scope or hasattr(Notice, narrowing.scope)
            assert not narrowing.column or all(narrowing.column in e.extra for e in table.values())


def test_the_unit_is_not_left_while_it_has_a_declaration(applicant):
    """The applicant is told which one, and stays bound."""
    form = applicant.open("/binding/").form("form[action*='/binding/end/']")
    page = form.send(409)
    assert "有没办结的申报“" in page.text and "办结以后才能解除绑定。" in page.text
    assert page.form("form[action*='/binding/end/']").action == form.action
