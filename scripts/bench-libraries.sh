#!/bin/sh
# Install what the benchmarks compare with into .venv/bench, where the application does not look.
# Takes no time when requirements-bench.txt is what is installed.
set -eu
cd "$(dirname "$0")/.."

lock=requirements-bench.txt
folder=.venv/bench
sum=$(sha256sum <"$lock" | cut -d ' ' -f 1)
[ "$(cat "$folder/installed.sha256" 2>/dev/null)" != "$sum" ] || exit 0

echo "Installing the libraries of $lock into $folder (once)"
rm -rf "$folder"
.venv/bin/pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all: \
    --target "$folder" -r "$lock"
echo "$sum" >"$folder/installed.sha256"
