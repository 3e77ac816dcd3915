"""A verb behind a button: done and committed, or refused with nothing kept."""

from __future__ import annotations

from collections.abc import Callable

from ..dataset import refusals
from ..declaration import db
from ..errors import InvalidRow, NotPermitted, NotYours, NoViewer, Problem, RuleViolation

_FOR_THE_DOOR = (NotPermitted, NotYours, NoViewer)


def problems_in(refusal: RuleViolation | None) -> list[Problem]:
    """What a form shows at its fields of a refusal."""
    return refusal.problems if isinstance(refusal, InvalidRow) else []


def refusal_when(verb: Callable[[], object]) -> RuleViolation | None:
    """Do it and commit; what refused it, for the same page with all that was typed; None when done.

    Who may not, or asks for what is not theirs, gets no page at all: those refusals go through to the door.
    """
    try:
        with refusals.as_refusals():
            verb()
            db.session.commit()
    except RuleViolation as refusal:
        db.session.rollback()
        if isinstance(refusal, _FOR_THE_DOOR):
            raise
        return refusal
    return None
