"""Every kind of rule, once where it is content and once where it is not."""

from datetime import date
from decimal import Decimal

import pytest

from models.rules import (
    OneOnly,
    at_most,
    by_cut_off,
    equals,
    every_year,
    filled,
    in_order,
    matches,
    needed_when,
    not_in_future,
    ranked,
    refused_when,
    valid,
    working_since,
)
from models.section import Problem, Rule
from models.sections.assessment import Assessment
from models.sections.basic_info import BasicInfo
from models.sections.paper import Paper
from models.sections.project import Project
from models.words import Sentence
from tests.models.books import CUT_OFF, TODAY, case, declaration

WORDS = "请核对。"


def of_rule(rule: Rule, record, *siblings) -> list[tuple[str, str]]:
    """What one rule says: field and sentence, or nothing."""
    problem = rule(record, case(*siblings))
    return [(problem.field, str(problem.sentence))] if problem else []


@pytest.mark.parametrize(
    ("mine", "others", "refused"),
    [
        (True, [True, False], False),
        (True, [True, True], True),
        (False, [True, True], False),
        (None, [True, True], False),
        (True, [None, None], False),
    ],
)
def test_at_most_two_say_yes(mine, others, refused):
    rule = at_most(2, Paper.is_representative, WORDS)
    papers = [Paper(is_representative=flag) for flag in (mine, *others)]
    assert of_rule(rule, *papers) == ([("is_representative", WORDS)] if refused else [])


@pytest.mark.parametrize(
    ("mine", "other", "refused"),
    [(True, True, True), (True, False, False), (True, None, False), (False, True, False)],
)
def test_only_one_says_yes(mine, other, refused):
    rule = OneOnly(Paper.is_representative, WORDS)
    papers = [Paper(is_representative=flag) for flag in (mine, other)]
    assert of_rule(rule, *papers) == ([("is_representative", WORDS)] if refused else [])


def test_one_alone_may_say_yes_and_the_rule_names_its_flag():
    rule = OneOnly(Project.is_main, WORDS)
    assert of_rule(rule, Project(is_main=True)) == []
    assert rule.flag == "is_main"


@pytest.mark.parametrize(
    ("day", "refused"),
    [(None, False), (TODAY, False), (date(2026, 3, 21), True), (date(2026, 3, 19), False)],
)
def test_not_in_future(day, refused):
    expected = [("accept_date", "这个日期还没有到，请核对。")] if refused else []
    assert of_rule(not_in_future(Project.accept_date), Project(accept_date=day)) == expected


@pytest.mark.parametrize(
    ("day", "refused"), [(None, False), (CUT_OFF, False), (date(2026, 1, 1), True)]
)
def test_by_cut_off(day, refused):
    words = "通知规定截止到2025-12-31，请填写不晚于该日的日期。"
    expected = [("accept_date", words)] if refused else []
    assert of_rule(by_cut_off(Project.accept_date), Project(accept_date=day)) == expected


EARLY, LATE = date(2024, 3, 1), date(2024, 4, 1)


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (EARLY, LATE, False),
        (EARLY, EARLY, False),
        (LATE, EARLY, True),
        (None, EARLY, False),
        (LATE, None, False),
    ],
)
def test_in_order(start, end, refused):
    project = Project(start_date=start, end_date=end)
    usual = in_order(Project.start_date, Project.end_date)
    own = in_order(Project.start_date, Project.end_date, WORDS)
    expected = [("end_date", "结束时间不能早于开始时间。")] if refused else []
    assert of_rule(usual, project) == expected
    assert of_rule(own, project) == ([("end_date", WORDS)] if refused else [])


@pytest.mark.parametrize(
    ("rank", "total", "refused"),
    [
        (1, 1, False),
        (3, 3, False),
        (4, 3, True),
        (0, 3, True),
        (None, 3, False),
        (4, None, False),
    ],
)
def test_ranked(rank, total, refused):
    expected = [("rank", "排名应在 1 到总人数 3 之间。")] if refused else []
    assert of_rule(ranked(Project.rank, Project.total), Project(rank=rank, total=total)) == expected


@pytest.mark.parametrize(
    ("status", "org", "refused"),
    [
        ("2", None, True),
        ("2", "", True),
        ("2", "吉林省科技厅", False),
        ("1", None, False),
        (None, None, False),
    ],
)
def test_needed_when(status, org, refused):
    rule = needed_when(Project.accept_org, equals(Project.status, "2"), WORDS)
    project = Project(status=status, accept_org=org)
    assert of_rule(rule, project) == ([("accept_org", WORDS)] if refused else [])


