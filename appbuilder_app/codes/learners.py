"""Code lists of learners: grades, identity, family, welfare, and how they leave."""

from __future__ import annotations

from .codelist import CodeList


class Level(CodeList, noun="ระดับการศึกษา"):
    """Levels of education; own codes [assumed], names of the national statistics [public]."""

    KINDERGARTEN = "kindergarten", "ก่อนประถมศึกษา", "Kindergarten", "อนุบาล", ("ปฐมวัย", "ระดับอนุบาล")
    PRIMARY = "primary", "ประถมศึกษา", "Primary", "ประถม"
    LOWER_SECONDARY = "lower_secondary", "มัธยมศึกษาตอนต้น", "Lower secondary", "ม.ต้น"
    UPPER_SECONDARY = "upper_secondary", "มัธยมศึกษาตอนปลาย", "Upper secondary", "ม.ปลาย"
    VOCATIONAL = "vocational", "ประกาศนียบัตรวิชาชีพ", "Vocational certificate", "ปวช."

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Its grades, lowest first."""
        return tuple(grade for grade in Grade if grade.level is self)


def _kindergarten(year: int) -> tuple[str, ...]:
    return (f"อบ.{year}", f"อนุบาล {year}", f"ชั้นอนุบาลปีที่ {year}", f"อนุบาลศึกษาปีที่ {year}")


def _primary(year: int) -> tuple[str, ...]:
    return (f"ประถม {year}", f"ประถมปีที่ {year}", f"ประถมศึกษา {year}", f"ชั้นประถมศึกษาปีที่ {year}")


def _secondary(year: int) -> tuple[str, ...]:
    return (f"มัธยม {year}", f"มัธยมปีที่ {year}", f"มัธยมศึกษา {year}", f"ชั้นมัธยมศึกษาปีที่ {year}")


def _vocational(year: int) -> tuple[str, ...]:
    return (f"ประกาศนียบัตรวิชาชีพ {year}", f"ปวช. ปีที่ {year}")


class Grade(CodeList, noun="ชั้น"):
    """Grades by the DMC ``levelDtlCode`` [public]."""

    K1 = "01", "อนุบาลปีที่ 1", "Kindergarten 1", "อ.1", _kindergarten(1)
    K2 = "02", "อนุบาลปีที่ 2", "Kindergarten 2", "อ.2", _kindergarten(2)
    K3 = "03", "อนุบาลปีที่ 3", "Kindergarten 3", "อ.3", _kindergarten(3)
    P1 = "04", "ประถมศึกษาปีที่ 1", "Primary 1", "ป.1", _primary(1)
    P2 = "05", "ประถมศึกษาปีที่ 2", "Primary 2", "ป.2", _primary(2)
    P3 = "06", "ประถมศึกษาปีที่ 3", "Primary 3", "ป.3", _primary(3)
    P4 = "07", "ประถมศึกษาปีที่ 4", "Primary 4", "ป.4", _primary(4)
    P5 = "08", "ประถมศึกษาปีที่ 5", "Primary 5", "ป.5", _primary(5)
    P6 = "09", "ประถมศึกษาปีที่ 6", "Primary 6", "ป.6", _primary(6)
    M1 = "10", "มัธยมศึกษาปีที่ 1", "Secondary 1", "ม.1", _secondary(1)
    M2 = "11", "มัธยมศึกษาปีที่ 2", "Secondary 2", "ม.2", _secondary(2)
    M3 = "12", "มัธยมศึกษาปีที่ 3", "Secondary 3", "ม.3", _secondary(3)
    M4 = "13", "มัธยมศึกษาปีที่ 4", "Secondary 4", "ม.4", _secondary(4)
    M5 = "14", "มัธยมศึกษาปีที่ 5", "Secondary 5", "ม.5", _secondary(5)
    M6 = "15", "มัธยมศึกษาปีที่ 6", "Secondary 6", "ม.6", _secondary(6)
    V1 = "16", "ประกาศนียบัตรวิชาชีพปีที่ 1", "Vocational certificate 1", "ปวช.1", _vocational(1)
    V2 = "17", "ประกาศนียบัตรวิชาชีพปีที่ 2", "Vocational certificate 2", "ปวช.2", _vocational(2)
    V3 = "18", "ประกาศนียบัตรวิชาชีพปีที่ 3", "Vocational certificate 3", "ปวช.3", _vocational(3)

    @property
    def level(self) -> Level:
        """The level of education it belongs to."""
        if self.name[0] == "M":
            return Level.LOWER_SECONDARY if self <= Grade.M3 else Level.UPPER_SECONDARY
        return {"K": Level.KINDERGARTEN, "P": Level.PRIMARY, "V": Level.VOCATIONAL}[self.name[0]]

    @property
    def standard_age(self) -> int:
        """Completed years on 16 May that a learner in step with the grade has [assumed: อ.1 = 3, ป.1 = 6]."""
        return 3 + self.position - (3 if self.level is Level.VOCATIONAL else 0)

    @property
    def ends_level(self) -> bool:
        """Whether learners graduate from it: อ.3, ป.6, ม.3, ม.6, ปวช.3."""
        return self is self.level.grades[-1]


class Sex(CodeList, noun="เพศ"):
    """DMC ``genderCode`` [public]."""

    MALE = "M", "ชาย", "Male", "ช", ("เพศชาย", "ผู้ชาย")
    FEMALE = "F", "หญิง", "Female", "ญ", ("เพศหญิง", "ผู้หญิง")


class Title(CodeList, noun="คำนำหน้าชื่อ"):
    """Titles of learners, DMC ``titleCode`` [public]; 832 is a novice monk."""

    BOY = "001", "เด็กชาย", "Master", "ด.ช."
    GIRL = "002", "เด็กหญิง", "Miss (child)", "ด.ญ."
    MR = "003", "นาย", "Mr."
    MISS = "004", "นางสาว", "Miss", "น.ส.", ("นส.",)
    MRS = "005", "นาง", "Mrs."
    NOVICE = "832", "สามเณร", "Novice monk", "สามเณร", ("ส.ณ.", "เณร")

    @property
    def sex(self) -> Sex:
        """The sex the title implies."""
        return Sex.FEMALE if self in (Title.GIRL, Title.MISS, Title.MRS) else Sex.MALE


class IdentityType(CodeList, noun="ประเภทเลขประจำตัว"):
    """What document the identity number comes from, DMC ``cifType`` [public]."""

    NATIONAL = "I", "บัตรประชาชน", "National ID card", "", ("บัตรประจำตัวประชาชน",)
    PASSPORT = "P", "พาสปอร์ต", "Passport", "", ("หนังสือเดินทาง",)
    ALIEN = "A", "บัตรต่างด้าว", "Alien card", "", ("บัตรประจำตัวคนต่างด้าว",)
    OTHER = "O", "อื่นๆ/ไม่มีเอกสาร", "Other or no document", "", ("อื่นๆ", "ไม่มีเอกสาร")


class Blood(CodeList, noun="กลุ่มเลือด"):
    """Blood groups, DMC ``bloodCode`` [public]; with Rh where it is known."""

    UNKNOWN = "N", "ไม่ทราบ", "Unknown", "", ("ไม่ระบุ",)
    A = "A", "A", "A"
    B = "B", "B", "B"
    O = "O", "O", "O", "", ("โอ",)  # noqa: E741 - the name of the blood group
    AB = "AB", "AB", "AB"
    A_POSITIVE = "ARh+", "A Rh+", "A Rh+", "", ("A+",)
    A_NEGATIVE = "ARh-", "A Rh-", "A Rh-", "", ("A-",)
    B_POSITIVE = "BRh+", "B Rh+", "B Rh+", "", ("B+",)
    B_NEGATIVE = "BRh-", "B Rh-", "B Rh-", "", ("B-",)
    O_POSITIVE = "ORh+", "O Rh+", "O Rh+", "", ("O+",)
    O_NEGATIVE = "ORh-", "O Rh-", "O Rh-", "", ("O-",)
    AB_POSITIVE = "ABRh+", "AB Rh+", "AB Rh+", "", ("AB+",)
    AB_NEGATIVE = "ABRh-", "AB Rh-", "AB Rh-", "", ("AB-",)


class Religion(CodeList, noun="ศาสนา"):
    """DMC ``religionCode`` [public]."""

    BUDDHIST = "001", "พุทธ", "Buddhism", "", ("ศาสนาพุทธ",)
    MUSLIM = "002", "อิสลาม", "Islam", "", ("ศาสนาอิสลาม", "มุสลิม")
    CHRISTIAN = "003", "คริสต์", "Christianity", "", ("ศาสนาคริสต์", "คริสเตียน", "คริสต")
    SIKH = "004", "ซิกส์", "Sikhism", "", ("ซิกข์", "ศาสนาซิกข์")
    HINDU = "005", "พราหมณ์/ฮินดู", "Hinduism", "", ("พราหมณ์-ฮินดู", "พราหมณ์", "ฮินดู", "ศาสนาพราหมณ์-ฮินดู")
    OTHER = "006", "อื่นๆ", "Other", "", ("ศาสนาอื่นๆ",)


class Relation(CodeList, noun="ความเกี่ยวข้อง"):
    """What the guardian is to the learner, DMC ``parentFamilyRelationCode`` [public]; the gaps are theirs."""

    FATHER = "01", "บิดา", "Father", "", ("พ่อ",)
    MOTHER = "02", "มารดา", "Mother", "", ("แม่",)
    OLDER_SIBLING = "03", "พี่", "Older sibling", "", ("พี่ชาย", "พี่สาว")
    YOUNGER_SIBLING = "04", "น้อง", "Younger sibling", "", ("น้องชาย", "น้องสาว")
    FATHERS_FATHER = "05", "ปู่", "Father's father"
    FATHERS_MOTHER = "06", "ย่า", "Father's mother"
    MOTHERS_FATHER = "07", "ตา", "Mother's father"
    MOTHERS_MOTHER = "08", "ยาย", "Mother's mother"
    GREAT_GRANDPARENT = "09", "ทวด", "Great-grandparent"
    OLDER_UNCLE = "10", "ลุง", "Older uncle"
    OLDER_AUNT = "11", "ป้า", "Older aunt"
    MOTHERS_YOUNGER_SIBLING = "12", "น้า", "Mother's younger sibling", "", ("น้าชาย", "น้าสาว")
    FATHERS_YOUNGER_SIBLING = "13", "อา", "Father's younger sibling"
    HUSBAND = "16", "สามี", "Husband"
    WIFE = "17", "ภรรยา", "Wife", "", ("ภริยา",)
    GUARDIAN = "20", "ผู้ปกครอง", "Guardian"


class MaritalStatus(CodeList, noun="สถานภาพสมรสของบิดามารดา"):
    """The parents' marriage, DMC ``marriageStatusCode`` [public]; 03 is not used there."""

    MARRIED = "01", "อยู่ด้วยกัน จดทะเบียนสมรส", "Together, registered", "", ("อยู่ด้วยกันจดทะเบียน", "อยู่ด้วยกัน")
    SINGLE = "02", "โสด", "Single"
    DIVORCED = "04", "หย่าร้าง", "Divorced", "", ("หย่า",)
    UNREGISTERED = "05", "อยู่ด้วยกัน ไม่จดทะเบียนสมรส", "Together, not registered", "", ("อยู่ด้วยกันไม่จดทะเบียน",)
    SEPARATED = "06", "แยกกันอยู่", "Separated"
    FATHER_DEAD = "07", "บิดาถึงแก่กรรม", "Father dead"
    MOTHER_DEAD = "08", "มารดาถึงแก่กรรม", "Mother dead"
    BOTH_DEAD = "09", "บิดาและมารดาถึงแก่กรรม", "Both dead", "", ("บิดามารดาถึงแก่กรรม", "ถึงแก่กรรมทั้งคู่")
    FATHER_DEAD_MOTHER_REMARRIED = "10", "บิดาถึงแก่กรรม มารดาแต่งงานใหม่", "Father dead, mother remarried"
    MOTHER_DEAD_FATHER_REMARRIED = "11", "มารดาถึงแก่กรรม บิดาแต่งงานใหม่", "Mother dead, father remarried"


