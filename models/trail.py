"""What the words of the journal mean to its reader: acts, kinds of objects, details."""

from collections.abc import Mapping

from models.claims import KINDS as CAPACITIES
from models.journal import Fault
from models.outbox import Channel
from models.realname import FINDINGS
from models.sections import BY_KEY
from models.status import STATUS_LABELS
from models.words import Sentence, _, say
from models.workflow import Action

IDENTITY = "identity"
"""The kind of object that the identity platform vouches for."""

ACTS = {
    "register": _("注册"),
    "register again": _("再次注册"),
    "mismatch": _("姓名与身份证号不一致"),
    "verify_name": _("实名核验"),
    "correct_name": _("更正姓名"),
    "resume": _("继续办理注册"),
    "pass on": _("转其他机构"),
    "activate": _("激活账号"),
    "login": _("登录"),
    "emergency": _("应急登录"),
    "link": _("关联统一身份认证"),
    "unlink": _("解除统一身份认证的关联"),
    "logout": _("安全退出"),
    "end_logins": _("退出其他登录"),
    "second": _("通过第二重验证"),
    "second_on": _("启用第二重验证"),
    "second_off": _("停用第二重验证"),
    "second_codes": _("换一组恢复码"),
    "second_reset": _("重置第二重验证"),
    "lock": _("锁定"),
    "unlock": _("解除锁定"),
    "role": _("改变角色"),
    "appoint": _("任命管理员"),
    "password": _("重置密码"),
    "mobile": _("更换手机号"),
    "recover": _("找回密码"),
    "prove": _("找回密码时核对验证码"),
    "add": _("新增"),
    "edit": _("修改"),
    "delete": _("删除"),
    "none": _("勾选或取消“没有”"),
    "upload": _("上传"),
    "open": _("打开"),
    "start": _("开始申报"),
    "discard": _("删除草稿"),
    "rebind": _("改用另一推荐单位"),
    "marks": _("保存审核记录"),
    "batch": _("批量送审"),
    "bind": _("申请绑定"),
    "unbind": _("解除绑定"),
    "agree": _("同意"),
    "refuse": _("不同意"),
    "propose": _("提请确认"),
    "confirm": _("确认"),
    "take_back": _("撤回提请"),
    "hand_over": _("交接工作"),
    "enable": _("启用账号"),
    "disable": _("停用账号"),
    "export": _("导出"),
    "import": _("导入"),
    "verify": _("校验日志"),
} | {action.lower(): action.label for action in Action}
"""Acts by their words in the journal."""

OF_IDENTITIES = {"refuse": _("拒绝登录")}
"""Acts that have another word where it was done to an identity of the platform."""

KINDS = {
    "account": _("账号"),
    "attachment": _("附件"),
    "batch": _("送审批次"),
    "binding": _("单位绑定"),
    "console": _("数据查询"),
    "database": _("数据库"),
    "declaration": _("申报"),
    IDENTITY: _("统一身份认证"),
    "journal": _("日志"),
    "licence": _("证照"),
    "notice": _("申报通知"),
    "office": _("审核机构"),
    "person": _("个人"),
    "phrase": _("常用意见"),
    "proposal": _("提请"),
    "registration": _("个人注册"),
    "unit_list": _("单位名单"),
    "unit_registration": _("单位注册"),
} | {section.key: section.title for section in BY_KEY.values()}
"""Kinds of objects by their words in the journal; a section's is its own."""

