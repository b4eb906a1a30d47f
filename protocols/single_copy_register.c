/* A register whose servers each keep a copy of their own and never talk to each other: what Stateright's example
 * single-copy-register models. One server is a linearizable register. Two are none, as soon as one client writes to one
 * and another reads from the other: the smallest example of what a history shows. */
#include "protocols/single_copy_register.h"

enum { SERVER = SINGLE_COPY_REGISTER_SERVER, CLIENT = SINGLE_COPY_REGISTER_CLIENT };
enum { PUT, GET, PUT_OK, GET_OK };               /* messages */
enum { SERVERS, CLIENTS, PUTS, GETS, MONITOR };  /* options */
enum { INVOKED, RETURNED };                      /* announcements */
enum { LINEARIZATIONS, HISTORY };                /* monitors; MONITOR is one of them */
enum { ANSWER_WITHOUT_WRITING, KEEP_THE_FIRST }; /* mutants */
enum { READ, WRITE };                            /* functions of gs_register */

static const char *const function_names[] = {"read", "write"};

static const struct gs_field server_fields[] = {
    GS_FIELD(struct single_copy_server, value),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct single_copy_message, request),
    GS_FIELD(struct single_copy_message, value),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);

static bool writes(struct gs_step *s, const struct single_copy_server *server)
{
    return !gs_mutant(s, ANSWER_WITHOUT_WRITING) && !(gs_mutant(s, KEEP_THE_FIRST) && server->value);
}

static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct single_copy_server *server = self;
    const struct single_copy_message *message = e->message;

    switch (e->type) {
    case GS_START: /* after a crash */
        return false;
    case PUT:
        if (writes(s, server))
            server->value = message->value;
        return gs_send(s, e->from, &(struct single_copy_message){.type = PUT_OK, .request = message->request});
    case GET:
        return gs_send(
            s, e->from,
            &(struct single_copy_message){.type = GET_OK, .request = message->request, .value = server->value});
    }
    return gs_unhandled(s, e);
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const bool is_write = request->operation->function == WRITE;
    gs_send(s, request->server,
            &(struct single_copy_message){.type = is_write ? PUT : GET,
                                          .request = request->id,
                                          .value = is_write ? request->operation->argument.items[0] : 0});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct single_copy_message *message = e->message;
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
    .kinds = {{.function = WRITE, .argument = GS_ARGUMENT_VALUE, .times_option = PUTS + 1},
              {.function = READ, .times_option = GETS + 1}},
    .kind_count = 2,
    .request = request,
    .answer = answer,
};
static const struct gs_operations operations = {&gs_register, INVOKED, RETURNED};

static bool all_returned(struct gs_view *v)
{
    return gs_all_returned(v, CLIENT);
}

const struct gs_model single_copy_register =
    {
        .name = "single-copy-register",
        .title = "a register on servers that do not know of each other: linearizable if there is one",
        .source = "Stateright's example single-copy-register; Herlihy and Wing (1990) for what linearizable means",
        .message_size = sizeof(struct single_copy_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct single_copy_server),
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
            },
        .options =
            {
                [SERVERS] = {"servers", "how many there are", 1, 1, 5, NULL},
                [CLIENTS] = {"clients", "how many there are", 2, 1, 6, NULL},
                [PUTS] = {"puts", "how many each client invokes first", 1, 0, 3, NULL},
                [GETS] = {"gets", "how many each client then invokes", 1, 0, 3, NULL},
                [MONITOR] = GS_MONITOR_OPTION,
            },
        .presets =
            {
                {.name = "quick", .meaning = "4 clients put and get at one server", .settings = {"clients=4"}},
                {.name = "full", .meaning = "5 clients", .settings = {"clients=5"}},
                {.name = "small", .meaning = "2 clients; small, to be read"},
                {.name = "two-puts", .meaning = "a client puts twice and gets", .settings = {"clients=1", "puts=2"}},
                {.name = "two-copies",
                 .meaning = "2 servers: not linearizable, without any mutant",
                 .settings = {"servers=2"}},
            },
        .mutants =
            {
                [ANSWER_WITHOUT_WRITING] = {"answer-without-writing", "a server says that it has written, and has not",
                                            "linearizable", "small", false},
                [KEEP_THE_FIRST] = {"keep-the-first", "a server keeps the first value, also when others are written",
                                    "linearizable", "two-puts", false},
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
                 .claim = "every client's every operation returns",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_ROLE,
                 .role = CLIENT,
                 .holds = all_returned},
            },
};
