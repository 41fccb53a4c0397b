"""What a person does at any page of the program: fills in forms, sends files, walks by Tab."""

from pathlib import Path
from random import Random

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, expect

from models.fields import Field, Kind
from models.section import Section
from tests.browser.pages import Page
from tests.models.books import book

expect.set_options(timeout=30_000)  # as long as the browser's own acts wait

FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const label = at.closest('label'), list = at.closest('.ts-control');
  const seen = e => { const style = getComputedStyle(e);
    return style.boxShadow !== 'none' ||
      (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0); };
  const hidden = box.width < 8 || parseFloat(getComputedStyle(at).opacity) === 0;
  const around = [...(list ? [list] : []), ...(label ? [label, ...label.children] : [])];
  const shown = hidden || list ? around.filter(e => e !== at).some(seen) : seen(at);
  return {number: at.dataset.walk || '', shown, html: at.outerHTML.slice(0, 160)};
}"""
"""What has the focus, and whether one sees that it has."""

NUMBER_STOPS = """() => {
  const stops = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(e =>
      !e.disabled && e.tabIndex >= 0 && e.type !== 'hidden'
      && e.checkVisibility({visibilityProperty: true}));
  const radios = stops.filter(e => e.type === 'radio');
  const one = name => radios.find(e => e.name === name && e.checked)
    || radios.find(e => e.name === name);
  const all = stops.filter(e => e.type !== 'radio' || one(e.name) === e);
  document.querySelectorAll('[data-walk]').forEach(e => delete e.dataset.walk);
  all.forEach((e, n) => { e.dataset.walk = n + 1; });
  document.activeElement.blur();
  window.getSelection().removeAllRanges();
  return all.map(e => e.outerHTML.slice(0, 160));
}"""
"""Numbers all that must be reached by Tab; of radios with one name only one is."""


def says(page: Page, words: str, css: str = "main") -> None:
    """These words can be read; Playwright waits until they can."""
    expect(page.find(css).first).to_contain_text(words)


def heads(page: Page, words: str) -> None:
    """The heading of the first rank; it tells that the next page is there."""
    expect(page.find("h1")).to_contain_text(words)


def told(page: Page, words: str) -> None:
    """The message on top of the page."""
    expect(page.find("main .zc-flash, main [role=status], main [role=alert]").first).to_be_visible()
    says(page, words)


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.tab.keyboard.press(key)


def tab_to(page: Page, css: str, key: str = "Tab") -> None:
    """Press Tab until the focus is on the element; it must be seen there."""
    wanted = page.find(css).first
    for _press in range(200):
        page.tab.keyboard.press(key)
        if wanted.evaluate("e => e === document.activeElement"):
            assert page.tab.evaluate(FOCUSED)["shown"], f"{page.path}: no focus is seen on {css}"
            return
    raise AssertionError(f"{page.path}: Tab does not reach {css}")


def typed(page: Page, css: str, words: str) -> None:
    """Come to a box by Tab and type."""
    tab_to(page, css)
    page.tab.keyboard.type(words)


def sent(page: Page) -> None:
    """Press Enter, which leads to the next page."""
    with page.tab.expect_navigation():
        press(page, "Enter")


def follow(page: Page, css: str) -> None:
    """Come to a link or a button by Tab and press it; it leads to the next page."""
    tab_to(page, css)
    sent(page)


def send(page: Page, **boxes: str) -> None:
    """Come to each box by Tab and type; Enter in the last one sends the form."""
    for name, words in boxes.items():
        typed(page, f"main [name={name}]", words)
    sent(page)


def pick(page: Page, name: str, label: str) -> None:
    """One of a list that can be searched."""
    typed(page, f"#{name}-ts-control", label)
    press(page, "Enter")
    expect(page.find(f"select[name={name}] option:checked")).to_contain_text(label)


def walk(page: Page) -> None:
    """All that can be clicked or filled in is reached by Tab, and the focus is always seen."""
    page.loaded().tab.evaluate("document.body.tabIndex = -1; document.body.focus()")
    stops = page.tab.evaluate(NUMBER_STOPS)
    page.tab.evaluate("document.body.removeAttribute('tabindex')")
    reached, unseen = set(), []
    for _press in range(4 * len(stops) + 5):  # a date takes four: year, month, day, calendar
        page.tab.keyboard.press("Tab")
        at = page.tab.evaluate(FOCUSED)
        reached.add(at["number"])
        if at["number"] and not at["shown"]:
            unseen.append(at["html"])
        # From the last one Tab goes on to the first, wherever the page had put the start.
        if reached.issuperset(map(str, range(1, len(stops) + 1))):
            break
    left = [html for n, html in enumerate(stops, 1) if str(n) not in reached]
    at = page.tab.evaluate(FOCUSED)["html"]
    assert not left, f"{page.path}: Tab ends at {at} and does not reach\n" + "\n".join(left)
    assert not unseen, f"{page.path}: no focus is seen on\n" + "\n".join(unseen)


# Forms


def put(page: Page, section: Section, values: dict, prefix: str = "") -> None:
    """Fill in the fields of the open form of a section."""
    for key, field in section.typed.items():
        if key in values:
            put_one(page, prefix + key, field, values[key])


def put_one(page: Page, name: str, field: Field, value) -> None:
    """Fill in one field, by the control that its kind has."""
    control = page.find(f"#form [name='{name}']")
    if field.kind is Kind.FLAG:
        page.find(f"#form [name='{name}'][value='{int(value)}']").check()
    elif field.kind is Kind.MONTH:
        control.nth(0).fill(str(value.year))
        control.nth(1).fill(str(value.month))
    elif field.kind is Kind.CHOICE:
        choose(page, name, control, book().name(field.codes, value), value)
    else:
        control.fill(str(value))


def choose(page: Page, name: str, select: Locator, label: str, code: str) -> None:
    """A short list is the browser's own; a long one is searched by the keyboard."""
    if select.get_attribute("data-pick") is None:
        select.select_option(code)
        return
    page.find(f"[id='{name}-ts-control']").focus()
    page.tab.keyboard.type(label)
    page.tab.keyboard.press("Enter")
    assert select.input_value() == code, f"{name}: {select.input_value()}, not {code}"


