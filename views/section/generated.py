"""Real ModelView classes, made from the registry of sections: 信息填报.

MANY is a list, the open form and its attachments on one page; of ONE the list address
is the form; YEARLY is one form with a sub-form for each year and one save; FILES are
attachments alone. The declaration stands in the address, and every address goes
through ``visible_to``: a foreign declaration is not found.
"""

from types import new_class
from typing import ClassVar

from flask import abort, flash, redirect, request
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from models.attachment import drop
from models.base import new_uid
from models.checking import among
from models.declaration import Declaration
from models.journal import note
from models.permissions import Actor, may_edit, visible_to
from models.record import Record
from models.section import FILES, MANY, ONE, Case, Section
from models.words import BadInput, NotFound, Stale, _
from views.base import READ, WRITE, ScopedView, answer_with
from views.forms import form_of, offer
from views.login import actor, request_time
from views.refusing import NOT_DELETED, check_seen, explain, give_up
from views.section.files_only import FilesView
from views.section.filling import fill, judge
from views.section.page import conflict_of, page_of, with_form, with_years
from views.section.sheet import Sheet
from views.section.within import InDeclaration
from views.words import translate
from views.writing import Invalid, Refusal, write


class SectionView(InDeclaration, ScopedView):
    """One section on one screen; subclass with ``section=`` to get it all."""

    desk = "mine"
    method_permission_name = READ | WRITE | {"none": "write", "sheet": "write"}
    search_columns: ClassVar[list[str]] = []
    show_columns: ClassVar[list[str]] = []

    def __init_subclass__(cls, section: Section | None = None, **kwargs):
        if section is None:
            super().__init_subclass__(**kwargs)
            return
        cls.section, cls.model = section, section.model
        cls.route_base = f"/mine/<int:declaration_id>/{section.key}"
        cls.include_route_methods = _routes_of(section)
        cls.list_title = cls.add_title = cls.edit_title = section.title
        cls.label_columns = dict(section.labels)
        cls.list_columns = section.listed_keys or list(section.fields)[:1]
        cls.add_columns = cls.edit_columns = list(section.typed)
        cls.scope = staticmethod(_records_of(section))
        cls.add_form = cls.edit_form = form_of(section)
        super().__init_subclass__(**kwargs)

    # The addresses.

    @expose("/list/")
    @has_access
    def list(self):
        """The records; of a section of one record its form, of a yearly one its sheet."""
        case = self.case()
        if self.section.shape is MANY:
            return self.show_page(page_of(self.section, case))
        if self.section.shape is ONE:
            return self.form_page(case, self.record(case, None))
        return self.sheet_page(case, Sheet.read(self, case))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self):
        """A new record."""
        return self._answer(None)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk):
        """One record."""
        return self._answer(int(pk))

    @expose("/delete/<pk>", methods=["POST"])
    @has_access
    def delete(self, pk):
        """Delete one record and its attachments."""
        if refusal := write(lambda: self.remove(int(pk)), _("已删除。")):
            give_up(refusal)
        return redirect(self.url("list"))

    @expose("/sheet", methods=["POST"])
    @has_access
    def sheet(self):
        """All years of a yearly section at once."""
        case = self.case()
        sheet = Sheet.read(self, case)
        refusal = sheet.save()
        if refusal is None:
            return redirect(self.url("list"))
        return self.sheet_page(self.case(), sheet, refusal)

    # How they answer.

    def _answer(self, pk: int | None):
        case = self.case()
        record = self.record(case, pk)
        if not self.is_post():
            return self.form_page(case, record)
        form = self.add_form.refresh()
        offer(form, self.section, case.codes, case.today)
        if not may_edit(actor(), case.declaration, self.section.key):
            abort(403)
        saved: list[Record] = []
        refusal = write(lambda: saved.append(self.store(pk, form)), _("已保存。"))
        if refusal is None:
            where = {"pk": saved[0].id} if self.section.shape is MANY else {}
            return redirect(self.url("edit" if where else "list", **where))
        return self.refuse(pk, form, refusal)

    def refuse(self, pk: int | None, form, refusal: Refusal):
        """The page again, with what was typed and the reason."""
        explain(form, refusal)
        case = self.case()
        record = self.record(case, pk)
        stale = isinstance(refusal.cause, (Stale, BadInput))
        return self.form_page(case, record, form, stale=stale)

    def form_page(self, case: Case, record, form=None, *, stale: bool = False):
        """The page with the form of ``record`` open, of a new one if it is None."""
        page = page_of(self.section, case, record)
        if not page.locked:
            if form is None:
                form = self.add_form.refresh(obj=record)
                offer(form, self.section, case.codes, case.today)
            if stale:
                page.conflict = conflict_of(self.section, record, form, case)
            form.version.data = record.version if record is not None else ""
            url = self.url("edit", pk=record.id) if record is not None else self.url("add")
            with_form(page, self.section, case, record, form, url)
        return self.show_page(page)

    def sheet_page(self, case: Case, sheet: Sheet, refusal: Refusal | None = None):
        """The page of a yearly section."""
        page = page_of(self.section, case)
        if refusal is not None:
            answer_with(refusal.status)
            if not refusal.problems:
                flash(translate(refusal.sentence), "danger")
            sheet.show_theirs(case)
        if not page.locked:
            with_years(page, self.section, case, sheet.outer, sheet.forms, self.url("sheet"))
        return self.show_page(page)

    def show_page(self, page):
        """Render the page of the section."""
        return self.render_template("section/page.html", page=page, title=page.title)

    def record(self, case: Case, pk: int | None) -> Record | None:
        """One record of this declaration, None for a new one; 404 if it is elsewhere.
        Where there can be only one, the new one is the one that is there."""
        records = self.section.records(case.declaration)
        if pk is None:
            return records[0] if records and self.section.shape is ONE else None
        return next((r for r in records if r.id == pk), None) or abort(404)

    # How they write, under the declaration's lock.

    def store(self, pk: int | None, form) -> Record:
        """Write one record; Invalid, Stale or Forbidden leave nothing behind."""
        case = self.locked_case()
        if not form.validate() and form.errors:
            raise Invalid([])
        records = self.section.records(case.declaration)
        record = next((r for r in records if r.id == pk), None)
        if pk is not None and record is None:
            raise NotFound(_("这条记录已经被删除。"))
        if pk is None and self.section.shape is ONE and records:
            raise Stale(_("这个栏目刚刚保存过，请刷新页面后再改。"))
        if record is not None:
            self.check_version(record, form)
        return self.keep(case, record, form)

    def keep(self, case: Case, record: Record | None, form) -> Record:
        """Fill, judge and flush one record, new or old."""
        act = "add" if record is None else "edit"
        if record is None:
            place = 1 + max((r.position for r in self.section.records(case.declaration)), default=0)
            record = self.model(position=place, created_at=request_time())
            record.declaration_id = case.declaration.id
            record.uid = new_uid()
        with self.session.no_autoflush:
            case = among(case, self.section, record)
            fill(record, form, self.section, case)
            judge(record, form, self.section, case)
        self.session.add(record)
        self.untick(case)
        self.session.flush()
        note(self.session, actor().username, act, self.section.key, record.id)
        return record

    def remove(self, pk: int) -> None:
        """Delete one record, if it is still the one that was seen."""
        case = self.locked_case()
        record = next((r for r in self.section.records(case.declaration) if r.id == pk), None)
        if record is None:
            raise NotFound(_("这条记录已经被删除。"))
        check_seen(record, request.form.get("version"), NOT_DELETED)
        self.discard(case, record)

    def discard(self, case: Case, record: Record) -> None:
        """Take a record away; files that a submission holds stay for its readers."""
        records = self.section.records(case.declaration)
        for file in case.files:
            if file.record_uid == record.uid:
                drop(self.session, file, request_time())
        note(self.session, actor().username, "delete", self.section.key, record.id)
        records.remove(record)
        if self.section.before_save and records:
            rest = among(case, self.section, records[0])
            self.section.before_save(records[0], rest)
        self.session.flush()


def _routes_of(section: Section) -> set[str]:
    """The addresses that a section of its shape has."""
    records = {"sheet"} if section.shape.years else {"add", "edit", "delete"}
    return {"list"} | records | ({"none"} if section.none_word else set())


def _records_of(section: Section):
    """The scope of a section: the records of declarations that the actor may see."""

    def scope(who: Actor):
        seen = select(Declaration.id).where(visible_to(who))
        return section.model.declaration_id.in_(seen)

    return scope


def register(appbuilder, sections) -> None:
    """Add one screen for each section."""
    for section in sections:
        base = FilesView if section.shape is FILES else SectionView
        screen = new_class(f"Mine_{section.key}", (base,), {"section": section})
        appbuilder.add_view_no_menu(screen)
