"""Nutrition by three indices: the cuts, what cannot be judged, references as files, and the summary by grade."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from appbuilder_app.codes import HeightForAge, Sex, WeightForAge, WeightForHeight
from appbuilder_app.declaration import db
from appbuilder_app.errors import AlreadyThere, NotPermitted, SourceMissing
from appbuilder_app.rules import Reference, ReferenceWrong, Status, judged, read_reference
from appbuilder_app.rules.nutrition import completed_months
from appbuilder_app.workflows import nutrition, rounds
from tests.app_fixtures import FOREIGN, SCHOOL, SCOPES, SIBLING, pupil
from tests.growth_fixtures import synthetic_reference
from tests.round_fixtures import Round
from tests.screen_fixtures import Screens

BY = Reference("สมมติ", read_reference(synthetic_reference()))
BORN, DAY = dt.date(2016, 11, 10), dt.date(2026, 11, 10)  # 120 months: 40 kg and 130 cm are the middle
HEADS = "index,sex,at,minus2,minus1_5,plus1_5,plus2,plus3\n"


def status(weight: float | None, height: float | None, **given: Any) -> Status:
    """Of a boy of 120 months."""
    facts: dict[str, Any] = {"born": BORN, "measured_on": DAY} | given
    decimals = [None if value is None else Decimal(str(value)) for value in (weight, height)]
    return judged(BY, Sex.MALE, facts["born"], facts["measured_on"], *decimals)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (35.9, WeightForAge.LOW), (36, WeightForAge.LOWER), (36.9, WeightForAge.LOWER), (37, WeightForAge.USUAL),
        (43, WeightForAge.USUAL), (43.1, WeightForAge.HIGHER), (44, WeightForAge.HIGHER), (44.1, WeightForAge.HIGH),
    ],
)  # fmt: skip
def test_weight_for_age_is_cut_below_and_up_to_its_bounds(weight: float, expected: WeightForAge) -> None:
    assert status(weight, None) == (expected, None, None)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        (119.9, HeightForAge.SHORT), (120, HeightForAge.SHORTER), (122.5, HeightForAge.USUAL),
        (137.5, HeightForAge.USUAL), (140, HeightForAge.TALLER), (140.1, HeightForAge.TALL),
    ],
)  # fmt: skip
def test_height_for_age_is_cut_in_the_same_way(height: float, expected: HeightForAge) -> None:
    assert status(None, height) == (None, expected, None)


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        (47.9, WeightForHeight.THIN), (48, WeightForHeight.THINNER), (48.5, WeightForHeight.IN_SHAPE),
        (51.5, WeightForHeight.IN_SHAPE), (52, WeightForHeight.PLUMP), (53, WeightForHeight.BEGINNING_OBESITY),
        (53.1, WeightForHeight.OBESE),
    ],
)  # fmt: skip
def test_weight_for_height_has_a_sixth_level_and_needs_no_age(
    weight: float, expected: WeightForHeight
) -> None:
    assert status(weight, 130, measured_on=None) == (None, None, expected)


def test_what_cannot_be_judged_is_empty_and_never_usual() -> None:
    empty = Status(None, None, None)
    assert judged(Reference(), Sex.MALE, BORN, DAY, Decimal(40), Decimal(130)) == empty
    assert status(None, None) == empty
    assert status(40, 130, born=None)[:2] == (None, None)
    assert status(40, 130, measured_on=BORN - dt.timedelta(1))[:2] == (None, None)
    assert status(40, 195).weight_for_height is None, "higher than the table"
    assert status(40, 79.9).weight_for_height is None, "lower than the table"
    assert status(40, 130, born=dt.date(1990, 1, 1))[:2] == (None, None), "older than the table"


def test_a_gap_in_a_table_is_not_filled_from_its_neighbours() -> None:
    lines = [
        line for line in synthetic_reference().decode().splitlines(True) if not line.startswith("wfa,M,120,")
    ]
    by = Reference("", read_reference("".join(lines).encode()))
    assert judged(by, Sex.MALE, BORN, DAY, Decimal(40), None).weight_for_age is None
    assert judged(by, Sex.FEMALE, BORN, DAY, Decimal(40), None).weight_for_age is WeightForAge.USUAL


def test_a_height_between_two_lines_belongs_to_the_lower_one() -> None:
    assert BY.cuts(*_of("wfh"), Decimal("130.4")) == BY.cuts(*_of("wfh"), Decimal(130))
    assert BY.cuts(*_of("wfh"), Decimal("130.5")) != BY.cuts(*_of("wfh"), Decimal(130))


def _of(index: str) -> tuple[Any, Any]:
    from appbuilder_app.codes import GrowthIndex

    return GrowthIndex(index), Sex.MALE


def test_months_are_completed_on_the_day_of_birth() -> None:
    assert completed_months(dt.date(2016, 11, 11), DAY) == 119
    assert completed_months(dt.date(2016, 11, 10), DAY) == 120
    assert completed_months(dt.date(2024, 2, 29), dt.date(2025, 2, 28)) == 11


def test_tall_and_in_shape_needs_both() -> None:
    assert status(50, 130).is_tall_and_in_shape is True
    assert status(50, 130, born=None).is_tall_and_in_shape is None
    assert Status(None, HeightForAge.SHORT, WeightForHeight.IN_SHAPE).is_tall_and_in_shape is False


# ── References as files ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("index,sex,at\n", 1),
        (HEADS, 2),
        (HEADS + "wfa,M,24,1,2,3,4,\nbmi,M,24,1,2,3,4,\n", 3),
        (HEADS + "wfa,X,24,1,2,3,4,\n", 2),
        (HEADS + "wfa,M,24,1,2,2,4,\n", 2),
        (HEADS + "wfh,M,80,1,2,3,4,\n", 2),
        (HEADS + "wfa,M,24,1,2,สาม,4,\n", 2),
        (HEADS + "wfa,M,24,1,2,3,4,\nwfa,M,24.0,1,2,3,4,\n", 3),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_by_its_line(text: str, line: int) -> None:
    with pytest.raises(ReferenceWrong, match=f"บรรทัดที่ {line} "):
        read_reference(text.encode())


def take(played: Round, name: str = "adam", edition: str = "สมมติ 1", source: str = "ทดสอบ") -> None:
    """The persona imports the made-up reference."""
    data = synthetic_reference()
    played.does(name, lambda: nutrition.import_reference(data, edition, source, synthetic=True))


def test_a_round_is_judged_to_its_end_by_the_edition_in_force_when_it_was_made(played: Round) -> None:
    take(played)
    take(played, "cee", "สมมติ 2")

    def editions() -> list[str]:
        later = rounds.create_round(2570, 1, dt.date(2027, 6, 10), "ว1")
        return [str(getattr(nutrition.in_force(one), "edition", "")) for one in (None, later)]

    assert played.does("cee", editions) == ["สมมติ 1", "สมมติ 2"], "the first counts where there was none"
    take(played, "adam", "สมมติ 3")
    with played.world.acting("cee"):
        later = rounds.round_of(2570, 1)
        assert getattr(nutrition.in_force(later), "edition", "") == "สมมติ 2", "made already"
    played.close()
    with played.world.acting("alice"):
        assert getattr(nutrition.in_force(), "edition", "") == "สมมติ 2", "the next round's"


def test_an_edition_is_kept_with_its_origin_and_only_the_centre_imports_one(played: Round) -> None:
    with played.world.acting("alice"):
        assert nutrition.reference().rows == ()
    take(played, "cee")
    with played.world.acting("alice"):
        found = nutrition.in_force()
        assert found is not None
        assert (found.edition, found.is_synthetic, found.imported_by) == ("สมมติ 1", True, "Cee ทดสอบ")
        assert nutrition.reference().cuts(*_of("wfa"), 120) == BY.cuts(*_of("wfa"), 120)
    verb = nutrition.import_reference
    for name in ("alice", "dan"):
        with played.world.acting(name), pytest.raises(NotPermitted):
            verb(b"", "ก", "ข", synthetic=True)
    with played.world.acting("adam"):
        with pytest.raises(AlreadyThere):
            verb(synthetic_reference(), "สมมติ 1", "ทดสอบ", synthetic=True)
        with pytest.raises(SourceMissing):
            verb(synthetic_reference(), "ใหม่", " ", synthetic=True)


# ── The summary ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_summary_counts_each_grade_and_who_cannot_be_judged(played: Round) -> None:
    take(played)
    known = {"birth_date": BORN, "measured_on": DAY, "weight_kg": 50, "height_cm": 130}
    played.does(
        "alice", lambda: db.session.add_all([pupil(SCHOOL, 700, **known), pupil(SCHOOL, 702, **known)])
    )

    with played.world.acting("alice"):
        *grades, total = nutrition.summary(SCOPES[SCHOOL])
        assert [line.label for line in grades] == ["ป.6"]
        assert (total.students, total.measured, total.tall_and_in_shape) == (6, 6, 2)
        assert total.levels[0][WeightForAge.HIGH] == 2
        assert total.levels[2][WeightForHeight.IN_SHAPE] == 2
        assert total.unjudged == [4, 4, 0], "who was measured on no day cannot be judged by age"
        assert sum(total.counts(2)) == 6


@pytest.mark.any_database
def test_an_area_sees_the_sum_of_its_schools_and_no_other(played: Round, screens: Screens) -> None:
    take(played)
    with played.world.acting("dan"):
        assert nutrition.summary("C/1602")[-1].students == 8
        assert nutrition.summary("C/1601")[-1].students == 0
    page = screens.page("dan", "/measures/")
    assert "ตัวเลขสมมติ" in page
    assert f"school_code={SIBLING}" in page
    assert screens.of("dan").get(f"/measures/?school_code={FOREIGN}").status_code == 404
    assert screens.of("dan").get("/measures/?area=1601").status_code == 200, (
        "one's own area, whatever the address says"
    )
    assert screens.of("alice").get(f"/measures/?school_code={SIBLING}").status_code == 200
    assert "บ้านหนองเพื่อนบ้าน" not in screens.page("alice", f"/measures/?school_code={SIBLING}")


@pytest.mark.any_database
def test_the_summary_is_a_workbook_too(played: Round, screens: Screens) -> None:
    take(played)
    answer = screens.of("dan").get("/measures/summary.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    heads, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(heads) == 3 + 6 + 6 + 7 + 1
    assert rows[-1][:3] == ["รวม", 8, 8]
