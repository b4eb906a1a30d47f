/* What is claimed of primary-backup replication, and its goals. */
#include "protocols/primary_backup.h"

#include "properties/at_most_one.h"
#include "properties/monotone.h"
#include "properties/replicated_log.h"

enum { SERVER = PB_SERVER, CLIENT = PB_CLIENT };

static const struct gs_log log_of = GS_LOG(struct pb_server, log, log_length, epoch, committed);

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

void pb_accepts_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct pb_accepts *accepts = value;
    const bool is_new = announcement == PB_ACCEPTED && !gs_contains(accepts->list, accepts->count, announced);
    (void)by;
    if (is_new)
        gs_assert(run, gs_insert(accepts->list, &accepts->count, announced));
}

void pb_acknowledges_announced(const struct gs_run *run, void *value, gs_node by, int announcement,
                               const void *announced)
{
    struct pb_acknowledges *acknowledges = value;
    const bool is_new =
        announcement == PB_ACKNOWLEDGED && !gs_contains(acknowledges->list, acknowledges->count, announced);
    (void)by;
    if (is_new)
        gs_assert(run, gs_insert(acknowledges->list, &acknowledges->count, announced));
}

/* ---- Claims ------------------------------------------------------------------------------------------------------ */

/* A primary has all that was acknowledged in its epoch and those before. */
static const struct pb_acknowledged *find_lost(struct gs_view *v)
{
    const struct pb_acknowledges *acknowledged = gs_monitor_value(v);
    const struct pb_server *server = gs_this(v);
    for (int i = 0; i < acknowledged->count; i++) {
        const struct pb_acknowledged *one = &acknowledged->list[i];
        const bool is_there = one->seq <= server->log_length && server->log[one->seq - 1].value == one->value;
        if (server->leads && gs_premise(v, one->epoch <= server->epoch) && !is_there)
            return one;
    }
    return NULL;
}

bool pb_acked_is_durable(struct gs_view *v)
{
    const struct pb_acknowledged *lost = find_lost(v);
    if (!lost)
        return true;
    return gs_explain(v, "value %d was acknowledged in epoch %d, and %s, the primary of epoch %d, does not have it",
                      lost->value, lost->epoch, gs_name(v, gs_this_node(v)),
                      ((const struct pb_server *)gs_this(v))->epoch);
}

bool pb_acked_is_held(struct gs_view *v)
{
    const int servers = gs_count(v, SERVER);
    const int holders = gs_option(v, PB_MODE) == PB_SYNC_ALL ? servers - (int)gs_option(v, PB_REMOVALS)
                                                             : 1 + pb_acks_awaited(gs_view_run(v));
    return gs_committed_is_stored(v, &log_of, SERVER, holders);
}

bool pb_backup_is_a_prefix(struct gs_view *v)
{
    const struct pb_server *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->log_epoch == other->log_epoch && one->log_length <= other->log_length))
        return true;
    const size_t common = gs_log_common(&log_of, one, other);
    if (common < one->log_length)
        return gs_explain(v, "%s and %s have logs of epoch %d, and they differ at entry %zu",
                          gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)), one->log_epoch, common + 1);
    return !one->leads || one->epoch != one->log_epoch || one->log_length == other->log_length ||
           gs_explain(v, "%s has a longer log of epoch %d than %s, its primary", gs_name(v, gs_that_node(v)),
                      one->epoch, gs_name(v, gs_this_node(v)));
}

bool pb_at_most_one_accepts(struct gs_view *v)
{
    const struct pb_accepts *accepts = gs_monitor_value(v);
    gs_premise(v, accepts->count > 0);
    const size_t second = gs_find_second_claim(accepts->list, accepts->count, epoch);
    if (!second)
        return true;
    return gs_explain(v, "%s and %s both took writes in epoch %d", gs_name(v, accepts->list[second - 1].primary),
                      gs_name(v, accepts->list[second].primary), accepts->list[second].epoch);
}

bool pb_epoch_never_falls(struct gs_view *v)
{
    return gs_never_decreases(v, &(const struct gs_field)GS_FIELD(struct pb_server, epoch));
}

