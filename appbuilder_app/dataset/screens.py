"""The screens of a dataset, all from its declaration: list, look-up, export, record, its history, add, edit, delete."""

from __future__ import annotations

from typing import Any

from ..declaration import Base
from .export_door import ExportDoor
from .history_pages import HistoryPages
from .list_page import ListPage
from .many_pages import ManyPages
from .record_pages import RecordPages
from .screen_parts import Button, LockNotice, differences, find, require_by_hand, standing_now, title_of

__all__ = [
    "Button",
    "DatasetView",
    "LockNotice",
    "differences",
    "find",
    "require_by_hand",
    "standing_now",
    "title_of",
    "view_of",
]


class DatasetView(ExportDoor, ListPage, ManyPages, HistoryPages, RecordPages):
    """Screens of one dataset. ``view_of`` makes the class; nothing is written by hand per dataset."""

    default_view = "browse"


def view_of(dataset: type[Base], **extra: Any) -> type[DatasetView]:
    """The view class of a dataset; ``extra`` overrides members (buttons beyond the generated ones)."""
    members = {
        "model": dataset,
        "route_base": f"/data/{dataset.__tablename__}",
        "class_permission_name": dataset.__tablename__,
    }
    return type(f"{dataset.__name__}View", (DatasetView,), members | extra)
