#!/bin/sh
# Gathers what a job array has run: writes OUT/index.nc and checks that every member is there and
# whole. Edit the lines below, then
#     sbatch --dependency=afterany:JOB merge.sh
# with the number of the array: afterany, since a failed member must not hide the others. Ends with 3
# when members failed; the index names them.
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=lacuna-merge
#SBATCH --ntasks=1
#SBATCH --mem-per-cpu=2G
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=lacuna-merge-%j.log
set -eu

LACUNA=lacuna
OUT=results/plan

code=0
"$LACUNA" merge "$OUT" || code=$?
"$LACUNA" verify-results "$OUT"
exit "$code"
