"""The people of demo_accounts.csv: those who log in, each in a situation worth seeing."""

import csv
from dataclasses import dataclass
from pathlib import Path

from demo.plans import BLANK, Plan
from models.permissions import Role

ACCOUNTS = Path(__file__).resolve().parent.parent / "fixtures" / "demo_accounts.csv"


@dataclass(frozen=True)
class Login:
    """One line of the file; ``office`` is empty for an applicant who is bound to no unit."""

    username: str
    password: str
    role: Role
    office: str
    name: str
    mobile: str = ""


@dataclass(frozen=True)
class Part:
    """What an applicant of the file is to show: a plan for a notice and a level."""

    username: str
    notice: str
    level: str
    plan: Plan


PARTS = (
    Part("lisi", "engineering", "2", Plan("", 1, BLANK)),
    Part("wangwu", "engineering", "2", Plan("", 1)),
    Part("zhaoliu", "engineering", "2", Plan("submit up open return", 1)),
    Part("sunqi", "engineering", "2", Plan("submit", 1)),
    Part("zhouba", "teachers", "2", Plan("submit open return submit top open pass", 1)),
    Part("wujiu", "teachers", "2", Plan("submit up open terminate", 1)),
)

ASKING = "zhengshi"
"""Has asked a unit to be bound and has no answer yet."""


def logins() -> list[Login]:
    """The accounts of the file."""
    with ACCOUNTS.open(encoding="utf-8", newline="") as file:
        return [Login(**row | {"role": Role(row["role"])}) for row in csv.DictReader(file)]
