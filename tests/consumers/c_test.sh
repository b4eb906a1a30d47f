#!/usr/bin/env bash
# Tests in C of a trace, built as their head comment says, against the library as it is installed: with the planted bug
# they fail and say why, without it they pass. `make check-formats` runs this.
#
#   tests/consumers/c_test.sh PREFIX
set -euo pipefail
prefix=$(realpath "$1")
export PATH="$prefix/bin:$PATH" PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fault()
{
    echo "c_test: $1" >&2
    exit 1
}

# The command in the comment, with another compiler.
build()
{
    local command
    command=$(sed -n 's/^ \*     cc \(.*\)/\1/p' "$2")
    [ -n "$command" ] || fault "no command in $2"
    eval "$1 -Wall -Wextra -Werror $command"
}

# $1: protocol, $2: mutant, $3: preset, $4: property
check()
{
    local status=0
    gainsay check "$1" --mutant "$2" --preset "$3" --property "$4" --quiet --trace bug.trace >/dev/null || status=$?
    [ "$status" -eq 1 ] || fault "$1 $2: exit $status instead of 1"
    gainsay show bug.trace --format c --output test_bug.c
    # The planted bug's own two lines.
    sed '/Planted bugs/d; /mutants/d' test_bug.c > test_mended.c
    sed -i 's/test_bug/test_mended/' test_mended.c
    for compiler in gcc clang; do
        build "$compiler" test_bug.c
        if ./regression > said 2>&1; then fault "$1 $2, $compiler: passes although the bug is there"; fi
        grep -q "$4 is violated: " said || fault "$1 $2, $compiler: does not say why: $(cat said)"
        build "$compiler" test_mended.c
        ./regression > said 2>&1 || fault "$1 $2, $compiler: fails although the bug is mended: $(cat said)"
        echo "c_test: $1 $2: $compiler"
    done
}

check two-phase-commit commit-on-one-vote small consistent
check two-phase-commit commit-without-votes small consistent
check raft vote-twice one-term at-most-one-leader
check raft vote-not-durable reboot at-most-one-leader
check raft stale-votes-counted quick at-most-one-leader
