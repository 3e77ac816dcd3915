"""Signing: who signs shows anew who they are, in what capacity, and in time by the server's clock (R8, R12, R13)."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask.testing import FlaskClient

from appbuilder_app import access, errors
from appbuilder_app.codes import Capacity, Proof, SubmissionState, WindowAction
from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.models import Account, Certificate, Submission
from appbuilder_app.workflows import accounts, certificates, reauthentication, second_factor, submissions
from appbuilder_app.workflows.submissions import Authority
from scripts.services import PostgreSQL
from tests.app_fixtures import PASSWORD, SCHOOL, World
from tests.print_fixtures import PdfReader
from tests.round_fixtures import DAY, Round
from tests.screen_fixtures import Screens

PAGE = f"/submission/{SCHOOL}"
ORDER = "โรงเรียนบ้านหนองตัวอย่าง ที่ 12/2569 ลงวันที่ 1 พ.ย. 2569"


def of_school(world: World) -> Submission:
    """The school's submission, read anew."""
    with world.acting("adam"):
        return db.session.scalars(sa.select(Submission).filter_by(school_code=SCHOOL)).one()


# ── Showing anew who one is ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("door", ["screen", "api", "import", "job", "command", "shell"])
def test_no_door_signs_for_who_has_not_just_shown_who_they_are(world: World, door: str) -> None:
    with world.app.app_context(), access.acting_as(world.viewer("alice"), through=door):
        with pytest.raises(errors.ProofNeeded, match="ก่อนยืนยัน ต้องพิสูจน์ตัวตนอีกครั้ง"):
            submissions.confirm(SCHOOL)
        db.session.rollback()
    assert of_school(world).state is SubmissionState.OPEN


def test_somebody_elses_proof_is_none(world: World) -> None:
    with world.app.app_context():
        alice, dao = world.viewer("alice"), world.viewer("dao")
        with (
            access.acting_as(alice, through="screen"),
            access.proven(dao, Proof.PASSWORD.value),
            pytest.raises(errors.ProofNeeded),
        ):
            submissions.confirm(SCHOOL)


def test_a_wrong_password_signs_nothing_and_keeps_what_was_ticked(screens: Screens) -> None:
    page = screens.sent("alice", f"{PAGE}/confirm", status=422, stated="1", proof="ไม่ใช่รหัสผ่าน")
    assert "รหัสผ่านไม่ถูกต้อง" in page
    assert 'name="stated" value="1" required checked' in page
    assert "ไม่ใช่รหัสผ่าน" not in page
    assert of_school(screens.world).state is SubmissionState.OPEN
    assert "ยืนยันข้อมูลแล้ว" in screens.sent("alice", f"{PAGE}/confirm", stated="1", proof=PASSWORD)
    assert of_school(screens.world).confirmed_proof is Proof.PASSWORD


def test_a_command_asks_for_the_password(world: World) -> None:
    def confirm(password: str) -> Result:
        runner = world.app.test_cli_runner()
        return runner.invoke(args=["confirm", SCHOOL, "--as", "alice"], input=f"{password}\n")

    refused = confirm("ผิด")
    assert refused.exit_code == 1
    assert "รหัสผ่านไม่ถูกต้อง" in refused.stderr
    assert confirm(PASSWORD).exit_code == 0
    assert of_school(world).state is SubmissionState.CONFIRMED


def test_guessing_before_signing_is_stopped(world: World, make_app: object) -> None:
    app = make_app(world.app.config["SQLALCHEMY_DATABASE_URI"], RATELIMIT_ENABLED=True)  # type: ignore[operator]  # a factory
    client = app.test_client()
    client.post("/login/", data={"username": "alice", "password": PASSWORD})
    tries = [
        client.post(f"{PAGE}/confirm", data={"stated": "1", "proof": str(n)}).status_code for n in range(12)
    ]
    assert tries[:10] == [422] * 10
    assert tries[10:] == [429] * 2


# ── The phone's code ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def phone(world: World) -> pyotp.TOTP:
    """Alice's phone, set up a minute ago."""
    secret = second_factor.new_secret()
    made = pyotp.TOTP(secret)
    with world.acting("alice") as viewer:
        account = db.session.get_one(Account, viewer.id)
        accounts.set_up_phone(account, secret, made.now(), PASSWORD)
        account.second_factor_step = 0
        db.session.commit()
    return made


