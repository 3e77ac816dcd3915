"""Codes of questionnaires."""

from __future__ import annotations

from .codelist import CodeList


class QuestionKind(CodeList, noun="ชนิดคำตอบ"):
    """What kind of answer a question takes; own codes."""

    TEXT = "text", "ข้อความสั้น", "Short text", "ข้อความ"
    MEMO = "memo", "ข้อความหลายบรรทัด", "Long text"
    WHOLE = "whole", "จำนวนเต็ม", "Whole number"
    NUMBER = "number", "ตัวเลข", "Number"
    MONEY = "money", "จำนวนเงิน (บาท)", "Money (baht)", "บาท"
    FLAG = "flag", "ใช่/ไม่ใช่", "Yes or no"
    DATE = "date", "วันที่", "Date"
    CHOICE = "choice", "เลือกหนึ่งข้อ", "One choice"


class Answerer(CodeList, noun="ผู้ตอบ"):
    """Who answers a questionnaire; own codes."""

    SCHOOL = "school", "โรงเรียน", "Schools"
    AREA = "area", "เขตพื้นที่การศึกษา", "Education service areas", "เขต"


class SheetState(CodeList, noun="สถานะคำตอบ"):
    """How far an answer sheet is; own codes [derived]."""

    DRAFT = "draft", "กำลังตอบ", "Draft"
    SENT = "sent", "ส่งแล้ว", "Sent"
