#!/bin/sh
# Data that must not be lost: numbers that do not fit, checkpoints nobody asked for, files that are
# replaced, bits that change.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
write_slab

# A field beyond single precision stops the run; the same in another unit does not.
cat >large.yaml <<'YAML'
lacuna: 1
domains: {gel: {kind: tissue}}
species: {A: {gel: {initial: 1e300 pM, diffusivity: 0 um^2/s}}}
tissue: {size: [40 um, 40 um, 200 um], voxel: 20 um}
run: {until: 1 h}
YAML
try 1 run large.yaml --out large.nc
says err 'at t = 0 s: gel_A is 1e+300 pM at x = 10 um, y = 10 um, depth = 10 um'
says err 'single precision, up to 3.4e+38'
[ -e large.nc ] && fail 'a result without a frame is left'

# Checkpoints by themselves: none of a short run, and what is there goes when it is at its end.
try 0 run decay.yaml --out a.nc --quiet
[ -e a.ckpt ] && fail 'a short run left a checkpoint'
try 85 run decay.yaml --out b.nc --wall '0.001 s' --quiet
[ -e b.ckpt ] || fail 'no checkpoint of a run without time'
try 0 run decay.yaml --out b.nc --resume auto --quiet
[ -e b.ckpt ] && fail 'the checkpoint is left at the end'
try 0 run decay.yaml --out c.nc --checkpoint-every '1 h' --quiet
[ -e c.ckpt ] || fail 'a checkpoint that was asked for is gone'

# A long run that is killed goes on from a checkpoint that it wrote unasked.
sed -e 's/100 um, 20 um, 600 um/2 mm, 2 mm, 600 um/' -e 's/0.01 mm^2/4 mm^2/' slab.yaml >big.yaml
"$LACUNA" run big.yaml --out big.nc --quiet --threads 1 --set run.save.fields=none \
    --set run.rtol=1e-7 >out 2>err &
pid=$!
tries=0
while [ ! -s big.ckpt ] && [ $tries -lt 600 ] && kill -0 $pid 2>/dev/null; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -KILL $pid 2>/dev/null
wait $pid 2>/dev/null
if [ -s big.ckpt ]; then
    try 85 run big.yaml --out big.nc --resume auto --quiet --threads 1 \
        --set run.save.fields=none --set run.rtol=1e-7 --wall '0.5 s'
    says err 'continue with: lacuna resume big.ckpt'
elif [ "$(wc -c <err)" -gt 0 ]; then
    fail "a long run wrote no checkpoint: $(cat err)"
fi

# Damage is told with the file and the variable, whoever reads it.
cat >two.yaml <<'YAML'
lacuna_plan: 1
scenario: decay.yaml
vary: {k: [0.1 1/h, 0.2 1/h]}
YAML
try 0 sweep two.yaml --out two --quiet
if command -v python3 >/dev/null; then
    # spoil FILE VARIABLE: flips a bit in the middle of its values.
    spoil() {
        python3 - "$1" "$2" <<'PY'
import sys
try:
    import h5py
except ImportError:
    sys.exit(1)
with h5py.File(sys.argv[1]) as file:
    chunk = file[sys.argv[2]].id.get_chunk_info(0)
with open(sys.argv[1], "r+b") as file:
    file.seek(chunk.byte_offset + 20)
    byte = file.read(1)[0]
    file.seek(chunk.byte_offset + 20)
    file.write(bytes([byte ^ 4]))
PY
    }
    cp a.nc spoilt.nc
    if spoil spoilt.nc pool_A; then
        try 74 show spoilt.nc
        says err 'spoilt.nc: is damaged: bytes'
        says err '(/pool_A)'
        spoil two/members/000001.nc pool_A
        try 3 verify-results two
        says out '(/pool_A)'
        try 3 merge two
        says out 'members/000001.nc'
        spoil two/index.nc k
        try 74 show two/index.nc
        says err 'two/index.nc: is damaged: bytes'
    fi
fi

# The index of a sweep is no result of a run, and nothing else is an index.
try 73 run decay.yaml --out two/index.nc --force
says err 'is the index of a sweep'
try 0 sweep two.yaml --out fine --quiet
echo 'a letter' >letter.nc
try 73 merge fine --copy letter.nc --force
says err 'letter.nc: is not an index'
try 73 merge fine --copy a.nc --force
says err 'a.nc: is not an index'
try 0 merge fine --copy copy.nc --quiet
try 0 merge fine --copy copy.nc --force --quiet
finish
