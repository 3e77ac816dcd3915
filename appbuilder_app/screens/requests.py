"""Requests on the screen: the inbox, and one request with its steps and what the viewer can do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.movements import EvidenceForm, StepForm

from ..codes import RequestKind, RequestState, RequestStepKind
from ..dataset import attachments, lock
from ..dataset.file_door import chosen_file, file_response
from ..errors import RuleViolation
from ..language import gettext as _
from ..models import RequestParty
from ..workflows import request_kinds, requests
from ..workflows.requests import Evidence
from .verbs import refusal_when

__all__ = ["request_kinds"]  # what approvals do must be known wherever requests are shown

_LOOKS: Final = {
    RequestState.OPEN: "waiting",
    RequestState.OBJECTED: "warn",
    RequestState.RETURNED: "returned",
    RequestState.APPROVED: "ok",
    RequestState.REFUSED: "bad",
    RequestState.WITHDRAWN: "mute",
}
_VERBS: Final[dict[RequestStepKind, Callable[[int, str], None]]] = {
    RequestStepKind.COMMENTED: requests.comment,
    RequestStepKind.APPROVED: requests.approve,
    RequestStepKind.REFUSED: requests.refuse,
    RequestStepKind.RETURNED: requests.send_back,
    RequestStepKind.RESENT: requests.resend,
    RequestStepKind.OBJECTED: requests.object_to,
    RequestStepKind.WITHDRAWN: requests.withdraw,
}
"""What each button does; attaching has a form of its own."""


@dataclass(frozen=True)
class Line:
    """A request as a line of the inbox; ``days`` since it was handed in."""

    party: RequestParty
    look: str
    days: int


_PAGES: Final = {RequestKind.DUPLICATE: "DuplicateView.show"}


class RequestView(BaseView):
    """The inbox and the page of a request."""

    route_base = "/requests"
    class_permission_name = "request"
    default_view = "browse"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """What waits for the viewer, what is new to them, what became of theirs, and what waits below."""
        box = requests.inbox()
        return self.render_template(
            "thabian/requests/list.html",
            waiting=_lines(box.waiting),
            news=_lines(box.news),
            mine=_lines(box.mine),
            below=_lines(box.below),
        )

    @expose("/<int:request_id>")
    @has_access
    @permission_name("read")
    def show(self, request_id: int) -> Any:
        """A request as the viewer's side knows it; a kind with a page of its own is shown there."""
        own_page = _PAGES.get(requests.seen(request_id).party.kind)
        return redirect(url_for(own_page, key=request_id)) if own_page else self._page(request_id)

    @expose("/<int:request_id>/noted", methods=["POST"])
    @has_access
    @permission_name("read")
    def noted(self, request_id: int) -> Any:
        """The viewer's side has read the news."""
        return self._do(request_id, lambda: requests.take_note(request_id), _("รับทราบแล้ว"))

    @expose("/<int:request_id>/evidence", methods=["POST"])
    @has_access
    @permission_name("write")
    def attach(self, request_id: int) -> Any:
        """A further document."""
        form = EvidenceForm(request.form)

        def attach() -> None:
            requests.attach(request_id, Evidence(form.name.data or "", *chosen_file()))

        return self._do(request_id, attach, _("แนบหลักฐานแล้ว"))

    @expose("/<int:request_id>/<step>", methods=["POST"])
    @has_access
    @permission_name("write")
    def act(self, request_id: int, step: str) -> Any:
        """One step: a comment, an answer or a decision."""
        verb = next((verb for kind, verb in _VERBS.items() if kind.value == step), None)
        if verb is None:
            abort(404)
        form = StepForm(request.form)
        told = _("บันทึก “%(what)s” แล้ว และแจ้งทุกฝ่ายแล้ว", what=RequestStepKind(step).th)
        return self._do(request_id, lambda: verb(request_id, form.text.data or ""), told, form)

    @expose("/<int:request_id>/files/<int:step_id>")
    @has_access
    @permission_name("read")
    def file(self, request_id: int, step_id: int) -> Response:
        """A document, to the sides that have it."""
        stored = requests.file_of(request_id, step_id)
        return file_response(stored, attachments.content(stored), f"request-{request_id}-{step_id}")

    def _do(self, request_id: int, verb: Callable[[], object], told: str, form: Any = None) -> Any:
        if (refusal := refusal_when(verb)) is not None:
            return self._page(request_id, refusal, form)
        flash(told, "success")
        return redirect(url_for("RequestView.show", request_id=request_id))

    def _page(self, request_id: int, refusal: RuleViolation | None = None, form: Any = None) -> Any:
        seen = requests.seen(request_id)
        page = self.render_template(
            "thabian/requests/show.html",
            seen=seen,
            line=_lines([seen.party])[0],
            can=[step for step in _VERBS if seen.can[step] is None],
            may_attach=seen.can[RequestStepKind.ATTACHED] is None,
            refusal=refusal,
            form=form or StepForm(),
            evidence=EvidenceForm(),
        )
        return page, refusal.status if refusal is not None else 200


def _lines(parties: Sequence[RequestParty]) -> list[Line]:
    now = lock.now()
    return [Line(one, _LOOKS[one.state], (now - one.opened_at).days) for one in parties]
