"""单位导入: a table of units, every fault of it told, all of it or nothing."""

import csv
from io import BytesIO, StringIO

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.journal import Line
from models.offices import Office
from models.people import Account
from models.permissions import Role
from models.unit_list import COLUMNS, UnitList
from tests.client import Browser
from tests.worlds.base import PASSWORD, create_account, uscc_of
from tests.worlds.registering import registering

pytestmark = pytest.mark.world(build=registering)

BUREAU, WATER, ELSEWHERE = uscc_of(2), uscc_of(3), uscc_of(5)
GOOD = [uscc_of(60), "松原𠮷灌区", "02", "宁江区", WATER, "郑国栋", "13600000006"]
LABELS = list(COLUMNS.values())


def table(*rows, headings=LABELS) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue()


def like(**changes) -> list[str]:
    """The good line with other cells."""
    return [changes.get(key, cell) for key, cell in zip(COLUMNS, GOOD, strict=True)]


@pytest.fixture
def manager(client):
    client.login("data", PASSWORD)
    client.open("/imports/units")
    return client


def upload(client, data: bytes, status=200, name="单位.csv"):
    """Encoded here: the client would leave the temporary file of a large one open."""
    sent = {"csrf_token": client.csrf_token, "file": FileStorage(BytesIO(data), name)}
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post("/imports/units", status, data=body, content_type=kind)


def offices(session) -> int:
    session.rollback()
    found = session.scalar(select(func.count()).select_from(Office))
    session.rollback()  # on SQLite who reads here goes on seeing the same
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_is_right_is_shown_and_then_imported(manager, session, encoding):
    rows = [
        GOOD,
        like(uscc=uscc_of(61), name="松原水文站", superior=BUREAU, mobile="+86 136-0000-0007"),
    ]
    page = upload(manager, table(*rows).encode(encoding))
    assert "共 2 行，没有发现问题。" in page.text and offices(session) == 6
    said = [GOOD[0], GOOD[1], "全额拨款事业单位", "松原市宁江区", WATER]
    assert page.rows()[0][1:6] == said and page.rows()[1][-1] == "13600000007"
    page = page.form("form[action*=units]").send()
    assert "已导入" in page.text
    made = session.execute(
        select(Office.name, Office.kind, Office.region, Account.realm, Account.mobile, User.active)
        .join(Account, Account.office_id == Office.id)
        .join(User, User.username == Account.username)
        .where(Office.uscc.in_([uscc_of(60), uscc_of(61)]))
        .order_by(Office.uscc)
    ).all()
    assert [tuple(row) for row in made] == [
        (GOOD[1], "unit", "220702", "LEGAL", "13600000006", False),
        ("松原水文站", "unit", "220702", "LEGAL", "13600000007", False),
    ]
    session.rollback()
    assert session.scalars(select(UnitList)).all() == []
    acts = session.scalars(select(Line.act).where(Line.actor == "data").order_by(Line.id))
    assert list(acts) == ["login", "upload", "import", "import", "import"]


NO_UNIT = "这个代码是审核机构的，不能作为单位注册或导入。"
"""Who imports it would become the legal person of an office that audits."""

FAULTS = [
    (like(uscc=GOOD[0][:-2] + "00"), "统一社会信用代码", "校验位不对"),
    (like(uscc=uscc_of(4)), "统一社会信用代码", "这个单位已经有法人账号。"),
    (like(uscc=WATER, name="松原市水利局", superior=BUREAU), "统一社会信用代码", NO_UNIT),
    (like(uscc=ELSEWHERE), "统一社会信用代码", NO_UNIT),
    (like(name=""), "单位名称", "不能为空。"),
    (like(name="长" * 101), "单位名称", "最多 100 字，现在是 101 字。"),
    (like(name="=HYPERLINK(1)"), "单位名称", "是公式"),
    (like(name="甲\0乙"), "单位名称", "控制字符"),
    (like(name="松原江源设计院"), "单位名称", "已由另一个统一社会信用代码登记"),
    (like(nature="98"), "单位性质", "没有这个代码或名称"),
    (like(region="火星"), "地区", "没有这个代码或名称"),
    (like(superior=ELSEWHERE), "上级机构代码", "不是本机构或下级审核机构的代码。"),
    (like(superior=uscc_of(4)), "上级机构代码", "不是本机构或下级审核机构的代码。"),
    (like(legal_person="+cmd"), "法定代表人", "是公式"),
    (like(mobile="1.36E+10"), "手机", "手机号应为 11 位数字"),
]


