"""ASVS 3.x, 7.x; WSTG-SESS, WSTG-CONF, WSTG-CLNT-04: headers, cookies, tokens, ways out."""

import io
import re
import secrets
from urllib.parse import urljoin, urlsplit

import pytest

from adapters.keys import NAMES, WeakKeyError
from adapters.settings import NoHostError, settings
from app import create_app
from models.permissions import Role
from tests.adapters.samples import jpeg
from tests.client import Browser
from tests.security.test_matrix import NOBODY, ROWS, Visitor, asked, rules_of
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import two_units

pytestmark = [pytest.mark.world(build=two_units), pytest.mark.databases("sqlite")]

POLICY = re.compile(
    r"default-src 'self'; script-src 'self' 'nonce-([\w-]{22})'; object-src 'none'; "
    r"frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}

NEXT = (
    "//evil.test", "///evil.test", "////evil.test", "/\\evil.test", "\\\\evil.test", "\\/evil.test",
    "http://evil.test", "https://evil.test", "http:evil.test", "http:/evil.test", "HtTp://evil.t",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.test/.",
    "/\t/evil.test", "/\n/evil.test", "\t//evil.test", " //evil.test", "/%09/evil.test",
    "/%2f%2fevil.test", "/%5cevil.test", "//evil.test%2f@localhost", "http://localhost@evil.test",
    "http://localhost.evil.test", "/.//evil.test", "/x/..//evil.test", "/\u2028/evil.test",
    "/\\\\evil.test", "．．//evil.test", "?next=//evil.test", "", "／／evil.test",
)  # fmt: skip


@pytest.fixture
def applicant(client) -> Browser:
    client.login("applicant", PASSWORD)
    return client


def answers(client) -> dict[str, object]:
    """An answer of each kind."""
    page = client.get("/mine/1/paper/edit/1").text
    file = re.search(r'href="(/files/[0-9a-f]{32})"[^>]*>\s*<img', page)[1]
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    return {
        "page": client.get("/mine/list/"),
        "redirect": client.get("/"),
        "bad": client.post("/mine/discard/1"),
        "forbidden": client.get("/accounts/list/"),
        "missing": client.get("/nowhere"),
        "method": client.get("/binding/ask"),
        "json": client.post("/uploads/1/paper/A32", headers=ajax),
        "large": client.post("/binding/ask", data={"code": "0" * (1 << 20) + "x"}),
        "file": client.get(file, buffered=True),
        "picture": client.get(f"{file}/page/1", buffered=True),
        "thumb": client.get(f"{file}/thumb/1", buffered=True),
        "health": client.get("/healthz"),
    }


STATUSES = {
    "page": 200, "redirect": 302, "bad": 400, "forbidden": 403, "missing": 404, "method": 405,
    "json": 400, "large": 413, "file": 200, "picture": 200, "thumb": 200, "health": 200,
}  # fmt: skip


def test_every_answer_has_the_headers(applicant):
    found = answers(applicant.client)
    assert {kind: answer.status_code for kind, answer in found.items()} == STATUSES
    for kind, answer in found.items():
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, kind
        assert answer.headers["Cache-Control"] == "no-store", kind
        policy = answer.headers["Content-Security-Policy"]
        if kind == "file":
            assert policy == "default-src 'none'; sandbox"
        else:
            assert POLICY.fullmatch(policy), kind
        assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers


def test_files_say_their_kind_and_keep_their_name(applicant):
    answer = answers(applicant.client)["file"]
    assert answer.mimetype == "application/pdf"  # as the row has it, whatever the bytes say
    assert "filename*=UTF-8''%E9%9D%92%E9%B8%BE" in answer.headers["Content-Disposition"]


def test_static_files_may_be_kept_and_have_the_headers(client):
    answer = client.client.get("/static/zc/zc.css", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] != "no-store"
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS


def test_each_answer_has_a_nonce_of_its_own(applicant):
    pages = [applicant.client.get("/mine/list/") for _ in range(3)]
    nonces = [POLICY.fullmatch(page.headers["Content-Security-Policy"])[1] for page in pages]
    assert len(set(nonces)) == 3
    assert all(f'nonce="{nonce}"' in p.text for nonce, p in zip(nonces, pages, strict=True))


@pytest.mark.parametrize(("demo", "secure"), [(False, True), (True, False)])
def test_the_cookie(db, demo, secure):
    answer = db.make_app(DEMO=demo).test_client().get("/login/")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    # RFC 6265bis 4.1.3.2: no other host and no plain connection can plant one of this name.
    assert cookie.startswith("__Host-zhiping=" if secure else "session=")
    assert ("Strict-Transport-Security" in answer.headers) is secure
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert ("secure" in flags) is secure
    assert not any(flag.startswith("domain") for flag in flags)


def test_login_makes_a_new_session_and_a_new_token(client):
    """WSTG-SESS-03: what was planted before the login is worth nothing after it."""
    client.open("/login/")
    planted, token = client.client.get_cookie("__Host-zhiping").value, client.csrf_token
    page = client.login("applicant", PASSWORD)
    assert client.client.get_cookie("__Host-zhiping").value != planted
    assert client.csrf_token != token
    page = client.post("/mine/discard/1", 400, {"csrf_token": token})
    other = Browser(client.app)
    other.client.set_cookie("__Host-zhiping", planted)
    assert other.open("/mine/list/").url == "/?next=/mine/list/"
    assert page.status == 400


def test_logout_only_by_post_and_only_with_the_token(applicant):
    applicant.open("/logout/", status=405)
    applicant.post("/logout/", 400)
    token = applicant.open("/mine/list/").browser.csrf_token
    applicant.post("/logout/", data={"csrf_token": token})
    assert applicant.open("/mine/list/").url.startswith("/login/")


def test_the_way_after_the_login_stays_on_this_host(app):
    assert len(NEXT) >= 30
    for wanted in NEXT:
        browser = Browser(app)
        browser.open("/login/")
        data = {"username": "applicant", "password": PASSWORD, "csrf_token": browser.csrf_token}
        answer = browser.client.post("/login/", query_string={"next": wanted}, data=data)
        assert answer.status_code == 302
        assert stays(answer.location), wanted
        # Who is signed in already is sent on at once.
        again = browser.client.get("/login/", query_string={"next": wanted})
        assert stays(again.location), wanted


def stays(location: str) -> bool:
    """Whether a browser that reads this address stays here (WHATWG URL: tabs and line ends
    are dropped, a backslash is a slash)."""
    read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    there = urlsplit(urljoin("http://localhost/login/", read))
    return (there.scheme, there.netloc) == ("http", "localhost") and "evil" not in there.netloc


def test_a_good_way_is_gone(client):
    answer = client.client.get("/mine/show/1?check=1")
    assert answer.location == "/?next=/mine/show/1?check%3D1"
    page = client.open(answer.location).follow("用户名登录")
    form = page.form("form:has(input[name=password])")
    page = form.send(username="applicant", password=PASSWORD)
    assert page.url == "/mine/show/1?check=1"


@pytest.mark.parametrize(
    "header", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL"]
)
def test_a_forged_host_is_in_no_address(applicant, header):
    for path in ("/mine/list/", "/", "/nowhere", "/mine/show/1"):
        answer = applicant.client.get(path, headers={header: "evil.test"})
        assert "evil" not in answer.text + answer.headers.get("Location", "")


def test_a_redirect_to_the_whole_address_keeps_the_path_alone(client):
    for path, wanted in (
        ("/console", "/console/"),
        ("/binding?code=1&next=//evil.test", "/binding/?code=1&next=//evil.test"),
        ("/mine//list/", "/mine/list/"),
    ):
        answer = client.client.get(path, headers={"Host": "evil.test"})
        assert (answer.status_code, answer.location) == (308, wanted)


def test_a_host_that_is_not_trusted_is_refused(db):
    visitor = db.make_app(TRUSTED_HOSTS=["zhiping.example"]).test_client()
    assert visitor.get("/login/", headers={"Host": "zhiping.example"}).status_code == 200
    for host in ("evil.test", "zhiping.example.evil.test", "zhiping.example@evil.test"):
        answer = visitor.get("/login/", headers={"Host": host})
        assert answer.status_code == 400 and "evil" not in answer.text
        assert "请求的内容不完整" in answer.text
        assert POLICY.fullmatch(answer.headers["Content-Security-Policy"])


def test_the_environment_names_the_hosts_to_trust(db, monkeypatch):
    monkeypatch.setenv("TRUSTED_HOSTS", "zhiping.example www.zhiping.example")
    assert settings({"DEMO": True})["TRUSTED_HOSTS"] == ["zhiping.example", "www.zhiping.example"]
    monkeypatch.delenv("TRUSTED_HOSTS")
    assert settings({"DEMO": True})["TRUSTED_HOSTS"] is None


def test_a_method_cannot_be_put_on_in_a_header(applicant):
    header = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "DELETE"}
    assert applicant.client.get("/mine/discard/1", headers=header).status_code == 405


