"""The two tables that the list shows, as Django sees them; it neither makes nor changes them."""

from __future__ import annotations

from typing import Any

from django.db import models

from appbuilder_app import codes


def _choices(code_list: Any) -> list[tuple[str, str]]:
    return [(member.value, member.th) for member in code_list]


class School(models.Model):
    """A row of the application's table."""

    code = models.CharField("รหัสโรงเรียน", max_length=8, primary_key=True)
    name = models.CharField("ชื่อโรงเรียน", max_length=160)

    class Meta:
        managed = False
        db_table = "school"

    def __str__(self) -> str:
        return self.name


class Student(models.Model):
    """A row of the application's table: the columns that the list shows, filters and searches."""

    id = models.BigAutoField(primary_key=True)
    school = models.ForeignKey(School, models.DO_NOTHING, db_column="school_code", verbose_name="โรงเรียน")
    scope = models.CharField(max_length=40)
    student_number = models.CharField("เลขประจำตัวนักเรียน", max_length=20)
    national_id = models.CharField("เลขประจำตัวประชาชน", max_length=13)
    first_name = models.CharField("ชื่อ", max_length=80)
    last_name = models.CharField("นามสกุล", max_length=80)
    grade = models.CharField("ชั้น", max_length=16, choices=_choices(codes.Grade))
    room = models.IntegerField("ห้อง")
    sex = models.CharField("เพศ", max_length=16, choices=_choices(codes.Sex))
    birth_date = models.DateField("วันเกิด")
    weight_kg = models.DecimalField("น้ำหนัก", max_digits=5, decimal_places=1, null=True)
    height_cm = models.DecimalField("ส่วนสูง", max_digits=5, decimal_places=1, null=True)
    disadvantage = models.CharField("ความด้อยโอกาส", max_length=16, choices=_choices(codes.Disadvantage))
    disability = models.CharField("ความพิการ", max_length=16, choices=_choices(codes.Disability))
    living = models.CharField("การพักนอน", max_length=16, choices=_choices(codes.Living), null=True)

    class Meta:
        managed = False
        db_table = "student"
        ordering = ("scope", "grade", "room", "id")
