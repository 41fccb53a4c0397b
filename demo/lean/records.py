"""Papers, posts and studies: whole sets of them, drawn once and dealt out many times.

Each set is one person's and agrees in itself; it need not fit the age of whom it is dealt to.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from demo.bulkload import Target
from demo.people import Career, born_between, career, human
from demo.records.achievements import paper
from demo.records.experience import BACHELOR, MASTER, posts, study
from demo.trades import Trade
from models.periods import month_number

HEAD = (
    "uid", "position", "created_at", "declaration_id", "version", "updated_at", "updated_by",
)  # fmt: skip
"""What differs from row to row; the database counts the rows."""

FEWEST, MOST = 3, 5
"""Records of each section."""

SETS = 12
"""Different sets for each trade, level and year."""

HIGH_SCHOOL, COLLEGE = "61", "31"
"""Codes of education_level."""

Body = tuple[Any, ...]


PAPERS = Target(
    "paper",
    (*HEAD, "paper_kind", "title", "publication", "issn", "cn_no", "publish_date", "volume_issue",
     "pages", "author_role", "author_order", "author_total", "total_words", "index", "cite_count",
     "abstract", "is_representative"),
)  # fmt: skip
STUDIES = Target(
    "education",
    (*HEAD, "start_date", "end_date", "school", "major", "education_level", "degree",
     "degree_date", "education_mode", "schooling_years", "diploma_no", "degree_cert_no",
     "verify_code", "is_first", "is_highest", "is_review_basis"),
)  # fmt: skip
POSTS = Target(
    "work",
    (*HEAD, "unit_name", "start_date", "end_date", "department", "post", "work_content",
     "is_professional", "is_grassroots", "region"),
)  # fmt: skip
"""All posts are in the unit by way of which one declares."""


@dataclass(frozen=True)
class RecordSet:
    """What one person fills in, as rows without their heads."""

    papers: tuple[Body, ...]
    posts: tuple[Body, ...]
    studies: tuple[Body, ...]


def record_sets(rng: Random, trade: Trade, level: str, last_year: int) -> list[RecordSet]:
    """The sets for those of a trade who apply for a level in the year after ``last_year``."""
    made = []
    for serial in range(SETS):
        one = human(rng, serial, "220102", born_between(level, last_year))
        way = career(rng, one, trade, level, last_year, "", public=False, grassroots=False)
        papers = [paper(rng, way, place == 0) for place in range(_some(rng))]
        made.append(
            RecordSet(
                _bodies(PAPERS, len(HEAD), papers),
                _bodies(POSTS, len(HEAD) + 1, posts(rng, way, _changes(way, _some(rng)))),
                _bodies(STUDIES, len(HEAD), _studies(rng, way, _some(rng))),
            )
        )
    return made


def _some(rng: Random) -> int:
    return rng.randint(FEWEST, MOST)


def _changes(way: Career, count: int) -> list[date]:
    """When the posts begin: at even distances, until the last year that counts."""
    first = month_number(way.begun) - 1
    span = (way.last_year * 12 + 11 - first) // count
    months = [divmod(first + span * place, 12) for place in range(count)]
    return [date(year, month + 1, 1) for year, month in months]


def _studies(rng: Random, way: Career, count: int) -> list[dict]:
    """School, college, bachelor, a second bachelor and master, in this order; the last ones
    until one began to work, and the two highest count for the review."""
    ended = way.begun.year
    made = [study(rng, way, BACHELOR, 2, ended - 3), study(rng, way, MASTER, 3, ended)]
    if count > 4:
        made.insert(0, study(rng, way, BACHELOR, 2, ended - 5))
    if count > 3:
        made.insert(0, _plain(study(rng, way, BACHELOR, 2, ended - 7), COLLEGE))
    made.insert(0, _plain(study(rng, way, BACHELOR, 3, ended - 9), HIGH_SCHOOL))
    for place, row in enumerate(made):
        row["is_first"], row["is_highest"] = place == 0, place == count - 1
        row["is_review_basis"] = place >= count - 2
    return made


def _plain(row: dict, level: str) -> dict:
    """A course of studies that gives no degree."""
    none = {"degree": None, "degree_date": None, "degree_cert_no": None}
    return row | none | {"education_level": level}


def _bodies(target: Target, head: int, rows: Iterable[dict]) -> tuple[Body, ...]:
    names = target.columns[head:]
    return tuple(tuple(_plain_value(row.get(name)) for name in names) for row in rows)


def _plain_value(value: Any) -> Any:
    """As a driver takes it."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
