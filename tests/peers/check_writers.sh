#!/bin/sh
# Exports the worked example in every format and reads each file with another program's library. See README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tamis=${TAMIS:-$here/../../target/debug/tamis}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
environment=${PEERS_VENV:-$work/venv}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet rispy nbib "bibtexparser<2" lxml openpyxl pandas
fi
"$tamis" demo "$work/demo" >/dev/null
review=$(ls "$work"/demo/*.tamis)
for format in json csv xlsx ris nbib bib csl-json endnote-xml; do
    "$tamis" --review "$review" export records --format "$format" -o "$work/records.$format" >/dev/null
done
for what in votes duplicates prisma extraction analysis; do
    "$tamis" --review "$review" export "$what" --format xlsx -o "$work/$what.xlsx" >/dev/null
    "$tamis" --review "$review" export "$what" --format csv -o "$work/$what.csv" >/dev/null
done
"$environment/bin/python" "$here/check_writers.py" "$work"
