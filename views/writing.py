"""The one way in which a screen writes: do it, commit it, or roll back and say why."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, flash, g
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from adapters.database import met_another
from models.constraints import name_of, problems_of, sentence_of
from models.section import Problem
from models.words import NotAllowed, Sentence, _, say
from views.guard import status_of
from views.words import translate

log = logging.getLogger(__name__)


class Invalid(NotAllowed):
    """What was typed breaks rules; each problem names its field (400)."""

    status = 400

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(_("有需要修改的地方，还没有保存。"))


@dataclass(frozen=True)
class Refusal:
    """Why nothing was written."""

    status: int
    sentence: Sentence
    problems: tuple[Problem, ...] = ()
    cause: NotAllowed | None = None


def tell(sentence: Sentence, kind: str = "info") -> None:
    """Something to say once the write has succeeded."""
    g.setdefault("told", []).append((sentence, kind))


def write(work: Callable[[], None], done: str = "") -> Refusal | None:
    """Run ``work`` and commit; tell ``done``. Nothing of it remains if it is refused."""
    session = current_app.appbuilder.session
    g.pop("told", None)
    try:
        work()
        session.commit()
    except Exception as error:
        session.rollback()
        refusal = _refusal(error)
        if refusal is None:
            raise
        return refusal
    if done:
        flash(translate(done), "success")
    for sentence, kind in g.pop("told", []):
        flash(translate(sentence), kind)
    return None


def _refusal(error: Exception) -> Refusal | None:
    """The refusal that an exception means, None if it is a fault of the program."""
    if isinstance(error, NotAllowed):
        problems = tuple(getattr(error, "problems", ()))
        return Refusal(status_of(error), error.sentence, problems, error)
    if isinstance(error, StaleDataError):
        return Refusal(409, say(_("别人刚刚改过这条内容，没有保存。请刷新页面后再改。")))
    if isinstance(error, IntegrityError):
        log.warning("a constraint refused: %s", name_of(error))  # its words hold the row's values
        return Refusal(409, sentence_of(error), problems_of(error))
    if isinstance(error, DataError):
        log.warning("the database refused a value: %s", type(error.orig).__name__)
        return Refusal(400, say(_("有一项内容超出了能保存的范围，请核对数字和日期。")))
    if isinstance(error, OperationalError) and met_another(error):
        return Refusal(409, say(_("现在保存的人太多，没有保存上。内容还在本页，请再按一次保存。")))
    return None
