"""负责人确认: what agents propose is confirmed or refused; an agent may take it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import confirming
from models.attachment import Attachment
from models.batch import Batch
from models.declaration import Declaration
from models.permissions import proposals_visible_to, visible_to
from models.proposal import Kind, Proposal, ProposalState
from models.reasons import REASON
from models.words import _
from views.fields import EssayField
from views.login import actor, codes, request_time
from views.parts import Link
from views.pending import answered, pending
from views.refusing import answer_with, give_up
from views.screens import Screen
from views.staffing import agent_named
from views.words import short_time, translate
from views.writing import Refusal, write


@dataclass(frozen=True)
class Row:
    """One proposal in the list."""

    kind: str
    about: str
    by: str
    at: str
    state: str
    waiting: bool
    answer: str
    url: str


class RefuseForm(DynamicForm):
    """Why the 负责人 does not agree."""

    reason = EssayField(lazy_gettext("驳回的原因"), render_kw={"maxlength": REASON, "rows": 3})


class Confirm(Screen):
    """负责人确认."""

    route_base = "/confirm"
    class_permission_name = "confirm"
    method_permission_name = {
        "list": "read", "show": "read", "confirm": "write", "refuse": "write",
    }  # fmt: skip

    @expose("/list/")
    @has_access
    def list(self):
        """What waits, the longest first; or all, the latest first."""
        query = select(Proposal).where(proposals_visible_to(actor())).options(*LOADED)
        waits = Proposal.state == ProposalState.LIVE
        keys = (Proposal.proposed_at, Proposal.id)
        found = pending(self.session, query, waits, keys, row_of)
        return self.render_template("confirm/list.html", title=gettext("负责人确认"), **found)

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int):
        """One proposal, with what it is about."""
        return self._page(pk, RefuseForm())

    @expose("/confirm/<int:pk>", methods=["POST"])
    @has_access
    def confirm(self, pk: int):
        """确认: the workflow runs now."""
        return self._decided(pk, lambda: self._confirm(pk), _("已确认，办理结果已经生效。"))

    def _confirm(self, pk: int) -> None:
        proposal = self._found(pk)
        proposer = agent_named(self.session, proposal.proposed_by)
        confirming.confirm(self.session, codes(), pk, proposer, actor(), request_time())

    @expose("/refuse/<int:pk>", methods=["POST"])
    @has_access
    def refuse(self, pk: int):
        """驳回, with the reason."""
        form = RefuseForm()
        if not form.validate():
            answer_with(400)
            return self._page(pk, form)
        given = (pk, actor(), form.reason.data or "", request_time())
        done = _("已驳回，经办人能看到原因。")
        return self._decided(pk, lambda: confirming.refuse(self.session, *given), done, form)

    def _decided(self, pk: int, deed: Callable, done: str, form: RefuseForm | None = None):
        refusal = write(deed, done)
        if refusal is None:
            return redirect(url_for("Confirm.list"))
        return self._refused(pk, form or RefuseForm(), refusal)

    def _refused(self, pk: int, form: RefuseForm, refusal: Refusal):
        if refusal.status in (403, 404):
            give_up(refusal)
        answer_with(refusal.status)
        if refusal.status == 400:
            form.reason.errors = [translate(refusal.sentence)]
        flash(translate(refusal.sentence), "danger")
        for reason in getattr(refusal.cause, "reasons", {}).values():
            flash(translate(reason), "danger")
        return self._page(pk, form)

    def _found(self, pk: int) -> Proposal:
        query = select(Proposal).where(Proposal.id == pk, proposals_visible_to(actor()))
        return self.session.scalars(query.options(*LOADED)).one_or_none() or abort(404)

    def _page(self, pk: int, form: RefuseForm):
        proposal = self._found(pk)
        return self.render_template(
            "confirm/show.html",
            title=gettext(Kind(proposal.kind).label),
            row=row_of(proposal, request_time()),
            opinion=proposal.opinion,
            declarations=self._declarations(proposal),
            reports=self._reports(proposal),
            form=form,
            pk=pk,
        )

    def _declarations(self, proposal: Proposal) -> Sequence[Link]:
        ids = proposal.ids
        query = select(Declaration).where(Declaration.id.in_(ids), visible_to(actor()))
        found = self.session.scalars(query.options(joinedload(Declaration.person)))
        return [
            Link(f"{d.person.name} {d.declare_no}", url_for("Bench.show", pk=d.id))
            for d in sorted(found, key=lambda d: d.id)
        ]

    def _reports(self, proposal: Proposal) -> Sequence[Link]:
        if proposal.batch_id is None:
            return []
        there = (Attachment.batch_id == proposal.batch_id, Attachment.removed_at.is_(None))
        files = self.session.scalars(select(Attachment).where(*there).order_by(Attachment.id))
        return [Link(file.name, url_for("Files.original", uid=file.uid)) for file in files]


LOADED = (
    joinedload(Proposal.declaration).joinedload(Declaration.person),
    joinedload(Proposal.batch).joinedload(Batch.notice),
)


def row_of(proposal: Proposal, now: datetime) -> Row:
    """A proposal as lists show it."""
    said = answered(proposal.decider, proposal.decided_at, proposal.reason, now)
    return Row(
        kind=gettext(Kind(proposal.kind).label),
        about=about(proposal),
        by=proposal.proposer,
        at=short_time(proposal.proposed_at, now),
        state=gettext(ProposalState(proposal.state).label),
        waiting=proposal.state == ProposalState.LIVE,
        answer="；".join(said),
        url=url_for("Confirm.show", pk=proposal.id),
    )


def about(proposal: Proposal) -> str:
    """Whose declaration, or how many of which notice."""
    if proposal.declaration is not None:
        return f"{proposal.declaration.person.name} {proposal.declaration.declare_no}"
    words = {"n": len(proposal.chosen), "title": proposal.batch.notice.title}
    return gettext("“%(title)s” %(n)s 份", **words)


class Proposals(Screen):
    """撤回提请, by an agent of the office."""

    route_base = "/proposals"
    class_permission_name = "audit"
    method_permission_name = {"take_back": "write"}

    @expose("/take-back/<int:pk>", methods=["POST"])
    @has_access
    def take_back(self, pk: int):
        """撤回: what it was about can be decided anew."""
        given, taken = (self.session, pk, actor(), request_time()), []
        done = _("已撤回提请，没有作出审核结果。")
        if refusal := write(lambda: taken.append(confirming.take_back(*given)), done):
            give_up(refusal)
        proposal = taken[0]
        if proposal.declaration_id is not None:
            return redirect(url_for("Bench.show", pk=proposal.declaration_id))
        return redirect(url_for("Send.show", notice_id=proposal.batch.notice_id))
