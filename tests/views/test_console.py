"""The data managers' console: what it shows, to whom, and what it never shows."""

import json
from base64 import urlsafe_b64encode
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from models.binding import Binding
from models.declaration import Declaration
from models.offices import Office
from models.people import Person
from models.reach import register
from models.sections import SECTIONS
from models.status import Status
from tests.worlds.console import (
    EXPERT_NO,
    FOREIGN,
    FORMULAS,
    MANY,
    OPEN_EDIT,
    PASSWORD,
    id_no,
    two_cities,
)

pytestmark = pytest.mark.world(build=two_cities)

PARTS = [section.key for section in SECTIONS if section.model is not None]
TABLES = ["declaration", *PARTS, "office", "binding", "batch"]
HIDDEN = (FOREIGN, OPEN_EDIT, EXPERT_NO, *(id_no(n) for n in range(60)))


@pytest.fixture
def manager(client):
    """The data manager of the city."""
    client.login("data", PASSWORD)
    return client


def listed(browser, table: str, **query) -> list[list[str]]:
    """All rows of a list, page by page."""
    page = browser.open(f"/console/{table}/", query=query | {"page_size": 100})
    rows = page.rows()
    while page.select("a[rel=next]"):
        page = page.follow("下一页")
        rows += page.rows()
    return rows


def column(rows: list[list[str]], place: int) -> list[str]:
    return [row[place] for row in rows]


def total(page) -> int:
    return int(page.one("#found").get_text().split()[1])


def filter_named(page, label: str) -> str:
    """The name that the field of this label sends."""
    return next(tag["for"] for tag in page.select("label") if tag.get_text() == label)


# Who may come in


def addresses(app) -> list[str]:
    """Every address of the console."""
    rules = [r.rule for r in app.url_map.iter_rules() if r.endpoint.startswith("console")]
    return [rule.replace("<export_type>", "csv") for rule in rules]


def test_the_addresses_are_lists_details_and_exports(app):
    expected = {"/console/"}
    for table in TABLES:
        ends = ("", "details/", "export/csv/")
        expected |= {f"/console/{table}/{end}" for end in ends}
    assert set(addresses(app)) == expected


def test_nobody_is_sent_to_the_entrance(app, client):
    for address in addresses(app):
        answer = client.client.get(address)
        assert answer.status_code == 302, address
        assert answer.location.startswith("/?next="), address


@pytest.mark.parametrize("username", ["agent", "admin"])
def test_other_roles_are_refused(app, client, username):
    sign_in(client, username)
    for address in addresses(app):
        assert client.client.get(address).status_code == 403, address


def sign_in(browser, username: str) -> None:
    """Without looking at the desk that the login leads to."""
    form = browser.open("/login/").form("form:has(input[name=password])")
    data = form.values | {"username": username, "password": PASSWORD}
    assert browser.client.post(form.action, data=data).status_code == 302


def test_a_right_taken_away_is_gone_at_once(manager, db):
    manager.open("/console/paper/")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ab_user_role")
    assert manager.open("/console/paper/").heading == "登录"
    sign_in(manager, "data")
    assert manager.client.get("/console/paper/").status_code == 403


def test_the_menu_leads_to_the_other_desks_of_the_role(manager):
    page = manager.open("/").follow("单位导入")
    assert (page.heading, page.url) == ("单位导入", "/imports/units")
    assert page.texts(".zc-nav a") == ["单位导入", "数据管理"]
    page = page.follow("数据管理")
    for place in (".zc-nav", ".zc-only-m .zc-menu-pop"):
        links = page.texts(f"{place} a")
        assert [word for word in ("单位导入", "数据管理") if word in links] == ["单位导入"]


def test_a_manager_of_no_office_sees_nothing(client):
    client.login("data-nowhere", PASSWORD)
    for table in TABLES:
        page = client.open(f"/console/{table}/")
        assert (total(page), page.rows()) == (0, []), table


def test_there_is_no_way_to_write(manager):
    token = manager.open("/console/paper/").one(".zc-hide-m input[name=csrf_token]")["value"]
    for way in ("new", "edit", "delete", "action", "ajax/lookup", "ajax/update"):
        where = f"/console/paper/{way}/?id=1&name=unit"
        assert manager.client.get(where).status_code == 404, way
        assert manager.client.post(where, data={"csrf_token": token}).status_code == 404, way
    for table in TABLES:
        here = f"/console/{table}/"
        assert manager.client.post(here, data={"csrf_token": token}).status_code == 405, table


def test_the_frameworks_files_are_not_served(manager):
    assert manager.client.get("/console/static/admin/js/filters.js").status_code == 404


