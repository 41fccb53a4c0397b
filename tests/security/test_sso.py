"""Single sign-on against a provider in a process of its own (OpenID Connect Core 3.1, RFC 9700)."""

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from adapters.passwords import hashed
from models.claims import ClaimMap, Kind
from models.identities import Burnt, Identity
from models.journal import Line
from models.people import Account, Person
from models.sessions import LoginSession, hash_of
from tests.client import Browser, Page
from tests.security.at_provider import Provider, Visitor, running
from tests.security.provider import FAULTS
from tests.security.test_headers import NEXT, stays
from tests.worlds.base import PASSWORD, id_no_of, uscc_of
from tests.worlds.signing_on import signing_on
from views.guard import PUBLIC

pytestmark = pytest.mark.world(build=signing_on)

UNIT, OTHER = uscc_of(2), uscc_of(3)
GAO = {"sub": "u-1001", "account_kind": "person", "id_number": id_no_of(1), "id_verified": True}
LI = GAO | {"sub": "u-1002", "id_number": id_no_of(2)}
LI_AGENT = LI | {"account_kind": "agent", "unit_code": UNIT}
LEGAL = {"sub": "u-2001", "account_kind": "legal", "unit_code": UNIT, "id_verified": True}

WRONG = id_no_of(1)[:-1] + ("0" if id_no_of(1)[-1] != "0" else "1")

PATIENCE = 0.5
"""Seconds for an answer that does not come: those of the others cost milliseconds."""

REFUSED = "无法核实"
UNLINKED = {
    "not verified": (GAO | {"id_verified": False}, "person", "完成实名认证"),
    "a word for true": (GAO | {"id_verified": "yes"}, "person", "完成实名认证"),
    "nobody says it": (
        {k: v for k, v in GAO.items() if k != "id_verified"}, "person", "完成实名认证",
    ),
    "no number": (GAO | {"id_number": ""}, "person", "没有提供有效"),
    "a wrong check digit": (GAO | {"id_number": WRONG}, "person", "没有提供有效"),
    "a list of numbers": (GAO | {"id_number": [id_no_of(1)]}, "person", "没有提供有效"),
    "nobody's number": (GAO | {"id_number": id_no_of(77)}, "person", "办理个人注册"),
    "a person without account": (GAO | {"id_number": id_no_of(3)}, "person", "办理个人注册"),
    "an agent at the person's door": (LI_AGENT, "person", "不是个人身份"),
    "a person at the agent's door": (LI, "agent", "不是经办人身份"),
    "a unit at the person's door": (LEGAL, "person", "不是个人身份"),
    "a kind that we do not know": (GAO | {"account_kind": "admin"}, "person", "不是个人身份"),
    "no kind": (GAO | {"account_kind": None}, "person", "不是个人身份"),
    "an agent of nobody": (LI_AGENT | {"unit_code": ""}, "agent", "没有提供有效"),
    "an agent of another unit": (LI_AGENT | {"unit_code": OTHER}, "agent", "设为经办人"),
    "a unit without account": (LEGAL | {"unit_code": uscc_of(1)}, "legal", "法人账号"),
    "an unverified unit": (LEGAL | {"id_verified": False}, "legal", "完成实名认证"),
    "the unit's agent as the unit": (LI_AGENT, "legal", "不是法人身份"),
}  # fmt: skip
"""What is there to sign in with, at which door, and what the page says."""

REASONS = {
    "another nonce": "nonce", "no nonce": "nonce", "another audience": "aud",
    "two audiences": "azp", "another issuer": "iss", "expired": "exp", "too old": "iat",
    "from the future": "iat", "no subject": "sub", "empty subject": "sub", "no expiry": "exp",
    "another access token": "at_hash", "unsigned": "signature", "foreign key": "signature",
    "unknown key": "signature", "public key as secret": "signature",
    "client secret as key": "signature", "garbled": "signature", "no token": "no token",
    "no text": "no token", "nonsense": "signature",
}  # fmt: skip
"""What the journal says of each fault of the provider."""


@pytest.fixture(scope="module")
def process() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(process) -> Provider:
    process.reset()
    return process


@pytest.fixture
def make(db, provider) -> Iterator[Callable[..., Visitor]]:
    """Makes a browser at an application that leaves the login to the provider."""
    engines = []

    def made(**agreed) -> Visitor:
        app = db.make_app(SIGN_ON=provider.signon(**agreed))
        with app.app_context():
            engines.append(app.extensions["sqlalchemy"].engine)
        return Visitor(app)

    yield made
    for engine in engines:
        engine.dispose()


