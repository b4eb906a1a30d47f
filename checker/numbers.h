/* Numbers that stand for something are 32 bits wide, and the last few are marks (engine.h). Whatever has run out of
 * them ends the program with a line that says of what: nothing ever wraps. States, transitions, levels and blocks are
 * counted in 64 bits. tests/limits is built with GS_SMALL_NUMBERS, so that numbers run out soon. */
#ifndef GAINSAY_NUMBERS_OF_32_BITS_H
#define GAINSAY_NUMBERS_OF_32_BITS_H

#include <stdint.h>

#include "core/die.h"

/* How many there are of a kind: in tests/limits alone. */
uint64_t small_numbers(const char *kind);

#ifdef GS_SMALL_NUMBERS
#define NUMBERS_MAX(kind) small_numbers(kind)
#else
#define NUMBERS_MAX(kind) ((uint64_t)UINT32_MAX - 8)
#endif

/* `count` of them have numbers already, and `more` shall have some. kind: in the plural. */
static inline void numbers_must_suffice(uint64_t count, uint64_t more, const char *kind)
{
    if (count + more > NUMBERS_MAX(kind))
        die("more than %llu %s: their numbers have 32 bits; make the protocol smaller, or bound it",
            (unsigned long long)NUMBERS_MAX(kind), kind);
}

#endif
