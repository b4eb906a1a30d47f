/* Is a history linearizable, or sequentially consistent, for a sequential model? Wing and Gong, "Testing and Verifying
 * Concurrent Objects" (1993), with the just-in-time linearization and the memory of configurations of Lowe, "Testing
 * for Linearizability" (2017). Where the model keeps its keys apart, each is decided alone (Herlihy and Wing's
 * locality). */
#ifndef GAINSAY_LINEARIZABILITY_H
#define GAINSAY_LINEARIZABILITY_H

#include "properties/history.h"

/* Linearizable: one order of all operations that the model allows, in which what returned before another was invoked
 * comes before it. Sequentially consistent: each client's operations in its own order, and no more; then keys cannot be
 * decided apart. */
enum gs_consistency { GS_LINEARIZABLY, GS_SEQUENTIALLY };

enum gs_decided { GS_UNDECIDED, GS_CONSISTENT, GS_INCONSISTENT };

/* Zero: no limit. What a limit stops is undecided. */
struct gs_decision_limits {
    double seconds;    /* on the clock, from the beginning of the decision */
    size_t memory;     /* bytes, of all objects together, more or less */
    uint64_t attempts; /* to place an operation in a configuration */
    bool no_why;       /* of GS_INCONSISTENT only that it is: what tells why stays zero */
};

struct gs_decision {
    enum gs_decided decided;
    uint64_t configurations, attempts; /* met, and to place an operation in one; of all objects together */
    size_t objects;                    /* decided apart: keys, or 1 */

    /* Of GS_INCONSISTENT: the object that is, by its key (GS_NIL: all is one object). */
    gs_value key;
    size_t *operations; /* of that object: indices into the history, by invocation, without failed ones */
    size_t operation_count;
    size_t *placed; /* the longest order of a beginning that was found, likewise indices; owned */
    size_t placed_count;
    size_t stuck; /* the operation that could not be placed after any order */
};

/* The history's operations must be of the model (.check has nothing against them), at most one of a client in flight.
 * False: the model cannot begin with that initial value. Free the decision with gs_decision_free. */
bool gs_decide(const struct gs_history *history, const struct gs_sequential *model, gs_value initial,
               enum gs_consistency consistency, const struct gs_decision_limits *limits, struct gs_decision *decision);
void gs_decision_free(struct gs_decision *decision);

/* Makes an inconsistent decision's object small: leaves out operations while those that are left cannot be ordered even
 * if each that was left out may take effect at any time from its invocation on, or never. So each that stays is needed,
 * and none fails only because another was taken away. Replaces operations, placed and stuck, by indices into `history`:
 * what is left, and of what was left out that which the longest order makes use of, in play. Its values live in `of`;
 * an operation that returned after the one that was stuck is open there. effort: attempts to spend, more or less. */
void gs_decision_minimise(const struct gs_history *of, const struct gs_sequential *model, gs_value initial,
                          enum gs_consistency consistency, uint64_t effort, struct gs_decision *decision,
                          struct gs_history *history);

/* Calls visit for each operation of the longest order, with its index into the history that the decision is about, and
 * the state of its object after it; first with NULL and the initial state. */
typedef void gs_order_visitor(void *context, const struct gs_recorded *operation, size_t index, gs_span state);
void gs_decision_visit_order(const struct gs_decision *decision, const struct gs_history *history,
                             const struct gs_sequential *model, gs_value initial, gs_order_visitor *visit,
                             void *context);

#endif
