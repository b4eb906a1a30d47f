/* The state of a random run as a tuple of interned numbers, and what a move makes of it: core/world.h's semantics, by
 * remembered reactions. tests/test_random_world.c compares it with core's world step by step. */
#ifndef GAINSAY_RANDOM_WORLD_H
#define GAINSAY_RANDOM_WORLD_H

#include "checker/random_mail.h"
#include "checker/random_tables.h"
#include "core/random_stream.h"

/* What the scheduler picked: an event with the branch of each handler that runs. */
struct random_move {
    uint8_t action, node;            /* crash, restart, reboot: the lowest node of the host */
    uint32_t message;                /* deliver, duplicate, drop */
    uint32_t own;                    /* timer, local: the engine's number of the event */
    uint64_t side;                   /* partition */
    uint32_t branches[GS_NODES_MAX]; /* by node that moves; the others' are not set */
};

enum random_result {
    RANDOM_STEP,
    RANDOM_SAME,      /* it would change nothing, or is not enabled: no step */
    RANDOM_CUT,       /* a bound cuts it; see bound */
    RANDOM_MISBEHAVES /* a finding; see explanation */
};

/* One copy that was added to a node's mail, or taken out. */
struct mail_change {
    uint32_t message, place;
    uint8_t node, from;
    bool added;
};

struct random_world {
    const struct gs_run *run;
    struct random_tables *tables;
    uint32_t locals[GS_NODES_MAX];
    struct random_mail mail[GS_NODES_MAX];
    uint32_t values[SLOTS_MAX]; /* as a state's slots, but each node's configuration is that without mail */
    uint64_t side, up;
    uint64_t touched;                 /* nodes of which something may have changed; whoever follows that clears it */
    uint32_t own_first[GS_NODES_MAX]; /* of its card: what it may do by itself */
    uint16_t local_count[GS_NODES_MAX], own_count[GS_NODES_MAX];
    uint64_t depth;   /* steps taken */
    uint64_t decided; /* by the run so far, a bit per property: violated, or goals that were met; see random_judge.h */
    /* Of the last move: */
    struct mail_change *changes;
    size_t change_count, change_capacity;
    struct moved moved[GS_NODES_MAX];
    size_t moved_count;
    uint32_t next[SLOTS_MAX]; /* of monitors and environment only */
    bool moves_monitor;
    unsigned bound, absorbed;
    char explanation[EXPLANATION_SIZE]; /* of a misbehaviour */
    bool is_nondeterministic;           /* which is that a handler, run twice, did two things */
    uint32_t branch;                    /* taken by the mover, if it is one */
};

void random_world_init(struct random_world *world, const struct gs_run *run, struct random_tables *tables);
void random_world_free(struct random_world *world);

/* Back to where all runs start: before START, or to the stage. */
void random_world_reset(struct random_world *world);
/* Gives a node its START. */
enum random_result random_world_start(struct random_world *world, unsigned node, uint32_t branch);
/* Takes a move, or only says what it would do. Unless it is taken, the world stays as it is. */
enum random_result random_world_take(struct random_world *world, const struct random_move *move);
enum random_result random_world_try(struct random_world *world, const struct random_move *move);

/* The event that a move stands for, with its choices; its message is borrowed from the tables. */
void random_world_event(const struct random_world *world, const struct random_move *move, struct event *event);

/* Gives a node another local state; its mail stays. */
void random_world_set_local(struct random_world *world, unsigned node, uint32_t local);

/* The node's mail as core/inbox.h has it. */
void random_world_inbox(const struct random_world *world, unsigned node, struct bytes *inbox);

/* Puts the tables' contents into new ones, which know only what this state is made of. */
void random_world_forget(struct random_world *world, const struct random_scope *scope);

static inline const struct environment *random_environment(const struct random_world *world)
{
    const struct engine *engine = &world->tables->engine;
    return (const struct environment *)(const void *)interned_value(&engine->environments,
                                                                    world->values[engine_environment_slot(engine)])
        .data;
}
/* Where all runs start. */
static inline const struct environment *random_first_environment(const struct random_world *world)
{
    return (const struct environment *)(const void *)interned_value(&world->tables->engine.environments, 0).data;
}
static inline bool random_has_budget(const struct random_world *world, int fault)
{
    const int64_t budget = world->run->budgets[fault];
    return budget < 0 || random_environment(world)->spent[fault] < budget;
}
static inline struct local_card *random_card_of(const struct random_world *world, unsigned node)
{
    return random_card(world->tables, node, world->locals[node]);
}

#endif
