"""What a section (栏目) of a declaration is.

A section is a model, its labels, its rules, the proofs that it asks for and what the
reviewer has to look at. The screens, the data check, the frozen submission, the printed
tables and the exports are all made from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.attachment import Attachment, Proof
from models.codes import CodeBook
from models.declaration import Declaration
from models.fields import Field, Kind, objection
from models.problems import Problem
from models.record import Record
from models.status import Part
from models.words import _, say


@dataclass(frozen=True)
class Shape:
    """How many records a section has: many, one, one a year, or none but files."""

    name: str
    years: int = 0


MANY, ONE, FILES = Shape("many"), Shape("one"), Shape("files")


def yearly(years: int) -> Shape:
    """One record for each of the last ``years`` years; the field is called ``year``."""
    return Shape("yearly", years)


@dataclass(frozen=True)
class Case:
    """What a rule may look at besides its record; nothing of it reads the clock."""

    declaration: Declaration
    codes: CodeBook
    today: date
    siblings: tuple[Any, ...] = ()
    files: tuple[Attachment, ...] = ()


Rule = Callable[[Any, Case], Problem | None]
"""Judges one record among its siblings."""

Need = Callable[[tuple[Any, ...], Case], Problem | None]
"""Judges all records of a section together, before the declaration is submitted."""

Completion = Callable[[Any, Case], None]
"""Fills in the system fields of a record and, where they hang together, of its siblings."""


@dataclass(frozen=True)
class Fact:
    """Something that a section shows and the applicant does not type here.

    ``later`` is what a form says in place of a value that does not exist yet.
    """

    key: str
    label: str
    value: Callable[[Declaration, CodeBook], str]
    later: str = ""


@dataclass(frozen=True)
class Narrowing:
    """What of its code table the choice ``field`` offers; a rule judges what was chosen.

    ``column`` of the table, or the code itself, is among the codes that the notice names in
    ``scope``, if it names any, and agrees with what is chosen ``beside``.
    """

    field: str
    column: str = ""
    scope: str = ""
    beside: str = ""

    def value(self, codes: CodeBook, table: str, code: str) -> str:
        """What of one code is compared."""
        return codes.extra(table, code, self.column) if self.column else code

    def allows(self, case: Case, table: str, code: str) -> bool:
        """Whether the notice has the code in its scope."""
        scope = getattr(case.declaration.notice, self.scope) if self.scope else []
        return not scope or self.value(case.codes, table, code) in scope


@dataclass(frozen=True)
class Finding:
    """One line of the data check (数据验证)."""

    section: "Section"
    record: Any | None
    problem: Problem


def _always(case: Case) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Section:
    """One section; ``code`` is its number in the domain's table (M01 … M17).

    ``listed`` names the columns of short tables. ``applies`` says whether the section
    is asked for at all. ``none_word`` is what may be ticked instead of filling it in.
    ``before_save(record, case)`` is called with what was typed, before it is judged; after
    a deletion with any record that stays.
    """

    code: str
    title: str
    part: Part
    place: int
    model: type[Record] | None = None
    key: str = ""
    shape: Shape = MANY
    listed: tuple[Any, ...] = ()
    required: bool = False
    none_word: str = ""
    rules: tuple[Rule, ...] = ()
    needs: tuple[Need, ...] = ()
    proofs: tuple[Proof, ...] = ()
    checks: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    narrowed: tuple[Narrowing, ...] = ()
    applies: Callable[[Case], bool] = _always
    before_save: Completion | None = None
    counted: str = _("条")
    published: bool = True
    fields: dict[str, Field] = field(init=False)

    def __post_init__(self):
        if self.model is not None:
            object.__setattr__(self, "key", self.model.__tablename__)
        object.__setattr__(self, "fields", _fields_of(self.model))

    @property
    def order(self) -> tuple[int, int]:
        """Where the manual has it: 技术成果信息 ③ is (2, 3), counted from nought."""
        return list(Part).index(self.part), self.place

    @property
    def asked(self) -> bool:
        """Whether a submission needs a record of it, or the word that there is none."""
        return self.required or bool(self.none_word)

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the fields, in the order of the form."""
        return {key: f.label for key, f in self.fields.items()}

    @property
    def typed(self) -> dict[str, Field]:
        """The fields that the applicant fills in."""
        return {key: f for key, f in self.fields.items() if not f.system}

    @property
    def listed_keys(self) -> list[str]:
        """The columns of short tables, by name; the first names the record."""
        return [column.key for column in self.listed]

    def records(self, declaration: Declaration) -> list[Record]:
        """The records of one declaration, in their order."""
        return getattr(declaration, self.key) if self.model else []

    def years(self, declaration: Declaration) -> list[int]:
        """The years that a yearly section asks for, the last one first: the closed
        years before the notice's cut-off date (manual: 过去五年)."""
        last = declaration.notice.last_year
        return list(range(last, last - self.shape.years, -1))

    def row(self, record: Any, codes: CodeBook) -> list[str]:
        """The values of a record as a reader sees them."""
        return [shown(f, getattr(record, key), codes) for key, f in self.fields.items()]

    def judge(self, record: Any, case: Case) -> list[Problem]:
        """What is wrong with one record, before it is saved: each value, then the rules."""
        found = [
            Problem(key, words)
            for key, f in self.typed.items()
            if (words := objection(f, getattr(record, key), case.codes, case.today))
        ]
        wrong = {p.field for p in found}
        by_rule = [p for rule in self.rules if (p := rule(record, case))]
        return found + [p for p in by_rule if p.field not in wrong]

    def findings(self, case: Case) -> list[Finding]:
        """What is wrong with the whole section, before it is submitted."""
        records = tuple(self.records(case.declaration))
        found = [Finding(self, None, p) for need in self.needs if (p := need(records, case))]
        if self.required and not records:
            missing = say(_("“%(title)s”是必填栏目，还没有填写。"), title=self.title)
            found.insert(0, Finding(self, None, Problem("", missing)))
        for record in records:
            rest = tuple(r for r in records if r is not record)
            among = Case(case.declaration, case.codes, case.today, rest, case.files)
            found += [Finding(self, record, p) for p in self.judge(record, among)]
        return found


def _fields_of(model: type[Record] | None) -> dict[str, Field]:
    """The fields in the order in which the class names them."""
    if model is None:
        return {}
    attributes = model.__mapper__.all_orm_descriptors
    infos = {name: attributes[name].info for name in model.__annotations__ if name in attributes}
    return {name: info["field"] for name, info in infos.items() if "field" in info}


def shown(field_: Field, value: Any, codes: CodeBook) -> str:
    """A value as tables show it, on screen, on paper and in files."""
    if value is None or value == "" or value == []:
        return ""
    kind = field_.kind
    if kind is Kind.FLAG:
        return _("是") if value else _("否")
    if kind is Kind.MONTH:
        return f"{value:%Y-%m}"
    if kind is Kind.CHOICE:
        return codes.name(field_.codes, value)
    if kind is Kind.CHOICES:
        return "、".join(codes.name(field_.codes, code) for code in value)
    if kind is Kind.SECRET:
        return value.mask or ""
    if kind is Kind.DECIMAL:
        return f"{value.normalize():f}"
    return str(value)


def titles(sections: Iterable[Section], keys: Iterable[str]) -> list[str]:
    """The titles of the named sections, in the order of the manual."""
    wanted = set(keys)
    return [section.title for section in sections if section.key in wanted]
