"""The tree of hashes over a frozen snapshot, and all that is needed to verify a snapshot or a record of it.

Standard library alone, no database, no other module of ours: this file runs by itself on any machine with Python 3.11,
``python proving.py FILE --root HASH``. docs/developers/snapshots.md says what the files hold.

- A *leaf* is a line of the snapshot's text (UTF-8, without its line end). Its salt is HMAC-SHA256 of the snapshot's
  seed over ``thabian-snapshot-salt`` and the line's number (64 bits, big end first); its hash is SHA-256 of a zero
  byte, the salt and the line. Who sees a hash and not its salt can try no guess against it.
- A *node* is SHA-256 of a one byte and the hashes of its two sides; the left side of a tree of n leaves has as many
  as the largest power of two below n (RFC 6962, section 2.1).
- In the tree the head comes first, then the counts, then the records in the order of their salts: a record's place
  says nothing about it or about others.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE_FORM: Final = "thabian-snapshot-file/1"
PROOF_FORM: Final = "thabian-proof/1"
ABOUT: Final = 2
"""The lines before the records: the head and the counts."""
_SALTING: Final = b"thabian-snapshot-salt"
_LONGEST: Final = 64
_PACKED: Final = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_LARGEST_PART: Final = 2**20
_ROOT_IN_PDF: Final = re.compile(rb"thabian-snapshot:([0-9a-f]{64})")


class Broken(ValueError):
    """A file that proves nothing; the text says why."""


# ── The tree ─────────────────────────────────────────────────────────────────────────────────────────────


def salt_of(seed: bytes, line: int) -> bytes:
    """The salt of a line; of many salts without the seed nobody can make another."""
    return hmac.digest(seed, _SALTING + line.to_bytes(8, "big"), "sha256")


def leaf_hash(salt: bytes, line: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + salt + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two sides together."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The tree over a snapshot's lines."""

    def __init__(self, seed: bytes, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.salts = [salt_of(seed, number) for number in range(len(lines))]
        records = sorted(range(ABOUT, len(lines)), key=self.salts.__getitem__)
        self.order = [*range(min(ABOUT, len(lines))), *records]
        """The lines' numbers in the order of the leaves."""
        self.leaves = [leaf_hash(self.salts[number], lines[number]) for number in self.order]

    @property
    def root(self) -> bytes:
        """The one hash that stands for all lines."""
        return _root(self.leaves, 0, len(self.leaves))

    def shown(self, number: int) -> dict[str, Any]:
        """A line with what proves that it belongs to the root, as a proof holds it."""
        at = self.order.index(number)
        return {
            "index": at,
            "salt": self.salts[number].hex(),
            "leaf": self.lines[number].decode(),
            "path": [one.hex() for one in _path(self.leaves, at, 0, len(self.leaves))],
        }

    def proof(self, numbers: Sequence[int]) -> dict[str, Any]:
        """A proof of chosen lines; the head is always among them, since it says how large the tree is."""
        shown = [self.shown(number) for number in dict.fromkeys([0, *numbers])]
        return {"form": PROOF_FORM, "root": self.root.hex(), "leaves": len(self.leaves), "shown": shown}


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    if end - start == 1:
        return leaves[start]
    middle = start + _split(end - start)
    return node_hash(_root(leaves, start, middle), _root(leaves, middle, end))


def _path(leaves: Sequence[bytes], at: int, start: int, end: int) -> list[bytes]:
    """The other sides on the way from a leaf up to the root, the nearest first."""
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if at < middle:
        return [*_path(leaves, at, start, middle), _root(leaves, middle, end)]
    return [*_path(leaves, at, middle, end), _root(leaves, start, middle)]


def root_from(leaf: bytes, at: int, count: int, path: Sequence[bytes]) -> bytes:
    """The root to which a path leads; Broken when the path is not one of a tree of so many leaves."""
    if not 0 <= at < count:
        raise Broken("the leaf is outside the tree")
    sides: list[bool] = []
    start, end = 0, count
    while end - start > 1:
        middle = start + _split(end - start)
        sides.append(at >= middle)
        start, end = (middle, end) if at >= middle else (start, middle)
    if len(sides) != len(path):
        raise Broken("the path has another length than the tree is high")
    found = leaf
    for on_the_right, other in zip(reversed(sides), path, strict=True):
        found = node_hash(other, found) if on_the_right else node_hash(found, other)
    return found


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────


def snapshot_file(seed: bytes, lines: Sequence[bytes]) -> bytes:
    """A snapshot as a file: what it is and its seed in the first line, then its lines."""
    about = {"form": FILE_FORM, "root": Tree(seed, lines).root.hex(), "seed": seed.hex()}
    return b"".join(line + b"\n" for line in (json.dumps(about, sort_keys=True).encode(), *lines))


@dataclass(frozen=True)
class Verified:
    """What a file was found to hold: the root that it leads to, the head, the counts if shown, and the records."""

    root: str
    head: dict[str, Any]
    counts: dict[str, Any] | None
    records: list[dict[str, Any]]


def verified(data: bytes, root: str | None = None) -> Verified:
    """A snapshot or a proof, every hash made again; Broken when it does not lead to the root.

    Without ``root`` only the root that the file itself names is asked: it must then be compared with the certificate.
    """
    first, _newline, rest = data.partition(b"\n")
    try:
        about = json.loads(first if b'"form"' in first else data)
        form = about["form"]
    except (ValueError, TypeError, KeyError):
        raise Broken("neither a snapshot nor a proof") from None
    try:
        if form == FILE_FORM:
            found = _of_snapshot(about, rest)
        elif form == PROOF_FORM:
            found = _of_proof(json.loads(data))
        else:
            raise Broken("of a form that is not known")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise wrong if isinstance(wrong, Broken) else Broken("damaged") from None
    if root is not None and found.root != root.strip().lower():
        raise Broken("of another snapshot than the one with this root")
    return found


def _of_snapshot(about: dict[str, Any], text: bytes) -> Verified:
    if not text.endswith(b"\n"):
        raise Broken("the last line is cut off")
    lines = text[:-1].split(b"\n")
    root = Tree(bytes.fromhex(about["seed"]), lines).root.hex()
    if root != about["root"]:
        raise Broken("the lines do not give the root")
    head, counts, *records = (json.loads(line) for line in lines)
    _require_size(head, len(lines))
    return Verified(root, head, counts, records)


def _of_proof(proof: dict[str, Any]) -> Verified:
    root, count, shown = proof["root"], proof["leaves"], {}
    for one in proof["shown"]:
        path = [bytes.fromhex(side) for side in one["path"]]
        if len(path) > _LONGEST:
            raise Broken("the path is too long")
        leaf = leaf_hash(bytes.fromhex(one["salt"]), one["leaf"].encode())
        if root_from(leaf, one["index"], count, path).hex() != root:
            raise Broken("a line does not lead to the root")
        shown[one["index"]] = json.loads(one["leaf"])
    if 0 not in shown:
        raise Broken("the head is missing")
    _require_size(shown[0], count)
    records = [record for at, record in sorted(shown.items()) if at >= ABOUT]
    return Verified(root, shown[0], shown.get(1), records)


def _require_size(head: dict[str, Any], count: int) -> None:
    if head["leaves"] != count:
        raise Broken("the head tells of another number of lines")


def root_in_pdf(data: bytes) -> str:
    """The root that a certificate names in its file; Broken when there is none. The file's signature is not asked."""
    found = {one.decode() for part in _parts_of_pdf(data) for one in _ROOT_IN_PDF.findall(part)}
    if len(found) != 1:
        raise Broken("the PDF names no snapshot")
    return found.pop()


def _parts_of_pdf(data: bytes) -> Iterator[bytes]:
    """The file as it is, and its compressed parts unpacked: readers of PDF are not of the standard library."""
    yield data
    for packed in _PACKED.finditer(data):
        try:
            yield zlib.decompressobj().decompress(packed[1], _LARGEST_PART)
        except zlib.error:
            continue


# ── By itself ────────────────────────────────────────────────────────────────────────────────────────────


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify a file and print what it holds; 1 when it proves nothing."""
    asked = argparse.ArgumentParser(description="ตรวจไฟล์ข้อมูลที่ตรึงไว้ หรือหลักฐานรายบุคคล โดยไม่ใช้ฐานข้อมูล")
    asked.add_argument("file", type=Path)
    given = asked.add_mutually_exclusive_group(required=True)
    given.add_argument("--root", help="รหัสตรวจสอบ 64 หลักจากใบรับรอง")
    given.add_argument(
        "--certificate", type=Path, metavar="PDF", help="ไฟล์ใบรับรอง (ตรวจลายเซ็นของไฟล์นี้แยกต่างหาก)"
    )
    asked.add_argument("--show", action="store_true", help="พิมพ์ระเบียนในไฟล์ออกมาด้วย")
    options = asked.parse_args(arguments)
    try:
        root = root_in_pdf(options.certificate.read_bytes()) if options.certificate else options.root
        found = verified(options.file.read_bytes(), root)
    except Broken as wrong:
        print(f"ไม่ถูกต้อง: {wrong}", file=sys.stderr)
        return 1
    print("\n".join(told(found, show=options.show)))
    return 0


def told(found: Verified, *, show: bool = False) -> list[str]:
    """What a verified file holds, in lines for people."""
    head = found.head
    school = head["school"]
    of_round = f"ปีการศึกษา {head['academic_year']} รอบที่ {head['round']} ข้อมูล ณ {head['snapshot_date']}"
    lines = [
        f"ถูกต้อง: {school['name']} ({school['code']}) {head['system']} {of_round}",
        f"ระเบียนในไฟล์ {len(found.records):,} จาก {head['leaves'] - ABOUT:,} ที่ตรึงไว้",
        f"SHA-256 {found.root}",
    ]
    if show:
        lines += [json.dumps(record, ensure_ascii=False, sort_keys=True) for record in found.records]
    return lines


if __name__ == "__main__":
    sys.exit(main())
