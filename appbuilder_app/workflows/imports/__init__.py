"""The import of a dataset's template: receive, judge, commit or cancel, undo, and what became of each row.

receiving keeps the file, judging compares each row with what is stored and makes the preview, settling commits
it by writing or cancels it, undoing takes a committed file back, results and marking show.
"""

from .judging import judge
from .marking import marked
from .outcomes import STATES, Outcome
from .receiving import discard_old, original, receive
from .results import batch_with, lines_of, recent
from .settling import cancel, commit
from .undoing import undo
from .work import job_of, order

__all__ = [
    "STATES",
    "Outcome",
    "batch_with",
    "cancel",
    "commit",
    "discard_old",
    "job_of",
    "judge",
    "lines_of",
    "marked",
    "order",
    "original",
    "receive",
    "recent",
    "undo",
]
