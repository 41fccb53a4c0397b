"""申报页: one declaration, its sections with their states, what is missing, what is next."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import current_app, url_for
from flask_babel import gettext
from sqlalchemy import select

from models.attachment import file_rule
from models.checking import errors, files_of
from models.clock import SHANGHAI
from models.codes import CodeBook
from models.declaration import Declaration, Submission
from models.offices import chain_of
from models.section import MANY, Case, Finding
from models.sections import BY_KEY, SECTIONS
from models.status import Status
from models.submission import freeze, thaw
from models.workflow import Action, open_to
from views.applicant.cards import title_of
from views.login import actor
from views.parts import Link, level_of
from views.section.rail import Rail, SectionState, rail_of, section_url
from views.words import long_time, named, translate


class Deadline(NamedTuple):
    """A window's end; ``iso`` for the countdown."""

    title: str
    iso: str
    days: int
    hours: int
    level: str
    text: str
    more: str


class Back(NamedTuple):
    """Why and by whom it was returned."""

    when: str
    by: str
    office: str
    opinion: str


class Ready(NamedTuple):
    """One thing to have ready before submitting."""

    kind: str
    title: str
    hint: str
    link: str
    url: str


@dataclass
class OverviewPage:
    """The overview of a declaration; see templates/applicant/declaration.html."""

    title: str
    crumbs: list[Link]
    status: str
    rail: Rail
    facts: list[tuple[str, str]]
    nodes: list[str]
    track_url: str = ""
    preview_url: str = ""
    check_url: str = ""
    withdraw_url: str = ""
    delete_url: str = ""
    rebind_url: str = ""
    errors: list[tuple[str, str]] = field(default_factory=list)
    returned: Back | None = None
    unchanged: list[str] = field(default_factory=list)
    next: SectionState | None = None
    submit: Any = None
    deadline: Deadline | None = None
    prepare: list[Ready] = field(default_factory=list)
    notice_url: str = ""

    def __getattr__(self, name: str):
        """The rail's sums are the page's."""
        if name in ("parts", "done", "required", "wrong", "to_fix"):
            return getattr(self.rail, name)
        raise AttributeError(name)


def overview(case: Case, now: datetime, *, check: bool) -> OverviewPage:
    """The overview; with ``check`` it names all that stands against the submission."""
    declaration = case.declaration
    here = {"pk": declaration.id}
    rail = rail_of(case)
    page = OverviewPage(
        title=title_of(declaration, case.codes),
        crumbs=[Link(gettext("我的申报"), url_for("Mine.list")), Link(str(declaration.notice), "")],
        status=declaration.status.lower(),
        rail=rail,
        facts=_facts(declaration, case.codes),
        nodes=[office.name for office in chain_of(declaration.unit)],
        preview_url=url_for("Printing.publicity", **here),
        notice_url=url_for("NoticeReading.read", pk=declaration.notice_id),
    )
    actions = open_to(actor(), declaration)
    if declaration.round:
        page.track_url = url_for("Mine.track", **here)
    if Action.SUBMIT in actions:
        page.check_url = url_for("Mine.show", check=1, **here)
        page.next = rail.next
        page.deadline = _deadline(declaration, now)
        page.prepare = _prepare(case)
    if Action.WITHDRAW in actions and not declaration.step.opened_at:
        page.withdraw_url = url_for("Mine.withdraw", **here)
    if declaration.status == Status.DRAFT and not declaration.round:
        page.delete_url = url_for("Mine.discard", **here)
    if declaration.status == Status.RETURNED:
        page.returned = _returned(declaration)
    if check:
        page.errors = [_error(case, finding) for finding in errors(case)]
    if check and page.returned:
        page.unchanged = _unchanged(case, now)
    return page


def _facts(declaration: Declaration, codes: CodeBook) -> list[tuple[str, str]]:
    basic = declaration.basic_info[0] if declaration.basic_info else None
    category = codes.name("declare_category", basic.declare_category) if basic else ""
    return [
        (gettext("申报人"), declaration.person.name),
        (gettext("推荐单位"), declaration.unit.name),
        (gettext("申报类别"), category),
        (gettext("申报编号"), declaration.declare_no or gettext("提交后生成")),
    ]


