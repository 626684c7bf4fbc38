#!/bin/sh
# Times: laws that jump at times which events set, triggers, repeated, listed and delayed events,
# infusions, and thresholds of the state that a solution slides along.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# write FILE LINE...: a well of 1 mL with these lines.
write() {
    file=$1
    shift
    {
        printf 'lacuna: 1\ntitle: times\ndomains: {well: {kind: well-mixed, volume: 1 mL}}\n'
        printf '%s\n' "$@"
    } >"$file"
}

# ends NAME EXPECTED TOLERANCE ARGUMENT...: the last value of a pool after a run.
ends() {
    name=$1 wanted=$2 tolerance=$3
    shift 3
    try 0 run -q -f -o r.nc "$@"
    "$LACUNA" show r.nc >shown
    value=$(awk -v name="$name" '$1 == name { print $2; exit }' shown)
    awk -v a="$value" -v b="$wanted" -v t="$tolerance" \
        'BEGIN { exit !(a != "" && a - b <= t && b - a <= t) }' ||
        fail "$said: $name ends at $value, expected $wanted"
}

# --- laws that jump when an event says

write window.yaml \
    'species: {A: {well: {initial: 0 nM, display: pM}}}' \
    'parameters: {start: 1000 d}' \
    'reactions: {in: {in: well, equation: "-> A",' \
    '  rate: "if(t >= start and t < start + 1 h, 1 nM/h, 0)"}}' \
    'events: {decide: {at: 5 d, set: {start: 20 d}}}' \
    'run: {until: 60 d, save: {every: 30 d}}'
for every in '30 d' '7 d' '60 d'; do
    ends well_A 1000 0.01 window.yaml --set "run.save.every=$every"
done

write lag.yaml \
    'species: {A: {well: {initial: 0 nM, display: pM}}}' \
    'parameters: {last: -100 d, lag: 2.3 d, due: last + lag}' \
    'functions: {"within(x, d)": "if(x >= 0 h and x < d, 1, 0)"}' \
    'quantities: {open: "within(t - due, 1 h)"}' \
    'reactions: {absorb: {in: well, equation: "-> A", rate: "1 nM/h * open"}}' \
    'events: {dose: {at: 1 d, every: 7 d, until: 70 d, set: {last: t}}}' \
    'run: {until: 100 d}'
for every in '7 d' '3 d' '100 d'; do
    ends well_A 10000 0.1 lag.yaml --set "run.save.every=$every"
done
sed -e 's/until: 100 d/until: 100 d, method: exact, seed: 3/' -e 's/1 mL/1e-9 mL/' lag.yaml >x.yaml
ends well_A 10000 600 x.yaml
ends well_A 10000 600 x.yaml --set 'run.save.every=100 d'

write wave.yaml \
    'species: {A: {well: {initial: 0 nM, display: pM}}, B: {well: {initial: 0 nM, display: pM}}}' \
    'reactions:' \
    '  day: {in: well, equation: "-> A", rate: "if(sin(2 * 3.14159265358979 * t / 24 h) > 0, 1 nM/h, 0)"}' \
    '  peak: {in: well, equation: "-> B", rate: "if(sin(2 * 3.14159265358979 * t / 24 h) > 0.99, 1 nM/h, 0)"}' \
    'run: {until: 20 d, save: {every: 10 d}}'
ends well_B 21625.5 0.2 wave.yaml
ends well_A 240000 2 wave.yaml

# In the tissue, through a wall, and as an input that passes a threshold.
cat >gel.yaml <<'YAML'
lacuna: 1
title: a gel whose wall opens when an event says
domains: {gel: {kind: tissue}, well: {kind: well-mixed, volume: 1 mL}}
tissue: {size: [20 um, 20 um, 40 um], voxel: 20 um}
species:
  A: {gel: {initial: 0 nM, display: pM}}
  B: {gel: {initial: 0 nM, display: pM, diffusivity: 10 um^2/s}}
parameters: {start: 1000 d}
inputs: {load: {shape: linear, knots: [[0 h, 0], [100 h, 100]]}}
reactions:
  made: {in: gel, equation: "-> A", rate: "if(t >= start and t < start + 1 h, 1 nM/h, 0)"}
boundaries:
  top: {at: gel.top, species: B, flux: "if(abs(load - 30) < 0.01, 1 nM * 1 um/s, 0 nM * 1 um/s)"}
events: {decide: {at: 5 d, set: {start: 20 d}}}
run: {until: 60 d, save: {every: 30 d}}
YAML
ends gel_A 1000 0.01 gel.yaml
ends gel_B 1800 0.01 gel.yaml

# --- repetitions count to the event's own end

write many.yaml \
    'species: {k: {unit: 1, well: {initial: 0}}}' \
    'events: {ek: {at: 0 s, every: 0.7 ms, until: 14 s, add: {k: 1}}}' \
    'run: {until: 100 d, save: {every: 50 d}}'
ends well_k 20001 0 many.yaml

# --- triggers

write held.yaml \
    'species: {A: {well: {initial: 5 nM}}, B: {well: {initial: 0 nM}}, C: {well: {initial: 0 nM, display: nM}}}' \
    'events:' \
    '  held: {when: t >= 0 h, set: {B: 7 nM}}' \
    '  state: {when: A > 1 nM, set: {B: 7 nM}}' \
    '  later: {when: "t >= 1 h", set: {C: t * 1 nM/h}}' \
    'run: {until: 4 h, save: {every: 1 h}}'
try 0 check held.yaml
says err "held.yaml:6:3: warning: the trigger of 'held' holds at t = 0"
says err "the trigger of 'state' holds at t = 0"
try 0 run -f -o r.nc held.yaml
says err "the trigger of 'held' holds at t = 0"
if grep -q "'later'" err; then fail 'a trigger that does not hold is warned of'; fi
ends well_C 1 1e-9 held.yaml

# A falls as exp(-k t): it passes 1 pM at ln(1000)/k, however long the steps.
write edge.yaml \
    'species: {A: {well: {initial: 1 nM}}, T: {unit: 1, well: {initial: 0}}}' \
    'reactions: {loss: {in: well, equation: "A ->", rate: 0.1/h * A}}' \
    'events: {passed: {when: A < 1 pM, once: true, set: {T: t * 1/h}}}' \
    'run: {until: 100 d, rtol: 1e-10, atol_scale: 1e-6, save: {every: 100 d}}'
ends well_T 69.0776 0.00005 edge.yaml

# --- a threshold along which the solution slides

write slide.yaml \
    'species: {A: {well: {initial: 5 pM, display: pM}}, S: {unit: 1, well: {initial: 1, signed: true}}}' \
    'reactions:' \
    '  p: {in: well, equation: "A ->", rate: "if(A > 2 pM, 1 pM/h, 0)"}' \
    '  q: {in: well, equation: "-> A", rate: "if(A > 2 pM, 0, 3 pM/h)"}' \
    'rates: {S: {in: well, rate: "if(S > 0, -1/h, 2/h)"}}' \
    'run: {until: 20 d, save: {every: 20 d}}'
ends well_A 2 0.001 slide.yaml
ends well_S 0 0.001 slide.yaml
try 0 run -f -o r.nc slide.yaml
steps=$(sed -n 's/.* in \([0-9]*\) steps.*/\1/p' out)
[ "${steps:-9999}" -lt 300 ] || fail "$said: ${steps:-?} steps along a threshold"

[ "$failures" -eq 0 ]
