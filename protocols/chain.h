/* The states and messages of chain replication and CRAQ, for properties from outside; and below, what the files of the
 * two protocols share: indices, handlers, claims, entries of the models' tables. Servers in a row: updates enter at the
 * head, are passed on from each to the next, and are final once the last one, the tail, has them; acknowledgements
 * travel back. A master says who is in the chain: each configuration has an epoch, and a message of an older one is
 * void. */
#ifndef PROTOCOLS_CHAIN_H
#define PROTOCOLS_CHAIN_H

#include "properties/client.h"
#include "properties/replicated_log.h"

enum { CHAIN_SERVER, CHAIN_CLIENT, CHAIN_MASTER }; /* roles */
enum { CHAIN_SERVERS_MAX = 5, CHAIN_CLIENTS_MAX = 4, CHAIN_UPDATES_MAX = 16 };
enum { CHAIN_UNASKED_VALUE = 201 }; /* of what the head writes by itself, the first; clients' requests have less */

/* A configuration: the servers from head to tail. */
struct chain_order {
    uint8_t epoch; /* from 1; 0: none is known */
    uint8_t length;
    gs_node servers[CHAIN_SERVERS_MAX];
};

struct chain_update {
    uint8_t version; /* the place that the head gave it, from 1 */
    uint8_t key;     /* 0: the only one */
    uint8_t value;   /* also the number of the client's request: no two are alike */
    gs_node client;  /* who is to be answered; nobody: the head came up with it itself */
};

/* A server keeps what it has applied in the paper's form, Hist: all updates in order. `acked` of them are known to be
 * at the tail; the others are Sent, and dirty. */
struct chain_server {
    struct chain_order order; /* that it goes by */
    uint8_t seen;             /* durable: the newest epoch that it has had a configuration of */
    bool waits;               /* it was appended, and does not have its predecessor's updates yet */
    uint8_t count;
    struct chain_update history[CHAIN_UPDATES_MAX];
    uint8_t acked;   /* updates */
    uint8_t dropped; /* CRAQ: what a read finds in the first so many updates alone is no longer kept */
};

struct chain_master {
    struct chain_order order;
};

struct chain_message {
    uint8_t type;
    uint8_t epoch; /* of the sender's configuration; 0: a client's request */
    uint8_t seq;   /* update: its version; ack: so many are at the tail; version: so many are final */
    uint8_t key;
    uint8_t value;   /* an update's, a read's answer */
    uint8_t request; /* the client's number for it */
    gs_node client;  /* who asked */
    gs_node joining; /* configure: the server that is appended, if any */
    struct chain_order order;
    uint8_t count;
    struct chain_update history[CHAIN_UPDATES_MAX];
    uint8_t acked;
};

extern const struct gs_model chain_replication, craq;

/* Where it stands in the configuration, from 0 at the head; -1: it is not in it. */
int chain_place(const struct chain_order *order, gs_node server);

/* Is it in the chain by what it knows itself, with all updates that it needs? */
bool chain_is_member(const struct chain_server *server, gs_node self);

/* ---- Indices ----------------------------------------------------------------------------------------------------- */

enum {
    CHAIN_WRITE, /* of clients, and passed on */
    CHAIN_READ,
    CHAIN_WRITE_OK,
    CHAIN_READ_OK,
    CHAIN_UPDATE, /* down the chain */
    CHAIN_ACK,    /* up the chain */
    CHAIN_CONFIGURE,
    CHAIN_STATE, /* to a new successor */
    CHAIN_JOIN,
    CHAIN_ALIVE,
    CHAIN_CONFIRM, /* a read's answer, by way of the master */
    CHAIN_ASK_VERSION,
    CHAIN_VERSION,
    /* timers: */
    CHAIN_SUSPECT,
    CHAIN_HEARTBEAT,
    CHAIN_RETRY,
    CHAIN_READ_UNASKED,
    /* local events: */
    CHAIN_WRITE_UNASKED
};

