/* The quorum store's states and messages, for properties from outside. */
#ifndef GAINSAY_QUORUM_STORE_H
#define GAINSAY_QUORUM_STORE_H

#include "properties/client.h"
#include "properties/register_version.h"

enum { QUORUM_STORE_SERVER, QUORUM_STORE_CLIENT };                         /* roles; struct gs_client */
enum { QUORUM_STORE_IDLE, QUORUM_STORE_QUERYING, QUORUM_STORE_RECORDING }; /* quorum_store_operation.phase */
enum quorum_store_level { QUORUM_STORE_STRONG, QUORUM_STORE_EVENTUAL, QUORUM_STORE_WEAK };
enum { QUORUM_STORE_KEYS_MAX = 3, QUORUM_STORE_SERVERS_MAX = 5 };
enum {
    QUORUM_STORE_PUT,
    QUORUM_STORE_GET,
    QUORUM_STORE_PUT_OK,
    QUORUM_STORE_GET_OK,
    QUORUM_STORE_REFUSED,
    QUORUM_STORE_UNKNOWN,
    QUORUM_STORE_QUERY,
    QUORUM_STORE_ACK_QUERY,
    QUORUM_STORE_RECORD,
    QUORUM_STORE_ACK_RECORD,
    QUORUM_STORE_REPLICATE,
    QUORUM_STORE_COMPARE,
    QUORUM_STORE_ACK_COMPARE,
    QUORUM_STORE_GIVE_UP,     /* timer */
    QUORUM_STORE_ANTI_ENTROPY /* timer */
};

/* A client's strong operation that a server coordinates. */
struct quorum_store_operation {
    uint8_t phase; /* QUORUM_STORE_IDLE: the rest is zero */
    bool is_put;
    uint8_t request;
    gs_node client;
    uint8_t key;
    uint8_t value;                      /* to put */
    struct gs_register_version version; /* querying: the newest that was answered; recording: what is recorded */
    gs_node_set answered;               /* the servers that answered in this phase, itself included */
};

struct quorum_store_server {
    struct gs_register_version versions[QUORUM_STORE_KEYS_MAX]; /* of key k: k - 1; durable */
    struct gs_register_version acked[QUORUM_STORE_KEYS_MAX]; /* ghost: the newest it answered a strong operation with */
    struct quorum_store_operation operation;
    gs_node_set untold; /* durable: servers that may lack something it holds; only with anti-entropy */
};

struct quorum_store_message {
    uint8_t type;
    uint8_t request; /* the client's; all a server's messages about an operation have it */
    uint8_t level;   /* enum quorum_store_level */
    uint8_t key;     /* from 1 */
    uint8_t value;   /* put, get-ok; 0: never written */
    struct gs_register_version version;
    struct gs_register_version versions[QUORUM_STORE_KEYS_MAX]; /* compare, ack-compare: all that the sender holds */
};

extern const struct gs_model quorum_store;

#endif
