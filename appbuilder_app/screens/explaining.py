"""A query of a school's checklist: what it points at, what the school says to it, and saying it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.submissions import ExplainForm

from .. import access
from ..access import Action
from ..codes import Check, SubmissionState
from ..errors import NotYours, RuleViolation
from ..language import gettext as _
from ..models import Submission
from ..workflows import checklist, explanations, rounds, submissions
from .rounds import in_address, system_asked_for
from .verbs import refusal_when

SHOWN = 500


class ExplainView(BaseView):
    """The page of one rule in a school's present round."""

    route_base = "/submission"
    class_permission_name = explanations.SUBJECT

    @expose("/<school_code>/checks/<check>")
    @has_access
    @permission_name("read")
    def show(self, school_code: str, check: str) -> Any:
        """All findings, those without words first, each with what was said in an earlier round."""
        return self._page(school_code, _check(check), ExplainForm())

    @expose("/<school_code>/checks/<check>", methods=["POST"])
    @has_access
    @permission_name("write")
    def explain(self, school_code: str, check: str) -> Any:
        """One text for the chosen findings, or for all that have none."""
        asked, form = _check(check), ExplainForm(request.form)
        if not form.validate():
            return self._page(school_code, asked, form, status=422)
        chosen = None if form.everything.data else request.form.getlist("subject")
        done = 0

        def explain() -> None:
            nonlocal done
            done = explanations.explain(school_code, asked, form.text.data or "", chosen, system_asked_for())

        return self._answer(school_code, asked, form, refusal_when(explain), lambda: done)

    @expose("/<school_code>/checks/<check>/as-before", methods=["POST"])
    @has_access
    @permission_name("write")
    def as_before(self, school_code: str, check: str) -> Any:
        """What was said of the same in an earlier round is said again."""
        asked, done = _check(check), 0

        def again() -> None:
            nonlocal done
            done = explanations.explain_as_before(school_code, asked, system_asked_for())

        return self._answer(school_code, asked, ExplainForm(), refusal_when(again), lambda: done)

    def _answer(
        self, school_code: str, check: Check, form: ExplainForm, refusal: RuleViolation | None, done: Any
    ) -> Any:
        if refusal is not None:
            return self._page(school_code, check, form, refusal, refusal.status)
        flash(_("บันทึกคำชี้แจง %(n)s รายการแล้ว", n=done()), "success")
        named = in_address(system_asked_for())
        return redirect(
            url_for("SubmissionView.show", school_code=school_code, system=named, _anchor="checklist")
        )

    def _page(
        self,
        school_code: str,
        check: Check,
        form: ExplainForm,
        refusal: RuleViolation | None = None,
        status: int = 200,
    ) -> Any:
        school = checklist.school_looked_after(school_code)
        one = rounds.current_round(system_asked_for())
        if one is None:
            raise NotYours
        submission: Submission = submissions.submission_of(school_code, one)
        _rule, found = checklist.findings(school, one, check)
        shown = self.render_template(
            "thabian/submissions/explain.html",
            school=school,
            round=one,
            item=checklist.item_of(school, one, check),
            findings=found[:SHOWN],
            more=max(0, len(found) - SHOWN),
            offered=sum(finding.offered is not None and finding.explained is None for finding in found),
            form=form,
            chosen=set(request.form.getlist("subject")),
            refusal=refusal,
            open=submission.state is SubmissionState.OPEN,
            may_explain=access.viewer().may(Action.WRITE, explanations.SUBJECT),
            may_edit=access.viewer().may(Action.WRITE, "student"),
            system=in_address(one.system),
        )
        return shown, status


def _check(text: str) -> Check:
    found = next((check for check in Check if check.value == text), None)
    if found is None:
        raise NotYours
    return found
