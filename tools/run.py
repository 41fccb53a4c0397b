"""What `make run` does once all is installed: two commands of a deployment, then the server.

They share a process because loading the program takes most of a start. The workers are
forked from a process that has its modules already; each makes an application of its own.
"""

import sys

from flask.cli import FlaskGroup
from gunicorn.app import wsgiapp

from app import create_app

COMMANDS = (
    ("setup",),
    ("demo", "--declarations", "300", "--seed", "1", "--if-empty"),
)


def prepare() -> None:
    """Bring the database up to date and fill an empty one with a demonstration."""
    application = create_app(DEMO=True)
    commands = FlaskGroup(create_app=lambda: application)
    for words in COMMANDS:
        commands.main(words, standalone_mode=False)
    with application.app_context():
        # No connection may cross the fork into a worker.
        application.extensions["sqlalchemy"].engine.dispose()


if __name__ == "__main__":
    prepare()
    sys.argv = ["gunicorn", "app:create_app(DEMO=True)"]
    wsgiapp.run()
