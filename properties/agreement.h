/* Agreement, over a consensus' history (properties/consensus.h): what is decided, what is chosen, and what can be. From
 * the last to the first, each is the reason for the one before. `history`: the monitor's index. */
#ifndef GAINSAY_AGREEMENT_H
#define GAINSAY_AGREEMENT_H

#include "properties/consensus.h"
#include "properties/quorum.h"

#define GS_HISTORY_PROPERTY(property_name, property_claim, history, predicate)                        \
    {                                                                                                 \
        .name = property_name, .claim = property_claim, .kind = GS_ALWAYS, .scope = GS_SCOPE_MONITOR, \
        .monitor = (history), .holds = (predicate)                                                    \
    }

/* No two values are ever decided (in one slot). */
bool gs_agreement(struct gs_view *v);
#define GS_AGREEMENT(history) \
    GS_HISTORY_PROPERTY("agreement", "no two servers ever decide differently", history, gs_agreement)

/* What is decided is chosen: a quorum has voted for it, in one ballot. The predicates of this and the next two end with
 * a call of the function, so that the quorums can depend on the run's options; not on its mutants. */
bool gs_decisions_are_chosen(struct gs_view *v, const struct gs_quorums *quorums);
#define GS_DECISIONS_ARE_CHOSEN(history, predicate)                                                                 \
    GS_HISTORY_PROPERTY("decisions-are-chosen", "what is decided has the votes of a quorum in one ballot", history, \
                        predicate)

/* No two values are ever chosen: voted for by a quorum, in one ballot (and slot). */
bool gs_one_chosen(struct gs_view *v, const struct gs_quorums *quorums);
#define GS_ONE_CHOSEN(history, predicate) \
    GS_HISTORY_PROPERTY("one-chosen", "no two values are ever chosen by quorums of votes", history, predicate)

/* Whoever votes for a value in a ballot does so when no other can be chosen in a smaller ballot any more: in each, the
 * votes for another value, and the votes that are still possible, are no quorum (Lamport's SafeAt). */
bool gs_votes_are_safe(struct gs_view *v, const struct gs_quorums *quorums);
#define GS_VOTES_ARE_SAFE(history, predicate)                                                                       \
    GS_HISTORY_PROPERTY("votes-are-safe", "no vote is for a value while another can be chosen in a smaller ballot", \
                        history, predicate)

/* In one ballot all votes (in one slot) are for one value. */
bool gs_one_value_per_ballot(struct gs_view *v);
#define GS_ONE_VALUE_PER_BALLOT(history)                                                                \
    GS_HISTORY_PROPERTY("one-value-per-ballot", "in no ballot there are votes for two values", history, \
                        gs_one_value_per_ballot)

#endif
