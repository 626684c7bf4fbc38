# Completion of lacuna's commands, options and files in bash; the words come from the program itself.
# SPDX-License-Identifier: GPL-3.0-or-later

_lacuna_words() {
    # Candidates given on stdin that begin with the current word.
    local word
    while IFS= read -r word; do
        [[ $word == "$1"* ]] && COMPREPLY+=("$word")
    done
}

_lacuna_files() {
    local file
    while IFS= read -r file; do
        [[ -d $file || $2 == '*' || $file == *.$2 ]] && COMPREPLY+=("$file")
    done < <(compgen -f -- "$1")
}

_lacuna_installed() {
    # Paths of installed scenarios or plans, which need not be here.
    _lacuna_words "$1" < <("${COMP_WORDS[0]}" list "$2" 2>/dev/null |
        awk '/^params/ { folder = $1; installed = / \(in /; next }
            /^  / && installed { print folder "/" $1 }')
}

_lacuna() {
    local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]} current=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]} choices
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _lacuna_words "$current" < <(
            "$program" list commands 2>/dev/null | cut -d ' ' -f 1
            printf '%s\n' --help --version
        )
        return
    fi
    choices=$("$program" list options 2>/dev/null |
        awk -v c="$command" -v o="$previous" '$1 == c && $2 == o && $3 == "choice" { print $4 }')
    if [[ -n $choices ]]; then
        _lacuna_words "$current" < <(tr '|' '\n' <<<"$choices")
    elif [[ $previous == --out || $previous == -o ]]; then
        _lacuna_files "$current" '*'
    elif [[ $current == -* ]]; then
        _lacuna_words "$current" < <(
            "$program" list options 2>/dev/null | awk -v c="$command" '$1 == c { print $2 }'
        )
    else
        case $command in
        run | check | rest | ensemble | sweep | trial)
            _lacuna_files "$current" yaml
            if [[ $command == sweep || $command == trial ]]; then
                _lacuna_installed "$current" plans
            else
                _lacuna_installed "$current" scenarios
            fi
            ;;
        help) _lacuna_words "$current" < <("$program" list commands 2>/dev/null | cut -d ' ' -f 1) ;;
        resume) _lacuna_files "$current" ckpt ;;
        merge) _lacuna_files "$current" yaml ;;
        verify-results) _lacuna_files "$current" / ;;
        show | sensitivity) _lacuna_files "$current" nc ;;
        list)
            _lacuna_words "$current" < <("$program" list topics 2>/dev/null)
            ;;
        esac
    fi
}

complete -o filenames -F _lacuna lacuna
