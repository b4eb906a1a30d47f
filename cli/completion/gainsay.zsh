#compdef gainsay
# Completion of gainsay's arguments in zsh. The program itself says what may stand there, so nothing is listed here:
# "gainsay complete -- WORD..." prints a candidate per line, behind a tab what it means. A line ":files GLOB..." or
# ":directories" leaves the names of files to the shell.

_gainsay() {
    local program=${${(Q)words[1]}/#\~\//$HOME/} line text
    local -a candidates unfinished files
    local -i failed=1

    for line in "${(@f)$($program complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        text=${line%%$'\t'*}
        case $text in
            '') ;;
            :*) files=(${=text}) ;;
            *=) unfinished+=("${text//:/\\:}:${line#*$'\t'}") ;;
            *) candidates+=("${text//:/\\:}:${line#*$'\t'}") ;;
        esac
    done

    (( $#candidates )) && _describe candidate candidates && failed=0
    (( $#unfinished )) && _describe candidate unfinished -S '' && failed=0
    (( $#files )) && compset -P '--[^=]##='
    case $files[1] in
        :directories) _directories && failed=0 ;;
        :files) _files ${files[2]:+-g} ${files[2]:+"$files[2,-1]"} && failed=0 ;;
    esac
    return failed
}

# Found by its name along fpath, this file is the function's body; sourced, it only defines the function.
if [[ $funcstack[1] == _gainsay ]]; then
    _gainsay "$@"
elif (( $+functions[compdef] )); then
    compdef _gainsay gainsay
fi
