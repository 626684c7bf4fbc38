#!/bin/sh
# The method hybrid gives the same bits with any number of threads, resumed or not, and for a replicate alone, in an
# ensemble with one or several workers, in memory or through files: a small model with cells, whole molecules that
# diffuse and a bath, one in which what is discrete changes on the way, and a cut of the section of the knee in which
# IL-1b and TNF are whole molecules too.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
cat >small.yaml <<'YAML'
lacuna: 1
title: cells that switch, a ligand of whole molecules and one of concentrations, and a bath
domains:
  gel: {kind: tissue}
  bath: {kind: well-mixed, volume: 1 uL}
species:
  off: {unit: cell, gel: {initial: {poisson: 60000 cell/mm^3}}}
  on: {unit: cell, gel: {initial: 0 cell/mm^3}}
  L: {unit: molecule, gel: {initial: 1e-4 molecule/um^3, diffusivity: 'if(depth < 60 um, 50 um^2/s, 20 um^2/s)', representation: discrete}}
  A: {gel: {initial: 0 pM, diffusivity: 30 um^2/s}, bath: {initial: 0 pM}}
  R: {unit: molecule, gel: {initial: 0.05 molecule/um^3}}
  S: {unit: molecule, gel: {initial: 0 molecule/um^3}}
  guest: {unit: cell, bath: {initial: 400 cell, total: true, representation: discrete}}
parameters:
  K: {value: 0.01 molecule/um^3, kind: assumption, source: made up for a test}
  q: {value: 0.02 molecule/(cell s), kind: assumption, source: made up for a test}
reactions:
  up: {in: gel, equation: off -> on, rate: '0.3/min * (0.1 + hill(S + A, K, 2)) * off'}
  down: {in: gel, equation: on -> off, rate: 0.1/min * on}
  send: {in: gel, equation: -> L, rate: q * (off + 5 * on)}
  sense: {in: gel, equation: L -> L + S, rate: 0.01/s * L}
  forget: {in: gel, equation: S ->, rate: 0.005/s * S}
  bind: {in: gel, equation: L + R ->, rate: 1 um^3/(molecule s) * L * R}
  renew: {in: gel, equation: -> R, rate: 0.001/s * (0.05 molecule/um^3 - R)}
  make: {in: gel, equation: -> A, rate: 'q * (off + 5 * on)'}
  lose: {in: gel, equation: A ->, rate: 0.01/s * A}
  leave: {in: bath, equation: guest ->, rate: 0.3/min * guest}
  give: {in: bath, equation: -> A, rate: 50 molecule/(cell s) * guest}
interfaces:
  top: {between: [gel.top, bath], exchange: [A]}
tissue:
  size: [160 um, 20 um, 320 um]
  voxel: 20 um
  represents: {area: 1 mm^2, feedback: patch}
observables:
  cells: mean(on)
  ligand: mean(L)
run: {until: 60 s, method: hybrid, seed: 1, save: {every: 20 s, fields_every: 20 s}}
YAML
cat >auto.yaml <<'YAML'
lacuna: 1
title: a ligand that fades and comes again, cells that switch, guests that come and go
domains:
  gel: {kind: tissue}
  bath: {kind: well-mixed, volume: 1 uL}
species:
  off: {unit: cell, gel: {initial: {poisson: 60000 cell/mm^3}}}
  on: {unit: cell, gel: {initial: 0 cell/mm^3}}
  L: {unit: molecule, gel: {initial: 0.0401 molecule/um^3, diffusivity: 5 um^2/s, representation: auto}}
  S: {unit: molecule, gel: {initial: 0 molecule/um^3}}
  guest: {unit: cell, bath: {initial: 10 cell, total: true, representation: {discrete_below: 50, continuous_above: 80}}}
  host: {unit: cell, bath: {initial: 100 cell, total: true}}
parameters:
  K: {value: 0.01 molecule/um^3, kind: assumption, source: made up for a test}
reactions:
  up: {in: gel, equation: off -> on, rate: '0.3/min * (0.1 + hill(S, K, 2)) * off'}
  down: {in: gel, equation: on -> off, rate: 0.1/min * on}
  send: {in: gel, equation: -> L, rate: 'if(t > 30 s, 0.004 molecule/(um^3 s), 0)'}
  fade: {in: gel, equation: L ->, rate: 0.05/s * L}
  sense: {in: gel, equation: -> S, rate: 0.01/s * L}
  come: {in: bath, equation: -> guest, rate: 'if(t < 20 s, 0.1/s, 0) * host'}
  go: {in: bath, equation: guest ->, rate: 0.04/s * guest}
tissue: {size: [160 um, 20 um, 320 um], voxel: 20 um}
observables:
  cells: mean(on)
  ligand: mean(L)
events:
  many: {when: 'bath.guest > 70 cell', into: bath, add: {host: 1 cell}}
run: {until: 60 s, method: hybrid, seed: 1, save: {every: 5 s, fields_every: 20 s}}
YAML
cat >bath.yaml <<'YAML'
lacuna: 1
title: molecules that are counted in a gel of many voxels and in a bath
domains:
  gel: {kind: tissue}
  bath: {kind: well-mixed, volume: 0.01 uL}