# What is seen


def test_the_declarations_of_the_city(manager, session):
    rows = listed(manager, "declaration")
    assert len(rows) == MANY + 1
    names = set(column(rows, 1))
    assert {"破格人", "百分人", "李退回", "张00"} <= names
    assert not {"王草稿", f"{FOREIGN}人"} & names
    number, name, mask, *rest = next(row for row in rows if row[1] == "破格人")
    assert (
        number
        == session.scalars(
            select(Declaration.declare_no).join(Person).where(Person.name == "破格人")
        ).one()
    )
    assert (mask[:6], mask[6:14], mask[-1]) == ("220702", "*" * 8, "X")
    assert rest[:9] == [
        "男性", "松原江源设计院", "2026年水利工程职称评审", "高级工程师", "工程技术人员",
        "副高级", "水利工程", "破格申报", "已申报",
    ]  # fmt: skip
    assert rest[9] == "松原江源设计院"


def test_every_section_shows_its_fields_under_their_labels(manager):
    for section in SECTIONS:
        if section.model is None:
            continue
        page = manager.open(f"/console/{section.key}/")
        labels = ["申报编号", "姓名", "推荐单位", *section.labels.values()]
        assert page.texts("thead th") == (labels if page.rows() else []), section.key
        assert "被退回修改中的申报，重新提交后才在这里显示。" in page.text
        assert len(column(page.rows(), 0)) <= 20


def test_a_returned_declaration_is_shown_as_it_was_submitted(manager):
    row = next(row for row in listed(manager, "declaration") if row[1] == "李退回")
    assert row[4] == "松原江源设计院"  # and not the unit that the applicant chooses anew
    assert row[11:13] == ["被退回", ""]
    for part in PARTS:
        assert row[0] not in column(listed(manager, part), 0), part


def test_the_sections_come_back_with_the_resubmission(manager, session):
    person = select(Person.id).where(Person.name == "李退回").scalar_subquery()
    again = {"status": Status.PASSED, "current": 1}
    mine = Declaration.person_id == person
    session.execute(update(Declaration).where(mine).values(again))
    register(session, session.scalars(select(Declaration.id).where(mine)).all())
    session.commit()
    assert OPEN_EDIT in column(listed(manager, "paper", search="李退回"), 4)


def test_offices_bindings_and_batches_below(manager):
    offices = column(listed(manager, "office"), 0)
    assert offices == sorted(["松原江源设计院", "松原市水利局", "松原50%_研究所"])
    assert set(column(listed(manager, "binding"), 2)) == {"松原江源设计院", "松原50%_研究所"}
    assert [row[:4] for row in listed(manager, "batch")] == [
        ["SY-2026-001", "松原江源设计院", "松原市水利局", "2026年水利工程职称评审"]
    ]


def test_a_unit_has_nobody_below(client):
    client.login("data-unit", PASSWORD)
    assert "百分人" not in column(listed(client, "declaration"), 1)
    assert len(listed(client, "declaration")) == MANY
    assert [listed(client, table) for table in ("office", "binding", "batch")] == [[], [], []]


def test_nothing_hidden_in_list_search_and_export(manager):
    # Letters in the search: the word itself may stand on the page, in the box.
    searches = ({}, {"search": FOREIGN[0]}, {"search": OPEN_EDIT[:4]}, {"search": "0"})
    for table, query in product(TABLES, searches):
        page = manager.open(f"/console/{table}/", query=query | {"page_size": 100})
        assert hidden_in(page.response.text) == [], (table, query)
        answer = manager.client.get(f"/console/{table}/export/csv/", query_string=query)
        assert hidden_in(answer.text) == [], (table, query)
    for table in TABLES:
        answer = manager.client.get(f"/console/{table}/export/xlsx/")
        with ZipFile(BytesIO(answer.data)) as parts:
            for name in parts.namelist():
                assert hidden_in(parts.read(name).decode()) == [], (table, name)


def hidden_in(text: str) -> list[str]:
    return [word for word in HIDDEN if word in text]


@pytest.mark.parametrize("table", ["declaration", "paper", "expert", "office", "binding"])
def test_details_are_those_of_the_list_and_nobody_elses(manager, session, table):
    page = manager.open(f"/console/{table}/", query={"page_size": 100})
    rows, links = page.rows(), [a["href"] for a in page.select("tbody th a")]
    details = manager.open(links[0])
    assert details.texts(".za-kv dd") == [cell or "—" for cell in rows[0]]
    assert hidden_in(details.response.text) == []
    seen = {int(link.partition("id=")[2].partition("&")[0]) for link in links}
    models = {"declaration": Declaration, "office": Office, "binding": Binding}
    model = models.get(table) or next(s.model for s in SECTIONS if s.key == table)
    there = set(session.scalars(select(model.id)))
    hidden = there - {int(n) for n in seen} if len(rows) < 100 else set()
    assert table == "expert" or hidden, "nothing is there that could be seen by mistake"
    for id_ in hidden:
        assert manager.client.get(f"/console/{table}/details/?id={id_}").status_code == 404


