#!/bin/sh
# Many runs: the same index whatever the number of workers, after whatever befell the sweep or its
# members, and from shares that are merged; and the bad cases of directories, locks and words.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_decay
write_slab
# Members that take about a second, so that there is time to interfere.
sed -i 's/every: 2 h, fields_every: 12 h/every: 30 s, fields_every: 2 h/' slab.yaml
cat >six.yaml <<'YAML'
lacuna_plan: 1
title: six points
scenario: decay.yaml
vary:
  k: [0.1 1/h, 0.2 1/h, 0.4 1/h]
  run.rtol: [1e-3, 1e-5]
YAML
cat >long.yaml <<'YAML'
lacuna_plan: 1
title: four long members
scenario: slab.yaml
vary:
  D: [20 um^2/s, 40 um^2/s, 60 um^2/s, 80 um^2/s]
keep: {fields: all}
YAML

# same DIR DIR: the indexes are equal. Not compared: the places in the file of what hangs on the axis
# of members, to which the columns of /effort belong, and h5diff's remark that views are views.
same() {
    h5diff -c --exclude-path=/provenance --exclude-path=/effort "$1/index.nc" "$2/index.nc" \
        >all-differences 2>&1
    [ $? -le 1 ] || fail "$2: h5diff cannot compare its index with that of $1"
    sed '/^attribute: <REFERENCE_LIST of <\/member>>/,/differences found/d
/^Warning: .* is a virtual dataset$/d' all-differences >differences
    [ ! -s differences ] || fail "$2: the index is not that of $1: $(head -5 differences)"
}

# json FILE: is it a document?
json() {
    ! command -v python3 >/dev/null || python3 -m json.tool "$1" >/dev/null ||
        fail "$said: $1 is no JSON"
}

# --- what is told before anything is run
try 0 sweep six.yaml --members files --dry-run
says out 'six points'
says out 'members     6: 6 points'
says out "--set 'k=0.1 1/h' --set run.rtol=0.001"
says out 'a rough estimate'
try 0 sweep six.yaml --members files --dry-run --json
json out
says out '"members": 6'
leaves_nothing
try 66 sweep six.yaml --members files --status
says err 'results/six'
leaves_nothing

# The command of a member is one that anybody can say.
try 0 sweep six.yaml --members files --dry-run --out by-hand
mkdir -p by-hand/members
sed -n '/command$/{n;p;}' out >command.sh
sh command.sh || fail 'the command that --dry-run tells'
[ -s by-hand/members/000000.nc ] || fail 'the command that --dry-run tells left no result'

# --- any number of workers, any order
try 0 sweep six.yaml --members files --workers 1
says out 'results/six: 6 of 6 members done'
says_nothing err
[ -z "$(ls results/six/locks)" ] || fail 'a lock is left'
[ -z "$(find results/six/members -name '*.log' -o -name '*.ckpt*')" ] || fail 'logs are left'
try 0 sweep six.yaml --members files --dry-run
says out 'mean of 6'
try 0 sweep six.yaml --members files --workers 3 --threads 2 --out three --json
json out
says out '"exit_code": 0'
says out '"index": "three/index.nc"'
same results/six three
for task in 1 2 3; do
    try 0 sweep six.yaml --members files --task $task/3 --out shares
    says out "task $task of 3: 2 of 2"
done
[ ! -e shares/index.nc ] || fail 'a share made an index'
try 0 merge shares
same results/six shares

# Nothing is run again; a directory may be moved.
mv three moved
try 0 sweep six.yaml --members files --out moved
says out '6 of 6 members done (6 before)'
same results/six moved
try 0 sweep moved --members files --status
says out '6 done'
says out 'no process is running this sweep'
try 0 sweep moved --members files --status --json
json out

# --- members that vanish or are damaged
rm moved/members/000003.nc
try 0 sweep six.yaml --members files --status --out moved
says out '000003 lost'
says out 'its result is gone'
try 0 sweep six.yaml --members files --out moved
says out '(5 before)'
same results/six moved
head -c 5000 moved/members/000001.nc >short.nc
mv short.nc moved/members/000001.nc
try 3 sweep six.yaml --members files --out moved
says err 'member 000001 lost'
try 0 sweep six.yaml --members files --out moved
says out '(5 before)'
same results/six moved

