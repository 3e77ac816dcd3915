"""What a workbook of one sheet consists of, beside its rows."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from ..thaitext import width

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NARROWEST, WIDEST = 9, 40
"""Widths of columns in letters."""

PARTS: Final = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Styles of cells by number: 0 plain, 1 a head, 2 a day, 3 a moment.
    "xl/styles.xml": (
        f'{_XML}<styleSheet {_MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
        '<numFmt numFmtId="165" formatCode="dd/mm/yyyy hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def workbook(sheet_name: str) -> str:
    """The workbook's part, naming its only sheet."""
    sheet = f'<sheet name={quoteattr(sheet_name)} sheetId="1" r:id="rId1"/>'
    return f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheet}</sheets></workbook>'


def sheet_start(headers: Sequence[str]) -> str:
    """What stands before a sheet's rows: the head stays in view, columns are as wide as their heads ask for."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f"{_XML}<worksheet {_MAIN}>{view}{_columns(headers)}<sheetData>"


def _columns(headers: Sequence[str]) -> str:
    if not headers:
        return ""
    sizes = [min(max(NARROWEST, width(header) + 3), WIDEST) for header in headers]
    widths = (f'<col min="{n}" max="{n}" width="{size}" customWidth="1"/>' for n, size in enumerate(sizes, 1))
    return f"<cols>{''.join(widths)}</cols>"


def letters_of(columns: int) -> list[str]:
    """A, B … Z, AA, AB …: the names of so many columns."""
    names = [""]
    for name in names:
        if len(names) > columns:
            break
        names += [f"{name}{letter}" for letter in string.ascii_uppercase]
    return names[1 : columns + 1]


def sheet_end() -> str:
    """What stands after a sheet's rows."""
    return "</sheetData></worksheet>"
