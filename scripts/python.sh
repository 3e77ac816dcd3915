#!/bin/sh
# Print the name of a Python that is new enough; otherwise say what is needed and fail (--quiet: only fail).
set -eu

for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done

[ "${1:-}" = --quiet ] || {
    found=$(python3 --version 2>/dev/null || echo "no Python 3")
    echo "Thabian needs Python 3.11 or newer; this machine has $found. Debian 12 and Ubuntu 24.04 bring a" >&2
    echo "newer one, or install one beside it (on Ubuntu: apt-get install python3.11 python3.11-venv)." >&2
}
exit 1
