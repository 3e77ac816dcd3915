"""Identity numbers of learners: the national number's check digit, G-codes, normal form, masking. Pure."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

# The programs that read cards check the same digit without the register, so it stands with them.
from cards.number import check_digit, is_national_id

from .thaidate import arabic_digits

__all__ = [
    "GCode",
    "Kind",
    "check_digit",
    "format_identity",
    "g_code",
    "is_g_code",
    "is_national_id",
    "kind_of",
    "mask_identity",
    "normalise_identity",
    "parts_of_g_code",
]

Kind = Literal["national", "g", "other"]

_TWO_DIGITS: Final = re.compile(r"[0-9]{2}")
_G_CODE: Final = re.compile(r"G[0-9]{12}")
# Spaces and dashes of every kind people and programs put into numbers, invisible ones, and the
# apostrophe by which spreadsheets mark a number as text.
_DECORATION: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff'\u2018\u2019-]+")


def is_g_code(text: str) -> bool:
    """``G`` and twelve digits: the number of a learner without a national one. It has no check digit."""
    return bool(_G_CODE.fullmatch(text))


class GCode(NamedTuple):
    """What a G-code tells: the Buddhist Era year of issue (of two digits), the province, the running number."""

    year: int
    province: str
    running: int

    @property
    def series(self) -> str:
        """All codes of a year and a province: ``G6916``."""
        return f"G{self.year:02}{self.province}"

    def __str__(self) -> str:
        return f"{self.series}{self.running:08}"


LAST_OF_A_SERIES: Final = 99_999_999


def g_code(year: int, province: str, running: int) -> GCode:
    """The code ``G`` + year + province + eight running digits; ``year`` is Buddhist Era, of four digits or two.

    ``province`` is the two-digit code of the Department of Provincial Administration. Raises ValueError for
    anything that does not fit.
    """
    if not _TWO_DIGITS.fullmatch(province) or not 0 < running <= LAST_OF_A_SERIES or year < 0:
        raise ValueError("a G-code takes a two-digit province and a running number of eight digits")
    return GCode(year % 100, province, running)


def parts_of_g_code(number: str) -> GCode:
    """The parts of a G-code; raises ValueError for another number.

    Codes from before the national issue of 2561 may be put together otherwise: of those it says nothing true.
    """
    if not is_g_code(number):
        raise ValueError("not a G-code")
    return GCode(int(number[1:3]), number[3:5], int(number[5:]))


def kind_of(number: str) -> Kind:
    """What a normalised number is; "other" is a passport, an alien's card, or a mistake."""
    if is_national_id(number):
        return "national"
    return "g" if is_g_code(number) else "other"


def normalise_identity(value: object, *, restore_zeros: bool = False) -> str:
    """One spelling of a number, however typed: Arabic digits, no dashes or spaces, capital letters.

    A number that came as a number (an int or float of a spreadsheet) has lost its leading zeros: one or
    two are put back when the thirteen digits then pass the check digit. ``restore_zeros`` does the same
    for text, for a CSV file saved by a spreadsheet; never for what a person types, where a twelfth digit
    alone more often means that one was forgotten. ``None``, an empty text and ``-`` give an empty text.
    """
    if value is None:
        return ""
    number = isinstance(value, int | float)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _DECORATION.sub("", arabic_digits(value)).upper()
    return _with_lost_zeros(text) if number or restore_zeros else text


def _with_lost_zeros(text: str) -> str:
    restored = text.zfill(13)
    return restored if len(text) in (11, 12) and is_national_id(restored) else text


def mask_identity(number: str) -> str:
    """``1-2345-xxxxx-12-1``: enough to recognise a known number, not enough to learn one.

    Of a thirteen-character number the first five and last three are kept; of any other the last three
    at most, and never more than a third of it.
    """
    if len(number) == 13:
        return format_identity(f"{number[:5]}xxxxx{number[-3:]}")
    shown = min(3, len(number) // 3)
    return "x" * (len(number) - shown) + number[len(number) - shown :]


def format_identity(number: str) -> str:
    """``1-2345-67890-12-1``, as on the card; what is not thirteen characters or is a G-code stays as is."""
    if len(number) != 13 or number.startswith("G"):
        return number
    return "-".join((number[0], number[1:5], number[5:10], number[10:12], number[12]))
