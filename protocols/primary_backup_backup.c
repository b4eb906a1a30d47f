/* The servers of primary-backup replication as backups: what they take from a primary, and from which. */
#include "protocols/primary_backup.h"

#include <string.h>

static bool refuse(struct gs_step *s, const struct pb_server *server, gs_node sender)
{
    return gs_send(s, sender, &(struct pb_message){.type = PB_STALE, .epoch = server->epoch});
}

/* Takes what follows upon the log out of the buffer, and what is in the log already. */
static void drain(struct pb_server *server)
{
    while (server->buffer_count && server->buffer[0].seq <= server->log_length + 1) {
        if (server->buffer[0].seq == server->log_length + 1)
            gs_push(server->log, &server->log_length, &server->buffer[0].entry);
        memmove(&server->buffer[0], &server->buffer[1], (size_t)(server->buffer_count - 1) * sizeof(server->buffer[0]));
        server->buffer_count--;
    }
}

/* Mutant: entries are acknowledged when they are in the buffer, which a crash empties, and are applied later. */
static bool apply_later(struct gs_step *s, struct pb_server *server)
{
    const uint8_t before = server->log_length;
    if (!gs_mutant(s, PB_ACK_BEFORE_APPLY) || server->log_epoch != server->epoch)
        return false;
    drain(server);
    return server->log_length > before;
}

static void hear_of(struct gs_step *s, struct pb_server *server, uint8_t epoch)
{
    apply_later(s, server);
    pb_enter_epoch(s, server, epoch);
}

static bool on_replicate(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (server->epoch > message->epoch)
        return refuse(s, server, e->from);
    pb_enter_epoch(s, server, message->epoch);
    if (gs_mutant(s, PB_NO_SEQ)) {
        gs_push(server->log, &server->log_length, &message->entry);
        return pb_acknowledge(s, server, e->from, message->seq);
    }
    const bool is_synced = server->log_epoch == message->epoch;
    if (is_synced && message->seq <= server->log_length)
        return pb_write_and_acknowledge(s, server, e->from, server->log_length);
    const struct pb_buffered buffered = {.seq = message->seq, .entry = message->entry};
    const bool is_new = gs_insert(server->buffer, &server->buffer_count, &buffered);
    if (gs_mutant(s, PB_ACK_BEFORE_APPLY))
        return pb_acknowledge(s, server, e->from, message->seq);
    const uint8_t before = server->log_length;
    if (is_synced)
        drain(server);
    if (server->log_length > before)
        return pb_write_and_acknowledge(s, server, e->from, before);
    return is_new;
}

/* The whole log of an epoch's primary: in place of what another primary left; of the same epoch, if it is longer. */
static bool on_sync(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (server->epoch > message->epoch)
        return refuse(s, server, e->from);
    const int before = server->log_length;
    hear_of(s, server, message->epoch);
    const bool is_new = server->log_epoch < message->epoch && !gs_mutant(s, PB_KEEP_TAIL);
    if (is_new || message->log_length > server->log_length) {
        memcpy(server->log, message->log, sizeof(server->log));
        server->log_length = message->log_length;
    }
    server->log_epoch = message->epoch;
    drain(server);
    return pb_write_and_acknowledge(s, server, e->from, is_new ? 0 : before);
}

static bool on_check(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (server->epoch > message->epoch)
        return refuse(s, server, e->from);
    hear_of(s, server, message->epoch);
    return gs_send(s, e->from,
                   &(struct pb_message){.type = PB_CHECKED, .epoch = message->epoch, .request = message->request});
}

/* Asked for a new epoch, it answers how far it is, and takes nothing from older primaries any more. */
static bool on_query(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    const struct pb_message *message = e->message;
    if (message->epoch < server->epoch)
        return false;
    if (!gs_mutant(s, PB_NO_FENCE))
        hear_of(s, server, message->epoch);
    return gs_send(
        s, e->from,
        &(struct pb_message){
            .type = PB_LAST, .epoch = message->epoch, .log_epoch = server->log_epoch, .seq = server->log_length});
}

bool pb_backup_step(struct gs_step *s, struct pb_server *server, const struct gs_event *e)
{
    switch (e->type) {
    case PB_REPLICATE:
        return on_replicate(s, server, e);
    case PB_SYNC:
        return on_sync(s, server, e);
    case PB_CHECK:
        return on_check(s, server, e);
    case PB_QUERY:
        return on_query(s, server, e);
    case PB_APPLY:
        return apply_later(s, server);
    }
    return gs_unhandled(s, e);
}
