"""（1）基本信息: what its rules ask (domain 05.1, R08, R12, R16)"""

from models.periods import age_on, month_number, months_covered
from models.rules import equals, filled
from models.section import Narrowing, Problem, Rule
from models.sections.basic_info.fields import BasicInfo
from models.words import Sentence, _, say

BREAKING, TRANSFER, CONFIRMED, ENTRUSTED = "02", "03", "13", "14"
"""Codes of declare_category."""

PUBLIC_INSTITUTIONS = ("02", "03", "04")
"""Codes of unit_nature."""

EDUCATION, TENURE, BOTH = "1", "2", "04"
"""Codes of waived_condition, and the break_type that waives the two together."""

YOUNGEST, OLDEST, WORKING_AGE = 16, 70, 16
"""Years of age; nobody may be employed under 16 (劳动法 art. 15)."""

LOWEST_SENIOR = 2
"""The order of 副高级 among the levels; 1 is 正高级."""

NARROWED = (
    Narrowing("current_title_name", "series_code", beside="current_title_series"),
    Narrowing("current_title_name", "level_code", beside="current_title_level"),
    Narrowing("apply_series", scope="series"),
    Narrowing("apply_level", scope="levels"),
    Narrowing("apply_title_name", "series_code", "series", "apply_series"),
    Narrowing("apply_title_name", "level_code", "levels", "apply_level"),
)
"""What the form offers; ``in_scope`` and ``title_of`` refuse the rest."""

breaking = equals(BasicInfo.declare_category, BREAKING)
has_title = filled(BasicInfo.current_title_level)


def evidence_required(basic, case) -> bool:
    """Whether the category asks for reasons and evidence."""
    column = "evidence_required"
    return case.codes.extra("declare_category", basic.declare_category, column) == "1"


def entrusted(basic, case) -> bool:
    """Whether another authority's committee is to review it (委托评审)."""
    return bool(basic.is_entrusted) or basic.declare_category == ENTRUSTED


def broken_without_need(basic, case) -> bool:
    """Whether 破格 is filled in where the category is another one."""
    return not breaking(basic, case) and bool(basic.break_type or basic.waived_conditions)


def waives_both(basic, case) -> bool:
    """Whether education and tenure are waived together by a type that is not meant so."""
    return basic.break_type != BOTH and {EDUCATION, TENURE} <= set(basic.waived_conditions or ())


def of_age(basic, case) -> Problem | None:
    """Between 16 and 70 years of age today."""
    age = age_on(case.declaration.person.birth_date, case.today)
    if YOUNGEST <= age <= OLDEST:
        return None
    bounds = {"least": YOUNGEST, "limit": OLDEST, "age": age}
    words = _("申报人应在 %(least)s 至 %(limit)s 周岁之间，现为 %(age)s 周岁，请核对证件信息。")
    return Problem("", say(words, **bounds))


def employed_too_young(basic, case) -> bool:
    """Whether work began before the month of the sixteenth birthday."""
    first = month_number(case.declaration.person.birth_date) + 12 * WORKING_AGE
    return basic.work_start_date is not None and month_number(basic.work_start_date) < first


def years_told_by_work(basic, case) -> Problem | None:
    """从事本专业工作年限 is not more than 工作经历 shows; a warning."""
    rows = [row for row in case.declaration.work if row.is_professional and row.start_date]
    if not case.declaration.work or basic.professional_years is None:
        return None
    months = months_covered((row.start_date, row.end_date or case.today) for row in rows)
    if basic.professional_years * 12 <= months:
        return None
    words = say(_("工作经历中的本专业工作合计约 %(years)s 年，请核对。"), years=months // 12)
    return Problem("professional_years", words, warning=True)


def in_scope(field, column: str, message: str) -> Rule:
    """The value is one of those that the notice names in ``column``, if it names any (R08)."""

    def rule(basic, case):
        value, scope = getattr(basic, field.key), getattr(case.declaration.notice, column)
        if value and scope and value not in scope:
            return Problem(field.key, Sentence(message))
        return None

    return rule


def title_of(name, series, level, message: str) -> Rule:
    """The title belongs to the series and the level that are chosen beside it."""

    def rule(basic, case):
        code = getattr(basic, name.key)
        chosen = getattr(basic, series.key), getattr(basic, level.key)
        own = [case.codes.extra("title_name", code, c) for c in ("series_code", "level_code")]
        if code and all(chosen) and tuple(own) != chosen:
            return Problem(name.key, Sentence(message))
        return None

    return rule


def another_step(basic, case) -> bool:
    """Whether the level applied for is not the usual one: the next above one's own, the same
    for a transfer or a confirmation, none of the senior ones without a title (R12)."""
    applied = _rank(case, basic.apply_level)
    if applied is None:
        return False
    own = _rank(case, basic.current_title_level)
    if own is None:
        return applied <= LOWEST_SENIOR
    return applied != own - (basic.declare_category not in (TRANSFER, CONFIRMED))


def _rank(case, level: str | None) -> int | None:
    order = case.codes.extra("title_level", level, "order")
    return int(order) if order else None


def in_public_institution(basic, case) -> bool:
    """Whether a title is held in a 事业单位, where titles are held by appointment."""
    return has_title(basic, case) and case.declaration.unit.nature in PUBLIC_INSTITUTIONS


def beyond_the_grassroots(basic, case) -> bool:
    """Whether 基层定向 is asked for by way of a unit that is not of the grassroots."""
    return bool(basic.is_grassroots) and not case.declaration.unit.grassroots


def declared_later(basic, case) -> bool:
    """Whether the last declaration lies after this one's year."""
    return (basic.last_declare_year or 0) > case.declaration.notice.year