DETAILS = {
    "account": _("账号"),
    "active": _("启用"),
    "after": _("改为"),
    "batch": _("批次"),
    "before": _("原来"),
    "by": _("凭"),
    "capacity": _("身份"),
    "channel": _("发送方式"),
    "conditions": _("条件"),
    "count": _("条数"),
    "declarations": _("申报"),
    "ended": _("退出的登录"),
    "faults": _("问题"),
    "finding": _("核验结果"),
    "format": _("格式"),
    "four_eyes": _("双人复核"),
    "holder": _("持有人"),
    "identified": _("已填身份证号"),
    "is_person": _("申报人账号"),
    "kind": _("种类"),
    "lines": _("行数"),
    "mobile": _("手机号"),
    "name": _("名称"),
    "name_fits": _("用户名相符"),
    "notice": _("通知"),
    "number": _("编号"),
    "office": _("机构"),
    "password": _("密码"),
    "phrases": _("常用意见"),
    "proof": _("附件种类"),
    "proposals": _("提请"),
    "proposed_by": _("提请人"),
    "reason": _("原因"),
    "role": _("角色"),
    "round": _("第几次提交"),
    "section": _("模块"),
    "sha256": _("SHA-256"),
    "status": _("状态"),
    "step": _("第几级"),
    "target": _("退回到"),
    "telephone": _("电话"),
    "ticked": _("勾选"),
    "to": _("交给"),
    "unit": _("单位"),
    "uscc": _("统一社会信用代码"),
    "username": _("用户名"),
    "way": _("方式"),
    "whole": _("完整"),
    "wrong": _("有误的模块"),
}
"""Details by their keys; others are shown by the key itself."""

VALUES = {
    "by": {
        "code": _("验证码"),
        "operator": _("运维命令"),
        "platform": _("统一身份认证平台"),
    },
    "capacity": CAPACITIES,
    "channel": {Channel.SMS: _("短信"), Channel.MAIL: _("邮件")},
    "finding": FINDINGS,
    "status": STATUS_LABELS,
}
"""What a detail may be, where it is one of a few words of the program."""

REASONS = {
    "acr": _("在平台登录的方式不够可靠"),
    "amr": _("平台没有写明登录的方式"),
    "another kind": _("平台上的身份与登录入口不符"),
    "another unit": _("平台上的单位与账号的单位不同"),
    "at_hash": _("两个令牌不是一起签发的"),
    "aud": _("令牌不是发给本系统的"),
    "auth_time": _("登录的时间不对"),
    "azp": _("令牌是交给别的系统使用的"),
    "claims": _("令牌的内容不合规定"),
    "code": _("授权码无效或已经用过"),
    "denied": _("本人没有在平台完成登录"),
    "disabled": _("本系统的账号已停用"),
    "down": _("连接不上平台"),
    "events": _("退出通知的内容不对"),
    "exp": _("令牌已过期，或没有写明有效期"),
    "iat": _("令牌的签发时间不对"),
    "iss": _("签发方不是约定的平台"),
    "jti": _("退出通知已经用过"),
    "linked to another": _("账号已关联另一个平台用户"),
    "nbf": _("令牌还没有生效"),
    "no account": _("本系统没有对应的账号"),
    "no number": _("平台没有提供有效的号码"),
    "no token": _("平台没有返回令牌"),
    "nonce": _("令牌不是对这次登录的回答"),
    "not verified": _("平台还没有核验身份"),
    "replayed": _("登录的结果已经用过"),
    "signature": _("令牌的签名不对"),
    "sub": _("令牌没有写明是谁"),
}
"""Why an identity of the platform was refused, by the codes that the journal keeps; the
short ones are claims of tokens (RFC 7519, OpenID Connect Core 2)."""

FAULTS = {
    "missing": _("缺第 %(line)s 行，下一行是第 %(other)s 行。"),
    "altered": _("第 %(line)s 行或它前面一行不是当时写下的。"),
    "end": _("日志到第 %(line)s 行为止，应当到第 %(other)s 行。"),
}


def word_of_act(act: str, kind: str) -> str:
    """The word for what was done to an object of this kind; an unknown act is its own."""
    other = OF_IDENTITIES if kind == IDENTITY else {}
    return other.get(act) or ACTS.get(act, act)


def words_of_act(act: str) -> list[str]:
    """All words of an act, whatever it was done to."""
    return [words[act] for words in (ACTS, OF_IDENTITIES) if act in words]


def values_of(key: str, kind: str) -> Mapping[str, str]:
    """The words of a detail where a program has written it; people's own have none."""
    return REASONS if (key, kind) == ("reason", IDENTITY) else VALUES.get(key, {})


def sentence_of(fault: Fault) -> Sentence:
    """Where the chain is broken, for the reader."""
    return say(FAULTS[fault.kind], **fault._asdict())
