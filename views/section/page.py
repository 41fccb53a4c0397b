"""The page of one section (栏目页), put together for each of its shapes."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from models.checking import findings_of
from models.declaration import Declaration
from models.fields import Field, Kind
from models.permissions import may_edit
from models.rules import OneOnly
from models.section import FILES, MANY, Case, Section, shown
from models.status import Status
from views.forms import narrow
from views.login import actor
from views.parts import Link
from views.section.objects import (
    Difference,
    Entry,
    Group,
    NoneChoice,
    Returned,
    SectionPage,
    Shown,
    Year,
)
from views.section.rail import rail_of
from views.section.uploads import Upload, uploads
from views.words import named, translate


def page_of(section: Section, case: Case, record: Any = None, form: Any = None) -> SectionPage:
    """What all shapes share: head, rail, state, attachments."""
    declaration = case.declaration
    title = gettext(section.title)
    editable = may_edit(actor(), declaration, section.key)
    back = Link(str(declaration.notice), url_for("Mine.show", pk=declaration.id))
    page = SectionPage(
        title=title,
        key=section.key,
        shape=section.shape.name,
        rail=rail_of(case),
        crumbs=[back, Link(gettext(section.part.value), "")],
        intro=_intro(section),
        form=form if editable else None,
    )
    page.uploads_title = gettext("附件") if section.shape is FILES else gettext("证明附件")
    if editable and declaration.status == Status.RETURNED:
        page.returned = Returned(declaration, section)
    if not editable:
        page.locked = _locked(declaration)
        page.records = [
            Shown(_name(section, r, case), readable(section, r, case))
            for r in section.records(declaration)
        ]
    _attach(page, section, case, record, editable)
    if section.shape is MANY:
        _list(page, section, case, record, editable)
    if section.none_word and editable and not section.records(declaration):
        ticked = section.key in {tick.section for tick in declaration.declared_none}
        url = url_for(f"Mine_{section.key}.none", declaration_id=declaration.id)
        page.none = NoneChoice(gettext(section.none_word), url, ticked)
    return page


def _intro(section: Section) -> str:
    if section.none_word:
        return gettext("必填；没有的请声明“%(none)s”。", none=gettext(section.none_word))
    return "" if section.required else gettext("选填，没有可以不填。")


def _facts(section: Section, case: Case) -> list[tuple[str, str]]:
    """What the section shows beside what is typed."""
    made = []
    for fact in section.facts:
        later = gettext(fact.later) if fact.later else ""
        made.append((gettext(fact.label), fact.value(case.declaration, case.codes) or later))
    return made


def _locked(declaration: Declaration) -> str:
    if declaration.status == Status.RETURNED:
        return gettext("这个模块没有被退回，已经锁定。如需修改，请联系退回的单位一并退回。")
    return gettext("申报已经提交，内容已经锁定。")


def _name(section: Section, record: Any, case: Case) -> str:
    keys = section.listed_keys
    named = shown(section.fields[keys[0]], getattr(record, keys[0]), case.codes) if keys else ""
    return named or gettext(section.title)


def _attach(page: SectionPage, section: Section, case: Case, record, editable: bool) -> None:
    of_record = any(proof.of_record for proof in section.proofs)
    if section.shape.years:
        page.uploads = uploads(section, case, None, editable)
        once = {upload.key for upload in page.uploads}
        for row in section.records(case.declaration):
            made = uploads(section, case, row, editable)
            page.uploads += [_of_year(u, row.year) for u in made if u.key not in once]
    else:
        page.uploads = uploads(section, case, record, editable)
    if of_record and not page.uploads and editable:
        page.uploads_note = gettext("点“编辑”打开一条，就可以上传它的附件。")


def _of_year(upload: Upload, year: int) -> Upload:
    title = gettext("%(year)s 年 %(title)s", year=year, title=upload.title)
    return upload._replace(key=f"{upload.key}-{year}", title=title)


def _list(page: SectionPage, section: Section, case: Case, open_: Any, editable: bool) -> None:
    records = section.records(case.declaration)
    unit = gettext(section.counted)
    page.heading = gettext("已填 %(n)s %(unit)s", n=len(records), unit=unit)
    page.entries = [_entry(section, case, r, r is open_, editable) for r in records]
    if editable:
        where = {"declaration_id": case.declaration.id}
        page.add_url = url_for(f"Mine_{section.key}.add", **where)
        page.add_word = gettext("添加%(title)s", title=page.title)


def _entry(section: Section, case: Case, record: Any, open_: bool, editable: bool) -> Entry:
    title = _name(section, record, case)
    main = next((r for r in section.rules if isinstance(r, OneOnly)), None)
    chosen = main is not None and getattr(record, main.flag)
    problems = [f for f in findings_of(section, case) if f.record is record]
    files = sum(f.record_uid == record.uid for f in case.files)
    where = {"declaration_id": case.declaration.id, "pk": record.id}
    name = f"Mine_{section.key}"
    return Entry(
        title=title,
        main=gettext("参评") if chosen else "",
        meta=_meta(section, record, case),
        files=files,
        problem=translate(problems[0].problem.sentence) if problems else "",
        open=open_ and editable,
        edit_url=url_for(f"{name}.edit", **where) if editable else "",
        delete_url=url_for(f"{name}.delete", **where) if editable else "",
        delete_text=gettext("“%(title)s”及其 %(n)s 个附件将一并删除。", title=title, n=files),
        version=record.version,
    )


def _meta(section: Section, record: Any, case: Case) -> list[str]:
    flags = {r.flag for r in section.rules if isinstance(r, OneOnly)}
    keys = [key for key in section.listed_keys[1:] if key not in flags]
    values = [_short(section.fields[key], getattr(record, key), case) for key in keys]
    return [value for value in values if value]


def _short(field: Field, value: Any, case: Case) -> str:
    """A value without its label: 参评学历 instead of 是, nothing instead of 否."""
    if field.kind is Kind.FLAG:
        return gettext(field.label).removeprefix(gettext("是否")) if value else ""
    return shown(field, value, case.codes)


def with_form(page: SectionPage, section: Section, case: Case, record, form, url: str) -> None:
    """Open the form of one record (MANY, ONE)."""
    page.form, page.form_url = form, url
    if page.uploads_note:
        page.uploads_note = gettext("先保存，再上传这一条的附件。")
    page.form_title = gettext("编辑") if record is not None else gettext("填写")
    page.save_word = gettext("保存%(title)s", title=page.title)
    if section.shape is MANY:
        page.cancel_url = url_for(f"Mine_{section.key}.list", declaration_id=case.declaration.id)
    _say_what_is_switched_off(section, case, record, form)
    groups: dict[str, list] = {}
    for key, field in section.typed.items():
        groups.setdefault(field.group, []).append(form[key])
    narrow(form, section, case, record)
    facts = _facts(section, case)
    system = {k: f for k, f in section.fields.items() if f.system}
    if record is not None:
        facts += [
            (gettext(f.label), shown(f, getattr(record, k), case.codes)) for k, f in system.items()
        ]
    page.groups = [
        Group(f"g{n}", gettext(title) if title else "", "", facts if n == 0 else [], fields)
        for n, (title, fields) in enumerate(groups.items())
    ]
    page.errors = errors_of(form)


def _say_what_is_switched_off(section: Section, case: Case, record, form) -> None:
    """Beside the question for the representative one, before it is answered (decisions 11)."""
    for rule in (r for r in section.rules if isinstance(r, OneOnly)):
        rest = [r for r in section.records(case.declaration) if r is not record]
        for other in (r for r in rest if getattr(r, rule.flag)):
            words = gettext("选“是”会把《%(name)s》改为“否”。", name=_name(section, other, case))
            form[rule.flag].description = words


def with_years(page: SectionPage, section: Section, case: Case, outer, forms, url: str) -> None:
    """Open the sheet of a yearly section; ``forms`` maps a year to its sub-form."""
    page.form, page.form_url = outer, url
    page.form_title = gettext("逐年填写")
    page.save_word = gettext("保存%(title)s", title=page.title)
    records = {r.year: r for r in section.records(case.declaration)}
    system = {k: f for k, f in section.fields.items() if f.system}
    asked = section.years(case.declaration)
    for year, form in forms.items():
        keys = [k for k in section.typed if k != "year"]
        facts = []
        if year in records:
            facts = [
                (gettext(f.label), shown(f, getattr(records[year], k), case.codes))
                for k, f in system.items()
            ]
        fields = [form["version"], *(form[k] for k in keys)]
        title = gettext("%(year)s 年", year=year)
        if year not in asked:  # the notice's cut-off date was changed since
            title = gettext("%(year)s 年（通知不要求这一年）", year=year)
        page.years.append(Year(title, fields, facts))
        page.errors += errors_of(form, gettext("%(year)s 年", year=year))


def errors_of(form, year: str = "") -> list[tuple[str, str]]:
    """Every error of a form with the id of its field; the sentence names the field."""
    return [(f.id, named(str(f.label.text), str(f.errors[0]), year)) for f in form if f.errors]


def conflict_of(section: Section, record, form, case: Case) -> list[Difference]:
    """What was saved meanwhile, beside what was typed."""
    made = []
    for key, field in section.typed.items():
        typed = form.typed(key)
        if typed != getattr(record, key):
            mine, saved = shown(field, typed, case.codes), getattr(record, key)
            words = Difference(gettext(field.label), mine, shown(field, saved, case.codes))
            made.append(words)
    return made


def readable(section: Section, record: Any, case: Case) -> list[tuple[str, str]]:
    """The labels and values of a record."""
    return _facts(section, case) + [
        (gettext(f.label), shown(f, getattr(record, key), case.codes))
        for key, f in section.fields.items()
    ]
