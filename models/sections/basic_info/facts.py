"""（1）基本信息: what it shows and the applicant does not type

The person's own data come from the real-name account, those of the unit from the office
register; a submission freezes them with the rest.
"""

from models.codes import CodeBook
from models.declaration import Declaration
from models.offices import chain_of
from models.periods import years_between
from models.section import Fact
from models.words import _


def superior(declaration: Declaration, codes: CodeBook) -> str:
    """主管部门: the first office above the unit."""
    above = declaration.unit.superior
    return above.name if above else ""


def committee(declaration: Declaration, codes: CodeBook) -> str:
    """拟申报评委会: the office in which the unit's chain ends."""
    return chain_of(declaration.unit)[-1].name


def appointed_years(declaration: Declaration, codes: CodeBook) -> str:
    """聘任年限: years from the appointment to the notice's cut-off date, one decimal."""
    since = declaration.basic_info[0].appointed_date if declaration.basic_info else None
    last = declaration.notice.cut_off
    return str(years_between(since, last)) if since and since <= last else ""


FACTS = (
    Fact("declare_no", _("申报编号"), lambda d, codes: d.declare_no or "", _("提交后生成")),
    Fact("notice_id", _("申报通知"), lambda d, codes: d.notice.title),
    Fact("name", _("姓名"), lambda d, codes: d.person.name),
    Fact("id_type", _("证件类型"), lambda d, codes: codes.name("id_type", d.person.id_type)),
    Fact("id_no", _("证件号码"), lambda d, codes: d.person.id_no.mask or ""),
    Fact("sex", _("性别"), lambda d, codes: codes.name("sex", d.person.sex)),
    Fact("birth_date", _("出生日期"), lambda d, codes: d.person.birth_date.isoformat()),
    Fact("unit_id", _("推荐单位"), lambda d, codes: d.unit.name),
    Fact("unit_uscc", _("统一社会信用代码"), lambda d, codes: d.unit.uscc),
    Fact("unit_nature", _("单位性质"), lambda d, codes: codes.name("unit_nature", d.unit.nature)),
    Fact(
        "unit_region", _("单位所在地"), lambda d, codes: codes.name("region_jilin", d.unit.region)
    ),
    Fact("superior_org", _("主管部门"), superior),
    Fact("appointed_years", _("聘任年限"), appointed_years),
    Fact("committee_id", _("拟申报评委会"), committee),
)
