"""The process in which cards are read: ``python -m cards.worker``, a JSON line in, a JSON line out.

A card that hangs blocks whoever talks to it, and no thread can be ended. A process can.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Final

from . import pcsc
from .errors import CardError, CardPulled, NoCard
from .exchange import Exchange
from .person import Card

SECONDS_BEFORE_RETRY: Final = 0.3
SECONDS_TO_NOTICE: Final = 0.9
"""For a card that was jolted: services look at their readers every 0.4 s, and power the card up."""


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What one line asks for: ``readers``, or a read; or the reason why not."""
    try:
        if asked["do"] == "readers":
            with pcsc.service() as service:
                return {"readers": [[s.name, s.has_card, s.mute] for s in service.readers()]}
        card, reader = read(asked["reader"], asked["photo"])
        return {"card": card.to_json(), "reader": reader}
    except CardError as error:
        return {"error": error.code, "facts": error.facts}


def read(reader: str | None, photo: bool) -> tuple[Card, str]:
    """Read the card, once more after a short wait where that is known to help."""
    try:
        return _read(reader, photo)
    except CardError as error:
        if not error.passing:
            raise
        time.sleep(SECONDS_BEFORE_RETRY)
        return _read_again(reader, photo, error)


def _read_again(reader: str | None, photo: bool, first: CardError) -> tuple[Card, str]:
    give_up = time.monotonic() + SECONDS_TO_NOTICE
    while True:
        try:
            return _read(reader, photo)
        except (NoCard, CardPulled) as now:
            # It was there a moment ago, and that is what helps to hear.
            if time.monotonic() > give_up:
                raise CardPulled from now
            time.sleep(0.1)
        except CardError as error:
            raise (first if isinstance(error, type(first)) else error) from error


def _read(reader: str | None, photo: bool) -> tuple[Card, str]:
    with pcsc.service() as service:
        name = service.chosen(reader)
        with service.card(name) as connection:
            return Exchange(connection.transmit, connection.atr).read(photo), name


def main() -> None:
    """Answer line by line until the other side goes."""
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