@pytest.fixture
def visitor(make) -> Visitor:
    return make()


def journal(session, act: str) -> list[tuple[str, str, dict]]:
    """The lines of an act: who, which object, the detail."""
    query = select(Line.actor, Line.object_id, Line.detail).where(Line.act == act)
    lines = session.execute(query.order_by(Line.id)).all()
    session.rollback()
    return [(actor, id_, json.loads(detail)) for actor, id_, detail in lines]


def reasons(session) -> list[str]:
    return [detail["reason"] for _actor, _kind, detail in journal(session, "refuse")]


def linked(session) -> dict[str, str]:
    """The accounts that have an identity, with its kind."""
    rows = session.execute(select(Identity.username, Identity.kind)).all()
    session.rollback()
    return dict(map(tuple, rows))


def together(works: list[Callable]) -> list:
    """What each gives when all begin at once."""
    barrier = Barrier(len(works))

    def run(work: Callable):
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def who(page: Page) -> str:
    """Whose page it is; empty if nobody is signed in."""
    names = page.texts(".zc-menu.zc-hide-m > summary")
    return names[0] if names else ""


@pytest.mark.parametrize(
    ("user", "kind", "username", "home"),
    [
        (GAO, "person", "applicant", "/mine/list/"),
        (LEGAL, "legal", "legal", "/agents/list/"),
        (LI_AGENT, "agent", "agent", "/audit/list/"),
    ],
)
def test_the_first_login_links_and_the_second_asks_for_no_number(
    visitor, provider, session, user, kind, username, home
):
    provider.steer(user=user)
    assert visitor.signs_in(kind).url == home
    assert linked(session) == {username: kind}
    assert journal(session, "link") == [(username, username, {"capacity": kind})]
    assert journal(session, "login") == [(username, username, {})]
    # From now on the subject alone says who it is.
    other = Visitor(visitor.app)
    provider.steer(user={"sub": user["sub"], "account_kind": kind, "id_number": id_no_of(9)})
    assert other.signs_in(kind).url == home
    assert linked(session) == {username: kind}
    assert len(journal(session, "link")) == 1


def test_what_the_browser_carries_tells_and_proves_nothing_new(visitor, provider, session):
    provider.steer(user=GAO)
    back = visitor.depart("person")
    asked = provider.steer()["asked"]
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["account_kind"] == "person" and asked["scope"] == "openid profile"
    with visitor.client.session_transaction() as cookie:
        begun = cookie["sso"]
        assert set(begun) == {"state", "nonce", "verifier", "kind", "next", "at"}
        assert (begun["state"], begun["nonce"]) == (asked["state"], asked["nonce"])
        assert begun["verifier"] not in asked.values()
    visitor.open(back)
    with visitor.client.session_transaction() as cookie:
        kept = {"_user_id", "_fresh", "_permanent", "_id", "csrf_token", "locale", "sid"}
        assert set(cookie) <= kept
    # The subject may be an identity number: it lies in no column and in no line.
    row = session.scalars(select(Identity)).one()
    kept = f"{row.subject} {row.username} {session.scalars(select(Line.detail)).all()}"
    assert GAO["sub"] not in kept and GAO["id_number"] not in kept


@pytest.mark.parametrize("case", UNLINKED)
def test_who_is_not_known_for_sure_opens_nothing(visitor, provider, session, case):
    user, kind, words = UNLINKED[case]
    provider.steer(user=user)
    page = visitor.signs_in(kind, 403)
    assert (page.heading, who(page)) == ("没有登录", "")
    assert words in page.text
    assert linked(session) == {}
    assert [(a, k) for a, k, _ in journal(session, "refuse")] == [("", kind)]
    assert visitor.open("/mine/list/").url.startswith("/sso/")


def test_every_fault_of_a_token_is_refused(visitor, provider, session):
    assert set(REASONS) == set(FAULTS)
    for number, (fault, reason) in enumerate(REASONS.items(), 1):
        provider.steer(user=GAO, fault=fault)
        page = visitor.signs_in(status=403)
        assert REFUSED in page.text and who(page) == "", fault
        assert reasons(session)[number - 1 :] == [reason], fault
    assert linked(session) == {}
    provider.steer(fault="")
    assert visitor.signs_in().url == "/mine/list/"


