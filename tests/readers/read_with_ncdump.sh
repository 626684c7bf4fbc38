#!/bin/sh
# ncdump reads a result from outside the library: header, coordinates, tables of the ledger.
# SPDX-License-Identifier: GPL-3.0-or-later
if ! command -v ncdump >/dev/null; then
    echo "skipped: no ncdump" >&2
    exit 77
fi
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
"$(dirname "$LACUNA")/tests/readers/make_result" "$place/a.nc" rare || exit 1
failures=0

# expect WHAT PATTERN: a line of the dump fits.
expect() {
    if ! grep -q -- "$2" "$place/dump"; then
        echo "FAIL: $1: no line like '$2'" >&2
        failures=$((failures + 1))
    fi
}

ncdump -h "$place/a.nc" >"$place/dump" || exit 1
expect "time is unlimited" 'time = UNLIMITED ; // (13 currently)'
expect "rare fields have their own time" 'time_fields = UNLIMITED ; // (4 currently)'
expect "dimensions of fields" 'float tissue_A(time_fields, z, y, x) ;'
expect "pools are series" 'double fluid_A(time) ;'
expect "observables are series" 'double A_mean(time) ;'
expect "CF units" 'tissue_A:units = "pmol L-1" ;'
expect "a long name" 'tissue_A:long_name = "substance A in a tissue" ;'
expect "a fill value of the right type" 'tissue_A:_FillValue = NaNf ;'
expect "numeric time" 'time:units = "h" ;'
expect "conventions" ':Conventions = "CF-1.10" ;'
expect "the notice" ':notice = "research use only, not medical advice" ;'
expect "the group of the ledger" 'group: ledger {'
expect "ledger tables" 'double made(time, variable) ;'
expect "names of rows" 'string variable(variable) ;'
expect "the resolved model" 'string model ;'
if grep -q ':axis = ' "$place/dump"; then
    echo "FAIL: an attribute 'axis' makes ParaView draw a sphere" >&2
    failures=$((failures + 1))
fi

ncdump -v time,z,fluid_N,/ledger/variable,/ledger/process "$place/a.nc" >"$place/dump" || exit 1
expect "times in hours" 'time = 0, 6, 12, 18, 24'
expect "depths of voxel centres" 'z = 10, 30, 50'
expect "values of a pool" 'fluid_N = 1000, 1000'
expect "the ledger's variables" '"tissue_A", "tissue_S", "fluid_A", "fluid_N"'
expect "the ledger's processes" '"uptake"'

[ "$failures" -eq 0 ]
