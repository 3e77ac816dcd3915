"""What a school's confirming froze: its snapshots as files, one record proved alone, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_appbuilder.api import BaseApi
from flask_appbuilder.api import expose as expose_api
from flask_appbuilder.api import permission_name as permission_name_api

from ..codes import RoundSystem
from ..dataset import openapi
from ..dataset.api import entitled
from ..declaration import db
from ..errors import NotPermitted, NotYours, RuleViolation
from ..models import Certificate, CollectionRound, Roster, School
from ..workflows import rosters, since, snapshots, statistics
from .rounds import in_address

SHOWN = 200
"""Records of the differences on one page."""


class SnapshotView(BaseView):
    """Frozen snapshots of a school's round."""

    route_base = "/snapshot"
    class_permission_name = "submission"

    @expose("/<int:roster_id>")
    @has_access
    @permission_name("read")
    def show(self, roster_id: int) -> Any:
        """One snapshot: what it is of, its hash, its files, and a search for the record to be proved."""
        roster = snapshots.snapshot(roster_id)
        words = request.args.get("q", "").replace("\x00", "").strip()[:60]
        refusal = _refusal_of_records(roster)
        one = db.session.get_one(CollectionRound, roster.round_id)
        return self.render_template(
            "thabian/snapshots/show.html",
            **_about(roster),
            others=[
                other
                for other in snapshots.snapshots_of(roster.school_code, one)
                if other.roster.id != roster.id
            ],
            refusal=refusal,
            search=words,
            found=snapshots.search(roster, words) if words and refusal is None else [],
        )

    @expose("/<int:roster_id>/changes")
    @has_access
    @permission_name("read")
    def changes(self, roster_id: int) -> Any:
        """Field by field, how the school's rows of now differ from the snapshot, as far as the viewer may see."""
        roster = snapshots.snapshot(roster_id)
        changes = since.changes(roster)
        start = max(request.args.get("from", 0, type=int), 0)
        return self.render_template(
            "thabian/snapshots/changes.html",
            **_about(roster),
            changes=changes,
            shown=changes.all[start : start + SHOWN],
            start=start,
            more=len(changes.all) - start - SHOWN,
            size=SHOWN,
        )

    @expose("/<int:roster_id>/file")
    @has_access
    @permission_name("read")
    def file(self, roster_id: int) -> Response:
        """The whole snapshot, to be kept and verified offline."""
        roster = snapshots.snapshot(roster_id)
        return _kept(lambda: snapshots.file_of(roster), snapshots.file_name(roster), "application/x-ndjson")

    @expose("/<int:roster_id>/proof")
    @has_access
    @permission_name("read")
    def proof(self, roster_id: int) -> Response:
        """The proof of one record, ``?record=student:12`` or a national ID; without a record, of the counts."""
        return _proof(snapshots.snapshot(roster_id))


class SnapshotApi(BaseApi):
    """The same files for programs: ``/api/v1/snapshot/<school>/<system>/<year>/<round>``."""

    resource_name = "snapshot"
    route_base = f"{openapi.BASE}/snapshot"
    class_permission_name = "submission"
    csrf_exempt = False

    @expose_api("/<school_code>/<system>/<int:academic_year>/<int:number>", methods=["GET"])
    @entitled
    @permission_name_api("read")
    def whole(self, school_code: str, system: str, academic_year: int, number: int) -> Response:
        """The snapshot that stands, whole."""
        roster = _standing(school_code, system, academic_year, number)
        return _kept(lambda: snapshots.file_of(roster), snapshots.file_name(roster), "application/x-ndjson")

    @expose_api("/<school_code>/<system>/<int:academic_year>/<int:number>/proof", methods=["GET"])
    @entitled
    @permission_name_api("read")
    def proof(self, school_code: str, system: str, academic_year: int, number: int) -> Response:
        """The proof of one record (``?record=``), or of the counts."""
        roster = _standing(school_code, system, academic_year, number)
        return _proof(roster)


def _standing(school_code: str, system: str, academic_year: int, number: int) -> Roster:
    known = next((one for one in RoundSystem if one.value == system), None)
    if known is None:
        raise NotYours
    return snapshots.standing(school_code, statistics.round_named(known, academic_year, number))


def _proof(roster: Roster) -> Response:
    subject = request.args.get("record", "").strip()[:80]
    name = snapshots.file_name(roster).removesuffix(".jsonl")
    if not subject:
        return _kept(lambda: snapshots.proof_of_counts(roster), f"{name}-counts-proof.json")
    return _kept(lambda: snapshots.proof_of(roster, subject), f"{name}-record-proof.json")


def _about(roster: Roster) -> dict[str, Any]:
    found = db.session.get_one(CollectionRound, roster.round_id)
    certificate = db.session.scalars(
        db.select(Certificate).filter_by(roster_id=roster.id).order_by(Certificate.id.desc()).limit(1)
    ).one_or_none()
    school = db.session.get_one(School, roster.school_code)
    page = url_for(
        "SubmissionView.show", school_code=school.code, round=found.id, system=in_address(found.system)
    )
    return {
        "roster": roster,
        "school": school,
        "round": found,
        "certificate": certificate,
        "back": page,
        "student": rosters.STUDENT,
    }


def _refusal_of_records(roster: Roster) -> RuleViolation | None:
    """Why the viewer cannot have whole records, or None: a page never offers what its door refuses."""
    try:
        snapshots.require_records(roster)
    except NotPermitted as refusal:
        return refusal
    return None


def _kept(make: Callable[[], bytes], name: str, media_type: str = "application/json") -> Response:
    data = make()
    db.session.commit()  # the trace of the reading
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=media_type, headers=headers)
