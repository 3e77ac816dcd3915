"""What plain WTForms does not have: Thai messages, a look-up by typing, a Buddhist-Era day, a clock time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import wtforms
from flask_babel import get_translations, gettext
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired

from appbuilder_app.errors import NotADate
from appbuilder_app.thaidate import BANGKOK, arabic_digits, parse_thai_date, slash_date

_CLOCK = re.compile(r"([0-9]{1,2})[.:]([0-9]{2})(?: ?น\.?)?")


class Form(wtforms.Form):
    """A form whose ready-made messages are in the language of the page, like those of our own."""

    class Meta:
        """WTForms asks here for its translations; the Thai ones stand in our Thai catalogue."""

        def get_translations(self, _form: wtforms.Form) -> Any:
            """Those of the page."""
            return _OfThePage


class ProblemsShown(Form):
    """A form whose fields take the problems that a workflow found; ``shown_at`` tells where names differ."""

    shown_at: ClassVar[Mapping[str, str]] = {}

    def show(self, problems: Iterable[tuple[str | None, str]]) -> None:
        """Put each problem beside its field."""
        for name, message in problems:
            field = self._fields.get(self._place(name))
            if field is not None:
                field.errors = [*field.errors, message]

    def unplaced(self, problems: Iterable[tuple[str | None, str]]) -> list[str]:
        """The problems that belong to no field."""
        return [message for name, message in problems if self._place(name) not in self._fields]

    def _place(self, name: str | None) -> str:
        return self.shown_at.get(name or "", name or "")


class _OfThePage:
    """Not flask_babel's functions: those fill in facts at once, WTForms fills them in afterwards."""

    @staticmethod
    def gettext(text: str) -> str:
        return str(get_translations().ugettext(text))

    @staticmethod
    def ngettext(one: str, many: str, count: int) -> str:
        return str(get_translations().ungettext(one, many, count))


class Needed(InputRequired):
    """A field that must be filled in, told in Thai."""

    def __init__(self) -> None:
        super().__init__()

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse spaces, too: they tell nobody anything."""
        self.message = gettext("กรุณากรอกช่องนี้")
        if field.raw_data and isinstance(field.raw_data[0], str) and not field.raw_data[0].strip():
            field.raw_data = []
        super().__call__(form, field)


class LookupField(StringField):
    """The key of a row, chosen by typing. ``lookup_text`` is what people call the row chosen so far."""

    kind = "lookup"

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, dataset: str, **options: Any
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.lookup_url = f"/data/{dataset}/lookup"
        self.dataset = dataset
        self.lookup_text = ""


class DayField(StringField):
    """A day, typed as dd/mm/พ.ศ.; ``day`` is what was read, None when nothing could be."""

    kind = "date"
    day: dt.date | None = None

    def process_data(self, value: Any) -> None:
        """Show a date as it is typed."""
        self.day = value if isinstance(value, dt.date) else None
        super().process_data(slash_date(value) if self.day else value)

    def pre_validate(self, form: Any) -> None:
        """Read what was typed; the sentence of what is wrong with it stands beside the field."""
        self.day = None
        if not (self.data or "").strip():
            return
        try:
            self.day = parse_thai_date(self.data)
        except NotADate as wrong:
            raise ValidationError(str(wrong)) from None


class ClockField(StringField):
    """A time of day, typed as 16.30 or 16:30; 24.00 is the end of the day (R28)."""

    time: dt.time | None = None
    ends_the_day = False

    def process_data(self, value: Any) -> None:
        """Show a time as Thai letters write it."""
        shown = f"{value.hour:02}.{value.minute:02}" if isinstance(value, dt.time) else value
        super().process_data(shown)

    def pre_validate(self, form: Any) -> None:
        """Read what was typed."""
        self.time, self.ends_the_day = None, False
        typed = arabic_digits(self.data or "").strip()
        if not typed:
            return
        match = _CLOCK.fullmatch(typed)
        if match is None or (int(match[1]), int(match[2])) > (24, 0) or int(match[2]) > 59:
            raise ValidationError(gettext("เวลา “%(typed)s” ใช้ไม่ได้ กรุณาพิมพ์ เช่น 16.30", typed=typed[:20]))
        self.ends_the_day = match[1] == "24"
        self.time = dt.time(0 if self.ends_the_day else int(match[1]), int(match[2]))


def moment_of(day: DayField, clock: ClockField) -> dt.datetime | None:
    """The point in time that a day and a clock field mean in Thailand; None while one of them is missing."""
    if day.day is None or clock.time is None:
        return None
    return dt.datetime.combine(day.day + dt.timedelta(days=clock.ends_the_day), clock.time, BANGKOK)
