"""Kinds of values: how each is read from any door, shown in Thai, sent by the API and put into a workbook."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from . import identity, thaidate
from .bilingual import Bilingual, Label, Sentence
from .codes import CodeList
from .thaitext import as_scanned

MISSING = {"", "-", "–", "—", "ไม่มี", "N/A", "n/a", "null"}
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
YES, NO = Label("ใช่", "Yes"), Label("ไม่ใช่", "No")
HAS_FILE = Label("มีไฟล์", "File")
VEIL = "•••"


class NotReadable(ValueError):
    """A raw value cannot be read as this kind; the text is a Thai sentence for the user."""

    def __init__(self, sentence: str, **facts: Any) -> None:
        super().__init__(sentence if isinstance(sentence, Bilingual) else Sentence(sentence, **facts))


# Control characters but tab and line breaks, halves of characters, U+FFFD (what another encoding's letters are
# turned into) and what is no character at all: databases refuse some, and a workbook with one is damaged.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff]")


def _require_storable(text: str) -> None:
    # Of what can be printed only U+FFFD cannot be stored; asking that first spares most texts the search.
    if (not text.isprintable() or "\ufffd" in text) and _UNSTORABLE.search(text):
        raise NotReadable("มีอักขระที่ใช้ไม่ได้")


class Kind:
    """Text, and the base of the other kinds."""

    widget = "text"
    numeric = False
    schema: dict[str, Any] = {"type": "string"}

    def read(self, raw: Any) -> Any:
        """Value from what a form, a JSON body or a cell holds; None when missing; NotReadable otherwise."""
        if raw is None:
            return None
        if isinstance(raw, bool | list | dict):
            raise NotReadable("ต้องเป็นข้อความ")
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        text = " ".join(str(raw).split())
        _require_storable(text)
        return None if text in MISSING else text

    def show(self, value: Any) -> str:
        """Text for a screen or a document."""
        return "" if value is None else str(value)

    def mask(self, value: Any) -> str:
        """Text for a list or a log, where personal numbers are hidden."""
        return self.show(value)

    def veil(self, value: Any) -> str:
        """Text for who may know that there is a value but not which."""
        return "" if value is None else VEIL

    def edit(self, value: Any) -> str:
        """Text that a form shows for editing and that ``read`` takes back."""
        return self.show(value)

    def cell(self, value: Any) -> Any:
        """Value for an exported workbook cell (text or number)."""
        return self.edit(value)

    def json(self, value: Any) -> Any:
        """Value for the API and for the history; ``read`` takes it back."""
        return value


class Digits(Kind):
    """A code of digits, always of one length: a postcode, a house code. Zeros that a sheet has lost come back."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.schema = {"type": "string", "pattern": f"^[0-9]{{{length}}}$"}

    def read(self, raw: Any) -> Any:
        """Text of exactly so many digits; Thai digits, spaces and dashes are understood."""
        text = super().read(raw)
        if text is None:
            return None
        digits = text.translate(_THAI_DIGITS).replace(" ", "").replace("-", "")
        if isinstance(raw, int | float):
            digits = digits.zfill(self.length)
        if not (digits.isascii() and digits.isdigit() and len(digits) == self.length):
            raise NotReadable("ต้องเป็นตัวเลข {length} หลัก", length=self.length)
        return digits


class Scanned(Kind):
    """A code as scanners give it: Latin capitals and digits, whatever the keyboard was set to."""

    def read(self, raw: Any) -> Any:
        """The code without spaces, in capitals."""
        text = super().read(raw)
        return None if text is None else as_scanned(text)


class Spoken(Kind):
    """A Thai text of a closed set, kept as it is and shown with the English that the set knows."""

    def __init__(self, words: Iterable[Label]) -> None:
        self.words = {word[:]: word for word in words}

    def show(self, value: Any) -> str:
        """The text that knows its English."""
        return self.words.get(value, super().show(value))


