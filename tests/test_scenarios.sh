#!/bin/sh
# Every bundled scenario and every bundled plan is understood without a warning.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
failed=0
checked=0
plans=0

for file in $(find "$LACUNA_SOURCE/params" -name '*.yaml' | sort); do
    if grep -q '^lacuna_plan:' "$file"; then
        plans=$((plans + 1))
        set -- sweep "$file" --dry-run --out "$PWD/no-such-directory"
    elif grep -q '^model:' "$file"; then
        checked=$((checked + 1))
        set -- check "$file"
    else
        continue # a part of scenarios
    fi
    said=$("$LACUNA" "$@" 2>&1) || {
        echo "FAILED: $file: $said"
        failed=1
        continue
    }
    case $said in
    *warning:*)
        echo "FAILED: $file has warnings:"
        echo "$said" | grep -A 2 warning:
        failed=1
        ;;
    esac
done

echo "$checked scenarios and $plans plans checked"
[ "$checked" -gt 5 ] && [ "$plans" -gt 5 ] && [ "$failed" = 0 ]