def test_an_authentication_that_is_too_weak_is_refused(make, provider, session):
    visitor = make(acr=("level3", "level4"))
    for user in (GAO, GAO | {"acr": "level1"}):
        provider.steer(user=user)
        assert REFUSED in visitor.signs_in(status=403).text
    assert provider.steer()["asked"]["acr_values"] == "level3 level4"
    assert reasons(session) == ["acr", "acr"]
    provider.steer(user=GAO | {"acr": "level4"})
    assert visitor.signs_in().url == "/mine/list/"


def test_a_code_and_a_state_are_good_once(visitor, provider, session):
    provider.steer(user=GAO)
    back = visitor.depart()
    with visitor.client.session_transaction() as cookie:
        copied = dict(cookie)
    visitor.open(back)
    assert "不是从本页开始的" in visitor.open(back, 400).text
    thief = Visitor(visitor.app)
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert REFUSED in thief.open(back, 403).text
    assert reasons(session) == ["code"]


def test_a_provider_that_gives_two_tokens_for_a_code_does_not_open_twice(
    visitor, provider, session
):
    provider.steer(user=GAO, fault="codes live for ever")
    back = visitor.depart()
    with visitor.client.session_transaction() as cookie:
        copied = dict(cookie)
    visitor.open(back)
    thief = Visitor(visitor.app)
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert REFUSED in thief.open(back, 403).text
    assert reasons(session) == ["replayed"]
    assert len(session.scalars(select(Burnt)).all()) == 1


def test_a_callback_without_a_login_of_this_browser_is_refused(visitor, provider, session):
    """Login CSRF: the answer to somebody else's login, and one that began too long ago."""
    provider.steer(user=GAO)
    stranger = Visitor(visitor.app)
    foreign = stranger.depart()
    for wrong in (foreign, "/sso/callback", "/sso/callback?state=&code=x", "/sso/callback?code=x"):
        assert "不是从本页开始的" in visitor.open(wrong, 400).text
    mine = visitor.depart()
    for wrong in (foreign, "/sso/callback?code=x", "/sso/callback?state=你"):
        assert "不是从本页开始的" in visitor.open(wrong, 400).text
    assert visitor.open(mine).url == "/mine/list/"  # no foreign answer has ended this one
    with stranger.client.session_transaction() as cookie:
        cookie["sso"] |= {"at": cookie["sso"]["at"] - 601}
    assert "不是从本页开始的" in stranger.open(foreign, 400).text
    assert reasons(session) == []


def test_what_the_provider_says_instead_of_a_code(visitor, provider, session):
    provider.steer(user=GAO, fault="denied")
    assert "没有在统一身份认证平台完成登录" in visitor.signs_in(status=403).text
    provider.steer(fault="")
    back = visitor.depart() + "&iss=http://127.0.0.1:1"  # RFC 9207: another provider's answer
    assert REFUSED in visitor.open(back, 403).text
    back = visitor.depart().replace("code=", "kode=")
    assert REFUSED in visitor.open(back, 403).text
    back = visitor.depart() + "&error=server_error"
    assert "连接不上" in visitor.open(back, 503).text
    assert reasons(session) == ["denied", "iss", "code", "down"]
    assert linked(session) == {}


def test_an_account_belongs_to_one_identity_of_the_platform(visitor, provider, session):
    """Another user of the platform with the same verified number is not let in by it."""
    provider.steer(user=GAO)
    visitor.signs_in()
    provider.steer(user=GAO | {"sub": "u-9"})
    page = Visitor(visitor.app).signs_in(status=403)
    assert "已经关联了另一个统一身份认证用户" in page.text
    assert linked(session) == {"applicant": "person"}
    # Subjects are letter by letter what they are.
    provider.steer(user=GAO | {"sub": GAO["sub"].upper()})
    assert Visitor(visitor.app).signs_in(status=403).heading == "没有登录"
    assert reasons(session) == ["linked to another", "linked to another"]


def test_one_person_in_two_capacities_has_two_accounts(visitor, provider, session):
    provider.steer(user=LI)
    assert visitor.signs_in("person").url == "/mine/list/"
    provider.steer(user=LI_AGENT)
    assert Visitor(visitor.app).signs_in("agent").url == "/audit/list/"
    assert linked(session) == {"limin": "person", "agent": "agent"}
    provider.steer(user=LI_AGENT | {"unit_code": OTHER})
    page = Visitor(visitor.app).signs_in("agent", 403)
    assert "不是同一个单位" in page.text
    assert reasons(session) == ["another unit"]


