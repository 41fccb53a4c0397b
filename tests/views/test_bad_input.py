"""WSTG-INPV, ASVS 2.2, 16.5: whatever is typed or put into an address, the answer is a sentence
in Chinese with the right status, nothing is half saved, and what was typed is still there."""

import io
import re
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.declaration import Declaration
from models.notice import Notice
from models.sections.paper import Paper
from tests.adapters.samples import jpeg, pdf
from tests.digest import digest
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import STATES, two_units

pytestmark = pytest.mark.world(build=two_units)

BIG = "9" * 5000
LATIN = re.compile(r"[A-Za-z]{2,}")
KNOWN = {
    "PDF", "JPG", "PNG", "DOC", "DOCX", "KB", "MB", "ISSN", "ISBN", "CN", "TV", "CSV", "ZL",
    "SCI", "EI", "SSCI", "CSSCI", "CSCD", "AHCI", "ISTP", "CPCI", "Ctrl", "Enter", "Esc", "pdf",
    "jpg", "exe", "Excel",
}  # fmt: skip
"""Latin words that a reader of these pages knows. Whatever else is Latin came out of a
framework or a database."""

PEOPLE = {"applicant", "agent", "manager", "data", "admin", "bureau", *map(str.lower, STATES)}
"""Names of the world."""

CODES = re.compile(r"请求 [0-9a-f]{8}|[0-9A-Z]{18}")
"""The number of a request, 统一社会信用代码."""


def strangers(page, typed: str = "") -> set[str]:
    """Latin words that can be read on a page, those aside that stand in what was typed."""
    own = set(LATIN.findall(typed)) | PEOPLE
    # Hints name examples, and file names keep their extension.
    for tag in page.select(".zc-opt, .zc-hint, .nm, option, title, .zc-entry, .zc-file"):
        own |= set(LATIN.findall(tag.get_text()))
    return set(LATIN.findall(CODES.sub("", page.text))) - KNOWN - own


@contextmanager
def nothing_changes(db, but: str = ""):
    before = digest(db)
    yield
    after = digest(db)
    assert after | {but: None} == before | {but: None}


@pytest.fixture
def applicant(client):
    client.login("applicant", PASSWORD)
    return client


