"""From a card that was read into the register: a student's fields, their family's, a transfer, a photo.

Everything is taken from the server's own copy of the card (``cards.own_reading``), nothing from the page.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from cards import Card

from .. import access
from ..access import Action
from ..bilingual import Bilingual, Label, Sentence
from ..codes import CardPurpose, CardUse, ConsentGiver, IdentityType, Relation, Sex, StudentStatus, Title
from ..dataset import attachments, lock, refusals, sight, validation
from ..declaration import db, fields_of
from ..errors import InvalidRow, NotYours, RuleViolation, StaleVersion, StudentUnknown, UnknownCode
from ..kinds import Photo
from ..models import CardReading, PhotoConsent, Student
from . import movements
from .cards import SUBJECT, own_reading, own_student
from .movements import Child, Coming, Place
from .requests import Evidence

GUARDIANS_CONSENT_TO: Final = 10
"""Years of age up to which only who has parental power can consent (Personal Data Protection Act, section 20)."""

WORDINGS: Final[Mapping[int, Label]] = {
    1: Label(
        "ยินยอมให้โรงเรียนเก็บภาพถ่ายจากบัตรประจำตัวประชาชนใบนี้เป็นภาพของนักเรียนในทะเบียนนักเรียน เพื่อให้ครูและเจ้าหน้าที่"
        "ที่มีสิทธิ์จำนักเรียนได้ ไม่ใช้เพื่อการอื่น ถอนความยินยอมได้ทุกเมื่อที่โรงเรียน แล้วภาพจะถูกลบออกจากทะเบียน "
        "การไม่ยินยอมไม่มีผลต่อการเข้าเรียน",
        "I agree that the school keeps the photo of this national ID card as the student's picture in the register, so "
        "that teachers and officers who may see it recognise the student, and for nothing else. I may withdraw this at "
        "the school at any time; the picture is then removed. Refusing has no effect on the student's place.",
    )
}
"""What was consented to, by version: a changed wording gets a new number, and the old ones stay."""
WORDING: Final = max(WORDINGS)
_NAME: Final = Label("ชื่อ-สกุล", "Name")


class NoConsent(RuleViolation):
    """A photo is taken only with the word of the person or their guardian."""

    message = (
        "การใช้ภาพจากบัตรต้องได้รับความยินยอม กรุณาอ่านข้อความให้ผู้ให้ความยินยอมฟัง ทำเครื่องหมาย และบันทึกว่าใครให้ หรือไม่เลือกภาพ"
    )


class GuardianMustConsent(RuleViolation):
    """A child of ten or less cannot consent alone."""

    message = "นักเรียนอายุไม่เกิน 10 ปี ให้ความยินยอมเองไม่ได้ตามกฎหมายคุ้มครองข้อมูลส่วนบุคคล กรุณาขอความยินยอมจากบิดา มารดา หรือผู้ปกครอง"


class StudentsOwnCard(RuleViolation):
    """Meant as a relative's, and it is the student's."""

    message = "บัตรนี้เป็นของนักเรียนเอง กรุณาเสียบบัตรของ{who} แล้วอ่านใหม่"


@dataclass(frozen=True)
class Difference:
    """A field for which the card says something else than the register; ``ticked`` when most will take it."""

    field: str
    label: str
    stored: str
    read: str
    ticked: bool = True


@dataclass(frozen=True)
class Consent:
    """Whose word lets the photo be used, as it is noted: ``given_by`` names them, unless it is the card's owner."""

    given: bool = False
    given_as: str = ""
    given_by: str = ""


# ── What a card says ─────────────────────────────────────────────────────────────────────────────────────


def values_of(card: Card) -> dict[str, Any]:
    """What a card says of a student, by the fields that the viewer sees. What it does not say is left out."""
    home = card.address
    return _shown(
        {
            "national_id": card.national_id,
            "identity_type": IdentityType.NATIONAL,
            "title": _title(card.thai.title),
            "first_name": card.thai.first,
            "middle_name": card.thai.middle,
            "last_name": card.thai.last,
            "english_first_name": card.english.first,
            "english_middle_name": card.english.middle,
            "english_last_name": card.english.last,
            "sex": {"male": Sex.MALE, "female": Sex.FEMALE}.get(card.sex),
            "birth_date": card.birth.date,
            "house_no": home.house_no,
            "village_no": home.village_no,
            "street": " ".join(filter(None, (home.lane, home.road, home.other))),
            "subdistrict": home.subdistrict,
            "district": home.district,
            "province": home.province,
        }
    )


