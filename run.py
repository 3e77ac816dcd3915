"""The application: `flask --app run` finds it here, and `python run.py` serves it."""

from __future__ import annotations

from gunicorn.app.base import BaseApplication

import config


class Server(BaseApplication):
    """gunicorn with the settings of config.py: one process with threads unless THABIAN_WORKERS asks for more.

    The application is imported by each worker, after the fork, so that no database connection is shared.
    """

    def __init__(self, settings: dict[str, object]) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings to gunicorn."""
        host, port = self.settings["HOST"], self.settings["PORT"]
        self.cfg.set("bind", f"{host}:{port}")
        self.cfg.set("workers", self.settings["WORKERS"])
        self.cfg.set("threads", self.settings["THREADS"])
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("control_socket_disable", True)
        # The longest honest request, an import's commit, stays far below; a hung process is replaced.
        self.cfg.set("timeout", 120)
        self.cfg.set("when_ready", lambda _server: print(f"Thabian: http://{host}:{port}", flush=True))

    def load(self) -> object:
        """The WSGI application, made inside the worker."""
        from run import app

        return app


if __name__ == "__main__":
    Server(config.settings()).run()
else:
    from werkzeug.middleware.proxy_fix import ProxyFix

    from appbuilder_app import create_app

    app = create_app()
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
