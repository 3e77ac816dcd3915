"""Which screens exist, in the order of the navigation."""

from __future__ import annotations

from typing import Any

from flask import current_app

from . import frame
from .access import Action, Level
from .dataset.api import api_of
from .dataset.screens import view_of
from .declaration import Menu, Menus, dataset_of, datasets
from .frame import Entry
from .screens import words
from .screens.accounts import AccountView, RoleView
from .screens.documentation import OpenApi
from .screens.history import HistoryView
from .screens.home import HomeView
from .screens.rounds import RoundView
from .screens.student_file import StudentFileView, import_button
from .screens.submissions import CertificateView, SubmissionView, checklist_button, row_checklist_button
from .screens.watching import WatchView

__all__ = ["HomeView", "register"]

# Buttons of generated lists that lead to bespoke screens.
EXTRA: dict[str, dict[str, Any]] = {
    "student": {
        "extra_actions": lambda view: [*checklist_button(view), *import_button(view)],
        "extra_row_actions": row_checklist_button,
    }
}

BESPOKE: tuple[Any, ...] = (
    StudentFileView,
    SubmissionView,
    CertificateView,
    WatchView,
    RoundView,
    HistoryView,
    AccountView,
    RoleView,
)


def register(appbuilder: Any) -> None:
    """Mount the generated screens and API of every dataset, then the bespoke screens."""
    for dataset in datasets():
        appbuilder.add_view_no_menu(view_of(dataset, **EXTRA.get(dataset.__tablename__, {})))
        appbuilder.add_api(api_of(dataset))
    for view in BESPOKE:
        appbuilder.add_view_no_menu(view)
    appbuilder.add_api(OpenApi)
    words.install(current_app)
    frame.install(current_app, entries())


def entries() -> list[Entry]:
    """The navigation: bespoke screens in their place among the datasets."""
    generated = [
        Entry(
            menu=dataset_of(dataset).menu,
            th=dataset_of(dataset).th,
            en=dataset_of(dataset).en,
            icon=dataset_of(dataset).icon,
            endpoint=f"{dataset.__name__}View.browse",
            right=(Action.READ, dataset.__tablename__),
        )
        for dataset in reversed(datasets())
    ]
    return [*_FIRST_ENTRIES, *generated, *_BESPOKE_ENTRIES]


_HOME = Menu("home", "", "", "house")
_SCHOOL, _ABOVE = frozenset({Level.SCHOOL}), frozenset({Level.DISTRICT, Level.CENTRAL})
_SUBMISSION = (Action.READ, "submission")

_FIRST_ENTRIES = [
    Entry(_HOME, "หน้าแรก", "Home", "house", "HomeView.index", (Action.READ, "round")),
    Entry(
        Menus.ROUNDS,
        "การส่งข้อมูล",
        "Submission",
        "clipboard-check",
        "SubmissionView.mine",
        _SUBMISSION,
        _SCHOOL,
    ),
    Entry(Menus.ROUNDS, "ติดตามการส่งข้อมูล", "Watching", "eye", "WatchView.browse", _SUBMISSION, _ABOVE),
    Entry(
        Menus.ROUNDS,
        "รอบและกำหนดเวลา",
        "Rounds and times",
        "calendar",
        "RoundView.browse",
        (Action.READ, "round"),
    ),
]

_BESPOKE_ENTRIES = [
    Entry(
        Menus.PEOPLE,
        "นำเข้าไฟล์นักเรียน",
        "Import of students",
        "file-up",
        "StudentFileView.browse",
        (Action.IMPORT, "student"),
    ),
    Entry(Menus.SYSTEM, "ประวัติการแก้ไข", "History", "history", "HistoryView.browse", (Action.READ, "change")),
    Entry(Menus.SYSTEM, "บัญชีผู้ใช้", "Accounts", "users", "AccountView.browse", (Action.READ, "account")),
    Entry(
        Menus.SYSTEM, "บทบาทและสิทธิ์", "Roles and rights", "shield", "RoleView.browse", (Action.READ, "role")
    ),
]
