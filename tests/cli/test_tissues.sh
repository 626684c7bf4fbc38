#!/bin/sh
# Several tissues: two halves are as one whole, what is of another tissue is refused with a place, and
# threads, interruptions and plots do not mind.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# model AREA TISSUE...: columns of AREA cm^2 each, in the same bath.
model() {
    area=$1
    shift
    printf 'lacuna: 1\ndomains:\n  bath: {kind: well-mixed, volume: 2 mL}\n'
    printf '  %s: {kind: tissue}\n' "$@"
    printf 'parameters:\n  k: {value: 0.1 1/h, kind: assumption, source: none}\n'
    printf '  bind: {value: 1e-3 1/(pM*h), kind: assumption, source: none}\n'
    printf 'species:\n  A:\n    bath: {initial: 100 pM}\n'
    printf '    %s: {diffusivity: 20 um^2/s}\n' "$@"
    printf '  B:\n'
    printf '    %s: {initial: 5 pM + depth * 0.01 pM/um}\n' "$@"
    printf 'reactions:\n  decay: {in: bath, equation: A ->, rate: k * A}\n'
    for each in "$@"; do
        printf '  use_%s: {in: %s, equation: A + B ->, rate: bind * A * B}\n' "$each" "$each"
    done
    printf 'interfaces:\n'
    for each in "$@"; do
        printf '  top_%s: {between: [%s.top, bath], exchange: [A]}\n' "$each" "$each"
    done
    printf 'observables:\n'
    for each in "$@"; do
        printf '  A_%s: mean(%s.A)\n  B_%s: at(%s.B, 10 um, 10 um, 300 um)\n' \
            "$each" "$each" "$each" "$each"
    done
    printf 'run: {until: 1 d, rtol: 1e-8, save: {every: 6 h}}\ntissue:\n'
    for each in "$@"; do
        printf '  %s: {size: [20 um, 20 um, 0.6 mm], voxel: 20 um, represents: {area: %s cm^2}}\n' \
            "$each" "$area"
    done
}

# last FILE NAME: the last value that show tells.
last() {
    "$LACUNA" show --full "$1" | awk -v name="$2" '$1 == name { print $2; exit }'
}

near() {
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && b != "" && (a - b) ^ 2 <= (2e-5 * b) ^ 2) }' ||
        fail "$3: $1, expected $2"
}

# --- two halves are as one whole

model 10 whole >whole.yaml
model 5 left right >halves.yaml
try 0 run -q -o whole.nc whole.yaml
try 0 run -q -t 1 -o halves.nc halves.yaml
for name in A B; do
    near "$(last halves.nc ${name}_left)" "$(last whole.nc ${name}_whole)" "${name} in the left half"
    near "$(last halves.nc ${name}_right)" "$(last whole.nc ${name}_whole)" "${name} in the right half"
done
near "$(last halves.nc bath_A)" "$(last whole.nc bath_A)" "A in the bath"

# --- two unlike pieces, one with a hole: conservation, threads, resuming, text

cat >joint.yaml <<'END'
lacuna: 1
domains:
  intact: {kind: tissue}
  lesion: {kind: tissue}
  bath: {kind: well-mixed, volume: 2 mL}
species:
  A:
    intact: {initial: 1 pM, diffusivity: 20 um^2/s}
    lesion: {initial: {crust: 3 pM, default: 8 pM}, diffusivity: 40 um^2/s}
    bath: {initial: 100 pM}
interfaces:
  surface: {between: [intact.top, bath], exchange: all}
  rim: {between: [lesion.top, bath], exchange: [A]}
  bed: {between: [lesion.edge, bath], exchange: [A]}
events:
  inject: {at: 6 h, in: lesion, region: crust, add: {A: 10 pM}}
observables:
  all: total(intact.A) + total(lesion.A) + bath.A * 2 mL
  depth_of_lesion: mean(depth, lesion)
  in_crust: mean(lesion.A, crust)
tissue:
  intact: {size: [20 um, 20 um, 0.6 mm], voxel: 20 um, represents: {area: 8 cm^2}}
  lesion:
    size: [200 um, 20 um, 400 um]
    voxel: 20 um
    represents: {area: 2 cm^2}
    boxes: {crust: {depth: [200 um, 300 um]}, hole: {x: [60 um, 140 um], depth: [0 um, 100 um]}}
    inactive: [hole]
    patches: {edge: {wall_of: hole}}
run: {until: 12 h, save: {every: 1 h}}
END
try 0 run -q -t 1 -o one.nc joint.yaml
try 0 run -q -t 3 -o three.nc joint.yaml
for name in intact_A lesion_A bath_A all depth_of_lesion in_crust; do
    [ "$(last one.nc $name)" = "$(last three.nc $name)" ] || fail "threads change $name"
done
near "$(last one.nc depth_of_lesion)" 216.667 "depth of the lesion, whose hole lies at the surface"
try 0 run -q --until '5 h' -o short.nc joint.yaml
near "$(last short.nc all)" "$(awk 'BEGIN {
    # [fmol]: volumes [mL] times concentrations [pM]
    print 2 * 100 + 8 * 0.06 * 1 + 2 * 0.04 * (50 * 3 + 130 * 8) / 200 }')" "all that there is"
