"""登录 of persons, legal persons and agents: by the numbers that they know (unit manual 2.1).

Each panel finds its account and the password's hash in one statement, the same whether the
number is known or not; what follows is the way in of all.
"""

from datetime import date

from flask import Response, current_app, flash, redirect, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_babel import gettext, lazy_gettext
from flask_login import current_user
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import aliased
from wtforms import PasswordField

from models.accounts import USERNAME
from models.numbers import (
    SOCIAL_CREDIT_CODE,
    holder_objection,
    is_mobile,
    uscc_objection,
)
from models.offices import Office
from models.people import Account, Person, Realm, live_in
from models.problems import Problem
from models.vault import normalised
from models.words import NotAllowed, Sentence, _, say
from views import captcha
from views.controls import WordsField
from views.entering import ACCOUNTS, Unrecognised, recognised
from views.forms import Starred
from views.guard import status_of
from views.refusing import answer_with, mark
from views.second import then_enter
from views.signin import next_page
from views.ways import BESIDE, LOGINS, shown
from views.words import translate
from views.writing import Invalid

NUMBER = {"maxlength": 40, "autocomplete": "username", "autocapitalize": "none"}
ANY_DAY = date.max
"""A login asks whether a number is well formed; whether anybody can have it yet, nobody asks."""


class Panel(DynamicForm):
    """One way in: what is typed, what is wrong with it, whom it means."""

    password = PasswordField(
        lazy_gettext("密码"), [Starred()], render_kw={"autocomplete": "current-password"}
    )
    typed: tuple[str, ...] = ("who",)
    secret: tuple[str, ...] = ("password",)
    hint: str = ""
    """Said to everybody, so that nobody learns anything by it."""

    @property
    def always(self) -> bool:
        """Whether a captcha is due from the first time on."""
        return False

    def problems(self) -> list[Problem]:
        """What keeps the database from being asked: what is empty, or cannot be a number."""
        found = []
        for name in (*self.typed, *self.secret):
            if not self[name].data:
                words = _("请填写%(label)s。")
                found.append(Problem(name, say(words, label=str(self[name].label.text))))
            elif name in self.typed and (objection := self.objection(name)):
                found.append(Problem(name, objection))
        return found

    def said(self) -> str:
        """All by which an account is asked for: what guesses are counted for."""
        return " ".join(normalised(self[name].data) for name in self.typed)

    def objection(self, name: str) -> Sentence | None:
        """What is wrong with one number as it was typed."""
        return holder_objection(self[name].data, ANY_DAY)


def held_by(number: str, realm: Realm) -> Select:
    """The accounts of a realm that somebody's mobile or identity number names. Served by the
    unique indices of Account, whose predicate is repeated in ``live_in``."""
    query = ACCOUNTS.where(text(live_in(realm)))
    if is_mobile(number):
        return query.where(Account.mobile == normalised(number), text("account.mobile <> ''"))
    index = current_app.extensions["vault"].index(number)
    holder = query.join(Person, Account.person_id == Person.id)
    return holder.where(Person.__table__.c.id_no_index == index)


class PersonPanel(Panel):
    """个人."""

    who = WordsField(lazy_gettext("身份证号或手机号"), [Starred()], render_kw=NUMBER)

    @property
    def always(self) -> bool:
        """As the deployment has it."""
        return current_app.config["CAPTCHA_ALWAYS_FOR_PERSONS"]

    def wanted(self) -> Select:
        """The person's own account."""
        return held_by(self.who.data, Realm.PERSON)


class LegalPanel(Panel):
    """法人."""

    hint = _("单位注册审核通过后才能登录。")
    who = WordsField(
        lazy_gettext("统一社会信用代码或法人账号"),
        [Starred()],
        render_kw=NUMBER | {"maxlength": 64},
    )

    def objection(self, name: str) -> Sentence | None:
        """The unit's code or its account."""
        return unit_objection(self.who.data)

    def wanted(self) -> Select:
        """The one of the office, or the one of that name."""
        query = ACCOUNTS.where(text(live_in(Realm.LEGAL)))
        if means_code(self.who.data):
            code = Office.uscc == normalised(self.who.data)
            return query.join(Office, Account.office_id == Office.id).where(code)
        return first_named(query, Account, self.who.data)


