"""The bulk send as a page: who can go, who cannot and why, the report."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext

from models.attachment import Attachment, file_rule
from models.bulk import reason_against
from models.declaration import Declaration, Progress
from models.notice import Notice
from models.proposal import Proposal, ProposalState
from views.login import actor, codes
from views.parts import Empty, Link
from views.section.uploads import Upload, limit_of, tile, too_large_words
from views.words import short_time, translate


class Row(NamedTuple):
    """One declaration that waits to be sent."""

    id: int
    name: str
    title: str
    specialty: str
    result: str
    by: str
    at: str
    why_not: str
    checked: bool
    url: str


class Check(NamedTuple):
    """What must hold before sending."""

    kind: str
    text: str


@dataclass
class SendPage:
    """See templates/audit/send.html."""

    title: str
    crumbs: list[Link]
    intro: str
    rows: list[Row]
    report: Upload
    facts: list[tuple[str, str]]
    checks: list[Check]
    destination: str
    form: Any
    form_url: str
    errors: list[tuple[str, str]] = field(default_factory=list)
    empty: Empty | None = None
    waiting: str = ""
    take_back_url: str = ""
    refused: str = ""


def show_proposal(page: SendPage, proposal: Proposal | None, now: datetime) -> None:
    """What waits for the 负责人, with the way to take it back; or why he did not agree."""
    if proposal is None:
        return
    if proposal.state == ProposalState.LIVE:
        at = short_time(proposal.proposed_at, now)
        words = {"who": proposal.proposer, "at": at, "n": len(proposal.chosen)}
        page.waiting = gettext("%(who)s于 %(at)s 提请送审 %(n)s 份，待负责人确认。", **words)
        page.take_back_url = url_for("Proposals.take_back", pk=proposal.id)
    if proposal.state == ProposalState.REFUSED:
        words = {"who": proposal.decider, "reason": proposal.reason}
        page.refused = gettext("负责人%(who)s驳回了送审：%(reason)s", **words)


def _row(declaration: Declaration, line: Progress, chosen, reason, now) -> Row:
    why = reason or reason_against(declaration, actor(), now)
    return Row(
        id=declaration.id,
        name=declaration.person.name,
        title=codes().name("title_name", declaration.title_code),
        specialty=declaration.specialty,
        result=gettext("审核通过"),
        by=line.actor,
        at=short_time(line.at, now),
        why_not=translate(why) if why else "",
        checked=not why and (chosen is None or declaration.id in chosen),
        url=url_for("Bench.show", pk=declaration.id),
    )


def _report(notice: Notice, files: list[Attachment]) -> Upload:
    rule = file_rule(codes(), "U01")
    return Upload(
        key=rule.code,
        title=rule.title,
        hint=gettext("加盖公章，写明推荐名单。"),
        formats="、".join(e.upper() for e in rule.extensions if e != "jpeg"),
        size=gettext("每个不超过 %(size)s", size=limit_of(rule)),
        limit=rule.limit_bytes,
        too_large=too_large_words(rule),
        accept=",".join(f".{e}" for e in rule.extensions),
        least=rule.at_least,
        most=rule.at_most,
        required=True,
        url=url_for("Reports.add", notice_id=notice.id),
        files=[tile(f, editable=True) for f in files],
    )


def _checks(rows: list[Row], files: list[Attachment]) -> list[Check]:
    ready = gettext("推荐报告已上传") if files else gettext("还没有推荐报告或申报函")
    made = [Check("ok" if files else "err", ready)]
    if held := sum(bool(row.why_not) for row in rows):
        made.append(Check("warn", gettext("%(n)s 份现在不能送，原因见名单", n=held)))
    return made


def _empty(notice: Notice) -> Empty:
    return Empty(
        "inbox",
        gettext("没有待送审的申报"),
        gettext("审核通过的申报会出现在这里。"),
        gettext("返回业务审核"),
        url_for("Desk.list", notice=notice.id),
    )
