"""Kinds of jobs for the tests, and a worker process that knows them: `python -m tests.job_fixtures URL REDIS FOLDER`."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appbuilder_app import create_app, jobs
from appbuilder_app.bilingual import Sentence
from appbuilder_app.declaration import db
from appbuilder_app.models import Student
from appbuilder_app.workflows.jobs import Context, Result, job
from tests.app_fixtures import app_settings

STEPS = 20


@job("test.fatten")
def fatten(context: Context, pupil: int, pause: float) -> Result:
    """A kilogram a step: the scales tell afterwards whether one was lost or done twice."""
    for done in range(context.mark.get("done", 0) + 1, STEPS + 1):
        with context.step(done, STEPS, Sentence("ขั้นที่ {n}", n=done)) as mark:
            mark["done"] = done
            row = db.session.get(Student, pupil)
            assert row is not None
            row.weight_kg = (row.weight_kg or Decimal(0)) + Decimal(1)
            db.session.flush()
            time.sleep(pause)
    return Result(said=Sentence("เสร็จ {n} ขั้น", n=STEPS))


@pytest.fixture
def wait_until() -> Callable[..., bool]:
    """Waits for what a worker does elsewhere; False when it has not come after so many seconds."""

    def wait(condition: Callable[[], bool], seconds: float = 60) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return True
            time.sleep(0.05)
        return False

    return wait


def settings(url: str, redis: str, folder: Path) -> dict[str, Any]:
    """An application whose jobs go to workers, and whose dead workers are noticed soon."""
    soon = {"JOB_STALE_AFTER": timedelta(seconds=2), "JOB_SWEEP_EVERY": timedelta(seconds=0.5)}
    return app_settings(url, folder, REDIS_URL=redis, **soon)


def main(url: str, redis: str, folder: str) -> None:
    """Be a worker until killed."""
    logging.basicConfig(level=logging.WARNING)
    app = create_app(settings(url, redis, Path(folder)))
    with app.app_context():
        jobs.work(app)


if __name__ == "__main__":
    main(*sys.argv[1:])
