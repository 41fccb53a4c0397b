"""演示消息: what a demonstration would have sent, for everybody to read."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, current_app
from flask_appbuilder import BaseView, expose
from flask_babel import gettext
from sqlalchemy import select

from models.outbox import Message, MessageState
from models.vault import vault_of
from views.words import translate

SHOWN = 50
"""Messages on the page, the last one first."""


@dataclass(frozen=True)
class Row:
    """One message as the page shows it."""

    at: datetime
    to: str
    text: str
    state: str


class DemoMessages(BaseView):
    """The outbox of a demonstration. A real one is nobody's to read."""

    route_base = "/demo/messages"

    @expose("/")
    def list(self):
        """The last messages that are for somebody."""
        if not current_app.config["DEMO"]:
            abort(404)
        session = current_app.appbuilder.session
        query = select(Message).where(Message.state != MessageState.NOBODY)
        found = session.scalars(query.order_by(Message.id.desc()).limit(SHOWN)).all()
        return self.render_template(
            "entrance/messages.html",
            title=gettext("演示消息"),
            rows=[row_of(message, vault_of(session)) for message in found],
        )


def row_of(message: Message, vault) -> Row:
    """A message opened; whom it is for stays masked, since visitors type numbers of their own."""
    body = message.body_sealed
    text = vault.open_text(body, "outbox", "body", message.uid) if body else ""
    state = translate(MessageState(message.state).label)
    return Row(message.created_at, message.to_mask, text, state)
