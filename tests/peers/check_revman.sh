#!/bin/sh
# Reads the RevMan 5 table and the Cochrane data package back with a reader in R that knows nothing of tamis, pools every analysis from the
# rows again with metafor, and compares estimates, intervals, tau2, weights and subgroups.
#   tests/peers/check_revman.sh [PROGRAM]
# Needs R with metafor; exits 0 with a word where they are absent. PROGRAM is target/debug/tamis by default.
set -eu
if ! Rscript -e 'library(metafor)' >/dev/null 2>&1; then
    echo "R with metafor is absent: nothing was checked"
    exit 0
fi
. "$(dirname "$0")/example.sh"
sed 's/^version = 1$/version = 2/' "$root/examples/ketamine/form.toml" >"$folder/form.toml"
cat "$root/tests/data/further-analyses.toml" >>"$folder/form.toml"
"$tamis" -r "$review" --as AR form use "$folder/form.toml" >/dev/null
"$tamis" -r "$review" export revman --bom -o "$folder/revman.csv" >/dev/null 2>&1
"$tamis" -r "$review" export package --id CD000000 -o "$folder/package.zip" >/dev/null 2>&1
for analysis in 1.1 1.2 1.4 1.9 2.1 2.2 2.3 2.4 2.5 2.10; do
    "$tamis" -r "$review" analyse run "$analysis" --json >"$folder/$analysis.json"
done
Rscript "$root/tests/peers/check_revman.R" "$folder"
"$tamis" -r "$review" export rm5 -o "$folder/review.rm5" >/dev/null 2>&1
"$tamis" -r "$review" export revman --format json >"$folder/revman.json" 2>/dev/null
python3 "$root/tests/peers/check_rm5.py" "$folder"
