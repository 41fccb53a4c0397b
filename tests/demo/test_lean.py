"""The large province in the database: what the domain would never write is not there either."""

import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, selectinload

from demo.names import DOUBLE_SURNAMES, SURNAMES
from demo.province import GENERAL
from demo.stars import logins
from models.acts import carry_out
from models.batch import Batch, Serial
from models.binding import Binding, BindingState, live_binding
from models.clock import day_of
from models.codes import CodeBook
from models.declaration import Declaration, Progress, Step, Submission
from models.journal import Line
from models.notice import Notice, notice_problems
from models.numbers import birth_of, id_number_objection, sex_of
from models.offices import Office, OfficeKind, chain_of, office_problems
from models.people import Account, Person
from models.permissions import Actor, Role, listed_for, visible_to
from models.reach import Reach, rows
from models.section import Case
from models.sections import BY_KEY
from models.status import OPEN, Status, StepState
from models.submission import FORMAT, digest, thaw
from models.workflow import Action, Decision, Mark
from tests.bed import Bed
from tests.client import Browser
from tests.demo.lean_world import DECLARATIONS, lean
from tests.worlds.base import create_login
from views.entering import recognise

RECORDED = ("paper", "work", "education")

ALL = selectinload(Declaration.steps)


@pytest.fixture(scope="module")
def filled(bed: Bed) -> Bed:
    """The bed with the large province in it."""
    bed.restore(lean)
    return bed


def number_of(session: Session, *wanted) -> int:
    return session.scalar(select(func.count()).select_from(*wanted))


def everything(session: Session) -> list[Declaration]:
    return session.scalars(select(Declaration).options(ALL).order_by(Declaration.id)).all()


def first_unit(session: Session) -> Office:
    name = next(login.office for login in logins() if login.role is Role.AGENT)
    return session.scalars(select(Office).where(Office.name == name)).one()


def actor_of(session: Session, username: str) -> Actor:
    account = session.get(Account, username)
    role = next(login.role for login in logins() if login.username == username)
    return Actor(role, username, username, account.person_id, account.office_id)


class TestNumbers:
    """How many of everything there are."""

    def test_so_many_as_were_asked_for(self, session):
        states = Counter(session.scalars(select(Declaration.status)))
        assert set(states) == set(Status)
        assert states.total() == DECLARATIONS
        assert states[Status.PASSED] + states[Status.SUBMITTED] > 0.85 * DECLARATIONS
        assert number_of(session, Submission) == DECLARATIONS - states[Status.DRAFT]
        assert number_of(session, Person) == 0.42 * DECLARATIONS + 2

    def test_steps_in_every_state(self, session):
        assert set(session.scalars(select(Step.state))) == set(StepState)

    def test_units_and_what_the_first_one_owns(self, session):
        unit = first_unit(session)
        units = select(Office.id).where(Office.kind == OfficeKind.UNIT)
        assert len(session.scalars(units).all()) == 60
        mine = select(Declaration.notice_id).where(Declaration.unit_id == unit.id)
        notices = Counter(session.scalars(mine))
        assert notices.total() == 180
        assert len(notices) == 20

    @pytest.mark.parametrize("key", RECORDED)
    def test_three_to_five_records_of_each_section(self, session, key):
        model = BY_KEY[key].model
        counts = Counter(session.scalars(select(model.declaration_id)))
        assert len(counts) == DECLARATIONS
        assert set(counts.values()) == {3, 4, 5}

    def test_progress_has_up_to_four_lines(self, session):
        counts = Counter(session.scalars(select(Progress.declaration_id)))
        assert set(counts.values()) <= {1, 2, 3, 4}

    def test_names_have_common_surnames(self, session):
        names = session.scalars(select(Person.name)).all()
        firsts = [n[:2] if n[:2] in DOUBLE_SURNAMES else n[0] for n in names]
        assert {len(name) for name in names} <= {2, 3, 4}
        assert set(firsts) <= {*SURNAMES, *DOUBLE_SURNAMES}
        assert Counter(firsts).most_common(1)[0][1] > 0.04 * len(names)


class TestOffices:
    """Chains of three to five that all end in one place."""

    def test_offices_are_such_as_a_manager_could_have_typed(self, session, codes, today):
        for office in session.scalars(select(Office)):
            assert office_problems(office, codes, day_of(today)) == []

    def test_the_first_committee_is_in_every_chain(self, session):
        units = session.scalars(select(Office).where(Office.kind == OfficeKind.UNIT))
        chains = [chain_of(unit) for unit in units]
        assert {len(chain) for chain in chains} <= {3, 4, 5}
        assert {chain[-1].name for chain in chains} == {GENERAL}

    def test_notices_of_ten_years_of_which_two_are_open(self, session, today):
        notices = session.scalars(select(Notice)).all()
        assert [notice_problems(notice, 0, today) for notice in notices] == [[]] * 40
        assert len({notice.year for notice in notices}) == 10
        assert sum(notice.declaring(today) for notice in notices) == 2


