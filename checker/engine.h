/* What the exhaustive engine remembers of a run: interned values, reactions, local configurations with their
 * transitions, monitors' values, environments. Everything a state is made of has a number here; a state is the tuple of
 * its slots: one configuration per node, one value per judged monitor, one environment. Handlers run only to fill these
 * tables.
 *
 * All threads of a search share one engine. What is remembered is read without a lock; what is not is made, once, under
 * the engine's lock, so that protocol code runs in one thread at a time. What a number stands for is complete before
 * the number can be read anywhere. */
#ifndef GAINSAY_ENGINE_H
#define GAINSAY_ENGINE_H

#include <pthread.h>

#include "checker/additions.h"
#include "checker/intern.h"
#include "checker/layout.h"
#include "checker/pair_map.h"
#include "core/world.h"

/* Answers that stand where a number would: greater than any number given. */
#define MARK_FIRST (UINT32_MAX - 8)
#define MARK_ABSORBED (MARK_FIRST + 1)
#define MARK_LOST (MARK_FIRST + 2)
#define MARK_OVERFLOW (MARK_FIRST + 3)
#define MARK_FAILED (MARK_FIRST + 4)

/* One branch of a reaction: what a handler did for one sequence of choices. */
struct branch {
    uint32_t local;         /* the new local state's number */
    uint32_t sends;         /* first in engine.sends */
    uint32_t announcements; /* number in engine.announcements */
    uint32_t explanation;   /* of a misbehaviour: number in engine.explanations */
    uint32_t choices;       /* first in engine.choices */
    uint16_t send_count;
    uint8_t choice_count;
    uint8_t flags;
};
enum {
    BRANCH_HANDLED = 1,
    BRANCH_DEFERRED = 2,
    BRANCH_MISBEHAVED = 4,
    BRANCH_OUTSIDE = 8 /* of `within` */,
    BRANCH_NONDETERMINISTIC = 16 /* and misbehaved */
};

struct sent {
    uint32_t message; /* number among the receiver's messages */
    uint8_t to;
};

/* What a node does in a local state on an event, over all choices. */
struct reaction {
    uint32_t first, count; /* branches */
    uint32_t local;
    uint8_t node;
    bool reads_clock;   /* so it holds for that moment alone: reaction_now */
    struct event event; /* without choices; its message is interned */
};

/* A timer or local event that may be tried in a local state. */
struct own_event {
    struct event event;
    uint32_t reaction;
};

/* What a configuration can do next, as far as it alone decides. */
struct transition {
    uint32_t configuration; /* the mover's new one, mail to itself included */
    uint32_t effect;        /* on the monitors; 0: none */
    uint32_t branch;        /* whose sends to others are still to be added; UINT32_MAX: none (drop) */
    uint32_t origin;        /* deliver, duplicate, drop: message number; timer, local: own_event number */
    uint16_t absorbed;      /* mail to itself that was */
    uint8_t action, type, from;
    uint8_t counter;       /* what counts it, see event_counter */
    _Atomic uint8_t flags; /* TRANSITION_STEP_OPEN may be set by any thread */
};
enum {
    TRANSITION_MISBEHAVES = 1,
    TRANSITION_OUTSIDE = 2,     /* of `within` */
    TRANSITION_OVERFLOWS = 4,   /* by mail to itself */
    TRANSITION_NEW_LOCAL = 8,   /* the local state changes */
    TRANSITION_CUT_COPIES = 16, /* mail to itself absorbed while that cuts */
    TRANSITION_STEP_OPEN = 32,  /* scopes of the step alone were judged and decide nothing */
    TRANSITION_SIMPLE = 64,     /* only the mover's slot changes: nothing sent to others, fed to monitors or spent */
    TRANSITION_COMMUTES = 128   /* nothing fed to monitors or spent: it does to other nodes what it sends, no more */
};

enum { ENGINE_LIST_BYTES_MAX = 1 << 29 }; /* list_limit, unless it is set otherwise */

