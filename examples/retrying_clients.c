/* The ready clients of properties/client.h with all that they can do: several keys, values that the checker chooses,
 * any mix of operations, requests that are sent again, operations that nobody waits for any longer. One server keeps
 * the registers and remembers of each client the last request and its answer, so that a request that comes again is
 * answered again and not done again.
 *
 *   gainsay check examples/retrying_clients.c
 *   gainsay check examples/retrying_clients.c --mutant do-again
 *   gainsay check examples/retrying_clients.c --set keys=2 --set mix=in-order --timeouts 2
 *   gainsay check examples/retrying_clients.c --preset crash --mutant forget-sessions
 */
#include "properties/client.h"

enum { SERVER, CLIENT };                                           /* roles */
enum { REQUEST, ANSWER, /* timers: */ RETRY, STOP_WAITING };       /* events */
enum { CLIENTS, OPERATIONS, KEYS, VALUES, MIX, RETRIES, MONITOR }; /* options */
enum { INVOKED, RETURNED };                                        /* announcements */
enum { LINEARIZATIONS, HISTORY };                                  /* monitors */
enum { DO_AGAIN, FORGET_SESSIONS };                                /* mutants */
enum { READ, WRITE, CAS };                                         /* functions of gs_cas_register */
enum { KEYS_MAX = 3, CLIENTS_MAX = 4 };

struct session {
    uint8_t request; /* the client's last that was done; 0: none */
    uint8_t value;   /* its answer: what was read, 1 for a cas that succeeded */
};

struct server {
    uint8_t registers[KEYS_MAX + 1]; /* by key; 0: never written */
    struct session sessions[CLIENTS_MAX];
};

struct message {
    uint8_t type;
    uint8_t request;
    uint8_t function;
    uint8_t key;
    uint8_t from, to; /* cas; write: to */
    uint8_t value;    /* the answer */
};

static const char *const function_names[] = {"read", "write", "cas"};
static const char *const mix_names[] = {"in-order", "any"};

static const struct gs_field session_fields[] = {
    GS_FIELD(struct session, request),
    GS_FIELD(struct session, value),
    GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, registers, GS_DURABLE),
    GS_STRUCT_BY_NODE(struct server, sessions, CLIENT, session_fields, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, request),
    GS_ENUM(struct message, function, function_names),
    GS_FIELD(struct message, key),
    GS_FIELD(struct message, from),
    GS_FIELD(struct message, to),
    GS_FIELD(struct message, value),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);

/* ---- The server -------------------------------------------------------------------------------------------------- */

/* Does what is asked; what it answers. */
static uint8_t perform(struct server *server, const struct message *message)
{
    uint8_t *reg = &server->registers[message->key];
    switch (message->function) {
    case READ:
        return *reg;
    case WRITE:
        *reg = message->to;
        return 0;
    }
    if (*reg != message->from)
        return 0;
    *reg = message->to;
    return 1;
}

static bool on_request(struct gs_step *s, struct server *server, const struct gs_event *e)
{
    const struct message *message = e->message;
    struct session *session = &server->sessions[gs_index(s, e->from)];
    if (message->request < session->request && !gs_mutant(s, DO_AGAIN))
        return false;
    if (message->request != session->request || gs_mutant(s, DO_AGAIN)) {
        session->value = perform(server, message);
        session->request = message->request;
    }
    return gs_send(
        s, e->from,
        &(struct message){
            .type = ANSWER, .request = message->request, .function = message->function, .value = session->value});
}

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct server *server = self;

    switch (e->type) {
    case GS_START: /* after a crash */
        for (int k = 0; k < CLIENTS_MAX && gs_mutant(s, FORGET_SESSIONS); k++)
            server->sessions[k] = (struct session){0};
        return gs_mutant(s, FORGET_SESSIONS);
    case REQUEST:
        return on_request(s, server, e);
    }
    return gs_unhandled(s, e);
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const struct gs_invocation *operation = request->operation;
    const uint8_t *items = operation->argument.items;
    gs_send(s, request->server,
            &(struct message){.type = REQUEST,
                              .request = request->id,
                              .function = operation->function,
                              .key = operation->key,
                              .from = operation->function == CAS ? items[0] : 0,
                              .to = operation->function == CAS ? items[1] : items[0]});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct message *message = e->message;
    (void)s;
    if (e->type != ANSWER)
        return false;
    answer->id = message->request;
    if (message->function == CAS)
        answer->result = GS_FLAT_BOOL(message->value);
    else if (message->function == READ && message->value)
        answer->result = GS_FLAT_NUMBER(message->value);
    return true;
}