def said_of(card: Card) -> list[tuple[str, str]]:
    """What tells at a glance whose card was read: labels and texts, by the fields that the viewer sees."""
    fields, values = fields_of(Student), values_of(card)
    shown = [
        name for name in ("title", "first_name", "last_name", "national_id", "birth_date") if name in values
    ]
    texts = {name: fields[name].kind.show(values[name]) for name in shown}
    name = " ".join(str(texts.pop(part, "")) for part in ("title", "first_name", "last_name")).strip()
    return [(_NAME, name), *((fields[one].th, text) for one, text in texts.items())]


def family_values_of(card: Card, purpose: CardPurpose) -> dict[str, Any]:
    """What a card says of a relative, by the student's fields; of a parent also as the guardian that most are."""
    said = _of_a_relative(card, purpose.value)
    if purpose is not CardPurpose.GUARDIAN:
        relation = Relation.FATHER if purpose is CardPurpose.FATHER else Relation.MOTHER
        said |= _of_a_relative(card, CardPurpose.GUARDIAN.value) | {"guardian_relation": relation}
    return _shown(said)


def _of_a_relative(card: Card, who: str) -> dict[str, Any]:
    return {
        f"{who}_identity_type": IdentityType.NATIONAL,
        f"{who}_identity": card.national_id,
        f"{who}_title": card.thai.title,
        f"{who}_first_name": " ".join(filter(None, (card.thai.first, card.thai.middle))),
        f"{who}_last_name": card.thai.last,
    }


def _shown(said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in said.items()
        if value not in (None, "") and sight.is_shown(Student, name)
    }


def _title(text: str) -> Title | None:
    try:
        return Title.parse(text) if text else None
    except UnknownCode:
        return None


def differences(card: Card, student: Student, purpose: CardPurpose = CardPurpose.STUDENT) -> list[Difference]:
    """Field by field, what the card says otherwise. StudentsOwnCard."""
    fields = fields_of(Student)
    return [
        Difference(
            name,
            fields[name].th,
            fields[name].kind.show(getattr(student, name)),
            fields[name].kind.show(value),
            purpose is CardPurpose.STUDENT or name.startswith(purpose.value),
        )
        for name, value in _values_for(card, student, purpose).items()
        if getattr(student, name) != value
    ]


def _values_for(card: Card, student: Student, purpose: CardPurpose) -> dict[str, Any]:
    if not purpose.is_relative:
        return values_of(card)
    if card.national_id == student.national_id:
        raise StudentsOwnCard(who=purpose.th)
    return family_values_of(card, purpose)


def doubts(card: Card, purpose: CardPurpose) -> Iterator[Sentence]:
    """What makes it unlikely that this is the card that was meant; the officer decides."""
    unlikely = {CardPurpose.FATHER: "female", CardPurpose.MOTHER: "male"}
    if card.sex == unlikely.get(purpose):
        sex = Sex.FEMALE if card.sex == "female" else Sex.MALE
        yield Sentence(
            "บัตรนี้เป็นของเพศ{sex} แต่กำลังอ่านเป็นบัตรของ{who} กรุณาตรวจก่อนบันทึก", sex=sex.th, who=purpose.th
        )


# ── Whose card it is ─────────────────────────────────────────────────────────────────────────────────────


def student_of(card: Card) -> Student | None:
    """The viewer's student with this number: the enrolled one, else the newest."""
    access.viewer().require(Action.READ, "student")
    enrolled = sa.case((Student.status == StudentStatus.ENROLLED, 0), else_=1)
    query = sa.select(Student).where(Student.national_id == card.national_id)
    return db.session.scalar(query.order_by(enrolled, Student.id.desc()).limit(1))


def relative_student(reading: CardReading) -> Student:
    """The student for whose family a card was read."""
    return own_student(reading.student_id)


