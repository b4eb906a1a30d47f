/* A recorded history: the operations of some clients on some objects, in real-time order. */
#ifndef GAINSAY_HISTORY_H
#define GAINSAY_HISTORY_H

#include "properties/sequential.h"

#define GS_NEVER UINT64_MAX

enum gs_outcome {
    GS_OPEN, /* never returned, or nobody knows: it may take effect at any time from its invocation on, or never */
    GS_OK,
    GS_FAILED,  /* it certainly took no effect; the decision leaves it out */
    GS_REPEATED /* open, and may take effect any number of times: for making contradictions small; linearizability only
                 */
};

struct gs_recorded {
    struct gs_operation operation;
    int64_t client;
    uint64_t invoked, returned; /* positions in real time, all different; returned: GS_NEVER while it is open */
    enum gs_outcome outcome;
    bool is_in_play; /* of a contradiction that was made small: left out, and still of no help */
};

struct gs_history_chunk;

/* Zero is an empty history. The operations stand in the order of their invocations. */
struct gs_history {
    struct gs_recorded *operations;
    size_t count, capacity;
    uint64_t position; /* of the next event */
    struct gs_history_chunk *chunk;
    size_t chunk_left;
};

/* Copies a value into the history's memory. */
gs_value gs_history_keep(struct gs_history *history, gs_value value);

/* The next event. Values must be kept already, or outlive the history. Invoking answers the operation's index. */
size_t gs_history_invoke(struct gs_history *history, int64_t client, const struct gs_operation *operation);
void gs_history_return(struct gs_history *history, size_t index, enum gs_outcome outcome, gs_value result);

void gs_history_free(struct gs_history *history);

#endif
