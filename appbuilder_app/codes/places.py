"""Code lists of schools and education service areas."""

from __future__ import annotations

from .codelist import CodeList


class SchoolType(CodeList, noun="ประเภทโรงเรียน"):
    """What a school was founded as: the sixth digit of its eight-digit code in the examples seen [public].

    Never read it out of a code: the pattern is derived from examples and codes outlive reorganisations.
    """

    PRIMARY = "0", "ประถมศึกษา", "Primary", "", ("โรงเรียนประถมศึกษา", "สังกัดเดิม สปช.")
    SECONDARY = "2", "มัธยมศึกษา", "Secondary", "", ("โรงเรียนมัธยมศึกษา", "สังกัดเดิมกรมสามัญศึกษา")
    SPECIAL = "3", "การศึกษาพิเศษ", "Special education", "", ("การศึกษาสงเคราะห์", "ศึกษาสงเคราะห์")


class SchoolStatus(CodeList, noun="สถานะโรงเรียน"):
    """Whether a school teaches: own codes [assumed]; a school never disappears from the register."""

    OPEN = "open", "เปิดสอน", "Open"
    EMPTY = "empty", "ไม่มีนักเรียน", "No learners", "", ("เรียนรวมที่โรงเรียนอื่น", "ไปเรียนรวม")
    CLOSED = "closed", "ยกเลิก", "Closed", "", ("เลิกสถานศึกษา", "ยุบเลิก", "ยุบรวม")


class AreaKind(CodeList, noun="ประเภทเขตพื้นที่การศึกษา"):
    """Kinds of education service areas; own codes after the English abbreviations [assumed]."""

    PESA = "PESA", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", "Primary education service area", "สพป."
    SESA = "SESA", "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษา", "Secondary education service area", "สพม."
    SPECIAL = "SPECIAL", "สำนักบริหารงานการศึกษาพิเศษ", "Special education bureau", "สศศ."


class Region(CodeList, noun="ภาค"):
    """The six geographic regions of Thailand; own codes [assumed]."""

    NORTH = "north", "ภาคเหนือ", "North", "เหนือ"
    NORTHEAST = "northeast", "ภาคตะวันออกเฉียงเหนือ", "Northeast", "ตะวันออกเฉียงเหนือ", ("ภาคอีสาน", "อีสาน")
    CENTRAL = "central", "ภาคกลาง", "Central", "กลาง"
    EAST = "east", "ภาคตะวันออก", "East", "ตะวันออก"
    WEST = "west", "ภาคตะวันตก", "West", "ตะวันตก"
    SOUTH = "south", "ภาคใต้", "South", "ใต้"


class LandOwner(CodeList, noun="ประเภทที่ดิน"):
    """Whose land a school stands on: ที่ราชพัสดุ [public], the others and all codes [assumed]."""

    TREASURY = "treasury", "ที่ราชพัสดุ", "Treasury land", "", ("ราชพัสดุ",)
    TEMPLE = "temple", "ที่ธรณีสงฆ์", "Temple land", "", ("ที่วัด", "ธรณีสงฆ์")
    PUBLIC = "public", "ที่สาธารณประโยชน์", "Public land", "", ("สาธารณประโยชน์",)
    FOREST = "forest", "ที่ป่าสงวนหรืออุทยาน", "Reserved forest or park", "", ("ป่าสงวน", "อุทยาน")
    REFORM = "reform", "ที่ ส.ป.ก.", "Land reform office", "", ("ส.ป.ก.", "สปก")
    DONATED = "donated", "ที่บริจาค", "Donated land", "", ("บริจาค",)
    RENTED = "rented", "เช่า", "Rented", "", ("ที่เช่า",)
    OTHER = "other", "อื่นๆ", "Other"


class PowerSource(CodeList, noun="แหล่งไฟฟ้า"):
    """Where a school's electricity comes from; kinds and codes [assumed]."""

    GRID = "grid", "การไฟฟ้า", "Public grid", "", ("ไฟฟ้าส่วนภูมิภาค", "ไฟฟ้านครหลวง", "กฟภ.", "กฟน.")
    SOLAR = "solar", "พลังงานแสงอาทิตย์", "Solar", "", ("โซลาร์เซลล์", "แสงอาทิตย์")
    GENERATOR = "generator", "เครื่องกำเนิดไฟฟ้า", "Generator", "", ("เครื่องปั่นไฟ",)
    HYDRO = "hydro", "พลังน้ำขนาดเล็ก", "Small hydro power", "", ("พลังน้ำ",)
    NONE = "none", "ไม่มีไฟฟ้า", "None", "", ("ไม่มี",)


class WaterSource(CodeList, noun="แหล่งน้ำ"):
    """Where a school's water comes from; kinds and codes [assumed]."""

    PIPED = "piped", "ประปา", "Piped water", "", ("ประปาส่วนภูมิภาค", "ประปานครหลวง")
    VILLAGE = "village", "ประปาหมู่บ้าน", "Village supply", "", ("ประปาชุมชน",)
    GROUND = "ground", "น้ำบาดาล", "Ground water", "", ("บาดาล", "บ่อบาดาล")
    WELL = "well", "บ่อน้ำตื้น", "Well", "", ("บ่อน้ำ",)
    RAIN = "rain", "น้ำฝน", "Rain water"
    NATURAL = "natural", "แหล่งน้ำธรรมชาติ", "River, pond or spring", "", ("แม่น้ำ", "ประปาภูเขา", "ลำธาร")
    NONE = "none", "ไม่มีแหล่งน้ำ", "None", "", ("ไม่มี",)