def child_elsewhere(card: Card) -> Child | None:
    """The child as the country's register knows them, when the card is of nobody enrolled here; None: nobody knows.

    That the number was looked up is noted when the read comes in.
    """
    try:
        return movements.recognise(card.national_id)
    except StudentUnknown:
        return None


def unlike(card: Card, child: Child) -> list[Difference]:
    """What the card says otherwise of a child than the register does: name, sex, day of birth."""
    title = _title(card.thai.title)
    name = f"{title.th if title else card.thai.title}{card.thai.first} {card.thai.last}"
    fields = fields_of(Student)
    pairs: list[tuple[str, str, str, str]] = [("name", _NAME, child.name, name)]
    if card.birth.date:
        birth = fields["birth_date"]
        pairs.append(("birth_date", birth.th, birth.kind.show(child.born), birth.kind.show(card.birth.date)))
    return [Difference(*pair) for pair in pairs if str(pair[2]) != str(pair[3])]


# ── Taking ───────────────────────────────────────────────────────────────────────────────────────────────


def take(
    reading_id: int,
    student: Student,
    fields: Collection[str],
    consent: Consent | None = None,
    version: str = "",
) -> list[str]:
    """Write the chosen fields of the card into the student, and note where they come from; their names.

    ``version`` is that of the student whom the chooser saw (StaleVersion). ``photo`` among the fields takes the
    card's picture, with ``consent``; NoConsent without.
    """
    reading, card = own_reading(reading_id, held=True)
    if version not in ("", str(student.version)):
        raise StaleVersion
    values = _values_for(card, student, reading.purpose)
    chosen = {name: value for name, value in values.items() if name in fields}
    verbs = {name for name, declared in fields_of(Student).items() if declared.by_verb is not None}
    for name, value in chosen.items():
        if name not in verbs:
            setattr(student, name, value)
    if "photo" in fields and not reading.purpose.is_relative:
        chosen |= _take_photo(reading, card, student, consent or Consent())
    db.session.flush()
    if kept := {n: value for n, value in chosen.items() if n in verbs and getattr(student, n) != value}:
        movements.take_from_card(student.id, kept)
        db.session.refresh(student)
    note_use(reading, CardUse.TAKEN, student.id, _digests(student, chosen))
    return list(chosen)


def add(
    reading_id: int,
    values: Mapping[str, Any],
    *,
    sat_final_exam: bool | None = None,
    photo: Consent | None = None,
) -> Student:
    """R21, R34, R41: a new student, filled from the card and by hand; what was typed over is not from the card.

    ``photo``: the card's picture, too, with this consent.
    """
    reading, card = own_reading(reading_id, held=True)
    if problems := list(validation.problems_of_read(Student, values)):
        raise InvalidRow(problems)
    day = values.get("admission_date") or lock.today()
    student = movements.add(values, day, sat_final_exam)
    kept = {name: value for name, value in values_of(card).items() if getattr(student, name) == value}
    if photo is not None:
        kept |= _take_photo(reading, card, student, photo)
        db.session.flush()
    note_use(reading, CardUse.ADDED, student.id, _digests(student, kept))
    return student


def transfer_in(reading_id: int, place: Place, reason: str, evidence: Sequence[Evidence] = ()) -> Coming:
    """R21, R34, R41: take the child of the card, or ask for them; whose number it is, the server's copy says."""
    reading, card = own_reading(reading_id, held=True)
    coming = movements.transfer_in(card.national_id, place, reason, evidence)
    if coming.is_taken:
        # The card stays for what of it differs; it is looked at next.
        with access.performing(Action.WRITE, SUBJECT):
            reading.student_id, reading.used_at, reading.used_for = (
                coming.student_id,
                lock.now(),
                CardUse.ADMITTED,
            )
            db.session.flush()
    else:
        note_use(reading, CardUse.ASKED, coming.student_id, {})
    return coming


def note_use(reading: CardReading, use: CardUse, student_id: int, taken: Mapping[str, str]) -> None:
    """The read is used: the card is forgotten, and the fields know their source while they keep these values."""
    with access.performing(Action.WRITE, SUBJECT):
        reading.student_id, reading.used_at, reading.card = student_id, lock.now(), None
        # Who was taken in by this card stays so when fields are taken afterwards.
        reading.used_for = reading.used_for or use
        reading.taken = dict(taken)
        db.session.flush()


