"""The home page: for each level what to do next, how long is left, and how far everything is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask_appbuilder import IndexView, expose

from .. import access
from ..access import Action, Viewer
from ..access import Level as Depth
from ..codes import Level
from ..declaration import db
from ..models import Account
from ..workflows import requests, rounds, standing, watching
from ..workflows.headcounts import Headcounts
from ..workflows.other_systems import other_systems
from .questionnaires import asked_now
from .rounds import shown_rounds
from .school_round import school_round
from .watching import Row, district_page, slowest_first

URGENT_SHOWN = 10
SLOWEST_SHOWN = 10


@dataclass(frozen=True)
class LevelCount:
    """Students of one level of education now and in the last round."""

    level: Level
    now: int
    rooms: int
    before: int | None

    @property
    def difference(self) -> int | None:
        """Students more than in the last round."""
        return None if self.before is None else self.now - self.before


class HomeView(IndexView):
    """A dashboard per level; who is not logged in is sent to the login page."""

    @expose("/")
    def index(self) -> Any:
        """The dashboard of the viewer's level; without an open round, when the next one opens."""
        viewer = access.viewer_or_none()
        if viewer is None:
            return redirect(url_for("LoginView.login"))
        if rounds.current_round() is None:
            return self._without_round(viewer)
        if not viewer.may(Action.READ, "submission"):
            return render_template(
                "thabian/home/plain.html",
                rounds=_first(shown_rounds(rounds.all_rounds())),
                asked=asked_now(),
                requests_unfinished=requests.unfinished(),
            )
        return _PAGES[viewer.level](viewer)

    @staticmethod
    def _without_round(viewer: Viewer) -> str:
        found = rounds.all_rounds()
        return render_template(
            "thabian/home/between.html",
            last=_first(shown_rounds(found[:1])),
            asked=asked_now(),
            requests_unfinished=requests.unfinished(),
            others=other_systems(),
            **_running(viewer),
        )


def _of_school(viewer: Viewer) -> str:
    page = school_round(viewer.school_code)
    assert page is not None, "there is a present round"  # noqa: S101 - asked for just before
    figures = page.figures
    return render_template(
        "thabian/home/school.html",
        page=page,
        asked=asked_now(),
        requests_unfinished=requests.unfinished(),
        task=_first(standing.what_next()),
        others=other_systems(),
        levels=levels_of(figures.now, figures.before),
        unmeasured=_found(page.checklist, "weight-height"),
        import_url=url_for("StudentFileView.browse") if viewer.may(Action.IMPORT, "student") else None,
    )


def _of_district(_viewer: Viewer) -> str:
    present = rounds.current_round()
    assert present is not None, "there is a present round"  # noqa: S101 - asked for just before
    page = district_page(present, None)
    return render_template(
        "thabian/home/district.html",
        round=present,
        page=page,
        asked=asked_now(),
        requests_unfinished=requests.unfinished(),
        tasks=standing.what_next(),
        others=other_systems(),
        urgent=most_urgent(page.rows),
        actors=who_must_act(page.rows),
    )


def _of_centre(viewer: Viewer) -> str:
    present = rounds.current_round()
    assert present is not None, "there is a present round"  # noqa: S101 - asked for just before
    country = watching.country(present)
    return render_template(
        "thabian/home/centre.html",
        shown=shown_rounds([present])[0],
        total=country.total,
        slowest=slowest_first(country)[:SLOWEST_SHOWN],
        areas=len(country.areas),
        tasks=standing.what_next(),
        requests_unfinished=requests.unfinished(),
        others=other_systems(),
        **_running(viewer),
    )


_PAGES = {Depth.SCHOOL: _of_school, Depth.DISTRICT: _of_district, Depth.CENTRAL: _of_centre}


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────


def levels_of(now: Headcounts, before: Headcounts | None) -> list[LevelCount]:
    """Students by level of education, those levels that a school teaches or taught."""
    both = [*now.grades, *(before.grades if before else ())]
    return [
        LevelCount(
            level,
            sum(row.total for row in now.grades if row.grade.level is level),
            sum(row.rooms for row in now.grades if row.grade.level is level),
            sum(row.total for row in before.grades if row.grade.level is level) if before else None,
        )
        for level in Level
        if any(row.grade.level is level for row in both)
    ]


def most_urgent(rows: Iterable[Row]) -> list[Row]:
    """Schools that are not finished, those whose time ends first in front; returned ones before others."""
    unfinished = [row for row in rows if row.school.deadline is not None]
    order = {"returned": 0, "open": 1, "confirmed": 2, "certified": 3}
    return sorted(unfinished, key=lambda row: (row.school.deadline, order[row.look], row.school.code))[
        :URGENT_SHOWN
    ]


def who_must_act(rows: Iterable[Row]) -> list[tuple[str, int, str]]:
    """Who has to act in how many schools, with the look to filter by: each number is what its link shows."""
    counts = Counter((row.look, row.school.state) for row in rows)
    order = ("returned", "open", "confirmed", "certified")
    waiting = [(look, state) for wanted in order for look, state in counts if look == wanted]
    return [(str(watching.actor_of(state)), counts[look, state], look) for look, state in waiting]


def _found(checklist: Any, rule: str) -> int:
    return next((item.count for item in checklist.items if item.id == rule), 0) if checklist else 0


def _running(viewer: Viewer) -> dict[str, Any]:
    """For who manages accounts: how many there are, how many were never used, and may roles be seen."""
    if not viewer.may(Action.MANAGE, "account"):
        return {"accounts": None}
    query = sa.select(sa.func.count(), sa.func.count(Account.last_login)).select_from(Account)
    total, used = db.session.execute(query.where(Account.active.is_(True))).one()
    return {"accounts": (total, total - used, viewer.may(Action.READ, "role"))}


def _first(found: list[Any]) -> Any:
    return found[0] if found else None
