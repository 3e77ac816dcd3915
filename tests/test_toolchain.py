"""Starting, locking and checking: what a fresh machine meets before any of the application's code runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-cards.txt", "requirements-dev.txt", "requirements-bench.txt")


def pins(lock: str) -> dict[str, str]:
    """Each library of a lock file with its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (ROOT / lock).read_text(), re.MULTILINE))


def sh(script: str, *words: str, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts, with programs of our own found before the machine's."""
    found = {**os.environ, "PATH": f"{path}:/usr/bin:/bin", **environment}
    command = ["sh", str(ROOT / "scripts" / script), *words]
    return subprocess.run(command, env=found, capture_output=True, text=True, check=False)


def program(folder: Path, name: str, body: str) -> None:
    """A program that answers as another machine's would."""
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_library_is_pinned_and_hashed_and_no_host_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text()
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; [^\\]+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry
    assert "://" not in text
    assert not re.search(r"^\s*-(i|f|-index|-extra|-find|-trusted)", text, re.MULTILINE)


def test_what_is_tested_is_what_runs() -> None:
    development = pins("requirements-dev.txt")
    assert {name: development.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


def test_the_locks_hold_what_their_sources_ask_for() -> None:
    for line in (ROOT / "requirements.in").read_text().splitlines():
        if wanted := re.match(r"([\w-]+)(?:\[\w+\])?==(\S+)", line):
            assert pins("requirements.txt")[wanted[1].lower()] == wanted[2]


def test_make_help_names_every_command_and_each_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    commands = set(phony.split()) - {"ready", "ready-dev"}
    printed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+) +\S", printed, re.MULTILINE)) == commands


def test_an_old_python_is_refused_in_a_clear_sentence(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        program(tmp_path, name, '[ "$1" = --version ] && echo Python 3.9.2; exit 1')
    program(tmp_path, "python3", '[ "$1" = --version ] && echo Python 3.9.2 && exit; exit 1')
    done = sh("python.sh", path=tmp_path)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this machine has Python 3.9.2" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    program(tmp_path, "python3", "exit 1")
    program(tmp_path, "python3.13", "exit 0")
    assert sh("python.sh", path=tmp_path).stdout.strip() == str(tmp_path / "python3.13")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A Debian with Python and nothing else; what apt-get is told is written to the file `apt`."""
    program(tmp_path, "python3", "exit 0")
    program(tmp_path, "dpkg-query", "exit 1")
    program(tmp_path, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >>{tmp_path}/apt')
    return tmp_path


def test_missing_packages_are_named_to_who_is_not_root(bare_machine: Path) -> None:
    program(bare_machine, "id", "echo 1000")
    done = sh("system-packages.sh", "run", path=bare_machine)
    assert done.returncode == 1
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends libpango-1.0-0" in done.stderr
    assert not (bare_machine / "apt").exists()


def test_missing_packages_are_installed_by_root_without_questions(bare_machine: Path) -> None:
    program(bare_machine, "id", "echo 0")
    assert sh("system-packages.sh", "run", path=bare_machine).returncode == 0
    update, install = (bare_machine / "apt").read_text().splitlines()
    assert update == "noninteractive -q update"
    assert install.startswith("noninteractive -q install --yes --no-install-recommends libpango-1.0-0")


def test_nothing_is_fetched_when_nothing_is_missing(bare_machine: Path) -> None:
    program(bare_machine, "dpkg-query", "echo installed")
    done = sh("system-packages.sh", "run", path=bare_machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not (bare_machine / "apt").exists()


def test_a_failed_installation_stops_with_apts_last_words(bare_machine: Path) -> None:
    program(bare_machine, "id", "echo 0")
    program(bare_machine, "apt-get", "echo E: no such package; exit 100")
    done = sh("system-packages.sh", "run", path=bare_machine)
    assert done.returncode == 1
    assert "E: no such package" in done.stderr


def test_a_wrong_setting_stops_the_server_with_its_sentence_alone(tmp_path: Path) -> None:
    environment = os.environ | {"THABIAN_INSTANCE": str(tmp_path), "THABIAN_PROT": "80"}
    done = subprocess.run(
        [sys.executable, "run.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "THABIAN_PROT" in done.stderr
    assert "Traceback" not in done.stderr
