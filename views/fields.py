"""The controls: each reads what was typed, and keeps it where it cannot be read."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from flask_babel import gettext, lazy_gettext
from wtforms import (
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.widgets import TextInput

from models.vault import normalised

CONTROLS = ({chr(n) for n in (*range(32), *range(127, 160))} - {"\n", "\t"}) | set(
    "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"
)
"""Characters that no text of people holds: NUL, other controls, and those that turn the
direction of writing, by which a title could be made to read as another."""


class Plain:
    """Text without control characters, trimmed, line breaks as one; empty is None."""

    def process_formdata(self, valuelist):
        text = (valuelist[0] if valuelist else "").replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(c for c in text if c not in CONTROLS)
        self.data = kept.strip() or None
        if kept != text:
            raise ValueError(gettext("含有无法保存的控制字符，已经去掉，请核对后再保存。"))


class TextField(Plain, StringField):
    """One line."""


class EssayField(Plain, TextAreaField):
    """Several lines."""


class DayField(Field):
    """A calendar day, by the browser's own control; what cannot be read stays typed."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = date.fromisoformat(text)
            except ValueError as error:
                raise ValueError(gettext("日期应类似 2024-05-01，请重新填写。")) from error


class Box(NamedTuple):
    """One of the two boxes of a month, as the template wants it."""

    id: str
    name: str
    data: str


class MonthBoxes(Field):
    """A month in two boxes of one name, 年 and 月; kept as its first day."""

    @property
    def year(self) -> Box:
        """The first box."""
        return Box(f"{self.id}-year", self.name, self._typed()[0])

    @property
    def month(self) -> Box:
        """The second box."""
        return Box(f"{self.id}-month", self.name, self._typed()[1])

    def _typed(self) -> tuple[str, str]:
        if self.raw_data:
            return (*self.raw_data, "", "")[:2]
        return (str(self.data.year), str(self.data.month)) if self.data else ("", "")

    def process_formdata(self, valuelist):
        year, month = (text.strip() for text in (*valuelist, "", "")[:2])
        self.data = None
        if not year and not month:
            return
        if not month:
            raise ValueError(gettext("请填写月份。"))
        try:
            self.data = date(int(year), int(month), 1)
        except (ValueError, OverflowError) as error:
            raise ValueError(gettext("年月应类似 2024 年 5 月，请重新填写。")) from error


class NumberField(Field):
    """A number; ``whole`` or with decimals."""

    widget = TextInput()

    def __init__(self, *args, places: int = 0, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        if self.data is None:
            return ""
        text = f"{self.data:.{self.places}f}"
        return text.rstrip("0").rstrip(".") if self.places else text

    def process_formdata(self, valuelist):
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValueError(gettext("请填写数字，例如 3。")) from error
        if not number.is_finite() or abs(number) >= 10**12:
            raise ValueError(gettext("请填写数字，例如 3。"))
        if round(number, self.places) != number:
            raise ValueError(gettext("小数最多 %(n)s 位。", n=self.places))
        self.data = number if self.places else int(number)


class YesNoField(RadioField):
    """是 or 否, unanswered at first."""

    def __init__(self, label=None, **kwargs):
        super().__init__(label, validate_choice=False, coerce=str, **kwargs)
        self.choices = [("1", gettext("是")), ("0", gettext("否"))]

    def process_data(self, value):
        self.data = None if value is None else "1" if value else "0"

    def process_formdata(self, valuelist):
        given = valuelist[0] if valuelist else ""
        self.data = given if given in ("0", "1") else None

    def populate_obj(self, obj, name):
        setattr(obj, name, None if self.data is None else self.data == "1")


class CodeField(SelectField):
    """One code of a table; the empty choice is no code."""

    def populate_obj(self, obj, name):
        setattr(obj, name, self.data or None)

    def pre_validate(self, form):
        if self.data and self.data not in {value for value, *_rest in self.choices}:
            raise ValidationError(gettext("请从列表中选择。"))


class CodeSearch(SelectField):
    """A code to search for; ``offered()`` gives the choices of the request."""

    def __init__(self, label=None, offered=list, **kwargs):
        super().__init__(lazy_gettext(label), validate_choice=False, **kwargs)
        self.choices = [("", ""), *((code, gettext(name)) for code, name in offered())]


class CodesField(SelectMultipleField):
    """Any number of codes of a table."""

    def pre_validate(self, form):
        if set(self.data or []) - {value for value, *_rest in self.choices}:
            raise ValidationError(gettext("请从列表中选择。"))

    def populate_obj(self, obj, name):
        setattr(obj, name, list(self.data) if self.data else None)


class SecretField(Plain, StringField):
    """An identity number: shows the mask of what is kept and asks in an empty box, whatever was
    typed: it is somebody else's."""

    mask = ""

    def process_data(self, value):
        self.mask = (value.mask or "") if value else ""
        self.data = None

    def _value(self) -> str:
        return ""

    def populate_obj(self, obj, name):
        """The vault does it: see ``seal_secrets``."""

    @property
    def number(self) -> str:
        """What was typed, normalised."""
        return normalised(self.data or "")


class IdentityField(SecretField):
    """The number of who types it, or of whom he registers. It stands in the answer to its own
    POST, which no cache keeps, and nowhere else: a digit that is wrong can be found there."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ""
