#!/bin/sh
# CITATION.cff, the changelog and the program speak of one version.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
: "${LACUNA:?the program}" "${LACUNA_SOURCE:?the source tree}"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

version=$("$LACUNA" --version | sed -n '1s/^lacuna //p')
cited=$(sed -n 's/^version: //p' "$LACUNA_SOURCE/CITATION.cff")
[ "$cited" = "$version" ] || fail "CITATION.cff cites $cited, the program is $version"
for key in cff-version message title authors license; do
    grep -q "^$key:" "$LACUNA_SOURCE/CITATION.cff" || fail "CITATION.cff has no $key"
done
[ "$(grep -c '^## Unreleased' "$LACUNA_SOURCE/CHANGELOG.md")" = 1 ] ||
    fail "CHANGELOG.md has not one section 'Unreleased'"
for part in Added Changed Fixed; do
    [ "$(sed -n '/^## Unreleased/,/^## [0-9]/p' "$LACUNA_SOURCE/CHANGELOG.md" | grep -c "^### $part")" -le 1 ] ||
        fail "CHANGELOG.md has '$part' more than once for one version"
done