ADDRESSES = [
    ("applicant", "/mine/show/abc", 404),
    ("applicant", "/mine/show/-1", 404),
    ("applicant", f"/mine/show/{BIG}", 404),
    ("applicant", "/mine/show/1?check=%00", 400),
    ("applicant", "/mine/show/1?%00=1", 400),
    ("applicant", "/mine/show/%00", 400),
    ("applicant", "/mine/1/paper/edit/x%27%20OR%201=1--", 404),
    ("applicant", f"/mine/{2**63}/paper/list/", 404),
    ("applicant", "/mine/1/nosuch/list/", 404),
    ("applicant", "/mine/1/assessment/add", 404),
    ("applicant", "/files/%2e%2e%2f%2e%2e%2fapp.py", 404),
    ("applicant", "/files/" + "0" * 32 + "/page/0", 404),
    ("applicant", "/binding/?code=%27%3BDROP%20TABLE", 400),
    ("applicant", "/binding/?code=" + "9" * 3000, 400),
    ("applicant", "/binding/?code=%ED%A0%80", 400),
    ("agent", "/audit/list/?page=-1", 200),
    ("agent", "/audit/list/?page=abc&sort=id_no&state=nothing", 200),
    ("agent", f"/audit/list/?page={10**9}&notice={10**9}", 200),
    ("agent", f"/audit/list/?page={BIG}", 400),
    ("agent", f"/audit/list/?notice={2**63}", 200),
    ("agent", "/audit/list/?notice=-1&q=%F0%A0%AE%B7%E2%80%AE%25_'\"", 200),
    ("agent", f"/audit/next/{2**31}", 404),
    ("agent", "/reviewed/list/?_oc_Reviewed=person.id_no_index&_od_Reviewed=asc", 400),
    ("agent", "/reviewed/list/?_oc_Reviewed=specialty&_od_Reviewed=asc", 400),
    ("agent", "/reviewed/list/?_oc_Reviewed=declare_no&_od_Reviewed=nonsense", 200),
    ("agent", "/reviewed/list/?_flt_0_person_id=1", 400),
    ("agent", "/reviewed/list/?_flt_0_declare_no=%00", 400),
    ("agent", "/reviewed/list/?_flt_9_declare_no=1", 400),
    ("agent", "/reviewed/list/?page_Reviewed=-1", 400),
    ("agent", "/reviewed/list/?page_Reviewed=1&psize_Reviewed=abc", 400),
    ("agent", "/reviewed/list/?page_Reviewed=99999", 200),
    ("agent", "/reviewed/list/?psize_Reviewed=999999999", 200),
    ("agent", f"/reviewed/list/?psize_Reviewed={BIG}", 400),
    ("agent", "/reviewed/list/?endpoint=x&_scheme=javascript", 400),
    ("agent", "/reviewed/list/?_external=1&_anchor=x&_method=x", 400),
    ("agent", "/requests/list/?after=-1", 400),
    ("agent", f"/requests/list/?before={BIG}", 400),
    ("agent", "/requests/list/?tab=nothing", 400),
    ("agent", "/send/abc", 404),
    ("manager", "/offices/list/?_oc_Offices=telephone&_od_Offices=asc", 400),
    ("manager", "/offices/list/?_flt_0_telephone=1", 400),
    ("manager", "/offices/list/?_flt_x_name=1", 400),
    ("manager", "/notices/list/?_flt_0_year=" + "9" * 400, 200),
    ("manager", "/notices/list/?_flt_0_year=abc", 200),
    ("data", "/console/declaration/?sort=2", 400),
    ("data", "/console/declaration/?sort=99", 400),
    ("data", "/console/declaration/?sort=abc&page=abc&page_size=abc", 200),
    ("data", f"/console/declaration/?page={10**9}&page_size={10**9}", 200),
    ("data", f"/console/declaration/?page={10**30}&page_size={10**30}", 200),
    ("data", f"/console/declaration/?page={BIG}", 400),
    ("data", "/console/declaration/?page=-5&page_size=-5", 200),
    ("data", "/console/declaration/?flt0_nothing=1", 400),
    ("data", "/console/declaration/?flt1_notice=abc", 400),
    ("data", f"/console/declaration/?flt1_notice={BIG}", 400),
    ("data", "/console/declaration/?flt5_since=2026-02-31", 400),
    ("data", "/console/declaration/details/?id=abc", 404),
    ("data", f"/console/declaration/details/?id={10**30}", 404),
    ("data", "/console/declaration/details/", 404),
    ("data", "/console/declaration/export/docx/", 404),
    ("admin", "/accounts/list/?order=password", 400),
    ("admin", f"/accounts/list/?after={BIG}", 400),
    ("admin", "/accounts/list/?active=2", 400),
    ("admin", "/accounts/edit/0", 404),
]


@pytest.mark.parametrize("username", ["applicant", "agent", "manager", "data", "admin"])
def test_what_an_address_cannot_mean(db, client, username):
    client.login(username, PASSWORD)
    faults = []
    with nothing_changes(db):
        for user, address, status in ADDRESSES:
            if user != username:
                continue
            answer = client.client.get(address, follow_redirects=True)
            page = client._went(answer, answer.status_code)
            typed = address if status == 200 else ""
            if answer.status_code != status or strangers(page, typed):
                faults.append(f"{address[:90]}: {answer.status_code} {strangers(page, typed)}")
    assert not faults, "\n" + "\n".join(faults)