class Occupation(CodeList, noun="อาชีพ"):
    """Occupations of parents and guardians in the national export [public]."""

    NONE = "0", "ไม่ประกอบอาชีพ", "None", "", ("ว่างงาน", "ไม่มีอาชีพ", "แม่บ้าน", "พ่อบ้าน")
    CIVIL_SERVANT = "1", "รับราชการ", "Government service", "", ("ข้าราชการ",)
    STATE_ENTERPRISE = "2", "รัฐวิสาหกิจ", "State enterprise", "", ("พนักงานรัฐวิสาหกิจ",)
    TRADE = "3", "ค้าขาย/ธุรกิจ", "Trade or business", "", ("ค้าขาย", "ธุรกิจ", "ธุรกิจส่วนตัว", "ค้าขาย/ธุรกิจส่วนตัว")
    FARMING = "4", "เกษตร", "Farming", "", ("เกษตรกร", "เกษตรกรรม", "ทำนา", "ทำไร่", "ทำสวน")
    HIRED = "5", "รับจ้าง", "Hired work", "", ("รับจ้างทั่วไป",)
    EMPLOYEE = "6", "ลูกจ้าง/พนักงาน", "Employee", "", ("ลูกจ้าง", "พนักงาน", "พนักงานบริษัท")
    RETIRED = "7", "เกษียณ", "Retired", "", ("เกษียณอายุ", "ข้าราชการบำนาญ")
    CLERGY = "8", "พระ/นักบวช", "Clergy", "", ("พระ", "นักบวช", "พระภิกษุ")