def save(page: Page, words: str = "已保存。") -> None:
    """Send the open form of a section."""
    page.find("#form button[type=submit]").click()
    told(page, words)


# Files


class Files:
    """Files as an applicant has them, made when asked for."""

    def __init__(self, folder: Path):
        self.folder = folder

    def _sheet(self, words: str, size: tuple[int, int]) -> Image.Image:
        sheet = Image.new("RGB", size, "white")
        pen = ImageDraw.Draw(sheet)
        pen.rectangle((20, 20, size[0] - 20, size[1] - 20), outline="black", width=3)
        pen.text((60, 60), words, fill="black", font_size=40)
        return sheet

    def pdf(self, name: str, pages: int = 3) -> Path:
        """A scan of several pages."""
        path = self.folder / f"{name}.pdf"
        sheets = [self._sheet(f"{n + 1} / {pages}", (827, 1169)) for n in range(pages)]
        sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=100)
        return path

    def jpeg(self, name: str, size: tuple[int, int] = (413, 626)) -> Path:
        """A photo."""
        path = self.folder / f"{name}.jpg"
        self._sheet("JPEG", size).save(path)
        return path

    def png(self, name: str) -> Path:
        """A picture of a card."""
        path = self.folder / f"{name}.png"
        self._sheet("PNG", (856, 540)).save(path)
        return path

    def large_jpeg(self, name: str) -> Path:
        """A photo of more than half a megabyte: noise cannot be compressed."""
        path, size = self.folder / f"{name}.jpg", (900, 900)
        noise = Random(1).randbytes(size[0] * size[1] * 3)
        Image.frombytes("RGB", size, noise).save(path, quality=90)
        return path


def attach(page: Page, code: str, path: Path) -> None:
    """Upload a file of one kind and see its tile."""
    tiles = page.find(f"#proof-{code} .zc-file:not(.is-err):not([data-under-way])")
    there = tiles.count()
    page.find(f"#proof-{code} input[type=file]").set_input_files(path)
    expect(tiles).to_have_count(there + 1)
    expect(tiles.last).to_contain_text(path.name)
    expect(page.find("[aria-busy=true]")).to_have_count(0)


def refused_file(page: Page, code: str, path: Path, status: int, words: str) -> None:
    """A file that is not taken says so once, in a tile of its own, which can be put away."""
    with page.refused(status):
        page.find(f"#proof-{code} input[type=file]").set_input_files(path)
    says_refused(page, code, words)


def too_large(page: Page, code: str, path: Path, words: str) -> None:
    """A file that is too large says the same; it is not sent, so nothing is answered."""
    page.find(f"#proof-{code} input[type=file]").set_input_files(path)
    says_refused(page, code, words)


def says_refused(page: Page, code: str, words: str) -> None:
    """The last tile of a kind of attachment gives this reason."""
    tile = page.find(f"#proof-{code} .zc-file.is-err .mt").last
    expect(tile).to_contain_text(words)
    assert tile.inner_text().count("没有上传") == 1, tile.inner_text()
