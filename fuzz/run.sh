#!/bin/sh
# Runs every fuzz target for some seconds each and prints a line per target: executions, coverage, findings.
#   fuzz/run.sh [SECONDS] [TARGET...]
# What is found stands in fuzz/artifacts/TARGET; the inputs that were kept stand in fuzz/corpus/TARGET.
set -u
cd "$(dirname "$0")" || exit 1
seconds=${1:-60}
[ $# -gt 0 ] && shift
targets=${*:-$(cargo +nightly fuzz list --fuzz-dir .)}
./seed.sh
failed=0
for target in $targets; do
    log=artifacts/$target.log
    mkdir -p "artifacts/$target" "corpus/$target"
    cargo +nightly fuzz run --fuzz-dir . --sanitizer none "$target" "corpus/$target" -- \
        -dict="dictionaries/$target.dict" -max_len=2048 -timeout=20 -rss_limit_mb=2048 \
        -max_total_time="$seconds" -print_final_stats=1 >"$log" 2>&1 || failed=1
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    coverage=$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1)
    findings=$(find "artifacts/$target" -type f | wc -l)
    echo "$target: ${executions:-0} executions, ${coverage:-cov: 0}, $findings findings"
    grep -a -A 2 'panicked at' "$log" | cut -c 1-300
done
exit $failed
