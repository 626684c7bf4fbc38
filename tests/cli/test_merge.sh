#!/bin/sh
# The index of a sweep is made again from what is there; what is lost, damaged or exchanged is named;
# copies can be moved.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
cat >slab.yaml <<'YAML'
lacuna: 1
title: a slab that drinks from a pool
domains:
  slab: {kind: tissue}
  pool: {kind: well-mixed, volume: 1 uL}
species:
  A:
    unit: molecule
    slab: {initial: 1 nM, diffusivity: 40 um^2/s, display: nM}
    pool: {initial: 10 nM, display: nM}
parameters:
  k: {value: 0.3 1/h, range: [0.01 1/h, 3 1/h]}
  start: {value: 10 nM, range: [1 nM, 100 nM]}
reactions:
  uptake: {in: slab, equation: "A ->", rate: k * A}
interfaces:
  surface: {between: [slab.top, pool], exchange: [A]}
observables:
  A_mean: mean(A)
tissue: {size: [40 um, 20 um, 100 um], voxel: 20 um, represents: {area: 8000 um^2}}
run: {until: 6 h, method: mean-field, save: {every: 1 h, fields_every: 2 h}}
YAML
cat >trial.yaml <<'YAML'
lacuna_plan: 1
title: slabs
scenario: slab.yaml
design: sobol
points: 3
vary: {k: {uniform: range}, run.rtol: [1e-3, 1e-5]}
keep: {fields: all}
endpoints: {end: {of: A_mean, take: last}}
YAML
try 0 sweep trial.yaml --quiet
index=results/trial/index.nc
[ -f $index ] || fail 'a sweep leaves no index'

same() {
    command -v h5diff >/dev/null || return 0
    if ! h5diff -c --exclude-path=/provenance --exclude-path=/effort "$1" "$2" >differences 2>&1; then
        fail "$3: h5diff finds differences: $(head -5 differences)"
    fi
}

# Made again, from the directory and from the plan, it is the same.
mv $index results/trial/first.nc
try 0 merge results/trial
says out 'results/trial/index.nc: 6 of 6 members'
same results/trial/first.nc $index 'merge DIR'
try 0 merge trial.yaml --quiet
says_nothing out
same results/trial/first.nc $index 'merge PLAN'
try 0 verify-results results/trial
says out 'all 6 members are present and complete'
try 2 verify-results results/trial/index.nc
says err "index.nc is a file, not the directory of a sweep; 'lacuna show' reads and checks a result"

# A lost member is named by verify-results, by merge, and in the index; it is never silently NaN.
mv results/trial/members/000004.nc away.nc
try 3 verify-results results/trial
says out 'member 4: lost: members/000004.nc: No such file or directory'
says err '1 problem with 6 members'
try 3 merge results/trial --copy copy.nc
says out 'member 4: lost'
says out 'results/trial/index.nc: 5 of 6 members'
says err '1 of 6 members are missing in results/trial/index.nc'
[ -f copy.nc ] || fail 'no copy of the members that are there'
try 3 merge results/trial --json
says out '"done": 5'
says out '"member": 4'
says out '"status": "lost"'
try 3 verify-results results/trial --json
says out '"members": 6'
if command -v ncdump >/dev/null; then
    ncdump -v status,end $index >dump
    says dump 'status = 1, 1, 1, 1, 3, 1 ;'
    tr -d '\n' <dump | grep -qE 'end = [^;]*, *(_|NaN), [^;]* ;' || fail 'the endpoint of a lost member'
fi

# A member in the place of another is noticed.
cp results/trial/members/000005.nc results/trial/members/000004.nc
try 3 merge results/trial
says out 'members/000004.nc: it was run with'
mv away.nc results/trial/members/000004.nc
try 0 merge results/trial --quiet

# So is one that was exchanged after the index was made.
cp results/trial/members/000004.nc keep.nc
cp results/trial/members/000001.nc results/trial/members/000004.nc
try 3 verify-results results/trial
says out 'member 4: lost: members/000004.nc: '
head -c 3000 keep.nc >results/trial/members/000004.nc
try 3 verify-results results/trial --quiet
says_nothing out
mv keep.nc results/trial/members/000004.nc

# A copy holds the fields: it can be moved. One that exists is kept.
try 73 merge results/trial --copy copy.nc
says err 'copy.nc: exists already'
try 0 merge results/trial --copy copy.nc --force
says out 'copy.nc: a copy'
cp copy.nc results/trial/copy.nc
same results/trial/copy.nc $index 'a copy'
rm results/trial/copy.nc

# A directory may be moved as a whole.
mv results/trial moved
try 0 verify-results moved
try 0 merge moved
try 0 merge trial.yaml --out moved
same moved/first.nc moved/index.nc 'a directory that was moved'

# What is no sweep, and what belongs to another plan.
try 66 merge results
says err 'is not the directory of a sweep'
try 66 merge nowhere
try 66 verify-results results
try 2 merge
try 2 merge moved --out elsewhere
sed 's/points: 3/points: 4/' trial.yaml >other.yaml
try 73 merge other.yaml --out moved
says err 'another version of this plan'
sed 's/title: slabs/title: other slabs/; s/fields: all/fields: none/' trial.yaml >other.yaml
try 0 sweep other.yaml --quiet
cp results/other/index.nc moved/index.nc
try 3 verify-results moved
says out 'the index is of another plan'

# A scenario that has vanished or changed since.
sed -i 's/initial: 1 nM/initial: 2 nM/' slab.yaml
try 73 merge moved
says err 'the scenario has `'
echo '# a remark' >>slab.yaml
sed -i 's/initial: 2 nM/initial: 1 nM/' slab.yaml
try 3 merge moved
says out 'it was run with another text of'
mv slab.yaml gone.yaml
try 65 merge moved
says err 'slab.yaml'
finish
