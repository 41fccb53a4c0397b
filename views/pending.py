"""Lists of what waits for an answer: the longest first; or of all, the latest first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import Session

from views.login import request_time
from views.paging import Order, Rows, fetch
from views.turning import asked, links
from views.words import short_time

TABS = ("pending", "all")
PAGE = 25


def pending(
    session: Session,
    query: Select,
    waits: ColumnElement[bool],
    keys: tuple[Any, ...],
    row_of: Callable[[Any, datetime], Any],
) -> dict[str, Any]:
    """What ``zc/pending.html`` shows of the rows of a query: ``waits`` tells those that wait,
    ``keys`` since when, and name one row; ``row_of`` makes a line of it."""
    tab = request.args.get("tab", TABS[0])
    if tab not in TABS:
        abort(400)
    counting = query.with_only_columns(
        func.count().filter(waits), func.count(), maintain_column_froms=True
    )
    counts = dict(zip(TABS, session.execute(counting).one(), strict=True))
    order = Order(keys, down=tab == "all")
    place = replace(asked(order), count=counts[tab])
    rows = Rows(query if tab == "all" else query.where(waits), order)
    page = fetch(session, rows, PAGE, place)
    rows = [row_of(row[0], request_time()) for row in page.rows]
    return {"tab": tab, "counts": counts, "rows": rows, "links": links(page, place)}


def answered(who: str, at: datetime | None, reason: str, now: datetime) -> list[str]:
    """Who answered and when, and why not; nothing of what still waits."""
    said = [f"{who} {short_time(at, now)}"] if at else []
    return said + ([gettext("原因：%(reason)s", reason=reason)] if reason else [])
