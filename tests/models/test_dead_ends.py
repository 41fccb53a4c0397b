"""No declaration may come to lie where nobody can act on it any more, and none goes on
that should not: what time, a person or a manager of notices changed in between.
"""

from datetime import date

import pytest
from sqlalchemy import select

from models.acts import case_of
from models.binding import Binding
from models.checking import findings
from models.declaration import Declaration, Submission
from models.filing import rebind
from models.permissions import Actor, Role, visible_to
from models.sections import BY_KEY
from models.submission import thaw
from models.words import NotAllowed
from models.workflow import Action
from tests.models.stage import AUDIT_END, NOON, SECOND, Stage, build

pytestmark = pytest.mark.world(build=build)

LATE = AUDIT_END + SECOND


def applicant_of(declaration: Declaration) -> Actor:
    return Actor(Role.APPLICANT, "p", "王小明", declaration.person_id)


def test_what_was_handed_back_and_returned_after_the_window_can_be_submitted(stage: Stage):
    declaration = stage.climb(stage.submitted())
    bureau = stage.holder(declaration)
    stage.act(bureau, declaration, Action.HAND_BACK, LATE, opinion="请补公章", target=1)
    stage.bounce(declaration, "paper", now=LATE)
    stage.submit(applicant_of(declaration), declaration, now=LATE)
    assert stage.states(declaration)[0] == (1, "水利院", "PENDING", 3)


def test_what_only_the_unit_has_had_cannot(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "paper")
    with pytest.raises(NotAllowed, match="推荐单位的审核时间已经结束，不能再提交。"):
        stage.submit(applicant_of(declaration), declaration, now=LATE)


def test_an_error_where_nothing_can_be_mended_goes_with_it_as_a_remark(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "paper")
    stage.notice.cut_off = date(2026, 12, 31)
    stage.session.commit()
    case = case_of(stage.session, declaration, stage.codes, NOON)
    broken = {found.section.key for found in findings(case) if not found.problem.warning}
    assert broken == {"assessment"}
    stage.submit(applicant_of(declaration), declaration)
    last = stage.session.scalars(select(Submission).where(Submission.round == 2)).one()
    assert len(thaw(BY_KEY["assessment"], last.content, None).remarks) == 1


def test_an_error_in_what_was_returned_holds_it_up(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "assessment")
    stage.notice.cut_off = date(2026, 12, 31)
    stage.session.commit()
    with pytest.raises(NotAllowed, match="数据验证还有 1 项没有通过"):
        stage.submit(applicant_of(declaration), declaration)


def test_who_has_left_the_unit_goes_on_with_the_new_one(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "paper")
    me = applicant_of(declaration)
    stage.session.execute(Binding.__table__.delete())
    stage.bind(me.person_id, "勘测院")
    with pytest.raises(NotAllowed, match="在申报页面换成现在绑定的推荐单位。"):
        stage.submit(me, declaration)
    rebind(stage.session, declaration, me, NOON)
    stage.session.commit()
    stage.submit(me, declaration)
    assert [name for _, name, state, _ in stage.states(declaration) if state == "PENDING"] == [
        "勘测院"
    ]


def test_a_notice_that_was_narrowed_takes_no_first_submission(stage: Stage):
    actor = stage.applicant()
    draft = stage.draft(actor)
    stage.notice.regions = ["110000"]
    stage.session.commit()
    with pytest.raises(NotAllowed, match="的申报范围不包括水利院。"):
        stage.submit(actor, draft)


def test_but_one_that_was_returned(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "paper")
    stage.notice.regions = ["110000"]
    stage.session.commit()
    stage.submit(applicant_of(declaration), declaration)
    assert declaration.status == "SUBMITTED"


def test_the_data_manager_of_an_earlier_chain_sees_it_no_more(stage: Stage):
    declaration = stage.bounce(stage.submitted(), "basic_info")
    me, old = applicant_of(declaration), declaration.unit_id
    seen = select(Declaration.id).where(visible_to(Actor(Role.DATA_MANAGER, "d", office_id=old)))
    assert list(stage.session.scalars(seen)) == [declaration.id]
    stage.bind(me.person_id, "勘测院")
    rebind(stage.session, declaration, me, NOON)
    stage.session.commit()
    stage.submit(me, declaration)
    assert list(stage.session.scalars(seen)) == []
    new = select(Declaration.id).where(
        visible_to(Actor(Role.DATA_MANAGER, "d", office_id=declaration.unit_id))
    )
    assert list(stage.session.scalars(new)) == [declaration.id]
