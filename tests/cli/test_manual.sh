#!/bin/sh
# The manual page and the completion know every command and every option that --help shows.
# SPDX-License-Identifier: GPL-3.0-or-later
. "$LACUNA_SOURCE/tests/cli/lib.sh"
page=$LACUNA_SOURCE/docs/lacuna.1
sed 's/\\-/-/g' "$page" >plain

for command in '' run resume check rest show ensemble sweep merge verify-results sensitivity trial list help; do
    # shellcheck disable=SC2086
    "$LACUNA" $command --help >help || fail "lacuna $command --help"
    grep -oE -e '--[a-z][a-z-]*' help | sort -u >options
    [ -s options ] || fail "no options in lacuna $command --help"
    while read -r option; do
        grep -qF -e "$option" plain || fail "$option of 'lacuna $command' is not in the manual page"
    done <options
done
"$LACUNA" list commands | while read -r command rest; do
    grep -qE "^\.B[IR] $command " plain || echo "$command"
done >missing
[ -s missing ] && fail "commands that the manual page does not know: $(cat missing)"
"$LACUNA" list statuses | while read -r code rest; do
    grep -qx "\.B $code" "$page" || echo "$code"
done >missing
[ -s missing ] && fail "exit codes that the manual page does not know: $(cat missing)"

# complete WORD...: what the completion offers for the last word.
cat >complete.bash <<'BASH'
source "$LACUNA_SOURCE/scripts/lacuna.bash"
COMP_WORDS=("$LACUNA" "$@")
COMP_CWORD=$#
_lacuna
printf '%s\n' "${COMPREPLY[@]}"
BASH
if command -v bash >/dev/null; then
    write_decay
    offers() {
        wanted=$1
        shift
        bash complete.bash "$@" | grep -qx -e "$wanted" || fail "'$*' does not offer $wanted"
    }
    offers resume re
    offers --version --v
    offers --checkpoint-every run --ch
    offers plain run --progress pl
    offers decay.yaml run d
    offers units list un
    offers scenarios list sc
    offers sweep help sw
    LACUNA_DATADIR=$LACUNA_SOURCE offers params/teaching/decay.yaml run params/teaching/d
    LACUNA_DATADIR=$LACUNA_SOURCE offers params/plans/decay.yaml sweep params/plans/d
    bash complete.bash show --f | grep -q force && fail "show offers --force"
fi
finish
