"""What the test bed promises: a test may commit, write files, use threads, and leaves nothing."""

from threading import Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.codes import Code


def row(code: str) -> Code:
    return Code(table="bed", code=code, place=0, name="测试", extra={})


def rows(session: Session) -> list[str]:
    return list(session.scalars(select(Code.code).where(Code.table == "bed").order_by(Code.code)))


def furnished(app) -> None:
    """A world of one row and one file."""
    (app.config["FILES"] / "kept.txt").write_text("世界", encoding="utf-8")
    with app.app_context():
        session = app.extensions["sqlalchemy"].session
        session.add(row("0"))
        session.commit()


@pytest.mark.parametrize("time", ["first", "second"])
def test_nothing_is_left_of_another_test(db, session, time):
    assert rows(session) == []
    assert list(db.files.glob("*.txt")) == []
    session.add(row("1"))
    session.commit()
    (db.files / "left.txt").touch()


@pytest.mark.world(build=furnished)
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_world_is_there_each_time(db, session, time):
    assert rows(session) == ["0"]
    assert [path.read_text(encoding="utf-8") for path in db.files.glob("*.txt")] == ["世界"]
    session.add(row("1"))
    session.commit()
    (db.files / "kept.txt").unlink()


def test_threads_write_at_the_same_time(db, session):
    def write(number: int) -> None:
        with Session(db.engine) as own:
            own.add(row(str(number)))
            own.commit()

    threads = [Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(session) == [str(number) for number in range(8)]


def test_the_same_statements_are_counted_on_both_databases(session, count_statements):
    with count_statements() as seen:
        session.scalar(select(func.count()).select_from(Code))
        session.add(row("1"))
        session.commit()
    assert [statement.split()[0] for statement in seen] == ["SELECT", "INSERT"]


def test_the_code_tables_are_loaded(session):
    assert session.scalar(select(Code.name).where(Code.table == "sex", Code.code == "1")) == "男性"
