"""Photos and files of records: what is taken in, what is left of it, and who may see it."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.test import TestResponse

from appbuilder_app import files
from appbuilder_app.codes import RoundSystem
from appbuilder_app.dataset import attachments, lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import (
    AttachmentTooLarge,
    NotAnAttachment,
    NotAPhoto,
    PhotoTooLarge,
    RuleViolation,
)
from appbuilder_app.kinds import Photo, StoredFile
from appbuilder_app.models import Change, Student
from appbuilder_app.workflows import left_files
from tests.app_fixtures import SCHOOL, World
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens
from tests.test_systems import building, opened

pytestmark = pytest.mark.any_database("postgresql")

UPRIGHT = 6
"""The Exif orientation of a telephone held upright."""


def picture(
    width: int = 400, height: int = 300, kind: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture, red on its left side, as a camera would send it: with the place in its metadata."""
    image = Image.new(mode, (width, height), "blue" if mode == "RGB" else (0, 0, 0, 0))
    image.paste("red" if mode == "RGB" else (255, 0, 0, 255), (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = UPRIGHT
    exif[0x010E] = "Canon at home"
    exif.get_ifd(0x8825)[1] = "N"
    body = io.BytesIO()
    image.save(body, kind, exif=exif, **options)
    return body.getvalue()


@pytest.fixture
def store(tmp_path: Any) -> None:
    """An empty file store."""
    files.configure(tmp_path.as_uri())


def test_a_photo_is_turned_upright_and_loses_its_metadata(store: None) -> None:
    data = picture(2400, 1800)
    assert b"Canon at home" in data

    name = attachments.take(Photo(), "บ้าน.jpg", data)

    kept = attachments.content(name)
    image = Image.open(io.BytesIO(kept))
    assert image.size == (1200, 1600)
    assert dict(image.getexif()) == {}
    assert b"Canon at home" not in kept
    red, _green, blue = image.getpixel((600, 100))  # type: ignore[misc]  # three colours
    assert red > 200 > blue
    small = Image.open(io.BytesIO(attachments.content(name, thumbnail=True)))
    assert small.size == (240, 320)


def test_what_hides_behind_a_picture_does_not_stay(store: None) -> None:
    name = attachments.take(Photo(), "x.png", picture(kind="PNG") + b"<script>alert(1)</script>")
    assert b"<script>" not in attachments.content(name)


def test_the_transparent_becomes_white(store: None) -> None:
    name = attachments.take(Photo(), "x.png", picture(kind="PNG", mode="RGBA"))
    image = Image.open(io.BytesIO(attachments.content(name)))
    assert min(image.getpixel((150, 350))) > 240  # type: ignore[arg-type]  # three colours


def _bomb() -> bytes:
    body = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(body, "PNG")
    return body.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "refusal"),
    [
        (Photo(), b"%PDF-1.7 ...", NotAPhoto),
        (Photo(), b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", NotAPhoto),
        (Photo(), picture()[:200], NotAPhoto),
        (Photo(), b"", NotAPhoto),
        (Photo(), b"GIF89a" + bytes(100), NotAPhoto),
        (StoredFile(), b"MZ this is a program", NotAnAttachment),
        (StoredFile(), b"x" * (attachments.LARGEST_MIB * 2**20 + 1), AttachmentTooLarge),
        (Photo(), _bomb(), PhotoTooLarge),
    ],
    ids=["pdf", "svg", "torn", "empty", "gif", "program", "large", "bomb"],
)
def test_what_is_no_picture_is_refused_in_words(
    store: None, kind: StoredFile, data: bytes, refusal: type[RuleViolation]
) -> None:
    with pytest.raises(refusal, match="แบบแปลน"):
        attachments.take(kind, "แบบแปลน.jpg", data)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's own words about damage
def test_random_damage_is_refused_or_read_but_never_a_fault(store: None) -> None:
    whole, dice = picture(), random.Random(9)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        with contextlib.suppress(RuleViolation):
            attachments.take(Photo(), "x.jpg", bytes(damaged[: dice.randint(1, len(damaged))]))


def send(
    screens: Screens, who: str, key: Any, data: bytes, dataset: str = "student", name: str = "photo"
) -> TestResponse:
    """The persona sends a file of a record."""
    form = {"file": (io.BytesIO(data), "ภาพ.jpg")}
    return screens.of(who).post(f"/data/{dataset}/{key}/files/{name}", data=form)


def test_alice_puts_a_photo_in_place_and_takes_it_away(world: World, screens: Screens) -> None:
    key = world.pupil()
    assert send(screens, "alice", key, picture()).status_code == 302
    page = screens.page("alice", f"/data/student/{key}")
    assert "บันทึกไฟล์ “ภาพถ่ายนักเรียน” แล้ว" in page
    assert f"/data/student/{key}/files/photo?v=" in page

    answer = screens.of("alice").get(f"/data/student/{key}/files/photo")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    thumbnail = screens.of("alice").get(f"/data/student/{key}/files/photo?size=thumbnail")
    assert 0 < len(thumbnail.data) <= len(answer.data)

    with world.acting("alice"):
        last = db.session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
        assert set(last.after or {}) == {"photo"}

    screens.of("alice").post(f"/data/student/{key}/files/photo", data={"remove": "1"})
    assert screens.of("alice").get(f"/data/student/{key}/files/photo").status_code == 404


def test_a_photo_is_seen_by_who_may_see_the_record_and_by_nobody_else(world: World, screens: Screens) -> None:
    key = world.pupil()
    send(screens, "alice", key, picture())
    address = f"/data/student/{key}/files/photo"
    for who in ("alice", "dao", "dan", "cee"):
        assert screens.of(who).get(address).status_code == 200, who
    for who in ("bob", "charlie", "eve"):
        assert screens.of(who).get(address).status_code == 404, who
        assert send(screens, who, key, picture()).status_code in {403, 404}, who
    assert world.client().get(address).status_code == 302
    assert send(screens, "dao", key, picture()).status_code == 403


def test_places_that_hold_no_files_are_not_found(world: World, screens: Screens) -> None:
    key = world.pupil()
    for name in ("first_name", "national_id", "nothing", "photo"):
        assert screens.of("alice").get(f"/data/student/{key}/files/{name}").status_code == 404, name
    assert send(screens, "alice", key, picture(), name="first_name").status_code == 404
    assert send(screens, "dan", SCHOOL, picture(), "school", "sign_photo").status_code == 302
    assert screens.of("charlie").get(f"/data/school/{SCHOOL}/files/sign_photo").status_code == 200


def test_a_refused_file_leaves_the_one_before(world: World, screens: Screens) -> None:
    key = world.pupil()
    send(screens, "alice", key, picture())
    before = screens.of("alice").get(f"/data/student/{key}/files/photo").data

    send(screens, "alice", key, b"no picture")

    assert "ไม่ใช่ภาพ" in screens.page("alice", f"/data/student/{key}")
    assert screens.of("alice").get(f"/data/student/{key}/files/photo").data == before
    screens.of("alice").post(f"/data/student/{key}/files/photo", data={})
    assert "ยังไม่ได้เลือกไฟล์" in screens.page("alice", f"/data/student/{key}")


def test_a_confirmed_school_sends_no_photos_and_forms_cannot_set_one(
    world: World, screens: Screens, played: Round
) -> None:
    key = world.pupil()
    form = {"photo": f"{'a' * 32}.jpg", "version": "1"}
    screens.of("alice").post(f"/data/student/{key}/edit", data=form)
    sent = world.app.test_client().patch(
        f"/api/v1/student/{key}", json={"photo": f"{'a' * 32}.jpg"}, headers=world.token("alice")
    )
    assert sent.status_code == 422
    with world.acting("alice"):
        assert db.session.scalars(sa.select(Student.photo)).all() == [None] * 4

    played.is_confirmed()
    send(screens, "alice", key, picture())
    assert "ยืนยัน" in screens.page("alice", f"/data/student/{key}")
    assert screens.of("alice").get(f"/data/student/{key}/files/photo").status_code == 404


def test_a_site_plan_may_be_a_pdf_and_is_saved_not_shown(world: World, screens: Screens) -> None:
    assert send(screens, "dan", SCHOOL, b"%PDF-1.7\n%%EOF", "school", "site_plan").status_code == 302
    answer = screens.of("dan").get(f"/data/school/{SCHOOL}/files/site_plan")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_building_has_photos_of_its_four_sides_and_its_plan(
    world: World, screens: Screens, played: Round
) -> None:
    opened(played, RoundSystem.ASSET)
    house = building()
    played.does("alice", lambda: db.session.add(house))
    address = f"/data/building/{house.id}/files/"
    sides = [f"photo_{side}" for side in ("front", "back", "left", "right")]
    for name, data in {**dict.fromkeys(sides, picture()), "plan_drawing": b"%PDF-1.7\n%%EOF"}.items():
        assert send(screens, "charlie", house.id, data, "building", name).status_code == 404
        send(screens, "alice", house.id, data, "building", name)
        assert screens.of("dan").get(address + name).status_code == 200
        assert screens.of("charlie").get(address + name).status_code == 404
    send(screens, "alice", house.id, b"%PDF-1.7\n%%EOF", "building", "photo_back")
    assert screens.of("alice").get(f"{address}photo_back").mimetype == "image/jpeg"


def test_files_of_a_deleted_record_leave_the_store_when_nobody_can_want_them_back(
    world: World, screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = world.pupil(), world.pupil(position=1)
    for key in (gone, gone, stays):
        send(screens, "alice", key, picture())
    with world.acting("alice"):
        entries = sa.select(Change.after).filter_by(dataset="student", action="update").order_by(Change.id)
        first, second, kept = [(after or {})["photo"] for after in db.session.scalars(entries)]
        db.session.delete(db.session.get_one(Student, gone))
        db.session.commit()
    stored = [f"{attachments.FOLDER}/{name}" for name in (first, second, kept)]
    with world.app.app_context():
        assert left_files.forget() == 0, "not yet"
    later = lock.now() + left_files.KEPT + dt.timedelta(hours=1)
    monkeypatch.setattr(lock, "now", lambda: later)
    monkeypatch.setattr(left_files, "_last", 0.0)
    with world.app.app_context():
        assert left_files.forget_when_due() == 2
        assert [files.exists(name) for name in stored] == [False, False, True]
        assert not files.exists(stored[0].replace(".jpg", ".thumbnail.jpg"))
        assert (left_files.forget_when_due(), left_files.forget()) == (0, 0)
    assert "ลบไฟล์แล้ว 0 ไฟล์" in world.app.test_cli_runner().invoke(args=["forget-files"]).stdout
