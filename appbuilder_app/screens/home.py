"""The home page: for each role what to do next and how long is left."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask_appbuilder import IndexView, expose

from .. import access


class HomeView(IndexView):
    """A dashboard per level; who is not logged in is sent to the login page."""

    @expose("/")
    def index(self) -> Any:
        """The dashboard of the viewer's level."""
        if access.viewer_or_none() is None:
            return redirect(url_for("LoginView.login"))
        return self.render_template("thabian/home/index.html")
