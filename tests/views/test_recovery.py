"""找回密码: whoever reads the code sets the password; nobody else learns anything."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.journal import Line
from models.onetime import PAUSE, OneTimeCode
from models.outbox import Message
from models.people import Account
from tests.client import Browser, Page
from tests.views.test_guessing import signs
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.portals import AGENT, APPLICANT, MOBILE, OTHER
from tests.worlds.reached import reached
from views.recovery import PLACE

pytestmark = pytest.mark.world(build=reached)

UNIT, OTHER_UNIT, NOWHERE = uscc_of(2), uscc_of(3), uscc_of(77)
NEW = "Bridge-2027-Stone"
FORM = "main form:not([action])"

KNOWN = {
    "person": {"who": id_no_of(APPLICANT)},
    "legal": {"who": UNIT},
    "agent": {"code": UNIT, "who": MOBILE},
}


def messages(db) -> list[tuple[str, str, str, str]]:
    """State, channel, mask and words of all that was posted."""
    vault = db.app.extensions["vault"]
    with Session(db.engine) as session:
        rows = session.scalars(select(Message).order_by(Message.id)).all()
        opened = [vault.open_text(r.body_sealed, "outbox", "body", r.uid) for r in rows]
        return [(r.state, r.channel, r.to_mask, text) for r, text in zip(rows, opened, strict=True)]


def code_in(db) -> str:
    """The code that was posted last."""
    return re.search(r"\d{6}", messages(db)[-1][-1])[0]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def asked(client: Browser, kind: str, status: int = 200, **typed: str) -> Page:
    return client.open(f"/recover/{kind}").form(FORM).send(status, **typed)


def asked_once_more(client: Browser, kind: str, status: int = 200, **typed: str) -> Page:
    """The same where a picture is due."""
    page = client.open(f"/recover/{kind}", query={"captcha": 1})
    return page.form(FORM).send(status, **typed, captcha=signs(page))


def proved(db, client: Browser, kind: str = "person") -> Page:
    """As far as the new password."""
    return asked(client, kind, **KNOWN[kind]).form(FORM).send(code=code_in(db))


@pytest.mark.parametrize(
    ("kind", "typed", "channel", "mask"),
    [
        ("person", KNOWN["person"], "SMS", "139****0002"),
        ("person", {"who": OTHER}, "SMS", "139****0002"),
        ("legal", KNOWN["legal"], "MAIL", "l***@example.com"),
        ("legal", {"who": "jiangyuan"}, "MAIL", "l***@example.com"),
        ("agent", KNOWN["agent"], "SMS", "139****0001"),
        ("agent", {"code": UNIT.lower(), "who": id_no_of(AGENT)}, "SMS", "139****0001"),
    ],
)
def test_a_code_opens_the_way_to_a_new_password(db, client, kind, typed, channel, mask):
    page = asked(client, kind, **typed)
    assert messages(db)[-1][:3] == ("WAITING", channel, mask)
    page = page.form(FORM).send(code=code_in(db))
    labels = [words.partition(" ")[0] for words in page.texts("main label")]
    assert labels == ["新密码", "再次输入新密码"]
    page = page.form(FORM).send(password=NEW, again=NEW)
    assert page.url == f"/login/{kind}"
    assert page.texts(".zc-flash") == ["密码已重新设置，请用新密码登录。"]
    page.form().send(400, **typed | {"password": PASSWORD})
    assert page.form().send(**typed | {"password": NEW}).url != f"/login/{kind}"
    said = "职评：您的登录密码已用验证码重新设置。不是您本人操作时，请立即联系管理员。"
    assert messages(db)[1:] == [("WAITING", channel, mask, said)]


UNKNOWN = {
    "person": {"who": id_no_of(99)},
    "legal": {"who": NOWHERE},
    "agent": {"code": OTHER_UNIT, "who": OTHER},
}


def sizes_in(db, client: Browser) -> dict[str, int]:
    """How long each value in the cookie is. The cookie itself is packed: what is as long in it
    is now and then a character longer outside, whoever it is about."""
    cookie = client.client.get_cookie("__Host-zhiping", path="/")
    packed = db.app.session_interface.get_signing_serializer(db.app).loads(cookie.value)
    return {name: len(str(value)) for name, value in packed.items()}


@pytest.mark.parametrize("kind", KNOWN)
def test_nothing_is_learnt_of_whether_there_is_an_account(db, count_statements, kind):
    """The same pages, statuses, sizes of cookies and statements, at every step."""
    asked(Browser(db.app), "legal", who=uscc_of(78))  # the first line of the journal costs more
    answers = []
    for typed in (KNOWN[kind], UNKNOWN[kind]):
        client, seen_here = Browser(db.app), []
        steps = [
            lambda c=client, t=typed: asked(c, kind, **t),
            lambda c=client: c.open("/recover/code").form(FORM).send(400, code=other(code_in(db))),
            lambda c=client, t=typed: asked(c, kind, 429, **t),
            lambda c=client: c.open("/recover/code").form("form[action]").send(),
        ]
        for step in steps:
            with count_statements() as seen:
                page = step()
            text = re.sub(r"\d+ 秒", "", page.text)
            seen_here.append((page.status, page.url, text, list(seen), sizes_in(db, client)))
        answers.append(seen_here)
    for known, unknown in zip(*answers, strict=True):
        assert known == unknown
    assert [m[0] for m in messages(db)] == ["NOBODY", "WAITING", "NOBODY"]


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("person", {"who": ""}, "请填写身份证号或手机号。"),
        ("person", {"who": "220702198503120111"}, "身份证号的校验位不对，请照证件核对。"),
        ("legal", {"who": UNIT[:-1] + "0"}, "统一社会信用代码的校验位不对，请照证书核对。"),
        ("agent", {"code": UNIT, "who": "123"}, "请填写 18 位身份证号或 11 位手机号。"),
    ],
)
def test_what_can_be_no_number_is_told_at_its_field(db, client, kind, typed, words):
    page = asked(client, kind, 400, **typed)
    assert [e.removeprefix("错误： ").strip() for e in page.texts(".zc-errmsg")] == [f"{words}"]
    assert {name: page.form(FORM).values[name] for name in typed} == typed
    assert messages(db) == []


def test_the_sixth_guess_is_not_looked_at_and_what_is_no_code_is_no_guess(db, client):
    page = asked(client, "person", **KNOWN["person"])
    code = code_in(db)
    for typed in ("", "12345", "abcdef"):
        page = page.form(FORM).send(400, code=typed)
        assert "请填写收到的 6 位数字验证码。" in page.text
    for left in (4, 3, 2, 1):
        page = page.form(FORM).send(400, code=other(code), captcha=signs(page))
        assert f"验证码不对，还可以再试 {left} 次。" in page.text
    page = page.form(FORM).send(400, code=other(code), captcha=signs(page))
    assert re.search("验证码已输错 5 次，不能再用。请 [0-9]+ 秒后重新获取。", page.text)
    page = page.form(FORM).send(429, code=code)
    assert "连续出错的次数太多，为了安全暂停使用。" in page.text
    client.open("/recover/password")
    assert client.page.url == "/"


def test_a_code_of_one_account_opens_no_other(db, client):
    asked(client, "person", **KNOWN["person"])
    code, thief = code_in(db), Browser(db.app)
    page = asked(thief, "agent", **KNOWN["agent"])
    if code_in(db) != code:
        page.form(FORM).send(400, code=code)
        assert thief.open("/recover/password").url == "/"


def test_a_weak_password_is_told_and_the_way_stays_open(db, client):
    page = proved(db, client).form(FORM).send(400, password="short", again="short")
    assert "密码" in page.one(".zc-errmsg").get_text()
    page = client.open("/recover/password").form(FORM).send(password=NEW, again=NEW)
    assert page.url == "/login/person"


def test_the_password_that_is_lost_cannot_be_the_new_one(db, client):
    page = proved(db, client).form(FORM).send(400, password=PASSWORD, again=PASSWORD)
    assert "这个密码最近用过，请换一个。" in page.text


def test_all_that_was_open_ends(db, client):
    """The cookie of before is dead at the next request."""
    old = Browser(db.app)
    old.login("applicant", PASSWORD)
    proved(db, client).form(FORM).send(password=NEW, again=NEW)
    assert old.open("/mine/list/").url.startswith("/login/")


def test_asking_again_and_again_is_stopped(db, client):
    """For a number that nobody has just as for one that somebody has."""
    for typed in (KNOWN["person"], UNKNOWN["person"]):
        asked(client, "person", **typed)
        for _ in range(2):
            asked(client, "person", 429, **typed)
        for _ in range(2):
            asked_once_more(client, "person", 429, **typed)
        page = asked_once_more(client, "person", 429, **typed)
        assert "连续出错的次数太多，为了安全暂停使用。" in page.text
    assert [m[0] for m in messages(db)] == ["WAITING", "NOBODY"]


def test_who_asks_by_another_name_until_it_is_blocked_leaves_the_code_good(db, client):
    asked(client, "person", who=OTHER)
    code = code_in(db)
    for status in (200, 429, 429):
        asked(Browser(db.app), "person", status, **KNOWN["person"])
    # With the first it was asked for five times now.
    asked_once_more(Browser(db.app), "person", 429, **KNOWN["person"])
    with Session(db.engine) as session:
        for row in session.scalars(select(OneTimeCode)):
            row.made_at -= PAUSE
        session.commit()
    asked(Browser(db.app), "person", who=OTHER)
    assert [m[0] for m in messages(db)] == ["WAITING", "WAITING", "NOBODY"]
    assert client.open("/recover/code").form(FORM).send(code=code).url == "/recover/password"


def test_a_proof_is_good_for_one_password(db, client):
    """Also where somebody has kept the cookie."""
    page = proved(db, client)
    with client.client.session_transaction() as session:
        copied = session["recovery"]
    page.form(FORM).send(password=NEW, again=NEW)
    thief = Browser(db.app)
    thief.open("/recover/person")
    with thief.client.session_transaction() as session:
        session["recovery"] = copied
    form = thief.open("/recover/password").form(FORM)
    page = form.send(409, password=NEW + "2", again=NEW + "2")
    assert "这次找回密码已经失效，请从第一步重新开始。" in page.text
    client.open("/login/person").form().send(**KNOWN["person"], password=NEW)


@pytest.mark.parametrize("changed", [{"until": "2026-01-01T00:00:00+00:00"}, {"username": "agent"}])
def test_a_proof_that_is_old_or_of_another_opens_nothing(db, client, changed):
    proved(db, client)
    vault = db.app.extensions["vault"]
    with client.client.session_transaction() as session:
        state = json.loads(vault.open_text(urlsafe_b64decode(session["recovery"]), *PLACE))
        sealed = vault.seal_text(json.dumps(state | changed), *PLACE)
        session["recovery"] = urlsafe_b64encode(sealed).decode()
    page = client.open("/recover/password").form(FORM).send(409, password=NEW, again=NEW)
    assert "已经失效" in page.text


@pytest.mark.parametrize("step", ["code", "password"])
def test_no_step_is_left_out(client, step):
    page = client.open(f"/recover/{step}")
    assert page.url == "/"
    assert page.texts(".zc-flash") == ["这次找回密码已经失效，请从第一步重新开始。"]


def test_it_is_in_the_journal_without_what_was_typed(db, client):
    proved(db, client).form(FORM).send(password=NEW, again=NEW)
    asked(Browser(db.app), "person", **UNKNOWN["person"])
    with Session(db.engine) as session:
        lines = session.scalars(select(Line).order_by(Line.id)).all()
    assert [(line.act, line.actor, line.object_id) for line in lines] == [
        ("recover", "applicant", "applicant"),
        ("prove", "applicant", "applicant"),
        ("password", "applicant", "applicant"),
        ("recover", "", ""),
    ]
    said = repr([(line.actor, line.object_id, line.detail) for line in lines])
    assert not re.search(r"\d{6}", said) and NEW not in said


def test_the_cookie_tells_nothing(db, client):
    asked(client, "person", **KNOWN["person"])
    with client.client.session_transaction() as session:
        assert id_no_of(APPLICANT) not in json.dumps(dict(session))


def test_a_code_to_the_telephone_that_was_lost_counts_no_more(db, client, session):
    """Another number was entered, before the code was typed or before the new password was."""
    page = asked(client, "agent", **KNOWN["agent"] | {"who": id_no_of(AGENT)})
    code = code_in(db)
    session.get(Account, "agent").mobile = "13904380009"
    session.commit()
    assert "验证码不对" in page.form(FORM).send(400, code=code).one("#error-code").get_text()
    session.get(Account, "agent").mobile = MOBILE
    session.commit()
    page = page.form(FORM).send(code=code)
    session.get(Account, "agent").mobile = "13904380009"
    session.commit()
    page = page.form(FORM).send(409, password=NEW, again=NEW)
    assert "这次找回密码已经失效" in page.text