@pytest.mark.parametrize(("row", "column", "words"), FAULTS)
def test_each_fault_is_told_with_its_line_and_column(manager, session, row, column, words):
    page = upload(manager, table(like(uscc=uscc_of(70), name="甲"), [], row).encode())
    faults = page.rows("section[aria-labelledby=faults-t] tbody tr")
    assert [(f[0], f[1]) for f in faults] == [("第 4 行", column)] and words in faults[0][2]
    assert not page.select("form[action*=units]") and offices(session) == 6


def test_two_lines_of_one_unit_are_faults_of_both(manager):
    page = upload(manager, table(GOOD, GOOD).encode())
    faults = page.rows("section[aria-labelledby=faults-t] tbody tr")
    assert [tuple(f[:2]) for f in faults] == [
        (f"第 {n} 行", column) for n in (2, 3) for column in ("统一社会信用代码", "单位名称")
    ]


NO_TABLES = [
    (b"", 400, "文件是空的"),
    (table(headings=LABELS[1:]).encode(), 400, "有且只有一列“统一社会信用代码”"),
    (table().encode(), 400, "标题下面没有内容"),
    (table([*GOOD, "多"]).encode(), 400, "第 2 行有 8 格，比标题多"),
    ((table() + '"never closed' + "x" * 2000).encode(), 400, "第 2 行读不出来"),
    (b"PK\x03\x04" + b"x" * 50, 400, "这是 Excel 文件"),
    (b"\xff\xfe\x00\x80\xff", 400, "编码读不出来"),
    (table(*[GOOD] * 2001).encode(), 400, "一次最多导入 2000 行，现在有 2001 行"),
    (b"x" * (1024 * 1024 + 1), 413, "文件超过 1 MB"),
]


@pytest.mark.parametrize(("data", "status", "words"), NO_TABLES)
def test_what_is_no_such_table_is_told_at_the_file(manager, session, data, status, words):
    page = upload(manager, data, status)
    assert words in page.one("#error-file").get_text()
    assert session.scalars(select(UnitList)).all() == []


def test_nothing_is_imported_if_one_line_is_taken_meanwhile(manager, session):
    page = upload(manager, table(GOOD, like(uscc=uscc_of(61), name="松原水文站")).encode())
    session.add(Office(name="别的单位", uscc=uscc_of(61), kind="unit", region="220702"))
    session.commit()
    page = page.form("form[action*=units]").send(409)
    assert "一行也没有导入" in page.text and offices(session) == 7


def test_a_list_is_its_uploaders_alone(app, manager, session):
    url = upload(manager, table(GOOD).encode()).url
    create_account(session, "data2", Role.DATA_MANAGER, session.get(Office, 2))
    session.commit()
    other = Browser(app)
    other.login("data2", PASSWORD)
    other.open(url, status=404)
    other.post(url, 404, {"csrf_token": other.open("/imports/units").form().values["csrf_token"]})
    assert offices(session) == 6


def test_the_template_has_the_headings(manager):
    answer = manager.client.get("/imports/template")
    headings, example = csv.reader(StringIO(answer.data.decode("utf-8-sig")))
    assert (headings, len(example)) == (LABELS, len(LABELS))


def test_the_example_of_the_template_is_no_unit(manager):
    template = manager.client.get("/imports/template").data
    page = upload(manager, template, 400)
    assert "只有示例一行" in page.one("#error-file").get_text()
    out = StringIO(newline="")
    csv.writer(out).writerow(GOOD)
    page = upload(manager, template + out.getvalue().encode())
    assert [row[:2] for row in page.rows()] == [["3", GOOD[0]]]


def test_costs_the_same_to_look_through_many_lines(manager, count_statements):
    costs = []
    for many in (1, 300):
        rows = [like(uscc=uscc_of(100 + n), name=f"单位{n}") for n in range(many)]
        page = upload(manager, table(*rows).encode())
        with count_statements() as seen:
            manager.open(page.url)
        costs.append(len(seen))
        manager.open("/imports/units")
    assert costs[0] == costs[1]
