/* Quorums of a role's nodes, the counting of votes up to one, and the mutants of both that any protocol can have.
 *
 *     struct gs_quorums majorities = gs_majorities(SERVER);
 *     gs_poll_add(s, QUORUM_MUTANTS, &self->votes, e->from);
 *     if (gs_poll_reaches(s, QUORUM_MUTANTS, &self->votes, &majorities)) ...
 *
 * The mutants stand in the protocol's table from an index of its choice: GS_QUORUM_MUTANTS. */
#ifndef GAINSAY_QUORUM_H
#define GAINSAY_QUORUM_H

#include "core/gainsay.h"

enum { GS_QUORUM_SETS_MAX = 8 };

/* A quorum system over the nodes of one role: all sets of a size, or those listed, and all that contain one of them. */
struct gs_quorums {
    int role;
    int size;                             /* counted: nodes in a quorum; 0: a majority. Not used if sets are listed */
    int set_count;                        /* listed: how many; 0: counted */
    gs_node_set sets[GS_QUORUM_SETS_MAX]; /* listed */
};

struct gs_quorums gs_majorities(int role);             /* more than half of the role's nodes */
struct gs_quorums gs_quorums_of_size(int role, int n); /* any n of them, n >= 1 */

/* Does the set contain a quorum? */
bool gs_is_quorum_of(const struct gs_run *run, const struct gs_quorums *quorums, gs_node_set set);
#define gs_is_quorum(c, quorums, set) gs_is_quorum_of(GS_RUN(c), quorums, set)

/* Does every quorum of the one meet every quorum of the other? Both over the same role. If not, two that are disjoint
 * are left in *a and *b. A system without any quorum meets all. */
bool gs_quorums_meet(const struct gs_run *run, const struct gs_quorums *one, const struct gs_quorums *other,
                     gs_node_set *a, gs_node_set *b);

/* For a predicate: the same, explained. */
bool gs_explain_quorums(struct gs_view *v, const struct gs_quorums *one, const struct gs_quorums *other);
/* The property, of a predicate that ends so. The claim is on the run alone, so it fails at the start or never. */
#define GS_QUORUM_INTERSECTION(of_role, predicate)                                                              \
    {                                                                                                           \
        .name = "quorums-intersect", .claim = "every two quorums that have to meet do meet", .kind = GS_ALWAYS, \
        .scope = GS_SCOPE_ROLE, .role = (of_role), .holds = (predicate)                                         \
    }

/* ---- Counting ---------------------------------------------------------------------------------------------------- */

/* Who has voted. GS_STRUCT(struct server, votes, gs_poll_fields) describes one; all zero: nobody. */
struct gs_poll {
    gs_node_set voters;
    uint8_t duplicates; /* votes from those who had voted already; counted only with GS_DUPLICATES_COUNTED, else 0 */
};
extern const struct gs_field gs_poll_fields[];

enum gs_quorum_mutant { GS_MINORITY_QUORUM, GS_QUORUM_OVER_PEERS, GS_DUPLICATES_COUNTED, GS_QUORUM_MUTANT_COUNT };
enum { GS_NO_QUORUM_MUTANTS = -1 }; /* in place of `mutants` below: the protocol has none */

/* Entries of the table of mutants, from index `first` on: GS_MINORITY_QUORUM takes one node less than a quorum for one
 * (with sets: one of the set), GS_QUORUM_OVER_PEERS a majority of the others for a majority (visible with an even
 * number of nodes; counted sizes and sets have no such rule), GS_DUPLICATES_COUNTED counts votes, not those who voted
 * (not with sets). Each with the property that kills it and the preset in which it does. */
#define GS_QUORUM_MUTANTS(first, minority_property, minority_preset, peers_property, peers_preset,                     \
                          duplicates_property, duplicates_preset)                                                      \
    [(first) + GS_MINORITY_QUORUM] = {.name = "minority-quorum",                                                       \
                                      .meaning = "one node less than a quorum is taken for one",                       \
                                      .property = minority_property,                                                   \
                                      .preset = minority_preset},                                                      \
               [(first) +                                                                                              \
                   GS_QUORUM_OVER_PEERS] = {.name = "quorum-over-peers",                                               \
                                            .meaning = "a majority of the other nodes is taken for a majority of all", \
                                            .property = peers_property,                                                \
                                            .preset = peers_preset},                                                   \
               [(first) + GS_DUPLICATES_COUNTED] = {.name = "duplicates-counted",                                      \
                                                    .meaning = "votes are counted, not the nodes that sent them",      \
                                                    .property = duplicates_property,                                   \
                                                    .preset = duplicates_preset}

/* Adds a vote; of one who has voted it changes nothing (without the mutant). mutants: the index of the first of the
 * three, or GS_NO_QUORUM_MUTANTS. Returns true. */
bool gs_poll_add(struct gs_step *s, int mutants, struct gs_poll *poll, gs_node voter);
/* Have those of a quorum voted? */
bool gs_poll_reaches(struct gs_step *s, int mutants, const struct gs_poll *poll, const struct gs_quorums *quorums);

#endif
