"""Which screens exist, in the order of the navigation."""

from __future__ import annotations

from typing import Any

from flask import current_app

from . import frame
from .access import Action, Level
from .dataset.api import DatasetApi, api_of
from .dataset.screens import view_of
from .declaration import Base, Menu, Menus, dataset_of, datasets
from .frame import Entry
from .screens import words
from .screens.accounts import AccountView, RoleView
from .screens.cards import CardAgentView, CardView, card_button
from .screens.civil import CivilView
from .screens.documentation import DocumentationView, OpenApi
from .screens.duplicates import DuplicateSearchView, DuplicateView
from .screens.equipment import EquipmentFillView, fill_button
from .screens.explaining import ExplainView
from .screens.from_cards import CardUseView, card_row_buttons
from .screens.gcodes import GCodeView
from .screens.history import HistoryView
from .screens.home import HomeView
from .screens.imports import import_buttons, import_view_of
from .screens.jobs import JobView
from .screens.keys import KeyView
from .screens.measures import MeasureView, measures_button
from .screens.movement_files import MovementFileView
from .screens.movements import MovementView, in_buttons, movement_button, verb_button
from .screens.numbers import NumberView, numbers_button
from .screens.papers import PaperView
from .screens.questionnaires import SurveyDesignView, SurveyView, design_buttons
from .screens.readers import ReaderDeskView, lot_row_button, reader_row_button
from .screens.request_api import READINGS
from .screens.requests import RequestView
from .screens.results import PromotionView, YearEndView
from .screens.rounds import RoundView
from .screens.settings import SettingEditView, setting_button
from .screens.snapshots import SnapshotApi, SnapshotView
from .screens.statistics import StatisticsView
from .screens.student_file import StudentFileView, import_button
from .screens.submissions import CertificateView, SubmissionView, checklist_button, row_checklist_button
from .screens.verb_api import VerbApi
from .screens.verification import VerifyView
from .screens.watching import WatchView

__all__ = ["HomeView", "register"]

# Buttons of generated lists that lead to bespoke screens.
EXTRA: dict[str, dict[str, Any]] = {
    "student": {
        "extra_actions": lambda view: [
            *in_buttons(view),
            *checklist_button(view),
            *measures_button(view),
            *card_button(view),
            *import_button(view),
        ],
        "extra_row_actions": lambda view, row: [
            *movement_button(view, row),
            *row_checklist_button(view, row),
            *card_row_buttons(view, row),
            *numbers_button(view, row),
        ],
        "verb_button": lambda view, row, name: (
            next(iter(numbers_button(view, row)), None)
            if name in ("national_id", "identity_type")
            else verb_button(view, row, name)
        ),
    },
    "questionnaire": {"extra_row_actions": design_buttons},
    "equipment_count": {"extra_actions": fill_button},
    "card_reader": {"extra_row_actions": reader_row_button},
    "reader_lot": {"extra_row_actions": lot_row_button},
    "setting": {"extra_row_actions": setting_button},
}

BESPOKE: tuple[Any, ...] = (
    SurveyView,
    SurveyDesignView,
    StudentFileView,
    MeasureView,
    GCodeView,
    NumberView,
    EquipmentFillView,
    MovementView,
    MovementFileView,
    RequestView,
    CivilView,
    SubmissionView,
    ExplainView,
    CertificateView,
    SnapshotView,
    PaperView,
    DuplicateView,
    DuplicateSearchView,
    WatchView,
    StatisticsView,
    RoundView,
    SettingEditView,
    YearEndView,
    PromotionView,
    JobView,
    HistoryView,
    AccountView,
    RoleView,
    KeyView,
    DocumentationView,
    VerifyView,
    CardView,
    CardUseView,
    CardAgentView,
    ReaderDeskView,
)


def register(appbuilder: Any) -> None:
    """Mount the generated screens and API of every dataset, then the bespoke screens."""
    for dataset in datasets():
        appbuilder.add_view_no_menu(view_of(dataset, **_extra(dataset)))
        if not dataset_of(dataset).managed:
            appbuilder.add_view_no_menu(import_view_of(dataset))
        appbuilder.add_api(api_of(dataset))
    for view in BESPOKE:
        appbuilder.add_view_no_menu(view)
    for api in (OpenApi, SnapshotApi, VerbApi, *READINGS):
        appbuilder.add_api(api)
    of_programs = (DatasetApi, OpenApi, SnapshotApi, VerbApi, *READINGS)
    doors = (view for view in appbuilder.baseviews if isinstance(view, of_programs))
    appbuilder.sm.limit_programs(door.blueprint for door in doors)
    for view in appbuilder.baseviews:
        if isinstance(view, VerifyView | CardAgentView):
            appbuilder.sm.limit_strangers(view.blueprint)
        if isinstance(view, SubmissionView | AccountView):
            appbuilder.sm.limit_signing(view.blueprint)
    words.install(current_app)
    frame.install(current_app, entries())


