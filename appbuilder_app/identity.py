"""Identity numbers of learners: the national number's check digit, G-codes, normal form, masking. Pure."""

from __future__ import annotations

import re
from operator import mul
from typing import Final, Literal

from .thaidate import arabic_digits

Kind = Literal["national", "g", "other"]

_THIRTEEN_DIGITS: Final = re.compile(r"[0-9]{13}")
_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")
_WEIGHTS: Final = range(13, 1, -1)
_OF_ZEROS: Final = ord("0") * sum(_WEIGHTS)
_G_CODE: Final = re.compile(r"G[0-9]{12}")
# Spaces and dashes of every kind people and programs put into numbers, invisible ones, and the
# apostrophe by which spreadsheets mark a number as text.
_DECORATION: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff'\u2018\u2019-]+")


def check_digit(first12: str) -> int:
    """The thirteenth digit that belongs to the first twelve.

    Raises ValueError for anything but twelve digits 0-9.
    The published formula is weak in two places, so passing it proves nothing by itself: the third digit
    has the weight 11 and never counts, and the remainders 0 and 10 both give 1, so among numbers that
    end in 1 a wrong digit can pass. Any other single wrong digit is found.
    """
    if not _TWELVE_DIGITS.fullmatch(first12):
        raise ValueError("twelve digits are needed")
    total = sum(map(mul, first12.encode(), _WEIGHTS)) - _OF_ZEROS
    return (11 - total % 11) % 10


def is_national_id(text: str) -> bool:
    """Thirteen digits, nothing else, with the right check digit. A leading 0 is as real as any other."""
    return bool(_THIRTEEN_DIGITS.fullmatch(text)) and check_digit(text[:12]) == int(text[12])


def is_g_code(text: str) -> bool:
    """``G`` and twelve digits: the number of a learner without a national one. It has no check digit."""
    return bool(_G_CODE.fullmatch(text))


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