def test_a_disabled_account_stays_shut_and_is_not_linked(visitor, provider, session):
    session.execute(update(User).where(User.username == "applicant").values(active=False))
    session.commit()
    provider.steer(user=GAO)
    assert "账号已停用" in visitor.signs_in(status=403).text
    assert linked(session) == {} and reasons(session) == ["disabled"]
    assert journal(session, "login") == journal(session, "link") == []


def test_a_mobile_comes_with_the_link_if_it_is_nobody_elses(visitor, provider, session):
    provider.steer(user=GAO | {"mobile": "13900000001"})
    visitor.signs_in()
    provider.steer(user=LI | {"mobile": "13900000001"})
    assert Visitor(visitor.app).signs_in().url == "/mine/list/"
    mobiles = session.execute(select(Account.username, Account.mobile).where(Account.mobile != ""))
    assert mobiles.all() == [("applicant", "13900000001")]


def test_the_claims_have_the_names_of_the_deployment(make, provider, session):
    names = {"kind": "usertype", "number": "cardid", "verified": "authlevel"}
    values = {
        "verified_values": frozenset({"3", "4"}),
        "kinds": dict(zip("123", Kind, strict=True)),
    }
    visitor = make(claims=ClaimMap(**names, **values))
    gao = {"sub": "7", "usertype": 1, "cardid": id_no_of(1), "authlevel": 2}
    provider.steer(user=gao)
    assert "完成实名认证" in visitor.signs_in(status=403).text
    assert provider.steer()["asked"]["usertype"] == "1"
    provider.steer(user=gao | {"authlevel": "4"})
    assert visitor.signs_in().url == "/mine/list/"


def test_new_keys_of_the_provider_are_fetched(make, provider, monkeypatch):
    monkeypatch.setattr("adapters.oidc.PAUSE", -1)
    visitor = make()
    provider.steer(user=GAO)
    visitor.signs_in()
    provider.steer(rotate=True)
    assert Visitor(visitor.app).signs_in().url == "/mine/list/"


@pytest.mark.parametrize("fault", ["slow", "broken", "elsewhere"])
def test_a_provider_in_trouble_is_a_clear_page(make, provider, session, fault):
    visitor = make(patience=PATIENCE)
    provider.steer(user=GAO)
    back = visitor.depart()
    provider.steer(fault=fault)
    page = visitor.open(back, 503)
    assert page.heading == "统一身份认证暂时用不了" and "请过几分钟再试" in page.text
    assert reasons(session) == ["down"] and linked(session) == {}
    provider.steer(fault="")
    assert visitor.signs_in().url == "/mine/list/"


@pytest.mark.parametrize("fault", ["slow", "broken", "another name"])
def test_no_login_begins_at_a_provider_in_trouble(make, provider, session, fault):
    visitor = make(patience=PATIENCE)
    provider.steer(user=GAO, fault=fault)
    for _attempt in range(2):
        page = visitor.open("/sso/start?kind=person", 503)
        assert page.heading == "统一身份认证暂时用不了"
    assert reasons(session) == ["down"]  # once a minute: anybody can ask


def test_a_provider_that_is_gone_does_not_open_the_local_door(make, session):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    visitor = make(issuer=nowhere)
    assert "连接不上" in visitor.open("/sso/start?kind=person", 503).text
    assert visitor.open("/login/").url == "/sso/"
    assert reasons(session) == ["down"]


def test_the_way_afterwards_stays_on_this_host(visitor, provider):
    provider.steer(user=GAO)
    for wanted in NEXT:
        browser = Visitor(visitor.app)
        answer = browser.answered(next=wanted)
        assert answer.status_code == 302 and stays(answer.location), wanted
        again = browser.client.get("/sso/start", query_string={"kind": "person", "next": wanted})
        assert again.status_code == 302 and stays(again.location), wanted
    browser = Visitor(visitor.app)
    back = browser.depart(next="/mine/list/?page=1") + "&next=//evil.test"
    assert browser.client.get(back).location == "/mine/list/?page=1"
    long = Visitor(visitor.app).answered(next="/mine/list/?x=" + "x" * 1500)
    assert long.location == "/"  # a cookie that is too long would be lost with all that is in it


