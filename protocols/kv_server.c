/* What a server of the store does: it takes commands while it leads, applies the log, and answers whom it still can
 * (6.1, 6.3); reads may go around the log (6.4). */
#include "protocols/kv.h"

#include <string.h>

#define OWN(s) kv_log_of(gs_step_run(s))

static const struct gs_field session_fields[] = {
    GS_FIELD(struct kv_session, request),
    GS_FIELD(struct kv_session, result),
    GS_FIELDS_END,
};
static const struct gs_field store_fields[] = {
    GS_FIELD(struct kv_store, values),
    GS_STRUCT_BY_NODE(struct kv_store, sessions, KV_CLIENT, session_fields),
    GS_FIELDS_END,
};
static const struct gs_field waiter_fields[] = {
    GS_FIELD(struct kv_waiter, request),
    GS_FIELD(struct kv_waiter, index),
    GS_FIELD(struct kv_waiter, epoch),
    GS_FIELDS_END,
};
static const struct gs_field read_fields[] = {
    GS_FIELD(struct kv_read, request), GS_FIELD(struct kv_read, key),       GS_FIELD(struct kv_read, asked),
    GS_FIELD(struct kv_read, index),   GS_FIELD(struct kv_read, confirmed), GS_FIELDS_END,
};
const struct gs_field kv_server_fields[] = {
    GS_STRUCT(struct kv_server, store, store_fields),
    GS_FIELD(struct kv_server, applied),
    GS_STRUCT_BY_NODE(struct kv_server, waiters, KV_CLIENT, waiter_fields),
    GS_STRUCT_BY_NODE(struct kv_server, reads, KV_CLIENT, read_fields),
    GS_FIELDS_END,
};

/* ---- The log's structs and tables -------------------------------------------------------------------------------- */

const struct kv_log *kv_log_of(const struct gs_run *run)
{
    return gs_context(run, KV_SERVER);
}

struct kv_server *kv_server_in(const struct kv_log *log, void *server)
{
    return (struct kv_server *)((uint8_t *)server + log->state);
}

const struct kv_server *kv_state_of(const struct kv_log *log, const void *server)
{
    return (const struct kv_server *)((const uint8_t *)server + log->state);
}

const struct kv_message *kv_message_in(const struct kv_log *log, const void *message)
{
    return (const struct kv_message *)((const uint8_t *)message + log->message);
}

int64_t kv_option(const struct gs_run *run, int option)
{
    return gs_option(run, kv_log_of(run)->options + option);
}

static void place(struct gs_step *s, uint8_t wide[GS_LOG_MESSAGE_MAX], uint8_t type, const struct kv_message *message)
{
    gs_assert(s, OWN(s)->message + sizeof(*message) <= GS_LOG_MESSAGE_MAX);
    memset(wide, 0, GS_LOG_MESSAGE_MAX);
    wide[0] = type;
    memcpy(wide + OWN(s)->message, message, sizeof(*message));
}

