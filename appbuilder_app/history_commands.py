"""Commands about the history: seal what is new, verify that nothing was tampered with."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from .command_line import REFUSED
from .declaration import db
from .errors import HistoryBusy
from .workflows import sealing


@click.group("history")
def history_commands() -> None:
    """ประวัติการแก้ไข"""


@history_commands.command("seal")
@with_appcontext
def seal_command() -> None:
    """ผนึกประวัติที่ยังไม่ผนึก และแสดงค่าแฮชล่าสุดสำหรับจดไว้นอกระบบ"""
    try:
        sealed = sealing.seal()
    except HistoryBusy as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(REFUSED)
    click.echo(f"ผนึกประวัติเพิ่ม {sealed.changes:,} รายการ ผนึกล่าสุดที่ {sealed.number:,}")
    click.echo(sealed.sha256)


@history_commands.command("verify")
@click.option("--expect", metavar="HASH", help="ค่าแฮชของผนึกที่เคยจดไว้นอกระบบ")
@with_appcontext
def verify_command(expect: str | None) -> None:
    """ตรวจว่าประวัติที่ผนึกแล้วไม่ถูกแก้ไข ลบ หรือแทรก (สถานะ 1 เมื่อพบ)"""
    found = sealing.verify(expect)
    db.session.rollback()
    for sentence in found.broken:
        click.echo(str(sentence), err=True)
    counts = (f"{count:,}" for count in (found.seals, found.changes, found.unsealed))
    click.echo("ตรวจ {} ผนึก {} รายการ ยังไม่ผนึก {} รายการ".format(*counts))
    click.echo(f"พบความผิดปกติ {len(found.broken):,} เรื่อง" if found.broken else "ถูกต้องครบถ้วน")
    click.echo(found.sha256)
    if found.broken:
        sys.exit(REFUSED)