def test_an_unknown_id_is_not_found(manager):
    for id_ in ("", "0", "999999", "2147483648", "-1", "1 or 1", "٣", "9" * 40):
        answer = manager.client.get("/console/declaration/details/", query_string={"id": id_})
        assert answer.status_code == 404, id_


# Searching, narrowing, ordering


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("张0", 10),
        ("%", 0),
        ("_", 0),
        ("张1 张", 8),
        ("5_", 0),
        ("/", 0),
        ("'", 0),
        ('"', 0),
        ("张 2026", 18),
        ("张 0", 0),
    ],
)
def test_search_takes_words_as_they_stand(manager, words, found):
    page = manager.open("/console/declaration/", query={"search": words, "page_size": 50})
    assert (total(page), len(page.rows())) == (found, found)


def test_search_by_number(manager):
    """The whole of it, or how it begins."""
    number = listed(manager, "declaration", search="张05")[0][0]
    assert column(listed(manager, "project", search=number), 1) == ["张05"]
    begun = column(listed(manager, "declaration", search=number[:-1]), 0)
    all_ = column(listed(manager, "declaration"), 0)
    assert begun == [each for each in all_ if each.startswith(number[:-1])]
    assert number in begun
    assert listed(manager, "declaration", search=number[1:]) == []


@pytest.mark.parametrize(
    ("table", "label", "value", "found"),
    [
        ("declaration", "状态", "RETURNED", 1),
        ("declaration", "状态", "DRAFT", 0),
        ("declaration", "申报系列", "05", MANY + 1),
        ("declaration", "申报系列", "01", 0),
        ("declaration", "申报级别", "2", MANY + 1),
        ("declaration", "推荐单位包含", "50%_", 1),
        ("declaration", "推荐单位包含", "5_", 0),
        ("declaration", "提交不早于", "2026-03-20", MANY + 1),
        ("declaration", "提交不早于", "2026-03-21", 0),
        ("declaration", "提交不晚于", "2026-03-20", MANY + 1),
        ("declaration", "提交不晚于", "2026-03-19", 0),
        ("paper", "论文（著作）题目", "100%_监", 1),
        ("paper", "是否为代表性论文著作", "1", MANY),
        ("award", "推荐单位包含", "江源", MANY - 1),
        ("office", "类型", "department", 1),
        ("office", "是否启用", "0", 0),
        ("binding", "状态", "BOUND", MANY + 2),
        ("batch", "送审不晚于", "2026-03-20", 1),
    ],
)
def test_filters_narrow(manager, table, label, value, found):
    name = filter_named(manager.open(f"/console/{table}/"), label)
    page = manager.open(f"/console/{table}/", query={name: value, "page_size": 100})
    assert total(page) == found
    assert page.one(f"[id='{name}']")["name"] == name


def test_a_notice_can_be_chosen_and_only_those_that_are_seen(manager):
    page = manager.open("/console/paper/")
    name = filter_named(page, "申报通知")
    options = page.select(f"select[name='{name}'] option")
    assert [option.get_text() for option in options] == ["全部", "2026年水利工程职称评审"]
    found = manager.open("/console/paper/", query={name: options[1]["value"]})
    assert total(found) == 2 * MANY


NONSENSE = (
    {"flt0_nothing": "1"},
    {"flt0": "1"},
    {"flt1_notice": "drop"},
    {"flt1_notice": str(2**63)},
    {"flt5_since": "yesterday"},
    {"flt6_until": "9999-12-31"},
    {"sort": "0"},
    {"sort": "2"},
    {"sort": "99"},
    {"sort": "-1"},
)


def test_what_makes_no_sense_is_refused_and_not_left_out(manager):
    for query in NONSENSE:
        for address in ("/console/declaration/", "/console/declaration/export/csv/"):
            assert manager.client.get(address, query_string=query).status_code == 400, query


def place(*values: Any) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


PLACES = (
    {"after": "x"},
    {"after": place("\ud800", 1), "sort": "1"},
    {"after": place("0001-01-01T00:00:00+14:00", 1)},
    {"after": place("9999-12-31T23:59:59-10:00", 1)},
    {"after": urlsafe_b64encode(b"[" * 1400).decode().rstrip("=")},
    {"after": "WzFd"},  # [1]: a number where the order has a moment and a number
    {"after": "WzFd", "before": "WzFd"},
    {"last": "1", "of": "many"},
)


