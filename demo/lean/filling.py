"""Fills an empty database with the large province: all of it in one transaction."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, islice
from time import monotonic

from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from adapters.passwords import hashed
from demo.bulkload import Load, Target, load_into
from demo.filling import Tools, lot
from demo.lean.answers import TARGETS, Answers
from demo.lean.batches import BATCHES, Batches
from demo.lean.fates import Fates
from demo.lean.moments import office_seconds
from demo.lean.notices import FOR, YEARS, Call, calls
from demo.lean.offices import OFFICES, Site, office_rows, planned, sited
from demo.lean.people import (
    ACCOUNTS,
    BINDINGS,
    PERSONS,
    USER_ROLES,
    USERS,
    Joining,
    People,
)
from demo.lean.scale import Scale
from demo.notices import PROVINCE_BUREAU
from demo.phrases import OWN_PHRASES, SYSTEM_PHRASES
from demo.stars import ASKING, Login, logins
from models.clock import SHANGHAI, day_of, now
from models.codes import CodeBook
from models.journal import note
from models.offices import Office, OfficeKind
from models.opinions import Phrase
from models.permissions import Role

SERIALS = Target("serial", ("name", "last"))

LOADED = (
    OFFICES, PERSONS, USERS, USER_ROLES, ACCOUNTS, BINDINGS, BATCHES, *TARGETS, SERIALS,
)  # fmt: skip
TABLES = tuple(target.table for target in LOADED)

BLOCK = 20_000
"""Persons that are written at once."""


def is_empty(session: Session) -> bool:
    """Whether none of the tables that are filled has a row."""
    questions = (text(f"SELECT EXISTS (SELECT 1 FROM {table})") for table in TABLES)
    return not any(session.scalar(question) for question in questions)


def fill(tools: Tools, declarations: int, seed: int) -> None:
    """Fill an empty database and commit; ValueError if it is not empty.

    The same seed gives the same rows on the same day, but for the ciphers of identity
    numbers and the salt of the password.
    """
    session = tools.session
    codes, today = CodeBook.read(session), day_of(now(session))
    session.rollback()
    try:
        load = load_into(session, TABLES)
        LeanFilling(tools, load, Scale(declarations), seed).run(codes, today)
        session.commit()
    except BaseException:
        session.rollback()
        session.get_bind().dispose()
        raise
    load.settle()


@dataclass
class LeanFilling:
    """One run."""

    tools: Tools
    load: Load
    scale: Scale
    seed: int

    def __post_init__(self):
        self.began = monotonic()
        self.serials: Counter[str] = Counter()
        self.logins = logins()

    def run(self, codes: CodeBook, today: date) -> None:
        """Everything, in the order in which it depends on each other."""
        sites = self._offices(codes)
        by_name = {site.plan.name: site for site in sites}
        session = self.tools.session
        calls_ = calls(today, session.get(Office, by_name[PROVINCE_BUREAU].id))
        session.add_all(call.notice for call in calls_)
        self._phrases()
        session.flush()
        people = self._people(sites, by_name, today)
        self._declarations(calls_, sites, people)
        self.load.put(SERIALS, self.serials.items())
        self.load.finish()
        self._say("keys and indices made")
        counts = {"declarations": self.scale.declarations, "persons": len(people.names)}
        note(session, "demo", "import", "database", self.seed, offices=len(sites), **counts)

    def _say(self, words: str) -> None:
        self.tools.say(f"{monotonic() - self.began:6.1f} s  {words}")

    def _offices(self, codes: CodeBook) -> list[Site]:
        rng = lot(self.seed, "offices")
        plans = planned(codes, rng, self.scale.units)
        agents = [login for login in self.logins if login.role is Role.AGENT]
        names = {login.office: login.name for login in reversed(agents)}
        sites = sited(plans, names, rng)
        self.load.put(OFFICES, office_rows(sites))
        self._say(f"{len(sites)} offices")
        return sites

    def _phrases(self) -> None:
        agents = [login.username for login in self.logins if login.role is Role.AGENT]
        session = self.tools.session
        session.add_all(Phrase(text=words, for_all=True) for words in SYSTEM_PHRASES)
        session.add_all(Phrase(text=w, username=agent) for agent in agents for w in OWN_PHRASES)

    def _people(self, sites: list[Site], by_name: dict[str, Site], today: date) -> People:
        """The staff, then the persons, block by block."""
        known = {row.name: row.id for row in self.tools.session.scalars(select(RoleRow))}
        people = People(
            self.load, self.tools.vault, lot(self.seed, "people"),
            {role: known[role.value] for role in Role}, hashed(self.logins[0].password),
            office_seconds(datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)),
        )  # fmt: skip
        staff = list(self._staff(sites))
        holders = [(None, by_name[one.office].id if one.office else None) for one in staff]
        people.add_accounts(staff, holders)
        joining = self._joining(sites, by_name)
        while block := list(islice(joining, BLOCK)):
            people.add_persons(block)
        self._say(f"{len(people.names)} persons, {len(staff)} accounts of offices")
        return people

    def _staff(self, sites: list[Site]) -> Iterator[Login]:
        """The accounts of the file that are nobody's own, and an agent for each other office."""
        password = self.logins[0].password
        named = [login for login in self.logins if login.role is not Role.APPLICANT]
        yield from named
        there = {login.office for login in named if login.role is Role.AGENT}
        for site in sites:
            if site.plan.name not in there:
                name = f"jb{site.id:05d}"
                yield Login(name, password, Role.AGENT, site.plan.name, site.agent)

    def _joining(self, sites: list[Site], by_name: dict[str, Site]) -> Iterator[Joining]:
        """The persons of the first agent's unit, then all others; those of the file first.

        Whoever is bound to no unit comes last, where no declarations are made.
        """
        first = by_name[next(one.office for one in self.logins if one.role is Role.AGENT)]
        units = [s for s in sites if s.plan.kind is OfficeKind.UNIT and s is not first]
        applicants = [one for one in self.logins if one.role is Role.APPLICANT]
        asking = [one for one in applicants if not one.office or one.username == ASKING]
        bound = [Joining(one, by_name[one.office]) for one in applicants if one not in asking]
        ours = [one for one in bound if one.home is first]
        others = [one for one in bound if one.home is not first]
        owners, rest = self.scale.owners, self.scale.persons - self.scale.owners
        rng, password = lot(self.seed, "homes"), self.logins[0].password
        for number in range(owners + rest):
            stars, place = (ours, number) if number < owners else (others, number - owners)
            if place < len(stars):
                yield stars[place]
            else:
                login = Login(f"sb{number + 1:07d}", password, Role.APPLICANT, "", "")
                yield Joining(login, first if number < owners else rng.choice(units))
        yield from chain(ours[owners:], others[rest:])
        yield from (Joining(one, by_name.get(one.office)) for one in asking)

    def _declarations(self, calls_: list[Call], sites: list[Site], people: People) -> None:
        by_id = {site.id: site for site in sites}
        rng = lot(self.seed, "declarations")
        batches = Batches(rng, by_id, self.serials)
        fates = Fates(rng, by_id, batches)
        most = self.scale.declarations
        answers = Answers(self.load, rng, fates, people, self.serials, most)
        answering, done = self._answering(people), 0
        for place, call in enumerate(calls_):
            answers.add(call, answering[place])
            self.load.put(BATCHES, batches.rows())
            done += len(answering[place])
            if answering[place] and place % len(FOR) == len(FOR) - 1:
                self._say(f"{done} declarations")

    def _answering(self, people: People) -> dict[int, array]:
        """For each notice, by its place, the persons who answer it: each of them in years
        that differ, by a notice for the trade of the unit."""
        rng = lot(self.seed, "notices")
        keys = list(FOR)
        suiting = defaultdict(list)
        for place, key in enumerate(keys):
            for trade in FOR[key]:
                suiting[trade].append(place)
        found: dict[int, array] = {place: array("i") for place in range(YEARS * len(keys))}
        numbers = range(self.scale.declarations)
        for person, theirs in groupby(numbers, self.scale.declarant):
            start = rng.randrange(YEARS)
            for count, _ in enumerate(theirs):
                year = (start + 3 * count) % YEARS
                kind = rng.choice(suiting[people.homes[person].plan.trade])
                found[year * len(keys) + kind].append(person)
        return found