class Education(CodeList, noun="วุฒิการศึกษา"):
    """How far a parent or guardian went at school; levels and codes [assumed], the outside ones are unknown."""

    NONE = "none", "ไม่ได้เรียน", "None", "", ("ไม่มี", "ไม่รู้หนังสือ")
    PRIMARY = "primary", "ประถมศึกษา", "Primary", "ประถม"
    LOWER_SECONDARY = "lower", "มัธยมศึกษาตอนต้น", "Lower secondary", "ม.ต้น"
    UPPER_SECONDARY = "upper", "มัธยมศึกษาตอนปลาย", "Upper secondary", "ม.ปลาย"
    VOCATIONAL = "vocational", "ปวช.", "Vocational certificate", "", ("ประกาศนียบัตรวิชาชีพ",)
    DIPLOMA = "diploma", "ปวส./อนุปริญญา", "Diploma", "", ("ปวส.", "อนุปริญญา")
    BACHELOR = "bachelor", "ปริญญาตรี", "Bachelor", "ป.ตรี"
    HIGHER = "higher", "สูงกว่าปริญญาตรี", "Above bachelor", "", ("ปริญญาโท", "ปริญญาเอก")


class Journey(CodeList, noun="วิธีเดินทางมาโรงเรียน"):
    """How the learner comes to school, DMC ``journeyTypeCode`` [public]."""

    ON_FOOT = "01", "เดินเท้า", "On foot", "", ("เดิน",)
    FREE_VEHICLE = "02", "พาหนะไม่เสียค่าโดยสาร", "Vehicle without fare"
    PAID_VEHICLE = "03", "พาหนะเสียค่าโดยสาร", "Vehicle with fare"
    LENT_BICYCLE = "04", "จักรยานยืมเรียน", "Lent bicycle"


