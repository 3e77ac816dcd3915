"""Catalogues of things, kept by the centre for everybody: building plans, lines of equipment."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from ..bilingual import Label
from ..codes import BuildingCategory, EquipmentGroup
from ..declaration import Dataset, Menus, field
from .places import SharedRecord


class BuildingPlan(SharedRecord):
    """A standard plan of a building; ``other`` stands for what a school built by itself."""

    __tablename__ = "building_plan"
    __dataset__ = Dataset(
        "แบบสิ่งก่อสร้าง", "Building plans", menu=Menus.REFERENCE, key=("code",), shared=True, icon="layers"
    )

    code: Mapped[str] = field("รหัสแบบ", sa.String(20), en="Plan code", primary_key=True)
    name: Mapped[str] = field("ชื่อแบบ", sa.String(120), en="Plan", searched=True, thai_sorted=True)
    category: Mapped[BuildingCategory] = field("ประเภท", en="Category", filtered=True)

    def __repr__(self) -> str:
        return self.name


class EquipmentLine(SharedRecord):
    """A line of the M-OBEC catalogue; ``code`` is its number there."""

    __tablename__ = "equipment_line"
    __dataset__ = Dataset(
        "รายการครุภัณฑ์",
        "Equipment lines",
        menu=Menus.REFERENCE,
        key=("code",),
        title=("code", "name"),
        shared=True,
        icon="layers",
    )

    code: Mapped[str] = field("รหัสรายการ", sa.String(5), en="Line code", primary_key=True, searched=True)
    name: Mapped[str] = field("ชื่อรายการ", sa.String(120), en="Line", searched=True, thai_sorted=True)
    name_en: Mapped[str] = field("ชื่อภาษาอังกฤษ", sa.String(120), en="English name", searched=True)
    family: Mapped[EquipmentGroup] = field("กลุ่ม", en="Group", filtered=True)

    def __repr__(self) -> str:
        return Label(self.name, self.name_en)
