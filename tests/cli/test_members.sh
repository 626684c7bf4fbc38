#!/bin/sh
# Members in memory: the index of members in files, whoever ran them and whatever befell the workers.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
cat >town.yaml <<'YAML'
lacuna: 1
title: a town
domains:
  town: {kind: well-mixed, volume: 1 L}
species:
  well: {unit: cell, town: {initial: 48 cell, total: true}}
  ill: {unit: cell, town: {initial: 2 cell, total: true}}
parameters:
  catch: {value: 0.6 1/d, kind: assumption, source: made up for a test}
  recover: {value: 0.3 1/d, kind: assumption, source: made up for a test}
reactions:
  infection: {in: town, equation: well + ill -> 2 ill, rate: catch * well * ill / 50 cell}
  recovery: {in: town, equation: ill ->, rate: recover * ill}
events:
  quarantine: {when: town.ill > 20 cell, set: {catch: 0.3 1/d}}
observables:
  sick: town.ill
  over: {value: first(town.ill < 1 cell)}
run: {until: 60 d, method: exact, save: {every: 1 d}}
YAML
cat >plan.yaml <<'YAML'
lacuna_plan: 1
title: towns
scenario: town.yaml
design: random
points: 4
replicates: 3
vary:
  catch: {uniform: [0.3 1/d, 0.9 1/d]}
  run.paranoid: [0, 10]
endpoints: {most: {of: sick, take: most}, end: sick}
YAML

# same DIR DIR: but for where the members' own results are, and what it took.
same() {
    h5diff -c --exclude-path=/provenance --exclude-path=/effort --exclude-path=/file \
        "$1/index.nc" "$2/index.nc" >all-differences 2>&1
    [ $? -le 1 ] || fail "$2: h5diff cannot compare its index with that of $1"
    sed '/^attribute: <REFERENCE_LIST of <\/member>>/,/differences found/d' all-differences >differences
    [ ! -s differences ] || fail "$2: the index is not that of $1: $(head -5 differences)"
}
rows() {
    find "$1/members" -name '*.rows' | wc -l
}

# --- the same index either way, with any number of workers, from shares, and made again
try 0 sweep plan.yaml --out files --members files --quiet
[ "$(rows files)" -eq 0 ] || fail "$said: has rows"
for workers in 1 3; do
    try 0 sweep plan.yaml --out "memory$workers" --members memory --workers $workers --progress none
    says out '24 of 24 members done'
    same files "memory$workers"
    [ -z "$(find "memory$workers" -name '*.nc' ! -name index.nc)" ] || fail "$said: wrote results"
    try 0 verify-results "memory$workers"
done
try 0 sweep plan.yaml --out auto --quiet
same files auto
[ "$(rows auto)" -gt 0 ] || fail "$said: small members were not run in memory"
try 0 sweep plan.yaml --out shares --task 1/2 --members memory --quiet
try 0 sweep plan.yaml --out shares --task 2/2 --members files --quiet
try 0 merge shares
same files shares
try 0 verify-results shares
try 0 sweep plan.yaml --out auto --progress none
says out '(24 before)'

# Mean-field too, and ensembles.
sed 's/method: exact/method: mean-field/' town.yaml >mean.yaml
sed 's/town.yaml/mean.yaml/; s/replicates: 3/replicates: 1/; s/\[0, 10\]/[0]/' plan.yaml >smooth.yaml
try 0 sweep smooth.yaml --out smooth-files --members files --quiet
try 0 sweep smooth.yaml --out smooth --members memory --quiet
same smooth-files smooth
try 0 ensemble town.yaml -R 9 --out nine-files --members files --quiet
try 0 ensemble town.yaml -R 9 --out nine --quiet
same nine-files nine

# --- further endpoints of what records hold, and more members
sed 's/end: sick/end: sick, wells: town_well/; s/points: 4/points: 5/' plan.yaml >more.yaml
try 0 sweep more.yaml --out memory1 --extend --progress none
says out '30 of 30 members done (24 before)'
try 0 sweep more.yaml --out files --extend --members files --quiet
same files memory1

# --- members that fail are named, with the sentence of a run; the others are not touched
sed 's/run.paranoid: \[0, 10\]/run.max_events: [60, 1000]/' plan.yaml >limits.yaml
try 3 sweep limits.yaml --out limits-files --members files --progress none
grep 'failed: ' err | sort >failed-files
[ -s failed-files ] || fail "$said: none failed"
try 3 sweep limits.yaml --out limits --members memory --progress none
grep 'failed: ' err | sort >failed
cmp -s failed-files failed || fail "$said: says other sentences: $(diff failed-files failed | head -4)"
same limits-files limits