class Living(CodeList, noun="การพักนอน"):
    """Where the learner lives (การพักนอน): kinds [public], own codes [assumed]; the outside ones are unknown.

    ``DORMITORY`` is the budget category of boarders in a school's dormitory.
    """

    PARENTS = "parents", "อยู่กับบิดามารดา", "With parents", "", ("บิดามารดา",)
    RELATIVES = "relatives", "อยู่กับญาติ", "With relatives", "", ("ญาติ",)
    TEACHER = "teacher", "อยู่กับครู", "With a teacher", "", ("ครู",)
    MONK = "monk", "อยู่กับพระ", "With a monk", "", ("พระ", "วัด")
    CHARITY = "charity", "อยู่กับองค์กรการกุศล", "With a charity", "", ("องค์กรการกุศล",)
    DORMITORY = "dormitory", "ประจำพักนอน", "Boarder in the school", "พักนอน", ("หอพักโรงเรียน", "พักนอนประจำ")


class Disadvantage(CodeList, noun="ความด้อยโอกาส"):
    """Kinds of disadvantage: own codes [assumed], with the ONEC numbers as ``outside["onec"]`` [public].

    The DMC statistics know three kinds more than ONEC; those have no ONEC number. A third list numbered
    10 to 18 is known to exist, but not which number means what, so it is not mapped.
    """

    FORCED_LABOUR = "forced_labour", "ถูกบังคับให้ขายแรงงาน", "Forced labour", "", (
        "เด็กถูกบังคับให้ขายแรงงาน",), {"onec": "1"}  # fmt: skip
    SEX_TRADE = "sex_trade", "อยู่ในธุรกิจทางเพศ", "In the sex trade", "", ("เด็กที่อยู่ในธุรกิจทางเพศ",), {"onec": "2"}
    ABANDONED = "abandoned", "ถูกทอดทิ้ง", "Abandoned", "", ("เด็กถูกทอดทิ้ง",), {"onec": "3"}
    DETAINED = "detained", "อยู่ในสถานพินิจและคุ้มครองเด็กและเยาวชน", "In juvenile detention", "ในสถานพินิจฯ", (
        "ในสถานพินิจ", "เด็กในสถานพินิจและคุ้มครองเยาวชน"), {"onec": "4"}  # fmt: skip
    HOMELESS = "homeless", "เร่ร่อน", "Homeless", "", ("เด็กเร่ร่อน",), {"onec": "5"}
    AIDS = "aids", "ได้รับผลกระทบจากโรคเอดส์", "Affected by AIDS", "ผลกระทบจากเอดส์", (
        "ได้รับผลกระทบจากเอดส์", "ผลกระทบจากโรคเอดส์", "เด็กที่ได้รับผลกระทบจากโรคเอดส์"), {"onec": "6"}  # fmt: skip
    MINORITY = "minority", "ชนกลุ่มน้อย", "Ethnic minority", "", ("เด็กชนกลุ่มน้อย",), {"onec": "7"}
    ABUSED = "abused", "ถูกทำร้ายทารุณ", "Abused", "", ("เด็กที่ถูกทำร้ายทารุณ", "เด็กถูกทำร้ายทารุณ"), {"onec": "8"}
    POOR = "poor", "ยากจน", "Poor", "", ("เด็กยากจน", "นักเรียนยากจน"), {"onec": "9"}
    DRUGS = "drugs", "มีปัญหาเกี่ยวกับยาเสพติด", "Affected by drugs", "ปัญหายาเสพติด", (
        "เด็กที่มีปัญหาเกี่ยวกับยาเสพติด",), {"onec": "10"}  # fmt: skip
    ORPHAN = "orphan", "กำพร้า", "Orphan", "", ("เด็กกำพร้า",)
    SELF_SUPPORTING = "self_supporting", "ทำงานรับผิดชอบตนเองและครอบครัว", "Works to support self and family"
    OTHER = "other", "ด้อยโอกาสอื่นๆ", "Other", "อื่นๆ"
    NONE = "none", "ไม่ด้อยโอกาส", "None", "", ("ไม่เป็นเด็กด้อยโอกาส",), {"onec": "99"}


