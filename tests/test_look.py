"""The look keeps its promises: small, legible, every icon there, and nothing that was typed is lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Locator, Page, Route, expect
from werkzeug.serving import make_server

from scripts import look

STATIC = look.ROOT / "appbuilder_app/static"
STYLE = (STATIC / "thabian.css").read_text()
OFFERED = "พบข้อมูลที่พิมพ์ค้างไว้"


def sources() -> Iterator[Path]:
    """Templates and scripts that may name an icon."""
    yield from (look.ROOT / "appbuilder_app/templates").rglob("*.html")
    yield STATIC / "thabian.js"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def token(name: str) -> str:
    """The colour of a custom property."""
    found = re.search(rf"--{name}:(#[0-9a-f]{{3,6}})", STYLE)
    assert found, name
    return found[1] if len(found[1]) == 7 else "#" + "".join(c * 2 for c in found[1][1:])


def contrast(one: str, other: str) -> float:
    """Contrast of two tokens, 1 to 21."""
    light, dark = sorted((luminance(token(one)), luminance(token(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_style_and_scripts_stay_small_for_weak_networks() -> None:
    assert sum(len(p.read_bytes()) for pattern in ("*.css", "*.js") for p in STATIC.glob(pattern)) < 80 * 1024


@pytest.mark.parametrize("screen", ["measures", "cards"])
def test_what_one_screen_loads_beside_them_stays_small_too(screen: str) -> None:
    assert 0 < sum(len(p.read_bytes()) for p in (STATIC / screen).iterdir()) < 12 * 1024


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"), ("ink-2", "mute-bg"), ("ink-3", "paper"), ("ink-3", "surface"),
        ("ink-3", "kram-50"), ("kram-600", "surface"), ("kram-600", "kram-100"), ("surface", "kram-700"),
        ("surface", "kram-600"),
        ("kram-700", "kram-100"), ("ok", "ok-bg"), ("warn", "warn-bg"), ("bad", "bad-bg"), ("bad", "surface"),
        ("mute", "mute-bg"), ("ink", "warn-bg"),
    ],
)  # fmt: skip
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


def test_borders_of_controls_can_be_seen() -> None:
    assert contrast("line-2", "surface") >= 3


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = {n for p in sources() for n in re.findall(r"""\bicon\(["']([a-z-]+)["']\s*[,)]""", p.read_text())}
    assert named
    assert named <= there


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_inline() -> None:
    for path in (*(look.ROOT / "appbuilder_app/templates").rglob("*.html"), STATIC / "thabian.css"):
        text = path.read_text()
        assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?https?://""", text), path
        assert not re.search(r"""\sstyle=|\son[a-z]+=["']|<script(?![^>]*\bsrc=)""", text), path


@pytest.fixture(scope="module")
def posted() -> list[dict[str, str]]:
    """What the sample pages have been sent."""
    return []


@pytest.fixture(scope="module")
def address(posted: list[dict[str, str]]) -> Iterator[str]:
    """The sample pages, served."""
    app: Flask = look.sample_app()
    app.before_request(lambda: posted.append(request.form.to_dict()) if request.method == "POST" else None)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A tab of an officer at a desk; any error in the script fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 860})
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda wrong: errors.append(str(wrong)))
    yield tab
    context.close()
    assert errors == []


def save(page: Page) -> None:
    """Presses save, whatever the browser thinks of the values."""
    page.evaluate("document.getElementById('record').setAttribute('novalidate', '')")
    page.locator(".savebar .primary").click()


def opened(page: Page, control: Locator) -> Locator:
    """A control, with the tab open in which it stands."""
    closed = control.evaluate("e => (e.closest('[role=tabpanel][hidden]') || {}).id || ''")
    if closed:
        page.locator(f"[role=tab][aria-controls={closed}]").click()
    return control


def type_note(page: Page, text: str) -> None:
    """Types, and waits until the draft is kept."""
    page.goto("/form")
    opened(page, page.locator("#note")).fill(text)
    for _ in range(40):  # wait_for_function would need eval, which the content policy refuses
        if page.evaluate("sessionStorage.length"):
            return
        page.wait_for_timeout(50)


