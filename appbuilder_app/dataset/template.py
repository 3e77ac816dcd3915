"""The Excel template of a dataset, from its declaration: headers, drop-downs, notes, and rows to edit.

The first row is hidden and names the fields, so that headers can be renamed and columns moved. Texts, codes and
days are formatted as text: leading zeros survive, and no program takes a house number for a date.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import IO, Any, Final

import sqlalchemy as sa
import xlsxwriter

from .. import access, kinds
from ..declaration import Base, Field, Scoped, dataset_named, dataset_of, db, fields_of
from ..kinds import NO, YES
from ..language import gettext as _
from ..language import said
from .cells import BETWEEN
from .columns import MARK, importable, letter
from .forms import hint_of, label_of
from .listing import Listing, Query

ROWS_READY: Final = 20_000
"""Rows below the header that offer drop-downs; more can be filled in, just without."""
MOST_LISTED: Final = 500
"""A look-up of more rows is typed, not chosen: nobody scrolls through 29,500 schools."""
MOST_PREFILLED: Final = 20_000
_FIRST_ROW: Final = 2
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def write_template(model: type[Base], query: Query | None = None) -> IO[bytes]:
    """A workbook to fill in, as a file at its beginning; the caller closes it.

    With a ``query``, the viewer's rows that it finds are filled in for editing, their keys locked; whoever
    calls asks for the right to export and records it, as for any export.
    """
    viewer = access.viewer()
    fields = list(importable(model, viewer).values())
    made = TableTemplate(label_of(dataset_of(model)), fields, dataset_of(model).key, _advice(model), viewer)
    return made.write(None if query is None else _rows_to_edit(model, fields, query, viewer))


def _rows_to_edit(
    model: type[Base], fields: Sequence[Field], query: Query, viewer: access.Viewer
) -> Iterator[Sequence[Any]]:
    """Rows that the viewer may write; of what everybody can read, others' rows are left out."""
    listing = Listing(model, viewer)
    listing.require_countable(db.session, query, MOST_PREFILLED)
    rows = listing.stream(db.session, query, [*(declared.name for declared in fields), "scope"])
    return (row for row in rows if viewer.looks_after(row[-1]))