enum {
    CHAIN_SERVERS,
    CHAIN_CLIENTS,
    CHAIN_WRITERS,
    CHAIN_READERS,
    CHAIN_WRITES,
    CHAIN_READS,
    CHAIN_KEYS,
    CHAIN_RETRIES,
    CHAIN_EPOCHS,
    CHAIN_CONFIRMED,
    CHAIN_SEQ_CHECK,
    CHAIN_ANSWERS,
    CHAIN_HEARTBEATS,
    CHAIN_UNASKED,
    CHAIN_MONITOR,
    CHAIN_CONSISTENCY, /* CRAQ's own from here */
    CHAIN_STALENESS
};
enum { CHAIN_BY_TAIL, CHAIN_BY_HEAD };                /* answers */
enum { CHAIN_STRONG, CHAIN_EVENTUAL, CHAIN_BOUNDED }; /* consistency */

enum {
    CHAIN_READ_ANYWHERE, /* read-any, read-dirty */
    CHAIN_NO_SEQ_CHECK,
    CHAIN_NO_RESEND,
    CHAIN_ACK_AT_HEAD,
    CHAIN_PROMOTE_WITHOUT_ACK,
    CHAIN_OLD_EPOCH_ACCEPTED,
    CHAIN_CUT_TAIL_ANSWERS,
    CHAIN_APPLY_AGAIN,
    CHAIN_APPEND_WITHOUT_STATE,
    CHAIN_CLEAN_BY_KEY, /* CRAQ's own from here */
    CHAIN_QUERY_VALUE_RACE,
    CHAIN_DROP_OLD_VERSIONS_EARLY
};

enum {
    CHAIN_INVOKED,
    CHAIN_RETURNED,
    CHAIN_CONFIGURED,
    CHAIN_WRITTEN,
    CHAIN_COMMITTED,
    CHAIN_READ_BEGUN,
    CHAIN_READ_DONE
}; /* announcements */

enum { CHAIN_LINEARIZATIONS, CHAIN_HISTORY, CHAIN_ANSWERED, CHAIN_VERSIONS, CHAIN_AHEAD }; /* monitors */

/* ---- Handlers ---------------------------------------------------------------------------------------------------- */

/* The context of the server's role. */
struct chain_kind {
    bool is_craq; /* every server answers reads */
};

bool chain_server_step(struct gs_step *s, void *self, const struct gs_event *e);
bool chain_master_step(struct gs_step *s, void *self, const struct gs_event *e);

/* Reads (protocols/chain_reads.c). */
bool chain_read(struct gs_step *s, struct chain_server *server, const struct chain_message *asked);
bool chain_read_unasked(struct gs_step *s, struct chain_server *server);
bool chain_on_ask_version(struct gs_step *s, struct chain_server *server, const struct gs_event *e);
bool chain_on_version(struct gs_step *s, struct chain_server *server, const struct chain_message *m);

gs_node chain_head(const struct chain_order *order);
gs_node chain_tail(const struct chain_order *order);
bool chain_is_craq(struct gs_step *s);

extern const struct gs_clients chain_clients, craq_clients;

/* ---- Announcements and monitors ---------------------------------------------------------------------------------- */

struct chain_announced {
    uint8_t number;  /* an epoch, or a version */
    uint8_t value;   /* written: what */
    bool is_unasked; /* of a read: no client asked */
    bool was_begun;  /* read-done: not all in one step */
};

/* The writes that clients were told of. */
struct chain_answered {
    uint8_t epoch; /* the newest configuration's */
    uint8_t count;
    uint8_t values[CHAIN_UPDATES_MAX]; /* sorted */
};

/* Of what servers do unasked: the cheap equivalent of linearizability where the head alone numbers the versions. A read
 * must not return an older version than an operation that was complete before it began. */
enum { CHAIN_READS_MAX = 6 };
struct chain_pending {
    uint8_t count;
    uint8_t least[CHAIN_READS_MAX]; /* what the reads that it has begun may return at least, in their order */
};
struct chain_versions {
    uint8_t newest; /* of a complete operation */
    bool went_back;
    uint8_t before, after;                           /* what went back from and to */
    struct chain_pending pending[CHAIN_SERVERS_MAX]; /* of each server */
};

/* How far a read was ahead of what was final. */
struct chain_ahead {
    uint8_t committed;
    uint8_t most;
};