def test_a_forged_page_of_origin_leads_nowhere_else(applicant):
    page = applicant.open("/mine/1/paper/edit/1")
    form = page.select("form[data-remove]")[0]["action"]
    data = {"csrf_token": applicant.csrf_token}
    where = {"Referer": "http://localhost//evil.test/x"}
    answer = applicant.client.post(form, data=data, headers=where)
    assert (answer.status_code, answer.location) == (302, "/evil.test/x")


def test_every_write_wants_the_token(db):
    """ASVS 3.5.1, WSTG-SESS-05: at every address, for whoever has its desk."""
    faults = []
    for role in Role:
        visitor = Visitor(db, role)
        for endpoint, method in asked(rules_of(db.app)):
            open_ = any(
                row.endpoint == endpoint and row.relation == "own" and role in row.roles.split()
                for row in ROWS
            )
            if method != "POST" or not open_:
                continue
            for visitor.token in ("", "x", secrets.token_hex(20)):
                for values in visitor.sets(visitor.rules[endpoint, method], "own"):
                    url, answer = visitor.go(endpoint, method, values)
                    if answer.status_code != 400:
                        faults.append(f"{url}: {answer.status_code}")
        faults += visitor.watch.changed()
        visitor.watch.close()
    assert NOBODY and not faults, "\n" + "\n".join(faults)


