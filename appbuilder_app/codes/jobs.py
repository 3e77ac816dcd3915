"""Codes of background jobs."""

from __future__ import annotations

from .codelist import CodeList


class JobState(CodeList, noun="สถานะงานเบื้องหลัง"):
    """How far a background job is; own codes [derived]."""

    WAITING = "waiting", "รอคิว", "Waiting", "รอคิว"
    RUNNING = "running", "กำลังทำ", "Running", "กำลังทำ"
    DONE = "done", "เสร็จแล้ว", "Done", "เสร็จแล้ว"
    FAILED = "failed", "ไม่สำเร็จ", "Failed", "ไม่สำเร็จ"
    CANCELLED = "cancelled", "ยกเลิกแล้ว", "Cancelled", "ยกเลิกแล้ว"
