/* What a thread of the random search remembers: the exhaustive engine's reactions and judgements, so that handlers and
 * predicates run once for each distinct value and a step is a few look-ups. Nothing that a run does depends on what is
 * remembered or on its numbers: it may be forgotten at any step. */
#ifndef GAINSAY_RANDOM_TABLES_H
#define GAINSAY_RANDOM_TABLES_H

#include "checker/hash_set.h"
#include "checker/judging.h"

/* A timer or local event that is enabled in a local state. */
struct own_choice {
    uint32_t own, reaction; /* numbers of the engine's */
};

/* What a local state decides. */
struct local_card {
    uint32_t plain; /* its configuration with no mail, by which it is judged */
    uint32_t first; /* of its own_choices: local events, then timers */
    uint16_t local_count, count;
    bool is_ready, is_up, is_met;
};

struct card_table {
    struct local_card *cards; /* by local state */
    size_t capacity, count;
};

struct random_tables {
    struct engine engine;
    struct judging judging;
    struct card_table nodes[GS_NODES_MAX];
    struct own_choice *own;
    size_t own_capacity, own_count;
    uint32_t *effects; /* by branch: its effect on the monitors + 1; 0: not known yet */
    size_t effect_capacity, effect_count;
    struct pair_map single_mail[GS_NODES_MAX]; /* (local state, message): is judged, and whether it decides nothing */
    uint32_t starts[GS_NODES_MAX];             /* reactions to START; UINT32_MAX: not run yet */
};

/* What is judged. lock: recursive; protocol code runs under it, in one thread at a time. */
struct random_scope {
    const struct gs_run *run;
    uint64_t on, monitors_on; /* bits per property and per monitor, in the run's numbering */
    pthread_mutex_t *lock;
};

void random_tables_init(struct random_tables *tables, const struct random_scope *scope);
void random_tables_free(struct random_tables *tables);
size_t random_tables_memory(const struct random_tables *tables);

/* Good until the next one is made. */
struct local_card *random_make_card(struct random_tables *tables, unsigned node, uint32_t local);
static inline struct local_card *random_card(struct random_tables *tables, unsigned node, uint32_t local)
{
    struct card_table *table = &tables->nodes[node];
    return local < table->count && table->cards[local].is_ready ? &table->cards[local]
                                                                : random_make_card(tables, node, local);
}

uint32_t random_new_reaction(struct random_tables *tables, unsigned node, uint32_t local, uint32_t message);
static inline uint32_t random_reaction(struct random_tables *tables, unsigned node, uint32_t local, uint32_t message)
{
    const uint32_t known = pair_map_get(&tables->engine.nodes[node].reactions, pair_of(local, message));
    return known != PAIR_ABSENT ? known : random_new_reaction(tables, node, local, message);
}
uint32_t random_start_reaction(struct random_tables *tables, unsigned node, uint32_t local);

/* The effect on the monitors of taking a branch; 0: none. is_step: else START. */
uint32_t random_new_effect(struct random_tables *tables, unsigned node, uint32_t before, uint32_t branch, bool is_step);
static inline uint32_t random_effect(struct random_tables *tables, unsigned node, uint32_t before, uint32_t branch)
{
    if (!tables->engine.has_announced && !tables->engine.has_stepped)
        return 0;
    return branch < tables->effect_count && tables->effects[branch]
               ? tables->effects[branch] - 1
               : random_new_effect(tables, node, before, branch, true);
}

/* Sender and type of a message, receiver's numbering. */
static inline unsigned random_message_from(const struct random_tables *tables, unsigned node, uint32_t message)
{
    return interned_value(&tables->engine.nodes[node].messages, message).data[0] - 1u;
}
static inline unsigned random_message_type(const struct random_tables *tables, unsigned node, uint32_t message)
{
    return interned_value(&tables->engine.nodes[node].messages, message).data[1];
}

#endif
