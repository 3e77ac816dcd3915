"""The application: `flask --app run` finds it here, and `python run.py` serves it."""

from __future__ import annotations

import gc
import sys

from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

import config


class Server(BaseApplication):
    """gunicorn with the settings of config.py: one process with threads unless THABIAN_WORKERS asks for more.

    Each worker imports the application for itself, after the fork, so that no database connection is shared.
    """

    def __init__(self, settings: dict[str, object]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        address = f"{self.settings['HOST']}:{self.settings['PORT']}"
        for name, value in {
            "bind": address,
            "workers": self.settings["WORKERS"],
            "threads": self.settings["THREADS"],
            "worker_class": "gthread",
            # A process that has answered nothing for so long is replaced; the longest import stays far below.
            "timeout": 120,
            # Nobody steers this server but by signals; a socket for it would only be a door.
            "control_socket_disable": True,
            "loglevel": "warning",
            "when_ready": lambda _server: print(f"Thabian: http://{address} (Ctrl-C stops it)", flush=True),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made inside the worker."""
        from appbuilder_app import (
            jobs,
            typesetting,  # noqa: F401 - loaded now, so that the first to print need not wait
        )
        from appbuilder_app.signatures import checking  # noqa: F401 - the same
        from run import app

        jobs.begin(app)
        return app


def application() -> Flask:
    """The application, behind as many proxies as the settings trust.

    What is made here stays to the end. Looking through it for garbage takes a quarter of the start, and a part of
    many a request afterwards: it is set aside.
    """
    from appbuilder_app import collector, create_app

    with collector.resting():
        app = create_app()
        gc.freeze()
    if hops := app.config["TRUSTED_PROXIES"]:
        # Assigning the method is Flask's own way to put something in front, hence the exception for mypy.
        wrapped = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = wrapped  # type: ignore[method-assign]
    return app


try:
    if __name__ == "__main__":
        Server(config.settings()).run()
    else:
        app = application()
except config.BadSetting as bad:
    # The sentence alone: a traceback would hide it from who has to put the setting right.
    sys.exit(f"{bad}")
