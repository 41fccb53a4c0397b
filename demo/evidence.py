"""The files: drawn, examined and kept once each, and hung on every declaration by links."""

import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from random import Random

from PIL import Image

from adapters.sandbox import examine
from adapters.store import FileStore
from demo.drawing import (
    Look,
    Painter,
    card,
    certificate,
    document,
    photo,
    screen,
    table,
)
from models.attachment import Attachment, file_rule
from models.codes import CodeBook


@dataclass(frozen=True)
class Paper:
    """One kind of file: for which proof, in which format, how it looks."""

    code: str
    extension: str
    paint: Painter
    look: Look


def _paper(code, extension, paint, title, english, pages=1) -> Paper:
    return Paper(code, extension, paint, Look(title, english, pages))


PAPERS = (
    _paper("A01", "jpg", card, "身份证人像面", "Identity card, front"),
    _paper("A02", "jpg", card, "身份证国徽面", "Identity card, back"),
    _paper("A03", "pdf", document, "教育部学历在线验证报告", "Online verification", 2),
    _paper("A04", "pdf", table, "单位公示表", "Publicity form"),
    _paper("A05", "jpg", photo, "证件照", "Photo"),
    _paper("A06", "jpg", table, "诚信承诺书", "Undertaking"),
    _paper("A10", "jpg", certificate, "毕业证书", "Diploma"),
    _paper("A11", "jpg", certificate, "学位证书", "Degree certificate"),
    _paper("A20", "jpg", certificate, "专业技术资格证书", "Title certificate"),
    _paper("A21", "pdf", document, "专业技术职务聘书", "Letter of appointment"),
    _paper("A23", "pdf", document, "继续教育学时登记", "Continuing education", 2),
    _paper("A25", "png", table, "工作经历证明", "Proof of work"),
    _paper("A30", "pdf", document, "论文封面版权页目录正文", "Paper", 4),
    _paper("A31", "pdf", document, "论文检索证明", "Proof of index", 2),
    _paper("A40", "pdf", document, "项目立项文件", "Project approval", 2),
    _paper("A41", "pdf", document, "项目验收证明", "Acceptance", 2),
    _paper("A42", "png", table, "项目参与人员名单", "Members of the project"),
    _paper("A50", "jpg", certificate, "专利证书", "Patent certificate"),
    _paper("A60", "pdf", document, "工作报告全文", "Report", 3),
    _paper("A61", "png", table, "成果采用证明", "Proof of adoption"),
    _paper("A70", "pdf", table, "年度考核登记表", "Assessment form"),
    _paper("A80", "jpg", certificate, "获奖证书", "Award certificate"),
    _paper("A81", "pdf", document, "解除处分决定", "Lifting of a penalty", 2),
    _paper("A90", "png", table, "基层工作经历证明", "Grassroots service"),
    _paper("A99", "png", screen, "系统统计截图", "Statistics"),
    _paper("B01", "pdf", document, "专家推荐意见表", "Recommendation", 2),
    _paper("B02", "jpg", certificate, "推荐专家职称证书", "Title certificate"),
    _paper("B03", "pdf", document, "破格依据材料", "Evidence for the waiver", 2),
    _paper("B05", "jpg", certificate, "高级技师证书", "Skill certificate"),
    _paper("U01", "pdf", document, "推荐报告", "Recommendation report", 2),
)

LIKELY = {
    "A06": 0.3, "A21": 0.7, "A25": 0.5, "A42": 0.3, "A61": 0.9, "A70": 0.7, "A90": 0.5, "A99": 0.15,
}  # fmt: skip
"""How often people upload what nobody requires of them."""

DPI = 120


@dataclass(frozen=True)
class Kept:
    """A file of the pool, as the store has it."""

    token: str
    name: str
    mime: str
    size: int
    sha256: str
    pages: int


class Pool:
    """Real files of every kind. ``attachment`` gives each row a token of its own."""

    def __init__(self, store: FileStore, codes: CodeBook):
        self._store, self._codes = store, codes
        self._tokens: list[str] = []
        self._files: dict[str, list[Kept]] = {}

    def fill(self, rng: Random, pictures: int) -> int:
        """Make a document or so many ``pictures`` of each kind, several at a time; how many
        files there are."""
        often = {paper: 1 if paper.extension == "pdf" else pictures for paper in PAPERS}
        wanted = [(paper, Random(rng.random())) for paper in PAPERS for _ in range(often[paper])]
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            kept = list(workers.map(lambda what: self._keep(*what), wanted))
        for (paper, _rng), file in zip(wanted, kept, strict=True):
            self._files.setdefault(paper.code, []).append(file)
        return len(kept)

    def _keep(self, paper: Paper, rng: Random) -> Kept:
        """Draw one file and let it take the way of any upload."""
        rule = file_rule(self._codes, paper.code)
        name = f"{paper.look.title}.{paper.extension}"
        data = io.BytesIO(_written(paper, rng))
        received = self._store.receive(data, rule.limit_bytes, name)
        try:
            found = examine(received.path, name, rule.extensions, received.folder)
            token = self._store.keep(received)
        except BaseException:
            self._store.discard(received)
            raise
        self._tokens.append(token)
        return Kept(token, name, found.kind.mime, found.size, found.sha256, found.kind.pages)

    def attachment(self, code: str, rng: Random, at: datetime, by: str, **owner) -> Attachment:
        """One more row of a kind, with its file."""
        file = rng.choice(self._files[code])
        token = self._store.link(file.token)
        self._tokens.append(token)
        return Attachment(
            proof=code, token=token, name=file.name, mime=file.mime, size=file.size,
            sha256=file.sha256, pages=file.pages, uploaded_at=at, uploaded_by=by, **owner,
        )  # fmt: skip

    def close(self) -> None:
        """Take away what only the pool knows; the links that rows have stay, durably."""
        self._remove(file.token for files in self._files.values() for file in files)
        os.sync()

    def undo(self) -> None:
        """Take away everything: nothing will be committed."""
        self._remove(self._tokens)

    def _remove(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self._store.remove(token)


def _written(paper: Paper, rng: Random) -> bytes:
    """The bytes of a file as a scanner or a camera would make them."""
    first, *others = paper.paint(paper.look, rng)
    data = io.BytesIO()
    if paper.extension == "pdf":
        more = {"save_all": True, "append_images": others, "resolution": DPI}
        first.save(data, "PDF", title=paper.look.title, **more)
    elif paper.extension == "png":
        first.quantize(32, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    else:
        first.save(data, "JPEG", quality=78, dpi=(DPI, DPI))
    return data.getvalue()
