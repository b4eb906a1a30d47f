/* Raft's states and messages, for properties from outside. */
#ifndef GAINSAY_RAFT_H
#define GAINSAY_RAFT_H

#include "core/gainsay.h"
#include "properties/quorum.h"

enum { RAFT_SERVER };                                /* roles */
enum { RAFT_FOLLOWER, RAFT_CANDIDATE, RAFT_LEADER }; /* raft_server.state */
enum {                                               /* options */
       RAFT_SERVERS,
       RAFT_TERMS,
       RAFT_HEARTBEATS,
       RAFT_PROPOSALS,
       RAFT_COMMANDS,
       RAFT_HB_EMPTY,
       RAFT_CANDIDATES,
       RAFT_SILENT_LEADERS
};
enum { RAFT_SERVERS_MAX = 7, RAFT_TERMS_MAX = 30, RAFT_PROPOSALS_MAX = 5, RAFT_LOG_MAX = 24 }; /* the last: entries */
enum { RAFT_ELECTED, RAFT_COMMITTED }; /* announcements: struct raft_elected, raft_committed */
enum {
    RAFT_REQUEST_VOTE,         /* term, last_index, last_term */
    RAFT_REQUEST_VOTE_REPLY,   /* term, success: the vote is granted */
    RAFT_APPEND_ENTRIES,       /* term, prev_index, prev_term, commit, entries */
    RAFT_APPEND_ENTRIES_REPLY, /* term, success, match_index; refused: conflict_index */
    RAFT_ELECTION_TIMEOUT,     /* timers from here on */
    RAFT_HEARTBEAT,
    RAFT_PROPOSE /* a local event: command */
};

/* Entries are counted from 1; index 0 stands before the first one. */
struct raft_entry {
    uint8_t term;    /* of the leader that took the command */
    uint8_t command; /* from 1 */
};

struct raft_server {
    uint8_t state;
    uint8_t term;         /* durable; 0 before the first election */
    gs_node voted_for;    /* durable; in `term`, or nobody */
    struct gs_poll votes; /* of candidates and leaders: who voted for it in `term`; of followers: nobody */
    uint8_t log_length;   /* durable */
    struct raft_entry log[RAFT_LOG_MAX]; /* durable; entry k at [k - 1] */
    uint8_t commit;                      /* the last entry known to be committed, so applied; 0 after a restart */
    uint8_t next[RAFT_SERVERS_MAX];      /* of leaders: the entry to send next to each other server; else 0 */
    uint8_t match[RAFT_SERVERS_MAX];     /* of leaders: the last entry known to be in each other server's log; else 0 */
};

struct raft_message {
    uint8_t type;
    uint8_t term;
    bool success;
    uint8_t last_index, last_term; /* of the candidate's log */
    uint8_t prev_index, prev_term; /* of the entry before the first of `entries` */
    uint8_t commit;                /* the leader's */
    uint8_t entry_count;
    struct raft_entry entries[RAFT_LOG_MAX];
    uint8_t match_index;    /* if success: the logs agree up to here */
    uint8_t conflict_index; /* else: they may differ from here on; 0 if the term was refused, not the log */
};

/* A server has become leader. */
struct raft_elected {
    uint8_t term;
    gs_node leader;
};

/* A server has learned that an entry is committed. */
struct raft_committed {
    uint8_t index, term, command; /* of the entry */
    uint8_t in;                   /* the server's own term then */
};

extern const struct gs_model raft;

#endif
