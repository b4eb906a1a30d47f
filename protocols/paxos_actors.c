/* Single-decree Paxos as a register that is written once: Lamport, "Paxos Made Simple" (2001), section 2, with servers
 * that are proposer, acceptor and learner in one, and clients. It is the variant of Stateright's example: a server
 * proposes once, for the first put that it gets; it answers a get only when it knows the decision; no message is
 * repeated. What a server would send to itself it does at once. */
#include "protocols/paxos_actors.h"

enum { SERVER = PAXOS_ACTORS_SERVER, CLIENT = PAXOS_ACTORS_CLIENT };
enum { PUT, GET, PUT_OK, GET_OK, PREPARE, PREPARED, ACCEPT, ACCEPTED, DECIDED }; /* messages */
enum { SERVERS, CLIENTS, PUTS, GETS, MONITOR };                                  /* options */
enum { INVOKED, RETURNED };                                                      /* announcements */
enum { LINEARIZATIONS, HISTORY };                                                /* monitors */
enum { QUORUM_TOO_SMALL, OWN_PROPOSAL, ACCEPT_OLDER, ANSWER_UNDECIDED };         /* mutants */
enum { READ, WRITE };                                                            /* functions of gs_register */

static const char *const function_names[] = {"read", "write"};

static const struct gs_field ballot_fields[] = {
    GS_FIELD(struct paxos_actors_ballot, round),
    GS_FIELD(struct paxos_actors_ballot, leader),
    GS_FIELDS_END,
};
static const struct gs_field proposal_fields[] = {
    GS_FIELD(struct paxos_actors_proposal, request),
    GS_FIELD(struct paxos_actors_proposal, client),
    GS_FIELD(struct paxos_actors_proposal, value),
    GS_FIELDS_END,
};
static const struct gs_field accepted_fields[] = {
    GS_STRUCT(struct paxos_actors_accepted, ballot, ballot_fields),
    GS_STRUCT(struct paxos_actors_accepted, proposal, proposal_fields),
    GS_FIELDS_END,
};
static const struct gs_field promise_fields[] = {
    GS_FIELD(struct paxos_actors_promise, given),
    GS_STRUCT(struct paxos_actors_promise, accepted, accepted_fields),
    GS_FIELDS_END,
};
static const struct gs_field server_fields[] = {
    GS_STRUCT(struct paxos_actors_server, ballot, ballot_fields, GS_DURABLE),
    GS_STRUCT(struct paxos_actors_server, accepted, accepted_fields, GS_DURABLE),
    GS_FIELD(struct paxos_actors_server, decided, GS_DURABLE),
    GS_STRUCT(struct paxos_actors_server, proposal, proposal_fields, GS_DURABLE),
    GS_STRUCT_BY_NODE(struct paxos_actors_server, promises, SERVER, promise_fields, GS_DURABLE),
    GS_FIELD(struct paxos_actors_server, accepts, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct paxos_actors_message, request),
    GS_FIELD(struct paxos_actors_message, value),
    GS_STRUCT(struct paxos_actors_message, ballot, ballot_fields),
    GS_STRUCT(struct paxos_actors_message, accepted, accepted_fields),
    GS_STRUCT(struct paxos_actors_message, proposal, proposal_fields),
    GS_FIELDS_END,
};
static const struct gs_field invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
static const struct gs_field client_fields[] = GS_CLIENT_FIELDS(invocation_fields);

/* ---- Servers ----------------------------------------------------------------------------------------------------- */

/* Negative, 0 or positive, as a is less than, equal to or greater than b. */
static int compare(struct gs_step *s, const struct paxos_actors_ballot *a, const struct paxos_actors_ballot *b)
{
    if (a->round != b->round || !a->round)
        return a->round - b->round;
    return gs_node_rank(s, a->leader) - gs_node_rank(s, b->leader);
}

static bool is_quorum(struct gs_step *s, int servers)
{
    return servers == (gs_mutant(s, QUORUM_TOO_SMALL) ? gs_count(s, SERVER) / 2 : gs_majority(s, SERVER));
}

/* Section 2.5: once a majority has accepted it, the proposer tells the others and its client. */
static bool decide_if_accepted(struct gs_step *s, struct paxos_actors_server *server)
{
    if (!is_quorum(s, gs_set_size(server->accepts)))
        return true;
    server->decided = true;
    gs_broadcast(
        s, SERVER,
        &(struct paxos_actors_message){.type = DECIDED, .ballot = server->ballot, .proposal = server->proposal});
    return gs_send(s, server->proposal.client,
                   &(struct paxos_actors_message){.type = PUT_OK, .request = server->proposal.request});
}

