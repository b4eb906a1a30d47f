/* The configuration service of primary-backup replication: names the primary of each epoch, and keeps who is in sync.
 * It suspects a primary at any time, rightly or not: then it asks the servers in sync for a new epoch, in which they
 * take nothing from older primaries, and promotes the one with the newest log of so many that any write which was
 * acknowledged is in one of their logs. */
#include "protocols/primary_backup.h"

enum { SERVER = PB_SERVER };

void pb_config_init(const struct gs_run *run, gs_node self, void *state)
{
    struct pb_config *config = state;
    (void)self;
    config->epoch = 1;
    config->primary = gs_node_at(run, SERVER, 0);
    config->in_sync = gs_nodes(run, SERVER);
}

/* How many answers a promotion takes: a write is acknowledged when it is held by the primary and as many backups as the
 * mode says, so that all but those many servers have one that holds it. */
static int answers_awaited(struct gs_step *s)
{
    if (gs_option(s, PB_FAILOVER) == PB_FORCED || gs_mutant(s, PB_SEMI_ANY_PROMOTE) ||
        (gs_option(s, PB_MODE) == PB_ASYNC && gs_mutant(s, PB_ASYNC_FAILOVER)))
        return 1;
    return gs_count(s, SERVER) - pb_acks_awaited(gs_step_run(s));
}

static void forget_answers(struct pb_config *config)
{
    config->answered = GS_EMPTY_SET;
    config->best = GS_NOBODY;
    config->best_epoch = 0;
    config->best_seq = 0;
}

/* While there are epochs left, or something to send again. */
static bool arm(struct gs_step *s, const struct pb_config *config)
{
    const bool has_more = config->epoch < gs_option(s, PB_EPOCHS) || (config->epoch > 1 && gs_option(s, PB_RESENDS));
    return !has_more || gs_set_timer(s, PB_FAIL_OVER, 0);
}

static bool promote(struct gs_step *s, const struct pb_config *config)
{
    return gs_send(s, config->primary,
                   &(struct pb_message){.type = PB_PROMOTE, .epoch = config->epoch, .in_sync = config->in_sync});
}

/* Of the last epoch: what was lost on the way is sent again. */
static bool ask_again(struct gs_step *s, const struct pb_config *config)
{
    if (!gs_is_nobody(config->primary))
        promote(s, config);
    else
        gs_multicast(s, gs_set_difference(config->in_sync, config->answered),
                     &(struct pb_message){.type = PB_QUERY, .epoch = config->epoch});
    return arm(s, config);
}

static bool fail_over(struct gs_step *s, struct pb_config *config)
{
    if (config->epoch >= gs_option(s, PB_EPOCHS))
        return ask_again(s, config);
    if (!gs_mutant(s, PB_NO_EPOCH))
        config->epoch++;
    config->primary = GS_NOBODY;
    forget_answers(config);
    gs_multicast(s, config->in_sync, &(struct pb_message){.type = PB_QUERY, .epoch = config->epoch});
    return arm(s, config);
}

/* The log of a later epoch's primary is the newer one, whatever its length. */
static bool is_newer(struct gs_step *s, const struct pb_config *config, const struct pb_message *last)
{
    if (gs_is_nobody(config->best) || gs_mutant(s, PB_LAST_TO_ANSWER))
        return true;
    if (last->log_epoch != config->best_epoch && !gs_mutant(s, PB_LENGTH_ONLY))
        return last->log_epoch > config->best_epoch;
    return last->seq > config->best_seq;
}

static bool on_last(struct gs_step *s, struct pb_config *config, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch != config->epoch || !gs_is_nobody(config->primary) || gs_set_has(config->answered, e->from))
        return false;
    config->answered = gs_set_with(config->answered, e->from);
    if (is_newer(s, config, message)) {
        config->best = e->from;
        config->best_epoch = message->log_epoch;
        config->best_seq = message->seq;
    }
    if (gs_set_size(config->answered) < answers_awaited(s))
        return true;
    config->primary = config->best;
    forget_answers(config);
    return promote(s, config);
}

/* Who is left out is not promoted any more; so the primary need not wait for it once it knows. */
static bool on_remove(struct gs_step *s, struct pb_config *config, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch != config->epoch || !gs_same(config->primary, e->from))
        return false;
    if (gs_set_size(config->in_sync) > gs_count(s, SERVER) - gs_option(s, PB_REMOVALS))
        config->in_sync = gs_set_without(config->in_sync, message->server);
    return gs_send(s, e->from,
                   &(struct pb_message){.type = PB_IN_SYNC, .epoch = config->epoch, .in_sync = config->in_sync});
}

bool pb_config_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct pb_config *config = self;

    switch (e->type) {
    case GS_START: /* a crash has cleared the timer */
        return arm(s, config);
    case PB_FAIL_OVER:
        return fail_over(s, config);
    case PB_LAST:
        return on_last(s, config, e);
    case PB_REMOVE:
        return on_remove(s, config, e);
    }
    return gs_unhandled(s, e);
}
