"""日志: what its reader finds, takes away and proves; and that nobody can take a line out."""

import ast
import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from authlib.oidc.core import CodeIDToken
from sqlalchemy import select, update

from adapters.signon import PlatformDown
from models import verification
from models.clock import SHANGHAI
from models.clock import now as clock
from models.journal import GENESIS, Head, Journal, Line, note
from models.trail import ACTS, DETAILS, KINDS, REASONS
from models.verification import Verification
from tests.client import Browser
from tests.test_house_style import sources
from tests.worlds.base import PASSWORD, managed

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"
NUMBER = "22010219850312001X"


@pytest.fixture
def auditor(client) -> Browser:
    client.login("auditor", PASSWORD)
    return client


@pytest.fixture
def write(app, session):
    """Notes lines as the program does."""

    def lines(*entries: tuple, **detail) -> None:
        for entry in entries:
            note(session, *entry, **detail)
        session.flush()
        app.extensions["journal"].write(session)
        session.commit()

    return lines


def numbers(page) -> list[int]:
    return [int(row[0]) for row in page.rows()]


def last(session) -> Line:
    session.rollback()
    return session.scalars(select(Line).order_by(Line.id.desc())).first()


def test_reads_the_newest_first_in_words(auditor, write):
    write(("agent", "refuse", "binding", 7), reason="不是本单位的人")
    page = auditor.open("/journal/list/")
    assert auditor.open("/").heading == "日志"
    newest, *_rest = page.rows()
    assert newest[2:] == ["agent", "不同意", "单位绑定 7", "原因：不是本单位的人"]
    assert numbers(page) == sorted(numbers(page), reverse=True)


def test_tells_the_words_of_the_program_as_words_of_people(auditor, write):
    """And leaves what people typed as it is, whatever it looks like."""
    write(("a", "link", "account", "b"), capacity="person", by="operator", reason="operator")
    newest, *_rest = auditor.open("/journal/list/?actor=a").rows()
    assert newest[3] == "关联统一身份认证"
    assert newest[5] == "凭：运维命令 身份：个人 原因：operator"


def test_a_refused_identity_is_told_in_words_on_the_screen_and_in_the_file(auditor, write):
    """The code of its reason stays in the journal; what people typed is left alone."""
    write(("", "refuse", "identity", "person"), reason="no account")
    write(("", "refuse", "identity", "person"), reason="unheard of")
    write(("agent", "refuse", "binding", 7), reason="no account")
    rows = auditor.open("/journal/list/?act=refuse").rows()
    assert [(row[3], row[5]) for row in rows] == [
        ("不同意", "原因：no account"),
        ("拒绝登录", "原因：unheard of"),
        ("拒绝登录", "原因：本系统没有对应的账号"),
    ]
    answer = auditor.client.get("/journal/export?act=refuse", buffered=True)
    _headings, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [(line[3], json.loads(line[6])) for line in lines] == [
        ("不同意", {"reason": "no account"}),
        ("拒绝登录", {"reason": "unheard of"}),
        ("拒绝登录", {"reason": "本系统没有对应的账号"}),
    ]
    options = auditor.page.one("select[name=act]").select("option[value=refuse]")
    assert [option.get_text() for option in options] == ["不同意、拒绝登录"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("actor=a1", {"a1/open/declaration/1", "a1/open/declaration/2", "a1/role/account/x"}),
        ("act=role", {"a1/role/account/x", "a2/role/account/y"}),
        ("kind=account&actor=a2", {"a2/role/account/y"}),
        ("kind=declaration&object_id=2", {"a1/open/declaration/2"}),
        ("actor=A1", set()),
        ("object_id=%25", set()),
        ("actor=a%25", set()),
    ],
)
def test_finds_lines(auditor, write, query, found):
    write(
        ("a1", "open", "declaration", 1), ("a1", "open", "declaration", 2),
        ("a1", "role", "account", "x"), ("a2", "role", "account", "y"),
    )  # fmt: skip
    rows = auditor.open(f"/journal/list/?{query}").rows()
    keys = {word: key for key, word in {**ACTS, **KINDS}.items()}
    seen = {
        "/".join((row[2], keys[row[3]], keys[row[4].split()[0]], row[4].split()[1])) for row in rows
    }
    assert seen == found


