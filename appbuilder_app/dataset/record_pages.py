"""The pages of one record of a dataset: show, add, edit, delete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import flash, redirect, request
from flask_appbuilder import expose, has_access, permission_name

from .. import access, kinds
from ..access import Action, Privacy, Sight
from ..bilingual import Sentence
from ..declaration import Base, dataset_of, db, fields_of
from ..errors import InvalidRow, NotPermitted, NotYours, Problem, RuleViolation, StaleVersion
from ..language import gettext as _
from ..language import said
from . import forms, refusals, versions
from .file_door import FileDoor, file_fields
from .forms import label_of
from .history_pages import in_words
from .listing import titles
from .screen_parts import Button, LockNotice, find, require_by_hand, title_of
from .sight import fields_seen

HISTORY_SHOWN = 20


class Kept(NamedTuple):
    """A field that only a verb changes, on the form that does not ask it: its value, which verb, and the way there."""

    label: str
    text: str
    why: str
    button: Button | None


class RecordPages(FileDoor):
    """Show, add, edit and delete one row of a dataset."""

    @expose("/<key>")
    @has_access
    @permission_name("read")
    def show(self, key: str) -> str:
        """A record with all its fields and its history."""
        row = self._row(key)
        notice = self.lock_notice(row)
        return self.render_template(
            "thabian/dataset/show.html",
            d=self._declared(),
            record=row,
            record_title=title_of(row),
            groups=self._shown_groups(row),
            slots=self.slots(row),
            may_send=self._may_write() and self._owns(row) and notice is None,
            actions=self._row_actions(row, notice) + self.extra_row_actions(row),
            history=self._history(row) if access.viewer().may(Action.READ, "change") else [],
            history_url=f"{self.route_base}/{self._key_of(row)}/history",
            lock=notice,
        )

    def _shown_groups(self, row: Base) -> list[tuple[str, list[tuple[str, str]]]]:
        fields, texts = fields_seen(self.model), self._reference_texts(row)
        return [
            (
                label,
                [
                    (
                        label_of(fields[n]),
                        texts.get(n) or _with_unit(fields[n], fields[n].kind.show(getattr(row, n))),
                    )
                    for n in names
                ]
                + list(self._computed(row, fields[names[0]].group)),
            )
            for label, names in forms.groups_of(self.model, list(file_fields(self.model)))
        ]

    def _computed(self, row: Base, group: str) -> Iterator[tuple[str, str]]:
        """What is computed of the row and belongs beside the fields of this group."""
        declared = dataset_of(self.model)
        home = declared.groups[0].key if declared.groups else ""
        values = {name: getattr(row, name) for name in fields_of(self.model)}
        for one in declared.computed:
            if (one.group or home) == group and self._sees_all(one.privacy):
                yield said(one.th), _with_unit(one, one.kind.show(one.of(values)))

    def _sees_all(self, privacy: Privacy | None) -> bool:
        """What is computed of private fields would tell them."""
        shown = access.viewer().sight(self.model.__tablename__, privacy) if privacy else Sight.SHOWN
        return shown is Sight.SHOWN

    def _reference_texts(self, row: Base) -> dict[str, str]:
        texts = {}
        for name, declared in fields_seen(self.model).items():
            if isinstance(declared.kind, kinds.Reference) and (value := getattr(row, name)) is not None:
                texts[name] = titles(db.session, declared.kind.target, {value}).get(value, str(value))
        return texts

    def _row_actions(self, row: Base, notice: LockNotice | None) -> list[Button]:
        if notice is not None or not self._may_write() or not self._owns(row):
            return []
        base = f"{self.route_base}/{self._key_of(row)}"
        return [Button(_("แก้ไข"), f"{base}/edit", "pencil", True), Button(_("ลบ"), f"{base}/delete", "trash")]

    def _history(self, row: Base) -> list[Any]:
        return [in_words(row, change) for change in versions.timeline(row, None, HISTORY_SHOWN)]

    def extra_row_actions(self, row: Base) -> list[Button]:
        """Further buttons of a record; views.py hangs them on."""
        return []

    def verb_button(self, row: Base, name: str) -> Button | None:
        """The way to the verb that changes a kept field; views.py hangs it on. None for who may not."""
        return None

    def _kept(self, form: forms.RowForm, row: Base | None) -> dict[str, Kept]:
        """The fields that the form of a stored row does not ask, as they stand."""
        if row is None:
            return {}
        fields, texts = fields_seen(self.model), self._reference_texts(row)
        return {
            name: Kept(
                label_of(fields[name]),
                texts.get(name) or fields[name].kind.show(value),
                said(told) if (told := fields[name].by_verb) is not None else "",
                self.verb_button(row, name),
            )
            for name, value in form.kept.items()
        }

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def add(self) -> Any:
        """Add a record. What was typed stays when something is wrong."""
        require_by_hand(self.model)
        left_out = self._given_by_scope()
        form = forms.form_of(
            self.model,
            adding=True,
            data=request.form if request.method == "POST" else None,
            leave_out=list(left_out),
            reference_texts=self._typed_references(),
        )
        if request.method == "POST":
            row = self.model()
            if self._save(row, form, left_out):
                flash(_("บันทึก “%(what)s” แล้ว", what=title_of(row)), "success")
                again = request.form.get("then") == "add"
                return redirect(
                    f"{self.route_base}/add" if again else f"{self.route_base}/{self._key_of(row)}",
                )
        return self._form_page(form, None, f"{self.route_base}/add", f"{self.route_base}/")

    @expose("/<key>/edit", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def edit(self, key: str) -> Any:
        """Edit a record. A form opened before somebody else saved is refused, with nothing lost."""
        row = self._own_row(key)
        left_out = self._given_by_scope()
        address = f"{self.route_base}/{key}"
        form = forms.form_of(
            self.model,
            adding=False,
            data=request.form if request.method == "POST" else None,
            row=row,
            leave_out=list(left_out),
            reference_texts=self._reference_texts(row),
        )
        if request.method == "POST" and self._save(row, form, {}):
            flash(_("บันทึก “%(what)s” แล้ว", what=title_of(row)), "success")
            return redirect(_way_back() or address)
        back = _way_back()
        submit = f"{address}/edit?{urlencode({'back': back})}" if back else f"{address}/edit"
        return self._form_page(form, row, submit, back or address)

    @expose("/<key>/delete", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def delete(self, key: str) -> Any:
        """Delete a record after asking; its history stays."""
        row = self._own_row(key)
        title = title_of(row)
        if request.method == "POST":
            with access.because(request.form.get("reason", "").strip()[:500] or None):
                db.session.delete(row)
                db.session.commit()
            flash(_("ลบ “%(what)s” แล้ว", what=title), "success")
            return redirect(f"{self.route_base}/")
        return self.render_template(
            "thabian/dataset/delete.html",
            d=self._declared(),
            record=row,
            record_title=title,
            submit_url=f"{self.route_base}/{key}/delete",
            cancel_url=f"{self.route_base}/{key}",
            lock=self.lock_notice(row),
        )

    def _save(self, row: Base, form: forms.RowForm, given: Mapping[str, Any]) -> bool:
        """Write the form's values; False, with the problems on the form, when the row is refused."""
        values = form.read()
        if form.problems:
            return False
        try:
            with refusals.as_refusals():
                self._write(row, {**values, **given})
        except (NotPermitted, NotYours):
            raise
        except RuleViolation as refusal:
            db.session.rollback()
            self._tell(form, refusal, row, values)
            return False
        return True

    def _write(self, row: Base, values: Mapping[str, Any]) -> None:
        state: Any = sa.inspect(row)
        new = state.transient
        with db.session.no_autoflush:
            if not new and request.form.get("version", "") not in ("", str(getattr(row, "version", ""))):
                raise StaleVersion
            for name, value in values.items():
                setattr(row, name, value)
        if new:
            db.session.add(row)
        db.session.commit()

    @staticmethod
    def _tell(form: forms.RowForm, refusal: RuleViolation, row: Base, values: Mapping[str, Any]) -> None:
        form.refused_with = refusal.status
        if isinstance(refusal, InvalidRow):
            form.problems = refusal.problems
        else:
            form.problems = [InvalidRow.whole(refusal)]
        if isinstance(refusal, StaleVersion):
            form.problems += _saved_meanwhile(row, values)
        form.show(form.problems)

    def _form_page(self, form: forms.RowForm, row: Base | None, submit: str, cancel: str) -> Any:
        problems = [
            (problem.field, form.beside_its_label(problem)) for problem in getattr(form, "problems", [])
        ]
        kept = self._kept(form, row)
        page = self.render_template(
            "thabian/dataset/form.html",
            d=self._declared(),
            form=form,
            kept=kept,
            fields=fields_of(self.model),
            groups=forms.groups_of(
                self.model, [n for n in fields_of(self.model) if n not in form and n not in kept]
            ),
            record=row,
            record_title=title_of(row) if row is not None else "",
            version=getattr(row, "version", ""),
            problems=problems,
            submit_url=submit,
            cancel_url=cancel,
            lock=self.lock_notice(row),
            add_another=True,
        )
        return page, form.refused_with if problems else 200

    def _typed_references(self) -> dict[str, str]:
        typed = {}
        for name, declared in fields_of(self.model).items():
            if isinstance(declared.kind, kinds.Reference) and (value := request.form.get(name, "")):
                typed[name] = titles(db.session, declared.kind.target, {value}).get(value, "")
        return typed


def _saved_meanwhile(row: Base, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What somebody else has saved, field by field: saving once more must not undo it unseen."""
    latest = find(type(row), str(sa.inspect(row).identity[0]))
    if latest is None:
        raise NotYours
    fields = fields_of(type(row))
    for name, typed in values.items():
        if (saved := getattr(latest, name)) != typed:
            shown = fields[name].kind.show(saved) or "-"
            yield Problem(name, Sentence("ค่าล่าสุดที่ผู้อื่นบันทึกไว้คือ “{value}”", value=shown))


def _way_back() -> str:
    """The page of this site that sent somebody to a form and wants them back; empty when there is none."""
    asked = request.args.get("back", "")
    return asked if re.fullmatch(r"/(?!/)[A-Za-z0-9/#_-]{1,100}", asked) else ""


def _with_unit(declared: Any, text: str) -> str:
    return f"{text} {said(declared.unit)}" if text and declared.unit else text
