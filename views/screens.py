"""What the screens share that are made by hand."""

from flask import current_app
from flask_appbuilder import BaseView


class Asking:
    """A screen that asks the database."""

    @property
    def session(self):
        """The request's session."""
        return current_app.appbuilder.session


class Screen(Asking, BaseView):
    """A screen of which nothing is generated."""
