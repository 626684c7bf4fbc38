#!/bin/sh
# The words of the field: no file uses a word of tests/words.txt for a thing that has a name of its
# own. The check finds a planted word, at its line and with the term to use.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source_dir=${LACUNA_SOURCE:-$(dirname "$0")/..}
list=$(cd "$source_dir/tests" && pwd)/words.txt
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# Prints FILE:LINE: "WORD" -> TERM for all files below a directory; 1 when there is one.
check() (
    cd "$1"
    grep -v '^#' "$list" >"$scratch/patterns"
    find README.md ARCHITECTURE.md CONTRIBUTING.md docs src models params scripts examples python \
        -type f ! -name '*.png' ! -name '*.svg' ! -name '*.pyc' 2>/dev/null |
        LC_ALL=C sort >"$scratch/files"
    while IFS= read -r row; do
        [ -n "$row" ] || continue
        term=${row##* | }
        pattern=${row% | *}
        tr '\n' '\0' <"$scratch/files" |
            xargs -0 grep -EnoiwH -- "$pattern" | sed "s/\$/\" -> $(printf %s "$term" | sed 's/[&/]/\\&/g')/; s/:\\([^:]*\\)\$/: \"\\1/"
    done <"$scratch/patterns" >"$scratch/found"
    cat "$scratch/found"
    [ ! -s "$scratch/found" ]
)

# Every row has a pattern that is one, and a term.
grep -v '^#' "$list" | while IFS= read -r row; do
    case $row in
    *' | '*) ;;
    *) fail "words.txt: no term: $row" ;;
    esac
    grep -Eqiw -- "${row% | *}" /dev/null || [ $? -eq 1 ] || fail "words.txt: no pattern: $row"
done

check "$source_dir" || fail "words above: see tests/words.txt"

mkdir -p "$scratch/tree/src/run" "$scratch/tree/docs"
printf '/* First.\n * The Roster of all members. */\n' >"$scratch/tree/src/run/planted.c"
printf 'fine\n\nThe state is marched.\n' >"$scratch/tree/docs/planted.md"
if check "$scratch/tree" >"$scratch/planted"; then
    fail "planted words were not found"
fi
for line in 'docs/planted.md:3: "marched" -> advance' \
    'src/run/planted.c:2: "Roster" -> sample table'; do
    grep -qF "$line" "$scratch/planted" || fail "not reported: $line, but $(cat "$scratch/planted")"
done
[ "$(wc -l <"$scratch/planted")" -eq 2 ] || fail "more than was planted: $(cat "$scratch/planted")"
