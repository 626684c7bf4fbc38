#!/bin/sh
# lacuna trial: a virtual trial from its plan to its index: who is taken in, what is estimated, the same
# bits whoever computed the members, growing, and plans that are wrong.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
# Pain goes up by itself and down while a drug is there; patients differ in both.
cat >pain.yaml <<'YAML'
lacuna: 1
domains: {joint: {kind: well-mixed, volume: 10 mL}}
species:
  drug: {unit: 1, joint: {initial: 0, atol: 1e-9}}
  hurt: {unit: 1, joint: {initial: level, atol: 1e-6}}
parameters:
  level: {value: 60, range: [10, 100]}
  drift: {value: 0}
  strength: {value: 20, range: [0, 60]}
  given: {value: 0}
  fade: {value: 0.005 1/d}
reactions:
  fading: {in: joint, equation: drug ->, rate: fade * drug}
  worsening: {in: joint, equation: -> hurt, rate: drift * 1/d}
events: {injection: {at: 1 h, into: joint, add: {drug: given}}}
observables: {pain: joint.hurt - strength * joint.drug}
run: {until: 365 d, save: {every: 5 d}}
YAML
cat >plan.yaml <<'YAML'
lacuna_plan: 1
title: a drug against nothing
scenario: pain.yaml
design: random
points: 60
seed: 4
arms:
  placebo: {}
  drug: {given: 1}
  twice: {given: 2}
  watched: {}
vary:
  level: {normal: {mean: 60, sd: 8}, truncate: range}
  strength: {lognormal: {median: 15, gsd: 1.4}, truncate: range}
  drift: {uniform: [0, 0.01]}
correlation: {level: {strength: 0.5}}
endpoints: {drifts: {of: pain, at: 180 d, change: yes}}
trial:
  outcome: pain
  control: placebo
  uninjected: [watched]
  visits: [30 d, 90 d, 180 d, 365 d]
  primary: 90 d
  patients: 40
  include:
    stable: {of: drifts, arm: placebo, most: 1.5, kind: assumption, source: made up for a test}
    painful: {of: reported, least: 45, most: 90, kind: assumption, source: made up for a test}
  parameters:
    noise_sd: {value: 8, range: [5, 12], kind: assumption, source: made up for a test}
    contextual_mean: {value: 10, kind: assumption, source: made up for a test}
    contextual_sd: {value: 5, kind: assumption, source: made up for a test}
    contextual_onset: {value: 10 d, kind: assumption, source: made up for a test}
    dropout_per_year: {value: 0.1, kind: assumption, source: made up for a test}
    function_sd: {value: 8, kind: assumption, source: made up for a test}
    global_sd: {value: 8, kind: assumption, source: made up for a test}
  analysis: {resamples: 200, sizes: [20, 50, 100]}
YAML

# same DIR DIR: all but who made it, when and with which words.
same() {
    h5diff -c "$1/trial.nc" "$2/trial.nc" >all 2>&1
    grep -E '^(dataset|group):|differences found' all | grep -v '^attribute' >found
    awk '/^dataset/ { name = $0 } /differences found/ && name != "" && !/^0 / { print name, $0 }' found >differ
    [ ! -s differ ] || fail "the trial of $2 is not that of $1: $(head -3 differ)"
}
try 0 trial plan.yaml --out one --workers 1 --progress none
says err ' patients pass and are run in the other arms'
grep -Eq '^one: ([0-9]+) of \1 members done \(60 before\)' out || fail "not all patients were screened: $(cat out)"
grep -q '^one: 240 of' out && fail 'who is refused was run in every arm'
says out '(the same ones in every arm)'
says out 'refused by stable'
says out 'refused by painful'
says out 'pain after 90 days; less is better; intervals of 95 %'
try 0 trial plan.yaml --out three --workers 3 --quiet
says_nothing out
try 0 trial plan.yaml --out files --members files --quiet
same one three
same one files
try 0 trial plan.yaml --out one --json
python3 - out <<'PY' || fail 'the estimates are not what was put in'
import json, sys
arms = {arm["arm"]: arm for arm in json.load(open(sys.argv[1]))["arms"]}
at = {name: arm["visits"][2] for name, arm in arms.items()}
assert all(arm["taken_in"] == arms["placebo"]["taken_in"] <= 40 for arm in arms.values())
assert arms["placebo"]["taken_in"] > 15
relief = 15 * 1.06 * 0.64  # the mean of a lognormal, faded for 90 days
drug, twice, watched = (at[name] for name in ("drug", "twice", "watched"))
assert abs(drug["biology_against"]["value"] + relief) < 3, drug
assert abs(twice["biology_against"]["value"] - 2 * drug["biology_against"]["value"]) < 0.2
assert watched["biology_against"]["value"] == 0 and abs(watched["change_against"]["value"] - 10) < 5
assert drug["change_against"]["low"] < drug["change_against"]["value"] < drug["change_against"]["high"]
assert twice["responders"]["value"] > at["placebo"]["responders"]["value"]
assert arms["drug"]["sample_size"] < 100 < 1e4
PY
# Who is refused is run in the control arm alone, and nothing that is told depends on it.
try 0 sweep plan.yaml --out whole --quiet
try 0 trial plan.yaml --out whole --progress none
says out '(240 before)'
for group in /estimates /arms /verdict; do
    h5diff one/trial.nc whole/trial.nc "$group" >differ || fail "$group depends on who was run: $(head -3 differ)"
