"""Letters of a round between school and area, in the form of official external letters, and the area's taking note.

Letters bear no number of ours: each office enters the one of its own register by hand. The acknowledgement has one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from .. import access, files
from ..access import Action, Level
from ..codes import RoundSystem, SubmissionState
from ..dataset import lock
from ..declaration import db
from ..errors import RuleViolation
from ..models import Account, Area, Certificate, Change, CollectionRound, Roster, School, Submission
from ..thaidate import bangkok, thai_date
from . import certificates, checklist, numbering, printing, watching

SUBJECT: Final = "submission"


class NothingToSend(RuleViolation):
    """A covering letter needs a certificate that stands."""

    status = 404
    message = "โรงเรียนยังไม่มีใบรับรองที่ใช้ได้ หนังสือนำส่งพิมพ์ได้เมื่อผู้อำนวยการรับรองแล้ว"


class NotReturned(RuleViolation):
    """There is a letter for what the area has returned, and only for that."""

    status = 404
    message = "เขตพื้นที่ไม่ได้ส่งข้อมูลของรอบนี้กลับ จึงไม่มีหนังสือส่งกลับแก้ไข"


class NothingAcknowledged(RuleViolation):
    """No school is acknowledged yet."""

    status = 409
    message = "ยังไม่มีโรงเรียนที่เขตรับทราบแล้วในรอบนี้ รับทราบโรงเรียนก่อน แล้วจึงออกแบบรับทราบ"


@dataclass(frozen=True)
class Letter:
    """An external letter; ``about`` tells it from others in the title of the file."""

    kind: str
    about: str
    series: str
    sender: str
    address: Sequence[str]
    at: dt.datetime
    subject: str
    to: str
    reference: str
    enclosed: str
    paragraphs: Sequence[str]
    signer: str
    position: Sequence[str]
    contact: Sequence[str]


# ── The letters ──────────────────────────────────────────────────────────────────────────────────────────


def covering(school_code: str, one: CollectionRound) -> Letter:
    """หนังสือนำส่ง: the school sends its certificate to the area; NothingToSend without one that stands."""
    school, _area, submission = _of(school_code, one)
    certificate = certificates.standing_certificate(submission) if submission else None
    if certificate is None:
        raise NothingToSend
    sheet, label = certificates.sheet_of(certificate), str(one.label)
    what = f"แบบรับรองข้อมูล เลขที่ {sheet.number}"
    acting = sheet.certified.acting.split(" ", 1) if sheet.certified.acting else []
    asked = (
        f"ตามที่{sheet.area_name} ให้สถานศึกษาในสังกัดจัดเก็บ ยืนยัน และรับรอง"
        f"{_data_of(one)} {label} ข้อมูล ณ วันที่ {thai_date(sheet.snapshot_date)} นั้น"
    )
    done = (
        f"ในการนี้ {full_name(sheet.school_name)} ได้ตรวจสอบและรับรองข้อมูลเรียบร้อยแล้ว เมื่อวันที่ "
        f"{thai_date(bangkok(sheet.certified.at).date())} จึงขอส่ง{what} รายละเอียดตามสิ่งที่ส่งมาด้วย"
    )
    return Letter(
        kind="หนังสือนำส่ง",
        about=sheet.number,
        series="",
        sender=full_name(sheet.school_name),
        address=_address(school),
        at=sheet.issued_at,
        subject=f"ส่งแบบรับรองข้อมูล {label}",
        to=f"ผู้อำนวยการ{sheet.area_name}",
        reference="",
        enclosed=f"{what} จำนวน 1 ฉบับ",
        paragraphs=(asked, done, "จึงเรียนมาเพื่อโปรดทราบ"),
        signer=sheet.certified.name,
        position=(sheet.certified.position, *acting),
        contact=_contact(full_name(sheet.school_name), school.phone),
    )


def returning(school_code: str, one: CollectionRound) -> Letter:
    """หนังสือส่งกลับแก้ไข: the area tells the school why; NotReturned unless it was the area that returned."""
    school, area, submission = _of(school_code, one)
    by = _returned_by_area(submission)
    if submission is None or by is None or submission.returned_at is None:
        raise NotReturned
    label, name = str(one.label), full_name(school.name)
    void = db.session.scalar(
        sa.select(Certificate)
        .where(Certificate.submission_id == submission.id, Certificate.voided_at.is_not(None))
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    if void is not None and void.void_reason != submission.returned_reason:
        void = None  # of an earlier return
    annulled = f" และใบรับรองเลขที่ {void.number} ถูกยกเลิก" if void else ""
    returned_on = thai_date(bangkok(submission.returned_at).date())
    found = (
        f"{area.name} ตรวจสอบแล้วเห็นว่าต้องแก้ไข เนื่องจาก{submission.returned_reason} "
        f"จึงส่งข้อมูลกลับเมื่อวันที่ {returned_on} โรงเรียนแก้ไขข้อมูลได้อีกครั้ง{annulled}"
    )
    return Letter(
        kind="หนังสือส่งกลับแก้ไข",
        about=school.code,
        series=f"{area.letter_code}/" if area.letter_code else "",
        sender=area.name,
        address=(f"จังหวัด{area.provinces}",) if area.provinces else (),
        at=submission.returned_at,
        subject=f"ส่งข้อมูลกลับเพื่อแก้ไข {label}",
        to=f"ผู้อำนวยการ{name}",
        reference=f"แบบรับรองข้อมูล เลขที่ {void.number} ลงวันที่ {thai_date(bangkok(void.issued_at).date())}"
        if void
        else "",
        enclosed="",
        paragraphs=(
            f"ตามที่{name} ได้ส่ง{_data_of(one)} {label} นั้น",
            found,
            "จึงเรียนมาเพื่อทราบ และขอให้แก้ไข ยืนยัน และรับรองข้อมูลใหม่ภายในกำหนดเวลาของรอบ",
        ),
        signer="",
        position=(f"ผู้อำนวยการ{area.name}",),
        contact=(
            *_contact(area.name, area.phone),
            f"ผู้ส่งกลับ {by.get_full_name()} {by.position or ''}".rstrip(),
        ),
    )


def pdf_of(letter: Letter) -> bytes:
    """The letter as a sealed PDF; made again of the same facts it says the same."""
    from ..typesetting import filled

    html = filled("letter.html", letter=letter, day=bangkok(letter.at).date(), created=letter.at.isoformat())
    return printing.pages(html, letter.at)


def _of(school_code: str, one: CollectionRound) -> tuple[School, Area, Submission | None]:
    access.viewer().require(Action.READ, SUBJECT)
    school = checklist.school_looked_after(school_code)
    submission = db.session.scalar(sa.select(Submission).filter_by(round_id=one.id, school_code=school.code))
    return school, db.session.get_one(Area, school.area_code), submission


def has_returning(submission: Submission | None) -> bool:
    """Whether there is a letter for the last return."""
    return _returned_by_area(submission) is not None


def _returned_by_area(submission: Submission | None) -> Account | None:
    """Who of the area returned it last; the history knows, and a school's own withdrawing is no letter."""
    if submission is None or submission.returned_at is None:
        return None
    entries = db.session.execute(
        sa.select(Change.actor_id, Change.after)
        .where(Change.dataset == SUBJECT, Change.row_key == str(submission.id), Change.reason.is_not(None))
        .order_by(Change.id.desc())
        .limit(20)
    )
    actor = next((row.actor_id for row in entries if (row.after or {}).get("state") == "open"), None)
    account = db.session.get(Account, actor) if actor is not None else None
    return account if account is not None and access.level_of(account.scope) is Level.DISTRICT else None


