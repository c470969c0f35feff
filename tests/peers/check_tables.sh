#!/bin/sh
# Reads the Word document with python-docx, the workbook with openpyxl, and checks the document of everything extracted against its JSON Schema.
#   tests/peers/check_tables.sh [PROGRAM]
# Makes a virtual environment with these packages (PEERS_TABLES_VENV names one that is kept). PROGRAM is target/debug/tamis by default.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
tamis=${1:-$root/target/debug/tamis}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TAMIS_HOME="$folder/home"
environment=${PEERS_TABLES_VENV:-$folder/venv}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet python-docx openpyxl jsonschema
fi
"$tamis" demo "$folder/demo" >/dev/null 2>&1
review="$folder/demo/ketamine.tamis"
"$tamis" -r "$review" --as AR export characteristics -o "$folder/characteristics.docx" >/dev/null
"$tamis" -r "$review" --as AR export characteristics --format json >"$folder/characteristics.json"
"$tamis" -r "$review" --as AR export excluded --format json >"$folder/excluded.json"
"$tamis" -r "$review" --as AR export workbook -o "$folder/all.xlsx" >/dev/null
"$tamis" -r "$review" --as AR export results --format json >"$folder/results.json"
"$tamis" -r "$review" --as AR export extraction --format json -o "$folder/extraction.json" >/dev/null
exec "$environment/bin/python" "$root/tests/peers/check_tables.py" "$folder" "$root/docs/src/reference/extraction.schema.json"
