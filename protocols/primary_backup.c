/* Primary-backup replication (Alsberg and Day, "A Principle for Resilient Sharing of Distributed Resources", 1976),
 * with a configuration service that names the primary of an epoch, as Vertical Paxos and Kafka have one. A primary
 * numbers the writes, sends each to all others, and answers when enough of them hold it: none (async), some
 * (semi-sync), or all that are in sync. Here: the servers. */
#include "protocols/primary_backup.h"

#include <string.h>

enum { SERVER = PB_SERVER, CONFIG = PB_CONFIG };

void pb_server_init(const struct gs_run *run, gs_node self, void *state)
{
    struct pb_server *server = state;
    server->epoch = 1;
    server->log_epoch = 1;
    server->leads = gs_index(run, self) == 0;
    if (!server->leads)
        return;
    server->in_sync = gs_nodes(run, SERVER);
    for (int k = 1; k < gs_count(run, SERVER); k++)
        server->held[k] = 1;
}

bool pb_server_within(const struct gs_run *run, gs_node self, const void *state)
{
    const struct pb_server *server = state;
    (void)run, (void)self;
    return server->log_length < PB_LOG_MAX && server->waiting_count < PB_WAITING_MAX &&
           server->buffer_count < PB_BUFFER_MAX;
}

int pb_acks_awaited(const struct gs_run *run)
{
    const int backups = gs_count(run, SERVER) - 1, acks = (int)gs_option(run, PB_ACKS);
    if (gs_option(run, PB_MODE) != PB_SEMI_SYNC)
        return gs_option(run, PB_MODE) == PB_ASYNC ? 0 : backups;
    return acks < backups ? acks : backups;
}

bool pb_is_enough(const struct gs_run *run, const struct pb_server *primary, gs_node self, gs_node_set done)
{
    const gs_node_set awaited = gs_set_without(primary->in_sync, self);
    const gs_node_set missing = gs_set_difference(awaited, done);
    if (gs_option(run, PB_MODE) == PB_SYNC_ALL)
        return gs_set_is_empty(missing);
    return gs_set_size(awaited) - gs_set_size(missing) >= pb_acks_awaited(run);
}

uint8_t pb_value(const struct pb_server *server, uint8_t seq, uint8_t key)
{
    uint8_t value = 0;
    for (int i = 0; i < seq; i++)
        if (server->log[i].key == key)
            value = server->log[i].value;
    return value;
}

/* ---- Epochs ------------------------------------------------------------------------------------------------------ */

/* What belongs to an epoch, and is forgotten with it; who waits for an answer gets none. */
static void forget_epoch(struct pb_server *server)
{
    gs_truncate(server->buffer, &server->buffer_count, 0);
    gs_truncate(server->waiting, &server->waiting_count, 0);
    memset(server->held, 0, sizeof(server->held));
    server->leaving = GS_EMPTY_SET;
    server->read = (struct pb_read){0};
    server->committed = 0;
}

/* A later epoch: whoever leads an earlier one steps down. */
void pb_enter_epoch(struct gs_step *s, struct pb_server *server, uint8_t epoch)
{
    if (epoch <= server->epoch)
        return;
    server->epoch = epoch;
    server->leads = false;
    server->unwritten = 0;
    server->written_for = GS_NOBODY;
    gs_cancel_timer(s, PB_WRITTEN, 0);
    server->in_sync = GS_EMPTY_SET;
    forget_epoch(server);
    gs_cancel_timer(s, PB_RESEND, 0);
}

/* ---- The primary: what waits, and its end ------------------------------------------------------------------------ */

static gs_node_set holders_of(struct gs_step *s, const struct pb_server *server, int seq)
{
    gs_node_set holders = GS_EMPTY_SET;
    for (GS_EACH(other, gs_peers(s)))
        if (server->held[gs_index(s, other)] > seq)
            holders = gs_set_with(holders, other);
    return holders;
}

static bool is_behind(struct gs_step *s, const struct pb_server *server, gs_node other)
{
    return server->held[gs_index(s, other)] <= server->log_length;
}

