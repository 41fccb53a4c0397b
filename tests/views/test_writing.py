"""What a refused write leaves in the log: never what somebody typed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.people import Person
from tests.worlds.base import PASSWORD, id_no_of, managed, uscc_of
from views.writing import write

pytestmark = pytest.mark.world(build=managed)


def test_a_constraint_is_logged_by_its_name(client, caplog):
    client.login("manager", PASSWORD)
    form = client.open("/offices/add").form("main form[method=post]")
    form.send(
        409, name="松原江源设计院", uscc=uscc_of(90), kind="unit", nature="02",
        region="220702",
    )  # fmt: skip
    said = [record.getMessage() for record in caplog.records if record.name == "views.writing"]
    assert said == ["a constraint refused: uq_office_name"]


@pytest.mark.databases("postgresql")
def test_a_value_that_the_database_refuses_is_not_logged(app, caplog):
    session = app.extensions["sqlalchemy"].session
    with app.test_request_context("/", method="POST"):
        wrong = text(f"SELECT cast('{id_no_of(1)}' AS integer)")
        assert write(lambda: session.execute(wrong)).status == 400
    said = [record.getMessage() for record in caplog.records if record.name == "views.writing"]
    assert said == ["the database refused a value: NumericValueOutOfRange"]


def test_no_traceback_tells_the_parameters(app):
    """Of a statement that fails for whatever reason."""
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        person = Person(name=None, sex="1")
        person.seal_id_no(app.extensions["vault"], id_no_of(7))
        index = app.extensions["vault"].index(id_no_of(7))
        session.add(person)
        with pytest.raises(DBAPIError) as refused:
            session.flush()
        session.rollback()
    assert index not in str(refused.value).partition("[SQL")[2]
    assert "hide_parameters=True" in str(refused.value)