# What is typed into the form of a paper: field, value, what the answer says.
TYPED = [
    ("title", "", "请填写论文（著作）题目"),
    ("title", " \u3000\t ", "请填写论文（著作）题目"),
    ("title", "长" * 201, "最多 200 字，现在是 201 字"),
    ("title", "甲\x00乙", "含有无法保存的控制字符"),
    ("title", "甲\x07乙", "含有无法保存的控制字符"),
    ("title", "甲\u202e乙\u2066", "含有无法保存的控制字符"),
    ("abstract", "长" * 501, "最多 500 字，现在是 501 字"),
    ("paper_kind", "99", "请从列表中选择"),
    ("paper_kind", "1\x00", "请从列表中选择"),
    ("paper_kind", "", "请选择类别"),
    ("author_order", "一", "请填写数字"),
    ("author_order", "NaN", "请填写数字"),
    ("author_order", "Infinity", "请填写数字"),
    ("author_order", "1e999999", "请填写数字"),
    ("author_order", "1.5", "小数最多 0 位"),
    ("author_order", "-1", "应在 1 到 999 之间"),
    ("author_order", "0", "应在 1 到 999 之间"),
    ("author_order", str(10**9), "应在 1 到 999 之间"),
    ("author_order", "9" * 5000, "请填写数字"),
    ("author_order", "4", "排名应在 1 到总人数 3 之间"),
    ("impact_factor", "0.0001", "小数最多 3 位"),
    ("impact_factor", str(10**9), "之间"),
    ("similarity", "100.01", "应在 0 到 100 之间"),
    ("publish_date", ["2023", "13"], "年月应类似"),
    ("publish_date", ["2023", ""], "请填写月份"),
    ("publish_date", ["99999999999999999999", "1"], "年月应类似"),
    ("publish_date", ["9" * 5000, "1"], "年月应类似"),
    ("publish_date", ["2999", "1"], "还没有到"),
    ("publish_date", ["０", "1"], "年月应类似"),
    ("issn", "1234-5678", "ISSN 的校验位不对"),
    ("index", ["1", "\x00"], "请从列表中选择"),
    ("is_representative", "2", "请选择是否为代表性论文著作"),
]
WRITTEN = ("title", "abstract", "author_order", "impact_factor", "similarity", "issn")


def test_what_a_field_cannot_mean(db, applicant):
    form = applicant.open("/mine/1/paper/edit/1").form("form#form")
    faults = []
    with nothing_changes(db):
        for field, value, words in TYPED:
            page = form.send(status=400, **{field: value, "pages": "第1—9页"})
            shown = " ".join(page.texts(".zc-errmsg, .zc-errsum"))
            values = page.form("form#form").values
            if words not in shown:
                faults.append(f"{field}={str(value)[:20]!r}: {shown}")
            if values["pages"] != "第1—9页" or strangers(page, str(value)):
                faults.append(f"{field}: {values['pages']} {strangers(page, str(value))}")
            kept = re.sub(r"[\x00\x07\u202e\u2066]", "", str(value)).strip()
            if isinstance(value, str) and kept and field in WRITTEN and values[field] != kept:
                faults.append(f"{field}: {kept[:20]} was typed, {values.get(field)[:20]} is there")
    assert not faults, "\n" + "\n".join(faults)


KEPT = (
    "𠮷野家与龘靐齉",
    "👨‍👩‍👧‍👦 家庭 🇨🇳",
    "e\u0301té",
    "<b>x</b> & \"q\" 'a'",
    "%(name)s {{ 7*7 }} %s {0}",
    "'; DROP TABLE paper; --",
    "甲\u200d乙",
    "\U000f0000私",
)


def test_what_people_write_is_kept_as_it_is(applicant, session):
    page = applicant.open("/mine/1/paper/edit/1")
    for title in KEPT:
        page = page.form("form#form").send(title=title)
        assert page.form("form#form").values["title"] == title
        assert session.get(Paper, 1).title == title
        session.rollback()
        assert title in applicant.open("/mine/1/paper/list/").text
        assert " ".join(title.split()) in applicant.open("/print/1/publicity").text


def test_bytes_that_are_no_text(applicant, session):
    """Half a surrogate pair, broken UTF-8, and bytes that are not even percent signs."""
    form = applicant.open("/mine/1/paper/edit/1").form("form#form")
    data = {k: v for k, v in form.values.items() if k != "title"}
    kind = "application/x-www-form-urlencoded"
    for broken in ("%ED%A0%80", "%FF%FE", "%E4%BD", "%C0%80"):
        body = f"{urlencode(data, doseq=True)}&title=x{broken}"
        answer = applicant.client.post(form.action, data=body, content_type=kind)
        assert answer.status_code == 302
        assert session.get(Paper, 1).title == f"x{broken}"  # as it came, and not as bytes
        session.rollback()
        form = applicant.open("/mine/1/paper/edit/1").form("form#form")
        data["version"] = form.values["version"]
    raw = urlencode(data, doseq=True).encode() + b"&title=x\xed\xa0\x80"
    assert applicant.client.post(form.action, data=raw, content_type=kind).status_code == 400


