"""What a page in the browser is refused for; a check that cannot fail would prove nothing."""

import pytest

HURT = "document.querySelector('main').insertAdjacentHTML('beforeend', %r)"


def test_a_sound_page_passes(page):
    page.open("/login/")
    page.check("login")


def test_a_fault_for_the_reader_is_found(page):
    page.open("/login/")
    page.tab.evaluate(HURT % "<button></button>")
    with pytest.raises(AssertionError, match=r"390×844: button-name \(critical\): .*button"):
        page.check("hurt")


def test_a_page_that_scrolls_sideways_is_found(page):
    page.open("/login/")
    page.tab.evaluate("document.querySelector('h1').style.width = '1600px'")
    with pytest.raises(AssertionError, match="390: the page scrolls sideways"):
        page.check("wide")


@pytest.mark.parametrize(
    ("html", "noise"),
    [
        ("<img alt='' src='/nowhere.png'>", "404: GET {base}/nowhere.png"),
        ("<p style='color: red'>红</p>", "Content Security Policy"),
        (
            "<img alt='' src='http://127.0.0.1:9/x.png'>",
            "asks another host: http://127.0.0.1:9/x.png",
        ),
    ],
)
def test_noise_is_found(page, html, noise):
    page.open("/login/")
    page.tab.evaluate(HURT % html)
    page.tab.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError) as found:
        page.is_quiet()
    assert noise.format(base=page.base) in str(found.value)
    page.noise.clear()


def test_a_refusal_that_is_meant_is_no_noise(page):
    page.open("/nowhere", status=404)
    page.is_quiet()
