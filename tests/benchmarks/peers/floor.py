"""The least that a page can cost: Flask, a signed cookie, a driver, two statements, one template.

Its page is ours around rows of its own: the driver hands over our page, and what stands before
and behind the rows is sent as it is. So it has as many bytes and says the same.
"""

import os
import sqlite3
from pathlib import Path

import psycopg
from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from markupsafe import Markup
from psycopg.rows import tuple_row

from tests.benchmarks.data import dsn, file_of
from tests.benchmarks.peers.columns import URL
from tests.benchmarks.settings import USERS
from tests.benchmarks.views import SIZES
from tests.statements import Statements

__all__ = ["DEEDS", "application", "cookie", "counting"]

WHO = """
SELECT u.id, u.username, u.first_name, u.last_name, r.name, a.office_id
FROM ab_user u JOIN ab_user_role m ON m.user_id = u.id JOIN ab_role r ON r.id = m.role_id
JOIN account a ON a.username = u.username WHERE u.id = ? AND u.active
"""
AGENT = """
SELECT d.declare_no, p.name, o.name, n.title, d.title_code, d.specialty, d.status,
       d.submitted_at, d.id
FROM (SELECT declaration_id, submitted_at FROM reach WHERE office_id = ? AND arrived = TRUE
      ORDER BY submitted_at DESC, declaration_id DESC LIMIT ?) r
JOIN declaration d ON d.id = r.declaration_id JOIN person p ON p.id = d.person_id
JOIN office o ON o.id = d.unit_id JOIN notice n ON n.id = d.notice_id
ORDER BY r.submitted_at DESC, r.declaration_id DESC
"""
MANAGER = """
SELECT d.declare_no, p.name, p.id_no_mask, p.sex, o.name, n.title, d.title_code, d.series, d.level,
       d.specialty, d.category, d.status, l.name, d.submitted_at, d.id
FROM (SELECT declaration_id, submitted_at FROM reach WHERE office_id = ? AND in_chain = TRUE
      ORDER BY submitted_at DESC, declaration_id DESC LIMIT ?) r
JOIN declaration d ON d.id = r.declaration_id JOIN person p ON p.id = d.person_id
JOIN office o ON o.id = d.unit_id JOIN notice n ON n.id = d.notice_id
LEFT JOIN step s ON s.declaration_id = d.id AND s.position = d.current
LEFT JOIN office l ON l.id = s.office_id
ORDER BY r.submitted_at DESC, r.declaration_id DESC
"""
ROWS = {"agent": AGENT, "manager": MANAGER}
SHELL = Path(os.environ.get("BENCH_SHELL", "/nonexistent"))
TEMPLATE = """{{ head }}{% for row in rows %}<tr>{% for cell in row[:-1] %}<td data-l="" \
title="{{ cell }}">{{ cell }}</td>{% endfor %}<td><a href="/audit/{{ row[-1] }}">查看</a></td></tr>
{% endfor %}{{ tail }}"""


class Database:
    """One connection, as a thread of a pool would hold it."""

    def __init__(self):
        if URL.startswith("sqlite"):
            self._raw = sqlite3.connect(file_of(URL), check_same_thread=False)
            self._spelt = "TRUE", "1"  # as its indices over a part of the rows have it
        else:
            self._raw = psycopg.connect(dsn(URL), autocommit=True, row_factory=tuple_row)
            self._spelt = "?", "%s"

    def ask(self, query: str, *given) -> list[tuple]:
        """All rows."""
        return self._raw.execute(query.replace(*self._spelt), given).fetchall()


def application() -> Flask:
    """The program."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "bench" * 8
    template = app.jinja_env.from_string(TEMPLATE)
    database = app.extensions["database"] = Database()

    def page(who: str):
        [user] = database.ask(WHO, session["user"])
        g.user = user
        rows = database.ask(ROWS[who], user[-1], SIZES[who])
        head, tail = shells[who]
        return template.render(head=head, rows=rows, tail=tail)

    shells = {who: shell_of(who) for who in USERS}
    app.add_url_rule("/agent", "agent", lambda: page("agent"))
    app.add_url_rule("/manager", "manager", lambda: page("manager"))
    return app


def shell_of(who: str) -> tuple[Markup, Markup]:
    """What stands before and behind the rows of our page."""
    path = SHELL / f"{who}.html"
    text = path.read_text(encoding="utf-8") if path.exists() else "<tbody></tbody>"
    head, _, rest = text.partition("<tbody>")
    rest = rest.partition("</tbody>")[2]
    return Markup(f"{head}<tbody>"), Markup(f"</tbody>{rest}")


def cookie(app: Flask, user: str) -> str:
    """Of a person who is signed in."""
    [[key]] = app.extensions["database"].ask("SELECT id FROM ab_user WHERE username = ?", user)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    return f"session={signer.dumps({'user': key})}"


class counting:  # noqa: N801 - stands in for a function
    """Its statements are two, by reading it."""

    def __enter__(self) -> Statements:
        return Statements(["who", "rows"])

    def __exit__(self, *failure) -> None:
        """Nothing to undo."""


DEEDS: dict = {}
