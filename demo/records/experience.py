"""学习工作经历 and 年度考核."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.numbers import diploma_no
from demo.people import Career

BACHELOR, MASTER = "21", "14"
"""Codes of education_level."""

POSTS_BEFORE = ("技术员", "助理岗位", "见习岗位")


def education(rng: Random, career: Career) -> list[dict]:
    """One's studies, the last of them the highest; each may count for the review."""
    studies = [study(rng, career, BACHELOR, 4, career.begun.year - (3 if career.master else 0))]
    if career.master:
        studies.append(study(rng, career, MASTER, 3, career.begun.year))
    for place, row in enumerate(studies):
        row["is_first"] = place == 0
        row["is_highest"] = row is studies[-1]
    return studies


def study(rng: Random, career: Career, level: str, years: int, ended: int) -> dict:
    """One course of studies, of a bachelor or a master."""
    school, code = career.school
    kind = "4" if level == BACHELOR else "3"
    return {
        "start_date": date(ended - years, 9, 1),
        "end_date": date(ended, 7, 1),
        "school": school,
        "school_country": None,
        "major": rng.choice(career.trade.majors),
        "education_level": level,
        "degree": career.trade.degrees[level == MASTER],
        "degree_date": date(ended, 6, 30),
        "education_mode": "01",
        "schooling_years": Decimal(years),
        "diploma_no": diploma_no(rng, code, ended, "05" if level == BACHELOR else "02"),
        "degree_cert_no": f"{code}{kind}{ended}{rng.randrange(10**6):06d}",
        "verify_code": "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=12)),
        "is_review_basis": True,
    }


def continuing_education(rng: Random, career: Career) -> list[dict]:
    """The hours of five years; now and then too few, which is remarked."""
    made = []
    for year in _years(career):
        public, own = Decimal(30), Decimal(rng.randint(60, 84))
        if rng.random() < 0.04:
            own = Decimal(48)
        made.append(
            {
                "year": year,
                "public_hours": public,
                "professional_hours": own,
                "elective_hours": None,
                "total_hours": public + own,
                "form": ["01", "03"],
                "provider": "吉林省专业技术人员继续教育平台",
                "certificate_no": f"JX{year}{rng.randrange(10**6):06d}",
            }
        )
    return made


def _years(career: Career) -> list[int]:
    """The years that are asked for, the last one first."""
    asked = range(career.last_year, career.last_year - 5, -1)
    return [year for year in asked if year >= career.begun.year]


def work(rng: Random, career: Career) -> list[dict]:
    """One's posts without a gap; the last is held to this day, in the unit."""
    changes = [career.begun]
    span = career.last_year - career.begun.year
    if span > 6 and rng.random() < 0.7:
        changes.append(date(career.begun.year + rng.randint(2, span - 2), rng.choice((3, 9)), 1))
    return posts(rng, career, changes)


def posts(rng: Random, career: Career, changes: list[date]) -> list[dict]:
    """One's posts, each from the first day of a month until the next one begins."""
    made = []
    for place, start in enumerate(changes):
        last = place == len(changes) - 1
        made.append(
            {
                "start_date": start,
                "end_date": None if last else _month_before(changes[place + 1]),
                "unit_name": career.unit,
                "department": "技术科" if last else "业务科",
                "post": rng.choice(career.trade.posts if last else POSTS_BEFORE),
                "work_content": "从事" + rng.choice(career.trade.duties) + "。",
                "is_professional": True,
                "is_grassroots": career.grassroots or None,
                "region": career.region,
            }
        )
    return made


def _month_before(day: date) -> date:
    return (day - timedelta(days=1)).replace(day=1)


def assessments(rng: Random, career: Career) -> list[dict]:
    """The grades of five years, most of them 合格."""
    made = []
    for year in _years(career):
        grade = rng.choices(("1", "2", "6", "3"), (20, 75, 3, 1))[0]
        made.append(
            {
                "year": year,
                "grade": grade,
                "assess_unit": career.unit,
                "reason": "病假超过半年，未参加考核" if grade == "6" else None,
            }
        )
    return made
