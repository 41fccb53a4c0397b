"""上传附件: of a declaration, and the report of a batch."""

from dataclasses import dataclass
from types import SimpleNamespace

from flask import (
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from sqlalchemy import func, select

from adapters.inspection import clean_name
from adapters.sandbox import examine
from models.acts import lock
from models.attachment import Attachment, FileRule, file_rule
from models.bulk import open_batch
from models.declaration import Declaration
from models.journal import note
from models.notice import Notice
from models.permissions import may_edit, notices_visible_to, visible_to
from models.sections import BY_KEY
from models.words import BadInput, Forbidden, NotAllowed, NotFound, _
from views.files.keeping import store
from views.login import actor, codes, request_time
from views.refusing import give_up
from views.returning import came_from, wants_json
from views.section.uploads import tile
from views.writing import write


@dataclass(frozen=True)
class Arrived:
    """A file that was received, examined and kept, and has no row yet."""

    token: str
    name: str
    mime: str
    size: int
    sha256: str
    pages: int

    def row(self, **owner) -> Attachment:
        """Its row, for its owner."""
        return Attachment(
            token=self.token,
            name=self.name,
            mime=self.mime,
            size=self.size,
            sha256=self.sha256,
            pages=self.pages,
            uploaded_at=request_time(),
            uploaded_by=actor().username,
            **owner,
        )


def arrive(rule: FileRule) -> Arrived:
    """Receive and examine the uploaded file; no transaction is open meanwhile.

    Raises a refusal with its status and leaves nothing behind.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("请先选择要上传的文件。"))
    current_app.appbuilder.session.rollback()
    received = store().receive(sent.stream, rule.limit_bytes, sent.filename)
    try:
        found = examine(received.path, sent.filename, rule.extensions, received.folder)
        token = store().keep(received)
    except BaseException:
        store().discard(received)
        raise
    kind, name = found.kind, clean_name(sent.filename)
    return Arrived(token, name, kind.mime, found.size, found.sha256, kind.pages or 0)


class Uploads(BaseView):
    """上传附件 of a declaration and of a batch."""

    route_base = "/uploads"
    class_permission_name = "mine"
    method_permission_name = {"add": "write"}

    @expose("/<int:declaration_id>/<section>/<code>", methods=["POST"])
    @has_access
    def add(self, declaration_id: int, section: str, code: str):
        """One file of one kind for a section or, with ``?record=``, for a record of it."""
        place = self._place(declaration_id, section, code)
        self._allowed(declaration_id, place)
        file = arrive(place.rule)
        made: list[Attachment] = []
        refusal = write(lambda: made.append(self._keep(declaration_id, place, file)))
        return answer(file, made, refusal)

    def _place(self, declaration_id: int, section: str, code: str) -> SimpleNamespace:
        """Section, proof and rule; 404 if the section does not ask for such a file."""
        where = BY_KEY.get(section) or abort(404)
        proof = next((p for p in where.proofs if p.code == code), None) or abort(404)
        rule = file_rule(codes(), code)
        uid = request.args.get("record", "") if proof.of_record else ""
        return SimpleNamespace(section=where, proof=proof, rule=rule, uid=uid)

    def _allowed(self, declaration_id: int, place: SimpleNamespace) -> Declaration:
        """The declaration, if its applicant may add such a file now."""
        session = self.appbuilder.session
        wanted = (Declaration.id == declaration_id, visible_to(actor()))
        declaration = session.scalars(select(Declaration).where(*wanted)).one_or_none()
        self._check(declaration or abort(404), place)
        return declaration

    def _check(self, declaration: Declaration, place: SimpleNamespace) -> None:
        if not may_edit(actor(), declaration, place.section.key):
            raise Forbidden(_("“%(title)s”现在不能修改。"), title=place.section.title)
        if place.proof.of_record:
            uids = {record.uid for record in place.section.records(declaration)}
            if place.uid not in uids:
                raise NotFound(_("这条记录已经不在了，请刷新页面后再上传。"))
        mine = (
            Attachment.declaration_id == declaration.id,
            Attachment.section == place.section.key,
            Attachment.record_uid == place.uid,
            Attachment.proof == place.rule.code,
            Attachment.removed_at.is_(None),
        )
        count = self.appbuilder.session.scalar(
            select(func.count()).select_from(Attachment).where(*mine)
        )
        if count >= place.rule.at_most:
            words = {"title": place.rule.title, "n": place.rule.at_most}
            raise NotAllowed(_("“%(title)s”最多 %(n)s 个，请先删除再上传。"), **words)

    def _keep(self, declaration_id: int, place: SimpleNamespace, file: Arrived) -> Attachment:
        session = self.appbuilder.session
        declaration = lock(session, declaration_id, actor())
        self._check(declaration, place)
        row = file.row(
            declaration_id=declaration.id,
            section=place.section.key,
            record_uid=place.uid,
            proof=place.rule.code,
        )
        return keep_row(session, row)


class Reports(BaseView):
    """上传推荐报告/申报函 of the batch that an office is collecting."""

    route_base = "/send/report"
    class_permission_name = "send"
    method_permission_name = {"add": "write"}

    @expose("/<int:notice_id>", methods=["POST"])
    @has_access
    def add(self, notice_id: int):
        """One file for the open batch of this office and notice."""
        session = self.appbuilder.session
        wanted = (Notice.id == notice_id, notices_visible_to(actor()))
        session.scalars(select(Notice).where(*wanted)).one_or_none() or abort(404)
        file = arrive(file_rule(codes(), "U01"))
        made: list[Attachment] = []
        refusal = write(lambda: made.append(self._keep(notice_id, file)))
        response = make_response(answer(file, made, refusal))
        # The page was shown before its batch was opened: the script puts the key into the form.
        response.headers["X-Batch"] = made[0].batch.uid
        return response

    def _keep(self, notice_id: int, file: Arrived) -> Attachment:
        session = self.appbuilder.session
        batch = open_batch(session, notice_id, actor(), request_time())
        rule = file_rule(codes(), "U01")
        there = select(func.count()).select_from(Attachment)
        if session.scalar(there.where(Attachment.batch_id == batch.id)) >= rule.at_most:
            words = {"title": rule.title, "n": rule.at_most}
            raise NotAllowed(_("“%(title)s”最多 %(n)s 个，请先删除再上传。"), **words)
        return keep_row(session, file.row(batch_id=batch.id, proof=rule.code))


def keep_row(session, row: Attachment) -> Attachment:
    """Add the row of a file, with its line in the journal."""
    session.add(row)
    session.flush()
    detail = {"proof": row.proof, "sha256": row.sha256, "section": row.section}
    note(session, actor().username, "upload", "attachment", row.uid, **detail)
    return row


def answer(file: Arrived, made: list[Attachment], refusal):
    """The new tile for the script, the page again without it."""
    if refusal is not None:
        store().remove(file.token)
        give_up(refusal)
    if wants_json():
        shown = tile(made[0], editable=True)
        return render_template("zc/file.html", file=shown)
    flash(gettext("已上传“%(name)s”。", name=file.name), "success")
    return redirect(came_from())
