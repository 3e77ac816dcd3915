"""Documents of a round for schools and districts: rosters of classes and letters, looked at in the browser first."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from ..codes import RoundSystem
from ..declaration import db
from ..errors import NotYours
from ..language import said
from ..models import CollectionRound
from ..workflows import certificate_files, class_rosters, letters, rounds
from .rounds import in_address, system_asked_for
from .submissions import paper_response
from .verbs import refusal_when


class PaperView(BaseView):
    """Papers made anew from what is kept, for who may read the school's round."""

    route_base = "/paper"
    class_permission_name = "submission"

    @expose("/roster/<school_code>")
    @has_access
    @permission_name("read")
    def rosters(self, school_code: str) -> Any:
        """The classes of a school, each to be printed alone, and all of them together."""
        one = _round()
        papers: list[class_rosters.Paper] = []
        refusal = refusal_when(lambda: papers.append(class_rosters.paper_of(school_code, one)))
        if isinstance(refusal, NotYours):
            raise refusal
        page = self.render_template(
            "thabian/papers/rosters.html",
            school_code=school_code,
            round=one,
            paper=papers[0] if papers else None,
            refusal=refusal,
            back=url_for("SubmissionView.show", school_code=school_code, round=one.id),
        )
        return page, refusal.status if refusal is not None else 200

    @expose("/roster/<school_code>.pdf")
    @has_access
    @permission_name("read")
    def roster(self, school_code: str) -> Response:
        """The roster of ``?grade=`` (code) and ``?room=``, or of the whole school."""
        grade, room = request.args.get("grade", "")[:2] or None, request.args.get("room", type=int)
        paper = class_rosters.paper_of(school_code, _round(), grade, room)
        data = class_rosters.pdf_of(paper)
        db.session.commit()  # the trace of the reading
        return paper_response(data, "application/pdf", paper.file_name)

    @expose("/letter/<any(covering, returning):kind>/<school_code>.pdf")
    @has_access
    @permission_name("read")
    def letter(self, kind: str, school_code: str) -> Response:
        """หนังสือนำส่ง of the school with its certificate, or หนังสือส่งกลับแก้ไข of the area with its reason."""
        write = letters.covering if kind == "covering" else letters.returning
        data = letters.pdf_of(write(school_code, _round(system_asked_for())))
        return paper_response(data, "application/pdf", f"{kind}-{school_code}.pdf")

    @expose("/acknowledgement", methods=["POST"])
    @has_access
    @permission_name("acknowledge")
    def acknowledge(self) -> Any:
        """Issue the area's list of the schools that it has acknowledged, or find the one that says the same."""
        one, area = _round(system_asked_for()), _area()
        names: list[str] = []
        refusal = refusal_when(lambda: names.append(letters.acknowledgement(one, area)))
        if refusal is not None:
            flash(said(str(refusal)), "error")
            return redirect(url_for("WatchView.browse", system=in_address(one.system), area=area))
        return redirect(url_for("PaperView.acknowledgement", round=one.id, area=area, name=names[0]))

    @expose("/acknowledgement/<name>.pdf")
    @has_access
    @permission_name("read")
    def acknowledgement(self, name: str) -> Response:
        """A list that was issued, the same file whenever it is asked for."""
        data = letters.acknowledgement_pdf(_round(system_asked_for()), _area(), name)
        return paper_response(data, "application/pdf", f"acknowledgement-{name}.pdf")

    @expose("/certificates", methods=["POST"])
    @has_access
    @permission_name("read")
    def certificates(self) -> Any:
        """Order all certificates of an area as one file; it waits among the jobs of who ordered it."""
        one = _round(system_asked_for())
        refusal = refusal_when(lambda: certificate_files.order(one, _area()))
        if refusal is not None:
            flash(said(str(refusal)), "error")
            return redirect(url_for("WatchView.browse", system=in_address(one.system), area=_area()))
        return redirect(url_for("JobView.browse"))


def _area() -> str | None:
    return request.args.get("area", "").strip()[:8] or None


def _round(system: RoundSystem = RoundSystem.DMC) -> CollectionRound:
    """The round asked for, else the present one, else the latest; NotYours (404) when there is none."""
    asked = request.args.get("round", type=int)
    found = db.session.get(CollectionRound, asked) if asked and asked < 2**31 else None
    found = found or rounds.current_round(system) or next(iter(rounds.all_rounds(system)), None)
    if found is None:
        raise NotYours
    return found
