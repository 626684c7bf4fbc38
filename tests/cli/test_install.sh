#!/bin/sh
# What `make install` brings, moved elsewhere as packagers do: the program, documents whose links and
# pictures are there, scripts that run and find the program, models and scenarios.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
build=$(dirname "$LACUNA")
if ! [ -f "$build/Makefile" ]; then
    echo "skipped: the program does not lie in a directory that was configured"
    exit 77
fi
stage=$scratch/stage
if ! MAKEFLAGS='' MFLAGS='' make -C "$build" install DESTDIR="$stage" prefix=/opt/lacuna \
    bashcompletiondir=/opt/lacuna/completions >install.log 2>&1; then
    fail "make install: $(tail -n 5 install.log)"
fi
mv "$stage/opt/lacuna" moved
here=$PWD/moved
share=$here/share/lacuna
documents=$here/share/doc/lacuna

for file in bin/lacuna share/man/man1/lacuna.1 completions/lacuna share/lacuna/params/adsc_50M.yaml \
    share/lacuna/models/decay.yaml share/lacuna/scripts/slurm/array.sh \
    share/doc/lacuna/CHANGELOG.md share/doc/lacuna/docs/images/fans.png; do
    [ -f "moved/$file" ] || fail "not installed: $file"
done

# Every link of every document leads to something.
links=0
for page in "$documents"/*.md "$documents"/docs/*.md; do
    grep -oE '\]\([^)#: ]+' "$page" | cut -c 3- | grep -vx -e http -e https >found
    while read -r link; do
        links=$((links + 1))
        [ -e "$(dirname "$page")/$link" ] || fail "$page: the link $link leads nowhere"
    done <found
done
[ "$links" -gt 50 ] || fail "only $links links were looked at"

# Every script says how it is used; those that run the program find the installed one.
mkdir elsewhere
cd elsewhere || exit 1
LACUNA_DATADIR=$share
export LACUNA_DATADIR
LACUNA=$here/bin/lacuna
try 0 check params/teaching/decay.yaml
try 0 list scenarios
says out "params/teaching (in $share)"
program=$LACUNA
unset LACUNA
ran=0
for script in "$share"/scripts/*; do
    [ -d "$script" ] && continue
    case $(head -c 3 "$script") in '"""') continue ;; esac # a module of the others
    [ -x "$script" ] || fail "$script cannot be run"
    case $(head -n 1 "$script") in
    '#!/bin/sh' | '#!/usr/bin/env python3') ;;
    *) fail "$script begins with $(head -n 1 "$script")" ;;
    esac
    PATH=/usr/bin:/bin "$script" --help >said 2>&1 || grep -q 'is missing' said ||
        fail "$script --help: $(tail -n 3 said)"
    ran=$((ran + 1))
done
[ "$ran" -ge 5 ] || fail "only $ran scripts were tried"
PATH=/usr/bin:/bin "$share/scripts/submit" params/plans/decay.yaml --dry-run >said 2>&1
grep -q "there is no program" said && fail "submit does not find the program beside it"
LACUNA=$program
finish