species:
  P: {unit: molecule, gel: {initial: 2e-6 molecule/um^3, diffusivity: 50 um^2/s, representation: discrete}, bath: {initial: 5e-5 molecule/um^3, representation: discrete}}
  Q: {gel: {initial: 0 pM}}
reactions:
  see: {in: gel, equation: -> Q, rate: 0.01/s * P}
  clear: {in: bath, equation: P ->, rate: 0.01/s * P}
interfaces:
  top: {between: [gel.top, bath], exchange: [P], permeability: 1 um/s}
tissue: {size: [2560 um, 20 um, 640 um], voxel: 20 um}
run: {until: 4 s, method: hybrid, seed: 1, save: {every: 1 s, fields_every: 1 s}}
YAML
cat >knee.yaml <<YAML
lacuna: 1
title: a cut of the section of the knee, cells and IL-1b and TNF by chance
model: $LACUNA_SOURCE/params/joint/section_molecules_adsc_50M.yaml
set: {MSC_beside: 5 cell}
tissue: {size: [0.2 mm, 0.1 mm, 2.4 mm]}
run: {until: 1 h, save: {every: 30 min, fields_every: 30 min}}
YAML
# As many voxels as make threads share all that they can.
sed -e 's/160 um, 20 um, 320 um/2560 um, 20 um, 2560 um/' -e 's/until: 60 s/until: 0.5 s/' -e 's/every: 20 s/every: 0.5 s/g' \
    small.yaml >large.yaml

same() {
    h5diff -c --exclude-path=/provenance "$1" "$2" >differences 2>&1 || echo differ >>differences
    [ ! -s differences ] || fail "$2 is not $1: $(head -3 differences)"
}
differ() {
    h5diff -q --exclude-path=/provenance "$1" "$2" >/dev/null 2>&1 && fail "$2 is $1"
}

# --- threads
for of in large small auto bath knee; do
    for threads in 1 2 3 7; do
        try 0 run $of.yaml --out $of$threads.nc --threads $threads --quiet
        same ${of}1.nc $of$threads.nc
    done
done

try 0 show small1.nc
like out 'windows of molecules +[0-9]'
try 0 check small.yaml
says out 'Expected to bound the step: windows of molecules.'

# Both become continuous and discrete on the way: the ligand first discrete, the guests first continuous.
try 0 show auto1.nc
like out 'gel_L +discrete [0-9.]+ % of the time; changes to continuous: 1, to discrete: 1; continuous at the end'
like out 'bath_guest +discrete [0-9.]+ % of the time; changes to continuous: 1, to discrete: 1; discrete at the end'

# --- resumed in the middle, with other threads
for time in 10 20 30 45; do
    try 0 run auto.yaml --out part-auto.nc --until "$time s" --checkpoint-every '0.001 s' --quiet --force
    try 0 resume part-auto.ckpt --until '60 s' --threads 3 --quiet
    same auto1.nc part-auto.nc
done
try 0 run small.yaml --out part-small.nc --until '40 s' --checkpoint-every '0.01 s' --quiet
try 0 resume part-small.ckpt --until '60 s' --threads 3 --quiet
same small1.nc part-small.nc
try 0 run knee.yaml --out part-knee.nc --until '30 min' --checkpoint-every '0.01 s' --quiet
try 0 resume part-knee.ckpt --until '1 h' --threads 3 --quiet
same knee1.nc part-knee.nc

# --- replicates: alone, and among others by one worker and by three, through files and in memory
for of in small auto knee; do
    case $of in
        small | auto) series='[cells, ligand]' ;;
        *) series='[pain, aggrecan_mean]' ;;
    esac
    printf 'lacuna_plan: 1\nscenario: %s.yaml\nreplicates: 2\nseed: 1\nkeep: {fields: all}\n' $of >whole.yaml
    printf 'lacuna_plan: 1\nscenario: %s.yaml\nreplicates: 2\nseed: 1\nkeep: {series: %s}\n' $of "$series" >brief.yaml
    try 0 sweep whole.yaml --out $of-whole --workers 3 --quiet
    try 0 run $of.yaml --set run.replicate=1 --out alone.nc --quiet --force
    same alone.nc $of-whole/members/000001.nc
    differ $of-whole/members/000000.nc $of-whole/members/000001.nc
    try 0 sweep brief.yaml --out $of-files --members files --workers 1 --quiet
    for workers in 1 3; do
        try 0 sweep brief.yaml --out $of-memory$workers --members memory --workers $workers --quiet
        h5diff -c --exclude-path=/provenance --exclude-path=/effort --exclude-path=/file $of-files/index.nc \
            $of-memory$workers/index.nc 2>&1 | sed '/^attribute: <REFERENCE_LIST of <\/member>>/,/differences found/d' >differences
        [ ! -s differences ] || fail "$of: in memory, $workers workers: $(head -3 differences)"
    done
done
finish
