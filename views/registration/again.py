"""单位注册: back to a registration that was sent, from another browser or another day."""

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from sqlalchemy import Select, select

from models.journal import note
from models.unit_registration import CODE_WORDS, UnitRegistration, UnitState
from models.words import NotAllowed, _
from views.registration.by_code import ByCode, CodeSteps
from views.registration.common import database, sent, start_again
from views.registration.forms import CodeForm
from views.registration.unit_acts import SLOT


def last_of(uscc: str) -> Select:
    """The mobile of the last registration of this code that was sent."""
    sent = (UnitRegistration.uscc == uscc, UnitRegistration.state != UnitState.DRAFT)
    query = select(UnitRegistration.mobile).where(*sent)
    return query.order_by(UnitRegistration.id.desc()).limit(1)


WAY = ByCode("unit-again", CODE_WORDS, last_of)


class UnitAgain(CodeSteps):
    """查询和修改单位注册."""

    route_base = "/register/legal/again"
    way, title, first = WAY, _("查询或修改单位注册"), "UnitAgain.begin"
    last = _("验证手机号")

    @expose("/", methods=["GET", "POST"])
    def begin(self):
        """Which unit it is."""
        return self.which()

    @expose("/code", methods=["GET", "POST"])
    def code(self):
        """The code; then this browser has the registration, and no other one."""
        if not WAY.uscc:
            return start_again(self.first)
        form, uscc = self.form(), WAY.uscc
        if sent(form) and WAY.redeem(form, lambda: _take(uscc)):
            return redirect(url_for("UnitSteps.state"))
        return self.code_page(form)

    def code_page(self, form: CodeForm):
        """The code alone."""
        hint = gettext(
            "如果 %(code)s 提交过注册申请，验证码已发到联系人的手机号，10 分钟内有效。",
            code=WAY.uscc,
        )
        return self.asked(form, [form.code], gettext("下一步"), hint)


def _take(uscc: str) -> None:
    last = last_of(uscc).with_only_columns(UnitRegistration.id).scalar_subquery()
    query = select(UnitRegistration).where(UnitRegistration.id == last).with_for_update()
    found = database().scalars(query).one_or_none()
    if found is None:
        raise NotAllowed(_("这份注册申请已经不在了，请重新填写。"))
    SLOT.open(found)
    note(database(), "", "resume", "unit_registration", found.uid, uscc=uscc)
