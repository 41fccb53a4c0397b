"""绑定申请: persons who ask to declare by way of the actor's office (unit manual 3.1)."""

from dataclasses import dataclass
from typing import ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models.binding import Binding, BindingState, answer
from models.clock import day_of
from models.journal import note
from models.permissions import bindings_visible_to
from models.reasons import REASON
from models.searching import named
from models.words import _
from views.base import ScopedView
from views.fields import EssayField
from views.login import actor, request_time
from views.pending import answered, pending
from views.refusing import answer_with, give_up
from views.words import short_time, translate
from views.writing import Refusal, write


@dataclass(frozen=True)
class Row:
    """One request in the list."""

    name: str
    number: str
    at: str
    waited: int
    state: str
    waiting: bool
    answer: str
    url: str
    agree_url: str
    refuse_url: str


class RefuseForm(DynamicForm):
    """Why the unit does not agree."""

    reason = EssayField(lazy_gettext("不同意的原因"), render_kw={"maxlength": REASON, "rows": 3})


class Requests(ScopedView):
    """绑定申请 to the agent's office."""

    model = Binding
    desk = "requests"
    scope = staticmethod(bindings_visible_to)
    route_base = "/requests"
    include_route_methods: ClassVar[set[str]] = {"list", "show", "agree", "refuse"}
    method_permission_name = {"list": "read", "show": "read", "agree": "write", "refuse": "write"}
    list_title = lazy_gettext("绑定申请")
    list_columns = ["person", "state"]
    show_columns: ClassVar[list[str]] = []
    add_columns: ClassVar[list[str]] = []
    edit_columns: ClassVar[list[str]] = []
    search_columns: ClassVar[list[str]] = []

    @expose("/list/")
    @has_access
    def list(self):
        """The requests that wait, the longest one first; or all, the last one first."""
        words = request.args.get("q", "").strip()
        query = select(Binding).where(bindings_visible_to(actor()))
        query = query.options(joinedload(Binding.person))
        if words:
            query = query.where(Binding.person_id.in_(named(words)))
        waits = Binding.state == BindingState.REQUESTED
        keys = (Binding.requested_at, Binding.id)
        found = pending(self.session, query, waits, keys, row_of)
        title = gettext("绑定申请")
        return self.render_template("requests/list.html", title=title, words=words, **found)

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int):
        """One request, what can be answered, and what the person asked before."""
        return self._page(pk, RefuseForm())

    def _page(self, pk: int, form: RefuseForm):
        session = self.session
        mine = bindings_visible_to(actor())
        binding = session.scalars(select(Binding).where(Binding.id == pk, mine)).one_or_none()
        if binding is None:
            abort(404)
        same = (Binding.person_id == binding.person_id, mine)
        history = session.scalars(select(Binding).where(*same).order_by(Binding.id.desc()))
        return self.render_template(
            "requests/show.html",
            title=binding.person.name,
            row=row_of(binding, request_time()),
            unit=binding.unit.name,
            form=form,
            history=[row_of(b, request_time()) for b in history],
        )

    @expose("/agree/<int:pk>", methods=["POST"])
    @has_access
    def agree(self, pk: int):
        """同意."""
        refusal = write(lambda: self._answer(pk, True, ""), _("已同意绑定。"))
        if refusal:
            give_up(refusal)
        return redirect(url_for("Requests.list"))

    @expose("/refuse/<int:pk>", methods=["POST"])
    @has_access
    def refuse(self, pk: int):
        """不同意, with the reason; without one the page comes again."""
        form = RefuseForm()
        if not form.validate():
            answer_with(400)
            return self._page(pk, form)
        reason, done = form.reason.data or "", _("已回复不同意，申报人能看到原因。")
        refusal = write(lambda: self._answer(pk, False, reason), done)
        if refusal is None:
            return redirect(url_for("Requests.list"))
        return self._refused(pk, form, refusal)

    def _refused(self, pk: int, form: RefuseForm, refusal: Refusal):
        if refusal.status != 400:
            give_up(refusal)
        answer_with(400)
        form.reason.errors = [translate(refusal.sentence)]
        flash(gettext("还没有回复，请看下面的说明。"), "danger")
        return self._page(pk, form)

    def _answer(self, pk: int, agreed: bool, reason: str) -> None:
        binding = self.locked(pk)
        answer(binding, agreed, reason, actor().name, request_time())
        act = "agree" if agreed else "refuse"
        note(self.session, actor().username, act, "binding", pk, reason=binding.reason)


def row_of(binding: Binding, now) -> Row:
    """A request as the list shows it."""
    waiting = binding.state == BindingState.REQUESTED
    return Row(
        name=binding.person.name,
        number=binding.person.id_no.mask or "",
        at=short_time(binding.requested_at, now),
        waited=(day_of(now) - day_of(binding.requested_at)).days if waiting else 0,
        state=translate(BindingState(binding.state).label),
        waiting=waiting,
        answer=answer_of(binding, now),
        url=url_for("Requests.show", pk=binding.id),
        agree_url=url_for("Requests.agree", pk=binding.id),
        refuse_url=url_for("Requests.refuse", pk=binding.id),
    )


def answer_of(binding: Binding, now) -> str:
    """Who answered and when, why not, and when it ended."""
    said = answered(binding.decided_by, binding.decided_at, binding.reason, now)
    if binding.ended_at:
        said.append(gettext("申报人 %(at)s 解除", at=short_time(binding.ended_at, now)))
    return "；".join(said)
