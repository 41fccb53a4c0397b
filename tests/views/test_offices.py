"""审核机构: who keeps them, what must hold of one, and the chain that has no ring."""

import pytest
from sqlalchemy import select

from models.clock import now
from models.journal import Line
from models.offices import Office
from tests.worlds.base import PASSWORD, managed, uscc_of

pytestmark = pytest.mark.world(build=managed)
FORM = "main form[method=post]"


@pytest.fixture
def manager(client):
    client.login("manager", PASSWORD)
    return client


def office(session, name: str) -> Office:
    session.rollback()
    return session.scalars(select(Office).where(Office.name == name)).one()


def test_lists_all_with_names_of_codes_and_superiors(manager):
    rows = {row[0]: row for row in manager.open("/offices/list/").rows()}
    assert len(rows) == 6
    assert rows["松原江源设计院"][2:6] == ["推荐单位", "宁江区", "松原市水利局", "是"]


def test_a_list_costs_the_same_whatever_its_length(manager, session, count_statements):
    with count_statements() as few:
        manager.open("/offices/list/")
    for n in range(100, 120):
        session.add(Office(name=f"单位{n}", uscc=uscc_of(n), kind="unit", region="220702",
                           superior=office(session, "松原市水利局")))  # fmt: skip
    session.commit()
    with count_statements() as many:
        manager.open("/offices/list/")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ({"_flt_0_name": "白城"}, {"白城市人社局", "白城水利院"}),
        ({"_flt_0_name": "%"}, set()),
        ({"_flt_0_uscc": uscc_of(4).lower()}, {"松原江源设计院"}),
        ({"_flt_0_name": ""}, None),
    ],
)
def test_finds_by_name_and_code(manager, question, names):
    rows = manager.open("/offices/list/", query=question).rows()
    if names is None:
        assert len(rows) == 6
    else:
        assert {row[0] for row in rows if len(row) > 1} == names


def test_orders_by_the_links_of_the_head(manager):
    page = manager.open("/offices/list/")
    names = [row[0] for row in page.follow("机构名称").rows()]
    assert names == sorted(names) and len(names) == 6
    names = [row[0] for row in manager.page.follow("机构名称").rows()]
    assert names == sorted(names, reverse=True)


@pytest.mark.parametrize(
    "question",
    [
        {"_flt_9_name": "x"}, {"_flt_0_telephone": "1"}, {"page_Offices": "x"},
        {"psize_Offices": "-1"}, {"_oc_Offices": "telephone", "_od_Offices": "asc"},
    ],
)  # fmt: skip
def test_refuses_questions_that_nobody_asks(manager, question):
    manager.open("/offices/list/", status=400, query=question)


@pytest.mark.parametrize("who", ["agent", "applicant", "data", "security"])
def test_is_closed_to_all_others(client, who):
    client.login(who, PASSWORD)
    client.open("/offices/list/", status=403)
    client.post("/offices/add", status=403, data={"csrf_token": client.csrf_token, "name": "x"})


def test_who_keeps_the_accounts_reads_them_and_changes_none(client, session):
    """An account belongs to an office; the offices themselves are the notice manager's."""
    there = office(session, "松原江源设计院").id
    session.rollback()
    client.login("admin", PASSWORD)
    page = client.open("/offices/list/")
    assert len(page.rows()) == 6
    ways = ("/offices/add", f"/offices/edit/{there}", f"/offices/delete/{there}")
    assert [a["href"] for a in page.select("main a[href]") if a["href"].startswith(ways)] == []
    assert page.select("main form[method=post]") == []
    data = {"csrf_token": client.csrf_token, "name": "x"}
    for way in ways:
        client.post(way, status=403, data=data)
    assert session.get(Office, there).name == "松原江源设计院"


def test_a_manager_outside_an_hr_office_sees_none(manager, session):
    office(session, "松原市人社局").kind = "department"
    session.commit()
    assert "没有找到记录" in manager.open("/offices/list/").text


