"""The command line: ``flask --app app …``"""

from importlib import import_module

import click
from flask import Flask
from sqlalchemy import select

from adapters.database import look_around
from models import captcha, sessions, throttle
from models.attachment import Attachment
from models.clock import now
from models.onetime import sweep_codes
from models.outbox import sweep_outbox
from models.permissions import ADMINISTRATORS
from models.reach import register_all, strays
from models.sweeping import sweep_drafts
from models.unit_registration import Licence
from models.words import NotAllowed
from views import appointing
from views.registration import later


def install(app: Flask) -> None:
    """Add the commands; ``setup`` is the application's own."""
    for add in (add_journal, add_mending, add_appointing, add_demo):
        add(app)


def add_journal(app: Flask) -> None:
    """``flask journal``"""

    @app.cli.group("journal")
    def journal():
        """The audit trail."""

    @journal.command("verify")
    def verify():
        """Say where the chain of the journal is broken."""
        broken = list(app.extensions["journal"].verify(app.extensions["sqlalchemy"].session))
        for sentence in broken:
            click.echo(sentence)
        click.echo("the journal is whole" if not broken else f"{len(broken)} faults")
        raise SystemExit(1 if broken else 0)


def add_mending(app: Flask) -> None:
    """``flask register``, ``flask sweep``, ``flask verify-names``"""

    @app.cli.command("register")
    def register():
        """Write anew what lists are ordered by, should it ever differ from the steps."""
        session = app.extensions["sqlalchemy"].session
        differing = strays(session)
        if differing:
            register_all(session)
            session.commit()
        click.echo(f"{differing} rows mended")

    @app.cli.command("sweep")
    def sweep():
        """Remove registrations that expired, files that no row knows (a crash, a discarded draft),
        logins and codes that are over and guesses that are too long ago to count. Then look how
        the rows lie."""
        session = app.extensions["sqlalchemy"].session
        at = now(session)
        drafts = sweep_drafts(session, at)
        sweep_codes(session, at)
        sweep_outbox(session, at)
        known = {t for row in (Attachment, Licence) for t in session.scalars(select(row.token))}
        removed = app.extensions["files"].sweep(known, older_than_seconds=24 * 3600)
        over = sessions.sweep(session, app.permanent_session_lifetime, at)
        counted = throttle.sweep(session, at) + captcha.sweep(session, at)
        session.commit()
        look_around(app.extensions["sqlalchemy"].engine)
        click.echo(f"{drafts} registrations and {len(removed)} files removed")
        click.echo(f"{over} logins and {counted} counted guesses removed")

    @app.cli.command("verify-names")
    @click.option("--limit", type=click.IntRange(1), default=1000, show_default=True)
    def verify_names(limit: int):
        """Ask again for the names that nobody could tell at their registration."""
        found = later.verify_names(limit)
        click.echo(", ".join(f"{n} {finding}" for finding, n in found.items()) or "none is due")


def add_appointing(app: Flask) -> None:
    """``flask appoint``"""
    roles = dict(zip(("system", "security", "audit"), ADMINISTRATORS, strict=True))

    @app.cli.command("appoint")
    @click.argument("role", type=click.Choice(list(roles)))
    @click.argument("username")
    @click.argument("name")
    @click.password_option()
    def appoint(role: str, username: str, name: str, password: str):
        """Make the first system, security or audit administrator, or give him another password."""
        session = app.extensions["sqlalchemy"].session
        try:
            appointing.appoint(session, roles[role], username, name, password, now(session))
            session.commit()
        except NotAllowed as refusal:
            raise click.ClickException(str(refusal)) from refusal
        click.echo(f"{username} is appointed")


def add_demo(app: Flask) -> None:
    """``flask --app app demo``"""

    @app.cli.command("demo")
    @click.option("--declarations", type=click.IntRange(0), default=300, show_default=True)
    @click.option("--seed", type=int, default=1, show_default=True)
    @click.option("--if-empty", is_flag=True, help="Leave a database with persons as it is.")
    @click.option("--lean", is_flag=True, help="Rows for measuring, up to a million or more.")
    def demo(declarations: int, seed: int, if_empty: bool, lean: bool):
        """Fill an empty database with an invented province."""
        # Loaded when it is asked for: the web process has no reader of pictures.
        filling = import_module("demo.lean.filling" if lean else "demo.filling")
        session = app.extensions["sqlalchemy"].session()
        tools = filling.Tools(session, app.extensions["vault"], app.extensions["files"], click.echo)
        if filling.is_empty(session):
            if not app.config["DEMO"]:
                raise click.ClickException("its accounts have known passwords: only with DEMO=1")
            filling.fill(tools, declarations, seed)
        elif not if_empty:
            raise click.ClickException("the database is not empty: nothing was added")