static const struct gs_clients clients = {
    .servers = SERVER,
    .invoked = INVOKED,
    .returned = RETURNED,
    .operations_option = OPERATIONS + 1,
    .keys_option = KEYS + 1,
    .values_option = VALUES + 1,
    .mix_option = MIX + 1,
    .retry = RETRY + 1,
    .retries_option = RETRIES + 1,
    .timeout = STOP_WAITING + 1,
    .kinds = {{.function = WRITE, .argument = GS_ARGUMENT_VALUE},
              {.function = READ},
              {.function = CAS, .argument = GS_ARGUMENT_TWO_VALUES}},
    .kind_count = 3,
    .request = request,
    .answer = answer,
};
static const struct gs_operations operations = {&gs_cas_register, INVOKED, RETURNED};

static bool all_returned(struct gs_view *v)
{
    return gs_all_returned(v, CLIENT);
}

static bool left_open(struct gs_view *v)
{
    const struct gs_client *client = gs_this(v);
    return client->abandoned && gs_client_returns(client);
}

static bool may_time_out(const struct gs_run *run)
{
    return gs_budget(run, GS_TIMEOUT) != 0 && gs_option(run, OPERATIONS) > 1;
}

static const struct gs_model retrying_clients =
    {
        .name = "retrying-clients",
        .title = "registers on one server, and clients that ask again",
        .message_size = sizeof(struct message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles = {[SERVER] = {.name = "server",
                              .size = sizeof(struct server),
                              .fields = server_fields,
                              .step = server_step,
                              .count = 1},
                  [CLIENT] = GS_CLIENT_NAMING("client", client_fields, clients, CLIENTS)},
        .events =
            {
                [REQUEST] = {.name = "request", .fields = {"request", "function", "key", "from", "to"}},
                [ANSWER] = {.name = "answer", .fields = {"request", "function", "value"}},
                [RETRY] = {.name = "retry", .kind = GS_TIMER, .role = CLIENT},
                [STOP_WAITING] = {.name = "stop-waiting", .kind = GS_TIMER, .role = CLIENT},
            },
        .options =
            {
                [CLIENTS] = {"clients", "how many there are", 2, 1, CLIENTS_MAX, NULL},
                [OPERATIONS] = {"operations", "how many each client invokes", 2, 1, 4, NULL},
                [KEYS] = {"keys", "how many registers there are", 1, 1, KEYS_MAX, NULL},
                [VALUES] = {"values", "how many values there are; 0: no two writes write the same", 0, 0, 4, NULL},
                [MIX] = {"mix", "which operations: write, read, cas in this order, or any", 0, 0, 1, mix_names},
                [RETRIES] = {"retries", "how often a client asks again", 1, 0, 2, NULL},
                [MONITOR] = GS_MONITOR_OPTION,
            },
        .presets =
            {
                {.name = "quick",
                 .meaning = "2 clients with 2 operations each, of any kind; a timer fires once",
                 .settings = {"values=2", "mix=any"},
                 .budgets = {.timeouts = 1}},
                {.name = "crash",
                 .meaning = "2 clients that write and read; the server or a client reboots",
                 .budgets = {.timeouts = 1, .reboots = 1}},
            },
        .mutants =
            {
                [DO_AGAIN] = {"do-again", "a request that comes again is done again", "linearizable", NULL, false},
                [FORGET_SESSIONS] = {"forget-sessions", "what was done for whom is not on stable storage",
                                     "linearizable", "crash", false},
            },
        .announcements = {[INVOKED] = GS_INVOCATION("invoked", invocation_fields), [RETURNED] = GS_RETURN("returned")},
        .monitors = {[LINEARIZATIONS] = GS_LINEARIZATIONS("linearizations", operations),
                     [HISTORY] = GS_HISTORY("history", operations)},
        .properties =
            {
                {.name = "linearizable",
                 .claim = "each key is a register",
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
                {.name = "left-open",
                 .claim = "a client gives an operation up, and another one returns",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = CLIENT,
                 .holds = left_open,
                 .needs = may_time_out,
                 .needs_text = "timeouts >= 1 and operations >= 2"},
            },
};

GS_EXPORT_MODEL(retrying_clients);