def test_a_file_may_not_be_sent_without_the_token(applicant):
    data = {"file": (io.BytesIO(jpeg()), "x.jpg")}
    assert applicant.client.post("/uploads/1/paper/A32", data=data).status_code == 400


STRONG = {name: secrets.token_hex(32) for name in NAMES.values()}


@pytest.mark.parametrize("name", NAMES.values())
@pytest.mark.parametrize("key", [None, "", "00" * 32, "ab" * 8, "keys", "geheim" * 20, "0123" * 16])
def test_no_start_with_a_missing_or_weak_key(monkeypatch, name, key):
    for other, value in STRONG.items():
        monkeypatch.setenv(other, value)
    if key is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, key)
    monkeypatch.delenv("DEMO", raising=False)
    with pytest.raises(WeakKeyError, match=name):
        create_app()


def test_no_start_where_the_site_has_no_name(monkeypatch):
    for name, value in STRONG.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.setenv("TRUSTED_HOSTS", " ")
    with pytest.raises(NoHostError, match="TRUSTED_HOSTS"):
        create_app()


def test_keys_lie_in_no_page_and_no_setting_that_is_shown(db, applicant):
    keys = db.app.config["KEYS"]
    text = applicant.open("/mine/list/").response.text
    assert keys.secret not in text and keys.journal.hex() not in text
