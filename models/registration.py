"""个人注册: name, identity number and mobile, each proved before anything is told of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, String, exists, select
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from models.base import Base, insert_into, new_uid
from models.drafts import Draft
from models.names import LONGEST_NAME, name_objection
from models.naming import correct_name, declared, is_checked, registered
from models.numbers import birth_of, id_number_objection, mobile_objection, sex_of
from models.people import Account, Person, Realm
from models.problems import Problem
from models.realname import Finding
from models.vault import Sealed, Vault
from models.words import Sentence, _, say

PURPOSE = "register"
"""Of the codes, the messages and the guesses that belong to a registration."""

REALNAME = "realname"
"""Of the guesses at somebody's name."""

LABELS = {
    "name": _("姓名"),
    "id_no": _("身份证号"),
    "mobile": _("手机号"),
    "code": _("短信验证码"),
}

CODE_WORDS = _(
    "【职评】您正在注册账号，验证码 %(code)s，10 分钟内有效。不是本人操作请不要告诉他人。"
)
HOLDER_WORDS = _("【职评】有人用您的证件号码再次注册账号，没有办成。不是本人操作请留意账号安全。")

YOUNGEST = 16
"""Years of who may be employed (劳动法 15)."""

REGISTERED = _("这个身份证号已经注册过账号。请直接登录；忘记密码请用“找回密码”。")
MOBILE_IN_USE = _("这个手机号已经注册过个人账号。请直接登录，或换一个手机号。")
TAKEN_BACK_WORDS = _(
    "【职评】您的个人账号已停用：登记的姓名与身份证号不符，证件本人已用核验过的姓名注册。有疑问请联系系统管理员。"
)
NAMED_OTHERWISE = _(
    "系统里这个身份证号登记的姓名与您填写的不一致，请联系您的单位或系统管理员更正。"
)
DECLARED_OTHERWISE = _(
    "这个身份证号已用另一个姓名办理过申报，不能自动更正。请携带身份证联系系统管理员核实后再注册。"
)
MISMATCH = _("姓名与身份证号不一致，请照身份证核对这两项。")


class PersonStep(StrEnum):
    """The pages of a registration, in their order."""

    DETAILS = "details"
    CODE = "code"
    PASSWORD = "password"