def test_the_secret_is_not_in_the_database(world: World, phone: pyotp.TOTP) -> None:
    with world.acting("alice") as viewer:
        kept = db.session.get_one(Account, viewer.id).second_factor
    assert kept is not None
    assert phone.secret not in kept


def test_with_a_phone_the_password_alone_opens_nothing_and_signs_nothing(
    world: World, phone: pyotp.TOTP
) -> None:
    client = world.app.test_client()
    answer = client.post("/login/", data={"username": "alice", "password": PASSWORD})
    assert "/login/code" in answer.headers["Location"]
    assert client.get(PAGE).status_code == 302
    assert client.post("/login/code", data={"code": "000000"}).status_code == 401
    assert client.post("/login/code", data={"code": phone.now()}).status_code == 302
    assert client.get(PAGE).status_code == 200
    assert _signed(client, PASSWORD) == 422
    assert of_school(world).state is SubmissionState.OPEN


def _signed(client: FlaskClient, proof: str) -> int:
    return client.post(f"{PAGE}/confirm", data={"stated": "1", "proof": proof}).status_code


def test_a_code_opens_once(world: World, phone: pyotp.TOTP) -> None:
    code = phone.now()
    with world.acting("alice"):
        with reauthentication.proved(code):
            submissions.confirm(SCHOOL)
        db.session.commit()
        with pytest.raises(errors.WrongProof, match="ใช้ไปแล้ว"), reauthentication.proved(code):
            pass
    assert of_school(world).confirmed_proof is Proof.CODE


def test_a_code_of_long_ago_is_none(world: World, phone: pyotp.TOTP) -> None:
    old = phone.at(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=3))
    with world.acting("alice"), pytest.raises(errors.WrongProof), reauthentication.proved(old):
        pass


def test_a_token_needs_the_code_too(world: World, phone: pyotp.TOTP) -> None:
    body = {"username": "alice", "password": PASSWORD, "provider": "db"}
    ask = world.app.test_client().post
    assert ask("/api/v1/security/login", json=body).status_code == 401
    assert ask("/api/v1/security/login", json={**body, "code": 123456}).status_code == 401
    assert ask("/api/v1/security/login", json={**body, "code": phone.now()}).status_code == 200


def test_a_phone_is_set_up_on_the_account_page_and_given_up_by_its_own_code(world: World) -> None:
    client = world.client("alice")
    page = client.get("/accounts/second-factor").get_data(as_text=True)
    secret = page.split('name="secret" value="')[1].split('"')[0]
    made = pyotp.TOTP(secret)
    sent = {"secret": secret, "code": made.now(), "password": "ผิด"}
    refused = client.post("/accounts/second-factor", data=sent)
    assert refused.status_code == 422
    assert secret in refused.get_data(as_text=True), "the square code that the phone has read stays"
    assert client.post("/accounts/second-factor", data={**sent, "password": PASSWORD}).status_code == 302
    with world.acting("adam"):
        account = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
        assert account.second_factor
        account.second_factor_step = 0
        db.session.commit()
    assert client.post("/accounts/second-factor", data={"code": "1"}).status_code == 422
    assert client.post("/accounts/second-factor", data={"code": made.now()}).status_code == 302
    with world.acting("adam"):
        assert not db.session.scalars(sa.select(Account).filter_by(username="alice")).one().second_factor


def test_who_lost_the_phone_gets_a_new_password_of_the_area(world: World, phone: pyotp.TOTP) -> None:
    with world.acting("dan"):
        account = db.session.scalars(sa.select(Account).filter_by(username="alice")).one()
        accounts.give_password(account)
        db.session.commit()
        assert account.second_factor is None


# ── For whom somebody signs ──────────────────────────────────────────────────────────────────────────────


def test_who_acts_for_the_director_names_the_order(
    world: World, played: Round, run_poppler: PdfReader
) -> None:
    played.is_confirmed()
    told = played.is_refused("dao", errors.OrderMissing, _certify, Authority(Capacity.FOR, " "))
    assert "เลขที่และวันที่ของคำสั่ง" in told
    certificate = played.does("dao", _certify, Authority(Capacity.FOR, ORDER))
    with world.acting("dao"):
        one = db.session.get_one(Certificate, certificate.id)
        words = "".join(run_poppler("pdftotext", certificates.pdf_of(one), "-raw").split())
    assert "ปฏิบัติราชการแทนผู้อำนวยการโรงเรียนบ้านหนองตัวอย่าง" in words
    assert "ตามคำสั่งโรงเรียนบ้านหนองตัวอย่างที่๑๒/๒๕๖๙ลงวันที่๑พ.ย.๒๕๖๙" in words
    kept = of_school(world)
    assert (kept.certified_capacity, kept.certified_order) == (Capacity.FOR, ORDER)


