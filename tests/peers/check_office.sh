#!/bin/sh
# Opens the workbook and the Word documents with LibreOffice, and pools the workbook's pairs of arms with metafor.
#   tests/peers/check_office.sh [PROGRAM]
# Needs LibreOffice (Calc and Writer) and R with metafor and jsonlite; exits 0 with a word where they are absent. PROGRAM is
# target/debug/tamis by default.
set -eu
if ! command -v soffice >/dev/null || ! Rscript -e 'library(metafor); library(jsonlite)' >/dev/null 2>&1; then
    echo "LibreOffice or R with metafor is absent: nothing was checked"
    exit 0
fi
. "$(dirname "$0")/example.sh"
"$tamis" -r "$review" export workbook -o "$folder/all.xlsx" >/dev/null
"$tamis" -r "$review" export characteristics -o "$folder/characteristics.docx" >/dev/null
"$tamis" -r "$review" grade table -o "$folder/findings.docx"
for analysis in 1.1 1.4 1.9; do
    "$tamis" -r "$review" analyse run "$analysis" --json >"$folder/$analysis.json"
done
# Every sheet becomes a file of its own; cells as they are, not as they are shown.
office() { soffice "-env:UserInstallation=file://$folder/profile" --headless "$@" >/dev/null 2>&1; }
office --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' --outdir "$folder" "$folder/all.xlsx"
office --convert-to txt:Text --outdir "$folder" "$folder/characteristics.docx"
office --convert-to txt:Text --outdir "$folder" "$folder/findings.docx"
grep -q 'Characteristics of included studies' "$folder/characteristics.txt"
grep -q '377 per 1000 (122 to 1,000)' "$folder/findings.txt"
cat >"$folder/check.R" <<'R'
suppressMessages({library(metafor); library(jsonlite)})
folder <- commandArgs(TRUE)[1]
pairs <- read.csv(file.path(folder, "all-pairs.csv"))
findings <- read.csv(file.path(folder, "all-findings.csv"))
failed <- 0
check <- function(id, wanted, when, measure) {
    rows <- pairs[pairs$outcome == wanted & pairs$timepoint == when, ]
    es <- if (measure == "MD") {
        escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = rows)
    } else {
        escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = rows)
    }
    fit <- rma(yi, vi, data = es, method = "DL")
    ours <- fromJSON(file.path(folder, paste0(id, ".json")))
    gap <- max(abs(c(fit$beta - ours$estimate, fit$ci.lb - ours$ci_lb, fit$ci.ub - ours$ci_ub, fit$tau2 - ours$tau2)))
    row <- findings[findings$analysis == as.numeric(id), ]
    back <- if (measure == "MD") identity else exp
    gap <- max(gap, abs(back(ours$estimate) - row$estimate))
    cat(sprintf("%s %s: largest difference %.1e\n", id, measure, gap))
    if (!is.finite(gap) || gap > 1e-9) failed <<- failed + 1
}
check("1.1", "pain", "immediate", "MD")
check("1.4", "pain", "short", "MD")
check("1.9", "adverse_events", "any", "RR")
quit(status = failed)
R
Rscript "$folder/check.R" "$folder"
