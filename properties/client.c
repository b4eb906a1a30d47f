#include "properties/client.h"

#include <stddef.h>

const struct gs_field gs_client_fields[] = GS_CLIENT_FIELDS(gs_invocation_fields);

const char *const gs_monitor_names[2] = {"linearizations", "history"};

int gs_client_returns(const struct gs_client *client)
{
    return client->invoked - client->abandoned - client->waiting;
}

static unsigned option_or(const struct gs_run *run, uint8_t option, unsigned otherwise)
{
    return option ? (unsigned)gs_option(run, option - 1) : otherwise;
}

/* ---- What is asked, and of whom ---- */

static int own_index(struct gs_step *s)
{
    return gs_index(s, gs_self(s));
}

static int client_count(struct gs_step *s)
{
    return gs_count(s, gs_role(s, gs_self(s)));
}

static bool does(const struct gs_run *run, gs_node client, const struct gs_client_kind *kind)
{
    const int first = gs_index(run, client), last = gs_count(run, gs_role(run, client)) - 1;
    return (unsigned)(kind->by_the_last ? last - first : first) < option_or(run, kind->clients_option, GS_NODES_MAX);
}

/* How often the client invokes a kind before it comes to the next. */
static unsigned times_of(const struct gs_run *run, gs_node client, const struct gs_client_kind *kind)
{
    return does(run, client, kind) ? option_or(run, kind->times_option, 1) : 0;
}

/* How many operations it takes to go through all kinds once. */
static unsigned round_of(const struct gs_run *run, gs_node client, const struct gs_clients *clients)
{
    unsigned round = 0;
    for (unsigned k = 0; k < clients->kind_count; k++)
        round += times_of(run, client, &clients->kinds[k]);
    return round;
}

int gs_client_operations(const struct gs_run *run, gs_node client)
{
    const struct gs_clients *clients = gs_context(run, gs_role(run, client));
    const unsigned round = round_of(run, client, clients);
    return (int)(round ? option_or(run, clients->operations_option, round) : 0);
}

bool gs_all_returned(struct gs_view *v, int role)
{
    for (GS_EACH(client, gs_nodes(v, role)))
        if (gs_client_returns(gs_state(v, client)) < gs_client_operations(gs_view_run(v), client))
            return false;
    return true;
}

/* Of the operation in flight. */
static uint8_t request_id(struct gs_step *s, const struct gs_client *client)
{
    const int id = 1 + own_index(s) + client_count(s) * (client->invoked - 1);
    if (id >= UINT8_MAX)
        gs_failed(GS_RUN(s), "the clients have more than 254 operations: fewer clients or operations", NULL, 0);
    return (uint8_t)id;
}

/* The first place in a round of one of the kinds that the client does. */
static unsigned choose_kind(struct gs_step *s, const struct gs_clients *clients)
{
    unsigned places[GS_CLIENT_KINDS_MAX], count = 0, place = 0;
    for (unsigned k = 0; k < clients->kind_count; k++) {
        const unsigned times = times_of(GS_RUN(s), gs_self(s), &clients->kinds[k]);
        if (times)
            places[count++] = place;
        place += times;
    }
    return places[gs_choose(s, count)];
}

static const struct gs_client_kind *kind_of_next(struct gs_step *s, const struct gs_client *client,
                                                 const struct gs_clients *clients)
{
    const struct gs_run *run = GS_RUN(s);
    const gs_node self = gs_self(s);
    unsigned place = option_or(run, clients->mix_option, 0) ? choose_kind(s, clients)
                                                            : client->invoked % round_of(run, self, clients);
    const struct gs_client_kind *kind = clients->kinds;
    for (; place >= times_of(run, self, kind); kind++)
        place -= times_of(run, self, kind);
    return kind;
}

static uint8_t choose_value(struct gs_step *s, const struct gs_client *client, const struct gs_clients *clients)
{
    const unsigned values = option_or(GS_RUN(s), clients->values_option, 0);
    return values ? (uint8_t)(1 + gs_choose(s, values)) : request_id(s, client);
}

static struct gs_flat choose_argument(struct gs_step *s, const struct gs_client *client,
                                      const struct gs_clients *clients, uint8_t source)
{
    struct gs_flat argument = {.kind = GS_FLAT_NIL};
    if (source == GS_ARGUMENT_VALUE)
        argument = GS_FLAT_NUMBER(choose_value(s, client, clients));
    if (source == GS_ARGUMENT_TWO_VALUES) {
        argument = (struct gs_flat){.kind = GS_FLAT_LIST, .length = 2};
        argument.items[0] = choose_value(s, client, clients);
        argument.items[1] = choose_value(s, client, clients);
    }
    return argument;
}

