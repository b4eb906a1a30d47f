/* Walking the successors of one state: remembered lists node by node, then shared hosts, then partitions. The search
 * and the reconstruction of traces share this walk; each passes what is to be done with a successor. */
#ifndef GAINSAY_EXPLORER_H
#define GAINSAY_EXPLORER_H

#include "checker/engine.h"
#include "checker/sleep.h"

/* Bounds that cut: within per role, then these, then budgets by fault. */
enum { BOUND_CAPACITY = GS_ROLES_MAX, BOUND_COPIES, BOUND_BUDGETS, BOUND_COUNT = BOUND_BUDGETS + GS_FAULTS };

enum successor_kind {
    SUCCESSOR_STEP, /* differs from the state, if only in what `changes` says: compare before counting */
    SUCCESSOR_CUT,
    SUCCESSOR_MISBEHAVES
};

struct change {
    uint32_t value;
    uint8_t slot;
};

struct successor {
    enum successor_kind kind;
    unsigned bound;                /* cut: by which */
    unsigned mover;                /* node; run.node_count: none */
    struct transition *transition; /* NULL: of a shared host, a partition or a heal; see event */
    struct event event;            /* set if transition is NULL */
    uint8_t action, type;
    bool moves_local;   /* some local state changes */
    bool moves_monitor; /* some monitor's value changes */
    bool moves_many;    /* more than one node moves: judge everything */
    unsigned absorbed;
    uint64_t touched; /* of a transition: the nodes whose slots it may have read or changed */
    unsigned change_count;
    struct change changes[SLOTS_MAX];
    char explanation[EXPLANATION_SIZE]; /* misbehaves */
};

/* What nodes asleep can do, where it is only counted. */
struct slept {
    uint64_t lists[4][PROFILES_MAX]; /* by profile; in turn, since one count would wait for the one just before */
    uint64_t steps[EVENT_COUNTERS];  /* single transitions */
};

struct explorer {
    struct engine *engine;
    uint32_t values[SLOTS_MAX]; /* of the state explored, by slot */
    struct sleep sleep;         /* of that state; what is asleep is visited too, unless it is counted in `slept` */
    struct slept *slept;        /* NULL: visit all */
    struct successor successor;
    void (*take)(void *context, struct explorer *explorer); /* called for each successor */
    /* Called instead for all simple transitions of a node at once, which are steps: explorer.successor is not filled
     * in. May be NULL. */
    void (*take_simple)(void *context, unsigned node, const struct transition_list *list);
    void *context;
};

/* Visits all successors of the state whose slots are in explorer.values. */
void explorer_walk(struct explorer *explorer);

/* The event of the successor being visited; its message is borrowed. */
void explorer_event(const struct explorer *explorer, struct event *event);

/* The nodes that the successor being visited moves, with their old and new local states' numbers. */
struct moved {
    unsigned node;
    uint32_t before, after;
};
size_t explorer_moved(const struct explorer *explorer, struct moved moved[GS_NODES_MAX]);

/* The value of a slot in the successor being visited. */
static inline uint32_t successor_value(const struct explorer *explorer, unsigned slot)
{
    for (unsigned i = explorer->successor.change_count; i-- > 0;)
        if (explorer->successor.changes[i].slot == slot)
            return explorer->successor.changes[i].value;
    return explorer->values[slot];
}

/* Calls visit for every initial state: values in explorer.values, the START events that lead to it in `starts`. Of a
 * staged search it is one, of which all START events lie behind. */
typedef void start_visitor(void *context, struct explorer *explorer, const struct event *starts, size_t count);
/* misbehaved: a START failed; the last of `starts` is it, explanation in explorer.successor. May be NULL. */
void explorer_start(struct explorer *explorer, start_visitor *visit, start_visitor *misbehaved, uint64_t *cuts,
                    void *context);

/* ---- For hosts.c and starts.c: building a successor that is not one transition ---- */

void successor_begin(struct explorer *explorer, uint8_t action);
void successor_set(struct explorer *explorer, unsigned slot, uint32_t value);
/* Adds what a branch sends, to all receivers (`skip`: but this one). */
void successor_send(struct explorer *explorer, const struct branch *branch, unsigned skip);
void successor_feed(struct explorer *explorer, uint32_t effect);
/* Gives a node another local state, its mail as it is in the successor so far. */
void successor_set_local(struct explorer *explorer, unsigned node, uint32_t local);
uint32_t successor_inbox(const struct explorer *explorer, unsigned node);
/* Appends a branch's choices to the successor's event, as many as fit. */
void successor_append_choices(const struct engine *engine, const struct branch *branch, struct event *event);
void hosts_walk(struct explorer *explorer);

#endif