def test_a_stale_form_shows_both_and_keeps_what_was_typed(db, applicant, session):
    first = applicant.open("/mine/1/paper/edit/1").form("form#form")
    second = applicant.open("/mine/1/paper/edit/1").form("form#form")
    first.send(pages="1-9", publication="水利水电")
    with nothing_changes(db):
        page = second.send(status=409, pages="11-19")
    assert "改过这条记录。您填写的内容还在本页" in page.text
    rows = {row[0]: row[1:] for row in page.rows("#conflict tbody tr")}
    assert rows["起止页码"] == ["11-19", "1-9"]
    assert rows["刊物（会议、论文集）名称"][1] == "水利水电"
    assert page.form("form#form").values["pages"] == "11-19"
    page.form("form#form").send()
    session.expire_all()
    assert session.get(Paper, 1).pages == "11-19"


def test_a_stale_form_of_a_section_with_one_record(db, applicant):
    form = applicant.open("/mine/1/innovation/list/").form("form#form")
    form.send(content="甲法")
    with nothing_changes(db):
        page = form.send(status=409, content="乙法")
        again = applicant.post(
            "/mine/1/innovation/add", 409, {"csrf_token": applicant.csrf_token, "content": "丙法"}
        )
    for shown, typed in ((page, "乙法"), (again, "丙法")):
        assert shown.rows("#conflict tbody tr") == [["创新技术改革方法", typed, "甲法"]]
        assert shown.form("form#form").values["content"] == typed
    again.form("form#form").send()
    assert applicant.open("/mine/1/innovation/list/").form("form#form").values["content"] == "丙法"


def test_a_stale_year(db, applicant):
    form = applicant.open("/mine/1/continuing_education/list/").form("form#form")
    year = next(name for name in form.values if name.endswith("public_hours"))
    form.send(**{year: "31"})
    with nothing_changes(db):
        page = form.send(status=409, **{year: "32"})
    assert "改过这条记录。您填写的内容还在本页" in page.text
    assert page.form("form#form").values[year] == "32"
    assert "现在保存的是：31" in page.one(f"#error-{year}").get_text()
    assert page.form("form#form").send().form("form#form").values[year] == "32"


def test_a_form_that_does_not_say_what_it_shows(db, applicant):
    """Decisions 15: without the version nobody can know whether something would be lost."""
    form = applicant.open("/mine/1/paper/edit/1").form("form#form")
    for version in (None, "", "abc", "-1", "1.0", BIG):
        with nothing_changes(db):
            page = form.send(status=400, version=version, title="没有看过")
        assert "提交的内容不完整，没有保存" in page.text
        assert page.form("form#form").values["title"] == "没有看过"
    assert "没有看过" in page.one("#conflict").get_text()  # and what is kept stands beside it
    assert page.form("form#form").send().form("form#form").values["title"] == "没有看过"


def test_nothing_is_deleted_unseen(db, applicant):
    with Session(db.engine) as session:
        version = session.get(Paper, 2).version
    token = {"csrf_token": applicant.open("/mine/1/paper/list/").browser.csrf_token}
    seen = applicant.page.form("form[action$='/delete/2']")
    assert seen.values["version"] == str(version)
    url = "/mine/1/paper/delete/2"
    with nothing_changes(db):
        for unread in ({}, {"version": ""}, {"version": "abc"}):
            assert "提交的内容不完整" in applicant.post(url, 400, token | unread).text
    applicant.open("/mine/1/paper/edit/2").form("form#form").send(title="另一个窗口改的")
    with nothing_changes(db):
        page = seen.send(status=409)
    assert "改过这条记录，没有删除。请刷新页面" in page.text
    applicant.open("/mine/1/paper/list/").form("form[action$='/delete/2']").send()
    with Session(db.engine) as session:
        assert session.get(Paper, 2) is None


def test_a_stale_decision(db, client):
    client.login("agent", PASSWORD)
    form = client.open("/audit/3").form("form:has([name=opinion])")
    form.send(button="then=stay", **{"verdict-paper": "right", "opinion": "先记一笔"})
    with nothing_changes(db):
        page = form.send(status=409, action="stop", opinion="另一个意见")
    assert "在别的窗口处理了这份申报，本页的内容已经过时" in page.text
    assert "另一个意见" in page.text


