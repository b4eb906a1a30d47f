/* Multi-Paxos' states and messages, for properties from outside. */
#ifndef GAINSAY_MULTI_PAXOS_H
#define GAINSAY_MULTI_PAXOS_H

#include "core/gainsay.h"
#include "protocols/paxos.h"

enum { MULTI_PAXOS_SERVER };                                               /* roles */
enum { MULTI_PAXOS_FOLLOWER, MULTI_PAXOS_PREPARING, MULTI_PAXOS_LEADING }; /* multi_paxos_server.phase */
enum {                                                                     /* options */
       MULTI_PAXOS_SERVERS,
       MULTI_PAXOS_LEADERS,
       MULTI_PAXOS_ROUNDS,
       MULTI_PAXOS_SLOTS,
       MULTI_PAXOS_CLIENTS,
       MULTI_PAXOS_REQUESTS,
       MULTI_PAXOS_WINDOW,
       MULTI_PAXOS_HEARTBEATS,
       MULTI_PAXOS_PHASE1_SIZE,
       MULTI_PAXOS_PHASE2_SIZE
};
enum {
    MULTI_PAXOS_SLOTS_MAX = 3,
    MULTI_PAXOS_LOG = 24, /* slots there is room for */
    MULTI_PAXOS_REQUESTS_MAX = 2
};
enum {
    MULTI_PAXOS_PREPARE,   /* ballot, slot: the first one asked for */
    MULTI_PAXOS_PROMISE,   /* ballot, log: what is accepted from that slot on */
    MULTI_PAXOS_ACCEPT,    /* ballot, slot, value */
    MULTI_PAXOS_ACCEPTED,  /* ballot, slot */
    MULTI_PAXOS_HEARTBEAT, /* ballot, slot: up to which all are chosen */
    MULTI_PAXOS_CATCH_UP,  /* slot: the first one that is not known */
    MULTI_PAXOS_COMMIT,    /* slot, value */
    MULTI_PAXOS_FORWARD,   /* value */
    MULTI_PAXOS_LEAD,      /* timers from here on */
    MULTI_PAXOS_BEAT,
    MULTI_PAXOS_REQUEST /* local event */
};

struct multi_paxos_chosen {
    bool is_known;
    uint8_t value; /* 0: a no-op */
};

/* Proposer, acceptor, learner, and a client of its own. Slot k is at [k - 1]; slots count from 1. Ballots are those of
 * Paxos. Values: place * requests + 1 for the first request of the server's client, + 2 for its second; 0: a no-op. */
struct multi_paxos_server {
    uint8_t promised;                                  /* durable */
    uint8_t accepted_length;                           /* durable: up to the last slot it has accepted in */
    struct paxos_accepted accepted[MULTI_PAXOS_LOG];   /* durable; ballot 0: none */
    uint8_t chosen_length;                             /* durable: up to the last slot it knows to be chosen */
    struct multi_paxos_chosen chosen[MULTI_PAXOS_LOG]; /* durable */
    uint8_t requested;                                 /* durable: how many requests its client has made */
    uint8_t phase;
    uint8_t ballot;          /* that it has begun last */
    struct gs_poll promises; /* while preparing */
    uint8_t highest_length;  /* while preparing: up to the last slot that the promises report */
    struct paxos_accepted highest[MULTI_PAXOS_LOG];
    uint8_t last; /* of a leader: the last slot it has proposed in, or knows to be chosen */
    struct gs_poll accepts[MULTI_PAXOS_LOG];
};

struct multi_paxos_message {
    uint8_t type;
    uint8_t ballot, slot, value, log_length;
    struct paxos_accepted log[MULTI_PAXOS_LOG];
};

extern const struct gs_model multi_paxos;

/* ---- The rules (multi_paxos.c), for the model (multi_paxos_model.c) ---------------------------------------------- */

enum {
    MULTI_PAXOS_QUORUM_MUTANTS, /* those of the quorum helper */
    MULTI_PAXOS_NO_ADOPT = MULTI_PAXOS_QUORUM_MUTANTS + GS_QUORUM_MUTANT_COUNT,
    MULTI_PAXOS_GAP_COMMIT,
    MULTI_PAXOS_COMMIT_BY_INDEX,
    MULTI_PAXOS_ACK_ANY_BALLOT,
    MULTI_PAXOS_SLOT_APPEND,
    MULTI_PAXOS_TRUNCATE_ON_ACCEPT,
    MULTI_PAXOS_TAKE_TWICE,
    MULTI_PAXOS_KEEP_LEADING,
    MULTI_PAXOS_PROMISED_NOT_DURABLE,
    MULTI_PAXOS_ACCEPTED_NOT_DURABLE,
    MULTI_PAXOS_CHOSEN_NOT_DURABLE,
    MULTI_PAXOS_SELF_HEARTBEAT,
    MULTI_PAXOS_NO_GAP_FILL
};
enum { MULTI_PAXOS_HISTORY, MULTI_PAXOS_ANNOUNCED = 0 }; /* monitors: struct gs_consensus; the first announcement */

