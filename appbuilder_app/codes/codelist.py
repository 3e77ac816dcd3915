"""The base of all code lists: values with outside code, Thai and English label, accepted spellings. Pure.

A member's ``value`` is the code other systems use. Where no outside code is known the code is our own and
made of Latin letters, so that it can never be mistaken for an outside number. Each list says in its
docstring where it comes from: [public] = found in public material, [assumed] = ours, not verified.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import cache, total_ordering
from typing import ClassVar, Self

from ..bilingual import Label
from ..errors import UnknownCode
from ..thaitext import folded


@total_ordering
class CodeList(enum.Enum):
    """Base of all code lists.

    A member is written ``NAME = code, Thai, English, short Thai, other spellings, codes of other targets``;
    the last three may be left out. Members sort in the order they are defined.
    """

    noun: ClassVar[str]
    """What the list is about, in Thai, for a refusal."""

    _value_: str
    th: str
    en: str
    short: str
    aliases: tuple[str, ...]
    outside: Mapping[str, str]
    position: int

    def __new__(
        cls,
        code: str,
        th: str = "",
        en: str = "",
        short: str = "",
        aliases: tuple[str, ...] = (),
        outside: Mapping[str, str] | None = None,
    ) -> Self:
        """A member that is found by its outside code: ``Grade("04")``.

        The labels have defaults only because type checkers read that look-up as a call of this.
        """
        member = object.__new__(cls)
        member._value_ = code
        member.th, member.en, member.short = Label(th, en), en, Label(short or th, en)
        member.aliases, member.outside = aliases, outside or {}
        member.position = len(cls.__members__)
        return member

    def __init_subclass__(cls, noun: str, **options: object) -> None:
        super().__init_subclass__(**options)
        cls.noun = noun

    def __str__(self) -> str:
        return self.th

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.position < other.position

    @classmethod
    def parse(cls, text: object) -> Self:
        """The member meant by a code, a label, a short label or another accepted spelling.

        Spaces, dots, Thai digits and letter case make no difference.
        Raises UnknownCode, whose Thai sentence names the allowed values.
        """
        if isinstance(text, cls):
            return text
        member = cls._spellings().get(folded(str(text)))
        if member is None:
            allowed = ", ".join(member.short for member in cls)
            raise UnknownCode(what=cls.noun, text=str(text)[:40], allowed=allowed)
        return member

    @classmethod
    def coming_from(cls, target: str, code: str) -> Self:
        """The member that another target ("onec" …) knows by this code; raises UnknownCode."""
        known = {member.outside[target]: member for member in cls if target in member.outside}
        if code in known:
            return known[code]
        allowed = ", ".join(known)
        raise UnknownCode(what=f"{cls.noun}ตามรหัสของ {target} ", text=code[:40], allowed=allowed)

    @classmethod
    @cache
    def _spellings(cls) -> dict[str, Self]:
        spellings: dict[str, Self] = {}
        for member in cls:
            for text in (member.value, member.th, member.en, member.short, *member.aliases):
                spellings.setdefault(folded(text), member)
        return spellings
