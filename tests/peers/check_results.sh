#!/bin/sh
# Reads the tables of results back with metafor and pools them again: the same estimates and intervals as tamis gives.
#   tests/peers/check_results.sh [PROGRAM]
# Needs R with metafor; exits 0 with a word where they are absent. PROGRAM is target/debug/tamis by default.
set -eu
if ! Rscript -e 'library(metafor)' >/dev/null 2>&1; then
    echo "R with metafor is absent: nothing was checked"
    exit 0
fi
. "$(dirname "$0")/example.sh"
"$tamis" -r "$review" export pairs -o "$folder/pairs.csv" >/dev/null
"$tamis" -r "$review" export results -o "$folder/results.csv" >/dev/null
"$tamis" -r "$review" export results -o "$folder/results.xlsx" >/dev/null
for analysis in 1.1 1.4 1.9; do
    "$tamis" -r "$review" analyse run "$analysis" --json >"$folder/$analysis.json"
done
cat >"$folder/check.R" <<'R'
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
pairs <- read.csv(file.path(folder, "pairs.csv"))
long <- read.csv(file.path(folder, "results.csv"))
failed <- 0
check <- function(id, wanted, when, measure) {
    rows <- pairs[pairs$outcome == wanted & pairs$timepoint == when, ]
    es <- if (measure == "MD") {
        escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = rows, slab = slab)
    } else {
        escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = rows, slab = slab)
    }
    fit <- rma(yi, vi, data = es, method = "DL")
    ours <- fromJSON(file.path(folder, paste0(id, ".json")))
    gap <- max(abs(c(fit$beta - ours$estimate, fit$ci.lb - ours$ci_lb, fit$ci.ub - ours$ci_ub, fit$tau2 - ours$tau2)))
    arms <- long[long$outcome == wanted & long$timepoint == when & long$level == "arm", ]
    n <- if (measure == "MD") sum(arms$n) else sum(arms$total)
    same <- n == sum(rows$n1i) + sum(rows$n2i)
    cat(sprintf("%s %s: %d studies, largest difference %.1e, sizes %s\n", id, measure, nrow(rows), gap, if (same) "agree" else "DIFFER"))
    if (gap > 1e-8 || !same) failed <<- failed + 1
}
check("1.1", "pain", "immediate", "MD")
check("1.4", "pain", "short", "MD")
check("1.9", "adverse_events", "any", "RR")
quit(status = if (failed > 0) 1 else 0)
R
Rscript "$folder/check.R" "$folder"
if python3 -c 'import openpyxl' >/dev/null 2>&1; then
    python3 - "$folder/results.xlsx" <<'P'
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
cells = [cell for row in book.active.iter_rows() for cell in row]
formulas = sum(1 for cell in cells if cell.data_type == "f")
numbers = sum(1 for cell in cells if cell.data_type == "n" and cell.value is not None)
print(f"workbook: {len(cells)} cells, {numbers} numbers, {formulas} formulas")
sys.exit(1 if formulas else 0)
P
fi
