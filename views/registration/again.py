"""单位注册: back to a registration that was sent, from another browser or another day."""

from flask import redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext
from sqlalchemy import Select, select

from models.journal import note
from models.unit_registration import CODE_WORDS, UnitRegistration, UnitState
from models.words import NotAllowed, _
from views.registration.by_code import ByCode
from views.registration.common import database, offer_picture, sent, start_again, step_page
from views.registration.forms import CodeForm, UnitCodeForm
from views.registration.unit_acts import SLOT


def last_of(uscc: str) -> Select:
    """The mobile of the last registration of this code that was sent."""
    sent = (UnitRegistration.uscc == uscc, UnitRegistration.state != UnitState.DRAFT)
    query = select(UnitRegistration.mobile).where(*sent)
    return query.order_by(UnitRegistration.id.desc()).limit(1)


WAY = ByCode("unit-again", CODE_WORDS, last_of)
TITLE = _("查询或修改单位注册")


class UnitAgain(BaseView):
    """查询和修改单位注册."""

    route_base = "/register/legal/again"

    @expose("/", methods=["GET", "POST"])
    def begin(self):
        """Which unit it is."""
        form = UnitCodeForm()
        if sent(form) and WAY.send(form):
            return redirect(url_for("UnitAgain.code"))
        offer_picture()
        title, word = gettext(TITLE), gettext("获取验证码")
        return step_page(self, title, form, [form.uscc], "UnitAgain.begin", word)

    @expose("/code", methods=["GET", "POST"])
    def code(self):
        """The code; then this browser has the registration, and no other one."""
        if not WAY.uscc:
            return start_again("UnitAgain.begin")
        form, uscc = CodeForm(), WAY.uscc
        if sent(form) and WAY.redeem(form, lambda: _take(uscc)):
            return redirect(url_for("UnitSteps.state"))
        hint = gettext(
            "如果 %(code)s 提交过注册申请，验证码已发到联系人的手机号，10 分钟内有效。", code=uscc
        )
        return step_page(
            self, gettext(TITLE), form, [form.code], "UnitAgain.code", gettext("下一步"),
            hint=hint, back=url_for("UnitAgain.begin"),
        )  # fmt: skip


def _take(uscc: str) -> None:
    last = last_of(uscc).with_only_columns(UnitRegistration.id).scalar_subquery()
    query = select(UnitRegistration).where(UnitRegistration.id == last).with_for_update()
    found = database().scalars(query).one_or_none()
    if found is None:
        raise NotAllowed(_("这份注册申请已经不在了，请重新填写。"))
    SLOT.open(found)
    note(database(), "", "resume", "unit_registration", found.uid, uscc=uscc)
