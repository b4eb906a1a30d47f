/* The monitor `linearizations`: how the operations so far may have taken effect, as the set of possibilities that are
 * left: which of the open operations have taken effect, and the sequential model's state (Wing and Gong, "Testing and
 * Verifying Concurrent Objects", 1993; an operation is placed only when some return needs it: Lowe, "Testing for
 * Linearizability", 2017). Operations that have returned are gone from it, so it stays small, and histories that differ
 * only in what no longer matters are one value: the monitor to begin with. With none left the history is not
 * linearizable, and stays so. */
#ifndef GAINSAY_LINEARIZATIONS_H
#define GAINSAY_LINEARIZATIONS_H

#include "properties/announced.h"

enum {
    GS_OPEN_MAX = 8,            /* operations that are open at the same time */
    GS_POSSIBILITIES_MAX = 512, /* what a value holds at most: more ends the run, by a finding that says so */
    GS_WORDS_MAX = 192,
    GS_WORD_BYTES = 47
};

/* An operation that has not returned. */
struct gs_open_operation {
    uint8_t process, function, key;
    bool abandoned; /* it never will: nobody learns what it answers */
    struct gs_flat argument;
};

/* A state of the sequential model, in its bytes. */
struct gs_word {
    uint8_t length;
    uint8_t bytes[GS_WORD_BYTES];
};

enum { GS_NOT_DONE = 0, GS_DONE = UINT16_MAX };

/* One way in which the operations on an object may have taken effect. It leads on to others, since open operations may
 * take effect at any moment; those that follow from one in the set are not in it. */
struct gs_possibility {
    uint16_t object;            /* of a model by key: the key; else 0 */
    uint16_t state;             /* its word */
    uint16_t done[GS_OPEN_MAX]; /* by open operation: GS_NOT_DONE; 1 + the word of the state in which it took effect,
                                  which its answer has to fit; GS_DONE: it did, and any answer fits */
};

struct gs_linearizations {
    bool violated;         /* the rest is then as it was when `culprit` returned, and remains so */
    uint8_t culprit;       /* its process; 0 unless violated */
    bool culprit_failed;   /* it returned as failed, but had to take effect */
    struct gs_flat answer; /* the culprit's */
    uint8_t open_count;
    struct gs_open_operation open[GS_OPEN_MAX]; /* by process */
    uint16_t word_count;
    uint16_t possibility_count;
    struct gs_possibility possibilities[GS_POSSIBILITIES_MAX]; /* by bytes */
    struct gs_word words[GS_WORDS_MAX];                        /* states, by bytes */
};

extern const struct gs_field gs_linearizations_fields[];
extern const struct gs_ready_monitor gs_linearizations_monitor;

/* An entry of a model's monitors; operations: a static const struct gs_operations. */
#define GS_LINEARIZATIONS(monitor_name, operations)                                                           \
    {                                                                                                         \
        .name = (monitor_name), .size = sizeof(struct gs_linearizations), .fields = gs_linearizations_fields, \
        .ready = &gs_linearizations_monitor, .context = &(operations)                                         \
    }

#endif
