"""Technology of schools (EMIS): computers, internet lines, networks."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds, rules
from ..codes import ComputerSource, ComputerUse, LineStatus, LineType, Provider, RoundSystem
from ..declaration import Computed, Dataset, Menus, field
from .places import SchoolRecord


class Computers(SchoolRecord):
    """A school's computers of one use and source, by whether they work."""

    __tablename__ = "computers"
    __dataset__ = Dataset(
        "คอมพิวเตอร์",
        "Computers",
        menu=Menus.ASSETS,
        key=("use", "source"),
        round=RoundSystem.EMIS,
        computed=(Computed("รวม", "Total", rules.all_computers, unit="เครื่อง"),),
        summed=("usable", "broken"),
        icon="table",
    )

    use: Mapped[ComputerUse] = field("ใช้เพื่อ", en="Use", filtered=True)
    source: Mapped[ComputerSource] = field("ที่มา", en="Source", filtered=True)
    usable: Mapped[int] = field("ใช้ได้", en="Usable", minimum=0, maximum=9_999, default=0)
    broken: Mapped[int] = field("ใช้ไม่ได้", en="Broken", minimum=0, maximum=9_999, default=0)


class InternetLine(SchoolRecord):
    """An internet line of a school."""

    __tablename__ = "internet_line"
    __dataset__ = Dataset(
        "อินเทอร์เน็ต", "Internet", menu=Menus.ASSETS, key=("sequence",), round=RoundSystem.EMIS, icon="globe"
    )

    sequence: Mapped[int] = field("สายที่", en="Line", minimum=1, maximum=99)
    provider: Mapped[Provider] = field("ผู้ให้บริการ", en="Provider", filtered=True)
    line_type: Mapped[LineType] = field("ประเภทสัญญาณ", en="Type", filtered=True)
    speed: Mapped[int] = field("ความเร็ว", en="Speed", unit="Mbps", minimum=1, maximum=100_000)
    status: Mapped[LineStatus] = field("สถานะ", en="Status", filtered=True, default=LineStatus.WORKING)
    monthly_cost: Mapped[Decimal | None] = field(
        "ค่าบริการต่อเดือน", sa.Numeric(10, 2), en="Monthly cost", kind=kinds.Money(), unit="บาท", minimum=0
    )


class Network(SchoolRecord):
    """How a school's computers are joined: one row a school."""

    __tablename__ = "network"
    __dataset__ = Dataset(
        "เครือข่ายภายในและ Wi-Fi",
        "LAN and Wi-Fi",
        menu=Menus.ASSETS,
        round=RoundSystem.EMIS,
        summed=("lan_rooms", "wifi_points", "wifi_rooms"),
        icon="layers",
    )

    lan: Mapped[bool] = field("มีเครือข่าย LAN", en="LAN", filtered=True)
    lan_rooms: Mapped[int | None] = field("ห้องที่มี LAN", en="Rooms with LAN", minimum=0, maximum=500)
    wifi: Mapped[bool] = field("มี Wi-Fi", en="Wi-Fi", filtered=True)
    wifi_points: Mapped[int | None] = field("จุดกระจายสัญญาณ Wi-Fi", en="Access points", minimum=0, maximum=500)
    wifi_rooms: Mapped[int | None] = field("ห้องที่ใช้ Wi-Fi ได้", en="Rooms with Wi-Fi", minimum=0, maximum=500)
