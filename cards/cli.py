"""``smartcard-agent``: pair, run, read, doctor."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from . import doctor, pairing
from .agent import PORT, Agent
from .errors import CardError
from .pairing import Pairing
from .reader import CardReader


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="smartcard-agent", description="อ่านบัตรประชาชนให้หน้าทะเบียน")
    parser.add_argument("--folder", type=Path, default=None, help="ที่เก็บกุญแจ (ปกติไม่ต้องระบุ)")
    commands = parser.add_subparsers(dest="command", required=True)
    pair = commands.add_parser("pair", help="จับคู่เครื่องนี้กับระบบ ด้วยรหัสที่ได้จากหน้า “เครื่องอ่านบัตร”")
    pair.add_argument("server", help="ที่อยู่ของระบบ เช่น https://thabian.example")
    pair.add_argument("code", help="รหัสจับคู่")
    pair.add_argument("--name", default="", help="ชื่อเครื่อง (ปกติใช้ชื่อของเครื่องนี้)")
    run = commands.add_parser("run", help="รอคำสั่งอ่านจากหน้าทะเบียน เปิดทิ้งไว้ระหว่างทำงาน")
    run.add_argument("--port", type=int, default=PORT, help=f"พอร์ต (ปกติ {PORT})")
    read = commands.add_parser("read", help="อ่านบัตรหนึ่งครั้งมาแสดงบนจอนี้")
    read.add_argument("--photo", type=Path, help="บันทึกภาพถ่ายลงไฟล์นี้")
    read.add_argument("--reader", help="ชื่อเครื่องอ่าน เมื่อมีหลายเครื่อง")
    examine = commands.add_parser("doctor", help="ตรวจว่าบริการ ไดรเวอร์ เครื่องอ่าน บัตร และการจับคู่ ใช้ได้หรือไม่")
    examine.add_argument("--port", type=int, default=PORT, help=f"พอร์ตของโปรแกรม (ปกติ {PORT})")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask for; the exit status: 0 done, 1 refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A console of Windows may lack a letter; what is said then has a question mark in its place.
            stream.reconfigure(errors="replace")
    asked = _arguments(words)
    folder = asked.folder or pairing.home()
    try:
        match asked.command:
            case "pair":
                _pair(asked, folder)
            case "run":
                _run(asked, folder)
            case "read":
                _read(asked)
            case _:
                return _doctor(asked, folder)
    except CardError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _pair(asked: argparse.Namespace, folder: Path) -> None:
    made = pairing.pair(asked.server, asked.code, asked.name)
    made.save(folder)
    print(f"จับคู่กับ {made.server} แล้ว ต่อไปสั่ง smartcard-agent run แล้วเปิดทิ้งไว้")


class PortTaken(CardError):
    """Something listens already where the pages will ask."""

    code = "port-taken"
    message = "พอร์ต {port} ของเครื่องนี้มีโปรแกรมใช้อยู่ อาจเปิด smartcard-agent ไว้แล้ว กรุณาปิดโปรแกรมนั้นก่อน"
    english = (
        "A program uses port {port} of this computer already, perhaps smartcard-agent itself. Close it first."
    )


def _run(asked: argparse.Namespace, folder: Path) -> None:
    paired = Pairing.load(folder)
    with CardReader() as reader:
        try:
            agent = Agent(paired, reader, asked.port)
        except OSError as error:
            raise PortTaken(port=asked.port) from error
        print(f"พร้อมอ่านบัตรให้ {paired.origin} ปิดโปรแกรมด้วย Ctrl+C", flush=True)
        with agent, suppress(KeyboardInterrupt):
            agent.serve_forever()


def _read(asked: argparse.Namespace) -> None:
    with CardReader() as reader:
        reading = reader.read(asked.reader, photo=asked.photo is not None)
    if asked.photo is not None and reading.card.photo is not None:
        asked.photo.write_bytes(reading.card.photo)
    shown = reading.card.to_json() | {"photo": None}
    shown |= {"birth": str(reading.card.birth), "issued": str(reading.card.issued or "")}
    shown |= {"expires": str(reading.card.expires or "")}
    print(json.dumps(shown, ensure_ascii=False, indent=2))


def _doctor(asked: argparse.Namespace, folder: Path) -> int:
    fine = True
    with CardReader() as reader:
        for good, sentence in doctor.findings(reader, folder, asked.port):
            print(("✓ " if good else "✗ ") + sentence)
            fine = fine and good
    return 0 if fine else 1
