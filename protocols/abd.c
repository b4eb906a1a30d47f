/* A register on several servers of which a minority may fail: Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in
 * Message-Passing Systems" (1995), with several writers as in Lynch and Shvartsman, "Robust Emulation of Shared Memory
 * Using Dynamic Quorum-Acknowledged Broadcasts" (1997): the server that a client asks first asks a majority for the
 * newest version, then has a majority record the version that is written, or the one that is read (the write-back).
 * A server does one operation at a time and leaves others' in flight meanwhile. What it would send to itself it does at
 * once. Messages are not repeated. */
#include "protocols/abd.h"

enum { SERVER = ABD_SERVER, CLIENT = ABD_CLIENT };
enum { IDLE = ABD_IDLE, QUERYING = ABD_QUERYING, RECORDING = ABD_RECORDING };
enum { PUT, GET, PUT_OK, GET_OK, QUERY, ACK_QUERY, RECORD, ACK_RECORD };                          /* messages */
enum { SERVERS, CLIENTS, WRITERS, READERS, PUTS, GETS, MONITOR };                                 /* options */
enum { INVOKED, RETURNED };                                                                       /* announcements */
enum { LINEARIZATIONS, HISTORY };                                                                 /* monitors */
enum { NO_WRITE_BACK, WRITE_WITHOUT_QUERY, RECORD_OLDER, QUORUM_TOO_SMALL, VERSION_NOT_DURABLE }; /* mutants */
enum { READ, WRITE };                                                                             /* of gs_register */

static const char *const phase_names[] = {"idle", "querying", "recording"};
static const char *const function_names[] = {"read", "write"};

static const struct gs_field operation_fields[] = {
    GS_ENUM(struct abd_operation, phase, phase_names),
    GS_FIELD(struct abd_operation, is_put),
    GS_FIELD(struct abd_operation, request),
    GS_FIELD(struct abd_operation, client),
    GS_FIELD(struct abd_operation, value),
    GS_STRUCT(struct abd_operation, version, gs_register_version_fields),
    GS_FIELD(struct abd_operation, answered),
    GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {
    GS_STRUCT(struct abd_server, version, gs_register_version_fields, GS_DURABLE),
    GS_STRUCT(struct abd_server, operation, operation_fields),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct abd_message, request),
    GS_FIELD(struct abd_message, value),
    GS_STRUCT(struct abd_message, version, gs_register_version_fields),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);

/* ---- Servers ----------------------------------------------------------------------------------------------------- */

static bool has_quorum(struct gs_step *s, const struct abd_operation *operation)
{
    const int servers = gs_count(s, SERVER);
    return gs_set_size(operation->answered) >= (gs_mutant(s, QUORUM_TOO_SMALL) ? servers / 2 : servers / 2 + 1);
}

static void record(struct gs_step *s, struct abd_server *server, const struct gs_register_version *version)
{
    if (gs_register_is_newer(GS_RUN(s), version, &server->version) || gs_mutant(s, RECORD_OLDER))
        server->version = *version;
}

static bool finish(struct gs_step *s, struct abd_server *server)
{
    const struct abd_operation done = server->operation;
    server->operation = (struct abd_operation){.phase = IDLE};
    return gs_send(s, done.client,
                   &(struct abd_message){.type = done.is_put ? PUT_OK : GET_OK,
                                         .request = done.request,
                                         .value = done.is_put ? 0 : done.version.value});
}

static bool begin_recording(struct gs_step *s, struct abd_server *server)
{
    struct abd_operation *operation = &server->operation;
    if (operation->is_put)
        operation->version = (struct gs_register_version){
            .clock = (uint8_t)(operation->version.clock + 1), .writer = gs_self(s), .value = operation->value};
    if (!operation->is_put && gs_mutant(s, NO_WRITE_BACK))
        return finish(s, server);
    operation->phase = RECORDING;
    operation->answered = gs_set_of(gs_self(s));
    record(s, server, &operation->version);
    gs_broadcast(s, SERVER,
                 &(struct abd_message){.type = RECORD, .request = operation->request, .version = operation->version});
    return !has_quorum(s, operation) || finish(s, server);
}

