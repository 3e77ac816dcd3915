"""The promise: one class of at most 15 lines, and every generated part of the dataset is there.

The class is in `never_seen.py`. Its table and triggers are made by the generators that write migrations.
These tests run in a process of their own, because a declaration stays in the schema of its process.
"""

from __future__ import annotations

import csv
import inspect
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from sqlalchemy.exc import DBAPIError

from appbuilder_app.access import Privacy, Sight, private_subject
from appbuilder_app.dataset import openapi
from appbuilder_app.declaration import Base, dataset_named, dataset_of, datasets, db
from appbuilder_app.models import Change, ImportBatch
from appbuilder_app.workflows import accounts, roles
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING
from tests.attack_fixtures import Attacked, rights_of
from tests.test_files_of_rows import picture
from tests.test_imports import filled
from tests.test_many import looked_at

NAME = "garden_plot"
MOST_LINES = 15
DECLARED = NAME in {model.__tablename__ for model in datasets()}
in_its_own_process = pytest.mark.skipif(not DECLARED, reason="runs in a process of its own, see below")
FORM = {"number": "7", "crop": "ผักบุ้ง", "water": "rain", "sown_on": "16/05/2568", "harvest_kg": "๑๒.๕"}

pytestmark = [] if not DECLARED else [pytest.mark.usefixtures("as_it_was")]


