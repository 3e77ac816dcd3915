"""How a read travels from a school's PC to the server: a JSON text and its HMAC-SHA256. Both sides use this.

The MAC proves that a paired PC made the text, not that the card is genuine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from .errors import BadData, CardError
from .person import Card
from .reader import Reading

VERSION: Final = 1
CLOCK_MAY_DIFFER: Final = timedelta(minutes=5)
"""Between a read and its coming in, by both clocks."""
LONGEST: Final = 40_000
"""Characters of a text; a card with its photo takes some 9,000."""
MOST_FACTS: Final = 5
LONGEST_FACT: Final = 200


@dataclass(frozen=True)
class Sealed:
    """A text and its MAC, as they are sent."""

    text: str
    mac: str

    @classmethod
    def of_json(cls, given: Any) -> Self:
        """Of a request's body; BadData when it is none."""
        if not isinstance(given, dict):
            raise BadData(what="form")
        text, mac = given.get("text"), given.get("mac")
        if not isinstance(text, str) or not isinstance(mac, str) or len(text) > LONGEST or len(mac) != 64:
            raise BadData(what="form")
        return cls(text, mac)

    def is_by(self, key: bytes) -> bool:
        """Whether who holds this key made the text."""
        return hmac.compare_digest(_mac(self.text, key), self.mac.encode())


@dataclass(frozen=True)
class Report:
    """What a sealed text says: a card, or the code and the facts of the reason why there is none."""

    device: str
    nonce: str
    at: datetime
    reader: str
    card: Card | None
    error: str
    facts: dict[str, str | int | float]

    @classmethod
    def of(cls, sealed: Sealed) -> Self:
        """Take it apart; BadData when a part is missing or cannot be right. Says nothing about the MAC."""
        try:
            told = json.loads(sealed.text)
            if told["v"] != VERSION:
                raise BadData(what="version")
            texts = [told[name] for name in ("device", "nonce", "reader", "error")]
            if not all(isinstance(text, str) and len(text) <= 200 for text in texts):
                raise TypeError
            at = datetime.fromisoformat(told["at"])
            card = None if told["card"] is None else Card.of_json(told["card"])
            facts = _facts(told["facts"])
            at.astimezone(UTC)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as wrong:
            raise BadData(what="form") from wrong
        if at.tzinfo is None or (card is None) != bool(texts[3]):
            raise BadData(what="form")
        return cls(texts[0], texts[1], at, texts[2], card, texts[3], facts)


def sealed(outcome: Reading | CardError, *, device: str, nonce: str, key: bytes, at: datetime) -> Sealed:
    """The text of a read, or of why there is none, under the device's key."""
    read = outcome if isinstance(outcome, Reading) else None
    text = json.dumps(
        {
            "v": VERSION,
            "device": device,
            "nonce": nonce,
            "at": at.isoformat(),
            "reader": read.reader[:120] if read else "",
            "card": read.card.to_json() if read else None,
            "error": outcome.code if isinstance(outcome, CardError) else "",
            "facts": _told(outcome.facts) if isinstance(outcome, CardError) else {},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return Sealed(text, _mac(text, key).decode())


def _told(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts as they may be sent: few, short, and plain."""
    plain = {name: fact for name, fact in facts.items() if isinstance(fact, str | int | float)}
    return {name: fact[:LONGEST_FACT] if isinstance(fact, str) else fact for name, fact in plain.items()}


def _facts(given: dict[str, Any]) -> dict[str, str | int | float]:
    if len(given) > MOST_FACTS or not all(isinstance(fact, str | int | float) for fact in given.values()):
        raise TypeError
    if any(isinstance(fact, str) and len(fact) > LONGEST_FACT for fact in given.values()):
        raise ValueError
    return given


def device_key(secret: str | bytes, device: str) -> bytes:
    """The 32-byte key of a device, from the server's own secret: no table of keys could be stolen."""
    secret = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(secret, b"card device " + device.encode(), hashlib.sha256)


def key_as_text(key: bytes) -> str:
    """A key for a JSON text; ``key_of_text`` takes it back."""
    return base64.b64encode(key).decode()


def key_of_text(text: str) -> bytes:
    """A key from a JSON text; ValueError when it is none."""
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError("not a key")
    return key


def _mac(text: str, key: bytes) -> bytes:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest().encode()
