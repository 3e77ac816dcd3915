"""Thai text as typed: one spelling for what looks the same on the screen. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from .thaidate import arabic_digits

# Zero-width marks that spreadsheets and web pages leave between Thai words; nobody sees them, but a
# label or a name that holds one matches nothing.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Sara am typed as nikhahit + sara aa, the tone mark before, between or after: น้ำ looks the same each way.
_SPLIT_SARA_AM: Final = re.compile("([\u0e48-\u0e4b]?)\u0e4d([\u0e48-\u0e4b]?)\u0e32")
# Sara ae typed as two sara e.
_SPLIT_SARA_AE: Final = re.compile("\u0e40\u0e40")


def tidy(text: str) -> str:
    """The text with single spaces, without invisible marks, and with each Thai vowel in its one spelling."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = _SPLIT_SARA_AM.sub("\\1\\2\u0e33", text)
    return " ".join(_SPLIT_SARA_AE.sub("\u0e41", text).split())


def folded(text: str) -> str:
    """A key for comparing labels: tidy, Arabic digits, lower case, without spaces, dots or outer quotes."""
    return re.sub(r"[\s.]+", "", arabic_digits(tidy(text))).casefold().strip("'\"")


def width(text: str) -> int:
    """How many places a text takes in a terminal or a column: vowels and tone marks above and below take none."""
    return sum(not unicodedata.category(letter).startswith("M") for letter in text)


# The keys of the Thai keyboard (Kedmanee), plain and shifted, in the order of the Latin ones below them.
_THAI_KEYS: Final = "ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฃฟหกดเ้่าสวงผปแอิืทมใฝ" + '+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฅฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'
_LATIN_KEYS: Final = (
    "1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./" + '!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
)
_AS_LATIN: Final = str.maketrans(_THAI_KEYS, _LATIN_KEYS)


def as_scanned(text: str) -> str:
    """A code in Latin capitals, without spaces, also when the scanner "typed" it on a Thai keyboard.

    A scanner presses keys: while Thai is switched on, 1 arrives as ๅ and A as ฤ. Thai digits alone are digits.
    """
    # As it came: composing vowels and marks would exchange what are keys here.
    text = "".join(_INVISIBLE.sub("", text).split())
    if re.search("[\u0e00-\u0e4e\u0e4f\u0e5a\u0e5b]", text):
        text = text.translate(_AS_LATIN)
    return arabic_digits(text).upper()