/* Section 2.2, phase 2: with a majority's promises, the proposal accepted in the largest ballot among them is proposed,
 * or else one's own. */
static bool propose_if_promised(struct gs_step *s, struct paxos_actors_server *server)
{
    int given = 0;
    const struct paxos_actors_accepted *largest = NULL;
    for (int k = 0; k < gs_count(s, SERVER); k++) {
        const struct paxos_actors_promise *promise = &server->promises[k];
        given += promise->given;
        if (promise->accepted.ballot.round && (!largest || compare(s, &promise->accepted.ballot, &largest->ballot) > 0))
            largest = &promise->accepted;
    }
    if (!is_quorum(s, given))
        return true;
    if (largest && !gs_mutant(s, OWN_PROPOSAL))
        server->proposal = largest->proposal;
    server->accepted = (struct paxos_actors_accepted){.ballot = server->ballot, .proposal = server->proposal};
    server->accepts = gs_set_of(gs_self(s));
    gs_broadcast(
        s, SERVER,
        &(struct paxos_actors_message){.type = ACCEPT, .ballot = server->ballot, .proposal = server->proposal});
    return decide_if_accepted(s, server);
}

/* Section 2.2, phase 1. */
static bool on_put(struct gs_step *s, struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (server->proposal.request)
        return false;
    server->proposal =
        (struct paxos_actors_proposal){.request = message->request, .client = e->from, .value = message->value};
    server->ballot = (struct paxos_actors_ballot){.round = (uint8_t)(server->ballot.round + 1), .leader = gs_self(s)};
    server->promises[gs_index(s, gs_self(s))] =
        (struct paxos_actors_promise){.given = true, .accepted = server->accepted};
    gs_broadcast(s, SERVER, &(struct paxos_actors_message){.type = PREPARE, .ballot = server->ballot});
    return propose_if_promised(s, server);
}

static bool on_get(struct gs_step *s, const struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (!server->decided && !(gs_mutant(s, ANSWER_UNDECIDED) && server->accepted.ballot.round))
        return false;
    return gs_send(s, e->from,
                   &(struct paxos_actors_message){
                       .type = GET_OK, .request = message->request, .value = server->accepted.proposal.value});
}

static bool on_prepare(struct gs_step *s, struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (compare(s, &message->ballot, &server->ballot) <= 0)
        return false;
    server->ballot = message->ballot;
    return gs_send(
        s, e->from,
        &(struct paxos_actors_message){.type = PREPARED, .ballot = message->ballot, .accepted = server->accepted});
}

static bool on_prepared(struct gs_step *s, struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (compare(s, &message->ballot, &server->ballot) != 0)
        return false;
    server->promises[gs_index(s, e->from)] =
        (struct paxos_actors_promise){.given = true, .accepted = message->accepted};
    return propose_if_promised(s, server);
}

static bool on_accept(struct gs_step *s, struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (compare(s, &message->ballot, &server->ballot) < 0 && !gs_mutant(s, ACCEPT_OLDER))
        return false;
    server->ballot = message->ballot;
    server->accepted = (struct paxos_actors_accepted){.ballot = message->ballot, .proposal = message->proposal};
    return gs_send(s, e->from, &(struct paxos_actors_message){.type = ACCEPTED, .ballot = message->ballot});
}

static bool on_accepted(struct gs_step *s, struct paxos_actors_server *server, const struct gs_event *e)
{
    const struct paxos_actors_message *message = e->message;
    if (compare(s, &message->ballot, &server->ballot) != 0)
        return false;
    server->accepts = gs_set_with(server->accepts, e->from);
    return decide_if_accepted(s, server);
}

static bool on_decided(struct paxos_actors_server *server, const struct paxos_actors_message *message)
{
    server->ballot = message->ballot;
    server->accepted = (struct paxos_actors_accepted){.ballot = message->ballot, .proposal = message->proposal};
    server->decided = true;
    return true;
}

/* A server that knows the decision only answers gets. */
static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct paxos_actors_server *server = self;

    if (e->type == GS_START) /* after a crash: all is durable */
        return false;
    if (server->decided && e->type != GET)
        return false;
    switch (e->type) {
    case PUT:
        return on_put(s, server, e);
    case GET:
        return on_get(s, server, e);
    case PREPARE:
        return on_prepare(s, server, e);
    case PREPARED:
        return on_prepared(s, server, e);
    case ACCEPT:
        return on_accept(s, server, e);
    case ACCEPTED:
        return on_accepted(s, server, e);
    case DECIDED:
        return on_decided(server, e->message);
    }
    return gs_unhandled(s, e);
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

