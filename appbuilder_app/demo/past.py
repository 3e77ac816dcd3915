"""Past rounds of the demo's district: who was there then, frozen and signed as of those days, and closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from .. import access, models
from ..access import Action
from ..codes import SubmissionState
from ..declaration import db
from ..models import Account, CollectionRound, Submission
from ..walls import SetWork, set_based
from ..workflows import certificates, rosters, rounds
from . import calendar, load
from .calendar import Place
from .identities import national_id, running_numbers
from .load import Learners
from .people import Student
from .schools import School
from .words import seeded, words

# Of a hundred learners so many came, and so many left, since the last round.
_CAME, _LEFT = 2.0, 1.5
# Leavers' numbers, above those of all learners of an area.
_FIRST_LEAVER: Final = 900_000


class Moved(NamedTuple):
    """The learners of a school who came since the last round, and those who left."""

    came: list[Student]
    left: list[Student]


def before(learners: Learners, seed: int) -> Learners:
    """The learners of the last round: without those who came since, with those who left since."""

    def earlier(school: School) -> Iterable[Student]:
        moved = movement(school, learners, seed)
        new = set(moved.came)
        return [*(learner for learner in learners(school) if learner not in new), *moved.left]

    return earlier


def movement(school: School, learners: Learners, seed: int) -> Moved:
    """Who came to and who left the school between the last round and this one."""
    rng = seeded("movement", seed, school.code)
    now = list(learners(school))
    came = [learner for learner in now if rng.random() * 100 < _CAME]
    model = [learner for learner in now if rng.random() * 100 < _LEFT]
    numbers = running_numbers(school.slot, _FIRST_LEAVER + school.first_serial % 90_000, len(model))
    names = words("first_names_male"), words("first_names_female")
    left = [
        learner._replace(
            national_id=national_id("1", school.province_code, number),
            first_name=rng.choice(names[learner.sex != "M"]),
            student_number=f"0{at:04}",
        )
        for at, (learner, number) in enumerate(zip(model, numbers, strict=True), start=4_001)
    ]
    return Moved(came, left)


def move(schools: Sequence[School], learners: Learners, seed: int) -> None:
    """Bring the register from the last round to this one."""
    moved = {school: movement(school, learners, seed) for school in schools}
    load.load_learners([schools], lambda school: moved[school].came, tell=lambda _: None)
    left = [learner.national_id for one in moved.values() for learner in one.left]
    student = models.Student.__table__
    with set_based(SetWork.DEMO):
        gone = sa.delete(student).where(student.c.national_id.in_(left))
        db.session.connection().execute(gone)


# ── Freezing ─────────────────────────────────────────────────────────────────────────────────────────────


class Signer(NamedTuple):
    """Who signed, as it stands on a submission."""

    id: int
    name: str
    position: str


def freeze(place: Place, schools: Sequence[School]) -> CollectionRound:
    """A closed round in which each of these schools was confirmed, certified and acknowledged in time.

    What is frozen are the learners of now; the signatures bear the days of the round.
    """
    past = calendar.create(place)
    rounds.open_submissions(past)
    with access.performing(Action.MANAGE, "round"):
        signers = signers_by_place()
        for position, (submission, school) in enumerate(_submissions(past, schools)):
            _sign(submission, school, past, place, position, signers)
        db.session.flush()
    calendar.close(past, place)
    return past


def signers_by_place() -> dict[tuple[str, str], Signer]:
    """The demo's accounts by scope and role."""
    query = sa.select(Account).options(sa.orm.selectinload(Account.roles))
    return {
        (account.scope, role.name): Signer(account.id, account.get_full_name(), account.position)
        for account in db.session.scalars(query)
        for role in account.roles
    }


def _submissions(
    past: CollectionRound, schools: Sequence[School]
) -> Iterator[tuple[Submission, models.School]]:
    codes = [school.code for school in schools]
    query = (
        sa.select(Submission, models.School)
        .join(models.School, models.School.code == Submission.school_code)
        .where(Submission.round_id == past.id, Submission.school_code.in_(codes))
        .order_by(Submission.school_code)
    )
    yield from db.session.execute(query).all()


def _sign(
    submission: Submission,
    school: models.School,
    past: CollectionRound,
    place: Place,
    position: int,
    signers: dict[tuple[str, str], Signer],
) -> None:
    times = calendar.signing_times(place, position)
    roster = rosters.freeze_dated(submission, school, past, times[0])
    submission.roster_id, submission.rows = roster.id, roster.rows
    submission.state = SubmissionState.ACKNOWLEDGED
    by = (
        ("confirmed", signers[school.scope, "school_officer"]),
        ("certified", signers[school.scope, "school_director"]),
        ("acknowledged", signers[school.scope.rsplit("/", 1)[0], "district_officer"]),
    )
    for (act, signer), at in zip(by, times, strict=True):
        setattr(submission, f"{act}_at", at)
        setattr(submission, f"{act}_by_id", signer.id)
        setattr(submission, f"{act}_by", signer.name)
        setattr(submission, f"{act}_position", signer.position)
    certificates.issue_dated(submission, school, past, times[1])