class TableTemplate:
    """A workbook to fill in: a column a field; the ``key`` and what verbs keep locked where rows are filled in already.

    ``advice`` are the lines above the explanation of the columns; ``hidden`` names columns that only we read.
    """

    def __init__(
        self, title: str, fields: Sequence[Field], key: Collection[str], advice: Sequence[str],
        viewer: access.Viewer, hidden: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.title, self.fields, self.key, self.advice, self.hidden = title, fields, key, advice, hidden
        self.choices = {declared.name: list(_choices(declared, viewer)) for declared in self.fields}

    def write(self, rows: Iterable[Sequence[Any]] | None) -> IO[bytes]:
        """The workbook with these rows of Python values, as a file at its beginning; the caller closes it."""
        target = tempfile.SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115 - handed to the caller
        with xlsxwriter.Workbook(target, _OPTIONS) as self.workbook:
            self.looks = self._looks()
            sheet = self.workbook.add_worksheet(_sheet_name(self.title))
            self._head(sheet)
            if rows is not None:
                self._rows(sheet, rows)
            self._lists()
            self._explanations()
            sheet.activate()
        target.seek(0)
        return target

    def _looks(self) -> dict[str, Any]:
        head = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#B8C4CE"}
        add = self.workbook.add_format
        return {
            "name": add({"locked": True}),
            "head": add(head | {"bg_color": "#E3EDF7"}),
            "needed": add(head | {"bg_color": "#1F4E79", "font_color": "#FFFFFF"}),
            "text": add({"num_format": "@", "locked": False}),
            "number": add({"locked": False}),
            "key": add({"num_format": "@", "locked": True, "bg_color": "#EEEEEE"}),
            "title": add({"bold": True, "font_size": 14}),
            "bold": add({"bold": True, "valign": "top"}),
            "wrap": add({"text_wrap": True, "valign": "top"}),
        }

    # ── The sheet to fill in ─────────────────────────────────────────────────────────────────────────────

    def _head(self, sheet: Any) -> None:
        for column, declared in enumerate(self.fields):
            look = self.looks["number" if _is_number(declared) else "text"]
            sheet.set_column(column, column, _width(declared), look, {"hidden": declared.name in self.hidden})
        sheet.set_row(0, None, None, {"hidden": True})
        for column, declared in enumerate(self.fields):
            sheet.write_string(0, column, f"{MARK}{declared.name}", self.looks["name"])
        sheet.set_row(1, 36)
        for column, declared in enumerate(self.fields):
            needed = declared.required or declared.name in self.key
            label = f"{head_of(declared)} *" if needed else head_of(declared)
            sheet.write_string(1, column, label, self.looks["needed" if needed else "head"])
            if note := "\n".join(_note(declared)):
                sheet.write_comment(1, column, note, {"x_scale": 1.6, "author": ""})
            self._offer(sheet, column, declared)
        sheet.freeze_panes(_FIRST_ROW, 0)

    def _offer(self, sheet: Any, column: int, declared: Field) -> None:
        if not self.choices[declared.name]:
            return
        # Warned, not stopped: other spellings of a code are understood, too.
        offered = {
            "validate": "list",
            "source": f"={_LISTS}!{_range(self._listed_at(declared), len(self.choices[declared.name]))}",
            "error_type": "warning",
            "error_title": _("ไม่อยู่ในรายการ"),
            "error_message": _("กรุณาเลือกจากรายการ"),
        }
        sheet.data_validation(_FIRST_ROW, column, _FIRST_ROW + ROWS_READY, column, offered)

    def _rows(self, sheet: Any, rows: Iterable[Sequence[Any]]) -> None:
        cells = [self._written(declared) for declared in self.fields]
        looks = [
            self.looks["key" if self._stays(one) else "number" if _is_number(one) else "text"]
            for one in self.fields
        ]
        for number, row in enumerate(rows, start=_FIRST_ROW):
            for column, (cell, value, look) in enumerate(zip(cells, row, looks, strict=False)):
                shown = cell(value)
                if isinstance(shown, str):
                    sheet.write_string(number, column, shown, look)
                elif shown is None:
                    sheet.write_blank(number, column, None, look)
                else:
                    sheet.write_number(number, column, shown, look)
        # No password: it keeps keys from being overwritten by a slip; it is no secret.
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_rows")
        sheet.protect("", dict.fromkeys(allowed, True))

    def _stays(self, declared: Field) -> bool:
        """No file changes it in a row that is there."""
        return declared.name in self.key or (declared.by_verb is not None and not declared.by_file)

    def _written(self, declared: Field) -> Any:
        texts = {choice.partition(BETWEEN)[0]: choice for choice in self.choices[declared.name]}
        kind = declared.kind
        if isinstance(kind, kinds.Reference):
            return lambda value: None if value is None else texts.get(str(value), str(value))
        if isinstance(kind, kinds.Code | kinds.Flag):
            return lambda value: None if value is None else said(kind.show(value))
        return lambda value: None if value is None else kind.cell(value)

    # ── The sheets behind it ─────────────────────────────────────────────────────────────────────────────

    def _listed_at(self, declared: Field) -> int:
        return [one.name for one in self.fields if self.choices[one.name]].index(declared.name)

    def _lists(self) -> None:
        listed = [self.choices[one.name] for one in self.fields if self.choices[one.name]]
        sheet = self.workbook.add_worksheet(_LISTS)
        for row in range(max(map(len, listed), default=0)):
            for column, choices in enumerate(listed):
                if row < len(choices):
                    sheet.write_string(row, column, choices[row])
        sheet.hide()

    def _explanations(self) -> None:
        sheet = self.workbook.add_worksheet(_sheet_name(_("คำอธิบาย")))
        for column, width in enumerate((30, 12, 60)):
            sheet.set_column(column, column, width)
        row = 0
        for text in self.advice:
            sheet.write_string(row, 0, text, self.looks["title" if row == 0 else "number"])
            row += 1
        heads = (_("คอลัมน์"), _("ต้องกรอก"), _("วิธีกรอก"))
        for column, text in enumerate(heads):
            sheet.write_string(row + 1, column, text, self.looks["head"])
        for number, declared in enumerate(self.fields, start=row + 2):
            needed = declared.required or declared.name in self.key
            sheet.write_string(number, 0, head_of(declared), self.looks["bold"])
            sheet.write_string(number, 1, _("ต้องกรอก") if needed else "", self.looks["wrap"])
            sheet.write_string(number, 2, "\n".join(_note(declared)), self.looks["wrap"])


def _advice(model: type[Base]) -> list[str]:
    key = " + ".join(label_of(fields_of(model)[name]) for name in dataset_of(model).key)
    return [
        _("วิธีใช้แม่แบบ: %(what)s", what=label_of(dataset_of(model))),
        _("1. กรอกข้อมูลในแผ่นแรก แถวละหนึ่งรายการ ช่องหัวสีเข้มที่มีเครื่องหมาย * ต้องกรอก"),
        _("2. ระบบใช้ %(key)s บอกว่าเป็นรายการใด ถ้ามีอยู่แล้วจะแก้ไข ถ้ายังไม่มีจะเพิ่ม", key=key),
        _("3. ช่องว่างไม่ลบค่าที่บันทึกไว้แล้ว หากต้องการลบค่า ให้แก้ที่หน้าจอ"),
        _("4. เปลี่ยนชื่อหัวคอลัมน์หรือสลับคอลัมน์ได้ แต่อย่าลบแถวที่ 1 ซึ่งซ่อนไว้"),
        _("5. อัปโหลดที่ปุ่ม นำเข้า ระบบแสดงผลให้ตรวจก่อน ยังไม่บันทึกจนกว่าจะกดยืนยัน"),
    ]


_LISTS: Final = "lists"


def _sheet_name(text: str) -> str:
    return "".join("-" if letter in "[]:*?/\\'" else letter for letter in text)[:31] or "data"


def _range(column: int, rows: int) -> str:
    at = letter(column)
    return f"${at}$1:${at}${rows}"


def _is_number(declared: Field) -> bool:
    return bool(declared.kind.numeric)


def head_of(declared: Field) -> str:
    """What heads the column of a field: its label and unit."""
    unit = f" ({said(declared.unit)})" if declared.unit else ""
    return label_of(declared) + unit


def _width(declared: Field) -> int:
    return max(10, min(40, len(head_of(declared)) + 3, 40), 12 if declared.kind.numeric else 16)


def _note(declared: Field) -> Iterator[str]:
    """How the column is filled in, in words."""
    if declared.hint:
        yield hint_of(declared)
    if isinstance(declared.kind, kinds.ThaiDate):
        yield _("วันที่ วว/ดด/ปปปป เป็นปี พ.ศ. เช่น 10/06/2569")
    elif isinstance(declared.kind, kinds.Code | kinds.Flag | kinds.Choice):
        yield _("เลือกจากรายการ")
    elif isinstance(declared.kind, kinds.Reference):
        yield _("รหัสของ%(what)s", what=label_of(dataset_of(dataset_named(declared.kind.target))))
    elif isinstance(declared.kind, kinds.Whole):
        yield _("จำนวนเต็ม")
    elif declared.kind.numeric:
        yield _("ตัวเลข")
    yield from _bounds(declared)


def _bounds(declared: Field) -> Iterator[str]:
    show = declared.kind.show
    if declared.minimum is not None and declared.maximum is not None:
        yield _("ตั้งแต่ %(low)s ถึง %(high)s", low=show(declared.minimum), high=show(declared.maximum))
    elif declared.minimum is not None:
        yield _("ไม่น้อยกว่า %(low)s", low=show(declared.minimum))
    elif declared.maximum is not None:
        yield _("ไม่เกิน %(high)s", high=show(declared.maximum))
    if declared.length and declared.kind.widget in ("text", "memo"):
        yield _("ไม่เกิน %(n)s ตัวอักษร", n=declared.length)
    if declared.unit:
        yield _("หน่วย: %(unit)s", unit=said(declared.unit))


def _choices(declared: Field, viewer: access.Viewer) -> Iterator[str]:
    """What a drop-down offers: labels of codes, or codes with titles of the rows that may be named."""
    kind = declared.kind
    if isinstance(kind, kinds.Code):
        yield from (label_of(code) for code in kind.codes)
    elif isinstance(kind, kinds.Choice):
        yield from kind.options
    elif isinstance(kind, kinds.Flag):
        yield from (said(YES), said(NO))
    elif isinstance(kind, kinds.Reference):
        yield from _rows_to_choose(declared, kind, viewer)


def _rows_to_choose(declared: Field, kind: kinds.Reference, viewer: access.Viewer) -> Iterable[str]:
    target = dataset_named(kind.target)
    pk = getattr(target, sa.inspect(target).primary_key[0].key)
    titles = [getattr(target, name) for name in dataset_of(target).title]
    query = sa.select(pk, *titles).order_by(pk).limit(MOST_LISTED + 1)
    if declared.name == "school_code" and issubclass(target, Scoped):
        lo, hi = access.scope_bounds(viewer.scope)
        query = query.where(target.scope >= lo, target.scope < hi)
    rows: Sequence[Any] = db.session.execute(query).all()
    if len(rows) > MOST_LISTED:
        return []
    return [f"{row[0]}{BETWEEN}{' '.join(str(part) for part in row[1:] if part)}" for row in rows]