def test_days_are_those_of_shanghai(auditor, session, write):
    """A line of 23:30 and one of half an hour after midnight."""
    day = (clock(session) - timedelta(days=40)).astimezone(SHANGHAI).date()
    late = datetime(day.year, day.month, day.day, 23, 30, tzinfo=SHANGHAI)
    write(("a", "open", "declaration", 1), ("a", "open", "declaration", 2))
    for object_id, at in (("1", late), ("2", late + timedelta(hours=1))):
        here = (Line.actor == "a", Line.object_id == object_id)
        session.execute(update(Line).where(*here).values(at=at.astimezone(UTC)))
    session.commit()
    for first, last_, found in ((day, day, ["1"]), (day + timedelta(days=1), "", ["2"])):
        page = auditor.open(f"/journal/list/?actor=a&since={first}&until={last_}")
        assert [row[4].split()[1] for row in page.rows()] == found
    both = auditor.open(f"/journal/list/?actor=a&since={day}&until={day + timedelta(days=1)}")
    assert len(both.rows()) == 2


@pytest.mark.parametrize(
    "query",
    ["act=sql", "kind=x", "since=yesterday", "until=2026-13-01", "since=0001-01-01", "after=x"],
)
def test_refuses_what_makes_no_sense(auditor, query):
    auditor.open(f"/journal/list/?{query}", status=400)


def test_pages_by_keys(auditor, write, count_statements):
    write(*(("a", "open", "declaration", n) for n in range(120)))
    page = auditor.open("/journal/list/?actor=a")
    seen = numbers(page)
    while page.select("a[rel=next]"):
        page = page.follow("下一页")
        seen += numbers(page)
    assert len(seen) == 120 and seen == sorted(seen, reverse=True)
    with count_statements() as many:
        auditor.open("/journal/list/?actor=a")
    with count_statements() as few:
        auditor.open("/journal/list/?actor=auditor")
    assert abs(len(many) - len(few)) <= 1  # nothing to count where all is on the page


def test_no_identity_number_is_written_or_shown(auditor, session, write):
    """The second line is one of a time when that was not looked at."""
    write(("agent", "refuse", "binding", 1), reason=f"身份证{NUMBER}的人", sha256="2" * 64)
    line = last(session)
    assert json.loads(line.detail) == {"reason": "身份证220102********001X的人", "sha256": "2" * 64}
    session.execute(
        update(Line).where(Line.id == line.id).values(detail=f'{{"reason": "{NUMBER}"}}')
    )
    session.commit()
    page = auditor.open("/journal/list/?actor=agent")
    assert "220102********001X" in page.text and NUMBER not in page.response.text


def test_exports_what_is_asked_for(auditor, session, write):
    write(
        ("=cmd()", "role", "account", "x"), ("other", "role", "account", "y"),
        reason="=1+1",
    )  # fmt: skip
    answer = auditor.client.get("/journal/export?actor=%3Dcmd()", buffered=True)
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    headings, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert headings == ["序号", "时间", "账号", "操作", "对象", "对象编号", "内容", "校验值"]
    session.rollback()
    line = session.scalars(select(Line).where(Line.actor == "=cmd()")).one()
    at = f"{line.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    assert rows == [
        [str(line.id), at, "'=cmd()", "改变角色", "账号", "x", line.detail, f"'{line.mac}"]
    ]
    said = last(session)
    detail = json.loads(said.detail)
    assert (said.actor, said.act, said.object_id) == ("auditor", "export", "journal")
    assert (detail["conditions"], detail["count"]) == ({"actor": "=cmd()"}, 1)


# Verification.


def verify(auditor, piece: int, monkeypatch) -> list[str]:
    """Go on until it has ended, as the script does; what the page says then."""
    monkeypatch.setattr(verification, "go_on", slowly(piece))
    page = auditor.open("/journal/verify/").form(FORM).send()
    steps = 0
    while page.select("form[data-runs]"):
        page = page.form("form[data-runs]").send()
        steps += 1
        assert steps < 100
    return page.texts("main h2, main li.zc-li")


def slowly(piece: int, go_on=verification.go_on):
    return lambda *given: go_on(*given, piece=piece)


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_a_whole_journal_is_whole_in_pieces(auditor, session, write, monkeypatch, piece):
    write(*(("a", "open", "declaration", n) for n in range(20)))
    assert verify(auditor, piece, monkeypatch) == ["日志完整，没有被改动"]
    line = last(session)
    assert (line.actor, line.act) == ("auditor", "verify")
    assert json.loads(line.detail) == {"faults": 0, "lines": line.id - 1, "whole": True}


@pytest.mark.parametrize("piece", [3, 5, 1000])
def test_it_says_where_it_is_broken(auditor, session, write, monkeypatch, piece):
    write(*(("a", "open", "declaration", n) for n in range(20)))
    session.execute(update(Line).where(Line.id == 10).values(actor="b"))
    session.commit()
    assert verify(auditor, piece, monkeypatch) == [
        "发现 1 处问题", "第 10 行或它前面一行不是当时写下的。",
    ]  # fmt: skip


