#!/bin/sh
# What chance costs: a scenario by the method hybrid and by mean-field, in turn, on one thread: processor
# seconds of each, their ratio, and the steps. Usage: hybrid_cost.sh [SCENARIO [UNTIL]] (20 d; with BENCH=all, half
# a year); LACUNA is the program.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
scenario=${1:-$(dirname "$0")/../../params/joint/section_cells_adsc_50M.yaml}
[ "${BENCH:-}" = all ] && until='180 d' || until='20 d'
until=${2:-$until}
lacuna=${LACUNA:-build/lacuna}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# cost METHOD: processor seconds of one run; its steps go to the standard error.
cost() {
    times >"$work/before"
    "$lacuna" run "$scenario" --until "$until" --set run.method="$1" --set run.save.fields=none \
        --threads 1 --quiet --force --out "$work/$1.nc"
    times >"$work/after"
    "$lacuna" show "$work/$1.nc" | sed -n "s/^  steps */  $1: /p" >&2
    awk 'FNR == 2 { split($1, t, /[ms]/); used = 60 * t[1] + t[2] - used }
        END { printf "%.2f\n", used }' "$work/before" "$work/after"
}

for _ in 1 2 3; do
    cost hybrid >>"$work/hybrid"
    cost mean-field >>"$work/mean"
done
median() { sort -n "$1" | sed -n 2p; }
hybrid=$(median "$work/hybrid")
mean=$(median "$work/mean")
echo "$hybrid $mean" | awk -v of="$(basename "$scenario" .yaml), $until" '{
    printf "bench hybrid.knee_section %.2f s of processor time (%s)\n", $1, of
    printf "ratio %.2f against mean-field (%.2f s)\n", $1 / $2, $2
}'
