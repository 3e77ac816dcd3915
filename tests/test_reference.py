"""The country's provinces and areas: the counts, the codes and the names that the letters use."""

from collections import Counter

from appbuilder_app import reference
from appbuilder_app.codes import AreaKind, Region
from appbuilder_app.thaitext import tidy

# How many primary areas each province has, by its DOPA code.
PRIMARY_AREAS = {
    "10": 1, "11": 2, "12": 2, "13": 2, "14": 2, "15": 1, "16": 2, "17": 1, "18": 1, "19": 2,
    "20": 3, "21": 2, "22": 2, "23": 1, "24": 2, "25": 2, "26": 1, "27": 2,
    "30": 7, "31": 4, "32": 3, "33": 4, "34": 5, "35": 2, "36": 3, "37": 1, "38": 1, "39": 2,
    "40": 5, "41": 4, "42": 3, "43": 2, "44": 3, "45": 3, "46": 3, "47": 3, "48": 2, "49": 1,
    "50": 6, "51": 2, "52": 3, "53": 2, "54": 2, "55": 2, "56": 2, "57": 4, "58": 2,
    "60": 3, "61": 2, "62": 2, "63": 2, "64": 2, "65": 3, "66": 2, "67": 3,
    "70": 2, "71": 4, "72": 3, "73": 2, "74": 1, "75": 1, "76": 2, "77": 2,
    "80": 4, "81": 1, "82": 1, "83": 1, "84": 3, "85": 1, "86": 2,
    "90": 3, "91": 1, "92": 2, "93": 2, "94": 3, "95": 3, "96": 3,
}  # fmt: skip

# The secondary areas of more than one province.
JOINT_AREAS = {
    "170001": "สิงห์บุรี อ่างทอง", "200001": "ชลบุรี ระยอง", "220001": "จันทบุรี ตราด",
    "250001": "ปราจีนบุรี นครนายก", "330001": "ศรีสะเกษ ยโสธร", "340001": "อุบลราชธานี อำนาจเจริญ",
    "420001": "เลย หนองบัวลำภู", "520001": "ลำปาง ลำพูน", "610001": "อุทัยธานี ชัยนาท",
    "650001": "พิษณุโลก อุตรดิตถ์", "740001": "สมุทรสาคร สมุทรสงคราม", "820001": "พังงา ภูเก็ต ระนอง",
    "840001": "สุราษฎร์ธานี ชุมพร", "900001": "สงขลา สตูล", "920001": "ตรัง กระบี่",
}  # fmt: skip

AREAS = reference.service_areas()
PRIMARY = [area for area in AREAS if area.kind is AreaKind.PESA]
SECONDARY = [area for area in AREAS if area.kind is AreaKind.SESA]
BY_CODE = {area.code: area for area in AREAS}


def test_there_are_183_primary_and_62_secondary_areas():
    assert (len(PRIMARY), len(SECONDARY), len(AREAS)) == (183, 62, 245)


def test_no_code_and_no_name_occurs_twice():
    assert len({area.code for area in AREAS}) == 245
    assert len({area.name for area in AREAS}) == 245
    assert len({area.short_name for area in AREAS}) == 245


def test_each_province_has_its_number_of_primary_areas():
    assert Counter(area.provinces[0] for area in PRIMARY) == PRIMARY_AREAS


def test_primary_codes_are_the_province_and_a_running_number():
    expected = [
        f"{province}{number:02}"
        for province, count in PRIMARY_AREAS.items()
        for number in range(1, count + 1)
    ]
    assert [area.code for area in PRIMARY] == expected


def test_joint_secondary_areas_hold_the_provinces_they_are_named_after():
    names = reference.province_names()
    joint = {area.code: area for area in SECONDARY if len(area.provinces) > 1}
    assert {code: " ".join(names[p] for p in area.provinces) for code, area in joint.items()} == JOINT_AREAS
    assert all(area.short_name == f"สพม.{JOINT_AREAS[code]}" for code, area in joint.items())


def test_every_province_belongs_to_exactly_one_secondary_area_and_bangkok_to_two():
    seats = Counter(province for area in SECONDARY for province in area.provinces)
    assert seats.pop("10") == 2
    assert seats == dict.fromkeys(set(PRIMARY_AREAS) - {"10"}, 1)
    assert {area.code for area in SECONDARY if "10" in area.provinces} == {"100001", "100002"}


def test_names_are_those_of_the_letters():
    assert BY_CODE["1602"].name == "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2"
    assert BY_CODE["1602"].short_name == "สพป.ลพบุรี เขต 2"
    assert BY_CODE["1801"].name == "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาชัยนาท"
    assert BY_CODE["1001"].short_name == "สพป.กรุงเทพมหานคร"
    assert BY_CODE["100002"].short_name == "สพม.กรุงเทพมหานคร เขต 2"
    assert BY_CODE["160001"].name == "สำนักงานเขตพื้นที่การศึกษามัธยมศึกษาลพบุรี"


def test_names_begin_with_what_their_kind_is_called():
    for area in AREAS:
        assert area.name == area.short_name.replace(area.kind.short, area.kind.th, 1)
        assert tidy(area.name) == area.name


def test_a_number_is_in_the_name_only_where_the_province_has_several_areas():
    for area in PRIMARY:
        assert ("เขต " in area.short_name) == (PRIMARY_AREAS[area.provinces[0]] > 1)


def test_there_are_77_provinces_in_six_regions():
    provinces = reference.provinces()
    assert [province.code for province in provinces] == list(PRIMARY_AREAS)
    assert len({province.name for province in provinces}) == 77
    assert len({province.name_en for province in provinces}) == 77
    assert Counter(province.region for province in provinces) == {
        Region.NORTH: 9, Region.NORTHEAST: 20, Region.CENTRAL: 22,
        Region.EAST: 7, Region.WEST: 5, Region.SOUTH: 14,
    }  # fmt: skip
