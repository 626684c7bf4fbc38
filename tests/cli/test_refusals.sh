#!/bin/sh
# Laws that are not finite, and steps that were refused: told with process, law, place, time, counts
# and a remedy, on the screen and in the file.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# pools RATE: a model of pools in which A is lost at this rate.
pools() {
    cat >a.yaml <<YAML
lacuna: 1
domains: {bath: {kind: well-mixed, volume: 2 mL}}
species:
  A: {unit: 1, bath: {initial: 2, atol: 1e-6}}
  S: {unit: 1, bath: {initial: 1, signed: true}}
parameters: {k: 0.1/h, z: 0}
reactions: {loss: {in: bath, equation: "A ->", rate: "$1"}}
run: {until: 2 d}
YAML
}

pools 'k * A / z'
try 1 run a.yaml --out a.nc
says err 'at t = 0 s (day 0) the rate of loss in bath (a.yaml:7:13) is infinite: k * A / z'
says err 'where k * bath.A / z is infinite (k = 0.1 1/h, bath.A = 2, z = 0)'
says err 'with max(), min() or if()'
pools 'k * A * log(S - 2)'
try 1 run a.yaml --out a.nc --force
says err 'the rate of loss in bath (a.yaml:7:13) is not a number: k * A * log(S - 2)'
says err 'where log(bath.S - 2) is not a number (bath.S = 1)'
pools 'k * if(t < 1 h, A, A / z)'
try 1 run a.yaml --out a.nc --force
says err 'at t = 3600 s'
says err 'where bath.A / z is infinite (bath.A = '

# Defined at first, later not: refused until the step is too short.
pools 'k * (1 + sqrt(A - 1))'
try 1 run a.yaml --out a.nc --force
says err 'the step would fall below 1e-09 s'
says err 'where sqrt(bath.A - 1) is not a number (bath.A = 0.99999'
says err 'rejected (law not finite '
try 0 show a.nc
says out 'rejected; law not finite '

# In a tissue: the voxel, also with diffusion and a stiff loss around it.
cat >b.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
species:
  A: {gel: {initial: "1 nM * (1 + depth / 10 um)", diffusivity: 50 um^2/s}}
  B: {gel: {initial: 0 nM}}
parameters: {none: 0 nM}
reactions:
  fast: {in: gel, equation: "A -> B", rate: 1e5/s * A}
  slow: {in: gel, region: lower, equation: "B ->", rate: 1 nM/s * B / none}
boundaries: {source: {at: gel.top, species: A, value: 1 nM}}
tissue: {size: [20 um, 20 um, 100 um], voxel: [10 um, 10 um, 10 um], zones: {upper: 50 %, lower: 50 %}}
run: {until: 1 h}
YAML
try 1 run b.yaml --out b.nc
says err 'at t = 0 s (day 0) the rate of slow in voxel (x, y, z) = (0, 0, 5) (b.yaml:9:3) is not a number: 1 nM/s * B / none'
says err 'gel.B = 0'

# A sound run: the counts agree with what the run said.
sed -e 's/region: lower, //' -e 's/ \/ none/ \/ (1 nM + none)/' b.yaml >c.yaml
try 0 run c.yaml --out c.nc
steps=$(sed -n 's/.* in \([0-9]*\) steps (\([0-9]*\) rejected).*/\1, \2 rejected/p' out)
try 0 show c.nc
says out "steps          $steps"
try 0 show c.nc --json
says out '"refused_linear_solver":'

# An integrator that loses its order here says so; those that do not are silent.
moving=$LACUNA_SOURCE/tests/physics/accuracy/moving.yaml
try 0 run "$moving" --out d.nc --until 1min --set run.integrator=rodas4
says err 'run.integrator is rodas4, which loses its order'
try 0 run "$moving" --out d.nc --force --until 1min --set run.integrator=ros2
says_nothing err
finish
