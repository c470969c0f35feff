#!/usr/bin/env bash
# Times pooling against R's metafor on the same machine in the same run, and compares the answers.
#
#   benches/against_metafor.sh [rounds] [quick]
#
# Each round runs `perf_metafor.R` (from $TAMIS_REFERENCE/pooling, or ../shared/reference/pooling) and then `cargo bench --bench pooling`;
# the table shows medians over the rounds (3 when not given) of CPU time per unit. `quick` leaves out what takes R minutes (k = 1000).
# Then: the answers of both side by side, and the time on the clock of `tamis pool` on a table of 13 studies against `Rscript`.
# Needs R with metafor, metadat (and, for further models, lme4, BiasedUrn and numDeriv); on Debian and Ubuntu they are installed when missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-3}
quick=${2:-}
reference=${TAMIS_REFERENCE:-../shared/reference}/pooling
[ -f "$reference/perf_metafor.R" ] || { echo "no perf_metafor.R in $reference: set TAMIS_REFERENCE" >&2; exit 2; }
if ! command -v Rscript >/dev/null; then
  echo "installing R and metafor" >&2
  apt-get update >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    r-base-core r-cran-metafor r-cran-metadat r-cran-lme4 r-cran-biasedurn r-cran-numderiv >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --release --quiet
cargo bench --bench pooling --no-run --quiet
for round in $(seq "$rounds"); do
  echo "round $round of $rounds" >&2
  # shellcheck disable=SC2086 # an empty word must vanish
  Rscript "$reference/perf_metafor.R" $quick >"$work/metafor.$round"
  cargo bench --bench pooling --quiet >"$work/tamis.$round"
done
cargo bench --bench pooling --quiet -- --answers >"$work/answers"

