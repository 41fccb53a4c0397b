"""``flask --app app sso …``: which user of the platform opens an account, by the operator.

Staff have no number by which the platform could name them; and who has got a new user at the
platform must be let go from the one before.
"""

import click
from flask import Flask
from sqlalchemy import delete

from models.claims import Claimed
from models.clock import now
from models.identities import REALMS, Identity, link
from models.journal import note
from models.people import Account, Realm


def add_commands(app: Flask) -> None:
    """``sso link`` and ``sso unlink``."""

    @app.cli.group("sso")
    def sso():
        """Single sign-on."""

    @sso.command("link")
    @click.argument("username")
    @click.argument("subject")
    def link_(username: str, subject: str):
        """Let the platform's user SUBJECT open the account USERNAME."""
        session = app.extensions["sqlalchemy"].session
        signon = app.config["SIGN_ON"]
        if signon is None:
            raise click.ClickException("there is no single sign-on: OIDC_ISSUER is not set")
        kind = REALMS[Realm(account_of(session, username).realm)]
        claimed = Claimed(signon.issuer, subject, kind, verified=False)
        if not link(session, app.extensions["vault"], username, claimed, now(session)):
            raise click.ClickException("one of the two is linked already: unlink it first")
        note(session, "", "link", "account", username, capacity=kind, by="operator")
        session.commit()
        click.echo(f"{username} signs in as {kind}")

    @sso.command("unlink")
    @click.argument("username")
    def unlink(username: str):
        """Let no user of the platform open the account USERNAME any more."""
        session = app.extensions["sqlalchemy"].session
        account_of(session, username)
        gone = session.execute(delete(Identity).where(Identity.username == username)).rowcount
        if gone:
            note(session, "", "unlink", "account", username, by="operator")
        session.commit()
        click.echo(f"{gone} links removed")


def account_of(session, username: str) -> Account:
    """The account of this name, or a word to the operator that there is none."""
    account = session.get(Account, username)
    if account is None:
        raise click.ClickException(f"there is no account {username}")
    return account
