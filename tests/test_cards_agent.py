"""The program on the school's PC: who may ask it, what it answers, and the whole way from a page to a student."""

from __future__ import annotations

import ast
import http.client
import json
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from cards import cli, doctor, errors, pairing
from cards.agent import Agent
from cards.pairing import Pairing
from cards.sealing import Report, Sealed, key_as_text, sealed
from scripts.card_service import READERS
from scripts.services import free_port
from tests.app_fixtures import national_id
from tests.browser_fixtures import Person, served
from tests.card_fixtures import SLOW, has_card, until
from tests.virtual_card import VirtualCard, a_number

KEY = b"k" * 32
SERVER = "http://register.invalid"
NONCE = "n" * 32


def agent_on(reader, server: str = SERVER, port: int = 0) -> Agent:
    """A listening agent of a pairing with this server."""
    agent = Agent(Pairing(server, "device", key_as_text(KEY)), reader, port)
    threading.Thread(target=agent.serve_forever, args=(0.01,), daemon=True).start()
    return agent


@pytest.fixture
def agent(reader) -> Iterator[Agent]:
    """The program, running."""
    running = agent_on(reader)
    yield running
    running.shutdown()
    running.server_close()


def ask(agent: Agent, method: str = "POST", path: str = "/read", body: Any = None, **headers: str | None):
    """One request as a browser would send it, with some headers changed (None: left out)."""
    given: dict[str, str | None] = {
        "Host": f"127.0.0.1:{agent.server_port}",
        "Origin": SERVER,
        "Content-Type": "application/json",
    }
    given.update({name.replace("_", "-"): value for name, value in headers.items()})
    content = (
        body if isinstance(body, bytes) else json.dumps(body or {"nonce": NONCE, "photo": False}).encode()
    )
    with closing(http.client.HTTPConnection("127.0.0.1", agent.server_port, timeout=10)) as line:
        line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in given.items():
            if value is not None:
                line.putheader(name, value)
        line.putheader("Content-Length", str(len(content)))
        line.endheaders(content)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def test_a_page_of_the_server_gets_a_sealed_read(agent, put_in) -> None:
    put_in()
    status, headers, body = ask(agent)
    assert (status, headers["Cache-Control"], headers["Access-Control-Allow-Origin"]) == (
        200,
        "no-store",
        SERVER,
    )
    told = Sealed.of_json(json.loads(body))
    assert told.is_by(KEY)
    assert not told.is_by(b"x" * 32)
    report = Report.of(told)
    assert report.card is not None
    assert (report.card.national_id, report.nonce, report.reader) == (a_number(), NONCE, READERS[0])
    assert abs((datetime.now(UTC) - report.at).total_seconds()) < 60


def test_nobody_else_gets_anything(agent, put_in) -> None:
    card = put_in()
    card.commands = 0
    for headers in (
        {"Origin": None}, {"Origin": "null"}, {"Origin": "http://evil.invalid"}, {"Origin": f"{SERVER}.evil.invalid"},
        {"Host": "evil.invalid:8765"}, {"Host": None}, {"Host": "127.0.0.1"},
    ):  # fmt: skip
        assert ask(agent, **headers)[0] == 403, headers
    assert ask(agent, Content_Type="text/plain")[0] == 415
    assert ask(agent, "GET", "/read")[0] == 404
    assert ask(agent, path="/elsewhere")[0] == 404
    assert ask(agent, "PUT")[0] == 501
    for body in (
        b"{",
        b"[]",
        b'{"nonce": "short", "photo": true}',
        b'{"nonce": 5}',
        b"[" * 1900,
        b" " * 2001,
    ):
        assert ask(agent, body=body)[0] == 400, body
    assert ask(agent, body={"nonce": NONCE, "photo": False, "reader": 5})[0] == 400
    assert ask(agent, "OPTIONS", Origin="http://evil.invalid")[0] == 403
    assert ask(agent, "OPTIONS")[1]["Access-Control-Allow-Private-Network"] == "true"
    # Not one of them has touched the card.
    assert card.commands == 0
    assert agent.server_address[0] == "127.0.0.1"


