"""The command line: every verb of a round for scripts, each ``--as`` somebody, with refusals in Thai."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from flask import Flask

from . import (
    document_commands,
    duplicate_commands,
    history_commands,
    number_commands,
    round_commands,
    setup_commands,
    snapshot_commands,
    verb_commands,
)
from .codes import Capacity, Check, RoundSystem
from .command_line import Told, acting, of_system, reauthentication
from .workflows import (
    certificates,
    checklist,
    explanations,
    nutrition,
    places,
    rounds,
    student_file,
    submissions,
    watching,
)
from .workflows.checklist import Checklist, Finding
from .workflows.judging import THE_SCHOOL
from .workflows.student_file import Outcome as RowOutcome
from .workflows.submissions import Authority, Outcome


def init_app(app: Flask) -> None:
    """Put the commands under ``flask --app run``."""
    for command in COMMANDS:
        app.cli.add_command(command)


# ── A school's round ─────────────────────────────────────────────────────────────────────────────────────


@click.command("checklist")
@click.argument("school")
@of_system
@acting
def checklist_command(school: str, system: RoundSystem) -> Told:
    """สิ่งที่ต้องแก้หรือชี้แจงก่อนโรงเรียน SCHOOL ยืนยันข้อมูล"""
    found = checklist.checklist(school, system)
    return Told(found, [*_lines_of(found)])


def _lines_of(found: Checklist) -> Iterator[str]:
    yield f"{found.school} ({found.school_code}) {found.round} นักเรียน {found.students:,} คน"
    for item in (*found.errors, *found.queries):
        yield f"[{item.strength.th}] {item.sentence} ({item.rule}, {item.id})"
        yield from (f"    {_line(one)}" for one in item.records if one.subject != THE_SCHOOL)
        if item.count > len(item.records) > 0:
            yield f"    … และอีก {item.count - len(item.records):,} รายการ"
    if found.is_clear:
        yield "ไม่มีเรื่องที่ต้องแก้หรือชี้แจงก่อนยืนยัน"


def _line(one: Finding) -> str:
    parts: list[Any] = [one.name, one.masked_id, one.room, one.fact]
    words = f"ชี้แจงแล้ว: {one.explained.text}" if one.explained else ""
    return " ".join(str(part) for part in (*parts, words) if part)


@click.command("explain")
@click.argument("school")
@click.argument("check", type=click.Choice([check.value for check in Check]))
@click.argument("text", required=False, default="")
@click.option(
    "--subject", "subjects", multiple=True, help="เฉพาะเรื่องนี้ เช่น student:12 (ทุกเรื่องที่ยังไม่ชี้แจงเมื่อไม่ระบุ)"
)
@click.option("--as-before", is_flag=True, help="ใช้คำชี้แจงของรอบก่อน")
@of_system
@acting
def explain_command(
    school: str, check: str, text: str, subjects: tuple[str, ...], as_before: bool, system: RoundSystem
) -> Told:
    """ชี้แจงข้อตรวจสอบ CHECK ของโรงเรียน SCHOOL ด้วยข้อความ TEXT"""
    if as_before:
        done = explanations.explain_as_before(school, Check(check), system)
    else:
        done = explanations.explain(school, Check(check), text, subjects or None, system)
    return Told({"explained": done}, [f"ชี้แจงแล้ว {done:,} รายการ"])


@click.command("confirm")
@click.argument("school")
@of_system
@acting
@reauthentication
def confirm_command(school: str, system: RoundSystem) -> Told:
    """ยืนยันข้อมูลของโรงเรียน SCHOOL"""
    submission = submissions.confirm(school, system)
    return Told(submission, [f"ยืนยันข้อมูลของ {school} แล้ว {_amount(submission.rows, system)}"])


def _amount(number: int | None, system: RoundSystem) -> str:
    return f"นักเรียน {number:,} คน" if system is RoundSystem.DMC else f"{number:,} รายการ"


def of_authority(work: Callable[..., Any]) -> Callable[..., Any]:
    """The options of who signs for somebody else."""
    work = click.option("--order", default="", help="คำสั่งที่ให้ลงนามแทน: เลขที่และวันที่")(work)
    choices = click.Choice([one.value for one in Capacity])
    return click.option("--capacity", type=choices, default=Capacity.OWN.value, help="ลงนามในฐานะ")(work)


_OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("certify")
@click.argument("school")
@click.option("--pdf", type=_OUTPUT, help="เขียนใบรับรองลงไฟล์นี้")
@of_authority
@of_system
@acting
@reauthentication
def certify_command(school: str, pdf: Path | None, system: RoundSystem, capacity: str, order: str) -> Told:
    """รับรองข้อมูลของโรงเรียน SCHOOL และออกใบรับรอง"""
    certificate = submissions.certify(school, system, Authority(Capacity(capacity), order))
    data = {"school_code": school, "number": certificate.number, "issued_at": certificate.issued_at}
    line = f"รับรองแล้ว ใบรับรองเลขที่ {certificate.number}"
    if pdf is None:
        return Told(data, [line])

    def write() -> None:
        pdf.write_bytes(certificates.pdf_of(certificate))

    return Told(data | {"pdf": str(pdf)}, [f"{line} อยู่ที่ {pdf}"], afterwards=write)


@click.command("acknowledge")
@click.argument("schools", nargs=-1, required=True)
@of_authority
@of_system
@acting
def acknowledge_command(schools: tuple[str, ...], system: RoundSystem, capacity: str, order: str) -> Told:
    """รับทราบข้อมูลของโรงเรียน SCHOOLS หนึ่งแห่งหรือหลายแห่ง แต่ละแห่งมีผลของตนเอง"""
    outcomes = submissions.acknowledge(schools, system, Authority(Capacity(capacity), order))
    done = [outcome for outcome in outcomes if outcome.is_done]
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    lines = [f"รับทราบ {outcome.school} ({outcome.school_code}) แล้ว" for outcome in done]
    return Told([_outcome(outcome) for outcome in outcomes], lines, refused)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {"school_code": outcome.school_code, "done": outcome.is_done, "refused": outcome.refusal}


@click.command("return")
@click.argument("school")
@click.option("--reason", required=True, help="เหตุผล ซึ่งจะอยู่ในประวัติ")
@of_system
@acting
def return_command(school: str, reason: str, system: RoundSystem) -> Told:
    """ส่งข้อมูลของโรงเรียน SCHOOL กลับให้แก้ไข"""
    submission = submissions.return_submission(school, reason, system)
    return Told(submission, [f"ส่งข้อมูลของ {school} กลับให้แก้ไขแล้ว"])


@click.command("watch")
@click.argument("area", required=False)
@of_system
@acting
def watch_command(area: str | None, system: RoundSystem) -> Told:
    """สถานะของทุกโรงเรียนในเขต AREA (เขตของตนเองเมื่อไม่ระบุ)"""
    present = rounds.current_round(system)
    if present is None:
        return Told([], ["ยังไม่มีรอบที่เปิดอยู่"])
    watch = watching.district(present, area)
    lines = [f"{one.code} {one.name} {one.state.th} {_amount(one.rows, system)}" for one in watch.schools]
    return Told(watch, [f"{watch.area} {watch.round}", *lines])


# ── Student files ────────────────────────────────────────────────────────────────────────────────────────


@click.command("import")
@click.argument("school")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="บันทึกแถวที่ถูกต้อง (ถ้าไม่ใส่ จะตรวจไฟล์อย่างเดียว)")
@acting
def import_command(school: str, file: Path, commit: bool) -> Told:
    """ตรวจไฟล์นักเรียน FILE ของโรงเรียน SCHOOL และบันทึกเมื่อใส่ --commit"""
    batch = student_file.preview(school, file.name, file.read_bytes())
    if commit:
        batch = student_file.commit(batch.id)
    wrong = list(student_file.problems_of(batch))
    counts = {outcome.value: batch.counts.get(outcome.value, 0) for outcome in RowOutcome}
    said = [f"{outcome.th} {counts[outcome.value]:,}" for outcome in RowOutcome if counts[outcome.value]]
    data = {
        "batch": batch.id,
        "school_code": school,
        "file": batch.filename,
        "state": batch.state,
        "counts": counts,
        "notes": batch.counts["notes"],
        "problems": wrong,
    }
    lines = [f"{student_file.STATES[batch.state]}: {' · '.join(said)}", *batch.counts["notes"]]
    return Told(data, [*lines, *(f"แถวที่ {one['row']} {student_file.told(one)}" for one in wrong)])


@click.command("import-places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting
def import_places_command(file: Path) -> Told:
    """เพิ่มอำเภอและตำบลจาก FILE (xlsx หรือ csv) ที่มีคอลัมน์รหัสและชื่อ ทำซ้ำได้"""
    done = places.import_places(file.read_bytes(), file.name)
    line = f"เพิ่มอำเภอ {done.districts:,} ตำบล {done.subdistricts:,} แก้ไข {done.changed:,} รายการ"
    return Told(done._asdict(), [line])


@click.command("import-growth-reference")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--edition", required=True, help="ชื่อและปีของเกณฑ์ เช่น กรมอนามัย 2563")
@click.option("--source", required=True, help="ได้มาจากที่ใด")
@click.option("--synthetic", is_flag=True, help="ตัวเลขสมมติสำหรับทดลองใช้ หน้าจอจะบอกไว้")
@acting
def import_growth_reference_command(file: Path, edition: str, source: str, synthetic: bool) -> Told:
    """นำเข้าเกณฑ์การเจริญเติบโตจาก FILE ซึ่งจะใช้ประเมินภาวะโภชนาการนับจากนี้"""
    made = nutrition.import_reference(file.read_bytes(), edition, source, synthetic=synthetic)
    rows = len(made.rows["rows"])
    return Told({"edition": made.edition, "rows": rows}, [f"นำเข้าเกณฑ์ “{made.edition}” แล้ว {rows:,} แถว"])


COMMANDS: tuple[click.Command, ...] = (
    checklist_command,
    explain_command,
    confirm_command,
    certify_command,
    acknowledge_command,
    return_command,
    watch_command,
    import_command,
    import_places_command,
    import_growth_reference_command,
    round_commands.rounds_commands,
    round_commands.grant_command,
    round_commands.promote_command,
    history_commands.history_commands,
    *document_commands.COMMANDS,
    *duplicate_commands.COMMANDS,
    *number_commands.COMMANDS,
    *snapshot_commands.COMMANDS,
    *setup_commands.COMMANDS,
    *verb_commands.COMMANDS,
)
