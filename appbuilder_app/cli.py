"""The command line: every verb of a round for scripts, each ``--as`` somebody, with refusals in Thai.

The answer goes to standard output, as JSON with ``--json``; a refusal goes to standard error, and the exit
status is 1. Nothing is kept of a command that was refused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm.exc import StaleDataError

from . import access, kinds, setup_commands
from .codes import WindowAction
from .dataset import refusals
from .declaration import db
from .errors import AccountUnknown, RuleViolation
from .models import Account, CollectionRound, Submission, Window
from .thaidate import thai_datetime
from .workflows import certificates, checklist, rounds, student_file, submissions, watching
from .workflows.checklist import Checklist
from .workflows.student_file import Outcome as RowOutcome
from .workflows.submissions import Outcome

REFUSED = 1


def init_app(app: Flask) -> None:
    """Put the commands under ``flask --app run``."""
    for command in COMMANDS:
        app.cli.add_command(command)


# ── Acting and answering ─────────────────────────────────────────────────────────────────────────────────


@dataclasses.dataclass(frozen=True)
class Told:
    """A command's answer: ``data`` for ``--json``, ``lines`` for people, and what was refused beside it."""

    data: Any
    lines: Sequence[str]
    refused: Sequence[RuleViolation] = ()
    afterwards: Callable[[], None] | None = None
    """Done once the work is committed, still as the same person."""


def acting(work: Callable[..., Told]) -> Callable[..., None]:
    """The options ``--as`` and ``--json``, the account, one transaction, and the answer."""

    @click.option("--as", "username", required=True, metavar="USERNAME", help="ทำในนามบัญชีนี้")
    @click.option("--json", "as_json", is_flag=True, help="ตอบเป็น JSON")
    @with_appcontext
    @functools.wraps(work)
    def command(username: str, as_json: bool, **options: Any) -> None:
        try:
            with _acting_as(username):
                told = _committed(work, options)
        except (RuleViolation, DatabaseError, StaleDataError) as error:
            db.session.rollback()
            _refuse([_as_refusal(error)], as_json)
            sys.exit(REFUSED)
        _answer(told, as_json)

    return command


def _committed(work: Callable[..., Told], options: dict[str, Any]) -> Told:
    told = work(**options)
    db.session.commit()
    if told.afterwards is not None:
        told.afterwards()
    return told


@contextmanager
def _acting_as(username: str) -> Iterator[None]:
    from .security import viewer_of

    account = db.session.scalar(sa.select(Account).filter_by(username=username))
    if account is None or not account.active:
        raise AccountUnknown(username=username)
    with access.acting_as(viewer_of(account), through="command"):
        yield


def _as_refusal(error: Exception) -> RuleViolation:
    if isinstance(error, RuleViolation):
        return error
    refusal = refusals.from_database(error)
    if refusal is None:
        raise error
    return refusal


def _answer(told: Told, as_json: bool) -> None:
    click.echo(_json(told.data) if as_json else "\n".join(told.lines))
    if told.refused:
        _refuse(told.refused, as_json)
        sys.exit(REFUSED)


def _refuse(refused: Sequence[RuleViolation], as_json: bool) -> None:
    for refusal in refused:
        click.echo(_json({"refused": refusal}) if as_json else str(refusal), err=True)


def _json(value: Any) -> str:
    return json.dumps(value, default=plain, ensure_ascii=False, indent=2)


