"""What offices find wrong, and how it is put right: a value changed, or a file replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One fault of a section. ``mend(record)`` puts the first record right, ``proof`` names
    the file that is uploaded anew."""

    section: str
    note: str
    mend: Callable[[Any], None] | None = None
    proof: str = ""


def _set(field: str, change: Callable[[Any], Any]) -> Callable[[Any], None]:
    return lambda record: setattr(record, field, change(getattr(record, field)))


def _longer(field: str, words: str) -> Callable[[Any], None]:
    return _set(field, lambda text: text if text.endswith(words) else text + words)


FAULTS = (
    Fault("materials", "公示表没有加盖单位公章，请重新上传", proof="A04"),
    Fault("materials", "身份证照片反光，看不清号码，请重新上传", proof="A01"),
    Fault(
        "basic_info",
        "现任职称取得时间与证书不一致，请照证书填写",
        _set("current_title_date", lambda day: day - timedelta(days=2)),
    ),
    Fault(
        "education",
        "学历证书编号与证书不一致，请核对末四位",
        _set("diploma_no", lambda number: number[:-4] + number[-4:][::-1]),
    ),
    Fault("education", "毕业证书扫描件不完整，请重新上传", proof="A10"),
    Fault("continuing_education", "继续教育学时登记缺少盖章页，请重新上传", proof="A23"),
    Fault(
        "work",
        "工作部门与档案记载不一致，请核对",
        _set("department", lambda department: "工程技术科"),
    ),
    Fault("paper", "论文附件缺少期刊目录页，请把封面、版权页、目录、正文合并上传", proof="A30"),
    Fault(
        "project",
        "本人承担工作写得过于笼统，请写明具体内容",
        _longer("own_work", "具体完成了现场调查、方案比选、图纸和总结报告的编写。"),
    ),
    Fault("patent", "专利证书不清晰，请重新上传", proof="A50"),
    Fault(
        "report",
        "内容概要没有写明实际效果，请补充",
        _longer("brief", "采用后工作周期缩短约两成，差错明显减少。"),
    ),
    Fault(
        "award",
        "没有填写证书编号，或与证书不一致，请照证书填写",
        _set("certificate_no", lambda number: f"{number or 'R'}-1"),
    ),
    Fault(
        "assessment",
        "年度考核结果与考核登记表不一致，请核对",
        _set("grade", lambda grade: "2" if grade == "1" else "1"),
    ),
)


def found(rng: Random, sections: set[str], proofs: set[tuple[str, str]]) -> list[Fault]:
    """One to three faults in sections that have something, each section once."""
    wanted = rng.choice((1, 1, 2, 2, 3))
    faults: dict[str, Fault] = {}
    for fault in rng.sample(FAULTS, len(FAULTS)):
        there = (fault.section, fault.proof) in proofs if fault.proof else fault.section in sections
        if there and len(faults) < wanted:
            faults.setdefault(fault.section, fault)
    return list(faults.values())
