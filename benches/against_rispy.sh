#!/usr/bin/env bash
# Times this program and rispy on the same RIS file, one after the other: benches/against_rispy.sh [RECORDS]
#
# Both read the file from the disk, make records of it and count them; the program also decodes, cleans and normalises every field
# and takes the file's SHA-256. Processor time of one core; the middle of five runs each. Needs cargo, python3 and, once, a network
# for `pip install rispy` (into a folder of its own, kept as target/rispy).
set -euo pipefail
cd "$(dirname "$0")/.."
records="${1:-100000}"
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target/rispy"
file="$target/rispy/search-$records.ris"
[ -x "$target/rispy/venv/bin/python" ] || python3 -m venv "$target/rispy/venv"
"$target/rispy/venv/bin/python" -c 'import rispy' 2>/dev/null || "$target/rispy/venv/bin/pip" install --quiet rispy

cargo build --quiet --release --bench import
bench="$(cargo build --quiet --release --bench import --message-format=json | grep -o '"executable":"[^"]*import-[^"]*"' | tail -1 | cut -d'"' -f4)"
[ -s "$file" ] || "$bench" --write "$file" "$records"

middle() { for _ in 1 2 3 4 5; do "$@"; done | sort -t$'\t' -k2 -n | sed -n 3p; }
ours() { "$bench" --file "$file" | awk -F'\t' '{ split($2, n, " "); split($3, s, " "); print n[1] "\t" s[1] }'; }
theirs() {
    "$target/rispy/venv/bin/python" - "$file" <<'PY'
import sys, time, rispy
start = time.process_time()
with open(sys.argv[1], encoding="utf-8") as file:
    records = rispy.load(file)
print(f"{len(records)}\t{time.process_time() - start:.3f}")
PY
}
ours_line="$(middle ours)"
theirs_line="$(middle theirs)"
version="$("$target/rispy/venv/bin/pip" show rispy | sed -n 's/^Version: //p')"
awk -v ours="$ours_line" -v theirs="$theirs_line" -v version="$version" -v size="$(wc -c <"$file")" 'BEGIN {
    split(ours, a, "\t"); split(theirs, b, "\t")
    printf "file\t%.1f MB\n", size / 1e6
    printf "tamis\t%d records\t%.3f s\t%.1f MB/s\n", a[1], a[2], size / 1e6 / a[2]
    printf "rispy %s\t%d records\t%.3f s\t%.1f MB/s\n", version, b[1], b[2], size / 1e6 / b[2]
    printf "ratio\t%.1f\n", b[2] / a[2]
    if (a[1] != b[1]) { print "the counts differ"; exit 1 }
}'
