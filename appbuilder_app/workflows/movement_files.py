"""A workbook of movements, one a row: judged by doing each and taking all back, then done in one transaction.

So the preview is what the verbs themselves say, also of rows that follow from one another. No document comes in a
sheet: a dropout or discharge becomes a request that waits at the school until its evidence is attached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import IO, Any, Final, NamedTuple

import sqlalchemy as sa

from .. import access, bulk, kinds
from ..access import Action
from ..bilingual import Sentence
from ..codes import DischargeGround, DropoutCause
from ..dataset import portions, refusals, validation
from ..dataset.cells import CellProblem, as_typed, plain
from ..dataset.columns import HEADER_WITHIN, MARK, PROBLEMS, letter
from ..dataset.template import TableTemplate
from ..declaration import Field, db
from ..errors import EmptyFile, FileTooLarge, InvalidRow, JobCancelled, NoHeaderRow, NotYours, RuleViolation
from ..kinds import NotReadable
from ..language import gettext as _
from ..models import ImportBatch, ImportLine, Job, Student
from ..schema.imports import MOVEMENTS
from ..thaitext import folded, tidy
from ..walls import SetWork, set_based
from . import identities, movements
from .imports import Outcome, marked, original
from .imports.outcomes import Tell, silent
from .imports.receiving import discard_left, drop_lines, forget, keep, opened
from .imports.results import problems_of
from .imports.settling import NotAllGood, claimed, settle
from .jobs import Context, Result, job, start
from .verbs import of_students
from .verbs.declaring import Verb, given

__all__ = ["marked", "original"]

MOST_ROWS: Final = 1_000
PAGE: Final = 50
_DATASET: Final = Student.__tablename__
_LINE: Final = ImportLine.__table__
_LINE_COLUMNS: Final = ("batch_id", "scope", "number", "outcome", "owner", "row_key", "values", "problems")

VERBS: Final = (
    of_students.CHANGE_CLASS,
    of_students.RENUMBER,
    of_students.TRANSFER_OUT,
    of_students.DROPOUT,
    of_students.DISCHARGE,
    of_students.TAKE_BACK,
)
"""What a row can ask for. A child is looked up before it is taken in, and a name needs its document: not in a sheet."""
_BY_LABEL: Final = {folded(label): verb for verb in VERBS for label in (verb.th, verb.en, verb.name)}


class _VerbOfRow(kinds.Choice):
    """The verb that a row asks for, by its Thai or English label."""

    def read(self, raw: Any) -> Any:
        """The label as we write it."""
        text = kinds.Kind.read(self, raw)
        verb = _BY_LABEL.get(folded(text)) if text else None
        return super().read(verb.th if verb else text)


_GROUNDS: Final = tuple(dict.fromkeys(str(one.th) for one in (*DropoutCause, *DischargeGround)))


def columns() -> list[Field]:
    """The columns: who, what, and every parameter of these verbs once."""
    ground = given("ground", "เหตุ (ออกกลางคันหรือจำหน่าย)", "Ground", kinds.Choice(_GROUNDS), needed=False)
    parameters = {one.name: one for verb in VERBS for one in reversed(verb.parameters)}
    del parameters[of_students.FOLLOWS.name]
    parameters |= {
        "ground": ground,
        "happened_on": given("happened_on", "วันที่", "Day", kinds.ThaiDate(), needed=False),
        "reason": of_students.REASON,
    }
    order = ("happened_on", "grade", "room", "student_number", "ground", "reason")
    return [
        given("national_id", "เลขประจำตัวประชาชน หรือรหัส G", "National ID or G-code", kinds.Identity()),
        given("name", "ชื่อ (ไว้ดู ระบบไม่อ่าน)", "Name (to look at, not read)", needed=False),
        given(
            "verb",
            "รายการ",
            "What",
            _VerbOfRow(tuple(str(verb.th) for verb in VERBS)),
            needed=False,
            hint="แถวที่ไม่เลือกรายการจะถูกข้าม",
            hint_en="Rows without one are skipped",
        ),
        *(_optional(parameters[name]) for name in order),
    ]


def _optional(one: Field) -> Field:
    return given(one.name, one.th, one.en, one.kind, needed=False, length=one.length,
                 minimum=one.minimum, maximum=one.maximum)  # fmt: skip


# ── The template ─────────────────────────────────────────────────────────────────────────────────────────


def workbook(*, filled: bool = False) -> IO[bytes]:
    """The template, empty or with the viewer's enrolled students; the caller records that as an export."""
    viewer = access.viewer()
    viewer.require(Action.MOVE, movements.SUBJECT)
    asked = columns()
    made = TableTemplate(_("การเคลื่อนย้ายนักเรียน"), asked, {"national_id", "name"}, _advice(), viewer)
    return made.write(_students(len(asked)) if filled else None)