/* The one that leads the latest epoch that any server knows of; NULL: it is down, or nobody does. */
static const struct pb_server *latest_primary(struct gs_view *v)
{
    const struct pb_server *primary = NULL;
    int latest = 0;
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        const struct pb_server *state = gs_state(v, server);
        if (state->epoch > latest) {
            latest = state->epoch;
            primary = NULL;
        }
        if (state->epoch == latest && state->leads && gs_is_up(v, server))
            primary = state;
    }
    return primary;
}

bool pb_stores_equal_at_rest(struct gs_view *v)
{
    const struct pb_server *primary = latest_primary(v);
    if (!gs_premise(v, primary != NULL))
        return true;
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        const struct pb_server *state = gs_state(v, server);
        if (gs_is_up(v, server) &&
            (state->log_length != primary->log_length || gs_log_common(&log_of, state, primary) != primary->log_length))
            return gs_explain(v, "nothing is left to do, and %s does not have what the primary of epoch %d has",
                              gs_name(v, server), primary->epoch);
    }
    return true;
}

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

bool pb_all_returned(struct gs_view *v)
{
    return gs_all_returned(v, CLIENT);
}

bool pb_promoted(struct gs_view *v)
{
    const struct pb_server *server = gs_this(v);
    return server->leads && server->epoch > 1 && gs_index(v, gs_this_node(v)) > 0;
}

bool pb_two_primaries(struct gs_view *v)
{
    return ((const struct pb_server *)gs_this(v))->leads && ((const struct pb_server *)gs_that(v))->leads;
}

bool pb_steps_down(struct gs_view *v)
{
    return ((const struct pb_server *)gs_before(v))->leads && !((const struct pb_server *)gs_this(v))->leads;
}

bool pb_told_that_it_is_over(struct gs_view *v)
{
    const struct pb_message *message = gs_message(v);
    const struct pb_server *server = gs_this(v);
    return message->type == PB_STALE && server->leads && message->epoch > server->epoch;
}

bool pb_buffers(struct gs_view *v)
{
    const struct pb_server *server = gs_this(v);
    return server->buffer_count > 0 && server->log_epoch == server->epoch;
}

/* Of the servers that the primary waits for: those that are down, and whether all others hold its last entry. */
static bool waits_for_the_lost_alone(struct gs_view *v, gs_node self, const struct pb_server *primary)
{
    bool has_lost = false;
    for (GS_EACH(other, gs_set_without(primary->in_sync, self))) {
        if (!gs_is_up(v, other))
            has_lost = true;
        else if (primary->held[gs_index(v, other)] <= primary->log_length)
            return false;
    }
    return has_lost;
}

/* Every backup that is up has acknowledged, one in sync is down: is the primary's last write acknowledged? */
static bool is_settled_without_lost(struct gs_view *v, bool is_committed)
{
    for (GS_EACH(server, gs_nodes(v, SERVER))) {
        const struct pb_server *state = gs_state(v, server);
        if (state->leads && gs_is_up(v, server) && state->log_length > 0 &&
            waits_for_the_lost_alone(v, server, state) && (state->committed == state->log_length) == is_committed)
            return true;
    }
    return false;
}

bool pb_write_blocks(struct gs_view *v)
{
    return is_settled_without_lost(v, false);
}

bool pb_write_goes_on(struct gs_view *v)
{
    return is_settled_without_lost(v, true);
}

bool pb_acked_is_lost(struct gs_view *v)
{
    return find_lost(v) != NULL;
}

/* A client has an answer to its put, and a marked read of the same client's next get knows nothing of it. */
bool pb_marked_read_is_behind(struct gs_view *v)
{
    const struct pb_message *message = gs_message(v);
    return message->type == PB_GET_MARKED && message->seq == 0 && gs_client_returns(gs_this(v)) > 0;
}

bool pb_goes_on_without_removed(struct gs_view *v)
{
    const struct pb_server *server = gs_this(v);
    return server->leads && server->committed > 0 && gs_set_size(server->in_sync) < gs_count(v, SERVER) &&
           server->committed == server->log_length;
}
