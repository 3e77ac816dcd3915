"""Watching a round: a district's schools, the country by district, and the list of who is behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Response, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.submissions import AcknowledgeForm

from .. import access
from ..access import Level
from ..codes import ROUND_STEPS, RoundSystem, SubmissionState, WindowAction
from ..dataset import export, lock
from ..declaration import db
from ..doors import problems_of
from ..errors import OrderMissing, RuleViolation
from ..language import gettext as _
from ..models import Area, CollectionRound, School, Submission
from ..workflows import letters, rounds, submissions, watching
from ..workflows.submissions import ACKNOWLEDGE, Outcome
from ..workflows.timetable import Timetable, timetable_of
from ..workflows.watching import AreaCounts, CountryWatch, DistrictWatch, WatchedSchool
from .rounds import in_address, system_asked_for
from .verbs import refusal_when

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Row:
    """A school of the district's table: when it was signed, and what the viewer may do with it now."""

    school: WatchedSchool
    submission: Submission | None
    may_acknowledge: bool
    may_return: bool

    @property
    def look(self) -> str:
        """State for the filter and the badge: ``returned`` beside the four states of the round."""
        if self.school.state is SubmissionState.OPEN and self.school.returned_at is not None:
            return "returned"
        return (
            "acknowledged" if self.school.state is SubmissionState.ACKNOWLEDGED else self.school.state.value
        )


@dataclass(frozen=True)
class DistrictPage:
    """A district's table, narrowed by state and words; ``counts`` are of the whole district."""

    watch: DistrictWatch
    rows: list[Row]
    counts: Counter[str]
    refusal: RuleViolation | None

    @property
    def any_to_acknowledge(self) -> bool:
        """True when some row can be ticked."""
        return any(row.may_acknowledge for row in self.rows)