def _students(width: int) -> Iterator[list[Any]]:
    access.viewer().require(Action.EXPORT, _DATASET)
    # Of what the viewer looks after: a list of a whole area would be a roster, not a sheet of movements.
    query = sa.select(Student).where(Student.is_enrolled).order_by(Student.scope, Student.grade, Student.room)
    for one in db.session.scalars(query.order_by(Student.student_number).limit(MOST_ROWS)):
        yield [one.national_id, str(one), *[None] * (width - 2)]


def _advice() -> list[str]:
    return [
        _("การเคลื่อนย้ายนักเรียน"),
        _("1. แถวละหนึ่งรายการ เลือกรายการ แล้วกรอกเฉพาะช่องที่รายการนั้นใช้ แถวที่ไม่เลือกรายการจะถูกข้าม"),
        _("2. จัดชั้นและห้อง: ชั้น ห้อง · แก้เลขประจำตัวนักเรียน: เลขประจำตัวนักเรียน · เข้าสอบ: ใช่หรือไม่ใช่ (รอบสิ้นปี)"),
        _("3. ย้ายออก: วันที่ เหตุผล · รับกลับเข้าเรียน: เหตุผล"),
        _("4. ออกกลางคันและจำหน่าย: วันที่ เหตุ เหตุผล จะเป็นคำขอที่รอหลักฐานอยู่ที่โรงเรียน แนบหลักฐานแล้วส่งที่หน้าคำขอ"),
        _("5. ย้ายเข้าและแก้ไขชื่อทำด้วยไฟล์ไม่ได้ เพราะต้องตรวจตัวเด็กหรือแนบเอกสาร"),
    ]


# ── Taking a file in ─────────────────────────────────────────────────────────────────────────────────────


def receive(filename: str, data: bytes) -> ImportBatch:
    """Keep an uploaded workbook for judging; EmptyFile, FileTooLarge."""
    with access.performing(Action.MOVE, movements.SUBJECT):
        discard_left(MOVEMENTS, _DATASET)
        return keep(MOVEMENTS, _DATASET, filename, data)


def batch_with(batch_id: int) -> ImportBatch:
    """A workbook of a place that the viewer looks after; NotYours otherwise."""
    access.viewer().require(Action.MOVE, movements.SUBJECT)
    batch = db.session.scalars(sa.select(ImportBatch).filter_by(id=batch_id, form=MOVEMENTS)).one_or_none()
    if batch is None:
        raise NotYours
    return batch


def recent(limit: int = 20) -> Sequence[ImportBatch]:
    """The workbooks last uploaded within the viewer's scope, the newest first."""
    access.viewer().require(Action.MOVE, movements.SUBJECT)
    found = sa.select(ImportBatch).filter_by(form=MOVEMENTS).order_by(ImportBatch.id.desc())
    return db.session.scalars(found.limit(limit)).all()


def lines_of(batch: ImportBatch, outcome: Outcome, page: int = 1) -> Sequence[ImportLine]:
    """One page of the lines of an outcome."""
    lines = sa.select(ImportLine).filter_by(batch_id=batch.id, outcome=outcome.value)
    return db.session.scalars(lines.order_by(ImportLine.number).limit(PAGE).offset((page - 1) * PAGE)).all()


def cancel(batch_id: int) -> None:
    """Throw a workbook away; ImportSettled when it is settled."""
    batch_with(batch_id)
    with access.performing(Action.MOVE, movements.SUBJECT):
        batch = claimed(batch_id, "preview", "failed", "received")
        settle(batch, "cancelled")
        forget(batch)


