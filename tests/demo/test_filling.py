"""The province in the database: everything happens in it, and nothing impossible does."""

import hashlib
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from adapters.passwords import fits
from adapters.store import FileStore
from demo.candidates import Lots
from demo.filling import lot
from demo.plans import acts
from demo.province import offices
from demo.stars import PARTS, logins
from models.acts import case_of
from models.attachment import Attachment
from models.batch import Batch
from models.binding import Binding, BindingState
from models.checking import errors
from models.clock import day_of
from models.declaration import Declaration, Progress, Step, Submission, Verdict
from models.notice import Notice, notice_problems
from models.numbers import birth_of, id_number_objection, sex_of
from models.offices import Office, OfficeKind, chain_of, office_problems
from models.people import Account, Person
from models.permissions import REVIEWERS, Role
from models.sections import SECTIONS
from models.status import Status, StepState
from models.submission import digest
from tests.bed import Bed
from tests.client import Browser
from tests.demo.province import DECLARATIONS, SEED
from tests.worlds.base import create_login
from views.entering import recognise


def number_of(session: Session, *wanted) -> int:
    return session.scalar(select(func.count()).select_from(*wanted))


def test_every_state_occurs(session):
    assert set(session.scalars(select(Declaration.status))) == set(Status)
    assert set(session.scalars(select(Step.state))) == set(StepState)


def test_there_are_as_many_declarations_as_were_asked_for(session):
    assert number_of(session, Declaration) == DECLARATIONS


def test_offices_have_sent_in_batches_and_judged_again_and_again(session):
    assert set(session.scalars(select(Step.round))) >= {0, 1, 2, 3}
    assert max(session.scalars(select(Submission.round))) >= 3
    assert number_of(session, Verdict) > 200
    sent = session.scalars(select(Batch).where(Batch.sent_at.is_not(None))).all()
    assert all(batch.count and batch.target_id and batch.number for batch in sent)
    assert sum(batch.sent_at is None for batch in session.scalars(select(Batch))) == 1


def test_every_section_has_records_somewhere(session):
    empty = [
        section.key
        for section in SECTIONS
        if section.model and not number_of(session, section.model)
    ]
    assert empty == []


def test_the_journal_is_whole(filled, session):
    assert list(filled.app.extensions["journal"].verify(session)) == []


def test_identity_numbers_are_valid_and_tell_sex_and_birth(filled, session, today):
    vault, numbers = filled.app.extensions["vault"], []
    for person in session.scalars(select(Person)):
        number = vault.open(person.id_no, "person", "id_no", person.uid)
        assert id_number_objection(number, day_of(today)) is None
        assert (person.sex, person.birth_date) == (sex_of(number), birth_of(number))
        numbers.append(number)
    assert len(set(numbers)) == len(numbers) > DECLARATIONS


def test_offices_are_such_as_a_manager_could_have_typed(session, codes, today):
    for office in session.scalars(select(Office)):
        assert office_problems(office, codes, day_of(today)) == []


def test_notices_are_open_in_their_last_days_over_and_to_come(session, today):
    days = timedelta(days=1)
    notices = session.scalars(select(Notice)).all()
    assert [notice_problems(notice, 0, today) for notice in notices] == [[]] * len(notices)
    shown = [notice for notice in notices if notice.published]
    for window in ("declare_end", "audit_end"):
        ends = [getattr(n, window) for n in shown if n.declaring(today) and n.auditing(today)]
        assert any(end > today + 10 * days for end in ends)
    lasting = [n for n in shown if n.declare_end < today < n.audit_end]
    assert [today < n.audit_end < today + 3 * days for n in lasting] == [True]
    assert any(n.audit_end < today for n in shown)
    assert any(n.declare_start > today for n in shown)
    assert {n.resubmit_policy for n in shown if n.declaring(today)} == {"direct", "restart"}
    assert len(shown) < len(notices)


def test_what_was_submitted_has_no_errors(session, codes, today):
    submitted = select(Declaration).where(Declaration.status.not_in(("DRAFT", "RETURNED")))
    for declaration in session.scalars(submitted):
        found = errors(case_of(session, declaration, codes, today))
        assert [(f.section.key, str(f.problem.sentence)) for f in found] == []


def test_submissions_are_what_was_frozen(session):
    for submission in session.scalars(select(Submission)):
        assert digest(submission.content) == submission.sha256


def test_everything_happened_before_now_and_in_order(session, today):
    lines = defaultdict(list)
    for line in session.scalars(select(Progress).order_by(Progress.id)):
        lines[line.declaration_id].append(line.at)
    assert all(moments == sorted(moments) for moments in lines.values())
    assert max(max(moments) for moments in lines.values()) < today


def test_every_file_is_there_with_its_hash(filled, session):
    store = FileStore(filled.files)
    files = session.scalars(select(Attachment)).all()
    hashes = {}
    for file in files:
        path = store.path(file.token)
        inode = path.stat().st_ino
        if inode not in hashes:
            hashes[inode] = hashlib.sha256(path.read_bytes()).hexdigest()
        assert (hashes[inode], path.stat().st_size) == (file.sha256, file.size)
        assert store.page_path(file.token, max(1, min(file.pages, 5))).exists()
    assert {file.name.rpartition(".")[2] for file in files} == {"pdf", "jpg", "png"}
    assert any(file.pages > 1 for file in files)
    kept = {path.name for path in (filled.files / "kept").glob("??/*")}
    assert kept == {file.token for file in files}