def _returned(declaration: Declaration) -> Back:
    step = declaration.returner
    line = next(p for p in reversed(declaration.progress) if p.action == Action.RETURN)
    by = gettext("%(who)s（%(office)s）", who=line.actor, office=step.office.name)
    return Back(long_time(line.at), by, step.office.name, line.opinion)


def _unchanged(case: Case, now: datetime) -> list[str]:
    """The sections that were returned and are what they were in the last submission."""
    declaration = case.declaration
    wanted = (Submission.declaration_id == declaration.id, Submission.round == declaration.round)
    query = select(Submission.content).where(*wanted)
    before = current_app.appbuilder.session.scalars(query).one()
    content = freeze(case, declaration.round, now).content
    return [
        gettext(section.title)
        for section in SECTIONS
        if section.key in declaration.returner.faulted
        and not thaw(section, content, before).changed
    ]


def _deadline(declaration: Declaration, now: datetime) -> Deadline | None:
    """The end that counts for this submission; none where an upper office returned it."""
    notice, returner = declaration.notice, declaration.returner
    if returner is not None and returner.position != declaration.chain_start:
        return None
    end = notice.audit_end if returner else notice.declare_end
    left = max(0, int((end - now).total_seconds()))
    if now >= end:
        text = gettext("%(end)s 已经截止，不能再提交", end=long_time(end, now))
    else:
        text = gettext("%(end)s 前提交，过时不能补交", end=long_time(end, now))
    unit = gettext(
        "推荐单位审核截止 %(end)s。建议至少提前 5 天提交，留出退回修改的时间。",
        end=long_time(notice.audit_end, now),
    )
    return Deadline(
        title=gettext("距推荐单位审核截止") if returner else gettext("距个人申报截止"),
        iso=end.astimezone(SHANGHAI).isoformat(),
        days=left // 86400,
        hours=left % 86400 // 3600,
        level=level_of(end, now),
        text=text,
        more="" if returner else unit,
    )


def _prepare(case: Case) -> list[Ready]:
    """身份证正反面, 验证报告, 公示表: what the manual wants before the submission."""
    section, made = BY_KEY["materials"], []
    for proof in section.proofs:
        rule = file_rule(case.codes, proof.code)
        if not proof.needed(rule, None, case):
            continue
        there = bool(files_of(case, section, proof, ""))
        link, url = gettext("去上传"), section_url(case.declaration, section)
        if proof.code == "A04":
            link = gettext("打印公示表")
            url = url_for("Printing.publicity", pk=case.declaration.id)
        else:
            url += f"#proof-{proof.code}"
        hint = gettext(proof.hint) if proof.hint else ""
        made.append(Ready("ok" if there else "no", rule.title, hint, link, "" if there else url))
    return made


def _error(case: Case, finding: Finding) -> tuple[str, str]:
    """A finding as a link to the place where it is mended."""
    section, record = finding.section, finding.record
    title, words = gettext(section.title), translate(finding.problem.sentence)
    url = section_url(case.declaration, section)
    if record is not None and section.shape is MANY:
        where = {"declaration_id": case.declaration.id, "pk": record.id}
        url = url_for(f"Mine_{section.key}.edit", **where)
        name = getattr(record, section.listed_keys[0]) if section.listed else ""
        title = gettext("%(title)s《%(name)s》", title=title, name=name)
    if finding.problem.field in section.fields:
        words = named(gettext(section.fields[finding.problem.field].label), words)
    place = _place(case, finding)
    url += f"#{place}" if place else ""
    return url, gettext("%(title)s：%(words)s", title=title, words=words)


def _place(case: Case, finding: Finding) -> str:
    """The id of the field or of the kind of attachment that a finding is about, "" if it is
    about the record or the section as a whole."""
    section, record, key = finding.section, finding.record, finding.problem.field
    year = record.year if record is not None and section.shape.years else None
    if key:
        return key if year is None else f"y{year}-{key}"
    named_there = finding.problem.sentence.values.get("title")
    for proof in section.proofs:
        if file_rule(case.codes, proof.code).title == named_there:
            return f"proof-{proof.code}" if year is None else f"proof-{proof.code}-{year}"
    return ""
