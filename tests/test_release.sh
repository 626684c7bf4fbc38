#!/bin/sh
# scripts/release: refuses versions that differ, a changelog without the version, a tree with changes
# and a tag that exists, all at once; a dry run changes nothing; a release tests the tarball and tags.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
command -v git >/dev/null || {
    echo "skipped: no git" >&2
    exit 77
}
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org

# A tree with the files that a release looks at, and a `make` and `autoreconf` that only take notes.
mkdir -p tree/scripts tree/src/library tools
cp "$LACUNA_SOURCE/scripts/release" "$LACUNA_SOURCE/scripts/setup.sh" "$LACUNA_SOURCE/scripts/packages" \
    tree/scripts/
cp "$LACUNA_SOURCE/configure.ac" "$LACUNA_SOURCE/CITATION.cff" "$LACUNA_SOURCE/CHANGELOG.md" tree/
cp "$LACUNA_SOURCE/src/library/lacuna.h" tree/src/library/
chmod -R u+w tree
printf '#!/bin/sh\necho "make $*" >>"%s"\n' "$PWD/notes" >tools/make
printf '#!/bin/sh\nprintf "#!/bin/sh\\n: >Makefile\\n: >config.status\\n" >configure\nchmod +x configure\n' >tools/autoreconf
chmod +x tools/make tools/autoreconf
echo '/build/
/configure' >tree/.gitignore
cd tree || exit 1
git init -q . && git add -A && git commit -q -m start

# release CODE ARGUMENT...
release() {
    expected=$1
    shift
    said="release $*"
    code=0
    PATH=$scratch/tools:$PATH scripts/release "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
    [ "$code" = "$expected" ] || fail "$said: exit code $code, expected $expected: $(cat "$scratch/out" "$scratch/err")"
}
tells() {
    says "$scratch/err" "$1"
}

# These files as they stand say one version, and are not those of another.
version=$(sed -n 's/^version: //p' CITATION.cff)
release 1 --dry-run "$version"
! grep -q 'version is' "$scratch/err" || fail "versions differ: $(cat "$scratch/err")"
echo change >>CITATION.cff
release 1 --dry-run 9.8.7
for file in configure.ac src/library/lacuna.h CITATION.cff; do
    tells "$file: version is '$version', not 9.8.7"
done
tells "CHANGELOG.md: the latest section is "
tells "1 files are changed or not committed"
git checkout -q CITATION.cff
release 2 --dry-run 9.8
tells "'9.8' is not a version"
release 2
tells "usage: scripts/release"

# A tree that is ready.
sed -i "s/^AC_INIT.*/AC_INIT([lacuna], [9.8.7])/" configure.ac
sed -i "s/^version: .*/version: 9.8.7/" CITATION.cff
sed -i -e 's/\(_MAJOR\) [0-9]*$/\1 9/' -e 's/\(_MINOR\) [0-9]*$/\1 8/' -e 's/\(_PATCH\) [0-9]*$/\1 7/' \
    src/library/lacuna.h
cat >CHANGELOG.md <<'END'
# Changelog

## Unreleased

- not yet told

## 9.8.7 - 2031-02-03

### Added
- A new thing.

## 9.8.6 - 2030-01-01
- An old thing.
END
git commit -q -a -m "Version 9.8.7"
release 1 --dry-run 9.8.7
tells "1 lines are still under 'Unreleased'"
sed -i '/^- not yet told/d' CHANGELOG.md
git commit -q -a -m "Changelog of 9.8.7"
release 0 --dry-run 9.8.7
says "$scratch/out" "the tag v9.8.7 on"
[ -z "$(git tag)" ] || fail "a dry run tagged"
[ ! -e "$scratch/notes" ] || fail "a dry run built"

release 0 9.8.7
grep -q 'distcheck' "$scratch/notes" || fail "the tarball was not tested: $(cat "$scratch/notes")"
git tag -n9 >"$scratch/out"
says "$scratch/out" "A new thing."
! grep -q 'An old thing' "$scratch/out" || fail "the tag tells of another version"
release 1 9.8.7
tells "the tag v9.8.7 exists"

# A tarball that fails its tests is not tagged.
git tag -d v9.8.7 >/dev/null
printf '#!/bin/sh\nexit 1\n' >"$scratch/tools/make"
release 1 9.8.7
[ -z "$(git tag)" ] || fail "a tarball that failed was tagged"
finish
