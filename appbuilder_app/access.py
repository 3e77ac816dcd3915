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
    DECIDE = "decide"
    MOVE = "move"

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
    Action.DECIDE: Label("พิจารณา", "decide"),
    Action.MOVE: Label("ย้ายและจำหน่ายนักเรียน", "move students"),
}

Right = tuple[str, str]


class Privacy(StrEnum):
    """A group of fields that a role sees, sees masked, or does not see; a field of no group is ordinary."""

    IDENTITY = "identity"
    HEALTH = "health"
    FAMILY = "family"
    MONEY = "money"

    @property
    def th(self) -> str:
        """Thai name of the group."""
        return _PRIVACY_TH[self]


_PRIVACY_TH = {
    Privacy.IDENTITY: Label("เลขประจำตัว", "Personal numbers"),
    Privacy.HEALTH: Label("สุขภาพ", "Health"),
    Privacy.FAMILY: Label("ครอบครัว", "Family"),
    Privacy.MONEY: Label("รายได้และการเงิน", "Income and money"),
}


class Sight(StrEnum):
    """How much a viewer sees of a field. SHOWN and MASKED are also the actions by which roles hold it."""

    SHOWN = "see"
    MASKED = "mask"
    HIDDEN = "hide"

    @property
    def th(self) -> str:
        """Thai words, as they stand in the rights matrix."""
        return _SIGHT_TH[self]


_SIGHT_TH = {
    Sight.SHOWN: Label("เห็น", "shown"),
    Sight.MASKED: Label("เห็นแบบปิดบัง", "shown masked"),
    Sight.HIDDEN: Label("ไม่เห็น", "not shown"),
}


def private_subject(dataset: str, privacy: Privacy) -> str:
    """The subject of the rights to a group of fields: ``student:health``."""
    return f"{dataset}:{privacy}"


@dataclass(frozen=True)
class RoleSpec:
    """A role that every installation starts with; administrators add others in a screen.

    ``rights`` are those on the subjects below; those on datasets follow from the datasets' declarations,
    and ``declaration.rights_of_role`` has both.
    """

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
    "movement": (Label("การเคลื่อนย้ายนักเรียน", "Movements of students"), (Action.READ, Action.MOVE)),
    "duplicate": (Label("การตรวจความซ้ำซ้อน", "Search for duplicates"), (Action.MANAGE,)),
    "request": (Label("คำขอ", "Requests"), (Action.READ, Action.WRITE, Action.DECIDE)),
    "growth_reference": (Label("เกณฑ์การเจริญเติบโต", "Growth references"), (Action.MANAGE,)),
    "change": (Label("ประวัติการแก้ไข", "History"), (Action.READ,)),
    "account": (Label("บัญชีผู้ใช้", "Accounts"), (Action.READ, Action.MANAGE)),
    "role": (Label("บทบาทและสิทธิ์", "Roles and rights"), (Action.READ, Action.MANAGE)),
    "job": (Label("งานเบื้องหลัง", "Background jobs"), (Action.READ, Action.MANAGE)),
    "openapi": (Label("เอกสาร API", "API description"), (Action.READ,)),
    "api_key": (Label("คีย์ API", "API keys"), (Action.WRITE, Action.MANAGE)),
    "card": (Label("การอ่านบัตรประชาชน", "National ID card reads"), (Action.READ, Action.WRITE, Action.MANAGE)),
    "reader_desk": (
        Label("งานเครื่องอ่านบัตร", "Card reader desk"),
        (Action.READ, Action.WRITE, Action.MANAGE),
    ),
}


def _rights(**subjects: str) -> frozenset[Right]:
    return frozenset((action, subject) for subject, actions in subjects.items() for action in actions.split())


_EVERYBODY = {"round": "read", "job": "read", "openapi": "read", "api_key": "write"}

