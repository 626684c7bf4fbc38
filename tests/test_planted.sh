#!/bin/sh
# Every mistake of scripts/planted-mistakes still stands for a line of the sources, and one is tried.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source_dir=${LACUNA_SOURCE:-$(dirname "$0")/..}
build=${LACUNA%/*}
python=${PYTHON:-python3}
command -v "$python" >/dev/null || {
    echo "skipped: no python3" >&2
    exit 77
}
[ -f "$build/Makefile" ] || {
    echo "skipped: the program does not lie in a directory that was configured" >&2
    exit 77
}
"$python" "$source_dir/scripts/planted-mistakes" "$build" --list
"$python" "$source_dir/scripts/planted-mistakes" "$build" --only "does not feel its own jump"
