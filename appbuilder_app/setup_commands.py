"""Commands that make an installation ready: ``setup``, ``demo`` of any size, and the first administrator."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from . import setup
from .access import CENTRE
from .declaration import db
from .errors import RuleViolation
from .thaitext import width
from .workflows import printing
from .workflows.accounts import add_account


@click.command("setup")
@click.option("--demo", "with_demo", is_flag=True, help="เพิ่มข้อมูลตัวอย่างหนึ่งเขตเมื่อยังไม่มี")
@with_appcontext
def setup_command(with_demo: bool) -> None:
    """ปรับฐานข้อมูลให้เป็นรุ่นล่าสุด เพิ่มข้อมูลอ้างอิงและบทบาท ทำซ้ำได้"""
    _make_ready()
    if with_demo:
        _make_demo(1, None, None, None)


@click.command("worker")
@click.option("--burst", is_flag=True, help="เลิกเมื่อไม่มีงานในคิวแล้ว")
@with_appcontext
def worker_command(burst: bool) -> None:
    """ทำงานเบื้องหลังที่อยู่ในคิวของ Redis เริ่มกี่ตัว บนกี่เครื่องก็ได้"""
    from . import jobs

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy
    if not app.config["REDIS_URL"]:
        raise click.ClickException(
            "ยังไม่ได้ตั้งค่า THABIAN_REDIS_URL งานเบื้องหลังจึงทำในโปรแกรมหลักอยู่แล้ว ไม่ต้องเริ่มตัวทำงานแยก"
        )
    jobs.work(app, burst)


@click.command("forget-files")
@with_appcontext
def forget_files_command() -> None:
    """ลบภาพและไฟล์ของรายการที่ลบไปนานกว่า 90 วันออกจากที่เก็บไฟล์ ทำซ้ำได้"""
    from .workflows import left_files

    click.echo(f"ลบไฟล์แล้ว {left_files.forget():,} ไฟล์")


@click.command("demo")
@click.option("--areas", type=click.IntRange(1, 245), help="จำนวนเขต (1 เมื่อไม่ระบุขนาดใด)")
@click.option("--nation", is_flag=True, help="ทั้งประเทศ: 245 เขต ราว 29,500 โรงเรียน 6.6 ล้านคน")
@click.option("--schools", type=click.IntRange(1), help="หยุดเมื่อมีโรงเรียนครบเท่านี้ (เขตแรกครบเสมอ)")
@click.option("--students", type=click.IntRange(1), help="หยุดหลังเขตที่ทำให้มีนักเรียนครบเท่านี้")
@click.option("--seed", type=int, help="ตัวตั้งต้นของการสุ่ม ค่าเดียวกันได้ข้อมูลเดียวกัน")
@with_appcontext
def demo_command(
    areas: int | None, nation: bool, schools: int | None, students: int | None, seed: int | None
) -> None:
    """เพิ่มข้อมูลตัวอย่างขนาดที่ต้องการ เขตที่มีแล้วไม่เพิ่มซ้ำ"""
    _make_ready()
    bounded = schools is not None or students is not None
    _make_demo(areas or (245 if nation or bounded else 1), schools, students, seed)


@click.command("add-administrator")
@click.argument("username")
@click.option("--first-name", required=True, help="ชื่อ")
@click.option("--last-name", required=True, help="นามสกุล")
@click.option("--position", default="ผู้ดูแลระบบ", help="ตำแหน่ง")
@with_appcontext
def add_administrator_command(username: str, first_name: str, last_name: str, position: str) -> None:
    """เพิ่มบัญชีผู้ดูแลระบบชื่อ USERNAME และแสดงรหัสผ่านแรก สำหรับระบบที่ยังไม่มีบัญชีใด"""
    # Whoever can give this command can read and write the database anyway; the history names the installation.
    try:
        with setup.acting("ผู้ดูแลเครื่องแม่ข่าย"):
            _account, password = add_account(
                username=username,
                first_name=first_name,
                last_name=last_name,
                position=position,
                scope=CENTRE,
                roles=["administrator"],
            )
            db.session.commit()
    except RuleViolation as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        sys.exit(1)
    click.echo(f"เพิ่มบัญชี {username} แล้ว รหัสผ่านแรก (แสดงครั้งเดียว): {password}")


COMMANDS: tuple[click.Command, ...] = (
    setup_command,
    worker_command,
    demo_command,
    forget_files_command,
    add_administrator_command,
)


def _make_ready() -> None:
    try:
        setup.migrate()
        setup.prepare()
        printing.seal_key()
    except RuleViolation as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _make_demo(areas: int, schools: int | None, students: int | None, seed: int | None) -> None:
    from .demo import accounts, calendar, making
    from .demo.load import Size
    from .demo.schools import SEED

    folder = Path(current_app.instance_path) / "demo"
    size = Size(areas, schools, students)
    try:
        made = making.make(
            size, folder, functools.partial(click.echo, err=True), SEED if seed is None else seed
        )
    except RuleViolation as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        sys.exit(1)
    with setup.acting(making.NAME):
        if calendar.keep_open():
            db.session.commit()
    _tell(made, accounts.shown())


def _tell(made: Any, shown: Sequence[Any]) -> None:
    loaded = made.loaded
    if loaded.schools:
        click.echo(f"ข้อมูลตัวอย่าง: {loaded.areas} เขต {loaded.schools:,} โรงเรียน นักเรียน {loaded.learners:,} คน")
    if loaded.seconds:
        click.echo(f"เขียนข้อมูลนักเรียนได้ {loaded.rows_per_second:,} แถวต่อวินาที")
    click.echo("บัญชีทดลองใช้ (ข้อมูลสมมติทั้งหมด):")
    heads = ("ชื่อผู้ใช้", "รหัสผ่าน", "บทบาท")
    for line in table([heads, *(tuple(account) for account in shown)]):
        click.echo("  " + line)
    if made.sample is not None:
        click.echo(f"ไฟล์สำหรับลองนำเข้าที่ officer1: {made.sample}")
    host, port = current_app.config["HOST"], current_app.config["PORT"]
    click.echo(f"เปิดที่ http://{host}:{port}")


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines with aligned columns; Thai vowels and tone marks above and below take no place of their own."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()
