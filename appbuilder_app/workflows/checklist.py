"""What stands between a school and its confirming: what the round's rules find, and what the school says to it.

*Errors* must be put right; *queries* must be put right or explained (``explanations.py``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from .. import access, identity, rules
from ..access import Action
from ..bilingual import Sentence
from ..codes import Check, RoundSystem, Strength
from ..dataset import lock
from ..dataset.sight import fields_seen
from ..declaration import db
from ..errors import NotYours
from ..models import CollectionRound, Explanation, School, Student
from ..rules import JudgingRule
from ..thaidate import academic_year
from . import rounds, settings
from .judging import THE_SCHOOL, Found, Seen, found_by, name_of, room_of

SHOWN: Final = 50


@dataclass(frozen=True)
class Words:
    """An explanation as it is shown: what, by whom, when, in which round, and what the rule had found then."""

    text: str
    given_by: str
    given_at: dt.datetime
    round: str
    finding: str


@dataclass(frozen=True)
class Finding:
    """One student, class, address or the like that a rule points at; the national ID is masked.

    ``explained`` is what the school says to it in this round, ``offered`` what it said in an earlier one.
    ``students`` are the first who are concerned where it is not one student alone: their ids and names.
    """

    subject: str
    name: str
    student_id: int | None = None
    masked_id: str = ""
    room: str = ""
    fact: str = ""
    explained: Words | None = None
    offered: Words | None = None
    students: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Item:
    """One rule and what it found. ``count`` is the whole number, ``records`` the first fifty, the open ones first;

    ``unexplained`` counts those of a query that still wait for an explanation.
    """

    id: str
    rule: str
    version: int
    strength: Strength
    title: str
    sentence: str
    advice: str
    mended_in: str
    count: int
    unexplained: int
    records: tuple[Finding, ...] = ()

    @property
    def is_clear(self) -> bool:
        """True when nothing was found."""
        return self.count == 0

    @property
    def is_open(self) -> bool:
        """True when it stops the confirming: an error that was found, or a query that nobody has explained."""
        return bool(self.count if self.strength is Strength.ERROR else self.unexplained)


@dataclass(frozen=True)
class Checklist:
    """All rules of a school's round, with what they found."""

    school_code: str
    school: str
    round: str
    students: int
    items: tuple[Item, ...]

    @property
    def errors(self) -> tuple[Item, ...]:
        """What must be put right."""
        return tuple(item for item in self.items if item.count and item.strength is Strength.ERROR)

    @property
    def queries(self) -> tuple[Item, ...]:
        """What must be put right or explained, the explained ones included."""
        return tuple(item for item in self.items if item.count and item.strength is Strength.QUERY)

    @property
    def unexplained(self) -> tuple[Item, ...]:
        """Queries that still wait for an explanation."""
        return tuple(item for item in self.queries if item.unexplained)

    @property
    def open(self) -> tuple[Item, ...]:
        """What stops the confirming."""
        return (*self.errors, *self.unexplained)

    @property
    def is_clear(self) -> bool:
        """True when nothing stops the confirming."""
        return not self.open


# ── Asking the rules ─────────────────────────────────────────────────────────────────────────────────────


def checklist(school_code: str, system: RoundSystem = RoundSystem.DMC) -> Checklist:
    """What stops this school's confirming in the present round; a constant number of statements."""
    access.viewer().require(Action.READ, "student")
    return checklist_in(school_looked_after(school_code), rounds.current_round(system))


def checklist_in(school: School, one: CollectionRound | None) -> Checklist:
    """As ``checklist``, for a school and round that are known to be the viewer's; the rules of now without a round."""
    seen, said = _seen(school, one), words_of(school, one)
    items = tuple(_asked(rule, seen, said) for rule in rules_of(one))
    return Checklist(school.code, school.name, one.label if one is not None else "", seen.amount, items)


def findings(school: School, one: CollectionRound, check: Check) -> tuple[JudgingRule, list[Finding]]:
    """All that one rule of a round finds, the open ones first. NotYours (404) when the round has no such rule."""
    rule = _rule_of(one, check)
    seen = _seen(school, one)
    return rule, _findings(rule, found_by(rule, seen), words_of(school, one))


def item_of(school: School, one: CollectionRound, check: Check) -> Item:
    """One rule of a round and what it found."""
    rule = _rule_of(one, check)
    return _asked(rule, _seen(school, one), words_of(school, one))


