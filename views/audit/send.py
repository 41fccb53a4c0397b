"""批量送审: choose, upload the report, see the summary, send."""

from collections.abc import Iterable, Sequence

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import HiddenField

from models.attachment import Attachment
from models.batch import Batch
from models.bulk import NotSendable, Sent
from models.confirming import send_up
from models.declaration import Declaration, Progress, Step
from models.notice import Notice
from models.permissions import notices_visible_to
from models.proposal import Proposal, last_of_batch
from models.status import StepState
from models.words import NotAllowed, Stale, _
from models.workflow import Action
from views.audit.send_page import (
    Row,
    SendPage,
    _checks,
    _empty,
    _report,
    _row,
    show_proposal,
)
from views.login import actor, request_time
from views.parts import Link
from views.refusing import give_up
from views.words import number_in, translate
from views.writing import Refusal, write


class SendForm(DynamicForm):
    """The key of the click: the batch that is being collected."""

    batch = HiddenField()


class Send(BaseView):
    """批量送审."""

    route_base = "/send"
    class_permission_name = "send"
    method_permission_name = {"list": "read", "show": "read", "send": "write"}
    default_view = "list"

    @expose("/")
    @has_access
    def list(self):
        """The notices that have something to send; straight on if there is only one."""
        here = (Step.office_id == actor().office_id, Step.state == StepState.VETTED)
        waiting = Notice.id.in_(select(Step.notice_id).where(*here))
        query = select(Notice).where(waiting).order_by(Notice.id)
        notices = self.appbuilder.session.scalars(query).all()
        if len(notices) == 1:
            return redirect(url_for("Send.show", notice_id=notices[0].id))
        return self.render_template(
            "audit/send_list.html", notices=notices, title=gettext("批量送审")
        )

    @expose("/<int:notice_id>")
    @has_access
    def show(self, notice_id: int):
        """What waits to be sent for one notice, and the report."""
        return self._page(self._notice(notice_id))

    def _notice(self, notice_id: int) -> Notice:
        wanted = (Notice.id == notice_id, notices_visible_to(actor()))
        query = select(Notice).where(*wanted)
        return self.appbuilder.session.scalars(query).one_or_none() or abort(404)

    @expose("/<int:notice_id>", methods=["POST"])
    @has_access
    def send(self, notice_id: int):
        """Send what is ticked, all of it or nothing."""
        notice = self._notice(notice_id)
        found = (number_in(text) for text in request.form.getlist("id"))
        ids = [number for number in found if number is not None]
        done: list[Sent | Proposal] = []
        refusal = write(lambda: done.append(self._send(notice, ids)))
        if refusal is not None:
            return self._refuse(notice_id, ids, refusal)
        if isinstance(done[0], Proposal):
            words = gettext(
                "已提请送审 %(n)s 份，待负责人确认，确认前不送出。", n=len(done[0].chosen)
            )
            flash(words, "success")
            return redirect(url_for("Send.show", notice_id=notice_id))
        flash(_told(done[0]), "success")
        return redirect(url_for("Desk.list", notice=notice.id, state="sent"))

    def _send(self, notice: Notice, ids: Iterable[int]) -> Sent | Proposal:
        """The first report opens the batch: a page that was shown before it names none."""
        uid = request.form.get("batch", "")
        if not uid and self._batch(notice)[0] is not None:
            raise Stale(_("推荐报告刚刚上传或更换过，请核对后再送审。"))
        if not uid:
            raise NotAllowed(_("请先上传推荐报告或申报函。"))
        batch = uid.replace("\0", "")
        return send_up(self.appbuilder.session, batch, ids, actor(), request_time())

    def _refuse(self, notice_id: int, ids: Iterable[int], refusal: Refusal):
        if refusal.status == 404:
            give_up(refusal)
        reasons = refusal.cause.reasons if isinstance(refusal.cause, NotSendable) else {}
        page = self._page(self._notice(notice_id), set(ids), refusal, reasons)
        return page, refusal.status

    def _page(self, notice: Notice, chosen=None, refusal: Refusal | None = None, reasons=None):
        rows = self._rows(notice, chosen, reasons or {})
        batch, files = self._batch(notice)
        form = SendForm()
        form.batch.data = batch.uid if batch else ""
        target = self._target(notice)
        page = SendPage(
            title=gettext("批量送审"),
            crumbs=[Link(gettext("业务审核"), url_for("Desk.list")), Link(notice.title, "")],
            intro=gettext("把已审核通过的申报一起报送到上一级。送出后不能再改审核意见。"),
            rows=rows,
            report=_report(notice, files),
            facts=[(gettext("报送到"), target), (gettext("经办人"), actor().name)],
            checks=_checks(rows, files),
            destination=target,
            form=form,
            form_url=url_for("Send.send", notice_id=notice.id),
            empty=None if rows else _empty(notice),
        )
        if batch is not None:
            show_proposal(page, last_of_batch(self.appbuilder.session, batch.id), request_time())
        if refusal is not None:
            place = "proof-U01" if not files else ""
            page.errors = [(place, translate(refusal.sentence))]
            names = {row.id: row.name for row in rows}
            page.errors += [
                ("", gettext("%(name)s：%(why)s", name=names.get(id_, id_), why=translate(reason)))
                for id_, reason in (reasons or {}).items()
            ]
        return self.render_template("audit/send.html", page=page, title=page.title)

    def _rows(self, notice: Notice, chosen, reasons) -> Sequence[Row]:
        session, now = self.appbuilder.session, request_time()
        query = (
            select(Declaration)
            .join(Step, Step.declaration_id == Declaration.id)
            .where(
                Step.office_id == actor().office_id,
                Step.notice_id == notice.id,
                Step.state == StepState.VETTED,
            )
            .options(
                selectinload(Declaration.steps).joinedload(Step.office),
                selectinload(Declaration.person),
            )
            .order_by(Step.decided_at, Declaration.id)
        )
        found = session.scalars(query).all()
        last = self._approvals([d.id for d in found])
        return [_row(d, last[d.id], chosen, reasons.get(d.id), now) for d in found]

    def _approvals(self, ids: Iterable[int]) -> dict[int, Progress]:
        query = select(Progress).where(
            Progress.declaration_id.in_(ids),
            Progress.action == Action.APPROVE,
            Progress.office_id == actor().office_id,
        )
        lines = self.appbuilder.session.scalars(query.order_by(Progress.id))
        return {line.declaration_id: line for line in lines}

    def _batch(self, notice: Notice) -> tuple[Batch | None, Sequence[Attachment]]:
        session = self.appbuilder.session
        mine = (Batch.office_id == actor().office_id, Batch.notice_id == notice.id)
        batch = session.scalars(select(Batch).where(*mine, Batch.sent_at.is_(None))).one_or_none()
        if batch is None:
            return None, []
        files = select(Attachment).where(Attachment.batch_id == batch.id).order_by(Attachment.id)
        return batch, session.scalars(files).all()

    def _target(self, notice: Notice) -> str:
        """The office above, as the first waiting declaration has it in its chain."""
        here = (Step.office_id == actor().office_id, Step.notice_id == notice.id)
        step = self.appbuilder.session.scalars(
            select(Step).where(*here, Step.state == StepState.VETTED).limit(1)
        ).first()
        if step is None:
            return ""
        chain = step.declaration.chain
        return chain[chain.index(step) + 1].office.name


def _told(sent: Sent) -> str:
    batch = sent.batch
    words = {"n": batch.count, "office": batch.target.name, "number": batch.number}
    if sent.again:
        return gettext("这一批已经送出：%(n)s 份到%(office)s，批次号 %(number)s。", **words)
    return gettext("已送审 %(n)s 份到%(office)s，批次号 %(number)s。", **words)
