"""Draws every template with made-up data and photographs it at desk and phone width, to be looked at.

    python -m scripts.look            all pages into /tmp/look/*.png
    python -m scripts.look list form  only those

Nothing here touches the database or the real application: a bare Flask, the real templates, sample contexts.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

from flask import Flask, flash, jsonify, render_template, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server
from wtforms import BooleanField, Form, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from appbuilder_app import table
from appbuilder_app.bilingual import Label
from appbuilder_app.dataset.filters import Filter, Tick

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(tempfile.gettempdir()) / "look"
BANGKOK = timezone(timedelta(hours=7))
NOW = datetime(2025, 6, 10, 14, 25, tzinfo=BANGKOK)
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desk": (1280, 860), "phone": (390, 844)}
CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'"

GIVEN = ["กุลธิดา", "ณัฏฐพัชร์", "ปุณยวีร์", "ฐิติวัฒน์", "อภิญญา", "ศุภวิชญ์", "น้ำเพชร", "ก้องเกียรติ", "ปิ่นมณี", "รุ่งโรจน์"]
FAMILY = ["ทองศรีสุข", "ปิ่นเกล้าภิญโญ", "ใจซื่อตรง", "บุญเลี้ยงอุปถัมภ์", "แก้วกระจ่าง", "ศรีสมบูรณ์ทรัพย์", "ดำรงค์ฤทธิ์", "ชื่นอุรา"]
SCHOOLS = [
    "บ้านหนองผักบุ้ง",
    "วัดโคกสำโรงใต้",
    "อนุบาลลำน้ำเขียว",
    "บ้านทุ่งดอนมะเกลือ (มิตรภาพที่ 111)",
    "ชุมชนวัดสว่างอารมณ์",
    "บ้านเขาเตียนพัฒนา",
    "ซับจำปาวิทยา",
    "นิคมชัยบาดาลสงเคราะห์",
]


class LoginForm(Form):
    """As the framework's login has it."""

    username = StringField()
    password = StringField()


class RecordForm(Form):
    """A student as the generated form would show one."""

    national_id = StringField(
        "เลขประจำตัวประชาชน", [InputRequired()], description="13 หลัก พิมพ์ติดกันได้ ระบบใส่ขีดให้"
    )
    title = SelectField(
        "คำนำหน้าชื่อ", choices=[("", "เลือก"), ("1", "เด็กชาย"), ("2", "เด็กหญิง"), ("3", "นาย"), ("4", "นางสาว")]
    )
    given = StringField("ชื่อ", [InputRequired()])
    family = StringField("นามสกุล", [InputRequired()])
    sex = RadioField("เพศ", [InputRequired()], choices=[("1", "ชาย"), ("2", "หญิง")])
    born = StringField("วันเกิด", [InputRequired()])
    grade = SelectField("ชั้น", choices=[("ป.4", "ประถมศึกษาปีที่ 4"), ("ป.5", "ประถมศึกษาปีที่ 5")])
    room = IntegerField("ห้อง", [InputRequired()])
    previous = StringField("โรงเรียนเดิม")
    weight = StringField("น้ำหนัก")
    height = StringField("ส่วนสูง")
    boarding = BooleanField("พักนอนประจำ")
    poor = BooleanField("ยากจน (มีสิทธิ์รับเงินปัจจัยพื้นฐาน)")
    note = TextAreaField("หมายเหตุ")


GROUPS = [
    ("ตัวตน", ["national_id", "title", "given", "family", "sex", "born"]),
    ("การเรียน", ["grade", "room", "previous"]),
    ("สุขภาพและสวัสดิการ", ["weight", "height", "boarding", "poor", "note"]),
]
WRONG = [("weight", "ยังไม่ได้กรอกน้ำหนัก ต้องกรอกก่อนยืนยันรอบ"), ("born", "อายุ 27 ปี เกินช่วงที่นับ กรุณาตรวจปีเกิด")]


def record_form(**changed: Any) -> RecordForm:
    """The form with a student in it."""
    values = dict(
        national_id="1-1601-00123-45-6",
        title="2",
        given="กุลธิดา",
        family="ทองศรีสุข",
        sex="2",
        born="14/02/2558",
        grade="ป.4",
        room=2,
        previous="7",
        height="132",
    )
    form = RecordForm(data=values | changed)
    form.national_id.kind, form.born.kind = "national_id", "date"
    form.weight.kind = form.height.kind = "number"
    form.weight.unit, form.height.unit = "กิโลกรัม", "เซนติเมตร"
    form.previous.lookup_url, form.previous.lookup_text = "/schools", "โรงเรียนบ้านทุ่งดอนมะเกลือ (มิตรภาพที่ 111)"
    return form


