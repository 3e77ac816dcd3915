"""Commands made from the verbs' declarations: a group for each of ``_GROUPS``.

A parameter is an option of its name; documents are files. A student is named by key, by ID or by G-code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from . import kinds
from .command_line import Told, acting
from .declaration import Field
from .errors import NotJson
from .thaidate import thai_datetime
from .workflows import civil, gcode_users, identities, movement_files, requests
from .workflows.imports import STATES
from .workflows.requests import Evidence
from .workflows.verbs import VERBS, Verb
from .workflows.verbs.declaring import NAMED, Rows

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_MOST_OPTIONS: Final = 12
"""A verb that is told more than this reads it from a file."""
_GROUPS: Final = {
    "movement": ("การเคลื่อนย้ายนักเรียน", ("student", "movement")),
    "request": ("คำขอ", ("request",)),
    "duplicate": ("เรื่องนักเรียนซ้ำซ้อน", ("duplicate", "agency_list")),
    "year-end": ("ผลสิ้นปีของโรงเรียน", ("school",)),
    "civil": ("ถามกรมการปกครอง", ("civil_inquiry",)),
    "g-user": ("ผู้ใช้งานรหัส G", ("g_user",)),
    "setting": ("ค่าที่กำหนด", ("setting",)),
}
_ELSEWHERE: Final = {
    "ask_succession", "ask_correction", "find_by_number", "keep_list", "explain", "explain_as_before",
    "take_in_file", "take_in_corrections",
}  # fmt: skip
"""Those that have a command of their own: ``numbers``, ``import-agency-list``, ``explain``."""


def _command_of(verb: Verb) -> click.Command:
    def work(**told: Any) -> Told:
        key = _key_of(verb, told.pop(verb.subject)) if verb.keyed else None
        told = _from_file(told.pop("file")) if "file" in told else told
        papers = [Evidence(verb.papers, one.name, one.read_bytes()) for one in told.pop("evidence", ())]
        given = {name: value for name, value in told.items() if value is not None}
        answer = verb.perform(key, given, papers)
        return Told(answer, [f"{verb.th}: ทำแล้ว", *_lines(verb.gives, answer)])

    command: Any = acting(work)
    if verb.papers:
        command = click.option(
            "--evidence", type=_FILE, multiple=True, required=verb.needs_papers, help=verb.papers
        )(command)
    if len(verb.parameters) > _MOST_OPTIONS:
        command = click.argument("file", type=_FILE)(command)
    else:
        for one in reversed(verb.parameters):
            command = _option_of(one)(command)
    if verb.keyed:
        command = click.argument(verb.subject)(command)
    return click.command(verb.name.replace("_", "-"), help=str(verb.th))(command)


def _from_file(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise NotJson from None
    if not isinstance(told, dict):
        raise NotJson
    return told


def _option_of(one: Field) -> Any:
    name = f"--{one.name.replace('_', '-')}"
    if isinstance(one.kind, Rows):
        words = f"{one.th} (ไฟล์ JSON)"
        return click.option(
            name, one.name, required=one.required, type=_FILE, callback=_text_of_file, help=words
        )
    return click.option(name, one.name, required=one.required, metavar=_metavar(one), help=_help(one))


def _text_of_file(_context: click.Context, _parameter: click.Parameter, file: Path | None) -> str | None:
    return file.read_text(encoding="utf-8") if file is not None else None


def _metavar(one: Field) -> str:
    if isinstance(one.kind, kinds.Code):
        return "CODE"
    return {"date": "DAY", "number": "N", "flag": "yes|no"}.get(one.kind.widget, "TEXT")


def _help(one: Field) -> str:
    codes = (
        ", ".join(f"{c.value} {c.short}" for c in one.kind.codes) if isinstance(one.kind, kinds.Code) else ""
    )
    return f"{one.th} ({codes})" if codes and len(codes) < 400 else str(one.th)


def _key_of(verb: Verb, text: str) -> Any:
    if verb.subject in NAMED:
        return text
    if verb.subject == "student" and len(text.replace("-", "").replace(" ", "")) == 13:
        return identities.student_by_number(text).id
    if not text.isdecimal():
        raise click.BadParameter(f"“{text[:30]}” ไม่ใช่เลขที่", param_hint=verb.subject.upper())
    return int(text)


def _lines(gives: Sequence[Field], answer: dict[str, Any]) -> list[str]:
    return [
        f"{one.th}: {one.kind.show(one.kind.read(answer[one.name]))}"
        for one in gives
        if answer[one.name] is not None
    ]


# ── Reading requests ─────────────────────────────────────────────────────────────────────────────────────


@click.command("list")
@click.option(
    "--box",
    type=click.Choice(["waiting", "news", "mine", "below"]),
    default="waiting",
    show_default=True,
    help="รอท่าน, มีเรื่องใหม่, ของท่าน หรือรอในเขตของท่าน",
)
@acting
def list_command(box: str) -> Told:
    """คำขอในกล่องหนึ่ง"""
    found = getattr(requests.inbox(), box)
    data = [
        {
            "request": one.request_id,
            "kind": one.kind,
            "state": one.state,
            "title": one.title,
            "asked_by": one.asked_by,
            "deadline": one.deadline,
        }
        for one in found
    ]
    lines = [
        f"{one.request_id} {one.kind.short} {one.title} {one.state.th} ({one.asked_by})" for one in found
    ]
    return Told(data, lines or ["ไม่มีคำขอ"])


@click.command("show")
@click.argument("request", type=int)
@acting
def show_command(request: int) -> Told:
    """คำขอ REQUEST พร้อมขั้นตอนและสิ่งที่ทำได้"""
    seen = requests.seen(request)
    can = [step for step, refusal in seen.can.items() if refusal is None]
    shown = {label[:]: text[:] for label, text in seen.party.told.items()}
    data = {
        "request": request,
        "kind": seen.party.kind,
        "state": seen.party.state,
        "title": seen.party.title,
        "shown": shown,
        "steps": [
            {
                "step": one.id,
                "kind": one.kind,
                "at": one.at,
                "actor": one.actor,
                "text": one.text,
                "file": bool(one.file),
            }
            for one in seen.steps
        ],
        "can": can,
    }
    lines = [
        f"{request} {seen.party.kind.th} {seen.party.title}: {seen.party.state.th}",
        *(f"  {label}: {text}" for label, text in shown.items()),
        *(f"  {thai_datetime(one.at)} {one.kind.th} {one.actor} {one.text}".rstrip() for one in seen.steps),
        f"ทำได้: {', '.join(step.th for step in can) or '-'}",
    ]
    return Told(data, lines)


# ── A workbook ───────────────────────────────────────────────────────────────────────────────────────────


@click.command("take-in")
@click.argument("file", type=_FILE)
@click.option("--commit", is_flag=True, help="บันทึกทุกแถว หรือไม่บันทึกเลยถ้ามีแถวที่ผิด (ถ้าไม่ใส่ จะตรวจอย่างเดียว)")
@acting
def take_in_command(file: Path, commit: bool) -> Told:
    """ตรวจไฟล์การเคลื่อนย้าย FILE (xlsx หรือ csv ตามแม่แบบ) และบันทึกเมื่อใส่ --commit"""
    taken = movement_files.take_in(file.name, file.read_bytes(), and_commit=commit)
    lines = [f"แถว {one['row']} {one['column']} {one['message']}" for one in taken.problems]
    total = taken.failure or f"{STATES[taken.state]}: {taken.new:,} แถว ผิด {taken.wrong:,} แถว"
    return Told(taken._asdict(), [str(total), *lines])


# ── The civil register's file ────────────────────────────────────────────────────────────────────────────


@click.command("workbook")
@click.argument("batch", type=int)
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@acting
def workbook_command(batch: int, file: Path) -> Told:
    """เขียนชุดคำถาม BATCH ลงไฟล์ FILE (xlsx)"""
    with civil.workbook(batch) as made:
        file.write_bytes(made.read())
    return Told({"batch": batch, "file": str(file)}, [f"เขียนชุดคำถามที่ {batch} ลง {file} แล้ว"])


@click.command("take-in")
@click.argument("file", type=_FILE)
@acting
def answers_command(file: Path) -> Told:
    """บันทึกคำตอบของกรมการปกครองจาก FILE (xlsx หรือ csv) แถวที่ผิดไม่บันทึกและบอกเหตุ"""
    rows = civil.take_in(file.read_bytes(), file.name)
    data = [
        {"row": one.number, "name": one.name, "request": one.request_id, "refused": one.refusal}
        for one in rows
    ]
    noted = sum(one.request_id is not None for one in rows)
    wrong = [f"แถว {one.number} {one.name}: {one.refusal}" for one in rows if one.refusal is not None]
    return Told({"noted": noted, "rows": data}, [f"บันทึกคำตอบแล้ว {noted} จาก {len(rows)} แถว", *wrong])


@click.command("list")
@acting
def users_command() -> Told:
    """ผู้ใช้งานรหัส G ในความดูแล"""
    found = gcode_users.registrations()
    data = [
        {"g_user": one.id, "school": one.school_code, "name": one.name, "ended_at": one.ended_at}
        for one in found
    ]
    lines = [
        f"{one.id} {one.school_code} {one.name} {'สิ้นสุดแล้ว' if one.ended_at else 'ใช้งาน'}" for one in found
    ]
    return Told(data, lines or ["ไม่มีผู้ลงทะเบียน"])


def _group(name: str, label: str, subjects: Sequence[str]) -> click.Group:
    made = click.Group(name, help=label)
    for verb in VERBS:
        if verb.subject in subjects and verb.name not in _ELSEWHERE:
            made.add_command(_command_of(verb))
    return made


COMMANDS: Final = tuple(_group(name, label, subjects) for name, (label, subjects) in _GROUPS.items())
_FURTHER: Final = {
    "movement": (take_in_command,),
    "request": (list_command, show_command),
    "civil": (workbook_command, answers_command),
    "g-user": (users_command,),
}
for _made in COMMANDS:
    for _command in _FURTHER.get(str(_made.name), ()):
        _made.add_command(_command)
