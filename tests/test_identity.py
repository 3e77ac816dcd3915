"""Identity numbers: the check digit, G-codes, what a careless hand types, and what a mask hides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appbuilder_app.identity import (
    check_digit,
    format_identity,
    g_code,
    is_g_code,
    is_national_id,
    kind_of,
    mask_identity,
    normalise_identity,
    parts_of_g_code,
)

first_twelve = st.text("0123456789", min_size=12, max_size=12)
national_ids = first_twelve.map(lambda digits: f"{digits}{check_digit(digits)}")


@pytest.mark.parametrize("number", ["1234567890121", "6000000000000", "7000000000008", "0100008900000"])
def test_published_numbers_pass(number):
    assert is_national_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "1234567890120",
        "",
        "123456789012",
        "12345678901211",
        "1234567890121\n",
        "๑๒๓๔๕๖๗๘๙๐๑๒๑",
        "x234567890121",
    ],
)
def test_anything_else_does_not_pass(number):
    assert not is_national_id(number)


@given(national_ids, st.integers(0, 12), st.integers(1, 9))
def test_every_wrong_digit_is_found_but_for_the_two_known_weaknesses(number, place, step):
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    never_counts = place == 2
    shared_check_digit = number[-1] == "1" and place < 12
    assert not is_national_id(wrong) or never_counts or shared_check_digit


def test_a_wrong_third_digit_is_never_found():
    """Its weight is 11: nobody may build on the check digit finding every error."""
    assert all(is_national_id(f"12{digit}4567890121") for digit in "0123456789")


def test_a_wrong_digit_can_hide_where_the_check_digit_is_one():
    assert is_national_id("1234567890121")
    assert is_national_id("6234567890121")


@given(st.text())
def test_a_check_digit_is_only_reckoned_for_twelve_digits(text):
    if text.isascii() and text.isdigit() and len(text) == 12:
        return
    with pytest.raises(ValueError, match="twelve"):
        check_digit(text)


@given(national_ids)
def test_a_number_survives_cards_dashes_thai_digits_and_spaces(number):
    printed = format_identity(number)
    assert printed.count("-") == 4
    assert normalise_identity(printed) == number
    assert normalise_identity(printed.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))) == number
    assert normalise_identity(f" \u200b'{printed.replace('-', ' – ')}\u00a0") == number


@given(national_ids)
def test_a_number_typed_as_a_number_gets_its_lost_zeros_back(number):
    kept = str(int(number))
    if len(kept) >= 11:
        assert normalise_identity(int(number)) == number
        assert normalise_identity(float(number)) == number
        assert normalise_identity(kept, restore_zeros=True) == number


def test_a_number_typed_as_a_number_with_a_mistake_is_left_as_it_is():
    assert normalise_identity(100008900001) == "100008900001"
    assert normalise_identity(123.5) == "123.5"


def test_text_typed_by_hand_is_never_padded():
    assert normalise_identity("100008900000") == "100008900000"


@pytest.mark.parametrize("nothing", [None, "", "-", " - ", "–"])
def test_nothing_is_an_empty_number(nothing):
    assert normalise_identity(nothing) == ""


def test_g_codes_are_g_and_twelve_digits():
    assert is_g_code("G644200000001")
    assert is_g_code(normalise_identity("g6442-0000-0001"))
    assert not is_g_code("G64420000001")
    assert not is_g_code("G๖๔๔๒๐๐๐๐๐๐๐๑")


def test_each_number_has_a_kind():
    assert kind_of("1234567890121") == "national"
    assert kind_of("G644200000001") == "g"
    assert kind_of("1234567890120") == "other"
    assert kind_of("AA1234567") == "other"


def test_a_mask_keeps_the_first_five_and_the_last_three():
    assert mask_identity("1234567890121") == "1-2345-xxxxx-12-1"
    assert mask_identity("G644200000001") == "G6442xxxxx001"


@given(st.text("ABCG0123456789", max_size=20))
def test_a_mask_always_hides_more_than_it_can_be_guessed_from(number):
    masked = mask_identity(number)
    assert masked.count("x") >= min(5, len(number) * 2 // 3)
    assert len(masked.replace("-", "")) == len(number)


def test_a_g_code_and_a_passport_are_printed_as_they_are():
    assert format_identity("1234567890121") == "1-2345-67890-12-1"
    assert format_identity("G644200000001") == "G644200000001"
    assert format_identity("AA1234567") == "AA1234567"


def test_a_g_code_is_put_together_and_taken_apart() -> None:
    code = g_code(2564, "42", 1)
    assert str(code) == "G644200000001"
    assert parts_of_g_code("G644200000001") == code
    assert code.series == "G6442"


@pytest.mark.parametrize(("province", "running"), [("4", 1), ("42", 0), ("42", 100_000_000), ("๔๒", 1)])
def test_what_fits_no_g_code_is_refused(province: str, running: int) -> None:
    with pytest.raises(ValueError, match="G-code"):
        g_code(2569, province, running)
    with pytest.raises(ValueError, match="G-code"):
        parts_of_g_code("1234567890121")
