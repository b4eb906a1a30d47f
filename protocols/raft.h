/* Raft's states and messages, for properties from outside. */
#ifndef GAINSAY_RAFT_H
#define GAINSAY_RAFT_H

#include "core/gainsay.h"

enum { RAFT_SERVER };                                /* roles */
enum { RAFT_FOLLOWER, RAFT_CANDIDATE, RAFT_LEADER }; /* raft_server.state */
enum { RAFT_SERVERS, RAFT_TERMS, RAFT_HEARTBEATS };  /* options */
enum { RAFT_SERVERS_MAX = 7, RAFT_TERMS_MAX = 30 };  /* of those options */
enum { RAFT_ELECTED };                               /* announcements: struct raft_elected */
enum {
    RAFT_REQUEST_VOTE,         /* term */
    RAFT_REQUEST_VOTE_REPLY,   /* term, success: the vote is granted */
    RAFT_APPEND_ENTRIES,       /* term */
    RAFT_APPEND_ENTRIES_REPLY, /* term, success: the sender is accepted as leader */
    RAFT_ELECTION_TIMEOUT,     /* timers from here on */
    RAFT_HEARTBEAT
};

struct raft_server {
    uint8_t state;
    uint8_t term;       /* durable; 0 before the first election */
    gs_node voted_for;  /* durable; in `term`, or nobody */
    gs_node_set votes;  /* of candidates and leaders: who voted for it in `term`; of followers: empty */
    uint8_t duplicates; /* only with mutant duplicates-counted, else 0: votes that came from servers in `votes` */
};

struct raft_message {
    uint8_t type;
    uint8_t term;
    bool success;
};

/* A server has become leader. */
struct raft_elected {
    uint8_t term;
    gs_node leader;
};

extern const struct gs_model raft;

#endif
