"""The application factory: all wiring, in order."""

from __future__ import annotations

from typing import Any

from flask import Flask


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """An application for these settings (``config.settings()`` when none are given).

    Serves, runs commands and jobs alike. The database must be migrated (``flask --app run setup``).
    """
    import config

    from . import cli, doors, jobs
    from .declaration import db

    given = settings or config.settings()
    app = Flask(__name__, instance_path=str(given["INSTANCE_PATH"]), static_folder="static")
    app.config.from_mapping(given)
    db.init_app(app)
    with app.app_context():
        _install_database(app)
        doors.install(app)
        jobs.install(app)
        _install_screens(app)
    cli.init_app(app)
    return app


def _install_database(app: Flask) -> None:
    from flask_migrate import Migrate

    from .declaration import db

    Migrate(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True)
    raise_walls(app)


def raise_walls(app: Flask) -> None:
    """Hang the walls on the application's engine, and point to its files: for each database that it is given."""
    from . import connections, files, models, sqlite
    from .dataset import scope

    scope.install(models.db.engine)
    sqlite.install(models.db.engine)
    connections.install(models.db.engine)
    files.configure(str(app.config["FILES_URL"]))


def _install_screens(app: Flask) -> None:
    from flask_appbuilder import AppBuilder

    from . import language, views
    from .dataset import checks
    from .declaration import db
    from .security import Security

    checks.require_sound()
    appbuilder: Any = AppBuilder(
        app,
        db.session,
        indexview=views.HomeView,
        security_manager_class=Security,
        base_template="thabian/base.html",
    )
    language.install(app)
    views.register(appbuilder)