static bool begin(struct gs_step *s, struct abd_server *server, const struct gs_event *e)
{
    const struct abd_message *message = e->message;
    if (server->operation.phase != IDLE)
        return false;
    server->operation = (struct abd_operation){.phase = QUERYING,
                                               .is_put = e->type == PUT,
                                               .request = message->request,
                                               .client = e->from,
                                               .value = message->value,
                                               .version = server->version,
                                               .answered = gs_set_of(gs_self(s))};
    if (has_quorum(s, &server->operation) || (e->type == PUT && gs_mutant(s, WRITE_WITHOUT_QUERY)))
        return begin_recording(s, server);
    return gs_broadcast(s, SERVER, &(struct abd_message){.type = QUERY, .request = message->request});
}

/* Is the message an answer that the phase still waits for? */
static bool is_awaited(const struct abd_server *server, const struct gs_event *e, uint8_t phase)
{
    const struct abd_message *message = e->message;
    return server->operation.phase == phase && server->operation.request == message->request &&
           !gs_set_has(server->operation.answered, e->from);
}

static bool on_ack_query(struct gs_step *s, struct abd_server *server, const struct gs_event *e)
{
    const struct abd_message *message = e->message;
    struct abd_operation *operation = &server->operation;
    if (!is_awaited(server, e, QUERYING))
        return false;
    operation->answered = gs_set_with(operation->answered, e->from);
    if (gs_register_is_newer(GS_RUN(s), &message->version, &operation->version))
        operation->version = message->version;
    return !has_quorum(s, operation) || begin_recording(s, server);
}

static bool on_ack_record(struct gs_step *s, struct abd_server *server, const struct gs_event *e)
{
    struct abd_operation *operation = &server->operation;
    if (!is_awaited(server, e, RECORDING))
        return false;
    operation->answered = gs_set_with(operation->answered, e->from);
    return !has_quorum(s, operation) || finish(s, server);
}

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct abd_server *server = self;
    const struct abd_message *message = e->message;

    switch (e->type) {
    case GS_START: /* after a crash: what it coordinated is forgotten */
        if (!gs_mutant(s, VERSION_NOT_DURABLE))
            return false;
        server->version = (struct gs_register_version){0};
        return true;
    case PUT:
    case GET:
        return begin(s, server, e);
    case QUERY:
        return gs_send(
            s, e->from,
            &(struct abd_message){.type = ACK_QUERY, .request = message->request, .version = server->version});
    case ACK_QUERY:
        return on_ack_query(s, server, e);
    case RECORD:
        record(s, server, &message->version);
        return gs_send(s, e->from, &(struct abd_message){.type = ACK_RECORD, .request = message->request});
    case ACK_RECORD:
        return on_ack_record(s, server, e);
    }
    return gs_unhandled(s, e);
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const bool is_write = request->operation->function == WRITE;
    gs_send(s, request->server,
            &(struct abd_message){.type = is_write ? PUT : GET,
                                  .request = request->id,
                                  .value = is_write ? request->operation->argument.items[0] : 0});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct abd_message *message = e->message;
    (void)s;
    answer->id = message->request;
    if (e->type == GET_OK && message->value)
        answer->result = GS_FLAT_NUMBER(message->value);
    return e->type == PUT_OK || e->type == GET_OK;
}

static const struct gs_clients clients = {
    .servers = SERVER,
    .invoked = INVOKED,
    .returned = RETURNED,
    .kinds =
        {{.function = WRITE, .argument = GS_ARGUMENT_VALUE, .times_option = PUTS + 1, .clients_option = WRITERS + 1},
         {.function = READ, .times_option = GETS + 1, .clients_option = READERS + 1, .by_the_last = true}},
    .kind_count = 2,
    .request = request,
    .answer = answer,
};
static const struct gs_operations operations = {&gs_register, INVOKED, RETURNED};

/* ---- Goals ------------------------------------------------------------------------------------------------------- */

static bool all_returned(struct gs_view *v)
{
    return gs_all_returned(v, CLIENT);
}

static bool written_twice(struct gs_view *v)
{
    return ((const struct abd_server *)gs_this(v))->version.clock >= 2;
}

static bool has_two_puts(const struct gs_run *run)
{
    const int64_t writers =
        gs_option(run, WRITERS) < gs_count(run, CLIENT) ? gs_option(run, WRITERS) : gs_count(run, CLIENT);
    return writers * gs_option(run, PUTS) >= 2;
}

