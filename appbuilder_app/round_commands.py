"""Commands about rounds and their times."""

from __future__ import annotations

import datetime as dt

import click

from . import access, rules
from .codes import RoundSystem, WindowAction
from .command_line import ActionOption, MomentOption, Told, acting, of_system
from .models import CollectionRound, Window
from .thaidate import thai_datetime
from .workflows import promotion, rounds


@click.group("rounds")
def rounds_commands() -> None:
    """รอบการจัดเก็บข้อมูล"""


@rounds_commands.command("create-year")
@click.argument("year", type=int)
@click.option("--source", required=True, help="หนังสือที่กำหนดรอบ")
@of_system
@acting
def create_year_command(year: int, source: str, system: RoundSystem) -> Told:
    """เพิ่มรอบของปีการศึกษา YEAR (พ.ศ.) พร้อมช่วงเวลาตั้งต้น"""
    created = rounds.create_year(year, source, system)
    return Told(created, [f"เพิ่ม{one.label} แล้ว" for one in created])


@rounds_commands.command("list")
@of_system
@acting
def list_rounds_command(system: RoundSystem) -> Told:
    """ทุกรอบของระบบ รอบล่าสุดก่อน"""
    access.viewer().require(access.Action.READ, "round")
    found = rounds.all_rounds(system)
    return Told(found, [f"{one.label}: {_state_of(one)}" for one in found])


def _state_of(one: CollectionRound) -> str:
    return f"ปิดเมื่อ {thai_datetime(one.closed_at)} โดย {one.closed_by}" if one.closed_at else "ยังไม่ปิด"


@rounds_commands.command("close")
@click.argument("year", type=int)
@click.argument("number", type=int)
@of_system
@acting
def close_command(year: int, number: int, system: RoundSystem) -> Told:
    """ปิดรอบที่ NUMBER ของปีการศึกษา YEAR ถาวร"""
    closing = promotion.close_round(rounds.round_of(year, number, system))
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
@of_system
@acting
def set_window_command(
    year: int, number: int, action: WindowAction, place: str | None, opens: dt.datetime, closes: dt.datetime,
    source: str, reason: str, system: RoundSystem,
) -> Told:  # fmt: skip
    """กำหนดช่วงเวลาของ ACTION (edit, confirm, certify, ack) ในรอบที่ NUMBER ของปี YEAR"""
    scope = rounds.scope_of_place(place) if place else access.CENTRE
    one = rounds.round_of(year, number, system)
    window = rounds.set_window(one, action, scope, opens, closes, reason, source)
    return Told(window, [_window_line(window)])


@click.command("grant")
@click.argument("year", type=int)
@click.argument("number", type=int)
@click.argument("place")
@click.option("--closes", type=MomentOption(), required=True, help="เช่น 12/11/2569 16.30")
@click.option("--reason", required=True, help="เหตุผล ซึ่งจะอยู่ในประวัติ")
@click.option("--action", "actions", type=ActionOption(), multiple=True, help="edit, confirm, certify, ack")
@click.option("--source", default="", help="หนังสือที่อนุญาต")
@of_system
@acting
def grant_command(
    year: int, number: int, place: str, closes: dt.datetime, reason: str,
    actions: tuple[WindowAction, ...], source: str, system: RoundSystem,
) -> Told:  # fmt: skip
    """ผ่อนผันเวลาให้เขตหรือโรงเรียนรหัส PLACE (บันทึก ยืนยัน และรับรอง เมื่อไม่ระบุ --action)"""
    chosen = actions or (WindowAction.EDIT, WindowAction.CONFIRM, WindowAction.CERTIFY)
    scope = rounds.scope_of_place(place)
    one = rounds.round_of(year, number, system)
    granted = rounds.grant_exception(one, scope, chosen, closes, reason, source)
    return Told(granted, [_window_line(window) for window in granted])


def _window_line(window: Window) -> str:
    times = f"{thai_datetime(window.opens_at)} ถึง {thai_datetime(window.closes_at)}"
    return f"{window.action.th} ({rounds.name_of_scope(window.scope)}): {times}"


@click.command("promote")
@click.argument("year", type=int)
@acting
def promote_command(year: int) -> Told:
    """เลื่อนชั้น ซ้ำชั้น และจบการศึกษา หลังปิดรอบที่ 3 ของปีการศึกษา YEAR (ทำซ้ำได้ ส่วนที่ทำแล้วไม่ทำอีก)"""
    one = rounds.round_of(year, rules.END_OF_YEAR)
    lines = [_share_line(area, done) for area, done in promotion.run(one)]
    found = promotion.report(one).total
    total = _share_line("รวมทุกเขต", found)
    figures = {name: getattr(found, name) for name in promotion.FIGURES}
    return Told({"round": one, **figures}, [*lines, total])


def _share_line(area: str, done: promotion.Done | None) -> str:
    if done is None:
        return f"{area}: ทำแล้วโดยผู้อื่น"
    moved = f"เลื่อนชั้น {done.promoted + done.continued:,} ซ้ำชั้น {done.repeated:,} จบ {done.graduated:,}"
    why = ", ".join(f"{turn.th} {number:,}" for turn, number in done.why.items())
    return f"{area}: {moved} ค้าง {done.left_over:,}" + (f" ({why})" if why else "")
