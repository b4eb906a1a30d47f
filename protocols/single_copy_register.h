/* The single-copy register's states and messages, for properties from outside. */
#ifndef GAINSAY_SINGLE_COPY_REGISTER_H
#define GAINSAY_SINGLE_COPY_REGISTER_H

#include "properties/client.h"

enum { SINGLE_COPY_REGISTER_SERVER, SINGLE_COPY_REGISTER_CLIENT }; /* roles; clients: struct gs_client */

struct single_copy_server {
    uint8_t value; /* 0: never written */
};

struct single_copy_message {
    uint8_t type;
    uint8_t request; /* of the client's operation, and in the answer to it */
    uint8_t value;   /* put, get-ok; 0: never written */
};

extern const struct gs_model single_copy_register;

#endif
