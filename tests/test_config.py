"""Settings: read in one place, documented, and a mistake among them stops the start."""

from __future__ import annotations

import re
import stat
import threading
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTED = re.compile(r"^\| `(THABIAN_[A-Z0-9_]+)` \|", re.MULTILINE)


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """An environment of an installation in a folder of its own."""
    return {"THABIAN_INSTANCE": str(tmp_path / "instance"), "PATH": "/bin"}


def read_by_code() -> set[str]:
    """The variables that config.py asks for."""
    asked = re.findall(
        r'environment\.(?:text|number|switch|choice)\(\s*"(\w+)"', (ROOT / "config.py").read_text()
    )
    return set(asked)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    page = (ROOT / "docs/operators/settings.md").read_text()
    assert set(DOCUMENTED.findall(page)) == read_by_code()


def test_the_documented_names_are_those_that_are_accepted(given: dict[str, str]) -> None:
    environment = config.Environment(given)
    instance = Path(given["THABIAN_INSTANCE"])
    instance.mkdir()
    for part in (config._serving, config._jobs, config._language):
        part(environment)
    for kept in (config._storage, config._sessions, config._signatures):
        kept(environment, instance)
    assert environment.known | {"THABIAN_INSTANCE"} == read_by_code()


def test_only_config_reads_the_environment() -> None:
    """A setting read elsewhere would be neither documented nor checked."""
    folders = (ROOT / "appbuilder_app", ROOT / "forms")
    files = [ROOT / "run.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    readers = [
        str(file.relative_to(ROOT))
        for file in files
        if re.search(r"\bos\.(environ|getenv)\b", file.read_text())
    ]
    assert readers == []


def test_every_setting_in_the_code_stands_under_a_comment() -> None:
    """A comment speaks for the line below it and for the settings that follow without a gap."""
    lines = [line.strip() for line in (ROOT / "config.py").read_text().splitlines()]
    setting = re.compile(r'"[A-Z_]+": ')
    bare = [
        line
        for before, line in pairwise(lines)
        if setting.match(line) and not before.startswith("#") and not setting.match(before)
    ]
    assert bare == []


def test_without_settings_it_runs_on_one_machine(given: dict[str, str]) -> None:
    found = config.settings(given)
    instance = Path(given["THABIAN_INSTANCE"])
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{instance}/thabian.db"
    assert (found["HOST"], found["PORT"], found["WORKERS"]) == ("127.0.0.1", 8080, 1)
    assert (found["REDIS_URL"], found["RATELIMIT_STORAGE_URI"]) == ("", "process://")
    assert found["FILES_URL"] == f"file://{instance}/files"
    assert found["BABEL_DEFAULT_LOCALE"] == "th"
    assert found["MAX_CONTENT_LENGTH"] == 20 * 1024 * 1024


def test_an_empty_variable_is_one_not_given(given: dict[str, str]) -> None:
    assert config.settings(given | {"THABIAN_PORT": ""})["PORT"] == 8080


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_url_gets_the_installed_driver(given: dict[str, str], scheme: str) -> None:
    found = config.settings(given | {"THABIAN_DATABASE_URL": f"{scheme}://a:b@db/thabian"})
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://a:b@db/thabian"


def test_redis_also_counts_the_login_attempts_of_all_processes(given: dict[str, str]) -> None:
    found = config.settings(given | {"THABIAN_REDIS_URL": "redis://queue/0"})
    assert found["RATELIMIT_STORAGE_URI"] == "redis://queue/0"


@pytest.mark.parametrize(("https", "secure"), [("1", True), ("0", False)])
def test_cookies_are_kept_from_scripts_other_sites_and_plain_http(
    given: dict[str, str], https: str, secure: bool
) -> None:
    found = config.settings(given | {"THABIAN_HTTPS": https})
    for cookie in ("SESSION_COOKIE", "REMEMBER_COOKIE"):
        assert found[f"{cookie}_HTTPONLY"] is True
        assert found[f"{cookie}_SAMESITE"] == "Lax"
        assert found[f"{cookie}_SECURE"] is secure


def test_a_session_ends_after_the_idle_minutes(given: dict[str, str]) -> None:
    found = config.settings(given | {"THABIAN_SESSION_MINUTES": "15"})
    assert found["PERMANENT_SESSION_LIFETIME"] == timedelta(minutes=15)


def test_the_made_session_key_is_long_private_and_stays(given: dict[str, str]) -> None:
    key = config.settings(given)["SECRET_KEY"]
    file = Path(given["THABIAN_INSTANCE"]) / "secret-key"
    assert isinstance(key, str)
    assert len(key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert config.settings(given)["SECRET_KEY"] == key
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.glob(".secret-key-*")) == []


def test_processes_that_start_together_agree_on_the_key(given: dict[str, str]) -> None:
    keys: list[object] = []
    threads = [
        threading.Thread(target=lambda: keys.append(config.settings(given)["SECRET_KEY"])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_given_session_key_writes_no_file(given: dict[str, str]) -> None:
    found = config.settings(given | {"THABIAN_SECRET_KEY": "k" * 32})
    assert found["SECRET_KEY"] == "k" * 32
    assert not (Path(given["THABIAN_INSTANCE"]) / "secret-key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THABIAN_PORT", "eighty"),
        ("THABIAN_PORT", "0"),
        ("THABIAN_PORT", "๘๐๘๐"),
        ("THABIAN_WORKERS", "-1"),
        ("THABIAN_HTTPS", "maybe"),
        ("THABIAN_DATABASE_URL", "mysql://db/thabian"),
        ("THABIAN_SECRET_KEY", "short"),
        ("THABIAN_LOCALE", "de"),
        ("THABIAN_DATABSE_URL", "postgresql://db/thabian"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(given: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(config.BadSetting, match=name):
        config.settings(given | {name: value})
