#!/bin/sh
# A sweep that grows: members that exist stay as they are, and what has changed is said key by key.
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2016 # backquotes of messages
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
sed -i 's/method: mean-field/method: exact/' decay.yaml
sed -i 's/initial: 1 nM/initial: 1e-7 nM/' decay.yaml

# plan DESIGN POINTS REPLICATES KS ENDPOINTS
plan() {
    cat >plan.yaml <<YAML
lacuna_plan: 1
title: grows
scenario: decay.yaml
design: $1
points: $2
replicates: $3
vary:
  k: $4
  run.paranoid: $5
endpoints: {$6}
YAML
}
uniform='{uniform: [0.1 1/h, 0.4 1/h]}'
contents() {
    (cd "$1/members" && sha256sum ./*.nc | sort)
}

# Points of a sequence, replicates, listed values and endpoints, one after the other and together.
plan sobol 3 2 "$uniform" '[0]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out grown --quiet
contents grown >first
grow() {
    contents grown >before
    try 73 sweep plan.yaml --members files --out grown --quiet
    says err 'grown was made with another version of this plan: '
    says err "$1"
    says err 'Use --extend, or another --out'
    contents grown >after
    cmp -s before after || fail "$said: wrote to members"
    try 0 sweep plan.yaml --members files --out grown --extend --progress none
    says out "$2"
    contents grown >after
    [ -z "$(comm -23 before after)" ] || fail "$said: members that existed have changed"
    # The same plan is the directory's from now on.
    try 0 sweep plan.yaml --members files --out grown --progress none
    says out "$3"
    try 0 verify-results grown
}
plan sobol 5 2 "$uniform" '[0]' 'left: pool_A'
grow '`points` was 3, is 5.' '10 of 10 members done (6 before)' '(10 before)'
plan sobol 5 3 "$uniform" '[0]' 'left: pool_A'
grow '`replicates` was 2, is 3.' '15 of 15 members done (10 before)' '(15 before)'
plan sobol 5 3 "$uniform" '[0]' 'left: pool_A, most: {of: pool_B, take: most}'
grow '`endpoints.most` is new: {of: pool_B, take: most}.' '15 of 15 members done (15 before)' \
    '(15 before)'
plan sobol 6 4 "$uniform" '[0, 100]' 'left: pool_A'
grow '`points` was 5, is 6; `replicates` was 3, is 4; `vary.run.paranoid` was [0], is [0, 100]; `endpoints.most`' \
    '48 of 48 members done (15 before)' '(48 before)'
contents grown >last
[ "$(comm -12 first last | wc -l)" -eq 6 ] || fail 'the first members have changed'
# Every member has numbers of its own to draw with, and the index is made again from the directory.
python3 - grown/members <<'PY' || fail 'streams are not all different'
import glob, re, subprocess, sys
streams = set()
files = glob.glob(sys.argv[1] + "/*.nc")
for file in files:
    text = subprocess.run(["strings", "-n", "3", file], capture_output=True, text=True).stdout
    streams.add(re.search(r"replicate=(\d+)", text).group(1))
sys.exit(0 if len(streams) == len(files) == 48 else 1)
PY
cp grown/index.nc index.nc
try 0 merge grown
if command -v h5diff >/dev/null; then
    h5diff -c --exclude-path=/provenance grown/index.nc index.nc >differences || fail 'merge makes another index'
fi

# A killed extension goes on; a dry run changes nothing.
plan sobol 9 4 "$uniform" '[0, 100]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out grown --extend --dry-run
try 73 sweep plan.yaml --members files --out grown
try 0 sweep plan.yaml --members files --out grown --extend --task 1/2 --quiet
try 0 sweep plan.yaml --members files --out grown --progress none
says out '72 of 72 members done (60 before)'

# Random points stay too; those of a latin hypercube and of saltelli cannot.
plan random 3 1 "$uniform" '[0]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out other --quiet
plan random 5 1 "$uniform" '[0]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out other --extend --progress none
says out '5 of 5 members done (3 before)'
plan latin-hypercube 3 1 "$uniform" '[0]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out latin --quiet
plan latin-hypercube 4 1 "$uniform" '[0]' 'left: pool_A'
try 73 sweep plan.yaml --members files --out latin --extend
says err 'its members cannot stay: `points` was 3, is 4. A latin hypercube cannot grow in place'
says err 'sobol, random'
plan latin-hypercube 3 2 "$uniform" '[0]' 'left: pool_A'
try 0 sweep plan.yaml --members files --out latin --extend --progress none
says out '6 of 6 members done (3 before)'

# What would make other members names the key and both values.
refused() {
    try 73 sweep plan.yaml --members files --out other --extend
    says err 'cannot stay: '
    says err "$1"
}
plan random 4 1 "$uniform" '[0]' 'left: pool_A'
refused '`points` was 5, is 4. A sweep can grow, not shrink'
plan random 5 1 '{uniform: [0.1 1/h, 0.5 1/h]}' '[0]' 'left: pool_A'
refused '`vary.k` was {uniform: [0.1 1/h, 0.4 1/h]}, is {uniform: [0.1 1/h, 0.5 1/h]}'
plan random 5 1 "$uniform" '[100]' 'left: pool_A'
try 73 sweep plan.yaml --members files --out other --extend
says err 'has a point that this version of the plan has not: '
plan random 5 1 "$uniform" '[0]' 'left: pool_A'
printf 'seed: 3\nset: {run.until: 9 h}\n' >>plan.yaml
refused '`seed` was 1, is 3'
says err '`set.run.until` is new: "9 h"'
plan random 5 1 "$uniform" '[0]' 'left: pool_A'
sed -i 's/volume: 1 mL/volume: 2 mL/' decay.yaml
refused 'the scenario has `pool: {kind: well-mixed, label: "pool", volume: "2 [mL]"}` where it had `pool: '
sed -i 's/volume: 2 mL/volume: 1 mL/' decay.yaml
try 0 sweep plan.yaml --members files --out other --quiet

# Ensembles grow likewise; a directory that is not there is simply begun.
try 0 ensemble decay.yaml --members files -R 3 --out more --quiet --extend
try 73 ensemble decay.yaml --members files -R 5 --out more --quiet
says err '`replicates` was 3, is 5'
try 0 ensemble decay.yaml --members files -R 5 --out more --extend --progress none
says out '5 of 5 members done (3 before)'
finish
