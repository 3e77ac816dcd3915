"""Commands about documents: checking a PDF anywhere with the public key alone, and handing that key out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from . import proving
from .bilingual import Label
from .codes import RoundSystem
from .command_line import REFUSED, Told, acting, of_system, plain
from .errors import RuleViolation
from .thaidate import thai_datetime

if TYPE_CHECKING:
    from .signatures.checking import Checked, Mark

_OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_KINDS = {
    "seal": Label("ตราของระบบ", "seal"),
    "signature": Label("ลายมือชื่อ", "signature"),
    "timestamp": Label("ตรารับรองเวลา", "time stamp"),
}


@click.group("document")
def document_commands() -> None:
    """เอกสารที่ระบบออก: ตรวจไฟล์ และใบรับรองของตรา"""


@document_commands.command("verify")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="ใบรับรองหรือกุญแจสาธารณะของตรา (PEM) ของระบบนี้เมื่อไม่ระบุ")
@click.option("--snapshot", type=_FILE, help="ไฟล์ข้อมูลที่ตรึงไว้ ซึ่งต้องเป็นชุดเดียวกับที่เอกสารรับรอง")
@click.option("--json", "as_json", is_flag=True, help="ตอบเป็น JSON")
@with_appcontext
def verify_command(file: Path, key: Path | None, snapshot: Path | None, as_json: bool) -> None:
    """ตรวจตราและลายมือชื่อของเอกสาร FILE โดยไม่ใช้ฐานข้อมูลและเครือข่าย (สถานะ 1 เมื่อไม่ถูกต้อง)"""
    from .signatures import checking

    found = checking.check(file.read_bytes())
    seal = found.seal(_trusted(key))
    matches = None
    if snapshot is not None:
        matches = seal is not None and _is_of(snapshot.read_bytes(), checking.root_said(seal))
    answer = _answer(found, seal, matches)
    click.echo(
        json.dumps(answer, default=plain, ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(_lines(answer))
    )
    sys.exit(0 if seal is not None and matches is not False else REFUSED)


def _trusted(key: Path | None) -> set[bytes]:
    from .signatures import keys
    from .workflows import printing

    try:
        return keys.public_keys(key.read_bytes()) if key else printing.seal_public_keys()
    except RuleViolation:
        raise click.UsageError("ไฟล์ของ --key ไม่ใช่ใบรับรองหรือกุญแจสาธารณะ (PEM)") from None


def _is_of(snapshot: bytes, root: str) -> bool:
    """Whether a snapshot, or the proof of a part of one, leads to the root that the document bears."""
    try:
        proving.verified(snapshot, root)
    except proving.Broken:
        return False
    return bool(root)


def _answer(found: Checked, seal: Mark | None, matches: bool | None) -> dict[str, Any]:
    from .signatures import checking

    return {
        "genuine": seal is not None,
        "number": checking.number_said(seal) if seal else "",
        "address": seal.address if seal else "",
        "root": checking.root_said(seal) if seal else "",
        "snapshot_matches": matches,
        "marks": [
            {
                "kind": mark.kind.value,
                "name": mark.name,
                "serial": mark.serial,
                "issuer": mark.issuer,
                "said_at": mark.said_at,
                "stamped_at": mark.stamped_at,
                "holds": mark.holds,
            }
            for mark in found.marks
        ],
    }


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    if answer["genuine"]:
        yield f"เอกสารจริง เลขที่ {answer['number']} ไม่มีการแก้ไข" if answer["number"] else "เอกสารจริง ไม่มีการแก้ไข"
        yield "ยังใช้ได้หรือถูกยกเลิกแล้ว ต้องดูจากระบบ" + (f" ที่ {answer['address']}" if answer["address"] else "")
    else:
        yield "ไม่มีตราของระบบที่ยังสมบูรณ์: ไฟล์ถูกแก้ไข หรือไม่ได้ออกจากระบบที่ใช้กุญแจนี้"
    for mark in answer["marks"]:
        word = "ถูกต้อง" if mark["holds"] else "ไม่ถูกต้อง"
        at = mark["stamped_at"] or mark["said_at"]
        when = f" เมื่อ {thai_datetime(at)}" if at else ""
        yield f"{_KINDS[mark['kind']]} {word}: {mark['name']} เลขที่ใบรับรอง {mark['serial']}{when}"
    if answer["snapshot_matches"] is not None:
        yield "ข้อมูลที่ตรึงไว้ตรงกับเอกสาร" if answer["snapshot_matches"] else "ข้อมูลที่ตรึงไว้ไม่ใช่ของเอกสารนี้ หรือถูกแก้ไข"


@document_commands.command("roster")
@click.argument("school")
@click.option("--output", "-o", type=_OUTPUT, required=True, help="เขียนลงไฟล์นี้")
@click.option("--grade", help="รหัสชั้น เช่น 09 (ทุกชั้นเมื่อไม่ระบุ)")
@click.option("--room", type=int, help="ห้อง (ทุกห้องเมื่อไม่ระบุ)")
@acting
def roster_command(school: str, output: Path, grade: str | None, room: int | None) -> Told:
    """พิมพ์บัญชีรายชื่อนักเรียนของโรงเรียน SCHOOL ในรอบปัจจุบันเป็น PDF"""
    from .workflows import class_rosters

    paper = class_rosters.paper_of(school, _present(RoundSystem.DMC), grade, room)
    return _saved(class_rosters.pdf_of(paper), output)


@document_commands.command("letter")
@click.argument("kind", type=click.Choice(["covering", "returning"]))
@click.argument("school")
@click.option("--output", "-o", type=_OUTPUT, required=True, help="เขียนลงไฟล์นี้")
@of_system
@acting
def letter_command(kind: str, school: str, output: Path, system: RoundSystem) -> Told:
    """หนังสือนำส่ง (covering) หรือหนังสือส่งกลับแก้ไข (returning) ของโรงเรียน SCHOOL ในรอบปัจจุบันเป็น PDF"""
    from .workflows import letters

    write = letters.covering if kind == "covering" else letters.returning
    return _saved(letters.pdf_of(write(school, _present(system))), output)


def _present(system: RoundSystem) -> Any:
    from .workflows import rounds

    found = rounds.current_round(system)
    if found is None:
        raise click.UsageError("ยังไม่มีรอบที่เปิดอยู่")
    return found


def _saved(data: bytes, output: Path) -> Told:
    def write() -> None:
        output.write_bytes(data)

    told = {"file": str(output), "bytes": len(data)}
    return Told(told, [f"เขียนลง {output} แล้ว"], afterwards=write)


@document_commands.command("key")
@with_appcontext
def key_command() -> None:
    """ใบรับรองของตราทุกดวงที่ระบบนี้เคยใช้ (PEM) สำหรับตรวจเอกสารที่อื่น"""
    from .workflows import printing

    click.echo(printing.seal_certificates(), nl=False)


COMMANDS: tuple[click.Command, ...] = (document_commands,)
