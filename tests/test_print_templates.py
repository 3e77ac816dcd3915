"""Every document of ``print_templates``: every word of it is found, and it is read in order. New ones join SAMPLES."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from appbuilder_app.codes import Grade
from appbuilder_app.typesetting import PRINT_TEMPLATES, filled, typeset
from appbuilder_app.workflows.class_rosters import About, ClassRoster, Row
from appbuilder_app.workflows.gcode_reports import Line, Report
from appbuilder_app.workflows.letters import Letter
from bench.pdf import SHEET
from tests.print_fixtures import PdfReader, texts_of

AT = dt.datetime(2026, 6, 10, 8, 42, tzinfo=dt.UTC)
REPORT = Report(
    place="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2", year=2569, scope="C/1602", at=AT,
    places=[Line("16020123", "โรงเรียนบ้านน้ำค่ำ", 12, 3), Line("16020124", "โรงเรียนวัดปู่ย่า", 2, 0)],
    nationalities=[Line("104", "เมียนมา", 9, 2), Line("056", "ลาว", 5, 1)],
)  # fmt: skip
SHEETS: dict[str, Any] = {"created": AT.isoformat(), "spacing": "dense"}
SAMPLES: dict[str, dict[str, Any]] = {
    "certificate.html": SHEETS | {"sheet": SHEET},
    "gcode_report.html": {"report": REPORT, "most": 12, "created": AT.isoformat()},
    "gcode_form.html": {
        "name": "เด็กหญิงน้ำผึ้ง ปู่ย่า",
        "school": "บ้านหนองน้ำใส",
        "school_code": "16020123",
        "area": "สพป.ลพบุรี เขต 2",
        "groups": [("ผู้เรียน", [(("ชื่อ", "น้ำผึ้ง"), ("สัญชาติ", "ไร้สัญชาติ")), (("ที่อยู่", "หมู่ที่ ๙ ตำบลท่าหิน"), None)])],
        "created": AT.isoformat(),
    },
    "roster.html": {
        "about": About(
            "โรงเรียนบ้านหนองน้ำใส", "16020123", "สพป.ลพบุรี เขต 2", "รอบที่ 2 ปีการศึกษา 2569", AT, "3f" * 32
        ),
        "one": ClassRoster(
            Grade.P6,
            1,
            [Row("01234", "1-2345-xxxxx-12-1", "เด็กหญิงน้ำผึ้ง ปู่ย่า", "หญิง", "01/02/2557", "ไม่นับ (ซ้ำซ้อน)")],
            0,
        ),
        "created": AT.isoformat(),
    },
    "letter.html": {
        "letter": Letter(
            kind="หนังสือส่งกลับแก้ไข",
            about="16020123",
            series="ศธ 04104/",
            sender="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",
            address=("อำเภอชัยบาดาล", "จังหวัดลพบุรี 15130"),
            at=AT,
            subject="ส่งข้อมูลกลับเพื่อแก้ไข รอบที่ 2 ปีการศึกษา 2569",
            to="ผู้อำนวยการโรงเรียนบ้านน้ำค่ำ",
            reference="แบบรับรองข้อมูล เลขที่ 1602-2569-0001",
            enclosed="บัญชี จำนวน 1 ฉบับ",
            paragraphs=(
                "ตามที่โรงเรียนบ้านน้ำค่ำ ได้ส่งข้อมูลนักเรียน รอบที่ 2 นั้น",
                "เขตพื้นที่ตรวจสอบแล้วเห็นว่าต้องแก้ไข เนื่องจากจำนวนนักเรียนชั้น ป.6 ไม่ตรงกับที่มีอยู่จริง",
                "จึงเรียนมาเพื่อทราบ",
            ),
            signer="",
            position=("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",),
            contact=("กลุ่มนโยบายและแผน", "โทร. 036-461-000"),
        ),
        "day": AT.date(),
        "created": AT.isoformat(),
    },
    "acknowledgement.html": {
        "facts": {
            "number": "รท 1602/0001/2569",
            "area": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",
            "system": "นักเรียน (DMC)",
            "round": "รอบที่ 2 ปีการศึกษา 2569",
            "of": 139,
            "of_learners": True,
            "officer": "นางน้ำฝน ปู่ย่า",
            "position": "นักวิชาการศึกษา",
            "schools": [
                {
                    "code": f"160201{at}",
                    "name": f"บ้านน้ำค่ำ{at}",
                    "certificate": f"1602-2569-00{at}",
                    "rows": 1200,
                    "male": 600,
                    "female": 600,
                }
                for at in range(10, 18)
            ],
        },
        "at": AT,
        "created": AT.isoformat(),
    },
    "credential_slip.html": {
        "username": "somchai.j",
        "name": "นายสมชาย ใจซื่อ",
        "position": "ผู้อำนวยการโรงเรียน",
        "place": "โรงเรียนบ้านน้ำค่ำ",
        "password": "abcd-efgh-jkmn",
        "roles": "ผู้อำนวยการโรงเรียน",
        "at": AT,
        "created": AT.isoformat(),
    },
    "statistics.html": {
        "place": "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",
        "system": "นักเรียน (DMC)",
        "round": "รอบที่ 2 ปีการศึกษา 2569",
        "day": AT.date(),
        "counted": 138,
        "schools": 139,
        "sha256": "3f" * 32,
        "sources": "2a" * 32,
        "created": AT.isoformat(),
        "tables": [
            (
                "นักเรียนตามชั้น",
                ["ชั้น", "ชาย", "หญิง", "รวม", "ห้องเรียน"],
                [["ประถมศึกษาปีที่ 1", 1200, 1100, 2300, 90]],
                ["รวมทั้งสิ้น", 1200, 1100, 2300, 90],
            ),
            ("ความด้อยโอกาส", ["ความด้อยโอกาส", "ชาย", "หญิง", "รวม"], [["เด็กยากจน", 7, 8, 15]], None),
        ],
    },
    "reader_receipt.html": {
        "kind": "issue",
        "number": "1/2569",
        "at": AT,
        "created": AT.isoformat(),
        "tested_at": AT,
        "pin_on": AT.date(),
        "area": "สพป.ลพบุรี เขต 2",
        "school": "บ้านหนองน้ำใส",
        "school_code": "16020123",
        "district": "ท่าหลวง",
        "serial": "SN-1001",
        "product": "ACS ACR39U",
        "lot": "1/2568",
        "document": "ศธ 04104/ว 12",
        "phone": "081-234-5678",
        "test": "อ่านบัตรได้",
        "test_way": "ทดสอบด้วยโปรแกรมอ่านบัตร",
        "pin_result": "ลงทะเบียนแล้ว",
        "pin_office": "ที่ว่าการอำเภอ",
        "giver": "นางน้ำฝน ปู่ย่า",
        "giver_position": "นักวิชาการศึกษา",
        "taker": "นายก้องเกียรติ ใจซื่อ",
        "taker_position": "ครู",
        "condition": "",
        "reason": "",
        "issue_number": "",
    },
}
NO_DOCUMENTS = {"round_sheet.html", "data_certificate.html", "annex.html"}
"""What others are made of, and what tests of its own know (tests/test_systems.py)."""


def test_every_document_has_a_sample_here() -> None:
    present = {file.name for file in PRINT_TEMPLATES.glob("*.html")}
    assert present - NO_DOCUMENTS == set(SAMPLES)


@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_every_word_of_every_document_is_found(template: str, run_poppler: PdfReader) -> None:
    html = filled(template, **SAMPLES[template])
    pdf = typeset(html)
    texts = texts_of(html)
    found = "".join(run_poppler("pdftotext", pdf, "-raw").split())
    assert len(texts) > 10
    assert [text for text in texts if text not in found] == []
    # And in the order of reading: what a screen reader says is the page as it was written.
    told = run_poppler("pdfinfo", pdf, "-struct-text")
    read = "".join("".join(re.findall(r'^ *"(.*)"$', told, re.MULTILINE)).split())
    assert [text for text in texts if text not in read] == []
