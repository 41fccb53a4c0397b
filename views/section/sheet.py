"""The sheet of a yearly section: one sub-form for each year, one save for all."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_appbuilder.forms import DynamicForm

from models.section import Case
from models.words import NotFound, _
from views.forms import RecordForm, offer
from views.writing import Invalid, Refusal, write


@dataclass
class Sheet:
    """The forms of all years; a year in which nothing was filled in is left out."""

    view: Any
    outer: DynamicForm
    forms: dict[int, RecordForm]

    @classmethod
    def read(cls, view: Any, case: Case) -> "Sheet":
        """The sheet as it is kept, or as it was just sent."""
        section = view.section
        records = {record.year: record for record in section.records(case.declaration)}
        forms = {}
        for year in section.years(case.declaration):
            record = records.get(year)
            more: dict[str, Any] = {"prefix": f"y{year}-", "meta": {"csrf": False}}
            sent = request.form if request.method == "POST" else None
            form = view.add_form(formdata=sent, obj=None if sent else record, **more)
            if sent is None:
                form.version.data = record.version if record else ""
            form.year.data = year
            offer(form, section, case.codes, case.today)
            forms[year] = form
        return cls(view, DynamicForm(), forms)

    def save(self) -> Refusal | None:
        """Write all years in one transaction, or none."""
        return write(self._store, _("已保存。"))

    def _store(self) -> None:
        case = self.view.locked_case()
        section = self.view.section
        wrong = False
        for year, form in self.forms.items():
            valid = form.validate()
            records = {r.year: r for r in section.records(case.declaration)}
            record = records.get(year)
            if self._empty(form):
                if record is not None:
                    self.view.remove(record.id)
                continue
            if record is not None:
                self.view.check_version(record, form)
            elif form.version.data:
                raise NotFound(_("%(year)s 年的记录已经被删除，请刷新页面。"), year=year)
            try:
                self.view.keep(case, record, form)
            except Invalid as invalid:
                self.view.mark(form, invalid.problems)
                wrong = True
                if record is not None:  # or the next year's flush would write what is wrong
                    self.view.session.expire(record)
            wrong = wrong or not valid
        if wrong:
            raise Invalid([])

    def _empty(self, form: RecordForm) -> bool:
        keys = [key for key in self.view.section.typed if key != "year"]
        return not any(form[key].raw_data and any(form[key].raw_data) for key in keys)
