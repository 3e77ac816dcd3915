"""The key of a name: spellings that are exchanged have one, different names have two; the databases agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from appbuilder_app.declaration import db
from appbuilder_app.thainames import SQL_FUNCTION, name_key
from tests.app_fixtures import World

WORDS = Path(__file__).parents[1] / "appbuilder_app" / "demo" / "wordlists"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("จันทร์", "จัน"),
        ("สิทธิ์", "สิท"),
        ("พันธุ์ทิพย์", "พันทิพ"),
        ("ทราย", "ซาย"),
        ("ศุภษร", "สุพสร"),
        ("ใจดี", "ไจดี"),
        ("วรรณา", "วันนา"),
        ("กรรณิการ์", "กันนิกา"),
        ("อำพร", "อัมพร"),
        ("เเก้ว", "แก้ว"),
        ("แก้ว", "แกว"),
        ("น้ํา", "น้ำ"),
        ("บุญ มี", "บุญมี"),
        ("เด็กชายสมชาย", "สมชาย"),
        ("ด.ญ.สมหญิง", "สมหญิง"),
        ("นาย สมชาย", "สมชาย"),
        ("ณัฐ", "นัท"),
        ("Anna", "ANNA"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("สมชาย", "สมหญิง"), ("นายิกา", "ยิกา"), ("มานี", "มานะ"), ("ดำ", "แดง"), ("พร", "พัน")]
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_the_last_name_counts_wherever_the_name_is_parted() -> None:
    assert name_key("บุญมี", "ใจดี") == name_key("บุญ", "มีใจดี") != name_key("บุญมี", "ใจร้าย")


def test_the_database_computes_the_same_key(world: World) -> None:
    words = sorted({word for file in WORDS.glob("*.txt") for word in file.read_text("utf-8").split()})
    odd = ["", " ", "'", "ด.ช.", "นาง ก", "จันทร์ ์", "ฤทธิ์", "สวรรค์", "O'Brien-Smith", "ปัญญา\u200bดี"]
    names = [*words, *odd, *(words[n] + words[-n] for n in range(0, len(words), 7))]
    function = getattr(sa.func, SQL_FUNCTION)
    with world.app.app_context():
        for first in range(0, len(names), 500):
            some = names[first : first + 500]
            answers = db.session.connection().execute(sa.select(*(function(name, "ก์ใ") for name in some)))
            assert tuple(answers.one()) == tuple(name_key(name, "ก์ใ") for name in some)