/* Counters of steps: model events by type, then actions. */
enum { EVENT_COUNTERS = GS_EVENTS_MAX + ACTION_COUNT };

/* Events that are counted by their own names, and that disturb quiescence. */
static inline bool action_is_own(uint8_t action)
{
    return action == ACTION_DELIVER || action == ACTION_TIMER || action == ACTION_LOCAL;
}
static inline uint8_t event_counter(uint8_t action, uint8_t type)
{
    return (uint8_t)(action_is_own(action) ? type : GS_EVENTS_MAX + action);
}

static inline unsigned transition_flags(const struct transition *transition)
{
    return atomic_load_explicit(&transition->flags, memory_order_relaxed);
}

struct transition_list {
    uint32_t count, simple_count; /* those that are TRANSITION_SIMPLE come first */
    bool is_kept;                 /* by its configuration; else whoever had it assembled frees it */
    struct transition items[];
};

/* How many of each event are in a list, which nothing but simple transitions are in: few lists differ in that. */
enum { PROFILES_MAX = 128 };

struct configuration {
    uint32_t local, inbox;
    _Atomic uint16_t addition_mask;      /* of additions, or of what they were a moment ago; its low bits */
    _Atomic uint16_t profile;            /* of its list, number + 1 in engine.profiles; 0: unknown, or it has none */
    struct additions *_Atomic additions; /* by message: a configuration, or a mark */
    struct transition_list *_Atomic transitions; /* NULL: not assembled */
};

struct local_facts {
    uint32_t own_first, own_count;   /* own_events; own_first UINT32_MAX: not visited yet */
    uint32_t crash, restart, reboot; /* reactions; UINT32_MAX: not run yet */
};

struct node_tables {
    struct interner locals, inboxes, messages;
    struct local_facts *_Atomic facts; /* by local number */
    size_t fact_capacity;
    uint32_t fact_count;
    struct pair_map reactions;          /* (local, message) -> reaction */
    struct number_index configurations; /* by local and inbox */
    struct configuration *_Atomic table;
    size_t table_capacity;
    uint32_t count;
};

struct environment {
    int64_t spent[GS_FAULTS];
    uint64_t side;
};

struct monitor_tables {
    unsigned number; /* in the run's numbering */
    struct interner values;
    struct pair_map next; /* (value, effect) -> value, or MARK_FAILED */
};

enum { ENGINE_MONITORS_MAX = WORLD_MONITORS_MAX };

/* What nodes' clocks show, in a run that has a clock. */
struct engine_clock {
    int64_t (*show)(const void *context, unsigned node);
    const void *context;
    bool was_asked; /* some handler asked gs_timed or gs_now */
};

struct engine {
    const struct gs_run *run;
    bool is_staged;                  /* slots' first values are not those before START */
    bool drop_ignored;               /* the reduction `ignored` */
    bool cut_copies;                 /* `bag` while a QUIESCENT property is judged */
    bool has_announced, has_stepped; /* some judged monitor is fed by announcements, by steps */
    struct node_tables nodes[GS_NODES_MAX];
    pthread_mutex_t own_lock, *lock; /* recursive; lock: its own, or one that it has in common with other engines */
    bool is_shared;                  /* by several threads */
    struct retired retired;
    struct branch *_Atomic branches;
    size_t branch_capacity;
    uint32_t branch_count;
    struct engine_clock *clock; /* for handlers; NULL: they have none */
    bool notes_timers;          /* for runs with a clock: */
    uint64_t *timers_set;       /* by branch: those that the handler set, also ones that were armed */
    size_t timer_capacity;
    struct reaction *_Atomic reactions;
    size_t reaction_capacity;
    uint32_t reaction_count;
    struct sent *_Atomic sends;
    size_t send_capacity;
    uint32_t send_count;
    uint16_t *_Atomic choices;
    size_t choice_capacity;
    uint32_t choice_count;
    struct own_event *_Atomic own_events;
    size_t own_capacity;
    uint32_t own_count;
    struct interner announcements, effects, explanations;
    struct interner profiles; /* lists' counters, in order, a byte for each transition; at most PROFILES_MAX */
    struct monitor_tables monitors[ENGINE_MONITORS_MAX];
    unsigned monitor_count;
    struct interner environments;
    struct pair_map spendings; /* (environment, fault) -> environment, or MARK_FAILED: spent */
    uint64_t *splits;          /* sides that a partition may take */
    size_t split_count, split_capacity;
    struct outcome outcome; /* scratch */
    struct bytes scratch;
    size_t list_memory, addition_memory;
    size_t list_limit; /* lists beyond it are not kept: they are assembled again each time */
    uint64_t handler_calls;
    bool left_out[GS_EVENTS_MAX]; /* messages of which some delivery was left out by the reduction */
};

