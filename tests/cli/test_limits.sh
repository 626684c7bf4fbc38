#!/bin/sh
# Files that are none, and numbers at the edge on the command line: a sentence and an exit code within
# seconds, and nothing is left.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
write_decay
: >empty
printf x >one
head -c 10000 /dev/zero >zeros
printf '\211HDF\r\n\032\n' >signature
mkdir directory
mkfifo pipe
ln -s loop loop

# refuse FILE ARGUMENT...: refused as what cannot be read or is wrong, at once.
refuse() {
    file=$1
    shift
    timeout 20 "$LACUNA" "$@" >out 2>err
    code=$?
    said="lacuna $*"
    case $code in
    2 | 65 | 66 | 74) says err "$file" ;;
    *) fail "$said: exit code $code: $(head -2 err)" ;;
    esac
    leaves_nothing
}

for file in empty one zeros signature directory pipe loop nowhere /dev/null; do
    for command in show resume sensitivity; do
        refuse "$file" $command "$file"
    done
    refuse "$file" run decay.yaml --out a.nc --from "$file"
    refuse "$file" sweep "$file" --out sweep
    refuse "$file" trial "$file" --out trial
    # What a person types into a pipe is read.
    [ "$file" = pipe ] || refuse "$file" check "$file"
    [ "$file" = pipe ] || refuse "$file" rest "$file"
done

# A result cannot be a directory, and none is made for one.
for path in '' / . x.nc/ new/x.nc/ one/x.nc; do
    refuse "$path" run decay.yaml --out "$path"
    refuse "$path" run decay.yaml --out "$path" --force
    [ ! -e new ] || fail "$said: a directory was made"
done

for number in 1e999 nan 0x10 -1 '' 4x 99999999999999999999; do
    refuse --threads run decay.yaml --out a.nc --threads "$number"
    refuse --until run decay.yaml --out a.nc --until "$number h"
    refuse --wall run decay.yaml --out a.nc --wall "$number h"
done
long=$(head -c 128 /dev/zero | tr '\0' k)
refuse --set run decay.yaml --out a.nc --set "$long=1"
refuse --set run decay.yaml --out a.nc --set k=
refuse --set run decay.yaml --out a.nc --set =1
finish
