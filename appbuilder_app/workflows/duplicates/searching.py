"""The search in the background: it finds, opens the cases that are missing, and can be begun again at any time."""

from __future__ import annotations

from typing import Final

from ... import access
from ...access import Action
from ...bilingual import Sentence
from ...models import Job
from ..jobs import Context, Result, job, start
from .finding import SUBJECT, find
from .opening import Opened, open_cases

CASES_A_STEP: Final = 100


def order() -> Job:
    """Order a search among the students whom the viewer looks after."""
    title = Sentence("ค้นหานักเรียนซ้ำซ้อน")
    return start("find_duplicates", title, needs=(Action.MANAGE, SUBJECT))


@job("find_duplicates")
def search(context: Context) -> Result:
    """Find, and open cases in steps: what a killed run has opened is known to the next."""
    access.viewer().require(Action.MANAGE, SUBJECT)
    context.progress(0, None, Sentence("กำลังเปรียบเทียบรายชื่อ"))
    found = find()
    opened = Opened()
    for first in range(0, len(found), CASES_A_STEP):
        with context.step(first, len(found), Sentence("กำลังเปิดเรื่องซ้ำซ้อน")):
            some = open_cases(found[first : first + CASES_A_STEP])
        opened += some
    said = Sentence(
        "พบ {found} กลุ่ม เปิดเรื่องใหม่ {opened} เรื่อง มีระเบียนเพิ่ม {joined} เรื่อง มีอยู่แล้ว {known} เรื่อง",
        found=f"{len(found):,}",
        opened=f"{opened.opened:,}",
        joined=f"{opened.joined:,}",
        known=f"{opened.known:,}",
    )
    return Result(said=said, url="/duplicates/")