# --- the first error is quoted, not a warning before it
sed -e 's/  recover:/  turn: {value: 1, kind: assumption, source: made up for a test}\n  sign: {value: (turn - 1) * (turn - 3) + 0.5, kind: assumption, source: made up for a test}\n  recover:/' \
    -e 's/rate: recover/rate: sign * recover/; s/^events:/events:\n  late: {at: 300 d, set: {catch: 0.1 1\/d}}/' \
    town.yaml >warned.yaml
printf 'lacuna_plan: 1\nscenario: warned.yaml\nvary: {turn: [1, 2, 3]}\n' >turns.yaml
try 3 sweep turns.yaml --out turns-files --members files --progress none
grep 'failed: ' err >failed-files
try 3 sweep turns.yaml --out turns --members memory --progress none
grep 'failed: ' err >failed
says failed "error: the rate of 'recovery' is negative"
cmp -s failed-files failed || fail "$said: says other sentences: $(diff failed-files failed)"

# --- plan.txt of a table as long as one may be is longer than a plan that people write
head -c 17000000 /dev/zero | tr '\0' ' ' | sed 's/^/# /' >>nine/plan.txt
try 0 ensemble town.yaml -R 9 --out nine --progress none
says out '(9 before)'
try 0 verify-results nine

# --- whoever is killed loses what was in hand
sed 's/until: 60 d/until: 60 d, max_events: 1e12/; s/volume: 1 L/volume: 8000 L/; s/48 cell/3840000 cell/; s/ 2 cell, total/ 160000 cell, total/; s/50 cell/4000000 cell/' \
    town.yaml >city.yaml
sed '/quarantine/d; /^events/d' city.yaml >large.yaml
sed 's/town.yaml/large.yaml/; s/points: 4/points: 2/; s/\[0, 10\]/[0]/; s/replicates: 3/replicates: 2/' plan.yaml >long.yaml
worker_of() { # the processes whose parent is $1
    for of in /proc/[0-9]*/stat; do
        read -r number _ _ parent _ <"$of" && [ "$parent" = "$1" ] && echo "$number"
    done 2>/dev/null
}
"$LACUNA" sweep long.yaml --out killed --members memory --workers 2 --progress none >out 2>err &
sweep=$!
struck=
tries=0
while [ -z "$struck" ] && [ $tries -lt 200 ]; do
    struck=$(worker_of $sweep | head -1)
    tries=$((tries + 1))
    sleep 0.05
done
sleep 0.2
kill -9 "$struck"
wait $sweep
code=$?
said='a worker that was killed'
[ $code -eq 3 ] || fail "$said: exit code $code: $(cat err)"
says err 'killed by signal 9'
[ "$(grep -c ' lost: ' err)" -eq 1 ] || fail "$said: $(cat err)"
says out '3 of 4 members done, 1 failed'
try 0 sweep long.yaml --out killed --members memory --progress none
says out '4 of 4 members done (3 before)'
try 0 sweep long.yaml --out whole --members files --quiet
same whole killed

"$LACUNA" ensemble town.yaml -R 100000 --out crowd --workers 1 --quiet >out 2>err &
sweep=$!
tries=0
while [ -z "$(find crowd -name '*.rows' -size +900k 2>/dev/null)" ] && [ $tries -lt 600 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
kill -9 $sweep
wait $sweep 2>/dev/null
sleep 0.2
try 0 ensemble town.yaml -R 100000 --out crowd --status
done=$(sed -n 's/.*members: \([0-9]*\) done.*/\1/p' out)
[ "${done:-0}" -gt 100 ] || fail "$said: only '$done' members were kept: $(cat out)"
"$LACUNA" ensemble town.yaml -R 100000 --out crowd --workers 1 --progress none >out 2>err &
sweep=$!
sleep 1
kill -TERM $sweep
wait $sweep
code=$?
said='a sweep that was interrupted'
[ $code -eq 75 ] || fail "$said: exit code $code: $(cat err)"
says err 'interrupted: '
[ -z "$(worker_of $sweep)" ] || fail "$said: left workers behind"

# --- records that are damaged, and what cannot be in memory
try 0 ensemble town.yaml -R 9 --out broken --workers 1 --quiet
record=$(find broken -name '*.rows')
dd if="$record" of=byte bs=1 skip=3000 count=1 2>/dev/null
printf '\377' | cmp -s - byte && printf '\376' >other || printf '\377' >other
dd if=other of="$record" bs=1 seek=3000 conv=notrunc 2>/dev/null
try 3 verify-results broken
says out 'is damaged'
try 3 merge broken
says out 'is damaged'
sed 's/replicates: 3/replicates: 3\nkeep: {fields: all}/' plan.yaml >fields.yaml
try 2 sweep fields.yaml --members memory --out refused
says err 'fields are kept'
sed 's/replicates: 3/replicates: 3\nkeep: {checkpoints: yes}/' plan.yaml >kept.yaml
try 0 sweep kept.yaml --out kept --quiet
[ "$(rows kept)" -eq 0 ] || fail "$said: kept no checkpoints"
try 2 sweep plan.yaml --members nowhere
finish
