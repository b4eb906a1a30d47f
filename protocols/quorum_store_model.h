/* What the parts of the quorum store's model share: its enums, its handlers, its predicates. */
#ifndef GAINSAY_QUORUM_STORE_MODEL_H
#define GAINSAY_QUORUM_STORE_MODEL_H

#include "protocols/quorum_store.h"

enum {
    QUORUM_STORE_SERVERS,
    QUORUM_STORE_CLIENTS,
    QUORUM_STORE_WRITERS,
    QUORUM_STORE_READERS,
    QUORUM_STORE_PUTS,
    QUORUM_STORE_GETS,
    QUORUM_STORE_EVENTUAL_PUTS,
    QUORUM_STORE_EVENTUAL_GETS,
    QUORUM_STORE_WEAK_PUTS,
    QUORUM_STORE_WEAK_GETS,
    QUORUM_STORE_KEYS,
    QUORUM_STORE_READ_QUORUM,
    QUORUM_STORE_WRITE_QUORUM,
    QUORUM_STORE_GIVES_UP,
    QUORUM_STORE_SYNCS,
    QUORUM_STORE_ANY_SERVER
};
enum {
    QUORUM_STORE_R1W1,
    QUORUM_STORE_R1,
    QUORUM_STORE_NO_WRITE_BACK,
    QUORUM_STORE_LOCAL_CLOCK,
    QUORUM_STORE_WALL_CLOCK,
    QUORUM_STORE_QUORUM_OF_VISIBLE,
    QUORUM_STORE_ROLLBACK_DELETES,
    QUORUM_STORE_ABSENT_FAILS,
    QUORUM_STORE_UNKNOWN_IS_FAILED,
    QUORUM_STORE_REPLICATE_OLDER,
    QUORUM_STORE_TOLD_ON_SEND,
    QUORUM_STORE_NOT_DURABLE,
    QUORUM_STORE_SAME_VERSION
};
enum { QUORUM_STORE_INVOKED, QUORUM_STORE_RETURNED }; /* announcements */

/* The functions of the sequential model: two a level. */
enum {
    QUORUM_STORE_READ,
    QUORUM_STORE_WRITE,
    QUORUM_STORE_EVENTUAL_READ,
    QUORUM_STORE_EVENTUAL_WRITE,
    QUORUM_STORE_WEAK_READ,
    QUORUM_STORE_WEAK_WRITE
};
static inline uint8_t quorum_store_level_of(unsigned function)
{
    return (uint8_t)(function / 2);
}
static inline bool quorum_store_is_write(unsigned function)
{
    return function % 2 == 1;
}

/* A register per key of which only strong operations are held to anything: they alone change it, and are judged by it.
 */
extern const struct gs_sequential quorum_store_register;

int quorum_store_read_quorum(const struct gs_run *run);
int quorum_store_write_quorum(const struct gs_run *run);

gs_step_function quorum_store_server_step;

/* Which values a read must not answer any more: those that were overwritten before it was invoked, by a write that had
 * returned. A value is one bit; 0: never written. */
struct quorum_store_values {
    uint8_t bits[32];
};
struct quorum_store_in_flight {
    uint8_t function, key;           /* key 0: no operation is in flight */
    uint8_t value;                   /* of a write */
    struct quorum_store_values past; /* when it was invoked: of a write what was written, of a read overwritten */
};
struct quorum_store_freshness {
    uint8_t stale;                                             /* a bit a level: a read of it was stale */
    struct quorum_store_values written[QUORUM_STORE_KEYS_MAX]; /* by writes that have returned */
    struct quorum_store_values overwritten[QUORUM_STORE_KEYS_MAX];
    struct quorum_store_in_flight processes[GS_PROCESSES_MAX];
};
void quorum_store_freshness_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                                      const void *announced);

gs_predicate quorum_store_acked_is_held, quorum_store_keeps_newest, quorum_store_one_value_a_version,
    quorum_store_answers_all, quorum_store_converged, quorum_store_strong_is_fresh;
gs_predicate quorum_store_strong_answers, quorum_store_eventual_answers, quorum_store_weak_answers,
    quorum_store_is_refused, quorum_store_is_unknown, quorum_store_strong_is_stale, quorum_store_eventual_is_stale,
    quorum_store_weak_is_stale, quorum_store_all_returned, quorum_store_is_repaired;

#endif
