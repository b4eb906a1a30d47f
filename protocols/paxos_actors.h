/* The Paxos actors' states and messages, for properties from outside. */
#ifndef GAINSAY_PAXOS_ACTORS_H
#define GAINSAY_PAXOS_ACTORS_H

#include "properties/client.h"

enum { PAXOS_ACTORS_SERVER, PAXOS_ACTORS_CLIENT }; /* roles; clients: struct gs_client */
enum { PAXOS_ACTORS_SERVERS_MAX = 5 };

/* The larger round is the larger ballot, of equal ones that of the leader with the larger rank. Round 0: none. */
struct paxos_actors_ballot {
    uint8_t round;
    gs_node leader;
};

/* A client's put; all zero: none. */
struct paxos_actors_proposal {
    uint8_t request;
    gs_node client;
    uint8_t value;
};

/* What an acceptor has accepted last; all zero: nothing. */
struct paxos_actors_accepted {
    struct paxos_actors_ballot ballot;
    struct paxos_actors_proposal proposal;
};

/* An acceptor's promise, as its proposer keeps it. */
struct paxos_actors_promise {
    bool given;
    struct paxos_actors_accepted accepted;
};

struct paxos_actors_server {
    struct paxos_actors_ballot ballot; /* the largest it has taken part in */
    struct paxos_actors_accepted accepted;
    bool decided; /* accepted.proposal is */
    /* As a proposer, in the ballot that it began. */
    struct paxos_actors_proposal proposal;
    struct paxos_actors_promise promises[PAXOS_ACTORS_SERVERS_MAX]; /* by server */
    gs_node_set accepts;
};

struct paxos_actors_message {
    uint8_t type;
    uint8_t request; /* of a client's */
    uint8_t value;
    struct paxos_actors_ballot ballot;
    struct paxos_actors_accepted accepted; /* prepared */
    struct paxos_actors_proposal proposal; /* accept, decided */
};

extern const struct gs_model paxos_actors;

#endif