def test_the_program_outlives_whatever_happens_and_the_next_read_goes_well(
    agent, put_in, cards_started
) -> None:
    def told() -> Report:
        return Report.of(Sealed.of_json(json.loads(ask(agent)[2])))

    assert told().error == errors.NoCard.code
    cards_started.stop()
    assert told().error == errors.ServiceDown.code
    cards_started.start(readers=False)
    assert told().error == errors.NoReader.code
    cards_started.stop()
    cards_started.start()
    card = put_in()
    assert told().card is not None
    with agent.reader._turn:
        status, _headers, body = ask(agent)
        assert (status, json.loads(body)["english"]) == (409, errors.ReadUnderWay.english)
    # Another card in the same reader, and one in each.
    card.pull()
    until(lambda: not has_card(agent.reader, 0))
    put_in(national_id=a_number("110370000009"))
    read = told().card
    assert read is not None
    assert read.national_id == a_number("110370000009")
    put_in(1)
    many = told()
    assert (many.error, many.facts) == (errors.ManyCards.code, {"readers": ", ".join(READERS)})
    chosen = json.loads(ask(agent, body={"nonce": NONCE, "photo": False, "reader": READERS[1]})[2])
    assert Report.of(Sealed.of_json(chosen)).reader == READERS[1]


def test_each_failure_travels_with_its_own_reason(agent, put_in) -> None:
    from smartcard import scard

    def error() -> str:
        return Report.of(Sealed.of_json(json.loads(ask(agent)[2]))).error

    card = put_in()
    card.foreign = True
    assert error() == errors.WrongCard.code
    card.foreign = False
    card.is_of(national_id="1103700000010")
    assert error() == errors.BadData.code
    card.is_of()
    card.at(card.commands + 4, lambda: card.is_of(national_id=a_number("110370000003")))
    assert error() == errors.CardExchanged.code
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, handle, _ = scard.SCardConnect(context, READERS[0], scard.SCARD_SHARE_EXCLUSIVE, 3)
    try:
        assert error() == errors.CardBusy.code
    finally:
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
    card.at(card.commands + 2, lambda: time.sleep(SLOW + 0.3))
    assert error() == errors.ReadTooSlow.code
    until(lambda: error() == "")
    card.at(card.commands + 4, card.pull)
    assert error() == errors.CardPulled.code


def test_the_programs_own_page_reads_only_when_told(agent, put_in) -> None:
    card = put_in()
    card.commands = 0
    own = f"http://127.0.0.1:{agent.server_port}"
    status, headers, page = ask(agent, "GET", f"/?nonce={NONCE}", Origin=None)
    assert (status, card.commands) == (200, 0)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert NONCE in page
    assert ask(agent, "GET", "/?nonce=%22%3E%3Cscript%3E", Origin=None)[0] == 404

    form: dict[str, Any] = {
        "body": f"nonce={NONCE}".encode(),
        "Content_Type": "application/x-www-form-urlencoded",
    }
    for origin in (SERVER, None, "null"):
        assert ask(agent, path="/", **form, Origin=origin)[0] == 403
    assert card.commands == 0
    # The server is away: the person is told, and nothing is lost.
    status, _headers, page = ask(agent, path="/", **form, Origin=own)
    assert status == 409
    assert f"ติดต่อระบบที่ {SERVER} ไม่ได้" in page

    # In the language of the page that led here.
    page = ask(agent, "GET", f"/?nonce={NONCE}&lang=en", Origin=None)[2]
    assert ('lang="en"' in page, "Read the card" in page, 'value="en"' in page) == (True, True, True)
    form["body"] = f"nonce={NONCE}&lang=en".encode()
    assert "does not answer" in ask(agent, path="/", **form, Origin=own)[2]


