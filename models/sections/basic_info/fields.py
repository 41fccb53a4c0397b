"""（1）基本信息: the fields, in the groups of the form"""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.fields import choice, choices, day, essay, month, text, whole, yes_no
from models.record import Record
from models.words import _

CATEGORY = _("申报类别")
PERSONAL = _("个人信息")
CONTACT = _("联系方式")
POST = _("单位与岗位")
CURRENT = _("现任职称")
QUALIFICATION = _("职（执）业资格")
APPLIED = _("申报职称")
EARLIER = _("历次申报")
SUMMARY = _("工作总结")


class BasicInfo(Record):
    """What one declares and who one is at work (domain 05.1)."""

    __tablename__ = "basic_info"
    __table_args__ = (UniqueConstraint("declaration_id", name="uq_basic_info_declaration_id"),)

    declare_category: Mapped[str] = choice(_("申报类别"), "declare_category", group=CATEGORY)
    break_type: Mapped[str | None] = choice(
        _("破格类别"), "break_type", required=False, group=CATEGORY, hint=_("破格申报时选择")
    )
    waived_conditions: Mapped[list[str] | None] = choices(
        _("破格条件"),
        "waived_condition",
        required=False,
        group=CATEGORY,
        hint=_("破格申报时选择，可多选"),
    )
    break_reason: Mapped[str | None] = essay(
        _("破格（绿色通道）理由"), 500, required=False, group=CATEGORY
    )

    former_name: Mapped[str | None] = text(_("曾用名"), 50, required=False, group=PERSONAL)
    nation: Mapped[str] = choice(_("民族"), "nation", group=PERSONAL)
    political_status: Mapped[str] = choice(_("政治面貌"), "political_status", group=PERSONAL)
    party_date: Mapped[date | None] = day(_("入党（派）时间"), required=False, group=PERSONAL)
    health_status: Mapped[str | None] = choice(
        _("健康状况"), "health_status", required=False, group=PERSONAL
    )
    native_place: Mapped[str | None] = choice(_("籍贯"), "province", required=False, group=PERSONAL)

    mobile: Mapped[str] = text(_("手机号码"), 11, group=CONTACT)
    email: Mapped[str | None] = text(_("电子邮箱"), 100, required=False, group=CONTACT)
    address: Mapped[str | None] = text(_("通讯地址"), 200, required=False, group=CONTACT)
    postcode: Mapped[str | None] = text(_("邮政编码"), 6, required=False, group=CONTACT)

    department: Mapped[str | None] = text(_("所在部门"), 100, required=False, group=POST)
    post_name: Mapped[str] = text(_("现岗位"), 100, group=POST)
    admin_post: Mapped[str | None] = text(
        _("行政职务"), 100, required=False, group=POST, hint=_("没有的填“无”")
    )
    employment_type: Mapped[str] = choice(_("人员身份（用工形式）"), "employment_type", group=POST)
    agency_name: Mapped[str | None] = text(_("人事代理/派遣单位"), 100, required=False, group=POST)
    on_duty_status: Mapped[str] = choice(_("在岗状态"), "on_duty_status", group=POST)
    work_start_date: Mapped[date] = month(_("参加工作时间"), group=POST)
    professional_years: Mapped[int] = whole(_("从事本专业工作年限"), 0, 50, group=POST)
    current_specialty: Mapped[str] = text(_("现从事专业"), 100, group=POST)

    current_title_level: Mapped[str | None] = choice(
        _("现任职称级别"), "title_level", required=False, group=CURRENT, hint=_("没有职称的不选")
    )
    current_title_series: Mapped[str | None] = choice(
        _("现任职称系列"), "title_series", required=False, group=CURRENT
    )
    current_title_name: Mapped[str | None] = choice(
        _("现任职称名称"), "title_name", required=False, group=CURRENT
    )
    current_title_specialty: Mapped[str | None] = text(
        _("现任职称专业"), 100, required=False, group=CURRENT, hint=_("证书未注明的填“无”")
    )
    current_title_date: Mapped[date | None] = day(
        _("现任职称取得时间"), required=False, group=CURRENT
    )
    current_title_method: Mapped[str | None] = choice(
        _("取得方式"), "certificate_method", required=False, group=CURRENT
    )
    current_title_cert_no: Mapped[str | None] = text(
        _("现任职称证书编号"), 40, required=False, group=CURRENT, hint=_("证书未编号的填“无”")
    )
    current_title_issuer: Mapped[str | None] = text(
        _("发证（批准）机关"), 100, required=False, group=CURRENT
    )
    appointed_date: Mapped[date | None] = day(
        _("现任职称聘任时间"), required=False, group=CURRENT, hint=_("事业单位人员必填")
    )

    qualification_name: Mapped[str | None] = text(
        _("职（执）业资格"), 100, required=False, group=QUALIFICATION
    )
    qualification_no: Mapped[str | None] = text(
        _("职（执）业资格证书编号"), 40, required=False, group=QUALIFICATION
    )

    apply_series: Mapped[str] = choice(_("申报系列"), "title_series", group=APPLIED)
    apply_specialty: Mapped[str] = text(_("申报专业"), 100, group=APPLIED)
    apply_level: Mapped[str] = choice(_("申报级别"), "title_level", group=APPLIED)
    apply_title_name: Mapped[str] = choice(_("申报职称"), "title_name", group=APPLIED)
    declare_method: Mapped[str] = choice(_("评价方式"), "declare_method", group=APPLIED)
    evaluate_direction: Mapped[str | None] = text(
        _("评价方向（岗位类型）"),
        50,
        required=False,
        group=APPLIED,
        hint=_("如研究型、应用型、技术推广型"),
    )
    is_grassroots: Mapped[bool | None] = yes_no(
        _("是否申报基层定向职称"), required=False, group=APPLIED
    )
    is_entrusted: Mapped[bool | None] = yes_no(_("是否委托评审"), required=False, group=APPLIED)

    last_declare_year: Mapped[int | None] = whole(
        _("上次申报年度"), 1950, 2100, required=False, group=EARLIER
    )
    last_declare_result: Mapped[str | None] = text(
        _("上次评审结果"), 50, required=False, group=EARLIER
    )
    new_since_last: Mapped[str | None] = essay(
        _("上次申报后取得的新成果"),
        200,
        required=False,
        group=EARLIER,
        hint=_("上次未通过且通知要求时填写"),
    )

    summary: Mapped[str] = essay(_("专业技术工作总结"), 2000, least=200, group=SUMMARY)
