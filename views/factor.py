"""第二重验证: the second step of a login, and the screen of one's own second factor."""

from collections.abc import Callable
from importlib import import_module
from io import BytesIO

from flask import Response, abort, current_app, flash, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_login import current_user

from models import second
from models.journal import note
from models.second import SecondFactor, Use
from models.sessions import End, end_all
from models.words import NotAllowed, _
from views.entering import enter
from views.factor_forms import ChangeForm, CodeForm, PasswordedForm, filled_in
from views.guard import status_of
from views.half import Half, half_open, still_right
from views.login import actor, request_time
from views.refusing import answer_with
from views.screens import Screen
from views.second import check_password, concerned, try_code
from views.way_in import way_in
from views.words import translate
from views.writing import write

AGAIN = _("登录已过期或账号刚刚变动，请重新登录。")


class Second(Screen):
    """第二重验证 of one's own account."""

    route_base = "/second"
    class_permission_name = "second"

    @property
    def vault(self):
        """What seals the keys."""
        return current_app.extensions["vault"]

    # Half way in.

    @expose("/check", methods=["GET", "POST"])
    def check(self):
        """The second step of the login."""
        half = half_open()
        if half is None or half.enrols:
            return self._from_the_start()
        form = CodeForm()
        if request.method == "POST" and self._accepted(
            half.username, form, lambda: self._show(half.username, form.code.data)
        ):
            return self._enter(half) or self._from_the_start()
        return self.render_template("second/check.html", title=gettext("第二重验证"), form=form)

    def _show(self, username: str, typed: str) -> None:
        way = second.show(self.session, self.vault, username, typed, request_time())
        note(self.session, username, "second", "account", username, way=way)

    def _enter(self, half: Half) -> Response | None:
        found = still_right(self.session, half)
        return redirect(half.onward) if found and enter(self.session, found) else None

    def _from_the_start(self, why: str = "") -> Response:
        if current_user.is_authenticated:
            if why:
                flash(why, "warning")
            return redirect(url_for("Second.show"))
        flash(gettext(AGAIN), "warning")
        return redirect(way_in())

    def _accepted(self, username: str, form: CodeForm, work: Callable[[], None]) -> bool:
        """Whether the code was taken; if not, the form says why and is empty again."""
        refusal = try_code(username, work) if form.validate() else None
        if refusal is None and not form.errors:
            return True
        if refusal is not None:
            form.code.errors = [translate(refusal.sentence)]
        form.code.data = ""
        answer_with(refusal.status if refusal else 400)
        return False

    # Enrolment: by who is signed in, or half way in where everybody must have one.

    def _enrolling(self) -> tuple[str, Half | None]:
        """Whose enrolment it is; nobody's is empty."""
        if current_user.is_authenticated:
            return (actor().username if concerned() else ""), None
        half = half_open()
        return (half.username, half) if half and half.enrols else ("", None)

    @expose("/enrol", methods=["GET", "POST"])
    def enrol(self):
        """The key for the app, and the code that proves that it has arrived."""
        username, half = self._enrolling()
        if not username:
            return self._from_the_start()
        try:
            key = second.begun_key(self.session, self.vault, username, request_time())
        except NotAllowed as refusal:
            return self._from_the_start(translate(refusal.sentence))
        form, codes = CodeForm(), []
        if request.method == "POST" and self._accepted(
            username, form, lambda: codes.extend(self._confirm(username, form.code.data))
        ):
            if half is not None and self._enter(half) is None:
                return self._from_the_start()
            # Who that is now is read at the next request; this page is nobody's.
            g._login_user = current_app.login_manager.anonymous_user()
            onward = half.onward if half else url_for("Second.show")
            return self._codes_page(codes, onward)
        return self.render_template(
            "second/enrol.html",
            title=gettext("启用第二重验证"),
            form=form,
            key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
            half=half is not None,
        )

    def _confirm(self, username: str, typed: str) -> list[str]:
        codes = second.confirm(self.session, self.vault, username, typed, request_time())
        # What came in elsewhere with the password alone comes in again with both.
        keep = current_user.life.id if current_user.is_authenticated else None
        end_all(self.session, username, End.CHANGED, keep=keep)
        note(self.session, username, "second_on", "account", username)
        return codes

    @expose("/picture")
    def picture(self):
        """The key as a QR code; it comes from here, so that no other host learns it."""
        username, _half = self._enrolling()
        try:
            key = second.begun_key(self.session, self.vault, username, request_time())
        except NotAllowed:
            abort(404)
        drawn = BytesIO()
        made = import_module("segno").make(
            second.address(key, username, current_app.config["APP_NAME"]), micro=False
        )
        made.save(drawn, kind="svg", scale=5, border=4, light="#fff")
        return Response(drawn.getvalue(), mimetype="image/svg+xml")

    # One's own, signed in.

    @expose("/")
    def show(self):
        """Whether it is on, and what can be done about it."""
        if not concerned():
            abort(404)
        row = second.confirmed(self.session, actor().username)
        return self._own_page(ChangeForm() if row else PasswordedForm(), row)

    def _own_page(self, form, row: SecondFactor | None):
        return self.render_template(
            "second/show.html",
            title=gettext("第二重验证"),
            form=form,
            since=row.confirmed_at if row else None,
            left=second.codes_left(self.session, actor().username) if row else 0,
            required=current_app.config["SECOND_FACTOR"] is Use.REQUIRED,
        )

    @expose("/start", methods=["POST"])
    def start(self):
        """A new key; the enrolment goes on at its own page."""
        form = PasswordedForm()
        if self._own(form, lambda who: second.begin(self.session, self.vault, who, request_time())):
            return redirect(url_for("Second.enrol"))
        return self._again(form)

    @expose("/codes", methods=["POST"])
    def codes(self):
        """New recovery codes."""
        form, made = ChangeForm(), []
        if self._own(form, lambda who: made.extend(self._renew(who, form.code.data))):
            return self._codes_page(made, url_for("Second.show"))
        return self._again(form)

    def _renew(self, username: str, typed: str) -> list[str]:
        second.show(self.session, self.vault, username, typed, request_time())
        note(self.session, username, "second_codes", "account", username)
        return second.renew_codes(self.session, self.vault, username)

    @expose("/remove", methods=["POST"])
    def remove(self):
        """Without it from now on."""
        form = ChangeForm()
        done = _("已停用第二重验证。")
        if self._own(form, lambda who: self._remove(who, form.code.data), done):
            return redirect(url_for("Second.show"))
        return self._again(form)

    def _remove(self, username: str, typed: str) -> None:
        second.show(self.session, self.vault, username, typed, request_time())
        second.remove(self.session, username)
        note(self.session, username, "second_off", "account", username)

    def _own(self, form: PasswordedForm, work: Callable[[str], None], done: str = "") -> bool:
        """Do it for who is signed in and knows the password; if not, the form says why."""
        if not concerned():
            abort(404)
        who = actor().username
        if not form.validate() or not filled_in(form):
            answer_with(400)
            return False
        try:
            check_password(self.session, who, form.password.data or "")
        except NotAllowed as refusal:
            form.password.errors = [translate(refusal.sentence)]
            answer_with(status_of(refusal))
            return False
        if "code" not in form:
            refused = write(lambda: work(who), done)
        elif refused := try_code(who, lambda: work(who), done):
            form.code.errors = [translate(refused.sentence)]
        if refused is not None:
            answer_with(refused.status)
        return refused is None

    def _again(self, form):
        """The own page with what was wrong in the form."""
        return self._own_page(form, second.confirmed(self.session, actor().username))

    def _codes_page(self, codes: list[str], onward: str):
        title = gettext("请保存恢复码")
        return self.render_template("second/codes.html", title=title, codes=codes, onward=onward)
