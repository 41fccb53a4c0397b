"""Accounts (账号): which role each has, and what the administrators may make of them. One keeps
the accounts, another one gives the roles; what must hold of both is the same.

Names, passwords and roles lie in the framework's tables, which the domain does not know;
here is what must hold of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.offices import Office, OfficeKind
from models.people import Realm
from models.permissions import ADMINISTRATORS, Role
from models.problems import Problem
from models.reasons import REASON
from models.words import Forbidden, _, say

LABELS = {
    "username": _("用户名"),
    "name": _("姓名"),
    "role": _("角色"),
    "office": _("所属机构"),
    "active": _("启用"),
    "number": _("身份证号"),
    "old": _("现在的密码"),
    "password": _("密码"),
    "again": _("再次输入密码"),
    "new_password": _("新密码"),
    "new_again": _("再次输入新密码"),
}

OF_OFFICES = frozenset(
    {Role.LEGAL, Role.AGENT, Role.CHECKER, Role.NOTICE_MANAGER, Role.DATA_MANAGER}
)
"""Roles that somebody has for an office."""

GIVEN = (
    Role.LEGAL,
    Role.AGENT,
    Role.CHECKER,
    Role.NOTICE_MANAGER,
    Role.DATA_MANAGER,
    *ADMINISTRATORS,
)
"""Roles that the security administrator gives; 申报人 comes with a person."""

DUTIES = (
    (Role.LEGAL, _("代表本机构；维护单位信息和本机构的经办人、负责人。每个机构一个。")),
    (Role.AGENT, _("在本机构审核申报、送审，处理绑定申请。")),
    (Role.CHECKER, _("确认或驳回经办人提交的终止审核和批量送审；机构开启双人复核后起作用。")),
    (Role.NOTICE_MANAGER, _("属于人社机构；发布申报通知，维护审核机构和所有单位的常用意见。")),
    (Role.DATA_MANAGER, _("查询、导出经过本机构的申报数据；导入单位。")),
    (Role.SYSTEM_ADMIN, _("新增、停用账号，重置密码；不给角色，看不到申报内容。")),
    (Role.SECURITY_ADMIN, _("给予、收回角色，解除锁定，查看安全设置；看不到申报内容。")),
    (Role.AUDIT_ADMIN, _("只查看、导出、校验日志。")),
)
"""What each role is there for, as the administrator reads it beside the form."""

REALMS = {
    Role.APPLICANT: Realm.PERSON,
    Role.LEGAL: Realm.LEGAL,
    Role.AGENT: Realm.AGENT,
    Role.CHECKER: Realm.AGENT,
}
"""By which panel a role signs in; whoever is not named here has a user name only."""

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{2,63}")
LONGEST_NAME = 64


@dataclass(frozen=True)
class Standing:
    """What the administrators decide about one account. ``is_person``: it stands for one."""

    username: str
    name: str
    role: Role | None
    office: Office | None = None
    active: bool = True
    is_person: bool = False

    @property
    def administers(self) -> bool:
        """Whether one of the three administrators can act by it now."""
        return self.active and self.role in ADMINISTRATORS

    def steps_down(self, now: "Standing") -> bool:
        """Whether the administrator is none any more, or another one, once it is ``now``."""
        return self.administers and not (now.active and now.role is self.role)

    def changes(self, before: "Standing | None") -> dict[str, str | bool | None]:
        """What is new, for the journal."""
        return {
            key: getattr(value, "uscc", value)
            for key, value in vars(self).items()
            if before is None or value != getattr(before, key)
        }


def is_named(standing: Standing) -> bool:
    """Whether the keeper of accounts says whose the account is: an applicant has registered
    himself, and who holds a legal account stands in 单位信息, by another name than its own."""
    return not standing.is_person and standing.role is not Role.LEGAL


def realm_of(role: Role | None) -> Realm:
    """Where the account of a role signs in; without one by its user name."""
    return REALMS.get(role, Realm.STAFF)


def standing_problems(
    now: Standing, before: Standing | None, actor: str, others: int
) -> list[Problem]:
    """What forbids an account to be ``now`` (``before`` is None for a new one).

    ``actor`` is the user name of who changes it, ``others`` the number of other accounts
    that administer as this one does.
    """
    found = []
    if before is None and not USERNAME.fullmatch(now.username):
        words = _("用户名为 3 到 64 个字母、数字或 . _ @ -，以字母或数字开头。")
        found.append(Problem("username", say(words)))
    if not now.name:
        found.append(Problem("name", say(_("请填写%(label)s。"), label=LABELS["name"])))
    elif len(now.name) > LONGEST_NAME:
        over = {"limit": LONGEST_NAME, "length": len(now.name)}
        words = _("姓名最多 %(limit)s 字，现在是 %(length)s 字。")
        found.append(Problem("name", say(words, **over)))
    found += _role(now, before)
    if before is not None and before.steps_down(now):
        found += _stepping_down(before, actor, others)
    return found


def _role(now: Standing, before: Standing | None) -> list[Problem]:
    if now.is_person:
        if now.role is not Role.APPLICANT:
            return [Problem("role", say(_("申报人的账号只能停用，不能改为其他角色。")))]
        return []
    if now.role is None:
        return []
    if now.role not in GIVEN and (before is None or now.role is not before.role):
        return [Problem("role", say(_("请选择%(label)s。"), label=LABELS["role"]))]
    if now.role in OF_OFFICES and now.office is None:
        words = _("%(role)s须属于一个机构，请由系统管理员填写所属机构的统一社会信用代码。")
        return [Problem("office", say(words, role=now.role.value))]
    if now.role in ADMINISTRATORS and now.office is not None:
        words = _("%(role)s不属于任何机构，请由系统管理员把所属机构留空。")
        return [Problem("office", say(words, role=now.role.value))]
    if now.role is Role.NOTICE_MANAGER and now.office.kind != OfficeKind.BUREAU:
        words = _("通知管理员须属于人社机构，%(name)s不是。")
        return [Problem("office", say(words, name=now.office.name))]
    return []


def _stepping_down(before: Standing, actor: str, others: int) -> list[Problem]:
    if before.username == actor:
        words = _("不能停用自己的账号，也不能改变自己的角色。请由其他%(role)s办理。")
        return [Problem("", say(words, role=before.role.value))]
    if not others:
        words = _("至少要保留一个启用的%(role)s。")
        return [Problem("", say(words, role=before.role.value))]
    return []


def check_reset(username: str, roles: Iterable[str], actor: str) -> None:
    """Forbidden where ``actor`` may not give an account another password: whoever knows it can
    become the account, and who keeps accounts becomes no other administrator (三员分立)."""
    if username == actor:
        raise Forbidden(_("不能重置自己的密码，请在“修改密码”中办理，须输入现在的密码。"))
    if set(roles) & set(ADMINISTRATORS):
        words = _("管理员的密码不能在这里重置，请由运维人员在服务器上办理（flask appoint）。")
        raise Forbidden(words)


def taken_with(office: Office | None, before: Standing) -> Role | None:
    """The role that an account loses when its office becomes ``office``: it was given for the
    office, and who gives roles is the security administrator alone."""
    moved = before.role in OF_OFFICES and office is not before.office
    return before.role if moved else None


def reason_problems(reason: str) -> list[Problem]:
    """What is wrong with the reason for what an administrator does to somebody else."""
    if not reason:
        return [Problem("reason", say(_("请填写原因，它会写进日志。")))]
    if len(reason) > REASON:
        return [Problem("reason", say(_("原因最多 %(limit)s 字。"), limit=REASON))]
    return []