extern const struct gs_field chain_announced_fields[], chain_answered_fields[], chain_versions_fields[],
    chain_ahead_fields[], chain_server_fields[], chain_master_fields[], chain_message_fields[];
extern const struct gs_operations chain_operations;

void chain_note_answered(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);
void chain_note_versions(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);
void chain_note_ahead(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);

/* ---- Claims, goals, needs (protocols/chain_claims.c) ------------------------------------------------------------- */

bool chain_propagates(struct gs_view *v);         /* GS_SCOPE_PAIR of servers */
bool chain_inprocess(struct gs_view *v);          /* GS_SCOPE_PAIR */
bool chain_clean_follows_tail(struct gs_view *v); /* GS_SCOPE_PAIR */
bool chain_acked_agree(struct gs_view *v);        /* GS_SCOPE_PAIR */
bool chain_acked_within(struct gs_view *v);       /* GS_SCOPE_NODE, a server */
bool chain_applies_once(struct gs_view *v);       /* GS_SCOPE_NODE */
bool chain_answered_is_stored(struct gs_view *v); /* GS_SCOPE_MONITOR_NODE, CHAIN_ANSWERED and a server */
bool chain_never_goes_back(struct gs_view *v);    /* GS_SCOPE_MONITOR, CHAIN_VERSIONS */
bool chain_ahead_at_most(struct gs_view *v);      /* GS_SCOPE_MONITOR, CHAIN_AHEAD */
bool chain_named_is_held(struct gs_view *v);      /* GS_SCOPE_MESSAGE_RECEIVER */
bool chain_settles(struct gs_view *v);            /* GS_SCOPE_ALL_NODES */

bool chain_all_returned(struct gs_view *v);       /* GS_SCOPE_ROLE, clients */
bool chain_head_is_lost(struct gs_view *v);       /* GS_SCOPE_STEP_ROLE, the master and servers */
bool chain_middle_is_lost(struct gs_view *v);     /* GS_SCOPE_STEP_ROLE */
bool chain_tail_is_lost(struct gs_view *v);       /* GS_SCOPE_STEP_ROLE */
bool chain_rejoins(struct gs_view *v);            /* GS_SCOPE_STEP, a server */
bool chain_goes_on_without(struct gs_view *v);    /* GS_SCOPE_PAIR */
bool chain_goes_on_alone(struct gs_view *v);      /* GS_SCOPE_NODE, a server */
bool chain_asks_tail(struct gs_view *v);          /* GS_SCOPE_MESSAGE */
bool chain_write_during_query(struct gs_view *v); /* GS_SCOPE_MESSAGE_RECEIVER */
bool chain_two_dirty(struct gs_view *v);          /* GS_SCOPE_MESSAGE_RECEIVER */
bool chain_reads_uncommitted(struct gs_view *v);  /* GS_SCOPE_MONITOR, CHAIN_AHEAD */

int64_t chain_writes(const struct gs_run *run); /* of all clients */
int64_t chain_reads(const struct gs_run *run);
bool chain_has_operations(const struct gs_run *run);
bool chain_has_history(const struct gs_run *run);
bool chain_has_writes(const struct gs_run *run);
bool chain_is_unasked(const struct gs_run *run);
bool chain_is_steady(const struct gs_run *run);
bool chain_may_settle(const struct gs_run *run);
bool chain_has_row(const struct gs_run *run);
bool chain_may_agree(const struct gs_run *run);
bool chain_may_lose(const struct gs_run *run);
bool chain_may_lose_middle(const struct gs_run *run);
bool chain_may_be_alone(const struct gs_run *run);
bool chain_may_rejoin(const struct gs_run *run);

/* ---- Entries of both models' tables ------------------------------------------------------------------------------ */

bool chain_splits(const struct gs_run *run, gs_node_set side);
struct gs_duration chain_suspicion(const struct gs_run *run, unsigned index);
struct gs_duration chain_heartbeat_interval(const struct gs_run *run, unsigned index);
struct gs_duration chain_patience(const struct gs_run *run, unsigned index);
extern const char *const chain_answers_names[2];
extern const struct gs_field chain_invocation_fields[], chain_client_fields[];

