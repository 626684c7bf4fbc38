#!/bin/sh
# Every command that README.md, CONTRIBUTING.md and docs/*.md show works.
#
# Runs each fence that opens with ```sh or ```python, in the order of the page, in a scratch directory
# that looks like the top of the sources with the program in build/. A fence that must not be run
# here has, on the line before it, the comment <!-- not run: REASON -->.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ran=0
failed=0

# Splits page $1 into $2/NNN.sh and $2/NNN.python.
split_fences() {
    awk -v into="$2" '
        /^```/ && inside { inside = 0; close(file); previous = ""; next }
        /^```(sh|python)$/ && previous !~ /^<!-- not run: .+ -->$/ {
            inside = 1
            file = sprintf("%s/%03d.%s", into, ++count, substr($0, 4))
            printf "" > file
            next
        }
        /^```/ { inside = 1; file = "/dev/null"; next }
        inside { print > file; next }
        { previous = $0 }
    ' "$1"
}

run_fence() {
    case $1 in
    *.python) sh "$LACUNA_SOURCE/tests/with-python" "$1" ;;
    *) sh -eu "$1" ;;
    esac
}

# One directory a page, so that a page does not lean on another.
run_page() {
    page=$1
    name=$(basename "$page" .md)
    place="$scratch/$name"
    mkdir -p "$place/top/build" "$place/top/results" "$place/fences"
    for each in models params scripts docs README.md; do
        ln -s "$LACUNA_SOURCE/$each" "$place/top/$each"
    done
    ln -s "$LACUNA" "$place/top/build/lacuna"
    split_fences "$page" "$place/fences"
    for fence in "$place/fences"/*; do
        [ -f "$fence" ] || continue
        status=0
        (cd "$place/top" && run_fence "$fence") >"$place/log" 2>&1 </dev/null || status=$?
        if [ "$status" = 77 ]; then
            echo "skipped in $name: no Python with the modules"
            continue
        fi
        ran=$((ran + 1))
        if [ "$status" != 0 ]; then
            failed=$((failed + 1))
            echo "FAILED in $page (status $status):"
            sed 's/^/    /' "$fence"
            echo "which said:"
            tail -n 30 "$place/log" | sed 's/^/    /'
        fi
    done
}

for page in "$LACUNA_SOURCE"/README.md "$LACUNA_SOURCE"/CONTRIBUTING.md "$LACUNA_SOURCE"/docs/*.md; do
    run_page "$page"
done

echo "$ran fences ran, $failed failed"
[ "$ran" -gt 5 ] && [ "$failed" = 0 ]