def test_a_page_that_was_asked_for_is_reached(visitor, provider):
    provider.steer(user=GAO)
    page = visitor.open("/binding/?x=1")
    assert page.heading == "登录"
    link = next(a["href"] for a in page.select("a[href]") if "个人登录" in a.get_text())
    assert link == "/sso/start?kind=person&next=/binding/?x%3D1"
    assert visitor.signs_in(next="/binding/?x=1").url == "/binding/?x=1"


def test_the_host_of_a_request_is_in_no_address(visitor, provider):
    provider.steer(user=GAO)
    answer = visitor.client.get("/sso/start?kind=person", headers={"Host": "evil.test"})
    assert "evil.test" not in answer.location


def test_a_strange_host_is_refused(db, provider):
    app = db.make_app(SIGN_ON=provider.signon(), TRUSTED_HOSTS=["zhiping.example"])
    for path in ("/sso/", "/sso/start?kind=person", "/sso/callback?code=1&state=1"):
        answer = app.test_client().get(path, headers={"Host": "evil.test"})
        assert (answer.status_code, "evil" in answer.text) == (400, False)


def test_passwords_open_nothing_any_more(visitor, session):
    page = visitor.open("/login/?next=/mine/list/")
    assert page.url == "/sso/?next=/mine/list/"
    assert page.texts(".zc-lines .zc-btn") == ["个人登录", "法人登录", "经办人登录"]
    form = visitor.open("/sso/emergency/").form()
    token = form.values["csrf_token"]
    data = {"username": "applicant", "password": PASSWORD, "csrf_token": token}
    visitor.post("/login/", 404, data)
    assert "用户名或密码不对" in form.send(400, username="applicant", password=PASSWORD).text
    assert "用户名或密码不对" in form.send(400, username="admin2", password=PASSWORD).text
    assert "用户名或密码不对" in form.send(400, username="admin", password="wrong").text
    assert journal(session, "login") == []
    attempts = [("", "admin", {"name_fits": fits}) for fits in (False, False, True)]
    assert journal(session, "emergency") == attempts


def test_the_emergency_account_is_let_in_and_journaled(visitor, session):
    form = visitor.open("/sso/").follow("管理员应急登录").form()
    assert form.send(username="admin", password=PASSWORD).url == "/accounts/list/"
    assert journal(session, "emergency") == [("", "admin", {"name_fits": True})]
    assert journal(session, "login") == [("admin", "admin", {})]


def test_a_password_that_must_be_changed_holds_up_its_user_alone(visitor, provider, session):
    session.execute(update(Account).values(password_is_first=True))
    session.commit()
    provider.steer(user=GAO)
    assert visitor.signs_in().url == "/mine/list/"
    form = Visitor(visitor.app).open("/sso/emergency/").form()
    assert form.send(username="admin", password=PASSWORD).url == "/password/"


def test_guesses_at_the_emergency_account_are_counted(visitor, session):
    """As at every other door: a captcha after three, and other names do not count for it."""
    form = visitor.open("/sso/emergency/").form()
    pages = [form.send(400, username="applicant", password=PASSWORD) for _guess in range(3)]
    assert [len(page.select("input[name=captcha]")) for page in pages] == [0, 0, 1]
    assert journal(session, "login") == [] and len(journal(session, "emergency")) == 3
    assert form.send(username="admin", password=PASSWORD).url == "/accounts/list/"


def test_what_the_throttle_refuses_fills_no_journal(visitor, session):
    form = visitor.open("/sso/emergency/").form()
    for number in range(30):
        form.send(400, username=f"nobody{number}", password="x")
    assert "暂停使用" in form.send(429, username="admin", password="x").text
    assert len(journal(session, "emergency")) == 30


def test_without_a_name_there_is_no_emergency_account(make):
    visitor = make(emergency="")
    assert "应急" not in visitor.open("/sso/").text
    visitor.open("/sso/emergency/", 404)


def test_no_open_page_asks_for_a_password(visitor, provider):
    """Of all ways in, those that are built after this one too."""
    provider.steer(user=GAO)
    plain = {r.endpoint: r.rule for r in visitor.app.url_map.iter_rules() if not r.arguments}
    asking = {
        endpoint
        for endpoint, rule in plain.items()
        if endpoint in PUBLIC
        and b'type="password"' in Visitor(visitor.app).client.get(rule, follow_redirects=False).data
    }
    assert asking == {"Emergency.login"}
    doors = {"/login/person": "person", "/login/legal": "legal", "/login/agent": "agent"}
    for door, kind in doors.items():
        answer = visitor.client.get(door, query_string={"next": "/x"})
        assert answer.location == f"/sso/start?kind={kind}&next=/x"


