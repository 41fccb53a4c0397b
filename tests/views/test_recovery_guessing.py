"""找回密码 under guesses: a captcha is asked for as at the login, and answered once."""

import pytest

from tests.client import Browser, Page
from tests.views.test_guessing import GONE, MISSING, problem, signs
from tests.views.test_recovery import FORM, KNOWN, UNKNOWN, asked, code_in, messages, other
from tests.worlds.reached import reached

pytestmark = pytest.mark.world(build=reached)


@pytest.fixture
def guarded(app):
    """A deployment that asks individuals for a captcha from the first time on."""
    app.config["CAPTCHA_ALWAYS_FOR_PERSONS"] = True
    yield
    app.config["CAPTCHA_ALWAYS_FOR_PERSONS"] = False


def sent(page: Page, status: int = 200, **typed: str) -> Page:
    return page.form(FORM).send(status, **typed)


def test_where_it_is_always_asked_of_individuals_no_code_is_sent_without(db, client, guarded):
    """Burnt by a wrong answer, good for one code, and of this browser alone."""
    page = client.open("/recover/person")
    shown, who = signs(page), KNOWN["person"]
    assert shown
    assert problem(sent(page, 400, **who)) == MISSING
    sent(page, 400, **who, captcha="????")
    again = sent(page, 400, **who, captcha=shown)
    assert problem(again) == GONE
    stranger = Browser(db.app).open("/recover/person")
    token = stranger.one("input[name=captcha_token]")["value"]
    foreign = {"captcha": signs(stranger), "captcha_token": token}
    assert problem(sent(client.page, 400, **who, **foreign)) == MISSING
    assert messages(db) == []
    page, typed = client.page, who | {"captcha": signs(client.page)}
    assert sent(page, **typed).url == "/recover/code"
    assert problem(sent(page, 400, **typed)) == GONE
    assert len(messages(db)) == 1


def test_what_was_mistyped_is_typed_again_beside_a_picture(client, guarded):
    page = sent(client.open("/recover/person"), 400, who="1")
    assert signs(page)


@pytest.mark.parametrize("kind", ["legal", "agent"])
def test_of_units_it_is_not_asked_the_first_time(client, guarded, kind):
    assert asked(client, kind, **KNOWN[kind]).url == "/recover/code"


@pytest.mark.parametrize("typed", [KNOWN["legal"], UNKNOWN["legal"]])
def test_from_the_third_time_on_it_is_asked_of_everybody(db, client, typed):
    """Whether there is such an account or none."""
    asked(client, "legal", **typed)
    pages = [asked(client, "legal", 429, **typed) for _time in range(2)]
    assert [bool(signs(page)) for page in pages] == [False, True]
    assert problem(asked(client, "legal", 400, **typed)) == MISSING
    assert "验证码刚刚发出" in sent(client.page, 429, captcha=signs(client.page)).text
    assert len(messages(db)) == 1


def test_another_code_is_had_by_way_of_a_picture(db, client, guarded):
    """The button on the second page has none; it leads to the first, filled in as before."""
    page = client.open("/recover/person")
    page = sent(page, **KNOWN["person"], captcha=signs(page))
    page = page.form("form[action]").send()
    assert page.url == "/recover/person?captcha=1"
    assert page.form(FORM).values["who"] == KNOWN["person"]["who"] and signs(page)
    assert len(messages(db)) == 1


def test_after_three_wrong_codes_the_fourth_needs_a_picture(db, client):
    page = asked(client, "person", **KNOWN["person"])
    code = code_in(db)
    shown = []
    for _time in range(3):
        page = sent(page, 400, code=other(code))
        shown.append(bool(signs(page)))
    assert shown == [False, False, True]
    assert problem(sent(page, 400, code=code)) == MISSING
    page = sent(client.page, code=code, captcha=signs(client.page))
    assert page.url == "/recover/password"
