"""People at a real browser before a real server: every page that they see is inspected on the way.

A page passes when it is in its language, no wider than a phone, without an error in its console, a breach of
the content policy, an address that answers with an error, or a request to any other host.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from scripts import look, services
from tests.app_fixtures import PASSWORD

DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
START_SECONDS, STOP_SECONDS = 60, 10
THAI = re.compile("[ก-๛]")
# What a browser says about an answer with an error; which answers may be errors is judged by their status.
TOLD_BY_STATUS = "Failed to load resource: the server responded with a status of"


@contextmanager
def served(database_url: str, instance: Path, **changed: str) -> Iterator[str]:
    """The real server (`python run.py`) on a free port, with all its doors closed; its address."""
    address = f"http://127.0.0.1:{(port := services.free_port())}"
    settings = {
        "THABIAN_INSTANCE": str(instance),
        **services.environment(database_url),
        "THABIAN_PORT": str(port),
        **changed,
    }
    outside = {name: value for name, value in os.environ.items() if not name.startswith("THABIAN_")}
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "server.log").open("wb") as log:
        # The kernel ends the server when the tests are killed.
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig=KILL", sys.executable, "run.py"],
            cwd=look.ROOT, env=outside | settings, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for(f"{address}/health", process, instance / "server.log")
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, told to stay off the network."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=look.CHROMIUM)
        yield chromium
        chromium.close()


class Person:
    """Somebody at a browser of their own. ``wrong`` collects what no page may do."""

    def __init__(self, browser: Browser, address: str, language: str = "th") -> None:
        self.address, self.language = address, language
        self.wrong: list[str] = []
        self.answers: list[int] = []
        self.seen: set[str] = set()
        self.context = browser.new_context(base_url=address, viewport=DESK, locale="th-TH")
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("response", self._note_answer)
        self.context.on("request", lambda asked: self._note_address(asked.url))

    # ── Noticing ─────────────────────────────────────────────────────────────────────────────────────────

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(TOLD_BY_STATUS):
            self.wrong.append(f"console: {message.text}")

    def _note_answer(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            if not 300 <= answer.status < 400:
                self.answers.append(answer.status)
        elif answer.status >= 400:
            self.wrong.append(f"{answer.status} {answer.url}")

    def _note_address(self, url: str) -> None:
        if not url.startswith((f"{self.address}/", "data:", "blob:")):
            self.wrong.append(f"elsewhere: {url}")

    def inspect(self, status: int = 200) -> None:
        """The page before this person keeps what every page promises."""
        url = self.page.url
        assert self.answers, url
        assert self.answers[-1] == status, (
            url,
            self.answers[-1],
            self.page.locator("main").inner_text()[:900],
        )
        language, title, headings = self.page.evaluate(
            "[document.documentElement.lang, document.title, document.querySelectorAll('h1').length]"
        )
        assert (language, headings) == (self.language, 1), url
        assert language != "th" or THAI.search(title), title
        assert self.wrong == [], url
        if (shape := self.shape(url)) not in self.seen or status != 200:
            self.seen.add(shape)
            assert self.wider_than_a_phone() <= 0, f"{url} is wider than a phone"

    def shape(self, url: str) -> str:
        """The screen that an address leads to: without numbers, what is asked for, and marks in the page.

        Generated screens are alike for all datasets: those of students and schools stand for the others.
        """
        screen = re.sub("[0-9]+", "N", re.split("[?#]", url.removeprefix(self.address))[0])
        return re.sub("^(/data|/import|/api-docs)/(?!student/|school/)[a-z_]+", r"\1/*", screen)

    def wider_than_a_phone(self) -> int:
        """By how many pixels the page would have to be pushed sideways on a phone."""
        self.page.set_viewport_size(PHONE)
        over: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        self.page.set_viewport_size(DESK)
        return over

    # ── Doing ────────────────────────────────────────────────────────────────────────────────────────────

    def logs_in(self, name: str, password: str = PASSWORD) -> Person:
        """Through the login page, to wherever that leads."""
        self.opens("/login/")
        self.fills(username=name, password=password)
        self.presses("เข้าสู่ระบบ")
        return self

    def opens(self, path: str, status: int = 200) -> None:
        """Type an address."""
        self.page.goto(path)
        self.inspect(status)

    def follows(self, link: str | Locator, status: int = 200) -> None:
        """Click a link, by its words."""
        self._goes(self.link(link) if isinstance(link, str) else link, status)

    def presses(self, button: str | Locator, status: int = 200) -> None:
        """Press a button that leads to a page, by its words."""
        target = self.button(button) if isinstance(button, str) else button
        self._goes(target, status)

    def agrees(self, button: str, answer: str, reason: str | None = None, status: int = 200) -> None:
        """Press a button that asks first, give the reason if it wants one, and say yes."""
        self.button(button).click()
        asked = self.page.locator("dialog")
        expect(asked).to_be_visible()
        if reason is not None:
            asked.locator("textarea").fill(reason)
        self._goes(asked.get_by_role("button", name=answer, exact=True), status)

    def _goes(self, target: Locator, status: int) -> None:
        with self.page.expect_navigation():
            target.click()
        self.inspect(status)

    def link(self, words: str) -> Locator:
        """The link with just these words, else with these among others; the page before the menu."""
        for place in (self.page.locator("main"), self.page.locator("body")):
            for exact in (True, False):
                found = place.get_by_role("link", name=words, exact=exact)
                if found.count():
                    return found.first
        raise AssertionError(f"{self.page.url}: no link {words!r} in: {self.text()}")

    def button(self, words: str) -> Locator:
        """The button of the page with just these words, else the first with these among others."""
        buttons = self.page.locator("main").get_by_role("button", name=words)
        exact = self.page.locator("main").get_by_role("button", name=words, exact=True)
        return (exact if exact.count() else buttons).first

    def fills(self, **fields: str) -> None:
        """Type into inputs or choose in selects, by their ids, as people do: and leave the field."""
        for name, value in fields.items():
            control = self.page.locator(f"#{name}")
            self.turns_to(control)
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(label=value)
            else:
                control.fill(value)
                control.blur()

    def turns_to(self, control: Locator) -> None:
        """Open the tab in which a field stands, as a person does who looks for it."""
        closed = control.evaluate("e => (e.closest('[role=tabpanel][hidden]') || {}).id || ''")
        if closed:
            self.page.locator(f"[role=tab][aria-controls={closed}]").click()

    def ticks(self, filter_: str, *values: str) -> None:
        """Tick values of a filter above a list, by its label and theirs."""
        box = self.page.locator("[data-pick]").filter(has=self.page.locator(f"#f-{filter_}"))
        box.locator("summary").click()
        for value in values:
            box.get_by_label(value, exact=True).check()
        box.locator("summary").click()

    def chooses(self, field: str, typed: str) -> None:
        """Find a row by typing into a look-up, and take the first that is offered."""
        box = self.page.locator(f"#{field}-text")
        box.press_sequentially(typed)
        self.page.locator("[role=option]").first.wait_for()
        box.press("ArrowDown")
        box.press("Enter")
        assert self.page.locator(f"#{field}").input_value(), field

    def downloads(self, link: str) -> bytes:
        """What a link that saves a file saves."""
        with self.page.expect_download() as saved:
            self.link(link).click()
        return Path(saved.value.path()).read_bytes()

    def token(self) -> str:
        """The CSRF token of the page before this person."""
        return self.page.locator("input[name=csrf_token]").first.input_value()

    def posts(self, path: str, **form: str) -> int:
        """The status of a form that is posted past the page, with this person's session and CSRF token."""
        fields: dict[str, str | float | bool] = {"csrf_token": self.token(), **form}
        return self.context.request.post(path, form=fields, max_redirects=0).status

    def asks_the_api(self, method: str, path: str, body: Any = None) -> int:
        """The status of an API request with this person's session and CSRF token."""
        headers = {"X-CSRFToken": self.token(), "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body)
        answer = self.context.request.fetch(path, method=method, headers=headers, data=data, max_redirects=0)
        return answer.status

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────

    def text(self) -> str:
        """What the page says, in all its tabs, with single spaces."""
        closed = self.page.locator("[role=tabpanel][hidden]").all_text_contents()
        return " ".join(" ".join([self.page.locator("body").inner_text(), *closed]).split())

    def reads(self, *sentences: str) -> None:
        """All these stand on the page."""
        text = self.text()
        missing = [sentence for sentence in sentences if sentence not in text]
        assert missing == [], f"{self.page.url}: {missing} not in: {text}"

    def rows(self) -> list[list[str]]:
        """The cells of the page's first table, row by row."""
        return (
            self.page.locator("main table tbody")
            .first.locator("tr")
            .evaluate_all("rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))")
        )

    def leaves(self) -> None:
        """Close the browser."""
        self.context.close()
