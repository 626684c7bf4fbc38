#!/bin/sh
# Models, parts and scenarios that are not beside the file that names them are looked for among the
# installed ones; LACUNA_DATADIR says where those are.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
mkdir -p moved/models moved/params
sed '/^run:/d' decay.yaml >moved/models/decay.yaml
echo 'run: {until: 2 h, save: {every: 1 h}}' >moved/params/run.yaml
printf 'model: models/decay.yaml\ninclude: params/run.yaml\n' >moved/params/whole.yaml
cp moved/params/whole.yaml mine.yaml
printf 'lacuna_plan: 1\nscenario: params/whole.yaml\nvary: {k: [0.1 1/h, 0.2 1/h]}\n' >plan.yaml

try 65 check mine.yaml
says err 'mine.yaml:1:8: error: cannot read: models/decay.yaml'
LACUNA_DATADIR=$PWD/moved
export LACUNA_DATADIR
try 0 check mine.yaml
try 0 check params/whole.yaml
try 0 run -q params/whole.yaml -o whole.nc
try 0 ensemble -q mine.yaml -R 2 -o both
try 0 sweep -q plan.yaml -o swept

# What is beside the file comes first.
mkdir models
sed 's/initial: 1 nM/initial: 7 nM/' moved/models/decay.yaml >models/decay.yaml
try 0 check mine.yaml
says out '7 '
LACUNA_DATADIR=
try 65 check mine.yaml
says err 'mine.yaml:2:10: error: cannot read: params/run.yaml'
finish
