#!/bin/sh
# Every command that README.md, CONTRIBUTING.md and docs/*.md show works.
#
# Runs each fence that opens with ```sh or ```python, in the order of the page, in a scratch directory
# that looks like the top of the sources with the program in build/, and with the results of
# scripts/demo. A fence that must not be run here has, on the line before it, the comment
# <!-- not run: REASON -->.
#
#   test_documents.sh --here PAGE...    the same in the directory where it is called, as a reader would
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

# What scripts/demo leaves, by the names that it prints: files that no command of a page may need gone.
leave_demo() {
    grep -o 'results/demo/[a-z_A-Z0-9]*\.[a-z]*' "$LACUNA_SOURCE/scripts/demo" | sort -u | while read -r left; do
        mkdir -p "$1/$(dirname "$left")"
        echo "left by the demonstration" >"$1/$left"
    done
}

# One directory a page, so that a page does not lean on another.
make_top() {
    mkdir -p "$1/build" "$1/results"
    for each in models params scripts docs README.md; do
        ln -s "$LACUNA_SOURCE/$each" "$1/$each"
    done
    ln -s "$LACUNA" "$1/build/lacuna"
    leave_demo "$1"
}

# run_page PAGE DIRECTORY
run_page() {
    page=$1
    name=$(basename "$page" .md)
    place="$scratch/$name"
    mkdir -p "$place/fences"
    split_fences "$page" "$place/fences"
    for fence in "$place/fences"/*; do
        [ -f "$fence" ] || continue
        status=0
        (cd "$2" && run_fence "$fence") >"$place/log" 2>&1 </dev/null || status=$?
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

if [ "${1:-}" = --here ]; then
    shift
    for page in "$@"; do
        run_page "$page" .
    done
    echo "$ran fences ran, $failed failed"
    [ "$failed" = 0 ]
    exit
fi

for page in "$LACUNA_SOURCE"/README.md "$LACUNA_SOURCE"/CONTRIBUTING.md "$LACUNA_SOURCE"/docs/*.md; do
    top=$scratch/$(basename "$page" .md)/top
    make_top "$top"
    run_page "$page" "$top"
done

echo "$ran fences ran, $failed failed"
[ "$ran" -gt 5 ] && [ "$failed" = 0 ]
