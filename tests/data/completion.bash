# completion.bash GAINSAY POINT WORD...: prints, sorted, what bash would offer for the last of the words, into which
# readline has broken a line (at = too: "--set", "servers", "="). A WORD + joins: no blank there. The cursor stands POINT
# bytes behind GAINSAY, at the end for 0.
source <("$1" completion bash)
COMP_LINE=$1
COMP_WORDS=("$1")
point=$2
shift 2
gap=' '
for word; do
    if [[ $word == + ]]; then
        gap=''
        continue
    fi
    COMP_LINE+=$gap$word
    COMP_WORDS+=("$word")
    gap=' '
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_POINT=$((point ? ${#COMP_WORDS[0]} + point : ${#COMP_LINE}))
_gainsay
[[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
