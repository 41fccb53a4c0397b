"""Forms made from the domain: one field of a section, one control.

A control only reads what was typed; what it must be is judged by ``Section.judge``.
"""

from datetime import date
from types import SimpleNamespace
from typing import Any

from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from wtforms import (
    HiddenField,
)

from models.codes import CodeBook
from models.fields import Field as Wanted
from models.fields import Kind
from models.section import Case, Narrowing, Section
from views.fields import (
    CodeField,
    CodesField,
    DayField,
    EssayField,
    MonthBoxes,
    NumberField,
    SecretField,
    TextField,
    YesNoField,
)

PLAIN_FIELDS = {
    Kind.TEXT: TextField,
    Kind.ESSAY: EssayField,
    Kind.DAY: DayField,
    Kind.MONTH: MonthBoxes,
    Kind.FLAG: YesNoField,
    Kind.SECRET: SecretField,
}


class Starred:
    """Shows the red star; whether something is missing is judged by the domain."""

    field_flags = {"required": True}

    def __call__(self, form, field):
        """Nothing to check."""


def control(wanted: Wanted) -> Any:
    """The control of one field; choices are filled in for each request."""
    more: dict[str, Any] = {
        "label": lazy_gettext(wanted.label),
        "description": lazy_gettext(wanted.hint) if wanted.hint else "",
        "validators": [Starred()] if wanted.required else [],
    }
    if wanted.kind in (Kind.TEXT, Kind.ESSAY):
        more["render_kw"] = {"maxlength": wanted.limit}
    if wanted.kind in (Kind.WHOLE, Kind.DECIMAL):
        return NumberField(places=wanted.places, **more)
    if wanted.kind is Kind.CHOICE:
        return CodeField(**more)
    if wanted.kind is Kind.CHOICES:
        return CodesField(**more)
    return PLAIN_FIELDS[wanted.kind](**more)


class RecordForm(DynamicForm):
    """The form of one record; ``version`` is what the actor saw."""

    version = HiddenField()

    def typed(self, key: str) -> Any:
        """What was typed in one field, as the domain keeps it."""
        holder = SimpleNamespace()
        self[key].populate_obj(holder, key)
        return getattr(holder, key, None)


def form_of(section: Section) -> type[RecordForm]:
    """The form class of a section."""
    controls = {key: control(wanted) for key, wanted in section.typed.items()}
    return type(f"{section.model.__name__}Form", (RecordForm,), controls)


def offer(form: RecordForm, section: Section, codes: CodeBook, today: date) -> None:
    """Fill in what may be chosen today; a code that has ended stays where it was chosen."""
    for key, wanted in section.typed.items():
        if wanted.kind not in (Kind.CHOICE, Kind.CHOICES):
            continue
        choices = codes.choices(wanted.codes, today)
        kept = form[key].data or []
        for code in kept if isinstance(kept, list) else [kept]:
            if code not in dict(choices) and codes.get(wanted.codes, code):
                choices.append((code, codes.name(wanted.codes, code)))
        empty = [("", gettext("请选择"))] if wanted.kind is Kind.CHOICE else []
        form[key].choices = empty + choices


def narrow(form: RecordForm, section: Section, case: Case, record: Any) -> None:
    """Of what ``offer`` has filled in leave what the notice allows; what is kept in
    ``record`` or was typed stays. The script goes by ``data-narrowed-by``, the fields beside
    it, and by each option's ``data-fits``, the values there that it belongs to."""
    for key in dict.fromkeys(narrowing.field for narrowing in section.narrowed):
        all_ = [narrowing for narrowing in section.narrowed if narrowing.field == key]
        beside = [narrowing for narrowing in all_ if narrowing.beside]
        table, field = section.fields[key].codes, form[key]
        kept = ("", field.data, getattr(record, key, None))
        field.choices = [
            (code, label, {"data-fits": _fits(beside, case, table, code)} if beside else {})
            for code, label, *_rest in field.choices
            if code in kept or all(n.allows(case, table, code) for n in all_)
        ]
        if beside:
            by = " ".join(form[narrowing.beside].id for narrowing in beside)
            field.render_kw = {"data-narrowed-by": by}


def _fits(beside: list[Narrowing], case: Case, table: str, code: str) -> str:
    return " ".join(narrowing.value(case.codes, table, code) for narrowing in beside)
