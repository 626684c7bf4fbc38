#!/bin/sh
# Plans from tables and of lists that vary together, numbers of runs, and what the command line adds.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay

# number FILE ENDPOINT: its mean in the first arm.
number() {
    "$LACUNA" show "$1" --json | python3 -c '
import json, sys
for one in json.load(sys.stdin)["endpoints"]:
    if one["name"] == sys.argv[1]:
        print(repr(one["arms"][0]["mean"]), one["unit"])' "$2"
}
# near FILE ENDPOINT VALUE TOLERANCE UNIT
near() {
    number "$1" "$2" >found
    python3 -c 'import sys
value, unit = open("found").read().rstrip("\n").split(" ", 1)
sys.exit(0 if abs(float(value) - float(sys.argv[1])) <= float(sys.argv[2]) and unit == sys.argv[3] else 1)' \
        "$3" "$4" "$5" || fail "$2 is $(cat found), not $3 $5"
}

# --- endpoints. A = exp(-0.1 t) nM, frames every hour, trapezoids between them.
cat >numbers.yaml <<'YAML'
lacuna_plan: 1
scenario: decay.yaml
set: {run.rtol: 1e-9}
endpoints:
  all: {of: pool_A, take: auc}
  part: {of: pool_A, take: auc, window: [90 min, 4 h]}
  middle: {of: pool_A, take: mean, window: [2 h, 6 h]}
  least: {of: pool_B, take: time_of_least}
  most: {of: pool_B, take: time_of_most, window: [0 h, 150 min]}
  last: {of: pool_A, take: last, window: [1 h, 3 h]}
  lost: {of: pool_A, take: auc, change: yes}
  less: {difference: [middle, last]}
  half: {ratio: [last, middle]}
  span: {ratio: [all, middle]}
YAML
try 0 sweep numbers.yaml --out numbers --quiet
python3 - >values <<'PY'
from math import exp
f = [exp(-0.1 * t) for t in range(11)]
line = lambda t: f[int(t)] + (t - int(t)) * (f[int(t) + 1] - f[int(t)])
area = lambda a, b: sum((f[i] + f[i + 1]) / 2 for i in range(a, b))
middle = area(2, 6) / 4
print(area(0, 10), (line(1.5) + f[2]) / 4 + area(2, 4), middle, f[3], area(0, 10) - 10, middle - f[3], f[3] / middle,
      area(0, 10) / middle)
PY
read -r all part middle last lost less half span <values
near numbers/index.nc all "$all" 1e-6 'nM h'
near numbers/index.nc part "$part" 1e-6 'nM h'
near numbers/index.nc middle "$middle" 1e-6 nM
near numbers/index.nc least 0 0 h
near numbers/index.nc most 2.5 1e-12 h
near numbers/index.nc last "$last" 1e-6 nM
near numbers/index.nc lost "$lost" 1e-6 'nM h'
near numbers/index.nc less "$less" 1e-6 nM
near numbers/index.nc half "$half" 1e-6 1
near numbers/index.nc span "$span" 1e-6 'nM h/(nM)'
try 0 merge numbers
sed 's/ratio: \[all, middle\]/ratio: [all, other]/; s/\[1 h, 3 h\]/[3 h, 1 h]/; s/150 min\]/11 h]/; s/90 min, 4 h\]/90 min]/' \
    numbers.yaml >wrong.yaml
try 65 sweep wrong.yaml --out wrong
says err "wrong.yaml:14:23: error: 'other' is not an endpoint before this one"
says err 'wrong.yaml:10:42: error: a window ends after it begins'
says err '11 h is not within the run'
says err 'wrong.yaml:6:41: error: a window has two times'

# --- ensembles: the end and numbers of the command line
sed 's/method: mean-field/method: exact/; s/initial: 1 nM/initial: 1e-7 nM/' decay.yaml >few.yaml
try 0 ensemble few.yaml -R 4 --out few --until '5 h' --endpoint 'most={of: pool_B, take: most}' --endpoint end=pool_A \
    --set 'k=0.2 1/h' --quiet
