"""单位导入: units with their legal accounts, from a table, below the data manager's office."""

from dataclasses import asdict

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import FileField

from adapters.inspection import clean_name
from adapters.tables import read_table
from models.clock import day_of
from models.journal import note
from models.problems import Problem
from models.unit_list import (
    COLUMNS,
    EXAMPLE,
    MOST_LINES,
    Fault,
    UnitLine,
    UnitList,
    faults_of,
    is_example,
    line_of,
)
from models.words import BadInput, NotAllowed, NotFound, _
from views.exporting.csv_files import MARK, heading
from views.forms import Starred
from views.login import actor, codes, request_time
from views.notices import full_region
from views.refusing import answer_with, give_up, mark
from views.registration.importing import bring_in, known_of
from views.screens import Screen
from views.words import translate
from views.writing import write

LARGEST = 1024 * 1024
"""Bytes of a table."""

SHOWN = 100
"""Lines that the preview shows, and faults."""


class TooLarge(BadInput):
    """More than can be looked through in one request (413)."""

    status = 413


class TableForm(DynamicForm):
    """The table."""

    file = FileField(
        lazy_gettext("CSV 文件"),
        [Starred()],
        description=lazy_gettext("UTF-8 或 GB18030 编码，不超过 1 MB、2000 行。"),
    )


class Imports(Screen):
    """单位导入."""

    route_base = "/imports"
    class_permission_name = "imports"
    method_permission_name = {
        "units": "read", "template": "read", "preview": "read", "upload": "write", "bring": "write",
    }  # fmt: skip
    default_view = "units"

    @expose("/units")
    @has_access
    def units(self):
        """What the table must hold, and the file."""
        return self._upload_page(TableForm(formdata=None))

    def _upload_page(self, form: TableForm):
        return self.render_template(
            "imports/upload.html",
            title=gettext("单位导入"),
            form=form,
            columns=list(COLUMNS.values()),
            most=MOST_LINES,
        )

    @expose("/template")
    @has_access
    def template(self):
        """A table with its headings and one line as an example."""
        lines = heading(COLUMNS.values()) + heading(EXAMPLE)
        answer = Response(MARK + lines, mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="units.csv"'
        return answer

    @expose("/units", methods=["POST"])
    @has_access
    def upload(self):
        """Read the table; nothing of it is imported yet."""
        form, kept = TableForm(), []
        refusal = write(lambda: kept.append(self._keep())) if form.validate() else None
        if kept and refusal is None:
            return redirect(url_for("Imports.preview", uid=kept[0]))
        answer_with(refusal.status if refusal else 400)
        if refusal:
            mark(form, [Problem("file", refusal.sentence)])
        return self._upload_page(form)

    def _keep(self) -> str:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise BadInput(_("请先选择要上传的文件。"))
        data = sent.stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise TooLarge(_("文件超过 1 MB，请分成几个文件导入。"))
        lines = _lines(data)
        kept = UnitList(
            username=actor().username, name=clean_name(sent.filename), made_at=request_time(),
            lines=[asdict(line) for line in lines],
        )  # fmt: skip
        self.session.add(kept)
        self.session.flush()
        note(self.session, actor().username, "upload", "unit_list", kept.uid, lines=len(lines))
        return kept.uid

    def _list(self, uid: str, *, lock: bool = False) -> UnitList:
        query = select(UnitList).where(UnitList.uid == uid, UnitList.username == actor().username)
        query = query.with_for_update() if lock else query
        found = self.session.scalars(query).one_or_none()
        if found is None:
            raise NotFound(_("没有找到这份名单，它可能已经导入，或已过期。请重新上传。"))
        return found

    @expose("/units/<uid>")
    @has_access
    def preview(self, uid: str):
        """The lines, or every fault in them."""
        return self._preview_page(self._list(uid))

    def _preview_page(self, kept: UnitList):
        lines = [UnitLine(**line) for line in kept.lines]
        faults = self._faults(lines)
        return self.render_template(
            "imports/preview.html",
            title=kept.name,
            uid=kept.uid,
            columns=list(COLUMNS.values()),
            count=len(lines),
            rows=[_said(line) for line in lines[:SHOWN]],
            faults=[
                (fault.number, gettext(fault.column), translate(fault.sentence))
                for fault in faults[:SHOWN]
            ],
            wrong=len(faults),
        )

    def _faults(self, lines: list[UnitLine]) -> list[Fault]:
        known = known_of(self.session, actor(), lines)
        return faults_of(lines, known, codes(), day_of(request_time()))

    @expose("/units/<uid>", methods=["POST"])
    @has_access
    def bring(self, uid: str):
        """导入: all lines or none; what was right at the preview is judged anew."""
        refusal = write(
            lambda: self._bring(uid), _("已导入。请通知各单位用“法人账号激活”设置密码。")
        )
        if refusal is None:
            return redirect(url_for("Imports.units"))
        if refusal.status == 404:
            give_up(refusal)
        flash(translate(refusal.sentence), "danger")
        answer_with(refusal.status)
        return self._preview_page(self._list(uid))

    def _bring(self, uid: str) -> None:
        kept = self._list(uid, lock=True)
        lines = [UnitLine(**line) for line in kept.lines]
        if self._faults(lines):
            raise NotAllowed(_("名单里有需要修改的地方，一行也没有导入。请改好后重新上传。"))
        bring_in(self.session, actor(), lines, request_time())
        note(self.session, actor().username, "import", "unit_list", uid, lines=len(lines))
        self.session.delete(kept)


def _lines(data: bytes) -> list[UnitLine]:
    """What the file says, without the example of the template."""
    keys = {label: key for key, label in COLUMNS.items()}
    table = read_table(data, list(COLUMNS.values()), MOST_LINES)
    said = [(n, {keys[label]: text for label, text in cells.items()}) for n, cells in table]
    lines = [line_of(n, cells, codes()) for n, cells in said if not is_example(cells)]
    if not lines:
        raise BadInput(_("只有示例一行，请在它下面填写单位后再上传。"))
    return lines


def _said(line: UnitLine) -> list:
    """A line with the names of its codes."""
    book = codes()
    names = {"nature": book.name("unit_nature", line.nature)}
    return list((asdict(line) | names | {"region": full_region(book, line.region)}).values())
