"""第二重验证: each code once, about its time, and nothing that opens it in the table."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import second
from models.clock import now as clock
from models.second import STEP, RecoveryCode, SecondFactor
from models.vault import Sealed
from models.words import BadInput, NotAllowed
from tests.worlds.base import managed

pytestmark = pytest.mark.world(build=managed)
WHO = "agent"


@pytest.fixture
def vault(app):
    return app.extensions["vault"]


@pytest.fixture
def at(session) -> datetime:
    """The middle of a step, so that seconds around it are of the same."""
    seconds = int(clock(session).timestamp()) // STEP * STEP + STEP // 2
    return datetime.fromtimestamp(seconds, clock(session).tzinfo)


class Phone:
    """An authenticator app."""

    def __init__(self, key: str):
        self.app = pyotp.TOTP(key)

    def code(self, at: datetime, steps: int = 0) -> str:
        return self.app.at(at + timedelta(seconds=steps * STEP))


@pytest.fixture
def phone(session, vault, at) -> Phone:
    """The telephone of somebody who began to enrol."""
    second.begin(session, vault, WHO, at)
    return Phone(second.begun_key(session, vault, WHO, at))


@pytest.fixture
def codes(session, vault, at, phone) -> list[str]:
    """The recovery codes of somebody who has enrolled, ten minutes before."""
    then = at - timedelta(minutes=10)
    return second.confirm(session, vault, WHO, phone.code(then), then)


def test_it_counts_from_its_confirmation(session, vault, at, phone):
    assert second.confirmed(session, WHO) is None
    with pytest.raises(NotAllowed, match="没有启用"):
        second.show(session, vault, WHO, phone.code(at), at)
    with pytest.raises(BadInput):
        second.confirm(session, vault, WHO, "000000", at)
    assert len(second.confirm(session, vault, WHO, phone.code(at), at)) == 10
    assert second.confirmed(session, WHO).confirmed_at == at
    with pytest.raises(NotAllowed, match="已经启用"):
        second.begin(session, vault, WHO, at)


def test_who_begins_in_many_browsers_at_once_has_one(session, vault, at):
    barrier = Barrier(8)
    session.rollback()  # what it has asked is a transaction, too

    def begin(_number: int) -> None:
        barrier.wait(60)
        with Session(session.get_bind()) as own, own.begin():
            second.begin(own, vault, WHO, at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, range(8)))
    assert session.scalars(select(SecondFactor.username)).all() == [WHO]
    assert len(second.begun_key(session, vault, WHO, at)) == 32


def test_a_key_that_nobody_has_confirmed_expires(session, vault, at, phone):
    """Who saw it on a screen that was left alone does not come by a second factor with it."""
    late = at + timedelta(minutes=10)
    just = late - timedelta(seconds=1)
    assert second.begun_key(session, vault, WHO, just) == phone.app.secret
    for work in (
        lambda: second.begun_key(session, vault, WHO, late),
        lambda: second.confirm(session, vault, WHO, phone.code(late), late),
    ):
        with pytest.raises(NotAllowed, match="10 分钟"):
            work()
    second.begin(session, vault, WHO, late)
    fresh = Phone(second.begun_key(session, vault, WHO, late))
    with pytest.raises(BadInput):
        second.confirm(session, vault, WHO, phone.code(late), late)
    assert len(second.confirm(session, vault, WHO, fresh.code(late), late)) == 10


def test_the_code_that_confirmed_does_not_open(session, vault, at, phone):
    second.confirm(session, vault, WHO, phone.code(at), at)
    with pytest.raises(BadInput):
        second.show(session, vault, WHO, phone.code(at), at)


def test_a_code_opens_once(session, vault, at, phone, codes):
    assert second.show(session, vault, WHO, phone.code(at), at) == "totp"
    for later in (0, STEP):
        with pytest.raises(BadInput):
            second.show(session, vault, WHO, phone.code(at), at + timedelta(seconds=later))


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(session, vault, at, phone, codes, steps, right):
    assert (second.matching_step(phone.app.secret, phone.code(at, steps), at) is not None) is right
    if right:
        assert second.show(session, vault, WHO, phone.code(at, steps), at) == "totp"
    else:
        with pytest.raises(BadInput):
            second.show(session, vault, WHO, phone.code(at, steps), at)


def test_a_step_before_the_last_one_is_spent_too(session, vault, at, phone, codes):
    """Who looked over the shoulder has the code of the step before."""
    second.show(session, vault, WHO, phone.code(at), at)
    with pytest.raises(BadInput):
        second.show(session, vault, WHO, phone.code(at, -1), at)
    assert second.show(session, vault, WHO, phone.code(at, 1), at) == "totp"


@pytest.mark.parametrize("shape", ["{0} {1}", " {0}-{1} ", "{0}{1}"])
def test_as_people_type_it(session, vault, at, phone, codes, shape):
    code = phone.code(at)
    wide = shape.format(code[:3], code[3:]).translate(
        {ord("0") + n: ord("０") + n for n in range(10)}
    )
    assert second.show(session, vault, WHO, wide, at) == "totp"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "٣٣٣٣٣٣", "0" * 4000, None])
def test_what_is_no_code(session, vault, at, phone, codes, typed):
    with pytest.raises(BadInput):
        second.show(session, vault, WHO, typed, at)


def test_a_recovery_code_opens_once(session, vault, at, codes):
    assert len(set(codes)) == 10
    assert second.show(session, vault, WHO, codes[3].lower(), at) == "recovery"
    with pytest.raises(BadInput):
        second.show(session, vault, WHO, codes[3], at)
    assert second.codes_left(session, WHO) == 9
    assert second.show(session, vault, WHO, codes[4].replace("-", " "), at) == "recovery"


def test_the_codes_of_somebody_else_open_nothing(session, vault, at, phone, codes):
    second.begin(session, vault, "colleague", at)
    other = Phone(second.begun_key(session, vault, "colleague", at))
    second.confirm(session, vault, "colleague", other.code(at, -1), at)
    for typed in (codes[0], phone.code(at)):
        with pytest.raises(BadInput):
            second.show(session, vault, "colleague", typed, at)


def test_new_codes_end_the_old_ones(session, vault, at, codes):
    new = second.renew_codes(session, vault, WHO)
    with pytest.raises(BadInput):
        second.show(session, vault, WHO, codes[0], at)
    assert second.show(session, vault, WHO, new[0], at) == "recovery"


def test_nothing_that_opens_it_lies_in_the_tables(session, vault, at, phone, codes):
    row = session.get(SecondFactor, WHO)
    kept = repr([row.key_sealed, session.scalars(select(RecoveryCode.digest)).all()])
    assert phone.app.secret.encode() not in row.key_sealed
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []
    with pytest.raises(ValueError, match="not sealed for this place"):
        vault.open(Sealed(row.key_sealed), "second_factor", "key", "f" * 32)


def test_what_is_removed_opens_nothing(session, vault, at, phone, codes):
    assert second.remove(session, WHO) is True
    assert second.remove(session, WHO) is False
    assert session.scalars(select(RecoveryCode)).all() == []
    for typed in (phone.code(at), codes[0]):
        with pytest.raises(NotAllowed, match="没有启用"):
            second.show(session, vault, WHO, typed, at)


@pytest.mark.parametrize("way", ["totp", "recovery"])
def test_of_many_at_once_one_comes_in(db, session, vault, at, phone, codes, way):
    typed = phone.code(at) if way == "totp" else codes[0]
    session.commit()

    def try_it(_n) -> str:
        with Session(db.engine) as own:
            try:
                said = second.show(own, vault, WHO, typed, at)
                own.commit()
                return said
            except BadInput:
                return "refused"

    with ThreadPoolExecutor(8) as all_:
        said = sorted(all_.map(try_it, range(8)))
    assert said == sorted([way, *["refused"] * 7])