def rows(count: int) -> Iterator[tuple[str, list[Any], int]]:
    """Made-up students."""
    for n in range(count):
        girl = n % 2
        name = f"{'เด็กหญิง' if girl else 'เด็กชาย'}{GIVEN[n * 7 % 10]} {FAMILY[n * 5 % 8]}"
        yield (
            f"#{n}",
            [
                f"{1200 + n}",
                name,
                f"1-1601-00{100 + n}-4{n % 10}-{n % 9}",
                f"ป.{1 + n % 6}/{1 + n % 3}",
                "หญิง" if girl else "ชาย",
                f"{1 + n % 28:02}/0{1 + n % 9}/255{5 + n % 4}",
                f"{18 + n * 1.7:.1f}",
            ],
            n,
        )


def columns() -> list[tuple[Any, ...]]:
    """Seven columns, the name sorted."""
    names = [
        ("number", "เลขประจำตัว", True, True),
        ("name", "ชื่อ–นามสกุล", True, False),
        ("national_id", "เลขประจำตัวประชาชน", False, False),
        ("room", "ชั้น/ห้อง", True, False),
        ("sex", "เพศ", False, False),
        ("born", "วันเกิด", True, False),
        ("weight", "น้ำหนัก", False, True),
    ]
    return [
        (key, label, can, "asc" if key == "name" else None, "#", number) for key, label, can, number in names
    ]


def list_page(count: int = 14, **more: Any) -> dict[str, Any]:
    """The context of the generated list."""

    def choose(key: str, label: str, values: str, value: str = "") -> Filter:
        ticks = tuple(Tick(key, v, v, v == value) for v in values.split())
        return Filter(key, label, "ticks", bool(value), ticks=ticks)

    page = Thing(
        columns=columns(),
        rows=list(rows(count)),
        total=10000,
        total_capped=True,
        first_number=26,
        next_url="#",
        prev_url="#",
        sizes=[(25, "#", True), (50, "#", False), (100, "#", False)],
    )
    filters = [
        choose("grade", "ชั้น", "ป.1 ป.2 ป.3 ป.4", "ป.4" if count else ""),
        choose("room", "ห้อง", "1 2 3"),
        choose("sex", "เพศ", "ชาย หญิง"),
        Filter("previous", "โรงเรียนเดิม", "lookup", False, lookup_url="/schools"),
        Filter("born", "วันเกิด", "dates", False),
        Filter("weight", "น้ำหนัก", "range", False, emptiness=""),
    ]
    actions = [("นำเข้าจากไฟล์", "#", "upload", False), ("เพิ่มนักเรียน", "#", "plus", True)]
    return (
        dict(
            d=Thing(label="นักเรียน", name="student", url="#"),
            page=page,
            filters=filters,
            further=table.options((("height", Label("ส่วนสูง", "Height")),), False, ""),
            columns_url="#",
            search="",
            actions=actions,
            lead="ภาคเรียนที่ 1 ปีการศึกษา 2568 · โรงเรียนบ้านหนองผักบุ้ง",
            search_hint="ชื่อ นามสกุล หรือเลขประจำตัว",
            exports=[("Excel (.xlsx)", "#"), ("CSV", "#")],
            lock=None,
            may_write=True,
            many_url="#",
            many_most=2000,
        )
        | more
    )