def test_no_page_is_wider_than_a_small_phone(browser: Browser, address: str) -> None:
    phone = browser.new_page(base_url=address, viewport={"width": 320, "height": 640})
    for name in look.pages():
        phone.goto(f"/{name}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 320, name
    phone.close()


def test_time_left_goes_by_the_server_even_when_the_pc_is_years_off(page: Page) -> None:
    page.clock.install(time="2019-01-01T00:00:00Z")
    page.goto("/home")
    expect(page.locator(".roundtag .deadline")).to_have_text(re.compile("^เหลือ 2 ชั่วโมง"))
    expect(page.locator("[data-clock=time]")).to_have_text(re.compile(r"^14\.2\d น\.$"))


def test_a_dangerous_button_asks_first_and_wants_a_reason(page: Page, posted: list[dict[str, str]]) -> None:
    page.goto("/pieces")
    page.get_by_role("button", name="ส่งกลับแก้ไข").click()
    agree = page.locator("dialog").get_by_role("button", name="ส่งกลับ")
    agree.click()
    expect(page.locator("dialog")).to_be_visible()
    page.locator("dialog textarea").fill("จำนวนไม่ตรง")
    with page.expect_navigation():
        agree.click()
    assert posted[-1]["reason"] == "จำนวนไม่ตรง"


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("๑๐/๖/๒๕๕๘", "10/06/2558"),
        ("10/6/2015", "10/06/2558"),
        ("10062558", "10/06/2558"),
        ("1-6-58", "01/06/2558"),
    ],
)
def test_dates_are_understood_as_people_write_them(page: Page, typed: str, becomes: str) -> None:
    page.goto("/form")
    page.locator("#born").fill(typed)
    page.locator("#born").blur()
    expect(page.locator("#born")).to_have_value(becomes)


def test_a_date_that_is_not_in_the_calendar_is_told_at_once(page: Page) -> None:
    page.goto("/form")
    page.locator("#born").fill("31/02/2558")
    page.locator("#born").blur()
    expect(page.locator("#born-live")).to_contain_text("วันที่ไม่ถูกต้อง")


def test_a_school_is_found_and_chosen_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/form")
    opened(page, page.locator("#previous-text"))
    box = page.get_by_role("combobox", name="โรงเรียนเดิม")
    box.fill("")
    box.press_sequentially("ซับจำปา")
    page.locator("[role=option]").first.wait_for()
    assert page.locator("#previous").input_value() == ""
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("#previous")).to_have_value("6")
    expect(box).to_have_value("โรงเรียนซับจำปาวิทยา")


def test_what_was_typed_survives_an_expired_login(page: Page) -> None:
    type_note(page, "พิมพ์ไว้นาน")

    def expired(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=302, headers={"Location": "/login"})
        else:
            route.continue_()

    page.route("**/form", expired)
    save(page)
    page.wait_for_url("**/login")
    page.goto("/form")
    expect(page.get_by_text(OFFERED)).to_be_visible()
    page.get_by_role("button", name="นำกลับมาใส่").click()
    expect(page.locator("#note")).to_have_value("พิมพ์ไว้นาน")


def test_a_saved_record_leaves_no_draft(page: Page) -> None:
    type_note(page, "บันทึกแล้ว")
    with page.expect_navigation():
        save(page)
    page.goto("/list")
    page.goto("/form")
    expect(page.get_by_text(OFFERED)).to_have_count(0)


def test_the_next_person_at_the_same_pc_is_not_shown_a_draft(page: Page) -> None:
    type_note(page, "ของคนก่อน")
    page.on("dialog", lambda dialog: dialog.accept())
    page.evaluate(
        "Object.keys(sessionStorage).forEach("
        "k => { sessionStorage[k] = sessionStorage[k].replace('\"5\"', '\"6\"') })"
    )
    page.goto("/form")
    expect(page.get_by_text(OFFERED)).to_have_count(0)


def test_marked_rows_open_the_bar_and_shift_marks_a_run(page: Page) -> None:
    page.goto("/list")
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("tbody input").nth(1).click()
    page.locator("tbody input").nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("4")


def test_a_file_over_the_limit_is_refused_before_it_is_sent(page: Page) -> None:
    page.goto("/pieces")
    page.set_input_files(
        "#scan", {"name": "ใบรับรอง.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2_100_000}
    )
    expect(page.locator("[data-file]")).to_contain_text("ใหญ่เกินกำหนด")


def test_the_drawer_opens_and_closes_from_the_keyboard(browser: Browser, address: str) -> None:
    phone = browser.new_page(base_url=address, viewport={"width": 390, "height": 844})
    phone.goto("/home")
    expect(phone.locator("#nav")).to_be_hidden()
    phone.locator("[data-toggle=nav]").press("Enter")
    expect(phone.locator("#nav a").first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(phone.locator("#nav")).to_be_hidden()
    phone.close()