def test_adds_one(manager, session):
    form = manager.open("/offices/add").form(FORM)
    page = form.send(
        name="前郭水利院", uscc=f" {uscc_of(50).lower()} ", kind="unit", nature="02",
        region="220721", superior=uscc_of(3),
    )  # fmt: skip
    assert page.heading == "审核机构" and "已保存" in page.text
    made = office(session, "前郭水利院")
    assert (made.uscc, made.superior.name, made.active) == (uscc_of(50), "松原市水利局", True)
    line = session.scalars(select(Line).order_by(Line.id.desc())).first()
    assert (line.actor, line.act, line.object_kind) == ("manager", "add", "office")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "请填写机构名称。"),
        ({"four_eyes": "y"}, "four_eyes", "请先为本机构设一名启用的负责人"),
        ({"name": "长" * 101}, "name", "机构名称最多 100 字"),
        ({"uscc": uscc_of(50)[:-1] + "0"}, "uscc", "校验位不对"),
        ({"uscc": ""}, "uscc", "应为 18 位"),
        ({"kind": ""}, "kind", "请选择机构类型。"),
        ({"kind": "palace"}, "kind", "请从列表中选择。"),
        ({"nature": ""}, "nature", "请选择单位性质。"),
        ({"region": ""}, "region", "请选择所在地区。"),
        ({"superior": uscc_of(77)}, "superior", "没有代码为"),
        ({"superior": uscc_of(4)}, "superior", "松原江源设计院是推荐单位，不能作为上级审核机构。"),
    ],
)
def test_says_what_is_wrong_and_keeps_what_was_typed(manager, session, typed, field, words):
    right = {"name": "新单位", "uscc": uscc_of(50), "kind": "unit", "nature": "02",
             "region": "220702", "telephone": "0438-1", "superior": ""}  # fmt: skip
    page = manager.open("/offices/add").form(FORM).send(status=400, **(right | typed))
    assert words in page.one(f"#error-{field}").get_text()
    assert page.form(FORM).values["telephone"] == "0438-1"
    assert session.scalars(select(Office).where(Office.name == "新单位")).first() is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "松原江源设计院"}, "这个机构名称已经登记过。"),
        ({"uscc": uscc_of(4)}, "这个统一社会信用代码已经登记过。"),
    ],
)
def test_a_second_one_of_a_name_or_code_hears_the_sentence_of_the_constraint(manager, typed, words):
    right = {"name": "新单位", "uscc": uscc_of(50), "kind": "unit", "nature": "02",
             "region": "220702"}  # fmt: skip
    page = manager.open("/offices/add").form(FORM).send(status=409, **(right | typed))
    assert words in page.text and page.form(FORM).values["region"] == "220702"


def test_the_superiors_form_no_ring(manager, session):
    bureau, water = office(session, "松原市人社局"), office(session, "松原市水利局")
    form = manager.open(f"/offices/edit/{bureau.id}").form(FORM)
    page = form.send(status=400, superior=f"{water.uscc} {water.name}")
    assert "松原市水利局由本机构逐级管理" in page.one("#error-superior").get_text()
    assert office(session, "松原市人社局").superior.name == "省水利评委会办公室"


def test_an_office_above_others_does_not_become_a_unit(manager, session):
    water = office(session, "松原市水利局")
    form = manager.open(f"/offices/edit/{water.id}").form(FORM)
    page = form.send(status=400, kind="unit", nature="02")
    assert "它已有下级机构" in page.one("#error-kind").get_text()


def test_the_superior_is_shown_with_its_name_and_stays(manager, session):
    unit = office(session, "松原江源设计院")
    form = manager.open(f"/offices/edit/{unit.id}").form(FORM)
    assert form.values["superior"] == f"{uscc_of(3)} 松原市水利局"
    form.send(telephone="0438-2100000", active=None)
    unit = office(session, "松原江源设计院")
    assert (unit.telephone, unit.active) == ("0438-2100000", False)
    assert unit.superior.name == "松原市水利局"


def test_of_two_who_edit_the_second_sees_both_values(manager, session):
    unit = office(session, "松原江源设计院")
    form = manager.open(f"/offices/edit/{unit.id}").form(FORM)
    unit.telephone, unit.updated_by, unit.updated_at = "111", "李四", now(session)
    session.commit()
    page = form.send(status=409, telephone="222")
    assert page.texts(".zc-flash")[0].startswith("李四于")
    assert "现在保存的是：111" in page.one("#error-telephone").get_text()
    page.form(FORM).send()
    assert office(session, "松原江源设计院").telephone == "222"


def test_deletes_only_what_nothing_refers_to(manager, session):
    unit, top = office(session, "白城水利院"), office(session, "省水利评委会办公室")
    page = manager.open("/offices/list/").form(f"form[action$='/delete/{top.id}']").send(409)
    assert "省水利评委会办公室已有下级机构" in page.text
    manager.open("/offices/list/").form(f"form[action$='/delete/{unit.id}']").send(409)
    free = Office(name="空单位", uscc=uscc_of(60), kind="unit", region="220702")
    session.add(free)
    session.flush()
    url = f"/offices/delete/{free.id}"
    session.commit()
    gone = manager.open("/offices/list/").form(f"form[action='{url}']")
    free.telephone, free.updated_by, free.updated_at = "111", "李四", now(session)
    session.commit()
    assert "李四于" in gone.send(409).text
    token = {"csrf_token": manager.open("/offices/list/").browser.csrf_token}
    assert "提交的内容不完整" in manager.post(url, 400, token).text
    page = manager.open("/offices/list/").form(f"form[action='{url}']").send()
    assert "已删除" in page.text and "空单位" not in page.text


def test_an_edit_says_which_version_it_saw(manager, session):
    form = manager.open(f"/offices/edit/{office(session, '松原江源设计院').id}").form(FORM)
    for version in (None, "", "x"):
        page = form.send(400, version=version, telephone="0438-9999999")
        assert "提交的内容不完整，没有保存" in page.text
        assert not office(session, "松原江源设计院").telephone
        session.rollback()
    page.form(FORM).send()
    assert office(session, "松原江源设计院").telephone == "0438-9999999"


def test_nothing_is_deleted_by_get_or_where_it_is_not(manager):
    manager.open("/offices/delete/1", status=405)
    manager.open("/offices/list/")
    manager.post("/offices/delete/9999", 404, {"csrf_token": manager.csrf_token})
    manager.open("/offices/edit/9999", status=404)
