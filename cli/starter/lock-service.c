/* A lock that clients ask a server for. Messages may be lost, overtake each other and arrive again much later, so each
 * grant has a ticket, and whoever gives the lock back says which ticket it is giving back.
 *
 * Read it from top to bottom: names, tables of fields, one step function per role, properties, and the model that ties
 * them together. Then change a rule and see what `make check` says. */
#include "lock-service.h"

/* Your names are indices into the tables at the end. What may happen to a node is one list: messages, timers, and local
 * events, which is what a node does of its own accord. */
enum { ACQUIRE, GRANT, RELEASE, /* local events: */ ASK, LEAVE };
enum { CLIENTS, TICKETS };   /* options */
enum { ACCEPT_OLD_RELEASE }; /* mutants: bugs planted on purpose */

struct message {
    uint8_t type; /* has to be first */
    uint8_t ticket;
};

/* Every member of every struct is described once. GS_DURABLE: a crash does not wipe it. A client that crashes forgets
 * that it was holding the lock, but not which tickets it has seen. */
static const struct gs_field server_fields[] = {
    GS_FIELD(struct server, holder, GS_DURABLE),
    GS_FIELD(struct server, ticket, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field client_fields[] = {
    GS_FIELD(struct client, holding),
    GS_FIELD(struct client, ticket, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, ticket),
    GS_FIELDS_END,
};

/* One step function per role. It may change `self`; all else goes through `s`. True: the event was handled. False: it
 * does not apply now, and nothing has changed. */
static bool server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct server *server = self;
    const struct message *message = e->message;

    switch (e->type) {
    case ACQUIRE:
        if (!gs_is_nobody(server->holder) || server->ticket == gs_option(s, TICKETS))
            return false;
        server->holder = e->from;
        server->ticket++;
        return gs_send(s, e->from, &(struct message){.type = GRANT, .ticket = server->ticket});
    case RELEASE:
        if (gs_is_nobody(server->holder))
            return false;
        if (message->ticket != server->ticket && !gs_mutant(s, ACCEPT_OLD_RELEASE))
            return false; /* an old one that arrives late, or again: the lock is someone else's by now */
        server->holder = GS_NOBODY;
        return true;
    case GS_START: /* back after a crash: all of its state is durable */
        return false;
    }
    return gs_unhandled(s, e);
}

static bool give_back(struct gs_step *s, struct client *client)
{
    client->holding = false;
    return gs_send(s, gs_node_at(s, SERVER, 0), &(struct message){.type = RELEASE, .ticket = client->ticket});
}

static bool client_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct client *client = self;
    const struct message *message = e->message;

    switch (e->type) {
    case ASK:
        if (client->holding)
            return false;
        return gs_send(s, gs_node_at(s, SERVER, 0), &(struct message){.type = ACQUIRE});
    case GRANT:
        if (message->ticket <= client->ticket)
            return false; /* an old one */
        client->ticket = message->ticket;
        client->holding = true;
        return true;
    case LEAVE:
        return client->holding && give_back(s, client);
    case GS_START: /* back after a crash: what it may have been holding it gives back */
        return client->ticket > 0 && give_back(s, client);
    }
    return gs_unhandled(s, e);
}

/* A property sees its scope and nothing else; here a pair of clients. gs_premise marks the "if" of a claim: if it never
 * occurs, the claim says nothing, and the report says so. gs_explain is the line that a person will read. */
static bool mutual_exclusion(struct gs_view *v)
{
    const struct client *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->holding) || !other->holding)
        return true;
    return gs_explain(v, "%s and %s both hold the lock", gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)));
}

/* A goal: what a good run achieves. A protocol that does nothing violates nothing, so there has to be one. */
static bool everyone_served(struct gs_view *v)
{
    for (GS_EACH(node, gs_nodes(v, CLIENT)))
        if (((const struct client *)gs_state(v, node))->ticket == 0)
            return false;
    return true;
}

static const struct gs_model lock_service_model = {
    .name = "lock-service",
    .title = "a lock server and its clients",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_SET, /* the worst one: a message may arrive late, again, or never */
    .roles = {[SERVER] = {.name = "server",
                          .size = sizeof(struct server),
                          .fields = server_fields,
                          .step = server_step,
                          .count = 1},
              [CLIENT] = {.name = "client",
                          .size = sizeof(struct client),
                          .fields = client_fields,
                          .step = client_step,
                          .count_option = CLIENTS}},
    /* A message arrives with the members that it lists; all others are zero. */
    .events = {[ACQUIRE] = {.name = "acquire"},
               [GRANT] = {.name = "grant", .fields = {"ticket"}},
               [RELEASE] = {.name = "release", .fields = {"ticket"}},
               [ASK] = {.name = "ask", .kind = GS_LOCAL, .role = CLIENT},
               [LEAVE] = {.name = "leave", .kind = GS_LOCAL, .role = CLIENT}},
    /* Name, meaning, default, least, greatest. The bound on tickets is what makes the search finite. */
    .options = {[CLIENTS] = {"clients", "how many there are", 3, 2, 6, NULL},
                [TICKETS] = {"tickets", "how many grants there are", 3, 1, 20, NULL}},
    .presets = {{.name = "quick", .meaning = "4 clients, 5 grants", .settings = {"clients=4", "tickets=5"}},
                {.name = "small", .meaning = "2 clients, 3 grants", .settings = {"clients=2"}},
                {.name = "reboots", .meaning = "2 nodes reboot", .budgets = {.reboots = 2}}},
    .mutants = {[ACCEPT_OLD_RELEASE] = {.name = "accept-old-release",
                                        .meaning = "the server does not look at the ticket that is given back",
                                        .property = "mutual-exclusion",
                                        .preset = "small"}},
    .properties = {{.name = "mutual-exclusion",
                    .claim = "no two clients hold the lock at the same time",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_PAIR,
                    .role = CLIENT,
                    .other_role = CLIENT,
                    .holds = mutual_exclusion},
                   {.name = "everyone-served",
                    .claim = "every client gets the lock",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_ROLE,
                    .role = CLIENT,
                    .holds = everyone_served}},
};

GS_EXPORT_MODEL(lock_service_model);
