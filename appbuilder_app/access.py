"""Who may do what, in one table; and who is acting now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from .bilingual import Label
from .errors import NotPermitted, NoViewer

CENTRE = "C"


class Level(StrEnum):
    """How much of the country an account looks after; the depth of its scope path."""

    CENTRAL = "central"
    DISTRICT = "district"
    SCHOOL = "school"

    @property
    def th(self) -> str:
        """Thai name of the level."""
        return _LEVEL_TH[self]


_LEVEL_TH = {
    Level.CENTRAL: Label("ส่วนกลาง", "Central"),
    Level.DISTRICT: Label("เขตพื้นที่การศึกษา", "Education service area"),
    Level.SCHOOL: Label("โรงเรียน", "School"),
}


def level_of(scope: str) -> Level:
    """Level of a scope path: ``C`` central, ``C/1602`` district, ``C/1602/16020123`` school."""
    return (Level.CENTRAL, Level.DISTRICT, Level.SCHOOL)[scope.count("/")]


def covers(viewer_scope: str, row_scope: str) -> bool:
    """True when a viewer of ``viewer_scope`` looks after rows of ``row_scope``."""
    return row_scope == viewer_scope or row_scope.startswith(viewer_scope + "/")


def scope_bounds(scope: str) -> tuple[str, str]:
    """Half-open range ``lo <= scope < hi`` (byte order) of a scope and all below it.

    ``0`` is the character after ``/``: ``C/1602`` spans ``C/1602/…`` but not the
    sibling ``C/160201``, which sorts after ``C/16020``.
    """
    return scope, scope + "0"


def ancestors(scope: str) -> list[str]:
    """The scope and all above it, narrowest first."""
    parts = scope.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


class Action(StrEnum):
    """What can be done; with a subject (a dataset's name, ``round`` …) it is a right."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    EXPORT = "export"
    CONFIRM = "confirm"
    CERTIFY = "certify"
    ACKNOWLEDGE = "acknowledge"
    REVOKE = "revoke"
    MANAGE = "manage"
    CLOSE = "close"
    GRANT = "grant"

    @property
    def th(self) -> str:
        """Thai verb, as it stands in refusals and in the rights matrix."""
        return _ACTION_TH[self]


_ACTION_TH = {
    Action.READ: Label("ดู", "view"),
    Action.WRITE: Label("เพิ่ม แก้ไข ลบ", "add, edit, delete"),
    Action.IMPORT: Label("นำเข้าไฟล์", "import files"),
    Action.EXPORT: Label("ส่งออกไฟล์", "export files"),
    Action.CONFIRM: Label("ยืนยัน", "confirm"),
    Action.CERTIFY: Label("รับรอง", "certify"),
    Action.ACKNOWLEDGE: Label("รับทราบ", "acknowledge"),
    Action.REVOKE: Label("ส่งกลับให้แก้ไข", "return"),
    Action.MANAGE: Label("จัดการ", "manage"),
    Action.CLOSE: Label("ปิดรอบ", "close rounds"),
    Action.GRANT: Label("ผ่อนผันเวลา", "grant exceptions"),
}

Right = tuple[str, str]


@dataclass(frozen=True)
class RoleSpec:
    """A role that every installation starts with; administrators add others in a screen."""

    name: str
    th: str
    en: str
    level: Level
    rights: frozenset[Right]


# Subjects that are not datasets: the rights matrix shows them after the datasets.
SUBJECTS: dict[str, tuple[str, tuple[Action, ...]]] = {
    "submission": (
        Label("การส่งข้อมูลของโรงเรียน", "Schools' submissions"),
        (Action.READ, Action.CONFIRM, Action.CERTIFY, Action.ACKNOWLEDGE, Action.REVOKE),
    ),
    "round": (
        Label("รอบการจัดเก็บข้อมูล", "Collection rounds"),
        (Action.READ, Action.MANAGE, Action.GRANT, Action.CLOSE),
    ),
    "change": (Label("ประวัติการแก้ไข", "History"), (Action.READ,)),
    "account": (Label("บัญชีผู้ใช้", "Accounts"), (Action.READ, Action.MANAGE)),
    "role": (Label("บทบาทและสิทธิ์", "Roles and rights"), (Action.READ, Action.MANAGE)),
    "openapi": (Label("เอกสาร API", "API description"), (Action.READ,)),
}


def _rights(**subjects: str) -> frozenset[Right]:
    return frozenset((action, subject) for subject, actions in subjects.items() for action in actions.split())


_EVERYBODY = {"area": "read", "school": "read", "round": "read", "openapi": "read"}

ROLES: tuple[RoleSpec, ...] = (
    RoleSpec(
        "school_officer",
        "เจ้าหน้าที่ข้อมูลโรงเรียน",
        "School data officer",
        Level.SCHOOL,
        _rights(
            **_EVERYBODY,
            student="read write import export",
            submission="read confirm revoke",
            change="read",
        ),
    ),
    RoleSpec(
        "school_director",
        "ผู้อำนวยการโรงเรียน",
        "School director",
        Level.SCHOOL,
        _rights(**_EVERYBODY, student="read export", submission="read certify revoke", change="read"),
    ),
    RoleSpec(
        "district_officer",
        "เจ้าหน้าที่เขตพื้นที่การศึกษา",
        "District officer",
        Level.DISTRICT,
        _rights(
            area="read",
            openapi="read",
            round="read",
            school="read write export",
            student="read write import export",
            submission="read acknowledge revoke",
            change="read",
            account="read manage",
        ),
    ),
    RoleSpec(
        "central_officer",
        "เจ้าหน้าที่ส่วนกลาง",
        "Central officer",
        Level.CENTRAL,
        _rights(
            openapi="read",
            area="read write export",
            school="read write export",
            student="read export",
            submission="read revoke",
            round="read manage grant close",
            change="read",
        ),
    ),
    RoleSpec(
        "administrator",
        "ผู้ดูแลระบบ",
        "Administrator",
        Level.CENTRAL,
        _rights(
            openapi="read",
            area="read write import export",
            school="read write import export",
            student="read write import export",
            submission="read",
            round="read manage grant close",
            change="read",
            account="read manage",
            role="read manage",
        ),
    ),
)

ROLE_LABELS: dict[str, str] = {role.name: Label(role.th, role.en) for role in ROLES}


def may_give(giver: str, role: str) -> bool:
    """Whether who looks after the scope ``giver`` may give this role to others: below the centre, only the
    built-in roles of narrower levels (R29), so that nobody can make an account stronger than their own.
    """
    if giver == CENTRE:
        return True
    widest_first = [*Level]
    return any(
        spec.name == role and widest_first.index(spec.level) > widest_first.index(level_of(giver))
        for spec in ROLES
    )


@dataclass(frozen=True)
class Viewer:
    """The person acting: whose rows they look after (``scope``) and what they may do (``rights``)."""

    id: int | None
    username: str
    name: str
    position: str
    scope: str
    rights: frozenset[Right]

    def may(self, action: Action | str, subject: str) -> bool:
        """True when one of the viewer's roles holds this right."""
        return (str(action), subject) in self.rights

    def require(self, action: Action, subject: str, what: str = "") -> None:
        """Refuse (NotPermitted, 403) unless the viewer holds the right; ``what`` names it in Thai."""
        if not self.may(action, subject):
            raise NotPermitted(what=what or action.th)

    def looks_after(self, scope: str) -> bool:
        """True when rows of this scope are the viewer's own to work on."""
        return covers(self.scope, scope)

    @cached_property
    def level(self) -> Level:
        """Central, district or school."""
        return level_of(self.scope)


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)
_path: ContextVar[str] = ContextVar("path", default="shell")
_reason: ContextVar[str | None] = ContextVar("reason", default=None)
_performing: ContextVar[Right | None] = ContextVar("performing", default=None)


