#!/bin/sh
# Inputs from CSV files: values, units, separators, and mistakes with their line and column.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"

# model INPUT: u feeds A.
model() {
    cat >a.yaml <<YAML
lacuna: 1
domains: {well: {kind: well-mixed, volume: 1 mL}}
species: {A: {well: {display: nM}}}
inputs: {u: {$1}}
reactions: {made: {in: well, equation: "-> A", rate: u}}
observables: {A_now: {value: A, unit: nM}}
run: {until: 10 h, save: {every: 10 h}}
YAML
}

# ends VALUE: A at the end, in nM.
ends() {
    try 0 run -q -f a.yaml -o a.nc
    try 0 show a.nc
    grep -q "A_now .* $1 " out || fail "A_now does not end at $1"
}

mkdir data
printf '\357\273\277# measured\ntime [h],"rate, nM/h",other\n0,0,7\n\n10,10,8\n' >data/rate.csv
model 'csv: data/rate.csv, time: "time [h]", value: "rate, nM/h", time_unit: h, unit: nM/h, shape: linear'
ends 50
model 'csv: data/rate.csv, time: "time [h]", value: other, time_unit: h, unit: nM/h, shape: steps'
ends 70
printf 'minutes;pM\r\n0;1000\r\n300;2000\r\n' >data/rate.csv
model 'csv: data/rate.csv, time_unit: min, unit: pM/h, shape: steps'
ends 15
# The result runs again without the file.
try 0 run -q -f a.yaml -o a.nc --checkpoint-every '1 ms'
rm data/rate.csv
try 65 check a.yaml
says err "a.yaml:4:19: error: cannot read: data/rate.csv: No such file"

# wrong LINES PLACE TEXT
wrong() {
    printf '%b' "$1" >data/rate.csv
    try 65 check a.yaml
    says err "$2"
    says err "$3"
}
wrong 'minutes;pM\n0;1\n5;x1\n' 'data/rate.csv:3:3: error: ' "'x1' is not a number: the value"
wrong 'minutes;pM\n0;1\n 5,5;1\n' 'data/rate.csv:3:2: error: ' "'5,5' is not a number: the time"
wrong 'minutes;pM\n5;1\n5;2\n' 'data/rate.csv:3:1: error: ' 'must increase'
wrong 'minutes;pM\n5\n' 'data/rate.csv:2:1: error: ' 'ends before the column of the value'
wrong 'minutes;pM\n' 'data/rate.csv:2:1: error: ' 'no values below the heading'
wrong '' 'a.yaml:4:19: error: ' 'is empty'
printf 'minutes,pM\n0,1\n' >data/rate.csv
model 'csv: data/rate.csv, value: pm, time_unit: min, unit: pM/h, shape: steps'
try 65 check a.yaml
says err "a.yaml:4:41: error: data/rate.csv has no column 'pm': it has minutes, pM"
model 'csv: data/rate.csv, unit: pM/h, shape: steps'
try 65 check a.yaml
says err 'need a time_unit'
model 'csv: data/rate.csv, time_unit: min, unit: pM, shape: steps'
try 65 check a.yaml
says err "the rate of 'made' must be"
finish
