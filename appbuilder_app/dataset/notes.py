"""Notes in the cells of an uploaded sheet: ours are put beside those that are there, and ours of before are taken out.

A workbook keeps notes outside the sheet: their words in one part, the boxes in which they open in a drawing of
the old kind, both named in the sheet's relations.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.sax.saxutils import escape, unescape

from .columns import PROBLEMS, letter
from .portions import _attributes, _column_number

Place = tuple[int, int]
"""Row and column, both counted from 0."""

MOST_NOTES: Final = 20_000
"""More make a spreadsheet program slow; further wrong cells are coloured, and told of at the end of their rows."""
HEAD: Final = f"{PROBLEMS}:\n"
"""What our words in a note begin with. What stands before them is somebody else's, and stays."""
LINE: Final = 38
"""Letters to a line of a note's box."""

_TYPES: Final = "[Content_Types].xml"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATION: Final = re.compile(rb"<Relationship\s([^<>]*?)/?>")
_COMMENT: Final = re.compile(rb"<comment\s([^<>]*)>(.*?)</comment>", re.DOTALL)
_COMMENTS: Final = re.compile(rb"<commentList\s*/>|<commentList>(.*)</commentList>", re.DOTALL)
_AUTHORS: Final = re.compile(rb"<authors\s*/>|<authors>(.*?)</authors>", re.DOTALL)
_TEXT: Final = re.compile(rb"<t(?:\s[^<>]*)?>([^<]*)</t>")
_SHAPE: Final = re.compile(rb"<v:shape\s.*?</v:shape>\s*", re.DOTALL)
_SHAPE_AT: Final = re.compile(rb"<x:(Row|Column)>\s*(\d+)\s*</x:")
_SHAPE_ID: Final = re.compile(rb'id="_x0000_s(\d{1,9})"')
_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BEHIND: Final = re.compile(
    rb"<(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_NO_COMMENTS: Final = _XML + (
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors/><commentList/></comments>"
)
_NO_BOXES: Final = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b"</o:shapelayout></xml>"
)
_BOX_TYPE: Final = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX: Final = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;z-index:{z};visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 4, {right}, 60, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


class NoNotes(ValueError):
    """The sheet keeps its notes, or other drawings of the old kind, in a way that is not touched here."""


def parts_with_notes(
    archive: zipfile.ZipFile, part: str, notes: Mapping[Place, str]
) -> tuple[dict[str, bytes], bytes]:
    """The parts of a workbook that change so that the sheet ``part`` has these notes and none of ours of before.

    With them, the relation by which the sheet must name its drawing; empty when it does already, or needs none.
    Raises NoNotes.
    """
    related = _Related(archive, part)
    words, boxes = related.target("comments"), related.notes_drawing()
    if words is None and (boxes is not None or related.target("vmlDrawing") is not None):
        raise NoNotes
    if words is not None and boxes is None:
        raise NoNotes
    if words is None or boxes is None:
        return _added(archive, related, notes) if notes else ({}, b"")
    told, gone, new = _told(archive.read(words), notes)
    return {words: told, boxes: _boxed(archive.read(boxes), gone, new)}, b""


def linked(tail: bytes, relation: bytes) -> bytes:
    """What stands behind the rows of a sheet, with its drawing named where the schema wants it."""
    at = _BEHIND.search(tail)
    if at is None:
        raise NoNotes
    named = b'<legacyDrawing xmlns:r="%s" r:id="%s"/>' % (_OFFICE.encode(), relation)
    return tail[: at.start()] + named + tail[at.start() :]


class _Related:
    """The relations of a sheet."""

    def __init__(self, archive: zipfile.ZipFile, part: str) -> None:
        self.archive, self.folder = archive, posixpath.dirname(part)
        self.name = f"{self.folder}/_rels/{posixpath.basename(part)}.rels"
        self.xml = archive.read(self.name) if self.name in archive.namelist() else b""
        self.all = [_attributes(tag[1]) for tag in _RELATION.finditer(self.xml)]

    def target(self, kind: str) -> str | None:
        """The part to which a relation of this kind leads."""
        return next(self._targets(kind), None)

    def notes_drawing(self) -> str | None:
        """The drawing that holds the boxes of notes; there may be another, of the page's head."""
        for name in self._targets("vmlDrawing"):
            if b'ObjectType="Note"' in self.archive.read(name):
                return name
        return None

    def _targets(self, kind: str) -> Iterator[str]:
        for one in self.all:
            if one.get("Type", "").endswith(f"/{kind}"):
                path = posixpath.join("/", self.folder, one.get("Target", ""))
                if (name := posixpath.normpath(path).lstrip("/")) in self.archive.namelist():
                    yield name


