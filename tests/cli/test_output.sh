#!/bin/sh
# Where results go, and what is left when they cannot be written or a run fails.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

# The default place; not overwritten without --force.
try 0 run decay.yaml
says out 'results/decay.nc: 10 h'
[ -f results/decay.nc ] || fail 'no results/decay.nc'
[ ! -e results/decay.ckpt ] || fail 'a checkpoint that nobody asked for'
cp results/decay.nc kept.nc
try 73 run decay.yaml
says err 'results/decay.nc exists'
cmp -s results/decay.nc kept.nc || fail 'an existing result was touched'
try 0 run decay.yaml --force --quiet
says_nothing out
says_nothing err
rm -r results kept.nc

# Places that cannot be written.
try 74 run decay.yaml --out decay.yaml/x.nc
says err 'decay.yaml/x.nc'
try 74 run decay.yaml --out .
says err 'directory'
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked
    chmod a-w locked
    try 74 run decay.yaml --out locked/x.nc
    says err 'locked'
    chmod u+w locked
fi
leaves_nothing

# A disk that is full from the start leaves nothing; later it leaves the whole frames. (HDF5 itself
# leaks when it cannot write, which a build with sanitizers would take for our failure.)
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
# A build that counts lines must not write half a count.
GCOV_PREFIX=$scratch.counts
export GCOV_PREFIX
(
    ulimit -f 4 # the OpenMP of clang registers itself in 1024 bytes
    "$LACUNA" run slab.yaml --out full.nc >out 2>err
    echo $? >code
)
said='a disk that is full at once'
[ "$(cat code)" -eq 74 ] || fail "$said: exit code $(cat code)"
says err 'lacuna: error: '
says err full.nc
grep -q 'holds all' err && fail "$said: it tells of a result that is not there"
leaves_nothing
sed 's/every: 2 h, fields_every: 12 h/every: 1 min/' slab.yaml >many.yaml
(
    ulimit -f 2000
    "$LACUNA" run many.yaml --out full.nc >out 2>err
    echo $? >code
)
said='a disk that fills up'
[ "$(cat code)" -eq 74 ] || fail "$said: exit code $(cat code)"
says err 'holds all that was saved until then'
try 0 show full.nc
says out 'frames'
rm -f full.nc
unset ASAN_OPTIONS GCOV_PREFIX
rm -rf "$scratch.counts"

# A law that becomes undefined: exit code 1, time and variable are told, the frames are whole.
sed 's/rate: k \* A}/rate: k * A * sqrt(3.5 - t \/ 1 h)}/' decay.yaml >nan.yaml
try 1 run nan.yaml --out nan.nc
says err 'at t = '
says err 'pool'
says err 'nan.nc holds all that was saved until then'
try 0 show nan.nc
says out '4, from 0 h to 3 h'
rm nan.nc

# Other settings from the command line.
try 0 run decay.yaml --until '2 h' --set k='0.2 1/h' --out short.nc --threads 1 --progress plain
try 0 show short.nc
says out '3, from 0 h to 2 h'
says out 'pool_A'
says out '0.670'
says out 'k=0.2 1/h'
says out 'Ledger'
rm short.nc
finish