class AgentPanel(Panel):
    """经办人."""

    hint = _("还没有经办人账号？请用法人账号登录，在“我的经办人”里添加。")
    typed = ("code", "who")
    code = WordsField(
        lazy_gettext("单位统一社会信用代码或法人账号"),
        [Starred()],
        render_kw={"maxlength": 64, "autocomplete": "organization", "autocapitalize": "none"},
    )
    who = WordsField(lazy_gettext("经办人手机号或身份证号"), [Starred()], render_kw=NUMBER)

    def objection(self, name: str) -> Sentence | None:
        """The unit's code or its account, and the agent's number."""
        if name == "code":
            return unit_objection(self.code.data)
        return super().objection(name)

    def wanted(self) -> Select:
        """The agent, within the unit."""
        query = held_by(self.who.data, Realm.AGENT)
        if means_code(self.code.data):
            code = Office.uscc == normalised(self.code.data)
            return query.join(Office, Account.office_id == Office.id).where(code)
        unit = select(LEGAL.office_id).where(text(live_in(Realm.LEGAL, "legal.")))
        named = first_named(unit, LEGAL, self.code.data)
        return query.where(Account.office_id == named.scalar_subquery())


LEGAL = aliased(Account, name="legal")
"""The account of the agent's unit."""


def first_named(query: Select, account: type[Account], typed: str) -> Select:
    """Those of the accounts that have this user name, without regard to case. Where two differ
    in nothing else, the one that was spelt."""
    alike = query.where(func.lower(account.username) == typed.lower())
    return alike.order_by((account.username == typed).desc(), account.username).limit(1)


def unit_objection(typed: str) -> Sentence | None:
    """What is wrong with how a unit was named. 18 characters that begin with a digit are a code,
    whatever else is wrong with them."""
    if means_code(typed):
        return uscc_objection(typed)
    if not USERNAME.fullmatch(typed):
        return say(_("请填写 18 位统一社会信用代码，或注册时的法人账号。"))
    return None


def means_code(typed: str) -> bool:
    """Whether a unit's code was meant and not the name of an account."""
    code = normalised(typed)
    begun = len(code) == 18 and code[0].isdigit()
    return begun or SOCIAL_CREDIT_CODE.fullmatch(code) is not None


class Panels(BaseView):
    """登录, by panel."""

    route_base = "/login"

    @expose("/person", methods=["GET", "POST"])
    @no_cache
    def person(self):
        """个人登录."""
        return self._panel(PersonPanel(), gettext("个人登录"))

    @expose("/legal", methods=["GET", "POST"])
    @no_cache
    def legal(self):
        """法人登录."""
        return self._panel(LegalPanel(), gettext("法人登录"))

    @expose("/agent", methods=["GET", "POST"])
    @no_cache
    def agent(self):
        """经办人登录."""
        return self._panel(AgentPanel(), gettext("经办人登录"))

    def _panel(self, form: Panel, title: str):
        if current_user.is_authenticated:
            return redirect(next_page())
        if request.method == "POST":
            try:
                return self._enter(form)
            except NotAllowed as refusal:
                mark(form, getattr(refusal, "problems", ()))
                if not isinstance(refusal, Invalid):
                    flash(translate(refusal.sentence), "danger")
                answer_with(status_of(refusal))
        elif form.always:
            captcha.ask_for()
        return self.render_template(
            "entrance/panel.html",
            title=title,
            form=form,
            hint=form.hint and gettext(form.hint),
            fields=[form[name] for name in (*form.typed, "password")],
            tabs=shown(LOGINS, request.args.get("next")),
            beside=shown(BESIDE[request.endpoint]),
        )

    def _enter(self, form: Panel) -> Response:
        """The way on, or why not: at the field what cannot be, else one sentence for all."""
        sound = form.validate()
        if problems := form.problems():
            raise Invalid(problems)
        if not sound:
            raise Invalid([])
        database = current_app.appbuilder.session
        try:
            found = recognised(
                database, form.wanted(), form.said(), form.password.data, always=form.always
            )
        except Unrecognised as refusal:
            raise Unrecognised(_("号码或密码不对，请重新输入。")) from refusal
        return then_enter(found, next_page())
