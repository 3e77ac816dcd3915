"""Code lists of technology: computers and internet lines."""

from __future__ import annotations

from .codelist import CodeList


class ComputerUse(CodeList, noun="การใช้งานคอมพิวเตอร์"):
    """What computers are for in the EMIS table [public]; own codes [assumed]."""

    TEACHING = "teaching", "เพื่อการเรียนการสอน", "For teaching", "การเรียนการสอน"
    MANAGEMENT = "management", "เพื่อการบริหารจัดการ", "For management", "การบริหาร", ("การบริหารจัดการ",)


class ComputerSource(CodeList, noun="ที่มาของคอมพิวเตอร์"):
    """Who paid for computers in the EMIS table [public]; own codes [assumed]."""

    OBEC = "obec", "งบประมาณ สพฐ.", "OBEC's budget", "งบ สพฐ."
    OWN = (
        "own",
        "จัดหาเองหรือได้รับบริจาค",
        "Bought by the school or donated",
        "จัดหาเอง/บริจาค",
        ("จัดหาเอง", "บริจาค"),
    )


class Provider(CodeList, noun="ผู้ให้บริการอินเทอร์เน็ต"):
    """Who provides a line: the field [public], the list and its codes [assumed]."""

    NT = "nt", "โทรคมนาคมแห่งชาติ (NT)", "National Telecom (NT)", "NT", ("TOT", "CAT", "ทีโอที")
    AIS = "ais", "เอไอเอส/ทริปเปิลที (AIS/3BB)", "AIS or 3BB", "AIS/3BB", ("AIS", "3BB")
    TRUE = "true", "ทรู (True)", "True", "ทรู", ("True Online",)
    UNINET = "uninet", "เครือข่าย UniNet", "UniNet", "UniNet"
    MOENET = "moenet", "เครือข่าย MOENet", "MOENet", "MOENet"
    OTHER = "other", "ผู้ให้บริการอื่น", "Another provider", "อื่นๆ"


class LineType(CodeList, noun="ประเภทสัญญาณ"):
    """How a line comes: the field [public], the list and its codes [assumed]."""

    FIBRE = "fibre", "ใยแก้วนำแสง", "Fibre", "", ("ไฟเบอร์", "FTTx", "FTTH")
    LEASED = "leased", "วงจรเช่า", "Leased line"
    COPPER = "copper", "สายโทรศัพท์ (ADSL/VDSL)", "Telephone line (ADSL/VDSL)", "ADSL/VDSL", ("ADSL", "VDSL")
    MOBILE = "mobile", "โทรศัพท์เคลื่อนที่ (4G/5G)", "Mobile (4G/5G)", "4G/5G", ("4G", "5G")
    SATELLITE = "satellite", "ดาวเทียม", "Satellite"


class LineStatus(CodeList, noun="สถานะของสัญญาณ"):
    """Whether a line works: the field [public], the list and its codes [assumed]."""

    WORKING = "working", "ใช้งานได้", "Working"
    BROKEN = "broken", "ขัดข้อง", "Out of order"
    ENDED = "ended", "เลิกใช้แล้ว", "Given up", "", ("ยกเลิก",)