def _data_of(one: CollectionRound) -> str:
    """What a round collects, in a sentence."""
    system = str(one.system.th)
    return system if system.startswith("ข้อมูล") else f"ข้อมูล{system}"


def full_name(name: str) -> str:
    """A school as letters call it."""
    return name if name.startswith("โรงเรียน") else f"โรงเรียน{name}"


def _address(school: School) -> list[str]:
    lines = [
        " ".join(
            f"{word}{value}"
            for word, value in (
                ("", school.house_no),
                ("หมู่ที่ ", school.village_no),
                ("ตำบล", school.subdistrict),
            )
            if value
        ),
        " ".join(
            f"{word}{value}"
            for word, value in (("อำเภอ", school.district), ("จังหวัด", school.province), ("", school.postcode))
            if value
        ),
    ]
    return [line for line in lines if line]


def _contact(name: str, phone: str | None) -> list[str]:
    return [name, f"โทร. {phone}"] if phone else [name]


# ── The area takes note ──────────────────────────────────────────────────────────────────────────────────


def acknowledgement(one: CollectionRound, area_code: str | None = None) -> str:
    """Issue the list of schools that are acknowledged now; its name. What has not changed keeps its number.

    For who may acknowledge in the area; NothingAcknowledged without a school.
    """
    viewer = access.viewer()
    viewer.require(Action.ACKNOWLEDGE, SUBJECT)
    watch = watching.district(one, area_code)
    schools = _acknowledged(one, watch.area_code)
    if not schools:
        raise NothingAcknowledged
    earlier = acknowledgements(one, watch.area_code)
    if earlier and facts_of(one, watch.area_code, earlier[-1])["schools"] == schools:
        return earlier[-1]
    area = db.session.get_one(Area, watch.area_code)
    series = f"ack:{area.code}:{one.academic_year}"
    number = f"รท {area.code}/{numbering.next_in(series):04}/{one.academic_year}"
    facts = {
        "number": number,
        "at": lock.now().isoformat(),
        "area": area.name,
        "system": str(one.system.th),
        "round": str(one.label),
        "of": len(watch.schools),
        "of_learners": one.system is RoundSystem.DMC,
        "officer": viewer.name,
        "position": viewer.position,
        "schools": schools,
    }
    # The number is taken for good first: better one that nothing bears than one that two papers bear.
    db.session.commit()
    data = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
    name = f"{len(earlier) + 1:04}-{hashlib.sha256(data).hexdigest()[:16]}"
    files.put(f"{_beginning(one, area.code)}{name}.json", data)
    return name