def test_a_replaced_file_stays_for_the_submission_that_holds_it(session):
    gone = session.scalars(select(Attachment).where(Attachment.removed_at.is_not(None))).all()
    assert gone
    assert all(file.submitted for file in gone)


def test_people_and_states_come_of_the_seed(session, codes, today):
    """As drawn anew, in another process or on another database."""
    plans = offices(codes, lot(SEED, "offices"))
    lots = Lots(lot(SEED, "candidates"), plans, logins(), day_of(today))
    for candidate in lots.drawn(DECLARATIONS):
        account = session.get(Account, candidate.login.username)
        declaration = session.scalars(
            select(Declaration).where(Declaration.person_id == account.person_id)
        ).one()
        assert account.person.name == candidate.human.name
        assert account.person.id_no.mask[-4:] == candidate.human.number[-4:]
        assert declaration.unit.name == candidate.unit.name
        chain = chain_of(declaration.unit)
        todo = acts(candidate.plan, len(chain), candidate.notice.policy)
        deeds = ("submit", "withdraw", "approve", "reopen", "return", "terminate", "pass")
        done = [act.verb.upper() for act in todo if act.verb in deeds]
        ids = Progress.declaration_id == declaration.id
        lines = session.scalars(select(Progress.action).where(ids).order_by(Progress.id))
        assert [line for line in lines if line.lower() in deeds] == done


class TestAccounts:
    """fixtures/demo_accounts.csv."""

    def test_roles_and_offices_are_all_there(self, session):
        kinds = Counter()
        units = Counter()
        for login in logins():
            if login.role is Role.AGENT:
                kind = session.scalars(select(Office.kind).where(Office.name == login.office)).one()
                units[login.office] += 1
                kinds[kind] += units[login.office] == 1
        assert {login.role for login in logins()} == set(Role)
        assert set(kinds) == set(OfficeKind)
        assert min(kinds.values()) >= 2
        assert max(units.values()) == 2

    def test_the_file_has_the_agents_of_two_whole_chains(self, session):
        agents = {login.office for login in logins() if login.role is Role.AGENT}
        units = session.scalars(
            select(Office).where(Office.kind == OfficeKind.UNIT, Office.name.in_(agents))
        )
        whole = [len(chain_of(u)) for u in units if {o.name for o in chain_of(u)} <= agents]
        assert sorted(whole) == [3, 5, 5, 5]

    def test_each_is_let_in_as_who_it_is(self, filled):
        app = filled.app
        with app.test_request_context():
            for login in logins():
                user = recognise(app.appbuilder.session, login.username, login.password)
                key = create_login(app.appbuilder.session, user.username)
                actor = app.appbuilder.sm.load_user(key).actor
                assert (actor.role, actor.username, actor.name) == (
                    login.role, login.username, login.name,
                )  # fmt: skip
                applies = login.role is Role.APPLICANT
                named = applies or login.role in (Role.LEGAL, *REVIEWERS)
                assert (actor.person_id is not None) == named
                assert (actor.office_id is not None) == bool(login.office and not applies)
            app.extensions["sqlalchemy"].session.rollback()

    @pytest.mark.parametrize("role", Role)
    def test_the_login_takes_them(self, filled, role):
        login = next(login for login in logins() if login.role is role)
        page = Browser(filled.app).login(login.username, login.password)
        assert not page.select("input[name=password]")

    def test_a_hash_is_made_once_for_a_password(self, filled, session):
        hashes = set(session.scalars(select(User.password)))
        assert len(hashes) == 1
        assert fits(hashes.pop(), logins()[0].password)

    @pytest.mark.parametrize("part", PARTS, ids=lambda part: part.username)
    def test_applicants_are_in_their_situations(self, session, part):
        account = session.get(Account, part.username)
        wanted = Declaration.person_id == account.person_id
        declaration = session.scalars(select(Declaration).where(wanted)).one()
        status, faulted = SITUATIONS[part.username]
        assert (declaration.status, declaration.returner is not None) == (status, faulted)

    def test_one_is_bound_to_nobody_and_one_waits(self, session):
        states = {}
        for name in ("zhangsan", "zhengshi", "lisi"):
            person = session.get(Account, name).person_id
            wanted = Binding.person_id == person
            states[name] = session.scalars(select(Binding.state).where(wanted)).all()
        assert states == {
            "zhangsan": [],
            "zhengshi": [BindingState.REQUESTED],
            "lisi": [BindingState.BOUND],
        }

    def test_the_complete_draft_could_be_submitted(self, session, codes, today):
        person = session.get(Account, "wangwu").person_id
        wanted = Declaration.person_id == person
        declaration = session.scalars(select(Declaration).where(wanted)).one()
        assert errors(case_of(session, declaration, codes, today)) == []
        assert declaration.notice.declaring(today)


SITUATIONS = {
    "lisi": (Status.DRAFT, False),
    "wangwu": (Status.DRAFT, False),
    "zhaoliu": (Status.RETURNED, True),
    "sunqi": (Status.SUBMITTED, False),
    "zhouba": (Status.PASSED, False),
    "wujiu": (Status.TERMINATED, False),
}


class TestCommand:
    """``flask demo``"""

    def test_it_leaves_a_filled_database_alone(self, filled: Bed, session):
        before = number_of(session, Person)
        session.rollback()
        run = filled.app.test_cli_runner().invoke
        assert run(args=["demo", "--if-empty"]).exit_code == 0
        refused = run(args=["demo", "--declarations", "3"])
        assert (refused.exit_code, "not empty" in refused.output) == (1, True)
        assert number_of(session, Person) == before
