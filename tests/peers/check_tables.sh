#!/bin/sh
# Reads the Word document with python-docx, the workbook with openpyxl, and checks the document of everything extracted against its JSON Schema.
#   tests/peers/check_tables.sh [PROGRAM]
# Makes a virtual environment with these packages (PEERS_TABLES_VENV names one that is kept). PROGRAM is target/debug/tamis by default.
set -eu
. "$(dirname "$0")/example.sh"
environment=${PEERS_TABLES_VENV:-$folder/venv}
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet python-docx openpyxl jsonschema
fi
"$tamis" -r "$review" --as AR export characteristics -o "$folder/characteristics.docx" >/dev/null
"$tamis" -r "$review" --as AR export characteristics --format json >"$folder/characteristics.json"
"$tamis" -r "$review" --as AR export excluded --format json >"$folder/excluded.json"
"$tamis" -r "$review" --as AR export workbook -o "$folder/all.xlsx" >/dev/null
"$tamis" -r "$review" --as AR export results --format json >"$folder/results.json"
"$tamis" -r "$review" --as AR export extraction --format json -o "$folder/extraction.json" >/dev/null
"$environment/bin/python" "$root/tests/peers/check_tables.py" "$folder" "$root/docs/src/reference/extraction.schema.json"
