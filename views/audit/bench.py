"""审核台: one declaration is looked at, judged and decided."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import HiddenField

from adapters.database import aside
from models import confirming
from models.acts import open_step
from models.declaration import Declaration, Step
from models.offices import Office
from models.opinions import Phrase, count_uses
from models.people import Person
from models.permissions import granted, phrases_visible_to, visible_to
from models.words import Stale, _, say
from models.workflow import Action, Decision
from views.audit.bench_page import BenchPage, bench_page, own_step
from views.audit.deciding import (
    Draft,
    check_lengths,
    decision_of,
    kept,
    sent_draft,
)
from views.audit.queue import standing_of
from views.counting import spoken
from views.login import actor, codes, request_time
from views.refusing import give_up
from views.words import translate
from views.writing import Refusal, tell, write


class DecisionForm(DynamicForm):
    """The hidden part of the bench's form; the rest is drawn by its own template."""

    version = HiddenField()


class Bench(BaseView):
    """审核台."""

    route_base = "/audit"
    class_permission_name = "audit"
    method_permission_name = {"show": "read", "decide": "write", "reopen": "write"}

    @expose("/<int:pk>")
    @has_access
    def show(self, pk: int):
        """One declaration; the first look is kept, so that it cannot be withdrawn any more."""
        declaration = self._found(pk)
        self._open(declaration)
        mine = own_step(declaration, actor())
        return self._page(declaration, kept(mine))

    def _found(self, pk: int) -> Declaration:
        """It, its person and its chain with what was proposed: a few rows, in one statement."""
        query = select(Declaration).where(Declaration.id == pk, visible_to(actor()))
        person = joinedload(Declaration.person).load_only(Person.name)
        steps = joinedload(Declaration.steps)
        chain = (
            steps.joinedload(Step.office).load_only(Office.name),
            steps.joinedload(Step.proposals),
        )
        found = self.appbuilder.session.scalars(query.options(person, *chain)).unique()
        return found.one_or_none() or abort(404)

    def _open(self, declaration: Declaration) -> None:
        step = declaration.step
        ours = step is not None and step.office_id == actor().office_id
        judges = granted(actor(), "audit", "write")  # who confirms only looks
        if not ours or step.opened_at is not None or not judges:
            return
        engine = current_app.extensions["sqlalchemy"].engine
        with aside(engine, current_app.extensions["journal"]) as session:
            open_step(session, declaration.id, actor(), request_time())

    def _page(self, declaration: Declaration, draft: Draft, errors=()):
        session = self.appbuilder.session
        page = bench_page(session, declaration, actor(), codes(), draft, request_time())
        self._place(page, declaration)
        page.form = DecisionForm()
        page.form.version.data = declaration.version
        page.errors = list(errors)
        if not page.read_only:
            page.phrases = [p.text for p in self._phrases()]
            page.phrases_url = url_for("Phrases.list")
        elif draft.opinion and draft.action:
            page.result.append((gettext("您填写的意见（没有保存）"), draft.opinion))
        return self.render_template("audit/bench.html", page=page, title=page.title)

    def _phrases(self):
        query = select(Phrase.id, Phrase.text).where(phrases_visible_to(actor()))
        return self.appbuilder.session.execute(query.order_by(Phrase.uses.desc(), Phrase.id)).all()

    def _place(self, page: BenchPage, declaration: Declaration) -> None:
        place = standing_of(self.appbuilder.session, own_step(declaration, actor()))
        if place.total:
            page.place, page.total = spoken(place.number), spoken(place.total)
        if place.previous:
            page.previous_url = url_for("Bench.show", pk=place.previous)
        if place.next:
            page.next_url = url_for("Bench.show", pk=place.next)

    @expose("/<int:pk>/decide", methods=["POST"])
    @has_access
    def decide(self, pk: int):
        """Save the audit of one declaration, or only what was marked so far."""
        declaration = self._found(pk)
        following = standing_of(self.appbuilder.session, own_step(declaration, actor())).following
        draft = sent_draft()
        keep = request.form.get("then") == "stay"
        refusal = write(lambda: self._decide(pk, draft, keep), "")
        if refusal is not None:
            return self._refuse(pk, draft, refusal)
        if keep:
            flash(gettext("已保存，还没有作出审核结果。"), "success")
            return redirect(url_for("Bench.show", pk=pk))
        name = declaration.person.name
        flash(gettext("%(name)s：已保存审核结果。", name=name), "success")
        if following:
            return redirect(url_for("Bench.show", pk=following))
        return redirect(url_for("Desk.list", notice=declaration.notice_id))

    def _decide(self, pk: int, draft: Draft, keep: bool) -> None:
        session = self.appbuilder.session
        check_lengths(draft)
        decision = decision_of(draft, keep, self._found(pk))
        if keep:
            confirming.keep(session, decision, pk, actor(), request_time())
            return
        proposal = confirming.act(session, codes(), decision, pk, actor(), request_time())
        if proposal is not None:
            tell(say(_("开启了双人复核：终止审核已提请负责人确认，确认前不生效。")), "warning")
        used = [phrase.id for phrase in self._phrases() if phrase.text in draft.opinion]
        count_uses(session, used)

    def _refuse(self, pk: int, draft: Draft, refusal: Refusal):
        """The bench again, with what was typed and why it was not saved."""
        if refusal.status in (403, 404):
            give_up(refusal)
        place = getattr(refusal.cause, "place", "action")
        sentence = translate(refusal.sentence)
        if isinstance(refusal.cause, Stale):
            flash(sentence, "danger")
        declaration = self._found(pk)
        return self._page(declaration, draft, [(place, sentence)]), refusal.status

    @expose("/<int:pk>/reopen", methods=["POST"])
    @has_access
    def reopen(self, pk: int):
        """重新审核: a saved 待送审 is opened again."""
        decision = Decision(Action.REOPEN, opinion=own_step(self._found(pk), actor()).opinion)
        session = self.appbuilder.session
        given = (session, codes(), decision, pk, actor(), request_time())
        refusal = write(lambda: confirming.act(*given))
        if refusal is not None:
            give_up(refusal)
        return redirect(url_for("Bench.show", pk=pk))
