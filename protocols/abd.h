/* ABD's states and messages, for properties from outside. */
#ifndef GAINSAY_ABD_H
#define GAINSAY_ABD_H

#include "properties/client.h"
#include "properties/register_version.h"

enum { ABD_SERVER, ABD_CLIENT };                /* roles; clients: struct gs_client */
enum { ABD_IDLE, ABD_QUERYING, ABD_RECORDING }; /* abd_operation.phase */
enum { ABD_SERVERS_MAX = 5 };

/* A client's operation that a server coordinates. */
struct abd_operation {
    uint8_t phase; /* ABD_IDLE: the rest is zero */
    bool is_put;
    uint8_t request;
    gs_node client;
    uint8_t value;                      /* to put */
    struct gs_register_version version; /* querying: the newest that was answered; recording: what is recorded */
    gs_node_set answered;               /* the servers that answered in this phase, itself included */
};

struct abd_server {
    struct gs_register_version version; /* durable */
    struct abd_operation operation;
};

struct abd_message {
    uint8_t type;
    uint8_t request;
    uint8_t value;                      /* put, get-ok; 0: never written */
    struct gs_register_version version; /* ack-query, record */
};

extern const struct gs_model abd;

#endif
