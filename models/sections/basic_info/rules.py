"""（1）基本信息: the rules, in the order of the form (domain 05.1)"""

from models.rules import (
    equals,
    filled,
    in_order,
    matches,
    needed_when,
    not_in_future,
    refused_when,
)
from models.section import Rule
from models.sections.basic_info.conditions import (
    another_step,
    beyond_the_grassroots,
    breaking,
    broken_without_need,
    declared_later,
    employed_too_young,
    evidence_required,
    has_title,
    in_public_institution,
    in_scope,
    of_age,
    title_of,
    waives_both,
    years_told_by_work,
)
from models.sections.basic_info.fields import BasicInfo
from models.words import _

OF_A_TITLE = (
    (BasicInfo.current_title_series, _("请选择现任职称系列。")),
    (BasicInfo.current_title_name, _("请选择现任职称名称。")),
    (BasicInfo.current_title_specialty, _("请填写现任职称专业，证书未注明的填“无”。")),
    (BasicInfo.current_title_date, _("请选择现任职称取得时间。")),
    (BasicInfo.current_title_method, _("请选择现任职称的取得方式。")),
    (BasicInfo.current_title_cert_no, _("请填写现任职称证书编号，证书未编号的填“无”。")),
    (BasicInfo.current_title_issuer, _("请填写现任职称的发证（批准）机关。")),
)
"""What belongs to a title that one holds."""

CATEGORY: tuple[Rule, ...] = (
    needed_when(BasicInfo.break_type, breaking, _("破格申报请选择破格类别。")),
    needed_when(BasicInfo.waived_conditions, breaking, _("破格申报请选择破格条件。")),
    needed_when(
        BasicInfo.break_reason, evidence_required, _("该申报类别请填写破格（绿色通道）理由。")
    ),
    refused_when(
        BasicInfo.break_type,
        broken_without_need,
        _("申报类别不是“破格申报”，请清除破格类别和破格条件。"),
    ),
    refused_when(
        BasicInfo.waived_conditions,
        waives_both,
        _("学历和资历一般不能同时破格，请以通知规定为准。"),
        warning=True,
    ),
)

PERSON: tuple[Rule, ...] = (
    of_age,
    not_in_future(BasicInfo.party_date),
    matches(BasicInfo.mobile, r"1[3-9][0-9]{9}", _("手机号码应为 11 位数字，以 13 至 19 开头。")),
    matches(BasicInfo.email, r"[^@\s]+@[^@\s]+\.[^@\s.]+", _("电子邮箱应类似 name@example.com。")),
    matches(BasicInfo.postcode, r"[0-9]{6}", _("邮政编码应为 6 位数字。")),
)

POST: tuple[Rule, ...] = (
    needed_when(
        BasicInfo.agency_name,
        equals(BasicInfo.employment_type, "3", "4"),
        _("人事代理、劳务派遣人员请填写人事代理/派遣单位。"),
    ),
    refused_when(
        BasicInfo.on_duty_status,
        equals(BasicInfo.on_duty_status, "5"),
        _("已退休的人员不得申报职称（《职称评审管理暂行规定》第十三条）。"),
    ),
    refused_when(
        BasicInfo.on_duty_status,
        equals(BasicInfo.on_duty_status, "6"),
        _("已离职的人员不能由原单位推荐申报。"),
    ),
    not_in_future(BasicInfo.work_start_date),
    refused_when(
        BasicInfo.work_start_date, employed_too_young, _("参加工作时不应未满 16 周岁，请核对。")
    ),
    years_told_by_work,
)

CURRENT: tuple[Rule, ...] = (
    *(needed_when(field, has_title, message) for field, message in OF_A_TITLE),
    needed_when(
        BasicInfo.current_title_level,
        filled(BasicInfo.current_title_name),
        _("填写了现任职称的，请选择现任职称级别。"),
    ),
    title_of(
        BasicInfo.current_title_name,
        BasicInfo.current_title_series,
        BasicInfo.current_title_level,
        _("现任职称名称与所选系列、级别不符，请重新选择。"),
    ),
    not_in_future(BasicInfo.current_title_date),
    needed_when(
        BasicInfo.appointed_date, in_public_institution, _("事业单位人员请填写现任职称聘任时间。")
    ),
    not_in_future(BasicInfo.appointed_date),
    in_order(
        BasicInfo.current_title_date,
        BasicInfo.appointed_date,
        _("现任职称聘任时间不能早于取得时间。"),
    ),
)

APPLIED: tuple[Rule, ...] = (
    in_scope(BasicInfo.apply_series, "series", _("申报系列不在通知范围内，请重新选择。")),
    in_scope(BasicInfo.apply_specialty, "specialties", _("申报专业不在通知范围内，请重新填写。")),
    in_scope(BasicInfo.apply_level, "levels", _("申报级别不在通知范围内，请重新选择。")),
    title_of(
        BasicInfo.apply_title_name,
        BasicInfo.apply_series,
        BasicInfo.apply_level,
        _("申报职称与申报系列、级别不符，请重新选择。"),
    ),
    refused_when(
        BasicInfo.apply_level,
        another_step,
        _("申报级别一般比现任职称高一级，请核对是否符合申报条件。"),
        warning=True,
    ),
    refused_when(
        BasicInfo.is_grassroots,
        beyond_the_grassroots,
        _("推荐单位不是基层单位，不能申报基层定向职称。"),
    ),
)

EARLIER: tuple[Rule, ...] = (
    needed_when(
        BasicInfo.last_declare_result,
        filled(BasicInfo.last_declare_year),
        _("填写了上次申报年度的，请填写上次评审结果。"),
    ),
    refused_when(
        BasicInfo.last_declare_year, declared_later, _("上次申报年度不能晚于本次申报年度。")
    ),
)

RULES: tuple[Rule, ...] = (*CATEGORY, *PERSON, *POST, *CURRENT, *APPLIED, *EARLIER)