/* kind: a static const struct chain_kind; clients: a struct gs_clients. */
#define CHAIN_ROLES(kind, clients)                                                                                   \
    {                                                                                                                \
        [CHAIN_SERVER] = {.name = "server",                                                                          \
                          .size = sizeof(struct chain_server),                                                       \
                          .fields = chain_server_fields,                                                             \
                          .step = chain_server_step,                                                                 \
                          .count_option = CHAIN_SERVERS,                                                             \
                          .starts = true,                                                                            \
                          .context = &(kind)},                                                                       \
        [CHAIN_CLIENT] = GS_CLIENT_NAMING("client", chain_client_fields, clients, CHAIN_CLIENTS), [CHAIN_MASTER] = { \
            .name = "master",                                                                                        \
            .size = sizeof(struct chain_master),                                                                     \
            .fields = chain_master_fields,                                                                           \
            .step = chain_master_step,                                                                               \
            .count = 1,                                                                                              \
            .starts = true                                                                                           \
        }                                                                                                            \
    }
#define CHAIN_ASKED "request", "key", "client"
#define CHAIN_EVENTS                                                                                        \
    {                                                                                                       \
        [CHAIN_WRITE] = {.name = "write", .fields = {"epoch", CHAIN_ASKED}},                                \
        [CHAIN_READ] = {.name = "read", .fields = {"epoch", CHAIN_ASKED}},                                  \
        [CHAIN_WRITE_OK] = {.name = "write-ok", .fields = {"request"}},                                     \
        [CHAIN_READ_OK] = {.name = "read-ok", .fields = {"request", "value"}},                              \
        [CHAIN_UPDATE] = {.name = "update", .fields = {"epoch", "seq", "key", "value", "client"}},          \
        [CHAIN_ACK] = {.name = "ack", .fields = {"epoch", "seq"}},                                          \
        [CHAIN_CONFIGURE] = {.name = "configure", .fields = {"order", "joining"}},                          \
        [CHAIN_STATE] = {.name = "state", .fields = {"epoch", "count", "history", "acked"}},                \
        [CHAIN_JOIN] = {.name = "join", .fields = {"epoch"}}, [CHAIN_ALIVE] = {.name = "alive"},            \
        [CHAIN_CONFIRM] = {.name = "confirm", .fields = {"epoch", CHAIN_ASKED, "value"}},                   \
        [CHAIN_ASK_VERSION] = {.name = "ask-version", .fields = {"epoch", CHAIN_ASKED}},                    \
        [CHAIN_VERSION] = {.name = "version", .fields = {"epoch", "seq", CHAIN_ASKED}},                     \
        [CHAIN_SUSPECT] = {.name = "suspect",                                                               \
                           .kind = GS_TIMER,                                                                \
                           .role = CHAIN_MASTER,                                                            \
                           .indices = CHAIN_SERVERS_MAX,                                                    \
                           .takes = chain_suspicion},                                                       \
        [CHAIN_HEARTBEAT] = {.name = "heartbeat",                                                           \
                             .kind = GS_TIMER,                                                              \
                             .role = CHAIN_SERVER,                                                          \
                             .takes = chain_heartbeat_interval},                                            \
        [CHAIN_RETRY] = {.name = "retry", .kind = GS_TIMER, .role = CHAIN_CLIENT, .takes = chain_patience}, \
        [CHAIN_READ_UNASKED] = {.name = "read-unasked", .kind = GS_TIMER, .role = CHAIN_SERVER},            \
        [CHAIN_WRITE_UNASKED] = {.name = "write-unasked", .kind = GS_LOCAL, .role = CHAIN_SERVER},          \
    }

