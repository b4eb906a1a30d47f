/* The monitor `history`: every operation with its answer, and which others had returned before it was invoked. Nothing
 * else of their order is kept, so that histories with the same real-time order are one value. It grows with every
 * operation; linearizations.h keeps less. Whether the history is linearizable is decided from it anew each time. */
#ifndef GAINSAY_HISTORY_MONITOR_H
#define GAINSAY_HISTORY_MONITOR_H

#include "properties/announced.h"

enum { GS_HISTORY_OPERATIONS_MAX = 24 }; /* more end the run, by a finding that says so */

struct gs_past_operation {
    uint8_t process, function, key;
    bool returned;
    struct gs_flat argument;
    struct gs_flat result;            /* nil until it has returned */
    uint8_t before[GS_PROCESSES_MAX]; /* how many operations of each process had returned when it was invoked */
};

/* Operations that failed took no effect and are left out. */
struct gs_kept_history {
    uint8_t count;
    struct gs_past_operation operations[GS_HISTORY_OPERATIONS_MAX]; /* by process, each one's in its order */
};

extern const struct gs_field gs_history_fields[];
extern const struct gs_ready_monitor gs_history_monitor;

/* An entry of a model's monitors; operations: a static const struct gs_operations. */
#define GS_HISTORY(monitor_name, operations)                                                         \
    {                                                                                                \
        .name = (monitor_name), .size = sizeof(struct gs_kept_history), .fields = gs_history_fields, \
        .ready = &gs_history_monitor, .context = &(operations)                                       \
    }

#endif
