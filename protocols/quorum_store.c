/* A replicated store with a consistency level per operation. Strong operations: Attiya, Bar-Noy and Dolev, "Sharing
 * Memory Robustly in Message-Passing Systems" (1995), as protocols/abd.c, with quorums of any two sizes R and W
 * (Gifford, "Weighted Voting for Replicated Data", 1979). Eventual and weak ones are served by the server that is asked
 * alone; it tells the others of an eventual write at once, and anti-entropy makes up for what is lost (DeCandia et al.,
 * "Dynamo: Amazon's Highly Available Key-value Store", 2007).
 * A quorum is one of all members, whoever can be reached. A server coordinates one strong operation at a time and
 * leaves others in flight meanwhile; weak and eventual ones never wait. What it would send to itself it does at once.
 */
#include "protocols/quorum_store_model.h"

enum { SERVER = QUORUM_STORE_SERVER, KEYS_MAX = QUORUM_STORE_KEYS_MAX };
enum { IDLE = QUORUM_STORE_IDLE, QUERYING = QUORUM_STORE_QUERYING, RECORDING = QUORUM_STORE_RECORDING };

static int size_or_majority(const struct gs_run *run, int option)
{
    const int size = (int)gs_option(run, option);
    return size == 0 ? gs_majority(run, SERVER) : size;
}

int quorum_store_read_quorum(const struct gs_run *run)
{
    return size_or_majority(run, QUORUM_STORE_READ_QUORUM);
}

int quorum_store_write_quorum(const struct gs_run *run)
{
    return size_or_majority(run, QUORUM_STORE_WRITE_QUORUM);
}

static bool has_quorum(struct gs_step *s, const struct quorum_store_operation *operation)
{
    const bool is_read = operation->phase == QUERYING;
    int size = is_read ? quorum_store_read_quorum(GS_RUN(s)) : quorum_store_write_quorum(GS_RUN(s));
    if (gs_mutant(s, QUORUM_STORE_R1W1) || (is_read && gs_mutant(s, QUORUM_STORE_R1)))
        size = 1;
    return gs_set_size(operation->answered) >= size;
}

/* ---- What a server holds ----------------------------------------------------------------------------------------- */

static bool is_newer(struct gs_step *s, const struct gs_register_version *a, const struct gs_register_version *b)
{
    return gs_register_is_newer(GS_RUN(s), a, b);
}

static bool keep_newer(struct gs_step *s, struct gs_register_version *held, const struct gs_register_version *offered)
{
    if (!is_newer(s, offered, held))
        return false;
    *held = *offered;
    return true;
}

static struct gs_register_version next_version(struct gs_step *s, uint8_t clock, uint8_t value)
{
    /* A wall clock may be behind. */
    if (gs_mutant(s, QUORUM_STORE_WALL_CLOCK))
        clock = (uint8_t)gs_choose(s, 2);
    return (struct gs_register_version){.clock = (uint8_t)(clock + 1), .writer = gs_self(s), .value = value};
}

/* ---- Anti-entropy: at rest when nobody is left to tell ----------------------------------------------------------- */

static struct quorum_store_message all_that_is_held(const struct quorum_store_server *server, uint8_t type)
{
    struct quorum_store_message message = {.type = type};
    for (int k = 0; k < KEYS_MAX; k++)
        message.versions[k] = server->versions[k];
    return message;
}

static void tell_others(struct gs_step *s, struct quorum_store_server *server)
{
    if (!gs_option(s, QUORUM_STORE_SYNCS))
        return;
    server->untold = gs_peers(s);
    if (!gs_set_is_empty(server->untold))
        gs_set_timer(s, QUORUM_STORE_ANTI_ENTROPY, 0);
}

static void told(struct gs_step *s, struct quorum_store_server *server, gs_node peer)
{
    server->untold = gs_set_without(server->untold, peer);
    if (gs_set_is_empty(server->untold))
        gs_cancel_timer(s, QUORUM_STORE_ANTI_ENTROPY, 0);
}

static bool on_anti_entropy(struct gs_step *s, struct quorum_store_server *server)
{
    const struct quorum_store_message message = all_that_is_held(server, QUORUM_STORE_COMPARE);
    const gs_node_set to = server->untold;
    if (gs_mutant(s, QUORUM_STORE_TOLD_ON_SEND))
        server->untold = GS_EMPTY_SET;
    else
        gs_set_timer(s, QUORUM_STORE_ANTI_ENTROPY, 0);
    return gs_multicast(s, to, &message);
}

static void take_newer(struct gs_step *s, struct quorum_store_server *server,
                       const struct quorum_store_message *message)
{
    for (int k = 0; k < KEYS_MAX; k++)
        keep_newer(s, &server->versions[k], &message->versions[k]);
}