done
# A trial that grows keeps its patients; other noise needs no new members.
try 0 trial plan.yaml --patients 10 --out grows --quiet
try 0 trial plan.yaml --out grows --extend --progress none
says out '(81 before)'
same one grows
sed 's/value: 8, range/value: 10, range/' plan.yaml >noisy.yaml
try 0 trial noisy.yaml --out one --progress none
says out '(180 before)'
h5dump -d /parameters/source one/trial.nc | grep -q 'made up for a test' || fail 'no sources in the index'
# A visit between two saved times is saved too, in memory as in files, and no visit is interpolated.
sed -e 's/visits: \[30 d, /visits: [32.5 d, /' -e 's/^points: 60/points: 6/' plan.yaml >between.yaml
try 0 trial between.yaml --out between --quiet
try 0 trial between.yaml --out between_files --members files --quiet
same between between_files
# and such a trial grows too.
sed 's/^points: 6$/points: 4/' between.yaml >fewer.yaml
try 0 trial fewer.yaml --out later --quiet
try 0 trial between.yaml --out later --extend --quiet
same between later
h5dump -d /time -y -w 1 between/index.nc | grep -q '^ *780,' || fail 'day 32.5 was not saved'
h5dump -d /time -y -w 1 one/index.nc | grep -q '^ *780,' && fail 'day 32.5 was saved, though nobody asked'
# Patients of their own in every arm.
sed 's/^  patients: 40/  allocation: parallel/' plan.yaml >parallel.yaml
try 0 trial parallel.yaml --out parallel --progress none
says out '(other patients in every arm)'
h5dump -d /level -y -w 1 parallel/index.nc | sed -n '/DATA {/,/}/p' | sort | uniq -d | grep '[0-9]' >twice
[ ! -s twice ] || fail 'two arms of a parallel trial share a patient'
try 65 sensitivity parallel/index.nc
says err 'every arm of the plan has points of its own'
# Patients from a table.
printf 'level, strength, drift\n60, 10, 0\n70, 20, 0\n55, 15, 0.001\n' >people.csv
sed -e '/^design/d; /^points/d; /^correlation/d; /^vary/,/^  drift/d' -e 's/^seed: 4/table: people.csv/' plan.yaml >table.yaml
try 0 trial table.yaml --out table --progress none
says out '12 of 12 members done'

# --- plans that are wrong
bad() { # bad SED-EXPRESSION SENTENCE
    sed "$1" plan.yaml >bad.yaml
    try 65 trial bad.yaml --out bad --quiet
    says err "$2"
}
bad 's/^  control: placebo/  control: placbo/' "bad.yaml:20:12: error: 'placbo' is no arm: did you mean 'placebo'?"
bad 's/outcome: pain/outcome: pian/' "did you mean 'pain'?"
bad 's/primary: 90 d/primary: 91 d/' 'primary: 91 d is no visit'
bad 's/visits: .*/visits: [90 d, 30 d]/' 'visits come one after the other'
bad 's/365 d\]/2 h, 400 d]/' 'visits come one after the other'
bad 's/value: 8, range.*source.*/value: 8}/' 'noise_sd needs kind: and source:'
bad 's/range: \[5, 12\]/range: [9, 12]/' 'the value of noise_sd lies outside of its range'
bad 's/noise_sd/noise_ds/' "unknown key 'noise_ds'"
bad 's/of: drifts/of: drift/' "'drift' is not an endpoint of the plan, and not \`reported\`"
bad '/^arms/,/watched: /d' 'a trial compares arms'
bad 's/strength: 0.5/strength: 1.5/' 'a rank correlation lies between -1 and 1, not at 1.5'
bad 's/{level: {strength: 0.5}}/{level: {strength: 0.9, drift: 0.9}, strength: {drift: -0.9}}/' 'these correlations contradict one another'
bad 's/{level: {strength: 0.5}}/{fade: {strength: 0.5}}/' "'fade' is not a factor with a distribution"
bad 's/  level: {normal.*/  level: [50, 60]/; /^correlation/d' 'level is a list: in a trial arms alone are crossed with patients'
sed 's/at: 1 h, into/at: 0 h, into/' pain.yaml >at_once.yaml
sed 's/pain.yaml/at_once.yaml/' plan.yaml >early.yaml
try 65 trial early.yaml --out early --quiet
says err 'what is given at day 0 acts at once'
sed '/^trial/,$d' plan.yaml >plain.yaml
try 65 trial plain.yaml --out bad
says err 'plain.yaml has no trial: of its own; lacuna sweep runs it'

# --- the picture and the table
if sh "$LACUNA_SOURCE/tests/with-python" -c 'import matplotlib' 2>/dev/null; then
    sh "$LACUNA_SOURCE/tests/with-python" "$LACUNA_SOURCE/scripts/trial.py" one/trial.nc parallel/trial.nc \
        --names paired,parallel >out 2>err || fail "trial.py: $(cat err)"
    [ -s one/trial.png ] || fail 'no picture'
    [ "$(wc -l <one/trial.csv)" -eq 41 ] || fail 'the table has not 2 x 4 x 5 rows'
    grep -q '^paired,drug,90,' one/trial.csv || fail 'a row of the table is missing'
    sh "$LACUNA_SOURCE/tests/with-python" "$LACUNA_SOURCE/scripts/trial.py" one/index.nc >out 2>err &&
        fail 'trial.py takes an index'
    says err 'holds no estimates, so it is no trial.nc'
fi
finish
