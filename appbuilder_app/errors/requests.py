"""Requests and those who answer them."""

from __future__ import annotations

from .base import RuleViolation


class RequestSettled(RuleViolation):
    """Of two who settle a request at once one does; the other is told who was first."""

    message = "คำขอนี้{state}โดย {by} เมื่อ {at} จึงทำรายการนี้ไม่ได้อีก หากยังจำเป็นให้ยื่นคำขอใหม่"
    status = 409


class NotThisTurn(RuleViolation):
    """The request is not in the state in which this can be done."""

    message = "{action}ไม่ได้ เพราะคำขออยู่ในสถานะ “{state}” กรุณาดูขั้นตอนล่าสุดที่หน้าคำขอ"
    status = 409


class NotThisSide(RuleViolation):
    """Somebody knows of the request but stands on another side of it."""

    message = "{action}ไม่ได้ เพราะเป็นหน้าที่ของ{whose} ท่านแสดงความเห็นหรือแนบหลักฐานได้"
    status = 403


class OwnRequest(RuleViolation):
    """Who asks does not decide."""

    message = "ท่านเป็นผู้ยื่นคำขอนี้ จึงพิจารณาเองไม่ได้ กรุณาให้เจ้าหน้าที่คนอื่นพิจารณา"
    status = 409


class AskedAlready(RuleViolation):
    """One unsettled request about one thing: of two schools that ask for one child, the second is told."""

    message = "มีคำขอเรื่องนี้รอพิจารณาอยู่แล้วตั้งแต่ {since} จึงยื่นซ้ำไม่ได้ กรุณารอผล หรือติดต่อเขตพื้นที่"
    status = 409


class EvidenceMissing(RuleViolation):
    """A request of this kind is decided by its documents."""

    message = "ต้องแนบหลักฐาน: {what} กรุณาแนบไฟล์ PDF หรือภาพถ่าย แล้วส่งอีกครั้ง"


class NothingSaid(RuleViolation):
    """A comment without words."""

    message = "ยังไม่ได้พิมพ์ข้อความ กรุณาพิมพ์แล้วส่งอีกครั้ง"