#define CHAIN_OPTIONS                                                                                                 \
    [CHAIN_SERVERS] = {"servers", "how many there are", 3, 1, CHAIN_SERVERS_MAX, NULL},                               \
    [CHAIN_CLIENTS] = {"clients", "how many there are", 2, 1, CHAIN_CLIENTS_MAX, NULL},                               \
    [CHAIN_WRITERS] = {"writers", "how many of the clients write, the first ones", 1, 0, CHAIN_CLIENTS_MAX, NULL},    \
    [CHAIN_READERS] = {"readers", "how many of the clients read, the last ones", 1, 0, CHAIN_CLIENTS_MAX, NULL},      \
    [CHAIN_WRITES] = {"writes", "how many each of those invokes first", 1, 0, 3, NULL},                               \
    [CHAIN_READS] = {"reads", "how many each client that reads then invokes", 1, 0, 3, NULL},                         \
    [CHAIN_KEYS] = {"keys", "how many registers there are", 1, 1, 3, NULL},                                           \
    [CHAIN_RETRIES] =                                                                                                 \
        {"retries", "how often at most a client sends a request again, to another server", 0, 0, 9, NULL},            \
    [CHAIN_EPOCHS] = {"epochs", "how many configurations there are at most; 1: the master suspects nobody", 1, 1, 99, \
                      NULL},                                                                                          \
    [CHAIN_CONFIRMED] =                                                                                               \
        {"confirmed-reads", "1: the master passes answers to reads on, those of the current epoch", 1, 0, 1, NULL},   \
    [CHAIN_SEQ_CHECK] = {"seq-check", "1: servers apply updates by their numbers, 0: as they arrive", 1, 0, 1, NULL}, \
    [CHAIN_ANSWERS] = {"answers",     "who answers writes: the tail, or the head when it has the acknowledgement",    \
                       CHAIN_BY_TAIL, CHAIN_BY_TAIL,                                                                  \
                       CHAIN_BY_HEAD, chain_answers_names},                                                           \
    [CHAIN_HEARTBEATS] = {"heartbeats", "1: servers tell the master that they are alive", 0, 0, 1, NULL},             \
    [CHAIN_UNASKED] = {"unasked",                                                                                     \
                       "how many updates the head makes without a client; servers then read so, too, as "             \
                       "often as timeouts allow",                                                                     \
                       0,                                                                                             \
                       0,                                                                                             \
                       4,                                                                                             \
                       NULL},                                                                                         \
    [CHAIN_MONITOR] = GS_MONITOR_OPTION

#define CHAIN_ANNOUNCES(announcement_name)                                          \
    {                                                                               \
        (announcement_name), sizeof(struct chain_announced), chain_announced_fields \
    }
#define CHAIN_ANNOUNCEMENTS                                                                                            \
    {                                                                                                                  \
        [CHAIN_INVOKED] = GS_INVOCATION("invoked", chain_invocation_fields), [CHAIN_RETURNED] = GS_RETURN("returned"), \
        [CHAIN_CONFIGURED] = CHAIN_ANNOUNCES("configured"), [CHAIN_WRITTEN] = CHAIN_ANNOUNCES("written"),              \
        [CHAIN_COMMITTED] = CHAIN_ANNOUNCES("committed"), [CHAIN_READ_BEGUN] = CHAIN_ANNOUNCES("read-begun"),          \
        [CHAIN_READ_DONE] = CHAIN_ANNOUNCES("read-done"),                                                              \
    }
#define CHAIN_MONITORS                                                              \
    [CHAIN_LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", chain_operations), \
    [CHAIN_HISTORY] = GS_HISTORY("history", chain_operations),                      \
    [CHAIN_ANSWERED] = {.name = "answered",                                         \
                        .size = sizeof(struct chain_answered),                      \
                        .fields = chain_answered_fields,                            \
                        .announced = chain_note_answered},                          \
    [CHAIN_VERSIONS] = {.name = "versions",                                         \
                        .size = sizeof(struct chain_versions),                      \
                        .fields = chain_versions_fields,                            \
                        .announced = chain_note_versions}

#define CHAIN_CLAIM(claim_kind, claim_scope, mover, other, monitor_index, property_name, text, predicate, need,    \
                    needed)                                                                                        \
    {                                                                                                              \
        .name = (property_name), .claim = (text), .kind = GS_##claim_kind, .scope = GS_SCOPE_##claim_scope,        \
        .role = (mover), .other_role = (other), .monitor = (monitor_index), .holds = (predicate), .needs = (need), \
        .needs_text = (needed)                                                                                     \
    }
#define CHAIN_PAIR_CLAIM(property_name, text, predicate, need, needed) \
    CHAIN_CLAIM(ALWAYS, PAIR, CHAIN_SERVER, CHAIN_SERVER, 0, property_name, text, predicate, need, needed)
