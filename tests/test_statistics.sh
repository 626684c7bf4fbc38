#!/bin/sh
# The quick statistical checks: the engine passes, the plain twin passes, and each mistake that can
# be planted in the twin is found. Seeds are fixed, so that this is the same run everywhere; were
# they drawn anew, laws that are right would fail it about once in 25 000 times by their p-values,
# and once in 200 by the criterion of the suite's cases (docs/methods.md, section 8).
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
verify=${LACUNA%/*}/tests/statistics/verify
failed=0

"$verify" --quick || failed=1
"$verify" --quick --engine twin || failed=1

# finds MISTAKE CHECK: the twin that makes it fails
finds() {
    if "$verify" --quick --engine twin --plant "$1" --only "$2" >/dev/null; then
        echo "FAILED: the mistake '$1' is not found by $2"
        failed=1
    fi
}
finds stoichiometry dimerisation
finds stoichiometry pairs_that_vanish
finds stream replicates_are_strangers
finds stream source_and_sink_voxels
finds sampler mean_square_displacement
finds sampler suite_00029
exit "$failed"