def acknowledgements(one: CollectionRound, area_code: str | None = None) -> list[str]:
    """The names of an area's lists of a round, the oldest first; NotYours (404) for another's area."""
    code = watching.district(one, area_code).area_code
    beginning = _beginning(one, code)
    kept = (name.removeprefix(beginning) for name in files.names(beginning))
    return sorted(name.removesuffix(".json") for name in kept if name.endswith(".json"))


def facts_of(one: CollectionRound, area_code: str | None, name: str) -> dict[str, Any]:
    """What a list says, as it was issued; NotYours (404) for an area or a name that is not the viewer's."""
    from ..errors import NotYours

    code = watching.district(one, area_code).area_code
    if name not in acknowledgements(one, code):
        raise NotYours
    facts: dict[str, Any] = json.loads(files.get(f"{_beginning(one, code)}{name}.json"))
    return facts


def acknowledgement_pdf(one: CollectionRound, area_code: str | None, name: str) -> bytes:
    """The list as PDF: made and sealed once, the same file ever after."""
    from ..typesetting import filled

    facts = facts_of(one, area_code, name)
    at = dt.datetime.fromisoformat(facts["at"])
    html = filled("acknowledgement.html", facts=facts, at=bangkok(at), created=facts["at"])
    code = watching.district(one, area_code).area_code
    return printing.kept_pages(f"{_beginning(one, code)}{name}.pdf", html, at)


def _beginning(one: CollectionRound, area_code: str) -> str:
    return f"acknowledgements/{one.system.value}-{one.academic_year}-{one.number}-{area_code}-"


def _acknowledged(one: CollectionRound, area_code: str) -> list[dict[str, Any]]:
    query = (
        sa.select(School.code, School.name, Certificate.number, Submission.rows, Roster.counts)
        .join(Submission, Submission.school_code == School.code)
        .join(Roster, Roster.id == Submission.roster_id)
        .join(
            Certificate,
            sa.and_(Certificate.submission_id == Submission.id, Certificate.voided_at.is_(None)),
        )
        .where(Submission.round_id == one.id, Submission.state == SubmissionState.ACKNOWLEDGED)
        .where(School.area_code == area_code)
        .order_by(School.code)
    )
    return [
        {
            "code": code,
            "name": name,
            "certificate": number,
            "rows": rows or 0,
            "male": sum(row["male"] for row in counts.get("grades", ())),
            "female": sum(row["female"] for row in counts.get("grades", ())),
        }
        for code, name, number, rows, counts in db.session.execute(query)
    ]
