"""Who may do what: the one place that says so.

Three questions, three names: *which desk* (``GRANTS``), *which rows* (``visible_to``),
*which sections now* (``may_edit``).
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false, or_
from sqlalchemy.orm import aliased

from models.binding import Binding
from models.declaration import Declaration, Step
from models.notice import Notice
from models.offices import Office, OfficeKind
from models.opinions import Phrase
from models.people import Account, Realm
from models.proposal import Proposal
from models.reach import Reach
from models.status import Status
from models.words import _


class Role(StrEnum):
    """Who may take part; an account has one role."""

    APPLICANT = _("申报人")
    LEGAL = _("法人")
    AGENT = _("经办人")
    CHECKER = _("负责人")
    NOTICE_MANAGER = _("通知管理员")
    DATA_MANAGER = _("数据管理员")
    SYSTEM_ADMIN = _("系统管理员")


GRANTS: dict[Role, dict[str, frozenset[str]]] = {
    Role.APPLICANT: {
        "mine": frozenset({"read", "write", "submit"}),
        "binding": frozenset({"read", "write"}),
        "reading": frozenset({"read"}),
        "files": frozenset({"read"}),
    },
    Role.LEGAL: {
        "agents": frozenset({"read", "write"}),
        "unit": frozenset({"read", "write"}),
    },
    Role.AGENT: {
        "audit": frozenset({"read", "write"}),
        "send": frozenset({"read", "write"}),
        "requests": frozenset({"read", "write"}),
        "phrases": frozenset({"read", "write"}),
        "reading": frozenset({"read"}),
        "files": frozenset({"read"}),
    },
    Role.CHECKER: {
        "confirm": frozenset({"read", "write"}),
        "audit": frozenset({"read"}),
        "reading": frozenset({"read"}),
        "files": frozenset({"read"}),
    },
    Role.NOTICE_MANAGER: {
        "notices": frozenset({"read", "write"}),
        "reading": frozenset({"read"}),
        "offices": frozenset({"read", "write"}),
        "phrases": frozenset({"read", "write"}),
    },
    Role.DATA_MANAGER: {"console": frozenset({"read", "export"})},
    Role.SYSTEM_ADMIN: {"accounts": frozenset({"read", "write"})},
}
"""What each role may do at which desk. A desk is the word in the URL, in the menu, in the
framework's permission and here."""

REVIEWERS = frozenset({Role.AGENT, Role.CHECKER})
"""Roles that see what came to their office: one audits, the other confirms."""


@dataclass(frozen=True)
class Actor:
    """Who acts, whatever the login was."""

    role: Role | None = None
    username: str = ""
    name: str = ""
    person_id: int | None = None
    office_id: int | None = None


NOBODY = Actor()


def granted(actor: Actor, desk: str, deed: str) -> bool:
    """Whether the role of ``actor`` has this deed at this desk."""
    return actor.role is not None and deed in GRANTS[actor.role].get(desk, ())


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The declarations that ``actor`` may see, as a clause on Declaration.

    An office sees one from its arrival there on, for ever; a draft only its applicant. This
    asks the few steps of a declaration that is named; lists go by ``listed_for``.
    """
    if actor.role is Role.APPLICANT and actor.person_id is not None:
        return Declaration.person_id == actor.person_id
    if actor.role in REVIEWERS and actor.office_id is not None:
        return exists().where(
            Step.declaration_id == Declaration.id, Step.office_id == actor.office_id, Step.round > 0
        )
    if actor.role is Role.DATA_MANAGER and actor.office_id is not None:
        in_chain = Step.position >= Declaration.chain_start  # those of an earlier unit are history
        here = (Step.declaration_id == Declaration.id, Step.office_id == actor.office_id)
        return (Declaration.status != Status.DRAFT) & exists().where(*here, in_chain)
    return false()


def listed_for(actor: Actor) -> ColumnElement[bool]:
    """The rows of Reach by which lists find what ``visible_to`` lets an office see."""
    if actor.office_id is None:
        return false()
    here = Reach.office_id == actor.office_id
    if actor.role in REVIEWERS:
        return here & Reach.arrived
    return here & Reach.in_chain if actor.role is Role.DATA_MANAGER else false()


def steps_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The steps of the actor's own office, once they were reached."""
    if actor.role in REVIEWERS and actor.office_id is not None:
        return (Step.office_id == actor.office_id) & (Step.round > 0)
    return false()


def notices_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Notices: all published ones for applicants and offices, an office's own for its manager."""
    if actor.role in (Role.APPLICANT, *REVIEWERS):
        return Notice.published.is_(True)
    if actor.role is Role.NOTICE_MANAGER and actor.office_id is not None:
        return Notice.owner_id == actor.office_id
    return false()


def offices_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Offices: all of them for the notice manager of an HR office, whoever else none."""
    if actor.role is not Role.NOTICE_MANAGER or actor.office_id is None:
        return false()
    home = aliased(Office)
    return exists().where(home.id == actor.office_id, home.kind == OfficeKind.BUREAU)


def home_of(actor: Actor) -> ColumnElement[bool]:
    """The office whose legal person the actor is, as a clause on Office."""
    if actor.role is Role.LEGAL and actor.office_id is not None:
        return Office.id == actor.office_id
    return false()


def agents_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The accounts of 经办人 and 负责人 of the legal person's own office."""
    if actor.role is Role.LEGAL and actor.office_id is not None:
        return (Account.office_id == actor.office_id) & (Account.realm == Realm.AGENT)
    return false()


def proposals_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Proposals: those of the office, for its agents and who confirms them."""
    if actor.role in REVIEWERS and actor.office_id is not None:
        return Proposal.office_id == actor.office_id
    return false()


def bindings_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Bindings: one's own, or those with the office of the agent."""
    if actor.role is Role.APPLICANT and actor.person_id is not None:
        return Binding.person_id == actor.person_id
    if actor.role is Role.AGENT and actor.office_id is not None:
        return Binding.unit_id == actor.office_id
    return false()


def phrases_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Phrases that may be used: one's own, the office's, the system's."""
    if actor.role is Role.AGENT and actor.office_id is not None:
        own = Phrase.username == actor.username
        return or_(own, Phrase.office_id == actor.office_id, Phrase.for_all)
    if actor.role is Role.NOTICE_MANAGER:
        return Phrase.for_all
    return false()


def phrases_kept_by(actor: Actor) -> ColumnElement[bool]:
    """Phrases that may be changed: not the system's, unless one keeps those."""
    visible = phrases_visible_to(actor)
    return visible if actor.role is Role.NOTICE_MANAGER else visible & ~Phrase.for_all


def owns(actor: Actor, declaration: Declaration) -> bool:
    """Whether the declaration is of the actor's own person."""
    return actor.person_id is not None and actor.person_id == declaration.person_id


def may_edit(actor: Actor, declaration: Declaration, section: str) -> bool:
    """Whether ``actor`` may change this section and its attachments now.

    A draft may be edited anywhere, a returned one where it is at fault (R09, manual 3.2.4).
    """
    if actor.role is not Role.APPLICANT or not owns(actor, declaration):
        return False
    if declaration.status == Status.DRAFT:
        return True
    returner = declaration.returner
    return returner is not None and section in returner.faulted