def viewer_or_none() -> Viewer | None:
    """Who is acting, or None: then no row is visible."""
    return _viewer.get()


def viewer() -> Viewer:
    """Who is acting; NoViewer (403) when nobody is."""
    acting = _viewer.get()
    if acting is None:
        raise NoViewer
    return acting


def path() -> str:
    """Through which door the work comes: screen, api, import, job, command or shell."""
    return _path.get()


def reason() -> str | None:
    """Why the work is done, where the person said so; written into the history."""
    return _reason.get()


@contextmanager
def acting_as(person: Viewer | None, *, through: str) -> Iterator[None]:
    """Everything inside is done by ``person`` through the door ``through``. Jobs and commands say it aloud."""
    person_token, path_token = _viewer.set(person), _path.set(through)
    try:
        yield
    finally:
        _viewer.reset(person_token)
        _path.reset(path_token)


@contextmanager
def because(why: str | None) -> Iterator[None]:
    """Writes inside carry this reason in their history."""
    token = _reason.set(why)
    try:
        yield
    finally:
        _reason.reset(token)


@contextmanager
def performing(action: Action, subject: str) -> Iterator[Viewer]:
    """A workflow verb at work: the right is checked once, and rows that only verbs write may be written."""
    acting = viewer()
    acting.require(action, subject)
    token = _performing.set((action, subject))
    try:
        yield acting
    finally:
        _performing.reset(token)


def verb_at_work() -> Right | None:
    """The workflow verb inside which we are, if any."""
    return _performing.get()