def sources_of(student: Student) -> dict[str, dt.datetime]:
    """When each field of a student was read from a card, for those that still have the value of the card."""
    query = sa.select(CardReading).where(CardReading.student_id == student.id).order_by(CardReading.id)
    found: dict[str, dt.datetime] = {}
    for reading in db.session.scalars(query):
        for name, digest in reading.taken.items():
            if name in fields_of(Student) and digest == _value_digest(student, name, getattr(student, name)):
                found[name] = reading.read_at or reading.issued_at
    return found


def _digests(student: Student, values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _value_digest(student, name, value) for name, value in values.items()}


def _value_digest(student: Student, name: str, value: Any) -> str:
    # With the row and the field, so that equal values of two students do not look equal.
    text = json.dumps([student.id, name, fields_of(Student)[name].kind.edit(value)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# ── The photo ────────────────────────────────────────────────────────────────────────────────────────────


def may_take_photo(card: Card) -> bool:
    """Whether the card has a picture that this viewer could put into a student's record."""
    return card.photo is not None and sight.is_shown(Student, "photo")


def _take_photo(reading: CardReading, card: Card, student: Student, consent: Consent) -> dict[str, str]:
    """The picture as the student's, with who lets it be used; the field and its value."""
    if not may_take_photo(card) or card.photo is None:
        return {}
    giver, name = _giver(card, consent)
    kind = fields_of(Student)["photo"].kind
    assert isinstance(kind, Photo)  # noqa: S101 -- as schema/students.py declares it
    student.photo = attachments.take(kind, "card.jpg", card.photo)
    with access.performing(Action.WRITE, SUBJECT) as officer:
        db.session.add(
            PhotoConsent(
                place=student.scope,
                student_id=student.id,
                reading_id=reading.id,
                photo=student.photo,
                given_as=giver,
                given_by=name,
                wording=WORDING,
                given_at=lock.now(),
                noted_by_id=officer.id,
                noted_by=officer.name,
            )
        )
        db.session.flush()
    return {"photo": student.photo}


def _giver(card: Card, consent: Consent) -> tuple[ConsentGiver, str]:
    name = " ".join(consent.given_by.split())[:160]
    if not consent.given or not consent.given_as:
        raise NoConsent
    giver = ConsentGiver.parse(consent.given_as)
    if giver is ConsentGiver.OWNER:
        if _age(card) <= GUARDIANS_CONSENT_TO:
            raise GuardianMustConsent
        return giver, f"{card.thai.first} {card.thai.last}"
    if len(name) < 2:
        raise NoConsent
    return giver, name


def _age(card: Card) -> int:
    """In years that are full; by the year alone where the card knows no more, as if born at its end."""
    today = lock.today()
    born = card.birth.date or dt.date(max(card.birth.year - 543, 1), 12, 31)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def consents_of(student: Student) -> list[PhotoConsent]:
    """Who let a card's photo be used for this student, newest first."""
    access.viewer().require(Action.READ, SUBJECT)
    query = sa.select(PhotoConsent).where(PhotoConsent.student_id == student.id)
    return list(db.session.scalars(query.order_by(PhotoConsent.id.desc())))


def withdraw(consent_id: int) -> Student | None:
    """A consent is taken back: noted, and the photo goes if it is still the student's; the student."""
    with access.performing(Action.WRITE, SUBJECT) as officer:
        query = sa.select(PhotoConsent).where(PhotoConsent.id == consent_id).with_for_update()
        consent = db.session.scalar(query)
        if consent is None or not officer.looks_after(consent.scope):
            raise NotYours
        if consent.withdrawn_at is None:
            consent.withdrawn_at, consent.withdrawn_by = lock.now(), officer.name
            db.session.flush()
        student = db.session.get(Student, consent.student_id)
    if student is not None and student.photo == consent.photo:
        # A school whose round is locked must be able to do this, too: then the name stays, of a file that is gone.
        with suppress(RuleViolation), refusals.as_refusals(), db.session.begin_nested():
            student.photo = None
            db.session.flush()
    attachments.forget(consent.photo)
    return student


def wording(version: int) -> Bilingual:
    """What was consented to."""
    return WORDINGS[version]