static void answer_writes(struct gs_step *s, struct pb_server *server)
{
    for (int i = 0; i < server->waiting_count;) {
        const struct pb_waiting waiting = server->waiting[i];
        if (waiting.seq > server->committed) {
            i++;
            continue;
        }
        const uint8_t value = server->log[waiting.seq - 1].value;
        gs_announce(s, PB_ACKNOWLEDGED,
                    &(struct pb_acknowledged){.epoch = server->epoch, .seq = waiting.seq, .value = value});
        gs_send(s, waiting.client, &(struct pb_message){.type = PB_PUT_OK, .request = value});
        memmove(&server->waiting[i], &server->waiting[i + 1],
                (size_t)(server->waiting_count - i - 1) * sizeof(waiting));
        server->waiting_count--;
    }
}

static void answer_read(struct gs_step *s, struct pb_server *server)
{
    const struct pb_read read = server->read;
    const bool is_committed = read.seq <= server->committed || gs_mutant(s, PB_DIRTY_READS);
    if (!read.request || !is_committed || !pb_is_enough(gs_step_run(s), server, gs_self(s), read.confirmed))
        return;
    server->read = (struct pb_read){0};
    gs_send(s, read.client,
            &(struct pb_message){
                .type = PB_GET_OK, .request = read.request, .value = pb_value(server, read.seq, read.key)});
}

/* After anything that may let a write or the read end. */
static bool settle(struct gs_step *s, struct pb_server *server)
{
    bool is_current = true;
    while (server->committed < server->log_length - server->unwritten &&
           pb_is_enough(gs_step_run(s), server, gs_self(s), holders_of(s, server, server->committed + 1)))
        server->committed++;
    answer_writes(s, server);
    answer_read(s, server);
    for (GS_EACH(other, gs_peers(s)))
        is_current = is_current && !is_behind(s, server, other);
    if (!gs_option(s, PB_RESENDS))
        return true;
    if (is_current && !server->read.request && gs_set_is_empty(server->leaving))
        return gs_cancel_timer(s, PB_RESEND, 0);
    return gs_timer_is_set(s, PB_RESEND, 0) || gs_set_timer(s, PB_RESEND, 0);
}

static void send_log(struct gs_step *s, const struct pb_server *server, gs_node_set to)
{
    struct pb_message message = {.type = PB_SYNC, .epoch = server->epoch, .log_length = server->log_length};
    memcpy(message.log, server->log, sizeof(message.log));
    gs_multicast(s, to, &message);
}

/* ---- Disks ------------------------------------------------------------------------------------------------------- */

bool pb_acknowledge(struct gs_step *s, const struct pb_server *server, gs_node primary, uint8_t seq)
{
    return gs_send(s, primary, &(struct pb_message){.type = PB_ACK, .epoch = server->epoch, .seq = seq});
}

/* A primary sends on what is on its disk, a backup acknowledges it. */
static bool on_written(struct gs_step *s, struct pb_server *server)
{
    const gs_node primary = server->written_for;
    for (int seq = server->log_length - server->unwritten + 1; server->leads && seq <= server->log_length; seq++)
        gs_broadcast(
            s, SERVER,
            &(struct pb_message){
                .type = PB_REPLICATE, .epoch = server->epoch, .seq = (uint8_t)seq, .entry = server->log[seq - 1]});
    server->unwritten = 0;
    server->written_for = GS_NOBODY;
    return server->leads ? settle(s, server) : pb_acknowledge(s, server, primary, server->log_length);
}

/* What comes while the disk is busy is written with the rest. */
static bool write_to_disk(struct gs_step *s, struct pb_server *server)
{
    if (!server->unwritten || !gs_option(s, PB_WRITE_TIME))
        return on_written(s, server);
    return gs_timer_is_set(s, PB_WRITTEN, 0) || gs_set_timer(s, PB_WRITTEN, 0);
}

/* A backup has so many entries more than before, from that primary. */
bool pb_write_and_acknowledge(struct gs_step *s, struct pb_server *server, gs_node primary, int before)
{
    if (server->log_length > before)
        server->unwritten = (uint8_t)(server->unwritten + server->log_length - before);
    server->written_for = primary;
    return write_to_disk(s, server);
}