def _added(
    archive: zipfile.ZipFile, related: _Related, notes: Mapping[Place, str]
) -> tuple[dict[str, bytes], bytes]:
    """The parts of the first notes of a sheet."""
    free = next(n for n in range(1, 10_000) if not {_words(n), _boxes(n)} & set(archive.namelist()))
    told, _, new = _told(_NO_COMMENTS, notes)
    links = "".join(
        f'<Relationship Id="rIdNotes{n}" Type="{_OFFICE}/{kind}" Target="/{name}"/>'
        for n, (kind, name) in enumerate((("vmlDrawing", _boxes(free)), ("comments", _words(free))))
    ).encode()
    relations = related.xml or (
        _XML + f'<Relationships xmlns="{_PACKAGE}/relationships"></Relationships>'.encode()
    )
    types = archive.read(_TYPES)
    kinds = f'<Override PartName="/{_words(free)}" ContentType="{_SPREADSHEET}.comments+xml"/>'.encode()
    if not re.search(rb'Extension="vml"', types, re.IGNORECASE):
        kinds = (
            b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
            + kinds
        )
    parts = {
        _words(free): told,
        _boxes(free): _boxed(_NO_BOXES, set(), new),
        related.name: _before(relations, b"</Relationships>", links),
        _TYPES: _before(types, b"</Types>", kinds),
    }
    return parts, b"rIdNotes0"


def _words(number: int) -> str:
    return f"xl/comments{number}.xml"


def _boxes(number: int) -> str:
    return f"xl/drawings/vmlDrawing{number}.vml"


def _before(xml: bytes, end: bytes, more: bytes) -> bytes:
    at = xml.rfind(end)
    if at < 0:
        raise NoNotes
    return xml[:at] + more + xml[at:]


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────


def _told(xml: bytes, notes: Mapping[Place, str]) -> tuple[bytes, set[Place], dict[Place, str]]:
    """The words with ours in them; the places that have no note any more, and those that have their first."""
    listed, authors = _COMMENTS.search(xml), _AUTHORS.search(xml)
    if listed is None or authors is None or authors.end() > listed.start():
        raise NoNotes
    number = len(re.findall(rb"<author\b", authors[1] or b""))
    element = _element(number)
    kept: dict[Place, bytes] = {}
    gone: set[Place] = set()
    for found in _COMMENT.finditer(listed[1] or b""):
        place, words = _place_of(found[1]), unescape(b"".join(_TEXT.findall(found[2])).decode())
        theirs = words.partition(HEAD)[0].rstrip("\n")
        if place in notes:
            kept[place] = element(
                place, f"{theirs}\n\n{HEAD}{notes[place]}" if theirs else HEAD + notes[place]
            )
        elif HEAD not in words:
            kept[place] = found[0]
        elif theirs:
            kept[place] = element(place, theirs)
        else:
            gone.add(place)
    new = {place: text for place, text in notes.items() if place not in kept}
    kept |= {place: element(place, HEAD + text) for place, text in new.items()}
    inside = b"".join(kept[place] for place in sorted(kept))
    names = b"<authors>" + (authors[1] or b"") + "<author>ทะเบียน</author></authors>".encode()
    between = xml[authors.end() : listed.start()]
    whole = b"<commentList>" + inside + b"</commentList>" + xml[listed.end() :]
    return xml[: authors.start()] + names + between + whole, gone, new


def _element(author: int) -> Callable[[Place, str], bytes]:
    look = '<rPr><sz val="10"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'

    def written(place: Place, text: str) -> bytes:
        row, column = place
        inside = f'<r>{look}<t xml:space="preserve">{escape(text)}</t></r>'
        return (
            f'<comment ref="{letter(column)}{row + 1}" authorId="{author}"><text>{inside}</text></comment>'
        ).encode()

    return written


def _place_of(attributes: bytes) -> Place:
    found = _CELL.fullmatch(_attributes(attributes).get("ref", ""))
    if found is None:
        raise NoNotes
    return int(found[2]) - 1, _column_number(found[1].encode())


# ── Boxes ────────────────────────────────────────────────────────────────────────────────────────────────


def _boxed(xml: bytes, gone: set[Place], new: Mapping[Place, str]) -> bytes:
    """The drawing without the boxes of some notes and with those of others."""
    if gone:
        xml = _SHAPE.sub(lambda found: b"" if _shape_place(found[0]) in gone else found[0], xml)
    taken = max((int(number) for number in _SHAPE_ID.findall(xml)), default=1024)
    kind = b"" if b'id="_x0000_t202"' in xml else _BOX_TYPE
    boxes = (_box(taken + n, n, place, text) for n, (place, text) in enumerate(sorted(new.items()), start=1))
    return _before(xml, b"</xml>", kind + b"".join(boxes))


def _shape_place(shape: bytes) -> Place | None:
    told = {name: int(number) for name, number in _SHAPE_AT.findall(shape)}
    return (told[b"Row"], told[b"Column"]) if len(told) == 2 else None


def _box(number: int, z: int, place: Place, text: str) -> bytes:
    row, column = place
    top = max(row - 1, 0)
    return _BOX.format(
        id=number, z=z, row=row, column=column, left=column + 1, top=top, right=column + 3,
        bottom=top + 2 + lines_of(text),
    ).encode()  # fmt: skip


def lines_of(text: str) -> int:
    """How many lines a note's words take in its box."""
    return sum(1 + len(line) // LINE for line in text.split("\n"))