static bool on_compare(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    take_newer(s, server, e->message);
    const struct quorum_store_message answer = all_that_is_held(server, QUORUM_STORE_ACK_COMPARE);
    return gs_send(s, e->from, &answer);
}

/* What the other holds is as new as all that is here: it has been told. What it has besides is taken; whoever had that
 * first tells the others. */
static bool on_ack_compare(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *message = e->message;
    take_newer(s, server, message);
    for (int k = 0; k < KEYS_MAX; k++)
        if (is_newer(s, &server->versions[k], &message->versions[k]))
            return true;
    told(s, server, e->from);
    return true;
}

/* ---- Weak and eventual operations -------------------------------------------------------------------------------- */

static bool put_here(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *put = e->message;
    struct gs_register_version *held = &server->versions[put->key - 1];
    *held = next_version(s, held->clock, put->value);
    if (put->level == QUORUM_STORE_EVENTUAL) {
        gs_broadcast(s, SERVER,
                     &(struct quorum_store_message){.type = QUORUM_STORE_REPLICATE, .key = put->key, .version = *held});
        tell_others(s, server);
    }
    return gs_send(
        s, e->from,
        &(struct quorum_store_message){.type = QUORUM_STORE_PUT_OK, .request = put->request, .level = put->level});
}

static bool get_here(struct gs_step *s, const struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *get = e->message;
    return gs_send(s, e->from,
                   &(struct quorum_store_message){.type = QUORUM_STORE_GET_OK,
                                                  .request = get->request,
                                                  .level = get->level,
                                                  .value = server->versions[get->key - 1].value});
}

static bool on_replicate(struct gs_step *s, struct quorum_store_server *server,
                         const struct quorum_store_message *message)
{
    if (!gs_mutant(s, QUORUM_STORE_REPLICATE_OLDER))
        return keep_newer(s, &server->versions[message->key - 1], &message->version);
    server->versions[message->key - 1] = message->version;
    return true;
}

/* ---- Strong operations ------------------------------------------------------------------------------------------- */

/* For each phase anew. */
static void arm_give_up(struct gs_step *s)
{
    if (gs_option(s, QUORUM_STORE_GIVES_UP))
        gs_set_timer(s, QUORUM_STORE_GIVE_UP, 0);
}

static void end(struct gs_step *s, struct quorum_store_server *server)
{
    server->operation = (struct quorum_store_operation){.phase = IDLE};
    gs_cancel_timer(s, QUORUM_STORE_GIVE_UP, 0);
}

static bool finish(struct gs_step *s, struct quorum_store_server *server)
{
    const struct quorum_store_operation done = server->operation;
    keep_newer(s, &server->acked[done.key - 1], &done.version);
    end(s, server);
    return gs_send(s, done.client,
                   &(struct quorum_store_message){.type = done.is_put ? QUORUM_STORE_PUT_OK : QUORUM_STORE_GET_OK,
                                                  .request = done.request,
                                                  .level = QUORUM_STORE_STRONG,
                                                  .value = done.is_put ? 0 : done.version.value});
}

static bool begin_recording(struct gs_step *s, struct quorum_store_server *server)
{
    struct quorum_store_operation *operation = &server->operation;
    /* An eventual put may have come to this server while it asked: the next version must not be that one's. */
    const uint8_t held = gs_mutant(s, QUORUM_STORE_SAME_VERSION) ? 0 : server->versions[operation->key - 1].clock;
    if (operation->is_put)
        operation->version =
            next_version(s, held > operation->version.clock ? held : operation->version.clock, operation->value);
    if (!operation->is_put && gs_mutant(s, QUORUM_STORE_NO_WRITE_BACK))
        return finish(s, server);
    operation->phase = RECORDING;
    arm_give_up(s);
    operation->answered = gs_set_of(gs_self(s));
    if (keep_newer(s, &server->versions[operation->key - 1], &operation->version))
        tell_others(s, server);
    gs_broadcast(s, SERVER,
                 &(struct quorum_store_message){.type = QUORUM_STORE_RECORD,
                                                .request = operation->request,
                                                .key = operation->key,
                                                .version = operation->version});
    return !has_quorum(s, operation) || finish(s, server);
}

static bool begin(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *message = e->message;
    if (server->operation.phase != IDLE)
        return gs_defer(s);
    server->operation = (struct quorum_store_operation){.phase = QUERYING,
                                                        .is_put = e->type == QUORUM_STORE_PUT,
                                                        .request = message->request,
                                                        .client = e->from,
                                                        .key = message->key,
                                                        .value = message->value,
                                                        .version = server->versions[message->key - 1],
                                                        .answered = gs_set_of(gs_self(s))};
    arm_give_up(s);
    if (has_quorum(s, &server->operation) || (server->operation.is_put && gs_mutant(s, QUORUM_STORE_LOCAL_CLOCK)))
        return begin_recording(s, server);
    return gs_broadcast(
        s, SERVER,
        &(struct quorum_store_message){.type = QUORUM_STORE_QUERY, .request = message->request, .key = message->key});
}

