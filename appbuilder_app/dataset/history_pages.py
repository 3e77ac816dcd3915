"""The page of a record's history: the whole timeline, two versions side by side, and the way back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import flash, redirect, request
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..access import Action
from ..declaration import Base, db
from ..errors import NotPermitted, NotYours, ReasonMissing, RuleViolation
from ..language import gettext as _
from ..language import said
from ..thaidate import thai_datetime
from . import history, refusals, versions
from .screen_parts import ScreensOfDataset, differences, title_of

PAGE_SIZE = 40
LONGEST_REASON = 500


class HistoryPages(ScreensOfDataset):
    """A record's history."""

    @expose("/<key>/history", methods=["GET"])
    @has_access
    @permission_name("read")
    def timeline(self, key: str) -> Any:
        """All changes of a record; ``earlier`` and ``later`` name two versions to be compared."""
        access.viewer().require(Action.READ, "change")
        return self._history_page(self._row(key))

    @expose("/<key>/history", methods=["POST"])
    @has_access
    @permission_name("write")
    def revert(self, key: str) -> Any:
        """Give the record the values of an earlier version, with a reason. What was typed stays on a refusal."""
        access.viewer().require(Action.READ, "change")
        row = self._own_row(key)
        try:
            changed = self._revert(row)
        except (NotPermitted, NotYours):
            raise
        except RuleViolation as refusal:
            db.session.rollback()
            return self._history_page(self._own_row(key), refusal), refusal.status
        flash(_("ย้อนกลับแล้ว: %(fields)s", fields=" · ".join(changed)), "success")
        return redirect(f"{self.route_base}/{key}")

    def _revert(self, row: Base) -> list[str]:
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        if not reason:
            raise ReasonMissing
        with access.because(reason), refusals.as_refusals():
            chosen = _number(request.form.get("change")) or 0
            changed = versions.revert(row, chosen, request.form.get("version", ""))
            db.session.commit()
        return changed

    def _history_page(self, row: Base, refusal: RuleViolation | None = None) -> str:
        asked = request.values
        earlier, later = _number(asked.get("earlier", asked.get("change"))), _number(asked.get("later"))
        found = versions.timeline(row, _number(asked.get("before")), PAGE_SIZE + 1)
        notice = self.lock_notice(row)
        base = f"{self.route_base}/{self._key_of(row)}"
        return self.render_template(
            "thabian/dataset/history.html",
            d=self._declared(),
            record=row,
            record_title=title_of(row),
            record_url=base,
            page_url=f"{base}/history",
            entries=[in_words(row, change) for change in found[:PAGE_SIZE]],
            older_url=f"{base}/history?{urlencode({'before': found[PAGE_SIZE - 1].id})}"
            if len(found) > PAGE_SIZE
            else None,
            earlier=earlier,
            later=later,
            compared=self._compared(row, earlier, later),
            may_revert=self._may_write() and self._owns(row) and notice is None,
            version=getattr(row, "version", ""),
            reason=request.form.get("reason", ""),
            refusal=said(str(refusal)) if refusal else None,
            lock=notice,
        )

    @staticmethod
    def _compared(row: Base, earlier: int | None, later: int | None) -> list[versions.Difference] | None:
        """What differs between two versions; ``later`` is the present when it is not named. None: not asked."""
        if earlier is None:
            return None
        if later is not None and later < earlier:
            earlier, later = later, earlier
        present = versions.now(row) if later is None else versions.after(row, later)
        return versions.compared(row, versions.after(row, earlier), present)


def in_words(row: Base, change: Any) -> tuple[Any, ...]:
    """An entry of a timeline: when, who, through which door, what, the differences, why, and its number."""
    key = str(sa.inspect(type(row)).primary_key_from_instance(row)[0])
    return (
        thai_datetime(change.at),
        change.actor,
        history.through(change.path),
        history.done(change.action),
        differences(type(row), change.before or {}, change.after or {}, key),
        change.reason,
        change.id,
    )


def _number(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) <= 18 else None
