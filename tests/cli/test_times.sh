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
ends well_A 2 0.006 slide.yaml
ends well_S 0 0.001 slide.yaml
for rtol in 1e-2 1e-3 1e-4 1e-6; do
    for push in 0.01 3 100; do
        sed "s/3 pM/$push * 1 pM/; s,2/h,$push/h," slide.yaml >s.yaml
        timeout 60 "$LACUNA" run -q -f -o s.nc s.yaml --set "run.rtol=$rtol" 2>err ||
            fail "does not slide with rtol $rtol and $push: $(cat err)"
    done
done
try 0 run -f -o r.nc slide.yaml
steps=$(sed -n 's/.* in \([0-9]*\) steps.*/\1/p' out)
[ "${steps:-9999}" -lt 300 ] || fail "$said: ${steps:-?} steps along a threshold"

# --- lists of times, delays, infusions

cat >plan.yaml <<'YAML'
lacuna: 1
title: lists, delays and infusions
domains: {well: {kind: well-mixed, volume: 1 mL}, gel: {kind: tissue}}
tissue: {size: [20 um, 20 um, 40 um], voxel: 20 um, zones: {up: 20 um, down: 20 um}}
species:
  A: {well: {initial: 0 nM, display: nM}}
  B: {well: {initial: 0 nM, display: nM}}
  C: {well: {initial: 0 nM, display: nM}}
  S: {unit: 1, well: {initial: 0}}
  D: {gel: {initial: 0 nM, display: nM}}
parameters: {c: 1 nM}
events:
  list: {at: [14 d, 0 d, 7 d], add: {A: c}}
  change: {at: 10 d, set: {c: 5 nM}}
  drip: {at: 1 d, every: 2 h, until: 2 d, over: 5 h, add: {B: c, S: 2}}
  wait: {when: "t >= 3 d", delay: 2 d, add: {C: t * 1 nM/d}}
  wait2: {at: 3 d, delay: 2 d, values: execution, add: {C: t * 100 nM/d}}
  soak: {at: 1 d, over: 3 h, region: up, add: {D: 4 nM}}
doses:
  - {at: [2 d, 3 d], over: 1 d, into: well, add: {C: 1 pmol}}
run: {until: 20 d, save: {every: 6 h}}
YAML
for every in '6 h' '20 d' '1.7 d'; do
    ends well_A 7 1e-9 plan.yaml --set "run.save.every=$every"
    ends well_B 13 1e-9 plan.yaml --set "run.save.every=$every"
    ends well_S 26 1e-9 plan.yaml --set "run.save.every=$every"
    ends well_C 505 1e-9 plan.yaml --set "run.save.every=$every"
    ends gel_D 2 1e-9 plan.yaml --set "run.save.every=$every"
done
ends well_B 2.2 1e-9 plan.yaml --until '30 h' # 5 h, 4 h and 2 h of 5 h each

try 0 check plan.yaml --full
says out '0 s, 7 d, 14 d'
says out 'over 5 h'
says out 'after 2 d (values then)'
says out 'drip.infusion'

# The resolved model is the same run; a run in two parts has the same bits.
if command -v h5diff >/dev/null; then
    try 0 run -q -f -o whole.nc plan.yaml
    for end in '30 h' '4 d'; do
        rm -f part.*
        try 0 run -q -o part.nc plan.yaml --until "$end" --checkpoint-every '1 h'
        try 0 resume -q part.ckpt --until '20 d'
        h5diff -c --exclude-path=/provenance whole.nc part.nc >differences 2>&1 || :
        [ ! -s differences ] || fail "resumed at $end: $(head -3 differences)"
    done
fi

# Exact: whole molecules at the times of a Poisson process of that rate.
sed -e 's/1 mL/1e-9 mL/' -e 's/1 pmol/1e-9 pmol/' -e 's/run: {/run: {method: exact, seed: 2, /' plan.yaml >x.yaml
ends well_A 7 0.01 x.yaml
ends well_B 13 0.7 x.yaml # 7800 molecules: 5 standard deviations
ends well_C 505 0.2 x.yaml

# wrong LINE PLACE SENTENCE: an event that is an error there.
wrong() {
    write bad.yaml \
        'species: {A: {well: {initial: 0 nM}}}' 'parameters: {k: 1}' "events: {e: $1}" 'run: {until: 9 d}'
    try 65 check bad.yaml
    says err "bad.yaml:$2: error: "
    says err "$3"
}
wrong '{at: 1 d, over: -2 h, add: {A: 1 nM}}' 6:29 "'over' must be above 0"
wrong '{at: 1 d, delay: -2 h, add: {A: 1 nM}}' 6:30 "'delay' must not be negative"
wrong '{at: 1 d, over: 2 h, set: {A: 1 nM}}' 6:10 "with 'over' an event only adds to species"
wrong '{at: 1 d, over: 2 h, add: {k: 1}}' 6:10 "with 'over' an event only adds to species"
wrong '{at: 1 d, values: execution, add: {A: 1 nM}}' 6:31 "'values' goes with 'delay'"
wrong '{at: [1 d, 2 d, 1 d], add: {A: 1 nM}}' 6:18 'twice'
wrong '{at: [1 d, -2 d], add: {A: 1 nM}}' 6:24 'is before the start of the run'
wrong '{at: [], add: {A: 1 nM}}' 6:18 "'at' has no time"
wrong '{at: [1 d, 2 d], every: 1 d, add: {A: 1 nM}}' 6:37 "goes with one time"

[ "$failures" -eq 0 ]
