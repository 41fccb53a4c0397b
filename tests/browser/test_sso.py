"""统一身份认证 in a browser: to the platform and back, out of it, and what is said on the way."""

from collections.abc import Iterator

import pytest
import requests

from tests.security.at_provider import Provider, running
from tests.security.provider import CLIENT, SECRET
from tests.served import served
from tests.worlds.base import PASSWORD, id_no_of
from tests.worlds.signing_on import signing_on

pytestmark = pytest.mark.world(build=signing_on)

GAO = {"sub": "u-1", "account_kind": "person", "id_number": id_no_of(1), "id_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def live_server(bed, provider, tmp_path_factory) -> Iterator[str]:
    """The server of `make run`, with the environment of a deployment that has a platform."""
    var = tmp_path_factory.mktemp("live")
    agreed = {
        "OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_CALLBACK": "{base}/sso/callback", "OIDC_EMERGENCY": "admin", "OIDC_PATIENCE": "1",
    }  # fmt: skip
    url = bed.clone(signing_on, "live", var)
    with served(DATABASE_URL=url, ZHIPING_VAR=str(var), **agreed) as address:
        yield address
    bed.server.drop("live")


@pytest.fixture
def at_platform(provider, live_server) -> Provider:
    """高建国 is signed in at the platform, where nothing is wrong."""
    provider.steer(user=GAO, fault="", callback=f"{live_server}/sso/callback")
    return provider


def by_keyboard(page, words: str) -> None:
    """Go to a link from the top of the page with the tab key, and follow it."""
    for _step in range(12):
        page.tab.keyboard.press("Tab")
        if words in page.tab.evaluate("document.activeElement.textContent"):
            break
    with page.tab.expect_navigation():
        page.tab.keyboard.press("Enter")


def strangers(page, provider: Provider) -> list[str]:
    """What was asked of the platform, which is another host: the way there alone is meant."""
    met = [words for words in page.noise if provider.issuer in words]
    page.noise = [words for words in page.noise if words not in met]
    return met


def test_in_by_the_platform_and_out_by_it(page, at_platform, live_server):
    page.open("/mine/list/")
    assert page.path == "/sso/?next=/mine/list/"
    page.check("sso-entrance")
    by_keyboard(page, "个人登录")
    assert page.path == "/mine/list/"
    assert len(strangers(page, at_platform)) == 1
    page.check("sso-home")
    token = at_platform.logout_token(sub=GAO["sub"], jti="t-1")
    told = requests.post(f"{live_server}/sso/backchannel", data={"logout_token": token}, timeout=10)
    assert (told.status_code, told.text) == (200, "")
    page.open("/mine/list/")
    assert page.path.startswith("/sso/")
    assert "已在统一身份认证平台退出" in page.find("main").inner_text()
    page.check("sso-ended")


def test_what_is_said_when_it_leads_nowhere(page, at_platform):
    at_platform.steer(user=GAO | {"sub": "u-2", "id_verified": False})
    page.open("/sso/")
    with page.refused(403):
        page.find("text=个人登录").click()
    assert page.find("h1").inner_text() == "没有登录"
    strangers(page, at_platform)
    page.check("sso-refused")
    at_platform.steer(fault="elsewhere")
    page.open("/sso/")
    with page.refused(503):
        page.find("text=法人登录").click()
        page.tab.wait_for_load_state()
    strangers(page, at_platform)


def test_the_emergency_account(page, at_platform):
    page.open("/sso/")
    by_keyboard(page, "管理员应急登录")
    page.check("sso-emergency")
    page.find("input[name=username]").fill("admin")
    page.find("input[name=password]").fill("wrong")
    with page.refused(400):
        page.find("input[name=password]").press("Enter")
    page.find("input[name=password]").fill(PASSWORD)
    with page.tab.expect_navigation():
        page.find("input[name=password]").press("Enter")
    assert page.path == "/accounts/list/"
