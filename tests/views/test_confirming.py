"""双人复核: what an agent proposes moves nothing until another one has confirmed it."""

import json

import pytest
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from models.attachment import Attachment
from models.batch import Batch
from models.clock import now
from models.declaration import Declaration, Progress, Step
from models.journal import Line
from models.offices import Office
from models.people import Account, Realm
from models.permissions import Role
from models.proposal import Proposal
from tests.client import Browser
from tests.views.test_races import Tab, at_once, statuses
from tests.worlds.base import PASSWORD
from tests.worlds.two_units import OWN, two_units

pytestmark = pytest.mark.world(build=two_units)

WHY = "申报条件不符"


class Scene:
    """The people of one unit that wants four eyes."""

    def __init__(self, db, session):
        self.app, self.session = db.app, session
        unit = update(Office).where(Office.name == f"{OWN.office}设计院")
        session.execute(unit.values(four_eyes=True))
        session.commit()
        self.agent, self.checker = self.browser("agent"), self.browser("checker")

    def browser(self, username: str) -> Browser:
        made = Browser(self.app)
        made.login(username, PASSWORD)
        return made

    def of(self, username: str) -> int:
        """The declaration of somebody."""
        person = self.session.get(Account, username).person_id
        found = select(Declaration.id).where(Declaration.person_id == person)
        return self.session.scalars(found).one()

    def state(self, declaration: int) -> str:
        self.session.rollback()
        return self.session.scalars(
            select(Step.state).where(Step.declaration_id == declaration, Step.position == 1)
        ).one()

    def propose(self, username: str = "submitted") -> tuple[int, int]:
        """The agent asks for the end; the declaration and the proposal."""
        declaration = self.of(username)
        form = self.agent.open(f"/audit/{declaration}").form("#bench")
        page = form.send(action="stop", opinion=WHY, button="then=next")
        assert "终止审核已提请负责人确认，确认前不生效" in page.text
        live = select(Proposal.id).where(Proposal.declaration_id == declaration)
        self.session.rollback()
        return declaration, self.session.scalars(live.where(Proposal.state == "LIVE")).one()

    def propose_sending(self, *usernames: str) -> int:
        """The agent asks to send them up; the proposal."""
        notice = self.session.get(Declaration, self.of(usernames[0])).notice_id
        page = self.agent.open(f"/send/{notice}")
        page = page.form("#send").send(id=[str(self.of(name)) for name in usernames])
        assert f"已提请送审 {len(usernames)} 份，待负责人确认" in page.text
        self.session.rollback()
        return self.session.scalars(select(Proposal.id).where(Proposal.kind == "SEND")).one()

    def answer(self, proposal: int, deed: str = "confirm", status: int = 200, **data):
        data = {"csrf_token": self.checker.csrf_token} | data
        return self.checker.post(f"/confirm/{deed}/{proposal}", status=status, data=data)

    def story(self, *acts: str) -> list[tuple[str, str, str]]:
        """Who did which of these acts to what, as the journal has it."""
        self.session.rollback()
        lines = self.session.scalars(
            select(Line).where(Line.act.in_(acts)).order_by(Line.id.desc()).limit(len(acts))
        )
        return [(line.actor, line.act, line.object_kind) for line in reversed(lines.all())]

    def become(self, username: str, role: Role) -> None:
        user = self.session.scalars(select(User).where(User.username == username)).one()
        user.roles = [self.session.scalars(select(RoleRow).where(RoleRow.name == role)).one()]
        self.session.commit()


@pytest.fixture
def scene(db, session) -> Scene:
    return Scene(db, session)


