"""单位绑定: asked, answered, ended; one at a time."""

import pytest
from sqlalchemy import select

from models.binding import Binding, BindingState, answer, ask, end, live_binding
from models.reasons import REASON
from models.words import BadInput, NotAllowed
from tests.models.stage import NOON, SECOND, Stage, build

pytestmark = pytest.mark.world(build=build)


def asked(stage: Stage, unit: str = "水利院") -> Binding:
    """A request that waits; the person had been bound to it before."""
    person = stage.applicant().person_id
    end(live_binding(stage.session, person), NOON)
    binding = ask(stage.session, person, stage.office(unit), NOON)
    stage.session.commit()
    return binding


def standing(binding: Binding):
    return binding.state, binding.decided_by, binding.decided_at, binding.reason, binding.ended_at


def test_asked_it_waits(stage: Stage):
    binding = asked(stage)
    assert standing(binding) == ("REQUESTED", "", None, "", None)
    assert live_binding(stage.session, binding.person_id) is binding


def test_agreed(stage: Stage):
    binding = asked(stage)
    answer(binding, True, "欢迎", "张三", NOON)
    stage.session.commit()
    assert standing(binding) == ("BOUND", "张三", NOON, "", None)
    assert live_binding(stage.session, binding.person_id) is binding


def test_refused_with_a_reason_another_may_be_asked(stage: Stage):
    binding = asked(stage)
    for empty in ("", " \n"):
        with pytest.raises(BadInput, match="不同意绑定时，请写明原因。"):
            answer(binding, False, empty, "张三", NOON)
    with pytest.raises(BadInput, match=f"原因最多 {REASON} 字，现在是 {REASON + 1} 字。"):
        answer(binding, False, "长" * (REASON + 1), "张三", NOON)
    answer(binding, False, " 不是本单位职工 ", "张三", NOON)
    stage.session.commit()
    assert standing(binding) == ("REFUSED", "张三", NOON, "不是本单位职工", None)
    assert live_binding(stage.session, binding.person_id) is None
    ask(stage.session, binding.person_id, stage.office("勘测院"), NOON)


@pytest.mark.parametrize("bound", [True, False])
def test_one_unit_at_a_time(stage: Stage, bound):
    binding = asked(stage)
    if bound:
        answer(binding, True, "", "张三", NOON)
        stage.session.commit()
    words = "您已绑定或已申请绑定水利院。一人只能绑定一个推荐单位，请先解除绑定。"
    with pytest.raises(NotAllowed, match=words):
        ask(stage.session, binding.person_id, stage.office("勘测院"), NOON)
    end(binding, NOON + SECOND)
    stage.session.commit()
    assert (binding.state, binding.ended_at) == ("ENDED", NOON + SECOND)
    ask(stage.session, binding.person_id, stage.office("勘测院"), NOON)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("name", ["宽城区人社局", "评委会办公室", "水利院"])
def test_only_an_active_unit_can_be_asked(stage: Stage, name, active):
    person = stage.applicant(unit="勘测院").person_id
    end(live_binding(stage.session, person), NOON)
    office = stage.office(name)
    office.active = active
    stage.session.commit()
    if name == "水利院" and active:
        assert ask(stage.session, person, office, NOON).id
        return
    with pytest.raises(NotAllowed, match=f"{name}不是推荐单位，不能绑定。"):
        ask(stage.session, person, office, NOON)


def test_a_request_is_answered_once(stage: Stage):
    binding = asked(stage)
    answer(binding, True, "", "张三", NOON)
    stage.session.commit()
    words = "这条申请已于 03-20 12:00:00 由张三处理：已绑定。"
    with pytest.raises(NotAllowed, match=words):
        answer(binding, False, "晚了", "李四", NOON + SECOND)
    assert standing(binding) == ("BOUND", "张三", NOON, "", None)


def test_what_was_taken_back_is_not_answered(stage: Stage):
    binding = asked(stage)
    end(binding, NOON + SECOND)
    stage.session.commit()
    words = "这条申请已于 03-20 12:00:01 由申报人处理：已解除。"
    with pytest.raises(NotAllowed, match=words):
        answer(binding, True, "", "张三", NOON)
    with pytest.raises(NotAllowed, match="这条绑定已经结束了。"):
        end(binding, NOON)


@pytest.mark.parametrize("later", ["agree", "end"])
def test_who_comes_second_sees_what_was_done(stage: Stage, later):
    """Both had read the request while it still waited."""
    binding = asked(stage)
    id_ = binding.id
    stage.session.commit()
    with stage.sessions(expire_on_commit=False) as other:
        stale = other.get(Binding, id_)
        other.commit()
        answer(binding, False, "不是本单位职工", "张三", NOON)
        stage.session.commit()
        refusals = {"agree": "由张三处理：单位未同意。", "end": "这条绑定已经结束了。"}
        with pytest.raises(NotAllowed, match=refusals[later]):
            if later == "agree":
                answer(stale, True, "", "李四", NOON)
            else:
                end(stale, NOON)
        other.rollback()
    states = stage.session.scalars(select(Binding.state).where(Binding.id == id_)).all()
    assert states == [BindingState.REFUSED]


def test_the_words_of_the_states():
    assert [state.label for state in BindingState] == [
        "待单位同意",
        "已绑定",
        "单位未同意",
        "已解除",
    ]
