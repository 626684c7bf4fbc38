#!/bin/sh
# The job files work: a Slurm of this machine alone runs them, takes nodes away from them, and the
# results are those of runs and sweeps without it.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
: "${LACUNA:?the program}" "${LACUNA_SOURCE:?the source tree}"
if [ "$(id -u)" != 0 ]; then
    echo "skipped: only root can start a Slurm"
    exit 77
fi
for tool in slurmctld slurmd munged sbatch h5diff; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: no $tool (packages slurm-wlm, munge, hdf5-tools)"
        exit 77
    fi
done

. "$LACUNA_SOURCE/tests/slurm/cluster.sh"
scratch=$(mktemp -d)
trap 'cluster_stop; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1
failures=0

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# says FILE TEXT
says() {
    grep -qF -e "$2" "$1" || {
        fail "'$2' is not in $1:"
        cat "$1" >&2
    }
}

# write_balance UNTIL: single events, of which a run of UNTIL makes many: seconds of work, in which a
# checkpoint can be written at any time.
write_balance() {
    cat <<YAML
lacuna: 1
title: a balance of two forms
domains:
  pool: {kind: well-mixed, volume: 1 uL}
species:
  A: {unit: molecule, pool: {initial: 1e-5 nM, display: nM}}
  B: {unit: molecule, pool: {initial: 0 nM, display: nM}}
parameters:
  k: {value: 200 1/h, range: [0 1/h, 1000 1/h], kind: assumption, source: made up for a test}
reactions:
  there: {in: pool, equation: "A -> B", rate: k * A}
  back: {in: pool, equation: "B -> A", rate: k * B}
observables:
  part: A / (A + B)
run: {until: $1, method: exact, seed: 1, save: {every: 1 h}}
YAML
}