@pytest.mark.skipif(DECLARED, reason="this is that process")
def test_a_dataset_never_seen_before_has_every_generated_part(pytestconfig: pytest.Config) -> None:
    """And that another, with every kind of field and a pointer to a private row, is attacked as all others are."""
    # PostgreSQL has all that SQLite has, and walls of its own, which are made from the declaration, too.
    chosen = "sqlite" if pytestconfig.getoption("--database") == "sqlite" else "postgresql"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.never_seen", "-p", "tests.invented"]
    files = ["tests/test_new_dataset.py", "tests/test_attack_matrix.py", "tests/test_attack_orm.py"]
    done = subprocess.run(
        [*command, "--database", chosen, "-p", "no:cacheprovider", "-k", "test_new_dataset or locker", *files],
        capture_output=True, text=True, cwd=pytestconfig.rootpath, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    assert "passed" in done.stdout


@pytest.fixture
def as_it_was(attacked: Attacked) -> Iterator[None]:
    """Every test meets the same plots: two of each school."""
    yield
    attacked.put_back(attacked.changes())


@pytest.fixture
def plot(attacked: Attacked) -> dict[str, Any]:
    """A plot of Alice's school."""
    return attacked.of_school(dataset_named(NAME), SCHOOL)


class Person:
    """A persona's browser and program at the dataset's doors."""

    def __init__(self, attacked: Attacked, name: str) -> None:
        self.browser, _ = attacked.client(name, "cookie")
        self.program, self.headers = attacked.client(name, "token")

    def page(self, rest: str = "", **sent: Any) -> Any:
        """A screen; with ``data``, a form that is sent."""
        method = "POST" if "data" in sent else "GET"
        return self.browser.open(f"/data/{NAME}/{rest}", method=method, buffered=True, **sent)

    def api(self, method: str, rest: str = "", **sent: Any) -> Any:
        """A request to the API."""
        return self.program.open(f"/api/v1/{NAME}/{rest}", method=method, headers=self.headers, **sent)


@pytest.fixture
def alice(attacked: Attacked) -> Person:
    """The school's data officer."""
    return Person(attacked, "alice")


@in_its_own_process
def test_its_class_has_at_most_15_lines() -> None:
    lines = [line for line in inspect.getsource(dataset_named(NAME)).splitlines() if line.strip()]
    assert len(lines) <= MOST_LINES


@in_its_own_process
def test_what_the_class_leaves_out_follows() -> None:
    declared = dataset_of(dataset_named(NAME))
    assert declared.key == ("school_code", "number")
    assert declared.order == ("scope", "number", "id")
    assert declared.listed == (
        "school_code", "number", "crop", "water", "sown_on", "harvest_kg", "cost", "photo",
    )  # fmt: skip
    assert declared.sorted == ("number", "crop")
    assert declared.title == ("crop",)


@in_its_own_process
def test_the_database_keeps_the_key_and_has_the_order(attacked: Attacked, plot: dict[str, Any]) -> None:
    found = sa.inspect(attacked.oracle)
    assert [one["column_names"] for one in found.get_unique_constraints(NAME)] == [["school_code", "number"]]
    assert ["scope", "number", "id"] in [one["column_names"] for one in found.get_indexes(NAME)]


@in_its_own_process
def test_it_stands_in_the_navigation_in_both_languages(alice: Person) -> None:
    assert f'href="/data/{NAME}/"' in alice.browser.get("/").text
    assert "แปลงเกษตร" in alice.page().text
    alice.browser.get("/lang/en")
    assert all(words in alice.page().text for words in ("Garden plots", "Sown on", "Harvest"))
    alice.browser.get("/lang/th")


@in_its_own_process
def test_its_list_is_searched_filtered_sorted_and_paged(alice: Person, plot: dict[str, Any]) -> None:
    assert plot["crop"] in alice.page().text
    assert plot["crop"] in alice.page(f"?q={plot['crop'].split()[-1]}").text
    assert plot["crop"] not in alice.page("?q=ไม่มีพืชนี้").text
    assert plot["crop"] in alice.page(f"?water={plot['water'].value}").text
    numbers = [row["number"] for row in alice.api("GET", "?sort=-number").json["result"]]
    assert numbers == sorted(numbers, reverse=True)
    first = alice.api("GET", "?size=1").json
    second = alice.api("GET", f"?size=1&after={first['after']}").json
    assert first["count"] == 2
    assert first["result"][0]["key"] != second["result"][0]["key"]


@in_its_own_process
def test_a_row_is_added_shown_edited_and_deleted_by_forms(alice: Person, attacked: Attacked) -> None:
    added = alice.page("add", data=FORM)
    assert added.status_code == 302, added.text
    shown = alice.browser.get(added.location)
    assert all(word in shown.text for word in ("ผักบุ้ง", "น้ำฝน", "16 พ.ค. 2568", "12.5 กก."))
    key = added.location.rstrip("/").rpartition("/")[2]
    assert alice.page(f"{key}/edit", data={**FORM, "crop": "คะน้า", "version": "1"}).status_code == 302
    assert "คะน้า" in alice.page(key).text
    assert alice.page(f"{key}/delete", data={}).status_code == 302
    assert alice.page(key).status_code == 404
    assert attacked.changes() == {}


@in_its_own_process
def test_a_wrong_form_loses_nothing_and_says_what_is_wrong(alice: Person, attacked: Attacked) -> None:
    wrong = alice.page("add", data={**FORM, "number": "0", "sown_on": "31/02/2568"})
    assert wrong.status_code == 422
    assert all(word in wrong.text for word in ("ผักบุ้ง", "31/02/2568", "ต้องไม่น้อยกว่า 1"))
    assert attacked.changes() == {}


@in_its_own_process
def test_a_second_row_of_one_key_is_refused(alice: Person, plot: dict[str, Any], attacked: Attacked) -> None:
    again = alice.page("add", data={**FORM, "number": str(plot["number"])})
    assert again.status_code in {409, 422}
    assert attacked.changes() == {}


@in_its_own_process
def test_it_can_be_looked_up(alice: Person, plot: dict[str, Any]) -> None:
    found = alice.page(f"lookup?q={plot['crop'].split()[-1]}").json
    assert [one["id"] for one in found] == [plot["id"]]


@in_its_own_process
def test_it_is_exported_as_a_workbook_and_as_text(alice: Person, plot: dict[str, Any]) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(alice.page("export.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert "พืชที่ปลูก" in rows[0]
    assert plot["crop"] in rows[1]
    text = alice.page("export.csv").data.decode("utf-8-sig")
    assert plot["crop"] in [cell for row in csv.reader(io.StringIO(text)) for cell in row]


@in_its_own_process
def test_its_api_has_five_operations(alice: Person) -> None:
    body = {"number": 8, "crop": "มะเขือ", "water": "rain", "sown_on": "2025-05-16", "harvest_kg": 2.5}
    added = alice.api("POST", json=body)
    assert added.status_code == 201, added.text
    key = added.json["key"]
    assert alice.api("GET", key).json["crop"] == "มะเขือ"
    assert alice.api("PATCH", key, json={"crop": "ถั่ว", "version": 1}).json["version"] == 2
    assert alice.api("PATCH", key, json={"crop": "งา", "version": 1}).status_code == 409
    assert alice.api("GET").json["count"] == 3
    assert alice.api("PATCH", key, json={"water": "sea"}).json["errors"][0]["field"] == "water"
    assert alice.api("DELETE", key).status_code == 204


@in_its_own_process
def test_openapi_describes_it(alice: Person) -> None:
    described: Any = alice.program.get(openapi.ADDRESS, headers=alice.headers).json
    operations = {
        method
        for path, methods in described["paths"].items()
        if path.endswith((f"/{NAME}/", f"/{NAME}/{{key}}"))
        for method in methods
    }
    assert operations >= {"get", "post", "patch", "delete"}
    assert "แปลงที่" in str(described["components"]["schemas"])


@in_its_own_process
def test_rows_have_owners(attacked: Attacked, plot: dict[str, Any]) -> None:
    for stranger in ("bob", "charlie", "eve"):
        assert Person(attacked, stranger).page(str(plot["id"])).status_code == 404
        assert Person(attacked, stranger).api("GET", str(plot["id"])).status_code == 404
    assert Person(attacked, "dan").api("GET").json["count"] == 2 * len({SCHOOL, SIBLING})
    assert Person(attacked, "cee").api("GET").json["count"] == 2 * len({SCHOOL, SIBLING, FOREIGN})


@in_its_own_process
def test_built_in_roles_have_their_usual_rights(attacked: Attacked, plot: dict[str, Any]) -> None:
    director = Person(attacked, "dao")
    assert director.page(str(plot["id"])).status_code == 200
    assert director.page(f"{plot['id']}/edit", data=FORM).status_code == 403
    assert director.page("export.csv").status_code == 200
    assert NAME in {line[0] for line in roles.matrix()}


@in_its_own_process
def test_a_confirmed_round_locks_it_on_every_path(
    alice: Person, attacked: Attacked, plot: dict[str, Any]
) -> None:
    with attacked.round_is("confirmed"):
        assert alice.page("add", data=FORM).status_code == 409
        assert alice.api("PATCH", str(plot["id"]), json={"crop": "งา"}).status_code == 409
        # The owner of the tables, too, meets the trigger.
        with pytest.raises(DBAPIError, match=r"TH003|ล็อก"), attacked.oracle.begin() as raw:
            raw.execute(sa.text(f"UPDATE {NAME} SET crop = 'งา'"))
    assert attacked.changes() == {}


@in_its_own_process
def test_its_history_tells_who_changed_what(alice: Person, plot: dict[str, Any]) -> None:
    assert alice.api("PATCH", str(plot["id"]), json={"crop": "ฟักทอง"}).status_code == 200
    page = alice.page(str(plot["id"])).text
    assert all(word in page for word in ("Alice ทดสอบ", "ฟักทอง", plot["crop"]))


@in_its_own_process
def test_two_versions_are_compared_and_one_comes_back(
    alice: Person, plot: dict[str, Any], attacked: Attacked
) -> None:
    key = str(plot["id"])
    versions = [alice.api("PATCH", key, json={"crop": crop}).json["version"] for crop in ("ฟักทอง", "งา")]
    with attacked.world.acting("alice"):
        changes = sa.select(Change.id).filter_by(dataset=NAME, row_key=key, action="update")
        earlier, later = db.session.scalars(changes.order_by(Change.id.desc()).limit(2)).all()[::-1]
    page = alice.page(f"{key}/history?earlier={earlier}&later={later}").text
    compared = page[page.index("สองรุ่นต่างกันอย่างไร") :]
    assert all(word in compared for word in ("พืชที่ปลูก", "ฟักทอง", "งา"))
    asked = {"change": str(earlier), "version": str(versions[-1])}
    assert alice.page(f"{key}/history", data=asked).status_code == 422
    assert alice.page(f"{key}/history", data=asked | {"reason": "แก้ผิดแปลง"}).status_code == 302
    assert alice.api("GET", key).json["crop"] == "ฟักทอง"
    assert "แก้ผิดแปลง" in alice.page(f"{key}/history").text


# ── Excel ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def at_once(attacked: Attacked) -> Iterator[None]:
    """Jobs are done before the order's answer."""
    attacked.world.app.config["JOBS_AT_ONCE"] = True
    yield
    attacked.world.app.config["JOBS_AT_ONCE"] = False


GOOD = {"number": 21, "crop": "แตงกวา", "water": "น้ำฝน", "sown_on": "16/05/2568", "harvest_kg": 3.5}
WRONG = GOOD | {"number": 22, "crop": "ฟักเขียว", "sown_on": "31/02/2568", "harvest_kg": -1}


def uploaded(alice: Person, book: bytes) -> tuple[str, str]:
    """Alice uploads a workbook; its page's address within the dataset, and what the page says."""
    sent = alice.page("import/", data={"file": (io.BytesIO(book), "แปลง.xlsx")})
    assert sent.status_code == 302, sent.text
    rest = sent.location.partition(f"/data/{NAME}/")[2]
    return rest, alice.page(rest).text


def outcome(attacked: Attacked) -> dict[str, int]:
    """What the last file's rows have become."""
    with attacked.world.acting("alice"):
        last = db.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)).one()
        return {one: last.counts[one] for one in ("new", "changed", "same", "wrong") if last.counts[one]}


@in_its_own_process
@pytest.mark.usefixtures("at_once")
def test_its_template_is_filled_judged_marked_committed_and_undone(
    alice: Person, plot: dict[str, Any], attacked: Attacked
) -> None:
    empty = alice.page("import/template.xlsx").data
    heads = [str(cell.value) for cell in openpyxl.load_workbook(io.BytesIO(empty)).worksheets[0][2]]
    assert heads[:3] == ["แปลงที่ *", "พืชที่ปลูก *", "แหล่งน้ำ *"]
    changed = {"number": plot["number"], "crop": "มะเขือเปราะ"}
    rest, shown = uploaded(alice, filled(empty, GOOD, WRONG, changed))
    assert outcome(attacked) == {"new": 1, "changed": 1, "wrong": 1}
    assert "31/02/2568" in shown
    assert attacked.changes() == {}, "a preview writes nothing"

    marked = openpyxl.load_workbook(io.BytesIO(alice.page(f"{rest}/marked.xlsx").data)).worksheets[0]
    noted = {cell.coordinate for row in marked.iter_rows(min_row=3) for cell in row if cell.comment}
    assert noted == {f"{letter}4" for letter in ("D", "E")}
    assert marked["B4"].value == "ฟักเขียว"

    alice.page(f"{rest}/commit", data={"whole": "1"})
    assert attacked.changes() == {}, "all or nothing"
    assert alice.page(f"{rest}/commit", data={}).status_code == 302
    numbers = {row["number"]: row["crop"] for row in alice.api("GET", "?size=100").json["result"]}
    assert (numbers[21], numbers[plot["number"]], numbers.get(22)) == ("แตงกวา", "มะเขือเปราะ", None)
    again, _ = uploaded(alice, filled(empty, GOOD, changed))
    assert outcome(attacked) == {"same": 2}
    alice.page(f"{again}/cancel", data={})

    assert alice.page(f"{rest}/undo", data={}).status_code == 302
    crops = {row["number"]: row["crop"] for row in alice.api("GET", "?size=100").json["result"]}
    assert (crops.get(21), crops[plot["number"]]) == (None, plot["crop"])


@in_its_own_process
@pytest.mark.usefixtures("at_once")
def test_its_rows_are_downloaded_edited_and_uploaded_and_strangers_see_no_file(
    alice: Person, attacked: Attacked
) -> None:
    rest, _ = uploaded(alice, alice.page("import/rows.xlsx").data)
    assert outcome(attacked) == {"same": 2}
    for name, status in (("bob", 404), ("charlie", 404), ("dao", 403)):
        assert Person(attacked, name).page(rest).status_code in {302, status}
        assert Person(attacked, name).page(f"{rest}/marked.xlsx").status_code in {302, status}


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────


@in_its_own_process
def test_its_list_is_kept_as_a_view_and_shared_with_a_role(attacked: Attacked, plot: dict[str, Any]) -> None:
    dan, alice, dao = (Person(attacked, name) for name in ("dan", "alice", "dao"))
    kept = {"name": "รดน้ำฝน", "query": f"water={plot['water'].value}&columns=crop%2Cwater"}
    opened = dan.page("views", data=kept).location
    page = dan.browser.get(opened).text
    assert all(words in page for words in ("รดน้ำฝน", plot["crop"]))
    assert "ผลผลิต</a></th>" not in page
    assert "รดน้ำฝน" not in alice.page("views").text
    key = opened.partition("view=")[2].partition("&")[0]
    assert dan.page(f"views/{key}/share", data={"role": "school_officer"}).status_code == 302
    assert "รดน้ำฝน" in alice.page("views").text
    assert "รดน้ำฝน" not in dao.page("views").text
    assert dan.page(f"views/{key}/delete", data={}).status_code == 302
    assert "รดน้ำฝน" not in alice.page("views").text


def together(person: Person, status: int, **form: Any) -> str:
    """The answer to the pages on which many rows are worked on."""
    own = {f"many.{name}": value for name, value in form.pop("many").items()}
    answer = person.page("many", data={**own, **form})
    assert answer.status_code == status, answer.text
    return str(answer.text)


@in_its_own_process
def test_many_of_its_rows_are_changed_and_deleted_together(alice: Person, attacked: Attacked) -> None:
    def waters() -> list[str]:
        return [row["water"] for row in alice.api("GET").json["result"]]

    edit = {"all": "1", "asked": "", "field": "water", "reason": "ต่อท่อแล้ว"}
    seen = together(alice, 200, many={**edit, "do": "edit-look"}, water="piped")
    assert attacked.changes() == {}
    together(alice, 302, many={**edit, "do": "edit-save", "mark": looked_at(seen)}, water="piped")
    assert waters() == ["piped", "piped"]
    keys = [row["key"] for row in alice.api("GET").json["result"]]
    stranger = Person(attacked, "bob")
    together(stranger, 404, many={"id": keys, "do": "delete-look", "reason": "ลอง"})
    gone = {"id": keys, "reason": "เลิกแปลง"}
    seen = together(alice, 200, many={**gone, "do": "delete-look"})
    together(alice, 302, many={**gone, "do": "delete-save", "mark": looked_at(seen)})
    assert waters() == []


# ── Rights and files ─────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def directors_see(attacked: Attacked, seen: Sight) -> Iterator[None]:
    """Inside, directors see the dataset's money so."""
    subject = private_subject(NAME, Privacy.MONEY)

    def give(rights: Any) -> None:
        with attacked.world.acting("adam"):
            [role] = accounts.roles_named(["school_director"])
            roles.set_rights(role, rights)
            db.session.commit()

    usual = rights_of("dao")
    told = set() if seen is Sight.HIDDEN else {(str(seen), subject)}
    give({one for one in usual if one[1] != subject} | told)
    try:
        yield
    finally:
        give(set(usual))


@in_its_own_process
@pytest.mark.parametrize("seen", [Sight.HIDDEN, Sight.MASKED, Sight.SHOWN], ids=str)
def test_a_role_sees_its_money_sees_it_masked_or_not_at_all(
    alice: Person, attacked: Attacked, plot: dict[str, Any], seen: Sight
) -> None:
    key = str(plot["id"])
    assert alice.api("PATCH", key, json={"cost": "73219.25"}).status_code == 200
    with directors_see(attacked, seen):
        dao = Person(attacked, "dao")
        book = CalamineWorkbook.from_filelike(io.BytesIO(dao.page("export.xlsx").data))
        doors = {
            "list": dao.page("?columns=crop%2Ccost" if seen is not Sight.HIDDEN else "").text,
            "record": dao.page(key).text,
            "history": dao.page(f"{key}/history").text,
            "api": dao.api("GET", key).text,
            "csv": dao.page("export.csv").text,
            "xlsx": str(book.get_sheet_by_index(0).to_python()),
        }
        for door, said in doors.items():
            tells = "73,219.25" in said or "73219.25" in said
            assert tells is (seen is Sight.SHOWN), door
        assert ("ต้นทุน" in doors["record"]) is (seen is not Sight.HIDDEN)


@in_its_own_process
def test_its_rights_stand_in_the_matrix_with_its_groups(attacked: Attacked) -> None:
    adam = Person(attacked, "adam")
    page = adam.browser.get("/roles/2").text
    assert f"{NAME}:money" in page
    assert page.count("แปลงเกษตร") >= 1


@in_its_own_process
def test_support_is_told_why_somebody_cannot_see_a_row(attacked: Attacked, plot: dict[str, Any]) -> None:
    asked = {"username": "charlie", "dataset": NAME, "key": str(plot["id"])}
    told = Person(attacked, "adam").browser.post("/accounts/why", data=asked)
    answer = told if told.status_code == 200 else Person(attacked, "adam").browser.get(told.location)
    assert "รายการนี้เป็นของ บ้านหนองตัวอย่าง จึงไม่เห็น" in answer.text


@in_its_own_process
def test_its_photo_is_put_in_place_and_seen_by_who_sees_the_row(
    alice: Person, attacked: Attacked, plot: dict[str, Any]
) -> None:
    door = f"{plot['id']}/files/photo"
    assert alice.page(door, data={"file": (io.BytesIO(picture()), "แปลง.jpg")}).status_code == 302
    for name, status in (("alice", 200), ("dao", 200), ("dan", 200), ("bob", 404), ("charlie", 404)):
        assert Person(attacked, name).page(door).status_code == status, name
    assert alice.page(f"{door}?size=thumbnail").mimetype == "image/jpeg"
    assert "มีไฟล์" in alice.page().text


# ── The database's own walls ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def raw(attacked: Attacked) -> Iterator[sa.Connection]:
    """The application's own connection to PostgreSQL, past all of the application's walls."""
    if attacked.oracle.dialect.name != "postgresql":
        pytest.skip("SQLite knows no policies")
    engine = sa.create_engine(attacked.world.app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def is_viewer(raw: sa.Connection, scope: str) -> None:
    """The transaction is in the name of a scope."""
    raw.execute(sa.text("SELECT set_config('thabian.scope', :scope, true)"), {"scope": scope})


@in_its_own_process
def test_raw_sql_finds_and_changes_only_rows_of_the_viewer(raw: sa.Connection, plot: dict[str, Any]) -> None:
    count = sa.text(f"SELECT count(*) FROM {NAME}")
    assert raw.scalar(count) == 0, "nobody"
    is_viewer(raw, SCOPES[SCHOOL])
    assert raw.scalar(count) == 2
    is_viewer(raw, SCOPES[FOREIGN])
    assert raw.scalar(count) == 2
    for statement in (f"UPDATE {NAME} SET crop = 'งา' WHERE id = :id", f"DELETE FROM {NAME} WHERE id = :id"):
        assert raw.execute(sa.text(statement), {"id": plot["id"]}).rowcount == 0
    given = {"scope": SCOPES[SCHOOL], "school": SCHOOL}
    smuggled = f"INSERT INTO {NAME} (scope, school_code, number, crop, water) VALUES (:scope, :school, 99, 'งา', 'rain')"
    with pytest.raises(DBAPIError, match="row-level security"):
        raw.execute(sa.text(smuggled), given)


@in_its_own_process
def test_raw_sql_meets_the_lock_of_a_confirmed_school(
    raw: sa.Connection, attacked: Attacked, plot: dict[str, Any]
) -> None:
    with attacked.round_is("confirmed"):
        is_viewer(raw, SCOPES[SCHOOL])
        with pytest.raises(DBAPIError) as refused:
            raw.execute(sa.text(f"UPDATE {NAME} SET crop = 'งา' WHERE id = :id"), {"id": plot["id"]})
        assert getattr(refused.value.orig, "sqlstate", None) == "TH003"
        raw.rollback()


@in_its_own_process
def test_it_is_part_of_the_schema_like_any_other() -> None:
    assert NAME in Base.metadata.tables
