/* A register's value with its timestamp, of several writers: Lynch and Shvartsman, "Robust Emulation of Shared Memory
 * Using Dynamic Quorum-Acknowledged Broadcasts" (1997). Protocols whose servers keep the newest of what they are sent
 * order it by this. */
#ifndef GAINSAY_REGISTER_VERSION_H
#define GAINSAY_REGISTER_VERSION_H

#include "core/gainsay.h"

/* The larger clock is the newer, of equal ones that of the writer with the larger rank. No alignment. */
struct gs_register_version {
    uint8_t clock;  /* 0: never written; the rest is then zero */
    gs_node writer; /* the server that coordinated the write */
    uint8_t value;
};
extern const struct gs_field gs_register_version_fields[];

/* Is a newer than b? Neither is, if both are the same or never written. */
bool gs_register_is_newer(const struct gs_run *run, const struct gs_register_version *a,
                          const struct gs_register_version *b);

#endif
