"""What the database refuses comes back as a Thai sentence that says what to do, and tells no secrets."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from appbuilder_app import errors
from appbuilder_app.dataset import ddl, refusals
from tests.app_fixtures import FOREIGN, SCHOOL, World, national_id, pupil
from tests.round_fixtures import by_verb
from tests.script_fixtures import Script


def test_the_same_pupil_twice_is_already_there(script: Script) -> None:
    twice = "UPDATE student SET national_id = :id WHERE school_code = :school"
    refusal = script.refusal(twice, id=national_id(1), school=SCHOOL)
    assert isinstance(refusal, errors.AlreadyThere)
    assert "เลขประจำตัวประชาชน" in str(refusal)
    assert national_id(1) not in str(refusal)


def test_a_key_by_itself_is_named_as_its_label(script: Script) -> None:
    refusal = script.refusal("UPDATE school SET moe_code = '1016020123'")
    assert "รหัสกระทรวง 10 หลัก" in str(refusal)


def test_what_others_point_to_is_not_deleted(script: Script) -> None:
    assert isinstance(script.refusal("DELETE FROM school"), errors.StillReferenced)


def test_pointing_to_nothing_is_another_refusal(script: Script) -> None:
    assert isinstance(script.refusal("UPDATE school SET area_code = '0000'"), errors.ReferenceMissing)


def test_an_empty_field_is_named(script: Script) -> None:
    refusal = script.refusal("UPDATE school SET name = NULL")
    assert isinstance(refusal, errors.InvalidRow)
    assert refusal.problems == [errors.Problem("name", "ชื่อโรงเรียน: ต้องกรอก")]


def test_values_against_each_other_are_an_invalid_row(script: Script) -> None:
    assert isinstance(script.refusal('UPDATE "window" SET closes_at = opens_at'), errors.InvalidRow)


def test_an_old_version_is_stale() -> None:
    assert isinstance(refusals.from_database(StaleDataError("matched 0 rows")), errors.StaleVersion)


def test_a_fault_is_no_refusal(script: Script) -> None:
    with pytest.raises(DBAPIError) as caught:
        script.run("SELECT * FROM no_such_table")
    assert refusals.from_database(caught.value) is None
    assert refusals.from_database(ValueError()) is None
    with pytest.raises(DBAPIError), refusals.as_refusals():
        raise caught.value


def test_a_busy_database_asks_to_try_again(script: Script) -> None:
    setting = "SET lock_timeout = '50ms'"
    with script.engine.connect() as first, script.engine.connect() as second:
        second.exec_driver_sql(setting) if script.engine.dialect.name == "postgresql" else _shorten(second)
        first.execute(sa.text("UPDATE area SET phone = '1'"))
        with pytest.raises(errors.TryAgain), refusals.as_refusals():
            second.execute(sa.text("UPDATE area SET phone = '2'"))


def _shorten(connection: sa.Connection) -> None:
    # Past SQLAlchemy, whose BEGIN IMMEDIATE would already wait.
    connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]


def test_every_code_of_the_triggers_has_its_refusal() -> None:
    codes = {
        value[0] for value in vars(ddl).values() if isinstance(value, tuple) and str(value[0])[:2] == "TH"
    }
    assert codes == set(refusals._TRIGGERS)
    for code in codes:
        error = OperationalError("UPDATE student", {}, Exception(f"{code} ..."))
        refusal = refusals.from_database(error)
        assert refusal is not None
        assert refusal.status == 409
        assert "{" not in str(refusal)


def test_the_unit_of_work_refuses_in_the_same_words(world: World) -> None:
    from appbuilder_app.declaration import db

    with world.acting("alice"):
        db.session.add(pupil(SCHOOL, 100))
        with pytest.raises(errors.AlreadyThere), refusals.as_refusals():
            db.session.flush()


def test_another_schools_pupil_is_no_duplicate_and_tells_nothing(world: World) -> None:
    from appbuilder_app.declaration import db

    with world.acting("charlie"):
        db.session.add(pupil(FOREIGN, 100))
        by_verb()  # of before R21 was asked
