/* When faults happen in a random run: for each kind, how many of its budget and at which steps is drawn before the run
 * begins, so that they are spread over all of it however long it is. */
#ifndef GAINSAY_RANDOM_FAULTS_H
#define GAINSAY_RANDOM_FAULTS_H

#include "checker/random_moves.h"

struct planned_fault {
    uint64_t at; /* step */
    uint8_t action;
};

/* Zero-initialised is empty. */
struct random_faults {
    struct planned_fault *items; /* in the order of steps */
    size_t count, capacity;
    uint64_t horizon;
};

/* Plans for a run that is about to start in the world. kinds: bit per enum gs_fault. horizon: steps that it takes,
 * about. */
void random_faults_plan(struct random_faults *faults, const struct random_world *world, struct random_stream *stream,
                        uint64_t horizon, unsigned kinds);
void random_faults_free(struct random_faults *faults);

static inline bool random_faults_are_due(const struct random_faults *faults, uint64_t depth)
{
    return faults->count && faults->items[0].at <= depth;
}
/* Draws the first fault planned up to a step that is possible now, and takes it off the plan. False: none. */
bool random_faults_draw(struct random_faults *faults, const struct random_world *world, uint64_t until,
                        struct random_stream *stream, struct random_move *move);

#endif
