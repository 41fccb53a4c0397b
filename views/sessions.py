"""我的登录: where one's account is signed in now, and the end of that; staying signed in."""

from dataclasses import dataclass

from flask import jsonify, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_login import current_user

from models.journal import note
from models.sessions import End, end_all, end_one, living, touch
from models.words import _, say
from views.login import actor, request_time
from views.refusing import give_up
from views.screens import Screen
from views.words import short_time
from views.writing import tell, write


@dataclass(frozen=True)
class Row:
    """One login in the list."""

    id: int
    device: str
    address: str
    since: str
    seen: str
    here: bool


class Sessions(Screen):
    """我的登录. Everybody has the own ones and no others."""

    route_base = "/sessions"

    @expose("/")
    def list(self):
        """The logins that live, the last used first."""
        life, at = current_user.life, request_time()
        mine = living(current_user.username, life.credential, current_user.limits, at)
        rows = [
            Row(
                id=login.id,
                device=login.agent or gettext("其他设备"),
                address=login.address,
                since=short_time(login.opened_at, at),
                seen=short_time(login.seen_at, at),
                here=login.id == life.id,
            )
            for login in self.session.scalars(mine)
        ]
        return self.render_template("sessions/list.html", title=gettext("我的登录"), rows=rows)

    @expose("/renew", methods=["POST"])
    def renew(self):
        """继续: a script asks to stay signed in, and is told how long that is now."""
        if refusal := write(
            lambda: self.session.execute(touch(current_user.life.id, request_time()))
        ):
            give_up(refusal)
        return jsonify(idle=current_user.idle_left, all=current_user.all_left)

    @expose("/end/<int:pk>", methods=["POST"])
    def end(self, pk: int):
        """退出 one of them."""

        def work() -> None:
            end_one(self.session, current_user.username, pk)
            self._note(1)

        if refusal := write(work, _("已退出那里的登录。")):
            give_up(refusal)
        return redirect(url_for("Sessions.list"))

    @expose("/others", methods=["POST"])
    def others(self):
        """退出其他登录: all but the one that asks."""

        def work() -> None:
            keep = current_user.life.id
            ended = end_all(self.session, current_user.username, End.ELSEWHERE, keep=keep)
            if ended:
                self._note(ended)
            tell(say(_("已退出其他 %(n)s 个登录。"), n=ended), "success")

        if refusal := write(work):
            give_up(refusal)
        return redirect(url_for("Sessions.list"))

    def _note(self, ended: int) -> None:
        username = actor().username
        note(self.session, username, "end_logins", "account", username, ended=ended)
