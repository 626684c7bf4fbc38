#!/bin/sh
# A run with a budget of wall-clock time leaves with a checkpoint before it has run out.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
# Fine output makes many steps: half a second of work and more.
sed -i 's/every: 2 h, fields_every: 12 h/every: 30 s, fields_every: 2 h/' slab.yaml

began=$(date +%s.%N)
try 0 run slab.yaml --out whole.nc --quiet
# Again and again, first with an eighth of the time, then with more each time, so that a machine that is slow or
# fast by now comes to the end too: each time it comes further.
budget=$(awk -v began="$began" -v ended="$(date +%s.%N)" 'BEGIN { print((ended - began) / 8) }')
code=85
times=0
while [ "$code" -eq 85 ] && [ $times -lt 40 ]; do
    times=$((times + 1))
    "$LACUNA" run slab.yaml --out part.nc --resume auto --wall "$budget s" --quiet >out 2>err
    code=$?
    [ "$code" -ne 85 ] || grep -q 'the wall-clock limit is reached at t = .*lacuna resume part.ckpt' err ||
        fail "exit code 85 says: $(cat err)"
    budget=$(awk -v budget="$budget" 'BEGIN { print(1.3 * budget) }')
done
[ "$code" -eq 0 ] || fail "run --wall: exit code $code: $(cat err)"
[ $times -gt 1 ] || fail "$budget s was enough: the budget was not used"
if ! h5diff -c --exclude-path=/provenance whole.nc part.nc >differences 2>&1 ||
    [ -s differences ]; then
    fail "a run in $times pieces: $(head -3 differences)"
fi

# resume has a budget too; it is kept with some room.
try 85 run slab.yaml --out two.nc --wall 0.02s --quiet
began=$(date +%s)
try 85 resume two.ckpt --wall 0.02s --quiet
[ $(($(date +%s) - began)) -le 5 ] || fail 'a budget of 0.02 s took more than 5 s'
try 0 resume two.ckpt --wall '10 min' --quiet
h5diff -c --exclude-path=/provenance whole.nc two.nc >differences 2>&1 ||
    fail "a run and a resume with budgets: $(head -3 differences)"

# How a span of time is said, and how not.
write_decay
for wall in 3h50m '3 h 50 min' '13800 s' 3:50:00 50:00 1-12 1-12:30 1-12:30:00 '2d 3h' 1.5h \
    '2 days 1 hour 1 minute 1 second'; do
    try 0 run decay.yaml --out wall.nc --force --quiet --wall "$wall"
done
for wall in '' 50 3h50 '50m 3h' 3h3h '0 s' -5s 0:00 1:60:00 1:2:3:4 1-2:3:4:5 3: :50 1- -1 '3 km' \
    1e3s 0x10s inf '1..5 s' '9e99 d' 99999999999s 3h50m! ' '; do
    try 2 run decay.yaml --out wall.nc --force --quiet --wall "$wall"
    says err --wall
done
finish
