"""The card reader desk: how far the readers are, receiving, allotting, handing over, testing, and each reader's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response, flash, jsonify, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose, has_access, permission_name

from forms.readers import IssueForm, PinForm, ScanForm

from .. import access
from ..access import Action, Level
from ..bilingual import Label
from ..codes import ReaderState, ReaderStep, ReaderTest
from ..dataset.export import XLSX_MIME, write_xlsx
from ..dataset.screens import Button, DatasetView
from ..declaration import db
from ..errors import InvalidRow, NotYours, RuleViolation
from ..language import gettext as _
from ..language import said
from ..models import Reader, ReaderLot, School
from ..thaidate import slash_date
from ..thaitext import as_scanned
from ..workflows import cards, reader_receipts, readers
from ..workflows.reader_receipts import KINDS
from ..workflows.readers import SUBJECT, Held
from .cards import agent_address, agent_policy
from .verbs import refusal_when

LOOKS: Final = {
    ReaderState.STOCK: "mute",
    ReaderState.ALLOTTED: "waiting",
    ReaderState.ISSUED: "ok",
    ReaderState.FAULTY: "warn",
    ReaderState.REPAIR: "warn",
    ReaderState.LOST: "bad",
    ReaderState.RETIRED: "void",
}
SHOWN: Final = {
    "waiting": Label("ยังไม่มารับ", "Not fetched"),
    "without": Label("ยังไม่มีเครื่อง", "Schools without one"),
    "need": Label("ชำรุด ซ่อม หาย", "Faulty, in repair, lost"),
    "pin": Label("ยังไม่ลงทะเบียน PIN", "No PIN registered"),
    "lots": Label("ล็อต", "Lots"),
}
"""The lists of the overview, by what their address says."""


class ReaderDeskView(BaseView):
    """Card readers of an area, and those of a school."""

    route_base = "/readers"
    class_permission_name = SUBJECT

    @expose("/")
    @has_access
    @permission_name("read")
    def browse(self) -> str:
        """An area's figures and lists; a school's own readers."""
        viewer = access.viewer()
        if viewer.level is Level.SCHOOL:
            return self.render_template(
                "thabian/readers/school.html", rows=readers.of_school(viewer.school_code), looks=LOOKS
            )
        shown = request.args.get("show", "waiting")
        shown = shown if shown in SHOWN else "waiting"
        # The lists of a whole country help nobody: the centre sees the areas.
        lists = _lists() if viewer.level is Level.DISTRICT else {}
        return self.render_template(
            "thabian/readers/overview.html",
            overview=readers.overview(),
            states=ReaderState,
            areas=readers.by_area(),
            tabs=[(said(label), name, len(lists[name])) for name, label in SHOWN.items() if lists],
            shown=shown,
            rows=lists.get(shown, []),
            looks=LOOKS,
            may_manage=viewer.may(Action.MANAGE, SUBJECT),
        )

    @expose("/<any(waiting, without, pin, need):which>.xlsx")
    @has_access
    @permission_name("read")
    def workbook(self, which: str) -> Response:
        """A list of the overview, for the letter that reminds."""
        rows = _lists()[which]
        if which == "without":
            heads = [_("รหัส"), _("โรงเรียน"), _("อำเภอ"), _("ผู้อำนวยการโรงเรียน"), _("โทรศัพท์")]
            cells = [[s.code, s.name, s.district or "", s.director_name or "", s.phone or ""] for s in rows]
        else:
            heads = [
                _("รหัส"),
                _("โรงเรียน"),
                _("หมายเลขเครื่อง"),
                _("สถานะ"),
                _("จัดสรรเมื่อ"),
                _("ผู้รับ"),
                _("โทรศัพท์"),
            ]
            cells = [_cells(row) for row in rows]
        file = write_xlsx(heads, cells, said(SHOWN[which]))
        return send_file(file, mimetype=XLSX_MIME, as_attachment=True, download_name=f"readers-{which}.xlsx")

    # ── Receiving and allotting ──────────────────────────────────────────────────────────────────────────

    @expose("/receive", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def receive(self) -> Any:
        """R59: the numbers of a lot by scanner or pasted from a sheet, one a line."""
        lots = readers.lots()
        form = ScanForm(request.form if request.method == "POST" else None, lot=request.args.get("lot", ""))
        form.lot.choices = [(str(lot.id), f"{lot.number} · {lot.product}") for lot, _count in lots]
        refusal = None
        if request.method == "POST" and form.validate():
            made: list[Reader] = []
            lot_id, typed = int(form.lot.data), form.serials.data
            refusal = refusal_when(lambda: made.extend(readers.receive(lot_id, typed)))
            if refusal is None:
                flash(_("รับเข้าทะเบียนแล้ว %(n)s เครื่อง", n=len(made)), "success")
                return redirect(url_for("ReaderDeskView.browse", show="lots"))
        page = self.render_template(
            "thabian/readers/receive.html", form=form, lots=lots, refusal=refusal and str(refusal)
        )
        return page, refusal.status if refusal else 422 if form.errors else 200

    @expose("/allot", methods=["GET", "POST"])
    @has_access
    @permission_name("manage")
    def allot(self) -> Any:
        """R59: the suggestion, of which lines are taken; or numbers for one school."""
        refusal = None
        if request.method == "POST":
            done: list[Any] = []
            refusal = refusal_when(lambda: done.extend(_allotted()))
            if refusal is None:
                flash(_("จัดสรรแล้ว %(n)s เครื่อง โรงเรียนเห็นในระบบแล้วว่ามีเครื่องรอรับ", n=len(done)), "success")
                return redirect(url_for("ReaderDeskView.browse", show="waiting"))
        found = readers.suggested()
        page = self.render_template(
            "thabian/readers/allot.html",
            found=found,
            ready=sum(one.reader is not None for one in found),
            stock=readers.overview().counts[ReaderState.STOCK],
            schools=_schools(),
            typed=request.form,
            refusal=refusal and str(refusal),
        )
        return page, refusal.status if refusal else 200

    # ── The counter, and a reader's page ─────────────────────────────────────────────────────────────────

    @expose("/counter")
    @has_access
    @permission_name("manage")
    def counter(self) -> Any:
        """R59: who has come? A school's name or code, or a scan of the reader, which opens it at once."""
        asked = request.args.get("q", "").strip()
        rows = readers.not_fetched()
        if asked:
            scanned = as_scanned(asked)
            hits = [row for row in rows if row[1].serial == scanned]
            if len(hits) == 1:
                return redirect(url_for("ReaderDeskView.show", reader_id=hits[0][1].id))
            rows = [
                row
                for row in rows
                if asked in row[2].name or asked in row[2].code or scanned in row[1].serial
            ]
        return self.render_template("thabian/readers/counter.html", rows=rows, asked=asked)

    @expose("/<int:reader_id>")
    @has_access
    @permission_name("read")
    def show(self, reader_id: int) -> Any:
        """One reader: who has it, its test, what can be done with it, its papers and its past."""
        return self._page(readers.reader_with(reader_id))

    @expose("/<int:reader_id>/issue", methods=["POST"])
    @has_access
    @permission_name("manage")
    def issue(self, reader_id: int) -> Any:
        """R59–R61: hand it over; the page then offers the paper to print."""
        reader = readers.reader_with(reader_id)
        form = IssueForm(request.form, people=_people(reader))
        if not form.validate():
            return self._page(reader, form=form, status=422)
        return self._do(
            reader_id,
            lambda: readers.issue(reader_id, form.receiver, form.pin),
            _("ส่งมอบแล้ว พิมพ์ใบเบิกจ่ายให้ทั้งสองฝ่ายลงนาม"),
            form,
        )

    @expose("/<int:reader_id>/pin", methods=["POST"])
    @has_access
    @permission_name("manage")
    def register_pin(self, reader_id: int) -> Any:
        """R60: the result of registering the PIN, when it came later than the reader."""
        form = PinForm(request.form)
        if not form.validate():
            return self._page(readers.reader_with(reader_id), pin_form=form, status=422)
        told = _("บันทึกผลการลงทะเบียน PIN แล้ว")
        return self._do(reader_id, lambda: readers.register_pin(reader_id, form.pin), told)

    @expose("/<int:reader_id>/steps/<step>", methods=["POST"])
    @has_access
    @permission_name("write")
    def take(self, reader_id: int, step: str) -> Any:
        """R61: a step of its life, with the reason; which steps are whose, the verb says."""
        try:
            chosen = ReaderStep(step)
        except ValueError:
            raise NotYours from None
        if chosen in {ReaderStep.ALLOT, ReaderStep.ISSUE}:
            raise NotYours
        why, school = request.form.get("reason", ""), request.form.get("school_code", "")[:8]
        told = _("บันทึก “%(step)s” แล้ว", step=said(chosen.th))
        return self._do(reader_id, lambda: readers.take(reader_id, chosen, why, school), told)

    def _do(
        self, reader_id: int, verb: Callable[[], object], told: str, form: IssueForm | None = None
    ) -> Any:
        refusal = refusal_when(verb)
        if refusal is not None:
            return self._page(readers.reader_with(reader_id), refusal, form=form, status=refusal.status)
        flash(told, "success")
        return redirect(url_for("ReaderDeskView.show", reader_id=reader_id))

    def _page(
        self,
        reader: Reader,
        refusal: RuleViolation | None = None,
        *,
        form: IssueForm | None = None,
        pin_form: PinForm | None = None,
        status: int = 200,
    ) -> Any:
        viewer, holding = access.viewer(), readers.open_holding(reader)
        past = readers.holdings_of(reader)
        manages = viewer.may(Action.MANAGE, SUBJECT)
        can_hand_over = manages and reader.state in {ReaderState.ALLOTTED, ReaderState.ISSUED}
        steps = readers.steps_for(reader)
        page = self.render_template(
            "thabian/readers/show.html",
            reader=reader,
            lot=db.session.get(ReaderLot, reader.lot_id),
            school=db.session.get(School, reader.holder_code) if reader.holder_code else None,
            holding=holding,
            past=past,
            names=_names({one.school_code for one in past}),
            receipts=reader_receipts.receipts_of([one.id for one in past]),
            looks=LOOKS,
            states=ReaderState,
            passed=reader.test is ReaderTest.PASSED,
            failure=_failure(reader),
            form=(form or _empty_form(reader)) if can_hand_over else None,
            pin_form=pin_form or PinForm(),
            lacks_pin=holding is not None and holding.issued_at is not None and manages and (
                holding.pin_result is None or holding.pin_result.value != "registered"),
            steps=[(one, _step_look(one)) for one in steps if one is not ReaderStep.REALLOT],
            reallot=ReaderStep.REALLOT in steps,
            schools=_schools() if ReaderStep.REALLOT in steps else [],
            may_test=viewer.may(Action.WRITE, cards.SUBJECT) and viewer.may(Action.WRITE, SUBJECT)
            and reader.state not in {ReaderState.LOST, ReaderState.RETIRED},
            manages=manages,
            agent=agent_address(),
            refusal=refusal and str(refusal),
            problems=_problems(refusal),
        )  # fmt: skip
        return Response(page, status, headers={"Content-Security-Policy": agent_policy()})

    # ── Testing ──────────────────────────────────────────────────────────────────────────────────────────

    @expose("/<int:reader_id>/nonce", methods=["POST"])
    @has_access
    @permission_name("write")
    def nonce(self, reader_id: int) -> Response:
        """A number for one read that tests this reader, for the page's script."""
        number = readers.ask_test(reader_id)
        db.session.commit()
        return jsonify(nonce=number)

    @expose("/<int:reader_id>/own-page", methods=["POST"])
    @has_access
    @permission_name("write")
    def own_page(self, reader_id: int) -> Any:
        """Where the browser lets no page talk to the PC: to the page that the PC's program serves itself."""
        number = readers.ask_test(reader_id)
        db.session.commit()
        return redirect(f"{agent_address()}/?nonce={number}", 303)

    @expose("/<int:reader_id>/tested", methods=["POST"])
    @has_access
    @permission_name("manage")
    def tested(self, reader_id: int) -> Any:
        """An officer tells how a test without the program came out."""
        passed = request.form.get("test") == ReaderTest.PASSED.value
        return self._do(reader_id, lambda: readers.note_by_hand(reader_id, passed), _("บันทึกผลทดสอบแล้ว"))

    # ── Papers ───────────────────────────────────────────────────────────────────────────────────────────

    @expose("/holdings/<int:holding_id>/<kind>.pdf")
    @has_access
    @permission_name("read")
    def paper(self, holding_id: int, kind: str) -> Response:
        """ใบเบิกจ่ายและรับมอบ, or ใบส่งคืน, to be signed by both."""
        if kind not in KINDS:
            raise NotYours
        receipt = reader_receipts.receipt_with(holding_id, kind)
        headers = {"Content-Disposition": f'inline; filename="reader-{kind}-{holding_id}.pdf"'}
        return Response(reader_receipts.pages(receipt), mimetype="application/pdf", headers=headers)


