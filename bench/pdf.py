"""The certificate's typesetting against bare WeasyPrint of the same HTML: `python -m bench.pdf [pages]`.

Bare means WeasyPrint as it comes, with one FontConfiguration and one parsed stylesheet kept: the raw limit.
Both take turns in one process, so that a busy machine slows both alike.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import date, datetime
from statistics import median
from time import perf_counter, process_time

import weasyprint.pdf.stream
from weasyprint import CSS, HTML
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import FontConfiguration

from appbuilder_app import typesetting
from appbuilder_app.codes import Grade
from appbuilder_app.thaidate import BANGKOK
from appbuilder_app.workflows.certificate_sheet import (
    CertificateSheet,
    GradeRow,
    Signature,
    certificate_html,
    typeset_certificate,
)

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=BANGKOK)
SHEET = CertificateSheet(
    number="16020123-2569-1-0001", version=1, issued_at=NOON,
    school_name="โรงเรียนบ้านหนองน้ำใส", school_code="16020123", school_code_10="1016190123",
    area_name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาลพบุรี เขต 2",
    academic_year=2569, round_number=1, round_name="ภาคเรียนที่ 1", snapshot_date=date(2026, 6, 10),
    grades=tuple(GradeRow(grade.value, grade.th, 20, 21, 2) for grade in Grade),
    disadvantaged=120, disabled=7, boarding=0, g_code=3, pending_discharge=1,
    confirmed=Signature("นางสาวพิมพ์ชนก ศรีสว่างวงศ์", "ครู", NOON),
    certified=Signature("นายกิตติภูมิ รุ่งเรืองทรัพย์", "ผู้อำนวยการโรงเรียน", NOON),
    roster_hash="3f2a90b177c40e5d" * 4,
)  # fmt: skip


def bare_weasyprint(html: str) -> Callable[[], bytes]:
    """Prints the HTML with nothing of ours but the fonts and the stylesheet."""
    base = typesetting.PRINT_TEMPLATES
    fonts = FontConfiguration()
    stylesheet = CSS(filename=base / "official.css", font_config=fonts)

    def printed() -> bytes:
        ours, weasyprint.pdf.stream.Font = weasyprint.pdf.stream.Font, Font
        try:
            pdf: bytes = HTML(string=html, base_url=f"{base.as_uri()}/").write_pdf(
                stylesheets=[stylesheet], font_config=fonts
            )
        finally:
            weasyprint.pdf.stream.Font = ours
        return pdf

    return printed


def taking_turns(*works: Callable[[], bytes], rounds: int) -> list[tuple[float, float]]:
    """Median seconds of each work by the clock and of the processor, after one round to warm up."""
    spent: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, times in zip(works, spent, strict=True):
            gc.collect()  # else a full collection falls on the same work in every round
            clock, processor = perf_counter(), process_time()
            work()
            times.append((perf_counter() - clock, process_time() - processor))
    return [
        (median(clock for clock, _ in times[1:]), median(processor for _, processor in times[1:]))
        for times in spent
    ]


def main(rounds: int) -> None:
    """Prints both times, their ratio and the size of the file."""
    started = perf_counter()
    size = len(typeset_certificate(SHEET))
    print(
        f"first certificate of a process  {(perf_counter() - started) * 1000:6.0f} ms, {size / 1024:.0f} KB"
    )
    frozen = SHEET.to_json()
    bare, ours = taking_turns(
        bare_weasyprint(certificate_html(SHEET, "dense")),
        lambda: typeset_certificate(CertificateSheet.from_json(frozen)),
        rounds=rounds,
    )
    print(f"bare WeasyPrint, warm           {bare[0] * 1000:6.1f} ms ({bare[1] * 1000:.1f} ms of processor)")
    print(f"certificate from its JSON, warm {ours[0] * 1000:6.1f} ms ({ours[1] * 1000:.1f} ms of processor)")
    by_clock, of_processor = ours[0] / bare[0], ours[1] / bare[1]
    print(f"ratio {by_clock:32.2f} by the clock, {of_processor:.2f} of processor (goal 1.3)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
