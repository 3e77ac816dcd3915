"""The certificate of a school's round: what it says, frozen, and its one A4 page. Pure: no database, no web.

What is frozen when the director certifies is kept as JSON and printed from that JSON ever after, so a sheet
printed again is the same file, byte for byte. Acknowledgement and annulment come later and are added with
``dataclasses.replace``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, Self

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
    """Who did it, in which position, and when (a moment with its zone; without one it is UTC).

    ``acting`` is what stands under the position of who signs for another (``ปฏิบัติราชการแทน ผู้อำนวยการโรงเรียน…``), and
    ``order`` the order that lets them; both empty in one's own position.
    """

    name: str
    position: str
    at: datetime
    acting: str = ""
    order: str = ""


@dataclass(frozen=True)
class Annulment:
    """Why a certificate holds no more, and since when."""

    reason: str
    at: datetime


class AnnexLine(NamedTuple):
    """A record that was added, removed or changed, or a further field of the one above, which then has no name."""

    alteration: str
    name: str
    number: str
    place: str
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Annex:
    """What has changed since the certificate that this one replaces: in numbers, by field, and record by record.

    ``left_out`` are records for which there was no room.
    """

    number: str
    issued_at: datetime
    reason: str
    added: int
    removed: int
    changed: int
    by_field: tuple[tuple[str, int], ...]
    lines: tuple[AnnexLine, ...]
    left_out: int = 0

    def of(self, *alterations: str) -> list[AnnexLine]:
        """Its lines of these kinds."""
        return [line for line in self.lines if line.alteration in alterations]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the certificates of all systems say (R8, R12, R13).

    Years are Buddhist Era. ``roster_hash`` is the SHA-256 of what was frozen, 64 hexadecimal digits.
    ``issued_at`` stands on the page and in the file as its date. ``verify_url`` is where whoever is shown the
    page may ask whether it is genuine; empty on sheets older than that. Raises ValueError for an odd hash.
    """

    template: ClassVar[str]

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
    confirmed: Signature
    certified: Signature
    roster_hash: str
    verify_url: str = ""
    acknowledged: Signature | None = None
    annulled: Annulment | None = None
    annex: Annex | None = None

    def __post_init__(self) -> None:
        if len(self.roster_hash) != 64 or set(self.roster_hash) - set("0123456789abcdef"):
            raise ValueError("the hash of the roster is not 64 lower-case hexadecimal digits")

    @property
    def lines_of_table(self) -> int:
        """How long the table is, which decides how widely the page can be set."""
        raise NotImplementedError

    @property
    def short_hash(self) -> str:
        """The first 16 digits of the hash in fours, for reading aloud: ``3F2A-90B1-77C4-0E5D``."""
        return in_fours(self.roster_hash[:16].upper())

    def to_json(self) -> str:
        """The sheet as canonical JSON: the same sheet is always the same text."""
        return json.dumps(
            asdict(self), default=lambda value: value.isoformat(), ensure_ascii=False, sort_keys=True
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The sheet that ``to_json`` wrote."""
        content = cls._table_from(json.loads(text))
        content["issued_at"] = datetime.fromisoformat(content["issued_at"])
        content["snapshot_date"] = date.fromisoformat(content["snapshot_date"])
        for act in ("confirmed", "certified", "acknowledged"):
            content[act] = _read(Signature, content[act])
        content["annulled"] = _read(Annulment, content["annulled"])
        content["annex"] = _annex(content.get("annex"))
        return cls(**content)

    @classmethod
    def _table_from(cls, content: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class CertificateSheet(Sheet):
    """Everything that a certificate of students says (R1, R8, R12, R13).

    ``boarding`` counts ประจำพักนอน, ``g_code`` students without a national ID (ติด G), and
    ``pending_discharge`` those of menu 3.1.8; ``uncounted`` are in no figure, because a case of duplicates about them
    was open past its deadline. Raises ValueError for a negative count, a grade twice or an odd
    hash.
    """

    template = "certificate.html"

    grades: tuple[GradeRow, ...]
    disadvantaged: int
    disabled: int
    boarding: int
    g_code: int
    pending_discharge: int
    uncounted: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        rows = sorted((GradeRow(*row) for row in self.grades), key=lambda row: Grade(row.grade))
        object.__setattr__(self, "grades", tuple(rows))
        special = (
            self.disadvantaged,
            self.disabled,
            self.boarding,
            self.g_code,
            self.pending_discharge,
            self.uncounted,
        )
        if min(*special, *(count for row in rows for count in row[2:])) < 0:
            raise ValueError("a count is negative")
        if len({row.grade for row in rows}) < len(rows):
            raise ValueError("a grade stands twice in the table")

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
    def lines_of_table(self) -> int:
        """Grades and sums of levels."""
        return len(self.grades) + len(self.levels)

    @classmethod
    def _table_from(cls, content: dict[str, Any]) -> dict[str, Any]:
        return content | {"grades": tuple(GradeRow(*row) for row in content["grades"])}


class DataRow(NamedTuple):
    """One dataset, how many rows of it the school has confirmed, and sums over them by label."""

    label: str
    number: int
    sums: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataSheet(Sheet):
    """A certificate of another system than the learners': its name, and the rows of each dataset (R53, R55)."""

    template = "data_certificate.html"

    system: str
    rows: tuple[DataRow, ...]

    @property
    def total(self) -> int:
        """Rows of all datasets."""
        return sum(row.number for row in self.rows)

    @property
    def lines_of_table(self) -> int:
        """One a dataset."""
        return len(self.rows)

    @classmethod
    def _table_from(cls, content: dict[str, Any]) -> dict[str, Any]:
        return content | {"rows": tuple(_data_row(*row) for row in content["rows"])}


def _data_row(label: str, number: int, sums: Sequence[Sequence[Any]] = ()) -> DataRow:
    return DataRow(label, number, tuple((name, value) for name, value in sums))


def in_fours(code: str) -> str:
    """A code for reading aloud: ``ABCD-EFGH-JKMN-PQRS``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def sheet_from(content: dict[str, Any]) -> Sheet:
    """The sheet of a certificate's frozen content."""
    kind: type[Sheet] = CertificateSheet if "grades" in content else DataSheet
    return kind.from_json(json.dumps(content))


def summed(rows: Sequence[GradeRow]) -> Counts:
    """Students and rooms of several grades together."""
    return Counts(
        sum(row.male for row in rows), sum(row.female for row in rows), sum(row.rooms for row in rows)
    )


def typeset_certificate(sheet: Sheet) -> bytes:
    """The certificate as a PDF of one A4 page, and the pages of its annex; the same sheet gives the same bytes."""
    # Here and not above: most commands print nothing, and the library takes as long to load as they to run.
    from ..typesetting import typeset_one_page

    alone, tried = replace(sheet, annex=None), spacings(sheet)
    pages = (certificate_html(alone, spacing) for spacing in tried)
    if sheet.annex is None:
        return typeset_one_page(pages)
    return typeset_one_page(pages, whole=lambda at: certificate_html(sheet, tried[at]))


def certificate_html(sheet: Sheet, spacing: str) -> str:
    """The certificate before it is laid out; ``spacing`` is one of ``spacings``."""
    from ..typesetting import filled

    created = bangkok(sheet.issued_at).isoformat("T", "seconds")
    return filled(sheet.template, sheet=sheet, created=created, spacing=spacing)


def spacings(sheet: Sheet) -> tuple[str, ...]:
    """The ways to set the page that are worth trying, widest first."""
    return _SPACINGS if sheet.lines_of_table <= _ROOMY_LINES else _SPACINGS[1:]


def _read(kind: type[Any], content: dict[str, Any] | None) -> Any:
    return content and kind(**{**content, "at": datetime.fromisoformat(content["at"])})


def _annex(content: dict[str, Any] | None) -> Annex | None:
    if content is None:
        return None
    return Annex(
        **content
        | {
            "issued_at": datetime.fromisoformat(content["issued_at"]),
            "by_field": tuple((label, number) for label, number in content["by_field"]),
            "lines": tuple(AnnexLine(*line) for line in content["lines"]),
        }
    )
