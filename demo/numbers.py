"""Numbers that are well formed and belong to nobody, each with its check digit."""

from datetime import date
from random import Random

from stdnum.cn import ric, uscc

from models.sections.patent import check_digit

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def identity_number(region: str, birth: date, sequence: int) -> str:
    """A number of GB 11643; an odd ``sequence`` is a man's."""
    stem = f"{region}{birth:%Y%m%d}{sequence:03d}"
    return stem + ric.calc_check_digit(stem + "0")  # the last place is left out of the sum


def social_credit_code(kind: str, region: str, serial: int) -> str:
    """A code of GB 32100; ``kind`` are its first two characters.

    The organisation's own code inside (GB 11714) has its check digit too.
    """
    organisation = f"{70_000_000 + serial:08d}"
    total = sum(
        int(digit) * weight
        for digit, weight in zip(organisation, ORGANISATION_WEIGHTS, strict=True)
    )
    stem = f"{kind}{region}{organisation}{'0X987654321'[total % 11]}"
    return stem + uscc.calc_check_digit(stem)


def mobile(serial: int) -> str:
    """A number of the segment 1540, which no operator has been given."""
    return f"1540{serial:07d}"


def issn(rng: Random) -> str:
    """ISO 3297: weights 8 to 2, modulo 11."""
    digits = [rng.randrange(10) for _ in range(7)]
    total = sum(digit * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    text = "".join(map(str, digits))
    return f"{text[:4]}-{text[4:]}{'0X987654321'[total % 11]}"


def isbn(rng: Random) -> str:
    """ISBN-13 of a Chinese house: weights 1 and 3, modulo 10."""
    digits = f"9787{rng.randrange(10**8):08d}"
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def application_no(rng: Random, year: int, kind: str) -> str:
    """The number of a patent application (ZC 0006-2003); ``kind`` is 1, 2 or 3."""
    digits = f"{year}{kind}0{rng.randrange(10**6):06d}"
    return f"{digits}.{check_digit(digits)}"


def diploma_no(rng: Random, school: str, year: int, level: str) -> str:
    """18 digits: school (5), kind, year, level (2) and serial (6)."""
    return f"{school}1{year}{level}{rng.randrange(10**6):06d}"
