#!/bin/sh
# Every bundled scenario is understood without a warning.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
failed=0
checked=0

for file in $(find "$LACUNA_SOURCE/params" -name '*.yaml' | sort); do
    grep -q '^model:' "$file" || continue # a part of scenarios
    checked=$((checked + 1))
    said=$("$LACUNA" check "$file" 2>&1) || {
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

echo "$checked scenarios checked"
[ "$checked" -gt 5 ] && [ "$failed" = 0 ]
