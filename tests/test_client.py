"""What the test client refuses to let pass, and how it reads and fills in a form."""

import pytest
from flask import Flask, request

from tests.client import Browser

SOUND = """<!doctype html>
<html lang="zh-Hans"><head><title>首页</title></head><body>
<h1>我的申报</h1>
<form method="post" action="/echo">
<input type="hidden" name="csrf_token" value="t">
<label for="name">姓名</label><input id="name" name="name" value="李明">
<textarea name="note">
两行
文字</textarea>
<select name="level"><option value="1">初级<option value="2" selected>中级</select>
<input type="checkbox" name="pledge" value="yes">
<input type="checkbox" name="kinds" value="a" checked>
<input type="checkbox" name="kinds" value="b" checked>
<input name="locked" value="x" disabled>
<button name="act" value="save">保存</button>
</form>
<script nonce="n">1</script>
<script type="application/json">{}</script>
</body></html>"""

FAULTS = {
    "no <html lang=zh…>": ('lang="zh-Hans"', 'lang="en"'),
    "no <title>": ("首页", ""),
    "0 × h1: []": ("h1>", "h2>"),
    "2 × h1: ['我的申报', '又']": ("</h1>", "</h1><h1>又</h1>"),
    "2 × id=name": ("<h1>", '<h1 id="name">'),
    "for=name of <label> names nothing": ('id="name"', 'id="other"'),
    "form /echo: csrf tokens []": ('name="csrf_token"', 'name="other"'),
    "form /echo: csrf tokens ['']": ('value="t"', 'value=""'),
    "form /echo would put the token into the address": ('method="post"', 'method="get"'),
    "<h1 style=…>": ("<h1>", '<h1 style="color: red">'),
    "<h1 onclick=…>": ("<h1>", '<h1 onclick="go()">'),
    "inline <script> without the nonce: '1'": ('nonce="n"', ""),
    "<a href=javascript:…>": ("</h1>", '</h1><a href="javascript:go()">去</a>'),
}


@pytest.fixture
def small():
    """An application of one page, which is said as it is configured."""
    app = Flask(__name__)
    app.config["PAGE"] = SOUND

    @app.get("/")
    def page():
        return app.config["PAGE"], {"Content-Security-Policy": "script-src 'nonce-n'"}

    @app.post("/echo")
    def echo():
        return request.form.to_dict(flat=False)

    return app


def test_a_sound_page_passes(small):
    assert Browser(small).open("/").heading == "我的申报"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_page_is_found(small, fault):
    small.config["PAGE"] = SOUND.replace(*FAULTS[fault])
    with pytest.raises(AssertionError) as found:
        Browser(small).open("/")
    assert fault in str(found.value).splitlines()


def test_another_status_than_the_expected_is_found(small):
    with pytest.raises(AssertionError, match="/nowhere: 404, not 200"):
        Browser(small).open("/nowhere")


def test_a_form_sends_what_a_browser_would_send(small):
    form = Browser(small).open("/").form("form")
    assert form.send(name="王芳", button="act=save").response.json == {
        "csrf_token": ["t"],
        "name": ["王芳"],
        "note": ["两行\n文字"],
        "level": ["2"],
        "kinds": ["a", "b"],
        "act": ["save"],
    }