def _extra(dataset: type[Base]) -> dict[str, Any]:
    """What hangs on a dataset's screens: the way to its import, and what EXTRA names."""
    more = EXTRA.get(dataset.__tablename__, {})
    further = more.get("extra_actions", lambda _view: [])
    return more | {"extra_actions": lambda view: [*further(view), *import_buttons(view)]}


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
            levels=_LEVELS.get(dataset.__tablename__, frozenset(Level)),
        )
        for dataset in sorted(datasets(), key=lambda model: _MENUS.index(dataset_of(model).menu))
    ]
    return [*_FIRST_ENTRIES, *generated, *_BESPOKE_ENTRIES]


_MENUS = [menu for menu in vars(Menus).values() if isinstance(menu, Menu)]
_HOME = Menu("home", "", "", "house")
_SCHOOL, _ABOVE = frozenset({Level.SCHOOL}), frozenset({Level.DISTRICT, Level.CENTRAL})
_SUBMISSION = (Action.READ, "submission")
# Who only answers meets questionnaires on a page of their own; the lists behind it would tell them nothing more.
_LEVELS = {
    "questionnaire": frozenset({Level.CENTRAL}),
    "question": frozenset({Level.CENTRAL}),
    "answer_sheet": _ABOVE,
}

_FIRST_ENTRIES = [
    Entry(_HOME, "หน้าแรก", "Home", "house", "HomeView.index", (Action.READ, "round")),
    Entry(_HOME, "คำขอ", "Requests", "clipboard-list", "RequestView.browse", (Action.READ, "request")),
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
    Entry(Menus.ROUNDS, "สถิติ", "Statistics", "layers", "StatisticsView.browse", _SUBMISSION, _ABOVE),
    Entry(
        Menus.ROUNDS,
        "บันทึกผลสิ้นปี",
        "End of the year",
        "list-checks",
        "YearEndView.mine",
        (Action.READ, "year_result"),
        _SCHOOL,
    ),
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
        Menus.SURVEYS,
        "ตอบและติดตาม",
        "Answer and watch",
        "list-checks",
        "SurveyView.browse",
        (Action.READ, "answer_sheet"),
    ),
    Entry(
        Menus.PEOPLE,
        "การเคลื่อนย้าย",
        "Movements",
        "arrow-right",
        "MovementView.browse",
        (Action.READ, "movement"),
    ),
    Entry(
        Menus.PEOPLE,
        "นักเรียนซ้ำซ้อน",
        "Duplicates",
        "users",
        "DuplicateView.browse",
        (Action.READ, "request"),
    ),
    Entry(
        Menus.PEOPLE,
        "น้ำหนักและส่วนสูง",
        "Weight and height",
        "table",
        "MeasureView.browse",
        (Action.READ, "student"),
    ),
    Entry(
        Menus.PEOPLE,
        "นำเข้าไฟล์นักเรียน",
        "Import of students",
        "file-up",
        "StudentFileView.browse",
        (Action.IMPORT, "student"),
    ),
    Entry(
        Menus.PEOPLE,
        "อ่านบัตรประชาชน",
        "Read an ID card",
        "user-plus",
        "CardView.read",
        (Action.WRITE, "card"),
    ),
    Entry(
        Menus.ASSETS,
        "จัดสรรเครื่องอ่านบัตร",
        "Card reader desk",
        "clipboard-check",
        "ReaderDeskView.browse",
        (Action.READ, "reader_desk"),
    ),
    Entry(Menus.SYSTEM, "เครื่องอ่านบัตร", "Card readers", "user", "CardView.browse", (Action.READ, "card")),
    Entry(Menus.PEOPLE, "ขอรหัส G", "G-codes", "badge-check", "GCodeView.browse", (Action.READ, "request")),
    Entry(
        Menus.PEOPLE,
        "ขอแก้ไขเลขประจำตัว",
        "Corrections of IDs",
        "list-checks",
        "NumberView.queue",
        (Action.READ, "request"),
    ),
    Entry(
        Menus.PEOPLE,
        "ถามกรมการปกครอง",
        "Civil register",
        "clipboard-check",
        "CivilView.browse",
        (Action.DECIDE, "request"),
    ),
    Entry(Menus.SYSTEM, "งานเบื้องหลัง", "Background jobs", "layers", "JobView.browse", (Action.READ, "job")),
    Entry(Menus.SYSTEM, "ประวัติการแก้ไข", "History", "history", "HistoryView.browse", (Action.READ, "change")),
    Entry(Menus.SYSTEM, "บัญชีผู้ใช้", "Accounts", "users", "AccountView.browse", (Action.READ, "account")),
    Entry(
        Menus.SYSTEM, "บทบาทและสิทธิ์", "Roles and rights", "shield", "RoleView.browse", (Action.READ, "role")
    ),
    Entry(
        Menus.SYSTEM,
        "คู่มือ API",
        "API manual",
        "file-text",
        "DocumentationView.browse",
        (Action.READ, "openapi"),
    ),
]
