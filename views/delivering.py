"""``flask --app app deliver``: sends the messages of the outbox."""

import os
import signal
from threading import Event

import click
from flask import Flask

from adapters.delivering import Deliverer, carriers
from models.delivery import troubles


def install(app: Flask) -> None:
    """Give the program its deliverer, and the command that lets it work."""
    db, demo = app.extensions["sqlalchemy"], app.config["DEMO"]
    with app.app_context():
        deliverer = Deliverer(db.engine, carriers(os.environ, demo), keep=demo)
    app.extensions["deliverer"] = deliverer

    @app.cli.command("deliver")
    @click.option("--once", is_flag=True, help="Send what is due now, and end.")
    def deliver(once: bool):
        """Send the messages of the outbox, until it is stopped."""
        if not deliverer.carriers:
            raise click.ClickException("neither SMTP_HOST nor SMS_URL is set: nothing can be sent")
        if not once:
            stop = Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())  # what is being sent ends well
            return deliverer.run(stop)
        for state, count in deliverer.deliver().items():
            click.echo(f"{count} {state.value}")
        for trouble in troubles(db.session):
            click.echo(f"{trouble.count} × {trouble.channel} {trouble.state}: {trouble.problem}")
