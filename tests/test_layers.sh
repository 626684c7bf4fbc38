#!/bin/sh
# The layer check passes on the tree and finds planted breaches, each at its line.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu
source_dir=${LACUNA_SOURCE:-$(dirname "$0")/..}
python=${PYTHON:-python3}
command -v "$python" >/dev/null || {
    echo "skipped: no python3" >&2
    exit 77
}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

check() {
    "$python" "$source_dir/scripts/layers" "$@"
}

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

check "$source_dir" || fail "the tree breaches its own rules"

cp -r "$source_dir/src" "$copy/src"
chmod -R u+w "$copy"

# plant ROOM EXPECTED LINE: the second line of a new file of a room is a breach.
count=0
plant() {
    count=$((count + 1))
    printf '/* planted */\n%s\n' "$3" >"$copy/src/$1/planted_$count.c"
    echo "src/$1/planted_$count.c:2: $2" >>"$copy/expected"
}

# allow ROOM LINE: this is none.
allow() {
    count=$((count + 1))
    printf '/* planted */\n%s\n' "$2" >"$copy/src/$1/planted_$count.c"
}

plant base "floor 2" '#include "language/units.h"'
plant language "must not include store/" '#include "store/store.h"'
plant store "must not include model/" '#include "model/model.h"'
plant network "must not include tissue/" '  #  include "tissue/grid.h"'
plant observe "must not include stepper/" '#include "stepper/stepper.h"'
plant run "floor 14" '#include "cli/options.h"'
plant cli "is for transport/ alone" '#include "transport/transport_internal.h"'
plant campaign "runs members through lacuna.h" '#include "run/simulation.h"'
plant cli "goes through lacuna.h" '#include "run/simulation.h"'
plant model "does not name a room" '#include "units.h"'
plant model "for store/ alone" '#include <hdf5.h>'
plant run "for store/ alone" '#include <H5public.h>'
plant store "for language/ alone" '#include <yaml.h>'
plant run "printf() is for cli/" 'void f(void) { printf("x"); }'
plant run "stderr is for cli/" 'void f(FILE *file) { file = stderr; }'
plant run "getenv() is for cli/" 'char *f(void) { return getenv ("HOME"); }'
plant base "exit() is for cli/" 'void f(void) { if (1) exit(1); }'
plant model "argv is for cli/" 'int f(char **argv) { return !argv; }'
plant run "rand() does not replay" 'int f(void) { return rand(); }'
plant stepper "gsl_rng_alloc" 'void *f(void *type) { return gsl_rng_alloc(type); }'
plant run "is a name of store/layout.h" 'const char *path = "/time";'
plant index "is a name of store/layout.h" 'const char *path = "/statistics/arm";'
plant model "'mmp'" 'int mmp13_count;'
plant model "'msc'" 'int lac_count_MSC;'
plant model "'chondro'" 'const char *name = "Chondrocyte";'
plant model "'il-'" 'const char *name = "IL-1b";'
plant model "'knee'" 'int in_the_knee; /* comment */'
plant model "'tnf'" 'const char *name = "/* no comment */ TNF";'
plant model "'synov'" 'int quote = '"'\"'"'; const char *synovial = "x";'

allow model '/* the knee, IL-1b and printf() in a comment */ int a; // MSC, exit(1)'
allow model 'const char *words = "printf(), stderr and exit() in a string";'
allow stepper '#include "network/network.h"'
allow run 'int f(struct thing *it) { return it->exit(1) + snprintf_like(2) + it->summscale; }'
allow cli 'void f(char **argv) { printf("%s", argv[0]); exit(1); }'
allow language '#include <yaml.h>'
allow run 'const char *path = "/time_of_day", *root = "/";'
allow store '#include <hdf5.h>'

echo 'int a;' >"$copy/src/model/synovium.c"
echo "src/model/synovium.c:1: 'synov' in the name of a file" >>"$copy/expected"
printf '#include "tissue/planted_b.h"\n' >"$copy/src/tissue/planted_a.h"
printf '#include "tissue/planted_b.h"\n#include "tissue/planted_a.h"\n' >"$copy/src/tissue/planted_b.c"
: >"$copy/src/tissue/planted_b.h"
echo "src/tissue: these files include each other in a circle: planted_a, planted_b" >>"$copy/expected"
sed -i '/stepper.stepper.h/d' "$copy/src/cli/show_json.c"
echo 'src/cli/show_json.c: does not include "stepper/stepper.h": take it off the list' >>"$copy/expected"
mkdir "$copy/src/helpers"
echo 'int a;' >"$copy/src/helpers/planted.c"
echo "src/helpers/planted.c:1: not in a room" >>"$copy/expected"

status=0
check "$copy" >"$copy/found" || status=$?
[ "$status" = 1 ] || fail "exit $status, not 1, with planted breaches"
sed '$d' "$copy/found" >"$copy/breaches" # without the summary
while IFS=: read -r file line what; do
    message=$(grep -F "$file:$line" "$copy/breaches") || fail "not found: $file:$line:$what"
    case $message in
    *"${what# }"*) ;;
    *) fail "expected '$what' in: $message" ;;
    esac
done <"$copy/expected"
[ "$(wc -l <"$copy/breaches")" = "$(wc -l <"$copy/expected")" ] ||
    fail "more or less than was planted: $(cat "$copy/breaches")"

status=0
check "$copy/src/helpers" 2>/dev/null || status=$?
[ "$status" = 2 ] || fail "a directory without src/ gave exit $status, not 2"