class Memo(Kind):
    """Text of several lines."""

    widget = "memo"

    def read(self, raw: Any) -> Any:
        """As text, but line breaks stay."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if not isinstance(raw, str):
            raise NotReadable("ต้องเป็นข้อความ")
        _require_storable(raw)
        return raw.strip().replace("\r\n", "\n")


class Whole(Kind):
    """A whole number."""

    widget = "number"
    numeric = True
    schema = {"type": "integer"}

    def read(self, raw: Any) -> Any:
        """int; Thai digits and thousands commas are understood."""
        number = Number().read(raw)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise NotReadable("ต้องเป็นจำนวนเต็ม")
        if abs(number) > 2**31 - 1:
            raise NotReadable("ตัวเลขมากเกินไป")
        return int(number)

    def cell(self, value: Any) -> Any:
        """Numbers stay numbers in a workbook."""
        return None if value is None else int(value)


class Number(Kind):
    """A decimal number."""

    widget = "number"
    numeric = True
    schema = {"type": "number"}

    def read(self, raw: Any) -> Any:
        """Decimal; Thai digits and thousands commas are understood."""
        if isinstance(raw, bool | list | dict):
            raise NotReadable("ต้องเป็นตัวเลข")
        if isinstance(raw, int | float | Decimal):
            number = Decimal(str(raw))
        else:
            text = Kind.read(self, raw)
            if text is None:
                return None
            try:
                number = Decimal(text.translate(_THAI_DIGITS).replace(",", ""))
            except InvalidOperation:
                raise NotReadable("“{text}” ไม่ใช่ตัวเลข", text=text[:30]) from None
        if not number.is_finite() or abs(number) >= Decimal("1e12"):
            raise NotReadable("ตัวเลขมากเกินไป")
        return number

    def show(self, value: Any) -> str:
        """Plain decimal without needless zeros."""
        return "" if value is None else format(Decimal(value).normalize(), "f")

    def cell(self, value: Any) -> Any:
        """Numbers stay numbers in a workbook."""
        return None if value is None else float(value)

    def json(self, value: Any) -> Any:
        """JSON number."""
        return None if value is None else float(value)


class Money(Number):
    """An amount of baht, shown with thousands; satang only where there are some."""

    def show(self, value: Any) -> str:
        """1,250,000 or 53,833.33."""
        return "" if value is None else f"{Decimal(value):,.2f}".removesuffix(".00")

    def edit(self, value: Any) -> str:
        """Plain decimal, as it is typed."""
        return Number.show(self, value)


class Flag(Kind):
    """Yes or no."""

    widget = "flag"
    schema = {"type": "boolean"}
    _yes = {"1", "true", "yes", "y", "on", "t", "ใช่", "มี", "เป็น", "ได้", "/", "✓", "x"}
    _no = {"0", "false", "no", "n", "off", "f", "ไม่ใช่", "ไม่", "ไม่มี", "ไม่เป็น", "ไม่ได้"}

    def read(self, raw: Any) -> Any:
        """Bool from JSON, from a tick box or from Thai words."""
        if isinstance(raw, bool):
            return raw
        text = Kind.read(self, raw)
        if text is None or text.lower() in self._no:
            return None if text is None else False
        if text.lower() in self._yes:
            return True
        raise NotReadable("ต้องเป็น ใช่ หรือ ไม่ใช่")

    def show(self, value: Any) -> str:
        """ใช่ or ไม่ใช่."""
        return "" if value is None else (YES if value else NO)


class ThaiDate(Kind):
    """A day, written dd/mm/พ.ศ.; the API also takes and gives ISO dates (CE)."""

    widget = "date"
    schema = {"type": "string", "format": "date"}

    def read(self, raw: Any) -> Any:
        """date; see thaidate.parse_thai_date for what is understood."""
        if isinstance(raw, bool | list | dict):
            raise NotReadable("ต้องเป็นวันที่ วว/ดด/พ.ศ.")
        if isinstance(raw, str) and raw.strip() in MISSING:
            return None
        try:
            return None if raw is None else thaidate.parse_thai_date(raw)
        except ValueError as wrong:
            raise NotReadable(str(wrong)) from None

    def show(self, value: dt.date | None) -> str:
        """10 มิ.ย. 2569."""
        return "" if value is None else thaidate.thai_date_short(value)

    def edit(self, value: dt.date | None) -> str:
        """10/06/2569."""
        return "" if value is None else thaidate.slash_date(value)

    def json(self, value: dt.date | None) -> Any:
        """ISO date, CE."""
        return None if value is None else value.isoformat()


class Moment(Kind):
    """A point in time, shown in Bangkok time and the Buddhist Era."""

    widget = "moment"
    schema = {"type": "string", "format": "date-time"}

    def read(self, raw: Any) -> Any:
        """Aware datetime from ISO text, from ``dd/mm/พ.ศ. hh.mm`` or from a datetime (naive = Bangkok)."""
        if raw is None or (isinstance(raw, str) and raw.strip() in MISSING):
            return None
        if isinstance(raw, str):
            raw = self._from_text(raw)
        if not isinstance(raw, dt.datetime):
            raise NotReadable("ต้องเป็นวันที่และเวลา เช่น 10/06/2569 16.30")
        return (raw if raw.tzinfo else raw.replace(tzinfo=thaidate.BANGKOK)).astimezone(dt.UTC)

    @staticmethod
    def _from_text(text: str) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(text.strip())
        except ValueError:
            day, _, clock = text.strip().translate(_THAI_DIGITS).partition(" ")
        try:
            hour, _, minute = (clock.replace("น.", "").strip() or "0.00").replace(":", ".").partition(".")
            time = dt.time(int(hour), int(minute or 0))
            return dt.datetime.combine(thaidate.parse_thai_date(day), time)
        except ValueError:
            raise NotReadable("ต้องเป็นวันที่และเวลา เช่น 10/06/2569 16.30") from None

    def show(self, value: dt.datetime | None) -> str:
        """10 มิถุนายน 2569 เวลา 16.30 น."""
        return "" if value is None else thaidate.thai_datetime(value)

    def edit(self, value: dt.datetime | None) -> str:
        """10/06/2569 16.30."""
        if value is None:
            return ""
        local = value.astimezone(thaidate.BANGKOK)
        return f"{thaidate.slash_date(local.date())} {local:%H.%M}"

    def json(self, value: dt.datetime | None) -> Any:
        """ISO date and time, UTC."""
        return None if value is None else value.isoformat()


class BuddhistYear(Whole):
    """A year of the Buddhist Era, stored as such; a CE year is understood and turned."""

    schema = {"type": "integer", "minimum": 2400, "maximum": 2700}

    def read(self, raw: Any) -> Any:
        """Int between 2400 and 2700."""
        year = super().read(raw)
        if year is not None and 1900 <= year <= 2100:
            year += 543
        if year is not None and not 2400 <= year <= 2700:
            raise NotReadable("ปี พ.ศ. ต้องมี 4 หลัก เช่น 2569")
        return year


class Identity(Kind):
    """A national ID number (check digit proved) or a G-code."""

    widget = "national_id"
    schema = {"type": "string", "pattern": "^([0-9]{13}|G[0-9]{12})$"}

    def read(self, raw: Any) -> Any:
        """13 characters; dashes, Thai digits and a lost leading zero are mended."""
        if isinstance(raw, bool | list | dict):
            raise NotReadable("ต้องเป็นเลขประจำตัว 13 หลัก")
        if raw is None or (isinstance(raw, str) and raw.strip() in MISSING):
            return None
        number = identity.normalise_identity(raw)
        if identity.kind_of(number) != "other":
            return number
        if number.isdigit() and len(number) == 13:
            raise NotReadable("เลขประจำตัวประชาชนไม่ถูกต้อง (หลักตรวจสอบไม่ตรง) กรุณาเทียบกับบัตรหรือสูติบัตร")
        raise NotReadable("ต้องเป็นเลขประจำตัวประชาชน 13 หลัก หรือรหัส G ตามด้วยเลข 12 หลัก")

    def show(self, value: str | None) -> str:
        """1-2345-67890-12-1."""
        return "" if value is None else identity.format_identity(value)

    def mask(self, value: str | None) -> str:
        """1-2345-xxxxx-12-1: enough to recognise, not enough to misuse."""
        return "" if value is None else identity.mask_identity(value)

    def veil(self, value: str | None) -> str:
        """As in lists."""
        return self.mask(value)

    def edit(self, value: str | None) -> str:
        """Plain digits."""
        return value or ""


class Code(Kind):
    """A value of a code list."""

    widget = "choice"

    def __init__(self, codes: type[CodeList]) -> None:
        self.codes = codes
        self.schema = {"type": "string", "enum": [member.value for member in codes]}

    def read(self, raw: Any) -> Any:
        """Member of the list, from its code, label or a known spelling."""
        if isinstance(raw, enum.Enum):
            return raw if isinstance(raw, self.codes) else self._refuse(raw.value)
        text = Kind.read(self, raw)
        if text is None:
            return None
        try:
            return self.codes.parse(text)
        except ValueError as wrong:
            raise NotReadable(str(wrong)) from None

    def choices(self) -> list[tuple[str, str]]:
        """What a select offers: code and label."""
        return [(code.value, code.th) for code in self.codes]

    def _refuse(self, raw: Any) -> Any:
        raise NotReadable("“{text}” ไม่อยู่ในรายการ", text=raw)

    def show(self, value: CodeList | None) -> str:
        """Thai label."""
        return "" if value is None else value.th

    def mask(self, value: CodeList | None) -> str:
        """The short label: lists are dense."""
        return "" if value is None else value.short

    def edit(self, value: CodeList | None) -> str:
        """The code, as a select submits it."""
        return "" if value is None else value.value

    def cell(self, value: CodeList | None) -> Any:
        """Label, which ``read`` takes back."""
        return self.show(value)

    def json(self, value: CodeList | None) -> Any:
        """The code."""
        return None if value is None else value.value


class Reference(Kind):
    """A row of another dataset, looked up by typing and stored as its key."""

    widget = "lookup"

    def __init__(self, target: str, key: type[Any] = str) -> None:
        self.target = target
        self.numbered = key is int
        if self.numbered:
            self.schema = {"type": "integer"}

    def read(self, raw: Any) -> Any:
        """The key, a number where the rows are numbered; whether there is such a row, is asked at writing."""
        text = Kind.read(self, raw)
        if text is None or not self.numbered:
            return text
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise NotReadable("กรุณาเลือกจากรายการ")
        return int(text)


class Masked(Kind):
    """Another kind before eyes that may not see its values: whatever is asked for, only the veil is given."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    @property
    def veils_all(self) -> bool:
        """Whether every value looks alike behind the veil."""
        return type(self._kind).veil is Kind.veil

    def read(self, raw: Any) -> Any:
        """The value, to be veiled; what the kind no longer understands stays as it is."""
        try:
            return self._kind.read(raw)
        except NotReadable:
            return raw if raw is None else str(raw)

    def show(self, value: Any) -> str:
        """The veil."""
        return self._kind.veil(value)

    def veil(self, value: Any) -> str:
        """The veil."""
        return self._kind.veil(value)

    def json(self, value: Any) -> Any:
        """The veil, or null where there is nothing."""
        return None if value is None else self._kind.veil(value)


