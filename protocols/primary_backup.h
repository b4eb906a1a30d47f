/* Primary-backup replication: states and messages, for properties from outside; and what its parts share:
 * primary_backup.c, the servers; primary_backup_backup.c, what they do as backups; primary_backup_config.c, the
 * configuration service; primary_backup_clients.c; primary_backup_claims.c, what is claimed; primary_backup_model.c. */
#ifndef GAINSAY_PRIMARY_BACKUP_H
#define GAINSAY_PRIMARY_BACKUP_H

#include "properties/client.h"

enum { PB_SERVER, PB_CONFIG, PB_CLIENT }; /* roles; clients: struct gs_client */
enum { PB_SERVERS_MAX = 5, PB_LOG_MAX = 8, PB_BUFFER_MAX = 8, PB_WAITING_MAX = 8, PB_EPOCHS_MAX = 12 };
enum {
    PB_PUT, /* client to server */
    PB_GET,
    PB_PUT_OK, /* server to client */
    PB_GET_OK,
    PB_GET_MARKED,
    PB_REPLICATE, /* primary to the others */
    PB_SYNC,
    PB_CHECK,
    PB_ACK, /* back */
    PB_CHECKED,
    PB_STALE,
    PB_FETCH,
    PB_QUERY, /* configuration service to server */
    PB_PROMOTE,
    PB_IN_SYNC,
    PB_LAST, /* back */
    PB_REMOVE,
    PB_FAIL_OVER, /* timers */
    PB_RESEND,
    PB_RETRY,
    PB_WRITTEN,
    PB_GIVE_UP, /* local events */
    PB_APPLY
};
enum { /* options */
       PB_SERVERS,
       PB_MODE,
       PB_ACKS,
       PB_FAILOVER,
       PB_EPOCHS,
       PB_REMOVALS,
       PB_RESENDS,
       PB_WRITE_TIME,
       PB_CLIENTS,
       PB_WRITERS,
       PB_READERS,
       PB_PUTS,
       PB_GETS,
       PB_KEYS,
       PB_ASK,
       PB_RETRIES,
       PB_MONITOR
};
enum { PB_ASYNC, PB_SEMI_SYNC, PB_SYNC_ALL };                        /* PB_MODE */
enum { PB_SAFE, PB_FORCED };                                         /* PB_FAILOVER */
enum { PB_ASK_ANY, PB_ASK_IN_TURN };                                 /* PB_ASK */
enum { PB_INVOKED, PB_RETURNED, PB_ACCEPTED, PB_ACKNOWLEDGED };      /* announcements */
enum { PB_LINEARIZATIONS, PB_HISTORY, PB_ACCEPTS, PB_ACKNOWLEDGES }; /* monitors */
enum {                                                               /* mutants */
       PB_ASYNC_FAILOVER,
       PB_SEMI_ANY_PROMOTE,
       PB_LAST_TO_ANSWER,
       PB_LENGTH_ONLY,
       PB_ACK_DUP,
       PB_NO_SEQ,
       PB_NO_EPOCH,
       PB_NO_FENCE,
       PB_ACK_BEFORE_APPLY,
       PB_STALE_PRIMARY_READS,
       PB_DIRTY_READS,
       PB_KEEP_TAIL,
       PB_REMOVE_ALONE
};

/* A write, in the order that its primary gave it. */
struct pb_entry {
    uint8_t epoch; /* in which it was accepted */
    uint8_t key;
    uint8_t value; /* also the request's id: no two writes have the same */
};

/* An entry that came before those that it follows upon. */
struct pb_buffered {
    uint8_t seq;
    struct pb_entry entry;
};

/* A client to be answered when the entry is acknowledged by enough. */
struct pb_waiting {
    uint8_t seq;
    gs_node client;
};

/* A client's read that waits until the primary knows that it still is. */
struct pb_read {
    uint8_t request; /* 0: none, the rest is then zero */
    uint8_t key;
    gs_node client;
    uint8_t seq;           /* entries up to which it reads: those must be acknowledged, too */
    gs_node_set confirmed; /* by these the epoch */
};

