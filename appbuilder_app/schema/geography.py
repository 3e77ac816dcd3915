"""Provinces, districts and subdistricts by the codes of the Department of Provincial Administration.

A code holds those of the places it lies in: province 2 digits, district 4, subdistrict 6 [public].
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from .. import kinds
from ..codes import Region
from ..declaration import Dataset, Menus, field
from .places import SharedRecord


class Province(SharedRecord):
    """One of the 77 provinces; every installation starts with them."""

    __tablename__ = "province"
    __dataset__ = Dataset(
        "จังหวัด",
        "Provinces",
        menu=Menus.REFERENCE,
        key=("code",),
        shared=True,
        icon="map",
    )

    code: Mapped[str] = field(
        "รหัสจังหวัด", sa.String(2), en="Province code", kind=kinds.Digits(2), primary_key=True, searched=True
    )
    name: Mapped[str] = field("จังหวัด", sa.String(80), en="Province", searched=True, thai_sorted=True)
    english_name: Mapped[str | None] = field("ชื่อภาษาอังกฤษ", sa.String(80), en="English name", searched=True)
    region: Mapped[Region] = field("ภาค", en="Region", filtered=True)


class District(SharedRecord):
    """A district (อำเภอ or เขต); read from a file by ``import-places``."""

    __tablename__ = "district"
    __dataset__ = Dataset(
        "อำเภอ",
        "Districts",
        menu=Menus.REFERENCE,
        key=("code",),
        shared=True,
        icon="map",
    )

    code: Mapped[str] = field(
        "รหัสอำเภอ", sa.String(4), en="District code", kind=kinds.Digits(4), primary_key=True, searched=True
    )
    name: Mapped[str] = field("อำเภอ", sa.String(80), en="District", searched=True, thai_sorted=True)
    province_code: Mapped[str] = field(
        "จังหวัด", sa.ForeignKey("province.code"), en="Province", filtered=True, index=True
    )


class Subdistrict(SharedRecord):
    """A subdistrict (ตำบล or แขวง); read from a file by ``import-places``."""

    __tablename__ = "subdistrict"
    __dataset__ = Dataset(
        "ตำบล",
        "Subdistricts",
        menu=Menus.REFERENCE,
        key=("code",),
        shared=True,
        icon="map",
    )

    code: Mapped[str] = field(
        "รหัสตำบล", sa.String(6), en="Subdistrict code", kind=kinds.Digits(6), primary_key=True, searched=True
    )
    name: Mapped[str] = field("ตำบล", sa.String(80), en="Subdistrict", searched=True, thai_sorted=True)
    district_code: Mapped[str] = field(
        "อำเภอ", sa.ForeignKey("district.code"), en="District", filtered=True, index=True
    )
    postcode: Mapped[str | None] = field(
        "รหัสไปรษณีย์", sa.String(5), en="Postcode", kind=kinds.Digits(5), searched=True
    )
