"""ASVS 8.2.1–8.2.3, 8.4.1; WSTG-ATHZ-02..04: who gets what at which address.

``matrix.csv`` is the reviewed table: what each role is answered at each address, by each
method, for its own objects, for strange ones and for such as do not exist. ``Mine_*`` and
``console_*`` stand for the screens of all sections and of all lists. ``login`` is the way
to the login; ``any`` says that it does not matter whose object it is.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from models.permissions import Role
from models.sections import BY_KEY
from tests.client import Browser
from tests.digest import Watch
from tests.security.objects import GONE, Objects, Things
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import EXPERT_NO, FOREIGN, ID_NUMBERS, two_units
from views.guard import PAGES

pytestmark = pytest.mark.world(build=two_units)

TABLE = Path(__file__).with_name("matrix.csv")
NOBODY = "anonymous"
ACCOUNTS = {
    NOBODY: None,
    Role.APPLICANT: "applicant",
    Role.LEGAL: "legal",
    Role.AGENT: "agent",
    Role.CHECKER: "checker",
    Role.NOTICE_MANAGER: "manager",
    Role.DATA_MANAGER: "data",
    Role.SYSTEM_ADMIN: "admin",
    Role.SECURITY_ADMIN: "security",
    Role.AUDIT_ADMIN: "auditor",
}

SUPERIOR = "审核机构经办人"
"""An agent of an office that audits others: he has the desks of an agent, and more."""

ALL = ACCOUNTS | {SUPERIOR: "bureau"}
OF_SUPERIORS = ("Units.*",)
"""The desks that only such an office has. At all others the unit's agent speaks for both."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
RELATIONS = ("own", "foreign", "missing")

KINDS = {
    "Accounts": "users", "Agents": "agents", "Bench": "declarations",
    "Confirm": "proposals", "Desk": "queues", "Proposals": "proposals",
    "Files": "files", "Lines": "verifications", "Mine": "declarations",
    "MyBinding": "bindings", "NoticeReading": "notices",
    "Notices": "notices", "Offices": "offices", "Phrases": "phrases", "Printing": "declarations",
    "Reports": "sends", "Requests": "bindings", "Reviewed": "declarations", "Send": "sends",
    "Roles": "users", "Security": "users", "Sessions": "sessions",
    "Units": "registrations", "Uploads": "places",
}  # fmt: skip
"""What the number in the addresses of a screen means."""

KINDS_OF_METHODS = {"Mine.begin": "notices"}

FIXED = {
    "static": ({"filename": "zc/zc.css"}, {"filename": "zc/none.css"}),
    "appbuilder.static": ({"filename": "css/bootstrap.min.css"}, {"filename": "../app.py"}),
}
"""Addresses without an owner: what is there, and what is not."""

SEEN = {
    Role.SYSTEM_ADMIN: {FOREIGN.person, FOREIGN.office},
    Role.SECURITY_ADMIN: {FOREIGN.person, FOREIGN.office},
    Role.NOTICE_MANAGER: {FOREIGN.office},
}
"""Marks of the other side that a role rightly meets: the administrators give accounts and roles
to the staff of all offices, an HR office keeps all offices."""


class Row(NamedTuple):
    """One line of the table; ``roles`` are separated by blanks."""

    endpoint: str
    method: str
    roles: str
    relation: str
    status: str


def table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Row(**line) for line in csv.DictReader(file)]


ROWS = table()


