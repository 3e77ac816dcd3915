"""A smart card service of the run's own, with two virtual readers, and programs that read from it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest

from cards import CardError, CardReader
from scripts.card_service import READERS, SOCKET_NAME, CardService, card_service
from tests.virtual_card import VirtualCard

SECONDS_TO_NOTICE = 20
SLOW = 2.5
"""Seconds after which the tests' reader gives up."""


@pytest.fixture(scope="session")
def cards_started() -> Iterator[CardService]:
    """pcscd with two readers, for all tests of this process."""
    with card_service() as service:
        before = os.environ.get(SOCKET_NAME)
        os.environ[SOCKET_NAME] = str(service.socket)
        yield service
        if before is None:
            del os.environ[SOCKET_NAME]
        else:
            os.environ[SOCKET_NAME] = before


@pytest.fixture(scope="session")
def session_reader(cards_started: CardService) -> Iterator[CardReader]:
    """One process that reads, for all tests: starting Python anew would be most of their time."""
    with CardReader(seconds=SLOW) as reader:
        yield reader


@pytest.fixture
def reader(session_reader: CardReader) -> CardReader:
    """The library, reading from the virtual readers."""
    return session_reader


@pytest.fixture
def put_in(cards_started: CardService, reader: CardReader) -> Iterator[Callable[..., VirtualCard]]:
    """Pushes a card into a reader (0 or 1) and waits until it is noticed; pulled out after the test."""
    inside: list[VirtualCard] = []

    def push(slot: int = 0, card: VirtualCard | None = None, **changed: str) -> VirtualCard:
        card = card or VirtualCard(cards_started.ports[slot], **changed)
        inside.append(card.insert())
        until(lambda: has_card(reader, slot))
        return card

    yield push
    for card in inside:
        card.pull()
    until(lambda: not (has_card(reader, 0) or has_card(reader, 1)))


def has_card(reader: CardReader, slot: int) -> bool:
    """Whether the service has noticed a card in a reader; False while there is no service."""
    try:
        return {state.name: state.has_card for state in reader.readers()}.get(READERS[slot], False)
    except CardError:
        return False


def until(true: Callable[[], bool]) -> None:
    """Wait for something that the service notices in its own time."""
    deadline = time.monotonic() + SECONDS_TO_NOTICE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
