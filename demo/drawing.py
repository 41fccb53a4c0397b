"""Draws what people upload: certificates, cards, photos, tables, papers. All say 样例.

Each painter takes a ``Look`` and a lot and answers with the pages of one file.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from demo.fonts import chinese, font

PAPER = (1000, 1414)
"""A4 at some 120 dpi."""

CARD, PHOTO, LANDSCAPE = (860, 542), (413, 626), (1200, 850)
RED, BLUE, INK, GREY = (178, 34, 34), (38, 70, 120), (30, 30, 30), (150, 150, 150)

BODY = (
    "本材料为职评系统演示样例，所载姓名、编号、单位和数据均为虚构，不得用于任何实际用途。",
    "一、基本情况。根据工作安排，对有关资料进行了收集、整理和核对，现将情况说明如下。",
    "二、主要做法。明确分工，落实责任，按照技术规程开展工作，全过程留有记录，数据真实可查。",
    "三、取得的效果。有关成果已在本单位应用，提高了工作质量，缩短了周期，得到了服务对象的肯定。",
    "四、存在的问题。部分环节的基础资料还不够完整，人员培训仍需加强，下一步将逐项改进。",
    "五、意见建议。建议继续完善制度，加大投入，做好推广，为后续工作打下基础。",
)


@dataclass(frozen=True)
class Look:
    """What a file shows: a heading (and its English, where no Chinese font is), pages."""

    title: str
    english: str
    pages: int = 1


Painter = Callable[[Look, Random], list[Image.Image]]


class Sheet:
    """A page that is being drawn."""

    def __init__(self, on: tuple[int, int] | Image.Image, ground="white", mode: str = "RGB"):
        self.image = on.copy() if isinstance(on, Image.Image) else Image.new(mode, on, ground)
        self.draw = ImageDraw.Draw(self.image)
        self.draw.fontmode = "1" if self.image.mode == "1" else "L"

    def words(
        self, xy, text: str, size: int, fill=INK, anchor: str = "la", english: str = ""
    ) -> None:
        """Write a line; without a Chinese font its English words, or a bar."""
        if chinese() or text.isascii():
            self.draw.text(xy, text, font=font(size), fill=fill, anchor=anchor)
        elif english:
            self.draw.text(xy, english, font=font(size), fill=fill, anchor=anchor)
        else:
            left = xy[0] - (size * len(text) // 2 if anchor[0] == "m" else 0)
            box = (left, xy[1] + size // 4, left + size * len(text), xy[1] + size // 2)
            self.draw.rectangle(box, fill=fill)

    def seal(self, x: int, y: int, text: str) -> None:
        """A round red seal with a star, as units press it."""
        for radius in (88, 86, 85):
            self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RED)
        self.draw.polygon([_tip(x, y, corner) for corner in range(10)], fill=RED)
        self.words((x, y + 42), text, 20, RED, "ma", "SEAL")

    def watermark(self) -> None:
        """样例 across the page, pale."""
        width, height = self.image.size
        shade = (225, 225, 225) if self.image.mode == "RGB" else 1
        self.words((width // 2, height // 2), "样例", width // 5, shade, "mm", "SAMPLE")

    def lines(self, paragraphs, y: int, size: int, left: int = 90) -> None:
        """Paragraphs, broken where the page ends."""
        width = (self.image.width - 2 * left) // size
        for paragraph in paragraphs:
            text = "\u3000\u3000" + paragraph
            for start in range(0, len(text), width):
                self.words((left, y), text[start : start + width], size, _ink(self.image.mode))
                y += int(size * 1.7)


def _tip(x: int, y: int, corner: int) -> tuple[float, float]:
    """A corner of a star with five points, the first one above."""
    radius, angle = (12, 30)[corner % 2 == 0], math.pi * corner / 5
    return x + radius * math.sin(angle), y - radius * math.cos(angle)


def _ink(mode: str):
    return INK if mode == "RGB" else 0


def certificate(look: Look, rng: Random) -> list[Image.Image]:
    """A certificate in landscape, with a frame and a seal."""
    sheet = Sheet(LANDSCAPE, (253, 250, 240))
    sheet.watermark()
    for inset in (24, 30, 44):
        sheet.draw.rectangle((inset, inset, 1200 - inset, 850 - inset), outline=RED, width=2)
    sheet.words((600, 110), look.title, 58, RED, "ma", look.english)
    sheet.lines(BODY[:1], 260, 30, left=150)
    number = f"No. 22{rng.randrange(10**8):08d}"
    sheet.words((150, 640), number, 26)
    sheet.words((780, 640), "（演示用，非真实证书）", 24, GREY)
    sheet.seal(900, 560, "样例专用章")
    return [sheet.image]


def card(look: Look, rng: Random) -> list[Image.Image]:
    """One side of a card with no data of anybody."""
    sheet = Sheet(CARD, (226, 236, 244))
    sheet.watermark()
    sheet.draw.rounded_rectangle((12, 12, 848, 530), 28, outline=BLUE, width=3)
    sheet.words((430, 70), look.title, 44, BLUE, "ma", look.english)
    for row in range(4):
        sheet.words((90, 180 + row * 70), "样例样例样例", 30, GREY)
    sheet.draw.rounded_rectangle((600, 170, 780, 400), 12, fill=(205, 214, 222))
    return [sheet.image]


def photo(look: Look, rng: Random) -> list[Image.Image]:
    """A portrait of nobody, 413×626, before white or blue."""
    ground = rng.choice(((250, 250, 250), (67, 142, 219)))
    skin = rng.choice(((236, 202, 175), (226, 188, 160), (243, 214, 190)))
    cloth = rng.choice(((40, 44, 66), (70, 30, 40), (30, 60, 50), (90, 90, 96)))
    sheet = Sheet(PHOTO, ground)
    paint = sheet.draw
    paint.ellipse((-20, 430, 433, 900), fill=cloth)
    paint.polygon(((150, 440), (263, 440), (206, 560)), fill="white")
    paint.rectangle((166, 360, 246, 455), fill=skin)
    paint.ellipse((112, 120, 300, 400), fill=(36, 30, 28))
    paint.ellipse((124, 160, 288, 405), fill=skin)
    for x in (165, 247):
        paint.ellipse((x - 11, 268, x + 11, 282), fill=(40, 34, 32))
    paint.arc((176, 320, 236, 356), 20, 160, fill=(150, 80, 80), width=4)
    sheet.words((206, 596), "样例", 26, "white", "ma", "SAMPLE")
    return [sheet.image]


def document(look: Look, rng: Random) -> list[Image.Image]:
    """Pages of text in black and white, as a scanner makes them; the first one sealed."""
    return [_cover(look, rng)] + [_text_page(look, number) for number in range(2, look.pages + 1)]


@cache
def _ground() -> Image.Image:
    """What all first pages have in common: to write hundreds of characters takes a while."""
    sheet = Sheet(PAPER)
    sheet.watermark()
    sheet.lines(BODY, 320, 27)
    return sheet.image


@cache
def _text(turn: int) -> Image.Image:
    """The text of a further page, beginning with one of the paragraphs."""
    sheet = Sheet(PAPER, 1, "1")
    sheet.lines((BODY[turn:] + BODY[:turn]) * 2, 150, 26)
    return sheet.image


def _cover(look: Look, rng: Random) -> Image.Image:
    sheet = Sheet(_ground())
    sheet.words((500, 150), look.title, 46, INK, "ma", look.english)
    sheet.words((500, 230), f"No. {rng.randrange(10**6):06d}", 24, GREY, "ma")
    sheet.seal(740, 1060, "样例专用章")
    return sheet.image


def _text_page(look: Look, number: int) -> Image.Image:
    sheet = Sheet(_text(number % len(BODY)))
    sheet.words((500, 70), look.title, 26, 0, "ma", look.english)
    sheet.words((500, 1350), f"- {number} -", 22, 0, "ma")
    return sheet.image


def table(look: Look, rng: Random) -> list[Image.Image]:
    """A form: rows and columns with a seal below."""
    sheet = Sheet(PAPER)
    sheet.watermark()
    sheet.words((500, 110), look.title, 44, INK, "ma", look.english)
    for row in range(15):
        top = 220 + row * 64
        sheet.draw.rectangle((90, top, 910, top + 64), outline=INK)
        sheet.draw.line((330, top, 330, top + 64), fill=INK)
        sheet.words((110, top + 18), "栏目" + "一二三四五六七八九十百千万亿兆"[row], 24)
        sheet.words((350, top + 18), "样例内容" * rng.randint(1, 4), 24, GREY)
    sheet.seal(740, 1270, "样例专用章")
    return [sheet.image]


def screen(look: Look, rng: Random) -> list[Image.Image]:
    """A picture of a screen: a heading, a chart and its legend."""
    sheet = Sheet((1100, 700), (245, 247, 250))
    sheet.draw.rectangle((0, 0, 1100, 70), fill=BLUE)
    sheet.words((40, 18), look.title, 32, "white", english=look.english)
    for place in range(9):
        height = rng.randint(80, 460)
        left = 90 + place * 110
        sheet.draw.rectangle((left, 620 - height, left + 66, 620), fill=(88, 129, 177))
        sheet.words((left + 33, 632), f"{place + 1}", 22, GREY, "ma")
    sheet.words((1060, 90), "样例", 30, GREY, "ra", "SAMPLE")
    return [sheet.image]
