#!/bin/sh
# One long run in as many jobs as it takes. Edit the lines below, then
#     sbatch run.sh
#
# Before the time limit, or when the job is preempted, the run writes a checkpoint and leaves with
# exit code 75 (85 when it is --wall that ran out); the job comes back in the queue and goes on.
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=lacuna
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem-per-cpu=1G
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR2@180
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=lacuna-%j.log
set -eu

LACUNA=lacuna
SCENARIO=scenario.yaml
OUT=results/scenario.nc

cpus=${SLURM_CPUS_PER_TASK:-1}

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

"$LACUNA" run "$SCENARIO" --out "$OUT" --resume auto --threads "$cpus" &
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
