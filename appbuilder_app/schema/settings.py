"""The values that the centre sets where no document fixes them; what they are is declared in ``rules/settings.py``."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds, rules
from ..declaration import Dataset, Menus, field, fields_of
from .places import SharedRecord

_DECLARED = rules.SETTINGS.values()


class Setting(SharedRecord):
    """A value in force, beside its default and its bounds. Written by ``workflows/settings.py`` alone."""

    __tablename__ = "setting"
    __dataset__ = Dataset(
        "ค่าที่กำหนด",
        "Settings",
        menu=Menus.ROUNDS,
        key=("code",),
        listed=("name", "value", "unit", "standard", "rule", "source"),
        title=("name",),
        shared=True,
        managed=True,
        rules=(rules.value_is_within_bounds,),
        rights={"central_officer": "read write export", "administrator": "read write export"},
        icon="settings",
    )

    code: Mapped[str] = field("รหัส", sa.String(40), en="Code", primary_key=True, searched=True)
    name: Mapped[str] = field(
        "ค่าที่กำหนด",
        sa.String(160),
        en="Setting",
        kind=kinds.Spoken(one.name for one in _DECLARED),
        searched=True,
    )
    value: Mapped[int] = field("ค่าที่ใช้", en="In force")
    unit: Mapped[str] = field(
        "หน่วย", sa.String(20), en="Unit", kind=kinds.Spoken(one.unit for one in _DECLARED)
    )
    standard: Mapped[int] = field("ค่าเริ่มต้น", en="Default")
    least: Mapped[int] = field("ต่ำสุด", en="Least")
    most: Mapped[int] = field("สูงสุด", en="Most")
    rule: Mapped[str] = field("ข้อกำหนด", sa.String(40), en="Rule")
    of_rounds: Mapped[bool] = field("ตรึงไว้กับรอบ", en="Fixed by each round")
    source: Mapped[str | None] = field("กำหนดโดย", sa.String(200), en="Set by")

    @classmethod
    def values(cls, connection: sa.Connection) -> dict[str, int]:
        """All that is set, by code, for who reads it within set-based work; what is missing has its default."""
        table = cls.__table__
        return {row.code: row.value for row in connection.execute(sa.select(table.c.code, table.c.value))}

    @property
    def said_unit(self) -> str:
        """The unit, which knows its English."""
        return fields_of(Setting)["unit"].kind.show(self.unit)

    def __repr__(self) -> str:
        return rules.SETTINGS[self.code].name if self.code in rules.SETTINGS else self.name
