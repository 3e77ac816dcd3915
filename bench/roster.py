"""A long roster, laid out class by class in processes side by side, against one piece: `python -m bench roster`."""

from __future__ import annotations

import sys
from time import perf_counter

from appbuilder_app.binding import typeset_parts
from appbuilder_app.codes import Grade
from appbuilder_app.typesetting import typeset
from appbuilder_app.workflows.class_rosters import About, ClassRoster, Paper, Row, pages_of
from bench.pdf import NOON, bare_weasyprint

CLASSES, CHILDREN = 39, 40
GOAL = 5.0


def paper(classes: int = CLASSES) -> Paper:
    """A school of invented children, forty a room, a page each."""
    rows = [
        Row(
            f"{number:05}",
            "1-2345-xxxxx-12-1",
            f"ด.ญ.พิมพ์ชนก ศรีสว่างวงศ์ {number}",
            "หญิง",
            "01/02/2557",
            "",
        )
        for number in range(CHILDREN)
    ]
    about = About("โรงเรียนบ้านหนองน้ำใส", "16020123", "สพป.ลพบุรี เขต 2", "รอบที่ 2 ปีการศึกษา 2569", NOON, "3f" * 32)
    grades = [*Grade]
    rooms = [ClassRoster(grades[at % len(grades)], 1 + at // len(grades), rows, 0) for at in range(classes)]
    return Paper(about, rooms)


def in_one_piece(parts: list[str]) -> str:
    """The same pages as one document."""
    head, _body, rest = parts[0].partition('<body class="roster">')
    bodies = [part.partition('<body class="roster">')[2].partition("</body>")[0] for part in parts]
    inside = "".join(f'<section style="break-before: page">{body}</section>' for body in bodies)
    return f'{head}<body class="roster">{inside}</body>{rest.partition("</body>")[2]}'


def main(rounds: int) -> None:
    """Prints the shortest time of each way."""
    parts = pages_of(paper())
    for what, work in (
        ("side by side and bound", lambda: typeset_parts(parts)),
        ("one process and bound", lambda: typeset_parts(parts, processes=1)),
        ("bare, in one piece", bare_weasyprint(in_one_piece(parts), "roster.css")),
        ("one class alone", lambda: typeset(parts[0], "roster.css")),
    ):
        spent, size = [], 0
        for _ in range(rounds):
            started = perf_counter()
            size = len(work())
            spent.append(perf_counter() - started)
        goal = f" (goal {GOAL:.0f})" if "side" in what else ""
        print(f"{what:26}{min(spent):7.2f} s, {size / 1024:.0f} KB{goal}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
