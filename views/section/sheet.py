"""The sheet of a yearly section: one sub-form for each year, one save for all."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_appbuilder.forms import DynamicForm

from models.record import Record
from models.section import Case
from models.words import BadInput, NotFound, _
from views.forms import RecordForm, offer
from views.refusing import INCOMPLETE, check_seen, mark, show_theirs
from views.writing import Invalid, Refusal, write


@dataclass
class Sheet:
    """The forms of all years; a year in which nothing is filled in has no record."""

    view: Any
    outer: DynamicForm
    forms: dict[int, RecordForm]

    @classmethod
    def read(cls, view: Any, case: Case) -> "Sheet":
        """The sheet as it is kept, or as it was just sent."""
        sheet = cls(view, DynamicForm(), {})
        records = {record.year: record for record in view.section.records(case.declaration)}
        # A year that the notice does not ask for any more can still be read and emptied.
        years = {*view.section.years(case.declaration), *records}
        for year in sorted(years, reverse=True):
            sheet.forms[year] = sheet._form(case, year, records.get(year), request.method == "POST")
        return sheet

    def _form(self, case: Case, year: int, record: Record | None, sent: bool) -> RecordForm:
        more: dict[str, Any] = {"prefix": f"y{year}-", "meta": {"csrf": False}}
        typed = request.form if sent else None
        form = self.view.add_form(formdata=typed, obj=None if sent else record, **more)
        if not sent:
            form.version.data = record.version if record else ""
        form.year.data = year
        offer(form, self.view.section, case.codes, case.today)
        return form

    def save(self) -> Refusal | None:
        """Write all years in one transaction, or none."""
        return write(self._store, _("已保存。"))

    def show_theirs(self, case: Case) -> None:
        """Beside what was typed, what somebody else saved meanwhile. A year in which nothing
        was typed because the page did not show it is shown: the next save must not empty it."""
        for record in self.view.section.records(case.declaration):
            form = self.forms.get(record.year)
            if form is not None and self._sent(form) and (form.version.data or self._filled(form)):
                show_theirs(form, record)
            else:
                self.forms[record.year] = self._form(case, record.year, record, sent=False)

    def _store(self) -> None:
        case = self.view.locked_case()
        right = [self._keep(case, year, form) for year, form in self.forms.items()]
        if not all(right):
            raise Invalid([])

    def _keep(self, case: Case, year: int, form: RecordForm) -> bool:
        """Write one year; False, with the reasons in its form, if it breaks rules."""
        valid, filled = form.validate(), self._filled(form)
        records = self.view.section.records(case.declaration)
        record = next((r for r in records if r.year == year), None)
        if record is not None:
            self._check(record, form)
        elif form.version.data and filled:
            raise NotFound(_("%(year)s 年的记录已经被删除，请刷新页面。"), year=year)
        if not filled:
            if record is not None:
                self.view.discard(case, record)
            return True
        try:
            self.view.keep(case, record, form)
        except Invalid as invalid:
            mark(form, invalid.problems)
            if record is not None:  # or the next year's flush would write what is wrong
                self.view.session.expire(record)
            return False
        return valid

    def _check(self, record: Record, form: RecordForm) -> None:
        """The request must speak of the year as it is kept: neither an old page, on which it
        was still empty, nor half a form is a wish to delete it."""
        check_seen(record, "0" if form.version.data == "" else form.version.data)
        if not self._sent(form):
            raise BadInput(INCOMPLETE)

    def _boxes(self, form: RecordForm) -> list[Any]:
        keys = [key for key in self.view.section.typed if key != "year"]
        return [form[key].raw_data or () for key in keys]

    def _sent(self, form: RecordForm) -> bool:
        return any(self._boxes(form))

    def _filled(self, form: RecordForm) -> bool:
        return any(any(box) for box in self._boxes(form))
