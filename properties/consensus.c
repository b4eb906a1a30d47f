/* The history of a consensus. */
#include "properties/consensus.h"

const struct gs_field gs_proposed_fields[] = {GS_FIELD(struct gs_proposed, value), GS_FIELDS_END};
const struct gs_field gs_promised_fields[] = {GS_FIELD(struct gs_promised, ballot), GS_FIELDS_END};
const struct gs_field gs_voted_fields[] = {GS_FIELD(struct gs_voted, slot), GS_FIELD(struct gs_voted, ballot),
                                           GS_FIELD(struct gs_voted, value), GS_FIELDS_END};
const struct gs_field gs_decided_fields[] = {GS_FIELD(struct gs_decided, slot), GS_FIELD(struct gs_decided, value),
                                             GS_FIELDS_END};

static const struct gs_field promise_fields[] = {
    GS_FIELD(struct gs_promise_kept, by),
    GS_FIELD(struct gs_promise_kept, ballot),
    GS_FIELDS_END,
};
static const struct gs_field votes_fields[] = {
    GS_FIELD(struct gs_votes, slot),
    GS_FIELD(struct gs_votes, ballot),
    GS_FIELD(struct gs_votes, value),
    GS_FIELD(struct gs_votes, voters),
    GS_FIELDS_END,
};
const struct gs_field gs_consensus_fields[] = {
    GS_FIELD(struct gs_consensus, proposed),
    GS_FIELD(struct gs_consensus, promise_count),
    GS_FIELD(struct gs_consensus, vote_count),
    GS_FIELD(struct gs_consensus, decision_count),
    GS_STRUCT_LIST(struct gs_consensus, promises, promise_count, promise_fields),
    GS_STRUCT_LIST(struct gs_consensus, votes, vote_count, votes_fields),
    GS_STRUCT_LIST(struct gs_consensus, decisions, decision_count, gs_decided_fields),
    GS_FIELDS_END,
};

static void add_promise(const struct gs_run *run, struct gs_consensus *history, gs_node by, uint8_t ballot)
{
    for (unsigned i = 0; i < history->promise_count; i++) {
        struct gs_promise_kept *promise = &history->promises[i];
        if (gs_same(promise->by, by)) {
            promise->ballot = ballot > promise->ballot ? ballot : promise->ballot;
            return;
        }
    }
    gs_assert(run, gs_insert(history->promises, &history->promise_count,
                             &(struct gs_promise_kept){.by = by, .ballot = ballot}));
}

static void add_vote(const struct gs_run *run, struct gs_consensus *history, gs_node by, const struct gs_voted *vote)
{
    add_promise(run, history, by, vote->ballot);
    for (unsigned i = 0; i < history->vote_count; i++) {
        struct gs_votes *votes = &history->votes[i];
        if (votes->slot == vote->slot && votes->ballot == vote->ballot && votes->value == vote->value) {
            votes->voters = gs_set_with(votes->voters, by);
            return;
        }
    }
    /* Sorted by slot, ballot and value: no two entries have all three in common, so the voters do not count. */
    gs_assert(run, gs_insert(history->votes, &history->vote_count,
                             &(struct gs_votes){vote->slot, vote->ballot, vote->value, gs_set_of(by)}));
}

static void add_decision(const struct gs_run *run, struct gs_consensus *history, const struct gs_decided *decided)
{
    if (!gs_contains(history->decisions, history->decision_count, decided))
        gs_assert(run, gs_insert(history->decisions, &history->decision_count, decided));
}

static void add_proposal(const struct gs_run *run, struct gs_consensus *history, uint8_t value)
{
    gs_assert(run, value >= 1 && value <= GS_CONSENSUS_VALUES_MAX);
    history->proposed = (uint16_t)(history->proposed | 1u << value);
}

void gs_consensus_add(const struct gs_run *run, struct gs_consensus *history, gs_node by,
                      enum gs_consensus_announcement kind, const void *announced)
{
    switch (kind) {
    case GS_PROPOSED:
        add_proposal(run, history, ((const struct gs_proposed *)announced)->value);
        break;
    case GS_PROMISED:
        add_promise(run, history, by, ((const struct gs_promised *)announced)->ballot);
        break;
    case GS_VOTED:
        add_vote(run, history, by, announced);
        break;
    case GS_DECIDED:
        add_decision(run, history, announced);
        break;
    }
}