class TestAnEnd:
    def test_it_waits_and_then_runs(self, scene):
        declaration, proposal = scene.propose()
        assert scene.state(declaration) == "PENDING"
        page = scene.checker.open("/")
        assert page.url == "/confirm/list/"
        assert [row[0] for row in page.rows()] == ["终止审核"]
        page = page.follow("办理")
        assert WHY in page.text
        bench = page.follow("submitted")
        assert "待负责人确认" in bench.text and not bench.select("#bench")
        page = scene.checker.open(f"/confirm/show/{proposal}")
        page.form(f"form[action$='/confirm/{proposal}']").send()
        assert scene.state(declaration) == "TERMINATED"
        assert scene.story("propose", "terminate", "confirm") == [
            ("agent", "propose", "proposal"),
            ("agent", "terminate", "declaration"),
            ("checker", "confirm", "proposal"),
        ]
        detail = scene.session.scalars(select(Line.detail).where(Line.act == "confirm")).one()
        assert json.loads(detail) == {
            "kind": "TERMINATE", "proposed_by": "agent", "declarations": [declaration],
        }  # fmt: skip
        line = select(Progress).where(Progress.declaration_id == declaration)
        last = scene.session.scalars(line.order_by(Progress.id.desc())).first()
        assert (last.action, last.opinion) == ("TERMINATE", WHY)

    def test_a_refusal_is_told_to_the_agent_and_nothing_has_moved(self, scene):
        declaration, proposal = scene.propose()
        page = scene.answer(proposal, "refuse", 400, reason=" ")
        assert "驳回时请写明原因。" in page.one("#error-reason").get_text()
        scene.answer(proposal, "refuse", reason="先让本人补正")
        assert scene.state(declaration) == "PENDING"
        page = scene.agent.open(f"/audit/{declaration}")
        assert f"负责人{OWN.person}checker驳回了终止审核：先让本人补正" in page.text
        assert page.one("#opinion").get_text().strip() == WHY
        assert scene.propose()[0] == declaration

    def test_the_agent_takes_it_back(self, scene):
        declaration, proposal = scene.propose()
        page = scene.agent.open(f"/audit/{declaration}")
        assert "待负责人确认。确认前不生效。" in page.text and not page.select("#bench")
        page = page.form(f"form[action='/proposals/take-back/{proposal}']").send()
        assert page.url == f"/audit/{declaration}" and page.select("#bench")
        page = scene.answer(proposal, status=409)
        assert "这项提请已撤回" in page.text
        assert scene.state(declaration) == "PENDING"

    def test_meanwhile_nobody_decides_otherwise(self, scene):
        declaration = scene.of("submitted")
        other = scene.browser("agent2")
        old = other.open(f"/audit/{declaration}").form("#bench")
        scene.propose()
        seen = scene.session.get(Declaration, declaration).version
        for deed in ({"then": "stay"}, {"then": "next", "action": "stop", "opinion": "也终止"}):
            page = old.send(409, version=str(seen), **deed)
            assert "已提请终止审核，待负责人确认。要改变结果，请先撤回提请。" in page.text
        assert scene.state(declaration) == "PENDING"

    def test_what_changed_since_is_told_and_does_not_end(self, scene):
        declaration, proposal = scene.propose()
        scene.session.get(Declaration, declaration).updated_at = now(scene.session)
        scene.session.commit()
        page = scene.answer(proposal, status=409)
        assert "您看到的内容已经过时" in page.text
        assert scene.state(declaration) == "PENDING"
        assert scene.session.get(Proposal, proposal).state == "LIVE"

    def test_without_the_switch_it_ends_at_once(self, scene):
        scene.session.execute(update(Office).values(four_eyes=False))
        scene.session.commit()
        declaration = scene.of("submitted")
        form = scene.agent.open(f"/audit/{declaration}").form("#bench")
        form.send(action="stop", opinion=WHY, button="then=next")
        assert scene.state(declaration) == "TERMINATED"

    def test_what_would_be_refused_is_not_even_proposed(self, scene):
        form = scene.agent.open(f"/audit/{scene.of('submitted')}").form("#bench")
        page = form.send(409, action="stop", opinion="", button="then=next")
        assert "请填写审核意见。" in page.text
        live = select(Proposal).where(Proposal.state == "LIVE")
        assert scene.session.scalars(live).all() == []


