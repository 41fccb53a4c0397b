"""证件号码 and 统一社会信用代码: what a number says of itself (GB 11643, GB 32100)."""

import re
from datetime import date

from stdnum.cn import ric, uscc

from models.vault import normalised
from models.words import Sentence, _, say

PROVINCES = frozenset(
    (11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46)
    + (50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83)
)
"""The provinces of GB/T 2260; 83 stands on residence permits of people from Taiwan.
Below the province a number keeps the county of its day, so no table of today fits."""

FIRST_YEAR = 1900
"""Nobody who declares or recommends was born earlier."""

MALE, FEMALE = "1", "2"
"""GB/T 2261.1."""

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LENGTH_OF_MOBILE, LENGTHS_OF_IDENTITY = 11, (15, 18)

SOCIAL_CREDIT_CODE = re.compile(r"[1-9ANY][1-9][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}")
"""GB 32100: office of registration, kind, region, organisation, check digit."""


def birth_of(number: str) -> date:
    """The day of birth in an identity number; ValueError if there is no such day."""
    return ric.get_birth_date(normalised(number))


def sex_of(number: str) -> str:
    """The code of the sex in an identity number: an odd sequence is male (GB 11643)."""
    return MALE if int(normalised(number)[16]) % 2 else FEMALE


def id_number_objection(number: str, today: date) -> Sentence | None:
    """What is wrong with the number of an identity card; None if nothing (GB 11643)."""
    number = normalised(number)
    if len(number) == 15:
        return say(_("15 位身份证号已停用，请填写 18 位身份证号。"))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return say(_("身份证号应为 18 位：前 17 位是数字，末位是数字或 X。"))
    if int(number[:2]) not in PROVINCES:
        return say(_("身份证号的前两位不是省份代码，请核对。"))
    if not _born_by(number, today):
        return say(_("身份证号的第 7 至 14 位不是有效的出生日期，请核对。"))
    if ric.calc_check_digit(number) != number[-1]:
        return say(_("身份证号的校验位不对，请照证件核对。"))
    return None


def _born_by(number: str, today: date) -> bool:
    try:
        born = birth_of(number)
    except ValueError:
        return False
    return born.year >= FIRST_YEAR and born <= today


def is_mobile(text: str) -> bool:
    """Whether it is a number of a mobile telephone in China."""
    return MOBILE.fullmatch(normalised(text)) is not None


def mobile_objection(text: str) -> Sentence | None:
    """What is wrong with the number of a mobile telephone; None if nothing."""
    return None if is_mobile(text) else say(_("手机号应为 11 位数字，以 13 至 19 开头，请核对。"))


def holder_objection(text: str, today: date) -> Sentence | None:
    """What is wrong with what should be somebody's identity number or mobile."""
    length = len(normalised(text))
    if length == LENGTH_OF_MOBILE:
        return mobile_objection(text)
    if length in LENGTHS_OF_IDENTITY:
        return id_number_objection(text, today)
    return say(_("请填写 18 位身份证号或 11 位手机号。"))


def uscc_objection(code: str) -> Sentence | None:
    """What is wrong with a 统一社会信用代码; None if nothing (GB 32100-2015).

    The inner check digit of the organisation code is not asked: codes of individual
    businesses do not keep it.
    """
    code = normalised(code)
    if not SOCIAL_CREDIT_CODE.fullmatch(code):
        return say(_("统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"))
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        return say(_("统一社会信用代码的校验位不对，请照证书核对。"))
    return None