def test_it_is_stopped_and_gone_on_with_by_nobody(auditor, session, monkeypatch, write):
    write(*(("a", "open", "declaration", n) for n in range(20)))
    monkeypatch.setattr(verification, "go_on", slowly(5))
    page = auditor.open("/journal/verify/").form(FORM).send()
    page = page.form("form[data-runs]").send()
    token = page.form("form[data-runs]").values
    answer = auditor.client.post(
        page.form("form[data-runs]").action.replace("?", ""),
        data=token,
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    said = answer.get_json()
    assert (said["position"], said["faults"], said["done"]) == (10, 0, False)
    page = page.form("form[action$=stop]").send()
    assert "已停止，没有校验完" in page.text
    assert json.loads(last(session).detail) == {"faults": 0, "lines": 10, "whole": False}
    pk = session.scalars(select(Verification.id)).one()
    session.rollback()
    auditor.post(f"/journal/verify/{pk}/on", 409, token)


def test_pieces_see_what_the_whole_sees(app, session, write):
    """Whatever is done to the lines, pieces of any size find a fault where one walk finds one."""
    write(*(("a", "open", "declaration", n) for n in range(12)))
    journal = app.extensions["journal"]
    tamperings = [
        update(Line).where(Line.id == 6).values(detail='{"x": 1}'),
        Line.__table__.delete().where(Line.id == 5),
        Line.__table__.delete().where(Line.id > 8),
        update(Head).values(count=3),
        update(Line).where(Line.id == 12).values(mac=GENESIS),
        update(Line).where(Line.id == 12).values(id=13),
    ]
    for tamper in tamperings:
        session.execute(tamper)
        assert list(journal.verify(session))
        for most in (1, 4, 5, 100):
            assert in_pieces(journal, session, most), (str(tamper), most)
        session.rollback()
    assert in_pieces(journal, session, 4) == []


def in_pieces(journal: Journal, session, most: int) -> list:
    found, after, at_end = [], 0, False
    while not at_end:
        after, at_end, faults = journal.verify_some(session, after, most)
        found += faults
    return found


# For ever, and in words.


def test_nothing_takes_a_line_out():
    """网络安全法 asks for six months; here all lines stay for good."""
    faults = [
        f"{name}:{node.lineno} {ast.unparse(node)[:80]}"
        for name, tree in sources("models", "adapters", "views", "demo", ".")
        for node in ast.walk(tree)
        if takes_out(node)
    ]
    assert faults == []


def takes_out(node: ast.AST) -> bool:
    """Whether this deletes or rewrites lines: by an expression, or by words of SQL."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = " ".join(node.value.lower().split())
        return any(f"{verb} journal" in words for verb in ("delete from", "truncate", "update"))
    if not isinstance(node, ast.Call):
        return False
    named = {part.id for arg in node.args for part in ast.walk(arg) if isinstance(part, ast.Name)}
    called = ast.unparse(node.func).split(".")[-1]
    return called in ("delete", "update", "merge") and "Line" in named


@pytest.mark.parametrize(
    "code",
    [
        "session.execute(delete(Line))", "session.execute(update(Line).values(actor='x'))",
        "session.delete(session.get(Line, 1))", "text('DELETE  FROM journal')",
        "text('truncate journal')",
    ],
)  # fmt: skip
def test_taking_out_would_be_seen(code):
    assert any(takes_out(node) for node in ast.walk(ast.parse(code)))


def test_all_that_the_program_notes_has_its_word():
    """Acts, kinds and details as they stand in the calls; others come of what has words."""
    faults = []
    for name, tree in sources("models", "views", "."):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) != "note":
                continue
            texts = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            act, kind = (texts + [None] * 5)[2:4]
            keys = [word.arg for word in node.keywords if word.arg]
            faults += [f"{name}:{node.lineno} act {act}"] if act and act not in ACTS else []
            faults += [f"{name}:{node.lineno} kind {kind}"] if kind and kind not in KINDS else []
            faults += [f"{name}:{node.lineno} detail {k}" for k in keys if k not in DETAILS]
    assert faults == []


def test_every_reason_of_a_refused_identity_has_its_word():
    """Those in the calls, and the claims that a token can fail by."""
    made = ("NotOpened", "TokenRefused")
    said = {
        node.args[0].value
        for _name, tree in sources("models", "views", "adapters")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in made
        if isinstance(node.args[0], ast.Constant)
    }
    claims = set(CodeIDToken.REGISTERED_CLAIMS) & set(vars_of(CodeIDToken))
    assert (said | claims | {PlatformDown.reason}) - set(REASONS) == set()


def vars_of(kind: type) -> list[str]:
    """The claims that a kind of token has a check for."""
    return [name.removeprefix("validate_") for name in dir(kind) if name.startswith("validate_")]
