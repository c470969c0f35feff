#!/bin/sh
# Runs labelled tables through the real program, as a reviewer would: a fresh review, import, search, export; then scores the result.
#
#   benches/score_labelled.sh TAMIS REFERENCE/dedup [SET ...]
#
# The table's columns are mapped by the program; the column with the truth is cut away before the import.
set -eu
tamis=$1
reference=$2
shift 2
[ $# -gt 0 ] || set -- asysd copper respiratory haematology
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TAMIS_HOME="$folder/home"
for set in "$@"; do
    python3 - "$reference/$set.csv" "$folder/$set.csv" <<'PY'
import csv, sys
csv.field_size_limit(10 ** 9)
with open(sys.argv[1], newline="", encoding="utf-8-sig") as source, open(sys.argv[2], "w", newline="", encoding="utf-8") as target:
    rows = csv.DictReader(source)
    columns = [name for name in rows.fieldnames if name != "truth_cluster"]
    writer = csv.DictWriter(target, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
PY
    review="$folder/$set.tamis"
    "$tamis" init "$review" --title "$set" --reviewer a >/dev/null
    "$tamis" -r "$review" import "$folder/$set.csv" --source "$set" >/dev/null
    "$tamis" -r "$review" dedup run >&2
    "$tamis" -r "$review" export duplicates --format csv >"$folder/$set.result.csv"
    printf '%s\t' "$set"
    python3 "$reference/score.py" "$reference/$set.csv" "$folder/$set.result.csv" --json
done
