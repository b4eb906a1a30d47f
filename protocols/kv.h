/* A replicated key-value store on somebody's log: Ongaro, "Consensus: Bridging Theory and Practice" (2014), chapter 6
 * (client interaction), cited as 6.x; Ongaro and Ousterhout (2014), section 8. What stands here is the same on Raft's
 * log (raft_kv.c) and on Multi-Paxos' (multi_paxos_kv.c): the state machine with its sessions (kv_machine.c), what a
 * server does for clients (kv_server.c), clients (kv_client.c), and what is claimed of it all (kv_claims.c).
 * docs/protocols/replicated-kv.md says what is modelled. */
#ifndef GAINSAY_KV_H
#define GAINSAY_KV_H

#include "core/gainsay.h"
#include "properties/client.h"
#include "properties/log_machine.h"

enum { KV_SERVER, KV_CLIENT }; /* roles; clients: struct gs_client */
enum { KV_CLIENTS_MAX = 4, KV_OPERATIONS_MAX = 12, KV_KEYS_MAX = 3, KV_VALUES_MAX = 4, KV_RETRIES_MAX = 60 };
enum { KV_GET, KV_SET, KV_DELETE, KV_CAS, KV_FUNCTIONS };
enum { KV_READ_THROUGH_LOG, KV_READ_BY_INDEX }; /* values of the option KV_READS */

/* Options that both stores have, from kv_log.options on. */
enum {
    KV_SETS,
    KV_GETS,
    KV_SWAPS,
    KV_DELETES,
    KV_KEYS,
    KV_VALUES,
    KV_MIX,
    KV_RETRIES,
    KV_ASK,
    KV_READS,
    KV_MONITOR,
    KV_OPTION_COUNT
};
enum { KV_INVOKED, KV_RETURNED, KV_APPLIED, KV_ACKNOWLEDGED }; /* announcements, from kv_log.announced on */
enum { KV_LINEARIZATIONS, KV_HISTORY, KV_EFFECTS };            /* monitors */
enum {                                                         /* mutants; the last one only on Raft's log */
       KV_NO_DEDUP,
       KV_SESSION_OUTSIDE_SM,
       KV_WAITER_BY_INDEX,
       KV_REPLY_BEFORE_COMMIT,
       KV_STALE_READ,
       KV_READINDEX_UNCONFIRMED,
       KV_READINDEX_NO_NOOP
};

/* ---- The state machine (kv_machine.c) ---------------------------------------------------------------------------- */

/* What a client asks for. Requests of one client have growing numbers. In the log a command is one number, from 1; 0 is
 * a no-op. */
struct kv_command {
    uint8_t request; /* 0: none, a no-op */
    uint8_t function;
    uint8_t key;      /* from 1 */
    uint8_t from, to; /* from: of cas; to: of cas and set; else 0 */
};

/* Section 6.3: the last request of a client that was done, and its result. */
struct kv_session {
    uint8_t request; /* 0: none */
    uint8_t result;  /* of get: the value, 0 for none; of cas: 1 if it swapped; else 0 */
};

struct kv_store {
    uint8_t values[KV_KEYS_MAX];                /* by key - 1; 0: none */
    struct kv_session sessions[KV_CLIENTS_MAX]; /* by client */
};

/* A model's `refuses`: are there more commands than numbers? */
const char *kv_refuses_options(const struct gs_run *run);
uint8_t kv_command_number(const struct gs_run *run, const struct kv_command *command);
struct kv_command kv_command_numbered(const struct gs_run *run, uint8_t number);

/* The client, by its place among them, of a request. */
int kv_client_of(const struct gs_run *run, uint8_t request);

/* Does what the command says, whatever the sessions. Returns its result. */
uint8_t kv_execute(struct kv_store *store, const struct kv_command *command);

/* Executes the command unless its client's session tells that it was done. Did it? */
bool kv_apply(const struct gs_run *run, struct kv_store *store, const struct kv_command *command);

/* A command has changed the store of a server, at this index of the log. */
struct kv_applied {
    uint8_t request, index;
};
/* A client is told what its command did, by a server in this term or ballot. */
struct kv_acknowledged {
    uint8_t request, epoch;
};

/* ---- Servers (kv_server.c) --------------------------------------------------------------------------------------- */

/* A client waits for what its command does when the entry at this index is applied, while the server leads the term or
 * ballot in which it appended it. */
