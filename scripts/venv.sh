#!/bin/sh
# Make or bring up to date .venv from a lock file: `venv.sh requirements.txt` or `venv.sh requirements-dev.txt`.
# Takes no time when that lock is what is installed. The development lock contains the other one.
set -eu
cd "$(dirname "$0")/.."

lock=$1
sum=$(sha256sum <"$lock" | cut -d ' ' -f 1)
stamp=.venv/installed-$lock.sha256
# The interpreter is tried too: after an upgrade of the system's Python a venv's link may lead nowhere.
if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

python=$(sh scripts/python.sh)
if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing the libraries of $lock into .venv (once; about a minute)"
rm -f .venv/installed-*.sha256
# --only-binary: a machine needs no compiler, and no library's build runs code here. The one exception is what the
# tests of card readers need: nobody builds pyscard for Linux.
.venv/bin/pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all: \
    --no-binary pyscard -r "$lock"
echo "$sum" >"$stamp"
if [ "$lock" = requirements-dev.txt ]; then
    sha256sum <requirements.txt | cut -d ' ' -f 1 >.venv/installed-requirements.txt.sha256
fi
