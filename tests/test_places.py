"""Districts and subdistricts come from a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app import setup
from appbuilder_app.declaration import db
from appbuilder_app.errors import NotPermitted
from appbuilder_app.models import District, Province, Subdistrict
from appbuilder_app.workflows.places import NoPlaceColumns, PlacesUnreadable, import_places
from tests.app_fixtures import World

FILE = """รหัส,ชื่อ,รหัสไปรษณีย์
81000000,กระบี่,
81080000,อำเภอเหนือคลอง,
๘๑๐๘๐๑๐๐,ตำบลเหนือคลอง,81130
810802,เกาะศรีบอยา,81130
"""


@pytest.fixture
def country(world: World) -> World:
    """The small world with the provinces."""
    with world.acting("adam"):
        setup.reference_data()
        db.session.commit()
    return world


def test_every_installation_has_the_77_provinces(country: World) -> None:
    with country.acting("alice"):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Province)) == 77
        assert db.session.get_one(Province, "16").name == "ลพบุรี"


def test_a_file_is_read_once_and_followed_afterwards(country: World) -> None:
    with country.acting("adam"):
        assert import_places(FILE.encode(), "places.csv") == (1, 2, 0)
        renamed = FILE.replace("เกาะศรีบอยา", "ศรีบอยา")
        assert import_places(renamed.encode(), "places.csv") == (0, 0, 1)
        (one,) = db.session.scalars(sa.select(Subdistrict).filter_by(code="810801"))
        assert (one.name, one.district_code, one.postcode) == ("เหนือคลอง", "8108", "81130")
        assert db.session.get_one(District, "8108").name == "เหนือคลอง"
        assert db.session.get_one(Subdistrict, "810802").name == "ศรีบอยา"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("รหัส,ชื่อ\n9901,ไม่มีจังหวัด\n", "แถวที่ 2 ไม่พบพื้นที่รหัส 99"),
        ("รหัส,ชื่อ\n8108,เหนือคลอง\nกขค,ตำบล\n", "แถวที่ 3 รหัสต้องมี 4, 6 หรือ 8 หลัก"),
        ("รหัส,ชื่อ\n8108,\n", "แถวที่ 2 ชื่อต้องมี"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_kept(country: World, text: str, told: str) -> None:
    with country.acting("adam"):
        with pytest.raises(PlacesUnreadable, match=told):
            import_places(text.encode(), "places.csv")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(District)) == 0


def test_a_file_without_the_two_columns_is_refused(country: World) -> None:
    with country.acting("adam"), pytest.raises(NoPlaceColumns):
        import_places("รหัส,พิกัด\n8108,1\n".encode(), "places.csv")


def test_only_who_may_write_places_imports_them(country: World) -> None:
    with country.acting("cee"), pytest.raises(NotPermitted):
        import_places(FILE.encode(), "places.csv")


def test_the_command_tells_what_was_added(country: World, tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(FILE, encoding="utf-8")
    done = country.app.test_cli_runner().invoke(args=["import-places", str(file), "--as", "adam"])
    assert done.exit_code == 0, done.stderr
    assert "เพิ่มอำเภอ 1 ตำบล 2" in done.stdout
