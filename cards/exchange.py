"""The commands that read a national ID card, over whatever carries them. Knows no reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from . import layout
from .errors import CardExchanged, CardRefuses, WrongCard
from .layout import LONGEST, Place
from .person import Card, decoded

Transmit = Callable[[bytes], tuple[bytes, int]]
"""Sends a command; gives the answer's data and its status word."""

SELECT: Final = bytes.fromhex("00A4040008") + layout.APPLICATION
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"
DONE: Final = 0x9000


class Exchange:
    """A talk with one card, from SELECT on. ``atr`` decides how it wants to be asked for its answers."""

    def __init__(self, transmit: Transmit, atr: bytes) -> None:
        self._transmit = transmit
        self._get_response = bytes((0x00, 0xC0, 0x00, 0x01 if atr.startswith(b"\x3b\x67") else 0x00))

    def read(self, photo: bool) -> Card:
        """All of the card. WrongCard, OldCard, BadData, CardRefuses, CardExchanged, or what ``transmit`` raises."""
        self._select()
        memory = self._fields()
        image = self._photo() if photo else None
        # A card that was exchanged between two looks of the reader answers on without an error.
        if self._stretch(layout.NATIONAL_ID) != memory[layout.NATIONAL_ID]:
            raise CardExchanged
        return decoded(memory, image)

    def _select(self) -> None:
        _data, status = self._transmit(SELECT)
        if status >> 8 not in {0x61, 0x90}:
            raise WrongCard

    def _fields(self) -> dict[Place, bytes]:
        try:
            stretches = {place: self._stretch(place) for place in layout.stretches()}
        except CardRefuses:
            # A card that gives no more than a field at a time is asked field by field.
            return {place: self._stretch(place) for place in layout.FIELDS}
        return {place: _part(stretches, place) for place in layout.FIELDS}

    def _photo(self) -> bytes | None:
        """The photo up to its end marker, or None where there is none: a bad photo loses no read."""
        image = bytearray()
        for segment in _segments(layout.PHOTO):
            image += self._stretch(segment)
            if not image.startswith(JPEG_BEGINS):
                return None
            # One byte back: the marker may lie across two segments.
            if (end := image.find(JPEG_ENDS, max(0, len(image) - segment.length - 1))) >= 0:
                return bytes(image[: end + 2])
        return None

    def _stretch(self, place: Place) -> bytes:
        """Bytes of the memory; never trimmed, for 0x20 is image data, too."""
        data, status = self._transmit(bytes((0x80, 0xB0, *place.offset.to_bytes(2), 2, 0, place.length)))
        if status >> 8 == 0x61:
            data, status = self._transmit(self._get_response + bytes((place.length,)))
        if status != DONE or len(data) != place.length:
            raise CardRefuses(status=f"{status:04X}")
        return data


def _segments(place: Place) -> Iterator[Place]:
    for offset in range(place.offset, place.end, LONGEST):
        yield Place(offset, min(LONGEST, place.end - offset))


def _part(stretches: dict[Place, bytes], place: Place) -> bytes:
    for stretch, data in stretches.items():
        if stretch.offset <= place.offset and place.end <= stretch.end:
            start = place.offset - stretch.offset
            return data[start : start + place.length]
    raise LookupError(place)
