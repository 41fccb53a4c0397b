"""What is filled in stands up to the rules, and system fields are what the domain would fill."""

from random import Random

import pytest

from demo.candidates import NORMAL, Candidate, Lots
from demo.province import offices
from demo.records import rows
from demo.records.basics import BREAKING, GRASSROOTS, SKILLED
from demo.stars import logins
from models.declaration import Declaration
from models.notice import Notice
from models.offices import Office
from models.people import Person
from models.record import DeclaredNone
from models.section import Case
from models.sections import BY_KEY, SECTIONS
from models.vault import Vault
from tests.models.books import TODAY, book

VAULT = Vault(b"s" * 32, b"i" * 32)


def candidates(seed: int, count: int = 60) -> list[Candidate]:
    return Lots(Random(seed), offices(book(), Random(seed)), logins(), TODAY).drawn(count)


def filled(candidate: Candidate, category: str, seed: int = 1) -> Declaration:
    """A declaration in memory with all that the candidate fills in."""
    one, plan = candidate.human, candidate.notice
    notice = plan.made(TODAY, Office(name="人社厅"))
    person = Person(name=one.name, sex=one.sex, birth_date=one.birth, uid="0" * 32)
    person.seal_id_no(VAULT, one.number)
    declaration = Declaration(notice=notice, person=person, unit=candidate.unit.made(None))
    for key, records in rows(Random(seed), candidate.career, category).items():
        for values in records:
            number = values.pop("expert_id_no", None)
            record = BY_KEY[key].model(declaration=declaration, **values)
            if number:
                record.expert_id_no = VAULT.seal(number, key, "expert_id_no", "1" * 32)
    if not declaration.penalty:
        declaration.declared_none = [DeclaredNone(section="penalty")]
    return declaration


def faults(declaration: Declaration) -> list[tuple[str, str]]:
    case = Case(declaration, book(), TODAY)
    return [
        (found.section.key, str(found.problem.sentence))
        for section in SECTIONS
        if section.model and section.applies(case)
        for found in section.findings(case)
        if not found.problem.warning
    ]


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_wrong_with_what_people_fill_in(seed):
    for number, candidate in enumerate(candidates(seed)):
        assert faults(filled(candidate, candidate.category, number)) == []


@pytest.mark.parametrize("category", [BREAKING, SKILLED])
def test_other_categories_give_their_reasons(category):
    for candidate in candidates(11, 12):
        assert faults(filled(candidate, category)) == []


def test_the_grassroots_declare_for_the_grassroots():
    drawn = [c for c in candidates(3, 200) if c.category == GRASSROOTS]
    assert drawn
    assert [faults(filled(c, GRASSROOTS)) for c in drawn] == [[]] * len(drawn)
    assert all(c.unit.grassroots for c in drawn)


def test_system_fields_are_those_of_the_domain():
    for candidate in candidates(5, 30):
        declaration = filled(candidate, NORMAL)
        for key in ("education", "continuing_education"):
            section, records = BY_KEY[key], BY_KEY[key].records(declaration)
            system = [name for name, field in section.fields.items() if field.system]
            before = [[getattr(record, name) for name in system] for record in records]
            for record in records:
                rest = tuple(other for other in records if other is not record)
                section.before_save(record, Case(declaration, book(), TODAY, rest))
            assert [[getattr(record, name) for name in system] for record in records] == before


def test_the_same_seed_draws_the_same_people():
    assert candidates(1) == candidates(1)
    assert candidates(1) != candidates(2)
    first, second = candidates(1)[9], candidates(1)[9]
    assert rows(Random(4), first.career) == rows(Random(4), second.career)


def test_nobody_is_drawn_twice():
    drawn = candidates(1, 400)
    for what in ("number", "serial", "mobile"):
        assert len({getattr(candidate.human, what) for candidate in drawn}) == 400
    assert len({candidate.login.username for candidate in drawn}) == 400


def test_a_notice_is_answered_by_those_whom_it_is_for():
    for candidate in candidates(1, 300):
        notice: Notice = candidate.notice.made(TODAY, Office(name="人社厅"))
        assert notice.serves(candidate.unit.made(None))
        assert candidate.career.level in notice.levels
        assert candidate.career.trade.series in notice.series
        assert notice.published
