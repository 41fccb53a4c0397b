"""申报通知: what must hold of one, whose it is, and who reads it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.binding import Binding, answer
from models.clock import now
from models.declaration import Declaration
from models.filing import start
from models.notice import Notice
from models.offices import Office
from models.permissions import Actor, Role
from tests.worlds.base import PASSWORD, managed, uscc_of

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"
RIGHT = {
    "title": "2026 年工程系列", "year": "2026", "series": ["05", "08"], "levels": ["1", "2"],
    "specialties": "水利水电工程\r\n\r\n 测绘工程 ", "regions": ["220700", "220721"], "units": "",
    "declare_start": "2026-09-01T08:00:00", "declare_end": "2026-10-31T16:59:59",
    "audit_start": "2026-09-01T08:00", "audit_end": "2026-12-31T23:59:59",
    "cut_off": "2026-08-31", "to_read": "第一段\r\n第二段", "self_check": "条件一\n条件二",
    "resubmit_policy": "restart",
}  # fmt: skip


@pytest.fixture
def manager(client):
    client.login("manager", PASSWORD)
    return client


def notice(session, title: str) -> Notice:
    session.rollback()
    return session.scalars(select(Notice).where(Notice.title == title)).one()


def declare(session, published: Notice) -> Declaration:
    """高建国 is bound to his unit and starts."""
    at = now(session)
    binding = session.scalars(select(Binding)).one()
    answer(binding, True, "", "张三", at)
    session.flush()
    who = Actor(Role.APPLICANT, "applicant", "高建国", binding.person_id)
    made = start(session, published, who, at)
    session.commit()
    return made


def test_the_desk_of_the_manager_lists_the_own_ones(manager):
    page = manager.open("/")
    assert page.heading == "申报通知"
    assert [row[0] for row in page.rows()] == ["松原水利通知"]


def test_adds_one_with_every_field(manager, session):
    page = manager.open("/notices/add").form(FORM).send(**RIGHT)
    assert "已保存" in page.text
    made = notice(session, "2026 年工程系列")
    assert (made.year, made.owner.name, made.published) == (2026, "松原市人社局", False)
    assert (made.series, made.levels) == (["05", "08"], ["1", "2"])
    assert made.specialties == ["水利水电工程", "测绘工程"]
    assert (made.regions, made.units) == (["220700", "220721"], [])
    assert made.declare_start == datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
    assert made.declare_end == datetime(2026, 10, 31, 8, 59, 59, tzinfo=UTC)
    assert made.audit_end == datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert (made.cut_off, made.resubmit_policy) == (date(2026, 8, 31), "restart")
    assert (made.to_read, made.self_check) == ("第一段\n第二段", ["条件一", "条件二"])


def test_shows_again_what_was_saved(manager, session):
    manager.open("/notices/add").form(FORM).send(**RIGHT | {"units": uscc_of(4)})
    values = manager.open(f"/notices/edit/{notice(session, RIGHT['title']).id}").form(FORM).values
    assert values["declare_end"] == "2026-10-31T16:59:59"
    assert values["units"] == f"{uscc_of(4)} 松原江源设计院"
    assert (values["series"], values["regions"]) == (["05", "08"], ["220700", "220721"])
    assert values["resubmit_policy"] == "restart" and "published" not in values


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"title": " "}, "title", "请填写标题。"),
        ({"title": "长" * 201}, "title", "标题最多 200 字，现在是 201 字。"),
        ({"year": "20260"}, "year", "年份应在 2000 到 2099 之间。"),
        ({"year": "二〇二六"}, "year", "请填写数字"),
        ({"series": None}, "series", "请选择职称系列。"),
        ({"series": "77"}, "series", "请从列表中选择。"),
        ({"levels": None}, "levels", "请选择职称级别。"),
        ({"declare_end": ""}, "declare_end", "请选择个人申报截止。"),
        ({"declare_end": "明天"}, "declare_end", "时间应类似 2026-05-01 08:30:00"),
        ({"declare_end": "0001-01-01T00:00:00"}, "declare_end", "时间应类似"),
        ({"declare_end": "2026-09-01T07:59:59"}, "declare_end", "个人申报截止要晚于开始。"),
        ({"audit_end": "2026-08-31T00:00:00"}, "audit_end", "单位审核截止要晚于开始。"),
        ({"audit_end": "2026-10-31T16:59:58"}, "audit_end", "不能早于个人申报截止。"),
        ({"cut_off": "0001-01-01"}, "cut_off", "年份应在 2000 到 2099 之间。"),
        ({"units": f"{uscc_of(4)}\n{uscc_of(3)} 局\nXX"}, "units", f"{uscc_of(3)}、XX。请核对代码"),
        ({"resubmit_policy": "changed_only"}, "resubmit_policy", "请从列表中选择。"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(manager, typed, field, words):
    page = manager.open("/notices/add").form(FORM).send(status=400, **(RIGHT | typed))
    assert words in page.one(f"#error-{field}").get_text()
    values = page.form(FORM).values
    assert (
        values["to_read"] == "第一段\n第二段" and values["declare_start"] == RIGHT["declare_start"]
    )
    if field in ("declare_end", "year"):
        assert values[field] == typed[field]


def test_two_notices_have_two_titles(manager):
    page = manager.open("/notices/add").form(FORM).send(409, **RIGHT | {"title": "白城水利通知"})
    assert "已有同名的通知，请换一个标题。" in page.text


def test_anothers_notice_is_not_found(manager, session):
    foreign = notice(session, "白城水利通知").id
    for url in (f"/notices/edit/{foreign}", f"/notices/{foreign}/read"):
        manager.open(url, status=404)
    manager.open("/notices/list/")
    manager.post(f"/notices/delete/{foreign}", 404, {"csrf_token": manager.csrf_token})
    assert notice(session, "白城水利通知")


def test_only_what_is_unpublished_and_unanswered_is_deleted(manager, session):
    pk = notice(session, "松原水利通知").id
    delete = f"form[action$='/delete/{pk}']"
    gone = manager.open("/notices/list/").form(delete)
    assert "已发布的通知不能删除" in gone.send(409).text
    declaration = declare(session, notice(session, "松原水利通知"))
    assert "已有 1 份申报" in gone.send(409).text
    form = manager.open(f"/notices/edit/{pk}").form(FORM)
    page = form.send(status=400, published=None)
    assert "已有 1 份申报，不能取消发布" in page.one("#error-published").get_text()
    session.delete(declaration)
    session.commit()
    page = page.form(FORM).send(published=None)
    assert "改过这条记录，没有删除" in gone.send(409).text
    token = {"csrf_token": manager.csrf_token}
    assert "提交的内容不完整" in manager.post(f"/notices/delete/{pk}", 400, token).text
    assert "已删除" in page.form(delete).send().text


def test_warns_when_a_window_is_over_as_soon_as_it_is_saved(manager, session):
    mine = notice(session, "松原水利通知")
    form = manager.open(f"/notices/edit/{mine.id}").form(FORM)
    page = form.send(declare_end="2026-01-05T00:00:00", declare_start="2026-01-01T00:00:00")
    assert "个人申报截止已经过去" in page.text and "已保存" in page.text
    page = manager.open(f"/notices/edit/{mine.id}").form(FORM).send(to_read="改了正文")
    assert "已经过去" not in page.text


def test_of_two_who_edit_the_second_sees_both_values(manager, session):
    mine = notice(session, "松原水利通知")
    form = manager.open(f"/notices/edit/{mine.id}").form(FORM)
    mine.audit_end += timedelta(days=1)
    mine.series, mine.published, mine.updated_by = ["06"], False, "李四"
    session.commit()
    page = form.send(status=409, title="新标题")
    assert "现在保存的是：农业技术人员" in page.one("#error-series").get_text()
    assert "现在保存的是：否" in page.one("#error-published").get_text()
    assert page.form(FORM).values["title"] == "新标题"


@pytest.mark.parametrize("who", ["applicant", "agent", "manager"])
def test_the_reading_page_is_for_all_who_may_see_the_notice(client, session, who):
    mine = notice(session, "松原水利通知")
    mine.to_read, mine.self_check = "<b>须知</b>\n第二段", ["条件一"]
    mine.units = [session.scalars(select(Office).where(Office.name == "松原江源设计院")).one()]
    session.commit()
    client.login(who, PASSWORD)
    page = client.open(f"/notices/{mine.id}/read")
    assert page.heading == "松原水利通知"
    assert "<b>须知</b>" in page.text and "条件一" in page.text and "松原江源设计院" in page.text
    assert "工程技术人员" in page.text and "正在进行" in page.text


def test_an_unpublished_one_is_read_by_its_manager_only(client, session):
    hidden = notice(session, "白城水利通知").id
    client.login("applicant", PASSWORD)
    client.open(f"/notices/{hidden}/read", status=404)
    client.open("/notices/list/", status=403)


def test_the_reading_page_is_closed_to_the_administrator(client, session):
    client.login("admin", PASSWORD)
    client.open(f"/notices/{notice(session, '松原水利通知').id}/read", status=403)