class TestPeople:
    """Accounts, numbers, bindings."""

    def test_identity_numbers_are_valid_and_tell_sex_and_birth(self, filled, session, today):
        vault = filled.app.extensions["vault"]
        for person in session.scalars(select(Person)):
            number = vault.open(person.id_no, "person", "id_no", person.uid)
            assert id_number_objection(number, day_of(today)) is None
            assert (person.sex, person.birth_date) == (sex_of(number), birth_of(number))
            assert person.id_no.index == vault.index(number)

    def test_each_account_of_the_file_is_let_in_as_who_it_is(self, filled):
        app = filled.app
        with app.test_request_context():
            for login in logins():
                user = recognise(app.appbuilder.session, login.username, login.password)
                key = create_login(app.appbuilder.session, user.username)
                actor = app.appbuilder.sm.load_user(key).actor
                assert (actor.role, actor.name) == (login.role, login.name)
                applies = login.role is Role.APPLICANT
                assert (actor.person_id is not None) == applies
                assert (actor.office_id is not None) == bool(login.office and not applies)
            app.extensions["sqlalchemy"].session.rollback()

    @pytest.mark.parametrize("username", ["sb0000100", "jb00001"])
    def test_all_others_have_the_same_password(self, filled, username):
        with Session(filled.engine) as session:
            if username not in session.scalars(select(Account.username)).all():
                username = session.scalars(select(Account.username)).first()
        page = Browser(filled.app).login(username, logins()[0].password)
        assert not page.select("input[name=password]")

    def test_everybody_is_bound_to_the_unit_of_the_declarations(self, session):
        units = dict(session.execute(select(Declaration.person_id, Declaration.unit_id)).all())
        for person, unit in units.items():
            binding = live_binding(session, person)
            assert (binding.unit_id, binding.state) == (unit, BindingState.BOUND)
        states = Counter(session.scalars(select(Binding.state)))
        assert states[BindingState.REQUESTED] == 1


class TestInvariants:
    """What holds of every declaration that the domain has made."""

    def test_the_database_finds_nothing_wrong(self, filled, session):
        if filled.kind == "sqlite":  # PostgreSQL has asked when the rows came
            assert session.execute(text("PRAGMA quick_check")).all() == [("ok",)]
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []

    def test_steps_are_the_chain_of_the_unit(self, session):
        for declaration in everything(session):
            places = [(step.position, step.office_id) for step in declaration.steps]
            chain = chain_of(declaration.unit)
            drafted = declaration.status == Status.DRAFT
            wanted = [] if drafted else [(n, o.id) for n, o in enumerate(chain, 1)]
            assert places == wanted
            assert {step.notice_id for step in declaration.steps} <= {declaration.notice_id}

    def test_status_and_steps_agree(self, session):
        for declaration in everything(session):
            open_ = [step for step in declaration.steps if step.state in OPEN]
            here = declaration.step
            assert open_ == ([here] if declaration.status == Status.SUBMITTED else [])
            if declaration.status in (Status.PASSED, Status.TERMINATED):
                assert here.state == declaration.status
            if declaration.status == Status.PASSED:
                assert here is declaration.steps[-1]
            if declaration.status == Status.RETURNED:
                assert declaration.returner.faulted <= set(RECORDED)
                assert len(declaration.returner.faulted) == 1
            reached = declaration.current or getattr(declaration.returner, "position", 0)
            states = [step.state for step in declaration.steps]
            assert set(states[: max(reached - 1, 0)]) <= {StepState.SENT}
            assert set(states[reached:]) <= {StepState.AHEAD}

    def test_moments_follow_each_other(self, session, today):
        for declaration in everything(session):
            if declaration.status == Status.DRAFT:
                continue
            assert declaration.created_at <= declaration.submitted_at
            assert declaration.notice.declare_start <= declaration.created_at
            assert declaration.submitted_at < declaration.notice.declare_end
            at = declaration.submitted_at
            for step in declaration.steps:
                moments = [step.arrived_at, step.opened_at, step.decided_at]
                known = [moment for moment in moments if moment]
                assert known == sorted(known)
                if known and step.round == 1:
                    assert step.arrived_at == at
                at = step.decided_at
                assert not known or known[-1] < min(today, declaration.notice.audit_end)

    def test_progress_tells_where_it_stands(self, session, today):
        lines = defaultdict(list)
        for line in session.scalars(select(Progress).order_by(Progress.id)):
            lines[line.declaration_id].append(line)
        for declaration in everything(session):
            told = lines[declaration.id]
            moments = [line.at for line in told]
            assert moments == sorted(moments)
            if declaration.status == Status.DRAFT:
                assert told == []
                continue
            assert (told[0].action, told[0].at) == (Action.SUBMIT, declaration.submitted_at)
            last = told[-1]
            assert (last.at, last.actor) == (declaration.updated_at, declaration.updated_by)
            if declaration.status == Status.RETURNED:
                assert set(last.faults) == declaration.returner.faulted

    def test_batches_are_what_went_up(self, session):
        steps = select(Step).where(Step.batch_id.is_not(None))
        sent = defaultdict(list)
        for step in session.scalars(steps):
            sent[step.batch_id].append(step)
        for batch in session.scalars(select(Batch)):
            theirs = sent[batch.id]
            # What was handed back had been sent as well.
            assert len(theirs) <= batch.count
            assert {s.office_id for s in theirs} <= {batch.office_id}
            assert {s.notice_id for s in theirs} <= {batch.notice_id}
            assert {s.decided_at for s in theirs} <= {batch.sent_at}
            assert batch.office.superior_id == batch.target_id
            assert batch.sent_at >= batch.created_at
        handed_back = number_of(session, select(Step).where(Step.state == "RETURNED_IN").subquery())
        counted = session.scalar(select(func.sum(Batch.count)))
        assert counted == sum(map(len, sent.values())) + handed_back

    def test_numbers_are_drawn_in_order(self, session):
        drawn = Counter()
        for declaration in everything(session):
            if declaration.status == Status.DRAFT:
                continue
            year, region = declaration.notice.year, declaration.unit.region
            stem = f"{year}{region:0>6}{declaration.series}"
            assert re.fullmatch(rf"{stem}\d{{6}}", declaration.declare_no)
            drawn[stem] += 1
            assert declaration.declare_no == f"{stem}{drawn[stem]:06d}"
        for number, office, year in session.execute(
            select(Batch.number, Batch.office_id, Notice.year)
            .join(Notice, Notice.id == Batch.notice_id)
            .order_by(Batch.id)
        ):
            stem = f"batch-{year}-{office}"
            drawn[stem] += 1
            assert number == f"{year}{office:06d}{drawn[stem]:04d}"
        assert dict(session.execute(select(Serial.name, Serial.last)).all()) == drawn

    def test_submissions_can_be_read(self, session):
        for submission in session.scalars(select(Submission)):
            assert submission.content["format"] == FORMAT
            assert submission.sha256 == digest(submission.content)
            assert thaw(BY_KEY["paper"], submission.content, None).count == 0

    @pytest.mark.parametrize("key", RECORDED)
    def test_records_keep_the_rules(self, session, codes, today, key):
        found = Counter(
            str(finding.problem.sentence)
            for declaration in everything(session)
            for finding in BY_KEY[key].findings(Case(declaration, codes, day_of(today)))
        )
        assert found == {}

    def test_where_they_have_arrived_is_what_the_steps_say(self, session):
        kept = session.execute(select(*Reach.__table__.columns)).all()
        assert sorted(kept) == sorted(session.execute(rows()).all())


