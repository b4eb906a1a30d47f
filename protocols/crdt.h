/* What the state-based CRDTs share: replicas that apply updates at once, send their whole state to all others whenever
 * it has changed, and merge what arrives; what is claimed of every type; options and presets. A type is a payload and
 * its merge (struct crdt). Shapiro, Preguica, Baquero and Zawirski, "A comprehensive study of Convergent and
 * Commutative Replicated Data Types" (2011), cited as CS. */
#ifndef PROTOCOLS_CRDT_H
#define PROTOCOLS_CRDT_H

#include "protocols/crdt_payloads.h"

enum { CRDT_REPLICA };         /* role */
enum { CRDT_STATE, CRDT_OWN }; /* the message; the updates of a type are its local events from CRDT_OWN on */
enum { CRDT_REPLICAS, CRDT_UPDATES, CRDT_FORWARD, CRDT_OPTIONS };
enum { CRDT_UPDATED }; /* announcement: struct gs_update */
enum { CRDT_MONITOR }; /* struct gs_updates */
enum { CRDT_PAYLOAD_MAX = 288, CRDT_LOCAL_MAX = 320 };
/* Values of the option CRDT_FORWARD of a type are 0 and 1. A store of several types has its kinds of gossip there, from
 * this one on. */
enum { CRDT_IN_A_STORE = 2 };

/* A type. A replica's state is a struct gs_seen, the payload, and perhaps more that does not travel; the message is its
 * type, a struct gs_seen and the payload. All of them bytes without alignment. */
struct crdt {
    size_t payload_size, replica_size;
    /* Applies the local event to the payload, and says by `update` (kind, arguments; the rest is filled in) what was
     * done. replica: the whole state. It may not be refused: an update is always possible. */
    void (*update)(struct gs_step *s, void *replica, const struct gs_event *e, struct gs_update *update);
    /* The least upper bound of both, into the first. */
    void (*merge)(const struct gs_run *run, void *payload, const void *other);
    /* After a merge with the state of `from`; NULL: nothing to do. */
    void (*merged)(struct gs_step *s, void *replica, gs_node from);
    /* After a crash; did it change anything? NULL: all is durable. */
    bool (*restarted)(struct gs_step *s, void *replica);
};

/* The step function of a replica; its role's context is the struct crdt. */
bool crdt_step(struct gs_step *s, void *self, const struct gs_event *e);

/* Is a type's own mutant on? In a store never: its mutants are others. */
bool crdt_mutant(const struct gs_run *run, int mutant);

/* How many updates the k-th replica makes: those of the run are dealt out in turn. */
int crdt_allowance(const struct gs_run *run, int k);

const void *crdt_payload(const void *replica);
struct gs_seen crdt_seen(const void *replica);

/* Claims; crdt: the type that they are about. */
bool crdt_same_state(struct gs_view *v, const struct crdt *crdt); /* GS_SCOPE_PAIR */
bool crdt_converged(struct gs_view *v, const struct crdt *crdt);  /* GS_SCOPE_ROLE */
bool crdt_joins(struct gs_view *v, const struct crdt *crdt);      /* GS_SCOPE_PAIR */
bool crdt_associates(struct gs_view *v, const struct crdt *crdt); /* GS_SCOPE_ROLE */
bool crdt_grows(struct gs_view *v, const struct crdt *crdt);      /* GS_SCOPE_STEP */
bool crdt_diverged(struct gs_view *v);                            /* GS_SCOPE_PAIR, a goal */
bool crdt_caught_up(struct gs_view *v);                           /* GS_SCOPE_ROLE, a goal */
bool crdt_has_three(const struct gs_run *run);                    /* .needs */
bool crdt_has_two_updates(const struct gs_run *run);              /* .needs */

#define CRDT_CLAIM(name, function, type) \
    static bool name(struct gs_view *v)  \
    {                                    \
        return function(v, &(type));     \
    }
/* Predicates about the type, to be named in CRDT_PROPERTIES. */
#define CRDT_CLAIMS(type)                         \
    CRDT_CLAIM(same_state, crdt_same_state, type) \
    CRDT_CLAIM(converged, crdt_converged, type)   \
    CRDT_CLAIM(joins, crdt_joins, type)           \
    CRDT_CLAIM(associates, crdt_associates, type) \
    CRDT_CLAIM(grows, crdt_grows, type)

/* Entries of a model. */
#define CRDT_ROLE(type, replica_state, replica_fields)                                                   \
    {                                                                                                    \
        .name = "replica", .size = sizeof(replica_state), .fields = (replica_fields), .step = crdt_step, \
        .count_option = CRDT_REPLICAS, .context = &(type),                                               \
    }
