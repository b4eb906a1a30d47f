/* What may happen next in a random run. */
#ifndef GAINSAY_RANDOM_MOVES_H
#define GAINSAY_RANDOM_MOVES_H

#include "checker/random_world.h"

/* One delivery, timer or local event that may be enabled, its choices not drawn. */
struct random_candidate {
    uint8_t node, action, type, from; /* from: of deliveries */
    uint32_t message, own, reaction;
};

static inline bool random_is_up(const struct random_world *world, unsigned node)
{
    return world->up >> node & 1;
}
/* Of a node: its local events, then its timers, which are left off while there is no budget for them. */
static inline uint32_t random_own_count(const struct random_world *world, unsigned node)
{
    return random_has_budget(world, GS_TIMEOUT) ? world->own_count[node] : world->local_count[node];
}
static inline struct own_choice random_own_at(const struct random_world *world, unsigned node, uint32_t place)
{
    return world->tables->own[world->own_first[node] + place];
}

/* A node's candidates: its mail, then what it may do by itself; none while it is down. */
static inline uint32_t random_node_candidates(const struct random_world *world, unsigned node)
{
    return random_is_up(world, node) ? world->mail[node].count + random_own_count(world, node) : 0;
}
struct random_candidate random_candidate_of(const struct random_world *world, unsigned node, uint32_t place);

/* How many candidates there are, node by node: mail of nodes that are up, and what these may do by
 * themselves. Not all of them are steps. */
uint32_t random_candidate_count(const struct random_world *world);
struct random_candidate random_candidate_at(const struct random_world *world, uint32_t number);
/* The candidate with its handler's choices drawn. */
void random_candidate_move(const struct random_world *world, const struct random_candidate *candidate,
                           struct random_stream *stream, struct random_move *move);

/* A list of moves; zero-initialised is empty. */
struct random_move_list {
    struct random_move *items;
    size_t count, capacity;
};
/* All deliveries, timers and local events that are steps, or misbehave, with every branch of their choices. */
void random_moves_list(struct random_world *world, struct random_move_list *list);

/* Is no delivery, timer or local event a step, has no bound cut one, is no link cut? */
bool random_is_quiescent(struct random_world *world);

/* Draws a fault of that action, a heal included. False: none is possible now. */
bool random_draw_fault(const struct random_world *world, enum action action, struct random_stream *stream,
                       struct random_move *move);

#endif