def _rule_of(one: CollectionRound, check: Check) -> JudgingRule:
    rule = next((rule for rule in rules_of(one) if rule.check is check), None)
    if rule is None:
        raise NotYours
    return rule


def rules_of(one: CollectionRound | None) -> tuple[JudgingRule, ...]:
    """The rules that a round has fixed; those in force now when there is no round."""
    if one is not None:
        return rules.fixed_by(one.judged_by)
    return rules.fixed_by(rules.in_force(RoundSystem.DMC, settings=settings.in_force()))


def school_looked_after(school_code: str) -> School:
    """The school, when it is the viewer's own to work on; NotYours (404) otherwise."""
    school = db.session.get(School, school_code)
    if school is None or not access.viewer().looks_after(school.scope):
        raise NotYours
    return school


def _seen(school: School, one: CollectionRound | None) -> Seen:
    year = one.academic_year if one is not None else academic_year(lock.today())
    return Seen(school, one, year)


def _asked(rule: JudgingRule, seen: Seen, said: Mapping[tuple[Check, str], Said]) -> Item:
    found = found_by(rule, seen)
    shown = _findings(rule, found, said)
    facts = {
        "count": len(found),
        "top": seen.top_grade.short,
        **{k: f"{v:g}" for k, v in rule.bounds.items()},
    }
    return Item(
        id=rule.check.value,
        rule=rule.source,
        version=rule.version,
        strength=rule.strength,
        title=rule.check.th,
        sentence=Sentence(rule.sentence, **facts),
        advice=Sentence(rule.advice),
        mended_in=rule.mended_in,
        count=len(found),
        unexplained=sum(one.explained is None for one in shown) if rule.strength is Strength.QUERY else 0,
        # The school as a whole is told by the sentence itself.
        records=tuple(
            one for one in shown[:SHOWN] if one.subject != THE_SCHOOL or rule.strength is Strength.QUERY
        ),
    )


def _findings(
    rule: JudgingRule, found: Sequence[Found], said: Mapping[tuple[Check, str], Said]
) -> list[Finding]:
    seen = fields_seen(Student)
    told = [
        _finding(one, said.get((rule.check, one.subject), Said()), "national_id" in seen) for one in found
    ]
    return sorted(told, key=lambda one: one.explained is not None)


def _finding(one: Found, said: Said, with_id: bool) -> Finding:
    pupil = one.pupils[0] if len(one.pupils) == 1 and one.subject.startswith("student:") else None
    return Finding(
        subject=one.subject,
        name=one.label,
        student_id=pupil.id if pupil else None,
        masked_id=identity.mask_identity(pupil.national_id) if pupil and with_id else "",
        room=room_of(pupil) if pupil else "",
        fact=one.fact,
        explained=said.now,
        offered=said.before,
        students=() if pupil else tuple((p.id, f"{name_of(p)} {room_of(p)}") for p in one.pupils[:SHOWN]),
    )


# ── What the school says ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """What a school says to a finding in this round, and what it last said in an earlier one."""

    now: Words | None = None
    before: Words | None = None


def words_of(school: School, one: CollectionRound | None) -> dict[tuple[Check, str], Said]:
    """All explanations of a school that matter to a round, by rule and subject, in one statement."""
    if one is None:
        return {}
    place = sa.tuple_(Explanation.academic_year, Explanation.round_number)
    here = sa.tuple_(sa.literal(one.academic_year), sa.literal(one.number))
    query = (
        sa.select(Explanation)
        .where(Explanation.scope == school.scope, Explanation.system == one.system, place <= here)
        .order_by(Explanation.academic_year, Explanation.round_number)
    )
    said: dict[tuple[Check, str], Said] = {}
    for row in db.session.scalars(query):
        key, words = (row.rule, row.subject), _words(row)
        earlier = said.get(key, Said())
        is_now = (row.academic_year, row.round_number) == (one.academic_year, one.number)
        said[key] = Said(words, earlier.before) if is_now else Said(None, words)
    return said


def _words(row: Explanation) -> Words:
    label = Sentence("รอบที่ {number} ปีการศึกษา {year}", number=row.round_number, year=row.academic_year)
    return Words(row.text, row.given_by, row.given_at, label, row.finding or "")