def test_a_record_that_is_gone(db, applicant):
    form = applicant.open("/mine/1/paper/edit/2").form("form#form")
    token = {"csrf_token": applicant.csrf_token}
    applicant.page.form("form[action$='/delete/2']").send()
    with nothing_changes(db):
        page = form.send(status=404)
        assert "已经被删除" in page.text or "没有找到" in page.text
        applicant.post("/mine/1/paper/delete/2", 404, token)
        applicant.post("/mine/1/paper/delete/999", 404, token)


def test_decisions_that_make_no_sense(db, client):
    client.login("agent", PASSWORD)
    form = client.open("/audit/3").form("form:has([name=opinion])")
    sent = [
        (400, {"action": ""}, "请选择审核结果"),
        (400, {"action": "nonsense"}, "请选择审核结果"),
        (400, {"opinion": "长" * 1001}, "审核意见最多 1000 字"),
        (400, {"verdict-paper": "wrong", "note-paper": "长" * 201}, "问题说明最多 200 字"),
        (400, {"action": "back", "target": BIG}, "请选择退回给谁"),
        (400, {"action": "back", "target": "", "opinion": "x"}, "请选择退回给谁"),
        (409, {"action": "back", "target": "applicant"}, "请至少把一个模块标为有误"),
        (409, {"action": "back", "target": "999"}, "请选择要退回的下级审核机构"),
        (409, {"action": "back", "target": "999", "opinion": "x"}, "请选择要退回的下级审核机构"),
        (409, {"action": "pass", "verdict-nosuch": "right"}, "个模块没有审"),
        (409, {"action": "stop", "opinion": " \x00 "}, "请填写审核意见"),
        (400, {"action": "pass", "version": BIG}, "页面内容不完整，没有保存"),
        (400, {"then": "stay", "version": ""}, "页面内容不完整，没有保存"),
    ]
    faults = []
    with nothing_changes(db):
        for status, fields, words in sent:
            page = form.send(status=status, **{"opinion": "", "action": "pass"} | fields)
            if words not in page.text or strangers(page, str(fields)):
                faults.append(f"{str(fields)[:60]}: {page.texts('.zc-errsum')} {strangers(page)}")
    assert not faults, "\n" + "\n".join(faults)


def test_sending_what_cannot_be_sent(db, client):
    client.login("agent", PASSWORD)
    form = client.open("/send/1").form("form:has([name=batch])")
    sent = [
        (400, {"id": None}, "请先勾选要送审的申报"),
        (400, {"id": ["abc", "-1", "²"]}, "请先勾选要送审的申报"),
        (400, {"id": [BIG, str(2**63)]}, "请先勾选要送审的申报"),
        (409, {"id": ["4", "12"]}, "1 份不能送审，一份也没有送出"),
        (409, {"id": ["4", "3"]}, "不能送审"),
        (404, {"batch": "\x00"}, "没有找到这个批次"),
        (404, {"batch": "x" * 500}, "没有找到这个批次"),
    ]
    faults = []
    with nothing_changes(db):
        for status, fields, words in sent:
            page = form.send(status=status, **fields)
            if words not in page.text or strangers(page):
                faults.append(f"{str(fields)[:60]}: {page.text[:300]} {strangers(page)}")
    assert not faults, "\n" + "\n".join(faults)


def test_names_that_nobody_has(db, client):
    """The login says the same to all of them, and is no oracle for what the database takes.
    That they were tried is counted, and nothing else is written."""
    names = [
        "nobody",
        "",
        "applicant\x00",
        "applicant'--",
        "𠮷",
        "x" * 5000,
        "APPLICANT",
        " applicant",
    ]
    texts = set()
    with nothing_changes(db, but="throttle"):
        for name in names:
            form = client.open("/login/").form("form:has(input[name=password])")
            page = form.send(status=400, username=name, password="Water\x00")
            texts.add(" ".join(page.texts(".zc-flash")))
            assert not strangers(page, name)
    assert texts == {"用户名或密码不对，请重新输入。", "请填写用户名和密码。"}


