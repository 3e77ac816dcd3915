"""Commands about duplicates: finding them, and taking in other agencies' lists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from .codes import Agency, DuplicateKind
from .command_line import Told, acting
from .workflows import duplicates, rounds


@click.command("find-duplicates")
@click.option("--place", help="รหัสเขตหรือโรงเรียน (ทุกแห่งในความดูแลเมื่อไม่ระบุ)")
@click.option("--open", "opens", is_flag=True, help="เปิดเรื่องของกลุ่มที่ยังไม่มีเรื่อง")
@acting
def find_duplicates_command(place: str | None, opens: bool) -> Told:
    """ค้นหานักเรียนซ้ำซ้อนของสถานศึกษาในความดูแล เทียบกับทั้งประเทศและรายชื่อของสังกัดอื่น"""
    found = duplicates.find(rounds.scope_of_place(place) if place else "")
    counted = Counter(one.kind for one in found)
    lines = [f"{kind.th} {counted[kind]:,} กลุ่ม" for kind in DuplicateKind]
    data = {kind.value: counted[kind] for kind in DuplicateKind}
    if opens:
        cases = duplicates.open_cases(found)
        lines.append(
            f"เปิดเรื่องใหม่ {cases.opened:,} เรื่อง มีระเบียนเพิ่ม {cases.joined:,} เรื่อง มีเรื่องอยู่แล้ว {cases.known:,} เรื่อง"
        )
        data |= {"opened": cases.opened, "joined": cases.joined, "known": cases.known}
    return Told(data, lines)


@click.command("import-agency-list")
@click.argument("agency")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting
def import_agency_list_command(agency: str, file: Path) -> Told:
    """เก็บรายชื่อนักเรียนจาก FILE (xlsx หรือ csv) ของสังกัด AGENCY เช่น สช. สกร. อปท. ไว้ตรวจความซ้ำซ้อนในรอบนี้"""
    kept = duplicates.keep_list(Agency.parse(agency), file.name, file.read_bytes())
    data = {"list": kept.id, "agency": kept.agency.value, "children": kept.children}
    return Told(data, [f"เก็บรายชื่อของ{kept.agency.th}แล้ว {kept.children:,} คน"])


COMMANDS: tuple[click.Command, ...] = (find_duplicates_command, import_agency_list_command)