# ── Judging ──────────────────────────────────────────────────────────────────────────────────────────────


class _Column(NamedTuple):
    place: int
    label: str
    field: Field


class _Table(NamedTuple):
    """A table of the file: where its header stands, its columns by name, and its rows."""

    part: str
    header_row: int
    width: int
    marked_at: int | None
    columns: Mapping[str, _Column]
    rows: Iterator[tuple[int, Sequence[Any]]]


def judge(batch_id: int, tell: Tell = silent) -> ImportBatch:
    """Say of each row what would become of it: all are done, in their order, and taken back."""
    batch_with(batch_id)
    with access.performing(Action.MOVE, movements.SUBJECT):
        batch = claimed(batch_id, "received")
        try:
            with opened(batch) as source:
                table = _table_in(source, batch.filename)
                lines = _judged(table, batch.filename, tell)
        except JobCancelled:
            raise
        except RuleViolation as failure:
            batch.counts, batch.state = {"failure": str(failure)}, "failed"
        else:
            rows = [(batch.id, batch.scope, *line) for line in lines]
            with set_based(SetWork.IMPORT):
                bulk.copy_rows(db.session.connection(), _LINE, _LINE_COLUMNS, rows)
            counted = Counter(line[1] for line in lines)
            where = {
                "part": table.part,
                "header_row": table.header_row,
                "width": table.width,
                "marked_at": table.marked_at,
                "fields": list(table.columns),
            }
            counts = {one.value: counted[one] for one in Outcome}
            batch.counts, batch.state = counts | {"rows": len(lines), "where": where}, "preview"
        db.session.flush()
    return batch


def _judged(table: _Table, filename: str, tell: Tell) -> list[tuple[Any, ...]]:
    lines: list[tuple[Any, ...]] = []
    with db.session.begin_nested() as tried:
        for number, cells in table.rows:
            if len(lines) == MOST_ROWS:
                raise FileTooLarge(file=filename, limit=Sentence("ไม่เกิน {rows:,} แถว", rows=MOST_ROWS))
            lines.append(_line(table, number, cells))
            tell(len(lines), 0)
        tried.rollback()
    db.session.expire_all()
    if not lines:
        raise EmptyFile(file=filename)
    return lines


def _line(table: _Table, number: int, cells: Sequence[Any]) -> tuple[Any, ...]:
    """A line to store: number, outcome, owner, row_key, values, problems."""
    told, problems = _read(table, cells)
    verb = _BY_LABEL.get(folded(told.get("verb") or ""))
    if verb is None and not problems:
        return number, Outcome.SAME, None, None, {}, None
    values = {name: table.columns[name].field.kind.json(value) for name, value in told.items()}
    if verb is not None and not problems:
        problems = [*_not_used(table, verb, told, cells)] or [*_tried(table, verb, values, cells)]
    outcome = Outcome.WRONG if problems else Outcome.NEW
    return number, outcome, None, None, values, [one._asdict() for one in problems] or None


def _read(table: _Table, cells: Sequence[Any]) -> tuple[dict[str, Any], list[CellProblem]]:
    told: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for name, column in table.columns.items():
        raw = cells[column.place] if column.place < len(cells) else None
        try:
            raw = raw if isinstance(column.field.kind, kinds.ThaiDate) else plain(raw)
            if name != "name" and (value := validation.read_field(column.field, raw)) is not None:
                told[name] = value
        except NotReadable as wrong:
            problems.append(_at(column, cells, wrong.args[0]))
    return told, problems


def _not_used(
    table: _Table, verb: Verb, told: Mapping[str, Any], cells: Sequence[Any]
) -> Iterator[CellProblem]:
    """A cell that the verb does not read was meant for something: it is told, not passed over."""
    used = {"national_id", "verb", "reason", *(one.name for one in verb.parameters)}
    for name in told:
        if name not in used:
            yield _at(
                table.columns[name],
                cells,
                Sentence("รายการ “{verb}” ไม่ใช้ช่องนี้ กรุณาลบค่าหรือเปลี่ยนรายการ", verb=verb.th),
            )