FILES = [
    (415, "论文.exe", b"MZ" + bytes(100), "这里只收"),
    (415, "论文.pdf", b"MZ" + bytes(100), "内容不是"),
    (415, "论文.pdf", jpeg(), "扩展名"),
    (415, "论文", pdf(), "这里只收"),
    (400, "论文.pdf", b"", "文件是空的"),
    (400, "论文.pdf", b"%PDF-1.7 nothing", "不完整或已损坏"),
    (413, "论文.pdf", b"%PDF-1.7" + bytes(20 * 2**20), "文件超过 20 MB"),
    (413, "论文.pdf", b"%PDF-1.7" + bytes(21 * 2**20), "太大"),
    (400, "", b"", "请先选择要上传的文件"),
]


def send_file(browser, url: str, token: str, content: bytes, name: str, headers=None):
    """A form with one file, encoded here: the client would leave temporary files open."""
    data = {"csrf_token": token, "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(url, data=body, content_type=kind, headers=headers)


def test_files_that_are_not_taken(db, applicant):
    applicant.open("/mine/1/paper/edit/1")
    uid = re.search(r"/A32\?record=([0-9a-f]{32})", applicant.page.response.text)[1]
    token, url = applicant.csrf_token, f"/uploads/1/paper/A32?record={uid}"
    faults = []
    with nothing_changes(db):
        for status, name, content, words in FILES:
            for ajax in ({}, {"X-Requested-With": "XMLHttpRequest"}):
                answer = send_file(applicant, url, token, content, name, ajax)
                said = answer.json["error"] if ajax else answer.text
                if answer.status_code != status or words not in said:
                    faults.append(f"{name} {words}: {answer.status_code} {said[:200]}")
                if ajax and set(LATIN.findall(said)) - KNOWN - {"pdf", "jpg", "exe"}:
                    faults.append(said)
    assert not faults, "\n" + "\n".join(faults)


def test_places_where_no_file_goes(db, applicant):
    applicant.open("/mine/1/paper/edit/1")
    token = applicant.csrf_token
    with nothing_changes(db):
        for url, status in (
            ("/uploads/1/nosuch/A32", 404),
            ("/uploads/1/paper/A01", 404),
            ("/uploads/1/paper/Z99", 404),
            ("/uploads/1/paper/A32", 404),
            ("/uploads/1/paper/A32?record=" + "0" * 32, 404),
            ("/uploads/1/paper/A32?record=%00", 400),
            (f"/uploads/{BIG}/paper/A32", 404),
            ("/uploads/2/award/A80?record=" + "0" * 32, 403),
        ):
            assert send_file(applicant, url, token, pdf(), "x.pdf").status_code == status, url


def test_when_the_window_is_over(db, applicant, session: Session):
    """R08: a submission that comes too late changes nothing and says why."""
    declaration = session.get(Declaration, 2)  # returned by the unit
    past = session.scalar(select(Notice.declare_start)) - timedelta(days=9)
    ended = {"declare_start": past, "declare_end": past + timedelta(1),
             "audit_start": past, "audit_end": past + timedelta(2)}  # fmt: skip
    session.execute(update(Notice).where(Notice.id == declaration.notice_id).values(**ended))
    session.execute(text("UPDATE notice SET published = published"))
    session.commit()
    page = applicant.open("/mine/show/2?check=1")
    with nothing_changes(db):
        data = {"csrf_token": applicant.csrf_token, "promise": "y", "version": declaration.version}
        page = applicant.post("/mine/submit/2", 409, data)
    assert "推荐单位的审核时间已经结束" in page.text
    assert not strangers(page)


def test_a_notice_that_is_closed_cannot_be_answered(db, client, session: Session):
    late = session.scalar(select(Notice.declare_start)) - timedelta(days=9)
    session.execute(update(Notice).values(declare_start=late, declare_end=late + timedelta(1)))
    session.commit()
    client.login("submitted", PASSWORD)
    form = client.open("/mine/begin/2").form()
    with nothing_changes(db):
        page = form.send(status=409, read=["1", "2"])
    assert "现在不在申报时间内" in page.text


def test_a_draft_that_is_not_complete_is_not_taken(db, applicant):
    applicant.open("/mine/show/1?check=1")
    with Session(db.engine) as session:
        version = session.get(Declaration, 1).version
    data = {"csrf_token": applicant.csrf_token, "promise": "y"}
    for seen, words in ((version, "数据验证还有"), (BIG, "已经过时"), ("", "已经过时")):
        with nothing_changes(db):
            page = applicant.post("/mine/submit/1", 409, data | {"version": seen})
        assert words in page.text and not strangers(page)
