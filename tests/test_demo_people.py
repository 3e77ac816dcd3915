"""Synthetic schools and learners: valid, different, reproducible, of the right age, and nobody's formula."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from itertools import chain, pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from appbuilder_app import identity, reference
from appbuilder_app.codes import Disability, Disadvantage, Grade, Relation, Sex, Title
from appbuilder_app.demo import identities, people, words
from appbuilder_app.demo.national_file import HEADER, NEWER_COLUMNS, student_file
from appbuilder_app.demo.people import COLUMNS, Student, students
from appbuilder_app.demo.schools import School, counts_by_area, schools
from appbuilder_app.thaidate import age_on

SPECIMEN = Path(__file__).parent / "files" / "2568-1-student.xlsx"
OPENING = dt.date(2025, 5, 16)
FIRST_LEARNER = ("1160605312467", "วรปรัชญ์", "อมรอยู่", dt.date(2021, 3, 30))
THAI = re.compile(r"[\u0e01-\u0e5b]+")


@pytest.fixture(scope="module")
def district() -> list[School]:
    return schools("1602", 139)


@pytest.fixture(scope="module")
def learners(district: list[School]) -> list[Student]:
    return list(chain.from_iterable(students(school) for school in district))


@pytest.fixture(scope="module")
def nation() -> list[School]:
    return [school for area, count in counts_by_area().items() for school in schools(area, count)]


def specimen_rows() -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(SPECIMEN)).get_sheet_by_index(0).to_python()


def rows_of(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("student").to_python()


# ── Identity numbers ─────────────────────────────────────────────────────────────────────────────────────


def test_every_number_has_its_check_digit_or_is_a_g_code(learners):
    assert {identity.kind_of(learner.national_id) for learner in learners} == {"national", "g"}


def test_the_table_of_check_sums_agrees_with_the_published_formula():
    numbers = [
        identities.national_id(kind, province.code, running)
        for kind in "0125678"
        for province in reference.provinces()
        for running in (0, 999_999, 1_000_000, 19_999_999, 7_654_321)
    ]
    assert all(identity.is_national_id(number) for number in numbers)


def test_two_hundred_thousand_learners_of_several_areas_have_different_numbers():
    areas = {"1001": 139, "1601": 139, "1602": 139, "160001": 25, "170001": 38, "100001": 32, "100002": 32}
    numbers = [
        learner.national_id
        for area, count in areas.items()
        for school in schools(area, count)
        for learner in students(school)
    ]
    assert len(set(numbers)) == len(numbers) > 200_000


def test_no_two_schools_of_the_nation_draw_from_the_same_running_numbers(nation):
    blocks = sorted(
        (school.province_code, school.slot, school.first_serial, school.first_serial + school.students)
        for school in nation
    )
    for (*block, _, end), (*following, start, _) in pairwise(blocks):
        assert block != following or end <= start


def test_running_numbers_are_a_permutation_of_twenty_million():
    step, modulus = identities._STEP, identities._MODULUS
    assert pow(step, -1, modulus)
    assert modulus == identities.SLOTS * identities.SERIALS_PER_AREA
    assert sorted(identities.running_numbers(0, 0, 3)) == sorted(
        (at * step + identities._START) % modulus for at in range(3)
    )


def test_no_learner_of_the_nation_can_have_a_number_of_the_specimen():
    """Undoing the permutation shows which slot a number would come from; no area has the slots 0 and 10."""
    for row in specimen_rows()[2:]:
        number = str(row[2])
        if number[0] == "G":
            assert int(number[5:]) < identities._FIRST_G
        elif has_our_form(number):
            assert slot_and_serial(number)[0] in {0, 10}


def has_our_form(number: str) -> bool:
    kinds = {origin.kind for origin in people._ORIGINS}
    district = 1 <= int(number[3:5]) <= identities.SLOTS
    return number[0] in kinds and number[1:3] in reference.province_names() and district and number[5] == "0"


def slot_and_serial(number: str) -> tuple[int, int]:
    running = (int(number[3:5]) - 1) * identities.SERIALS_PER_AREA + int(number[6:12])
    undone = (running - identities._START) * pow(identities._STEP, -1, identities._MODULUS)
    return divmod(undone % identities._MODULUS, identities.SERIALS_PER_AREA)


def test_undoing_the_permutation_finds_the_serial_again(district):
    first = next(student for student in students(district[5]) if student.national_id[0] == "1")
    slot, serial = slot_and_serial(first.national_id)
    assert slot == district[5].slot
    assert district[5].first_serial <= serial < district[5].first_serial + district[5].students


def test_no_area_has_the_slots_0_and_10(nation):
    assert not {school.slot for school in nation} & {0, 10}


def test_a_few_in_a_thousand_have_a_leading_zero_a_seven_or_a_g(learners):
    first = Counter(learner.national_id[0] for learner in learners)
    for kind in "07G":
        assert 0.001 < first[kind] / len(learners) < 0.012
    assert first["1"] > 0.9 * len(learners)


def test_areas_0_and_10_are_refused():
    for area in (0, 10):
        with pytest.raises(ValueError, match="areas 1 to 9"):
            identities.slot_of(area, secondary=False)


def test_an_area_with_more_than_a_million_learners_is_refused():
    with pytest.raises(ValueError, match="a million"):
        identities.running_numbers(1, 999_999, 2)


# ── Learners ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_makes_the_same_learners_and_another_seed_others(district):
    school = district[0]
    assert list(students(school, 7)) == list(students(school, 7))
    assert list(students(school, 7)) != list(students(school, 8))


def test_learners_stay_the_same_on_every_machine(district):
    """A demo that changed under its screenshots and benchmarks would make them incomparable."""
    first = next(students(district[0]))
    assert (first.national_id, first.first_name, first.last_name, first.birth_date) == FIRST_LEARNER


def test_a_school_has_exactly_its_number_of_learners(district, learners):
    assert len(learners) == sum(school.students for school in district)
    for size in (0, 1, 2, 7):
        assert len(list(students(district[0]._replace(students=size)))) == size


def test_the_highest_grade_is_never_empty(district):
    for school in [*district, *(district[0]._replace(students=size) for size in range(1, 12))]:
        assert school.highest_grade in {student.grade for student in students(school)}


def test_grades_lie_between_the_lowest_and_the_highest_opened(district):
    for school in district:
        grades = {student.grade for student in students(school)}
        assert min(grades) >= school.lowest_grade
        assert max(grades) <= school.highest_grade


def test_ages_on_16_may_suit_the_grade_and_one_in_ten_is_a_year_off(learners):
    off = Counter(
        age_on(learner.birth_date, OPENING).years - Grade(learner.grade).standard_age for learner in learners
    )
    assert set(off) == {-1, 0, 1}
    assert 0.87 < off[0] / len(learners) < 0.93


def test_the_academic_year_moves_the_birth_dates(district):
    for student in students(district[0], academic_year=2569):
        age = age_on(student.birth_date, OPENING.replace(year=2026)).years
        assert abs(age - Grade(student.grade).standard_age) <= 1


def test_titles_follow_sex_and_the_age_of_fifteen():
    secondary = schools("160001", 3)
    for student in chain.from_iterable(map(students, secondary)):
        grown_up = age_on(student.birth_date, OPENING).years >= 15
        assert Title(student.title).sex is Sex(student.sex)
        assert (Title(student.title) in {Title.MR, Title.MISS}) == grown_up


def test_the_share_of_incomplete_learners_can_be_tuned(district, learners):
    def incomplete(some: list[Student]) -> int:
        return sum(learner.weight_kg is None or learner.height_cm is None for learner in some)

    assert 0.002 < incomplete(learners) / len(learners) < 0.009
    assert incomplete(list(students(district[0], incomplete=0))) == 0
    assert incomplete(list(students(district[0], incomplete=1))) == district[0].students


def test_bodies_are_possible(learners):
    weights = [learner.weight_kg for learner in learners if learner.weight_kg]
    heights = [learner.height_cm for learner in learners if learner.height_cm]
    assert min(weights) > 7
    assert max(weights) < 130
    assert min(heights) > 75
    assert max(heights) < 205


def test_older_learners_are_taller_and_heavier_on_average(learners):
    def average(grade: str, measure: str) -> float:
        values = [getattr(each, measure) for each in learners if each.grade == grade]
        return fmean(value for value in values if value)

    for lower, higher in (("02", "04"), ("04", "07"), ("07", "09"), ("09", "12")):
        assert average(lower, "height_cm") < average(higher, "height_cm")
        assert average(lower, "weight_kg") < average(higher, "weight_kg")


def test_about_a_third_is_poor_and_a_few_in_a_hundred_are_disabled(learners):
    poor = sum(learner.disadvantage == Disadvantage.POOR.value for learner in learners)
    disabled = sum(learner.disability != Disability.NONE.value for learner in learners)
    assert 0.3 < poor / len(learners) < 0.4
    assert 0.018 < disabled / len(learners) < 0.035


def test_names_and_homes_are_thai_letters_and_never_begin_like_a_formula(learners):
    texts = {
        getattr(learner, column)
        for learner in learners
        for column in COLUMNS
        if column.endswith("_name") or column in {"subdistrict", "district", "province"}
    } - {None}
    assert [text for text in texts if not THAI.fullmatch(text)] == []
    assert all(learner.house_no[0].isdigit() for learner in learners)


def test_there_are_names_enough():
    assert len(set(words.words("first_names_male"))) >= 400
    assert len(set(words.words("first_names_female"))) >= 400
    assert len(set(words.last_names())) == len(words.last_names()) > 15_000


def test_student_numbers_have_five_digits_and_occur_once_in_a_school(district):
    for school in district:
        numbers = [student.student_number for student in students(school)]
        assert len(set(numbers)) == len(numbers)
        assert all(len(number) == 5 and number.isdigit() for number in numbers)


def test_a_guardian_who_is_a_parent_is_that_parent(learners):
    for learner in learners:
        if learner.guardian_relation == Relation.MOTHER.value:
            assert learner.guardian_first_name == learner.mother_first_name is not None
        if learner.guardian_relation == Relation.FATHER.value:
            assert learner.guardian_first_name == learner.father_first_name is not None


def test_rooms_hold_no_more_than_38_and_leave_no_gap(learners, district):
    for school in district[:40]:
        by_grade: dict[str, Counter[int]] = {}
        for student in students(school):
            by_grade.setdefault(student.grade, Counter())[student.room] += 1
        for rooms in by_grade.values():
            assert sorted(rooms) == list(range(1, len(rooms) + 1))
            assert max(rooms.values()) <= 38


def test_only_schools_with_a_dormitory_have_boarders(district):
    for school in district:
        assert school.boarding or not any(student.boarding for student in students(school))


# ── Schools ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_school_of_area_1602_is_the_one_of_the_specimen(district):
    row = specimen_rows()[2]
    assert (district[0].code, district[0].name) == (row[0], row[1]) == ("16020123", "บ้านหนองตัวอย่าง")
    assert (district[0].lowest_grade, district[0].highest_grade) == ("02", "09")
    assert (district[0].subdistrict, district[0].district, district[0].province) == tuple(row[21:24])


@pytest.mark.parametrize("seed", [1, 2, 2568])
def test_139_schools_of_area_1602_have_about_20_000_learners(seed):
    made = schools("1602", 139, seed)
    assert len(made) == 139
    assert 19_500 < sum(school.students for school in made) < 20_500


def test_most_schools_of_a_primary_area_are_small_and_a_few_are_large(district):
    sizes = [school.students for school in district]
    assert 0.5 < sum(size < 120 for size in sizes) / len(sizes) < 0.65
    assert 1 <= sum(size > 600 for size in sizes) <= 5


def test_the_nation_has_29_500_schools_and_6_6_million_learners(nation):
    assert len(nation) == 29_500
    assert 6_500_000 < sum(school.students for school in nation) < 6_750_000


def test_codes_occur_once_in_the_nation_and_have_their_form(nation):
    for codes in zip(*((school.code, school.obec_code, school.moe_code) for school in nation), strict=True):
        assert len(set(codes)) == len(nation)
    for school in nation:
        assert re.fullmatch(school.province_code + r"0[1-9][02]\d{3}", school.code)
        assert re.fullmatch(r"\d{6}", school.obec_code)
        assert school.moe_code == f"10{school.province_code}{school.obec_code}"


def test_names_of_schools_occur_once_in_an_area_and_have_english(district):
    assert len({school.name for school in district}) == 139
    assert all(THAI.fullmatch(school.name) for school in district)
    assert all(re.fullmatch(r"[A-Z][A-Za-z -]+ School", school.english_name) for school in district)


def test_secondary_areas_teach_secondary_grades_in_all_their_provinces():
    made = schools("170001", 38)
    assert {(school.lowest_grade, school.highest_grade) for school in made} == {("10", "15")}
    assert {school.province for school in made} == {"สิงห์บุรี", "อ่างทอง"}
    assert {school.code[4] for school in made} == {"2"}


def test_schools_of_a_seed_are_the_same_and_of_another_others():
    assert schools("1602", 20, 5) == schools("1602", 20, 5)
    assert schools("1602", 20, 5) != schools("1602", 20, 6)


def test_every_area_gets_its_share_of_any_number_of_schools():
    for total in (2_950, 29_500):
        counts = counts_by_area(total)
        assert len(counts) == 245
        assert sum(counts.values()) == total
    with pytest.raises(ValueError, match="do not fit"):
        counts_by_area(100)


def test_more_schools_than_codes_and_unknown_areas_are_refused():
    with pytest.raises(ValueError, match="1 to 900"):
        schools("1602", 901)
    with pytest.raises(KeyError):
        schools("9999", 3)


# ── The national file ────────────────────────────────────────────────────────────────────────────────────


def test_the_file_has_the_labels_of_the_specimen_and_its_mistake(district):
    rows = rows_of(student_file(district[0], students(district[0])))
    specimen = specimen_rows()
    assert rows[1] == specimen[1] == list(HEADER)
    assert rows[0][0] == specimen[0][0]
    assert len(rows) == 2 + district[0].students


def test_the_file_says_what_the_learners_are(district):
    made = list(students(district[0]))
    for row, learner in zip(rows_of(student_file(district[0], made))[2:], made, strict=True):
        assert row[2] == learner.national_id
        assert Grade.parse(row[3]).value == learner.grade
        assert row[11] == age_on(learner.birth_date, dt.date(2025, 6, 10)).years
        assert row[12] == (learner.weight_kg or "-")
        assert row[20] == "-"


def test_cells_of_the_file_have_the_types_of_the_specimen(district):
    row = next(row for row in rows_of(student_file(district[0], students(district[0], incomplete=0)))[2:])
    specimen = specimen_rows()[2]
    assert [type(cell) for cell in row] == [type(cell) for cell in specimen]


def test_a_newer_file_has_39_columns_and_a_bare_one_no_title_row(district):
    newer = rows_of(student_file(district[0], students(district[0]), newer=True))
    assert newer[1] == [*HEADER, *NEWER_COLUMNS]
    assert len(newer[2]) == 39
    assert rows_of(student_file(district[0], students(district[0]), titled=False))[0] == list(HEADER)


def test_the_same_learners_give_the_same_file(district):
    school = district[1]
    assert student_file(school, students(school)) == student_file(school, students(school))
