"""PC/SC by pyscard's functions: readers, and a connection to the card in one. Needs pyscard only when used.

pyscard's classes above these raise a different family of exceptions for each failure and poll in threads;
the functions tell one number, which ``_BY_HRESULT`` turns into our reasons.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from .errors import (
    CardBusy,
    CardError,
    CardPulled,
    CardUnreadable,
    LibraryMissing,
    ManyCards,
    NoCard,
    NoReader,
    ReaderFailed,
    ReaderGone,
    ServiceDown,
    ServiceForbidden,
)

_BY_HRESULT: Final[dict[int, type[CardError]]] = {
    0x80100003: CardPulled,  # invalid handle: the service was restarted under us
    0x80100009: ReaderGone,
    0x8010000B: CardBusy,  # another program holds the card for itself
    0x8010000C: NoCard,
    0x8010000F: CardUnreadable,  # an ATR that promises no protocol
    0x80100016: CardPulled,  # a command was not answered
    0x80100017: ReaderGone,
    0x8010001D: ServiceDown,
    0x8010001E: ServiceDown,
    0x8010002E: NoReader,
    0x8010002F: CardPulled,
    0x80100066: CardUnreadable,
    0x80100067: CardUnreadable,
    0x80100068: CardBusy,  # another program has reset the card
    0x80100069: CardPulled,
    0x8010006A: ServiceForbidden,
}
_NO_READERS: Final = 0x8010002E
_T0_OR_T1: Final = 3


def _library() -> Any:
    try:
        from smartcard import scard
    except ImportError as error:
        raise LibraryMissing from error
    return scard


def _told(hresult: int, reader: str = "") -> None:
    """Raise the reason of a number that is not success; Windows tells them signed."""
    if code := hresult & 0xFFFFFFFF:
        raise _BY_HRESULT.get(code, ReaderFailed)(reader=reader, hresult=f"{code:08X}")


@dataclass(frozen=True)
class ReaderState:
    """A reader that is plugged in, and whether it holds a card (``mute``: one that does not answer)."""

    name: str
    has_card: bool
    mute: bool = False


class Service:
    """A talk with the smart card service. Use it as ``with service() as it``."""

    def __init__(self, scard: Any, context: Any) -> None:
        self._scard, self._context = scard, context

    def readers(self) -> list[ReaderState]:
        """Every reader that is plugged in, in the service's order; NoReader when there is none."""
        hresult, names = self._scard.SCardListReaders(self._context, [])
        if hresult & 0xFFFFFFFF != _NO_READERS:
            _told(hresult)
        if not names:
            raise NoReader
        asked = [(name, self._scard.SCARD_STATE_UNAWARE) for name in names]
        hresult, states = self._scard.SCardGetStatusChange(self._context, 0, asked)
        _told(hresult)
        return [self._state(name, state) for name, state, _atr in states]

    def _state(self, name: str, state: int) -> ReaderState:
        present, mute = self._scard.SCARD_STATE_PRESENT, self._scard.SCARD_STATE_MUTE
        return ReaderState(name, bool(state & present), bool(state & mute))

    def chosen(self, reader: str | None) -> str:
        """The reader to use: the one that is named, or the only one with a card in it."""
        states = self.readers()
        if reader is not None:
            if reader not in {state.name for state in states}:
                raise ReaderGone(reader=reader)
            return reader
        holding = [state.name for state in states if state.has_card]
        if len(holding) > 1:
            raise ManyCards(readers=", ".join(holding))
        if not holding:
            raise NoCard
        return holding[0]

    @contextmanager
    def card(self, reader: str) -> Iterator[Connection]:
        """The card in a reader, for ourselves while it is read and left powered for others afterwards."""
        # Shared and left: disconnecting otherwise takes the card's power away under other programs.
        hresult, handle, protocol = self._scard.SCardConnect(
            self._context, reader, self._scard.SCARD_SHARE_SHARED, _T0_OR_T1
        )
        _told(hresult, reader)
        try:
            # No other program may select its own application between two of our commands.
            _told(self._scard.SCardBeginTransaction(handle), reader)
            try:
                yield Connection(self._scard, handle, protocol, reader)
            finally:
                self._scard.SCardEndTransaction(handle, self._scard.SCARD_LEAVE_CARD)
        finally:
            self._scard.SCardDisconnect(handle, self._scard.SCARD_LEAVE_CARD)


class Connection:
    """A card that is connected: its ATR, and its answers to commands."""

    def __init__(self, scard: Any, handle: Any, protocol: int, reader: str) -> None:
        self._scard, self._handle, self._protocol, self._reader = scard, handle, protocol, reader

    @property
    def atr(self) -> bytes:
        """What the card said when it got power."""
        hresult, _reader, _state, _protocol, atr = self._scard.SCardStatus(self._handle)
        _told(hresult, self._reader)
        return bytes(atr)

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        """The answer's data and status word. **No timeout**: a card that hangs hangs us."""
        hresult, answer = self._scard.SCardTransmit(self._handle, self._protocol, list(command))
        _told(hresult, self._reader)
        if len(answer) < 2:
            raise CardPulled
        return bytes(answer[:-2]), answer[-2] << 8 | answer[-1]


@contextmanager
def service() -> Iterator[Service]:
    """A context of the smart card service, given back whatever happens: it serves 200 at a time."""
    scard = _library()
    hresult, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _told(hresult)
    try:
        yield Service(scard, context)
    finally:
        scard.SCardReleaseContext(context)


def system() -> str:
    """``windows`` or ``linux``: which advice helps."""
    return "windows" if sys.platform == "win32" else "linux"
