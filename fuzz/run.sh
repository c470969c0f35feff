#!/bin/sh
# Runs every fuzz target for some seconds each and prints a line per target: executions, coverage, findings.
#   fuzz/run.sh [SECONDS] [TARGET...]
# What is found stands in fuzz/artifacts/TARGET; the inputs that were kept stand in fuzz/corpus/TARGET.
set -u
cd "$(dirname "$0")" || exit 1
seconds=${1:-60}
[ $# -gt 0 ] && shift
if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "cargo-fuzz is needed: cargo install cargo-fuzz --locked" >&2
    exit 1
fi
# Coverage counters are an unstable option: a nightly compiler takes it, a stable one when told to.
if cargo +nightly --version >/dev/null 2>&1; then
    fuzz() { cargo +nightly fuzz "$@"; }
else
    fuzz() { RUSTC_BOOTSTRAP=1 cargo fuzz "$@"; }
fi
targets=${*:-$(fuzz list --fuzz-dir .)}
./seed.sh || exit 1
failed=0
for target in $targets; do
    log=artifacts/$target.log
    mkdir -p "artifacts/$target" "corpus/$target"
    # What is built first is not part of the time; a target that does not build says why.
    if ! fuzz build --fuzz-dir . --sanitizer none "$target" >"$log" 2>&1; then
        echo "$target: not built"
        tail -n 20 "$log"
        failed=1
        continue
    fi
    fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" -- \
        -dict="dictionaries/$target.dict" -max_len=2048 -timeout=20 -rss_limit_mb=2048 \
        -max_total_time="$seconds" -print_final_stats=1 >"$log" 2>&1 || failed=1
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    coverage=$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1)
    findings=$(find "artifacts/$target" -type f | wc -l)
    echo "$target: ${executions:-0} executions, ${coverage:-cov: 0}, $findings findings"
    grep -a -A 2 'panicked at' "$log" | cut -c 1-300
done
exit $failed