def plain(value: Any) -> Any:
    """What JSON does not know, as something it knows."""
    if isinstance(value, RuleViolation):
        return {"type": type(value).__name__, "status": value.status, "message": str(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if type(value) in _SHOWN:
        return {name: getattr(value, name) for name in _SHOWN[type(value)]}
    raise TypeError(f"no JSON for {type(value).__name__}")


_SHOWN: dict[type, tuple[str, ...]] = {
    CollectionRound: ("system", "academic_year", "number", "snapshot_date", "source", "closed_at",
                      "closed_by"),
    Window: ("action", "scope", "opens_at", "closes_at", "reason", "source", "granted_by", "granted_at"),
    Submission: ("school_code", "state", "students", "confirmed_at", "confirmed_by", "certified_at",
                 "certified_by", "acknowledged_at", "acknowledged_by", "returned_at", "returned_reason"),
}  # fmt: skip


class MomentOption(click.ParamType):
    """``10/06/2569 16.30`` or ISO; without a zone it is Bangkok time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The moment in UTC."""
        try:
            return kinds.Moment().read(value)
        except kinds.NotReadable as wrong:
            self.fail(str(wrong), param, ctx)


class ActionOption(click.ParamType):
    """An action of a round by its code (edit, confirm, certify, ack) or its Thai name."""

    name = "action"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The WindowAction."""
        try:
            return WindowAction.parse(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


# ── A school's round ─────────────────────────────────────────────────────────────────────────────────────


@click.command("checklist")
@click.argument("school")
@acting
def checklist_command(school: str) -> Told:
    """สิ่งที่ต้องแก้ก่อนโรงเรียน SCHOOL ยืนยันข้อมูล"""
    found = checklist.checklist(school)
    return Told(found, [*_lines_of(found)])


def _lines_of(found: Checklist) -> Iterator[str]:
    yield f"{found.school} ({found.school_code}) {found.round} นักเรียน {found.students:,} คน"
    for item in (*found.errors, *found.warnings):
        yield f"[{item.strength.th}] {item.sentence} ({item.rule})"
        yield from (f"    {one.name} {one.masked_id} {one.room}" for one in item.records)
        if item.count > len(item.records) > 0:
            yield f"    … และอีก {item.count - len(item.records):,} คน"
    if found.is_clear:
        yield "ไม่มีเรื่องที่ต้องแก้ก่อนยืนยัน"


@click.command("confirm")
@click.argument("school")
@acting
def confirm_command(school: str) -> Told:
    """ยืนยันข้อมูลของโรงเรียน SCHOOL"""
    submission = submissions.confirm(school)
    return Told(submission, [f"ยืนยันข้อมูลของ {school} แล้ว นักเรียน {submission.students:,} คน"])


_OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("certify")
@click.argument("school")
@click.option("--pdf", type=_OUTPUT, help="เขียนใบรับรองลงไฟล์นี้")
@acting
def certify_command(school: str, pdf: Path | None) -> Told:
    """รับรองข้อมูลของโรงเรียน SCHOOL และออกใบรับรอง"""
    certificate = submissions.certify(school)
    data = {"school_code": school, "number": certificate.number, "issued_at": certificate.issued_at}
    line = f"รับรองแล้ว ใบรับรองเลขที่ {certificate.number}"
    if pdf is None:
        return Told(data, [line])

    def write() -> None:
        pdf.write_bytes(certificates.pdf_of(certificate))

    return Told(data | {"pdf": str(pdf)}, [f"{line} อยู่ที่ {pdf}"], afterwards=write)


@click.command("acknowledge")
@click.argument("schools", nargs=-1, required=True)
@acting
def acknowledge_command(schools: tuple[str, ...]) -> Told:
    """รับทราบข้อมูลของโรงเรียน SCHOOLS หนึ่งแห่งหรือหลายแห่ง แต่ละแห่งมีผลของตนเอง"""
    outcomes = submissions.acknowledge(schools)
    done = [outcome for outcome in outcomes if outcome.is_done]
    refused = [outcome.refusal for outcome in outcomes if outcome.refusal is not None]
    lines = [f"รับทราบ {outcome.school} ({outcome.school_code}) แล้ว" for outcome in done]
    return Told([_outcome(outcome) for outcome in outcomes], lines, refused)


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {"school_code": outcome.school_code, "done": outcome.is_done, "refused": outcome.refusal}


@click.command("return")
@click.argument("school")
@click.option("--reason", required=True, help="เหตุผล ซึ่งจะอยู่ในประวัติ")
@acting
def return_command(school: str, reason: str) -> Told:
    """ส่งข้อมูลของโรงเรียน SCHOOL กลับให้แก้ไข"""
    submission = submissions.return_submission(school, reason)
    return Told(submission, [f"ส่งข้อมูลของ {school} กลับให้แก้ไขแล้ว"])


@click.command("watch")
@click.argument("area", required=False)
@acting
def watch_command(area: str | None) -> Told:
    """สถานะของทุกโรงเรียนในเขต AREA (เขตของตนเองเมื่อไม่ระบุ)"""
    present = rounds.current_round()
    if present is None:
        return Told([], ["ยังไม่มีรอบที่เปิดอยู่"])
    watch = watching.district(present, area)
    lines = [f"{one.code} {one.name} {one.state.th} นักเรียน {one.students:,} คน" for one in watch.schools]
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


# ── Rounds ───────────────────────────────────────────────────────────────────────────────────────────────


@click.group("rounds")
def rounds_commands() -> None:
    """รอบการจัดเก็บข้อมูล"""


@rounds_commands.command("create-year")
@click.argument("year", type=int)
@click.option("--source", required=True, help="หนังสือที่กำหนดรอบ")
@acting
def create_year_command(year: int, source: str) -> Told:
    """เพิ่มสามรอบของปีการศึกษา YEAR (พ.ศ.) พร้อมช่วงเวลาตั้งต้น"""
    created = rounds.create_year(year, source)
    return Told(created, [f"เพิ่ม{one.label} แล้ว" for one in created])


@rounds_commands.command("list")
@acting
def list_rounds_command() -> Told:
    """ทุกรอบ รอบล่าสุดก่อน"""
    access.viewer().require(access.Action.READ, "round")
    found = rounds.all_rounds()
    return Told(found, [f"{one.label}: {_state_of(one)}" for one in found])


def _state_of(one: CollectionRound) -> str:
    return f"ปิดเมื่อ {thai_datetime(one.closed_at)} โดย {one.closed_by}" if one.closed_at else "ยังไม่ปิด"


@rounds_commands.command("close")
@click.argument("year", type=int)
@click.argument("number", type=int)
@acting
def close_command(year: int, number: int) -> Told:
    """ปิดรอบที่ NUMBER ของปีการศึกษา YEAR ถาวร"""
    closing = rounds.close_round(rounds.round_of(year, number))
    counts = {state.value: count for state, count in closing.counts.items()}
    lines = [f"{state.th} {count:,} โรงเรียน" for state, count in closing.counts.items()]
    return Told({"round": closing.round, "counts": counts}, [f"ปิด{closing.round.label} แล้ว", *lines])


@rounds_commands.command("set-window")
@click.argument("year", type=int)
@click.argument("number", type=int)
@click.argument("action", type=ActionOption())
@click.option("--place", help="รหัสเขตหรือโรงเรียน (ทั้งประเทศเมื่อไม่ระบุ)")
@click.option("--opens", type=MomentOption(), required=True, help="เช่น 10/06/2569 08.30")
@click.option("--closes", type=MomentOption(), required=True, help="เช่น 10/06/2569 16.30")
@click.option("--source", required=True, help="หนังสือที่กำหนด")
@click.option("--reason", default="", help="เหตุผล")
@acting
def set_window_command(
    year: int, number: int, action: WindowAction, place: str | None, opens: dt.datetime, closes: dt.datetime,
    source: str, reason: str,
) -> Told:  # fmt: skip
    """กำหนดช่วงเวลาของ ACTION (edit, confirm, certify, ack) ในรอบที่ NUMBER ของปี YEAR"""
    scope = rounds.scope_of_place(place) if place else access.CENTRE
    window = rounds.set_window(rounds.round_of(year, number), action, scope, opens, closes, reason, source)
    return Told(window, [_window_line(window)])


@click.command("grant")
@click.argument("year", type=int)
@click.argument("number", type=int)
@click.argument("place")
@click.option("--closes", type=MomentOption(), required=True, help="เช่น 12/11/2569 16.30")
@click.option("--reason", required=True, help="เหตุผล ซึ่งจะอยู่ในประวัติ")
@click.option("--action", "actions", type=ActionOption(), multiple=True, help="edit, confirm, certify, ack")
@click.option("--source", default="", help="หนังสือที่อนุญาต")
@acting
def grant_command(
    year: int, number: int, place: str, closes: dt.datetime, reason: str,
    actions: tuple[WindowAction, ...], source: str,
) -> Told:  # fmt: skip
    """ผ่อนผันเวลาให้เขตหรือโรงเรียนรหัส PLACE (บันทึก ยืนยัน และรับรอง เมื่อไม่ระบุ --action)"""
    chosen = actions or (WindowAction.EDIT, WindowAction.CONFIRM, WindowAction.CERTIFY)
    scope = rounds.scope_of_place(place)
    granted = rounds.grant_exception(rounds.round_of(year, number), scope, chosen, closes, reason, source)
    return Told(granted, [_window_line(window) for window in granted])


def _window_line(window: Window) -> str:
    times = f"{thai_datetime(window.opens_at)} ถึง {thai_datetime(window.closes_at)}"
    return f"{window.action.th} ({rounds.name_of_scope(window.scope)}): {times}"


COMMANDS: tuple[click.Command, ...] = (
    checklist_command,
    confirm_command,
    certify_command,
    acknowledge_command,
    return_command,
    watch_command,
    import_command,
    rounds_commands,
    grant_command,
    *setup_commands.COMMANDS,
)