#define CHAIN_LOSS_GOAL(property_name, text, predicate, need, needed) \
    CHAIN_CLAIM(REACHABLE, STEP_ROLE, CHAIN_MASTER, CHAIN_SERVER, 0, property_name, text, predicate, need, needed)
#define CHAIN_LINEARIZABLE(need, needed)                                                                   \
    {                                                                                                      \
        .name = "linearizable", .claim = "each key is a register to the clients", .kind = GS_LINEARIZABLE, \
        .scope = GS_SCOPE_MONITOR, .monitor = CHAIN_LINEARIZATIONS, .monitor_option = CHAIN_MONITOR + 1,   \
        .needs = (need), .needs_text = (needed)                                                            \
    }
/* steady: when versions-never-go-back is claimed. */
#define CHAIN_PROPERTIES(steady, steady_text)                                                                          \
    CHAIN_PAIR_CLAIM("update-propagation",                                                                             \
                     "the updates of a server are the first ones of each server's before it in the chain",             \
                     chain_propagates, chain_has_row, "servers >= 2"),                                                 \
        CHAIN_PAIR_CLAIM("inprocess-requests",                                                                         \
                         "what a server takes for acknowledged, all servers behind it in the chain have",              \
                         chain_inprocess, chain_has_row, "servers >= 2"),                                              \
        CHAIN_PAIR_CLAIM("acknowledged-updates-agree", "what two servers take for acknowledged is the same",           \
                         chain_acked_agree, chain_may_agree, "servers >= 2, writes"),                                  \
        CHAIN_CLAIM(ALWAYS, NODE, CHAIN_SERVER, 0, 0, "acknowledged-within-history",                                   \
                    "a server has all updates that it takes for acknowledged", chain_acked_within, chain_has_writes,   \
                    "writes"),                                                                                         \
        CHAIN_CLAIM(ALWAYS, NODE, CHAIN_SERVER, 0, 0, "applied-once", "no server applies an update twice",             \
                    chain_applies_once, NULL, NULL),                                                                   \
        CHAIN_CLAIM(ALWAYS, MONITOR_NODE, CHAIN_SERVER, 0, CHAIN_ANSWERED, "answered-is-stored",                       \
                    "what a client was told is written, every server of the newest chain has",                         \
                    chain_answered_is_stored, chain_has_writes, "writes"),                                             \
        CHAIN_CLAIM(ALWAYS, MONITOR, 0, 0, CHAIN_VERSIONS, "versions-never-go-back",                                   \
                    "no read returns an older version than was complete when it began", chain_never_goes_back, steady, \
                    steady_text),                                                                                      \
        CHAIN_CLAIM(QUIESCENT, ALL_NODES, 0, 0, 0, "settles",                                                          \
                    "at rest a chain whose servers are all up has its updates at the tail, and all know it",           \
                    chain_settles, chain_may_settle, "unasked = 0, drops = 0, epochs = 1 or timeouts"),                \
        CHAIN_CLAIM(REACHABLE, ROLE, CHAIN_CLIENT, 0, 0, "all-returned", "every operation of every client returns",    \
                    chain_all_returned, chain_has_operations, "writers or readers"),                                   \
        CHAIN_LOSS_GOAL("head-is-lost", "the head is taken out with an update in flight", chain_head_is_lost,          \
                        chain_may_lose, "servers and epochs >= 2, writes and timeouts"),                               \
        CHAIN_LOSS_GOAL("middle-is-lost", "a server in the middle is taken out with an update in flight",              \
                        chain_middle_is_lost, chain_may_lose_middle,                                                   \
                        "servers >= 3, epochs >= 2, writes and timeouts"),                                             \
        CHAIN_LOSS_GOAL("tail-is-lost", "the tail is taken out with an update in flight", chain_tail_is_lost,          \
                        chain_may_lose, "servers and epochs >= 2, writes and timeouts"),                               \
        CHAIN_CLAIM(REACHABLE, PAIR, CHAIN_SERVER, CHAIN_SERVER, 0, "goes-on-without",                                 \
                    "a tail that was taken out does not know it, and an update is final without it",                   \
                    chain_goes_on_without, chain_may_lose, "servers and epochs >= 2, writes and timeouts"),            \
        CHAIN_CLAIM(REACHABLE, NODE, CHAIN_SERVER, 0, 0, "goes-on-alone",                                              \
                    "all servers but one are taken out, and an update is final", chain_goes_on_alone,                  \
                    chain_may_be_alone, "servers >= 2, epochs >= servers, writes and timeouts"),                       \
        CHAIN_CLAIM(REACHABLE, STEP, CHAIN_SERVER, 0, 0, "rejoins",                                                    \
                    "a server that was taken out has the updates of its new predecessor, and is the tail",             \
                    chain_rejoins, chain_may_rejoin, "servers >= 2, epochs >= 3, writes and timeouts")

