"""Code lists of buildings: what they are, how they stand, how they are used, and who paid."""

from __future__ import annotations

from .codelist import CodeList


class BuildingCategory(CodeList, noun="ประเภทสิ่งก่อสร้าง"):
    """Categories of B-OBEC and OBEC-Asset: kinds [public], own codes [assumed]."""

    CLASSROOMS = "classrooms", "อาคารเรียน", "Classroom building"
    MULTIPURPOSE = "multipurpose", "อาคารอเนกประสงค์/โรงอาหาร/โรงฝึกงาน/หอประชุม", (
        "Multipurpose building, canteen, workshop or hall"), "อเนกประสงค์", (
        "อาคารอเนกประสงค์", "โรงอาหาร", "โรงฝึกงาน", "หอประชุม", "อาคารประกอบ")  # fmt: skip
    LIBRARY = "library", "อาคารห้องสมุด", "Library", "ห้องสมุด", ("หอสมุด",)
    TEACHER_HOUSE = "teacher_house", "บ้านพักครู", "Teachers' house"
    JANITOR_HOUSE = "janitor_house", "บ้านพักภารโรง", "Janitor's house", "", ("บ้านพักนักการภารโรง",)
    PUPIL_HOUSE = "pupil_house", "บ้านพักนักเรียน", "Pupils' dormitory", "", ("หอพักนักเรียน", "หอนอน")
    TOILETS = "toilets", "ส้วม", "Toilets", "", ("ห้องน้ำห้องส้วม", "ห้องส้วม", "ห้องน้ำ")
    WATER_TANK = "water_tank", "ถังเก็บน้ำ", "Water tank", "", ("ถังน้ำ", "หอถังน้ำ")
    WELL = "well", "บ่อ", "Well or pond", "", ("บ่อน้ำ", "บ่อบาดาล")
    SPORTS = "sports", "สนามกีฬา", "Sports ground", "", ("สนามฟุตบอล", "ลานกีฬา")
    PLAYGROUND = "playground", "สนามเด็กเล่น", "Playground"
    NURSERY = "nursery", "เรือนเพาะชำ", "Plant nursery"
    FENCE = "fence", "รั้ว", "Fence", "", ("รั้วโรงเรียน",)
    ROAD = "road", "ถนน/รางระบายน้ำ", "Road or drain", "", ("ถนน", "รางระบายน้ำ")
    OTHER = "other", "สิ่งก่อสร้างอื่น", "Other structure", "", ("อื่นๆ", "อื่น")

    @property
    def has_rooms(self) -> bool:
        """Whether its rooms are counted."""
        return self.position <= BuildingCategory.TOILETS.position


class BuildingCondition(CodeList, noun="สภาพปัจจุบัน"):
    """How a building stands: the three grades of the B-OBEC card [public], own codes [assumed]."""

    GOOD = "good", "ดี", "Good"
    FAIR = "fair", "พอใช้", "Fair"
    DILAPIDATED = "dilapidated", "ทรุดโทรม", "Dilapidated", "", ("ชำรุดทรุดโทรม", "ชำรุด")


class UseStatus(CodeList, noun="สถานะการใช้งาน"):
    """How a building is used: the field [public], its values and codes [assumed].

    Nothing is ever deleted: what is taken down stays with its permit.
    """

    IN_USE = "in_use", "ใช้งาน", "In use", "", ("ใช้งานอยู่", "ใช้งานปกติ")
    UNUSED = "unused", "ไม่ได้ใช้งาน", "Not in use", "", ("งดใช้งาน", "ไม่ใช้งาน")
    BEING_BUILT = "being_built", "อยู่ระหว่างก่อสร้าง", "Under construction", "", ("กำลังก่อสร้าง",)
    TO_DEMOLISH = "to_demolish", "ได้รับอนุญาตให้รื้อถอน", "Demolition permitted", "", ("รอรื้อถอน",)
    DEMOLISHED = "demolished", "รื้อถอนแล้ว", "Demolished", "", ("รื้อถอน",)

    @property
    def needs_permit(self) -> bool:
        """Whether it rests on a permit to demolish."""
        return self in (UseStatus.TO_DEMOLISH, UseStatus.DEMOLISHED)


class MoneySource(CodeList, noun="แหล่งที่มาของงบประมาณ"):
    """Who paid for a building: the first value [public], the others and all codes [assumed]."""

    PARENT = "parent", "งบประมาณจากต้นสังกัด", "The parent agency's budget", "ต้นสังกัด", ("งบ สพฐ.", "งบประมาณ")
    LOCAL = "local", "องค์กรปกครองส่วนท้องถิ่น", "Local government", "อปท.", ("งบท้องถิ่น",)
    OTHER_AGENCY = "other_agency", "หน่วยงานอื่นของรัฐ", "Another state agency", "หน่วยงานอื่น"
    DONATION = "donation", "เงินบริจาค", "Donations", "บริจาค", ("บริจาคโดยชุมชน", "ผู้มีจิตศรัทธา")
    REVENUE = "revenue", "เงินรายได้สถานศึกษา", "The school's revenue", "รายได้สถานศึกษา", ("เงินรายได้",)
    UNKNOWN = "unknown", "ไม่ทราบแหล่งที่มา", "Unknown", "ไม่ทราบ"