struct kv_waiter {
    uint8_t request; /* 0: nobody waits, all else is 0 */
    uint8_t index, epoch;
};

/* Section 6.4: a read that is on its way around the log. */
struct kv_read {
    uint8_t request; /* 0: none, all else is 0 */
    uint8_t key;
    bool asked;            /* index is known, and the others are asked whether the server still leads */
    uint8_t index;         /* what has to be applied first */
    gs_node_set confirmed; /* who says so; itself included */
};

struct kv_server {
    struct kv_store store; /* after the first `applied` entries of the log */
    uint8_t applied;
    struct kv_waiter waiters[KV_CLIENTS_MAX]; /* of leaders, by client */
    struct kv_read reads[KV_CLIENTS_MAX];     /* of leaders, by client */
};

struct kv_message {
    uint8_t request;
    uint8_t function, key, from, to; /* request: a command */
    uint8_t outcome;                 /* answer: enum gs_outcome */
    bool is_swap;                    /* answer: of a cas */
    uint8_t result;                  /* answer: as kv_session.result */
    uint8_t epoch;                   /* confirm, confirmed: the term or ballot that the server leads */
};

/* The log, and where the store is in the structs and tables of its model: the context of the role KV_SERVER. */
struct kv_log {
    struct gs_log_machine machine;
    size_t state, message;                         /* offsets of struct kv_server, kv_message in theirs */
    uint8_t request, answer, confirm, confirmed;   /* events */
    uint8_t announced, options, operations_option; /* the first announcement and option; how many operations */

    bool (*leads)(const void *server);
    uint8_t (*epoch)(const void *server);  /* the term or ballot that it is in */
    uint8_t (*commit)(const void *server); /* the last index up to which it knows all to be committed */
    uint8_t (*length)(const void *server); /* of a leader's log */
    uint8_t (*command_at)(const void *server, uint8_t index); /* index: from 1 to commit; a leader's: to length */
    uint8_t (*next)(struct gs_step *s, const void *server);   /* a leader's next index; 0: no room now */
    void (*append)(struct gs_step *s, void *server, uint8_t command); /* of a leader, there */
    /* Does a leader know an index behind which nothing was committed when it asks? */
    bool (*read_index)(const void *server, uint8_t *index);
    /* A message of that epoch has come. Is it the server's own (now)? */
    bool (*hear)(struct gs_step *s, void *server, uint8_t epoch);
    /* Do so many servers rule out that another one leads a later epoch? */
    bool (*is_quorum)(struct gs_step *s, gs_node_set servers);

    /* What a run grants, or less: how many commands fit into the log beside the no-ops of that many leaders; may a
     * leader follow upon another, and take over what that has begun; do followers hear of what is committed without a
     * further entry; does a leader commit a no-op of its own? */
    int (*room)(const struct gs_run *run, int leaders);
    bool (*grants_a_new_leader)(const struct gs_run *run);
    bool (*grants_an_heir)(const struct gs_run *run);
    bool (*grants_heartbeats)(const struct gs_run *run);
    bool (*commits_a_no_op)(const struct gs_run *run);
    bool next_entry_tells, reads_without_entries; /* followers, of those before; what is committed is known at once */
};
extern const struct gs_field kv_server_fields[];

void kv_committed(struct gs_step *s, void *server);
void kv_deposed(struct gs_step *s, void *server);
/* Handles request, confirm and confirmed. *handled: what the step function has to return. False: another event. */
bool kv_handles(struct gs_step *s, void *server, const struct gs_event *e, bool *handled);

const struct kv_log *kv_log_of(const struct gs_run *run);
struct kv_server *kv_server_in(const struct kv_log *log, void *server);
const struct kv_server *kv_state_of(const struct kv_log *log, const void *server);
const struct kv_message *kv_message_in(const struct kv_log *log, const void *message);
bool kv_send(struct gs_step *s, gs_node to, uint8_t type, const struct kv_message *message);
int64_t kv_option(const struct gs_run *run, int option);

/* ---- Clients (kv_client.c) --------------------------------------------------------------------------------------- */

void kv_request(struct gs_step *s, const struct gs_request *request);
bool kv_answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer);
struct gs_duration kv_patience(const struct gs_run *run, unsigned index); /* of the timer `retry` */

#endif