class WatchView(BaseView):
    """Who is how far."""

    route_base = "/watch"
    class_permission_name = "submission"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """The country by district for the centre, the schools for a district, its own page for a school."""
        viewer, one = access.viewer(), _round()
        if viewer.level is Level.SCHOOL:
            return redirect(url_for("SubmissionView.mine", system=in_address(system_asked_for())))
        if one is None:
            return self.render_template(
                "thabian/watching/none.html", system=system_asked_for(), systems=RoundSystem
            )
        if viewer.level is Level.CENTRAL and not request.args.get("area"):
            return self._country(one)
        return self._district(one, request.args.get("area"))

    def _country(self, one: CollectionRound) -> str:
        country, timetable = watching.country(one), timetable_of(one)
        words = request.args.get("q", "").strip()[:60]
        return self.render_template(
            "thabian/watching/country.html",
            round=one,
            systems=RoundSystem,
            total=country.total,
            areas=slowest_first(country, words),
            search=words,
            deadlines={action: timetable.closes_at(action, access.CENTRE) for action in ROUND_STEPS},
        )

    def _district(self, one: CollectionRound, area: str | None) -> str:
        state, words = request.args.get("state", ""), request.args.get("q", "").strip()[:60]
        return self.render_template(
            "thabian/watching/district.html",
            round=one,
            systems=RoundSystem,
            page=district_page(one, area, state, words),
            issued=letters.acknowledgements(one, area),
            acting=AcknowledgeForm(),
            area=area,
            state=state,
            search=words,
        )

    @expose("/acknowledge", methods=["POST"])
    @has_access
    @permission_name("acknowledge")
    def acknowledge(self) -> Any:
        """R14: take note of all ticked schools; each gets its own answer."""
        codes = request.form.getlist("id")[:MOST_AT_ONCE]
        outcomes: list[Outcome] = []
        system, form = system_asked_for(), AcknowledgeForm(request.form)
        refusal = None

        def verb() -> None:
            outcomes.extend(submissions.acknowledge(codes, system, form.authority))

        if codes and form.validate():
            refusal = refusal_when(verb)
        if isinstance(refusal, OrderMissing):
            form.show(problems_of(refusal))
        page = self.render_template(
            "thabian/watching/acknowledged.html",
            done=[outcome for outcome in outcomes if outcome.is_done],
            refused=[outcome for outcome in outcomes if not outcome.is_done],
            refusal=refusal,
            system=system,
            form=form,
            codes=codes,
        )
        return page, refusal.status if refusal is not None else 422 if form.errors else 200

    @expose("/reading-list.<any(xlsx, csv):kind>")
    @has_access
    @permission_name("read")
    def reading_list(self, kind: str) -> Any:
        """Schools that have not confirmed or not certified, as a file for the letters that remind them."""
        one = _round()
        if one is None:
            return redirect(url_for("WatchView.browse"))
        heads = [
            _("เขตพื้นที่"),
            _("รหัสโรงเรียน"),
            _("โรงเรียน"),
            _("สถานะ"),
            _("ใครต้องทำ"),
            _("ผู้อำนวยการ"),
            _("โทรศัพท์"),
        ]
        rows = _behind(one, request.args.get("area"))
        body: Any = export.write_xlsx(heads, rows) if kind == "xlsx" else export.write_csv(heads, list(rows))
        name = f"reading-list-{one.system.value}-{one.academic_year}-{one.number}-{lock.now():%Y%m%d-%H%M}.{kind}"
        media = export.XLSX_MIME if kind == "xlsx" else export.CSV_MIME
        return Response(
            body, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


def _round() -> CollectionRound | None:
    """The round asked for, else the present one, else the latest."""
    asked = request.args.get("round", type=int)
    found = db.session.get(CollectionRound, asked) if asked else None
    system = system_asked_for()
    return found or rounds.current_round(system) or next(iter(rounds.all_rounds(system)), None)


# ── A district ───────────────────────────────────────────────────────────────────────────────────────────


def district_page(one: CollectionRound, area: str | None, state: str = "", words: str = "") -> DistrictPage:
    """A district's table in a fixed number of statements."""
    watch = watching.district(one, area)
    timetable = timetable_of(one)
    rows = list(_rows(watch, one, timetable))
    counts = Counter(row.look for row in rows)
    refusal = timetable.refusal(WindowAction.ACKNOWLEDGE, f"{access.CENTRE}/{watch.area_code}")
    return DistrictPage(watch, [row for row in rows if _fits(row, state, words)], counts, refusal)


def _rows(watch: DistrictWatch, one: CollectionRound, timetable: Timetable) -> Iterator[Row]:
    query = (
        sa.select(Submission, School)
        .join(School, School.code == Submission.school_code)
        .where(Submission.round_id == one.id, School.area_code == watch.area_code)
    )
    held = {school.code: (submission, school) for submission, school in db.session.execute(query)}
    present = rounds.current_round(one.system)
    is_present = present is not None and present.id == one.id
    for school in watch.schools:
        submission, row = held.get(school.code, (None, None))
        if submission is None or row is None or not is_present:
            yield Row(school, submission, False, False)
            continue
        may_acknowledge = submissions.refusal_of(ACKNOWLEDGE, submission, row, timetable) is None
        yield Row(school, submission, may_acknowledge, submissions.refusal_of_return(submission, row) is None)


def _fits(row: Row, state: str, words: str) -> bool:
    named = f"{row.school.code} {row.school.name}".lower()
    return (not state or row.look == state) and all(word in named for word in words.lower().split())


# ── The country ──────────────────────────────────────────────────────────────────────────────────────────


def slowest_first(country: CountryWatch, words: str = "") -> list[AreaCounts]:
    """Districts by the share of schools that are certified, the smallest first; narrowed by words."""
    wanted = words.lower().split()
    areas = [a for a in country.areas if all(word in f"{a.code} {a.name}".lower() for word in wanted)]
    return sorted(areas, key=lambda area: (certified_share(area), -area.schools, area.code))


def certified_share(area: AreaCounts) -> float:
    """The share of an area's schools whose director has certified, 0 to 1."""
    certified = area.counts[SubmissionState.CERTIFIED] + area.counts[SubmissionState.ACKNOWLEDGED]
    return certified / area.schools if area.schools else 1.0


# ── The reading list ─────────────────────────────────────────────────────────────────────────────────────


def _behind(one: CollectionRound, area: str | None) -> Iterator[list[Any]]:
    viewer = access.viewer()
    lo, hi = access.scope_bounds(viewer.scope)
    in_round = sa.and_(Submission.school_code == School.code, Submission.round_id == one.id)
    query = (
        sa.select(
            Area.short_name, School.code, School.name, Submission.state, School.director_name, School.phone
        )
        .join(Area, Area.code == School.area_code)
        .outerjoin(Submission, in_round)
        .where(School.scope >= lo, School.scope < hi)
        .where(sa.or_(Submission.state.is_(None), Submission.state.in_(_NOT_CERTIFIED)))
        .order_by(School.area_code, School.code)
    )
    if area:
        query = query.where(School.area_code == area)
    found: Iterable[Any] = db.session.execute(query)
    for area_name, code, name, state, director, phone in found:
        reached = SubmissionState.OPEN if state is None else state
        actor = str(watching.actor_of(reached))
        yield [area_name, code, name, str(reached.th), actor, director or "", phone or ""]


_NOT_CERTIFIED = (SubmissionState.OPEN, SubmissionState.CONFIRMED)
