"""预览, 下载, 删除: files behind the scope of their owner."""

from flask import (
    abort,
    jsonify,
    redirect,
    send_file,
)
from flask_appbuilder import BaseView, expose, has_access
from sqlalchemy import ColumnElement, exists, false, or_, select

from models.acts import lock
from models.attachment import Attachment, drop
from models.batch import Batch
from models.declaration import Declaration
from models.journal import note
from models.permissions import Actor, Role, may_edit, visible_to
from models.words import Forbidden, NotFound, _
from views.files.keeping import store
from views.files.showing import note_opening, original, page_picture
from views.login import actor, request_time
from views.refusing import give_up
from views.returning import came_from, wants_json
from views.writing import write

SHOWN_BY_BROWSERS = "image/"
"""Beginning of the types that a browser shows. All others are saved: no browser shows an
office's document, and none shows a PDF under the policy that keeps its scripts from running."""


def files_visible_to(who: Actor) -> ColumnElement[bool]:
    """Files of declarations that one sees, of batches that one's office sent or got.

    An office sees what was submitted and never what the applicant is still changing. It is
    asked for one file at a time.
    """
    seen = exists().where(Declaration.id == Attachment.declaration_id, visible_to(who))
    if who.role is Role.APPLICANT:
        return seen
    if who.office_id is None:
        return false()
    between = or_(Batch.office_id == who.office_id, Batch.target_id == who.office_id)
    sent = exists().where(Batch.id == Attachment.batch_id, between)
    return or_(seen & Attachment.submitted, sent)


class Files(BaseView):
    """预览, 下载, 删除."""

    route_base = "/files"
    class_permission_name = "files"
    method_permission_name = {
        "original": "read", "page": "read", "thumb": "read", "delete": "read",
    }  # fmt: skip

    def _file(self, uid: str) -> Attachment:
        wanted = (Attachment.uid == uid, files_visible_to(actor()))
        found = self.appbuilder.session.scalars(select(Attachment).where(*wanted)).one_or_none()
        return found or abort(404)

    @expose("/<uid>")
    @has_access
    def original(self, uid: str):
        """The file itself, under its own name."""
        file = self._file(uid)
        self._journal(file)
        return original(file, download=not file.mime.startswith(SHOWN_BY_BROWSERS))

    @expose("/<uid>/page/<int:number>")
    @has_access
    def page(self, uid: str, number: int):
        """The picture of one page, the first one counted 1."""
        file = self._file(uid)
        if not 1 <= number <= file.pages:
            abort(404)
        self._journal(file)
        return page_picture(file.token, number)

    @expose("/<uid>/thumb/<int:number>")
    @has_access
    def thumb(self, uid: str, number: int):
        """The small picture of one page."""
        file = self._file(uid)
        path = store().thumb_path(file.token, number) if 1 <= number <= file.pages else None
        if path is None or not path.exists():
            abort(404)
        return send_file(path, "image/webp")

    @expose("/<uid>/delete", methods=["POST"])
    @has_access
    def delete(self, uid: str):
        """Delete a file: the applicant's while its section is open, a report until sent."""
        file = self._file(uid)
        tokens: list[str] = []
        refusal = write(lambda: self._drop(file.uid, tokens), _("已删除附件。"))
        if refusal:
            give_up(refusal)
        for token in tokens:
            store().remove(token)
        return jsonify(done=True) if wants_json() else redirect(came_from())

    def _drop(self, uid: str, tokens: list[str]) -> None:
        session = self.appbuilder.session
        file = self._file(uid)
        if file.declaration_id:
            declaration = lock(session, file.declaration_id, actor())
            file = self._file(uid)  # it may have gone while this request waited
            if not may_edit(actor(), declaration, file.section):
                raise Forbidden(_("这个附件所在的模块现在不能修改。"))
        else:
            query = select(Batch).where(Batch.id == file.batch_id).with_for_update()
            batch = session.scalars(query).one()
            if batch.sent_at is not None or batch.office_id != actor().office_id:
                raise Forbidden(_("已经送审的报告不能删除。"))
        if file.removed_at is not None:  # its submission shows it, the applicant's lists do not
            raise NotFound(_("这个附件已经删除。"))
        note(session, actor().username, "delete", "attachment", file.uid, name=file.name)
        if not file.submitted:
            tokens.append(file.token)
        drop(session, file, request_time())

    def _journal(self, file: Attachment) -> None:
        """A line when somebody else's file is opened."""
        if file.uploaded_by != actor().username:
            note_opening(Attachment, file, "attachment")
