#!/bin/sh
# A disk that is full, has no room for a checkpoint, or takes nothing: what is there stays whole, and
# the run ends as if nothing had been once there is room.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
if ! command -v h5diff >/dev/null; then
    echo "skipped: no h5diff" >&2
    exit 77
fi
# HDF5 itself leaks when it cannot write.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
write_slab
sed -i 's/every: 2 h, fields_every: 12 h/every: 10 min/' slab.yaml

same() {
    if ! h5diff -c --exclude-path=/provenance "$1" "$2" >differences 2>&1 || [ -s differences ]; then
        fail "$3: h5diff finds differences: $(head -5 differences)"
    fi
}

try 0 run slab.yaml --out whole.nc --quiet
size=$(($(wc -c <whole.nc) / 1024))

# With room for less and less of the file it ends early; then there is room again.
for part in 95 80 60; do
    said="a disk with room for $part %"
    rm -f part.*
    (
        ulimit -f $((size * 2 * part / 100)) # of 512 bytes
        "$LACUNA" run slab.yaml --out part.nc --checkpoint-every '1 ms' --quiet >out 2>err
        echo $? >code
    )
    [ "$(cat code)" -eq 74 ] || fail "$said: exit code $(cat code)"
    says err 'File too large'
    says err 'part.nc holds all that was saved until then'
    [ -f part.nc.journal ] && fail "$said: the journal is left"
    try 0 resume part.ckpt --quiet
    same whole.nc part.nc "$said, resumed"
done

# Checkpoints that are too large, but not the result: a warning, once.
sed 's/\[100 um, 20 um, 600 um\]/[600 um, 600 um, 600 um]/; s/0.01 mm^2/1.8 mm^2/
    s/until: 2 d, /until: 1 min, /; s/every: 10 min/every: 30 s/' slab.yaml >wide.yaml
try 0 run wide.yaml --out wide.nc --set run.save.fields=none --checkpoint-every '1 ms' --quiet
result=$(wc -c <wide.nc)
room=$(((result + $(wc -c <wide.ckpt)) / 2)) # a result that is flushed more often is a little larger
[ "$result" -lt "$room" ] || fail 'the checkpoint is not larger than the result'
(
    ulimit -f $((room / 512 + 1))
    "$LACUNA" run wide.yaml --out narrow.nc --set run.save.fields=none --checkpoint-every '1 ms' \
        --quiet >out 2>err
    echo $? >code
)
said='checkpoints without room'
[ "$(cat code)" -eq 0 ] || fail "$said: exit code $(cat code)"
says err 'narrow.ckpt: cannot write the checkpoint: File too large'
[ "$(grep -c warning err)" -eq 1 ] || fail "$said: $(grep -c warning err) warnings"
same wide.nc narrow.nc "$said"
for file in narrow.ckpt* narrow.nc.journal; do
    [ -e "$file" ] && fail "$said: left behind: $file"
done

# A real disk that is full, where we may have one.
mkdir disk
if mount -t tmpfs -o size="$((size * 60 / 100))k" lacuna disk 2>/dev/null; then
    try 74 run slab.yaml --out disk/part.nc --checkpoint-every '1 ms' --quiet
    says err 'No space left on device'
    try 0 show disk/part.nc
    mount -o remount,size="$((size * 4))k" disk
    try 0 run slab.yaml --out disk/part.nc --resume auto --force --quiet
    same whole.nc disk/part.nc "$said, resumed"
    # and one that takes nothing any more
    mount -o remount,ro disk
    try 74 run slab.yaml --out disk/other.nc --quiet
    says err 'Read-only file system'
    try 0 show disk/part.nc
    try 0 run slab.yaml --out disk/part.nc --resume auto
    says out 'is there already'
    umount disk
else
    echo 'no mount here: without a disk of its own'
fi
finish
