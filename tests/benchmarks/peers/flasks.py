"""What the programs made with Flask share."""

from flask import Flask
from flask_login import login_user

from tests.benchmarks.worker import AGENT


def cookie_of(app: Flask, user) -> str:
    """The Cookie header of ``user``, as the login of this program would have made it."""
    request = {"base_url": "http://127.0.0.1/", "headers": {"User-Agent": AGENT}}
    request["environ_base"] = {"REMOTE_ADDR": "127.0.0.1"}
    with app.test_request_context("/", **request) as context:
        login_user(user)
        answer = app.make_response("")
        app.session_interface.save_session(app, context.session, answer)
    return answer.headers["Set-Cookie"].partition(";")[0]
