"""What a refusal is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

from ..bilingual import Bilingual, Sentence


class _Problem(NamedTuple):
    field: str | None
    message: Bilingual


class Problem(_Problem):
    """One thing wrong with one field of a row; ``field`` is None when it concerns the whole row."""

    __slots__ = ()

    def __new__(cls, field: str | None, message: str) -> Self:
        """A plain message is a Thai sentence without facts."""
        return super().__new__(cls, field, message if isinstance(message, Bilingual) else Sentence(message))


class RuleViolation(Exception):
    """A rule of the register said no.

    ``message`` is a Thai sentence, formatted with the constructor's keyword arguments; ``str()`` of the
    refusal is that sentence (a ``Sentence``: doors can tell it in English).
    ``status`` is the HTTP status every door (screen, API) answers with.
    """

    message: ClassVar[str] = "ทำรายการนี้ไม่ได้"
    status: ClassVar[int] = 422

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(Sentence(self.message, **facts))


class InvalidRow(RuleViolation):
    """A row breaks its declaration; ``problems`` tells each field and what to do about it (422)."""

    message = "ข้อมูลยังไม่ถูกต้อง: {summary}"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(summary=[problem.message for problem in self.problems])

    @staticmethod
    def whole(refusal: RuleViolation) -> Problem:
        """Another refusal as a problem of the whole row, for the head of a form."""
        return Problem(None, str(refusal))
