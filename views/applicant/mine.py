"""我的申报: the declarations of one person, from the notice to the end of the chain."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from wtforms import BooleanField, HiddenField

from models.acts import carry_out, case_of, lock
from models.binding import BindingState, live_binding
from models.checking import errors
from models.declaration import Declaration
from models.filing import discard, may_rebind, rebind, start
from models.notice import Notice
from models.permissions import notices_visible_to, visible_to
from models.realname import NameCheck
from models.status import Status
from models.words import BadInput, _
from models.workflow import Action, Decision
from views.applicant.cards import card_of, notice_cards
from views.applicant.overview import OverviewPage, overview
from views.applicant.track import track
from views.base import ScopedView
from views.login import actor, codes, request_time
from views.refusing import give_up
from views.words import number_in, translate
from views.writing import write

PROMISE = _("本人承诺，申报所提供的材料真实、准确，如有违诺情况，本人愿承担所有责任")
"""The sentence of the manual (3.2.3, 3)."""


class SubmitForm(DynamicForm):
    """承诺 and the version that the applicant saw."""

    promise = BooleanField(lazy_gettext("我已阅读并同意上述承诺"))
    version = HiddenField()


class Submit(NamedTuple):
    """What the page needs to offer the submission."""

    url: str
    form: SubmitForm
    nodes: list[str]
    promise: str


class Mine(ScopedView):
    """我的申报."""

    model = Declaration
    desk = "mine"
    scope = staticmethod(visible_to)
    route_base = "/mine"
    include_route_methods = {
        "list", "show", "begin", "submit", "withdraw", "discard", "track", "rebind",
    }  # fmt: skip
    method_permission_name = {
        "list": "read", "show": "read", "track": "read", "begin": "write", "submit": "submit",
        "withdraw": "submit", "discard": "write", "rebind": "write",
    }  # fmt: skip
    list_title = _("我的申报")
    list_columns = ["notice", "status"]
    show_columns = ["status"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns: list[str] = []

    @expose("/list/")
    @has_access
    def list(self):
        """The notices that can be answered, and the declarations so far."""
        now = request_time()
        binding = live_binding(self.session, actor().person_id)
        mine = self.session.scalars(
            select(Declaration)
            .where(visible_to(actor()))
            .options(joinedload(Declaration.notice), selectinload(Declaration.basic_info))
            .order_by(Declaration.id.desc())
        ).all()
        notices = self.session.scalars(
            select(Notice)
            .where(notices_visible_to(actor()), Notice.audit_end > now)
            .order_by(Notice.declare_end)
        ).all()
        return self.render_template(
            "applicant/home.html",
            title=gettext("我的申报"),
            binding=binding,
            bound=binding is not None and binding.state == BindingState.BOUND,
            checked=self.session.get(NameCheck, actor().person_id or 0),
            cards=[card_of(d, codes(), now) for d in mine],
            notices=notice_cards(notices, mine, binding, now),
        )

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int):
        """One declaration: its sections, what is missing, what to do next."""
        return self._page(self._found(pk), check="check" in request.args)

    def _found(self, pk: int) -> Declaration:
        wanted = (Declaration.id == pk, visible_to(actor()))
        return self.session.scalars(select(Declaration).where(*wanted)).one_or_none() or abort(404)

    def _page(self, declaration: Declaration, *, check: bool, form: SubmitForm | None = None):
        case = case_of(self.session, declaration, codes(), request_time())
        page: OverviewPage = overview(case, request_time(), check=check or form is not None)
        open_ = declaration.status in (Status.DRAFT, Status.RETURNED)
        if open_ and may_rebind(self.session, declaration, actor()):
            page.rebind_url = url_for("Mine.rebind", pk=declaration.id)
        if open_ and (check or form is not None) and not errors(case):
            form = form or SubmitForm()
            form.version.data = declaration.version
            url = url_for("Mine.submit", pk=declaration.id)
            page.submit = Submit(url, form, page.nodes, gettext(PROMISE))
        return self.render_template("applicant/declaration.html", page=page, title=page.title)

    @expose("/begin/<int:pk>", methods=["GET", "POST"])
    @has_access
    def begin(self, pk: int):
        """条件自检: read, tick, choose the bound unit, 确认并开始申报 (R10)."""
        wanted = (Notice.id == pk, notices_visible_to(actor()))
        notice = self.session.scalars(select(Notice).where(*wanted)).one_or_none() or abort(404)
        binding = live_binding(self.session, actor().person_id)
        ticked = set(request.form.getlist("read"))
        status = 200
        if request.method == "POST":
            made: list[Declaration] = []
            refusal = write(lambda: made.append(self._start(notice.id, binding, ticked)))
            if refusal is None:
                return redirect(url_for("Mine.show", pk=made[0].id))
            flash(translate(refusal.sentence), "danger")
            status = refusal.status
        page = self.render_template(
            "applicant/begin.html",
            title=gettext("条件自检"),
            notice=notice,
            binding=binding if binding and binding.state == BindingState.BOUND else None,
            ticked=ticked,
            now=request_time(),
        )
        return page, status

    def _start(self, notice_id: int, binding: Any, ticked: set[str]) -> Declaration:
        notice = self.session.get(Notice, notice_id)
        if not {str(n) for n in range(1, len(notice.self_check) + 1)} <= ticked:
            raise BadInput(_("请逐条阅读，符合的打勾。全部符合才能开始申报。"))
        if binding is not None and request.form.get("unit") != str(binding.unit_id):
            raise BadInput(_("请选择推荐单位。"))
        return start(self.session, notice, actor(), request_time())

    @expose("/submit/<int:pk>", methods=["POST"])
    @has_access
    def submit(self, pk: int):
        """提交申报."""
        form = SubmitForm()
        # No version is none that was seen: it meets nothing (decisions 15).
        seen = number_in(form.version.data) or 0
        decision = Decision(Action.SUBMIT, pledged=bool(form.promise.data), version=seen)
        refusal = self._carry(pk, decision, _("已提交申报。"))
        if refusal is None:
            return redirect(url_for("Mine.track", pk=pk))
        if refusal.status in (403, 404):
            give_up(refusal)
        flash(translate(refusal.sentence), "danger")
        return self._page(self._found(pk), check=True, form=form), refusal.status

    def _carry(self, pk: int, decision: Decision, done: str):
        return write(
            lambda: carry_out(self.session, codes(), decision, pk, actor(), request_time()), done
        )

    @expose("/withdraw/<int:pk>", methods=["POST"])
    @has_access
    def withdraw(self, pk: int):
        """撤回申报: while the unit has not opened it."""
        refusal = self._carry(pk, Decision(Action.WITHDRAW), _("已撤回，可以继续修改。"))
        if refusal:
            give_up(refusal)
        return redirect(url_for("Mine.show", pk=pk))

    @expose("/discard/<int:pk>", methods=["POST"])
    @has_access
    def discard(self, pk: int):
        """删除草稿."""
        refusal = write(lambda: self._discard(pk), _("已删除草稿。"))
        if refusal:
            give_up(refusal)
        return redirect(url_for("Mine.list"))

    def _discard(self, pk: int) -> None:
        discard(self.session, lock(self.session, pk, actor()), actor())

    @expose("/rebind/<int:pk>", methods=["POST"])
    @has_access
    def rebind(self, pk: int):
        """换推荐单位: by way of the unit that one is bound to now."""
        refusal = write(lambda: self._rebind(pk), _("已改为现在绑定的推荐单位。"))
        if refusal:
            give_up(refusal)
        return redirect(url_for("Mine.show", pk=pk))

    def _rebind(self, pk: int) -> None:
        declaration = lock(self.session, pk, actor())
        rebind(self.session, declaration, actor(), request_time())

    @expose("/track/<int:pk>")
    @has_access
    def track(self, pk: int):
        """进度跟踪."""
        declaration = self._found(pk)
        if not declaration.round:
            abort(404)
        page = track(declaration, self._history(declaration), codes(), request_time())
        return self.render_template("applicant/track.html", page=page, title=page.title)

    def _history(self, declaration: Declaration) -> Sequence[Declaration]:
        wanted = (Declaration.person_id == declaration.person_id, Declaration.round > 0)
        query = select(Declaration).where(*wanted).options(joinedload(Declaration.notice))
        return self.session.scalars(query.order_by(Declaration.submitted_at.desc())).all()
