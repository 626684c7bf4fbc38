# shellcheck shell=sh
# What the tests of the program share: a scratch directory, checks of exit codes, outputs and files.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
: "${LACUNA:?the program}" "${LACUNA_SOURCE:?the source tree}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# try CODE ARGUMENT...: runs lacuna; out and err hold what it said.
try() {
    expected=$1
    shift
    "$LACUNA" "$@" >out 2>err
    code=$?
    said="lacuna $*"
    if [ "$code" -ne "$expected" ]; then
        fail "$said: exit code $code, expected $expected"
        cat out err >&2
    fi
}

# says FILE TEXT: the text is in out or err.
says() {
    if ! grep -qF -e "$2" "$1"; then
        fail "$said: '$2' is not in $1:"
        cat "$1" >&2
    fi
}

# like FILE PATTERN: a line of out or err matches an extended regular expression.
like() {
    grep -qE -e "$2" "$1" || {
        fail "$said: nothing in $1 is like '$2':"
        cat "$1" >&2
    }
}

says_nothing() {
    if [ -s "$1" ]; then
        fail "$said: $1 is not empty:"
        cat "$1" >&2
    fi
}

# Nothing was written but what the test made itself: no results, no temporary files.
leaves_nothing() {
    left=$(find . -name '*.nc' -o -name '*.ckpt*' -o -name 'results' -o -name '*.tmp*')
    [ -z "$left" ] || fail "$said: left behind: $left"
}

# A small model without a grid: A decays into B.
write_decay() {
    cat >decay.yaml <<'YAML'
lacuna: 1
title: decay
domains:
  pool: {kind: well-mixed, volume: 1 mL}
species:
  A: {unit: molecule, pool: {initial: 1 nM, display: nM}}
  B: {unit: molecule, pool: {initial: 0 nM, display: nM}}
parameters:
  k: {value: 0.1 1/h, kind: assumption, source: made up for a test}
reactions:
  decay: {in: pool, equation: "A -> B", rate: k * A}
run: {until: 10 h, method: mean-field, save: {every: 1 h}}
YAML
}

# A slab with diffusion, uptake, exchange with a pool, repeated and triggered events.
write_slab() {
    cat >slab.yaml <<'YAML'
lacuna: 1
title: a slab that drinks from a pool
domains:
  slab: {kind: tissue}
  pool: {kind: well-mixed, volume: V}
species:
  A:
    unit: molecule
    slab: {initial: 0 nM, diffusivity: D, display: nM}
    pool: {initial: 10 nM, display: nM}
parameters:
  V: {value: 1 uL, kind: assumption, source: made up for a test}
  D: {value: 40 um^2/s, kind: assumption, source: made up for a test}
  k: {value: 0.3 1/h, kind: assumption, source: made up for a test}
reactions:
  uptake: {in: slab, equation: "A ->", rate: k * A}
interfaces:
  surface: {between: [slab.top, pool], exchange: [A]}
observables:
  A_mean: mean(A)
events:
  dose: {at: 6 h, every: 12 h, until: 40 h, into: pool, add: {A: 3 nM}}
  slow: {when: mean(A) > 2 nM, scale: {k: 0.5}}
tissue:
  size: [100 um, 20 um, 600 um]
  voxel: 20 um
  represents: {area: 0.01 mm^2}
run: {until: 2 d, method: mean-field, save: {every: 2 h, fields_every: 12 h}}
YAML
}

finish() {
    [ "$failures" -eq 0 ] || exit 1
    exit 0
}