def _lists() -> dict[str, list[Any]]:
    return {
        "waiting": readers.not_fetched(),
        "without": readers.schools_without(),
        "need": readers.in_need(),
        "pin": readers.without_pin(),
        "lots": readers.lots(),
    }


def _cells(row: Held) -> list[str]:
    holding, reader, school = row
    return [
        school.code,
        school.name,
        reader.serial,
        said(reader.state.th),
        slash_date(holding.allotted_at.date()),
        holding.receiver_name or "",
        holding.phone or school.phone or "",
    ]


def _allotted() -> list[Any]:
    """What the form asks for: numbers for one school, or lines of the suggestion (school:reader)."""
    if request.form.get("school_code"):
        return readers.allot_scanned(request.form["school_code"][:8], request.form.get("serials", ""))
    pairs = [pair.partition(":") for pair in request.form.getlist("pair")]
    if not pairs or not all(key.isdecimal() and len(key) < 18 for _code, _colon, key in pairs):
        raise NothingChosen
    return readers.allot((code, int(key)) for code, _colon, key in pairs)


class NothingChosen(RuleViolation):
    """Of the suggestion no line is ticked."""

    message = "ยังไม่ได้เลือกโรงเรียน กรุณาเลือกอย่างน้อยหนึ่งบรรทัดแล้วจัดสรรอีกครั้ง"


