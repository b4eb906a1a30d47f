/* Two-phase commit as in Gray and Lamport, "Consensus on Transaction Commit" (2006), section 3: resource managers vote
 * or refuse unasked, the transaction manager may give up until it has decided, a sent message stays deliverable. */
#include "protocols/two_phase_commit.h"

enum { TM = TWO_PHASE_COMMIT_TM, RM = TWO_PHASE_COMMIT_RM };
enum {
    WORKING = TWO_PHASE_COMMIT_WORKING,
    PREPARED = TWO_PHASE_COMMIT_PREPARED,
    COMMITTED = TWO_PHASE_COMMIT_COMMITTED,
    ABORTED = TWO_PHASE_COMMIT_ABORTED
};
enum { VOTE, COMMIT, ABORT, /* messages; then local events: */ PREPARE, REFUSE, DECIDE, GIVE_UP };
enum { COMMIT_ON_ONE_VOTE, COMMIT_WITHOUT_VOTES, REFUSE_AFTER_VOTE }; /* mutants */
enum { RESOURCE_MANAGERS };                                           /* options */

struct message {
    uint8_t type;
};

static const char *const phase_names[] = {"working", "prepared", "committed", "aborted"};

static const struct gs_field transaction_manager_fields[] = {
    GS_ENUM(struct transaction_manager, phase, phase_names),
    GS_FIELD(struct transaction_manager, votes),
    GS_FIELDS_END,
};
static const struct gs_field resource_manager_fields[] = {
    GS_ENUM(struct resource_manager, phase, phase_names),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {GS_FIELDS_END};

static bool transaction_manager_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct transaction_manager *tm = self;
    const int quorum = gs_mutant(s, COMMIT_WITHOUT_VOTES) ? 0 : gs_mutant(s, COMMIT_ON_ONE_VOTE) ? 1 : gs_count(s, RM);

    switch (e->type) {
    case VOTE:
        if (tm->phase != WORKING)
            return false;
        tm->votes = gs_set_with(tm->votes, e->from);
        return true;
    case DECIDE:
        if (tm->phase != WORKING || gs_set_size(tm->votes) < quorum)
            return false;
        tm->phase = COMMITTED;
        return gs_broadcast(s, RM, &(struct message){.type = COMMIT});
    case GIVE_UP:
        if (tm->phase != WORKING)
            return false;
        tm->phase = ABORTED;
        return gs_broadcast(s, RM, &(struct message){.type = ABORT});
    }
    return gs_unhandled(s, e);
}

static bool resource_manager_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct resource_manager *rm = self;

    switch (e->type) {
    case PREPARE:
        if (rm->phase != WORKING)
            return false;
        rm->phase = PREPARED;
        return gs_send(s, gs_node_at(s, TM, 0), &(struct message){.type = VOTE});
    case REFUSE:
        if (rm->phase != WORKING && !(gs_mutant(s, REFUSE_AFTER_VOTE) && rm->phase == PREPARED))
            return false;
        rm->phase = ABORTED;
        return true;
    case COMMIT:
        rm->phase = COMMITTED;
        return true;
    case ABORT:
        rm->phase = ABORTED;
        return true;
    }
    return gs_unhandled(s, e);
}

/* TCConsistent of the paper's specification: no one aborts when another commits. */
static bool consistent(struct gs_view *v)
{
    const struct resource_manager *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->phase == ABORTED) || other->phase != COMMITTED)
        return true;
    return gs_explain(v, "%s has aborted and %s has committed", gs_name(v, gs_this_node(v)),
                      gs_name(v, gs_that_node(v)));
}

static bool committed(struct gs_view *v)
{
    return ((const struct resource_manager *)gs_this(v))->phase == COMMITTED;
}

static bool aborted(struct gs_view *v)
{
    return ((const struct resource_manager *)gs_this(v))->phase == ABORTED;
}

const struct gs_model two_phase_commit = {
    .name = "two-phase-commit",
    .title = "atomic commit of a transaction by one transaction manager and its resource managers",
    .source = "Gray and Lamport, Consensus on Transaction Commit (2006), section 3",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET,
    .roles =
        {
            [TM] = {.name = "transaction-manager",
                    .size = sizeof(struct transaction_manager),
                    .fields = transaction_manager_fields,
                    .step = transaction_manager_step,
                    .count = 1},
            [RM] = {.name = "resource-manager",
                    .size = sizeof(struct resource_manager),
                    .fields = resource_manager_fields,
                    .step = resource_manager_step,
                    .count_option = RESOURCE_MANAGERS},
        },
    .events =
        {
            [VOTE] = {.name = "vote"},
            [COMMIT] = {.name = "commit"},
            [ABORT] = {.name = "abort"},
            [PREPARE] = {.name = "prepare", .kind = GS_LOCAL, .role = RM},
            [REFUSE] = {.name = "refuse", .kind = GS_LOCAL, .role = RM},
            [DECIDE] = {.name = "decide", .kind = GS_LOCAL, .role = TM},
            [GIVE_UP] = {.name = "give-up", .kind = GS_LOCAL, .role = TM},
        },
    .options = {[RESOURCE_MANAGERS] = {"resource-managers", "how many there are", 3, 1, 12, NULL}},
    .presets =
        {
            {.name = "quick", .meaning = "6 resource managers", .settings = {"resource-managers=6"}},
            {.name = "full", .meaning = "9 resource managers", .settings = {"resource-managers=9"}},
            {.name = "small", .meaning = "3 resource managers", .settings = {"resource-managers=3"}},
        },
    .mutants =
        {
            [COMMIT_ON_ONE_VOTE] = {"commit-on-one-vote", "the transaction manager commits after the first vote",
                                    "consistent", "small", false},
            [COMMIT_WITHOUT_VOTES] = {"commit-without-votes", "the transaction manager commits without any vote",
                                      "consistent", "small", false},
            [REFUSE_AFTER_VOTE] = {"refuse-after-vote", "a resource manager that has voted may still refuse",
                                   "consistent", "small", false},
        },
    .properties =
        {
            {.name = "consistent",
             .claim = "no resource manager has aborted while another has committed",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_PAIR,
             .role = RM,
             .other_role = RM,
             .holds = consistent},
            {.name = "committed",
             .claim = "a resource manager commits",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = RM,
             .holds = committed},
            {.name = "aborted",
             .claim = "a resource manager aborts",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = RM,
             .holds = aborted},
        },
};
