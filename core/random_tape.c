/* Noting and playing draws. */
#include "core/random_tape.h"

#include <stdlib.h>

#include "core/die.h"

void random_tape_free(struct random_tape *tape)
{
    free(tape->draws);
    *tape = (struct random_tape){0};
}

uint64_t random_tape_take(struct random_tape *tape, uint64_t drawn, uint64_t limit)
{
    uint64_t value = drawn;
    if (tape->plays)
        value = tape->count < tape->given_count ? tape->given[tape->count] : 0;
    if (limit && value >= limit)
        value = limit - 1;
    tape->draws = die_grow(tape->draws, &tape->capacity, tape->count + 1, sizeof(*tape->draws));
    tape->draws[tape->count++] = (struct random_draw){value, limit};
    return value;
}
