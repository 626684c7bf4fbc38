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
for command in run resume check show list; do
    try 0 $command --help
    says out "Usage: lacuna $command"
    says out "--help"
done
try 0 list
for topic in $("$LACUNA" list topics); do
    try 0 list "$topic"
    [ -s out ] || fail "lacuna list $topic says nothing"
done
try 0 list statuses
says out " 75  stopped by a signal after a checkpoint"
try 0 list methods
says out "mean-field"
if [ -w /dev/full ]; then
    "$LACUNA" list >/dev/full 2>err
    [ $? -eq 74 ] || fail "a full standard output is no error"
fi
finish
