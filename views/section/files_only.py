"""材料附件: the section that has attachments and no records."""

from typing import ClassVar

from flask_appbuilder import BaseView, expose, has_access

from models.section import Section
from views.section.page import page_of
from views.section.within import InDeclaration


class FilesView(InDeclaration, BaseView):
    """A section of attachments alone (材料附件)."""

    class_permission_name = "mine"
    method_permission_name = {"list": "read"}
    include_route_methods: ClassVar[set[str]] = {"list"}

    def __init_subclass__(cls, section: Section | None = None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.section = section
        cls.route_base = f"/mine/<int:declaration_id>/{section.key}"

    @expose("/list/")
    @has_access
    def list(self):
        """The attachments of the section."""
        page = page_of(self.section, self.case())
        return self.render_template("section/page.html", page=page, title=page.title)