#define CHAIN_MUTANT(number, mutant_name, claim, where, breaks) \
    [CHAIN_##number] = {.name = mutant_name, .property = claim, .preset = where, .meaning = breaks}
#define CHAIN_MUTANTS                                                                                            \
    CHAIN_MUTANT(NO_SEQ_CHECK, "no-fifo", "versions-never-go-back", "versions-unordered",                        \
                 "updates are applied as they arrive, over links that keep no order"),                           \
        CHAIN_MUTANT(NO_RESEND, "no-resend", "update-propagation", "unchecked",                                  \
                     "a new successor is not sent what is unacknowledged"),                                      \
        CHAIN_MUTANT(ACK_AT_HEAD, "ack-at-head", "linearizable", "steady",                                       \
                     "a client is told that its write is done before the tail has it"),                          \
        CHAIN_MUTANT(PROMOTE_WITHOUT_ACK, "tail-promote-no-ack", "settles", "quick",                             \
                     "a new tail does not acknowledge what it has"),                                             \
        CHAIN_MUTANT(OLD_EPOCH_ACCEPTED, "old-epoch-accepted", "answered-is-stored", "head-answers",             \
                     "updates and acknowledgements of an older configuration are accepted"),                     \
        CHAIN_MUTANT(CUT_TAIL_ANSWERS, "cut-tail-answers", "linearizable", "partition",                          \
                     "answers to reads do not go by way of the master: a tail that was taken out answers, too"), \
        CHAIN_MUTANT(APPLY_AGAIN, "apply-again", "applied-once", "retries",                                      \
                     "a request that comes again is done again"),                                                \
        CHAIN_MUTANT(APPEND_WITHOUT_STATE, "append-without-state", "inprocess-requests", "rejoin",               \
                     "a server that joins at the tail serves before it has the updates of its predecessor")

/* Presets in which the chain changes, or may. */
#define CHAIN_CHANGE_PRESETS                                                                                          \
    {.name = "rejoin",                                                                                                \
     .meaning = "2 servers; one is taken out and joins again at the tail; a write and a read",                        \
     .settings = {"servers=2", "epochs=3"}},                                                                          \
        {.name = "crash",                                                                                             \
         .meaning = "as rejoin, and a node crashes and restarts",                                                     \
         .settings = {"servers=2", "epochs=3"},                                                                       \
         .budgets = {.crashes = 1, .restarts = 1}},                                                                   \
        {.name = "partition",                                                                                         \
         .meaning = "as rejoin, and a server is cut off for a while, alone or with a client that reads twice",        \
         .settings = {"servers=2", "reads=2", "epochs=3"},                                                            \
         .budgets = {.partitions = 1}},                                                                               \
        {.name = "retries",                                                                                           \
         .meaning = "2 servers of which one is taken out; a write and a read that are sent again, to another server", \
         .settings = {"servers=2", "epochs=2", "retries=1"}},                                                         \
    {                                                                                                                 \
        .name = "head-answers", .meaning = "2 servers of which the head answers writes; 2 writers", .settings = {     \
            "servers=2",                                                                                              \
            "writers=2",                                                                                              \
            "reads=0",                                                                                                \
            "epochs=2",                                                                                               \
            "retries=1",                                                                                              \
            "answers=head"                                                                                            \
        }                                                                                                             \
    }

#endif
