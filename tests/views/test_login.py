"""登录: who waits for whom while passwords are checked."""

import pytest
from sqlalchemy import event, text

from tests.client import Browser
from tests.worlds.base import PASSWORD, managed
from views import entering

pytestmark = pytest.mark.world(build=managed)


@pytest.fixture
def hashing(app, monkeypatch) -> list[bool]:
    """Whether a transaction was open, at each time a password was checked."""
    seen, fits = [], entering.fits

    def look(*given):
        seen.append(app.extensions["sqlalchemy"].session.registry().in_transaction())
        return fits(*given)

    monkeypatch.setattr(entering, "fits", look)
    return seen


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [("agent", "wrong", 400), ("nobody", PASSWORD, 400), ("agent", PASSWORD, 200)],
)
def test_no_transaction_waits_for_a_hash(client, hashing, username, password, status):
    client.login(username, password, status)
    assert hashing == [False]


def test_the_password_of_nobody_opens_nothing(client):
    client.login("nobody", "nobody has this password", 400)


@pytest.mark.databases("sqlite")
def test_a_login_in_the_time_of_another_writer(db):
    """A guess that cannot be counted is not checked: right or wrong, it is told to come again."""
    app = db.make_app()
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "connect", lambda c, _record: c.execute("PRAGMA busy_timeout = 1"))
    browser = Browser(app)
    with db.engine.connect() as writer:
        writer.execute(text("UPDATE office SET telephone = '1'"))
        for password in ("wrong", PASSWORD):
            page = browser.login("agent", password, 503)
            assert "现在使用的人太多，没有办成。请稍等片刻再试。" in page.text
        writer.rollback()
    assert browser.login("agent", PASSWORD).url != "/login/"
    engine.dispose()
