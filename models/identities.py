"""统一身份认证: whose account an identity of the province's platform opens.

The platform names a user by issuer and subject. The first time, the account is found by
the identity number or the unit's code, if the platform says that it has verified them;
from then on by the subject alone. 个人, 法人 and 经办人 are kept apart: an identity of one
kind never opens an account of another.
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    delete,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, add_new
from models.claims import Claimed, Kind
from models.clock import Moment
from models.offices import Office
from models.people import Account, Person, Realm
from models.status import one_of
from models.vault import Vault
from models.words import NotAllowed, _

REALMS = {
    Realm.PERSON: Kind.PERSON,
    Realm.LEGAL: Kind.LEGAL,
    Realm.AGENT: Kind.AGENT,
    Realm.STAFF: Kind.AGENT,
}
"""As what the holder of an account signs in. Staff have no number by which they could be
found, so that their identities are linked by the operator alone."""

UNKNOWN = {
    Kind.PERSON: _("本系统里还没有您的个人账号。请先在本系统办理个人注册，再用统一身份认证登录。"),
    Kind.LEGAL: _(
        "本系统里没有贵单位的法人账号。请先在本系统办理单位注册，由主管机构核准后再用统一身份认证登录。"
    ),
    Kind.AGENT: _(
        "贵单位还没有把您设为经办人。请本单位的法人账号在“我的经办人”里按身份证号添加您，再登录。"
    ),
}
"""What to do where there is no account to open."""


class NotOpened(NotAllowed):
    """The identity opens no account (403); ``reason`` is the word for the journal."""

    status = 403
    is_news = True

    def __init__(self, reason: str, msgid: str, **values: str):
        self.reason = reason
        super().__init__(msgid, **values)


class Identity(Base):
    """An identity of the platform that opens an account.

    ``subject`` is a blind index: a platform may use identity numbers as its subjects, and
    those lie in one place only (decision 14).
    """

    __tablename__ = "identity"
    __table_args__ = (
        # Every login: whose is this subject? Every logout of the platform: the same.
        UniqueConstraint("subject", "issuer", "kind"),
        # One subject an account: who has verified the same number anew is not let in by it.
        UniqueConstraint("username", "issuer"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(6))
    username: Mapped[str] = mapped_column(ForeignKey("account.username"))
    linked_at: Mapped[datetime] = mapped_column(Moment)


class Burnt(Base):
    """What is good for one use and was used: states of logins, ids of logout tokens."""

    __tablename__ = "burnt"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)


def burn(session: Session, word: str, now: datetime, until: datetime) -> bool:
    """Use up a word; False if it was used before. After ``until`` it must be worthless by
    its age: then its row goes."""
    session.execute(delete(Burnt).where(Burnt.until < now))
    return add_new(session, Burnt, digest=sha256(word.encode()).hexdigest(), until=until)


def index_of(vault: Vault, issuer: str, subject: str) -> str:
    """The blind index of a subject; letter by letter, other than that of a number."""
    return vault.index(sha256(f"{issuer}\0{subject}".encode()).hexdigest())


def usernames_of(session: Session, vault: Vault, issuer: str, subject: str) -> list[str]:
    """The accounts that a subject opens, of whatever kind."""
    here = (Identity.subject == index_of(vault, issuer, subject), Identity.issuer == issuer)
    return list(session.scalars(select(Identity.username).where(*here)))


def opened_by(session: Session, vault: Vault, claimed: Claimed, now: datetime) -> tuple[str, bool]:
    """The user name of the account that an identity opens, and whether it was linked just now.

    NotOpened if there is none, or if the platform has not verified who it is.
    """
    subject = index_of(vault, claimed.issuer, claimed.subject)
    known = select(Identity.username).where(
        Identity.subject == subject,
        Identity.issuer == claimed.issuer,
        Identity.kind == claimed.kind,
    )
    username = session.scalar(known)
    if username is not None:
        _check_unit(session, username, claimed)
        return username, False
    account = _account_of(session, vault, claimed)
    linked = link(session, vault, account.username, claimed, now)
    if session.scalar(known) != account.username:
        words = _("您的账号已经关联了另一个统一身份认证用户。如果您换过用户，请联系系统管理员。")
        raise NotOpened("linked to another", words)
    _take_mobile(session, account, claimed.mobile)
    return account.username, linked


def _check_unit(session: Session, username: str, claimed: Claimed) -> None:
    """Who acts for another unit now does not come to the account of the one before."""
    here = select(Office.uscc).join(Account, Account.office_id == Office.id)
    unit = session.scalar(here.where(Account.username == username))
    if claimed.unit and unit and claimed.unit != unit:
        words = _("您在统一身份认证平台上的单位与您在本系统的账号不是同一个单位，请联系单位核对。")
        raise NotOpened("another unit", words)


def link(session: Session, vault: Vault, username: str, claimed: Claimed, now: datetime) -> bool:
    """Let an identity open an account; False if one of the two is linked already. Two first
    logins at once are one link."""
    subject = index_of(vault, claimed.issuer, claimed.subject)
    whose = {"issuer": claimed.issuer, "subject": subject, "kind": claimed.kind}
    return add_new(session, Identity, **whose, username=username, linked_at=now)


def _account_of(session: Session, vault: Vault, claimed: Claimed) -> Account:
    """The account of the number and unit that the platform has verified."""
    if not claimed.verified:
        words = _("统一身份认证平台还没有核验您的身份。请先在该平台完成实名认证，再回来登录。")
        raise NotOpened("not verified", words)
    named = {
        Kind.PERSON: bool(claimed.number),
        Kind.LEGAL: bool(claimed.unit),
        Kind.AGENT: bool(claimed.number and claimed.unit),
    }
    if not named[claimed.kind]:
        words = _(
            "统一身份认证平台没有提供有效的身份证号或统一社会信用代码。请在该平台核对您的资料后再登录。"
        )
        raise NotOpened("no number", words)
    account = session.scalar(_accounts(vault, claimed))
    if account is None:
        raise NotOpened("no account", UNKNOWN[claimed.kind])
    return account


def _accounts(vault: Vault, claimed: Claimed) -> Select[tuple[Account]]:
    """The unique indices of the realms (models.people) leave one account at most."""
    query = select(Account).where(Account.realm == Realm[claimed.kind.name], Account.live)
    if claimed.kind is not Kind.PERSON:
        query = query.join(Office, Office.id == Account.office_id).where(
            Office.uscc == claimed.unit
        )
    if claimed.kind is not Kind.LEGAL:
        here = Person.__table__.c.id_no_index == vault.index(claimed.number)
        query = query.join(Account.person).where(here)
    return query


def _take_mobile(session: Session, account: Account, mobile: str) -> None:
    """Where messages go, if nothing is known yet and nobody else has this number."""
    if not mobile or account.mobile:
        return
    try:
        with session.begin_nested():
            account.mobile = mobile
    except IntegrityError:
        session.refresh(account)
