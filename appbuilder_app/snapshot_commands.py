"""Commands about frozen snapshots: export one, prove a record of it, verify such files, and statistics of a round."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import click

from . import proving
from .codes import RoundSystem
from .command_line import REFUSED, Told, acting, of_system
from .workflows import rounds, snapshots, statistics

_OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_of_year = click.option("--year", type=int, help="ปีการศึกษา พ.ศ. (รอบปัจจุบันเมื่อไม่ระบุ)")
_of_number = click.option("--round", "number", type=int, help="รอบที่")


@click.group("snapshot")
def snapshot_commands() -> None:
    """ข้อมูลที่ตรึงไว้เมื่อโรงเรียนยืนยัน"""


@snapshot_commands.command("export")
@click.argument("school")
@click.option("--output", "-o", type=_OUTPUT, required=True, help="เขียนลงไฟล์นี้")
@_of_year
@_of_number
@of_system
@acting
def export_command(
    school: str, output: Path, year: int | None, number: int | None, system: RoundSystem
) -> Told:
    """เขียนข้อมูลที่ตรึงไว้ของโรงเรียน SCHOOL ทั้งชุดเป็นไฟล์"""
    roster = _standing(school, system, year, number)
    return _written(snapshots.file_of(roster), output, roster.root)


@snapshot_commands.command("prove")
@click.argument("school")
@click.argument("record", required=False)
@click.option("--output", "-o", type=_OUTPUT, required=True, help="เขียนลงไฟล์นี้")
@_of_year
@_of_number
@of_system
@acting
def prove_command(
    school: str, record: str | None, output: Path, year: int | None, number: int | None, system: RoundSystem
) -> Told:
    """เขียนหลักฐานของระเบียน RECORD (เลขประจำตัวประชาชน หรือ building:12) โดยไม่เปิดเผยระเบียนอื่น

    ไม่ระบุ RECORD จะได้หลักฐานของจำนวนอย่างเดียว
    """
    roster = _standing(school, system, year, number)
    data = snapshots.proof_of(roster, record) if record else snapshots.proof_of_counts(roster)
    return _written(data, output, roster.root)


@snapshot_commands.command("verify")
@click.argument("file", type=_INPUT)
@click.option("--root", help="รหัสตรวจสอบ 64 หลักจากใบรับรอง")
@click.option("--certificate", type=_INPUT, metavar="PDF", help="ไฟล์ใบรับรอง ซึ่งต้องตรวจลายเซ็นแยกต่างหาก")
@click.option("--show", is_flag=True, help="พิมพ์ระเบียนในไฟล์ออกมาด้วย")
def verify_command(file: Path, root: str | None, certificate: Path | None, show: bool) -> None:
    """ตรวจไฟล์ข้อมูลที่ตรึงไว้หรือหลักฐาน FILE กับรหัสบนใบรับรอง โดยไม่ใช้ฐานข้อมูล (สถานะ 1 เมื่อไม่ถูกต้อง)"""
    if (root is None) == (certificate is None):
        raise click.UsageError("ระบุ --root หรือ --certificate อย่างใดอย่างหนึ่ง")
    try:
        wanted = proving.root_in_pdf(certificate.read_bytes()) if certificate else root
        found = proving.verified(file.read_bytes(), wanted)
    except proving.Broken as wrong:
        click.echo(f"ไม่ถูกต้อง: {wrong}", err=True)
        sys.exit(REFUSED)
    click.echo("\n".join(proving.told(found, show=show)))


@click.command("statistics")
@click.option("--year", type=int, required=True, help="ปีการศึกษา พ.ศ.")
@click.option("--round", "number", type=int, required=True, help="รอบที่")
@click.option("--area", help="เฉพาะเขตนี้ (ทั้งหมดที่บัญชีดูแลเมื่อไม่ระบุ)")
@click.option("--output", "-o", type=_OUTPUT, help="เขียนลงไฟล์นี้ (.csv หรือ .xlsx)")
@click.option("--verify", is_flag=True, help="คำนวณรหัสตรวจสอบและนับระเบียนของทุกโรงเรียนใหม่ก่อน")
@of_system
@acting
def statistics_command(
    year: int, number: int, area: str | None, output: Path | None, verify: bool, system: RoundSystem
) -> Told:
    """สถิติของรอบที่ปิดแล้ว จากข้อมูลที่โรงเรียนรับรองเท่านั้น"""
    found = statistics.count(statistics.round_named(system, year, number), area, verify=verify)
    lines = [f"โรงเรียนที่รับรองแล้ว {found.total.schools:,} จาก {found.schools:,} แห่ง"]
    if found.of_learners:
        male, female = found.total.male, found.total.female
        lines.append(
            f"นักเรียน {found.total.students:,} คน ชาย {male:,} หญิง {female:,} ห้อง {found.total.rooms:,}"
        )
    else:
        lines += [f"{statistics.label_of_total(name)} {n:,}" for name, n in found.total.totals.items()]
    lines += [f"รหัสตรวจสอบของแหล่งข้อมูล {found.sources}", f"รหัสตรวจสอบของผล {found.sha256}"]
    data: dict[str, Any] = {
        "system": found.system, "academic_year": year, "round": number, "place": found.place,
        "schools": found.total.schools, "of_schools": found.schools, "students": found.total.students,
        "grades": found.total.grades, "totals": found.total.totals, "by": found.by,
        "sources": found.sources, "sha256": found.sha256,
    }  # fmt: skip
    if output is not None:
        made = found.xlsx if output.suffix.lower() == ".xlsx" else found.csv
        output.write_bytes(made)
        named = hashlib.sha256(made).hexdigest()
        lines.append(f"เขียนลง {output} แล้ว (SHA-256 {named})")
        data |= {"file": str(output), "file_sha256": named}
    return Told(data, lines)


def _standing(school: str, system: RoundSystem, year: int | None, number: int | None) -> Any:
    one = rounds.current_round(system)
    if year is not None and number is not None:
        one = statistics.round_named(system, year, number)
    elif year is not None or number is not None:
        raise click.UsageError("ระบุ --year และ --round คู่กัน")
    if one is None:
        raise click.UsageError("ยังไม่มีรอบที่เปิดอยู่ ระบุ --year และ --round")
    return snapshots.standing(school, one)


def _written(data: bytes, output: Path, root: str) -> Told:
    def write() -> None:
        output.write_bytes(data)

    told = {"file": str(output), "bytes": len(data), "root": root}
    return Told(told, [f"เขียนลง {output} แล้ว", f"SHA-256 {root}"], afterwards=write)


COMMANDS: tuple[click.Command, ...] = (snapshot_commands, statistics_command)
