"""What can become of an imported file and of each of its rows."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from ...bilingual import Label

Tell = Callable[[int, int], None]
"""Called as work goes on, with how much is done and how much there is (0: not known). It may raise to cancel."""


def silent(_done: int, _all: int) -> None:
    """Nobody watches."""


class Outcome(StrEnum):
    """What becomes of a row. HELD: good when it was judged, but no longer when it was to be written."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"
    HELD = "held"

    @property
    def th(self) -> str:
        """Label of the outcome's tab."""
        return _OUTCOME_TH[self]


_OUTCOME_TH: Final = {
    Outcome.NEW: Label("ใหม่", "New"),
    Outcome.CHANGED: Label("เปลี่ยน", "Changed"),
    Outcome.SAME: Label("เหมือนเดิม", "Unchanged"),
    Outcome.WRONG: Label("ผิด", "Wrong"),
    Outcome.HELD: Label("พักไว้", "Held back"),
}

STATES: Final = {
    "received": Label("กำลังตรวจ", "being checked"),
    "failed": Label("อ่านไม่ได้", "not readable"),
    "preview": Label("รอตรวจ", "waiting"),
    "committed": Label("นำเข้า", "imported"),
    "cancelled": Label("ยกเลิก", "cancelled"),
    "undone": Label("ย้อนกลับ", "undone"),
}
