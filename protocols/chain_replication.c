/* Chain replication (protocols/chain.c), in which the tail answers all reads; and the tables' entries that CRAQ has,
 * too. */
#include "protocols/chain.h"

static const char *const function_names[] = {"read", "write"};
const char *const chain_answers_names[] = {"tail", "head"};

static const struct gs_field order_fields[] = {
    GS_FIELD(struct chain_order, epoch),
    GS_FIELD(struct chain_order, length),
    GS_LIST(struct chain_order, servers, length),
    GS_FIELDS_END,
};
static const struct gs_field update_fields[] = {
    GS_FIELD(struct chain_update, version),
    GS_FIELD(struct chain_update, key),
    GS_FIELD(struct chain_update, value),
    GS_FIELD(struct chain_update, client),
    GS_FIELDS_END,
};
const struct gs_field chain_server_fields[] = {
    GS_STRUCT(struct chain_server, order, order_fields),
    GS_FIELD(struct chain_server, seen, GS_DURABLE),
    GS_FIELD(struct chain_server, waits),
    GS_FIELD(struct chain_server, count),
    GS_STRUCT_LIST(struct chain_server, history, count, update_fields),
    GS_FIELD(struct chain_server, acked),
    GS_FIELD(struct chain_server, dropped),
    GS_FIELDS_END,
};
const struct gs_field chain_master_fields[] = {
    GS_STRUCT(struct chain_master, order, order_fields, GS_DURABLE),
    GS_FIELDS_END,
};
const struct gs_field chain_message_fields[] = {
    GS_FIELD(struct chain_message, epoch),   GS_FIELD(struct chain_message, seq),
    GS_FIELD(struct chain_message, key),     GS_FIELD(struct chain_message, value),
    GS_FIELD(struct chain_message, request), GS_FIELD(struct chain_message, client),
    GS_FIELD(struct chain_message, joining), GS_STRUCT(struct chain_message, order, order_fields),
    GS_FIELD(struct chain_message, count),   GS_STRUCT_LIST(struct chain_message, history, count, update_fields),
    GS_FIELD(struct chain_message, acked),   GS_FIELDS_END,
};
const struct gs_field chain_invocation_fields[] = GS_INVOCATION_FIELDS(function_names);
const struct gs_field chain_client_fields[] = GS_CLIENT_FIELDS(chain_invocation_fields);
const struct gs_operations chain_operations = {&gs_register, CHAIN_INVOKED, CHAIN_RETURNED};

/* One server is cut off, alone or with the last client, from the master and the rest. */
bool chain_splits(const struct gs_run *run, gs_node_set side)
{
    const gs_node last = gs_node_at(run, CHAIN_CLIENT, gs_count(run, CHAIN_CLIENT) - 1);
    return gs_set_size(gs_set_without(side, last)) == 1 &&
           gs_role(run, gs_set_first(gs_set_without(side, last))) == CHAIN_SERVER;
}

struct gs_duration chain_suspicion(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(150), GS_MILLISECONDS(200)};
}

struct gs_duration chain_heartbeat_interval(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(40), GS_MILLISECONDS(50)};
}

struct gs_duration chain_patience(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(300), GS_MILLISECONDS(400)};
}

static const struct chain_kind kind = {.is_craq = false};

const struct gs_model chain_replication = {
    .name = "chain-replication",
    .title = "updates travel down a chain of servers, the tail answers reads",
    .source = "van Renesse and Schneider, Chain Replication for Supporting High Throughput and Availability (2004)",
    .message_size = sizeof(struct chain_message),
    .message_fields = chain_message_fields,
    .network = GS_FIFO,
    .roles = CHAIN_ROLES(kind, chain_clients),
    .events = CHAIN_EVENTS,
    .options = {CHAIN_OPTIONS},
    .presets =
        {
            {.name = "quick",
             .meaning = "3 servers of which the master takes one out, dead or alive; a client writes twice, one reads "
                        "twice",
             .settings = {"writes=2", "reads=2", "epochs=2"}},
            {.name = "full",
             .meaning = "as quick, with three writes and three reads",
             .settings = {"writes=3", "reads=3", "epochs=2"}},
            {.name = "two-failures",
             .meaning = "as quick, and the master changes the chain twice: a server may join again",
             .settings = {"writes=2", "reads=1", "epochs=3"}},
            {.name = "steady",
             .meaning = "3 servers that are never suspected; 2 clients write, then read twice",
             .settings = {"writers=2", "readers=2", "reads=2", "confirmed-reads=0"}},
            CHAIN_CHANGE_PRESETS,
            {.name = "unordered",
             .meaning = "3 servers, links that keep no order; 2 clients write, one reads twice",
             .settings = {"clients=3", "writers=2", "reads=2", "confirmed-reads=0"},
             .network = GS_BAG},
            {.name = "unchecked",
             .meaning = "as quick, and servers rely on the order of the links",
             .settings = {"writers=2", "epochs=2", "seq-check=0"}},
            {.name = "versions",
             .meaning = "3 servers, no clients: the head writes 3 times by itself, the tail reads 3 times",
             .settings = {"clients=1", "writers=0", "readers=0", "unasked=3", "answers=head"},
             .budgets = {.timeouts = 3}},
            {.name = "versions-unordered",
             .meaning = "as versions with 2 writes and 2 reads, over links that keep no order",
             .settings = {"clients=1", "writers=0", "readers=0", "unasked=2", "answers=head"},
             .network = GS_BAG,
             .budgets = {.timeouts = 2}},
        },
    .mutants =
        {
            CHAIN_MUTANT(READ_ANYWHERE, "read-any", "versions-never-go-back", "versions",
                         "every server answers reads, with the newest that it has"),
            CHAIN_MUTANTS,
        },
    .announcements = CHAIN_ANNOUNCEMENTS,
    .monitors = {CHAIN_MONITORS},
    .properties = {CHAIN_LINEARIZABLE(chain_has_history, "unasked = 0, writers or readers"),
                   CHAIN_PROPERTIES(chain_is_steady, "unasked >= 1, no writes of clients, epochs = 1")},
    .splits = chain_splits,
};
