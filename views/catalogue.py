"""Translations, found once for each request.

A page says some three hundred sentences. The framework asks for the language anew at each,
which costs more than to look the sentence up.
"""

from typing import Any

from flask import Flask, g
from flask_babel import Domain
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup


class RequestDomain(Domain):
    """The catalogue of messages, remembering what the language of the request is."""

    def get_translations(self):
        """The translations; outside of a request those that change nothing."""
        try:
            return g.translations
        except AttributeError:
            g.translations = super().get_translations()
            return g.translations
        except RuntimeError:  # no application is at work
            return super().get_translations()


def install(app: Flask) -> None:
    """Let views and templates ask this catalogue."""
    domain = RequestDomain(domain=app.extensions["babel"].default_domain)
    app.extensions["babel"].instance.domain_instance = domain

    @pass_context
    def gettext(context: Context, msgid: str, /, **values: Any) -> str:
        words: str = domain.get_translations().ugettext(msgid)
        return (Markup(words) if context.eval_ctx.autoescape else words) % values

    app.jinja_env.globals.update(gettext=gettext, _=gettext)
