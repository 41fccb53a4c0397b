"""The data managers' console (数据管理): Flask-Admin behind the same login, to be read only."""

from collections.abc import Iterable

from flask import Flask, redirect, url_for
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.theme import Bootstrap4Theme

from models.section import Section
from models.words import _
from views.console.around import BATCHES, BINDINGS, OFFICES
from views.console.listing import Guarded, Listing
from views.console.tables import DECLARATIONS, of_section
from views.guard import CONSOLE, nonce

TITLE = _("数据管理")


class Home(Guarded, AdminIndexView):
    """Leads on to the first list."""

    def __init__(self):
        super().__init__(name=TITLE, endpoint=CONSOLE, url=f"/{CONSOLE}")
        self.static_folder = None  # our pages need none of the framework's files

    def is_visible(self) -> bool:
        """The brand in the header leads here."""
        return False

    @expose()
    def index(self):
        """To the declarations."""
        return redirect(url_for(f"{CONSOLE}_{DECLARATIONS.key}.index_view"))


def register(app: Flask, db, sections: Iterable[Section]) -> None:
    """Put the console and its entry in the menu into the application."""
    theme = Bootstrap4Theme(base_template="zc_admin/base.html")
    admin = Admin(app, TITLE, index_view=Home(), theme=theme, csp_nonce_generator=nonce)
    parts = tuple(of_section(section) for section in sections if section.model is not None)
    admin.add_view(Listing(DECLARATIONS, db, related=parts))
    for table in (*parts, OFFICES, BINDINGS, BATCHES):
        admin.add_view(Listing(table, db))
    app.appbuilder.add_link(CONSOLE, f"{CONSOLE}.index", label=TITLE)
