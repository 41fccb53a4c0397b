"""A person at the program without a browser: opens pages, fills in forms, reads them.

Every page that passes is looked at: what each page of the program owes is checked here
and not in each test.
"""

import re
from collections import Counter
from functools import cached_property

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

NONCE = re.compile(r"'nonce-([^']+)'")


class Form:
    """A form of a page, with what stands in it."""

    def __init__(self, page: "Page", tag: Tag):
        self.page, self.tag = page, tag
        self.action = tag.get("action") or page.url
        self.method = tag.get("method", "get").lower()

    @property
    def values(self) -> dict[str, str | list[str]]:
        """What a browser would send if nothing was changed; repeated names give a list."""
        sent: dict[str, list[str]] = {}
        for field in self.tag.select("input[name], select[name], textarea[name]"):
            if not field.has_attr("disabled"):
                sent.setdefault(field["name"], []).extend(values_of(field))
        return {name: all_ if len(all_) > 1 else all_[0] for name, all_ in sent.items() if all_}

    def press(self, words: str, status: int = 200, **fields) -> "Page":
        """Send the form by its one button that says these words, to where that one leads."""
        (button,) = (tag for tag in self.tag.select("button") if words in tag.get_text())
        form = Form(self.page, self.tag)
        form.action = button.get("formaction", self.action)
        named = {button["name"]: button.get("value", "")} if button.has_attr("name") else {}
        return form.send(status, **fields | named)

    def send(self, status: int = 200, button: str | None = None, **fields) -> "Page":
        """Send the form with these fields changed; None leaves a field out.

        ``button`` is the name=value of the button that is pressed.
        """
        data = self.values | fields
        if button:
            name, _, value = button.partition("=")
            data[name] = value
        data = {name: value for name, value in data.items() if value is not None}
        send = self.page.browser.post if self.method == "post" else self.page.browser.open
        key = "data" if self.method == "post" else "query"
        return send(self.action, status=status, **{key: data})


def values_of(field: Tag) -> list[str]:
    """What one field of a form sends."""
    if field.name == "textarea":
        return [field.get_text().removeprefix("\n")]
    if field.name == "select":
        chosen = field.select("option[selected]")
        if not chosen and not field.has_attr("multiple"):
            chosen = field.select("option")[:1]
        return [option.get("value", option.get_text()) for option in chosen]
    kind = field.get("type", "text")
    if kind in ("checkbox", "radio"):
        return [field.get("value", "on")] if field.has_attr("checked") else []
    silent = kind in ("submit", "button", "image", "file", "reset")
    return [] if silent else [field.get("value", "")]


