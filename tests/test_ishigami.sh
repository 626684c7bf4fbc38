#!/bin/sh
# Sobol indices from a plan to the table: the bundled plan of Ishigami's function, with fewer points.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
sed -e "s|^scenario: ../|scenario: $LACUNA_SOURCE/params/|" -e 's/^points: .*/points: 64/' \
    "$LACUNA_SOURCE/params/plans/ishigami.yaml" >ishigami.yaml
try 0 sweep ishigami.yaml --quiet
try 0 sensitivity results/ishigami/index.nc
says out 'saltelli: 320 rows of 3 factors, 320 members'
says out '64 samples'

# near FACTOR COLUMN VALUE: within the error of 64 samples. Columns: 2 first order, 3 total.
near() {
    estimate=$(sed 's/([^)]*)//g' out | awk -v f="$1" -v c="$2" '$1 == f { print $c }')
    awk -v e="$estimate" -v t="$3" 'BEGIN { exit !(e != "" && e - t < 0.17 && t - e < 0.17) }' ||
        fail "$1, column $2: $estimate, expected about $3"
}
near x1 2 0.3139
near x2 2 0.4424
near x3 2 0
near x1 3 0.5576
near x2 3 0.4424
near x3 3 0.2437
finish
