"""Background jobs: a person orders one, it is done once, in steps, whoever stops in the middle.

@job("export")
def export(context: Context, dataset: str) -> Result: ...

start("export", Sentence("ส่งออกนักเรียน"), needs=(Action.EXPORT, "student"), dataset="student")
"""

from __future__ import annotations

from .context import Context
from .ordering import start
from .registry import Result, job
from .shown import cancel, is_held_up, job_with, mine, result_of, retry, waiting_of, whole_country

__all__ = [
    "Context",
    "Result",
    "cancel",
    "is_held_up",
    "job",
    "job_with",
    "mine",
    "result_of",
    "retry",
    "start",
    "waiting_of",
    "whole_country",
]
