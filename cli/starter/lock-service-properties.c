/* A claim about the protocol that is not in its file: `--property lock-service-properties.c` adds it. It asks for more
 * than that no two clients hold the lock: that the server knows who does. Such stronger claims find bugs earlier, with
 * shorter counterexamples: compare `make bug`. */
#include "lock-service.h"

static bool server_knows(struct gs_view *v)
{
    const struct client *client = gs_this(v);
    const struct server *server = gs_that(v);
    if (!gs_premise(v, client->holding))
        return true;
    if (gs_same(server->holder, gs_this_node(v)) && server->ticket == client->ticket)
        return true;
    return gs_explain(v, "%s holds the lock with ticket %d; the server says: %s, ticket %d",
                      gs_name(v, gs_this_node(v)), client->ticket, gs_name(v, server->holder), server->ticket);
}

static const struct gs_extension properties = {
    .protocol = "lock-service",
    .properties = {{.name = "server-knows",
                    .claim = "the server knows who holds the lock, and with which ticket",
                    .kind = GS_ALWAYS,
                    .scope = GS_SCOPE_PAIR,
                    .role = CLIENT,
                    .other_role = SERVER,
                    .holds = server_knows}},
};

GS_EXPORT_PROPERTIES(properties);