def _tried(
    table: _Table, verb: Verb, values: Mapping[str, Any], cells: Sequence[Any]
) -> Iterator[CellProblem]:
    try:
        with refusals.as_refusals(), db.session.begin_nested():
            _do(values)
            db.session.flush()
    except InvalidRow as wrong:
        for problem in wrong.problems:
            column = table.columns.get(problem.field or "")
            message = validation.beside_its_label(problem.message)
            yield _at(column, cells, message) if column else CellProblem("", "", problem.field, "", message)
    except RuleViolation as refusal:
        yield CellProblem("", "", None, "", refusal.args[0])


def _do(values: Mapping[str, Any]) -> dict[str, Any]:
    """The verb of a row, as every door does it."""
    verb = _BY_LABEL[folded(values["verb"])]
    names = {one.name for one in verb.parameters}
    told = {name: value for name, value in values.items() if name in names}
    if of_students.FOLLOWS.name in names:
        told[of_students.FOLLOWS.name] = True
    return verb.perform(identities.student_by_number(values.get("national_id") or "").id, told)


def _at(column: _Column, cells: Sequence[Any], message: str) -> CellProblem:
    raw = cells[column.place] if column.place < len(cells) else None
    return CellProblem(letter(column.place), column.label, column.field.name, as_typed(raw)[:60], message)


def _table_in(source: IO[bytes], filename: str) -> _Table:
    """The first table of the file with our columns, by the hidden row of names or by the labels."""
    for part, table in portions.tables(source, filename):
        rows = (row for portion in table for row in portion.rows)
        first = list(islice(rows, HEADER_WITHIN + 1))
        for at, (number, cells) in enumerate(first[:HEADER_WITHIN]):
            names = [_named(cell) for cell in cells]
            if {"national_id", "verb"} <= set(names):
                return _with_header(part, names, first, at, rows, by_mark=_is_marked(cells), number=number)
    labels = ", ".join(str(one.th) for one in columns()[:3])
    raise NoHeaderRow(file=filename, rows=HEADER_WITHIN, labels=labels)


def _with_header(
    part: str,
    names: Sequence[str],
    first: Sequence[Any],
    at: int,
    rest: Iterator[Any],
    *,
    by_mark: bool,
    number: int,
) -> _Table:
    labelled = at + 1 if by_mark and at + 1 < len(first) else at
    labels = [tidy(cell) if isinstance(cell, str) else "" for cell in first[labelled][1]]
    labels += [""] * (len(names) - len(labels))
    fields = {one.name: one for one in columns()}
    placed = {
        name: _Column(index, labels[index].rstrip(" *") or str(fields[name].th), fields[name])
        for index, name in reversed([*enumerate(names)])
        if name
    }
    marked_at = labels.index(PROBLEMS) if PROBLEMS in labels else None
    rows = chain(first[labelled + 1 :], rest)
    return _Table(
        part,
        first[labelled][0] if by_mark else number,
        max(len(labels), len(names)),
        marked_at,
        placed,
        rows,
    )


def _is_marked(cells: Sequence[Any]) -> bool:
    return any(isinstance(cell, str) and cell.startswith(MARK) for cell in cells)


def _named(cell: Any) -> str:
    """The column that a header names: by our mark, or by its label in either language, with or without a note."""
    text = tidy(cell) if isinstance(cell, str) else ""
    if text.startswith(MARK):
        return next((one.name for one in columns() if one.name == text.removeprefix(MARK)), "")
    key = folded(text.rstrip(" *"))
    return next((one.name for one in columns() if key and key in {folded(one.th), folded(one.en)}), "")


# ── Doing ────────────────────────────────────────────────────────────────────────────────────────────────

_MEANWHILE: Final = Sentence("ไม่เหมือนเมื่อตรวจไฟล์: {wrong}")