def test_a_place_that_is_none_is_refused(manager):
    for query in PLACES:
        answer = manager.client.get("/console/declaration/", query_string=query)
        assert answer.status_code == 400, query


EXCESSIVE = (
    {"page": str(2**63)},
    {"page": "-5"},
    {"page_size": str(10**9)},
    {"page_size": "-1"},
    {"page_size": "x"},
    {"sort": "x"},
)


def test_pages_are_of_bounded_size(manager):
    for query in EXCESSIVE:
        page = manager.open("/console/declaration/", query=query)
        assert len(page.rows()) <= 20, query
        assert page.select("a[href*='://'], a[href*='javascript']") == [], query


def test_what_no_address_means_is_refused(manager):
    for query in ({"endpoint": "x", "_scheme": "javascript"}, {"search": "长" * 5000}):
        assert manager.open("/console/declaration/", status=400, query=query).select("h1")


def test_pages_follow_each_other(manager):
    first = manager.open("/console/declaration/")
    second = first.follow("下一页")
    assert (len(first.rows()), len(second.rows())) == (20, MANY + 1 - 20)
    numbers = column(first.rows() + second.rows(), 0)
    assert len(set(numbers)) == MANY + 1
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("place", [1, 13])
def test_order_is_that_of_the_bytes_on_both_databases(manager, place):
    up = column(listed(manager, "declaration", sort=place), place)
    down = column(listed(manager, "declaration", sort=place, desc=1), place)
    assert up == sorted(up, key=str.encode)
    assert down == sorted(up, key=str.encode, reverse=True)


def test_the_way_back_stays_in_the_list(manager):
    link = manager.open("/console/office/").select("tbody th a")[0]["href"]
    here = f"{link.partition('?')[0]}?{link.rpartition('&')[2]}"  # its id alone
    for url in ("http:evil.test", "//evil.test", "https://evil.test/", "/login/", "javascript:1"):
        page = manager.open(f"{here}&url={url}")
        assert [a["href"] for a in page.select("main a")] == ["/console/office/"] * 2, url


def test_the_way_back_keeps_the_conditions(manager):
    page = manager.open("/console/declaration/", query={"search": "张0", "sort": 1, "desc": 1})
    back = manager.open(page.select("tbody th a")[0]["href"]).follow("返回列表")
    assert back.rows() == page.rows()


def test_a_declaration_leads_to_its_sections(manager):
    page = manager.open("/console/declaration/", query={"search": "张05"})
    details = manager.open(page.select("tbody th a")[0]["href"])
    links = {a.get_text(): a["href"] for a in details.select("main nav[aria-labelledby] a")}
    assert len(links) == len(PARTS)
    papers = manager.open(links["论文信息"])
    assert column(papers.rows(), 1) == ["张05"] * 2


# What it costs


def test_statements_do_not_grow_with_the_rows(manager, count_statements):
    """The user, the rows with their number, and the notices to choose from, if one can."""
    manager.open("/console/")
    for table in TABLES:
        fewest = 2 if table in ("office", "binding") else 3
        for query in ({"search": "张05"}, {"page_size": 50}, {"page_size": 10}):
            with count_statements() as seen:
                manager.open(f"/console/{table}/", query=query)
            assert len(seen) == fewest, seen


@pytest.mark.parametrize("table", ["declaration", "basic_info"])
def test_details_cost_two_statements(manager, count_statements, table):
    link = manager.open(f"/console/{table}/").select("tbody th a")[0]["href"]
    with count_statements() as seen:
        manager.open(link)
    assert len(seen) == 2, seen


def test_sealed_numbers_are_not_even_read(manager, count_statements):
    with count_statements() as seen:
        for table in TABLES:
            manager.open(f"/console/{table}/")
            assert manager.client.get(f"/console/{table}/export/csv/").data
    assert [s for s in seen if "_sealed" in s or "id_no_index" in s] == []


def test_what_could_leak_is_there(session, app):
    """The tests above prove nothing about what is not in the database."""
    names = set(session.scalars(select(Person.name)))
    assert {f"{FOREIGN}人", "王草稿", "李退回"} <= names
    vault = app.extensions["vault"]
    people = session.scalars(select(Person)).all()
    opened = {vault.open(p.id_no, "person", "id_no", p.uid) for p in people}
    assert opened <= set(HIDDEN)
    assert len(FORMULAS) + 2 < MANY