def test_without_a_platform_its_addresses_are_not_there(client: Browser):
    for path in ("", "start?kind=person", "callback?code=1&state=1", "emergency/"):
        client.open(f"/sso/{path}", 404)
    client.post("/sso/backchannel", 404, {"logout_token": "x"})
    assert client.login("applicant", PASSWORD).url == "/mine/list/"


def test_who_is_signed_in_is_not_asked_again(visitor, provider):
    provider.steer(user=GAO)
    visitor.signs_in()
    served = provider.steer()["served"]
    for path in ("/sso/", "/sso/start?kind=agent", "/login/"):
        assert visitor.open(path).url == "/mine/list/"
    assert provider.steer()["served"] == served
    visitor.open("/sso/start?kind=boss", 400)


def test_two_first_logins_at_once_are_one_link(visitor, provider, session):
    provider.steer(user=GAO)
    browsers = [Visitor(visitor.app) for _ in range(6)]
    ways = [browser.depart() for browser in browsers]
    answers = together(
        [lambda b=b, w=w: b.client.get(w) for b, w in zip(browsers, ways, strict=True)]
    )
    assert [answer.location for answer in answers] == ["/"] * 6
    assert linked(session) == {"applicant": "person"}
    assert len(journal(session, "link")) == 1 and len(journal(session, "login")) == 6


def test_nothing_was_made_of_persons(visitor, provider, session):
    """An identity that nobody knows leaves no person, no account and no user behind."""
    count = [len(session.scalars(select(kind)).all()) for kind in (Person, Account, User)]
    session.rollback()
    provider.steer(user=GAO | {"id_number": id_no_of(77)})
    visitor.signs_in(status=403)
    assert [len(session.scalars(select(k)).all()) for k in (Person, Account, User)] == count


class Jar:
    """Two people who are signed in by the platform, one of them in two browsers."""

    def __init__(self, visitor: Visitor, provider: Provider):
        self.provider, self.client = provider, visitor.client
        provider.steer(user=GAO | {"sid": "s-1"})
        self.first = visitor
        visitor.signs_in()
        provider.steer(user=GAO | {"sid": "s-2"})
        self.second = Visitor(visitor.app)
        self.second.signs_in()
        provider.steer(user=LI | {"sid": "s-3"})
        self.other = Visitor(visitor.app)
        self.other.signs_in()

    @property
    def alive(self) -> list[bool]:
        """Which of the three are signed in still, by the cookies that they have."""
        browsers = (self.first, self.second, self.other)
        return [b.client.get("/mine/list/").status_code == 200 for b in browsers]

    def tell(self, **claims) -> int:
        """What the platform hears when it tells of a logout, as it does: without a cookie."""
        return self.send(self.provider.logout_token(**claims))

    def send(self, token: str) -> int:
        anybody = self.first.app.test_client()
        answer = anybody.post("/sso/backchannel", data={"logout_token": token})
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status_code


@pytest.fixture
def jar(visitor, provider) -> Jar:
    return Jar(visitor, provider)


@pytest.mark.parametrize(
    ("claims", "alive"),
    [
        ({"sid": "s-1"}, [False, True, True]),
        ({"sub": GAO["sub"], "sid": "s-2"}, [True, False, True]),
        ({"sub": GAO["sub"]}, [False, False, True]),
        ({"sub": "nobody"}, [True, True, True]),
        ({"sid": "s-9"}, [True, True, True]),
    ],
)
def test_who_leaves_the_platform_is_out_here(jar, session, claims, alive):
    assert jar.tell(jti="t-1", **claims) == 200
    assert jar.alive == alive
    out = [("", "applicant", {"by": "platform"})] if not all(alive) else []
    assert journal(session, "logout") == out
    if not alive[0]:
        assert "已在统一身份认证平台退出" in jar.first.open("/mine/list/").text


