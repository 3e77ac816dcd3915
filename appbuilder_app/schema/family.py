"""A learner's family: father, mother, guardian, and the brothers and sisters."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds
from ..access import Privacy
from ..codes import Blood, Education, IdentityType, MaritalStatus, Occupation, Relation
from ..declaration import field

MOST_INCOME = 100_000_000


class Family:
    """Columns of the family, as the portal's form has them [public]; nothing of them is required of a child."""

    father_identity_type: Mapped[IdentityType | None] = field(
        "ประเภทเลขประจำตัวของบิดา", en="Father's kind of ID", group="family"
    )
    father_identity: Mapped[str | None] = field(
        "เลขประจำตัวประชาชนของบิดา",
        sa.String(13),
        en="Father's national ID",
        group="family",
        kind=kinds.Identity(),
        masked=True,
        privacy=Privacy.IDENTITY,
    )
    father_title: Mapped[str | None] = field(
        "คำนำหน้าชื่อบิดา", sa.String(40), en="Father's title", group="family"
    )
    father_first_name: Mapped[str | None] = field(
        "ชื่อบิดา", sa.String(80), en="Father's first name", group="family"
    )
    father_last_name: Mapped[str | None] = field(
        "นามสกุลบิดา", sa.String(80), en="Father's last name", group="family"
    )
    father_blood: Mapped[Blood | None] = field(
        "กลุ่มเลือดของบิดา", en="Father's blood group", group="family", privacy=Privacy.HEALTH
    )
    father_education: Mapped[Education | None] = field(
        "วุฒิการศึกษาของบิดา", en="Father's education", group="family"
    )
    father_occupation: Mapped[Occupation | None] = field(
        "อาชีพของบิดา", en="Father's occupation", group="family"
    )
    father_workplace: Mapped[str | None] = field(
        "สถานที่ทำงานของบิดา", sa.String(120), en="Father's workplace", group="family"
    )
    father_income: Mapped[int | None] = field(
        "รายได้ต่อปีของบิดา",
        en="Father's income per year",
        group="family",
        privacy=Privacy.MONEY,
        unit="บาท",
        minimum=0,
        maximum=MOST_INCOME,
    )
    father_phone: Mapped[str | None] = field(
        "โทรศัพท์ของบิดา", sa.String(40), en="Father's phone", group="family"
    )
    mother_identity_type: Mapped[IdentityType | None] = field(
        "ประเภทเลขประจำตัวของมารดา", en="Mother's kind of ID", group="family"
    )
    mother_identity: Mapped[str | None] = field(
        "เลขประจำตัวประชาชนของมารดา",
        sa.String(13),
        en="Mother's national ID",
        group="family",
        kind=kinds.Identity(),
        masked=True,
        privacy=Privacy.IDENTITY,
    )
    mother_title: Mapped[str | None] = field(
        "คำนำหน้าชื่อมารดา", sa.String(40), en="Mother's title", group="family"
    )
    mother_first_name: Mapped[str | None] = field(
        "ชื่อมารดา", sa.String(80), en="Mother's first name", group="family"
    )
    mother_last_name: Mapped[str | None] = field(
        "นามสกุลมารดา", sa.String(80), en="Mother's last name", group="family"
    )
    mother_blood: Mapped[Blood | None] = field(
        "กลุ่มเลือดของมารดา", en="Mother's blood group", group="family", privacy=Privacy.HEALTH
    )
    mother_education: Mapped[Education | None] = field(
        "วุฒิการศึกษาของมารดา", en="Mother's education", group="family"
    )
    mother_occupation: Mapped[Occupation | None] = field(
        "อาชีพของมารดา", en="Mother's occupation", group="family"
    )
    mother_workplace: Mapped[str | None] = field(
        "สถานที่ทำงานของมารดา", sa.String(120), en="Mother's workplace", group="family"
    )
    mother_income: Mapped[int | None] = field(
        "รายได้ต่อปีของมารดา",
        en="Mother's income per year",
        group="family",
        privacy=Privacy.MONEY,
        unit="บาท",
        minimum=0,
        maximum=MOST_INCOME,
    )
    mother_phone: Mapped[str | None] = field(
        "โทรศัพท์ของมารดา", sa.String(40), en="Mother's phone", group="family"
    )
    guardian_identity_type: Mapped[IdentityType | None] = field(
        "ประเภทเลขประจำตัวของผู้ปกครอง", en="Guardian's kind of ID", group="family"
    )
    guardian_identity: Mapped[str | None] = field(
        "เลขประจำตัวประชาชนของผู้ปกครอง",
        sa.String(13),
        en="Guardian's national ID",
        group="family",
        kind=kinds.Identity(),
        masked=True,
        privacy=Privacy.IDENTITY,
    )
    guardian_title: Mapped[str | None] = field(
        "คำนำหน้าชื่อผู้ปกครอง", sa.String(40), en="Guardian's title", group="family"
    )
    guardian_first_name: Mapped[str | None] = field(
        "ชื่อผู้ปกครอง", sa.String(80), en="Guardian's first name", group="family"
    )
    guardian_last_name: Mapped[str | None] = field(
        "นามสกุลผู้ปกครอง", sa.String(80), en="Guardian's last name", group="family"
    )
    guardian_relation: Mapped[Relation | None] = field(
        "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", en="Guardian's relation", group="family"
    )
    guardian_blood: Mapped[Blood | None] = field(
        "กลุ่มเลือดของผู้ปกครอง", en="Guardian's blood group", group="family", privacy=Privacy.HEALTH
    )
    guardian_education: Mapped[Education | None] = field(
        "วุฒิการศึกษาของผู้ปกครอง", en="Guardian's education", group="family"
    )
    guardian_occupation: Mapped[Occupation | None] = field(
        "อาชีพของผู้ปกครอง", en="Guardian's occupation", group="family"
    )
    guardian_workplace: Mapped[str | None] = field(
        "สถานที่ทำงานของผู้ปกครอง", sa.String(120), en="Guardian's workplace", group="family"
    )
    guardian_income: Mapped[int | None] = field(
        "รายได้ต่อปีของผู้ปกครอง",
        en="Guardian's income per year",
        group="family",
        privacy=Privacy.MONEY,
        unit="บาท",
        minimum=0,
        maximum=MOST_INCOME,
    )
    guardian_phone: Mapped[str | None] = field(
        "โทรศัพท์ของผู้ปกครอง", sa.String(40), en="Guardian's phone", group="family"
    )
    parents_marriage: Mapped[MaritalStatus | None] = field(
        "สถานภาพสมรสของบิดามารดา", en="Parents' marriage", group="family"
    )
    older_brothers: Mapped[int | None] = field(
        "จำนวนพี่ชาย", en="Older brothers", group="family", unit="คน", minimum=0, maximum=30
    )
    younger_brothers: Mapped[int | None] = field(
        "จำนวนน้องชาย", en="Younger brothers", group="family", unit="คน", minimum=0, maximum=30
    )
    older_sisters: Mapped[int | None] = field(
        "จำนวนพี่สาว", en="Older sisters", group="family", unit="คน", minimum=0, maximum=30
    )
    younger_sisters: Mapped[int | None] = field(
        "จำนวนน้องสาว", en="Younger sisters", group="family", unit="คน", minimum=0, maximum=30
    )
    studying_siblings: Mapped[int | None] = field(
        "จำนวนพี่น้องที่กำลังศึกษา",
        en="Brothers and sisters at school",
        group="family",
        unit="คน",
        minimum=0,
        maximum=30,
    )
    child_index: Mapped[int | None] = field(
        "เป็นบุตรคนที่", en="Which child of the family", group="family", minimum=1, maximum=30
    )