class StoredFile(Kind):
    """A file of a row, kept in the file store under a name of our own; PDF or image. Uploaded on the row's page."""

    widget = "file"
    images_only = False
    schema = {"type": "string", "readOnly": True}

    def read(self, raw: Any) -> Any:
        """A name that is stored already, as the history has it; files themselves come by their own door."""
        text = Kind.read(self, raw)
        if text is not None and not re.fullmatch(r"[0-9a-f]{32}\.(jpg|pdf)", text):
            raise NotReadable("ไฟล์ต้องอัปโหลดที่หน้ารายการ")
        return text

    def show(self, value: Any) -> str:
        """มีไฟล์, or nothing."""
        return HAS_FILE if value else ""

    def edit(self, value: Any) -> str:
        """Forms do not carry files."""
        return value or ""

    def cell(self, value: Any) -> Any:
        """มีไฟล์, or an empty cell."""
        return self.show(value)


class Photo(StoredFile):
    """A photograph: JPEG, PNG or WebP, stored as JPEG without its metadata, and a thumbnail beside it."""

    images_only = True


class Answers(Kind):
    """Answers of a questionnaire by the codes of its questions, as the history has them; written by its own verb."""

    schema = {"type": "object", "readOnly": True}

    def read(self, raw: Any) -> Any:
        """The answers as stored; NotReadable for anything else."""
        if raw is not None and not isinstance(raw, dict):
            raise NotReadable("คำตอบบันทึกได้ที่หน้าแบบสอบถามเท่านั้น")
        return raw

    def show(self, value: Any) -> str:
        """How many questions are answered."""
        return "" if not value else Sentence("ตอบแล้ว {count} ข้อ", count=len(value))


class Choice(Kind):
    """One of some words, which are stored as they are."""

    widget = "choice"

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options
        self.schema = {"type": "string", "enum": list(options)}

    def read(self, raw: Any) -> Any:
        """One of the options; NotReadable with all of them for anything else."""
        text = Kind.read(self, raw)
        if text is None or text in self.options:
            return text
        raise NotReadable("ต้องเป็นข้อใดข้อหนึ่งต่อไปนี้: {options}", options=", ".join(self.options))

    def choices(self) -> list[tuple[str, str]]:
        """What a select offers: value and label."""
        return [(option, option) for option in self.options]
