"""Code lists: the outside codes, the spellings an import accepts, and the sentences for those it does not."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.codes import CodeList, Disability, Disadvantage, Grade, Level, Sex, Title
from appbuilder_app.errors import RuleViolation, UnknownCode
from appbuilder_app.thaitext import folded, tidy

LISTS = sorted(CodeList.__subclasses__(), key=lambda codelist: codelist.__name__)
every_list = pytest.mark.parametrize("codelist", LISTS, ids=lambda codelist: codelist.__name__)
members = st.sampled_from([member for codelist in LISTS for member in codelist])


@every_list
def test_no_two_members_share_a_spelling(codelist):
    owners: dict[str, CodeList] = {}
    for member in codelist:
        for text in (member.value, member.th, member.en, member.short, *member.aliases):
            assert owners.setdefault(folded(text), member) is member, text


@every_list
def test_no_two_members_share_an_outside_code(codelist):
    pairs = [pair for member in codelist for pair in member.outside.items()]
    assert len(pairs) == len(set(pairs))


@every_list
def test_every_member_has_both_languages_and_the_list_a_name(codelist):
    assert codelist.noun
    assert len({member.th for member in codelist}) == len({member.en for member in codelist}) == len(codelist)
    assert all(member.th.strip() and member.en.strip() and member.short for member in codelist)


@every_list
def test_labels_are_written_in_the_one_spelling(codelist):
    for member in codelist:
        for text in (member.th, member.en, member.short, *member.aliases):
            assert tidy(text) == text


@given(members)
def test_a_member_is_found_by_code_label_short_label_and_alias(member):
    codelist = type(member)
    assert codelist(member.value) is member
    for text in (member, member.value, str(member), member.en, member.short, *member.aliases):
        assert codelist.parse(text) is member
        assert codelist.parse(f"  {text} \u200b") is member
    assert pickle.loads(pickle.dumps(member)) is member


def test_members_sort_as_they_are_defined_and_are_hashable():
    assert sorted([Grade.V1, Grade.P1, Grade.K3]) == [Grade.K3, Grade.P1, Grade.V1]
    assert Grade.P6 < Grade.M1 <= Grade.M1
    assert max(Grade) is Grade.V3
    assert {Grade.P1: 1}[Grade("04")] == 1
    with pytest.raises(TypeError):
        _ = Grade.P1 < Sex.MALE


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("อ.1", "01"), ("อบ.1", "01"), ("อ1", "01"), ("อนุบาล 3", "03"), ("ชั้นอนุบาลปีที่ ๒", "02"),
        ("ป.1", "04"), ("ป1", "04"), ("ป. 1", "04"), ("ป.๑", "04"), ("ประถมศึกษาปีที่ 1", "04"),
        ("ประถมศึกษาปีที่ ๖", "09"), ("ม.1", "10"), ("10", "10"), ("มัธยมศึกษาปีที่ 6", "15"),
        ("ปวช.1", "16"), ("ปวช. 3", "18"),
    ],
)  # fmt: skip
def test_grades_are_read_as_schools_write_them(text, grade):
    assert Grade.parse(text) is Grade(grade)


def test_there_are_eighteen_grades_from_01_to_18():
    assert [grade.value for grade in Grade] == [f"{number:02}" for number in range(1, 19)]


def test_a_grade_number_without_its_level_is_refused_rather_than_guessed():
    with pytest.raises(UnknownCode, match=r"ชั้น “4”.*ป\.4"):
        Grade.parse("4")


def test_grades_know_level_age_and_end():
    assert Grade.K3.level is Level.KINDERGARTEN
    assert Grade.P1.level is Level.PRIMARY
    assert Grade.M3.level is Level.LOWER_SECONDARY
    assert Grade.M4.level is Level.UPPER_SECONDARY
    assert Grade.V2.level is Level.VOCATIONAL
    ages = {grade.short: grade.standard_age for grade in Grade}
    assert (ages["อ.1"], ages["ป.1"], ages["ม.1"], ages["ม.6"], ages["ปวช.1"]) == (3, 6, 12, 17, 15)
    assert [grade.short for grade in Grade if grade.ends_level] == ["อ.3", "ป.6", "ม.3", "ม.6", "ปวช.3"]
    assert sum(len(level.grades) for level in Level) == 18


@pytest.mark.parametrize(
    ("text", "title", "sex"),
    [
        ("เด็กชาย", "001", "M"), ("ด.ช.", "001", "M"), ("ดช", "001", "M"), ("ด.ญ", "002", "F"),
        ("นาย", "003", "M"), ("น.ส.", "004", "F"), ("นางสาว", "004", "F"), ("นาง", "005", "F"),
        ("สามเณร", "832", "M"),
    ],
)  # fmt: skip
def test_titles_long_and_short_imply_a_sex(text, title, sex):
    assert Title.parse(text) is Title(title)
    assert Title(title).sex is Sex(sex)


def test_every_title_implies_a_sex():
    assert {title.sex for title in Title} == set(Sex)


def test_sara_am_typed_in_two_keys_is_the_same_word():
    assert tidy("น\u0e4d\u0e49าหนัก") == tidy("น\u0e49\u0e4dาหนัก") == "น้ำหนัก"
    assert Disadvantage.parse("ก\u0e4dาพร้า") is Disadvantage.ORPHAN


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text):
    assert tidy(tidy(text)) == tidy(text)


def test_onec_numbers_lead_there_and_back():
    assert Disadvantage.coming_from("onec", "9") is Disadvantage.POOR
    assert Disability.coming_from("onec", "99") is Disability.NONE
    assert {member.outside["onec"] for member in Disability} == {*"123456789", "99"}
    with pytest.raises(UnknownCode, match="onec"):
        Disadvantage.coming_from("onec", "11")


def test_a_refusal_is_a_rule_violation_that_names_the_allowed_values():
    with pytest.raises(UnknownCode) as refusal:
        Sex.parse("x" * 500)
    assert isinstance(refusal.value, RuleViolation)
    assert isinstance(refusal.value, ValueError)
    assert str(refusal.value).endswith("ช, ญ")
    assert len(str(refusal.value)) < 200
