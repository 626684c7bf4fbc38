#!/bin/sh
# Runs a plan as a job array: task K of N runs every N-th member. Edit the lines below, then
#     sbatch array.sh
# or let scripts/submit write and submit it for a plan.
#
# A task that is preempted or comes to its time limit writes checkpoints, leaves with exit code 75
# and comes back in the queue, where it goes on from them. A task with members that failed ends with
# 3 when all others are done.
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=lacuna
#SBATCH --array=1-10
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR2@180
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=lacuna-%A_%a.log
set -eu

LACUNA=lacuna
PLAN=plan.yaml
OUT=results/plan
# The last number of --array above, also when only some of the tasks are submitted again.
TASKS=10

# The processors that Slurm gave, whatever else the node has: members side by side, or threads.
OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export OMP_NUM_THREADS

# Hands signals on: USR2 comes before the time limit, TERM when Slurm takes the node away.
child=
signals=
# shellcheck disable=SC2317 # the traps call it
pass_on() {
    signals="$signals $1"
    [ -z "$child" ] || kill -s "$1" "$child" 2>/dev/null || :
}
trap 'pass_on USR2' USR2
trap 'pass_on TERM' TERM

"$LACUNA" sweep "$PLAN" --out "$OUT" --task "$SLURM_ARRAY_TASK_ID/$TASKS" &
child=$!

# A signal interrupts `wait`: then wait again, until it gives the code of the program.
code=127
while :; do
    heard=$signals
    status=0
    wait "$child" || status=$?
    [ "$status" -eq 127 ] || code=$status
    [ "$signals" != "$heard" ] || break
done

# 75, 85: there is more to do. After TERM it is for Slurm to say whether the job comes back: it does
# when it was preempted, and not when it was cancelled.
case $code:$signals in
75:\ TERM* | 85:\ TERM*) ;;
75:* | 85:*) scontrol requeue "$SLURM_JOB_ID" ;;
esac
exit "$code"
