"""The history: who changed what, when, how and why, within the viewer's scope, newest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import request, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name
from flask_babel import lazy_gettext

from .. import access
from ..codes import SubmissionState, WindowAction
from ..dataset import history, questions
from ..dataset.forms import label_of
from ..dataset.listing import titles
from ..dataset.screens import differences
from ..declaration import dataset_named, dataset_of, datasets, db
from ..errors import NotADate
from ..language import gettext as _
from ..language import said
from ..models import Change
from ..thaidate import parse_thai_date, start_of_day
from ..workflows import roles
from ..workflows.accounts import places_of
from .words import moment

PAGE_SIZE: Final = 40
FIELDS_SHOWN: Final = 6

OTHER_SUBJECTS: Final = {
    "submission": lazy_gettext("การส่งข้อมูลของโรงเรียน"),
    "certificate": lazy_gettext("ใบรับรอง"),
    "signed_scan": lazy_gettext("ใบรับรองฉบับลงนาม"),
    "director_signature": lazy_gettext("ลงนามอิเล็กทรอนิกส์"),
    "collection_round": lazy_gettext("รอบการจัดเก็บข้อมูล"),
    "window": lazy_gettext("ช่วงเวลา"),
    "request": lazy_gettext("คำขอ"),
    "account": lazy_gettext("บัญชีผู้ใช้"),
    "role": lazy_gettext("บทบาทและสิทธิ์"),
}

_OF_A_ROUND: Final = {"submission", "certificate", "signed_scan", "director_signature"}

# What is told of rows that are no datasets; other columns say nothing to people.
_OTHER_FIELDS: Final = {
    "state": lazy_gettext("สถานะ"),
    "rows": lazy_gettext("จำนวนรายการ"),
    "confirmed_by": lazy_gettext("ผู้ยืนยัน"),
    "certified_by": lazy_gettext("ผู้รับรอง"),
    "acknowledged_by": lazy_gettext("ผู้รับทราบ"),
    "returned_reason": lazy_gettext("เหตุผลที่ส่งกลับ"),
    "number": lazy_gettext("เลขที่"),
    "key_name": lazy_gettext("ใบรับรองอิเล็กทรอนิกส์ของ"),
    "key_serial": lazy_gettext("เลขที่ใบรับรองอิเล็กทรอนิกส์"),
    "key_issuer": lazy_gettext("ผู้ออกใบรับรองอิเล็กทรอนิกส์"),
    "void_reason": lazy_gettext("เหตุผลที่ยกเลิก"),
    "academic_year": lazy_gettext("ปีการศึกษา"),
    "snapshot_date": lazy_gettext("ข้อมูล ณ วันที่"),
    "closed_at": lazy_gettext("ปิดเมื่อ"),
    "closed_by": lazy_gettext("ปิดโดย"),
    "action": lazy_gettext("การดำเนินการ"),
    "opens_at": lazy_gettext("เริ่ม"),
    "closes_at": lazy_gettext("สิ้นสุด"),
    "reason": lazy_gettext("เหตุผล"),
    "source": lazy_gettext("หนังสือที่กำหนด"),
    "submissions": lazy_gettext("โรงเรียน"),
    "username": lazy_gettext("ชื่อผู้ใช้"),
    "name": lazy_gettext("ชื่อ–นามสกุล"),
    "position": lazy_gettext("ตำแหน่ง"),
    "roles": lazy_gettext("บทบาท"),
    "active": lazy_gettext("ใช้งาน"),
    "rights": lazy_gettext("สิทธิ์"),
    "level": lazy_gettext("ระดับ"),
    "given_below": lazy_gettext("เขตให้ได้เอง"),
    "media_type": lazy_gettext("ชนิดไฟล์"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history, in words. ``url`` leads to the row where there is a page for it."""

    change: Any
    subject: str
    title: str
    url: str | None
    differences: list[tuple[str, str, str]]
    place: str = ""

    @property
    def step(self) -> str:
        """The step of a round that a change of a submission was; empty for any other change."""
        state, was = ((values or {}).get("state") for values in (self.change.after, self.change.before))
        if self.change.dataset != "submission" or state is None or was is None:
            return ""
        reached = SubmissionState(state)
        return _("ส่งกลับให้แก้ไข") if reached < SubmissionState(was) else said(reached.th)

    @property
    def first(self) -> list[tuple[str, str, str]]:
        """The differences shown at once."""
        return self.differences[:FIELDS_SHOWN]

    @property
    def rest(self) -> list[tuple[str, str, str]]:
        """Those shown when asked for."""
        return self.differences[FIELDS_SHOWN:]


@dataclass(frozen=True)
class Asked:
    """The filters, as typed; what cannot be read is told and does not narrow."""

    dataset: str
    door: str
    actor: str
    since: str
    until: str
    problems: tuple[str, ...]
    narrowed: tuple[sa.ColumnElement[bool], ...]

    @property
    def any(self) -> bool:
        """True when something narrows the page."""
        return bool(self.narrowed)


class HistoryView(BaseView):
    """Changes within the viewer's scope."""

    route_base = "/history"
    class_permission_name = "change"

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> Any:
        """A page of changes: keyset by their number, so the ten-millionth page is as quick as the first."""
        asked = _asked(request.args)
        changes, newer, older = _page(asked)
        page = self.render_template(
            "thabian/history.html",
            asked=asked,
            entries=_entries(changes),
            newer_url=_url(after=newer) if newer else None,
            older_url=_url(before=older) if older else None,
            subjects=[(d.__tablename__, label_of(dataset_of(d))) for d in datasets()]
            + [*OTHER_SUBJECTS.items()],
            doors=[*history.PATHS.items()],
        )
        return page, 422 if asked.problems else 200


# ── What is asked for ────────────────────────────────────────────────────────────────────────────────────


