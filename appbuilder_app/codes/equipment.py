"""Code lists of equipment: groups of the catalogue, how a thing came, how it is, and how it went."""

from __future__ import annotations

from .codelist import CodeList


class EquipmentGroup(CodeList, noun="กลุ่มครุภัณฑ์"):
    """Groups of the M-OBEC catalogue by the first two digits of their lines [public]."""

    PRE_PRIMARY = "11", "ครุภัณฑ์ก่อนประถมศึกษา", "Pre-primary", "ก่อนประถม"
    OFFICE = "21", "ครุภัณฑ์สำนักงาน", "Office", "สำนักงาน"
    TEACHING = "22", "ครุภัณฑ์การศึกษา", "Teaching", "การศึกษา"
    ELECTRICAL = "23", "ครุภัณฑ์ไฟฟ้าและวิทยุ", "Electrical and radio", "ไฟฟ้าวิทยุ"
    HOUSEHOLD = "24", "ครุภัณฑ์งานบ้านงานครัว", "Household and kitchen", "งานบ้านครัว"
    VEHICLES = "25", "ครุภัณฑ์ยานพาหนะและขนส่ง", "Vehicles", "ยานพาหนะ"


class Acquisition(CodeList, noun="วิธีการได้มา"):
    """With what money a thing came: the first three [public], transfer and all codes [assumed]."""

    BUDGET = "budget", "เงินงบประมาณ", "Budget", "งบประมาณ"
    DONATION = "donation", "เงินบริจาคหรือรับบริจาค", "Donation", "บริจาค", ("เงินบริจาค", "รับบริจาค")
    REVENUE = "revenue", "เงินรายได้สถานศึกษา", "The school's revenue", "เงินรายได้", ("เงินนอกงบประมาณ",)
    TRANSFER = "transfer", "รับโอนจากหน่วยงานอื่น", "Transferred from another agency", "รับโอน"


class ItemState(CodeList, noun="สภาพครุภัณฑ์"):
    """How an item is: the three columns of M-OBEC [public] and "disposed of"; own codes [assumed]."""

    USABLE = "usable", "ใช้ได้", "Usable", "", ("ใช้งานได้", "ปกติ", "ดี")
    TO_REPAIR = "to_repair", "รอซ่อม", "Awaiting repair", "", ("ชำรุดรอซ่อม", "ส่งซ่อม")
    TO_DISPOSE = "to_dispose", "รอจำหน่าย", "Awaiting disposal", "", ("รอแทงจำหน่าย",)
    DISPOSED = "disposed", "จำหน่ายแล้ว", "Disposed of", "", ("แทงจำหน่ายแล้ว",)


class Disposal(CodeList, noun="วิธีการจำหน่าย"):
    """How an item left the register: the ways of the procurement regulation; own codes [assumed]."""

    SALE = "sale", "ขาย", "Sale", "", ("ขายทอดตลาด",)
    EXCHANGE = "exchange", "แลกเปลี่ยน", "Exchange"
    TRANSFER = "transfer", "โอน", "Transfer", "", ("โอนให้หน่วยงานอื่น",)
    DESTRUCTION = "destruction", "แปรสภาพหรือทำลาย", "Conversion or destruction", "", ("ทำลาย", "แปรสภาพ")
    LOSS = "loss", "จำหน่ายเป็นสูญ", "Written off as lost", "", ("สูญหาย", "สูญ")
