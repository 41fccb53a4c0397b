"""登录: what ends a login, to the second."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.clock import now
from models.sessions import (
    SENTENCES,
    TOUCH,
    End,
    Life,
    Limits,
    LoginSession,
    close,
    credential_of,
    end_all,
    end_of,
    end_one,
    hash_of,
    living,
    open_login,
    sweep,
    touch,
    words_of,
)
from models.words import NotFound

T0 = datetime(2026, 5, 1, 8, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
LIMITS = Limits(idle=30 * MINUTE, longest=12 * 60 * MINUTE)
LIFE = Life(1, T0, T0, "same")


@pytest.mark.parametrize(
    ("life", "credential", "at", "end"),
    [
        (LIFE, "same", T0, None),
        (LIFE, "same", T0 + LIMITS.idle + TOUCH - SECOND, None),
        (LIFE, "same", T0 + LIMITS.idle + TOUCH, End.IDLE),
        (replace(LIFE, seen_at=T0 + 719 * MINUTE), "same", T0 + 720 * MINUTE - SECOND, None),
        (replace(LIFE, seen_at=T0 + 719 * MINUTE), "same", T0 + 720 * MINUTE, End.LONG),
        (LIFE, "other", T0, End.CHANGED),
        (replace(LIFE, ended=End.REPLACED.value), "same", T0, End.REPLACED),
        (replace(LIFE, ended=End.ELSEWHERE.value), "other", T0 + 720 * MINUTE, End.ELSEWHERE),
    ],
)
def test_what_ends_a_login(life, credential, at, end):
    assert end_of(life, credential, LIMITS, at) is end


def test_every_end_has_its_sentence():
    assert set(SENTENCES) == set(End) and len(set(SENTENCES.values())) == len(End)


def test_a_credential_is_the_password_the_roles_and_whether_it_is_active():
    all_ = [
        credential_of(password, roles, active)
        for password in ("hash", "hash2", None)
        for roles in ((), ("a",), ("a", "b"))
        for active in (True, False)
    ]
    assert len(set(all_)) == len(all_)
    assert credential_of("hash", ("b", "a"), True) == credential_of("hash", ["a", "b"], True)
    assert credential_of("hash", (), None) == credential_of("hash", (), False)


EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
)
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 MicroMessenger/8.0.53 NetType/WIFI Language/zh_CN"
)
SAFARI = (
    "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge 142 · Windows"),
        (EDGE.removesuffix(" Edg/142.0.0.0"), "Chrome 142 · Windows"),
        (WECHAT, "微信 8 · iPhone"),
        (SAFARI, "Safari 17 · iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:91.0) Gecko/20100101 Firefox/91.0",
         "Firefox 91 · Linux"),
        ("<b>Chrome</b> 经办人", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_in_a_few_words(agent, words):
    assert words_of(agent) == words


@pytest.fixture
def logins(session: Session) -> dict[str, LoginSession]:
    """Two of one account, one of another, by their keys."""
    at = now(session)
    made = [
        LoginSession(username=username, opened_at=at, credential="same")
        for username in ("one", "one", "two")
    ]
    found = {open_login(session, login): login for login in made}
    session.commit()
    return found


def ends(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(LoginSession.ended).order_by(LoginSession.id)))


def test_only_the_hash_of_a_key_is_kept(session, logins):
    rows = session.execute(select(LoginSession.__table__)).all()
    assert [row.key_hash for row in rows] == [hash_of(key) for key in logins]
    assert len(min(logins, key=len)) == 43 and not any(key in repr(rows) for key in logins)


def test_ends_all_but_one_and_only_those_of_the_account(session, logins):
    first, *_rest = logins.values()
    assert end_all(session, "one", End.REPLACED, keep=first.id) == 1
    assert end_all(session, "one", End.ELSEWHERE, keep=first.id) == 0
    session.commit()
    assert ends(session) == ["", "replaced", ""]
    assert end_all(session, "one", End.CHANGED) == 1
    session.commit()
    assert ends(session) == ["changed", "replaced", ""]


def test_ends_one_of_the_account_and_no_other(session, logins):
    first, _second, third = (login.id for login in logins.values())
    end_one(session, "one", first)
    session.commit()
    for strange in (third, first, 2**31 - 1):
        with pytest.raises(NotFound):
            end_one(session, "one", strange)
    session.commit()
    assert ends(session) == ["elsewhere", "", ""]


def test_a_closed_login_is_gone(session, logins):
    close(session, next(iter(logins)))
    close(session, "no key")
    session.commit()
    assert ends(session) == ["", ""]


def test_living_logins_are_those_that_a_request_would_take(session, logins):
    first, second, _third = logins.values()
    at, query = first.seen_at, (lambda at: living("one", "same", LIMITS, at))
    assert [row.id for row in session.scalars(query(at))] == [second.id, first.id]
    session.execute(touch(first.id, at + MINUTE))
    session.commit()
    edge = at + LIMITS.idle + TOUCH
    assert session.scalars(query(edge - SECOND)).all() == [first, second]
    assert session.scalars(query(edge)).all() == [first]
    assert session.scalars(living("one", "other", LIMITS, at)).all() == []
    end_all(session, "one", End.CHANGED)
    assert session.scalars(query(at)).all() == []


def test_the_last_use_never_goes_back(session, logins):
    login = next(iter(logins.values()))
    opened = login.seen_at
    for at in (opened + 2 * MINUTE, opened + MINUTE):
        session.execute(touch(login.id, at))
        session.commit()
    assert login.seen_at == opened + 2 * MINUTE


def test_who_is_busy_with_a_login_is_passed_by(db, session, logins):
    """PostgreSQL: the row is locked by somebody else. SQLite has but one writer anyway."""
    if db.kind == "sqlite":
        return
    login = next(iter(logins.values()))
    session.scalars(select(LoginSession).where(LoginSession.id == login.id).with_for_update()).one()
    with Session(db.engine) as other:
        assert other.execute(touch(login.id, login.seen_at + MINUTE)).rowcount == 0


def test_sweeps_what_is_over_whatever_happens(session, logins):
    first, *others = logins.values()
    at = first.opened_at + LIMITS.longest
    for login in others:
        login.opened_at += MINUTE
    session.commit()
    assert sweep(session, LIMITS.longest, at - SECOND) == 0
    assert sweep(session, LIMITS.longest, at) == 1
    session.commit()
    assert set(session.scalars(select(LoginSession.id))) == {login.id for login in others}