static bool may_retry(struct gs_step *s, const struct gs_client *client, const struct gs_clients *clients)
{
    return clients->retry && client->retries < option_or(GS_RUN(s), clients->retries_option, 1);
}

static bool send_request(struct gs_step *s, const struct gs_client *client, const struct gs_clients *clients)
{
    const int servers = gs_count(s, clients->servers);
    const int place = (own_index(s) + client->invoked - 1 + client->retries) % servers;
    const struct gs_request request = {.id = request_id(s, client),
                                       .server = option_or(GS_RUN(s), clients->any_server_option, clients->any_server)
                                                     ? gs_choose_node(s, gs_nodes(s, clients->servers))
                                                     : gs_node_at(s, clients->servers, place),
                                       .attempt = client->retries,
                                       .operation = client->operation};
    if (may_retry(s, client, clients))
        gs_set_timer(s, clients->retry - 1, 0);
    else if (clients->retry)
        gs_cancel_timer(s, clients->retry - 1, 0);
    clients->request(s, &request);
    return true;
}

static bool retry(struct gs_step *s, struct gs_client *client, const struct gs_clients *clients)
{
    client->retries++;
    return send_request(s, client, clients);
}

/* ---- One operation after the other ---- */

static bool invoke_next(struct gs_step *s, struct gs_client *client, const struct gs_clients *clients)
{
    if (client->invoked >= gs_client_operations(GS_RUN(s), gs_self(s)))
        return true;
    const struct gs_client_kind *kind = kind_of_next(s, client, clients);
    client->invoked++;
    client->waiting = true;
    client->operation->process = (uint8_t)(own_index(s) + client->abandoned * client_count(s));
    client->operation->function = kind->function;
    if (clients->keys_option)
        client->operation->key = (uint8_t)(1 + gs_choose(s, option_or(GS_RUN(s), clients->keys_option, 1)));
    client->operation->argument = choose_argument(s, client, clients, kind->argument);
    gs_announce(s, clients->invoked, client->operation);
    if (clients->timeout)
        gs_set_timer(s, clients->timeout - 1, 0);
    return send_request(s, client, clients);
}

/* The operation in flight ends, one way or the other. */
static bool end_operation(struct gs_step *s, struct gs_client *client, const struct gs_clients *clients,
                          uint8_t outcome, const struct gs_flat *result)
{
    struct gs_return returned = {.process = client->operation->process, .outcome = outcome};
    if (outcome == GS_OK)
        returned.result = *result;
    gs_announce(s, clients->returned, &returned);
    client->waiting = false;
    client->retries = 0;
    client->operation[0] = (struct gs_invocation){0};
    if (clients->timeout)
        gs_cancel_timer(s, clients->timeout - 1, 0);
    if (clients->retry)
        gs_cancel_timer(s, clients->retry - 1, 0);
    if (outcome == GS_OPEN) {
        client->abandoned++;
        if (clients->stops)
            return true;
    }
    return invoke_next(s, client, clients);
}

static bool on_start(struct gs_step *s, struct gs_client *client, const struct gs_clients *clients, bool restarted)
{
    if (client->waiting)
        return end_operation(s, client, clients, GS_OPEN, NULL);
    return restarted && clients->stops && client->abandoned ? false : invoke_next(s, client, clients);
}

static bool on_answer(struct gs_step *s, struct gs_client *client, const struct gs_clients *clients,
                      const struct gs_answer *answer)
{
    if (!client->waiting || answer->id != request_id(s, client))
        return false;
    if (answer->again && may_retry(s, client, clients))
        return retry(s, client, clients);
    return end_operation(s, client, clients, answer->outcome, &answer->result);
}

bool gs_client_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    const struct gs_clients *clients = gs_role_context(s);
    struct gs_client *client = self;
    struct gs_answer answer = {.outcome = GS_OK};

    if (e->type == GS_START)
        return on_start(s, client, clients, e->restarted);
    if (clients->timeout && e->type == clients->timeout - 1)
        return end_operation(s, client, clients, GS_OPEN, NULL);
    if (clients->retry && e->type == clients->retry - 1)
        return retry(s, client, clients);
    if (e->message && clients->answer(s, e, &answer))
        return on_answer(s, client, clients, &answer);
    return gs_unhandled(s, e);
}