static void request(struct gs_step *s, const struct gs_request *request)
{
    const bool is_write = request->operation->function == WRITE;
    gs_send(s, request->server,
            &(struct paxos_actors_message){.type = is_write ? PUT : GET,
                                           .request = request->id,
                                           .value = is_write ? request->operation->argument.items[0] : 0});
}

static bool answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct paxos_actors_message *message = e->message;
    (void)s;
    answer->id = message->request;
    if (e->type == GET_OK)
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

/* ---- Properties -------------------------------------------------------------------------------------------------- */

static bool same_decision(struct gs_view *v)
{
    const struct paxos_actors_server *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->decided && other->decided) ||
        one->accepted.proposal.value == other->accepted.proposal.value)
        return true;
    return gs_explain(v, "%s knows %u to be decided, %s knows %u", gs_name(v, gs_this_node(v)),
                      one->accepted.proposal.value, gs_name(v, gs_that_node(v)), other->accepted.proposal.value);
}

static bool put_and_got(struct gs_view *v)
{
    return gs_client_returns(gs_this(v)) > gs_option(v, PUTS);
}

static bool has_gets(const struct gs_run *run)
{
    return gs_option(run, GETS) > 0;
}

static bool learnt(struct gs_view *v)
{
    const struct paxos_actors_server *server = gs_this(v);
    return server->decided && !gs_same(server->ballot.leader, gs_this_node(v));
}

const struct gs_model paxos_actors =
    {
        .name = "paxos-actors",
        .title = "single-decree Paxos as a register that is written once, with clients",
        .source = "Lamport, Paxos Made Simple (2001), section 2; the variant of Stateright's example",
        .message_size = sizeof(struct paxos_actors_message),
        .message_fields = message_fields,
        .network = GS_BAG,
        .roles =
            {
                [SERVER] = {.name = "server",
                            .size = sizeof(struct paxos_actors_server),
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
                [PREPARE] = {.name = "prepare", .fields = {"ballot"}},
                [PREPARED] = {.name = "prepared", .fields = {"ballot", "accepted"}},
                [ACCEPT] = {.name = "accept", .fields = {"ballot", "proposal"}},
                [ACCEPTED] = {.name = "accepted", .fields = {"ballot"}},
                [DECIDED] = {.name = "decided", .fields = {"ballot", "proposal"}},
            },
        .options =
            {
                [SERVERS] = {"servers", "how many there are", 3, 2, PAXOS_ACTORS_SERVERS_MAX, NULL},
                [CLIENTS] = {"clients", "how many there are", 2, 1, 6, NULL},
                [PUTS] = {"puts", "how many each client invokes first", 1, 1, 3, NULL},
                [GETS] = {"gets", "how many each client then invokes", 1, 0, 3, NULL},
                [MONITOR] = GS_MONITOR_OPTION,
            },
        .presets =
            {
                {.name = "quick", .meaning = "3 servers, 2 clients that put once and then get"},
                {.name = "two-gets",
                 .meaning = "3 servers, 2 clients that put once and get twice",
                 .settings = {"gets=2"}},
                {.name = "full", .meaning = "3 servers, 3 clients", .settings = {"clients=3"}},
            },
        .mutants =
            {
                [QUORUM_TOO_SMALL] = {"quorum-too-small", "half of the servers, rounded down, are taken for a majority",
                                      "linearizable", NULL, false},
                [OWN_PROPOSAL] = {"own-proposal", "a proposer proposes its own, whatever was accepted before",
                                  "linearizable", NULL, false},
                [ACCEPT_OLDER] = {"accept-older", "a server accepts in a ballot that it promised not to",
                                  "linearizable", NULL, false},
                [ANSWER_UNDECIDED] = {"answer-undecided",
                                      "a server answers a get with what it has accepted, decided or not",
                                      "linearizable", "two-gets", false},
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
                {.name = "same-decision",
                 .claim = "no two servers know different values to be decided",
                 .kind = GS_ALWAYS,
                 .scope = GS_SCOPE_PAIR,
                 .role = SERVER,
                 .other_role = SERVER,
                 .holds = same_decision},
                {.name = "put-and-got",
                 .claim = "a client's put returns, and then its get",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = CLIENT,
                 .holds = put_and_got,
                 .needs = has_gets,
                 .needs_text = "gets >= 1"},
                {.name = "learnt",
                 .claim = "a server learns the decision from another",
                 .kind = GS_REACHABLE,
                 .scope = GS_SCOPE_NODE,
                 .role = SERVER,
                 .holds = learnt},
            },
};
