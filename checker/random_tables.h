/* What a thread of the random search remembers: the exhaustive engine's reactions and judgements, so that handlers and
 * predicates run once for each distinct value and a step is a few look-ups. Nothing that a run does depends on what is
 * remembered or on its numbers: it may be forgotten at any step. */
#ifndef GAINSAY_RANDOM_TABLES_H
#define GAINSAY_RANDOM_TABLES_H

#include "checker/hash_set.h"
#include "checker/judging.h"
#include "checker/stage.h"

/* A timer or local event that is enabled in a local state. */
struct own_choice {
    uint32_t own, reaction; /* numbers of the engine's */
    uint8_t action, type;
};

/* What a local state decides. */
struct local_card {
    uint32_t plain; /* its configuration with no mail, by which it is judged */
    uint32_t first; /* of its own_choices: local events, then timers */
    uint16_t local_count, count;
    uint16_t outside; /* timers and local events that are only cut by `within` */
    bool is_ready, is_up, is_met;
    uint32_t *deliveries; /* by message, the first DELIVERIES_NEAR: see random_delivery; NULL: none yet */
};
enum { DELIVERIES_NEAR = 256 };

/* A reaction to a delivery: the branch, if it is the only one at any time, else its number and this bit. */
#define DELIVERY_BRANCHES (UINT32_C(1) << 31)

/* What taking a branch entails. */
struct branch_card {
    uint32_t effect; /* on the monitors, + 1; 0: not known yet */
    bool step_is_known;
    uint64_t step; /* the properties that the step alone decides */
};

/* Who sent a message, and of what type it is. */
struct message_card {
    uint8_t from, type;
};

struct message_table {
    struct message_card *cards; /* by message */
    size_t capacity, count;
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
    struct branch_card *branches; /* by branch */
    size_t branch_capacity, branch_count;
    struct message_table messages[GS_NODES_MAX];
    size_t delivery_memory;
    struct pair_map pairs[GS_NODES_MAX]; /* by the lower node, see random_judge.c: what two nodes decide */
    uint64_t *decisions;                 /* properties decided together, a bit each */
    size_t decision_capacity, decision_count;
    struct pair_map single_mail[GS_NODES_MAX]; /* (local state, message): is judged, and whether it decides nothing */
    uint32_t starts[GS_NODES_MAX];             /* reactions to START; UINT32_MAX: not run yet */
};

/* What is judged. lock: recursive; protocol code runs under it, in one thread at a time. */
struct random_scope {
    const struct gs_run *run;
    uint64_t on, monitors_on;  /* bits per property and per monitor, in the run's numbering */
    const struct stage *stage; /* where all runs start; NULL: at the beginning */
    pthread_mutex_t *lock;
    bool notes_timers;          /* the run has a clock */
    struct engine_clock *clock; /* and handlers may ask for the time; else NULL */
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

/* The reaction to a delivery: see DELIVERY_BRANCHES. */
uint32_t random_new_delivery(struct random_tables *tables, unsigned node, uint32_t local, uint32_t message);
static inline uint32_t random_delivery(struct random_tables *tables, unsigned node, uint32_t local, uint32_t message)
{
    const uint32_t *known = random_card(tables, node, local)->deliveries;
    return known && message < DELIVERIES_NEAR && known[message] != UINT32_MAX
               ? known[message]
               : random_new_delivery(tables, node, local, message);
}
uint32_t random_start_reaction(struct random_tables *tables, unsigned node, uint32_t local);

/* The effect on the monitors of taking a branch; 0: none. is_step: else START. */
uint32_t random_new_effect(struct random_tables *tables, unsigned node, uint32_t before, uint32_t branch, bool is_step);
static inline uint32_t random_effect(struct random_tables *tables, unsigned node, uint32_t before, uint32_t branch)
{
    if (!tables->engine.has_announced && !tables->engine.has_stepped)
        return 0;
    return branch < tables->branch_count && tables->branches[branch].effect
               ? tables->branches[branch].effect - 1
               : random_new_effect(tables, node, before, branch, true);
}
struct branch_card *random_new_branch_card(struct random_tables *tables, uint32_t branch);
static inline struct branch_card *random_branch_card(struct random_tables *tables, uint32_t branch)
{
    return branch < tables->branch_count ? &tables->branches[branch] : random_new_branch_card(tables, branch);
}

/* The place of such a decision among tables.decisions. */
uint32_t random_decision(struct random_tables *tables, uint64_t decided);

struct message_card random_new_message_card(struct random_tables *tables, unsigned node, uint32_t message);
static inline struct message_card random_message(struct random_tables *tables, unsigned node, uint32_t message)
{
    const struct message_table *table = &tables->messages[node];
    return message < table->count ? table->cards[message] : random_new_message_card(tables, node, message);
}

#endif