def asked(rules: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Every endpoint with every method that it knows."""
    for endpoint, methods in sorted(rules.items()):
        for method in sorted(methods - {"HEAD", "OPTIONS"}):
            yield endpoint, method


def rules_of(app: Flask) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, set()).update(rule.methods)
    return found


def speaks_of(row: Row, endpoint: str, method: str) -> bool:
    """Whether a row is about this address."""
    return row.method == method and fnmatchcase(endpoint, row.endpoint)


def comes_to(role: str, endpoint: str) -> bool:
    """Whether the table has rows of this role for an address."""
    return role != SUPERIOR or any(fnmatchcase(endpoint, desk) for desk in OF_SUPERIORS)


def expected(endpoint: str, method: str, role: str) -> dict[str, str]:
    """What the table says to a role, by relation; a row that names the address itself wins
    over that of its pattern."""
    rows = [r for r in ROWS if speaks_of(r, endpoint, method) and role in r.roles.split()]
    rows.sort(key=lambda row: row.endpoint == endpoint)
    return {row.relation: row.status for row in rows}


def things_of(objects: Objects, endpoint: str, role: str) -> Things:
    """What can be put into the address of an endpoint; without an object in it one empty set."""
    screen, _, _name = endpoint.partition(".")
    asker = role if isinstance(role, Role) else Role.APPLICANT
    if endpoint in FIXED:
        return Things((FIXED[endpoint][0],), ())
    if screen.startswith("Mine_"):
        section = BY_KEY[screen.removeprefix("Mine_")]
        one = endpoint.endswith((".edit", ".delete"))
        return objects.records(section) if one else objects.below(asker)
    if screen.startswith("console_"):
        if endpoint.endswith(".details_view"):
            return objects.console(screen.removeprefix("console_"))
        return Things(({"export_type": "csv"} if endpoint.endswith(".export") else {},), ())
    kind = KINDS_OF_METHODS.get(endpoint) or KINDS.get(screen)
    return objects.of(kind, asker) if kind else Things(({},), ())


def placed(rule: Rule, values: dict[str, Any]) -> dict[str, Any]:
    """Only what the address has a place for, or what stands behind it as a query."""
    known = {k: v for k, v in values.items() if k in rule.arguments or k in ("id", "record")}
    return {k: known.get(k, 1) for k in {*rule.arguments, *known}}


def missing_of(rule: Rule, things: Things) -> dict[str, Any]:
    """The same address for something that does not exist."""
    if rule.endpoint in FIXED:
        return FIXED[rule.endpoint][1]
    place = things.own[0] if things.own else {}
    key = next((k for k in ("declaration_id", "uid", "id", "export_type") if k in place), None)
    key = key or next(iter(place), "pk")
    return place | {key: "docx" if key == "export_type" else "0" * 32 if key == "uid" else GONE}


WAY_IN = ("/login/", "/?next=")
"""The panel of who has been here before, and the entrance for all others."""


class Visitor:
    """One role at all addresses."""

    def __init__(self, db, role: str):
        self.db, self.role, self.app = db, role, db.app
        self.rules = {(r.endpoint, m): r for r in self.app.url_map.iter_rules() for m in r.methods}
        with Session(db.engine) as session:
            objects = Objects(session)
            self.things = {e: things_of(objects, e, role) for e in rules_of(self.app)}
        hidden = {FOREIGN.text, FOREIGN.person, FOREIGN.office, EXPERT_NO, *ID_NUMBERS}
        self.hidden = hidden - SEEN.get(role, set())
        self.enter()
        self.watch = Watch(db)

    def enter(self) -> None:
        """Sign in, whoever is somebody."""
        browser = Browser(self.app)
        if ALL[self.role]:
            browser.login(ALL[self.role], PASSWORD)
        else:
            browser.open("/login/")
        self.client, self.token = browser.client, browser.csrf_token

    def go(self, endpoint: str, method: str, values: dict[str, Any]):
        """One request; a form of nothing but the token, as an attacker would send it."""
        rule = self.rules[endpoint, method]
        address = self.app.url_map.bind("localhost")
        url = address.build(endpoint, placed(rule, values), method=method)
        data = None if method == "GET" else {"csrf_token": self.token}
        return url, self.client.open(url, method=method, data=data, buffered=True)

    def sets(self, rule: Rule, relation: str) -> Sequence[dict[str, Any]]:
        """What to put into the address for a relation."""
        things = self.things[rule.endpoint]
        if relation == "missing":
            return [missing_of(rule, things)]
        return things.foreign if relation == "foreign" else things.own

    def faults(self, endpoint: str, method: str, relation: str, wanted: str) -> Iterator[str]:
        """What is not as the table says, or worse."""
        rule = self.rules[endpoint, method]
        for values in self.sets(rule, relation):
            self.watch.changed()
            url, answer = self.go(endpoint, method, values)
            got = str(answer.status_code)
            if got == "302" and answer.location.startswith(WAY_IN):
                got = "login"
            if got != wanted:
                yield f"{method} {url} ({endpoint}, {relation}): {got}, not {wanted}"
            yield from self.leaks(url, answer)
            yield from self.writes(url, method, answer.status_code)

    def leaks(self, url: str, answer) -> Iterator[str]:
        """Words of the other side in body, headers or cookie."""
        cookie = self.client.get_cookie("__Host-zhiping")
        reader = self.app.session_interface.get_signing_serializer(self.app)
        kept = reader.loads(cookie.value) if cookie else {}
        seen = f"{answer.get_data().decode(errors='replace')} {answer.headers} {kept}"
        for word in self.hidden:
            if word in seen or quote(word) in seen:
                yield f"{url}: shows {word}"

    def writes(self, url: str, method: str, status: int) -> Iterator[str]:
        """What a refused write has left behind; an accepted one is taken back."""
        if method == "GET":
            return
        if status >= 400 or self.role == NOBODY:
            if changed := self.watch.changed():
                yield f"{method} {url}: refused with {status}, and yet changed {changed}"
        elif self.watch.changed():
            self.watch.close()
            self.db.restore(two_units)
            self.enter()
            self.watch = Watch(self.db)


def relations_of(things: Things, said: dict[str, str]) -> list[tuple[str, str]]:
    """The relations that must be asked, with what the table says of each."""
    if "any" in said:
        return [("any", said["any"])]
    there = {"own": things.own, "foreign": things.foreign}
    return [(name, status) for name, status in said.items() if there.get(name, True)]


SAMPLE = ("basic_info", "paper", "assessment", "materials", "declaration", "batch")


def sampled(endpoint: str) -> bool:
    """The second database is asked for one screen of each kind, and only where somebody comes
    to it at all: the screens of the sections and lists are the same classes."""
    kind, _, key = endpoint.partition(".")[0].partition("_")
    return kind not in ("Mine", "console") or not key or key in SAMPLE


@pytest.mark.parametrize("role", ALL)
def test_each_role_gets_what_the_table_says(db, role):
    visitor = Visitor(db, role)
    faults = [
        fault
        for endpoint, method in asked(rules_of(db.app))
        for relation, status in relations_of(
            visitor.things[endpoint], expected(endpoint, method, role)
        )
        if db.kind == "sqlite" or (status not in ("403", "login") and sampled(endpoint))
        for fault in visitor.faults(endpoint, method, relation, status)
    ]
    visitor.watch.close()
    assert not faults, "\n" + "\n".join(faults)


def test_every_address_has_its_rows_and_every_row_its_address(db):
    """A new screen is reviewed before it is open, and the table holds nothing that is gone."""
    rules = list(asked(rules_of(db.app)))
    faults = [
        f"{row} speaks of no address" for row in ROWS
        if not any(speaks_of(row, endpoint, method) for endpoint, method in rules)
    ]  # fmt: skip
    for endpoint, method in rules:
        for role in (role for role in ALL if comes_to(role, endpoint)):
            said = set(expected(endpoint, method, role))
            if said not in ({"any"}, {"own", "missing"}, {"own", "foreign", "missing"}):
                faults.append(f"{endpoint} {method} {role}: the table says {sorted(said)}")
    keys = [(r.endpoint, r.method, role, r.relation) for r in ROWS for role in r.roles.split()]
    faults += [f"twice: {key}" for key, times in Counter(keys).items() if times > 1]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.databases("sqlite")
def test_no_address_knows_another_method(db):
    """WSTG-CONF-06: 405 for what an address is not made for, and nothing is changed by it.

    Who opens the address of a form is led to the form's page.
    """
    visitor, faults = Visitor(db, NOBODY), []
    known = {(rule.rule, m) for rule in db.app.url_map.iter_rules() for m in rule.methods}
    for rule in db.app.url_map.iter_rules():
        for method in METHODS:
            if (rule.rule, method) not in known:
                url = re.sub("<[^>]+>", "1", rule.rule)
                answer = visitor.client.open(
                    url, method=method, data={"csrf_token": visitor.token}, buffered=True
                )
                led = method == "GET" and rule.endpoint in PAGES
                if answer.status_code not in ((302,) if led else (404, 405)):
                    faults.append(f"{method} {url}: {answer.status_code}")
    faults += visitor.watch.changed()
    visitor.watch.close()
    assert not faults, "\n" + "\n".join(faults)


LARGE = (str(2**31 - 1), str(2**31), str(2**63))

STRANGE = (
    *("0", "-1", "1.5", "abc", "%00", "1%00", "%ED%A0%80", "😀"),
    *(*LARGE, "9" * 5000),
)
"""What may stand in an address where a number of a row is meant; none of them has one."""


@pytest.mark.parametrize("role", [r for r in ALL if r != NOBODY])
def test_numbers_that_do_not_exist(db, role):
    """WSTG-INPV: never 500, whatever stands in the address."""
    visitor, faults = Visitor(db, role), []
    for endpoint, method in asked(rules_of(db.app)):
        rule = visitor.rules[endpoint, method]
        numbers = [
            a for a in rule.arguments if a in ("pk", "declaration_id", "notice", "notice_id")
        ]
        said = expected(endpoint, method, role)
        if (
            not numbers
            or not said
            or "any" in said
            or endpoint.startswith("Mine_")
            and "Mine_work" not in endpoint
        ):
            continue
        for number, strange in product(numbers, STRANGE if db.kind == "sqlite" else LARGE):
            own = visitor.sets(rule, "own")[0]
            url = rule.rule
            for name in rule.arguments:
                value = strange if name == number else own.get(name, 1)
                url = re.sub(f"<(int:)?{name}>", str(value), url)
            data = None if method == "GET" else {"csrf_token": visitor.token}
            answer = visitor.client.open(url, method=method, data=data, buffered=True)
            if answer.status_code not in (400, 404, 405):
                faults.append(f"{method} {url[:80]}: {answer.status_code}")
    faults += visitor.watch.changed()
    visitor.watch.close()
    assert not faults, "\n" + "\n".join(faults)
