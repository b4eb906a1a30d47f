/* A property from outside: two more claims about gainsay's own two-phase commit, over the states that its public header
 * shows. Both hold; each is gainsaid by one of the protocol's mutants.
 *
 *   gainsay check two-phase-commit --property examples/no_early_commit.c
 *   gainsay check two-phase-commit --property examples/no_early_commit.c --mutant commit-on-one-vote
 */
#include "protocols/two_phase_commit.h"

enum { TM = TWO_PHASE_COMMIT_TM, RM = TWO_PHASE_COMMIT_RM };

/* Whoever has committed knows that everyone had prepared: nobody is still working. */
static bool no_early_commit(struct gs_view *v)
{
    const struct resource_manager *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->phase == TWO_PHASE_COMMIT_COMMITTED) || other->phase != TWO_PHASE_COMMIT_WORKING)
        return true;
    return gs_explain(v, "%s has committed while %s is still working", gs_name(v, gs_this_node(v)),
                      gs_name(v, gs_that_node(v)));
}

/* The transaction manager commits only with every vote in its hand. */
static bool all_votes_counted(struct gs_view *v)
{
    const struct transaction_manager *tm = gs_this(v);
    const int votes = gs_set_size(tm->votes);
    if (!gs_premise(v, tm->phase == TWO_PHASE_COMMIT_COMMITTED) || votes == gs_count(v, RM))
        return true;
    return gs_explain(v, "decided to commit with %d of %d votes", votes, gs_count(v, RM));
}

static const struct gs_extension properties = {
    .protocol = "two-phase-commit",
    .properties =
        {
            {.name = "no-early-commit",
             .claim = "nobody commits while a resource manager is still working",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_PAIR,
             .role = RM,
             .other_role = RM,
             .holds = no_early_commit},
            {.name = "all-votes-counted",
             .claim = "the transaction manager commits only with every vote",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_NODE,
             .role = TM,
             .holds = all_votes_counted},
        },
};

GS_EXPORT_PROPERTIES(properties);
