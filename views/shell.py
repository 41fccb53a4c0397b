"""What is around every page, and what all who see a list share: made once for a role, a kind of
office and a language, and kept by the process.

Roles are read at each request, and what they open stands in the program: another role is
another key, so nothing that is kept can go stale.
"""

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from flask import Flask, current_app, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from views.login import actor
from views.patterns import filled
from views.way_in import way_in


class Entry(NamedTuple):
    """One line of the menu."""

    word: str
    url: str

    @property
    def current(self) -> bool:
        """Whether the page that is asked for is it or lies below it."""
        root = self.url.removesuffix("list/").rstrip("/")
        return bool(root) and f"{request.script_root}{request.path}".startswith(f"{root}/")


def install(app: Flask) -> None:
    """Let templates use what is kept."""
    app.extensions["shell"] = {}
    kept_by_us = {"menu": menu, "account": account, "once": once, "shared": shared, "asset": asset}
    app.jinja_env.globals.update(kept_by_us, way_in=way_in)


def kept(key: tuple, make: Callable[[], Any]) -> Any:
    """What was made for this key in this language, where the program is mounted."""
    made = current_app.extensions["shell"]
    whole = (*key, str(get_locale()), request.script_root)
    if whole not in made:
        made[whole] = make()
    return made[whole]


def asset(name: str, of: str = "static") -> str:
    """The address of a file that never changes."""
    return kept((of, name), lambda: url_for(of, filename=name))


def once(template: str) -> Markup:
    """A template that says the same to everybody."""
    return kept((template,), lambda: Markup(render_template(template)))


def menu(but: str = "") -> Markup:
    """The links that the role may follow, without the desk that has a menu of its own; the one
    to this page is marked."""
    entries = kept(("entries", but, *_who()), lambda: _entries(but))
    current = tuple(entry.current for entry in entries)
    lines = list(zip(entries, current, strict=True))
    return shared("zc/menu.html", (but, current), lines=lines)


def shared(template: str, key: Hashable = "", **context: Any) -> Markup:
    """A template that says the same to all of one role in one kind of office; ``key`` tells one
    context from another."""
    return kept((template, key, *_who()), lambda: Markup(render_template(template, **context)))


def account() -> Markup:
    """What everybody may do with his own login; the form of 安全退出 has the session's token."""
    return filled(shared("zc/account.html"), [[generate_csrf()]])


def _who() -> tuple[str | None, str]:
    return actor().role, actor().office_kind


def _entries(but: str) -> list[Entry]:
    builder = current_app.appbuilder
    items = [item for item in builder.menu.get_list() if item.name != but]
    open_ = [item for item in items if builder.sm.has_access("menu_access", item.name)]
    return [Entry(gettext(item.label), item.get_url()) for item in open_]
