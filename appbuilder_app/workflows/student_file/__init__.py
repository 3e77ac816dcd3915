"""The import of a school's student file: preview, commit, cancel, and what became of each row.

layout finds the columns, reading turns rows into values and problems, plan compares them with what is stored,
previewing stores that, settling commits it by writing or cancels it, results shows.
"""

from .plan import Outcome
from .previewing import preview
from .results import batch_with, correction_file, problems_of, recent, rows_of, students_of, told
from .settling import STATES, cancel, commit

__all__ = [
    "STATES",
    "Outcome",
    "batch_with",
    "cancel",
    "commit",
    "correction_file",
    "preview",
    "problems_of",
    "recent",
    "rows_of",
    "students_of",
    "told",
]
