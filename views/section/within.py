"""Screens below one declaration: they find it, lock it, and know whether it may be changed."""

from typing import Any, ClassVar

from flask import abort, g, redirect, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from models.acts import case_of, lock
from models.declaration import Declaration
from models.journal import note
from models.permissions import may_edit, visible_to
from models.record import DeclaredNone
from models.section import Case, Section
from models.words import BadInput, Forbidden, _
from views.login import actor, codes, request_time
from views.refusing import give_up
from views.screens import Asking
from views.writing import write


class InDeclaration(Asking):
    """A screen below ``/mine/<declaration_id>/``: finds the declaration and the case."""

    section: ClassVar[Section]

    def create_blueprint(self, appbuilder, endpoint=None, static_folder=None):
        """Take the declaration's number out of the address, for this request only."""
        blueprint = super().create_blueprint(appbuilder, endpoint, static_folder)
        blueprint.url_value_preprocessor(_take_declaration)
        return blueprint

    def case(self) -> Case:
        """The declaration of this address, to be read; 404 if it is not the actor's."""
        wanted = (Declaration.id == g.declaration_id, visible_to(actor()))
        found = self.session.scalars(select(Declaration).where(*wanted)).one_or_none()
        return case_of(self.session, found or abort(404), codes(), request_time())

    def locked_case(self) -> Case:
        """The same, locked and open to the actor's changes; Forbidden otherwise (R09)."""
        declaration = lock(self.session, g.declaration_id, actor())
        if not may_edit(actor(), declaration, self.section.key):
            raise Forbidden(
                _("“%(title)s”现在不能修改：申报已提交，或者这个模块没有被退回。"),
                title=self.section.title,
            )
        return case_of(self.session, declaration, codes(), request_time())

    def url(self, method: str, **more: Any) -> str:
        """An address of this screen for the same declaration."""
        name = f"{type(self).__name__}.{method}"
        return url_for(name, declaration_id=g.declaration_id, **more)

    @expose("/none", methods=["POST"])
    @has_access
    def none(self):
        """Tick, or untick, that there is nothing to fill in (本人无惩罚处分)."""
        if refusal := write(self._tick, _("已保存。")):
            give_up(refusal)
        return redirect(self.url("list"))

    def _tick(self) -> None:
        case = self.locked_case()
        if self.section.records(case.declaration):
            raise BadInput(_("已经填写了记录，不能再勾选“没有”。"))
        ticks = {tick.section: tick for tick in case.declaration.declared_none}
        if self.section.key in ticks:
            self.session.delete(ticks[self.section.key])
        else:
            new = DeclaredNone(declaration_id=case.declaration.id, section=self.section.key)
            self.session.add(new)
        self._note_tick(case, self.section.key not in ticks)

    def untick(self, case: Case) -> None:
        """A record speaks against the tick: who saves one has not declared that there is none."""
        for tick in [t for t in case.declaration.declared_none if t.section == self.section.key]:
            case.declaration.declared_none.remove(tick)
            self._note_tick(case, False)

    def _note_tick(self, case: Case, ticked: bool) -> None:
        where = (self.section.key, case.declaration.id)
        note(self.session, actor().username, "none", *where, ticked=ticked)


def _take_declaration(endpoint: str, values: dict | None) -> None:
    g.declaration_id = (values or {}).pop("declaration_id", None)
