# completion.zsh LINE RESULT: puts into the file RESULT what LINE becomes when the tab key is pressed behind it, in an
# interactive zsh that has the completion of the gainsay found along PATH.
zmodload zsh/zpty || exit 1
export RESULT=$2
zpty session zsh -f -i
zpty -w session 'PS1= PS2=; autoload -U compinit; compinit -u -D; source <(gainsay completion zsh)'
zpty -w session 'finish() { print -r -- $BUFFER >$RESULT; BUFFER=exit; zle accept-line }; zle -N finish'
zpty -w session "bindkey '^X^F' finish; print rea''dy"
zpty -r session text '*ready*'
zpty -w -n session $1$'\t\x18\x06'
while zpty -r session text; do :; done
