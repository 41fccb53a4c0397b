"""Every word that people read can be translated: it is marked, found, and translated where it
is shown (decisions 24). The screens are zh_Hans_CN."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup, NavigableString
from flask import Flask
from flask_babel import get_locale
from jinja2 import Environment, FileSystemLoader, nodes
from sqlalchemy import JSON, MetaData, String, select
from werkzeug.exceptions import HTTPException

from models.accounts import LABELS as ACCOUNTS
from models.agents import LABELS as AGENTS
from models.binding import BINDING_LABELS
from models.constraints import IN_USE, OTHERS, SENTENCES
from models.notice import LABELS as NOTICES
from models.offices import LABELS as OFFICES
from models.offices import OFFICE_KINDS
from models.opinions import KEEPERS
from models.permissions import Role
from models.proposal import KIND_LABELS, PROPOSAL_LABELS
from models.rules import OneOnly
from models.section import FILES
from models.sections import SECTIONS
from models.status import STATUS_LABELS, STEP_LABELS, Part
from models.workflow.actions import ACTION_LABELS
from tests.client import Browser
from tests.databases import ROOT
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import two_units

HAN = re.compile(r"[\u3400-\u9fff]")
MARKS = {"_", "gettext", "lazy_gettext", "ngettext"}
METHODS = [("app.py", "python"), ("models/**.py", "python"), ("views/**.py", "python"),
           ("adapters/**.py", "python"), ("templates/**.html", "jinja2")]  # fmt: skip
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

NO_WORDS = {
    "models/sections/education.py": "what people write for their own country",
    "models/sections/expert.py": "words for relatives, looked for in what was typed",
    "adapters/realname.py": "the ends of names by which the demonstration answers",
    "adapters/settings.py": "the name of the system and of its language",
}
"""Where a literal is not for readers, and why."""


@cache
def msgids() -> frozenset[str]:
    """All that a catalogue of this project holds."""
    found = extract_from_dir(
        ROOT, method_map=METHODS, keywords=KEYWORDS, options_map={"templates/**.html": {}},
        directory_filter=lambda folder: not Path(folder).name.startswith((".", "var", "tests")),
    )  # fmt: skip
    return frozenset(m if isinstance(m, str) else m[0] for _file, _line, m, _comments, _ in found)


def labels() -> Iterator[str]:
    """Every word of the domain that a screen shows."""
    for section in SECTIONS:
        yield from (section.title, section.none_word, section.counted, section.part.value)
        yield from section.checks
        yield from (proof.hint for proof in section.proofs)
        yield from (fact.label for fact in section.facts)
        yield from (rule.message for rule in section.rules if isinstance(rule, OneOnly))
        if section.shape is not FILES:
            for field in section.fields.values():
                yield from (field.label, field.hint, field.group)
    tables = (STATUS_LABELS, STEP_LABELS, ACTION_LABELS, OFFICE_KINDS, BINDING_LABELS, KEEPERS,
              ACCOUNTS, AGENTS, NOTICES, OFFICES, KIND_LABELS, PROPOSAL_LABELS,
              SENTENCES)  # fmt: skip
    for table in tables:
        yield from table.values()
    yield from (part.value for part in Part)
    yield from (role.value for role in Role)
    yield from (IN_USE, OTHERS)


def test_every_label_is_in_the_catalogue():
    lost = sorted({word for word in labels() if word and word not in msgids()})
    assert lost == []


# Literals.


def unmarked(tree: ast.AST, marked: bool = False) -> Iterator[ast.Constant]:
    """Chinese literals outside of a mark; docstrings are for readers of the source."""
    for child in ast.iter_child_nodes(tree):
        inside = marked or (isinstance(tree, ast.Call) and child in tree.args and _marks(tree.func))
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if HAN.search(child.value) and not inside:
                yield child
        else:
            yield from unmarked(child, inside)


def _marks(function: ast.expr) -> bool:
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name in MARKS


def sources() -> Iterator[Path]:
    yield ROOT / "app.py"
    for folder in ("models", "views", "adapters"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_no_chinese_literal_is_unmarked():
    found = Counter(
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for _literal in unmarked(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert set(found) == set(NO_WORDS), dict(found)


def test_no_mark_holds_what_no_catalogue_can():
    """A mark around a name or an expression translates nothing that anybody could extract."""
    faults = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)[:80]}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        if not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant))
    ]
    assert faults == []


def bare(node: nodes.Node, marked: bool = False) -> Iterator[tuple[int, str]]:
    """Chinese text of a template outside of ``_()``."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        marked = marked or node.node.name in MARKS
    if isinstance(node, nodes.TemplateData) and HAN.search(node.data):
        yield node.lineno, node.data.strip()
    literal = isinstance(node, nodes.Const) and isinstance(node.value, str)
    if literal and not marked and HAN.search(node.value):
        yield node.lineno, node.value
    for child in node.iter_child_nodes():
        yield from bare(child, marked)


SIGN = {"templates/zc/top.html": ["职"], "templates/zc_admin/base.html": ["职"]}
"""The sign of the house, hidden from those who hear a page."""


def test_no_chinese_text_of_a_template_is_unmarked():
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        for line, text in bare(environment.parse(path.read_text(encoding="utf-8"))):
            if HAN.findall(text) != SIGN.get(name):
                found.append(f"{name}:{line} {text[:60]}")
    assert found == []


# The screens.


@pytest.mark.databases("sqlite")
@pytest.mark.world(build=two_units)
def test_the_screens_speak_chinese_whatever_the_browser_asks_for(app):
    assert app.config["BABEL_DEFAULT_LOCALE"] == "zh_Hans_CN"
    assert list(app.config["LANGUAGES"]) == ["zh_Hans_CN"]
    for url in ("/login/", "/login/?_l_=en", "/lang/en", "/nowhere"):
        with app.test_client() as client:
            answer = client.get(url, headers={"Accept-Language": "en-US,en;q=0.9"})
            assert str(get_locale()) == "zh_Hans_CN"
            assert '<html lang="zh-CN">' in answer.text