#define CRDT_COMMON_OPTIONS                                                                                \
    [CRDT_REPLICAS] = {"replicas", "how many there are", 3, 2, CRDT_REPLICAS_MAX, NULL},                   \
    [CRDT_UPDATES] =                                                                                       \
        {"updates", "how many are made, dealt out to the replicas in turn", 4, 1, CRDT_UPDATES_MAX, NULL}, \
    [CRDT_FORWARD] = {"forward", "a state is sent on after a merge too, not only after an update", 1, 0, 1, NULL}
#define CRDT_COMMON_PRESETS                                                                                     \
    {.name = "quick", .meaning = "3 replicas, 4 updates", .settings = {"replicas=3", "updates=4"}},             \
        {.name = "full",                                                                                        \
         .meaning = "3 replicas, 4 updates, all orders and repetitions, a partition that heals",                \
         .settings = {"replicas=3", "updates=4"},                                                               \
         .budgets = {.partitions = 1}},                                                                         \
        {.name = "two", .meaning = "2 replicas, 4 updates", .settings = {"replicas=2", "updates=4"}},           \
    {                                                                                                           \
        .name = "channels",                                                                                     \
        .meaning = "3 replicas, 4 updates; each state is sent once, one arrives twice, a partition that heals", \
        .settings = {"replicas=3", "updates=4", "forward=0"}, .network = GS_BAG, .budgets = {                   \
            .duplicates = 1,                                                                                    \
            .partitions = 1                                                                                     \
        }                                                                                                       \
    }
#define CRDT_ANNOUNCED(update_fields)                                            \
    {                                                                            \
        [CRDT_UPDATED] = {"updated", sizeof(struct gs_update), (update_fields)}, \
    }
#define CRDT_MONITORS(updates_fields)                         \
    {                                                         \
        [CRDT_MONITOR] = {.name = "updates",                  \
                          .size = sizeof(struct gs_updates),  \
                          .fields = (updates_fields),         \
                          .announced = gs_updates_announced}, \
    }
#define CRDT_PROPERTIES                                                                                              \
    {.name = "same-seen-same-state",                                                                                 \
     .claim = "replicas that have seen the same updates are in the same state",                                      \
     .kind = GS_ALWAYS,                                                                                              \
     .scope = GS_SCOPE_PAIR,                                                                                         \
     .holds = same_state},                                                                                           \
        {.name = "converged",                                                                                        \
         .claim = "at rest all replicas that are up are in the same state, of all updates if none is down",          \
         .kind = GS_QUIESCENT,                                                                                       \
         .scope = GS_SCOPE_ROLE,                                                                                     \
         .holds = converged,                                                                                         \
         .needs = gs_all_mail_arrives,                                                                               \
         .needs_text = GS_ALL_MAIL_ARRIVES_TEXT},                                                                    \
        {.name = "merge-is-a-join",                                                                                  \
         .claim = "merging replicas' states is commutative and idempotent, and includes both",                       \
         .kind = GS_ALWAYS,                                                                                          \
         .scope = GS_SCOPE_PAIR,                                                                                     \
         .holds = joins},                                                                                            \
        {.name = "merge-is-associative",                                                                             \
         .claim = "merging the states of three replicas is associative",                                             \
         .kind = GS_ALWAYS,                                                                                          \
         .scope = GS_SCOPE_ROLE,                                                                                     \
         .holds = associates,                                                                                        \
         .needs = crdt_has_three,                                                                                    \
         .needs_text = "replicas >= 3"},                                                                             \
        {.name = "states-grow",                                                                                      \
         .claim = "each step's new state includes the old one",                                                      \
         .kind = GS_ALWAYS,                                                                                          \
         .scope = GS_SCOPE_STEP,                                                                                     \
         .holds = grows},                                                                                            \
        {.name = "diverged",                                                                                         \
         .claim = "two replicas have each seen an update that the other has not",                                    \
         .kind = GS_REACHABLE,                                                                                       \
         .scope = GS_SCOPE_PAIR,                                                                                     \
         .holds = crdt_diverged,                                                                                     \
         .needs = crdt_has_two_updates,                                                                              \
         .needs_text = "updates >= 2"},                                                                              \
    {                                                                                                                \
        .name = "caught-up", .claim = "all updates are made, and every replica has seen them", .kind = GS_REACHABLE, \
        .scope = GS_SCOPE_ROLE, .holds = crdt_caught_up                                                              \
    }

#endif
