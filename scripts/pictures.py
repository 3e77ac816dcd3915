"""Takes the pictures of the documentation: a demonstration on a private instance, used as its people would.

python -m scripts.pictures             docs/pictures/*.png anew, in Thai
python -m scripts.pictures en FOLDER   the same pages in English, to be looked at
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.look import CHROMIUM
from scripts.services import free_port

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "thabian-demo"  # noqa: S105 - of the demonstration, published on its login page
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 780}
START_SECONDS = 60


@contextmanager
def demonstration(instance: Path) -> Iterator[str]:
    """The demonstration on an instance and port of its own; its address."""
    port = free_port()
    outside = {name: value for name, value in os.environ.items() if not name.startswith("THABIAN_")}
    environment = outside | {"THABIAN_INSTANCE": str(instance), "THABIAN_PORT": str(port)}
    flask = [sys.executable, "-m", "flask", "--app", "run"]
    subprocess.run([*flask, "setup", "--demo"], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen([sys.executable, "run.py"], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/health")
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


class Photographer:
    """Somebody with a browser who keeps pictures of what they see."""

    def __init__(self, browser: Browser, address: str, language: str, folder: Path) -> None:
        self.browser, self.address, self.language, self.folder = browser, address, language, folder
        folder.mkdir(parents=True, exist_ok=True)

    def page_of(self, username: str, size: dict[str, int] | None = None) -> Page:
        """A page of a browser in which this person has just logged in."""
        page = self.browser.new_context(base_url=self.address, viewport=size or DESK).new_page()  # type: ignore[arg-type]  # a TypedDict
        page.goto(f"/lang/{self.language}")
        page.goto("/login/")
        if username:
            page.fill("#username", username)
            page.fill("#password", PASSWORD)
            page.click("button.big")
            page.wait_for_url("**/")
        return page

    def take(self, page: Page, name: str) -> None:
        """The visible part of a page as a small PNG."""
        page.wait_for_load_state("networkidle")
        self.keep(page.screenshot(), name)

    def keep(self, png: bytes, name: str) -> None:
        """A picture with few colours: a third of the bytes, and nobody sees the difference."""
        picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
        picture.save(self.folder / f"{name}.png", optimize=True)


# ── What is photographed ─────────────────────────────────────────────────────────────────────────────────


def story(eye: Photographer, instance: Path) -> None:
    """A school's round, from its file to the certificate, and who watches it."""
    eye.take(eye.page_of(""), "login")
    officer = eye.page_of("officer1")
    eye.take(officer, "home-officer")
    _import(eye, officer, next((instance / "demo").glob("*-student.xlsx")))
    officer.goto("/data/student/")
    eye.take(officer, "roster")
    officer.goto("/submission/")
    eye.take(officer, "checklist")
    _correct(officer)
    _sign(officer)
    director = eye.page_of("director1")
    director.goto("/submission/")
    eye.take(director, "certify")
    _sign(director)
    _certificate(eye, director)
    eye.take(eye.page_of("director1", PHONE), "phone")
    for username, path, name in (
        ("district", "/watch/", "watch"),
        ("central", "/rounds/new", "rounds"),
        ("administrator", "/roles/2", "rights"),
    ):
        page = eye.page_of(username)
        page.goto(path)
        eye.take(page, name)


def _import(eye: Photographer, page: Page, file: Path) -> None:
    page.goto("/import/")
    page.set_input_files("input[type=file]", file)
    page.click("main form button.primary")
    page.wait_for_url("**/import/*")
    eye.take(page, "import")


def _correct(page: Page) -> None:
    """Measure the children whom the checklist names, and explain the rest, so that the school can confirm."""
    page.goto("/submission/")
    named = page.locator("#checklist li.bad a[href*='/data/student/']")
    for url in [str(link.get_attribute("href")) for link in named.all()]:
        page.goto(url if "/edit" in url else f"{url}/edit")
        for field, measured in (("weight_kg", "24"), ("height_cm", "121")):
            if not page.input_value(f"#{field}"):
                page.fill(f"#{field}", measured)
        _press(page, "form#record button.primary")
    page.goto("/submission/")
    while (asked := page.locator("#checklist .warn a.btn")).count():
        with page.expect_navigation():
            asked.first.click()
        page.get_by_label("เลือกทุกรายการ").check()
        page.fill("textarea[name=text]", "ตรวจกับเอกสารแล้วถูกต้อง")
        _press(page, "#explain button.primary")


def _sign(page: Page) -> None:
    page.goto("/submission/")
    page.check("#sign input[name=stated]")
    page.fill("#proof", PASSWORD)
    _press(page, "#sign button.primary")


def _press(page: Page, button: str) -> None:
    """Press a button, and wait for the page to which it leads: going on before would take back what it sends."""
    with page.expect_navigation():
        page.click(button)


def _certificate(eye: Photographer, page: Page) -> None:
    """The first page of the certificate, as poppler draws it."""
    page.goto("/submission/")
    eye.take(page, "certified")
    link = page.locator("a[href*='/certificate/'][href*='.pdf']").first.get_attribute("href")
    pdf = page.request.get(f"{eye.address}{link}").body()
    png = subprocess.run(["pdftoppm", "-png", "-r", "80", "-"], input=pdf, capture_output=True, check=True)
    eye.keep(png.stdout, "certificate")


def main(words: list[str]) -> None:
    """Take all pictures."""
    language, folder = (words[0], Path(words[1])) if words else ("th", ROOT / "docs/pictures")
    with (
        tempfile.TemporaryDirectory() as instance,
        demonstration(Path(instance)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        story(Photographer(browser, address, language, folder), Path(instance))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
