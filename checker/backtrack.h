/* The way back from states to initial ones, without parent links: one more walk over each kept level finds, for all
 * states asked for at once, the predecessor and the event. */
#ifndef GAINSAY_BACKTRACK_H
#define GAINSAY_BACKTRACK_H

#include "checker/contents.h"
#include "checker/search.h"
#include "traces/trace.h"

/* A way from an initial state to a state of that depth. Of several predecessors the smallest is taken (salt 0), or the
 * first in an order by contents that the salt shuffles; then the smallest event. So neither interned numbers nor the
 * order of the search decide. */
struct way {
    uint64_t depth, salt;
    uint32_t state[SLOTS_MAX]; /* where it ends; after ways_find where it begins, an initial state */
    struct event *events;      /* depth of them, messages borrowed from the engine; freed by way_free */
};

/* Finds all ways; depth, salt and state are set, events is NULL. contents: may be NULL if every salt is 0. */
void ways_find(struct search *search, struct contents *contents, struct way *ways, size_t count);
/* Appends the first START choices that lead to its initial state (of a staged search: all that leads to its start),
 * then its events. After ways_find. */
void way_append(struct search *search, const struct way *way, struct trace *trace);
void way_free(struct way *way);

#endif
