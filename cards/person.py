"""What a card says of a person: decoded, checked, and as JSON. Pure."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self, TypeVar

from . import layout
from .errors import BadData, OldCard
from .layout import Place
from .number import is_national_id

BUDDHIST_ERA: Final = 543
LIFETIME: Final = "99999999"
_EIGHT_DIGITS: Final = re.compile(r"[0-9]{8}")
_SEXES: Final = {"1": "male", "2": "female"}


@dataclass(frozen=True)
class CardDate:
    """A day as cards write it: ``YYYYMMDD`` of the Buddhist Era, where an unknown month or day is ``00``."""

    digits: str

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The day, or None where the text is none (empty, or not eight digits)."""
        return cls(text) if _EIGHT_DIGITS.fullmatch(text) and text != "00000000" else None

    @property
    def year(self) -> int:
        """Year of the Buddhist Era."""
        return int(self.digits[:4])

    @property
    def month(self) -> int | None:
        """1 to 12, or None when it is not known."""
        return int(self.digits[4:6]) or None

    @property
    def day(self) -> int | None:
        """1 to 31, or None when it is not known."""
        return int(self.digits[6:]) or None

    @property
    def for_life(self) -> bool:
        """True for the expiry of a card that never expires."""
        return self.digits == LIFETIME

    @property
    def date(self) -> dt.date | None:
        """The day in the common era; None unless it is known to the day and exists."""
        if self.for_life or not (self.month and self.day):
            return None
        try:
            return dt.date(self.year - BUDDHIST_ERA, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        """``09/05/2556``, ``--/05/2556``, or ตลอดชีพ."""
        if self.for_life:
            return "ตลอดชีพ"
        month, day = (self.digits[4:6], self.digits[6:])
        return "/".join(("--" if day == "00" else day, "--" if month == "00" else month, self.digits[:4]))


@dataclass(frozen=True)
class Name:
    """A name in one language; parts that a person does not have are empty."""

    title: str
    first: str
    middle: str
    last: str


@dataclass(frozen=True)
class Address:
    """The registered address in parts, without their labels (ตำบล, แขวง, อำเภอ, เขต, จังหวัด)."""

    house_no: str = ""
    village_no: str = ""
    lane: str = ""
    road: str = ""
    other: str = ""
    subdistrict: str = ""
    district: str = ""
    province: str = ""


@dataclass(frozen=True)
class Card:
    """A national ID card's data. ``photo`` is a JPEG; ``sex`` is male, female, or empty when not told."""

    national_id: str
    thai: Name
    english: Name
    birth: CardDate
    sex: str
    issuer: str
    issued: CardDate | None
    expires: CardDate | None
    address: Address
    photo: bytes | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON text; ``of_json`` takes them back."""
        return asdict(self) | {
            "birth": self.birth.digits,
            "issued": self.issued.digits if self.issued else None,
            "expires": self.expires.digits if self.expires else None,
            "photo": base64.b64encode(self.photo).decode() if self.photo else None,
        }

    @classmethod
    def of_json(cls, given: Any) -> Self:
        """The card of ``to_json``; BadData when a part is missing, of another kind, or cannot be right."""
        try:
            card = cls(
                national_id=_text(given["national_id"]),
                thai=_texts(Name, given["thai"]),
                english=_texts(Name, given["english"]),
                birth=_date(given["birth"]),
                sex=_text(given["sex"]),
                issuer=_text(given["issuer"]),
                issued=CardDate.of(given["issued"] or ""),
                expires=CardDate.of(given["expires"] or ""),
                address=_texts(Address, given["address"]),
                photo=base64.b64decode(given["photo"], validate=True) if given["photo"] else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadData(what="form") from error
        if card.sex not in {*_SEXES.values(), ""}:
            raise BadData(what="form")
        _check(card)
        return card


_Texts = TypeVar("_Texts", Name, Address)


def _texts(kind: type[_Texts], given: dict[str, Any]) -> _Texts:
    return kind(**{name: _text(text) for name, text in given.items()})


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError(given)
    return given


def _date(text: str) -> CardDate:
    if (found := CardDate.of(text)) is None:
        raise BadData(what="birth_date")
    return found


def _check(card: Card) -> None:
    if not is_national_id(card.national_id):
        raise BadData(what="national_id")
    if not card.thai.first:
        raise BadData(what="name")


# ── From the card's memory ───────────────────────────────────────────────────────────────────────────────


def decoded(memory: dict[Place, bytes], photo: bytes | None = None) -> Card:
    """The person of what was read, by field. OldCard, or BadData with the field that cannot be right."""
    texts = {place: text_of(data) for place, data in memory.items()}
    if texts[layout.VERSION] == "0002":
        raise OldCard
    card = Card(
        national_id=texts[layout.NATIONAL_ID],
        thai=name_of(texts[layout.THAI_NAME]),
        english=name_of(texts[layout.ENGLISH_NAME]),
        birth=_date(texts[layout.BIRTH_DATE]),
        sex=_SEXES.get(texts[layout.SEX], ""),
        issuer=texts[layout.ISSUER],
        issued=CardDate.of(texts[layout.ISSUE_DATE]),
        expires=CardDate.of(texts[layout.EXPIRY_DATE]),
        address=address_of(texts[layout.ADDRESS]),
        photo=photo,
    )
    _check(card)
    return card


def text_of(data: bytes) -> str:
    """TIS-620 without the padding. Bytes that are no letter are told, not lost: they become �."""
    return " ".join(data.decode("cp874", errors="replace").replace("\x00", " ").split())


def name_of(text: str) -> Name:
    """``title#first#middle#last``."""
    parts = [part.strip() for part in text.split("#")]
    return Name(*(parts + [""] * 4)[:4])


_VILLAGE: Final = ("หมู่ที่", "หมู่")
_IN_THE_MIDDLE: Final = (
    ("village_no", _VILLAGE),
    ("lane", ("ซอย", "ตรอก")),
    ("road", ("ถนน",)),
)
_AT_THE_END: Final = (
    ("province", ("จังหวัด",)),
    ("district", ("อำเภอ", "เขต")),
    ("subdistrict", ("ตำบล", "แขวง")),
)


def address_of(text: str) -> Address:
    """The parts of an address: the house first; subdistrict, district, province last.

    Between them parts are known by their label, not by their place: cards leave different ones out.
    """
    parts = [part.strip() for part in text.split("#")]
    found: dict[str, str] = {"house_no": parts.pop(0)}
    for name, labels in _AT_THE_END:
        found[name] = _unlabelled(parts.pop(), labels) if parts else ""
    rest = []
    for part in filter(None, parts):
        name = next((name for name, labels in _IN_THE_MIDDLE if part.startswith(labels)), "")
        if name and name not in found:
            # A lane is told from a passage by its label, and people write it.
            found[name] = _unlabelled(part, _VILLAGE) if name == "village_no" else part
        else:
            rest.append(part)
    return Address(**found, other=" ".join(rest))


def _unlabelled(part: str, labels: tuple[str, ...]) -> str:
    label = next((label for label in labels if part.startswith(label)), "")
    return part.removeprefix(label).strip()