try 0 show few/index.nc
says out 'most ['
says out 'end ['
says out 'by chance only: all have the same parameters'
grep -q 'run.until: "5 h"' few/plan.txt || fail "$said: --until is not in the plan"
try 65 ensemble few.yaml -R 4 --out none --endpoint 'most={of: pool_C}'
says err "--endpoint:1:12: error: unknown observable 'pool_C'"
try 2 ensemble few.yaml -R 4 --out none --endpoint pool_B
says err "--endpoint: 'pool_B' is not NAME=VALUE"
try 0 sweep numbers.yaml --dry-run --quiet --out none
says_nothing out
says_nothing err

# --- lists that vary together
cat >pairs.yaml <<'YAML'
lacuna_plan: 1
scenario: decay.yaml
vary:
  k: [0.1 1/h, 0.2 1/h, 0.4 1/h]
  run.rtol: {values: [1e-3, 1e-4, 1e-5], with: k}
  run.atol_scale: [1, 0.1]
YAML
try 0 sweep pairs.yaml --out pairs --quiet
try 0 sweep pairs.yaml --out pairs --dry-run
says out '6: 6 points (6 arms x 1 rows)'
says out 'by parameters only: the method draws no random numbers'
grep -A 9 'First points' out | awk '$2 != "" && $1 ~ /^[0-9]/ { print $2 * 1, $3 * 1, $4 * 1 }' >found
printf '%s\n' '0.1 0.001 1' '0.1 0.001 0.1' '0.2 0.0001 1' '0.2 0.0001 0.1' '0.4 1e-05 1' '0.4 1e-05 0.1' >expected
cmp -s expected found || fail "pairs are not taken together: $(cat found)"
try 0 merge pairs
sed 's/1e-5\], with: k/1e-5, 1e-6], with: k/' pairs.yaml >wrong.yaml
try 65 sweep wrong.yaml
says err 'lists that vary together are equally long'
sed 's/with: k/with: K/' pairs.yaml >wrong.yaml
try 65 sweep wrong.yaml
says err 'with: names another list'

# --- points from a table
printf '# two fits\r\nk [1/h];run.rtol\r\n0.1;1e-3\r\n5e-5 1/s;1e-4\r\n\r\n' >points.csv
cat >table.yaml <<'YAML'
lacuna_plan: 1
scenario: decay.yaml
table: points.csv
vary: {run.atol_scale: [1, 0.1]}
YAML
try 0 sweep table.yaml --out table --quiet
try 0 sweep table.yaml --out table --dry-run
says out '4: 4 points (2 arms x 2 rows)'
grep -A 5 'First points' out | awk '$1 ~ /^[0-9]/ { print $2 * 1, $3 * 1, $4 * 1 }' >found
printf '%s\n' '1 0.1 0.001' '1 0.18 0.0001' '0.1 0.1 0.001' '0.1 0.18 0.0001' >expected
cmp -s expected found || fail "the points are not those of the table: $(cat found)"
try 0 merge table
echo '0.3;1e-5' >>points.csv
try 0 sweep table.yaml --out table --extend --progress none
says out '6 of 6 members done (4 before)'
printf '0.3\n0.3;;\n0.3 kg;1e-5\n' >>points.csv
try 65 sweep table.yaml --out table
says err 'points.csv:7:1: error: fewer values than the first line has columns'
says err 'points.csv:8:5: error: no value here'
says err 'points.csv:8:5: error: more values than the first line has columns'
says err 'points.csv:9:1: error: k takes values such as 1 1/h'
printf 'k,q [1/h\n1,2\n' >points.csv
try 65 sweep table.yaml --out table
says err 'points.csv:1:3: error: a column has a name'
printf 'K\n1\n' >points.csv
try 65 sweep table.yaml --out table
says err "points.csv:1:1: error: 'K' is not a parameter of the scenario"
printf 'k [1/h]\n' >points.csv
try 65 sweep table.yaml --out table
says err 'has no points'
rm points.csv
try 65 sweep table.yaml --out table
says err 'points.csv'
finish
