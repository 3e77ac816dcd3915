"""Staff of schools (EMIS)."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from .. import rules
from ..codes import Pay, Position, RoundSystem
from ..declaration import Computed, Dataset, Menus, field
from .places import SchoolRecord


class StaffCount(SchoolRecord):
    """How many men and women hold a position, in or outside the budget (R55)."""

    __tablename__ = "staff_count"
    __dataset__ = Dataset(
        "จำนวนบุคลากร",
        "Staff",
        menu=Menus.STAFF,
        key=("position", "pay"),
        round=RoundSystem.EMIS,
        rules=(rules.civil_servants_are_in_the_budget, rules.one_director),
        computed=(Computed("รวม", "Total", rules.men_and_women),),
        summed=("male", "female"),
        icon="users",
    )

    position: Mapped[Position] = field("ตำแหน่ง", en="Position", filtered=True)
    pay: Mapped[Pay] = field("เงินที่ใช้จ้าง", en="Paid", filtered=True)
    male: Mapped[int] = field("ชาย", en="Men", minimum=0, maximum=9_999, default=0)
    female: Mapped[int] = field("หญิง", en="Women", minimum=0, maximum=9_999, default=0)
