#!/bin/sh
# Every bundled scenario is understood without a warning, and every bundled model text is installed.
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

# What is not in the list of files to install is missing from every package.
for file in $(cd "$LACUNA_SOURCE" && find models params -name '*.yaml' | sort); do
    grep -q "$file" "$LACUNA_SOURCE/scripts/project.mk" || {
        echo "FAILED: $file is not listed in scripts/project.mk"
        failed=1
    }
done

echo "$checked scenarios checked"
[ "$checked" -gt 5 ] && [ "$failed" = 0 ]