def _schools() -> list[School]:
    """The schools that the viewer can allot to."""
    viewer = access.viewer()
    if viewer.level is not Level.DISTRICT:
        return []
    area = viewer.scope.rsplit("/", 1)[1]
    return db.session.query(School).filter_by(area_code=area).order_by(School.code).all()


def _names(codes: set[str]) -> dict[str, str]:
    found = db.session.query(School.code, School.name).filter(School.code.in_(codes))
    return {row[0]: row[1] for row in found}


def _people(reader: Reader) -> list[Any]:
    return readers.people_of(reader.holder_code) if reader.holder_code else []


def _empty_form(reader: Reader) -> IssueForm:
    """With the school's data officer filled in, who comes for it as a rule (R59)."""
    people = _people(reader)
    usual = next((one for one in people if any(role.name == "school_officer" for role in one.roles)), None)
    if usual is None or reader.state is ReaderState.ISSUED:
        return IssueForm(people=people)
    return IssueForm(
        people=people,
        receiver_account=usual.username,
        receiver_name=usual.get_full_name(),
        receiver_position=usual.position,
        phone=usual.phone or "",
    )


def _failure(reader: Reader) -> str:
    if reader.test_failure is None or reader.test_failure == "by-hand":
        return ""
    return cards.failure_text(reader.test_failure)


def _problems(refusal: RuleViolation | None) -> dict[str | None, str]:
    """What is wrong with single fields, to stand beside them."""
    if not isinstance(refusal, InvalidRow):
        return {}
    return {problem.field: said(str(problem.message)) for problem in refusal.problems}


def _step_look(step: ReaderStep) -> str:
    if step in {ReaderStep.WRITE_OFF, ReaderStep.REPORT_LOSS}:
        return "danger"
    return ""


def reader_row_button(_view: DatasetView, row: Reader) -> list[Button]:
    """From a reader's record to its page at the desk."""
    viewer = access.viewer()
    if not viewer.may(Action.READ, SUBJECT) or not viewer.looks_after(row.scope):
        return []
    return [Button(_("ดำเนินการ"), url_for("ReaderDeskView.show", reader_id=row.id), "badge-check")]


def lot_row_button(_view: DatasetView, row: ReaderLot) -> list[Button]:
    """From a lot's record to scanning its readers."""
    if not access.viewer().may(Action.MANAGE, SUBJECT):
        return []
    return [Button(_("สแกนรับเข้า"), url_for("ReaderDeskView.receive", lot=row.id), "plus")]
