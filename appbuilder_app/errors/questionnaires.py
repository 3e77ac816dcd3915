"""Questionnaires and their answers."""

from __future__ import annotations

from .base import InvalidRow, RuleViolation


class QuestionnaireNotOpen(RuleViolation):
    """A questionnaire takes answers only while it is published and open."""

    message = "ตอบ “{name}” ไม่ได้ในขณะนี้ ({when}) หากจำเป็นให้ติดต่อส่วนกลาง"
    status = 409


class QuestionnaireAnswered(RuleViolation):
    """Somebody has answered: what they answered stays what was asked."""

    message = "แบบสอบถาม “{name}” มีผู้ตอบแล้ว {count} แห่ง จึงเปลี่ยนรหัส ปี ผู้ตอบ หรือยกเลิกการเผยแพร่ไม่ได้ กรุณาสร้างแบบสอบถามใหม่แทน"
    status = 409


class QuestionnaireEmpty(RuleViolation):
    """There is nothing to answer in it."""

    message = "แบบสอบถาม “{name}” ยังไม่มีคำถาม จึงเผยแพร่ไม่ได้ กรุณาเพิ่มคำถามก่อน"
    status = 409


class QuestionnairePublished(RuleViolation):
    """Answers mean what was asked: questions stay once schools have seen them."""

    message = "แบบสอบถาม “{name}” เผยแพร่แล้ว คำถามจึงแก้ไขไม่ได้ หากจำเป็นให้ยกเลิกการเผยแพร่ก่อน"
    status = 409


class QuestionOfAnotherKind(RuleViolation):
    """The same code had another kind of answer in a year before: the years could not be compared."""

    message = "คำถามรหัส {code} ในปีการศึกษา {year} เป็นคำตอบชนิด “{kind}” เพื่อให้เทียบข้ามปีได้ กรุณาใช้ชนิดเดิมหรือตั้งรหัสใหม่"
    status = 409


class AnswersMissing(InvalidRow):
    """A sheet is sent when every required question is answered."""

    message = "ยังส่งคำตอบไม่ได้: {summary}"


class NoSuchQuestionnaire(RuleViolation):
    """No published questionnaire of this number is for this place."""

    message = "ไม่พบแบบสอบถามนี้ อาจยังไม่เผยแพร่หรือไม่ใช่แบบสอบถามของท่าน"
    status = 404
