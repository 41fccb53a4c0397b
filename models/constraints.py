"""The sentences behind the database's own refusals.

A rule is asked before the database is; where two ask at once the second one meets the
constraint, and hears the same sentence.
"""

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from models.base import Base
from models.problems import Problem
from models.words import Sentence, _, say

SENTENCES: dict[str, str] = {
    "uq_paper_is_representative": _("代表性论文著作只能有一篇，请刷新后再选。"),
    "uq_project_is_main": _("主要科研项目只能有一项，请刷新后再选。"),
    "uq_patent_is_main": _("主要专利只能有一件，请刷新后再选。"),
    "uq_report_is_representative": _("代表性工作报告只能有一篇，请刷新后再选。"),
    "uq_award_is_representative": _("代表性荣誉奖励只能有一项，请刷新后再选。"),
    "uq_continuing_education_year": _("每个年度只能填写一条继续教育，请刷新页面核对。"),
    "uq_assessment_year": _("每个年度只能填写一条考核情况，请刷新页面核对。"),
    "uq_declaration_person_notice": _("您已经按这个通知开始申报，请在“我的申报”中继续。"),
    "uq_binding_live": _("您已绑定或已申请绑定一个推荐单位，请先解除绑定。"),
    "uq_office_uscc": _("这个统一社会信用代码已经登记过。"),
    "uq_office_name": _("这个机构名称已经登记过。"),
    "ab_user_username_key": _("这个用户名已经有人用了，请换一个。"),
    "ab_user_email_key": _("这个用户名已经有人用了，请换一个。"),
    "uq_account_person": _("这个身份证号已经有个人账号，请直接登录或找回密码。"),
    "uq_account_mobile": _("这个手机号已经用于另一个个人账号，请换一个。"),
    "uq_account_legal": _("这个机构已经有法人账号。每个机构只有一个，请先停用原来的。"),
    "uq_account_agent_person": _("这个人已经是本机构的经办人。"),
    "uq_account_agent_mobile": _("这个手机号已经用于本机构的另一个经办人，请换一个。"),
    "uq_person_id_no_index": _("这个身份证号刚刚登记过，请再保存一次。"),
    "uq_proposal_step": _("这份申报已提请终止审核，待负责人确认。"),
    "uq_proposal_batch": _("这一批已提请送审，待负责人确认。"),
    "uq_notice_title": _("已有同名的通知，请换一个标题。"),
}

FIELDS = {"uq_account_agent_person": "number", "uq_account_agent_mobile": "mobile"}
"""Where a form says it, if it has such a field."""

IN_USE = _("还有其他记录用到这条内容，没有删除。请刷新页面核对后再试。")
OTHERS = _("这条内容与已有的内容冲突，没有保存。请刷新页面核对后再试。")


def sentence_of(error: IntegrityError) -> Sentence:
    """The sentence of the constraint that was violated, on either database."""
    name = name_of(error)
    return say(IN_USE if name.startswith("fk_") else SENTENCES.get(name, OTHERS))


def problems_of(error: IntegrityError) -> tuple[Problem, ...]:
    """The same at its field; none where the constraint is not one of a single field."""
    field = FIELDS.get(name_of(error))
    return (Problem(field, sentence_of(error)),) if field else ()


def name_of(error: IntegrityError) -> str:
    """The name of the violated constraint; empty if the database does not tell.

    PostgreSQL names it. SQLite names a CHECK, but of a unique index only the columns, and
    of a foreign key nothing: that one is ``fk_``.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    if str(error.orig).startswith("FOREIGN KEY"):
        return "fk_"
    kind, _colon, what = str(error.orig).partition(" constraint failed: ")
    return _unique(what) if kind == "UNIQUE" else what


def _unique(columns: str) -> str:
    """The unique constraint or index over these columns (``table.column, …``)."""
    wanted = set(columns.split(", "))
    table = Base.metadata.tables.get(columns.partition(".")[0])
    if table is None:
        return ""
    uniques = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    uniques += [index for index in table.indexes if index.unique]
    for unique in uniques:
        if {f"{table.name}.{column.name}" for column in unique.columns} == wanted:
            return str(unique.name)
    return ""
