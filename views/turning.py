"""Which page of a list an address asks for, and the addresses of those around it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import abort, request
from flask_babel import gettext
from sqlalchemy import ColumnElement

from views.counting import CAP
from views.paging import Order, Page, Place

PLACES = ("first", "after", "before", "last")


def asked(order: Order) -> Place:
    """The place that the address names; 400 if it makes no sense for this order."""
    given = [kind for kind in PLACES if kind in request.args]
    count = request.args.get("of", "")
    if len(given) > 1 or (count and not (count.isdecimal() and len(count) < 6)):
        abort(400)
    known = min(int(count), CAP + 1) if count else None
    kind = given[0] if given else "first"
    if kind in ("first", "last"):
        return Place(kind, count=known)
    return Place(kind, _values(request.args[kind], order.keys), known)


def arguments(place: Place) -> dict[str, str]:
    """The place as arguments of an address."""
    count = {} if place.count is None else {"of": str(place.count)}
    if place.kind in ("first", "last"):
        return ({} if place.kind == "first" else {"last": "1"}) | count
    values = [v.isoformat() if isinstance(v, datetime) else v for v in place.values]
    text = json.dumps(values, ensure_ascii=False).encode()
    return {place.kind: urlsafe_b64encode(text).decode().rstrip("=")} | count


def _values(text: str, keys: Sequence[ColumnElement]) -> tuple[Any, ...]:
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list):
            raise ValueError(values)
        return tuple(_value(v, of) for v, of in zip(values, keys, strict=True))
    except (ValueError, OverflowError, RecursionError):
        abort(400)


def _value(value: Any, of: ColumnElement) -> Any:
    """The value as its column holds it; ValueError if the column cannot."""
    kind = of.type.python_type
    if kind is datetime:
        found = datetime.fromisoformat(str(value))
        if found.tzinfo is None:
            raise ValueError(value)
        return found.astimezone(UTC)
    if type(value) is not kind or (kind is int and abs(value) >= 2**31) or "\0" in str(value):
        raise ValueError(value)
    str(value).encode()  # half of a pair of surrogates is no character
    return value


def links(page: Page, place: Place) -> list[tuple[str, str, str]]:
    """Key, word and address of the pages around this one; no address where there is none."""
    count = page.count
    around = (
        ("first", gettext("首页"), Place() if page.previous else None),
        ("previous", gettext("上一页"), page.previous),
        ("next", gettext("下一页"), page.next),
        ("last", gettext("末页"), Place("last", count=count) if page.next else None),
    )
    return [(key, word, turned(**arguments(at)) if at else "") for key, word, at in around]


def turned(**changes: Any) -> str:
    """This address with other arguments, from the first page on."""
    kept = {name: request.args.getlist(name) for name in request.args}
    kept = {name: values for name, values in kept.items() if name not in (*PLACES, "of")}
    here = quote(request.script_root + request.path)
    asked_for = urlencode(kept | changes, doseq=True)
    return f"{here}?{asked_for}" if asked_for else here
