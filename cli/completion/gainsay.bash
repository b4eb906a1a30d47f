# Completion of gainsay's arguments in bash. The program itself says what may stand there, so nothing is listed here:
# "gainsay complete -- WORD..." prints a candidate per line, behind a tab what it means. A line ":files GLOB..." or
# ":directories" leaves the names of files to the shell.

# _gainsay_files HEAD BEGINNING :files|:directories [GLOB...]: the names that begin so, HEAD before each
_gainsay_files() {
    local head=$1 beginning=$2 kind=$3 glob
    shift 3
    if [[ $kind == :directories || $# -gt 0 ]]; then
        compgen -P "$head" -d -- "$beginning"
    else
        compgen -P "$head" -f -- "$beginning"
    fi
    for glob; do
        compgen -P "$head" -f -X "!$glob" -- "$beginning"
    done
}

_gainsay() {
    local IFS=$' \t\n' line piece blanks rest
    local -a words=()

    # Readline breaks words at = and : too, the program does not. What touches in the line up to the cursor is one word.
    line=${COMP_LINE:-${COMP_WORDS[*]}}
    rest=${line:0:${COMP_POINT:-${#line}}}
    for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        blanks=${rest%%[!$' \t']*}
        rest=${rest#"$blanks"}
        [[ $rest == "$piece"* ]] || piece=$rest # the cursor stands within it
        rest=${rest#"$piece"}
        piece=${piece//[\\\"\']/}
        if [[ $blanks || ${#words[@]} -eq 0 ]]; then
            words+=("$piece")
        else
            words[-1]+=$piece
        fi
    done

    local word=${words[-1]} head='' names
    [[ $word == --*=* ]] && head=${word%%=*}=
    COMPREPLY=()
    while read -r line; do
        if [[ $line == :* ]]; then
            compopt -o filenames 2>/dev/null # fails where nothing is being completed, as in a test
            read -ra names <<<"$line"
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(_gainsay_files "$head" "${word#"$head"}" "${names[@]}")
        else
            COMPREPLY+=("${line%%$'\t'*}")
        fi
    done < <("${words[0]/#\~\//$HOME/}" complete -- "${words[@]:1}" 2>/dev/null)

    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
    # Readline replaces only what stands behind its last break.
    [[ $piece == *[!=:]* ]] && word=${word%"$piece"}
    [[ $piece ]] && COMPREPLY=("${COMPREPLY[@]#"$word"}")
}

complete -F _gainsay gainsay
