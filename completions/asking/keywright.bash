_keywright() {
    local line=${COMP_LINE:0:COMP_POINT} answers answer
    answers=$(COMPLETE=bash keywright -- "$line" "$2" 2>/dev/null)
    COMPREPLY=()
    if [[ $answers == $'\tcommand' ]]; then
        _keywright_command "$2"
        return
    fi
    while IFS= read -r answer; do
        [[ $answer ]] && COMPREPLY+=("$answer")
    done <<<"$answers"
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != *[:=/] ]]; then
        compopt +o nospace 2>/dev/null || [[ $line == *[\"\']* ]] || COMPREPLY[0]+=" "
    fi
}
_keywright_command() {
    local first=1 word
    while [[ ${COMP_WORDS[first - 1]} != -- ]]; do
        ((first++))
    done
    compopt +o nospace 2>/dev/null
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$first"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$first"
    elif [[ $COMP_CWORD -eq $first && $1 != */* ]]; then
        while IFS= read -r word; do
            COMPREPLY+=("$word")
        done < <(compgen -A command -- "$1" | sort -u)
    else
        compopt -o default 2>/dev/null || while IFS= read -r word; do
            COMPREPLY+=("$word")
        done < <(compgen -f -- "$1")
    fi
}
complete -o nospace -o bashdefault -o nosort -F _keywright keywright 2>/dev/null ||
    complete -o nospace -o bashdefault -F _keywright keywright