class Disability(CodeList, noun="ความพิการ"):
    """Kinds of disability: own codes [assumed], with the ONEC numbers as ``outside["onec"]`` [public]."""

    SIGHT = "sight", "บกพร่องทางการมองเห็น", "Visual", "การมองเห็น", ("ทางการมองเห็น",), {"onec": "1"}
    HEARING = "hearing", "บกพร่องทางการได้ยิน", "Hearing", "การได้ยิน", ("ทางการได้ยิน",), {"onec": "2"}
    INTELLECT = "intellect", "บกพร่องทางสติปัญญา", "Intellectual", "สติปัญญา", ("ทางสติปัญญา",), {"onec": "3"}
    BODY = "body", "บกพร่องทางร่างกายหรือสุขภาพ", "Physical or health", "ร่างกาย/สุขภาพ", (
        "บกพร่องทางร่างกาย/สุขภาพ", "ทางร่างกายหรือสุขภาพ"), {"onec": "4"}  # fmt: skip
    LEARNING = "learning", "บกพร่องทางการเรียนรู้", "Learning", "การเรียนรู้", ("ปัญหาทางการเรียนรู้",), {"onec": "5"}
    SPEECH = "speech", "บกพร่องทางการพูดและภาษา", "Speech or language", "การพูด/ภาษา", (
        "บกพร่องทางการพูด/ภาษา", "ทางการพูดและภาษา"), {"onec": "6"}  # fmt: skip
    BEHAVIOUR = "behaviour", "บกพร่องทางพฤติกรรมหรืออารมณ์", "Behaviour or emotion", "พฤติกรรม/อารมณ์", (
        "บกพร่องทางพฤติกรรม/อารมณ์", "ปัญหาทางพฤติกรรมหรืออารมณ์"), {"onec": "7"}  # fmt: skip
    AUTISM = "autism", "ออทิสติก", "Autism", "", ("ออทิสซึม", "บุคคลออทิสติก"), {"onec": "8"}
    MULTIPLE = "multiple", "พิการซ้อน", "Multiple", "", ("บุคคลพิการซ้อน", "พิการซ้ำซ้อน"), {"onec": "9"}
    NONE = "none", "ไม่พิการ", "None", "", ("ปกติ",), {"onec": "99"}


