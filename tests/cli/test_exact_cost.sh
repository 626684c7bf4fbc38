#!/bin/sh
# What the method exact costs is told before it is paid: by check, by a run that is refused, and by
# one that comes to its limit. The even column of the knee is taken, and refused by its cost alone.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
column=$LACUNA_SOURCE/params/joint/column/even_adsc_50M.yaml

try 0 check "$column" --set run.method=exact --set run.seed=1
like out 'about 1\.[0-9]+e\+11 events an hour at the initial propensities'
like out 'us of work an event, measured now'
like out 'exceeds max_events = 1e\+11: the run would be refused. A run of [0-9]+ min'
try 0 check "$column" --set run.method=exact --set run.seed=1 --json
like out '"events_per_s": ?[0-9.]+e?\+?'
try 0 check "$column" --json
like out '"events_per_s": ?null'

try 78 run "$column" --set run.method=exact --set run.seed=1 --out k.nc
like err 'has about [0-9.e+]+ events, more than max_events = 1e\+11. Shorten the run to [0-9]+ min'
try 0 run "$column" --set run.method=exact --set run.seed=1 --until '0.00001 s' --out k.nc
like out 'k\.nc: .* in 1 steps'

cat >explodes.yaml <<'EOF'
lacuna: 1
domains: {bath: {kind: well-mixed, volume: 1e-9 mL}}
species: {A: {bath: {total: true, initial: 100 molecule}}}
reactions: {p: {in: bath, equation: "A -> 2 A", rate: "1/s*A"}}
run: {until: 14 s, seed: 1, method: exact, max_events: 4e5}
EOF
try 78 run explodes.yaml --out e.nc
like err 'at t = [0-9.]+ s: the run has reached max_events = 4e\+05'

finish
