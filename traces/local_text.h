/* A local state as text, for every format that shows one to people. */
#ifndef GAINSAY_LOCAL_TEXT_H
#define GAINSAY_LOCAL_TEXT_H

#include <stdio.h>

#include "core/local.h"

/* Writes "phase working, votes {}, timer election armed": the role's fields, then the timers that are armed; "(no
 * state)" for a role without any. Not whether it is up. */
void local_print(const struct gs_run *run, unsigned node, const uint8_t *local, FILE *out);

/* Writes how two local states of a node differ: "up -> down, term 1 -> 2, next[server1] 1 -> 2, timer election off".
 * Returns how many differences there are; 0: nothing was written. */
unsigned local_print_changes(const struct gs_run *run, unsigned node, const uint8_t *old, const uint8_t *new,
                             FILE *out);

#endif
