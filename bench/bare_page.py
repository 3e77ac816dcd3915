"""The same rows by Flask and SQLAlchemy Core alone: no login, no rights, no frame. No page goes below it.

Served as ``bench.bare_page:application``.
"""

from __future__ import annotations

import os

import sqlalchemy as sa
from flask import Flask, render_template_string, request

COLUMNS = (
    "school_code", "student_number", "national_id", "first_name", "last_name", "grade", "room", "sex",
    "birth_date", "weight_kg", "height_cm",
)  # fmt: skip
PAGE = """<!doctype html><title>students</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""

application = Flask(__name__)
# As the owner, who sees all rows: the page tells no database who asks.
engine = sa.create_engine(os.environ["THABIAN_DATABASE_OWNER_URL"], connect_args={"prepare_threshold": None})
student = sa.table("student", *(sa.column(name) for name in (*COLUMNS, "scope", "id")))


@application.get("/")
def page() -> str:
    """25 learners of a scope, in the list's order."""
    scope = request.args["scope"]
    order = (student.c.scope, student.c.grade, student.c.room, student.c.id)
    query = (
        sa.select(*(student.c[name] for name in COLUMNS))
        .where(student.c.scope >= scope, student.c.scope < scope + "0")
        .order_by(*order)
        .limit(25)
    )
    with engine.connect() as connection:
        return render_template_string(PAGE, rows=connection.execute(query).all())