def pseudo(msgid: str) -> str:
    """The same sentence in no language: each sign is another one, the places for values stay."""
    return HAN.sub("ж", msgid)


@pytest.fixture
def translated(db, tmp_path) -> Flask:
    """The application in a language that nobody speaks."""
    catalogue = Catalog("zh_Hans_CN")
    for msgid in msgids():
        catalogue.add(msgid, pseudo(msgid), flags=())
    folder = tmp_path / "zh_Hans_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return db.make_app(BABEL_TRANSLATION_DIRECTORIES=str(tmp_path))


def data_of(app: Flask) -> list[str]:
    """Every text that the database holds: what people wrote, and the names of codes."""
    # 是 and 否 stand in a submission as it was frozen.
    found = {"是", "否", "职", app.config["APP_NAME"]}
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            for table in metadata.sorted_tables:
                columns = [c for c in table.columns if isinstance(c.type, String | JSON)]
                for row in connection.execute(select(*columns)) if columns else ():
                    found.update(text for value in row for text in texts_in(value))
    pieces = {line.strip() for text in found for line in re.split(r"[\n；]", text)}
    return sorted((t for t in pieces | found if HAN.search(t)), key=len, reverse=True)


def texts_in(value) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


READ_ALOUD = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-confirm-text",
              "data-confirm-ok", "data-l")  # fmt: skip


def said(html: str) -> Iterator[str]:
    """All that a page says, also to those who hear it, and the words of its script."""
    soup = BeautifulSoup(html, "html.parser")
    for text in soup.find_all(string=True):
        if isinstance(text, NavigableString) and text.parent.name not in ("script", "style"):
            yield " ".join(text.split())
    for name in READ_ALOUD:
        yield from (" ".join(tag[name].split()) for tag in soup.select(f"[{name}]"))
    for script in soup.select("script[type='application/json']"):
        yield from json.loads(script.get_text()).values()


class Walk:
    """One person who opens whatever can be reached, each kind of page a few times."""

    def __init__(self, app: Flask, username: str, data: list[str], kinds: int = 1):
        self.app, self.data, self.kinds = app, data, kinds
        self.browser = Browser(app)
        self.browser.login(username, PASSWORD)
        self.faults: dict[str, str] = {}
        self.heard: set[str] = set()
        self.pages = 0

    def go(self) -> None:
        waiting, count = ["/"], Counter()
        while waiting:
            url = waiting.pop(0)
            answer = self.browser.client.get(url, follow_redirects=True)
            if answer.mimetype != "text/html":
                continue
            self.look(url, answer.text)
            soup = BeautifulSoup(answer.text, "html.parser")
            for link in soup.select("a[href^='/']"):
                if (place := self.place(link["href"])) and count[place] < self.kinds:
                    count[place] += 1
                    waiting.append(link["href"])
            for form in soup.select("main form[method=post]"):
                self.send(form, count)

    def place(self, url: str) -> str:
        """The kind of page that an address leads to; empty for files."""
        try:
            endpoint, _values = self.app.url_map.bind("localhost").match(url.partition("?")[0])
        except HTTPException:
            return ""
        name = "" if endpoint.startswith(("static", "Files", "appbuilder")) else endpoint
        return f"{name}?" if "?" in url and name else name

    def send(self, form, count: Counter) -> None:
        """An empty form, so that what it lacks is said. Nothing is written by it."""
        action = form.get("action") or "/"
        place = "POST " + re.sub(r"\d+", "1", action.partition("?")[0])
        asked = form.select("textarea, select, input:not([type=hidden])")
        if not asked or form.has_attr("data-upload") or count[place]:
            return
        count[place] += 1
        token = {"csrf_token": form.select("[name=csrf_token]")[0]["value"]}
        answer = self.browser.client.post(action, data=token, follow_redirects=True)
        self.look(f"POST {action}", answer.text)

    def look(self, url: str, html: str) -> None:
        self.pages += 1
        for text in said(html):
            if HAN.search(text) and text not in self.heard:
                self.heard.add(text)
                if HAN.search(self.without_data(text)):
                    self.faults.setdefault(text, url)

    def without_data(self, text: str) -> str:
        for piece in self.data:
            if piece in text:
                text = text.replace(piece, "")
        return text


@pytest.mark.databases("sqlite")
@pytest.mark.world(build=two_units)
@pytest.mark.parametrize(
    "username",
    [
        "applicant",
        "vetted",
        "terminated",
        "agent",
        "committee",
        "manager",
        "data",
        "admin",
        "security",
        "auditor",
    ],  # fmt: skip
)
def test_all_that_is_shown_is_translated(translated, username):
    walk = Walk(translated, username, data_of(translated))
    walk.go()
    for url in ("/nowhere", "/accounts/list/", "/mine/show/1", "/audit/3", "/binding/ask"):
        walk.look(url, walk.browser.client.get(url, follow_redirects=True).text)
    assert walk.pages > 12
    assert walk.faults == {}, "\n" + listed(walk.faults)


def listed(faults: dict[str, str]) -> str:
    return "\n".join(f"{url}: {text[:100]}" for text, url in faults.items())


def test_the_pseudo_language_keeps_the_places_for_values():
    places = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    pairs: Iterable[tuple[str, str]] = ((m, pseudo(m)) for m in msgids())
    assert all(Counter(places.findall(a)) == Counter(places.findall(b)) for a, b in pairs)
    assert len(msgids()) > 800
