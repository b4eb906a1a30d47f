/* A register's value with its timestamp, of several writers: Lynch and Shvartsman, "Robust Emulation of Shared Memory
 * Using Dynamic Quorum-Acknowledged Broadcasts" (1997). ABD and the quorum store order what they hold by it. */
#ifndef GAINSAY_REGISTER_VERSION_H
#define GAINSAY_REGISTER_VERSION_H

#include "core/gainsay.h"

/* The larger clock is the newer, of equal ones that of the writer with the larger rank. No alignment. */
struct register_version {
    uint8_t clock;  /* 0: never written; the rest is then zero */
    gs_node writer; /* the server that coordinated the write */
    uint8_t value;
};
extern const struct gs_field register_version_fields[];

/* Is a newer than b? Neither is, if both are the same or never written. */
bool register_is_newer(const struct gs_run *run, const struct register_version *a, const struct register_version *b);

#endif
