#!/bin/sh
# What of the tissue is saved may be chosen; it changes no other number.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
write_slab
sed -i 's/^parameters:/  B: {unit: molecule, slab: {initial: 2 nM, display: nM}}\nparameters:/' slab.yaml

# same FILE: what is there has the numbers of the whole result.
same() {
    for variable in time A_mean pool_A ledger/content ledger/closure "$@"; do
        if ! h5diff -q all.nc some.nc "/$variable" >differences 2>&1 || [ -s differences ]; then
            fail "${said:-it}: /$variable differs: $(head -3 differences)"
        fi
    done
}
# holds VARIABLE: is it in some.nc?
holds() {
    h5dump -n some.nc | grep -qE "dataset +/$1\$"
}

try 0 run slab.yaml --out all.nc --quiet
try 0 run slab.yaml --out some.nc --set run.save.fields=none --quiet
same
for axis in x y z; do holds $axis || fail "no $axis"; done
holds slab_A && fail 'slab_A was saved'
holds time_fields && fail 'times of fields without fields'
h5dump -a /provenance/setting_save_fields some.nc | grep -q '"none"' ||
    fail 'provenance does not tell'
try 0 show some.nc
if command -v ncdump >/dev/null; then
    ncdump -h some.nc >/dev/null || fail 'ncdump does not read a result without fields'
fi

try 0 run slab.yaml --out some.nc --set run.save.fields=A --force --quiet
same slab_A time_fields
holds slab_B && fail 'slab_B was saved'
sed 's/save: {/save: {fields: [slab.B, slab_A], /' slab.yaml >list.yaml
try 0 run list.yaml --out some.nc --force --quiet
same slab_A slab_B time_fields

# Without fields a run is resumed like any other.
try 0 run slab.yaml --out some.nc --set run.save.fields=none --until '12 h' \
    --checkpoint-every '1 h' --force --quiet
try 0 resume some.ckpt --until '2 d' --quiet
same
for axis in x y z; do holds $axis || fail "no $axis"; done

try 65 run slab.yaml --out none.nc --set run.save.fields='slab_C, A'
says err "did you mean 'slab_"
write_decay
try 65 check decay.yaml --set run.save.fields=pool_A
says err 'the model has none'
finish
