"""The sealed history: what was sealed cannot be changed unseen, and what is being written is waited for."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa
from click.testing import Result

from appbuilder_app.dataset import lock
from appbuilder_app.declaration import db
from appbuilder_app.errors import HistoryBusy
from appbuilder_app.models import Change, HistorySeal, Student
from appbuilder_app.walls import SetWork, set_based
from appbuilder_app.workflows import sealing
from tests.app_fixtures import World
from tests.script_fixtures import Script

pytestmark = pytest.mark.any_database("postgresql")


def sealed(world: World, **options: float) -> sealing.Sealed:
    """The history is sealed."""
    with world.app.app_context():
        return sealing.seal(**options)


def verified(world: World, expected: str | None = None) -> sealing.Verified:
    """The history is verified."""
    with world.app.app_context():
        return sealing.verify(expected)


def command(world: World, *words: str) -> Result:
    """A command about the history."""
    return world.app.test_cli_runner().invoke(args=["history", *words])


def change_a_pupil(world: World, name: str) -> None:
    """Alice gives a pupil another name."""
    key = world.pupil()
    with world.acting("alice"):
        db.session.get_one(Student, key).street = name
        db.session.commit()


def without_triggers(script: Script, statement: str) -> None:
    """What somebody does who owns the database."""
    if script.engine.dialect.name == "postgresql":
        script.run("ALTER TABLE change DISABLE TRIGGER USER")
        script.run(statement)
        script.run("ALTER TABLE change ENABLE TRIGGER USER")
        return
    triggers = script.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'change'"
    )
    for name, _sql in triggers:
        script.run(f"DROP TRIGGER {name}")
    script.run(statement)


def test_an_untouched_history_verifies_block_by_block(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BLOCK", 5)
    first = sealed(world)
    change_a_pupil(world, "ใหม่")
    assert (verified(world).broken, verified(world).unsealed) == ([], 1)

    second = sealed(world)

    assert (second.changes, second.number) == (1, first.number + 1)
    found = verified(world, expected=first.sha256)
    assert (found.broken, found.unsealed) == ([], 0)
    assert (found.seals, found.changes) == (second.number, first.changes + 1)
    assert sealed(world) == sealing.Sealed(0, second.number, second.sha256)


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE change SET actor = 'คนอื่น' WHERE id = {id}", "รายการที่ {id} (school 16020123) ถูกแก้ไข"),
        ("DELETE FROM change WHERE id = {id}", "รายการที่ {id} ถูกลบ"),
    ],
)
def test_what_was_changed_or_taken_out_is_named(
    world: World, script: Script, tampering: str, told: str
) -> None:
    sealed(world)
    victim = script.value("SELECT id FROM change WHERE dataset = 'school' AND row_key = '16020123'")
    without_triggers(script, tampering.format(id=victim))

    result = command(world, "verify")

    assert result.exit_code == 1
    assert told.format(id=victim) in result.stderr
    assert "พบความผิดปกติ 1 เรื่อง" in result.stdout


def test_a_chain_that_was_made_anew_lacks_the_seal_that_was_noted(world: World, script: Script) -> None:
    noted = command(world, "seal").stdout.splitlines()[-1]
    assert command(world, "verify", "--expect", noted).exit_code == 0

    result = command(world, "verify", "--expect", "f" * 64)

    assert result.exit_code == 1
    assert "ไม่พบผนึกที่จดไว้" in result.stderr


def test_a_seal_cannot_be_changed(world: World, script: Script) -> None:
    sealed(world)
    assert "แก้ไขหรือลบไม่ได้" in str(script.refusal("UPDATE history_seal SET rows = 0"))
    assert "แก้ไขหรือลบไม่ได้" in str(script.refusal("DELETE FROM history_seal"))


def test_who_passes_by_seals_now_and_then(world: World) -> None:
    with world.app.app_context():
        made = sealing.seal_when_due()
        assert made is not None
        assert made.changes > 0
    change_a_pupil(world, "ใหม่")
    with world.app.app_context():
        assert sealing.seal_when_due() is None
        later = sealing.seal_when_due(lock.now() + sealing.EVERY + dt.timedelta(seconds=1))
        assert later is not None
        assert later.changes == 1


def test_a_change_being_written_is_waited_for(world: World) -> None:
    """Its number is smaller than those of changes committed since; sealed without it, it would look slipped in."""
    if world.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    written, may_commit = threading.Event(), threading.Event()
    key = world.pupil()

    def write_slowly() -> None:
        with world.acting("alice"):
            db.session.get_one(Student, key).street = "ช้า"
            db.session.flush()
            written.set()
            may_commit.wait(30)
            db.session.commit()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(30)
    with world.acting("bob"):
        db.session.get_one(Student, world.pupil("16020124")).street = "เร็ว"
        db.session.commit()
    with world.app.app_context(), pytest.raises(HistoryBusy):
        sealing.seal(patience=0.2)
    may_commit.set()
    slow.join()
    made = sealed(world)

    assert verified(world).broken == []
    with world.app.app_context(), set_based(SetWork.SEAL):
        assert made.changes == db.session.connection().scalar(sa.select(sa.func.count(Change.id)))
        assert db.session.connection().scalar(sa.select(sa.func.sum(HistorySeal.rows))) == made.changes
