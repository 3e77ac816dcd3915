"""Thai texts that know their English: what they are everywhere else, and what they say on an English page."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle

import pytest

from appbuilder_app import kinds
from appbuilder_app.bilingual import Label, Sentence
from appbuilder_app.codes import Grade, WindowAction
from appbuilder_app.errors import InvalidRow, Problem, WindowNotYet
from appbuilder_app.models import round_label
from appbuilder_app.thaidate import thai_date, thai_date_short

CATALOGUE = {
    "ยังไม่ถึงเวลา{action} {round} จะเปิดให้ทำได้ตั้งแต่ {opens}": "“{action}” of {round} opens on {opens}",
    "รอบที่ {number} ปีการศึกษา {year}": "round {number}/{year}",
    "ข้อมูลยังไม่ถูกต้อง: {summary}": "Not right yet: {summary}",
    "ต้องกรอก": "must be filled in",
}


def english(text: str) -> str:
    """A catalogue of a few lines."""
    return CATALOGUE.get(text, text)


def refusal() -> WindowNotYet:
    """A refusal whose facts are words, a round and a day."""
    return WindowNotYet(
        action=WindowAction.CONFIRM.th, round=round_label(2, 2569), opens=thai_date(dt.date(2026, 11, 10))
    )


def test_a_refusal_is_its_thai_sentence():
    expected = "ยังไม่ถึงเวลายืนยันข้อมูล รอบที่ 2 ปีการศึกษา 2569 จะเปิดให้ทำได้ตั้งแต่ 10 พฤศจิกายน 2569"
    assert str(refusal()) == expected
    assert f"{refusal()}" == expected


def test_the_same_refusal_says_itself_in_english_with_its_facts():
    sentence = str(refusal())
    assert isinstance(sentence, Sentence)
    assert sentence.english(english) == "“Confirm” of round 2/2569 opens on 10 November 2569"


def test_problems_inside_a_refusal_are_told_in_english_too():
    row = InvalidRow([Problem("name", "ต้องกรอก"), Problem("born", Sentence("ต้องกรอก"))])
    assert str(row) == "ข้อมูลยังไม่ถูกต้อง: ต้องกรอก · ต้องกรอก"
    sentence = str(row)
    assert isinstance(sentence, Sentence)
    assert sentence.english(english) == "Not right yet: must be filled in · must be filled in"


def test_what_a_person_typed_is_neither_formatted_nor_translated():
    assert Sentence("ต้องกรอก {count}") == "ต้องกรอก {count}"
    named = Sentence("ข้อมูลยังไม่ถูกต้อง: {summary}", summary="ต้องกรอก")
    assert named.english(english) == "Not right yet: ต้องกรอก"


def test_kinds_tell_what_cannot_be_read_in_both_languages():
    with pytest.raises(kinds.NotReadable) as wrong:
        kinds.Number().read("{0}")
    assert str(wrong.value) == "“{0}” ไม่ใช่ตัวเลข"
    told = str(wrong.value).english(lambda _: "“{text}” is not a number")  # type: ignore[attr-defined]  # a Sentence
    assert told == "“{0}” is not a number"


@pytest.mark.parametrize("text", [Label("ชั้น", "Grade"), Sentence("ชั้น {grade}", grade=Grade.P1.th)])
def test_elsewhere_a_bilingual_text_is_plain_thai(text):
    thai = "".join(text)
    assert json.loads(json.dumps({"a": text})) == {"a": thai}
    assert copy.deepcopy(text) == thai
    assert type(pickle.loads(pickle.dumps(text))) is str
    assert {thai: 1}[text] == 1


def test_dates_keep_the_buddhist_era_in_english():
    day = dt.date(2026, 6, 10)
    assert (thai_date(day), thai_date(day).en) == ("10 มิถุนายน 2569", "10 June 2569")
    assert (thai_date_short(day), thai_date_short(day).en) == ("10 มิ.ย. 2569", "10 Jun 2569")
