"""Which screens exist, in the order of the navigation."""

from __future__ import annotations

from typing import Any

from flask import current_app

from . import frame
from .access import Action
from .dataset.api import api_of
from .dataset.screens import view_of
from .declaration import Menus, dataset_of, datasets
from .frame import Entry
from .screens.accounts import AccountView, RoleView
from .screens.documentation import OpenApi
from .screens import words
from .screens.home import HomeView

__all__ = ["HomeView", "register"]

BESPOKE: tuple[Any, ...] = (AccountView, RoleView)


def register(appbuilder: Any) -> None:
    """Mount the generated screens and API of every dataset, then the bespoke screens."""
    for dataset in datasets():
        appbuilder.add_view_no_menu(view_of(dataset))
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
    return [*generated, *_BESPOKE_ENTRIES]


_BESPOKE_ENTRIES = [
    Entry(Menus.SYSTEM, "บัญชีผู้ใช้", "Accounts", "users", "AccountView.browse", (Action.READ, "account")),
    Entry(Menus.SYSTEM, "บทบาทและสิทธิ์", "Roles and rights", "shield", "RoleView.browse", (Action.READ, "role")),
]
