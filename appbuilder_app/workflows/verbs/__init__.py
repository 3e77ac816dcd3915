"""Every verb that is declared, by what it is done to and its name; the doors are made from this list."""

from __future__ import annotations

from typing import Final

from . import of_files, of_requests, of_rounds, of_students, of_year_end
from .declaring import Verb as Verb

VERBS: Final = (*of_students.VERBS, *of_requests.VERBS, *of_year_end.VERBS, *of_rounds.VERBS, *of_files.VERBS)
_BY_NAME: Final = {(verb.subject, verb.name): verb for verb in VERBS}


def verb_named(subject: str, name: str) -> Verb | None:
    """The verb of a subject with this name, if there is one."""
    return _BY_NAME.get((subject, name))
