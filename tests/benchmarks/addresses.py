"""Where each of the programs shows a page."""

import re
from urllib.parse import urlencode

from tests.benchmarks.views import SIZES, Truth, View

NUMBER = re.compile(r"\b20[0-9]{2}[0-9A-Z]{6}[0-9]{8}\b")
"""A 申报编号: year, region, series and a serial number."""

LISTS = {
    ("ours", "agent"): "/reviewed/list/",
    ("ours", "manager"): "/console/declaration/",
    ("fab", "agent"): "/agentview/list/",
    ("fab", "manager"): "/managerview/list/",
    ("flask_admin", "agent"): "/admin/agent/",
    ("flask_admin", "manager"): "/admin/manager/",
    ("django_admin", "agent"): "/admin/bench/declaration/",
    ("django_admin", "manager"): "/admin/bench/managed/",
    ("floor", "agent"): "/agent",
    ("floor", "manager"): "/manager",
}
SHOWN = {
    ("ours", "agent"): "/audit/{pk}",
    ("ours", "manager"): "/console/declaration/details/?id={pk}",
    ("fab", "agent"): "/agentview/show/{pk}",
    ("fab", "manager"): "/managerview/show/{pk}",
    ("flask_admin", "agent"): "/admin/agent/details/?id={pk}",
    ("flask_admin", "manager"): "/admin/manager/details/?id={pk}",
    ("django_admin", "agent"): "/admin/bench/declaration/{pk}/change/",
    ("django_admin", "manager"): "/admin/bench/managed/{pk}/change/",
}


def path_of(program: str, view: View, truth: Truth, pk: int) -> str:
    """The address of a view; of ours the first page, where one sets out from."""
    if view.show:
        return SHOWN[program, view.who].format(pk=pk)
    said = ARGUMENTS[program](view, truth.words(view), page_of(view, truth))
    list_ = LISTS[program, view.who]
    return f"{list_}?{urlencode(said)}" if said else list_


def page_of(view: View, truth: Truth) -> int:
    """The page's number from nought."""
    if view.place >= 0:
        return view.place
    return -(-truth.count(view) // SIZES[view.who]) + view.place


def _ours(view: View, words: str, page: int) -> dict:
    if view.who == "agent":
        asked = {"_flt_0_name": words, "_flt_0_status": view.status}
        order = {"_oc_Reviewed": "person.name", "_od_Reviewed": "asc"}
    else:
        asked, order = {"search": words, "flt0_status": view.status}, {"sort": "1"}
    return _filled(asked) | (order if view.order == "name" else {})


def _fab(view: View, words: str, page: int) -> dict:
    name = f"{view.who.title()}View"
    order = {f"_oc_{name}": "person.name", f"_od_{name}": "asc"} if view.order == "name" else {}
    asked = {"_flt_0_name": words, "_flt_3_status": view.status, f"page_{name}": page or ""}
    return _filled(asked) | order


def _flask_admin(view: View, words: str, page: int) -> dict:
    order = {"sort": "1"} if view.order == "name" else {}
    asked = {"search": words, "flt0_status_equals": view.status, "page": page or ""}
    return _filled(asked) | order


def _django_admin(view: View, words: str, page: int) -> dict:
    order = {"o": "2"} if view.order == "name" else {}
    number = page + 1 if page else ""
    return _filled({"q": words, "status__exact": view.status, "p": number}) | order


def _floor(view: View, words: str, page: int) -> dict:
    return {}


def _filled(asked: dict) -> dict:
    return {name: value for name, value in asked.items() if value}


ARGUMENTS = {
    "ours": _ours,
    "fab": _fab,
    "flask_admin": _flask_admin,
    "django_admin": _django_admin,
    "floor": _floor,
}
