"""What is filled in: plain rows of each section by its key, from a career and a lot."""

from random import Random

from demo.people import Career
from demo.records.achievements import papers, patents, projects, reports
from demo.records.basics import basic_info, experts
from demo.records.experience import assessments, continuing_education, education, work
from demo.records.merits import awards, essay, penalties

Rows = dict[str, list[dict]]

ESSAYS = ("innovation", "recognition", "grassroots", "other_achievement")


def rows(rng: Random, career: Career, category: str = "01") -> Rows:
    """A declaration in which nothing is missing; sections that may be empty sometimes are."""
    made: Rows = {
        "basic_info": [basic_info(rng, career, category)],
        "expert": experts(rng, career) if category == "02" else [],
        "education": education(rng, career),
        "continuing_education": continuing_education(rng, career),
        "work": work(rng, career),
        "paper": papers(rng, career),
        "project": projects(rng, career),
        "patent": patents(rng, career),
        "report": reports(rng, career),
        "assessment": assessments(rng, career),
        "award": awards(rng, career),
        "penalty": penalties(career),
    }
    for key in ESSAYS:
        made[key] = essay(rng, career, key)
    return made
