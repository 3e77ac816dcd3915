"""What is wrong on this PC, in Thai: library, service, driver, reader, card, program, pairing, server, clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .errors import CardError, NoReader
from .pairing import Pairing, greet
from .reader import CardReader

USB_DEVICES: Final = Path("/sys/bus/usb/devices")
_SMART_CARD_CLASS: Final = "0b"
Finding = tuple[bool, str]


def findings(reader: CardReader, folder: Path, port: int) -> Iterator[Finding]:
    """Each thing that must be in order, whether it is, and what to do where it is not."""
    yield from _of_the_reader(reader)
    yield _of_the_program(port)
    try:
        pairing = Pairing.load(folder)
        yield True, f"จับคู่กับ {pairing.server} แล้ว"
        yield True, f"ระบบรู้จักเครื่องนี้ในชื่อ “{greet(pairing)}” และนาฬิกาตรงกัน"
    except CardError as error:
        yield False, str(error)


def _of_the_reader(reader: CardReader) -> Iterator[Finding]:
    try:
        found = reader.readers()
        yield True, "บริการสมาร์ทการ์ดทำงาน"
        yield True, f"พบเครื่องอ่าน: {', '.join(state.name for state in found)}"
        reading = reader.read(photo=False)
        # Not whose: what stands here is read aloud over the phone and photographed.
        yield True, f"อ่านบัตรได้ใน {reading.seconds:.2f} วินาที"
    except NoReader as error:
        yield True, "บริการสมาร์ทการ์ดทำงาน"
        yield False, _without_driver() or str(error)
    except CardError as error:
        yield False, str(error)


def _without_driver(devices: Path = USB_DEVICES) -> str:
    """Linux shows what is plugged in, with a driver or without; elsewhere nothing is known."""
    for interface in devices.glob("*/bInterfaceClass"):
        if interface.read_text("ascii", "replace").strip() == _SMART_CARD_CLASS:
            return (
                "เสียบเครื่องอ่านบัตรแล้ว แต่ไม่มีไดรเวอร์ กรุณาติดตั้ง libccid (หรือไดรเวอร์ของผู้ผลิต) แล้วเปิดบริการ pcscd ใหม่"
            )
    return ""


def _of_the_program(port: int) -> Finding:
    with socket.socket() as line:
        line.settimeout(1)
        if line.connect_ex(("127.0.0.1", port)) == 0:
            return True, "โปรแกรมอ่านบัตร (smartcard-agent run) เปิดอยู่"
    return False, "โปรแกรมอ่านบัตรยังไม่เปิด หน้าเว็บจึงอ่านบัตรไม่ได้ กรุณาสั่ง smartcard-agent run แล้วเปิดทิ้งไว้"
