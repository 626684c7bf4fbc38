#!/bin/sh
# What the command line accepts, refuses and tells about itself.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

try 2
says err "lacuna: error: no command"
says_nothing out
try 2 rum
says err "did you mean 'run'?"
try 2 run --thread 2 x.yaml
says err "did you mean '--threads'?"
try 2 run -x x.yaml
says err "unknown option '-x'"
try 2 run --threads 0 x.yaml
says err "--threads: '0' is not a whole number"
try 2 run --threads
says err "--threads needs a value"
try 2 run --quiet=yes x.yaml
says err "--quiet takes no value"
try 2 run --progress fancy x.yaml
says err "'fancy' is none of auto|bar|plain|none"
try 2 run --set k x.yaml
says err "'k' is not NAME=VALUE"
try 2 run --out '' x.yaml
says err "--out: the FILE is empty"
try 2 run
says err "run needs SCENARIO"
try 2 run a.yaml b.yaml
says err "unexpected argument 'b.yaml'"
try 2 list unit
says err "did you mean 'units'?"
try 66 run nowhere.yaml
says err "nowhere.yaml"
try 66 resume nowhere.ckpt
says err "nowhere.ckpt"
try 66 show nowhere.nc
says err "nowhere.nc"
write_decay
try 66 show decay.yaml
says err "decay.yaml"
try 2 run --until '3 um' decay.yaml
says err "--until"
try 2 run --checkpoint-every soon decay.yaml
says err "--checkpoint-every"
leaves_nothing

try 0 --help
says out "Usage: lacuna COMMAND"
says_nothing err
try 0 --version
says out "lacuna "
says out "HDF5: 1."
says out "sanitizers="
says out "research use only, not medical advice"
try 0 help
cp out program
try 0 --help
cmp -s out program || fail "help and --help differ"
try 2 help rum
says err "did you mean 'run'?"
for command in run resume check show list help; do
    try 0 help $command
    cp out said
    try 0 $command --help
    cmp -s out said || fail "help $command and $command --help differ"
    says out "Usage: lacuna $command"
    says out "--help"
done
try 0 list
for topic in $("$LACUNA" list topics); do
    try 0 list "$topic"
    [ -s out ] || fail "lacuna list $topic says nothing"
done
# Scenarios and plans: those here and the installed ones, which what is here hides.
LACUNA_DATADIR=$LACUNA_SOURCE
export LACUNA_DATADIR
mkdir -p params/teaching
cp "$LACUNA_SOURCE/params/joint/product/adsc.yaml" part.yaml
printf 'title: broken\nlacuna: 1\nmodel: [' >broken.yaml
sed 's/^model:/title: mine\nmodel:/' "$LACUNA_SOURCE/params/teaching/decay.yaml" >params/teaching/decay.yaml
try 0 list scenarios
grep -qx '  decay.yaml  *decay' out || fail "a scenario in this directory is not listed"
grep -qx '  decay.yaml  *mine' out || fail "a scenario in params/ is not listed"
[ "$(grep -c '  decay.yaml ' out)" = 2 ] || fail "what is here does not hide what is installed"
grep -qx "params/joint (in $LACUNA_SOURCE)" out || fail "installed scenarios have no heading"
grep -q '  moderate_saline.yaml  *A moderate joint and saline' out || fail "a title is missing"
grep -qE 'adsc.yaml|part.yaml|broken.yaml' out && fail "a part is listed as a scenario"
try 0 list plans
grep -q '  decay.yaml  *Rates of making' out || fail "plans are not listed"
try 66 run params/joint/colum/moderate_adsc_50M.yaml
says err "there is no file params/joint/colum/moderate_adsc_50M.yaml; did you mean params/joint/column/moderate_adsc_50M.yaml"
try 66 check adsc_50m
says err "did you mean params/adsc_50M.yaml"
try 66 sweep params/plans/knee_doses.yaml
says err "did you mean params/plans/knee_dose.yaml?"
try 66 run nothing_like_it.yaml
says err "here or in $LACUNA_SOURCE; see 'lacuna list scenarios'"
rm -r params part.yaml broken.yaml
unset LACUNA_DATADIR
try 0 list statuses
says out " 75  stopped by a signal after a checkpoint"
try 0 list methods
says out "mean-field"
# The threads of the environment have the bounds of --threads.
for many in 4097 100000000000; do
    OMP_NUM_THREADS=$many "$LACUNA" run decay.yaml --out threads.nc >out 2>err
    [ $? -eq 2 ] || fail "OMP_NUM_THREADS=$many is taken"
    says err "OMP_NUM_THREADS: '$many' is more than 4096 threads"
    leaves_nothing
done

# A small stack is enough, for deep laws too.
law='1 1/h * (t / t)'
for level in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
    law="if(t > $level h, $level 1/h, $law)"
done
sed "s|rate: .*}|rate: \"A * ($law)\"}|" decay.yaml >deep.yaml
grep -q 'if(t > 24 h' deep.yaml || fail "the deep law is not in the text"
# shellcheck disable=SC3045 # dash and bash have it
(ulimit -s 64 && "$LACUNA" run deep.yaml --out deep.nc --quiet >out 2>err) || {
    fail "a stack of 64 KiB is not enough: $(cat err)"
}
rm -f deep.yaml deep.nc deep.ckpt
if [ -w /dev/full ]; then
    "$LACUNA" list >/dev/full 2>err
    [ $? -eq 74 ] || fail "a full standard output is no error"
fi
finish