bool kv_send(struct gs_step *s, gs_node to, uint8_t type, const struct kv_message *message)
{
    uint8_t wide[GS_LOG_MESSAGE_MAX];
    place(s, wide, type, message);
    return gs_send(s, to, wide);
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

static bool answer(struct gs_step *s, uint8_t request, uint8_t function, uint8_t result)
{
    const gs_node client = gs_node_at(s, KV_CLIENT, kv_client_of(gs_step_run(s), request));
    return kv_send(
        s, client, OWN(s)->answer,
        &(struct kv_message){.request = request, .outcome = GS_OK, .is_swap = function == KV_CAS, .result = result});
}

/* A command may still be committed, so that nobody knows; a read certainly does nothing. */
static bool answer_unknown(struct gs_step *s, uint8_t request, bool is_read)
{
    const gs_node client = gs_node_at(s, KV_CLIENT, kv_client_of(gs_step_run(s), request));
    return kv_send(s, client, OWN(s)->answer,
                   &(struct kv_message){.request = request, .outcome = is_read ? GS_FAILED : GS_OPEN});
}

/* The answer to a command that was in the log. */
static bool acknowledge(struct gs_step *s, const void *server, uint8_t request, uint8_t function, uint8_t result)
{
    const struct kv_acknowledged told = {request, OWN(s)->epoch(server)};
    gs_announce(s, OWN(s)->announced + KV_ACKNOWLEDGED, &told);
    return answer(s, request, function, result);
}

/* ---- Applying the log -------------------------------------------------------------------------------------------- */

/* Whoever waits at this index gets its answer, if its command is what is there. (With Multi-Paxos a leader that does
 * not know yet that it is deposed may learn what another one had chosen.) A client whose session is past the command
 * has its answer. */
static void answer_waiters(struct gs_step *s, void *server, const struct kv_command *command,
                           const struct kv_session *session)
{
    const struct kv_log *log = OWN(s);
    struct kv_server *kv = kv_server_in(log, server);
    for (int i = 0; i < KV_CLIENTS_MAX; i++) {
        const struct kv_waiter waiter = kv->waiters[i];
        const bool is_its =
            waiter.request == command->request && log->leads(server) && waiter.epoch == log->epoch(server);
        if (!waiter.request || waiter.index != kv->applied)
            continue;
        kv->waiters[i] = (struct kv_waiter){0};
        if (!is_its && !gs_mutant(s, KV_WAITER_BY_INDEX))
            answer_unknown(s, waiter.request, false);
        else if (session->request == command->request)
            acknowledge(s, server, waiter.request, command->function, session->result);
    }
}

/* Did the command change the store? *session: its client's after it. Mutants: a command that comes again is done again;
 * or only who answers a command remembers that it was done. */
static bool apply(struct gs_step *s, struct kv_server *kv, const struct kv_command *command, struct kv_session *session)
{
    const struct gs_run *run = gs_step_run(s);
    const int client = kv_client_of(run, command->request);
    const struct kv_waiter *waiter = &kv->waiters[client];
    const bool answers = waiter->request == command->request && waiter->index == kv->applied;
    struct kv_session *kept = &kv->store.sessions[client];
    const struct kv_session before = gs_mutant(s, KV_NO_DEDUP) ? (struct kv_session){0} : *kept;
    *kept = before;
    const bool executed = kv_apply(run, &kv->store, command);
    *session = *kept;
    if (gs_mutant(s, KV_SESSION_OUTSIDE_SM) && !answers)
        *kept = before;
    return executed;
}

static void apply_next(struct gs_step *s, void *server)
{
    const struct kv_log *log = OWN(s);
    struct kv_server *kv = kv_server_in(log, server);
    const struct kv_command command = kv_command_numbered(gs_step_run(s), log->command_at(server, ++kv->applied));
    struct kv_session session = {0};
    if (command.request && apply(s, kv, &command, &session))
        gs_announce(s, log->announced + KV_APPLIED, &(struct kv_applied){command.request, kv->applied});
    answer_waiters(s, server, &command, &session);
}

/* ---- Reads around the log ---------------------------------------------------------------------------------------- */

/* Section 6.4: once the leader knows what is committed, it notes the commit index and asks the others, in a message of
 * its own for each read, whether it still leads. */
static bool ask(struct gs_step *s, void *server, struct kv_read *read)
{
    const struct kv_log *log = OWN(s);
    uint8_t wide[GS_LOG_MESSAGE_MAX];
    if (gs_mutant(s, KV_READINDEX_NO_NOOP))
        read->index = log->commit(server);
    else if (!log->read_index(server, &read->index))
        return false;
    read->asked = true;
    read->confirmed = gs_set_of(gs_self(s));
    place(s, wide, log->confirm, &(struct kv_message){.request = read->request, .epoch = log->epoch(server)});
    return gs_broadcast(s, KV_SERVER, wide);
}

static void advance_reads(struct gs_step *s, void *server)
{
    const struct kv_log *log = OWN(s);
    struct kv_server *kv = kv_server_in(log, server);
    for (int i = 0; i < KV_CLIENTS_MAX; i++) {
        struct kv_read *read = &kv->reads[i];
        if (!read->request || (!read->asked && !ask(s, server, read)))
            continue;
        if (kv->applied >= read->index &&
            (log->is_quorum(s, read->confirmed) || gs_mutant(s, KV_READINDEX_UNCONFIRMED))) {
            answer(s, read->request, KV_GET, kv->store.values[read->key - 1]);
            *read = (struct kv_read){0};
        }
    }
}

static bool on_confirm(struct gs_step *s, void *server, const struct gs_event *e)
{
    const struct kv_message *m = kv_message_in(OWN(s), e->message);
    if (!OWN(s)->hear(s, server, m->epoch))
        return false;
    return kv_send(s, e->from, OWN(s)->confirmed, &(struct kv_message){.request = m->request, .epoch = m->epoch});
}

static bool on_confirmed(struct gs_step *s, void *server, const struct gs_event *e)
{
    const struct kv_log *log = OWN(s);
    const struct kv_message *m = kv_message_in(log, e->message);
    struct kv_read *read = &kv_server_in(log, server)->reads[kv_client_of(gs_step_run(s), m->request)];
    if (!log->leads(server) || log->epoch(server) != m->epoch || read->request != m->request ||
        gs_set_has(read->confirmed, e->from))
        return false;
    read->confirmed = gs_set_with(read->confirmed, e->from);
    advance_reads(s, server);
    return true;
}

/* ---- Requests ---------------------------------------------------------------------------------------------------- */

static bool take_read(struct gs_step *s, void *server, const struct kv_command *command, struct kv_read *read)
{
    if (command->request <= read->request)
        return false;
    *read = (struct kv_read){.request = command->request, .key = command->key};
    advance_reads(s, server);
    return true;
}

/* Section 6.3: a command that comes again is appended again; the state machine knows. The client of one that waits
 * already is answered when the first of the two is applied. */
static bool take_command(struct gs_step *s, void *server, const struct kv_command *command)
{
    const struct gs_run *run = gs_step_run(s);
    const struct kv_log *log = OWN(s);
    struct kv_server *kv = kv_server_in(log, server);
    struct kv_waiter *waiter = &kv->waiters[kv_client_of(run, command->request)];
    struct kv_store guess = kv->store;
    const uint8_t index = log->next(s, server);
    if (!index)
        return false;
    if (waiter->request < command->request && !gs_mutant(s, KV_REPLY_BEFORE_COMMIT))
        *waiter = (struct kv_waiter){command->request, index, log->epoch(server)};
    log->append(s, server, kv_command_number(run, command));
    if (gs_mutant(s, KV_REPLY_BEFORE_COMMIT))
        acknowledge(s, server, command->request, command->function, kv_execute(&guess, command));
    return true;
}

/* Who does not lead takes no request: the client asks another. */
static bool on_request(struct gs_step *s, void *server, const struct gs_event *e)
{
    const struct kv_log *log = OWN(s);
    const struct kv_message *m = kv_message_in(log, e->message);
    const struct kv_command command = {m->request, m->function, m->key, m->from, m->to};
    struct kv_server *kv = kv_server_in(log, server);
    const int client = kv_client_of(gs_step_run(s), m->request);
    if (!log->leads(server))
        return false;
    if (command.function == KV_GET && gs_mutant(s, KV_STALE_READ))
        return answer(s, command.request, KV_GET, kv->store.values[command.key - 1]);
    if (gs_mutant(s, KV_SESSION_OUTSIDE_SM) && kv->store.sessions[client].request == command.request)
        return acknowledge(s, server, command.request, command.function, kv->store.sessions[client].result);
    if (command.function == KV_GET && kv_option(gs_step_run(s), KV_READS) == KV_READ_BY_INDEX)
        return take_read(s, server, &command, &kv->reads[client]);
    return take_command(s, server, &command);
}

bool kv_handles(struct gs_step *s, void *server, const struct gs_event *e, bool *handled)
{
    const struct kv_log *log = OWN(s);
    if (e->type == log->request)
        *handled = on_request(s, server, e);
    else if (e->type == log->confirm)
        *handled = on_confirm(s, server, e);
    else if (e->type == log->confirmed)
        *handled = on_confirmed(s, server, e);
    else
        return false;
    return true;
}

/* ---- What the log tells ------------------------------------------------------------------------------------------ */

void kv_committed(struct gs_step *s, void *server)
{
    const struct kv_log *log = OWN(s);
    while (kv_server_in(log, server)->applied < log->commit(server))
        apply_next(s, server);
    if (log->leads(server))
        advance_reads(s, server);
}

/* Section 6.1: who loses leadership tells its clients, which may then try another server. */
void kv_deposed(struct gs_step *s, void *server)
{
    struct kv_server *kv = kv_server_in(OWN(s), server);
    for (int i = 0; i < KV_CLIENTS_MAX; i++) {
        const uint8_t waiting = kv->waiters[i].request, reading = kv->reads[i].request;
        kv->reads[i] = (struct kv_read){0};
        if (reading)
            answer_unknown(s, reading, true);
        if (!waiting || gs_mutant(s, KV_WAITER_BY_INDEX))
            continue;
        kv->waiters[i] = (struct kv_waiter){0};
        answer_unknown(s, waiting, false);
    }
}