BAD_LOGOUTS = {
    "an id_token": {"events": None, "nonce": "n"},
    "with a nonce": {"nonce": "n"},
    "no event": {"events": {}},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "a list of events": {"events": ["http://schemas.openid.net/event/backchannel-logout"]},
    "no id": {"jti": None},
    "a number as id": {"jti": 7},
    "nobody": {"sub": None},
    "a list of subjects": {"sub": [GAO["sub"]]},
    "a number as session": {"sid": 1},
    "another audience": {"aud": "another"},
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "expired": {"exp": 1},
    "no expiry": {"exp": None},
    "long ago": {"iat": 1},
    "in the future": {"iat": 2**40},
    "a foreign key": {"foreign": True},
    "unsigned": {"unsigned": True},
}


def test_nobody_else_can_put_anybody_out(jar, session):
    for number, (case, wrong) in enumerate(BAD_LOGOUTS.items()):
        claims = {"sub": GAO["sub"], "jti": f"t-{number}"} | wrong
        assert jar.tell(**claims) == 400, case
    for nonsense in ("", "x", "a.b.c", "你.好.吗", "e30.e30.e30", "x" * 100_000):
        assert jar.send(nonsense) == 400
    assert jar.alive == [True, True, True]
    assert journal(session, "logout") == []


def test_a_logout_token_is_good_once(jar, provider):
    """Who copies one cannot put out who has signed in again."""
    token = provider.logout_token(sub=GAO["sub"], jti="t-1")
    assert jar.send(token) == 200
    provider.steer(user=GAO)
    jar.first.signs_in()
    assert jar.send(token) == 400
    assert jar.alive == [True, False, True]


def test_a_logout_while_the_platform_is_gone_is_told_to_come_again(jar, provider, monkeypatch):
    monkeypatch.setattr("adapters.oidc.KEPT", -1.0)  # as if the keys were forgotten
    token = provider.logout_token(sub=GAO["sub"], jti="t-1")
    provider.steer(fault="broken")
    assert jar.send(token) == 503
    provider.steer(fault="")
    assert jar.send(token) == 200
    assert jar.alive == [False, False, True]


def changes_password(browser: Browser, status: int = 200) -> Page:
    form = browser.open("/password/").form("main form[method=post]")
    return form.send(status, old=PASSWORD, password="Kiesel-2026", again="Kiesel-2026")


def test_who_changes_his_password_is_out_when_he_leaves_the_platform(jar, session):
    """The login goes on under a new key: its session at the platform and its age stay."""
    of_first = LoginSession.sid == hash_of("s-1")
    began = session.scalars(select(LoginSession.opened_at).where(of_first)).one()
    began -= timedelta(hours=11)
    session.execute(update(LoginSession).where(of_first).values(opened_at=began))
    session.commit()
    changes_password(jar.first)
    assert session.scalars(select(LoginSession.opened_at).where(of_first)).one() == began
    session.rollback()
    assert jar.alive == [True, False, True]
    assert jar.tell(jti="t-1", sid="s-1") == 200
    assert jar.alive == [False, False, True]


def test_who_leaves_the_platform_while_his_password_is_changed_is_out(jar, monkeypatch):
    """And has the one that he had: either all of it is done or nothing."""

    def left_meanwhile(password: str) -> str:
        assert jar.tell(jti="t-1", sid="s-1") == 200
        return hashed(password)

    monkeypatch.setattr("views.passwords.hashed", left_meanwhile)
    page = changes_password(jar.first, 409)
    assert "密码没有修改" in page.text
    assert jar.alive == [False, True, True]


def test_the_operator_links_staff_and_lets_them_go(visitor, provider, session):
    runner, manager = visitor.app.test_cli_runner(), {"sub": "u-7", "account_kind": "agent"}
    provider.steer(user=manager)
    assert visitor.signs_in("agent", 403).heading == "没有登录"
    linking = runner.invoke(args=["sso", "link", "manager", "u-7"])
    assert linking.output == "manager signs in as agent\n"
    assert Visitor(visitor.app).signs_in("agent").url == "/notices/list/"
    for username, subject in (("manager", "u-8"), ("agent", "u-7"), ("nobody", "u-9")):
        assert runner.invoke(args=["sso", "link", username, subject]).exit_code == 1
    assert linked(session) == {"manager": "agent"}
    assert runner.invoke(args=["sso", "unlink", "manager"]).output == "1 links removed\n"
    assert Visitor(visitor.app).signs_in("agent", 403).heading == "没有登录"
    lines = [(id_, detail["by"]) for _, id_, detail in journal(session, "link")]
    assert lines == [("manager", "operator")]
    assert journal(session, "unlink") == [("", "manager", {"by": "operator"})]