class TestSeen:
    """By whom, and what can be done next."""

    def test_the_agent_of_the_first_unit_sees_all_that_was_submitted_there(self, session):
        unit = first_unit(session)
        mine = (Declaration.unit_id == unit.id, Declaration.status != Status.DRAFT)
        wanted = set(session.scalars(select(Declaration.id).where(*mine)))
        agent = actor_of(session, "wangshuhua")
        assert set(session.scalars(select(Declaration.id).where(visible_to(agent)))) == wanted
        assert set(session.scalars(select(Reach.declaration_id).where(listed_for(agent)))) == wanted

    def test_the_data_manager_sees_all_that_was_submitted_anywhere(self, session):
        submitted = select(Declaration.id).where(Declaration.status != Status.DRAFT)
        wanted = set(session.scalars(submitted))
        manager = actor_of(session, "hanxue")
        assert set(session.scalars(select(Declaration.id).where(visible_to(manager)))) == wanted
        seen = session.scalars(select(Reach.declaration_id).where(listed_for(manager)))
        assert sorted(seen) == sorted(wanted)

    def test_an_agent_can_go_on_from_here(self, session, today):
        """Keys go on where the load has ended."""
        agent = actor_of(session, "wangshuhua")
        waiting = (
            select(Declaration)
            .join(Step, Step.declaration_id == Declaration.id)
            .join(Notice, Notice.id == Declaration.notice_id)
            .where(Step.office_id == agent.office_id, Step.state == StepState.PENDING)
            .where(Notice.audit_end > today)
        )
        declaration = session.scalars(waiting).first()
        decision = Decision(Action.RETURN, "请修改。", {"paper": Mark(True, "请核对")})
        carry_out(session, CodeBook.read(session), decision, declaration.id, agent, today)
        session.flush()
        assert declaration.status == Status.RETURNED
        assert declaration.returner.faulted == {"paper"}
        session.rollback()

    def test_the_journal_is_whole_and_tells_of_the_load(self, filled, session):
        assert list(filled.app.extensions["journal"].verify(session)) == []
        line = session.scalars(select(Line).order_by(Line.id)).first()
        assert (line.act, line.object_kind) == ("import", "database")
        assert f'"declarations": {DECLARATIONS}' in line.detail

    def test_days_of_submission_spread_over_ten_years(self, session, today):
        days = [d.submitted_at for d in everything(session) if d.submitted_at]
        assert today - min(days) > timedelta(days=9 * 365)
        assert today - max(days) < timedelta(days=60)