class Lack(CodeList, noun="ความขาดแคลน"):
    """What a learner lacks (four flags of the DMC portal [public]); the codes are the flags' middle words."""

    BOOK = "book", "แบบเรียน", "Textbooks", "", ("ขาดแคลนแบบเรียน",)
    FOOD = "food", "อาหารกลางวัน", "Lunch", "", ("ขาดแคลนอาหารกลางวัน",)
    STATIONERY = "stationery", "เครื่องเขียน", "Stationery", "", ("ขาดแคลนเครื่องเขียน",)
    UNIFORM = "uniform", "เครื่องแบบ", "Uniform", "", ("เครื่องแบบนักเรียน", "ขาดแคลนเครื่องแบบ")


class Scout(CodeList, noun="ลูกเสือ/เนตรนารี"):
    """Scout branches: kinds [public], own codes [assumed]."""

    SCOUT = "scout", "ลูกเสือ/เนตรนารี", "Scout or guide", "", ("ลูกเสือ", "เนตรนารี", "ลูกเสือสามัญ", "เหล่าเสนา")
    SEA = "sea", "ลูกเสือเหล่าสมุทร", "Sea scout", "เหล่าสมุทร", ("ลูกเสือ/เนตรนารี เหล่าสมุทร",)
    AIR = "air", "ลูกเสือเหล่าอากาศ", "Air scout", "เหล่าอากาศ", ("ลูกเสือ/เนตรนารี เหล่าอากาศ",)
    NONE = "none", "ไม่เป็นลูกเสือ", "None", "ไม่เป็น", ("ไม่เป็นลูกเสือ/เนตรนารี",)


class StudentStatus(CodeList, noun="สถานภาพนักเรียน"):
    """Whether a learner is enrolled, and if not, how they left; own codes [derived]."""

    ENROLLED = "in", "กำลังศึกษา", "Enrolled", "กำลังศึกษา"
    MOVING = "moving", "ย้ายออก รอโรงเรียนปลายทางรับ", "Moving, not yet taken", "รอโรงเรียนรับ"
    DROPPED = "dropped", "ออกกลางคัน", "Dropped out", "ออกกลางคัน"
    DISCHARGED = "discharged", "จำหน่าย", "Discharged", "จำหน่าย"
    GRADUATED = "graduated", "จบการศึกษา", "Graduated", "จบ"
    DUPLICATE = "duplicate", "ตัดออกเพราะซ้ำซ้อน", "Struck off as a duplicate", "ตัดซ้ำ"


class DropoutCause(CodeList, noun="สาเหตุการออกกลางคัน"):
    """Why a learner dropped out: 1 to 8 of one public list [public]; "other" is our own code [assumed]."""

    POVERTY = "1", "ฐานะยากจน", "Poverty"
    FAMILY = "2", "มีปัญหาครอบครัว", "Family problems"
    MARRIED = "3", "สมรสแล้ว", "Married", "", ("สมรส",)
    ADJUSTMENT = "4", "มีปัญหาในการปรับตัว", "Problems of adjustment", "", ("ปัญหาในการปรับตัว",)
    ARRESTED = "5", "ต้องคดี/ถูกจับ", "Arrested", "", ("ต้องคดี", "ถูกจับ")
    ILLNESS = "6", "เจ็บป่วย/อุบัติเหตุ", "Illness or accident", "", ("เจ็บป่วย", "อุบัติเหตุ")
    MIGRATION = "7", "อพยพตามผู้ปกครอง", "Moved away with guardians"
    BREADWINNER = "8", "หาเลี้ยงครอบครัว", "Supports the family", "", ("ต้องหาเลี้ยงครอบครัว",)
    OTHER = "other", "อื่นๆ", "Other"


class DischargeGround(CodeList, noun="เหตุที่จำหน่าย"):
    """Grounds for striking a learner off (จำหน่าย): kinds [public], own codes [assumed]."""

    TRANSFERRED = "transferred", "ย้ายสถานศึกษา", "Moved to another school"
    DIED = "died", "ถึงแก่กรรม", "Died", "", ("เสียชีวิต",)
    VANISHED = "vanished", "หยุดเรียนนานและไม่มีตัวตนในพื้นที่", "Long absent and not in the area", "", (
        "หยุดเรียนนานไม่มีตัวตนในพื้นที่",)  # fmt: skip
    OVERAGE = "overage", "อายุพ้นเกณฑ์การศึกษาภาคบังคับ", "Past the compulsory age", "", ("อายุพ้นเกณฑ์ภาคบังคับ",)
