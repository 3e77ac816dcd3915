"""Long documents: their parts are laid out side by side in processes of their own, and bound into one file.

Laying out is Python and keeps one core busy; a long document made in one piece leaves the others idle. The bound file
is PDF/A and tagged as its parts are: their trees of structure become the branches of one.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Final

import pydyf

from . import collector
from .typesetting import PRINT_TEMPLATES, typeset_objects

MOST_PROCESSES: Final = 4
WORTH_A_PROCESS: Final = 6
"""Parts below which starting processes takes longer than it saves."""
TIDIED: Final = 4
"""Parts after which garbage is collected: some 20 MB a page."""
START: Final = 3
"""Parts that a process could lay out in the time that starting it takes."""


def typeset_parts(
    parts: Sequence[str], stylesheet: str = "roster.css", processes: int | None = None
) -> bytes:
    """The PDF of a document of which each part begins a page: its parts as HTML, all with one title.

    The same parts give the same bytes, in however many processes they were laid out.
    """
    if not parts:
        raise ValueError("a document without parts")
    workers = min(processes or len(os.sched_getaffinity(0)), MOST_PROCESSES, len(parts))
    if workers < 2 or len(parts) < WORTH_A_PROCESS:
        return bound(_laid_out(parts, stylesheet))
    return bound(_side_by_side(parts, stylesheet, workers))


def _side_by_side(parts: Sequence[str], stylesheet: str, workers: int) -> list[Part]:
    """Longest first, each to who has least so far: parts of one length take the same time.

    This process takes its share, and more of it than the others, which have to start first.
    """
    piles: list[list[int]] = [[] for _ in range(workers)]
    sizes = [0] + [START * max(map(len, parts))] * (workers - 1)
    for at in sorted(range(len(parts)), key=lambda at: -len(parts[at])):
        least = sizes.index(min(sizes))
        piles[least].append(at)
        sizes[least] += len(parts[at])
    own, *others = filter(None, piles)
    with ThreadPoolExecutor(workers) as waiting:
        # Each in a thread of its own: a pipe that nobody reads holds up who writes into it.
        sent = [waiting.submit(_pressed, [parts[at] for at in pile], stylesheet) for pile in others]
        done = dict(zip(own, _laid_out([parts[at] for at in own], stylesheet), strict=True))
        for pile, work in zip(others, sent, strict=True):
            done.update(zip(pile, work.result(), strict=True))
    return [done[at] for at in range(len(parts))]


def _laid_out(parts: Sequence[str], stylesheet: str) -> list[Part]:
    """The parts, one after the other; garbage is collected after a few of them, not whenever there is much."""
    done = []
    with collector.resting():
        for at, part in enumerate(parts, start=1):
            done.append(laid_out(part, stylesheet))
            if at % TIDIED == 0:
                gc.collect()
    return done


def _pressed(parts: Sequence[str], stylesheet: str) -> list[Part]:
    """The parts, laid out by another process."""
    # Not a fork: the web server's threads hold locks that nobody would release in the child.
    command = [sys.executable, "-m", "appbuilder_app.binding"]
    asked = json.dumps({"stylesheet": stylesheet, "parts": parts}).encode()
    done = subprocess.run(  # noqa: S603 - our own program
        command, input=asked, stdout=subprocess.PIPE, cwd=PRINT_TEMPLATES.parent, check=False
    )
    if done.returncode:
        raise RuntimeError(
            "a process that lays out parts of a document has died; its reason stands in the log"
        )
    made: list[Part] = pickle.loads(done.stdout)  # noqa: S301 - from our own process
    return made


def press() -> None:
    """What such a process does: parts come in as JSON, and go out laid out."""
    asked = json.load(sys.stdin.buffer)
    pickle.dump(_laid_out(asked["parts"], asked["stylesheet"]), sys.stdout.buffer)
    sys.stdout.buffer.flush()


# ── Binding ──────────────────────────────────────────────────────────────────────────────────────────────

# What every file of pydyf has as its first objects.
_PAGES: Final = 1
_CATALOG: Final = 2
_REFERENCE: Final = re.compile(rb"\b(\d+) 0 R\b")
_STRUCTURE_NUMBER: Final = re.compile(rb"(/StructParents? )(\d+)")
_HEAD_NAME: Final = re.compile(rb"(/ID ?)\(")
_HEAD_NAMES: Final = re.compile(rb"/Headers ?\[[^]]*\]")


@dataclass(frozen=True)
class Part:
    """A document that is laid out and not yet written: its objects as text, and where its branches hang."""

    objects: list[tuple[bool, bytes]]
    """From the third on, those that are streams marked."""
    catalog: dict[str, bytes]
    info: dict[str, bytes]
    pages: list[int]
    tree: int
    document: int
    mapping: int
    branches: list[bytes]
    shown: list[tuple[int, bytes]]
    """Of each page (or link), by its number, the elements that it shows."""


def laid_out(html: str, stylesheet: str) -> Part:
    """One part of a document."""
    pdf = typeset_objects(html, stylesheet)
    tree = _pointed_at(pdf, pdf.catalog["StructTreeRoot"])
    document = _pointed_at(pdf, tree["K"][0])
    mapping = _pointed_at(pdf, tree["ParentTree"])
    numbers = mapping["Nums"]
    return Part(
        objects=[(isinstance(one, pydyf.Stream), one.data) for one in pdf.objects[_CATALOG + 1 :]],
        catalog={key: _text(value) for key, value in pdf.catalog.items()},
        info={key: _text(value) for key, value in pdf.info.items()},
        pages=[int(number) for number in pdf.pages["Kids"][::3]],
        tree=tree.number,
        document=document.number,
        mapping=mapping.number,
        branches=[_text(pydyf.Array(document["K"]))[1:-1]],
        shown=[(int(numbers[at]), _text(numbers[at + 1])) for at in range(0, len(numbers), 2)],
    )


def _pointed_at(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _text(value: Any) -> bytes:
    text: bytes = pydyf.Array([value]).data[1:-1]
    return text


class _Ready(pydyf.Object):
    """An object of a part, as the bound file has it."""

    def __init__(self, text: bytes, is_stream: bool) -> None:
        super().__init__()
        self.data = text
        self.compressible = not is_stream

    data = b""
    compressible = True


class _Packed(pydyf.Stream):
    """A stream that is packed once, however often it is asked for its bytes."""

    @cached_property
    def data(self) -> bytes:
        """The bytes as they go into the file."""
        packed: bytes = super().data
        return packed


class _Bound(pydyf.PDF):
    """A file whose largest stream, of all small objects, is not packed twice: for the hash and to be written."""

    def add_object(self, object_: pydyf.Object) -> None:
        """As pydyf does."""
        if type(object_) is pydyf.Stream:
            object_.__class__ = _Packed
        super().add_object(object_)


def bound(parts: Sequence[Part]) -> bytes:
    """One file of several parts. Title, language and description are those of the first."""
    pdf, first = _Bound(), parts[0]
    pdf.catalog.update(first.catalog)
    pdf.catalog.pop("Outlines", None)
    pdf.info.update(first.info)
    branches: list[bytes] = []
    shown: list[Any] = []
    for at, part in enumerate(parts):
        beginning = len(shown) // 2
        numbers = _numbers(part, first if at else None, len(pdf.objects))
        for own, (is_stream, text) in enumerate(part.objects, start=_CATALOG + 1):
            if own not in numbers.dropped:
                pdf.add_object(_Ready(_renumbered(text, is_stream, numbers, beginning, at), is_stream))
        for own in part.pages:
            pdf.pages["Kids"].extend([numbers.of[own], 0, "R"])
        pdf.pages["Count"] += len(part.pages)
        branches += [_referring(branch, numbers) for branch in part.branches]
        for own, elements in part.shown:
            shown += [own + beginning, _referring(elements, numbers)]
    kids = pydyf.Array(branches)
    document = {"Type": "/StructElem", "S": "/Document", "P": f"{first.tree} 0 R", "K": kids}
    pdf.objects[first.document].data = pydyf.Dictionary(document).data
    pdf.objects[first.mapping].data = pydyf.Dictionary({"Nums": pydyf.Array(shown)}).data
    output = BytesIO()
    pdf.write(output, version=b"1.7", identifier=True, compress=True)
    return output.getvalue()


@dataclass(frozen=True)
class _Numbers:
    """The numbers of a part's objects in the bound file; ``dropped`` are those that the first part has already."""

    of: dict[int, int]
    dropped: frozenset[int]


