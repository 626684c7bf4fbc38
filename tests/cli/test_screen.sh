#!/bin/sh
# check and show: one screen of a large model, --full, --only; words of the joint only where the
# tissue stands for more; run --json and --note; the first line of progress.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
large=$LACUNA_SOURCE/params/adsc_50M.yaml
lines() {
    wc -l <"$1"
}

try 0 check "$large"
[ "$(lines out)" -le 40 ] || fail "check of a large model: $(lines out) lines"
says out '--full prints all of it'
says out 'fastest'
try 0 check "$large" --full
[ "$(lines out)" -gt 100 ] || fail "check --full: only $(lines out) lines"
says out 'in the whole joint'
cp out whole
try 0 check "$large" --only 'MMP13_loss'
grep -v '^ ' out | grep -v '^$' >headings
[ "$(lines headings)" -ge 2 ] || fail "--only shows no headings"
grep '^ ' out | grep -v MMP13_loss && fail "--only shows other lines"
while IFS= read -r line; do
    grep -qxF -e "$line" whole || fail "--only shows what --full does not: $line"
done <out
try 0 check "$large" --only 'MMP1?_l*s'
says out 'MMP13_loss'
try 2 check "$large" --only nowhere_at_all
says err "no line matches 'nowhere_at_all'"
try 2 check "$large" --only IL1b --json

write_decay
try 0 check decay.yaml
cp out small
try 0 check decay.yaml --full
cmp -s out small || fail "a small model is not told whole"
grep -q joint out && fail "a flask is called a joint"

# Values of events are in the unit of what they act on.
write_slab
try 0 check slab.yaml --only dose
says out 'add 3 nM to pool.A'

# run --json, --note and show.
try 0 run decay.yaml --json --note 'with the new pump' --out a.nc
says out '"result": "a.nc"'
says out '"reason": "success"'
says out '"frames": 11'
says out '"seed": null'
says out '"note": "with the new pump"'
if command -v python3 >/dev/null; then
    python3 -c 'import json, sys
d = json.load(open("out"))
assert d["exit"] == {"code": 0, "reason": "success", "message": None}, d
assert d["steps"] > 0 and d["rejected"] == sum(d["rejected_by"].values()) and d["begun"], d
assert d["wall_s"] > 0 and d["time_s"] == d["until_s"] == 36000, d' || fail "run --json: $(cat out)"
fi
try 0 show a.nc
says out 'with the new pump'
says out 'Ledger'
grep -q joint out && fail "the ledger of a flask is called that of a joint"
try 0 show a.nc --json
says out '"note": "with the new pump"'
try 0 show a.nc --only 'pool_A'
says out 'Last values'
try 0 run decay.yaml --json --resume auto --out a.nc
says out '"begun": false'
try 73 run decay.yaml --json --out a.nc
says out '"code": 73'
try 0 ensemble decay.yaml -R 2 -q --note 'pairs' --out pair
try 0 show pair/index.nc
says out 'pairs'

# Of a large result one screen.
try 0 run "$large" --until "1 min" --out big.nc
says err 'unknowns'
try 0 show big.nc
[ "$(lines out)" -le 45 ] || fail "show of a large result: $(lines out) lines"
says out 'The ledger closes to'
try 0 show big.nc --full
says out 'Ledger (whole joint)'
finish
