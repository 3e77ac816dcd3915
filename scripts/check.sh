#!/bin/sh
# All checks that run no test. Every one is run, so that one call shows everything; fails if any failed.
set -u
cd "$(dirname "$0")/.."

failed=""
check() {
    name=$1
    shift
    printf '== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

# The models' own check on the embedded database: a throwaway instance, not the one somebody works in.
migrations_on_sqlite() {
    instance=$(mktemp -d)
    THABIAN_INSTANCE="$instance" .venv/bin/python -W error -m migrations.check
    status=$?
    rm -rf "$instance"
    return $status
}
migrations_on_postgresql() {
    .venv/bin/python -m scripts.services .venv/bin/python -W error -m migrations.check
}

check "formatting" .venv/bin/ruff format --check --quiet .
check "lint" .venv/bin/ruff check --quiet .
check "types" .venv/bin/mypy
check "migrations against models on SQLite" migrations_on_sqlite
check "migrations against models on PostgreSQL" migrations_on_postgresql

[ -z "$failed" ] || { echo "Failed: ${failed#, }" >&2; exit 1; }
echo "All checks passed."
