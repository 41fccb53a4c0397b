"""The panels under guesses: one account has several names, and five guesses."""

import pytest

from tests.client import Browser
from tests.views.test_guessing import GONE, problem, signs
from tests.worlds.base import PASSWORD, id_no_of
from tests.worlds.portals import APPLICANT, OTHER, portals
from views import entering

pytestmark = pytest.mark.world(build=portals)

FORM = "main form[method=post]"
UNASKED = "刚才有多次输错，请再输入图片中的验证码。"
WRONG = "号码或密码不对，请重新输入。"


def enter(client: Browser, panel: str, status: int = 400, **typed):
    form = client.open(f"/login/{panel}").form(FORM)
    return form.send(status, **{"password": "Wrong-2026-Words"} | typed)


def test_an_account_has_five_guesses_under_all_its_names(client, monkeypatch):
    """And who tries both does not learn that they are of one person."""
    seen, right = [], entering.fits
    monkeypatch.setattr(entering, "fits", lambda *given: seen.append(given[0]) or right(*given))
    for who in (id_no_of(APPLICANT), OTHER):
        for _time in range(3):
            assert WRONG in enter(client, "person", who=who).text
    assert [hash_ is None for hash_ in seen] == [False] * 5 + [True]
    # What it is told next is what anybody is told after three failures.
    assert problem(enter(client, "person", who=OTHER)) == UNASKED
    client.login("applicant", PASSWORD, 400)
    client.login("agent", PASSWORD)


def test_who_pays_for_the_failures_of_others_is_told_so(app, client):
    """His form had no picture: it is not he who left it out."""
    for _time in range(3):
        enter(Browser(app), "person", who=OTHER)
    page = enter(client, "person", password=PASSWORD, who=OTHER)
    assert problem(page) == UNASKED
    assert problem(page.form(FORM).send(400, password=PASSWORD)) == "请输入图片中的验证码。"
    page = client.page.form(FORM).send(password=PASSWORD, captcha=signs(client.page))
    assert page.heading == "我的申报"


def test_a_captcha_in_a_panel(client):
    for _time in range(3):
        page = enter(client, "person", who=OTHER)
    shown, form = signs(page), page.form(FORM)
    form.send(400, password="Wrong-2026-Words", captcha=shown)
    page = form.send(400, password=PASSWORD, captcha=shown)
    assert problem(page) == GONE and page.form(FORM).values["who"] == OTHER
    page.form(FORM).send(password=PASSWORD, captcha=signs(page))
