"""All benchmarks: ``python -m bench``; one with words of its own: ``python -m bench lists --seconds 20``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

BENCHES = (
    "lists",
    "rest",
    "import_file",
    "imports_generic",
    "exports",
    "movements",
    "pdf",
    "roster",
    "duplicates",
    "promotion",
    "confirming",
    "cards",
    "deadline",
)


def machine() -> str:
    """What the figures were measured on, and whether somebody else was at work there."""
    busy = os.getloadavg()[0]
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return (
        f"{model}, {os.cpu_count()} cores, {memory / 2**20:.0f} GiB; Python {platform.python_version()};"
        f" load before the start {busy:.1f}"
    )


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines()


def main(arguments: list[str]) -> int:
    """Run what is asked for, each in a process of its own so that none warms another's caches."""
    chosen = [arguments] if arguments else [[name] for name in BENCHES]
    if chosen[0][0] not in BENCHES:
        print(f"benchmarks: {', '.join(BENCHES)}")
        return 2
    print(machine(), flush=True)
    failed = 0
    for name, *words in chosen:
        print(f"\n== {name}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}", *words], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