"$LACUNA" show one.nc >shown
grep -q 'lesion_z' shown && fail "show takes an axis for a variable"
try 0 check --full joint.yaml
says out "box  crust"

# A run that is made longer goes on where it was, from a checkpoint that holds both tissues.
try 0 run -q -c 1h --until '5 h' -o part.nc joint.yaml
try 0 resume -q --until "12 h" part.ckpt
[ "$(last one.nc lesion_A)" = "$(last part.nc lesion_A)" ] || fail "a resumed run ends elsewhere"

# A run that starts from the fields of a result has each on its own grid. Fields are stored in single
# precision, and a second passes.
rm -f short.ckpt
try 0 run -q --until '1 s' -o begun.nc --from short.nc joint.yaml
for name in intact_A lesion_A bath_A in_crust; do
    near "$(last begun.nc $name)" "$(last short.nc $name)" "$name of a start from a result"
done

# --- every molecule an event: interrupted or not, and the moments of mean-field

sed 's/100 pM/1 pM/; /B:$/,/reactions/{/left\|right/d; s/  B:$/  B: {left: {initial: 0}, right: {initial: 0}}/}
     s/1 d, rtol: 1e-8, save: {every: 6 h}/2 h, method: exact, seed: 4, save: {every: 30 min}/' halves.yaml >events.yaml
try 0 check --full events.yaml
try 0 run -q -o events.nc events.yaml
try 0 run -q -c 1h --until '1 h' -o halfway.nc events.yaml
try 0 resume -q --until '2 h' halfway.ckpt
for name in A_left A_right bath_A; do
    [ "$(last events.nc $name)" = "$(last halfway.nc $name)" ] || fail "$name of exact after resuming"
done
sed 's/method: exact, seed: 4/rtol: 1e-8/' events.yaml >mean.yaml
try 0 run -q -o mean.nc mean.yaml
for name in A_left A_right bath_A; do
    awk -v a="$(last events.nc $name)" -v b="$(last mean.nc $name)" 'BEGIN {
        exit !(a != "" && b > 0 && (a / b - 1) ^ 2 < 0.2 ^ 2) }' ||
        fail "$name: $(last events.nc $name) by exact, $(last mean.nc $name) by mean-field"
done

# --- cells as whole numbers: threads, interruptions, and what a result says of both

cat >cells.yaml <<'END'
lacuna: 1
domains:
  left: {kind: tissue}
  right: {kind: tissue}
  bath: {kind: well-mixed, volume: 0.1 mL}
species:
  off: {unit: cell, left: {initial: 125000 cell/mm^3}, right: {initial: 62500 cell/mm^3}}
  on: {unit: cell, left: {initial: 0 cell/mm^3}, right: {initial: 0 cell/mm^3}}
  A:
    left: {initial: 0 pM, diffusivity: 50 um^2/s}
    right: {initial: 0 pM, diffusivity: 50 um^2/s}
    bath: {initial: 0 pM}
reactions:
  up_left: {in: left, equation: off -> on, rate: 0.1/d * off}
  up_right: {in: right, equation: off -> on, rate: "0.1/d * (0.3 + 3 * hill(A, 1 nM, 2)) * off"}
  make: {in: left, equation: -> A, rate: 3 amol/(cell h) * on}
  clear: {in: bath, equation: A ->, rate: 1/d * A}
interfaces:
  one: {between: [left.top, bath], exchange: [A]}
  two: {between: [right.top, bath], exchange: [A]}
observables:
  on_left: total(left.on)
  on_right: total(right.on)
  on_deep: total(right.on, deep)
tissue:
  left: {size: [0.4 mm, 20 um, 0.8 mm], voxel: 20 um, represents: {area: 1 cm^2}}
  right:
    size: [0.4 mm, 20 um, 0.4 mm]
    voxel: [40 um, 20 um, 20 um]
    represents: {area: 0.2 cm^2}
    zones: {shallow: 0.2 mm, deep: 0.2 mm}
run: {until: 4 d, method: hybrid, seed: 3, closure_tolerance: 1e-4, save: {every: 1 d}}
END
try 0 check --full cells.yaml
try 0 run -q -t 1 -o cells1.nc cells.yaml
try 0 run -q -t 3 -o cells3.nc cells.yaml
try 0 run -q -t 2 -c 1d --until '2 d' -o cells2.nc cells.yaml
try 0 resume -q --until '4 d' cells2.ckpt
for name in left_A right_A bath_A on_left on_right on_deep; do
    [ "$(last cells1.nc $name)" != "" ] || fail "no $name in a result of hybrid"
    [ "$(last cells1.nc $name)" = "$(last cells3.nc $name)" ] || fail "threads change $name of hybrid"
    [ "$(last cells1.nc $name)" = "$(last cells2.nc $name)" ] || fail "$name of hybrid after resuming"