/* ---- Clients' requests ------------------------------------------------------------------------------------------- */

/* The number of the entry that the request wrote; 0: none. */
static uint8_t find_request(const struct pb_server *server, uint8_t request)
{
    for (uint8_t seq = server->log_length; seq > 0; seq--)
        if (server->log[seq - 1].value == request)
            return seq;
    return 0;
}

/* A request that is asked again is not written again. */
static bool on_put(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    const struct pb_entry entry = {.epoch = server->epoch, .key = message->key, .value = message->request};
    uint8_t seq = find_request(server, message->request);
    if (!server->leads)
        return false; /* the client asks another server when its patience ends */
    if (!seq) {
        gs_push(server->log, &server->log_length, &entry);
        seq = server->log_length;
        gs_announce(s, PB_ACCEPTED, &(struct pb_accepted){.epoch = server->epoch, .primary = gs_self(s)});
        server->unwritten++;
    }
    const struct pb_waiting waiting = {.seq = seq, .client = e->from};
    if (gs_contains(server->waiting, server->waiting_count, &waiting))
        return false;
    gs_push(server->waiting, &server->waiting_count, &waiting);
    return write_to_disk(s, server);
}

static bool answer_marked(struct gs_step *s, const struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    return gs_send(s, e->from,
                   &(struct pb_message){.type = PB_GET_MARKED,
                                        .request = message->request,
                                        .value = pb_value(server, server->log_length, message->key),
                                        .seq = server->log_length});
}

/* The primary answers with what was acknowledged, once it knows that it was still the primary after it was asked: as
 * many servers as would have to be asked for a promotion cannot all have been asked by then. */
static bool on_get(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (!server->leads)
        return answer_marked(s, server, e);
    if (server->read.request == message->request)
        return false;
    if (server->read.request)
        return gs_defer(s);
    server->read = (struct pb_read){
        .request = message->request, .key = message->key, .client = e->from, .seq = server->log_length};
    if (gs_mutant(s, PB_STALE_PRIMARY_READS)) {
        server->read.confirmed = gs_nodes(s, SERVER);
        server->read.seq = server->committed;
    } else if (!pb_is_enough(gs_step_run(s), server, gs_self(s), GS_EMPTY_SET)) {
        gs_broadcast(s, SERVER,
                     &(struct pb_message){.type = PB_CHECK, .epoch = server->epoch, .request = message->request});
    }
    return settle(s, server);
}

/* ---- Back at the primary ----------------------------------------------------------------------------------------- */

/* Mutant: whoever acknowledges again is taken for somebody who has not yet. */
static gs_node someone_behind(struct gs_step *s, const struct pb_server *server, uint8_t seq, gs_node sender)
{
    if (server->held[gs_index(s, sender)] <= seq)
        return sender;
    for (GS_EACH(other, gs_peers(s)))
        if (server->held[gs_index(s, other)] <= seq)
            return other;
    return sender;
}

static bool on_ack(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (!server->leads || server->epoch != message->epoch)
        return false;
    const gs_node holder = gs_mutant(s, PB_ACK_DUP) ? someone_behind(s, server, message->seq, e->from) : e->from;
    uint8_t *held = &server->held[gs_index(s, holder)];
    if (*held > message->seq)
        return false;
    *held = (uint8_t)(message->seq + 1);
    return settle(s, server);
}

static bool on_checked(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (!server->leads || server->epoch != message->epoch || server->read.request != message->request ||
        gs_set_has(server->read.confirmed, e->from))
        return false;
    server->read.confirmed = gs_set_with(server->read.confirmed, e->from);
    return settle(s, server);
}

static bool on_stale(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch <= server->epoch)
        return false;
    pb_enter_epoch(s, server, message->epoch);
    return true;
}

/* A server is back after a crash and may lack something. */
static bool on_fetch(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch > server->epoch) {
        pb_enter_epoch(s, server, message->epoch);
        return true;
    }
    if (server->leads)
        send_log(s, server, gs_set_of(e->from));
    return server->leads;
}