class PersonDraft(Draft, Base):
    """What one browser has typed; ``finding`` is what the real-name check said of it."""

    __tablename__ = "person_draft"
    __table_args__ = (
        # The sweep: drafts that nobody can open any more.
        Index("ix_person_draft_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    id_no: Mapped[Sealed] = composite(
        mapped_column("id_no_sealed", LargeBinary, nullable=False),
        mapped_column("id_no_index", String(64), nullable=False),
        mapped_column("id_no_mask", String(18), nullable=False),
    )
    finding: Mapped[str] = mapped_column(String(12), default="")

    def number(self, vault: Vault) -> str:
        """The identity number, opened."""
        return vault.open(self.id_no, "person_draft", "id_no", self.uid)

    @property
    def step(self) -> PersonStep:
        """Where it goes on."""
        if self.proved_at is None:
            return PersonStep.CODE
        known = self.finding in (Finding.OK, Finding.UNAVAILABLE)
        return PersonStep.PASSWORD if known else PersonStep.DETAILS


@dataclass(frozen=True)
class PersonTyped:
    """The first page, as it was typed."""

    name: str
    id_no: str
    mobile: str


def person_problems(typed: PersonTyped, today: date) -> list[Problem]:
    """What the words and numbers say of themselves; no database is asked."""
    found = []
    for key in ("name", "id_no", "mobile"):
        if not getattr(typed, key):
            found.append(Problem(key, say(_("请填写%(label)s。"), label=LABELS[key])))
    if typed.name and (objection := name_objection(typed.name)):
        found.append(Problem("name", objection))
    if typed.id_no and (objection := _number_objection(typed.id_no, today)):
        found.append(Problem("id_no", objection))
    if typed.mobile and (objection := mobile_objection(typed.mobile)):
        found.append(Problem("mobile", objection))
    return found


def _number_objection(number: str, today: date) -> Sentence | None:
    if objection := id_number_objection(number, today):
        return objection
    born = birth_of(number)
    if (born.year + YOUNGEST, born.month, born.day) > (today.year, today.month, today.day):
        return say(_("未满 %(n)s 周岁不能注册，请核对身份证号。"), n=YOUNGEST)
    return None


def keep(draft: PersonDraft, typed: PersonTyped, vault: Vault) -> None:
    """Bring the first page to the draft; what was proved of other words is proved no more."""
    draft.reach_by(typed.mobile)
    kept = draft.id_no.index if draft.id_no else None
    if (typed.name, vault.index(typed.id_no)) == (draft.name, kept):
        return
    draft.uid = draft.uid or new_uid()
    draft.name, draft.finding = typed.name, ""
    draft.id_no = vault.seal(typed.id_no, "person_draft", "id_no", draft.uid)


def mobile_in_use(session: Session, mobile: str) -> bool:
    """Whether a person signs in by this mobile; told to nobody but its holder."""
    wanted = (Account.realm == Realm.PERSON, Account.mobile == mobile, Account.live)
    return bool(session.scalar(select(exists().where(*wanted))))


@dataclass(frozen=True)
class Claim:
    """Whose the number of a draft is: the person, and why no account can be made for him.
    ``renamed``: he was here by a name that is not his; whoever acted under it goes."""

    person: Person
    refused: Sentence | None = None
    renamed: bool = False


def claim(session: Session, draft: PersonDraft, vault: Vault) -> Claim:
    """The person of the draft, made or found, and locked: of two who claim one number at
    once the second finds the first one's account."""
    person, is_new = _person(session, draft, vault)
    if is_new:
        return Claim(person)
    if refused := _objection(session, person, draft):
        return Claim(person, refused)
    renamed = person.name != draft.name
    if renamed:
        correct_name(session, person, draft.name, "")
    person.mobile = draft.mobile
    return Claim(person, renamed=renamed)


def claim_objection(session: Session, draft: PersonDraft) -> Sentence | None:
    """What will stand against the claim, as far as can be seen now; told to nobody but who
    was found to be that person."""
    wanted = Person.__table__.c.id_no_index == draft.id_no.index
    person = session.scalars(select(Person).where(wanted)).one_or_none()
    return _objection(session, person, draft) if person else None


def _objection(session: Session, person: Person, draft: PersonDraft) -> Sentence | None:
    """A person who was here before, without an account, is the same if his name agrees and the
    real-name check said so, or the mobile that was proved is the one known of him. A name that
    was checked wins over one that nobody has checked, unless he has declared by that."""
    is_checked_now, in_use = draft.finding == Finding.OK, registered(session, person)
    if person.name == draft.name:
        if in_use:
            return say(REGISTERED)
        is_he = is_checked_now or person.mobile == draft.mobile
        return None if is_he else say(NAMED_OTHERWISE)
    if not is_checked_now or is_checked(session, person):
        return say(REGISTERED if in_use else NAMED_OTHERWISE)
    return say(DECLARED_OTHERWISE) if declared(session, person) else None


def _person(session: Session, draft: PersonDraft, vault: Vault) -> tuple[Person, bool]:
    number, uid, table = draft.number(vault), new_uid(), Person.__table__
    sealed = vault.seal(number, "person", "id_no", uid)
    row = {
        "uid": uid, "name": draft.name, "id_type": "01", "mobile": draft.mobile,
        "id_no_sealed": sealed.sealed, "id_no_index": sealed.index, "id_no_mask": sealed.mask,
        "sex": sex_of(number), "birth_date": birth_of(number),
    }  # fmt: skip
    insert = insert_into(session, table).values(**row)
    session.execute(insert.on_conflict_do_nothing(index_elements=[table.c.id_no_index]))
    query = select(Person).where(table.c.id_no_index == sealed.index).with_for_update()
    person = session.scalars(query.execution_options(populate_existing=True)).one()
    return person, person.uid == uid