static bool on_query(struct gs_step *s, const struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *query = e->message;
    const struct gs_register_version *held = &server->versions[query->key - 1];
    if (gs_mutant(s, QUORUM_STORE_ABSENT_FAILS) && !held->clock)
        return false;
    return gs_send(
        s, e->from,
        &(struct quorum_store_message){.type = QUORUM_STORE_ACK_QUERY, .request = query->request, .version = *held});
}

/* Counts the answer, unless the operation that it belongs to has come further, or has it. */
static bool is_counted(struct quorum_store_server *server, const struct gs_event *e, uint8_t phase)
{
    const struct quorum_store_message *message = e->message;
    struct quorum_store_operation *operation = &server->operation;
    if (operation->phase != phase || operation->request != message->request || gs_set_has(operation->answered, e->from))
        return false;
    operation->answered = gs_set_with(operation->answered, e->from);
    return true;
}

static bool on_ack_query(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *message = e->message;
    if (!is_counted(server, e, QUERYING))
        return false;
    keep_newer(s, &server->operation.version, &message->version);
    return !has_quorum(s, &server->operation) || begin_recording(s, server);
}

static bool on_record(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    const struct quorum_store_message *message = e->message;
    keep_newer(s, &server->versions[message->key - 1], &message->version);
    return gs_send(s, e->from,
                   &(struct quorum_store_message){.type = QUORUM_STORE_ACK_RECORD, .request = message->request});
}

static bool on_ack_record(struct gs_step *s, struct quorum_store_server *server, const struct gs_event *e)
{
    return is_counted(server, e, RECORDING) && (!has_quorum(s, &server->operation) || finish(s, server));
}

/* A put that asked no one to record anything, and a get, have no effect: they are refused. Of any other put nobody
 * knows: what was recorded stays, and may be read later. */
static bool give_up(struct gs_step *s, struct quorum_store_server *server)
{
    const struct quorum_store_operation operation = server->operation;
    const bool is_open = operation.is_put && operation.phase == RECORDING;
    if (gs_mutant(s, QUORUM_STORE_QUORUM_OF_VISIBLE))
        return operation.phase == QUERYING ? begin_recording(s, server) : finish(s, server);
    if (gs_mutant(s, QUORUM_STORE_ROLLBACK_DELETES) && is_open)
        server->versions[operation.key - 1] = (struct gs_register_version){0};
    end(s, server);
    return gs_send(s, operation.client,
                   &(struct quorum_store_message){.type = is_open && !gs_mutant(s, QUORUM_STORE_UNKNOWN_IS_FAILED)
                                                              ? QUORUM_STORE_UNKNOWN
                                                              : QUORUM_STORE_REFUSED,
                                                  .request = operation.request});
}

static bool restart(struct gs_step *s, struct quorum_store_server *server)
{
    if (gs_mutant(s, QUORUM_STORE_NOT_DURABLE))
        for (int k = 0; k < KEYS_MAX; k++)
            server->versions[k] = (struct gs_register_version){0};
    if (!gs_set_is_empty(server->untold))
        return gs_set_timer(s, QUORUM_STORE_ANTI_ENTROPY, 0);
    return gs_mutant(s, QUORUM_STORE_NOT_DURABLE);
}

bool quorum_store_server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct quorum_store_server *server = self;
    const struct quorum_store_message *message = e->message;

    switch (e->type) {
    case GS_START: /* after a crash: what it coordinated is forgotten */
        return restart(s, server);
    case QUORUM_STORE_PUT:
        return message->level == QUORUM_STORE_STRONG ? begin(s, server, e) : put_here(s, server, e);
    case QUORUM_STORE_GET:
        return message->level == QUORUM_STORE_STRONG ? begin(s, server, e) : get_here(s, server, e);
    case QUORUM_STORE_QUERY:
        return on_query(s, server, e);
    case QUORUM_STORE_ACK_QUERY:
        return on_ack_query(s, server, e);
    case QUORUM_STORE_RECORD:
        return on_record(s, server, e);
    case QUORUM_STORE_ACK_RECORD:
        return on_ack_record(s, server, e);
    case QUORUM_STORE_REPLICATE:
        return on_replicate(s, server, message);
    case QUORUM_STORE_COMPARE:
        return on_compare(s, server, e);
    case QUORUM_STORE_ACK_COMPARE:
        return on_ack_compare(s, server, e);
    case QUORUM_STORE_GIVE_UP:
        return give_up(s, server);
    case QUORUM_STORE_ANTI_ENTROPY:
        return on_anti_entropy(s, server);
    }
    return gs_unhandled(s, e);
}
