"""The screens of a dataset, all from its declaration: list, record, add, edit, delete, look-up, export."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import IO, Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, flash, g, jsonify, redirect, request, send_file
from flask_appbuilder import BaseView, expose, has_access, permission_name
from markupsafe import Markup

from .. import access, kinds, table
from ..access import Action
from ..bilingual import Sentence
from ..codes import RoundSystem
from ..declaration import Base, Scoped, dataset_of, db, fields_of
from ..errors import InvalidRow, NotPermitted, NotYours, Problem, RuleViolation, StaleVersion
from ..language import gettext as _
from ..language import is_english, said, teller
from ..models import Change
from ..thaidate import thai_datetime
from . import export, forms, history, lock, refusals
from .forms import label_of
from .listing import Listing, Page, Query, look_up, texts_of_references, titles

HISTORY_SHOWN = 20
EXPORTED_UP_TO = 100_000
_BEGINS_A_CODE = frozenset(("", "G", *"0123456789"))


class Column(NamedTuple):
    """A column head of a list."""

    key: str
    label: str
    sortable: bool
    sorted: str | None
    sort_url: str
    numeric: bool
    code_like: bool
    """True when all its cells are numbers, dates or codes, which do not break into lines."""


class Filter(NamedTuple):
    """A filter above a list."""

    key: str
    label: str
    kind: str
    value: str
    choices: Markup
    lookup_url: str
    text: str


@dataclass(frozen=True)
class Shown:
    """One page of a list, ready for the template."""

    columns: list[Column]
    rows: list[tuple[str, list[str], Any]]
    total: int
    total_capped: bool
    next_url: str | None
    prev_url: str | None
    first_number: int


class Button(NamedTuple):
    """A button at the head of a page."""

    label: str
    url: str
    icon: str
    primary: bool = False


@dataclass(frozen=True)
class LockNotice:
    """Why nothing can be edited now, and who can help."""

    message: str
    who: str


class DatasetView(BaseView):
    """Screens of one dataset. ``view_of`` makes the class; nothing is written by hand per dataset."""

    model: type[Base]
    default_view = "browse"

    # ── List ─────────────────────────────────────────────────────────────────────────────────────────────

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """The list: searched, filtered, ordered, by keyset pages."""
        query = Query.of(self.model, request.args)
        listing = Listing(self.model, access.viewer())
        columns = self._listed_columns()
        page = listing.page(db.session, query, columns)
        return self.render_template(
            "thabian/dataset/list.html",
            d=self._declared(),
            page=self._shown(listing, query, page, columns),
            filters=self._filters(query),
            search=query.search,
            search_hint=self._search_hint(),
            actions=self._list_actions(),
            exports=self._exports(),
            lock=self.lock_notice(),
            may_write=self._may_write(),
            bulk=[],
        )

    def _listed_columns(self) -> list[str]:
        listed = dataset_of(self.model).listed
        if access.viewer().scope.count("/") == 2:
            return [name for name in listed if name != "school_code"]
        return [*listed]

    def _shown(self, listing: Listing, query: Query, page: Page, columns: list[str]) -> Shown:
        fields = fields_of(self.model)
        texts = texts_of_references(db.session, self.model, page.rows, columns)
        readers = [texts[name].get if name in texts else fields[name].kind.mask for name in columns]
        tell = teller()
        rows = [
            (
                f"{self.route_base}/{key}",
                [tell(read(value) or "") for read, value in zip(readers, row, strict=True)],
                key,
            )
            for key, row in zip(page.keys, page.rows, strict=True)
        ]
        heads = [
            self._column(listing, query, name, _is_code_like(cells[position] for _url, cells, _key in rows))
            for position, name in enumerate(columns)
        ]
        # Keyset pages do not know how many rows lie before them; the links carry it along, for display only.
        first = (
            int(request.args["first"]) if re.fullmatch(r"[0-9]{1,9}", request.args.get("first", "")) else 1
        )
        return Shown(
            heads,
            rows,
            page.total,
            page.total_capped,
            self._url_with(after=page.after, before=None, first=str(first + len(rows)))
            if page.after
            else None,
            self._url_with(before=page.before, after=None, first=str(max(1, first - query.size)))
            if page.before
            else None,
            first,
        )

    def _column(self, listing: Listing, query: Query, name: str, code_like: bool) -> Column:
        declared = fields_of(self.model)[name]
        current = ("desc" if query.descending else "asc") if query.sort == name else None
        wanted = f"-{name}" if current == "asc" else name
        sortable = listing.sortable(name, query)
        url = self._url_with(sort=wanted, after=None, before=None, first=None) if sortable else ""
        return Column(name, label_of(declared), sortable, current, url, declared.kind.numeric, code_like)

    def _url_with(self, **changed: str | None) -> str:
        arguments = {**request.args, **changed}
        kept = {name: value for name, value in arguments.items() if value}
        return f"{self.route_base}/?{urlencode(kept)}" if kept else f"{self.route_base}/"

    def _filters(self, query: Query) -> list[Filter]:
        return [
            self._filter(name, query)
            for name, declared in fields_of(self.model).items()
            if declared.filtered and not (name == "school_code" and access.viewer().scope.count("/") == 2)
        ]

    def _filter(self, name: str, query: Query) -> Filter:
        declared = fields_of(self.model)[name]
        kind, value = declared.kind, query.filters.get(name)
        choices = table.options(_choices_of(kind), is_english(), kind.edit(value))
        lookup, text = "", ""
        if isinstance(kind, kinds.Reference):
            lookup = f"/data/{kind.target}/lookup"
            text = titles(db.session, kind.target, {value}).get(value, "") if value else ""
        widget = {"choice": "choice", "flag": "choice", "lookup": "lookup", "date": "date"}.get(
            kind.widget,
            "text",
        )
        return Filter(name, label_of(declared), widget, kind.edit(value), choices, lookup, text)

    def _search_hint(self) -> str:
        searched = [label_of(declared) for declared in fields_of(self.model).values() if declared.searched]
        return " · ".join(searched)

    def _list_actions(self) -> list[Button]:
        actions = []
        if self._may_write() and self.lock_notice() is None:
            actions.append(
                Button(
                    _("เพิ่ม%(what)s", what=label_of(dataset_of(self.model))),
                    f"{self.route_base}/add",
                    "plus",
                    True,
                ),
            )
        return actions + self.extra_actions()

    def extra_actions(self) -> list[Button]:
        """Further buttons of a dataset; views.py hangs them on."""
        return []

    def extra_row_actions(self, row: Base) -> list[Button]:
        """Further buttons of a record; views.py hangs them on."""
        return []

    def _exports(self) -> list[tuple[str, str]]:
        if not access.viewer().may(Action.EXPORT, self.model.__tablename__):
            return []
        kept = urlencode(
            {k: v for k, v in request.args.items() if k not in {"after", "before", "size", "first"} and v},
        )
        return [
            ("Excel", f"{self.route_base}/export.xlsx?{kept}"),
            ("CSV", f"{self.route_base}/export.csv?{kept}"),
        ]

    # ── Export and look-up ───────────────────────────────────────────────────────────────────────────────

    @expose("/export.<any(xlsx, csv):kind>")
    @has_access
    @permission_name("export")
    def export(self, kind: str) -> Response:
        """The list as a file: its filters, its order, all columns. Recorded in the history: it is personal data."""
        query = Query.of(self.model, request.args)
        listing = Listing(self.model, access.viewer())
        columns = list(fields_of(self.model))
        heads = [label_of(fields_of(self.model)[name]) for name in columns]
        cells = [fields_of(self.model)[name].kind.cell for name in columns]
        rows = (
            [cell(value) for cell, value in zip(cells, row, strict=True)]
            for row in listing.stream(db.session, query, columns)
        )
        listing.require_countable(db.session, query, EXPORTED_UP_TO)
        # Written to a file first: once the answer streams, the request's viewer and session are gone.
        body = export.write_xlsx(heads, rows) if kind == "xlsx" else _spooled(export.write_csv(heads, rows))
        self._record_export(kind)
        name = f"{self.model.__tablename__}-{lock.now():%Y%m%d-%H%M}.{kind}"
        media = export.XLSX_MIME if kind == "xlsx" else export.CSV_MIME
        return send_file(body, mimetype=media, as_attachment=True, download_name=name)

    def _record_export(self, kind: str) -> None:
        history.record_reading(
            db.session.connection(),
            self.model.__tablename__,
            f"export.{kind}",
            dict(request.args),
        )
        db.session.commit()

    @expose("/lookup")
    @has_access
    @permission_name("read")
    def lookup(self) -> Response:
        """Rows for a look-up field, by the letters typed."""
        typed = " ".join(request.args.get("q", "").replace("\x00", "").split())[:100]
        return jsonify(look_up(db.session, self.model.__tablename__, typed, access.viewer()))

    # ── One record ───────────────────────────────────────────────────────────────────────────────────────

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
            actions=self._row_actions(row, notice) + self.extra_row_actions(row),
            history=self._history(row) if access.viewer().may(Action.READ, "change") else [],
            lock=notice,
        )

    def _shown_groups(self, row: Base) -> list[tuple[str, list[tuple[str, str]]]]:
        fields, texts = fields_of(self.model), self._reference_texts(row)
        return [
            (
                label,
                [
                    (
                        label_of(fields[n]),
                        texts.get(n) or _with_unit(fields[n], fields[n].kind.show(getattr(row, n))),
                    )
                    for n in names
                ],
            )
            for label, names in forms.groups_of(self.model)
        ]

    def _reference_texts(self, row: Base) -> dict[str, str]:
        texts = {}
        for name, declared in fields_of(self.model).items():
            if isinstance(declared.kind, kinds.Reference) and (value := getattr(row, name)) is not None:
                texts[name] = titles(db.session, declared.kind.target, {value}).get(value, str(value))
        return texts

    def _row_actions(self, row: Base, notice: LockNotice | None) -> list[Button]:
        if notice is not None or not self._may_write() or not self._owns(row):
            return []
        base = f"{self.route_base}/{self._key_of(row)}"
        return [Button(_("แก้ไข"), f"{base}/edit", "pencil", True), Button(_("ลบ"), f"{base}/delete", "trash")]

    def _history(self, row: Base) -> list[Any]:
        entries = db.session.execute(
            sa.select(Change.at, Change.actor, Change.path, Change.action, Change.before, Change.after)
            .where(Change.dataset == self.model.__tablename__, Change.row_key == str(self._key_of(row)))
            .order_by(Change.id.desc())
            .limit(HISTORY_SHOWN),
        )
        return [
            (
                thai_datetime(at),
                actor,
                history.through(path),
                history.done(action),
                differences(self.model, before or {}, after or {}),
            )
            for at, actor, path, action, before, after in entries
        ]

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("write")
    def add(self) -> Any:
        """Add a record. What was typed stays when something is wrong."""
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
        form.status = refusal.status
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
        page = self.render_template(
            "thabian/dataset/form.html",
            d=self._declared(),
            form=form,
            fields=fields_of(self.model),
            groups=forms.groups_of(self.model, [n for n in fields_of(self.model) if n not in form]),
            record=row,
            record_title=title_of(row) if row is not None else "",
            version=getattr(row, "version", ""),
            problems=problems,
            submit_url=submit,
            cancel_url=cancel,
            lock=self.lock_notice(row),
            add_another=True,
        )
        return page, form.status if problems else 200

    # ── Shared parts ─────────────────────────────────────────────────────────────────────────────────────

    def _declared(self) -> Any:
        declared = dataset_of(self.model)
        return {
            "name": self.model.__tablename__,
            "label": label_of(declared),
            "title": declared.title,
            "icon": declared.icon,
            "url": f"{self.route_base}/",
        }

    def _row(self, key: str) -> Base:
        """The row, if the viewer may see it; otherwise 404, whether it exists or not."""
        row = find(self.model, key)
        if row is None:
            raise NotYours
        return row

    def _own_row(self, key: str) -> Base:
        row = self._row(key)
        if not self._owns(row):
            raise NotYours
        return row

    @staticmethod
    def _owns(row: Base) -> bool:
        return isinstance(row, Scoped) and access.viewer().looks_after(row.scope)

    @staticmethod
    def _key_of(row: Base) -> Any:
        return sa.inspect(type(row)).primary_key_from_instance(row)[0]

    def _may_write(self) -> bool:
        return (
            access.viewer().may(Action.WRITE, self.model.__tablename__) and not dataset_of(self.model).managed
        )

    def _given_by_scope(self) -> dict[str, Any]:
        """A school's own user adds rows of this school and of no other: the field is not asked."""
        parts = access.viewer().scope.split("/")
        return {"school_code": parts[2]} if len(parts) == 3 and "school_code" in fields_of(self.model) else {}

    def _typed_references(self) -> dict[str, str]:
        typed = {}
        for name, declared in fields_of(self.model).items():
            if isinstance(declared.kind, kinds.Reference) and (value := request.form.get(name, "")):
                typed[name] = titles(db.session, declared.kind.target, {value}).get(value, "")
        return typed

    def lock_notice(self, row: Base | None = None) -> LockNotice | None:
        """Why nothing of this can be written now; the same predicate that guards the writing."""
        system = dataset_of(self.model).round
        if system is None or not self._may_write():
            return None
        scope = row.scope if isinstance(row, Scoped) and row.scope else access.viewer().scope
        refusal = standing_now(system, scope).refusal
        return None if refusal is None else LockNotice(str(refusal), _("สอบถามเพิ่มเติมที่เขตพื้นที่การศึกษาของท่าน"))