# End to end, on the clock: medians of 21 and of 5 runs.
data=tests/data/pooling/bcg.csv
wall() { # runs, command...
  local runs=$1
  shift
  for _ in $(seq "$runs"); do
    local start=$EPOCHREALTIME
    "$@" >/dev/null 2>&1
    local end=$EPOCHREALTIME
    echo "$((${end/./} - ${start/./}))"
  done | sort -n | sed -n "$(((runs + 1) / 2))p"
}
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
tamis_us=$(wall 21 "$target/release/tamis" pool "$data" --measure RR --tau2 REML)
rscript_us=$(wall 5 Rscript -e 'suppressMessages(library(metafor)); d <- read.csv(commandArgs(TRUE)[1]);
  print(rma(escalc(measure = "RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d)))' "$data")

Rscript --vanilla - "$work" "$rounds" "$tamis_us" "$rscript_us" <<'R'
argument <- commandArgs(TRUE); folder <- argument[1]
field <- function(line, name) { m <- regmatches(line, regexec(sprintf('"%s":("([^"]*)"|[-0-9.eE+]+)', name), line)); sapply(m, function(x) if (length(x) == 0) NA else if (nzchar(x[3])) x[3] else x[2]) }
read <- function(what) { lines <- unlist(lapply(seq_len(as.integer(argument[2])), function(i) readLines(file.path(folder, paste0(what, ".", i))))); lines <- lines[grepl('"cpu_ms_per_unit"', lines)]
  d <- data.frame(name = field(lines, "name"), ms = as.numeric(field(lines, "cpu_ms_per_unit")), allocations = as.numeric(field(lines, "allocations")))
  aggregate(cbind(ms, allocations) ~ name, d, median, na.action = na.pass) }
r <- read("metafor"); t <- read("tamis")
# Bars to hold and goals to reach, in times metafor's speed.
bar <- c(escalc_rr_k13 = 2000, rma_ee_k13 = 5000, rma_dl_k13 = 5000, rma_reml_k13 = 5000, rma_reml_knha_metareg_k13 = 5000, rma_mh_or_k13 = 5000, bootstrap_reml_1000_k13 = 3000,
  "gosh_ee_2^13" = 20000, "gosh_reml_2^10" = 3000, "permutest_exact_signflip_2^10" = 3000, permutest_metareg_1000 = 3000, rma_reml_k1000 = 50000)
goal <- c(escalc_rr_k13 = 2000, rma_ee_k13 = 25000, rma_dl_k13 = 25000, rma_reml_k13 = 12000, rma_reml_knha_metareg_k13 = 7000, rma_mh_or_k13 = 16000,
  confint_qp_k13 = 1200, influence_k13 = 4000, leave1out_reml_k13 = 5000, leave1out_reml_k100 = 5000, cumul_reml_k100 = 4000, trimfill_k13 = 2000,
  bootstrap_reml_1000_k13 = 8700, "gosh_ee_2^13" = 20000, "gosh_reml_2^10" = 10000, "permutest_exact_signflip_2^10" = 70000,
  permutest_metareg_1000 = 3000, rma_reml_k1000 = 118000, rma_dl_k1000 = 118000, leave1out_dl_k300 = 100000, rma_mv_3level_k56 = 90,
  selmodel_step_k37 = 200, glmm_umfs_k18 = 250, glmm_cmel_k18 = 470)
cat(sprintf("%-36s %14s %14s %10s %8s %8s %6s\n", "workload", "metafor CPU ms", "tamis CPU us", "ratio", "bar", "goal", "alloc"))
show <- function(x) if (is.na(x)) "-" else format(x, scientific = FALSE)
for (name in t$name[order(match(t$name, c(r$name, t$name)))]) {
  ours <- t[t$name == name, ]; theirs <- r$ms[r$name == name]
  ratio <- if (length(theirs)) theirs / ours$ms else NA
  verdict <- if (is.na(ratio) || is.na(bar[name])) "" else if (ratio >= bar[name]) "" else "  BELOW THE BAR"
  cat(sprintf("%-36s %14s %14.4g %10s %8s %8s %6g%s\n", name, if (length(theirs)) format(signif(theirs, 4), scientific = FALSE) else "-", 1000 * ours$ms,
    if (is.na(ratio)) "-" else format(round(ratio), big.mark = ","), show(bar[name]), show(goal[name]), ours$allocations, verdict)) }
cat(sprintf("\nend to end, 13 studies: Rscript %.0f ms, tamis %.2f ms on the clock: %.0f times (bar 200)\n",
  as.numeric(argument[4]) / 1000, as.numeric(argument[3]) / 1000, as.numeric(argument[4]) / as.numeric(argument[3])))

suppressMessages({ library(metafor); library(metadat) }); options(warn = -1)
tight <- list(threshold = 1e-13, maxiter = 1000)
d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg); y <- as.numeric(d$yi); v <- as.numeric(d$vi)
f <- rma(y, v, control = tight); m <- rma(y, v, mods = ~ ablat, data = dat.bcg, test = "knha", control = tight)
s <- read.csv("tests/data/pooling/sim1000.csv")
k <- rma.mv(yi, vi, random = ~ 1 | district/school, data = dat.konstantopoulos2011)
answers <- c(ee_estimate = rma(y, v, method = "EE")$b, dl_tau2 = rma(y, v, method = "DL")$tau2, reml_tau2 = f$tau2, reml_estimate = f$b, reml_se = f$se,
  reml_p = f$pval, mh_or_estimate = rma.mh(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)$b[[1]], metareg_slope = m$b[2],
  metareg_slope_p = m$pval[2], qp_lower = confint(f, control = list(tol = 1e-14))$random[1, 2], qp_upper = confint(f, control = list(tol = 1e-14))$random[1, 3],
  cook_largest = max(influence(f)$inf$cook.d), leave1out_tau2_first = leave1out(f)$tau2[1], trimfill_estimate = trimfill(f)$b,
  reml_tau2_k300 = rma(s$yi[1:300], s$vi[1:300], control = tight)$tau2, three_level_estimate = k$b, three_level_outer = k$sigma2[1])
lines <- readLines(file.path(folder, "answers")); lines <- lines[grepl('"answer"', lines)]
ours <- setNames(as.numeric(field(lines, "value")), field(lines, "answer"))
cat(sprintf("\n%-24s %22s %22s %10s\n", "answer", "metafor", "tamis", "difference"))
for (name in names(answers)) cat(sprintf("%-24s %22.15g %22.15g %10.1e\n", name, answers[name], ours[name], abs(ours[name] / answers[name] - 1)))
R
