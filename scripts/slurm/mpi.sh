#!/bin/sh
# Runs a plan in one job of many nodes: rank 0 hands out members to the others. For a lacuna that was
# configured --with-mpi. Edit the lines below, then
#     sbatch mpi.sh
#
# At the time limit or when preempted the ranks write checkpoints and leave, and the job comes back
# in the queue, where they resume.
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=lacuna
#SBATCH --ntasks=64
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=04:00:00
#SBATCH --signal=B:USR2@180
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=lacuna-%j.log
set -eu

# What starts the ranks: `srun`, with `--mpi=pmix` or so where that is not what your Slurm does by
# itself (`srun --mpi=list`), or `mpirun`.
LAUNCH=srun
LACUNA=lacuna
PLAN=plan.yaml
OUT=results/plan

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

# shellcheck disable=SC2086 # options of LAUNCH
$LAUNCH "$LACUNA" sweep "$PLAN" --out "$OUT" --mpi &
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