# --- a point that fails
sed 's/rate: k \* A/rate: k * A \/ (1 - bad)/; s/^parameters:/parameters:\n  bad: {value: 0, kind: assumption, source: made up for a test}/' \
    decay.yaml >brittle.yaml
cat >one-bad.yaml <<'YAML'
lacuna_plan: 1
scenario: brittle.yaml
vary: {bad: [0, 0.5, 1]}
YAML
try 3 sweep one-bad.yaml --members files
says err 'member 000002 (bad=1) failed: '
says out '2 of 3 members done, 1 failed'
[ -s results/one-bad/index.nc ] || fail 'no index beside a failure'
try 3 sweep one-bad.yaml --members files --json
json out
says out '"point": "bad=1"'
try 0 sweep results/one-bad --members files --status
says out '1 failed'

# --- a sweep that is interrupted, or killed
# begin NAME WORD...: starts a sweep of long members; waits until a second one has begun.
begin() {
    name=$1
    shift
    said="a sweep of long members in $name"
    held=
    attempts=0
    while [ -z "$held" ]; do
        attempts=$((attempts + 1))
        if [ $attempts -gt 10 ]; then
            fail "$said: its members always end before they can be held"
            finish
        fi
        rm -rf "$name"
        "$LACUNA" sweep long.yaml --members files --out "$name" --workers 2 --checkpoint-every '0.2 s' "$@" \
            >out 2>err &
        pid=$!
        tries=0
        while [ ! -s "$name/members/000002.nc" ] && [ $tries -lt 600 ]; do
            sleep 0.05
            tries=$((tries + 1))
        done
        [ -s "$name/members/000002.nc" ] || fail "$said: no third member after 30 s"
        hold
        [ -n "$held" ] || wait "$pid"
    done
}

# hold: the sweep stands still, and so do the members in $held, until `go`; none if it has ended.
hold() {
    held=
    kill -STOP $pid 2>/dev/null || return 0
    for one in $(ps -o pid= --ppid $pid 2>/dev/null); do
        kill -STOP "$one" 2>/dev/null || continue
        state=R
        while [ "$state" != T ] && [ "$state" != Z ] && [ -n "$state" ]; do
            state=$(ps -o state= -p "$one" 2>/dev/null)
        done
        [ "$state" != T ] || held="$held $one"
    done
    [ -n "$held" ] || go
}

# go: what was held goes on.
go() {
    # shellcheck disable=SC2086 # several processes
    kill -CONT $pid $held 2>/dev/null
}

# ends CODE: it has.
ends() {
    wait "$pid"
    code=$?
    [ $code -eq "$1" ] || fail "$said: exit code $code, expected $1: $(cat err)"
}

try 0 sweep long.yaml --members files --out whole --quiet
says_nothing out
for signal in TERM INT; do
    begin left
    # Nobody else may work here meanwhile; anybody may look.
    try 73 sweep long.yaml --members files --out left
    says err "process $pid on"
    try 73 sweep long.yaml --members files --out left --task 2/3
    try 0 sweep long.yaml --members files --out left --status
    says out "running: process $pid"
    said="a sweep that gets SIG$signal"
    kill "-$signal" "$pid"
    go
    ends 75
    [ ! -e left/index.nc ] || fail "$said: left an index"
    [ -z "$(ls left/locks)" ] || fail "$said: left a lock"
    try 0 sweep long.yaml --members files --out left --quiet
    same whole left
done

# A second interrupt does not wait for the members; it takes them along.
begin twice
said='a sweep that gets SIGINT twice'
kill -INT "$pid"
go
kill -INT "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
code=$?
[ $code -eq 75 ] || [ $code -eq 130 ] || fail "$said: exit code $code"
for member in $held; do
    tries=0
    while ps -o args= -p "$member" | grep -q twice/members && [ $tries -lt 100 ]; do
        sleep 0.05 # whoever was killed is gone a moment later
        tries=$((tries + 1))
    done
    [ $tries -lt 100 ] || fail "$said: a member is left"
