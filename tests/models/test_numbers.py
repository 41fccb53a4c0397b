"""Identity numbers and social credit codes, with the worked examples of the standards."""

from datetime import date

import pytest

from models.numbers import birth_of, id_number_objection, mobile_of, sex_of, uscc_objection

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 4405 2419 8001 0100 13",
        "220102198503120019",
        "220381198503120015",
        "222401198503120029",
    ],
)
def test_right_identity_numbers(number):
    assert id_number_objection(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("130503670401001", "15 位身份证号已停用，请填写 18 位身份证号。"),
        ("2201021985031200", "身份证号应为 18 位：前 17 位是数字，末位是数字或 X。"),
        ("22010219850312001Y", "身份证号应为 18 位：前 17 位是数字，末位是数字或 X。"),
        ("２２0102198503120019", "身份证号应为 18 位：前 17 位是数字，末位是数字或 X。"),
        ("250102198503120019", "身份证号的前两位不是省份代码，请核对。"),
        ("220102198502300019", "身份证号的第 7 至 14 位不是有效的出生日期，请核对。"),
        ("220102202603210019", "身份证号的第 7 至 14 位不是有效的出生日期，请核对。"),
        ("440524188001010014", "身份证号的第 7 至 14 位不是有效的出生日期，请核对。"),
        ("220102198503120018", "身份证号的校验位不对，请照证件核对。"),
    ],
)
def test_wrong_identity_numbers(number, expected):
    assert str(id_number_objection(number, TODAY)) == expected


def test_every_other_check_digit_is_wrong():
    stem = "22010219850312001"
    right = [d for d in "0123456789X" if id_number_objection(stem + d, TODAY) is None]
    assert right == ["9"]


def test_what_a_number_says_of_its_holder():
    assert birth_of("220102198503120019") == date(1985, 3, 12)
    assert [sex_of(n) for n in ("220102198503120019", "220102198503120027")] == ["1", "2"]
    with pytest.raises(ValueError):
        birth_of("220102198502300019")


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "91512081MA62K0260E",
        "91220102B4MBMCDCG0",
        "12220000412755004K",
        "12220000412755004k",
        "91220101MA0Y4E7X2D",
        "112200000135352903",
        "5222000050000012XL",
    ],
)
def test_right_social_credit_codes(code):
    assert uscc_objection(code) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91350100M000100Y4", "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"),
        ("91350100I000100Y43", "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。"),
        ("91350100M000100Y44", "统一社会信用代码的校验位不对，请照证书核对。"),
    ],
)
def test_wrong_social_credit_codes(code, expected):
    assert str(uscc_objection(code)) == expected


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000001", "13800000001"), (" 138 0000-0001 ", "13800000001"),
        ("+86 13800000001", "13800000001"), ("１３８００００００01", "13800000001"),
        ("861380000", "861380000"), ("", ""), ("电话", "电话"),
    ],
)  # fmt: skip
def test_a_mobile_is_kept_as_its_digits(typed, kept):
    assert mobile_of(typed) == kept