class Page:
    """An answer: its HTML, and what a person sees of it."""

    def __init__(self, browser: "Browser", response: TestResponse):
        self.browser, self.response = browser, response
        self.status, self.headers = response.status_code, response.headers
        self.url = response.request.full_path.rstrip("?") if response.request else ""
        self.soup = BeautifulSoup(response.data, "html.parser")

    @cached_property
    def tags(self) -> list[Tag]:
        """All elements; the checks of every page go by them, which costs less than selectors."""
        return self.soup.find_all(True)

    @property
    def text(self) -> str:
        """All that can be read, blanks folded."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def heading(self) -> str:
        """The one h1."""
        return self.one("h1").get_text(" ", strip=True)

    def select(self, css: str) -> list[Tag]:
        """The elements of a CSS selector."""
        return self.soup.select(css)

    def one(self, css: str) -> Tag:
        """The one element of a CSS selector."""
        found = self.select(css)
        assert len(found) == 1, f"{self.url}: {len(found)} × {css}\n{self.text}"
        return found[0]

    def texts(self, css: str) -> list[str]:
        """What each element of a CSS selector says, blanks folded."""
        return [" ".join(tag.get_text(" ").split()) for tag in self.select(css)]

    def rows(self, css: str = "table tbody tr") -> list[list[str]]:
        """The cells of each row of a table."""
        return [
            [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
            for row in self.select(css)
        ]

    def form(self, css: str = "main form[method=post]") -> Form:
        """The one form of a CSS selector."""
        return Form(self, self.one(css))

    def follow(self, words: str, status: int = 200) -> "Page":
        """Open the one link that says these words."""
        links = [a["href"] for a in self.select("a[href]") if words in a.get_text()]
        assert len(set(links)) == 1, f"{self.url}: {links} say {words}\n{self.text}"
        return self.browser.open(links[0], status=status)


class Browser:
    """A person's browser, with its cookies.

    Every answer of HTML is checked by ``check_page``; redirects are followed and what they
    end at is checked. CSRF protection is on: the token is read from the page.
    """

    def __init__(self, app: Flask):
        self.app = app
        self.client = app.test_client()
        self.page: Page | None = None

    def open(self, url: str, status: int = 200, query: dict | None = None) -> Page:
        """GET, with the status that must come of it."""
        return self._went(self.client.get(url, query_string=query, follow_redirects=True), status)

    def post(self, url: str, status: int = 200, data: dict | None = None, **options) -> Page:
        """POST just this, without reading a form first: what a script or an attacker sends."""
        answer = self.client.post(url, data=data, follow_redirects=True, **options)
        return self._went(answer, status)

    def login(self, username: str, password: str, status: int = 200) -> Page:
        """Sign in at /login/ as a person does."""
        form = self.open("/login/").form("form:has(input[name=password])")
        return form.send(status=status, username=username, password=password)

    @property
    def csrf_token(self) -> str:
        """The token of the page that is open."""
        assert self.page is not None, "no page is open"
        return self.page.select("input[name=csrf_token]")[0]["value"]

    def _went(self, response: TestResponse, status: int) -> Page:
        page = Page(self, response)
        assert page.status == status, f"{page.url}: {page.status}, not {status}\n{page.text}"
        if response.mimetype == "text/html":
            faults = faults_of(page)
            assert not faults, f"{page.url}:\n" + "\n".join(faults)
            self.page = page
        else:
            response.close()  # a file is sent from the disk: it is open until then
        return page


def faults_of(page: Page) -> list[str]:
    """What a page owes to every reader and does not give; empty if all is well."""
    return [fault for check in CHECKS for fault in check(page)]


def has_a_name(page: Page) -> list[str]:
    """A language, a title and exactly one heading of the first rank."""
    language = page.soup.html.get("lang", "") if page.soup.html else ""
    title = page.soup.title.get_text(strip=True) if page.soup.title else ""
    headings = [tag.get_text(strip=True) for tag in page.tags if tag.name == "h1"]
    return [
        *(["no <html lang=zh…>"] if not language.startswith("zh") else []),
        *(["no <title>"] if not title else []),
        *([f"{len(headings)} × h1: {headings}"] if len(headings) != 1 else []),
    ]


def has_no_double_ids(page: Page) -> list[str]:
    """Each id once; labels and descriptions would point to the wrong place."""
    count = Counter(tag["id"] for tag in page.tags if "id" in tag.attrs)
    return [f"{times} × id={name}" for name, times in count.items() if times > 1]


def labels_meet_their_fields(page: Page) -> list[str]:
    """What ``for`` and ``aria-…by`` name is there."""
    ids = {tag["id"] for tag in page.tags if "id" in tag.attrs}
    pointers = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
    return [
        f"{name}={wanted} of <{tag.name}> names nothing"
        for tag in page.tags
        for name in pointers
        if name in tag.attrs
        for wanted in str(" ".join(tag.get_attribute_list(name))).split()
        if wanted not in ids
    ]


def forms_carry_a_token(page: Page) -> list[str]:
    """A form that posts has exactly one CSRF token, and it is not empty."""
    faults = []
    for form in (tag for tag in page.tags if tag.name == "form"):
        fields = form.find_all("input", attrs={"name": "csrf_token"})
        tokens = [field.get("value") for field in fields]
        posts = form.get("method", "get").lower() == "post"
        if posts and (len(tokens) != 1 or not tokens[0]):
            faults.append(f"form {form.get('action')}: csrf tokens {tokens}")
        if not posts and tokens:
            faults.append(f"form {form.get('action')} would put the token into the address")
    return faults


def obeys_the_policy(page: Page) -> list[str]:
    """Nothing that the Content-Security-Policy would stop: no inline style, script or handler."""
    policy = page.headers.get("Content-Security-Policy", "")
    faults = [] if policy else ["no Content-Security-Policy"]
    for tag in page.tags:
        inline = [name for name in tag.attrs if name == "style" or name.startswith("on")]
        faults += [f"<{tag.name} {name}=…>" for name in inline]
        # A script of another type, such as application/json, is data: the browser runs nothing.
        runs = tag.name == "style" or tag.get("type", "module") in ("module", "text/javascript")
        written_here = tag.name in ("script", "style") and not tag.get("src")
        if runs and written_here and tag.get("nonce") not in NONCE.findall(policy):
            faults.append(f"inline <{tag.name}> without the nonce: {tag.get_text()[:60]!r}")
        if str(tag.get("href", "")).strip().lower().startswith("javascript:"):
            faults.append(f"<{tag.name} href=javascript:…>")
    return faults


CHECKS = (
    has_a_name,
    has_no_double_ids,
    labels_meet_their_fields,
    forms_carry_a_token,
    obeys_the_policy,
)