class TestTwoPairsOfEyes:
    """Another account, another person, of the same office, and not about himself."""

    def test_who_proposed_does_not_confirm(self, scene):
        _declaration, proposal = scene.propose()
        scene.become("agent", Role.CHECKER)
        scene.checker = scene.browser("agent")
        page = scene.answer(proposal, status=403)
        assert "不能确认自己提请的事项" in page.text

    def test_nor_does_his_other_account(self, scene):
        """The database refuses two by which one person audits in a unit; should another kind of
        account have come by the role, it does not serve either."""
        declaration, proposal = scene.propose()
        person = scene.session.get(Account, "vetted").person_id
        for username in ("agent", "checker"):
            scene.session.get(Account, username).person_id = person
        with pytest.raises(IntegrityError):
            scene.session.flush()
        scene.session.rollback()
        scene.session.get(Account, "checker").realm = Realm.STAFF
        for username in ("agent", "checker"):
            scene.session.get(Account, username).person_id = person
        scene.session.commit()
        assert "不能确认自己提请的事项" in scene.answer(proposal, status=403).text
        assert scene.state(declaration) == "PENDING"

    def test_nor_anybody_about_himself(self, scene):
        declaration, proposal = scene.propose()
        person = scene.session.get(Declaration, declaration).person_id
        scene.session.get(Account, "checker").person_id = person
        scene.session.commit()
        assert "不能审核本人的申报" in scene.answer(proposal, status=403).text
        assert scene.state(declaration) == "PENDING"

    def test_who_may_not_audit_any_more_has_nothing_confirmed(self, scene):
        declaration, proposal = scene.propose()
        scene.become("agent", Role.DATA_MANAGER)
        assert "已不是本机构的经办人" in scene.answer(proposal, status=409).text
        assert scene.state(declaration) == "PENDING"

    @pytest.mark.parametrize("deed", ["confirm", "refuse"])
    def test_only_the_own_office_is_asked(self, scene, deed):
        _declaration, proposal = scene.propose()
        scene.checker = scene.browser("checker-b")
        scene.answer(proposal, deed, 404, reason="不同意")

    def test_the_database_refuses_one_pair(self, scene):
        _declaration, proposal = scene.propose()
        one = {"state": "CONFIRMED", "decided_by": "agent", "decided_at": now(scene.session)}
        with pytest.raises(IntegrityError, match="four_eyes"):
            scene.session.execute(update(Proposal).where(Proposal.id == proposal).values(**one))

    def test_two_who_confirm_at_once_confirm_once(self, scene):
        scene.become("agent2", Role.CHECKER)
        declaration, proposal = scene.propose()
        tabs = [Tab(scene.app, name) for name in ("checker", "agent2")]
        url = f"/confirm/confirm/{proposal}"
        answers = at_once(*(lambda tab=tab: tab.post(url) for tab in tabs))
        assert statuses(answers) == {302: 1, 409: 1}
        assert scene.state(declaration) == "TERMINATED"
        assert scene.story("terminate", "confirm")[0][1:] == ("terminate", "declaration")

    def test_an_agent_who_leaves_takes_his_proposals_with_him(self, scene):
        declaration, proposal = scene.propose()
        legal = scene.browser("legal")
        pk = scene.session.scalars(select(User.id).where(User.username == "agent")).one()
        form = legal.open(f"/agents/leave/{pk}").form("main form:has(.zc-actbar)")
        assert "待负责人确认的提请，交接时撤回：终止审核" in form.page.text
        form.send(button="then=disable", heir="agent2")
        scene.session.rollback()
        taken = scene.session.get(Proposal, proposal)
        assert (taken.state, taken.decided_by) == ("TAKEN_BACK", "legal")
        page = scene.browser("agent2").open(f"/audit/{declaration}")
        assert page.one("#opinion").get_text().strip() == WHY