# edited FILE NAME VALUE...: a job file with other lines NAME=.
edited() {
    file=$LACUNA_SOURCE/scripts/slurm/$1
    shift
    cp "$file" edited
    while [ $# -gt 0 ]; do
        sed "s|^$1=.*|$1='$2'|" edited >edited.new
        mv edited.new edited
        shift 2
    done
    cat edited
}

has_state() {
    [ "$(squeue -h -j "$1" -o %T 2>/dev/null)" = "$2" ]
}

# Requeued jobs wait two minutes; here seconds do. Slurm refuses a job that begins in the second in
# which it was ended.
hurry() {
    waiting=$(squeue -h -t PENDING -o '%A %r' 2>/dev/null | sed -n 's/ BeginTime$//p')
    [ -n "$waiting" ] || return 0
    sleep 2
    for job in $waiting; do
        timeout 5 scontrol update "jobid=$job" StartTime=now >/dev/null 2>&1
    done
}

queue_is_empty() {
    hurry
    [ -z "$(squeue -h 2>/dev/null)" ]
}

same_but_provenance() {
    h5diff --exclude-path /provenance "$1" "$2" >difference 2>&1 || {
        fail "$1 and $2 differ:"
        head -n 20 difference >&2
    }
}

a_long_run_goes_on_after_the_time_limit() {
    write_balance '15 h' >balance.yaml
    edited run.sh LACUNA "$LACUNA" SCENARIO balance.yaml OUT long.nc >long.sh
    job=$(sbatch --parsable --cpus-per-task=1 --mem-per-cpu=100 --output=run.log long.sh)
    wait_for 30 test -s long.nc || fail "the run did not begin"
    # What --signal does before the time limit, now.
    timeout 5 scancel --batch --signal=USR2 "$job"
    wait_for 20 has_state "$job" PENDING || fail "the job did not come back"
    wait_for 40 queue_is_empty || fail "the run did not end"
    says run.log 'stopped by a signal'
    "$LACUNA" run balance.yaml --out straight.nc --threads 1 --quiet
    same_but_provenance straight.nc long.nc
    says cluster/jobs.txt "JobId=$job "
}

same_index() {
    # Small members of a task are run in memory, so where they are is another place; lists of references
    # hold addresses in the file.
    h5diff --exclude-path /effort --exclude-path /provenance --exclude-path /file \
        local/index.nc "$1/index.nc" >all-differences 2>&1
    sed '/^attribute: <REFERENCE_LIST of <\/member>>/,/differences found/d' all-differences >difference
    [ ! -s difference ] || fail "$1: not the index of a local sweep: $(head -n 20 difference)"
}

# Ten points: two that take seconds, seven that take none, and one at which a rate is infinite.
write_plan() {
    write_balance '18 h' | sed 's|^  k: .*|&\
  j: {value: 1, range: [1, 10], kind: assumption, source: number of the point}\
  speed: {value: "if(j < 3, 1, 0.01) / if(j == 7, 0, 1)"}|; s|rate: k|rate: speed * k|' >points.yaml
    cat >plan.yaml <<'YAML'
lacuna_plan: 1
title: ten balances
scenario: points.yaml
vary:
  j: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
YAML
}

task_is_running() {
    has_state "$1" RUNNING && [ -s campaign/members/000000.nc ]
}

an_array_gives_the_index_of_a_local_sweep() {
    write_plan
    "$LACUNA" sweep "$scratch/plan.yaml" --out local --quiet 2>local.log
    code=$?
    [ "$code" = 3 ] || fail "the local sweep ended with $code"
    says local/members/000006.log 'speed'
    LACUNA=$LACUNA sh "$LACUNA_SOURCE/scripts/submit" plan.yaml --tasks 10 --out campaign -- \
        --mem-per-cpu=100 >submitted 2>&1 || fail "submit: $(cat submitted)"
    array=$(sed -n 's/^array \([0-9]*\) .*/\1/p' submitted)
    merge=$(sed -n 's/^merge \([0-9]*\) .*/\1/p' submitted)
    wait_for 20 task_is_running "${array}_1" || fail "the array did not begin"
    # Somebody more important wants the whole node.
    timeout 10 sbatch --parsable -p high --exclusive --mem-per-cpu=100 --output=/dev/null \
        --wrap 'sleep 1' >/dev/null
    wait_for 20 preempted || fail "no task was preempted"
    wait_for 60 queue_is_empty || fail "the array did not end: $(squeue)"
    says campaign/jobs/"${array}"_1.log 'DUE TO PREEMPTION'
    says campaign/jobs/"${array}"_7.log 'member 000006 (j=7) failed: '
    says campaign/jobs/"$merge"-merge.log 'member 6: failed'
    attempts=$(h5dump -d /effort/attempts -s 0 -c 1 campaign/index.nc | grep -c '(0): [2-9]')
    [ "$attempts" = 1 ] || fail "the first member was not begun twice"
    same_index campaign
}

# Only of a program that was built with MPI.
ranks_of_one_job_give_the_index_of_a_local_sweep() {
    "$LACUNA" --version | grep -q mpi=yes || return 0
    ranks=2
    [ "$(getconf _NPROCESSORS_ONLN)" -gt 1 ] || ranks=1
    edited mpi.sh LACUNA "$LACUNA" PLAN "$scratch/plan.yaml" OUT party LAUNCH mpirun >party.sh
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    job=$(sbatch --parsable --ntasks=$ranks --mem-per-cpu=100 --output=mpi.log party.sh)
    wait_for 30 test -s party/members/000000.nc || fail "the ranks did not begin"
    timeout 5 scancel --batch --signal=USR2 "$job"
    wait_for 20 has_state "$job" PENDING || fail "the ranks did not come back"
    wait_for 60 queue_is_empty || fail "the ranks did not end"
    says mpi.log 'interrupted'
    same_index party
}

preempted() {
    hurry
    grep -q 'JobState=PREEMPTED' cluster/jobs.txt
}

cluster_start "$scratch/cluster" || {
    cluster_logs
    fail "Slurm did not start"
    exit 1
}
a_long_run_goes_on_after_the_time_limit
an_array_gives_the_index_of_a_local_sweep
ranks_of_one_job_give_the_index_of_a_local_sweep
[ "$failures" = 0 ] || {
    cat ./*.log
    cluster_logs
    exit 1
}
