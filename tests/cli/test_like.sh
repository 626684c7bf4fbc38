#!/bin/sh
# A tissue that is like another is as one that is spelled out, what it says itself counts, and what cannot
# be is refused with its place.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

cat >like.yaml <<'END'
lacuna: 1
domains:
  bath: {kind: well-mixed, volume: 2 mL}
  left: {kind: tissue}
  right: {kind: tissue, like: left, with: {load: "if(depth < 0.3 mm, 3 * load, load)", drive: drive / 2}}
parameters:
  k: {value: 0.1 1/h, kind: assumption, source: none}
  load: {value: 1, kind: assumption, source: none}
  bind: {value: 1e-3 1/(pM*h), kind: assumption, source: none}
quantities:
  drive: {in: left, is: A / (A + 5 pM)}
species:
  A:
    bath: {initial: 100 pM}
    left: {diffusivity: load * 20 um^2/s, partition: 0.5}
  B:
    left: {initial: 5 pM + depth * 0.01 pM/um}
  worn: {unit: 1, left: {initial: 0.5}}
reactions:
  decay: {in: [bath, left], equation: A ->, rate: k * A}
  use: {in: left, equation: A + B <=>, rate: drive * bind * A * B, reverse: 0.1 pM/h * load}
  local: {in: left, region: skin, equation: -> B, rate: 0.2 pM/h}
rates:
  worn: {in: left, rate: 0.1/h * drive * (1 - worn)}
interfaces:
  top: {between: [left.top, bath], exchange: [A]}
boundaries:
  bone: {at: left.bottom, species: A, flux: 1e-3 pM um/s}
run: {until: 1 d, rtol: 1e-6, save: {every: 6 h}}
tissue:
  left:
    size: [20 um, 20 um, 0.6 mm]
    voxel: 20 um
    zones: {skin: 0.1 mm, rest: 0.5 mm}
    represents: {area: 5 cm^2}
  right: {size: [20 um, 20 um, 0.4 mm], voxel: 20 um, represents: {area: 3 cm^2}}
END

# The same, word for word.
cat >spelled.yaml <<'END'
lacuna: 1
domains:
  bath: {kind: well-mixed, volume: 2 mL}
  left: {kind: tissue}
  right: {kind: tissue}
parameters:
  k: {value: 0.1 1/h, kind: assumption, source: none}
  load: {value: 1, kind: assumption, source: none}
  bind: {value: 1e-3 1/(pM*h), kind: assumption, source: none}
functions:
  right_load(d): if(d < 0.3 mm, 3 * load, load)
species:
  A:
    bath: {initial: 100 pM}
    left: {diffusivity: load * 20 um^2/s, partition: 0.5}
    right: {diffusivity: right_load(depth) * 20 um^2/s, partition: 0.5}
  B:
    left: {initial: 5 pM + depth * 0.01 pM/um}
    right: {initial: 5 pM + depth * 0.01 pM/um}
  worn: {unit: 1, left: {initial: 0.5}, right: {initial: 0.5}}
reactions:
  decay: {in: [bath, left, right], equation: A ->, rate: k * A}
  use: {in: left, equation: A + B <=>, rate: A / (A + 5 pM) * bind * A * B, reverse: 0.1 pM/h * load}
  local: {in: left, region: skin, equation: -> B, rate: 0.2 pM/h}
  use_right: {in: right, equation: A + B <=>, rate: A / (A + 5 pM) / 2 * bind * A * B, reverse: 0.1 pM/h * right_load(depth)}
rates:
  worn:
    - {in: left, rate: 0.1/h * (A / (A + 5 pM)) * (1 - worn)}
    - {in: right, rate: 0.1/h * (A / (A + 5 pM) / 2) * (1 - worn)}
interfaces:
  top: {between: [left.top, bath], exchange: [A]}
  top_right: {between: [right.top, bath], exchange: [A]}
boundaries:
  bone: {at: left.bottom, species: A, flux: 1e-3 pM um/s}
  bone_right: {at: right.bottom, species: A, flux: 1e-3 pM um/s}
END
sed -n '/^run:/,$p' like.yaml >>spelled.yaml

# last FILE: the last values of all variables.
last() {
    "$LACUNA" show --full "$1" | awk '/^Last values/ { on = 1 } /^Ledger/ { on = 0 } on && NF > 2'
}

