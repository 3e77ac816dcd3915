"""The check digit of Thai national numbers. Pure; the register's ``identity`` stands on it."""

from __future__ import annotations

import re
from operator import mul
from typing import Final

_THIRTEEN_DIGITS: Final = re.compile(r"[0-9]{13}")
_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")
_WEIGHTS: Final = range(13, 1, -1)
_OF_ZEROS: Final = ord("0") * sum(_WEIGHTS)


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
