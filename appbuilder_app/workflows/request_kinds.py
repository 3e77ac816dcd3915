"""The index of the kinds of requests: importing it makes what their approvals do known to ``requests``."""

from __future__ import annotations

from . import duplicates, gcode_users, gcodes, movements, number_requests, requests

__all__ = ["duplicates", "gcode_users", "gcodes", "movements", "number_requests", "requests"]
