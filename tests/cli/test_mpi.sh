#!/bin/sh
# A sweep on the ranks of an MPI job: the index of a sweep without it, one failing member, signals,
# and another sweep in the same directory.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! "$LACUNA" --version | grep -q mpi=yes; then
    echo 'skipped: built without MPI' >&2
    exit 77
fi
for tool in mpirun h5diff; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: no $tool" >&2
        exit 77
    fi
done
# Tests may be run by root in a container with fewer processors than ranks.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1
write_decay
write_slab
sed -i 's/every: 2 h, fields_every: 12 h/every: 30 s, fields_every: 2 h/' slab.yaml
cat >twelve.yaml <<'YAML'
lacuna_plan: 1
title: twelve points
scenario: decay.yaml
vary:
  k: {from: 0.1 1/h, to: 0.4 1/h, steps: 6}
  run.rtol: [1e-3, 1e-5]
YAML
cat >long.yaml <<'YAML'
lacuna_plan: 1
title: four long members
scenario: slab.yaml
vary:
  D: [20 um^2/s, 40 um^2/s, 60 um^2/s, 80 um^2/s]
YAML

# ranks N CODE WORD...: lacuna on N ranks.
ranks() {
    count=$1
    expected=$2
    shift 2
    said="$count ranks: lacuna $*"
    mpirun -n "$count" "$LACUNA" "$@" >out 2>err
    code=$?
    if [ $code -ne "$expected" ]; then
        fail "$said: exit code $code, expected $expected"
        cat out err >&2
    fi
}

# same DIR DIR: see test_sweep.sh.
same() {
    h5diff -c --exclude-path=/provenance --exclude-path=/effort "$1/index.nc" "$2/index.nc" \
        >all-differences 2>&1
    [ $? -le 1 ] || fail "$2: h5diff cannot compare its index with that of $1"
    sed '/^attribute: <REFERENCE_LIST of <\/member>>/,/differences found/d' all-differences \
        >differences
    [ ! -s differences ] || fail "$2: the index is not that of $1: $(head -5 differences)"
}

try 0 sweep twelve.yaml --members files --out alone --quiet
for count in 2 4; do
    ranks $count 0 sweep twelve.yaml --out on-$count
    says out "on-$count: 12 of 12 members done"
    [ "$(grep -c index.nc out)" -eq 1 ] || fail "$said: not one rank alone speaks"
    [ -z "$(ls "on-$count/locks")" ] || fail "$said: left a lock"
    same alone "on-$count"
done
# Several ranks had a share in it.
[ "$(find on-4/journal -name '*.tsv' | wc -l)" -gt 1 ] || fail 'one rank did all'
ranks 2 0 sweep twelve.yaml --out on-2
says out '(12 before)'
ranks 2 0 sweep twelve.yaml --dry-run
[ "$(grep -c 'twelve points' out)" -eq 1 ] || fail "$said: not one rank alone speaks"

# One member fails; it is told once, and the others are done.
sed 's/rate: k \* A/rate: k * A \/ (1 - bad)/; s/^parameters:/parameters:\n  bad: {value: 0, kind: assumption, source: made up for a test}/' \
    decay.yaml >brittle.yaml
cat >one-bad.yaml <<'YAML'
lacuna_plan: 1
scenario: brittle.yaml
vary: {bad: [0, 0.5, 1, 0.75]}
YAML
ranks 3 3 sweep one-bad.yaml
[ "$(grep -c 'member 000002 (bad=1) failed: ' err)" -eq 1 ] || fail "$said: not told once"
says out '3 of 4 members done, 1 failed'

# The words that are wrong are told once too, and nobody waits for the others.
ranks 2 73 sweep twelve.yaml --out decay.yaml
[ "$(grep -c 'lacuna: error' err)" -eq 1 ] || fail "$said: not told once"

# Asked to leave: checkpoints, exit code 75, and the same command goes on, with or without MPI.
try 0 sweep long.yaml --members files --out whole --quiet
mpirun -n 2 "$LACUNA" sweep long.yaml --out left --checkpoint-every '0.2 s' >out 2>err &
pid=$!
said='two ranks that get SIGUSR2'
tries=0
while [ ! -s left/members/000001.nc ] && [ $tries -lt 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
try 73 sweep long.yaml --out left
says err 'another process runs this sweep'
said='two ranks that get SIGUSR2'
kill -USR2 $pid
wait $pid
code=$?
[ $code -eq 75 ] || fail "$said: exit code $code: $(cat err)"
[ -z "$(ls left/locks)" ] || fail "$said: left a lock"
[ ! -e left/index.nc ] || fail "$said: left an index"
ranks 2 0 sweep long.yaml --out left
same whole left
ranks 2 85 sweep long.yaml --out budget --wall '1.5 s'
try 0 sweep long.yaml --members files --out budget --quiet
same whole budget
finish