def commit(batch_id: int, *, whole: bool = False, tell: Tell = silent) -> ImportBatch:
    """Do the good rows of a preview, in their order and in the caller's transaction.

    A row that is refused now is held (outcome ``held``) and told; ``whole``: all rows of the file or none (NotAllGood).
    """
    batch_with(batch_id)
    with (
        access.performing(Action.MOVE, movements.SUBJECT) as viewer,
        access.acting_as(viewer, through="import"),
    ):
        batch = claimed(batch_id, "preview")
        wrong = batch.counts.get(Outcome.WRONG, 0)
        if whole and wrong:
            raise NotAllGood(count=wrong)
        good = sa.select(_LINE.c.number, _LINE.c["values"]).where(
            _LINE.c.batch_id == batch.id, _LINE.c.outcome == Outcome.NEW.value
        )
        with set_based(SetWork.IMPORT):
            lines = db.session.connection().execute(good.order_by(_LINE.c.number)).all()
        held = {}
        for done, line in enumerate(lines, start=1):
            try:
                with refusals.as_refusals(), db.session.begin_nested():
                    _do(line.values)
                    db.session.flush()
            except RuleViolation as refusal:
                held[line.number] = refusal
            tell(done, len(lines))
        if whole and held:
            raise NotAllGood(count=len(held))
        _hold(batch, held)
        batch.counts = batch.counts | {
            Outcome.NEW.value: len(lines) - len(held),
            Outcome.HELD.value: len(held),
        }
        settle(batch, "committed")
        drop_lines(batch, Outcome.SAME.value, Outcome.NEW.value)
    return batch


def _hold(batch: ImportBatch, held: Mapping[int, RuleViolation]) -> None:
    with set_based(SetWork.IMPORT):
        for number, refusal in held.items():
            problem = CellProblem("", "", None, "", Sentence(_MEANWHILE.template, wrong=refusal.args[0]))
            of_it = sa.update(_LINE).where(_LINE.c.batch_id == batch.id, _LINE.c.number == number)
            db.session.connection().execute(
                of_it.values(outcome=Outcome.HELD.value, problems=[problem._asdict()])
            )


class TakenIn(NamedTuple):
    """What became of a file that was taken in at once; ``problems``: a row, its column and what is wrong with it each."""

    batch: int
    state: str
    new: int | None
    same: int | None
    wrong: int | None
    failure: str | None
    problems: list[dict[str, Any]]


def take_in(filename: str, data: bytes, *, and_commit: bool = False) -> TakenIn:
    """Judge a workbook at once, and do it all or nothing where ``and_commit`` is asked for and it can be read.

    For programs and commands, which wait. Otherwise the file stays as one to be looked at on the screen. NotAllGood.
    """
    batch = judge(receive(filename, data).id)
    problems = [
        {"row": number, "column": one["column"], "message": one["message"]}
        for number, found in problems_of(batch)
        for one in found
    ]
    if and_commit and batch.state == "preview":
        commit(batch.id, whole=True)
    new, same, wrong, failure = map(batch.counts.get, ("new", "same", "wrong", "failure"))
    return TakenIn(batch.id, batch.state, new, same, wrong, failure, problems)


# ── As jobs ──────────────────────────────────────────────────────────────────────────────────────────────

_TITLES: Final = {
    "judge": Sentence("ตรวจไฟล์การเคลื่อนย้าย"),
    "commit": Sentence("บันทึกการเคลื่อนย้ายจากไฟล์"),
}


def order(verb: str, batch_id: int, **arguments: Any) -> Job:
    """Have ``judge`` or ``commit`` done; it begins once the transaction is committed."""
    batch = batch_with(batch_id)
    needs = (Action.MOVE, movements.SUBJECT)
    ordered = start(f"movements.{verb}", _TITLES[verb], needs=needs, batch=batch.id, **arguments)
    with access.performing(*needs):
        batch.job_id = ordered.id
        db.session.flush()
    return ordered


@job("movements.judge")
def _judge(context: Context, batch: int) -> Result:
    return _result(judge(batch, _told(context)))


@job("movements.commit")
def _commit(context: Context, batch: int, whole: bool = False) -> Result:
    return _result(commit(batch, whole=whole, tell=_told(context)))


def _told(context: Context) -> Tell:
    return lambda done, total: context.progress(done, total or None)


def _result(batch: ImportBatch) -> Result:
    return Result(said=batch.filename, url=f"/movements/files/{batch.id}")