def _certify(authority: Authority) -> Certificate:
    return submissions.certify(SCHOOL, authority=authority)


def test_the_screen_keeps_what_was_typed_when_the_order_is_missing(screens: Screens, played: Round) -> None:
    played.is_confirmed()
    page = screens.sent(
        "dao", f"{PAGE}/certify", status=422, stated="1", proof=PASSWORD, capacity="in_place", order=""
    )
    assert "กรุณากรอกเลขที่และวันที่ของคำสั่ง" in page
    assert '<option selected value="in_place">' in page
    done = screens.sent(
        "dao", f"{PAGE}/certify", stated="1", proof=PASSWORD, capacity="in_place", order=ORDER
    )
    assert "ออกใบรับรองแล้ว" in done


def test_a_return_takes_the_capacity_away_with_the_signature(world: World, played: Round) -> None:
    played.is_confirmed()
    played.does("dao", _certify, Authority(Capacity.VACANT, ORDER))
    played.does("dan", submissions.return_submission, SCHOOL, "แก้ไขจำนวน")
    kept = of_school(world)
    assert (kept.certified_capacity, kept.certified_order, kept.certified_proof) == (None, None, None)


# ── In time by the server's clock ────────────────────────────────────────────────────────────────────────


def test_a_signature_is_in_time_by_when_it_was_received(world: World, played: Round) -> None:
    """The rule of what is under way at 16.30: the moment of receipt decides, not how long the queue was."""
    played.is_over(WindowAction.CONFIRM)
    played.is_refused("alice", errors.WindowOver, submissions.confirm, SCHOOL)
    early = lock.now() - 2 * DAY / 24
    token = lock._received.set(early)
    try:
        played.is_confirmed()
    finally:
        lock._received.reset(token)
    assert of_school(world).confirmed_at == early


def test_no_header_moves_the_moment_of_receipt(world: World, played: Round) -> None:
    played.is_over(WindowAction.CONFIRM)
    client = world.client("alice")
    headers = {"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "X-Request-Start": "t=1700000000"}
    sent = {"stated": "1", "proof": PASSWORD}
    assert client.post(f"{PAGE}/confirm", data=sent, headers=headers).status_code == 409


def test_the_moment_of_one_request_is_not_that_of_the_next(world: World) -> None:
    world.client("alice").get(PAGE)
    before = lock.now()
    assert lock.received() >= before


def test_what_waits_in_the_queue_at_the_end_is_done_and_what_comes_later_is_not(
    world: World, played: Round, databases: object
) -> None:
    """Two directors press the button around the end: the first before it, held up by a lock until after it."""
    if not isinstance(databases, PostgreSQL):
        pytest.skip("SQLite has one writer at a time")
    played.is_confirmed()
    dao = world.client("dao")
    played.opens(WindowAction.CERTIFY, -DAY, dt.timedelta(seconds=2))
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with world.acting("adam"):
            query = sa.select(Submission).filter_by(school_code=SCHOOL).with_for_update()
            db.session.scalars(query).one()
            held.set()
            assert go_on.wait(30)
            db.session.rollback()

    sent = {"stated": "1", "proof": PASSWORD, "capacity": "own"}
    with ThreadPoolExecutor(2) as threads:
        holding = threads.submit(hold)
        assert held.wait(30)
        pressed = threads.submit(lambda: dao.post(f"{PAGE}/certify", data=sent).status_code)
        threading.Event().wait(2.5)
        assert not pressed.done()
        go_on.set()
        holding.result(30)
        assert pressed.result(30) == 302
    assert of_school(world).state is SubmissionState.CERTIFIED
    played.does("dan", submissions.return_submission, SCHOOL, "ลองอีกครั้ง")
    played.is_confirmed()
    played.is_refused("dao", errors.WindowOver, submissions.certify, SCHOOL)
