"""What everybody owes who shows somebody else's file: its pages, and a line of its opening."""

from flask import current_app, send_file
from sqlalchemy import select

from adapters.database import aside
from adapters.sandbox import render_page
from models.journal import Line, note
from views.files.keeping import store
from views.login import actor, request_time


def original(file, *, download: bool):
    """The file itself, under its own name. What a browser opens of it runs nothing."""
    path = store().path(file.token)
    answer = send_file(path, file.mime, as_attachment=download, download_name=file.name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def page_picture(token: str, number: int):
    """The picture of a page; made when somebody first turns to it."""
    path = store().page_path(token, number)
    if not path.exists():
        current_app.appbuilder.session.rollback()
        render_page(store().path(token), number, store().folder(token))
    return send_file(path, "image/webp")


def note_opening(table: type, file, kind: str) -> None:
    """A line when somebody else's file is opened: one a viewer, file and hour."""
    opened = select(Line.id).where(
        Line.object_kind == kind,
        Line.object_id == file.uid,
        Line.act == "open",
        Line.actor == actor().username,
        Line.at >= request_time().replace(minute=0, second=0, microsecond=0),
    )
    if current_app.appbuilder.session.scalars(opened).first():
        return
    known = current_app.extensions
    with aside(known["sqlalchemy"].engine, known["journal"]) as session:
        # A viewer asks for several pages at once: they queue at the file's row.
        session.execute(select(table.id).where(table.id == file.id).with_for_update())
        if session.scalars(opened).first() is None:
            note(session, actor().username, "open", kind, file.uid)
