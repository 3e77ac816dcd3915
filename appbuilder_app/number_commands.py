"""Commands about G-codes and identity numbers: the same verbs as the screens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import click

from . import identity
from .codes import GDocument
from .command_line import Told, acting
from .dataset import validation
from .declaration import fields_of
from .errors import InvalidRow
from .models import GCodeApplication
from .workflows import (
    correction_files,
    gcode_reports,
    gcode_users,
    gcodes,
    identities,
    number_requests,
    requests,
)
from .workflows.requests import Evidence

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


# ── G-codes ──────────────────────────────────────────────────────────────────────────────────────────────


@click.group("gcodes")
def gcodes_commands() -> None:
    """รหัส G"""


@gcodes_commands.command("register")
@click.option("--phone", required=True, help="โทรศัพท์ที่เขตพื้นที่ติดต่อได้")
@click.option("--reason", required=True, help="เหตุผล")
@acting
def register_command(phone: str, reason: str) -> Told:
    """ขอลงทะเบียนเป็นผู้ใช้งานรหัส G"""
    number = gcode_users.register(phone, reason)
    return Told({"request": number}, [f"ยื่นคำขอเลขที่ {number} แล้ว"])


@gcodes_commands.command("request")
@click.argument("file", type=_FILE)
@click.option(
    "--paper", "papers", nargs=2, multiple=True, metavar="DOCUMENT FILE", help="เอกสาร เช่น photo a.jpg"
)
@acting
def request_command(file: Path, papers: tuple[tuple[str, str], ...]) -> Told:
    """ยื่นคำขอรหัส G จากแบบใน FILE (JSON) พร้อมเอกสาร"""
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    known = fields_of(GCodeApplication)
    values, problems = validation.read_row(
        GCodeApplication, {name: value for name, value in told.items() if name in known}
    )
    if problems:
        raise InvalidRow(problems)
    application = gcodes.write(values)
    for document, paper in papers:
        path = Path(paper)
        gcodes.put_paper(application.id, GDocument.parse(document), path.name, path.read_bytes())
    number = gcodes.send(application.id)
    data = {"application": application.id, "request": number}
    return Told(data, [f"ยื่นคำขอเลขที่ {number} แล้ว แบบเลขที่ {application.id}"])


@gcodes_commands.command("list")
@acting
def list_command() -> Told:
    """คำขอรหัส G ในความดูแล คำขอล่าสุดก่อน"""
    found = gcodes.applications()
    data = [
        {
            "application": one.id,
            "request": one.request_id,
            "name": str(one),
            "school_code": one.school_code,
            "nationality": one.nationality,
            "state": state,
            "number": one.number,
        }
        for one, state in found
    ]
    lines = [f"{one.id} {one} {one.school_code} {state.th if state else 'ร่าง'}" for one, state in found]
    return Told(data, lines or ["ไม่มีคำขอ"])


@gcodes_commands.command("check")
@click.argument("application", type=int)
@click.argument("document")
@click.option("--mend", metavar="TEXT", help="สิ่งที่ต้องแก้ (ถ้าไม่ใส่ แปลว่าผ่าน)")
@acting
def check_command(application: int, document: str, mend: str | None) -> Told:
    """บันทึกผลการตรวจเอกสาร DOCUMENT ของแบบเลขที่ APPLICATION"""
    paper = gcodes.check_paper(application, GDocument.parse(document), mend is None, mend or "")
    return Told(
        {"document": paper.document, "accepted": paper.accepted},
        [f"{paper.document.th}: {'ผ่าน' if paper.accepted else 'ต้องแก้'}"],
    )


@gcodes_commands.command("enter")
@click.argument("application", type=int)
@acting
def enter_command(application: int) -> Told:
    """เพิ่มเด็กที่ได้รหัส G แล้วเข้าทะเบียนนักเรียน"""
    student = gcodes.enter(application)
    return Told({"student": student.id}, [f"เพิ่ม {student} เข้าทะเบียนนักเรียนแล้ว"])


@gcodes_commands.command("report")
@click.option("--year", type=int, help="ปี พ.ศ. ที่ออกรหัส")
@click.option("--area", default="", help="รหัสเขต (ส่วนกลางเท่านั้น)")
@click.option("--xlsx", type=_OUTPUT, help="เขียนรายงานเป็น Excel ลงไฟล์นี้")
@click.option("--pdf", type=_OUTPUT, help="เขียนรายงานเป็น PDF ลงไฟล์นี้")
@acting
def report_command(year: int | None, area: str, xlsx: Path | None, pdf: Path | None) -> Told:
    """รหัส G ที่ออกแล้ว แยกตามโรงเรียนและสัญชาติ"""
    found = gcode_reports.report(area, year)
    if xlsx is not None:
        with gcode_reports.workbook(found) as made, xlsx.open("wb") as file:
            shutil.copyfileobj(made, file)
    if pdf is not None:
        pdf.write_bytes(gcode_reports.pages(found))
    lines = [f"{one.name} {one.issued:,}" for one in (*found.nationalities, *found.places)]
    return Told(found, [f"{found.place} ออกแล้ว {found.total.issued:,}", *lines])


# ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────


@click.group("numbers")
def numbers_commands() -> None:
    """เลขประจำตัวของนักเรียน"""


@numbers_commands.command("find")
@click.argument("number")
@acting
def find_command(number: str) -> Told:
    """นักเรียนที่ใช้หรือเคยใช้เลข NUMBER พร้อมเลขทั้งหมด"""
    student = identities.student_by_number(number)
    numbers = identities.numbers_of(student)
    data = {
        "student": student.id,
        "school_code": student.school_code,
        "numbers": [{"number": one.number, "until": one.until, "ground": one.ground} for one in numbers],
    }
    lines = [
        f"{identity.format_identity(one.number)} {one.ground.th if one.ground else 'ใช้อยู่'}" for one in numbers
    ]
    return Told(data, [f"{student} {student.school_code}", *lines])


@numbers_commands.command("ask")
@click.argument("old")
@click.argument("new")
@click.option("--reason", required=True, help="เหตุผล")
@click.option("--evidence", required=True, type=_FILE, help="ไฟล์หลักฐาน")
@click.option("--contact", default="", help="ผู้ติดต่อและโทรศัพท์")
@acting
def ask_command(old: str, new: str, reason: str, evidence: Path, contact: str) -> Told:
    """ขอแทนรหัส G หรือแก้เลขที่ผิด OLD ด้วยเลข NEW"""
    student = identities.student_by_number(old)
    paper = [Evidence(number_requests.CORRECTION_EVIDENCE, evidence.name, evidence.read_bytes())]
    if identity.is_g_code(student.national_id):
        number = number_requests.ask_succession(student.id, new, reason, paper)
    else:
        number = number_requests.ask_correction(student.id, new, reason, paper, contact)
    return Told({"request": number}, [f"ยื่นคำขอเลขที่ {number} แล้ว"])


@numbers_commands.command("approve")
@click.argument("request", type=int, nargs=-1, required=True)
@acting
def approve_command(request: tuple[int, ...]) -> Told:
    """อนุมัติคำขอแก้เลขหรือแทนรหัส G แต่ละคำขอแยกกัน"""
    outcomes = number_requests.decided_one_by_one(request, requests.approve)
    done = [number for number, refusal in outcomes if refusal is None]
    refused = [refusal for _number, refusal in outcomes if refusal is not None]
    return Told({"approved": done}, [f"อนุมัติแล้ว {len(done)} คำขอ"], refused)


@numbers_commands.command("take-in")
@click.argument("file", type=_FILE)
@acting
def take_in_command(file: Path) -> Told:
    """ยื่นคำขอแก้เลขจากแบบ Excel ที่เคยส่งทางอีเมล แถวละหนึ่งคำขอ"""
    rows = correction_files.take_in(file.read_bytes(), file.name)
    data = [
        {"row": row.number, "request": row.request_id, "refused": str(row.refusal) if row.refusal else None}
        for row in rows
    ]
    lines = [
        f"แถว {row.number}: {f'คำขอ {row.request_id}' if row.request_id else row.refusal}" for row in rows
    ]
    return Told(data, lines)


COMMANDS = (gcodes_commands, numbers_commands)
