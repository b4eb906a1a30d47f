/* What is claimed of chains, what is to be reached, and the monitors that the claims need. */
#include "protocols/chain.h"

#include <string.h>

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

const struct gs_field chain_announced_fields[] = {
    GS_FIELD(struct chain_announced, number),
    GS_FIELD(struct chain_announced, value),
    GS_FIELD(struct chain_announced, is_unasked),
    GS_FIELD(struct chain_announced, was_begun),
    GS_FIELDS_END,
};
const struct gs_field chain_answered_fields[] = {
    GS_FIELD(struct chain_answered, epoch),
    GS_FIELD(struct chain_answered, count),
    GS_LIST(struct chain_answered, values, count),
    GS_FIELDS_END,
};
static const struct gs_field pending_fields[] = {
    GS_FIELD(struct chain_pending, count),
    GS_LIST(struct chain_pending, least, count),
    GS_FIELDS_END,
};
const struct gs_field chain_versions_fields[] = {
    GS_FIELD(struct chain_versions, newest),
    GS_FIELD(struct chain_versions, went_back),
    GS_FIELD(struct chain_versions, before),
    GS_FIELD(struct chain_versions, after),
    GS_STRUCT_BY_NODE(struct chain_versions, pending, CHAIN_SERVER, pending_fields),
    GS_FIELDS_END,
};
const struct gs_field chain_ahead_fields[] = {
    GS_FIELD(struct chain_ahead, committed),
    GS_FIELD(struct chain_ahead, most),
    GS_FIELDS_END,
};

void chain_note_answered(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct chain_answered *answered = value;
    const struct chain_announced *what = announced;
    (void)run;
    (void)by;
    if (announcement == CHAIN_CONFIGURED)
        answered->epoch = what->number;
    if (announcement == CHAIN_WRITTEN)
        gs_insert(answered->values, &answered->count, &what->value);
}

static void complete(struct chain_versions *versions, uint8_t version)
{
    if (version > versions->newest)
        versions->newest = version;
}

/* Of the reads that one server has begun the first is taken to be answered: of all it may return the oldest version. */
static uint8_t take_first(struct chain_pending *pending)
{
    const uint8_t least = pending->least[0];
    if (pending->count) {
        memmove(pending->least, pending->least + 1, (size_t)pending->count - 1);
        pending->least[--pending->count] = 0;
    }
    return least;
}

static void note_read(struct chain_versions *versions, uint8_t least, uint8_t version)
{
    if (version < least && !versions->went_back) {
        versions->went_back = true;
        versions->before = least;
        versions->after = version;
    }
    complete(versions, version);
}

void chain_note_versions(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct chain_versions *versions = value;
    struct chain_pending *pending = &versions->pending[gs_run_index(run, by)];
    const struct chain_announced *what = announced;
    if (announcement == CHAIN_WRITTEN)
        complete(versions, what->number);
    if (announcement == CHAIN_READ_BEGUN)
        gs_assert(run, gs_push(pending->least, &pending->count, &versions->newest));
    if (announcement == CHAIN_READ_DONE && what->is_unasked)
        note_read(versions, what->was_begun ? take_first(pending) : versions->newest, what->number);
}

void chain_note_ahead(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct chain_ahead *ahead = value;
    const struct chain_announced *what = announced;
    (void)run;
    (void)by;
    if (announcement == CHAIN_COMMITTED && what->number > ahead->committed)
        ahead->committed = what->number;
    if (announcement == CHAIN_READ_DONE && what->number > ahead->committed + ahead->most)
        ahead->most = (uint8_t)(what->number - ahead->committed);
}

/* ---- The chain's invariants -------------------------------------------------------------------------------------- */

static const struct gs_log history = GS_LOG(struct chain_server, history, count, version, acked);

/* Of two members of one configuration: does this one come before that one? Who has been taken out, or has just been
 * appended and does not know it, is not in the row. */
