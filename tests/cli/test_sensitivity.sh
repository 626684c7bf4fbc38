#!/bin/sh
# lacuna sensitivity: what it says of an index, and of what is none.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# What is no index is refused.
write_decay
try 0 run decay.yaml --out decay.nc --quiet
try 66 sensitivity decay.nc
says err 'no index of a sweep'
try 66 sensitivity nowhere.nc
says err 'nowhere.nc'
try 66 sensitivity decay.yaml
try 2 sensitivity
try 2 sensitivity decay.nc --confidence 120%
says err 'not a share'
try 2 sensitivity decay.nc --confidence high
try 2 sensitivity decay.nc --resamples 0
says_nothing out

finish
