#!/bin/sh
# Many small members as users have them: a sweep of 10 000 replicates of an SIR epidemic (100 days, 101 frames)
# with its index (curves' statistics, two endpoints), by one worker: members a second of processor time, the
# program's start and the index included. Usage: members_with_index.sh [MEMBERS]; LACUNA is the program.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
members=${1:-10000}
lacuna=${LACUNA:-build/lacuna}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The model of the bench from Python, so that both are of the same.
sed -n '/^TEXT = """/,/^"""/p' "$(dirname "$0")/../../python/examples/bench.py" | sed '1d;$d' >"$work/sir.yaml"
cat >"$work/plan.yaml" <<END
lacuna_plan: 1
scenario: sir.yaml
replicates: $members
seed: 1
endpoints: {removed: last(removed), peak: most(infected)}
END
for turn in 1 2 3 4 5; do
    times >"$work/before"
    "$lacuna" sweep --quiet --workers 1 --members memory --out "$work/$turn" "$work/plan.yaml"
    times >"$work/after"
    awk -v n="$members" 'FNR == 2 { for (k = 1; k <= 2; k++) { split($k, t, /[ms]/); now[k] = 60 * t[1] + t[2] }
        used = now[1] + now[2] - used } END { printf "%.0f\n", n / used }' \
        "$work/before" "$work/after" >>"$work/rates"
    rm -rf "${work:?}/$turn"
done
sort -n "$work/rates" | sed -n 3p |
    awk -v n="$members" '{ printf "bench members.with_index %d 1/s of processor time (%d members)\n", $1, n }'
