/* What the nodes know. It stands in a header because properties outside of the protocol's file read it too. */
#ifndef LOCK_SERVICE_NODES_H
#define LOCK_SERVICE_NODES_H

#include "core/gainsay.h"

enum { SERVER, CLIENT }; /* roles */

/* A node's state is a plain struct without pointers and without gaps. Keep it small: what no rule reads only makes more
 * states. It starts as all zero. */
struct server {
    gs_node holder; /* who has the lock; nobody: it is free */
    uint8_t ticket; /* number of the last grant; counts up, never used twice */
};

struct client {
    bool holding;
    uint8_t ticket; /* of the last grant that it took */
};

#endif
