#!/bin/sh
# Compile the translation catalogues whose source is newer than what was compiled from it.
set -eu
cd "$(dirname "$0")/.."

find appbuilder_app/translations -name '*.po' 2>/dev/null | while read -r catalogue; do
    compiled=${catalogue%.po}.mo
    if [ ! -e "$compiled" ] || [ "$catalogue" -nt "$compiled" ]; then
        # Its folder names the locale, and the locale how a language counts.
        .venv/bin/pybabel --quiet compile --locale "$(basename "${catalogue%/LC_MESSAGES/*}")" \
            --input-file "$catalogue" --output-file "$compiled"
    fi
done