def test_needed_when_knows_an_empty_list_and_takes_no_and_nought_for_an_answer():
    always = equals(Paper.title, "题目")
    paper = Paper(title="题目", index=[], is_representative=False, cite_count=0)
    assert of_rule(needed_when(Paper.index, always, WORDS), paper) == [("index", WORDS)]
    assert of_rule(needed_when(Paper.is_representative, always, WORDS), paper) == []
    assert of_rule(needed_when(Paper.cite_count, always, WORDS), paper) == []


@pytest.mark.parametrize(
    ("value", "refused"),
    [("1234", False), ("", False), (None, False), ("12345", True), ("x1234", True)],
)
def test_matches_asks_for_the_whole_text(value, refused):
    rule = matches(Paper.cn_no, r"\d{4}", WORDS)
    assert of_rule(rule, Paper(cn_no=value)) == ([("cn_no", WORDS)] if refused else [])


@pytest.mark.parametrize(
    ("value", "refused"), [("12", False), ("", False), (None, False), ("1x", True)]
)
def test_valid_asks_its_check(value, refused):
    rule = valid(Paper.issn, str.isdigit, WORDS)
    assert of_rule(rule, Paper(issn=value)) == ([("issn", WORDS)] if refused else [])


def test_valid_asks_about_nought_too():
    rule = valid(Paper.cite_count, lambda count: count > 0, WORDS)
    assert of_rule(rule, Paper(cite_count=0)) == [("cite_count", WORDS)]


@pytest.mark.parametrize("warning", [False, True])
def test_refused_when_is_an_error_or_a_warning(warning):
    rule = refused_when(Project.rank, equals(Project.rank, 2), WORDS, warning=warning)
    problem = Problem("rank", Sentence(WORDS), warning)
    assert rule(Project(rank=2), case()) == problem
    assert rule(Project(rank=1), case()) is None


@pytest.mark.parametrize(
    ("value", "holds"), [("1", True), ("7", True), ("3", False), ("", False), (None, False)]
)
def test_equals(value, holds):
    assert equals(Paper.paper_kind, "1", "7")(Paper(paper_kind=value), case()) is holds


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({}, False),
        ({"index": []}, False),
        ({"index": ["01"]}, True),
    ],
)
def test_filled(values, holds):
    assert filled(Paper.index)(Paper(**values), case()) is holds


@pytest.mark.parametrize(
    ("value", "holds"), [(None, False), (Decimal(0), True), (Decimal("0.5"), True)]
)
def test_filled_takes_nought_for_an_answer(value, holds):
    assert filled(Paper.own_words)(Paper(own_words=value), case()) is holds


def missing_years(years, *further) -> list[tuple[str, str]]:
    """What ``every_year`` says of records of these years in a declaration of 2025."""
    need = every_year("缺少：%(years)s。")
    records = tuple(Assessment(year=year) for year in years)
    problem = need(records, case(of=declaration(*further)))
    return [(problem.field, str(problem.sentence))] if problem else []


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([2021, 2022, 2023, 2024, 2025], []),
        ([2019, 2020, 2021, 2022, 2023, 2024, 2025], []),
        ([2025, 2023, 2021], [("", "缺少：2022、2024。")]),
        ([], [("", "缺少：2021、2022、2023、2024、2025。")]),
    ],
)
def test_every_year(years, expected):
    assert missing_years(years) == expected


def test_a_year_that_the_cut_off_leaves_open_is_not_asked_for():
    made = declaration()
    made.notice.cut_off = date(2025, 12, 30)
    records = tuple(Assessment(year=year) for year in range(2020, 2025))
    assert every_year("缺少：%(years)s。")(records, case(of=made)) is None


def test_years_before_the_person_began_to_work_are_not_asked_for():
    assert missing_years([], BasicInfo(work_start_date=date(2023, 7, 1))) == [
        ("", "缺少：2023、2024、2025。")
    ]
    assert missing_years([2023, 2024, 2025], BasicInfo(work_start_date=date(2023, 7, 1))) == []


def test_the_year_of_the_first_work():
    begun = BasicInfo(work_start_date=date(2012, 7, 1))
    assert working_since(case(of=declaration(begun))) == 2012
    assert working_since(case()) == 0