done
"$LACUNA" show --full cells1.nc >shown
grep -q 'right_on in deep' shown || fail "no bias of a region in its tissue"
grep -q 'left_on in deep' shown && fail "a bias of a region of another tissue"

# --- what is of another tissue is refused, with its place

# refused LINE:COLUMN TEXT SED: the model so changed is refused there with these words.
refused() {
    sed "$3" halves.yaml >bad.yaml
    try 65 check bad.yaml
    says err "bad.yaml:$1: error: "
    says err "$2"
}
line() {
    grep -n "$1" halves.yaml | head -n 1 | cut -d: -f1
}
refused "$(line use_left):57" "'right.A' lies in the tissue 'right', and this is read in 'left'" \
    '/use_left/s/bind \* A/bind * right.A/'
refused "$(line use_left):34" "a reaction in 'left' cannot hold 'right.B'" '/use_left/s/A + B/A + right.B/'
refused "$(line top_right):25" "'middle.top' is not a face of a tissue" '/top_right/s/right.top/middle.top/'
refused "$(line top_right):25" "write right.top" '/top_right/s/right.top/rigth.top/'
refused "$(line top_right):36" "a well-mixed domain, and 'left.top' is of a tissue" '/top_right/s/bath/left.top/'
refused "$(line top_right):36" "a well-mixed domain, and 'left' is of a tissue" '/top_right/s/bath/left/'
refused "$(line A_left):11" "is of one tissue: this one looks at 'left' and 'right'" \
    '/A_left/s/left.A/left.A + right.A/'
refused "$(line A_left):16" "'A' is in several domains: write left.A" '/A_left/s/left.A/A/'
refused "$(line A_left):11" "mean(depth, left)" '/A_left/s/left.A/depth/'
refused "$(line '  left: {size'):3" "'lfet' is none of them; did you mean 'left'?" \
    '/  left: {size/s/left/lfet/'
sed '/inject/s/in: lesion/in: intact/' joint.yaml >bad.yaml
try 65 check bad.yaml
says err "unknown region 'crust'"
sed '/inject/s/in: lesion, //; /inject/s/{A:/{intact.A:/' joint.yaml >bad.yaml
try 65 check bad.yaml
says err "'intact.A' is not where the region 'crust' lies, in 'lesion'"
sed 's/represents/zones: {deep: 0.6 mm}, represents/' halves.yaml >bad.yaml
try 65 check bad.yaml
says err "the name 'deep' is taken"
sed 's/rtol: 1e-8/method: hybrid, seed: 1/; /^  B:/,/right/s/initial:/representation: discrete, diffusivity: 1 um^2\/s, initial:/' \
    halves.yaml >molecules.yaml
for each in 1 3; do
    try 0 run -q -t $each --until '6 h' -o molecules$each.nc molecules.yaml
done
h5diff -c --exclude-path=/provenance molecules1.nc molecules3.nc >differences 2>&1 || fail 'threads change molecules of two tissues'
sed 's/rtol: 1e-8/method: hybrid, seed: 1/; /^  B:/,/right/s/initial:/representation: discrete, initial:/
     /left: {size/s/cm^2/&, feedback: mean/; /right: {size/s/cm^2/&, feedback: patch/' halves.yaml >bad.yaml
try 65 check bad.yaml
says err "another tissue asks for feedback: patch"
sed 's/rtol: 1e-8/method: exact, seed: 1/; /right: {size/s/area: 5/area: 4/' halves.yaml >bad.yaml
try 65 run -q bad.yaml
says err "the method exact needs patches that are the same part of what they stand for"
sed '/right: {size/s/, represents: .*}/}/' halves.yaml >odd.yaml
try 0 check odd.yaml
says err "the tissue 'right' does not say what it represents"
sed '/left: {size/s/area: 5/of: 12 cm^2, area: 5/' halves.yaml >odd.yaml
try 0 check odd.yaml
says err "odd.yaml:$(line '  left: {size'):71: warning: the tissues represent 10 cm^2 in all, not the 12 cm^2 of the joint"
sed 's/of: 12/of: 10/' odd.yaml >even.yaml
try 0 check even.yaml
says_nothing err
try 0 run -q -o even.nc --until '1 min' even.yaml
sed 's/of: 12/of: 0/' odd.yaml >bad.yaml
try 65 check bad.yaml
says err "the area of the joint must be above 0"

# --- a species that one file begins goes on in another

sed '/^  A:/,/^  B:/{/right:/d}' halves.yaml >begun.yaml
printf 'lacuna: 1\nmodel: begun.yaml\nspecies:\n  A: {right: {diffusivity: 20 um^2/s}}\n' >joined.yaml
try 0 run -q -t 1 -o joined.nc joined.yaml
near "$(last joined.nc A_right)" "$(last halves.nc A_right)" "A in the right half, joined"
sed 's/right/left/' joined.yaml >bad.yaml
try 65 check bad.yaml
says err "bad.yaml:4:7: error: 'left' of 'A' is already there, at begun.yaml:$(awk '/^    left: {diff/ { print NR; exit }' begun.yaml)"

finish
