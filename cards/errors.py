"""Why a card could not be read: each reason a type with a sentence, Thai and English, that says what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

WHAT: Final[Mapping[str, tuple[str, str]]] = {
    "national_id": ("เลขประจำตัวประชาชน", "national ID"),
    "name": ("ชื่อ", "name"),
    "birth_date": ("วันเกิด", "date of birth"),
    "form": ("รูปแบบข้อมูล", "form of the data"),
    "request": ("รูปแบบคำขอ", "form of the request"),
    "version": ("รุ่นของโปรแกรมอ่านบัตร", "version of the card program"),
}
"""What of a card cannot be right, by the code that travels in ``what``."""


class CardError(Exception):
    """A card was not read.

    ``code`` names the reason for programs; ``message`` and ``english`` are its sentences, formatted with the facts,
    which never hold anything of what stands on a card.
    ``passing`` is True where the same read a moment later is known to go well often.
    """

    code: ClassVar[str] = "failed"
    message: ClassVar[str] = "อ่านบัตรไม่สำเร็จ กรุณาลองใหม่"
    english: ClassVar[str] = "The card was not read. Please try again."
    passing: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message.format(**_in_words(facts, 0)))

    def in_english(self) -> str:
        """The same sentence in English."""
        return self.english.format(**_in_words(self.facts, 1))


def _in_words(facts: Mapping[str, object], language: int) -> dict[str, object]:
    return {
        name: WHAT[fact][language] if isinstance(fact, str) and fact in WHAT else fact
        for name, fact in facts.items()
    }


class LibraryMissing(CardError):
    """pyscard is not installed on this computer."""

    code = "no-library"
    message = "เครื่องนี้ยังไม่ได้ติดตั้งส่วนอ่านบัตร (pyscard) กรุณาติดตั้งตามคู่มือ แล้วเปิดโปรแกรมอ่านบัตรใหม่"
    english = (
        "This computer lacks the part that reads cards (pyscard). Install it as the manual says, then start "
        "the card program again."
    )


class ServiceDown(CardError):
    """The operating system's smart card service does not run."""

    code = "no-service"
    message = "บริการสมาร์ทการ์ดของเครื่องนี้ไม่ทำงาน กรุณาเปิดบริการ Smart Card (Windows) หรือ pcscd (Linux) แล้วลองใหม่"
    english = (
        "The smart card service of this computer does not run. Start the service Smart Card (Windows) or "
        "pcscd (Linux), then try again."
    )


class ServiceForbidden(CardError):
    """The service runs, and lets this account not use it: polkit, over a remote login or from a service."""

    code = "forbidden"
    message = "บัญชีนี้ไม่มีสิทธิ์ใช้บริการสมาร์ทการ์ด กรุณาเปิดโปรแกรมอ่านบัตรจากหน้าจอของเครื่องนี้โดยตรง หรือให้ผู้ดูแลเครื่องอนุญาต"
    english = (
        "This account may not use the smart card service. Start the card program at this computer's own screen, "
        "or have its administrator allow it."
    )


class NoReader(CardError):
    """No reader is plugged in, or its driver is missing."""

    code = "no-reader"
    message = "ไม่พบเครื่องอ่านบัตร กรุณาเสียบสาย USB ของเครื่องอ่านให้แน่น หรือติดตั้งไดรเวอร์ของเครื่องอ่าน แล้วลองใหม่"
    english = "No card reader was found. Push its USB plug in firmly, or install its driver, then try again."


class ReaderGone(CardError):
    """The reader that was asked for, or was reading, is not there."""

    code = "reader-gone"
    message = "ไม่พบเครื่องอ่าน “{reader}” แล้ว กรุณาเสียบสาย USB ใหม่ หรือเลือกเครื่องอ่านอื่น"
    english = "The reader “{reader}” is not there any more. Plug it in again, or choose another one."


class NoCard(CardError):
    """No card in the reader."""

    code = "no-card"
    message = "ยังไม่มีบัตรในเครื่องอ่าน กรุณาเสียบบัตรประชาชนโดยหันด้านชิปเข้าเครื่อง แล้วลองใหม่"
    english = "There is no card in the reader. Put the ID card in, chip first, then try again."


class ManyCards(CardError):
    """Several readers hold a card, and nobody said which is meant."""

    code = "many-cards"
    message = "มีบัตรอยู่ในเครื่องอ่านมากกว่าหนึ่งเครื่อง ({readers}) กรุณาเสียบไว้เพียงใบเดียว หรือเลือกเครื่องอ่าน"
    english = "There are cards in several readers ({readers}). Leave one card only, or choose the reader."


class WrongCard(CardError):
    """A card without the national ID's application."""

    code = "wrong-card"
    message = "บัตรนี้ไม่ใช่บัตรประจำตัวประชาชน กรุณาเปลี่ยนเป็นบัตรประชาชนแบบมีชิป"
    english = "This is not a Thai national ID card. Put in an ID card with a chip."


