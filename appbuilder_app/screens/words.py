"""How moments are written on our screens: Jinja filters, all in Thai time and the Buddhist Era."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from ..thaidate import bangkok, thai_date, thai_date_short, thai_datetime


def install(app: Flask) -> None:
    """Give every template the filters ``moment``, ``moment_long``, ``day`` and ``day_long``."""
    app.add_template_filter(moment)
    app.add_template_filter(moment_long)
    app.add_template_filter(day)
    app.add_template_filter(day_long)


def moment(at: dt.datetime | None) -> str:
    """``10 มิ.ย. 2569 09.12 น.``; empty for None."""
    if at is None:
        return ""
    local = bangkok(at)
    return f"{thai_date_short(local)} {local.hour:02}.{local.minute:02} น."


def moment_long(at: dt.datetime | None) -> str:
    """``10 มิถุนายน 2569 เวลา 09.12 น.``; empty for None."""
    return "" if at is None else thai_datetime(at)


def day(at: dt.date | dt.datetime | None) -> str:
    """``10 มิ.ย. 2569``; empty for None."""
    return "" if at is None else thai_date_short(bangkok(at) if isinstance(at, dt.datetime) else at)


def day_long(at: dt.date | dt.datetime | None) -> str:
    """``10 มิถุนายน 2569``; empty for None."""
    return "" if at is None else thai_date(bangkok(at) if isinstance(at, dt.datetime) else at)
