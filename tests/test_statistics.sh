#!/bin/sh
# The quick statistical checks: the engine passes, the plain twin passes, and each mistake that can
# be planted in the twin is found. Seeds are fixed, so that this is the same run everywhere; were
# they drawn anew, a right engine would fail it about once in 50 000 times (`verify` prints it).
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
verify=${LACUNA%/*}/tests/statistics/verify
failed=0

"$verify" --quick || failed=1
"$verify" --quick --engine twin || failed=1
for mistake in stoichiometry stream sampler; do
    if "$verify" --quick --engine twin --plant "$mistake" >/dev/null; then
        echo "FAILED: the mistake '$mistake' is not found"
        failed=1
    fi
done
exit "$failed"
