/* The states and messages of chain replication and CRAQ, for properties from outside; and below, what their two models
 * share. Servers in a row: updates enter at the head, are passed on from each to the next, and are final once the last
 * one, the tail, has them; acknowledgements travel back. A master says who is in the chain: each configuration has an
 * epoch, and a message of an older one is void. */
#ifndef PROTOCOLS_CHAIN_H
#define PROTOCOLS_CHAIN_H

#include "core/gainsay.h"

enum { CHAIN_SERVER, CHAIN_CLIENT, CHAIN_MASTER }; /* roles */
enum { CHAIN_SERVERS_MAX = 5, CHAIN_CLIENTS_MAX = 4, CHAIN_UPDATES_MAX = 16 };

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

#endif
