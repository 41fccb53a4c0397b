"""技术成果信息: papers, projects, patents, reports; one of each may stand for all."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo.numbers import application_no, isbn, issn
from demo.people import Career

ABSTRACT = "针对{0}的{1}，结合工程和工作实例进行了分析，提出了可行的做法，对同类问题有参考价值。"
BRIEF = "汇总了近年来{0}的资料，分析了{1}中存在的问题，提出了改进措施，已在工作中采用。"
TITLES = ("{0}{1}研究", "{0}的{1}探讨", "{0}{1}及其应用")
BOOK, REPORT = "{0}{1}实务", "{0}{1}情况报告"
TECHNIQUE, PRACTICE = "{0}{1}关键技术", "{0}{1}的实践研究"
LED, HELPED = "负责总体方案、现场实施和成果总结。", "承担现场试验和资料分析。"

HOW_MANY = {"1": (2, 4), "2": (1, 3), "3": (0, 2)}
"""Papers, by the level that one applies for."""


def a_day(rng: Random, career: Career) -> date:
    """A day after the present title and before the cut-off date."""
    begin, end = career.title_day + timedelta(days=30), date(career.last_year, 11, 30)
    return begin + timedelta(days=rng.randrange(max((end - begin).days, 1)))


def a_month(rng: Random, career: Career) -> date:
    """The first day of a month of that time."""
    return a_day(rng, career).replace(day=1)


def subject(rng: Random, career: Career) -> tuple[str, str]:
    """What one works on, and what of it."""
    return rng.choice(career.trade.things), rng.choice(career.trade.topics)


def papers(rng: Random, career: Career) -> list[dict]:
    """Papers and sometimes a book."""
    count = rng.randint(*HOW_MANY[career.level])
    made = [paper(rng, career, place == 0) for place in range(count)]
    if career.level == "1" and rng.random() < 0.4:
        made.append(_book(rng, career))
    return made


def paper(rng: Random, career: Career, best: bool) -> dict:
    """One paper; the best of them stands for all."""
    thing, topic = subject(rng, career)
    journal, cn_no = rng.choice(career.trade.journals)
    order = 1 if best else rng.choice((1, 1, 2))
    pages = rng.randint(3, 90)
    core = best and rng.random() < 0.5
    return {
        "paper_kind": "1",
        "title": rng.choice(TITLES).format(thing, topic),
        "publication": journal,
        "issn": issn(rng),
        "cn_no": cn_no,
        "publish_date": a_month(rng, career),
        "volume_issue": f"{rng.randint(20, 48)}({rng.randint(1, 12)})",
        "pages": f"{pages}-{pages + rng.randint(3, 7)}",
        "author_role": "2" if order == 1 else "5",
        "author_order": order,
        "author_total": rng.randint(order, 5),
        "total_words": Decimal("0.6"),
        "index": ["08"] if core else None,
        "cite_count": rng.randint(0, 12),
        "abstract": ABSTRACT.format(thing, topic) if best else None,
        "is_representative": best,
    }


def _book(rng: Random, career: Career) -> dict:
    thing, topic = subject(rng, career)
    return {
        "paper_kind": "4",
        "title": BOOK.format(thing, topic),
        "publisher": "吉林科学技术出版社",
        "isbn": isbn(rng),
        "publish_date": a_month(rng, career),
        "author_role": "8",
        "author_order": 2,
        "author_total": 4,
        "total_words": Decimal(32),
        "own_words": Decimal("9.5"),
        "is_representative": False,
    }


def projects(rng: Random, career: Career) -> list[dict]:
    """Projects, most of them completed."""
    return [_project(rng, career, place == 0) for place in range(rng.randint(0, 2))]


def _project(rng: Random, career: Career, main: bool) -> dict:
    thing, topic = subject(rng, career)
    source = rng.choice(career.trade.sources)
    ended = a_month(rng, career)
    done = rng.random() < 0.75
    rank = 1 if main else rng.randint(2, 5)
    return {
        "name": (TECHNIQUE if career.trade.series == "05" else PRACTICE).format(thing, topic),
        "project_no": f"JL{ended.year - 2}{rng.randrange(1000):03d}",
        "kind": career.trade.project_kind,
        "source": source,
        "level": "2" if source.startswith("吉林省") else "3",
        "fund_wan": Decimal(rng.randrange(50, 2000)) / 10,
        "start_date": date(ended.year - 2, 3, 1),
        "end_date": ended if done else None,
        "status": "2" if done else "1",
        "role": "1" if rank == 1 else "4",
        "rank": rank,
        "total": rng.randint(6, 12),
        "own_work": LED if rank == 1 else HELPED,
        "result": "成果在省内多个单位应用，效果良好。" if done else None,
        "accept_org": source if done else None,
        "accept_date": ended + timedelta(days=20) if done else None,
        "is_main": main,
    }


def patents(rng: Random, career: Career) -> list[dict]:
    """Patents of engineers."""
    devices = career.trade.devices
    if not devices or rng.random() < 0.4:
        return []
    granted = a_day(rng, career)
    kind = rng.choice("12")
    number = application_no(rng, granted.year - 1, kind)
    return [
        {
            "kind": kind,
            "name": "一种" + rng.choice(devices),
            "patent_no": "ZL" + number,
            "application_no": number,
            "application_date": granted - timedelta(days=300),
            "grant_date": granted,
            "status": "3",
            "owner": career.unit,
            "inventor_order": rng.randint(1, 3),
            "inventor_total": 5,
            "is_main": True,
        }
    ]


def reports(rng: Random, career: Career) -> list[dict]:
    """A report of one's work; in practical trades it stands for a paper."""
    if rng.random() < 0.35 and career.level != "3":
        return []
    thing, topic = subject(rng, career)
    adopted = rng.random() < 0.5
    return [
        {
            "report_date": a_day(rng, career),
            "title": REPORT.format(thing, topic),
            "kind": career.trade.report_kind,
            "words": rng.randint(4000, 15000),
            "role": "1",
            "order": 1,
            "adopted": adopted,
            "adopt_org": career.unit if adopted else None,
            "brief": BRIEF.format(thing, topic),
            "is_representative": True,
        }
    ]
