#!/bin/sh
# scripts/submit and the job files, with stand-ins for the commands of Slurm: what is written, what is
# submitted, what is refused, and which exit codes and signals bring a job back.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
submit=$LACUNA_SOURCE/scripts/submit
export LACUNA

# give CODE ARGUMENT...: runs submit.
give() {
    expected=$1
    shift
    sh "$submit" "$@" >out 2>err
    code=$?
    said="submit $*"
    [ "$code" -eq "$expected" ] || {
        fail "$said: exit code $code, expected $expected"
        cat out err >&2
    }
}

# Stand-ins that write down how they were called.
mkdir bin
cat >bin/sbatch <<'SH'
#!/bin/sh
printf '%s\n' "$*" >>"$CALLS"
echo $((40 + $(wc -l <"$CALLS")))
SH
cat >bin/scontrol <<'SH'
#!/bin/sh
printf 'scontrol %s\n' "$*" >>"$CALLS"
SH
chmod +x bin/sbatch bin/scontrol
CALLS=$scratch/calls
PATH=$scratch/bin:$PATH
export CALLS PATH
: >calls

write_decay
sed -i 's/k: {value: 0.1 1.h,/& range: [0 1\/h, 10 1\/h],/' decay.yaml
cat >plan.yaml <<'YAML'
lacuna_plan: 1
title: how fast it decays
scenario: decay.yaml
vary:
  k: [0.1 1/h, 0.2 1/h, 0.3 1/h]
YAML

# What is refused, and why.
give 2
says err 'no PLAN'
give 66 nowhere.yaml
says err 'no plan nowhere.yaml'
give 2 plan.yaml --tasks 4
says err '3 members, so at most 3 tasks'
for wrong in 0 -1 x 1.5 ''; do
    give 2 plan.yaml --tasks "$wrong"
done
give 2 plan.yaml --tasks
says err 'needs a value'
give 2 plan.yaml --partition=long
says err 'follow --'
give 2 plan.yaml other.yaml
give 2 plan.yaml -- --array=1-5
says err 'the array is from 1 to'
sed 's/  k:/  K:/' plan.yaml >wrong.yaml
give 65 wrong.yaml
says err 'wrong.yaml:5'
program=$LACUNA
LACUNA=/no/such/program
give 66 plan.yaml
LACUNA=$program
says err '/no/such/program'
mkdir few
for tool in dirname basename sed awk mv mkdir head sh; do
    ln -s "$(command -v $tool)" few/$tool
done
commands=$PATH
# shellcheck disable=SC2123 # without sbatch, for once
PATH=$scratch/few
give 69 plan.yaml
PATH=$commands
says err 'no sbatch here'
[ ! -s calls ] || fail "something was submitted: $(cat calls)"
leaves_nothing

# A dry run writes the job files and submits nothing.
give 0 plan.yaml --dry-run
says out '3 members in 3 tasks'
[ -f results/plan/jobs/array.sh ] || fail "no job file"
[ ! -s calls ] || fail "a dry run submitted: $(cat calls)"
rm -r results

# Two jobs, the second after the first however that ends; options for both.
mkdir "it's here"
cp decay.yaml "it's here"
cp plan.yaml "it's here/a plan.yaml"
give 0 "it's here/a plan.yaml" --tasks 2 --out "it's here/out" -- --partition=long
says out 'array 41 (3 members in 2 tasks)'
says out 'merge 42'
jobs="$scratch/it's here/out/jobs"
cat >expected <<TEXT
--parsable --partition=long $jobs/array.sh
--parsable --partition=long --dependency=afterany:41 $jobs/merge.sh
TEXT
cmp -s expected calls || fail "submitted otherwise: $(cat calls)"
says "$jobs/array.sh" '#SBATCH --array=1-2'
for job in array merge; do
    grep -v '^#SBATCH' "$LACUNA_SOURCE/scripts/slurm/$job.sh" | grep -v '^[A-Z]*=' >template
    grep -v '^#SBATCH' "$jobs/$job.sh" | grep -v '^[A-Z]*=' >written
    cmp -s template written || fail "$job.sh is not its template"
done

# The job files do the work, from any directory.
for task in 1 2; do
    (cd / && SLURM_JOB_ID=7 SLURM_ARRAY_TASK_ID=$task sh "$jobs/array.sh") >out 2>err ||
        fail "task $task: $(cat err)"
done
(cd / && sh "$jobs/merge.sh") >out 2>err || fail "merge: $(cat err)"
[ -s "it's here/out/index.nc" ] || fail "no index"
give 0 "it's here/a plan.yaml" --tasks 2 --out "it's here/out"
sed 's/0.3/0.4/' plan.yaml >another.yaml
: >calls
give 73 another.yaml --out "it's here/out"
says err 'another version of this plan'
give 73 plan.yaml --out "it's here"
says err 'not the directory of a sweep'
[ ! -s calls ] || fail "something was submitted: $(cat calls)"

# A stand-in of the program that waits for a signal and ends with the code it is told.
cat >waits <<'SH'
#!/bin/sh
trap 'exit "$CODE"' TERM USR2
: >waiting
while :; do sleep 0.05; done
SH
chmod +x waits
sed 's|^LACUNA=.*|LACUNA=./waits|' "$LACUNA_SOURCE/scripts/slurm/run.sh" >run.sh

# comes_back SIGNAL CODE yes|no
comes_back() {
    rm -f waiting
    : >calls
    CODE=$2 SLURM_JOB_ID=7 sh run.sh >/dev/null 2>&1 &
    job=$!
    while [ ! -f waiting ]; do sleep 0.05; done
    kill -s "$1" "$job"
    wait "$job"
    code=$?
    [ "$code" = "$2" ] || fail "$1 and code $2: the job ended with $code"
    again=no
    [ "$(cat calls)" != 'scontrol requeue 7' ] || again=yes
    [ "$again" = "$3" ] || fail "$1 and code $2: comes back: $again, expected $3 ($(cat calls))"
}
comes_back USR2 75 yes
comes_back USR2 85 yes
comes_back USR2 0 no
comes_back USR2 3 no
comes_back TERM 75 no
comes_back TERM 1 no

finish