struct pb_server {
    uint8_t epoch;     /* durable. The latest it has heard of, of which it takes no older primary's messages */
    bool leads;        /* durable. It is the primary of that epoch */
    uint8_t log_epoch; /* durable. Its log is a beginning of that of this epoch's primary */
    uint8_t log_length;
    struct pb_entry
        log[PB_LOG_MAX]; /* durable. Entry number seq, from 1, stands at seq - 1; the store is what it writes */
    gs_node_set in_sync; /* durable. Primary: who could be promoted, itself included */
    uint8_t unwritten;   /* the last so many entries are still on their way to the disk */
    gs_node written_for; /* backup: whom to acknowledge them to when they are there */
    gs_node_set leaving; /* primary: who the configuration service was asked to leave out */
    uint8_t buffer_count;
    struct pb_buffered buffer[PB_BUFFER_MAX]; /* by seq; of `epoch` */
    uint8_t held[PB_SERVERS_MAX]; /* primary: 1 + how many entries the server has said to hold; 0: said nothing yet */
    uint8_t committed;            /* primary: so many entries are acknowledged by enough */
    uint8_t waiting_count;
    struct pb_waiting waiting[PB_WAITING_MAX];
    struct pb_read read;
};

/* The configuration service: reliable, in that all of it is durable. */
struct pb_config {
    uint8_t epoch;
    gs_node primary;     /* of the epoch; nobody while it asks for one */
    gs_node_set in_sync; /* who may be promoted: in mode sync each of them holds every write that was acknowledged */
    gs_node_set answered;
    gs_node best; /* of those that answered: who has the newest log */
    uint8_t best_epoch, best_seq;
};

struct pb_message {
    uint8_t type;
    uint8_t request; /* put, get and their answers, check, checked */
    uint8_t key;     /* put, get */
    uint8_t value;   /* get-ok, get-marked; 0: never written */
    uint8_t epoch;   /* between servers and with the configuration service */
    uint8_t seq;     /* replicate; ack, last, get-marked: how many entries the sender holds */
    uint8_t log_epoch;
    struct pb_entry entry; /* replicate */
    uint8_t log_length;    /* sync */
    struct pb_entry log[PB_LOG_MAX];
    gs_node_set in_sync; /* promote, in-sync */
    gs_node server;      /* remove */
};

/* A primary takes a write. */
struct pb_accepted {
    uint8_t epoch;
    gs_node primary;
};

/* A primary answers a write. */
struct pb_acknowledged {
    uint8_t epoch; /* of the primary */
    uint8_t seq, value;
};

/* Monitors: what was ever announced, sorted. */
struct pb_accepts {
    uint8_t count;
    struct pb_accepted list[PB_EPOCHS_MAX * 2];
};
struct pb_acknowledges {
    uint8_t count;
    struct pb_acknowledged list[PB_LOG_MAX * 2];
};

extern const struct gs_model primary_backup;

bool pb_server_step(struct gs_step *s, void *self, const struct gs_event *e);
void pb_server_init(const struct gs_run *run, gs_node self, void *state);
bool pb_server_within(const struct gs_run *run, gs_node self, const void *state);
bool pb_config_step(struct gs_step *s, void *self, const struct gs_event *e);
void pb_config_init(const struct gs_run *run, gs_node self, void *state);

extern const struct gs_clients pb_clients;
extern const struct gs_operations pb_operations;

/* The events of a backup. */
bool pb_backup_step(struct gs_step *s, struct pb_server *server, const struct gs_event *e);
/* A later epoch, else nothing: whoever leads an earlier one steps down. */
void pb_enter_epoch(struct gs_step *s, struct pb_server *server, uint8_t epoch);
bool pb_acknowledge(struct gs_step *s, const struct pb_server *server, gs_node primary, uint8_t seq);
/* A backup's log, of `before` entries, has come to what it is now by a message of the primary. It acknowledges all of
 * it when it is on its disk. */
bool pb_write_and_acknowledge(struct gs_step *s, struct pb_server *server, gs_node primary, int before);

/* How many backups have to hold a write before it is acknowledged; in mode sync fewer, once some are left out. */
int pb_acks_awaited(const struct gs_run *run);
/* Have enough of the in-sync servers, the primary left out, done what a write or a read waits for? */
bool pb_is_enough(const struct gs_run *run, const struct pb_server *primary, gs_node self, gs_node_set done);
/* The value of a key after the first `seq` entries; 0: never written. */
uint8_t pb_value(const struct pb_server *server, uint8_t seq, uint8_t key);

void pb_accepts_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced);
void pb_acknowledges_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                               const void *announced);

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

gs_predicate pb_acked_is_durable, pb_acked_is_held, pb_backup_is_a_prefix, pb_at_most_one_accepts, pb_epoch_never_falls,
    pb_stores_equal_at_rest;
gs_predicate pb_all_returned, pb_promoted, pb_two_primaries, pb_steps_down, pb_told_that_it_is_over, pb_buffers,
    pb_write_blocks, pb_write_goes_on, pb_acked_is_lost, pb_marked_read_is_behind, pb_goes_on_without_removed;

#endif