class OldCard(CardError):
    """A card of a former layout, which would be misread."""

    code = "old-card"
    message = "บัตรนี้เป็นบัตรรุ่นเก่าที่อ่านด้วยเครื่องไม่ได้ กรุณาพิมพ์ข้อมูลจากหน้าบัตรแทน"
    english = "This is an old card that cannot be read by a reader. Type in what is printed on it."


class CardUnreadable(CardError):
    """The chip does not answer as a chip does: dirt, a bad contact, put in the wrong way round."""

    code = "unreadable"
    message = "เครื่องอ่านติดต่อชิปบนบัตรไม่ได้ กรุณาเช็ดชิป เสียบบัตรให้สุดโดยหันด้านชิปให้ถูก แล้วลองใหม่"
    english = (
        "The reader gets no answer from the chip. Wipe the chip, put the card in all the way and the right "
        "way round, then try again."
    )
    passing = True


class CardPulled(CardError):
    """The card left the reader while it was read."""

    code = "pulled"
    message = "บัตรถูกดึงออกระหว่างอ่าน กรุณาเสียบบัตรค้างไว้จนอ่านเสร็จ แล้วลองใหม่"
    english = "The card was pulled out while it was read. Leave it in until the read is done, then try again."
    passing = True


class CardBusy(CardError):
    """Another program holds the card, or has just reset it."""

    code = "busy"
    message = "โปรแกรมอื่นกำลังใช้บัตรใบนี้อยู่ กรุณาปิดโปรแกรมอ่านบัตรอื่น แล้วลองใหม่"
    english = "Another program is using this card. Close other card programs, then try again."
    passing = True


class ReadTooSlow(CardError):
    """The whole read took longer than it may."""

    code = "slow"
    message = "อ่านบัตรนานเกิน {seconds:g} วินาทีจึงหยุดรอ กรุณาดึงบัตรออก เสียบใหม่ แล้วลองอีกครั้ง"
    english = (
        "Reading took longer than {seconds:g} seconds and was given up. Pull the card out, put it in again "
        "and try again."
    )


class BadData(CardError):
    """What the card tells cannot be right."""

    code = "bad-data"
    message = "ข้อมูลที่อ่านจากบัตรไม่ถูกต้อง ({what}) จึงไม่นำมาใช้ กรุณาเสียบบัตรใหม่แล้วลองอีกครั้ง"
    english = (
        "What was read from the card cannot be right ({what}), so it is not used. Put the card in again and "
        "try again."
    )


class CardRefuses(CardError):
    """The card answered a command with another status than expected: ``status`` says which.

    Chips do so after a glitch of power or contact, and then answer well.
    """

    code = "refuses"
    message = "ชิปบนบัตรไม่ทำตามคำสั่งอ่าน (สถานะ {status}) กรุณาดึงบัตรออก เช็ดชิป เสียบใหม่ แล้วลองอีกครั้ง"
    english = (
        "The chip does not obey (status {status}). Pull the card out, wipe the chip, put it in again, then "
        "try again."
    )
    passing = True


class CardExchanged(CardError):
    """The number at the end of the read was not the one at its beginning."""

    code = "exchanged"
    message = "บัตรถูกเปลี่ยนระหว่างอ่าน จึงไม่ใช้ข้อมูลที่อ่านได้ กรุณาเสียบบัตรใบเดียวค้างไว้ แล้วอ่านใหม่"
    english = "The card was exchanged while it was read, so nothing of it is used. Leave one card in and read again."


class ReadUnderWay(CardError):
    """One read at a time."""

    code = "under-way"
    message = "กำลังอ่านบัตรอยู่ กรุณารอให้เสร็จก่อน แล้วจึงอ่านใหม่"
    english = "A card is being read. Wait until that is done, then read again."


class ReaderFailed(CardError):
    """The service or the reader failed in a way that has no name here; ``hresult`` says which."""

    code = "reader-failed"
    message = "เครื่องอ่านบัตรขัดข้อง (รหัส {hresult}) กรุณาถอดสาย USB เสียบใหม่ แล้วลองอีกครั้ง"
    english = (
        "The card reader failed (code {hresult}). Unplug its USB cable, plug it in again, then try again."
    )
    passing = True


def all_errors(base: type[CardError] = CardError) -> dict[str, type[CardError]]:
    """Every reason, by its code."""
    found = {base.code: base}
    for error in base.__subclasses__():
        # A second type under a code would be met or not by which modules happen to be imported.
        found |= {code: one for code, one in all_errors(error).items() if code not in found}
    return found


def from_code(code: str, facts: Mapping[str, object]) -> CardError:
    """The refusal that another process met; of one that does not know these facts, the plainest."""
    try:
        return all_errors().get(code, CardError)(**facts)
    except (KeyError, IndexError, TypeError, ValueError):
        return CardError()