try 0 run -q -o like.nc like.yaml
try 0 run -q -o spelled.nc spelled.yaml
last like.nc >like.txt
last spelled.nc >spelled.txt
[ "$(wc -l <like.txt)" -eq 8 ] || fail "not seven variables: $(cat like.txt)"
cmp -s like.txt spelled.txt || fail "a tissue that is like another: $(diff like.txt spelled.txt)"

# Names of processes in the original are as they are without a tissue that is like it.
try 0 check --full like.yaml
for name in 'use   ' 'use.reverse' 'use.right   ' 'use.right.reverse' 'worn.gain' 'worn.right.gain' decay.right; do
    says out "  $name"
done
grep -q 'local.right' out && fail "what is limited to a region is copied"

# The model that a result holds says everything, and reads as before.
try 0 run -q -o again.nc --from like.nc --until '1 min' like.yaml

# --- what it says itself counts

# start VARIABLE: its mean after a second.
start() {
    "$LACUNA" run -q --force --until '1 s' -o start.nc own.yaml 2>err || fail "own.yaml: $(cat err)"
    last start.nc | awk -v name="$1" '$1 == name { printf "%.3f", $2; exit }'
}

sed 's/^run:/initial: {left: {worn: 0.25}}\nrun:/' like.yaml >own.yaml
[ "$(start right_worn)" = 0.250 ] || fail "the initial value of the original does not hold: $(start right_worn)"
sed 's/^run:/initial: {left: {worn: 0.25}, right: {worn: 0.125}}\nrun:/' like.yaml >own.yaml
[ "$(start right_worn)" = 0.125 ] || fail "its own initial value does not hold"
[ "$(start left_worn)" = 0.250 ] || fail "the initial value of the original is lost"
sed 's/left: {initial: 0.5}}/left: {initial: 0.5}, right: {initial: 0.75}}/
    s/^run:/initial: {left: {worn: 0.25}}\nrun:/' like.yaml >own.yaml
[ "$(start right_worn)" = 0.750 ] || fail "a species of its own takes the initial value of another"

sed 's/^  worn: {in: left, .*/  worn: [{in: left, rate: 1e-3\/h}, {in: right, rate: 2e-3\/h}]/
    s/^interfaces:/interfaces:\n  cover: {between: [right.top, bath], exchange: {A: {permeability: 1 um\/s}}}/' \
    like.yaml >own.yaml
try 0 check --full own.yaml
[ "$(grep -c '^  worn.right.gain  *right' out)" -eq 1 ] || fail "its own rate does not stand alone: $(cat out)"
says out "  right.A  top     exchange with bath.A, partition 0.5, permeability 1 um/s"

# What arrives in one of two such tissues is not missed in the other.
sed 's/^  worn: {unit/  C: {left: {}}\n&/
    s/^run:/events: {dose: {at: 1 h, in: right, add: {C: 1 pM}}}\nrun:/' like.yaml >own.yaml
try 0 check own.yaml
says_nothing err
sed 's/add: {C/add: {A/' own.yaml >odd.yaml
try 0 check odd.yaml
says err "nothing makes 'left.C', and it starts at 0"

# --- what cannot be

# refused PLACE TEXT SED: the model so changed is refused there with these words.
refused() {
    sed "$3" like.yaml >bad.yaml
    try 65 check bad.yaml
    says err "bad.yaml:$1: error: $2"
}
refused 5:31 "unknown domain 'lfet': did you mean 'left'?" '/like:/s/like: left/like: lfet/'
refused 5:31 "'right' must be like another tissue: 'bath' is well-mixed" '/like:/s/like: left/like: bath/'
refused 5:31 "'right' must be like another tissue: 'right' is itself" '/like:/s/like: left/like: right/'
refused 3:48 "a tissue can be like another tissue: 'bath' is well-mixed" '/  bath: {kind/s/2 mL/2 mL, like: left/'
refused 4:30 "'right' is itself like another tissue" '/  left: {kind/s/tissue/tissue, like: right/'
refused 5:44 "'laod' is not a parameter or quantity: did you mean 'load'?" '/like:/s/{load/{laod/'
refused 5:44 "'A' is a species (bad.yaml:13), not a parameter or quantity" '/like:/s/{load/{A/'
refused 5:95 "what 'drive' is in 'right' must be a pure number" \
    '/like:/s/drive \/ 2/drive * 2 pM/'
refused 5:54 "unknown name 'skni'" '/like:/s/if(depth/if(skni/'

finish
