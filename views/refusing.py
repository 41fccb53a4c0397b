"""How a form says why it was not saved."""

from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from flask import after_this_request, flash
from flask_babel import gettext

from models.problems import Problem
from models.words import BadInput, NotAllowed, Stale, _
from views.controls import said, typed
from views.login import request_time
from views.words import number_in, short_time, translate
from views.writing import Invalid, Refusal, write

EDITED = _("%(who)s于 %(when)s 改过这条记录。您填写的内容还在本页，请核对后再保存。")
INCOMPLETE = _("提交的内容不完整，没有保存。请重新打开页面后再办理。")
NOT_DELETED = _("%(who)s于 %(when)s 改过这条记录，没有删除。请刷新页面，核对后再删除。")


def answer_with(status: int) -> None:
    """Give the page that is being rendered this status."""

    @after_this_request
    def set_status(response):
        response.status_code = status
        return response


def give_up(refusal: Refusal) -> NoReturn:
    """Answer with the page of errors, where there is no form to come back to."""
    raise refusal.cause or NotAllowed(refusal.sentence)


def check_seen(item, seen: str | None, words: str = EDITED) -> None:
    """BadInput if it was not said which version of the row was seen; Stale, with who and
    when, if the row moved on since (decisions 15)."""
    version = number_in(seen)
    if version is None:
        raise BadInput(INCOMPLETE)
    if version != item.version:
        who, when = item.updated_by or _("别人"), short_time(item.updated_at, request_time())
        raise Stale(words, who=who, when=when)


def mark(form, problems: Iterable[Problem]) -> None:
    """Put each problem at its field, or on top of the page."""
    for problem in problems:
        words = translate(problem.sentence)
        if problem.field in form:
            form[problem.field].errors = [*form[problem.field].errors, words]
        else:
            flash(words, "danger")


def explain(form, refusal: Refusal) -> None:
    """Put the refusal into the form: at its fields, or on top of the page. The page of errors,
    if there is no longer anything to come back to."""
    if refusal.status in (403, 404):
        give_up(refusal)
    answer_with(refusal.status)
    mark(form, refusal.problems)
    if not (refusal.problems or isinstance(refusal.cause, Invalid)):
        flash(translate(refusal.sentence), "danger")


def tried(work: Callable[[], None], form, field: str = "", done: str = "") -> bool:
    """Whether ``work`` was done and committed; if not, the form says why: at the fields of its
    problems, else at ``field``."""
    refusal = write(work, done)
    if refusal is not None:
        show(form, refusal, field)
    return refusal is None


def show(form, refusal: Refusal, field: str = "") -> None:
    """Put a refusal into the form, and its status on the page."""
    problems = refusal.problems or (Problem(field, refusal.sentence),)
    mark(form, problems)
    answer_with(refusal.status)


def refuse(form, problems: Sequence[Problem], status: int = 400) -> bool:
    """Whether there are problems; then they stand in the form."""
    if problems:
        mark(form, problems)
        answer_with(status)
    return bool(problems)


def judged(form, problems: Sequence[Problem]) -> bool:
    """Whether what was typed will do; if not, the form says where."""
    if not form.validate():  # a field that cannot be read has said so
        answer_with(400)
        return False
    return not refuse(form, problems)


def saved(form, work: Callable[[], None], done: str) -> bool:
    """Whether what was typed is written now; if not, the form says why."""
    if not form.validate():
        answer_with(400)
        return False
    refusal = write(work, done)
    if refusal is not None:
        explain(form, refusal)
    return refusal is None


def show_theirs(form, item) -> None:
    """Beside what was typed, what somebody else saved meanwhile; the next save counts.

    Nothing to show where the row is still the one that the form was made from.
    """
    if "version" not in form or str(form["version"].data) == str(item.version):
        return
    form["version"].data = item.version
    theirs = type(form)(formdata=None, obj=item)
    for name, field in form._fields.items():
        if name not in ("csrf_token", "version") and typed(theirs[name]) != typed(field):
            words = gettext("现在保存的是：%(value)s", value=said(theirs[name], field))
            field.errors = [*field.errors, words]
