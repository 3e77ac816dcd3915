"""What a school's PC knows of its server: the file that pairing writes, and talking to the server."""

from __future__ import annotations

import json
import os
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from .errors import CardError
from .sealing import CLOCK_MAY_DIFFER, Sealed, key_of_text, sealed

SECONDS: Final = 10


class Greeting(CardError):
    """No read at all: the program asks whether the server knows it."""

    code = "greeting"
    message = "ตรวจการจับคู่"
    english = "The pairing was checked"


class NotPaired(CardError):
    """No key on this computer, or a file that is none."""

    code = "not-paired"
    message = "เครื่องนี้ยังไม่ได้จับคู่กับระบบ กรุณาขอรหัสจับคู่ที่หน้า “เครื่องอ่านบัตร” ของระบบ แล้วสั่ง smartcard-agent pair"
    english = (
        "This computer is not paired yet. Ask for a pairing code on the page “Card readers” of the register, "
        "then run smartcard-agent pair."
    )


class ServerAway(CardError):
    """The server does not answer."""

    code = "server-away"
    message = "ติดต่อระบบที่ {server} ไม่ได้ กรุณาตรวจอินเทอร์เน็ตแล้วลองใหม่"
    english = "The register at {server} does not answer. Check the internet connection, then try again."


class ServerRefused(CardError):
    """The server answers, and says no; its own sentence tells why."""

    code = "server-refused"
    message = "{sentence}"
    english = "{sentence}"


class NotTheServer(CardError):
    """Something answers there, and not as the register does."""

    code = "not-the-server"
    message = "ที่อยู่ {server} ไม่ใช่ระบบทะเบียนนี้ หรือมีระบบอื่นตอบแทน กรุณาตรวจที่อยู่จากหน้า “เครื่องอ่านบัตร”"
    english = (
        "{server} is not the register, or something answers in its place. "
        "Check the address on the page “Card readers”."
    )


class ClockDiffers(CardError):
    """This computer's clock is so wrong that the server would refuse its reads."""

    code = "clock"
    message = "นาฬิกาของเครื่องนี้ต่างจากระบบ {minutes} นาที ระบบจะไม่รับข้อมูลที่อ่าน กรุณาตั้งเวลาของเครื่องให้ตรง"
    english = (
        "This computer's clock is {minutes} minutes away from the register's, which will refuse what it reads. "
        "Set the clock."
    )


class NotAnAddress(CardError):
    """The server's address is no web address."""

    code = "not-an-address"
    message = "ที่อยู่ของระบบต้องขึ้นต้นด้วย https:// หรือ http:// เช่น https://ทะเบียน.example"
    english = (
        "The address of the register must begin with https:// or http://, such as https://register.example."
    )


@dataclass(frozen=True)
class Pairing:
    """The server, our name there, and the key that we share with it."""

    server: str
    device: str
    key: str
    FILE: ClassVar[str] = "card-agent.json"

    @property
    def origin(self) -> str:
        """Of the only pages that may ask us to read."""
        parts = urllib.parse.urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secret(self) -> bytes:
        """The key itself."""
        return key_of_text(self.key)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What an earlier pairing has written; NotPaired."""
        try:
            pairing = cls(**json.loads((folder / cls.FILE).read_text("utf-8")))
            pairing.secret  # noqa: B018 -- refuses a key that is none
        except (OSError, ValueError, TypeError) as error:
            raise NotPaired from error
        return pairing

    def save(self, folder: Path) -> Path:
        """Write it for this person's eyes only; the file."""
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / self.FILE
        file.unlink(missing_ok=True)
        # Never there with wider rights, not even for a moment.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(asdict(self), out)
        return file


def pair(server: str, code: str, name: str = "") -> Pairing:
    """Trade a one-time code for a device's name and key. ServerAway, ServerRefused, NotAnAddress."""
    parts = urllib.parse.urlsplit(server)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise NotAnAddress
    server = f"{parts.scheme}://{parts.netloc}"
    told = _post(server, "/cards/agent/pair", {"code": code, "name": name or socket.gethostname()})
    made = Pairing(server, _text(told, "device", server), _text(told, "key", server))
    try:
        made.secret  # noqa: B018 -- refuses a key that is none
    except ValueError as error:
        raise NotTheServer(server=server) from error
    return made


def push(pairing: Pairing, sealed: Sealed) -> str:
    """Send a read to the server ourselves; the path of the page that shows it there."""
    path = _text(_post(pairing.server, "/cards/agent/push", asdict(sealed)), "path", pairing.server)
    if not path.startswith("/") or path.startswith("//"):
        raise NotTheServer(server=pairing.server)
    return path


def greet(pairing: Pairing) -> str:
    """What the server calls this device. ServerAway, ServerRefused (not paired any more), NotTheServer, ClockDiffers."""
    greeting = sealed(Greeting(), device=pairing.device, nonce="", key=pairing.secret, at=datetime.now(UTC))
    told = _post(pairing.server, "/cards/agent/greet", asdict(greeting))
    try:
        apart = abs(datetime.now(UTC) - datetime.fromisoformat(_text(told, "now", pairing.server)))
    except (ValueError, TypeError) as error:
        raise NotTheServer(server=pairing.server) from error
    if apart > CLOCK_MAY_DIFFER:
        raise ClockDiffers(minutes=round(apart.total_seconds() / 60))
    return _text(told, "name", pairing.server)


def _text(told: Any, name: str, server: str) -> str:
    given = told.get(name) if isinstance(told, dict) else None
    if not isinstance(given, str):
        raise NotTheServer(server=server)
    return given


def _post(server: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310 -- pair() lets only http(s) through
        server + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            raise ServerRefused(sentence=_sentence(error, server)) from error
    except OSError as error:
        raise ServerAway(server=server) from error
    except (ValueError, RecursionError, HTTPException) as error:
        raise NotTheServer(server=server) from error
    return told


def _sentence(error: urllib.error.HTTPError, server: str) -> str:
    try:
        return str(json.load(error)["message"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return f"ระบบที่ {server} ตอบผิดปกติ ({error.code}) กรุณาแจ้งผู้ดูแลระบบ"


def home() -> Path:
    """Where this person's settings are kept."""
    if sys.platform == "win32":
        # Inside a person's own profile, which Windows opens to nobody else.
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Thabian"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "thabian"