bool multi_paxos_step(struct gs_step *s, void *self, const struct gs_event *e);
/* Promises the ballot unless a larger one is promised. Is it the one that is promised? */
bool multi_paxos_promise(struct gs_step *s, struct multi_paxos_server *server, uint8_t ballot);
/* May a leader propose in one more slot now? */
bool multi_paxos_has_room(struct gs_step *s, const struct multi_paxos_server *server);
/* A leader proposes a value in a slot. */
void multi_paxos_propose(struct gs_step *s, struct multi_paxos_server *server, uint8_t slot, uint8_t value);
bool multi_paxos_within(const struct gs_run *run, gs_node self, const void *state);
/* A model's `refuses`: quorums that nobody can gather. */
const char *multi_paxos_refuses_options(const struct gs_run *run);
/* Up to which slot all are known to be chosen. */
uint8_t multi_paxos_commit(const struct multi_paxos_server *server);
/* Those of a phase; option: MULTI_PAXOS_PHASE1_SIZE or MULTI_PAXOS_PHASE2_SIZE. */
struct gs_quorums multi_paxos_quorums(const struct gs_run *run, int option);

/* ---- Entries of the model's tables, also for models whose servers' and message structs begin with Multi-Paxos' ----
 */

extern const char *const multi_paxos_phase_names[3];
extern const struct gs_field multi_paxos_chosen_fields[];

#define MULTI_PAXOS_SERVER_FIELDS                                                                                    \
    GS_FIELD(struct multi_paxos_server, promised, GS_DURABLE),                                                       \
        GS_FIELD(struct multi_paxos_server, accepted_length, GS_DURABLE),                                            \
        GS_STRUCT_LIST(struct multi_paxos_server, accepted, accepted_length, paxos_accepted_fields, GS_DURABLE),     \
        GS_FIELD(struct multi_paxos_server, chosen_length, GS_DURABLE),                                              \
        GS_STRUCT_LIST(struct multi_paxos_server, chosen, chosen_length, multi_paxos_chosen_fields, GS_DURABLE),     \
        GS_FIELD(struct multi_paxos_server, requested, GS_DURABLE),                                                  \
        GS_ENUM(struct multi_paxos_server, phase, multi_paxos_phase_names),                                          \
        GS_FIELD(struct multi_paxos_server, ballot), GS_STRUCT(struct multi_paxos_server, promises, gs_poll_fields), \
        GS_FIELD(struct multi_paxos_server, highest_length),                                                         \
        GS_STRUCT_LIST(struct multi_paxos_server, highest, highest_length, paxos_accepted_fields),                   \
        GS_FIELD(struct multi_paxos_server, last),                                                                   \
        GS_STRUCT_LIST(struct multi_paxos_server, accepts, last, gs_poll_fields)
#define MULTI_PAXOS_MESSAGE_FIELDS                                                                     \
    GS_FIELD(struct multi_paxos_message, ballot), GS_FIELD(struct multi_paxos_message, slot),          \
        GS_FIELD(struct multi_paxos_message, value), GS_FIELD(struct multi_paxos_message, log_length), \
        GS_STRUCT_LIST(struct multi_paxos_message, log, log_length, paxos_accepted_fields)
/* All but MULTI_PAXOS_FORWARD and MULTI_PAXOS_REQUEST: how values come in. */
#define MULTI_PAXOS_EVENTS                                                                  \
    [MULTI_PAXOS_PREPARE] = {.name = "prepare", .fields = {"ballot", "slot"}},              \
    [MULTI_PAXOS_PROMISE] = {.name = "promise", .fields = {"ballot", "log_length", "log"}}, \
    [MULTI_PAXOS_ACCEPT] = {.name = "accept", .fields = {"ballot", "slot", "value"}},       \
    [MULTI_PAXOS_ACCEPTED] = {.name = "accepted", .fields = {"ballot", "slot"}},            \
    [MULTI_PAXOS_HEARTBEAT] = {.name = "heartbeat", .fields = {"ballot", "slot"}},          \
    [MULTI_PAXOS_CATCH_UP] = {.name = "catch-up", .fields = {"slot"}},                      \
    [MULTI_PAXOS_COMMIT] = {.name = "commit", .fields = {"slot", "value"}},                 \
    [MULTI_PAXOS_LEAD] = {.name = "lead", .kind = GS_TIMER, .role = MULTI_PAXOS_SERVER},    \
    [MULTI_PAXOS_BEAT] = {.name = "beat", .kind = GS_TIMER, .role = MULTI_PAXOS_SERVER}
/* All but MULTI_PAXOS_SLOTS, MULTI_PAXOS_CLIENTS and MULTI_PAXOS_REQUESTS. */
#define MULTI_PAXOS_OPTIONS                                                                                            \
    [MULTI_PAXOS_SERVERS] = {"servers", "how many there are", 3, 1, PAXOS_SERVERS_MAX, NULL},                          \
    [MULTI_PAXOS_LEADERS] = {"leaders", "how many of the servers try to lead", 2, 1, PAXOS_SERVERS_MAX, NULL},         \
    [MULTI_PAXOS_ROUNDS] = {"rounds", "no server begins a ballot of a later round", 1, 1, PAXOS_ROUNDS_MAX, NULL},     \
    [MULTI_PAXOS_WINDOW] = {"window", "how many slots may be under way", 2, 1, MULTI_PAXOS_SLOTS_MAX, NULL},           \
    [MULTI_PAXOS_HEARTBEATS] = {"heartbeats", "1: leaders tell how far the log is chosen, 0: only they know", 0, 0, 1, \
                                NULL},                                                                                 \
    [MULTI_PAXOS_PHASE1_SIZE] =                                                                                        \
        {"phase1-size", "servers in a quorum of phase 1, 0: a majority", 0, 0, PAXOS_SERVERS_MAX, NULL},               \
    [MULTI_PAXOS_PHASE2_SIZE] = {                                                                                      \
        "phase2-size", "servers in a quorum of phase 2, 0: a majority", 0, 0, PAXOS_SERVERS_MAX, NULL}

#endif
