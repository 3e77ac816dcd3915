"""Settings: the environment's THABIAN_* variables turned into one Flask configuration.

Nothing else reads them. Every variable is described in docs/operators/settings.md; a test compares the two.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MEBIBYTE = 1024 * 1024
SHORTEST_KEY = 32

SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class BadSetting(ValueError):
    """A THABIAN_* variable that cannot be used; the sentence says which, and what is expected instead."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"ค่าตั้ง {name} ใช้ไม่ได้: {expected} ดูคำอธิบายใน docs/operators/settings.md")


class Environment:
    """The THABIAN_* variables of one environment, read with their defaults and checked for misspelling."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.given = {name: value for name, value in variables.items() if name.startswith("THABIAN_")}
        self.known: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """The variable's value; an empty one counts as not given."""
        self.known.add(name)
        return self.given.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int = 1) -> int:
        """A whole number of at least `least`."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) < least:
            raise BadSetting(name, f"ต้องเป็นจำนวนเต็มตั้งแต่ {least} ขึ้นไป แต่ได้ “{value}”")
        return int(value)

    def switch(self, name: str, default: bool = False) -> bool:
        """On or off: 1/true/yes or 0/false/no."""
        value = self.text(name, "1" if default else "0").lower()
        if value not in SWITCH:
            raise BadSetting(name, f"ต้องเป็น 1 หรือ 0 แต่ได้ “{value}”")
        return SWITCH[value]

    def choice(self, name: str, default: str, among: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value not in among:
            raise BadSetting(name, f"ต้องเป็น {' หรือ '.join(among)} แต่ได้ “{value}”")
        return value

    def refuse_unknown(self) -> None:
        """A misspelt THABIAN_DATABASE_URL must not quietly start the embedded database instead."""
        for name in sorted(self.given.keys() - self.known):
            raise BadSetting(name, "ไม่มีค่าตั้งชื่อนี้ โปรดตรวจตัวสะกด")


def settings(variables: Mapping[str, str] | None = None) -> dict[str, object]:
    """The whole configuration for `app.config.from_mapping`; BadSetting when a variable is wrong.

    Creates the instance folder, and the session key inside it when none is given.
    """
    environment = Environment(os.environ if variables is None else variables)
    instance = Path(environment.text("THABIAN_INSTANCE", str(ROOT / "instance"))).expanduser().resolve()
    # 0700: the embedded database and the scans in it hold citizens' IDs, the server may have other accounts.
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = {
        **_serving(environment),
        **_storage(environment, instance),
        **_jobs(environment),
        **_signatures(environment, instance),
        **_sessions(environment, instance),
        **_language(environment),
        **_framework(),
    }
    environment.refuse_unknown()
    return found


def _serving(environment: Environment) -> dict[str, object]:
    return {
        # Where `python run.py` listens. Loopback: a proxy with TLS stands in front of anything wider.
        "HOST": environment.text("THABIAN_HOST", "127.0.0.1"),
        "PORT": environment.number("THABIAN_PORT", 8080),
        # Processes and threads in each. One process unless asked: in-process jobs and the in-memory login
        # limit live in it, and SQLite takes one writer at a time anyway.
        "WORKERS": environment.number("THABIAN_WORKERS", 1),
        "THREADS": environment.number("THABIAN_THREADS", 8),
        # How the world reaches this installation: what documents print as the place where they are verified.
        "PUBLIC_URL": environment.text("THABIAN_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/"),
        # How many proxies in front may be believed about the client's address and https. With 0, nobody can
        # forge an address to escape the login limit.
        "TRUSTED_PROXIES": environment.number("THABIAN_TRUSTED_PROXIES", 0, least=0),
        # Requests a minute through the API, for each key and each account, so that one program cannot slow all.
        "API_PER_MINUTE": environment.number("THABIAN_API_PER_MINUTE", 600),
        # Where the pages look for the card program on the PC of who looks at them: `smartcard-agent run --port`.
        "CARD_AGENT_PORT": environment.number("THABIAN_CARD_AGENT_PORT", 8765),
        # The largest request, hence upload. A scanned certificate or a national-size school file stays below.
        "MAX_CONTENT_LENGTH": environment.number("THABIAN_MAX_UPLOAD_MIB", 20) * MEBIBYTE,
    }


def _storage(environment: Environment, instance: Path) -> dict[str, object]:
    database = _with_driver(environment.text("THABIAN_DATABASE_URL", f"sqlite:///{instance}/thabian.db"))
    owner = environment.text("THABIAN_DATABASE_OWNER_URL")
    redis = environment.text("THABIAN_REDIS_URL")
    return {
        # The folder for all that this installation keeps on its own disk; create_app passes it to Flask.
        "INSTANCE_PATH": str(instance),
        # Where the schema's revisions lie, from whatever folder a command is given.
        "MIGRATIONS": str(ROOT / "migrations"),
        # The database: SQLite in the instance folder, or PostgreSQL.
        "SQLALCHEMY_DATABASE_URI": database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(database, environment.number("THABIAN_THREADS", 8)),
        # Who owns the tables, for `flask setup` alone; empty: the application's own role does.
        "DATABASE_OWNER_URL": _with_driver(owner, "THABIAN_DATABASE_OWNER_URL") if owner else "",
        # The role that the application's takes on for who looks after the whole country; empty: none.
        "DATABASE_COUNTRY_ROLE": environment.text("THABIAN_DATABASE_COUNTRY_ROLE"),
        # Redis for jobs and shared login limits; empty: jobs run in this process.
        "REDIS_URL": redis,
        # Where login attempts are counted. In memory, each process would count alone, so workers share Redis.
        "RATELIMIT_STORAGE_URI": redis or "process://",
        # Uploaded scans and printed certificates: any fsspec URL, a folder or a bucket.
        "FILES_URL": environment.text("THABIAN_FILES_URL", (instance / "files").as_uri()),
    }


def _jobs(environment: Environment) -> dict[str, object]:
    return {
        # Threads of this process that do background jobs where there is no Redis. Beyond two, jobs slow the pages.
        "JOB_THREADS": environment.number("THABIAN_JOB_THREADS", 2),
        # How long finished jobs and the files that they made are kept.
        "JOBS_KEPT": timedelta(days=environment.number("THABIAN_JOBS_KEPT_DAYS", 7)),
        # A job whose worker has not been heard of for so long is taken over by another.
        "JOB_STALE_AFTER": timedelta(seconds=60),
        # How often is looked for jobs that were left behind, or whose bell nobody heard.
        "JOB_SWEEP_EVERY": timedelta(seconds=15),
        # Done at the end of the transaction that orders them, where a command or a test wants to see the result.
        "JOBS_AT_ONCE": False,
    }


def _signatures(environment: Environment, instance: Path) -> dict[str, object]:
    return {
        # The key that seals every issued document: a PKCS#12 file, made at set-up when it is missing, or a key in a
        # token: "pkcs11:token=…;object=…".
        "SEAL_KEY": environment.text("THABIAN_SEAL_KEY", str(instance / "seal.p12")),
        # Its pass phrase, or the token's PIN.
        "SEAL_PASSPHRASE": environment.text("THABIAN_SEAL_PASSPHRASE"),
        # The PKCS#11 module of the server's tokens. With it, directors may sign with the token named like their school.
        "PKCS11_LIBRARY": environment.text("THABIAN_PKCS11_LIBRARY"),
        # The time stamping service (RFC 3161) for seals and signatures; empty: no time stamps.
        "TSA_URL": environment.text("THABIAN_TSA_URL"),
        # A folder of certificates (PEM) whose holders' signatures are believed, with those between; empty: anybody's.
        "SIGNING_TRUST": environment.text("THABIAN_SIGNING_TRUST"),
        # Whether it is asked on the network if a director's certificate was revoked, and the answer kept in the file.
        "SIGNING_REVOCATION": environment.switch("THABIAN_SIGNING_REVOCATION", default=True),
    }


def _with_driver(url: str, name: str = "THABIAN_DATABASE_URL") -> str:
    """PostgreSQL URLs as operators write them, with the driver that is installed."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise BadSetting(name, "ต้องขึ้นต้นด้วย sqlite:/// หรือ postgresql://")
    return url