def test_reports_that_no_program_of_ours_sends_are_refused() -> None:
    good = sealed(errors.NoCard(), device="d", nonce=NONCE, key=KEY, at=datetime.now(UTC))
    told = json.loads(good.text)
    wrongs: tuple[dict[str, Any], ...] = (
        {"v": 2},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00"},
        {"device": 1},
        {"error": ""},
        {"card": {}},
        {"facts": None},
        {"facts": {"x": []}},
        {"facts": {"x": "y" * 201}},
        {"facts": dict.fromkeys("abcdef", 1)},
    )
    for wrong in wrongs:
        with pytest.raises(errors.BadData):
            Report.of(Sealed(json.dumps(told | wrong), good.mac))
    for text in ("[]", "{", "[" * 10_000):
        with pytest.raises(errors.BadData):
            Report.of(Sealed(text, good.mac))


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    made = Pairing(SERVER, "device", key_as_text(KEY))
    file = made.save(tmp_path / "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Pairing.load(tmp_path / "new") == made
    file.write_text('{"server": "x", "device": "y", "key": "?"}')
    with pytest.raises(pairing.NotPaired):
        Pairing.load(tmp_path / "new")


def test_read_and_doctor_tell_the_terminal_in_thai(put_in, tmp_path, capsys) -> None:
    put_in()
    assert cli.main(["--folder", str(tmp_path), "read", "--photo", str(tmp_path / "photo.jpg")]) == 0
    assert json.loads(capsys.readouterr().out)["national_id"] == a_number()
    assert (tmp_path / "photo.jpg").read_bytes().startswith(b"\xff\xd8")

    assert cli.main(["--folder", str(tmp_path), "doctor", "--port", str(free_port())]) == 1
    told = capsys.readouterr().out
    assert "✓ บริการสมาร์ทการ์ดทำงาน" in told
    assert "✗ เครื่องนี้ยังไม่ได้จับคู่" in told
    assert "✗ โปรแกรมอ่านบัตรยังไม่เปิด" in told
    assert a_number() not in told


def test_doctor_tells_a_missing_driver_from_a_missing_reader(tmp_path) -> None:
    plugged = tmp_path / "1-2:1.0"
    plugged.mkdir()
    assert doctor._without_driver(tmp_path / "no such system") == ""
    (plugged / "bInterfaceClass").write_text("03\n")
    assert doctor._without_driver(tmp_path) == ""
    (plugged / "bInterfaceClass").write_text("0b\n")
    assert "libccid" in doctor._without_driver(tmp_path)


class SomethingElse(BaseHTTPRequestHandler):
    """What answers where the register was thought to be."""

    body = b"{}"

    def do_POST(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_words: Any) -> None:
        """Quiet."""


def test_what_is_not_the_register_is_told_from_one_that_is_away(tmp_path, reader, capsys) -> None:
    with HTTPServer(("127.0.0.1", 0), SomethingElse) as other:
        threading.Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
        server = f"http://127.0.0.1:{other.server_port}"
        made = Pairing(server, "device", key_as_text(KEY))
        unread = sealed(errors.NoCard(), device="d", nonce=NONCE, key=KEY, at=datetime.now(UTC))
        bodies = (
            b"[]",
            b"{",
            b"[" * 100_000,
            b'{"device": "d", "key": "k", "path": "//evil.invalid", "name": 1, "now": 1}',
        )
        for SomethingElse.body in bodies:
            for asks in (
                lambda: pairing.pair(server, "CODE"),
                lambda: pairing.push(made, unread),
                lambda: pairing.greet(made),
            ):
                with pytest.raises(pairing.NotTheServer):
                    asks()
        SomethingElse.body = json.dumps({"name": "pc", "now": "2020-01-01T00:00:00+00:00"}).encode()
        made.save(tmp_path)
        assert cli.main(["--folder", str(tmp_path), "doctor"]) == 1
        assert "✗ นาฬิกาของเครื่องนี้ต่างจากระบบ" in capsys.readouterr().out
        other.shutdown()


# ── Where it runs ────────────────────────────────────────────────────────────────────────────────────────

ONLY_ON_POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
ONLY_POSIX_HAS = {
    "AF_UNIX", "O_CLOEXEC", "SIGALRM", "SIGHUP", "SIGKILL", "SO_REUSEPORT", "chown", "fchmod", "fork", "geteuid",
    "getuid", "kill", "killpg", "mkfifo", "pass_fds", "preexec_fn", "set_blocking", "setsid", "start_new_session",
    "umask", "uname",
}  # fmt: skip


def test_nothing_in_the_program_exists_on_linux_alone() -> None:
    for file in sorted(Path(cli.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not ONLY_ON_POSIX & {alias.name for alias in node.names}, file
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in ONLY_ON_POSIX, file
            elif isinstance(node, ast.Attribute | ast.keyword):
                name = node.attr if isinstance(node, ast.Attribute) else node.arg
                # The process that reads is ended by its own method, which every system has.
                assert name not in ONLY_POSIX_HAS or ast.unparse(node) == "self._process.kill", (file, name)


def test_the_program_starts_where_python_says_that_it_is_windows(tmp_path) -> None:
    # Not Windows itself: its branches, and no module of POSIX; a console that knows neither ticks nor all of Thai.
    script = (
        "import sys; sys.platform = 'win32'\n"
        f"before = set(sys.modules); blocked = {sorted(ONLY_ON_POSIX - {'posix'})}\n"
        "sys.modules.update(dict.fromkeys((one for one in blocked if one not in before), None))\n"
        "from cards import agent, cli, pairing\n"
        "assert not agent.Agent.allow_reuse_address\n"
        "print(pairing.home())\n"
        "sys.exit(cli.main(['run']))\n"
    )
    for settings, folder in (({"APPDATA": str(tmp_path)}, tmp_path), ({}, tmp_path / "AppData" / "Roaming")):
        given = {"PYTHONPATH": str(Path(cli.__file__).parent.parent), "HOME": str(tmp_path), **settings}
        command = [sys.executable, "-c", script]
        for encoding in ("cp874", "utf-8"):
            env = given | {"PYTHONIOENCODING": encoding}
            done = subprocess.run(command, env=env, capture_output=True, check=False)
            assert done.returncode == 1, done.stderr
            assert done.stdout.decode(encoding).strip() == str(folder / "Thabian")
            assert "smartcard-agent pair" in done.stderr.decode(encoding)


def test_commands_that_cannot_be_done_say_why(tmp_path, capsys) -> None:
    words = ["--folder", str(tmp_path)]
    assert cli.main([*words, "pair", "register.invalid", "CODE"]) == 1
    assert "https://" in capsys.readouterr().err
    assert cli.main([*words, "pair", f"http://127.0.0.1:{free_port()}", "CODE"]) == 1
    assert "ไม่ได้" in capsys.readouterr().err
    assert cli.main([*words, "run"]) == 1
    assert "ยังไม่ได้จับคู่" in capsys.readouterr().err


def test_two_agents_cannot_listen_at_once(agent, tmp_path, capsys) -> None:
    agent.pairing.save(tmp_path)
    assert cli.main(["--folder", str(tmp_path), "run", "--port", str(agent.server_port)]) == 1
    assert "พอร์ต" in capsys.readouterr().err


# ── The whole way ────────────────────────────────────────────────────────────────────────────────────────


PORT = free_port()
"""Another run of these tests may be at work beside this one."""
AGENT = f"http://127.0.0.1:{PORT}"


class PersonWithReader(Person):
    """Somebody whose PC has a card reader: their pages talk to its program, too."""

    def _note_address(self, url: str) -> None:
        if not url.startswith(f"{AGENT}/"):
            super()._note_address(url)


@pytest.fixture
def register(databases, world_template, tmp_path) -> Iterator[str]:
    """The register, served; its address."""
    url = databases.fresh(world_template)
    with served(url, tmp_path / "instance", THABIAN_CARD_AGENT_PORT=str(PORT)) as address:
        yield address
    databases.drop(url)


def saves_the_first_and_the_next_with_the_keyboard_alone(alice: Person, card: VirtualCard) -> None:
    """The fast lane of the first day of school."""
    with alice.page.expect_navigation(url="**/add*"):
        alice.page.keyboard.press("Enter")
    alice.inspect()
    assert alice.page.locator("#first_name").input_value() == "สมมุติ"
    expect(alice.page.locator("#grade")).to_be_focused()
    alice.fills(grade="ประถมศึกษาปีที่ 1", room="2", student_number="90001")
    alice.presses("บันทึก")
    alice.reads("บันทึก “เด็กชายสมมุติ ตั้งใจเรียน” แล้ว", "ใช้ชั้นและห้องเดิม")

    # The next ones with the keyboard alone: card in, Enter, looked at, Enter.
    for number, name in ((90002, "คนที่สอง"), (90003, "คนที่สาม")):
        card.is_of(national_id=a_number(f"1103700{number}"), thai_name=f"ด.ช.#{name}##ตั้งใจเรียน")
        with alice.page.expect_navigation(url="**/add*"):
            alice.page.keyboard.press("Enter")
        alice.inspect()
        assert alice.page.locator("#student_number").input_value() == str(number)
        expect(alice.page.locator("#student_number")).to_be_focused()
        with alice.page.expect_navigation(url="**/cards/read*"):
            alice.page.keyboard.press("Enter")
        alice.reads(f"บันทึก “เด็กชาย{name} ตั้งใจเรียน” แล้ว")


def reads_again_by_the_programs_own_page(alice: Person, card: VirtualCard) -> None:
    """Where a browser lets no other page talk to this PC; and takes the picture with the mother's word."""
    card.is_of(thai_name="ด.ช.#สมมุติ##เปลี่ยนสกุลแล้ว")
    alice.page.get_by_role("button", name="อ่านด้วยหน้าของโปรแกรม").click()
    own = alice.page.get_by_role("button", name="อ่านบัตร", exact=True)
    expect(own).to_be_visible()
    assert alice.page.url.startswith(f"{AGENT}/?nonce=")
    with alice.page.expect_navigation(url="**/cards/*"):
        own.click()
    alice.inspect()
    alice.reads("ตั้งใจเรียน", "เปลี่ยนสกุลแล้ว")
    alice.page.get_by_label("ใช้ภาพถ่ายบนบัตรเป็นภาพนักเรียน").check()
    alice.page.get_by_label("อ่านข้อความนี้ให้ผู้ให้ความยินยอมฟังแล้ว").check()
    alice.fills(given_as="มารดา", given_by="สมหญิง ตั้งใจเรียน")
    alice.presses("บันทึกช่องที่เลือก")
    # The lane goes on by this way, too.
    alice.reads("บันทึกข้อมูลจากบัตร", "ใช้ชั้นและห้องเดิม")
    alice.opens("/data/student/?q=เปลี่ยนสกุลแล้ว")
    alice.follows("สมมุติ")


def reads_the_mothers_card(alice: Person, card: VirtualCard) -> None:
    """From the student's page."""
    alice.follows("อ่านบัตรบิดามารดาหรือผู้ปกครอง")
    alice.follows("มารดา")
    card.is_of(national_id=a_number("310370000007"), thai_name="นาง#สมหญิง##ตั้งใจเรียน", sex="2")
    with alice.page.expect_navigation(url="**/cards/*"):
        alice.page.get_by_role("button", name="อ่านบัตร", exact=True).click()
    alice.inspect()
    alice.page.get_by_label("มารดาเป็นผู้ปกครองด้วย").check()
    alice.presses("บันทึกช่องที่เลือก")
    alice.reads("สมหญิง")
    alice.follows("ที่มาของข้อมูล")
    alice.reads("อ่านจากบัตร", "ชื่อมารดา", "ชื่อผู้ปกครอง", "ภาพถ่ายนักเรียน", "ฉบับที่ 1")


def asks_for_a_child_of_another_school(alice: Person, card: VirtualCard) -> None:
    """By the child's card."""
    card.is_of(national_id=national_id(300))
    alice.opens("/cards/read")
    with alice.page.expect_navigation(url="**/transfer*"):
        alice.page.keyboard.press("Enter")
    alice.inspect()
    alice.fills(grade="ประถมศึกษาปีที่ 6", student_number="90010")
    alice.presses("ขอรับเข้าเรียน")
    alice.reads("ส่งคำขอแล้ว")


@pytest.mark.any_database
def test_from_the_card_in_the_reader_to_the_saved_student(
    register, browser: Browser, reader, put_in, tmp_path, capsys, cards_started
) -> None:
    alice = PersonWithReader(browser, register).logs_in("alice")
    alice.opens("/cards/")
    alice.fills(name="เครื่องห้องธุรการ")
    alice.presses("ขอรหัสจับคู่")
    code = alice.page.locator("dd.code").inner_text()
    assert cli.main(["--folder", str(tmp_path), "pair", register, code]) == 0

    alice.opens("/cards/read")
    alice.page.keyboard.press("Enter")
    expect(alice.page.locator("#read-state")).to_contain_text("ติดต่อโปรแกรมอ่านบัตรของเครื่องนี้ไม่ได้")
    alice.wrong.clear()  # the refused connection stands in the console

    with Agent(Pairing.load(tmp_path), reader, PORT) as agent:
        threading.Thread(target=agent.serve_forever, args=(0.01,), daemon=True).start()
        alice.page.keyboard.press("Enter")
        expect(alice.page.locator("#read-state")).to_have_text(errors.NoCard.message)
        alice.wrong.clear()  # so does the answer 422

        alice.context.set_offline(True)
        alice.page.keyboard.press("Enter")
        expect(alice.page.locator("#read-state")).to_contain_text("ติดต่อระบบไม่ได้")
        alice.context.set_offline(False)
        alice.wrong.clear()

        card = put_in()
        saves_the_first_and_the_next_with_the_keyboard_alone(alice, card)
        reads_again_by_the_programs_own_page(alice, card)
        reads_the_mothers_card(alice, card)
        asks_for_a_child_of_another_school(alice, card)
        alice.opens("/cards/")
        alice.reads(READERS[0], errors.NoCard.message, "มารดาของนักเรียน", "ส่งคำขอย้ายเข้า")
        assert cli.main(["--folder", str(tmp_path), "doctor", "--port", str(PORT)]) == 0
        told = capsys.readouterr().out
        assert "✓ ระบบรู้จักเครื่องนี้ในชื่อ “เครื่องห้องธุรการ”" in told
        agent.shutdown()
    alice.leaves()
    # Neither the server, nor the smart card service, nor the program has written down whose cards these were.
    logs = (tmp_path / "instance/server.log").read_text() + (cards_started.folder / "log").read_text() + told
    assert "Ctrl-C" in logs
    for of_a_card in (
        "สมมุติ",
        "สมหญิง",
        "%E0%B8%AA%E0%B8%A1",
        a_number(),
        a_number("310370000007"),
        national_id(300),
    ):
        assert of_a_card not in logs, of_a_card


@pytest.mark.any_database
def test_r59_a_reader_is_received_tested_by_the_areas_program_and_handed_over(
    register, browser: Browser, reader, put_in, tmp_path, run_poppler
) -> None:
    dan = PersonWithReader(browser, register).logs_in("dan")
    dan.opens("/data/reader_lot/add")
    dan.fills(number="1/2568", product="ACS ACR39U", received_on="10/06/2568")
    dan.presses("บันทึก")
    dan.follows("สแกนรับเข้า")
    dan.page.keyboard.type("SN-1001\nSN-1002\nsn-1002\n")
    expect(dan.page.locator("#scan-state")).to_have_text("สแกนแล้ว 2 เครื่อง · ซ้ำ: SN-1002")
    for _letter in "sn-1002\n":
        dan.page.keyboard.press("Backspace")
    expect(dan.page.locator("#scan-state")).to_have_text("สแกนแล้ว 2 เครื่อง")
    dan.presses("บันทึกเข้าทะเบียน")
    dan.reads("รับเข้าทะเบียนแล้ว 2 เครื่อง")
    dan.follows("จัดสรร")
    dan.presses("จัดสรรตามที่เลือก")
    dan.reads("จัดสรรแล้ว 2 เครื่อง")

    dan.opens("/cards/")
    dan.fills(name="เครื่องที่เคาน์เตอร์")
    dan.presses("ขอรหัสจับคู่")
    code = dan.page.locator("dd.code").inner_text()
    assert cli.main(["--folder", str(tmp_path), "pair", register, code]) == 0

    dan.opens("/readers/counter")
    dan.page.keyboard.type("SN-1001\n")  # as the scanner does
    dan.page.wait_for_url("**/readers/1")
    assert dan.button("ส่งมอบและออกใบเบิกจ่าย").is_disabled()
    with Agent(Pairing.load(tmp_path), reader, PORT) as agent:
        threading.Thread(target=agent.serve_forever, args=(0.01,), daemon=True).start()
        dan.page.locator("#read-card").click()
        expect(dan.page.locator("#read-state")).to_have_text(errors.NoCard.message)
        dan.wrong.clear()  # the answer 422
        put_in()
        dan.page.locator("#read-card").click()
        expect(dan.page.get_by_text("อ่านบัตรได้", exact=True)).to_be_visible()
        dan.inspect()
        dan.reads(READERS[0])
        agent.shutdown()
    assert a_number() not in dan.page.content()

    dan.page.get_by_label("ลงทะเบียนแล้ว", exact=True).check()
    dan.fills(phone="081-234-5678", pin_office="ที่ว่าการอำเภอ", pin_on="09/06/2568")
    dan.presses("ส่งมอบและออกใบเบิกจ่าย")
    dan.reads("ส่งมอบแล้ว", "Alice ทดสอบ", "081-234-5678")
    paper = dan.page.request.get(dan.link("พิมพ์ใบเบิกจ่าย").get_attribute("href") or "").body()
    text = "".join(run_poppler("pdftotext", paper, "-raw").split())
    for said in ("SN-1001", "Aliceทดสอบ", "ทดสอบด้วยโปรแกรมอ่านบัตร", "ณที่ว่าการอำเภอ", "บ้านหนองตัวอย่าง"):
        assert said in text, said
    dan.leaves()
