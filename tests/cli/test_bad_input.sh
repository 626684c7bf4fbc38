#!/bin/sh
# Bad scenarios, one by one: the exit code, the place and the reason are told, and nothing is left.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

# bad CODE PLACE REASON: a.yaml is refused by run and by check, with the place and the reason.
bad() {
    for command in run check; do
        try "$1" $command a.yaml
        says err "$2"
        says err "$3"
        says err "lacuna: error: "
        says_nothing out
    done
    leaves_nothing
}

# decay SED and slab SED: the small model with a change.
decay() { sed "$1" decay.yaml >a.yaml; }
slab() { sed "$1" slab.yaml >a.yaml; }

decay 's/^reactions:/reactoins:/'
bad 65 a.yaml:10:1: "did you mean 'reactions'?"
decay '/^title/a title: again'
bad 65 a.yaml:3:1: "given twice"
decay 's/initial: 1 nM/initial: 1 nMM/'
bad 65 a.yaml:6:41: nMM
decay 's/initial: 1 nM/initial: 1 um/'
bad 65 a.yaml:6:39: 'such as pM'
decay 's/rate: k \* A}/rate: k * A * A}/'
bad 65 a.yaml:11:47: "the rate of 'decay' must be"
decay 's/"A -> B"/"A -> C"/'
bad 65 a.yaml:11:37: "'C' is not a species"
decay 's/rate: k \* A}/rate: k * AA}/'
bad 65 a.yaml:11:51: "'AA'"
slab 's/value: 40 um/value: -40 um/'
bad 65 a.yaml:13:14: negative
slab 's/voxel: 20 um/voxel: 0 um/'
bad 65 a.yaml:26:10: 'above 0'
slab 's/voxel: 20 um/voxel: 30 um/'
bad 65 a.yaml:25:10: 'whole number'
slab 's/size: .*/size: [1 km, 1 km, 1 km]/'
bad 65 a.yaml:25:9: '1.25e+23 voxels'
decay 's/value: 0.1 1/value: 1e999 1/'
bad 65 a.yaml:9:14: 'too large'
decay 's/until: 10 h/until: 1e300 h/'
bad 65 a.yaml:12:14: 'from 0 to'
decay 's/every: 1 h/every: 1e-9 s/'
bad 65 a.yaml:12:6: frames
decay "\$a events: {e: {at: -1 h, into: pool, add: {A: 1 nM}}}"
bad 65 a.yaml:13:18: 'before the start'

# What is no regular file is not waited for.
mkfifo pipe.yaml
for word in model include; do
    for strange in pipe.yaml /dev/zero .; do
        decay "1i $word: $strange"
        bad 65 "a.yaml:1:$((${#word} + 3))" 'not a file'
    done
done
printf 'lacuna_plan: 1\nscenario: pipe.yaml\n' >plan.yaml
try 65 sweep plan.yaml
says err "plan.yaml:2:11: error: "
rm plan.yaml
try 66 sweep pipe.yaml
says err 'pipe.yaml: is a named pipe, not a file'
slab 's/^tissue:.*/&\n  masks: {scar: {file: pipe.yaml, dataset: d}}/'
bad 65 a.yaml 'is a named pipe, not a file'
rm pipe.yaml

# Other encodings have their byte order marks named.
for mark in '\0377\0376' '\0376\0377'; do
    { printf '%b' "$mark"; cat decay.yaml; } >b.yaml
    decay '1i include: b.yaml'
    bad 65 a.yaml:1:10: 'starts with the byte order mark of UTF-16: save the file as UTF-8'
done
rm b.yaml

# A plan is no scenario.
printf 'lacuna_plan: 1\nscenario: decay.yaml\n' >a.yaml
bad 65 a.yaml:1:14: 'this is a plan, which runs a scenario many times: lacuna sweep takes it'

decay '1i include: [b.yaml]'
echo 'include: [a.yaml]' >b.yaml
bad 65 b.yaml:1:11: 'circular include: a.yaml -> b.yaml -> a.yaml'
decay '1i include: [nowhere.yaml]'
bad 65 a.yaml:1:11: nowhere.yaml
rm b.yaml

: >a.yaml
bad 65 a.yaml:1:1: empty
printf 'lacuna: 1\n\000\001\002' >a.yaml
bad 66 a.yaml binary
printf 'lacuna: 1\ntitle: \377\376\n' >a.yaml
bad 65 a.yaml:2: 'lacuna: error'
{
    printf 'lacuna: 1\ntitle: '
    head -c 100000 /dev/zero | tr '\0' '['
} >a.yaml
bad 65 a.yaml:2:71: 'nested more than'
{
    echo 'lacuna: 1'
    echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
    echo 'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]'
    echo 'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]'
} >a.yaml
bad 65 a.yaml:2:4: 'is refused'
{
    printf 'lacuna: 1\nparameters: {k: {value: "'
    head -c 30000 /dev/zero | tr '\0' '('
    printf '1'
    head -c 30000 /dev/zero | tr '\0' ')'
    printf '"}}\n'
} >a.yaml
bad 65 a.yaml:2: 'lacuna: error'
rm a.yaml
mkdir a.yaml
bad 66 a.yaml directory
rmdir a.yaml

# More than memory: refused with the number.
slab 's/size: .*/size: [20 mm, 20 mm, 40 mm]/'
try 78 run a.yaml
says err GiB
says_nothing out
try 78 check a.yaml
says err GiB
leaves_nothing

# --set is checked like the text.
try 65 run decay.yaml --set kk='1 1/h'
says err "'kk' is not a parameter"
try 65 run decay.yaml --set k='1 nM'
says err '--set:1:3'
leaves_nothing
finish
