"""Who declares: a person, and the way that one's work has gone."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from demo.names import person_name
from demo.numbers import identity_number, mobile
from demo.trades import TRADES, Trade
from models.numbers import FEMALE, MALE

KOREAN, HAN, MANCHU = "10", "01", "11"
"""Codes of nation."""

YEARS = {"1": (42, 56), "2": (33, 52), "3": (28, 44)}
"""Years of age, by the level that one applies for."""

TENURE = {"1": 12, "2": 6, "3": 2}
"""Years of work, at least, before the title that one holds now."""

SCHOOLS = (
    ("吉林大学", "10183"), ("延边大学", "10184"), ("长春工业大学", "10190"),
    ("吉林建筑大学", "10191"), ("吉林农业大学", "10193"), ("长春中医药大学", "10199"),
    ("东北师范大学", "10200"),
    ("北华大学", "10201"), ("吉林师范大学", "10203"), ("长春师范大学", "10205"),
    ("河海大学", "10294"), ("中国医科大学", "10159"), ("哈尔滨工业大学", "10213"),
)  # fmt: skip


@dataclass(frozen=True)
class Human:
    """A person with a valid identity number."""

    serial: int
    name: str
    female: bool
    birth: date
    number: str
    mobile: str
    nation: str
    region: str

    @property
    def sex(self) -> str:
        """The code of GB/T 2261.1."""
        return FEMALE if self.female else MALE


@dataclass(frozen=True)
class Career:
    """How far one has come in a trade by the last year that the notice counts.

    ``level`` is applied for, ``held`` was obtained on ``title_day``.
    """

    human: Human
    trade: Trade
    level: str
    last_year: int
    unit: str
    region: str
    school: tuple[str, str]
    master: bool
    begun: date
    title_day: date
    public: bool
    grassroots: bool

    @property
    def held(self) -> str:
        """The level that one holds."""
        return str(int(self.level) + 1)

    @property
    def years(self) -> int:
        """Years of work in the trade."""
        return self.last_year - self.begun.year


def trade_for(rng: Random, kind: str) -> Trade:
    """One of the trades of a unit of this kind."""
    return rng.choice([trade for trade in TRADES if trade.kind == kind])


def human(rng: Random, serial: int, region: str, born: tuple[int, int], name: str = "") -> Human:
    """A person of this region who was born in one of these years; ``name`` by lot."""
    female = rng.random() < 0.52
    korean = region.startswith("2224") and rng.random() < 0.4
    nation = KOREAN if korean else MANCHU if rng.random() < 0.08 else HAN
    birth = date(rng.randint(*born), 1, 1) + timedelta(days=rng.randrange(365))
    sequence = (2 * serial + (not female)) % 1000 or 2
    home = region if region.isdigit() else "220102"
    return Human(
        serial,
        name or person_name(rng, female, korean),
        female,
        birth,
        identity_number(home, birth, sequence),
        mobile(serial),
        nation,
        region,
    )


def career(
    rng: Random, one: Human, trade: Trade, level: str, last_year: int, unit: str, **more
) -> Career:
    """One's work until now: studies, first post, present title. ``more``: public, grassroots."""
    master = rng.random() < 0.3
    begun = date(one.birth.year + (26 if master else 23), 7, 1)
    earliest = begun.year + min(TENURE[level], 3 if master else 99)
    latest = max(last_year - 5, begun.year + 1)
    title_year = rng.randint(min(earliest, latest), latest)
    return Career(
        human=one,
        trade=trade,
        level=level,
        last_year=last_year,
        unit=unit,
        region=one.region,
        school=rng.choice(SCHOOLS),
        master=master,
        begun=begun,
        title_day=date(title_year, 12, rng.randint(5, 28)),
        **more,
    )


def born_between(level: str, last_year: int) -> tuple[int, int]:
    """The years in which those are born who apply for a level."""
    youngest, oldest = YEARS[level]
    return last_year - oldest, last_year - youngest