/* Each slot's first value, number 0, is that of the state where all runs start: before START, unless `from` is another
 * one (with the same monitors). NULL: it is not. */
void engine_init(struct engine *engine, const struct gs_run *run, uint64_t monitors_on, const struct world *from);
void engine_free(struct engine *engine);
/* Bytes of all tables. */
size_t engine_memory(const struct engine *engine);

/* A lock for engines, of one or shared by several whose protocol's code is not to run side by side. Destroy it. */
void engine_lock_init(pthread_mutex_t *lock);

/* Whoever makes what is not remembered holds the lock; it may be taken again by who has it. Nothing is locked while one
 * thread has the engine for itself. It is held for some microseconds, less than it takes to sleep and be woken. */
void engine_lock_shared(struct engine *engine);
static inline void engine_lock(struct engine *engine)
{
    if (engine->is_shared)
        engine_lock_shared(engine);
}
static inline void engine_unlock(struct engine *engine)
{
    if (engine->is_shared)
        pthread_mutex_unlock(engine->lock);
}

/* As intern, with or without the lock. */
uint32_t engine_intern(struct engine *engine, struct interner *interner, const void *data, size_t size);

/* Slots of a state: nodes first, then monitors, then the environment. */
static inline unsigned engine_monitor_slot(const struct engine *engine, unsigned monitor)
{
    return engine->run->node_count + monitor;
}
static inline unsigned engine_environment_slot(const struct engine *engine)
{
    return engine->run->node_count + engine->monitor_count;
}
static inline unsigned engine_slot_count(const struct engine *engine)
{
    return engine_environment_slot(engine) + 1;
}
/* The judged monitors, a bit each, in the run's numbering. */
uint64_t engine_monitors_on(const struct engine *engine);
/* How many values each slot has so far, at least 1. */
void engine_slot_counts(const struct engine *engine, uint32_t *counts);

/* What a number stands for. Good until the engine is freed or, once it is shared, until the level ends. */
static inline struct branch *engine_branch(const struct engine *engine, uint32_t number)
{
    return atomic_load_explicit(&engine->branches, memory_order_acquire) + number;
}
static inline struct reaction *engine_reaction(const struct engine *engine, uint32_t number)
{
    return atomic_load_explicit(&engine->reactions, memory_order_acquire) + number;
}
static inline struct own_event *engine_own_event(const struct engine *engine, uint32_t number)
{
    return atomic_load_explicit(&engine->own_events, memory_order_acquire) + number;
}
static inline const struct sent *branch_sends(const struct engine *engine, const struct branch *branch)
{
    return atomic_load_explicit(&engine->sends, memory_order_acquire) + branch->sends;
}
static inline const uint16_t *branch_choices(const struct engine *engine, const struct branch *branch)
{
    return atomic_load_explicit(&engine->choices, memory_order_acquire) + branch->choices;
}
static inline struct configuration *engine_configuration(const struct engine *engine, unsigned node, uint32_t number)
{
    return atomic_load_explicit(&engine->nodes[node].table, memory_order_acquire) + number;
}

/* The bytes of a numbered local state. */
static inline const uint8_t *local_bytes(const struct engine *engine, unsigned node, uint32_t local)
{
    return interned_value(&engine->nodes[node].locals, local).data;
}

#endif
