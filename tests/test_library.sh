#!/bin/sh
# The library as users have it: installed elsewhere, linked by pkg-config, shared and static; the
# examples say what they should; the shared library shows the names of lacuna.h and no others.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
build=$(dirname "$LACUNA")
if ! [ -f "$build/Makefile" ] || ! command -v pkg-config >/dev/null; then
    echo "skipped: there is no pkg-config, or the program does not lie in a directory that was configured"
    exit 77
fi
root=$PWD/root
if ! MAKEFLAGS='' MFLAGS='' make -C "$build" install prefix="$root" \
    bashcompletiondir="$root/completions" >install.log 2>&1; then
    fail "make install: $(tail -n 5 install.log)"
fi
unset LACUNA_DATADIR
PKG_CONFIG_PATH=$root/lib/pkgconfig
export PKG_CONFIG_PATH
for file in include/lacuna.h lib/liblacuna.a lib/liblacuna.so lib/liblacuna.so.0 \
    lib/pkgconfig/lacuna.pc; do
    [ -e "$root/$file" ] || fail "not installed: $file"
done

# What is shown is what the header declares.
grep -oE 'lacuna_[a-z_]+\(' "$root/include/lacuna.h" | tr -d '(' | sort -u >declared
nm -D --defined-only "$root/lib/liblacuna.so" | awk '$2 != "A" { print $3 }' |
    sed 's/@.*//' | sort -u >shown
cmp -s declared shown || fail "names that differ: $(diff declared shown | head -n 5)"
cmp -s shown "$LACUNA_SOURCE/tests/library-names" ||
    fail "names changed: $(diff "$LACUNA_SOURCE/tests/library-names" shown | head -n 5)"
# Each of them is called by a C test.
while read -r name; do
    grep -q "\b$name(" "$LACUNA_SOURCE"/tests/test_*.c || echo "$name"
done <declared >untested
[ ! -s untested ] || fail "no C test calls $(tr '\n' ' ' <untested)"
nm -D --undefined-only "$root/lib/liblacuna.so" | awk '{ print $2 }' | sed 's/@.*//' >wanted
# (signal() and _exit() are for the child that tries whether a damaged file can be opened.)
for name in printf puts exit getenv sigaction stdout stderr; do
    ! grep -qx "$name" wanted || fail "the library uses $name"
done

# Versions agree.
cat >version.c <<'EOF'
#include <lacuna.h>
#include <stdio.h>
int main(void)
{
    printf("%d.%d.%d %s %d\n", LACUNA_VERSION_MAJOR, LACUNA_VERSION_MINOR, LACUNA_VERSION_PATCH,
           lacuna_version_text(), lacuna_version() == LACUNA_VERSION);
    return 0;
}
EOF
# compile SOURCE PROGRAM [--static]
compile() {
    flags=$(pkg-config ${3:+"$3"} --cflags --libs lacuna)
    [ $# -lt 3 ] || flags=$(echo "$flags" | sed 's/-llacuna/-l:liblacuna.a/')
    # shellcheck disable=SC2086 # words are wanted
    ${CC:-cc} -std=c11 -Wall -Wextra -Werror -O1 "$1" -o "$2" $flags \
        -Wl,-rpath,"$root/lib" >compile.log 2>&1 || fail "$1: $(head -n 5 compile.log)"
}
compile version.c version
version=$(pkg-config --modversion lacuna)
[ "$(./version)" = "$version $version 1" ] || fail "versions differ: $(./version), $version"

cd "$root/share/lacuna" || exit 1
for example in run doses fields sweep errors; do
    (cd "$scratch" && compile "$root/share/doc/lacuna/examples/$example.c" "$example")
    "$scratch/$example" >"$scratch/$example.out" 2>&1 || [ "$example" = errors ] ||
        fail "$example: $(cat "$scratch/$example.out")"
done
cd "$scratch" || exit 1
# said EXAMPLE WORDS
said() {
    grep -qF "$2" "$1.out" || fail "$1 does not say '$2': $(cat "$1.out")"
}
said run "A_level = 8.62"
said doses "doses in a day"
said fields "day 3: "
said sweep "half_life = 2 h: "
said errors "mine.yaml, line 6, column "
said errors "mine.yaml, line 8, column "
said errors "half_life"

# The static library does the same.
compile "$root/share/doc/lacuna/examples/sweep.c" alone --static
(cd "$root/share/lacuna" && "$scratch/alone") >alone.out 2>&1
cmp -s alone.out sweep.out || fail "static and shared differ: $(cat alone.out)"

# A program over the library writes the result that `lacuna run` writes, bit for bit, but for where it
# comes from.
cat >write.c <<'EOF'
#include <lacuna.h>
#include <stdio.h>
int main(int argc, char **argv)
{
    lacuna_model *model = NULL;
    lacuna_simulation *simulation = NULL;
    lacuna_options options = LACUNA_OPTIONS_INIT;
    int code = argc == 3 ? lacuna_model_load(argv[1], &model) : LACUNA_MISUSE;
    options.seed = 7;
    options.result = argv[2];
    if (code == LACUNA_OK)
        code = lacuna_simulation_create(model, &options, &simulation);
    if (code == LACUNA_OK)
        code = lacuna_simulation_finish(simulation);
    if (code != LACUNA_OK)
        fprintf(stderr, "%s\n", lacuna_error());
    lacuna_simulation_free(simulation);
    lacuna_model_free(model);
    return code;
}
EOF
compile write.c write
write_slab
write_decay
sed 's/method: mean-field/method: exact/; s/1 mL/1e-9 mL/' decay.yaml >events.yaml # 602 molecules
for scenario in slab events; do
    "$root/bin/lacuna" run $scenario.yaml --set run.seed=7 --out $scenario.program.nc --quiet ||
        fail "lacuna run $scenario.yaml"
    ./write $scenario.yaml $scenario.written.nc >write.out 2>&1 || fail "write $scenario.yaml: $(cat write.out)"
    ! command -v h5diff >/dev/null ||
        h5diff --exclude-path=/provenance $scenario.program.nc $scenario.written.nc >differ.out 2>&1 ||
        fail "$scenario: the program and the library differ: $(head -n 5 differ.out)"
done
finish
