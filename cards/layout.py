"""Where a version-0003 national ID card keeps what. No official document says so; public readers agree on it."""

from __future__ import annotations

from typing import Final, NamedTuple

APPLICATION: Final = bytes.fromhex("A000000054480001")


class Place(NamedTuple):
    """A stretch of the card's memory, in bytes."""

    offset: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after it."""
        return self.offset + self.length


VERSION: Final = Place(0x0000, 4)
NATIONAL_ID: Final = Place(0x0004, 13)
THAI_NAME: Final = Place(0x0011, 100)
ENGLISH_NAME: Final = Place(0x0075, 100)
BIRTH_DATE: Final = Place(0x00D9, 8)
SEX: Final = Place(0x00E1, 1)
ISSUER: Final = Place(0x00F6, 100)
ISSUE_DATE: Final = Place(0x0167, 8)
EXPIRY_DATE: Final = Place(0x016F, 8)
PHOTO: Final = Place(0x017B, 5118)
ADDRESS: Final = Place(0x1579, 160)  # readers that ask for 100 cut it

FIELDS: Final = (
    VERSION,
    NATIONAL_ID,
    THAI_NAME,
    ENGLISH_NAME,
    BIRTH_DATE,
    SEX,
    ISSUER,
    ISSUE_DATE,
    EXPIRY_DATE,
    ADDRESS,
)
"""What is read. Neither the laser number nor the health application: they are not needed."""

LONGEST: Final = 255
"""Bytes that one command can ask for."""


def stretches(fields: tuple[Place, ...] = FIELDS) -> list[Place]:
    """The fewest commands' worth of memory that holds the fields: neighbours are read together.

    Each command costs a real reader some 25 ms however little it asks for.
    """
    found: list[Place] = []
    for field in sorted(fields):
        if found and field.end - found[-1].offset <= LONGEST:
            found[-1] = Place(found[-1].offset, field.end - found[-1].offset)
        else:
            found.append(field)
    return found
