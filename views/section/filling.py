"""From a form to a record: values, secrets, switches, and the judgement of the domain."""

from flask import current_app
from sqlalchemy import update

from models.fields import Kind
from models.journal import note
from models.numbers import id_number_objection
from models.record import Record
from models.rules import OneOnly
from models.section import Case, Problem, Section
from models.words import _, say
from views.forms import RecordForm
from views.login import actor, request_time
from views.writing import Invalid, tell


def fill(record: Record, form: RecordForm, section: Section, case: Case) -> None:
    """Bring what was typed to the record, and what follows from it."""
    for key in section.typed:
        form[key].populate_obj(record, key)
    _seal(record, form, section, case)
    record.updated_by, record.updated_at = actor().name, request_time()
    if section.before_save:
        section.before_save(record, case)
    _switch_others_off(record, section, case)


def _seal(record: Record, form: RecordForm, section: Section, case: Case) -> None:
    """Seal the identity numbers that were typed; an empty box leaves the old one."""
    vault = current_app.extensions["vault"]
    problems = []
    for key, field in section.typed.items():
        if field.kind is not Kind.SECRET or not form[key].number:
            continue
        number = form[key].number
        if words := id_number_objection(number, case.today):
            problems.append(Problem(key, words))
            continue
        setattr(record, key, vault.seal(number, section.key, key, record.uid))
    if problems:
        raise Invalid(problems)


def _switch_others_off(record: Record, section: Section, case: Case) -> None:
    """Choosing 是 switches the other representative off (decisions 11); cleared first,
    because the partial unique index is immediate."""
    session = current_app.appbuilder.session
    for rule in section.rules:
        if not isinstance(rule, OneOnly) or not getattr(record, rule.flag):
            continue
        others = rule.chosen(case)
        for other in others:
            name = getattr(other, section.listed_keys[0])
            tell(
                say(
                    _("《%(name)s》已改为非代表性，只能选一%(unit)s。"),
                    name=name,
                    unit=section.counted,
                )
            )
        if others:
            model = section.model
            switched = {rule.flag: False, "version": model.version + 1}
            switched |= {"updated_by": actor().name, "updated_at": request_time()}
            ids = [other.id for other in others]
            session.execute(update(model).where(model.id.in_(ids)).values(switched))
            for id_ in ids:
                note(session, actor().username, "edit", section.key, id_, **{rule.flag: False})


def judge(record: Record, form: RecordForm, section: Section, case: Case) -> None:
    """Invalid, with every problem, if the rules of the section stand against it."""
    found = section.judge(record, case)
    problems = [p for p in found if not p.warning and not form.errors.get(p.field)]
    if problems or form.errors:
        raise Invalid(problems)
    for warning in found:
        tell(warning.sentence, "warning")
