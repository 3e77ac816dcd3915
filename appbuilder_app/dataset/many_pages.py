"""The pages of changing or deleting many rows of a dataset at once: choose, look, agree."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request
from flask_appbuilder import expose, has_access, permission_name
from werkzeug.datastructures import MultiDict

from .. import access, kinds
from ..access import Action
from ..declaration import Field, db
from ..errors import NotPermitted, Problem, RuleViolation
from ..language import gettext as _
from ..language import said
from . import forms, many
from .forms import label_of
from .listing import Listing, titles
from .query import Query
from .screen_parts import ScreensOfDataset, title_of
from .sight import fields_seen

LISTED_ROWS = 12
# With a dot, no name of ours can be the name of a field.
IDS, ALL, ASKED, DO, FIELD, CLEAR, REASON, MARK = (
    f"many.{name}" for name in ("id", "all", "asked", "do", "field", "clear", "reason", "mark")
)


class ManyPages(ScreensOfDataset):
    """Change one field of many rows, or delete them, as one transaction."""

    @expose("/many", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def together(self) -> Any:
        """Rows ticked in the list come in by POST; nothing is written before the person has seen and agreed."""
        if request.method == "GET":
            return redirect(f"{self.route_base}/")
        if not self._may_write():
            raise NotPermitted(what=Action.WRITE.th)
        try:
            chosen = self._chosen()
        except (many.NothingChosen, many.TooManyAtOnce) as refusal:
            flash(said(str(refusal)), "danger")
            return redirect(self._list_asked())
        deleting = request.form.get(DO, "").startswith("delete")
        return self._delete_many(chosen) if deleting else self._change_many(chosen)

    # ── Parts ────────────────────────────────────────────────────────────────────────────────────────────

    def _chosen(self) -> many.Chosen:
        listing = Listing(self.model, access.viewer())
        query = Query.of(self.model, _asked()) if request.form.get(ALL) else None
        ids = [key for key in request.form.getlist(IDS) if key]
        return many.choose(db.session, listing, ids, query)

    def _change_many(self, chosen: many.Chosen) -> Any:
        offered = many.fields_changed_together(self.model, fields_seen(self.model))
        field = offered.get(request.form.get(FIELD, ""))
        if field is None:
            return self._many_page(chosen, offered=offered)
        clearing = bool(request.form.get(CLEAR)) and field.nullable
        typed = request.form if field.name in request.form else None
        others = [name for name in forms.fields_of(self.model) if name != field.name]
        form = forms.form_of(self.model, adding=False, data=typed, leave_out=others,
                             reference_texts=self._typed_reference(field))  # fmt: skip
        if not request.form.get(DO, "").endswith(("look", "save")):
            return self._many_page(chosen, field=field, form=form)
        value = None if clearing else form.read().get(field.name)
        problems = [] if clearing else [*form.problems]
        if value is None and not clearing and not problems:
            problems.append(Problem(field.name, "กรุณาใส่ค่าที่ต้องการ"))
        if problems:
            form.show(problems[:1] if not form.problems else [])
            return self._many_page(chosen, field=field, form=form, status=422)
        return self._agree(
            chosen,
            lambda: many.change(db.session, chosen, field.name, value, _reason()),
            field=field,
            form=form,
        )

    def _delete_many(self, chosen: many.Chosen) -> Any:
        if not request.form.get(DO, "").endswith(("look", "save")):
            return self._many_page(chosen)
        return self._agree(chosen, lambda: many.delete(db.session, chosen, _reason()))

    def _agree(self, chosen: many.Chosen, work: Any, **page: Any) -> Any:
        """Try it; keep it when the person has seen this very set of rows and agreed, else undo and show."""
        # Taken before the rows change under it.
        mark, saving = chosen.mark, request.form.get(DO, "").endswith("save")
        try:
            if not _reason():
                raise _ReasonMissing
            if saving and request.form.get(MARK, "") != mark:
                raise many.ChangedMeanwhile
            count = work()
        except RuleViolation as refusal:
            db.session.rollback()
            return self._many_page(self._chosen(), refusal=refusal, status=refusal.status, **page)
        if not saving:
            db.session.rollback()
            return self._many_page(self._chosen(), mark=mark, count=count, **page)
        db.session.commit()
        deleted = request.form.get(DO, "").startswith("delete")
        told = (
            _("ลบแล้ว %(n)s รายการ", n=f"{count:,}") if deleted else _("แก้ไขแล้ว %(n)s รายการ", n=f"{count:,}")
        )
        flash(told, "success")
        return redirect(self._list_asked())

    def _many_page(self, chosen: many.Chosen, status: int = 200, **page: Any) -> Any:
        field, refusal = page.get("field"), page.pop("refusal", None)
        answer = self.render_template(
            "thabian/dataset/many.html",
            d=self._declared(),
            deleting=request.form.get(DO, "").startswith("delete"),
            number=len(chosen.rows),
            rows=[title_of(row) for row in chosen.rows[:LISTED_ROWS]],
            ids=request.form.getlist(IDS),
            everything=request.form.get(ALL, ""),
            asked=request.form.get(ASKED, ""),
            reason=request.form.get(REASON, ""),
            clearing=request.form.get(CLEAR, ""),
            present=self._present(chosen, field) if field is not None else [],
            refusal=str(refusal or ""),
            refused_rows=getattr(refusal, "rows", []),
            submit_url=f"{self.route_base}/many",
            back_url=self._list_asked(),
            lock=self.lock_notice(),
            **{"offered": {}, "field": None, "form": None, "mark": "", "count": 0} | page,
            label_of=label_of,
        )
        return answer, status

    def _present(self, chosen: many.Chosen, field: Field) -> list[tuple[str, int]]:
        found = chosen.present(field)[:LISTED_ROWS]
        if isinstance(field.kind, kinds.Reference):
            texts = titles(db.session, field.kind.target, {value for value, _n in found if value})
            return [(texts.get(value, value), number) for value, number in found]
        return [(said(value), number) for value, number in found]

    def _typed_reference(self, field: Field) -> dict[str, str]:
        typed = request.form.get(field.name, "")
        if not isinstance(field.kind, kinds.Reference) or not typed:
            return {}
        return {field.name: titles(db.session, field.kind.target, {typed}).get(typed, "")}

    def _list_asked(self) -> str:
        """The list as it was when the rows were ticked."""
        asked = urlencode([pair for pair in _asked().items(multi=True) if pair[0] not in ("after", "before")])
        return f"{self.route_base}/?{asked}" if asked else f"{self.route_base}/"


class _ReasonMissing(RuleViolation):
    """What is done to many rows at once says why in their history."""

    message = "กรุณาใส่เหตุผล จะบันทึกไว้ในประวัติของทุกรายการ"


def _reason() -> str:
    return " ".join(request.form.get(REASON, "").split())[:500]


def _asked() -> MultiDict[str, str]:
    return MultiDict(parse_qsl(request.form.get(ASKED, "")[:4000]))
