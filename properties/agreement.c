/* Agreement over a consensus' history. */
#include "properties/agreement.h"

#include <stdio.h>

/* "in slot 2 ", or nothing: slot 0 is that of a consensus on one value. */
struct place {
    char text[24];
};

static struct place in_slot(unsigned slot)
{
    struct place place = {""};
    if (slot > 0)
        snprintf(place.text, sizeof(place.text), "in slot %u ", slot);
    return place;
}

bool gs_agreement(struct gs_view *v)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->decision_count > 0);
    for (unsigned i = 1; i < history->decision_count; i++) {
        const struct gs_decided *one = &history->decisions[i - 1], *other = &history->decisions[i];
        if (one->slot == other->slot)
            return gs_explain(v, "%sboth value %u and value %u were decided", in_slot(one->slot).text, one->value,
                              other->value);
    }
    return true;
}

static bool is_chosen(struct gs_view *v, const struct gs_consensus *history, const struct gs_decided *decided,
                      const struct gs_quorums *quorums)
{
    for (unsigned i = 0; i < history->vote_count; i++) {
        const struct gs_votes *votes = &history->votes[i];
        if (votes->slot == decided->slot && votes->value == decided->value && gs_is_quorum(v, quorums, votes->voters))
            return true;
    }
    return false;
}

bool gs_decisions_are_chosen(struct gs_view *v, const struct gs_quorums *quorums)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->decision_count > 0);
    for (unsigned i = 0; i < history->decision_count; i++) {
        const struct gs_decided *decided = &history->decisions[i];
        if (!is_chosen(v, history, decided, quorums))
            return gs_explain(v, "%svalue %u was decided, and no quorum has voted for it in one ballot",
                              in_slot(decided->slot).text, decided->value);
    }
    return true;
}

bool gs_one_chosen(struct gs_view *v, const struct gs_quorums *quorums)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    const struct gs_votes *chosen = NULL; /* the last one; votes are sorted by slot */
    for (unsigned i = 0; i < history->vote_count; i++) {
        const struct gs_votes *votes = &history->votes[i];
        if (!gs_premise(v, gs_is_quorum(v, quorums, votes->voters)))
            continue;
        if (chosen && chosen->slot == votes->slot && chosen->value != votes->value)
            return gs_explain(v, "%svalue %u was chosen in ballot %u and value %u in ballot %u",
                              in_slot(votes->slot).text, chosen->value, chosen->ballot, votes->value, votes->ballot);
        chosen = votes;
    }
    return true;
}

/* Who has voted in this ballot of the slot, whatever for. */
static gs_node_set voters_in(const struct gs_consensus *history, unsigned slot, unsigned ballot)
{
    gs_node_set voters = GS_EMPTY_SET;
    for (unsigned i = 0; i < history->vote_count; i++)
        if (history->votes[i].slot == slot && history->votes[i].ballot == ballot)
            voters = gs_set_union(voters, history->votes[i].voters);
    return voters;
}

/* Who has promised to vote in no ballot up to this one any more. */
static gs_node_set barred_from(const struct gs_consensus *history, unsigned ballot)
{
    gs_node_set barred = GS_EMPTY_SET;
    for (unsigned i = 0; i < history->promise_count; i++)
        if (history->promises[i].ballot > ballot)
            barred = gs_set_with(barred, history->promises[i].by);
    return barred;
}

/* Can these votes become a quorum's, with those of all that have not voted in the ballot and still may? */
static bool can_be_chosen(struct gs_view *v, const struct gs_consensus *history, const struct gs_votes *votes,
                          const struct gs_quorums *quorums)
{
    const gs_node_set lost =
        gs_set_union(voters_in(history, votes->slot, votes->ballot), barred_from(history, votes->ballot));
    const gs_node_set free = gs_set_difference(gs_nodes(v, quorums->role), lost);
    return gs_is_quorum(v, quorums, gs_set_union(votes->voters, free));
}

bool gs_votes_are_safe(struct gs_view *v, const struct gs_quorums *quorums)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->vote_count > 0);
    for (unsigned i = 0; i < history->vote_count; i++)
        for (unsigned j = i + 1; j < history->vote_count && history->votes[j].slot == history->votes[i].slot; j++) {
            const struct gs_votes *early = &history->votes[i], *late = &history->votes[j];
            if (early->ballot < late->ballot && early->value != late->value &&
                can_be_chosen(v, history, early, quorums))
                return gs_explain(v,
                                  "%sthere is a vote for value %u in ballot %u while value %u can be chosen "
                                  "in ballot %u",
                                  in_slot(late->slot).text, late->value, late->ballot, early->value, early->ballot);
        }
    return true;
}

bool gs_one_value_per_ballot(struct gs_view *v)
{
    const struct gs_consensus *history = gs_monitor_value(v);
    gs_premise(v, history->vote_count > 0);
    for (unsigned i = 1; i < history->vote_count; i++) {
        const struct gs_votes *one = &history->votes[i - 1], *other = &history->votes[i];
        if (one->slot == other->slot && one->ballot == other->ballot)
            return gs_explain(v, "%sthere are votes for value %u and for value %u in ballot %u",
                              in_slot(one->slot).text, one->value, other->value, one->ballot);
    }
    return true;
}
