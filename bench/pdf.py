"""The certificate against bare WeasyPrint of the same HTML, and what sealing and signing add: `python -m bench pdf`.

Bare means WeasyPrint as it comes, with one FontConfiguration and one parsed stylesheet kept: the raw limit.
All take turns in one process, so that a busy machine slows all alike.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import weasyprint.pdf.stream
from weasyprint import CSS, HTML
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import FontConfiguration

from appbuilder_app import typesetting
from appbuilder_app.codes import Grade
from appbuilder_app.signatures import checking, keys, signing
from appbuilder_app.signatures.signing import About
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
    roster_hash="3f2a90b177c40e5d" * 4, verify_url="https://register.example/verify/ABCDEFGHJKMNPQRS",
)  # fmt: skip
ABOUT = About(SHEET.verify_url, SHEET.number, SHEET.roster_hash)


def bare_weasyprint(html: str, sheet: str = "certificate.css") -> Callable[[], bytes]:
    """Prints the HTML with nothing of ours but the fonts and the stylesheet."""
    base = typesetting.PRINT_TEMPLATES
    fonts = FontConfiguration()
    stylesheet = CSS(filename=base / sheet, font_config=fonts)

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
    with TemporaryDirectory() as folder:
        seal_key = keys.opened(f"{folder}/seal.p12", "")
        keys.made(Path(folder) / "director.p12", "secret", "Director")
        director = (Path(folder) / "director.p12").read_bytes()
    page = typeset_certificate(SHEET)
    sealed = signing.seal(page, seal_key, ABOUT, NOON)
    public = {seal_key.certificate.public_key.dump()}
    signer = keys.from_file(director, "secret")

    def issue() -> bytes:
        return signing.seal(typeset_certificate(CertificateSheet.from_json(frozen)), seal_key, ABOUT, NOON)

    bare, ours, issued, seal, opening, sign, check = taking_turns(
        bare_weasyprint(certificate_html(SHEET, "dense")),
        lambda: typeset_certificate(CertificateSheet.from_json(frozen)),
        issue,
        lambda: signing.seal(page, seal_key, ABOUT, NOON),
        lambda: bytes(keys.from_file(director, "secret") is None),
        lambda: signing.sign(sealed, signer, "Director", "", datetime.now(UTC))[0],
        lambda: bytes(checking.check(sealed).seal(public) is None),
        rounds=rounds,
    )
    for what, (clock, processor) in (
        ("bare WeasyPrint, warm", bare),
        ("certificate from its JSON, warm", ours),
        ("the same and sealed", issued),
        ("sealing", seal),
        ("opening a PKCS#12 file", opening),
        ("signing with a software key", sign),
        ("checking a seal", check),
    ):
        print(f"{what:32}{clock * 1000:7.1f} ms ({processor * 1000:.1f} ms of processor)")
    by_clock, of_processor = ours[0] / bare[0], ours[1] / bare[1]
    print(
        f"ratio, certificate to bare  {by_clock:11.2f} by the clock, {of_processor:.2f} of processor (goal 1.3)"
    )
    print(f"sealed certificates a core {1 / issued[1]:12.1f} a second of processor (goal 7)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
