/* Searches for an order of one object's operations (linearizability) or of all (sequential consistency). They can be
 * stopped and go on. Part of the decision procedure, not an interface to write against. */
#ifndef GAINSAY_SEARCH_ORDER_H
#define GAINSAY_SEARCH_ORDER_H

#include "properties/linearizability.h"

/* The operations that a search is about: indices into a history, by invocation. */
struct object {
    const struct gs_history *history;
    const struct gs_sequential *model;
    gs_value initial;
    const size_t *operations;
    size_t count;
};

/* What is known when a search has failed, in places of object.operations. Zero it; the array is the caller's to free.
 */
struct failure {
    size_t *placed;
    size_t placed_count, capacity, stuck;
};

void failure_add(struct failure *failure, size_t operation);

struct linearization;

/* The model can begin with the object's initial value. */
struct linearization *linearization_new(const struct object *object);
/* Goes on until it has spent *attempts to place an operation in a configuration; each is taken off. */
enum gs_decided linearization_search(struct linearization *search, uint64_t *attempts);
uint64_t linearization_configurations(const struct linearization *search);
size_t linearization_memory(const struct linearization *search);
/* Inconsistent, without foresight: how far it got. */
void linearization_explain(struct linearization *search, struct failure *failure);
/* Consistent: an order; `stuck` is left alone. */
void linearization_order(struct linearization *search, struct failure *order);
/* Did it leave out what later operations rule out? Then what it could not place need not be what is wrong. */
bool linearization_has_foresight(const struct linearization *search);
void linearization_free(struct linearization *search);

/* An object that is inconsistent: what the shortest beginning of it that is gets stuck at, and an order of the longest
 * that was found to have one. */
void beginning_explain(const struct object *object, struct failure *failure);

/* As gs_decision_visit_order, without the order's operation of that place (SIZE_MAX: with all); visit may be NULL.
 * False: the model does not allow the order, which was visited as far as it does. */
bool order_walk(const struct gs_decision *decision, const struct gs_history *history, const struct gs_sequential *model,
                gs_value initial, size_t without, gs_order_visitor *visit, void *context);

struct sequence_search;

struct sequence_search *sequence_search_new(const struct object *object);
enum gs_decided sequence_search_run(struct sequence_search *search, uint64_t *attempts);
uint64_t sequence_search_configurations(const struct sequence_search *search);
size_t sequence_search_memory(const struct sequence_search *search);
void sequence_search_explain(struct sequence_search *search, struct failure *failure);
void sequence_search_free(struct sequence_search *search);

#endif