const struct gs_model abd =
    {
        .name = "abd",
        .title = "a linearizable register on servers of which a majority answers",
        .source = "Attiya, Bar-Noy and Dolev, Sharing Memory Robustly in Message-Passing Systems (1995)",
        .message_size = sizeof(struct abd_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct abd_server),
                            .fields = server_fields,
                            .step = server_step,
                            .count_option = SERVERS},
                [CLIENT] = GS_CLIENT_NAMING("client", client_fields, clients, CLIENTS),
            },
        .events =
            {
                [PUT] = {.name = "put", .fields = {"request", "value"}},
                [GET] = {.name = "get", .fields = {"request"}},
                [PUT_OK] = {.name = "put-ok", .fields = {"request"}},
                [GET_OK] = {.name = "get-ok", .fields = {"request", "value"}},
                [QUERY] = {.name = "query", .fields = {"request"}},
                [ACK_QUERY] = {.name = "ack-query", .fields = {"request", "version"}},
                [RECORD] = {.name = "record", .fields = {"request", "version"}},
                [ACK_RECORD] = {.name = "ack-record", .fields = {"request"}},
            },
        .options =
            {
                [SERVERS] = {"servers", "how many there are", 2, 1, ABD_SERVERS_MAX, NULL},
                [CLIENTS] = {"clients", "how many there are", 2, 1, 6, NULL},
                [WRITERS] = {"writers", "how many of the clients put, the first ones", 6, 0, 6, NULL},
                [READERS] = {"readers", "how many of the clients get, the last ones", 6, 0, 6, NULL},
                [PUTS] = {"puts", "how many each of those invokes first", 1, 0, 3, NULL},
                [GETS] = {"gets", "how many each client then invokes", 1, 0, 3, NULL},
                [MONITOR] = GS_MONITOR_OPTION,
            },
        .presets =
            {
                {.name = "quick",
                 .meaning = "3 servers; a client puts and gets, another gets",
                 .settings = {"servers=3", "writers=1"}},
                {.name = "full", .meaning = "3 servers, 2 clients that put and get", .settings = {"servers=3"}},
                {.name = "small", .meaning = "2 servers, 2 clients that put and get; small, to be read"},
                {.name = "two-gets",
                 .meaning = "3 servers; a client puts, another gets twice",
                 .settings = {"servers=3", "writers=1", "readers=1", "gets=2"}},
                {.name = "one-client",
                 .meaning = "3 servers; a client puts three times and gets",
                 .settings = {"servers=3", "clients=1", "puts=3"}},
                {.name = "reboot",
                 .meaning = "as quick, and a node reboots",
                 .settings = {"servers=3", "writers=1"},
                 .budgets = {.reboots = 1}},
            },
        .mutants =
            {
                [NO_WRITE_BACK] = {"no-write-back", "a get answers what it saw, without having a majority record it",
                                   "linearizable", "two-gets", false},
                [WRITE_WITHOUT_QUERY] = {"write-without-query",
                                         "a put takes the next clock of the server's own, without asking a majority",
                                         "linearizable", "one-client", false},
                [RECORD_OLDER] = {"record-older", "a server records what it is sent, also if it has a newer version",
                                  "linearizable", "one-client", false},
                [QUORUM_TOO_SMALL] = {"quorum-too-small", "half of the servers, rounded down, are taken for a majority",
                                      "linearizable", "small", false},
                [VERSION_NOT_DURABLE] = {"version-not-durable", "the version is not on stable storage", "linearizable",
                                         "reboot", false},
            },
        .announcements =
            {
                [INVOKED] = GS_INVOCATION("invoked", invocation_fields),
                [RETURNED] = GS_RETURN("returned"),
            },
        .monitors =
            {
                [LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", operations),
                [HISTORY] = GS_HISTORY("history", operations),
            },
        .properties =
            {
                {.name = "linearizable",
                 .claim = "the clients' puts and gets are those of one register",
                 .kind = GS_LINEARIZABLE,
                 .scope = GS_SCOPE_MONITOR,
                 .monitor = LINEARIZATIONS,
                 .monitor_option = MONITOR + 1},
                {.name = "all-returned",
                 .claim = "every operation of every client returns",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_ROLE,
                 .role = CLIENT,
                 .holds = all_returned},
                {.name = "written-twice",
                 .claim = "one put follows upon another",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = SERVER,
                 .holds = written_twice,
                 .needs = has_two_puts,
                 .needs_text = "puts >= 2 in all"},
            },
};
