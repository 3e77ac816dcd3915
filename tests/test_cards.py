"""Cards are read through the real service, driver and library; only the chip is virtual."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import time

import pytest

import cards
from cards import Address, Card, CardDate, CardReader, errors, layout, person
from cards.errors import CardError
from scripts.card_service import READERS
from tests.card_fixtures import SLOW, until
from tests.virtual_card import ATR, OLDER_ATR, PERSON, a_number

FIRST, SECOND = READERS


# ── A card that is as it should be ───────────────────────────────────────────────────────────────────────


def test_a_card_tells_its_person(reader, put_in) -> None:
    card = put_in()
    reading = reader.read()
    read = reading.card
    assert (read.national_id, read.sex, read.issuer) == (a_number(), "male", "อำเภอโคกสำโรง/ลพบุรี")
    assert (read.thai.title, read.thai.first, read.thai.middle, read.thai.last) == (
        "ด.ช.", "สมมุติ", "", "ตั้งใจเรียน",
    )  # fmt: skip
    assert (read.english.first, read.english.last) == ("Sommut", "Tangjairian")
    assert read.birth.date == dt.date(2016, 5, 10)
    assert (str(read.issued), str(read.expires)) == ("01/06/2566", "09/05/2574")
    assert read.address == Address("99/9", "4", "ตรอกวัด", "ถนนพหลโยธิน", "", "หนองแขม", "โคกสำโรง", "ลพบุรี")
    assert (read.photo, reading.reader) == (card.photo, FIRST)

    # Neighbouring fields cost one command and its answer together, and the number is asked once more.
    card.commands = 0
    assert reader.read(photo=False).card.photo is None
    assert card.commands == 1 + 2 * len(layout.stretches()) + 2

    card.by_field = True
    assert reader.read(photo=False).card.address == read.address


def test_what_is_not_known_loses_no_read(reader, put_in) -> None:
    card = put_in(birth_date="24800000", expiry_date="99999999", english_name="", sex=" ")
    card.put(layout.PHOTO, b"no picture")
    read = reader.read().card
    assert (read.birth.date, str(read.birth), read.birth.year) == (None, "--/--/2480", 2480)
    assert read.expires is not None
    assert (read.expires.for_life, str(read.expires), read.expires.date) == (True, "ตลอดชีพ", None)
    assert (read.photo, read.sex, read.english.first) == (None, "", "")

    card.is_of(birth_date="25590400", issue_date="")
    read = reader.read(photo=False).card
    assert (read.birth.month, read.birth.day, read.issued) == (4, None, None)


def test_older_chips_are_asked_in_their_own_way(reader, put_in) -> None:
    card = put_in()
    card.pull()
    until(lambda: not reader.readers()[0].has_card)
    card.atr = OLDER_ATR
    put_in(card=card)
    assert reader.read(photo=True).card.photo == card.photo


def test_two_readers_and_which_is_meant(reader, put_in) -> None:
    put_in(1, national_id=a_number("110370000002"))
    assert reader.read(photo=False).reader == SECOND
    assert [(state.name, state.has_card) for state in reader.readers()] == [(FIRST, False), (SECOND, True)]
    refused(errors.NoCard, reader, FIRST)
    put_in(0)
    assert "Virtual PCD 00 01" in refused(errors.ManyCards, reader)
    assert reader.read(SECOND, photo=False).card.national_id == a_number("110370000002")
    assert reader.read(FIRST, photo=False).card.national_id == a_number()


# ── Failures, each with its own reason ───────────────────────────────────────────────────────────────────


def refused(error: type[CardError], reader: CardReader, name: str | None = None, photo: bool = False) -> str:
    """The sentence of the refusal of this very type."""
    with pytest.raises(CardError) as caught:
        reader.read(name, photo)
    assert isinstance(caught.value, error), repr(caught.value)
    return str(caught.value)


def test_no_card_and_no_such_reader(reader) -> None:
    assert "ยังไม่มีบัตร" in refused(errors.NoCard, reader)
    assert "เครื่องสมมุติ" in refused(errors.ReaderGone, reader, "เครื่องสมมุติ")


def test_cards_that_are_no_national_id_cards(reader, put_in) -> None:
    card = put_in()
    card.foreign = True
    refused(errors.WrongCard, reader)
    card.foreign = False
    card.is_of(version="0002")
    refused(errors.OldCard, reader)
    card.is_of(national_id="1103700000010")
    assert "เลขประจำตัวประชาชน" in refused(errors.BadData, reader)
    card.is_of(thai_name="")
    refused(errors.BadData, reader)
    card.is_of(birth_date="")
    assert "วันเกิด" in refused(errors.BadData, reader)
    card.is_of()
    assert reader.read(photo=False).card.national_id == a_number()


def test_a_card_exchanged_in_the_middle_is_noticed(reader, put_in) -> None:
    card = put_in()
    # The service looks every 0.4 s; a quicker hand puts another card under a connection that works on.
    card.at(20, lambda: card.is_of(national_id=a_number("110370000003")))
    refused(errors.CardExchanged, reader, photo=True)


def test_a_card_pulled_in_the_middle(reader, put_in) -> None:
    card = put_in()
    card.at(card.commands + 4, card.pull)
    refused(errors.CardPulled, reader)


def test_a_card_that_loses_its_contact_once_is_read_again(reader, put_in) -> None:
    card = put_in()

    def jolt() -> None:
        card.pull()
        card.insert()

    card.at(card.commands + 4, jolt)
    assert reader.read(photo=False).card.national_id == a_number()


def test_garbage_instead_of_a_chip(reader, put_in) -> None:
    card = put_in()
    card.pull()
    until(lambda: not reader.readers()[0].has_card)
    card.atr = b"\x00\x11\x22\x33"
    put_in(card=card)
    refused(errors.CardUnreadable, reader)


def test_another_program_holds_the_card(reader, put_in) -> None:
    from smartcard import scard

    put_in()
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, handle, _ = scard.SCardConnect(context, FIRST, scard.SCARD_SHARE_EXCLUSIVE, 3)
    try:
        refused(errors.CardBusy, reader)
    finally:
        scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
        scard.SCardReleaseContext(context)
    assert reader.read(photo=False).reader == FIRST


def test_a_card_that_hangs_costs_no_more_than_the_deadline(reader, put_in) -> None:
    card = put_in()
    put_in(1, national_id=a_number("110370000002"))
    card.at(3, lambda: time.sleep(SLOW + 0.5))
    started = time.monotonic()
    assert f"{SLOW:g} วินาที" in refused(errors.ReadTooSlow, reader, FIRST)
    assert time.monotonic() - started < SLOW + 2
    assert reader.read(SECOND, photo=False).card.national_id == a_number("110370000002")


def test_one_read_at_a_time(reader) -> None:
    with reader._turn, pytest.raises(errors.ReadUnderWay):
        reader.read()


def test_the_service_goes_and_comes_back(reader, put_in, cards_started) -> None:
    put_in().pull()
    cards_started.stop()
    try:
        assert "pcscd" in refused(errors.ServiceDown, reader)
    finally:
        cards_started.start()
    put_in()
    assert reader.read(photo=False).card.national_id == a_number()


def test_the_process_that_reads_is_replaced_when_it_dies(reader, put_in) -> None:
    put_in()
    reader.read(photo=False)
    reader._worker._process.kill()
    reader._worker._process.wait()
    assert reader.read(photo=False).reader == FIRST


def test_a_reader_is_unplugged_and_plugged_in_again(reader, put_in, cards_started) -> None:
    put_in().pull()
    cards_started.stop()
    cards_started.start(readers=False)
    try:
        assert "USB" in refused(errors.NoReader, reader)
        refused(errors.NoReader, reader, FIRST)
    finally:
        cards_started.stop()
        cards_started.start()
    put_in()
    assert reader.read(photo=False).card.national_id == a_number()


def test_without_the_library_the_reason_is_told(monkeypatch, cards_started) -> None:
    import sys

    from cards import pcsc

    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(errors.LibraryMissing), pcsc.service():
        pass


def test_numbers_of_the_service_that_no_virtual_reader_tells(cards_started) -> None:
    from cards import pcsc

    for hresult, error in (
        (0x8010002E - 2**32, errors.NoReader),  # as Windows tells them, signed
        (0x8010006A, errors.ServiceForbidden),
        (0x80100017, errors.ReaderGone),
        (0x80100FFF, errors.ReaderFailed),
    ):
        with pytest.raises(error):
            pcsc._told(hresult, FIRST)


# ── Without a reader ─────────────────────────────────────────────────────────────────────────────────────


def every_reason(base: type[CardError] = CardError) -> list[type[CardError]]:
    """All types of refusal, from wherever they are declared."""
    for module in pkgutil.iter_modules(cards.__path__):
        if module.name != "__main__":
            importlib.import_module(f"cards.{module.name}")
    return [base, *(error for sub in base.__subclasses__() for error in every_reason(sub))]


def test_every_reason_has_a_code_of_its_own_and_sentences_in_both_languages() -> None:
    # What a server refuses says so in the server's own words.
    known = [error for error in every_reason() if error.message != "{sentence}"]
    # Two types under one code: which of them comes out of the reading process hangs on what else is imported.
    assert len(known) == len({error.code for error in known}) > 20
    assert len(known) == len({error.message for error in known}) == len({error.english for error in known})
    assert all(any("ก" <= letter <= "๛" for letter in error.message) for error in known)
    assert not any("ก" <= letter <= "๛" for error in known for letter in error.english)


def test_a_reason_from_another_process_keeps_its_facts_or_is_the_plainest() -> None:
    told = errors.from_code("bad-data", {"what": "birth_date"})
    assert (type(told), "วันเกิด" in str(told)) == (errors.BadData, True)
    assert "date of birth" in told.in_english()
    for code, facts in (("slow", {"seconds": "x"}), ("slow", {}), ("no such", {}), ("slow", {"self": 1})):
        assert type(errors.from_code(code, facts)) is CardError


def test_a_chip_that_refuses_once_is_asked_again(reader, put_in) -> None:
    card = put_in()
    card.at(card.commands + 3, lambda: setattr(card, "_selected", False))
    assert reader.read(photo=False).card.national_id == a_number()
    # One that goes on refusing is not taken for a card with a wrong number.
    card.is_of(national_id="1103700000010")
    card.stubborn = True
    assert "6D00" in refused(errors.CardRefuses, reader)


def test_parts_of_an_address_are_known_by_their_labels() -> None:
    assert person.address_of("1##ซอย 3##ถนนสุขุมวิท#แขวงพระโขนง#เขตคลองเตย#กรุงเทพมหานคร") == Address(
        "1", "", "ซอย 3", "ถนนสุขุมวิท", "", "พระโขนง", "คลองเตย", "กรุงเทพมหานคร"
    )
    assert person.address_of("12#หมู่ 5#บ้านเหนือ#ตำบลก#อำเภอข#จังหวัดค").other == "บ้านเหนือ"
    assert person.address_of("12#จังหวัดค") == Address("12", province="ค")
    assert person.address_of("") == Address()


def test_a_card_survives_the_way_over_the_wire() -> None:
    memory = {place: text.encode("cp874") for place, text in PERSON.items()}
    card = person.decoded(memory, b"\xff\xd8\x20\xff\xd9")
    assert Card.of_json(card.to_json()) == card
    assert "xff" not in repr(card)
    for broken in (
        {"national_id": "1234567890120"},
        {"birth": ""},
        {"sex": "?"},
        {"thai": {"x": 1}},
        {"issuer": 5},
    ):
        with pytest.raises(errors.BadData):
            Card.of_json(card.to_json() | broken)
    with pytest.raises(errors.BadData):
        Card.of_json([])


def test_days_that_do_not_exist_are_no_dates() -> None:
    day = CardDate.of("25590231")
    assert day is not None
    assert (day.date, CardDate.of("00000000"), CardDate.of("2559051")) == (None, None, None)
    assert ATR.endswith(b"TH NID 18")