done
try 0 sweep long.yaml --members files --out twice --quiet
same whole twice

begin killed
said='a sweep that is killed'
kill -KILL "$pid"
wait "$pid" 2>/dev/null
go
[ -e killed/locks/whole ] || fail "$said: no lock is left"
try 0 sweep long.yaml --members files --status --out killed
says out 'stale lock'
try 0 sweep long.yaml --members files --out killed
says err "took over the lock 'whole' of process $pid"
same whole killed

begin wounded
said='a sweep whose member is killed'
kill -KILL "${held##* }"
go
kill -USR1 "$pid"
ends 3
says err 'lost: killed by signal 9'
try 0 sweep long.yaml --members files --out wounded
says out '(3 before)'
same whole wounded

try 85 sweep long.yaml --members files --out budget --workers 1 --wall '2 s'
says err 'the time limit is reached'
try 0 sweep long.yaml --members files --out budget --progress bar
says err '] '
says err ' of 4 members done, '
same whole budget

# --- directories and words that are wrong
sed 's/six points/six others/; s/0.4 1/0.5 1/' six.yaml >others.yaml
try 73 sweep others.yaml --members files --out moved
# shellcheck disable=SC2016 # backquotes of the message
says err 'moved was made with another version of this plan: `vary.k` was [0.1 1/h, 0.2 1/h, 0.4 1/h], is [0.1 1/h, 0.2 1/h, 0.5 1/h]. Use --extend'
says err --out
mkdir foreign
echo precious >foreign/data
try 73 sweep six.yaml --members files --out foreign
says err 'not empty'
[ "$(ls -A foreign)" = data ] || fail "$said: wrote there"
try 73 sweep six.yaml --members files --out decay.yaml
for task in 4/3 0/3 1/0 a/b 1 1/3x -1/3 7/7; do
    try 2 sweep six.yaml --members files --out nowhere --task "$task"
done
try 2 sweep six.yaml --members files --out nowhere --checkpoint-every soon
try 2 sweep six.yaml --members files --workers 0
try 66 sweep nowhere.yaml --members files
try 65 sweep decay.yaml --members files --out nowhere
try 65 sweep six.yaml --members files --out nowhere --set no_such=1
[ ! -e nowhere ] || fail 'a refused sweep made its directory'

# Ranks of a program without MPI would all do the same: the first one says so, and nobody begins.
if "$LACUNA" --version | grep -q mpi=no; then
    export OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_RANK=0
    try 2 sweep six.yaml --members files --out nowhere
    says err '--with-mpi'
    export OMPI_COMM_WORLD_RANK=3
    try 0 sweep six.yaml --members files --out nowhere
    says_nothing out
    says_nothing err
    unset OMPI_COMM_WORLD_SIZE OMPI_COMM_WORLD_RANK
    try 2 sweep six.yaml --members files --out nowhere --mpi
    [ ! -e nowhere ] || fail 'a rank without MPI made a directory'
fi

# --- ensembles
cat >drop.yaml <<'YAML'
lacuna: 1
title: a drop
domains:
  drop: {kind: well-mixed, volume: 1000 um^3}
species:
  A: {unit: molecule, drop: {initial: 40 nM, display: nM}}
parameters:
  k: {value: 0.2 1/min, kind: assumption, source: made up for a test}
reactions:
  decay: {in: drop, equation: "A ->", rate: k * A}
run: {until: 10 min, method: exact, seed: 3, save: {every: 1 min}}
YAML
try 0 ensemble drop.yaml --members files --replicates 5
says out '5 of 5 members done'
h5diff results/drop/members/000000.nc results/drop/members/000001.nc /drop_A /drop_A >/dev/null &&
    fail 'two replicates are equal'
try 0 ensemble drop.yaml --members files --replicates 5 --workers 1 --out again --quiet
same results/drop again
try 0 ensemble decay.yaml --members files --replicates 2 --out equal
says err 'replicates are equal'
try 2 ensemble drop.yaml --members files --out nowhere
says err '--replicates'
finish