LOCK = Thing(
    message="โรงเรียนยืนยันข้อมูลรอบนี้แล้ว จึงแก้ไขไม่ได้",
    who="หากพบข้อผิดพลาด ให้ผู้อำนวยการโรงเรียนยกเลิกการยืนยัน หรือติดต่อเจ้าหน้าที่เขตพื้นที่เพื่อส่งกลับแก้ไข",
)
HISTORY = [
    (
        "10 มิ.ย. 2568 10.42 น.",
        "นางสาวสมใจ ตัวอย่าง",
        "หน้าจอ",
        "แก้ไข",
        [("น้ำหนัก", None, "32.5"), ("ห้อง", "1", "2")],
    ),
    ("2 มิ.ย. 2568 15.07 น.", "นางสาวสมใจ ตัวอย่าง", "นำเข้าจากไฟล์", "แก้ไข", [("นามสกุล", "ทองสีสุข", "ทองศรีสุข")]),
    ("16 พ.ค. 2568 09.00 น.", "ระบบ", "งานเบื้องหลัง", "เลื่อนชั้นจาก ป.3 เป็น ป.4", []),
]
FACTS = [
    (
        "ตัวตน",
        [
            ("เลขประจำตัวประชาชน", "1-1601-00123-45-6"),
            ("ชื่อ–นามสกุล", "เด็กหญิงกุลธิดา ทองศรีสุข"),
            ("เพศ", "หญิง"),
            ("วันเกิด", "14 กุมภาพันธ์ 2558 (อายุ 10 ปี 3 เดือน)"),
            ("ศาสนา", None),
        ],
    ),
    (
        "การเรียน",
        [
            ("ชั้น/ห้อง", "ป.4/2"),
            ("เลขประจำตัวนักเรียน", "1204"),
            ("โรงเรียนเดิม", "โรงเรียนบ้านทุ่งดอนมะเกลือ (มิตรภาพที่ 111)"),
        ],
    ),
]


def pages() -> dict[str, tuple[str, dict[str, Any]]]:
    """Every page to photograph: its template and its context."""
    student = Thing(label="นักเรียน", name="student", url="#")
    shown = dict(
        d=student,
        record_title="เด็กหญิงกุลธิดา ทองศรีสุข",
        groups=FACTS,
        history=HISTORY,
        lock=None,
        actions=[("แก้ไข", "#", "pencil", True)],
        delete_url="#",
        crumbs=[("นักเรียน", "#"), ("1204", None)],
    )
    edit = dict(
        d=student,
        groups=GROUPS,
        record=Thing(version=3),
        record_title="เด็กหญิงกุลธิดา ทองศรีสุข",
        submit_url="#",
        cancel_url="#",
        lock=None,
        wide=["note"],
    )
    login = dict(viewer=None, nav=None, form=LoginForm())
    return {
        "home": ("home.html", {}),
        "district": ("district.html", {"schools": SCHOOLS}),
        "preview": ("preview.html", {}),
        "pieces": ("pieces.html", {"form": record_form()}),
        "list": ("thabian/dataset/list.html", list_page()),
        "list-locked": ("thabian/dataset/list.html", list_page(6, lock=LOCK, may_write=False, actions=[])),
        "list-nothing": ("thabian/dataset/list.html", list_page(0, search="")),
        "list-unfound": ("thabian/dataset/list.html", list_page(0, search="ฐิติ")),
        "form": ("thabian/dataset/form.html", edit | dict(form=record_form(), problems=[])),
        "form-problems": (
            "thabian/dataset/form.html",
            edit
            | dict(
                form=record_form(born="14/02/2541"), problems=[*WRONG, (None, "มีนักเรียนคนนี้อยู่แล้วในห้อง ป.4/1")]
            ),
        ),
        "form-locked": ("thabian/dataset/form.html", edit | dict(form=record_form(), problems=[], lock=LOCK)),
        "show": ("thabian/dataset/show.html", shown),
        "delete": (
            "thabian/dataset/delete.html",
            shown | dict(submit_url="#", cancel_url="#", record=Thing(version=3)),
        ),
        "login": (
            "thabian/login.html",
            login
            | dict(
                message=None,
                demo_accounts=[
                    ("data1", "thabian-demo", "เจ้าหน้าที่ข้อมูล โรงเรียนบ้านหนองผักบุ้ง"),
                    ("director1", "thabian-demo", "ผู้อำนวยการ โรงเรียนบ้านหนองผักบุ้ง"),
                    ("district", "thabian-demo", "เจ้าหน้าที่เขตพื้นที่ สพป.ลพบุรี เขต 2"),
                    ("central", "thabian-demo", "เจ้าหน้าที่ส่วนกลาง สพฐ."),
                ],
            ),
        ),
        "login-refused": ("thabian/login.html", login | dict(message="ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองใหม่")),
        "error-403": (
            "thabian/error.html",
            dict(status=403, message="บัญชีของท่านไม่มีสิทธิ์รับรองข้อมูล หากจำเป็นต้องใช้ ให้ติดต่อผู้ดูแลระบบ", back_url="#"),
        ),
        "error-500": (
            "thabian/error.html",
            dict(status=500, viewer=None, nav=None, round_badge=None, reference="7f3a-91c2"),
        ),
    }


