#!/bin/sh
# Compile requirements*.in into lock files: every version pinned, every file hashed, no package host named.
# An argument names a package to upgrade; without one, only what the .in files force is changed.
set -eu
cd "$(dirname "$0")/.."

UV=0.13.9
tools=.venv/lock-tools
[ -x "$tools/bin/uv" ] || {
    python3 -m venv "$tools"
    "$tools/bin/pip" install -qq --disable-pip-version-check "uv==$UV"
}

upgrade=""
for package in "$@"; do upgrade="$upgrade --upgrade-package $package"; done

compile() {
    # --universal: one lock for every Python from 3.11 on and every processor, not only for this machine's.
    # shellcheck disable=SC2086 # $upgrade is a list of words
    "$tools/bin/uv" pip compile --quiet --native-tls --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --fork-strategy fewest \
        --no-emit-index-url --no-emit-find-links $upgrade "$@"
}
compile requirements.in --output-file requirements.txt
compile requirements-cards.in --output-file requirements-cards.txt
compile requirements-dev.in --constraint requirements.txt --output-file requirements-dev.txt
compile requirements-bench.in --constraint requirements.txt --output-file requirements-bench.txt

if grep -nE '://|^ *(-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)' \
    requirements.txt requirements-cards.txt requirements-dev.txt requirements-bench.txt; then
    echo "lock: a lock file names a package host (above); it must not." >&2
    exit 1
fi
