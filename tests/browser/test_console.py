"""The data managers' console in a real browser: no fault of access, no noise."""

import pytest

from tests.worlds.console import PASSWORD, two_cities

pytestmark = pytest.mark.world(build=two_cities)


@pytest.fixture
def manager(page):
    """The data manager of the city. Who leaves a page at once aborts what it still loads."""
    page.login("data", PASSWORD).tab.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("list", "/console/declaration/"),
        ("list-filtered", "/console/declaration/?search=张&flt0_status=SUBMITTED&sort=1&desc=1"),
        ("list-empty", "/console/declaration/?search=不存在"),
        ("list-of-nothing", "/console/penalty/"),
        ("list-wide", "/console/basic_info/"),
        ("list-of-essays", "/console/expert/"),
        ("list-of-batches", "/console/batch/"),
    ],
)
def test_lists_owe_nothing(manager, name, path):
    manager.open(path).check(f"console-{name}")


def test_details_owe_nothing(manager):
    for table in ("declaration", "paper"):
        manager.open(f"/console/{table}/")
        manager.find("tbody th a").first.click()
        manager.check(f"console-details-{table}")


def test_refusals_owe_nothing(manager):
    manager.open("/console/paper/details/?id=999999", status=404).check("console-404")


def test_menus_and_filters_work(manager):
    manager.open("/console/declaration/")
    manager.find(".zc-nav summary").first.click()
    manager.check("console-menu")
    manager.find(".zc-nav details[open] a").first.click()
    assert manager.find("h1").inner_text() == "基本信息"
    manager.find(".za-more summary").click()
    manager.find("label:has-text('推荐单位包含') + input").fill("50%")
    manager.check("console-filters")
    manager.find("button:has-text('按条件筛选')").click()
    assert manager.find("#found").inner_text() == "共 1 条"
    with manager.tab.expect_download() as download:
        manager.find("a:has-text('导出 CSV')").click()
    assert download.value.suggested_filename.startswith("基本信息_")
    manager.noise = [words for words in manager.noise if "/export/csv/" not in words]
    manager.find("a:has-text('清空条件')").click()
    assert manager.find("#found").inner_text() == "共 30 条"
    manager.is_quiet()


def test_the_menu_of_a_phone_reaches_its_end(manager):
    manager.open("/console/batch/")
    manager.tab.set_viewport_size({"width": 390, "height": 844})
    manager.find(".zc-top-r .zc-only-m > summary").click()
    manager.find(".zc-top-r .zc-only-m button:has-text('安全退出')").click()
    assert manager.path.startswith("/login/")