ROLES: tuple[RoleSpec, ...] = (
    RoleSpec(
        "school_officer",
        "เจ้าหน้าที่ข้อมูลโรงเรียน",
        "School data officer",
        Level.SCHOOL,
        _rights(
            **_EVERYBODY,
            submission="read confirm revoke",
            request="read write",
            movement="read move",
            change="read",
            card="read write manage",
            reader_desk="read write",
        ),
    ),
    RoleSpec(
        "school_director",
        "ผู้อำนวยการโรงเรียน",
        "School director",
        Level.SCHOOL,
        _rights(
            **_EVERYBODY,
            submission="read certify revoke",
            request="read write",
            movement="read",
            change="read",
            card="read",
            reader_desk="read write",
        ),
    ),
    RoleSpec(
        "district_officer",
        "เจ้าหน้าที่เขตพื้นที่การศึกษา",
        "District officer",
        Level.DISTRICT,
        _rights(
            **_EVERYBODY,
            submission="read acknowledge revoke",
            duplicate="manage",
            request="read write decide",
            movement="read move",
            change="read",
            card="read write manage",
            reader_desk="read write manage",
            account="read manage",
        ),
    ),
    RoleSpec(
        "central_officer",
        "เจ้าหน้าที่ส่วนกลาง",
        "Central officer",
        Level.CENTRAL,
        _rights(
            job="read",
            openapi="read",
            api_key="write",
            submission="read revoke",
            request="read write decide",
            movement="read",
            round="read manage grant close",
            growth_reference="manage",
            duplicate="manage",
            change="read",
            reader_desk="read",
        ),
    ),
    RoleSpec(
        "administrator",
        "ผู้ดูแลระบบ",
        "Administrator",
        Level.CENTRAL,
        _rights(
            job="read manage",
            openapi="read",
            api_key="write manage",
            submission="read",
            request="read",
            movement="read move",
            round="read manage grant close",
            growth_reference="manage",
            change="read",
            reader_desk="read write manage",
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

    def may(self, action: str, subject: str) -> bool:
        """True when one of the viewer's roles holds this right."""
        return (str(action), subject) in self.rights

    def require(self, action: Action, subject: str, what: str = "") -> None:
        """Refuse (NotPermitted, 403) unless the viewer holds the right; ``what`` names it in Thai."""
        if not self.may(action, subject):
            raise NotPermitted(what=what or action.th)

    def looks_after(self, scope: str) -> bool:
        """True when rows of this scope are the viewer's own to work on."""
        return covers(self.scope, scope)

    def sight(self, dataset: str, privacy: Privacy | None) -> Sight:
        """How much the viewer sees of a group of fields of a dataset: of several roles the most open wins.

        Ordinary fields (None) are shown to whoever reads the rows; of a group, nothing unless a role says so.
        """
        if privacy is None:
            return Sight.SHOWN
        subject = private_subject(dataset, privacy)
        return next((s for s in (Sight.SHOWN, Sight.MASKED) if self.may(s, subject)), Sight.HIDDEN)

    @cached_property
    def level(self) -> Level:
        """Central, district or school."""
        return level_of(self.scope)

    @property
    def school_code(self) -> str:
        """The code of the viewer's school; asked only of a viewer of the school level."""
        return self.scope.rpartition("/")[2]


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)
_path: ContextVar[str] = ContextVar("path", default="shell")
_reason: ContextVar[str | None] = ContextVar("reason", default=None)
_performing: ContextVar[Right | None] = ContextVar("performing", default=None)
_proof: ContextVar[tuple[int | None, str] | None] = ContextVar("proof", default=None)


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
def proven(person: Viewer, by: str) -> Iterator[None]:
    """Inside, ``person`` has just shown to be who they are: ``by`` tells how (a value of ``codes.Proof``).

    Signatures ask for it (R8): a session left open on a shared PC signs nothing.
    """
    token = _proof.set((person.id, by))
    try:
        yield
    finally:
        _proof.reset(token)


def proof() -> str | None:
    """How the viewer has just shown to be who they are, or None."""
    shown, acting = _proof.get(), _viewer.get()
    return shown[1] if shown is not None and acting is not None and shown[0] == acting.id else None


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
