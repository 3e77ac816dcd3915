"""What stands around every page: navigation, the viewer, the round and the server's clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_appbuilder.utils.base import get_safe_redirect
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from . import access, table
from .bilingual import Label, Sentence
from .codes import RoundSystem
from .dataset import lock
from .dataset.listing import titles
from .dataset.screens import standing_now
from .declaration import Menu, db
from .language import said


@dataclass(frozen=True)
class Entry:
    """A line of the navigation: shown to viewers who hold the right."""

    menu: Menu
    th: str
    en: str
    icon: str
    endpoint: str
    right: access.Right
    levels: frozenset[access.Level] = frozenset(access.Level)


@dataclass(frozen=True)
class Link:
    """A line of the navigation as the page shows it."""

    label: str
    url: str
    icon: str
    active: bool
    badge: int | None = None


def install(app: Flask, entries: list[Entry]) -> None:
    """Give every template what the base page needs."""
    app.extensions["thabian.navigation"] = entries
    app.extensions["thabian.static_version"] = _static_version(Path(app.static_folder or ""))
    app.context_processor(_around)
    # The framework's own leads home: who changes the language in the middle of a task would lose their place.
    app.view_functions["LocaleView.index"] = change_language
    table.install(app)


def _static_version(folder: Path) -> str:
    newest = max((int(file.stat().st_mtime) for file in folder.glob("*.*")), default=0)
    return str(newest)


def _around() -> dict[str, Any]:
    viewer = access.viewer_or_none()
    around = {
        "locale": str(get_locale() or "th"),
        "languages": _languages(),
        "server_now": lock.now(),
        "home_url": "/",
        "login_url": url_for("LoginView.login"),
        "logout_url": url_for("LoginView.logout"),
        "static_version": current_app.extensions["thabian.static_version"],
        "environment_notice": demo_notice() if session.get("demo") else None,
        "viewer": None,
    }
    return around if viewer is None else around | _of_viewer(viewer)


def _of_viewer(viewer: access.Viewer) -> dict[str, Any]:
    place = place_of(viewer)
    return {
        "viewer": {"id": viewer.id, "name": viewer.name, "position": viewer.position, "place": place},
        "account_url": url_for("AccountView.password"),
        "keys_url": url_for("KeyView.browse") if viewer.may(access.Action.WRITE, "api_key") else None,
        "nav": navigation(viewer),
        "round_badge": _round_badge(viewer),
    }


def demo_notice() -> str:
    """What every page of an installation with the demo says."""
    return _("ข้อมูลตัวอย่าง: โรงเรียน นักเรียน และบุคคลทั้งหมดเป็นข้อมูลสมมติ ห้ามบันทึกข้อมูลของบุคคลจริง")


def place_of(viewer: access.Viewer) -> str:
    """Name of the school, of the district, or ส่วนกลาง."""
    if "place" not in g:
        parts = viewer.scope.split("/")
        dataset = {2: "area", 3: "school"}.get(len(parts))
        g.place = (
            titles(db.session, dataset, {parts[-1]}).get(parts[-1], "")
            if dataset
            else access.Level.CENTRAL.th
        )
    return str(g.place)


def navigation(viewer: access.Viewer) -> list[tuple[str, list[Link]]]:
    """The lines of the navigation that this viewer may use, by group."""
    groups: dict[Menu, list[Link]] = {}
    for entry in current_app.extensions["thabian.navigation"]:
        if viewer.may(*entry.right) and viewer.level in entry.levels:
            url = url_for(entry.endpoint)
            active = request.path == url or (url != "/" and request.path.startswith(url))
            link = Link(said(Label(entry.th, entry.en)), url, entry.icon, active)
            groups.setdefault(entry.menu, []).append(link)
    return [(said(menu.th), links) for menu, links in groups.items()]


def change_language(locale: str) -> Response:
    """Speak this language from now on, and show the page again on which it was chosen."""
    if locale not in current_app.config["LANGUAGES"]:
        abort(404)
    session["locale"] = locale
    return redirect(get_safe_redirect(_page_before()))


def _page_before() -> str:
    """The address that the request comes from, if it can be opened; home after a form that was sent."""
    url = request.referrer or "/"
    try:
        current_app.url_map.bind("").match(urlsplit(url).path, method="GET")
    except HTTPException:
        return "/"
    return url


def _languages() -> list[tuple[str, str, str]]:
    return [
        (code, facts["name"], url_for("LocaleView.index", locale=code))
        for code, facts in current_app.config["LANGUAGES"].items()
    ]


def _round_badge(viewer: access.Viewer) -> dict[str, Any] | None:
    standing = standing_now(RoundSystem.DMC, viewer.scope)
    if standing.round_id is None:
        return None
    facts = standing.round_label.facts
    short = Sentence("รอบ {number}/{year}", **facts)
    return {
        "label": standing.round_label,
        "short": short,
        "deadline": standing.closes_at,
        "opens": standing.opens_at if standing.opens_at and standing.opens_at > lock.now() else None,
        "url": url_for("RoundView.browse"),
    }