static bool precedes(struct gs_view *v)
{
    const struct chain_server *one = gs_this(v), *other = gs_that(v);
    return one->order.epoch == other->order.epoch && gs_is_up(v, gs_this_node(v)) && gs_is_up(v, gs_that_node(v)) &&
           chain_is_member(one, gs_this_node(v)) && chain_is_member(other, gs_that_node(v)) &&
           chain_place(&one->order, gs_this_node(v)) < chain_place(&one->order, gs_that_node(v));
}

bool chain_propagates(struct gs_view *v)
{
    const struct chain_server *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, precedes(v)))
        return true;
    return gs_log_common(&history, one, other) == other->count ||
           gs_explain(v, "%s comes before %s, whose updates are not the first of its own", gs_name(v, gs_this_node(v)),
                      gs_name(v, gs_that_node(v)));
}

bool chain_inprocess(struct gs_view *v)
{
    const struct chain_server *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, precedes(v)))
        return true;
    return one->acked <= other->count ||
           gs_explain(v, "%s takes %u updates for acknowledged, and %s behind it has only %u",
                      gs_name(v, gs_this_node(v)), one->acked, gs_name(v, gs_that_node(v)), other->count);
}

bool chain_clean_follows_tail(struct gs_view *v)
{
    const struct chain_server *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, precedes(v)))
        return true;
    return one->acked <= other->acked ||
           gs_explain(v, "%s takes %u updates for clean, and %s behind it only %u", gs_name(v, gs_this_node(v)),
                      one->acked, gs_name(v, gs_that_node(v)), other->acked);
}

bool chain_acked_agree(struct gs_view *v)
{
    return gs_committed_prefixes_agree(v, &history);
}

bool chain_acked_within(struct gs_view *v)
{
    return gs_commit_is_within_log(v, &history);
}

bool chain_applies_once(struct gs_view *v)
{
    const struct chain_server *server = gs_this(v);
    for (int i = 0; i < server->count; i++)
        for (int k = 0; k < i; k++)
            if (server->history[i].value == server->history[k].value)
                return gs_explain(v, "%s has applied %u twice", gs_name(v, gs_this_node(v)), server->history[i].value);
    return true;
}

static bool has_applied(const struct chain_server *server, uint8_t value)
{
    for (int i = 0; i < server->count; i++)
        if (server->history[i].value == value)
            return true;
    return false;
}

/* Who has the newest configuration and is in it: the others may lack what was written without them. */
bool chain_answered_is_stored(struct gs_view *v)
{
    const struct chain_answered *answered = gs_monitor_value(v);
    const struct chain_server *server = gs_this(v);
    const uint8_t epoch = answered->epoch ? answered->epoch : 1;
    if (!gs_premise(v, answered->count && server->order.epoch == epoch && gs_is_up(v, gs_this_node(v)) &&
                           chain_is_member(server, gs_this_node(v))))
        return true;
    for (int i = 0; i < answered->count; i++)
        if (!has_applied(server, answered->values[i]))
            return gs_explain(v, "a client was told that %u is written, and %s of the chain does not have it",
                              answered->values[i], gs_name(v, gs_this_node(v)));
    return true;
}

bool chain_never_goes_back(struct gs_view *v)
{
    const struct chain_versions *versions = gs_monitor_value(v);
    return !versions->went_back || gs_explain(v, "a read returns version %u, and version %u was complete before",
                                              versions->after, versions->before);
}

bool chain_ahead_at_most(struct gs_view *v)
{
    const struct chain_ahead *ahead = gs_monitor_value(v);
    const int64_t most = gs_option(v, CHAIN_CONSISTENCY) == CHAIN_BOUNDED ? gs_option(v, CHAIN_STALENESS) : 0;
    return ahead->most <= most ||
           gs_explain(v, "a read returns a version that is %u ahead of what is final", ahead->most);
}

bool chain_named_is_held(struct gs_view *v)
{
    const struct chain_server *server = gs_this(v);
    const struct chain_message *m = gs_message(v);
    const int final = m->seq > server->acked ? m->seq : server->acked;
    if (!gs_premise(v, m->type == CHAIN_VERSION && m->epoch == server->order.epoch))
        return true;
    return final >= server->dropped ||
           gs_explain(v, "%s is to answer as of version %d, and no longer has that", gs_name(v, gs_receiver(v)), final);
}

