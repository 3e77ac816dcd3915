"""The list page of a dataset: searched, filtered, ordered, by keyset pages; and the look-up of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from flask_appbuilder import expose, has_access, permission_name

from .. import access
from ..declaration import dataset_of, db
from ..language import gettext as _
from ..language import teller
from .filters import filters_of, further, search_hint
from .forms import groups_of, label_of
from .listing import Listing, Page, look_up, texts_of_references
from .many import MOST_AT_ONCE
from .query import PAGE_SIZES, Query, Unanswerable, columns_of, given
from .screen_parts import Button
from .sight import fields_seen
from .view_pages import ViewPages

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
    sizes: list[tuple[int, str, bool]]
    """Page sizes to choose from: rows, address, whether it is this one."""


class ListPage(ViewPages):
    """The list and the look-up of one dataset."""

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """The list: searched, filtered, ordered, by keyset pages; what cannot be answered is said above it."""
        views = self._views()
        if first := self._first_address(views):
            return redirect(first)
        listing = Listing(self.model, access.viewer())
        query, columns, refusal = Query(), [], None
        try:
            query = Query.of(self.model, request.args)
            columns = columns_of(self.model, listing.viewer, request.args)
            page = self._shown(listing, query, listing.page(db.session, query, columns), columns)
        except Unanswerable as wrong:
            refusal, page = wrong, Shown([], [], 0, False, None, None, 1, [])
        around = self._around(listing, query) | {
            "views": self._views_menu(views),
            "refusal": str(refusal or ""),
        }
        answer = self.render_template("thabian/dataset/list.html", page=page, **around)
        return answer, refusal.status if refusal else 200

    def _around(self, listing: Listing, query: Query) -> dict[str, Any]:
        """What stands around the rows: filters, buttons, exports, the lock."""
        filters = filters_of(listing, query, request.args)
        shown = {one.key for one in filters if not one.used}
        return {
            "d": self._declared(),
            "filters": filters,
            "further": further(listing, query, filters),
            "search": request.args.get("q", ""),
            "search_hint": search_hint(listing),
            "keep": self._arguments("sort", "size", "columns", "view")
            + [("with", name) for name in given(request.args, "with") if name in shown],
            "clear_url": self._url_of(self._arguments("size", "columns")),
            "columns_url": f"{self.route_base}/columns?{urlencode(self._without('after', 'before', 'first'))}",
            "actions": self._list_actions(),
            "exports": self._exports(),
            "lock": self.lock_notice(),
            "may_write": self._may_write(),
            "many_url": f"{self.route_base}/many" if self._may_write() and self.lock_notice() is None else "",
            "asked": urlencode(self._without("after", "before", "first", "with")),
            "many_most": MOST_AT_ONCE,
        }

    def _shown(self, listing: Listing, query: Query, page: Page, columns: list[str]) -> Shown:
        fields = fields_seen(self.model)
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
            self._sizes(query),
        )

    def _column(self, listing: Listing, query: Query, name: str, code_like: bool) -> Column:
        declared = fields_seen(self.model)[name]
        current = ("desc" if query.descending else "asc") if query.sort == name else None
        wanted = f"-{name}" if current == "asc" else name
        sortable = listing.sortable(name, query)
        url = self._url_with(sort=wanted, after=None, before=None, first=None) if sortable else ""
        return Column(name, label_of(declared), sortable, current, url, declared.kind.numeric, code_like)

    @staticmethod
    def _arguments(*names: str) -> list[tuple[str, str]]:
        """These arguments of the request, as they were sent."""
        return [(name, value) for name, value in request.args.items(multi=True) if value and name in names]

    @staticmethod
    def _without(*names: str) -> list[tuple[str, str]]:
        """All arguments of the request but these."""
        return [
            (name, value) for name, value in request.args.items(multi=True) if value and name not in names
        ]

    def _url_with(self, **changed: str | None) -> str:
        """This list with other arguments."""
        return self._url_of(self._without(*changed) + [(n, value) for n, value in changed.items() if value])

    def _url_of(self, arguments: Sequence[tuple[str, str]]) -> str:
        return f"{self.route_base}/?{urlencode(arguments)}" if arguments else f"{self.route_base}/"

    def _sizes(self, query: Query) -> list[tuple[int, str, bool]]:
        return [
            (size, self._url_with(size=str(size), after=None, before=None, first=None), size == query.size)
            for size in PAGE_SIZES
        ]

    @expose("/columns")
    @has_access
    @permission_name("read")
    def columns(self) -> str:
        """Which columns the list has, and in which order: the choice goes into the list's address."""
        viewer = access.viewer()
        chosen = columns_of(self.model, viewer, request.args)
        fields = fields_seen(self.model, viewer)
        return self.render_template(
            "thabian/dataset/columns.html",
            d=self._declared(),
            chosen=[(name, label_of(fields[name])) for name in chosen if name in fields],
            groups=[
                (label, [(name, label_of(fields[name])) for name in names if name in fields])
                for label, names in groups_of(self.model, chosen)
            ],
            keep=self._without("columns", "after", "before", "first"),
            declared_url=self._url_of(self._without("columns", "after", "before", "first")),
            back_url=self._url_of(self._without()),
        )

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

    def _exports(self) -> list[tuple[str, str]]:
        """Files of this list; the export door says which."""
        return []

    @expose("/lookup")
    @has_access
    @permission_name("read")
    def lookup(self) -> Response:
        """Rows for a look-up field, by the letters typed."""
        typed = " ".join(request.args.get("q", "").replace("\x00", "").split())[:100]
        return jsonify(look_up(db.session, self.model.__tablename__, typed, access.viewer()))


def _is_code_like(cells: Iterable[str]) -> bool:
    return all(cell[:1] in _BEGINS_A_CODE for cell in cells)