def _asked(arguments: Mapping[str, str]) -> Asked:
    typed = {name: arguments.get(name, "").replace("\x00", "").strip()[:80] for name in _TYPED}
    problems: list[str] = []
    narrowed = []
    if typed["dataset"]:
        narrowed.append(Change.dataset == typed["dataset"])
    if typed["door"]:
        narrowed.append(Change.path == typed["door"])
    narrowed += [Change.actor.icontains(word, autoescape=True) for word in typed["actor"].split()]
    if since := _day(typed["since"], problems):
        narrowed.append(Change.at >= start_of_day(since))
    if until := _day(typed["until"], problems):
        narrowed.append(Change.at < start_of_day(until + dt.timedelta(days=1)))
    return Asked(**typed, problems=tuple(problems), narrowed=tuple(narrowed))


_TYPED: Final = ("dataset", "door", "actor", "since", "until")


def _day(typed: str, problems: list[str]) -> dt.date | None:
    try:
        return parse_thai_date(typed) if typed else None
    except NotADate as wrong:
        problems.append(said(str(wrong)))
        return None


def _url(**marks: int) -> str:
    kept = {name: value for name in _TYPED if (value := request.args.get(name))}
    return f"{url_for('HistoryView.browse')}?{urlencode(kept | marks)}"


# ── A page ───────────────────────────────────────────────────────────────────────────────────────────────


def _page(asked: Asked) -> tuple[Sequence[Any], int | None, int | None]:
    """The changes of a page, newest first, and the marks of the newer and the older page, if any."""
    before, after = (request.args.get(name, type=int) for name in ("before", "after"))
    query = sa.select(Change).where(*asked.narrowed).limit(PAGE_SIZE + 1)
    if after is not None:
        found = [*db.session.scalars(query.where(Change.id > after).order_by(Change.id))]
        more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE][::-1]
        return found, found[0].id if more else None, found[-1].id if found else None
    if before is not None:
        query = query.where(Change.id < before)
    found = [*db.session.scalars(query.order_by(Change.id.desc()))]
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    return found, found[0].id if before is not None and found else None, found[-1].id if more else None


def _entries(changes: Sequence[Any]) -> list[Entry]:
    known = {model.__tablename__ for model in datasets()}
    questions.remember_questions(c.row_key for c in changes if c.dataset == "answer_sheet")
    names = {dataset: _titles(dataset, changes) for dataset in known & {change.dataset for change in changes}}
    places = places_of(sorted({change.scope for change in changes}))
    above = access.viewer().level is not access.Level.SCHOOL
    return [
        replace(
            _entry(change, names.get(change.dataset)), place=places.get(change.scope, "") if above else ""
        )
        for change in changes
    ]


def _titles(dataset: str, changes: Iterable[Any]) -> dict[str, str]:
    """Titles of the rows that still exist, in one statement for each dataset on the page."""
    keys = {change.row_key for change in changes if change.dataset == dataset and change.row_key != "*"}
    numeric = sa.inspect(dataset_named(dataset)).primary_key[0].type.python_type is int
    asked_for: set[Any] = {int(key) for key in keys if key.isdigit()} if numeric else keys
    return {str(key): title for key, title in titles(db.session, dataset, asked_for).items()}


def _entry(change: Any, names: Mapping[str, str] | None) -> Entry:
    before, after = change.before or {}, change.after or {}
    if names is None:
        subject = str(OTHER_SUBJECTS.get(change.dataset, change.dataset))
        return Entry(change, subject, _title_of(change), _url_of(change), _other_differences(before, after))
    model = dataset_named(change.dataset)
    if change.row_key == "*":
        return Entry(change, label_of(dataset_of(model)), "", None, [])
    gone = {**before, **after}
    title = (
        names.get(change.row_key)
        or " ".join(str(gone.get(name, "")) for name in dataset_of(model).title).strip()
    )
    url = f"/data/{change.dataset}/{change.row_key}" if change.row_key in names else None
    return Entry(
        change, label_of(dataset_of(model)), title, url, differences(model, before, after, change.row_key)
    )


def _title_of(change: Any) -> str:
    values = {**(change.before or {}), **(change.after or {})}
    if change.dataset in _OF_A_ROUND:
        return str(values.get("number") or "")
    return str(values.get("username") or (change.row_key if change.dataset == "role" else ""))


def _url_of(change: Any) -> str | None:
    """A school's rows of a round lead to the school's page."""
    if change.dataset in _OF_A_ROUND and change.scope.count("/") == 2:
        return url_for("SubmissionView.show", school_code=change.scope.rsplit("/", 1)[1])
    return None


def _other_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    before, after = _rights_that_changed(before, after)
    return [
        (str(_OTHER_FIELDS[name]), _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name in {**before, **after}
        if name in _OTHER_FIELDS and before.get(name) != after.get(name)
    ]


def _rights_that_changed(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of a role's rights only those given or taken, in words: the whole of two long lists tells nothing."""
    if "rights" not in before and "rights" not in after:
        return before, after
    was, now = (frozenset(values.get("rights") or ()) for values in (before, after))
    taken, given = (
        roles.in_words(
            frozenset((action, subject) for action, _colon, subject in (r.partition(":") for r in some))
        )
        for some in (was - now, now - was)
    )
    return {**before, "rights": taken}, {**after, "rights": given}


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    if (codes := _CODES.get(name)) is not None and value in {code.value for code in codes}:
        return codes(value).th
    if name.endswith("_at"):
        return moment(dt.datetime.fromisoformat(value))
    if isinstance(value, bool):
        return _("ใช่") if value else _("ไม่ใช่")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_CODES: Final[Mapping[str, Any]] = {"state": SubmissionState, "action": WindowAction, "level": access.Level}