/* A chain whose servers are all up, and have heard of it, has nothing left in flight; unless its head waits for the
 * updates of a predecessor, which was lost. */
bool chain_settles(struct gs_view *v)
{
    const gs_node reliable = gs_node_at(v, CHAIN_MASTER, 0);
    const struct chain_master *master = gs_state(v, reliable);
    const struct chain_order *order = &master->order;
    const struct chain_server *tail = gs_state(v, chain_tail(order));
    const struct chain_server *head = gs_state(v, chain_head(order));
    bool is_whole = gs_is_up(v, reliable) && !head->waits;
    for (int i = 0; i < order->length; i++) {
        const struct chain_server *server = gs_state(v, order->servers[i]);
        is_whole &= gs_is_up(v, order->servers[i]) && server->order.epoch == order->epoch;
    }
    if (!gs_premise(v, is_whole))
        return true;
    for (int i = 0; i < order->length; i++) {
        const struct chain_server *server = gs_state(v, order->servers[i]);
        if (server->waits)
            return gs_explain(v, "nothing is left to do, and %s waits for its predecessor's updates",
                              gs_name(v, order->servers[i]));
        if (server->acked < server->count || server->count != tail->count)
            return gs_explain(v, "nothing is left to do, and of %u updates at %s %u are known to be at the tail",
                              server->count, gs_name(v, order->servers[i]), server->acked);
    }
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

/* Those that a crash of their client left open do not count. */
bool chain_all_returned(struct gs_view *v)
{
    for (GS_EACH(client, gs_nodes(v, CHAIN_CLIENT))) {
        const struct gs_client *state = gs_state(v, client);
        if (state->waiting || state->invoked < gs_client_operations(gs_view_run(v), client))
            return false;
    }
    return true;
}

/* The master takes a server out, while an update is in flight between those that were in the chain. */
static bool is_lost(struct gs_view *v, bool (*is_there)(int place, int length))
{
    const struct chain_order *before = &((const struct chain_master *)gs_before(v))->order;
    const struct chain_order *after = &((const struct chain_master *)gs_this(v))->order;
    bool is_in_flight = false, is_lost = false;
    for (int i = 0; i < before->length && after->epoch > before->epoch; i++) {
        const struct chain_server *server = gs_state(v, before->servers[i]);
        is_in_flight |= server->acked < server->count;
        is_lost |= is_there(i, before->length) && chain_place(after, before->servers[i]) < 0;
    }
    return is_in_flight && is_lost;
}

static bool is_at_head(int place, int length)
{
    return place == 0 && length > 1;
}

static bool is_in_the_middle(int place, int length)
{
    return place > 0 && place < length - 1;
}

static bool is_at_tail(int place, int length)
{
    return place > 0 && place == length - 1;
}

bool chain_head_is_lost(struct gs_view *v)
{
    return is_lost(v, is_at_head);
}

bool chain_middle_is_lost(struct gs_view *v)
{
    return is_lost(v, is_in_the_middle);
}

bool chain_tail_is_lost(struct gs_view *v)
{
    return is_lost(v, is_at_tail);
}

/* A server's updates come to one that was out of the chain. */
bool chain_rejoins(struct gs_view *v)
{
    const struct chain_server *before = gs_before(v), *after = gs_this(v);
    return before->waits && !after->waits && after->count > 0 && gs_same(chain_tail(&after->order), gs_this_node(v));
}

/* Taken out, alive, and unaware of it, it still takes itself for the tail, while others have gone on without it. */
bool chain_goes_on_without(struct gs_view *v)
{
    const struct chain_server *one = gs_this(v), *other = gs_that(v);
    return gs_is_up(v, gs_this_node(v)) && gs_is_up(v, gs_that_node(v)) && one->order.epoch > other->order.epoch &&
           chain_place(&one->order, gs_that_node(v)) < 0 && chain_is_member(one, gs_this_node(v)) &&
           gs_same(chain_tail(&other->order), gs_that_node(v)) && one->acked > other->count;
}

/* All others are lost, and an update is final. */
bool chain_goes_on_alone(struct gs_view *v)
{
    const struct chain_server *server = gs_this(v);
    return server->order.length == 1 && chain_is_member(server, gs_this_node(v)) && server->acked > 0;
}

bool chain_asks_tail(struct gs_view *v)
{
    return ((const struct chain_message *)gs_message(v))->type == CHAIN_ASK_VERSION;
}

/* The tail has named a version, and has a newer one before the answer arrives. */
bool chain_write_during_query(struct gs_view *v)
{
    const struct chain_message *m = gs_message(v);
    const struct chain_server *server = gs_this(v);
    return m->type == CHAIN_VERSION && m->epoch == server->order.epoch && server->acked > m->seq;
}

bool chain_two_dirty(struct gs_view *v)
{
    const struct chain_message *m = gs_message(v);
    const struct chain_server *server = gs_this(v);
    return m->type == CHAIN_READ && gs_same(chain_head(&server->order), gs_receiver(v)) &&
           server->count - server->acked >= 2;
}

bool chain_reads_uncommitted(struct gs_view *v)
{
    return ((const struct chain_ahead *)gs_monitor_value(v))->most > 0;
}

/* ---- Needs ------------------------------------------------------------------------------------------------------- */

static int64_t min_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t chain_writes(const struct gs_run *run)
{
    return min_of(gs_option(run, CHAIN_WRITERS), gs_count(run, CHAIN_CLIENT)) * gs_option(run, CHAIN_WRITES);
}

int64_t chain_reads(const struct gs_run *run)
{
    return min_of(gs_option(run, CHAIN_READERS), gs_count(run, CHAIN_CLIENT)) * gs_option(run, CHAIN_READS);
}

bool chain_has_operations(const struct gs_run *run)
{
    return chain_writes(run) + chain_reads(run) > 0;
}

bool chain_has_writes(const struct gs_run *run)
{
    return chain_writes(run) + gs_option(run, CHAIN_UNASKED) > 0;
}

/* Of clients alone. */
bool chain_has_history(const struct gs_run *run)
{
    return chain_has_operations(run) && !chain_is_unasked(run);
}

bool chain_is_unasked(const struct gs_run *run)
{
    return gs_option(run, CHAIN_UNASKED) > 0;
}

/* Versions of what clients write, under another key, are other versions. */
bool chain_is_steady(const struct gs_run *run)
{
    return chain_is_unasked(run) && chain_writes(run) == 0 && gs_option(run, CHAIN_EPOCHS) == 1;
}

/* What is lost is not sent again before the chain changes; and at rest nobody is suspected any more. */
bool chain_may_settle(const struct gs_run *run)
{
    return !chain_is_unasked(run) && gs_budget(run, GS_DROP) == 0 &&
           (gs_option(run, CHAIN_EPOCHS) == 1 || gs_budget(run, GS_TIMEOUT) != 0);
}

bool chain_has_row(const struct gs_run *run)
{
    return gs_count(run, CHAIN_SERVER) > 1;
}

bool chain_may_agree(const struct gs_run *run)
{
    return chain_has_row(run) && chain_has_writes(run);
}

bool chain_may_lose(const struct gs_run *run)
{
    return chain_may_agree(run) && gs_option(run, CHAIN_EPOCHS) > 1 && gs_budget(run, GS_TIMEOUT) != 0;
}

bool chain_may_lose_middle(const struct gs_run *run)
{
    return chain_may_lose(run) && gs_count(run, CHAIN_SERVER) > 2;
}

bool chain_may_rejoin(const struct gs_run *run)
{
    return chain_may_lose(run) && gs_option(run, CHAIN_EPOCHS) > 2;
}

bool chain_may_be_alone(const struct gs_run *run)
{
    return chain_may_lose(run) && gs_option(run, CHAIN_EPOCHS) >= gs_count(run, CHAIN_SERVER) &&
           (gs_budget(run, GS_TIMEOUT) < 0 || gs_budget(run, GS_TIMEOUT) >= gs_count(run, CHAIN_SERVER) - 1);
}