def _engine_options(database: str, threads: int) -> dict[str, object]:
    if database.startswith("sqlite:"):
        # Seconds a writer waits for another's transaction before "database is locked".
        return {"connect_args": {"timeout": 30}, "hide_parameters": True}
    return {
        # What the database refuses stands in the server's log, and must not carry anybody's number there.
        "hide_parameters": True,
        # A connection per thread, and a few for jobs that run inside a request's process.
        "pool_size": threads,
        "max_overflow": 8,
        # Never by itself: a prepared statement may settle on a generic plan that skips the trigram index (6 -> 31 ms).
        # Those that ask for it are prepared: appbuilder_app/connections.py.
        "connect_args": {"prepare_threshold": 2**31},
    }


def _sessions(environment: Environment, instance: Path) -> dict[str, object]:
    https = environment.switch("THABIAN_HTTPS")
    return {
        # Signs session cookies and tokens: who has it can be anybody. Changing it logs everyone out.
        "SECRET_KEY": _secret_key(environment.text("THABIAN_SECRET_KEY"), instance / "secret-key"),
        # Its own name: other applications on the same host keep theirs.
        "SESSION_COOKIE_NAME": "thabian",
        # A script that got into a page cannot carry the session away.
        "SESSION_COOKIE_HTTPONLY": True,
        # Lax: a link in a letter opens logged in, a form on another site does not post logged in.
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Only over https once the operator says that https is there; otherwise nobody could log in.
        "SESSION_COOKIE_SECURE": https,
        # The same for the cookie that outlives the browser.
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": https,
        # For addresses written outside a request, in letters and messages.
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        # Idle minutes after which one logs in again: school computers are shared.
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=environment.number("THABIAN_SESSION_MINUTES", 120)),
        # Every form carries a token. It lives as long as the session: a long form must not expire by itself.
        "WTF_CSRF_ENABLED": True,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _secret_key(given: str, kept: Path) -> str:
    if given and len(given) < SHORTEST_KEY:
        # A guessed key lets anybody sign a session of anybody.
        raise BadSetting("THABIAN_SECRET_KEY", f"ต้องยาวอย่างน้อย {SHORTEST_KEY} ตัวอักษร")
    return given or _kept_key(kept)


