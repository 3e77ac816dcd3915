"""Codes of card reads: what a card is read for, what came of it, and who lets its photo be used. Our own."""

from __future__ import annotations

from .codelist import CodeList


class CardPurpose(CodeList, noun="จุดประสงค์ของการอ่านบัตร"):
    """Whose card it is meant to be."""

    STUDENT = "student", "นักเรียน", "Student"
    FATHER = "father", "บิดาของนักเรียน", "Student's father", "บิดา"
    MOTHER = "mother", "มารดาของนักเรียน", "Student's mother", "มารดา"
    GUARDIAN = "guardian", "ผู้ปกครองของนักเรียน", "Student's guardian", "ผู้ปกครอง"
    READER = "reader", "ทดสอบเครื่องอ่าน", "Test of a reader", "ทดสอบ"

    @property
    def is_relative(self) -> bool:
        """True for the cards of a student's family."""
        return self not in {CardPurpose.STUDENT, CardPurpose.READER}


class CardUse(CodeList, noun="ผลของการอ่านบัตร"):
    """What came of a read that was used."""

    ADDED = "added", "เพิ่มนักเรียนใหม่", "New student"
    TAKEN = "taken", "บันทึกช่องที่เลือก", "Chosen fields saved"
    ADMITTED = "admitted", "รับเข้าเรียน", "Taken in"
    ASKED = "asked", "ส่งคำขอย้ายเข้า", "Transfer asked for"


class ConsentGiver(CodeList, noun="ผู้ให้ความยินยอม"):
    """Who lets a photo be used: for a child it is whoever has parental power."""

    OWNER = "owner", "เจ้าของบัตรเอง", "The card's owner"
    FATHER = "father", "บิดา", "Father"
    MOTHER = "mother", "มารดา", "Mother"
    GUARDIAN = "guardian", "ผู้ปกครอง", "Guardian"
