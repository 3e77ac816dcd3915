"""A virtual national ID card: what the reader's driver meets instead of a chip. The person is made up.

Connecting to the driver's port pushes the card in, closing the connection pulls it out. Everything above,
from the driver over pcscd to our programs, is what serves real cards.
"""

from __future__ import annotations

import io
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from PIL import Image

from cards import layout
from cards.layout import Place
from cards.number import check_digit

ATR = bytes.fromhex("3B 79 96 00 00 54 48 20 4E 49 44 20 31 38")
"""``TH NID 18``."""
OLDER_ATR = bytes.fromhex("3B 67 00 00 29 20 00 6F 78 90 00")
"""One of those whose answers are asked for with 00 C0 00 01."""
SIZE = 0x1700
GET_ATR, COMMANDS_OF_READER = 4, 1


def a_number(first12: str = "110370000001") -> str:
    """Twelve digits and the one that belongs to them."""
    return first12 + str(check_digit(first12))


def a_photo(seed: int = 1) -> bytes:
    """A face's worth of JPEG, of the size of a card's, with spaces and zeros in it like any other."""
    noise = random.Random(seed).randbytes(19 * 22 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (19, 22), noise).resize((148, 178)).save(out, "JPEG", quality=40)
    assert 2_000 < out.tell() < layout.PHOTO.length, out.tell()
    return out.getvalue()


PERSON = {
    layout.VERSION: "0003",
    layout.NATIONAL_ID: a_number(),
    layout.THAI_NAME: "ด.ช.#สมมุติ##ตั้งใจเรียน",
    layout.ENGLISH_NAME: "Master#Sommut##Tangjairian",
    layout.BIRTH_DATE: "25590510",
    layout.SEX: "1",
    layout.ISSUER: "อำเภอโคกสำโรง/ลพบุรี",
    layout.ISSUE_DATE: "25660601",
    layout.EXPIRY_DATE: "25740509",
    layout.ADDRESS: "99/9#หมู่ที่ 4#ตรอกวัด##ถนนพหลโยธิน#ตำบลหนองแขม#อำเภอโคกสำโรง#จังหวัดลพบุรี",
}


class VirtualCard:
    """A card with a memory, its manners, and what happens to it while it is read."""

    def __init__(self, port: int, **changed: str) -> None:
        self.port = port
        self.atr = ATR
        self.seconds = 0.0
        self.foreign = False
        self.by_field = False
        self.stubborn = False
        self.commands = 0
        self.events: dict[int, Callable[[], object]] = {}
        self.memory = bytearray(SIZE)
        self.photo = a_photo()
        self.is_of(**changed)
        self._line: socket.socket | None = None
        self._pending = b""
        self._selected = False

    def is_of(self, **changed: str) -> None:
        """Make it the card of the made-up person, with some fields (by their names in ``layout``) changed."""
        fields: dict[Place, str] = PERSON | {
            getattr(layout, name.upper()): text for name, text in changed.items()
        }
        for place, text in fields.items():
            self.put(place, text.encode("cp874"))
        self.put(layout.PHOTO, self.photo)

    def put(self, place: Place, data: bytes) -> None:
        """Write a field, padded with spaces."""
        self.memory[place.offset : place.end] = data.ljust(place.length)[: place.length]

    def at(self, command: int, happens: Callable[[], object]) -> None:
        """Let something happen before the command of this number (from 1) is answered."""
        self.events[command] = happens

    # ── In and out ───────────────────────────────────────────────────────────────────────────────────────

    def insert(self) -> VirtualCard:
        """Push it into the reader."""
        self.commands, self._selected = 0, False
        self._line = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        self._line.settimeout(None)
        threading.Thread(target=self._serve, args=(self._line,), daemon=True).start()
        return self

    def pull(self) -> None:
        """Pull it out, whatever the reader is doing with it."""
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
            self._line.close()
            self._line = None

    # ── What the driver hears ────────────────────────────────────────────────────────────────────────────

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError):
            while (frame := self._frame(line)) is not None:
                if len(frame) > COMMANDS_OF_READER:
                    answer = self._answer(frame)
                elif frame[0] == GET_ATR:
                    answer = self.atr
                else:
                    self._selected = False
                    continue
                line.sendall(struct.pack(">H", len(answer)) + answer)

    def _frame(self, line: socket.socket) -> bytes | None:
        # The driver sends length and payload by themselves: without this the second waits 40 ms for our ACK.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        head = line.recv(2, socket.MSG_WAITALL)
        if len(head) < 2:
            return None
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return line.recv(struct.unpack(">H", head)[0], socket.MSG_WAITALL)

    def _answer(self, command: bytes) -> bytes:
        self.commands += 1
        if happens := self.events.pop(self.commands, None):
            happens()
        if self.seconds:
            time.sleep(self.seconds)
        match command[:2]:
            case b"\x00\xa4":
                self._selected = not self.foreign
                return b"\x61\x0a" if self._selected else b"\x6a\x82"
            case b"\x80\xb0" if self._selected and not self.stubborn:
                return self._to_read(Place(int.from_bytes(command[2:4]), command[6]))
            case b"\x00\xc0" if command[3] == (1 if self.atr.startswith(b"\x3b\x67") else 0):
                return self._pending[: command[4]] + b"\x90\x00"
        return b"\x6d\x00"

    def _to_read(self, place: Place) -> bytes:
        if self.by_field and place not in layout.FIELDS:
            return b"\x6b\x00"
        self._pending = bytes(self.memory[place.offset : place.end])
        return bytes((0x61, len(self._pending)))
