"""The certificate of a school's round: what it says, frozen, and its one A4 page. Pure: no database, no web.

What is frozen when the director certifies is kept as JSON and printed from that JSON ever after, so a sheet
printed again is the same file, byte for byte. Acknowledgement and annulment come later and are added with
``dataclasses.replace``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple, Self

from ..codes import Grade, Level
from ..thaidate import bangkok

# How widely the page may be set (classes of official.css), and the lines of the table above which the first
# is not even tried, to spare the time.
_SPACINGS = ("roomy", "dense", "tight")
_ROOMY_LINES = 16


class GradeRow(NamedTuple):
    """One grade's students and rooms; ``grade`` is the outside code ("01" อ.1 … "18" ปวช.3)."""

    grade: str
    label: str
    male: int
    female: int
    rooms: int

    @property
    def total(self) -> int:
        """Students of both sexes."""
        return self.male + self.female


class Counts(NamedTuple):
    """Sums over several grades."""

    male: int
    female: int
    rooms: int

    @property
    def total(self) -> int:
        """Students of both sexes."""
        return self.male + self.female


@dataclass(frozen=True)
class Signature:
    """Who did it, in which position, and when (a moment with its zone; without one it is UTC)."""

    name: str
    position: str
    at: datetime


@dataclass(frozen=True)
class Annulment:
    """Why a certificate holds no more, and since when."""

    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CertificateSheet:
    """Everything that one certificate says (R1, R8, R12, R13).

    Years are Buddhist Era. ``roster_hash`` is the SHA-256 of the frozen roster, 64 hexadecimal digits.
    ``boarding`` counts ประจำพักนอน, ``g_code`` students without a national ID (ติด G), and
    ``pending_discharge`` those of menu 3.1.8. ``issued_at`` stands on the page and in the file as its date.
    Raises ValueError for a negative count, a grade twice or an odd hash.
    """

    number: str
    version: int
    issued_at: datetime
    school_name: str
    school_code: str
    school_code_10: str | None = None
    area_name: str
    academic_year: int
    round_number: int
    round_name: str
    snapshot_date: date
    grades: tuple[GradeRow, ...]
    disadvantaged: int
    disabled: int
    boarding: int
    g_code: int
    pending_discharge: int
    confirmed: Signature
    certified: Signature
    roster_hash: str
    acknowledged: Signature | None = None
    annulled: Annulment | None = None

    def __post_init__(self) -> None:
        rows = sorted((GradeRow(*row) for row in self.grades), key=lambda row: Grade(row.grade))
        object.__setattr__(self, "grades", tuple(rows))
        special = (self.disadvantaged, self.disabled, self.boarding, self.g_code, self.pending_discharge)
        if min(*special, *(count for row in rows for count in row[2:])) < 0:
            raise ValueError("a count is negative")
        if len({row.grade for row in rows}) < len(rows):
            raise ValueError("a grade stands twice in the table")
        if len(self.roster_hash) != 64 or set(self.roster_hash) - set("0123456789abcdef"):
            raise ValueError("the hash of the roster is not 64 lower-case hexadecimal digits")

    @property
    def total(self) -> Counts:
        """The whole school."""
        return summed(self.grades)

    @property
    def levels(self) -> list[tuple[Level, list[GradeRow], Counts]]:
        """The levels that the school teaches, each with its grades and their sums."""
        grouped = groupby(self.grades, key=lambda row: Grade(row.grade).level)
        return [
            (level, rows, summed(rows)) for level, rows in ((level, list(rows)) for level, rows in grouped)
        ]

    @property
    def short_hash(self) -> str:
        """The first 16 digits of the roster's hash in fours, for reading aloud: ``3F2A-90B1-77C4-0E5D``."""
        digits = self.roster_hash[:16].upper()
        return "-".join(digits[start : start + 4] for start in range(0, 16, 4))

    def to_json(self) -> str:
        """The sheet as canonical JSON: the same sheet is always the same text."""
        return json.dumps(
            asdict(self), default=lambda value: value.isoformat(), ensure_ascii=False, sort_keys=True
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The sheet that ``to_json`` wrote."""
        content = json.loads(text)
        content["grades"] = tuple(GradeRow(*row) for row in content["grades"])
        content["issued_at"] = datetime.fromisoformat(content["issued_at"])
        content["snapshot_date"] = date.fromisoformat(content["snapshot_date"])
        for act in ("confirmed", "certified", "acknowledged"):
            content[act] = _read(Signature, content[act])
        content["annulled"] = _read(Annulment, content["annulled"])
        return cls(**content)


def summed(rows: Sequence[GradeRow]) -> Counts:
    """Students and rooms of several grades together."""
    return Counts(
        sum(row.male for row in rows), sum(row.female for row in rows), sum(row.rooms for row in rows)
    )


def typeset_certificate(sheet: CertificateSheet) -> bytes:
    """The certificate as a PDF of one A4 page; the same sheet gives the same bytes."""
    # Here and not above: most commands print nothing, and the library takes as long to load as they to run.
    from ..typesetting import typeset_one_page

    return typeset_one_page(certificate_html(sheet, spacing) for spacing in spacings(sheet))


def certificate_html(sheet: CertificateSheet, spacing: str) -> str:
    """The certificate before it is laid out; ``spacing`` is one of ``spacings``."""
    from ..typesetting import filled

    created = bangkok(sheet.issued_at).isoformat("T", "seconds")
    return filled("certificate.html", sheet=sheet, created=created, spacing=spacing)


def spacings(sheet: CertificateSheet) -> tuple[str, ...]:
    """The ways to set the page that are worth trying, widest first."""
    lines = len(sheet.grades) + len(sheet.levels)
    return _SPACINGS if lines <= _ROOMY_LINES else _SPACINGS[1:]


def _read(kind: type[Any], content: dict[str, Any] | None) -> Any:
    return content and kind(**{**content, "at": datetime.fromisoformat(content["at"])})