def standing_now(system: RoundSystem, scope: str) -> lock.Standing:
    """Where a scope stands, asked once per request: the page's head and its list share the answer."""
    known: dict[Any, lock.Standing] = g.setdefault("standings", {})
    if (system, scope) not in known:
        known[system, scope] = lock.standing(db.session.connection(), system, scope)
    return known[system, scope]


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


def _spooled(chunks: Iterable[bytes]) -> IO[bytes]:
    """The chunks in a temporary file, in memory while it is small."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - send_file closes it
    for chunk in chunks:
        file.write(chunk)
    file.seek(0)
    return file


@cache
def _choices_of(kind: kinds.Kind) -> table.Choices:
    if isinstance(kind, kinds.Code):
        return tuple((code.value, code.th) for code in kind.codes)
    return (
        tuple((str(value), value) for value in (kinds.YES, kinds.NO)) if isinstance(kind, kinds.Flag) else ()
    )


def _is_code_like(cells: Iterable[str]) -> bool:
    return all(cell[:1] in _BEGINS_A_CODE for cell in cells)


def _with_unit(declared: Any, text: str) -> str:
    return f"{text} {said(declared.unit)}" if text and declared.unit else text


def find(model: type[Base], key: str) -> Base | None:
    """A row by its primary key, within the viewer's scope; None for a malformed key, too."""
    column = sa.inspect(model).primary_key[0]
    if column.type.python_type is int:
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            return None
        return db.session.scalar(sa.select(model).where(column == int(key)))
    return db.session.scalar(sa.select(model).where(column == key))


def title_of(row: Base) -> str:
    """What people call the row: its declared title."""
    declared = dataset_of(type(row))
    return " ".join(str(getattr(row, name) or "") for name in declared.title) or str(row)


def differences(
    model: type[Base],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> list[tuple[str, str, str]]:
    """A history entry for people: label, before, after; personal numbers masked."""
    fields = fields_of(model)
    return [
        (
            label_of(fields[name]),
            _shown(fields[name].kind, before.get(name)),
            _shown(fields[name].kind, after.get(name)),
        )
        for name in {**before, **after}
        if name in fields
    ]


def _shown(kind: kinds.Kind, stored: Any) -> str:
    try:
        return kind.mask(kind.read(stored))
    except kinds.NotReadable:
        return str(stored)  # written under an older declaration


def view_of(dataset: type[Base], **extra: Any) -> type[DatasetView]:
    """The view class of a dataset; ``extra`` overrides members (buttons beyond the generated ones)."""
    members = {
        "model": dataset,
        "route_base": f"/data/{dataset.__tablename__}",
        "class_permission_name": dataset.__tablename__,
    }
    return type(f"{dataset.__name__}View", (DatasetView,), members | extra)