def shell() -> dict[str, Any]:
    """What every page of somebody logged in has around it."""

    def item(label: str, icon: str, active: bool = False, badge: int | None = None) -> Thing:
        return Thing(label=label, url="#", icon=icon, active=active, badge=badge)

    return dict(
        viewer=Thing(
            id=5, name="นางสาวสมใจ ตัวอย่าง", position="เจ้าหน้าที่ข้อมูลโรงเรียน", place="โรงเรียนบ้านหนองผักบุ้ง"
        ),
        nav=[
            (None, [item("หน้าแรก", "house", request.path in ("/home", "/district"))]),
            (
                "รอบจัดเก็บข้อมูล",
                [
                    item("รายการตรวจสอบ", "list-checks", badge=17),
                    item("ยืนยันและรับรอง", "stamp"),
                    item("นำเข้าจากไฟล์", "upload", request.path == "/preview"),
                ],
            ),
            (
                "ทะเบียน",
                [
                    item("นักเรียน", "users", "list" in request.path),
                    item("โรงเรียน", "school"),
                    item("เขตพื้นที่", "map"),
                ],
            ),
            ("ระบบ", [item("ประวัติการแก้ไข", "history"), item("ผู้ใช้และบทบาท", "shield")]),
        ],
        round_badge=Thing(
            label="รอบที่ 1 ปีการศึกษา 2568",
            short="รอบ 1/2568",
            deadline=NOW + timedelta(hours=2, minutes=5),
            url="#",
        ),
        server_now=NOW,
        locale="th",
        languages=[("th", "ไทย", "#"), ("en", "English", "#")],
        logout_url="#",
        account_url="#",
        soon=NOW + timedelta(hours=2, minutes=5),
        later=NOW + timedelta(days=3, hours=4),
        just_over=NOW - timedelta(minutes=1),
        environment_notice="ระบบสาธิต ข้อมูลทั้งหมดเป็นข้อมูลสมมติ",
        HISTORY=HISTORY,
        LOCK=LOCK,
    )


def sample_app() -> Flask:
    """A bare application around the real templates."""
    app = Flask("look", static_folder=str(ROOT / "appbuilder_app/static"))
    app.config.update(SECRET_KEY=secrets.token_hex(), BABEL_DEFAULT_LOCALE="th", WTF_CSRF_ENABLED=False)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "appbuilder_app/templates"), FileSystemLoader(ROOT / "scripts/look_pages")]
    )
    Babel(app)
    CSRFProtect(app)
    table.install(app)

    @app.route("/<name>", methods=["GET", "POST"])
    def page(name: str) -> Any:
        if name == "schools":
            word = request.args.get("q", "")
            return jsonify([{"id": n, "text": f"โรงเรียน{s}"} for n, s in enumerate(SCHOOLS) if word in s])
        if name not in pages():
            return "", 404
        template, context = pages()[name]
        if name == "home" and request.method == "GET":
            flash("นำเข้าข้อมูลนักเรียน 212 คนเรียบร้อยแล้ว", "success")
        return render_template(template, **(shell() | context))

    # To which the login page leads; there is nothing behind it here.
    app.add_url_rule("/verify/", "VerifyView.ask", lambda: "")

    @app.after_request
    def strict(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = CSP
        return response

    return app


def act(page: Page, name: str) -> None:
    """Opens what only shows after a click."""
    if name == "list":
        for box in page.locator("tbody input[type=checkbox]").all()[:2]:
            box.check()
    if name == "form":
        page.get_by_label("เลือกจากปฏิทิน").click()


def photograph(page: Page, name: str, width: str) -> None:
    """One page at one width; complains when anything is wider than the screen or the page has an error."""
    page.goto(f"http://127.0.0.1:8099/{name}")
    page.evaluate("document.fonts.ready")
    act(page, name)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if too_wide > 0:
        print(f"{name} at {width}: {too_wide} px wider than the screen")
    page.screenshot(
        path=OUT / f"{name}-{width}.png", full_page=name not in ("list", "form-problems") or width == "desk"
    )


def main(names: list[str]) -> None:
    """Serves the samples, photographs them, stops."""
    OUT.mkdir(exist_ok=True)
    server = make_server("127.0.0.1", 8099, sample_app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for width, (x, y) in WIDTHS.items():
            page = browser.new_page(viewport={"width": x, "height": y})
            page.on(
                "console",
                lambda message: print(message.type, message.text) if message.type == "error" else None,
            )
            page.on("pageerror", lambda wrong: print("script error:", wrong))
            for name in names or pages():
                photograph(page, name, width)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