class TestASending:
    def test_it_waits_and_then_goes(self, scene):
        declaration = scene.of("vetted")
        proposal = scene.propose_sending("vetted")
        assert scene.state(declaration) == "VETTED"
        page = scene.agent.open(f"/send/{scene.session.get(Declaration, declaration).notice_id}")
        assert "提请送审 1 份，待负责人确认。" in page.text
        assert not page.select("button[form=send]")
        page = scene.checker.open(f"/confirm/show/{proposal}")
        assert [a["href"] for a in page.select("aside a[href^='/audit/']")] == [
            f"/audit/{declaration}"
        ]
        scene.checker.open(page.select("aside a[href^='/files/']")[0]["href"])
        scene.answer(proposal)
        assert scene.state(declaration) == "SENT"
        batch = scene.session.get(Proposal, proposal).batch
        assert (batch.count, batch.sent_by) == (1, f"{OWN.person}agent")
        assert scene.story("propose", "send", "confirm") == [
            ("agent", "propose", "proposal"),
            ("agent", "send", "declaration"),
            ("checker", "confirm", "proposal"),
        ]

    def test_another_report_than_the_proposed_one_is_told(self, scene):
        proposal = scene.propose_sending("vetted")
        batch = scene.session.get(Proposal, proposal).batch_id
        gone = update(Attachment).where(Attachment.batch_id == batch)
        scene.session.execute(gone.values(uid="0" * 32))
        scene.session.commit()
        assert "推荐报告在提请之后更换过" in scene.answer(proposal, status=409).text
        assert scene.state(scene.of("vetted")) == "VETTED"

    def test_one_that_was_opened_again_keeps_all_of_them(self, scene):
        proposal = scene.propose_sending("vetted")
        declaration = scene.of("vetted")
        page = scene.agent.open(f"/audit/{declaration}")
        page.form("form[action$='/reopen']").send()
        page = scene.answer(proposal, status=409)
        assert "1 份不能送审，一份也没有送出。" in page.text
        assert scene.state(declaration) == "PENDING"
        waiting = select(Batch.sent_at).join(Proposal, Proposal.batch_id == Batch.id)
        assert scene.session.scalars(waiting).all() == [None]

    def test_it_is_proposed_once_and_can_be_taken_back(self, scene):
        notice = scene.session.get(Declaration, scene.of("vetted")).notice_id
        old = scene.browser("agent2").open(f"/send/{notice}").form("#send")
        proposal = scene.propose_sending("vetted")
        page = old.send(409, id=[str(scene.of("vetted"))])
        assert "这一批已提请送审，待负责人确认。" in page.text
        page = scene.agent.open(f"/send/{notice}")
        page.form(f"form[action='/proposals/take-back/{proposal}']").send()
        scene.session.rollback()
        assert scene.session.get(Proposal, proposal).state == "TAKEN_BACK"

    def test_one_that_was_passed_anew_since_is_told(self, scene):
        """It can be sent again, yet it is not what was proposed."""
        proposal, declaration = scene.propose_sending("vetted"), scene.of("vetted")
        kept = scene.session.get(Proposal, proposal)
        version = scene.session.get(Declaration, declaration).version
        assert (kept.chosen, kept.ids) == ([[declaration, version]], [declaration])
        moved = update(Declaration).where(Declaration.id == declaration)
        scene.session.execute(moved.values(version=version + 2))
        scene.session.commit()
        page = scene.answer(proposal, status=409)
        assert "在提请送审之后有过变化，请由经办人核对后重新提请。" in page.text
        assert scene.state(declaration) == "VETTED"
        old = update(Proposal).where(Proposal.id == proposal)
        scene.session.execute(old.values(chosen=[declaration]))  # as rows were before
        scene.session.commit()
        scene.answer(proposal)
        assert scene.state(declaration) == "SENT"

    @pytest.mark.parametrize("four_eyes", [True, False])
    def test_one_whose_end_is_proposed_is_not_sent(self, scene, four_eyes):
        declaration = scene.of("vetted")
        version = scene.session.get(Declaration, declaration).version
        scene.session.rollback()
        scene.agent.open(f"/audit/{declaration}")
        asked = {"version": str(version), "action": "stop", "opinion": WHY}
        token = {"csrf_token": scene.agent.csrf_token}
        scene.agent.post(f"/audit/{declaration}/decide", data=token | asked)
        about = select(Proposal.id).where(Proposal.declaration_id == declaration)
        proposal = scene.session.scalars(about).one()
        scene.session.execute(update(Office).values(four_eyes=four_eyes))
        scene.session.commit()
        notice = scene.session.get(Declaration, declaration).notice_id
        page = scene.agent.open(f"/send/{notice}").form("#send").send(409, id=[str(declaration)])
        assert "这份申报已提请终止审核，待负责人确认。" in page.text
        assert scene.state(declaration) == "VETTED"
        scene.session.rollback()
        scene.answer(proposal)
        assert scene.state(declaration) == "TERMINATED"


def test_the_checker_is_not_sent_to_a_desk_that_is_closed_to_him(scene):
    words = "人申请绑定本单位"
    assert words in scene.agent.open("/audit/list/").text
    assert words not in scene.checker.open("/audit/list/").text