static void ask_to_leave_out(struct gs_step *s, const struct pb_server *server, gs_node backup)
{
    gs_send(s, gs_node_at(s, CONFIG, 0),
            &(struct pb_message){.type = PB_REMOVE, .epoch = server->epoch, .server = backup});
}

/* What has not arrived, as far as the primary knows, is sent again. */
static bool on_resend(struct gs_step *s, struct pb_server *server)
{
    gs_node_set behind = GS_EMPTY_SET;
    for (GS_EACH(other, gs_peers(s)))
        if (is_behind(s, server, other))
            behind = gs_set_with(behind, other);
    send_log(s, server, behind);
    if (server->read.request)
        gs_multicast(s, gs_set_difference(gs_peers(s), server->read.confirmed),
                     &(struct pb_message){.type = PB_CHECK, .epoch = server->epoch, .request = server->read.request});
    for (GS_EACH(backup, server->leaving))
        ask_to_leave_out(s, server, backup);
    return gs_set_timer(s, PB_RESEND, 0);
}

/* ---- With the configuration service ------------------------------------------------------------------------------ */

static bool on_promote(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch < server->epoch || (message->epoch == server->epoch && server->leads))
        return false;
    pb_enter_epoch(s, server, message->epoch);
    server->leads = true;
    server->log_epoch = message->epoch;
    server->in_sync = message->in_sync;
    forget_epoch(server);
    send_log(s, server, gs_peers(s));
    return settle(s, server);
}

/* A primary that waits for all may ask for a backup to be left out; it waits until the configuration service, which
 * then does not promote that one any more, has agreed. */
static bool on_give_up(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const gs_node backup = e->nodes[0];
    const gs_node_set staying = gs_set_difference(server->in_sync, server->leaving);
    const int64_t least = gs_count(s, SERVER) - gs_option(s, PB_REMOVALS);
    if (!server->leads || gs_option(s, PB_MODE) != PB_SYNC_ALL || gs_same(backup, gs_self(s)) ||
        !gs_set_has(staying, backup) || gs_set_size(staying) <= least)
        return false;
    if (gs_mutant(s, PB_REMOVE_ALONE)) {
        server->in_sync = gs_set_without(server->in_sync, backup);
        return settle(s, server);
    }
    server->leaving = gs_set_with(server->leaving, backup);
    ask_to_leave_out(s, server, backup);
    return settle(s, server);
}

static bool on_in_sync(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    const gs_node_set left = gs_set_intersection(server->in_sync, message->in_sync);
    if (!server->leads || server->epoch != message->epoch || gs_set_equal(left, server->in_sync))
        return false;
    server->in_sync = left;
    server->leaving = gs_set_intersection(server->leaving, left);
    return settle(s, server);
}

/* After a crash a primary is still the one of its epoch, and asks anew how far the others are. A backup has lost what
 * it had buffered. */
static bool on_restart(struct gs_step *s, struct pb_server *server)
{
    if (!server->leads)
        return gs_broadcast(s, SERVER, &(struct pb_message){.type = PB_FETCH, .epoch = server->epoch});
    send_log(s, server, gs_peers(s));
    return settle(s, server);
}

bool pb_server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct pb_server *server = self;

    switch (e->type) {
    case GS_START:
        return on_restart(s, server);
    case PB_PUT:
        return on_put(s, server, e);
    case PB_GET:
        return on_get(s, server, e);
    case PB_REPLICATE:
    case PB_SYNC:
    case PB_CHECK:
    case PB_QUERY:
    case PB_APPLY:
        return pb_backup_step(s, server, e);
    case PB_ACK:
        return on_ack(s, server, e);
    case PB_CHECKED:
        return on_checked(s, server, e);
    case PB_STALE:
        return on_stale(s, server, e);
    case PB_FETCH:
        return on_fetch(s, server, e);
    case PB_PROMOTE:
        return on_promote(s, server, e);
    case PB_IN_SYNC:
        return on_in_sync(s, server, e);
    case PB_WRITTEN:
        return on_written(s, server);
    case PB_RESEND:
        return on_resend(s, server);
    case PB_GIVE_UP:
        return on_give_up(s, server, e);
    }
    return gs_unhandled(s, e);
}
