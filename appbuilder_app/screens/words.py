"""How moments, states, doors and deeds are written on our screens: Jinja filters, and who looks at them.

Moments are in Thai time and the Buddhist Era.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask

from .. import access
from ..access import Action
from ..bilingual import Label
from ..codes import SubmissionState
from ..dataset import history
from ..thaidate import bangkok, thai_date, thai_date_short, thai_datetime

LOOKS = {
    SubmissionState.OPEN: "open",
    SubmissionState.CONFIRMED: "confirmed",
    SubmissionState.CERTIFIED: "certified",
    SubmissionState.ACKNOWLEDGED: "acknowledged",
}
"""The states by the names that the common pieces (badge, steps, state_bar) know."""


def install(app: Flask) -> None:
    """Give every template these functions as filters."""
    for written in (moment, moment_long, day, day_long, look, signed):
        app.add_template_filter(written)
    app.add_template_filter(history.through, "door")
    app.add_template_filter(history.done, "deed")
    app.context_processor(_looking)


def _looking() -> dict[str, Any]:
    """The viewer's level, and which verbs of rounds and submissions they hold a right to."""
    viewer = access.viewer_or_none()
    if viewer is None:
        return {"viewer_level": "", "viewer_may": {}, "viewer_explains": False}
    held = {str(a): viewer.may(a, "submission") or viewer.may(a, "round") for a in Action}
    return {
        "viewer_level": str(viewer.level.value) if viewer.scope else "",
        "viewer_may": held,
        "viewer_explains": viewer.may(Action.WRITE, "explanation"),
    }


def moment(at: dt.datetime | None) -> str:
    """``10 มิ.ย. 2569 09.12 น.``, to be broken before the time only; empty for None."""
    if at is None:
        return ""
    local = bangkok(at)
    on = thai_date_short(local)
    # Broken between the day and the time, nowhere else: a lone น. on a line of its own looks like a fault.
    return Label(f"{_held(on)} {local:%H.%M}\u00a0น.", f"{_held(on.en)}, {local:%H:%M}")


def _held(text: str) -> str:
    return text.replace(" ", "\u00a0")


def moment_long(at: dt.datetime | None) -> str:
    """``10 มิถุนายน 2569 เวลา 09.12 น.``; empty for None."""
    return "" if at is None else thai_datetime(at)


def day(at: dt.date | dt.datetime | None) -> str:
    """``10 มิ.ย. 2569``; empty for None."""
    return "" if at is None else thai_date_short(bangkok(at) if isinstance(at, dt.datetime) else at)


def day_long(at: dt.date | dt.datetime | None) -> str:
    """``10 มิถุนายน 2569``; empty for None."""
    return "" if at is None else thai_date(bangkok(at) if isinstance(at, dt.datetime) else at)


def look(state: SubmissionState) -> str:
    """The name under which the common pieces know a state."""
    return LOOKS[state]


def signed(number: int | None) -> str:
    """A difference with its sign: ``+3``, ``−2``, ``0``; ``–`` when there is nothing to compare with."""
    if number is None:
        return "–"
    return "0" if number == 0 else f"+{number:,}" if number > 0 else f"−{-number:,}"
