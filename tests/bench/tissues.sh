#!/bin/sh
# What tissues and layers cost, on one thread: a model of two tissues against each of them alone, and the knee on
# 28 graded layers against 240 even ones. Processor seconds and steps; medians of three, in turn. LACUNA is the
# program; with BENCH=all the knee runs for two years instead of half of one.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
top=$(dirname "$0")/../..
top=$(cd "$top" && pwd)
[ "${BENCH:-}" = all ] && until='730 d' || until='180 d'
lacuna=${LACUNA:-build/lacuna}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# pieces TISSUE...: an enzyme that is made, cuts a matrix and is inhibited, in sections that share a bath.
pieces() {
    printf 'lacuna: 1\ndomains:\n  bath: {kind: well-mixed, volume: 2 mL}\n'
    printf '  %s: {kind: tissue}\n' "$@"
    printf 'species:\n'
    printf '  inhibitor:\n    bath: {initial: 1 nM}\n'
    printf '    %s: {diffusivity: 60 um^2/s}\n' "$@"
    printf '  enzyme:\n    bath: {initial: 0 nM}\n'
    printf '    %s: {diffusivity: 40 um^2/s}\n' "$@"
    printf '  complex:\n'
    printf '    %s: {initial: 0 nM, diffusivity: 30 um^2/s}\n' "$@"
    printf '  matrix:\n    unit: 1\n'
    printf '    %s: {initial: 1 - 0.2 * exp(-x / (0.3 mm))}\n' "$@"
    printf 'reactions:\n'
    for each in "$@"; do
        printf '  make_%s: {in: %s, equation: -> enzyme, rate: 0.2 nM/h * (1.2 - matrix)}\n' "$each" "$each"
        printf '  bind_%s: {in: %s, equation: enzyme + inhibitor -> complex, rate: 1 1/(nM*h) * enzyme * inhibitor}\n' \
            "$each" "$each"
        printf '  cut_%s: {in: %s, equation: matrix ->, rate: 0.01 1/(nM*h) * enzyme * matrix}\n' "$each" "$each"
    done
    printf 'interfaces:\n'
    for each in "$@"; do
        printf '  top_%s: {between: [%s.top, bath], exchange: [inhibitor, enzyme]}\n' "$each" "$each"
    done
    printf 'run: {until: 10 d, rtol: 1e-4, save: {every: 1 d, fields: none}}\ntissue:\n'
    for each in "$@"; do
        voxel='[20 um, 20 um, 20 um]'
        [ "$each" = wide ] && size='[3 mm, 20 um, 2.4 mm]' || size='[1.6 mm, 20 um, 1.2 mm]'
        printf '  %s: {size: %s, voxel: %s, represents: {area: 60 cm^2}}\n' "$each" "$size" "$voxel"
    done
}

# knee NAME LAYERS: moderate osteoarthritis and cells, on the column of graded layers or on others.
knee() {
    cat >"$work/$1.yaml" <<END
lacuna: 1
model: $top/models/knee_joint.yaml
include:
  - $top/params/joint/geometry/column.yaml
  - $top/params/joint/severity/moderate.yaml
  - $top/params/joint/product/adsc.yaml
$2
run: {until: $until, method: mean-field, rtol: 1e-3, save: {every: 1 d, fields: none}}
END
}

# cost NAME: processor seconds of a run, one line more in a file of its own.
cost() {
    times >"$work/before"
    "$lacuna" run "$work/$1.yaml" --threads 1 --quiet --force --out "$work/$1.nc"
    times >"$work/after"
    awk 'FNR == 2 { split($1, t, /[ms]/); used = 60 * t[1] + t[2] - used }
        END { printf "%.2f\n", used }' "$work/before" "$work/after" >>"$work/$1.seconds"
}

median() { sort -n "$work/$1.seconds" | sed -n 2p; }
steps() { "$lacuna" show "$work/$1.nc" | awk '$1 == "steps" { print $2; exit }'; }

pieces wide >"$work/wide.yaml"
pieces narrow >"$work/narrow.yaml"
pieces wide narrow >"$work/both.yaml"
knee graded ''
knee even 'tissue: {voxel: [0.1 mm, 0.1 mm, 10 um]}'
for _ in 1 2 3; do
    for each in wide narrow both graded even; do
        cost "$each"
    done
done
echo "$(median both) $(median wide) $(median narrow) $(steps both) $(steps wide) $(steps narrow)" | awk '{
    printf "bench tissues.two %.2f s of processor time (%d steps)\n", $1, $4
    printf "ratio %.2f against each alone (%.2f s in %d steps + %.2f s in %d)\n", $1 / ($2 + $3), $2, $5, $3, $6
}'
echo "$(median graded) $(median even) $(steps graded) $(steps even)" | awk -v until="$until" '{
    printf "bench tissues.graded %.2f s of processor time (28 layers, %s, %d steps)\n", $1, until, $3
    printf "ratio %.3f against 240 even layers (%.2f s, %d steps)\n", $1 / $2, $2, $4
}'
