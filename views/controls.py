"""Further controls of the managing screens, and how a value of a form reads."""

from datetime import datetime

from flask_babel import gettext
from wtforms import Field, RadioField, TextAreaField, ValidationError
from wtforms.widgets import TextInput

from models.clock import SHANGHAI
from views.fields import CodeField, CodesField, Plain, TextField


class MomentField(Field):
    """An instant to the second, typed as Asia/Shanghai has it by the browser's own control."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return f"{self.data.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}" if self.data else ""

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(gettext("时间应类似 2026-05-01 08:30:00，请重新填写。")) from error
        if moment.tzinfo is not None or not 2000 <= moment.year < 2100:
            raise ValueError(gettext("时间应类似 2026-05-01 08:30:00，请重新填写。"))
        self.data = moment.replace(tzinfo=SHANGHAI, microsecond=0)


class LinesField(Plain, TextAreaField):
    """A list of texts, one a line; empty lines are left out."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist):
        try:
            super().process_formdata(valuelist)
        finally:
            lines = (line.strip() for line in (self.data or "").split("\n"))
            self.data = [line for line in lines if line]


class OfficesField(LinesField):
    """Offices, one a line: the 统一社会信用代码, and behind it the name for the reader."""

    def process_data(self, value):
        self.data = [f"{office.uscc} {office.name}" for office in value or []]

    @property
    def codes(self) -> list[str]:
        """The codes alone, each once."""
        return list(dict.fromkeys(line.split()[0].upper() for line in self.data or []))

    def populate_obj(self, obj, name):
        """The view finds them."""


class OfficeField(TextField):
    """One office, written like those of ``OfficesField``."""

    def process_data(self, value):
        self.data = f"{value.uscc} {value.name}" if value else None

    @property
    def codes(self) -> list[str]:
        """The code alone; none where the box is empty."""
        return (self.data or "").upper().split()[:1]

    def populate_obj(self, obj, name):
        """The view finds it."""


class CodeListField(CodesField):
    """Any number of codes; none of them is an empty list."""

    def populate_obj(self, obj, name):
        setattr(obj, name, list(self.data or []))


class WordsField(TextField):
    """One line; an empty one is empty text."""

    def populate_obj(self, obj, name):
        setattr(obj, name, self.data or "")


class OneOfField(CodeField):
    """One code; none is empty text."""

    def populate_obj(self, obj, name):
        setattr(obj, name, self.data or "")


class KeptField(RadioField):
    """One of a few words, which the view brings to the row."""

    def pre_validate(self, form):
        if self.data not in {value for value, *_rest in self.choices}:
            raise ValidationError(gettext("请从列表中选择。"))

    def populate_obj(self, obj, name):
        """The view does it."""


def typed(field: Field):
    """What a field means, apart from how it was written."""
    return field.codes if hasattr(field, "codes") else field.data


def said(field: Field, like: Field | None = None) -> str:
    """The value of a field as a reader sees it; the labels are those of ``like``."""
    choices = {c[0]: str(c[1]) for c in getattr(like or field, "choices", None) or []}
    if isinstance(field.data, bool):
        return gettext("是") if field.data else gettext("否")
    if choices:
        chosen = field.data if isinstance(field.data, list) else [field.data or ""]
        return "、".join(choices.get(code, str(code)) for code in chosen)
    if isinstance(field.data, datetime):
        return f"{field.data.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    text = field._value() if hasattr(field, "_value") else str(field.data or "")
    return text.replace("\n", "；") or gettext("未填")