def _numbers(part: Part, first: Part | None, following: int) -> _Numbers:
    known = {_PAGES: _PAGES, _CATALOG: _CATALOG}
    if first is not None:
        known |= {part.tree: first.tree, part.document: first.document, part.mapping: first.mapping}
        # Its description and its colour profile.
        described = (_REFERENCE.findall(text) for text in part.catalog.values())
        known |= {int(own): first.tree for found in described for own in found if int(own) not in known}
    dropped = frozenset(known) - {_PAGES, _CATALOG}
    for own in range(_CATALOG + 1, _CATALOG + 1 + len(part.objects)):
        if own not in dropped:
            known[own] = following
            following += 1
    return _Numbers(known, dropped)


def _referring(text: bytes, numbers: _Numbers) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers.of[int(found[1])], text)


def _renumbered(text: bytes, is_stream: bool, numbers: _Numbers, beginning: int, at: int) -> bytes:
    """An object's text in the bound file. What lies in a stream stays as it is: only its head refers to others."""
    head, mark, content = text.partition(b"\nstream\n") if is_stream else (text, b"", b"")
    head = _referring(head, numbers)
    if at:
        head = _STRUCTURE_NUMBER.sub(lambda found: found[1] + b"%d" % (int(found[2]) + beginning), head)
        # Heads of tables are found by names, which must be one element's in the whole file.
        head = _HEAD_NAME.sub(rb"\g<1>(%d-" % at, head)
        head = _HEAD_NAMES.sub(lambda found: found[0].replace(b"(", b"(%d-" % at), head)
    return head + mark + content


if __name__ == "__main__":
    # By its name, so that what is handed over is of the module that reads it.
    from appbuilder_app.binding import press as work

    work()
