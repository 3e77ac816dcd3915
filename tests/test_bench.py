"""Benchmarks stay runnable: they are not run here, but what they are made of is looked at."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path

import pytest

from appbuilder_app.access import ROLES, Viewer
from appbuilder_app.dataset import portions
from appbuilder_app.dataset.columns import layout_in
from appbuilder_app.declaration import dataset_of, rights_of_role
from appbuilder_app.demo import load
from appbuilder_app.demo.schools import schools
from appbuilder_app.models import Student
from bench import imports_generic
from bench.__main__ import BENCHES

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


@pytest.mark.parametrize("name", BENCHES)
def test_every_benchmark_can_be_started_and_is_explained(name: str):
    assert callable(import_module(f"bench.{name}").main)
    assert f"bench {name}" in DOCUMENT.read_text(encoding="utf-8")


def test_the_file_that_is_imported_has_the_columns_and_the_rows_it_tells_of():
    data = imports_generic.workbook(schools(load.AREA, 1), 30)
    ((_part, table),) = portions.tables(io.BytesIO(data), "bench.xlsx")
    (portion,) = table
    rights = frozenset(right for role in ROLES for right in rights_of_role(role.name))
    layout = layout_in(portion.rows, Student, Viewer(1, "central", "ส่วนกลาง", "", "C", rights))
    assert layout is not None
    assert {column.field.name for column in layout.columns} == set(imports_generic.COLUMNS)
    assert set(dataset_of(Student).key) <= set(imports_generic.COLUMNS)
    assert (layout.ignored, len(portion.rows)) == ((), 31)