def _kept_key(file: Path) -> str:
    """The installation's session key, made at the first start and readable by its owner alone."""
    if not file.exists():
        handle, fresh = tempfile.mkstemp(dir=file.parent, prefix=".secret-key-")  # mode 0600
        os.write(handle, secrets.token_urlsafe(48).encode())
        os.close(handle)
        try:
            # A link appears whole or not at all: a second process starting now reads the same key.
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            Path(fresh).unlink()
    return file.read_text().strip()


def _language(environment: Environment) -> dict[str, object]:
    return {
        # The language of who has chosen none.
        "BABEL_DEFAULT_LOCALE": environment.choice("THABIAN_LOCALE", "th", among=("th", "en")),
        # Deadlines are printed in letters in Thai time, whatever zone the server keeps.
        "BABEL_DEFAULT_TIMEZONE": "Asia/Bangkok",
        # What the language menu offers.
        "LANGUAGES": {"th": {"flag": "th", "name": "ไทย"}, "en": {"flag": "gb", "name": "English"}},
    }


def _framework() -> dict[str, object]:
    return {
        # Stands in the title of every page.
        "APP_NAME": "ทะเบียน",
        # 1: accounts in the database (flask_appbuilder.const.AUTH_DB).
        "AUTH_TYPE": 1,
        # Nobody gets in without an account, and no account is made by its future owner.
        "AUTH_USER_REGISTRATION": False,
        # The roles of the framework itself: everything, and nobody logged in.
        "AUTH_ROLE_ADMIN": "Admin",
        "AUTH_ROLE_PUBLIC": "Public",
        # Tells a program that was stopped how long to wait.
        "RATELIMIT_HEADERS_ENABLED": True,
        # A person guesses a few times, a program is stopped.
        "RATELIMIT_ENABLED": True,
        "AUTH_RATE_LIMITED": True,
        "AUTH_RATE_LIMIT": "10 per minute",
        # Permissions and tables are made when deploying, not at every start (6.9 s against 0.4 s).
        "FAB_UPDATE_PERMS": False,
        "FAB_CREATE_DB": False,
        # Administrators manage users and roles in screens.
        "FAB_ADD_SECURITY_VIEWS": True,
        # Raw permissions are derived from access.py; editing them by hand would be undone at the next deploy.
        "FAB_ADD_SECURITY_PERMISSION_VIEW": False,
        "FAB_ADD_SECURITY_VIEW_MENU_VIEW": False,
        "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW": False,
        # The security API fails on marshmallow 4 and would be a second door to accounts.
        "FAB_ADD_SECURITY_API": False,
        # The browsable API page loads its assets from elsewhere; the description itself is still served.
        "FAB_API_SWAGGER_UI": False,
        # The framework's menu is not ours, and its door would be one more to watch.
        "FAB_ADD_MENU_API": False,
        # An error's trace goes to the log, never to the client.
        "FAB_API_SHOW_STACKTRACE": False,
        # Without a bound, one request could carry the country away.
        "FAB_API_MAX_PAGE_SIZE": 100,
        # A link must never delete or change anything.
        "FAB_ALLOW_GET_UNSAFE_MUTATIONS": False,
    }
