"""Who declares what by way of which unit, and what becomes of it: all by lot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from demo.notices import NOTICES, NoticePlan
from demo.people import Career, Human, born_between, career, human, trade_for
from demo.plans import Plan, dealt, notice_for
from demo.province import NAMED, OfficePlan, units
from demo.records.basics import BREAKING, GRASSROOTS, SKILLED
from demo.stars import PARTS, Login
from demo.trades import TRADES
from models.permissions import Role

OFTEN = 60
"""How much likelier a unit of demo_accounts.csv is than another one."""

NORMAL = "01"
PUBLIC = ("02", "03", "04")
"""事业单位 among the codes of unit_nature."""


@dataclass(frozen=True)
class Candidate:
    """One declaration to be: by whom, for which notice, of which category, with what plan."""

    login: Login
    human: Human
    career: Career
    category: str
    plan: Plan
    notice: NoticePlan
    unit: OfficePlan


class Lots:
    """Draws candidates; the same seed draws the same ones."""

    def __init__(
        self, rng: Random, offices: Iterable[OfficePlan], logins: list[Login], today: date
    ):
        self.rng, self.today = rng, today
        self.units = {unit.name: unit for unit in units(offices)}
        self.logins = {login.username: login for login in logins}
        self.password = logins[0].password
        self.serial = 0
        self.breaking = 0

    def drawn(self, count: int) -> list[Candidate]:
        """So many candidates, those of demo_accounts.csv first."""
        known = [self._star(part) for part in PARTS[:count]]
        plans = dealt(self.rng, max(count - len(known), 0))
        return known + [self._candidate(plan, notice_for(self.rng, plan)) for plan in plans]

    def passer_by(self, login: Login | None = None) -> tuple[Human, Login]:
        """A person who declares nothing."""
        self.serial += 1
        born = (self.today.year - 50, self.today.year - 28)
        one = human(self.rng, self.serial, "220182", born, login.name if login else "")
        return one, login or self._login(one)

    def _star(self, part) -> Candidate:
        login = self.logins[part.username]
        notice = next(notice for notice in NOTICES if notice.key == part.notice)
        return self._candidate(part.plan, notice, login, part.level)

    def _candidate(
        self, plan: Plan, notice: NoticePlan, login: Login | None = None, level: str = ""
    ) -> Candidate:
        self.serial += 1
        unit = self.units[login.office] if login else self._unit(notice)
        level = level or self.rng.choice(notice.levels[-1:] * 3 + notice.levels)
        last_year = notice.year(self.today) - 1
        born = born_between(level, last_year)
        one = human(self.rng, self.serial, unit.region, born, login.name if login else "")
        way = career(
            self.rng,
            one,
            trade_for(self.rng, unit.trade),
            level,
            last_year,
            unit.name,
            public=unit.nature in PUBLIC,
            grassroots=unit.grassroots,
        )
        category = NORMAL if login else self._category(plan, unit, level)
        return Candidate(login or self._login(one), one, way, category, plan, notice, unit)

    def _unit(self, notice: NoticePlan) -> OfficePlan:
        """A unit that the notice is for."""
        kinds = {trade.kind for trade in TRADES if trade.series == notice.series}
        areas = tuple(region[:4] for region in notice.regions) or ("22",)
        fitting = [
            u for u in self.units.values() if u.trade in kinds and u.region.startswith(areas)
        ]
        named = set(NAMED.values())
        return self.rng.choices(fitting, [OFTEN if u.name in named else 1 for u in fitting])[0]

    def _category(self, plan: Plan, unit: OfficePlan, level: str) -> str:
        """Mostly the usual one; of those who come to submit, the first who can is a 破格."""
        if unit.grassroots and self.rng.random() < 0.5:
            return GRASSROOTS
        if level == "3":
            return self.rng.choices((NORMAL, SKILLED), (93, 7))[0]
        if plan.words and (not self.breaking or self.rng.random() < 0.06):
            self.breaking += 1
            return BREAKING
        return NORMAL

    def _login(self, one: Human) -> Login:
        return Login(f"sb{one.serial:05d}", self.password, Role.APPLICANT, "", one.name)
