/* Ready-made laws of a join: what makes replicas that merge in any order, any number of times, agree. (A join
 * semilattice: Shapiro, Preguica, Baquero, Zawirski, "Conflict-Free Replicated Data Types", SSS 2011, definition 5.) */
#ifndef GAINSAY_LAW_JOIN_H
#define GAINSAY_LAW_JOIN_H

#include "properties/law.h"

/* A data type that can be joined. `run` is for by-node arrays: gs_nodes(run, role), gs_index(run, node). */
struct gs_join {
    const char *name; /* laws are called NAME-is-commutative, ... */
    const struct gs_field *fields;
    size_t size;

    /* Draws a value that can arise; best by drawing operations from init on. NULL: any that the field table allows. */
    void (*draw)(struct gs_law *l, void *value);
    /* The least value, joined with which nothing changes. NULL: all zero. */
    void (*init)(const struct gs_run *run, void *value);
    void (*join)(const struct gs_run *run, void *into, const void *from);
    /* NULL: the same bytes (list elements beyond the length apart). */
    bool (*equal)(const struct gs_run *run, const void *a, const void *b);
    /* Is `a` at most `b`? NULL: joining a into b leaves b as it is; then that law says nothing new. */
    bool (*leq)(const struct gs_run *run, const void *a, const void *b);
    /* Optional: an operation of the type, its arguments drawn. It may only grow the value. */
    void (*update)(struct gs_law *l, void *value);
};

/* Tries all of them; true if all hold. Those that fail report each for itself, as NAME-is-commutative and so on:
 * is-commutative        join(a, b) equals join(b, a)
 * is-associative        join(join(a, b), c) equals join(a, join(b, c))
 * is-idempotent         join(a, a) equals a
 * is-inflationary       a <= join(a, b) and b <= join(a, b)
 * is-least-upper-bound  a <= c and b <= c give join(a, b) <= c
 * has-least             join(a, init) equals a, and init <= a
 * order-agrees          if leq is given: it is reflexive, antisymmetric and transitive, and a <= b exactly where
 *                       join(a, b) equals b
 * update-grows          if update is given: a <= update(a)
 * Settings as gs_law takes them may follow: gs_join_laws(&counter_join, .nodes = 4). Not name, law and context, which
 * each law has of its own (so no gs_law_context in draw and update); a result is that of the first law that does not
 * hold, else of the last. */
#define gs_join_laws(...) \
    gs_join_laws_hold((GS_FIRST_(__VA_ARGS__, 0)), &(struct gs_law_config){.context = __VA_ARGS__})
bool gs_join_laws_hold(const struct gs_join *join, const struct gs_law_config *config);

#endif
