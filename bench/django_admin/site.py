"""The list of learners three times: as one writes it first, tuned, and written for one school's user."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import path

from bench.django_admin.models import Pupil, School, Student
from bench.django_admin.rest import PupilsByMark, PupilsNumbered

CENTRAL, SCHOOL = "central", "school"
SCHOOL_SCOPE = "C/1602/16020123"


class PlainStudents(admin.ModelAdmin):
    """The list as one writes it first: the same columns, filters, order and page size as ours."""

    list_display: tuple[str, ...] = (
        "school", "student_number", "national_id", "first_name", "last_name", "grade", "room", "sex",
        "birth_date", "weight_kg", "height_cm",
    )  # fmt: skip
    list_filter: tuple[str, ...] = ("school", "sex", "grade", "disadvantage", "disability", "living")
    search_fields: tuple[str, ...] = ("national_id", "first_name", "last_name")
    list_per_page = 25
    ordering = ("scope", "grade", "room", "id")


class TunedStudents(PlainStudents):
    """With what Django's documentation offers against large tables."""

    list_select_related = ("school",)
    show_full_result_count = False
    search_fields = ("=national_id", "last_name__startswith")


class BespokeStudents(TunedStudents):
    """As a programmer writes it for one school's user: rows by an indexed range, no choice of schools."""

    list_filter = ("sex", "grade", "disadvantage", "disability", "living")

    def get_queryset(self, request: Any) -> Any:
        """Nothing but the school's learners for the school's user."""
        found = super().get_queryset(request)
        if request.user.username == CENTRAL:
            return found
        return found.filter(scope__gte=SCHOOL_SCOPE, scope__lt=SCHOOL_SCOPE + "0")


class SchoolsToChoose(admin.ModelAdmin):
    """Schools as the autocomplete of a form finds them."""

    search_fields = ("code", "name")
    ordering = ("code",)


class Pupils(admin.ModelAdmin):
    """The form of a learner with all fields; the school is found by typing."""

    autocomplete_fields = ("school",)


def _forms() -> admin.AdminSite:
    site = admin.AdminSite(name="forms")
    site.register(Pupil, Pupils)
    site.register(School, SchoolsToChoose)
    return site


def _site(name: str, students: type[admin.ModelAdmin]) -> admin.AdminSite:
    site = admin.AdminSite(name=name)
    site.register(Student, students)
    site.register(School)
    return site


SITES = {
    name: _site(name, students)
    for name, students in (("plain", PlainStudents), ("tuned", TunedStudents), ("bespoke", BespokeStudents))
} | {"forms": _forms()}
urlpatterns = [
    *(path(f"{name}/", site.urls) for name, site in SITES.items()),
    path("rest/numbered/", PupilsNumbered.as_view({"get": "list"})),
    path("rest/by-mark/", PupilsByMark.as_view({"get": "list"})),
]
