/* A whole state as text, for people. */
#ifndef GAINSAY_WORLD_TEXT_H
#define GAINSAY_WORLD_TEXT_H

#include <stdio.h>

#include "core/world.h"

/* Writes a line for each node, then what is in flight, cut links and monitors: each only if there is any. indent:
 * blanks before each line. */
void world_print(const struct world *world, size_t indent, FILE *out);

/* Writes "server0 -> server1: vote {term 1}" for each message in flight, one a line; equal copies together, what cannot
 * be delivered as it stands (a queue's later messages, a receiver that is down, a cut link) with the reason. Returns
 * how many lines. */
size_t world_print_in_flight(const struct world *world, size_t indent, FILE *out);

#endif
