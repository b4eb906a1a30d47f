/* The servers and the master of chain replication: van Renesse and Schneider, "Chain Replication for Supporting High
 * Throughput and Availability" (2004), cited as CR. Updates travel down the chain, acknowledgements up; each server
 * keeps what it has forwarded and not seen acknowledged (Sent), and a server whose successor changes sends it all that
 * it has. What CR assumes of failures, that they are detected reliably, is not assumed: the master may take out a
 * server that is alive. So configurations have epochs, a server ignores what comes of an older one, and leaves what
 * comes of a newer one in flight until it has that configuration. Who restarts has lost everything and joins at the
 * tail. Reads: chain_reads.c. */
#include <string.h>

#include "protocols/chain.h"

/* ---- Configurations ---------------------------------------------------------------------------------------------- */

int chain_place(const struct chain_order *order, gs_node server)
{
    for (int i = 0; i < order->length; i++)
        if (gs_same(order->servers[i], server))
            return i;
    return -1;
}

bool chain_is_member(const struct chain_server *server, gs_node self)
{
    return chain_place(&server->order, self) >= 0 && !server->waits;
}

gs_node chain_head(const struct chain_order *order)
{
    return order->length ? order->servers[0] : GS_NOBODY;
}

gs_node chain_tail(const struct chain_order *order)
{
    return order->length ? order->servers[order->length - 1] : GS_NOBODY;
}

bool chain_is_craq(struct gs_step *s)
{
    return ((const struct chain_kind *)gs_role_context(s))->is_craq;
}

static bool is_head(struct gs_step *s, const struct chain_server *server)
{
    return gs_same(chain_head(&server->order), gs_self(s));
}

static bool is_tail(struct gs_step *s, const struct chain_server *server)
{
    return gs_same(chain_tail(&server->order), gs_self(s));
}

/* The server that many places behind oneself: 1 the successor, -1 the predecessor; nobody if there is none. */
static gs_node neighbour(struct gs_step *s, const struct chain_order *order, int behind)
{
    const int own = chain_place(order, gs_self(s)), place = own + behind;
    return own >= 0 && place >= 0 && place < order->length ? order->servers[place] : GS_NOBODY;
}

static bool send_to(struct gs_step *s, gs_node to, const struct chain_message *message)
{
    return gs_is_nobody(to) || gs_send(s, to, message);
}

/* ---- Updates ----------------------------------------------------------------------------------------------------- */

static void answer_write(struct gs_step *s, const struct chain_update *update)
{
    gs_announce(s, CHAIN_WRITTEN, &(struct chain_announced){.number = update->version, .value = update->value});
    if (!gs_is_nobody(update->client))
        gs_send(s, update->client, &(struct chain_message){.type = CHAIN_WRITE_OK, .request = update->value});
}

static bool answers_writes(struct gs_step *s, const struct chain_server *server)
{
    return gs_option(s, CHAIN_ANSWERS) == CHAIN_BY_HEAD ? is_head(s, server) : is_tail(s, server);
}

/* The first `final` updates are at the tail: answers those for which that is news, and tells the predecessor. */
static bool commit(struct gs_step *s, struct chain_server *server, uint8_t final)
{
    for (; server->acked < final; server->acked++)
        if (server->acked < server->count && answers_writes(s, server) && !gs_mutant(s, CHAIN_ACK_AT_HEAD))
            answer_write(s, &server->history[server->acked]);
    if (chain_is_craq(s) && gs_mutant(s, CHAIN_CLEAN_BY_KEY))
        server->acked = server->count;
    if (chain_is_craq(s) && server->acked > server->dropped)
        server->dropped = server->acked;
    if (is_tail(s, server))
        gs_announce(s, CHAIN_COMMITTED, &(struct chain_announced){.number = server->acked});
    return send_to(s, neighbour(s, &server->order, -1),
                   &(struct chain_message){.type = CHAIN_ACK, .epoch = server->order.epoch, .seq = final});
}

/* Applies an update and passes it on; at the tail it is final. */
static bool apply(struct gs_step *s, struct chain_server *server, const struct chain_update *update)
{
    gs_push(server->history, &server->count, update);
    if (chain_is_craq(s) && gs_mutant(s, CHAIN_DROP_OLD_VERSIONS_EARLY))
        server->dropped = server->count;
    if (is_tail(s, server))
        return commit(s, server, server->count);
    return send_to(s, neighbour(s, &server->order, 1),
                   &(struct chain_message){.type = CHAIN_UPDATE,
                                           .epoch = server->order.epoch,
                                           .seq = update->version,
                                           .key = update->key,
                                           .value = update->value,
                                           .client = update->client});
}

static bool write(struct gs_step *s, struct chain_server *server, struct chain_update update)
{
    if (server->count == CHAIN_UPDATES_MAX)
        return false;
    update.version = (uint8_t)(server->count + 1);
    if (gs_mutant(s, CHAIN_ACK_AT_HEAD))
        answer_write(s, &update);
    return apply(s, server, &update);
}

/* A request that came again is not applied again; if the update is final already, the answer may have been lost. */
static bool write_again(struct gs_step *s, const struct chain_server *server, int place)
{
    if (place >= server->acked)
        return false;
    answer_write(s, &server->history[place]);
    return true;
}

static bool on_write(struct gs_step *s, struct chain_server *server, const struct chain_message *m)
{
    if (!is_head(s, server)) {
        struct chain_message passed = *m;
        passed.epoch = server->order.epoch;
        return send_to(s, chain_head(&server->order), &passed);
    }
    for (int i = 0; i < server->count && !gs_mutant(s, CHAIN_APPLY_AGAIN); i++)
        if (server->history[i].value == m->request)
            return write_again(s, server, i);
    return write(s, server, (struct chain_update){.key = m->key, .value = m->request, .client = m->client});
}

static bool write_unasked(struct gs_step *s, struct chain_server *server)
{
    if (!is_head(s, server) || server->count >= gs_option(s, CHAIN_UNASKED))
        return false;
    return write(s, server, (struct chain_update){.value = (uint8_t)(CHAIN_UNASKED_VALUE + server->count)});
}

static bool on_update(struct gs_step *s, struct chain_server *server, const struct gs_event *e)
{
    const struct chain_message *m = e->message;
    const struct chain_update update = {.version = m->seq, .key = m->key, .value = m->value, .client = m->client};
    const bool checks = gs_option(s, CHAIN_SEQ_CHECK) && !gs_mutant(s, CHAIN_NO_SEQ_CHECK);
    if (checks && m->seq <= server->count) /* it came before */
        return server->acked >= m->seq &&
               gs_send(s, e->from, &(struct chain_message){.type = CHAIN_ACK, .epoch = m->epoch, .seq = m->seq});
    if (checks && m->seq > server->count + 1)
        return gs_defer(s);
    return server->count < CHAIN_UPDATES_MAX && apply(s, server, &update);
}

/* ---- Changes of the chain ---------------------------------------------------------------------------------------- */

static bool send_state(struct gs_step *s, const struct chain_server *server)
{
    struct chain_message state = {
        .type = CHAIN_STATE, .epoch = server->order.epoch, .count = server->count, .acked = server->acked};
    memcpy(state.history, server->history, sizeof(state.history));
    if (gs_mutant(s, CHAIN_NO_RESEND))
        gs_truncate(state.history, &state.count, server->acked);
    return send_to(s, neighbour(s, &server->order, 1), &state);
}

/* All that the predecessor has, also what it does not know to be final: of that, too, clients may have been told. */
static bool take_all(struct gs_step *s, struct chain_server *server, const struct chain_message *m)
{
    server->waits = false;
    server->count = m->count;
    server->acked = m->acked;
    server->dropped = chain_is_craq(s) ? m->acked : 0;
    memcpy(server->history, m->history, sizeof(server->history));
    return is_tail(s, server) ? commit(s, server, server->count) : send_state(s, server);
}

/* CR 3.3: a new tail has what the old one had; a successor is sent what its new predecessor has beyond it. */
static bool on_state(struct gs_step *s, struct chain_server *server, const struct chain_message *m)
{
    if (server->waits)
        return take_all(s, server, m);
    for (int i = server->count; i < m->count; i++)
        apply(s, server, &m->history[i]);
    return send_to(s, neighbour(s, &server->order, -1),
                   &(struct chain_message){.type = CHAIN_ACK, .epoch = server->order.epoch, .seq = server->acked});
}

static void forget(struct chain_server *server)
{
    const struct chain_order order = server->order;
    *server = (struct chain_server){.order = order, .seen = order.epoch};
}

/* Takes its place in the new chain, coming from `before`. What is in flight to the successor is void now, even if it is
 * the same one. */
static void take_place(struct gs_step *s, struct chain_server *server, const struct chain_order *before)
{
    const bool was_head = gs_same(chain_head(before), gs_self(s)), was_tail = gs_same(chain_tail(before), gs_self(s));
    if (server->waits)
        return;
    send_state(s, server);
    if (is_head(s, server) && !was_head && gs_option(s, CHAIN_ANSWERS) == CHAIN_BY_HEAD)
        for (int i = 0; i < server->acked; i++) /* the old head may not have */
            answer_write(s, &server->history[i]);
    if (is_tail(s, server) && !was_tail && !gs_mutant(s, CHAIN_PROMOTE_WITHOUT_ACK))
        commit(s, server, server->count);
}

/* Who has lost its state takes no place but a new one, and of no configuration that it knew: its predecessor's updates
 * of that time may come again. */
static bool on_configure(struct gs_step *s, struct chain_server *server, const struct chain_message *m)
{
    const struct chain_order before = server->order;
    const bool joins = gs_same(m->joining, gs_self(s)), is_in = chain_place(&m->order, gs_self(s)) >= 0;
    if (m->order.epoch <= server->seen || (is_in && !joins && chain_place(&before, gs_self(s)) < 0))
        return false;
    server->order = m->order;
    server->seen = m->order.epoch;
    if (!is_in || joins)
        forget(server);
    if (!is_in)
        return gs_send(s, gs_node_at(s, CHAIN_MASTER, 0),
                       &(struct chain_message){.type = CHAIN_JOIN, .epoch = server->order.epoch});
    server->waits |= joins && !gs_mutant(s, CHAIN_APPEND_WITHOUT_STATE);
    take_place(s, server, &before);
    return true;
}

static struct chain_order first_order(struct gs_step *s)
{
    struct chain_order order = {.epoch = 1};
    for (int k = 0; k < gs_count(s, CHAIN_SERVER); k++)
        order.servers[order.length++] = gs_node_at(s, CHAIN_SERVER, k);
    return order;
}

static bool on_start(struct gs_step *s, struct chain_server *server, bool restarted)
{
    if (gs_option(s, CHAIN_HEARTBEATS))
        gs_set_timer(s, CHAIN_HEARTBEAT, 0);
    if (gs_option(s, CHAIN_UNASKED) && gs_budget(s, GS_TIMEOUT) != 0)
        gs_set_timer(s, CHAIN_READ_UNASKED, 0);
    if (restarted)
        return gs_send(s, gs_node_at(s, CHAIN_MASTER, 0), &(struct chain_message){.type = CHAIN_JOIN});
    server->order = first_order(s);
    server->seen = server->order.epoch;
    return true;
}

static bool heartbeat(struct gs_step *s, const struct chain_server *server)
{
    const bool is_in = chain_place(&server->order, gs_self(s)) >= 0;
    gs_set_timer(s, CHAIN_HEARTBEAT, 0);
    return gs_send(s, gs_node_at(s, CHAIN_MASTER, 0),
                   &(struct chain_message){.type = is_in ? CHAIN_ALIVE : CHAIN_JOIN, .epoch = server->order.epoch});
}

/* ---- The server's events ----------------------------------------------------------------------------------------- */

/* What servers say to each other within the chain. */
static bool on_neighbour(struct gs_step *s, struct chain_server *server, const struct gs_event *e)
{
    const struct chain_message *m = e->message;
    if (m->epoch < server->order.epoch && (e->type == CHAIN_STATE || !gs_mutant(s, CHAIN_OLD_EPOCH_ACCEPTED)))
        return false;
    if (m->epoch > server->order.epoch || (server->waits && e->type != CHAIN_STATE))
        return gs_defer(s);
    if (e->type == CHAIN_STATE)
        return on_state(s, server, m);
    return e->type == CHAIN_ACK ? commit(s, server, m->seq) : on_update(s, server, e);
}

/* A server that waits must not hold up what comes behind a request, for it may wait for that. Its predecessor sends the
 * request back, behind its updates. */
static bool pass_back(struct gs_step *s, const struct chain_server *server, const struct gs_event *e)
{
    struct chain_message passed = *(const struct chain_message *)e->message;
    if (!passed.epoch)
        return gs_defer(s);
    passed.type = e->type == CHAIN_WRITE ? CHAIN_WRITE : CHAIN_READ;
    passed.epoch = server->order.epoch;
    return send_to(s, neighbour(s, &server->order, -1), &passed);
}

/* What is asked of any server, in any epoch that it knows; who has restarted knows none. */
static bool on_request(struct gs_step *s, struct chain_server *server, const struct gs_event *e)
{
    const struct chain_message *m = e->message;
    if (!server->order.epoch)
        return false;
    if (m->epoch > server->order.epoch)
        return gs_defer(s);
    if (server->waits)
        return pass_back(s, server, e);
    switch (e->type) {
    case CHAIN_WRITE:
        return on_write(s, server, m);
    case CHAIN_READ:
        return chain_read(s, server, m);
    case CHAIN_ASK_VERSION:
        return chain_on_ask_version(s, server, e);
    }
    return chain_on_version(s, server, m);
}

bool chain_server_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct chain_server *server = self;

    switch (e->type) {
    case GS_START:
        return on_start(s, server, e->restarted);
    case CHAIN_WRITE:
    case CHAIN_READ:
    case CHAIN_ASK_VERSION:
    case CHAIN_VERSION:
        return on_request(s, server, e);
    case CHAIN_UPDATE:
    case CHAIN_ACK:
    case CHAIN_STATE:
        return on_neighbour(s, server, e);
    case CHAIN_CONFIGURE:
        return on_configure(s, server, e->message);
    case CHAIN_HEARTBEAT:
        return heartbeat(s, server);
    case CHAIN_READ_UNASKED:
        return chain_read_unasked(s, server);
    case CHAIN_WRITE_UNASKED:
        return write_unasked(s, server);
    }
    return gs_unhandled(s, e);
}

/* ---- The master -------------------------------------------------------------------------------------------------- */

static void await(struct gs_step *s, const struct chain_order *order)
{
    for (int i = 0; i < order->length && gs_option(s, CHAIN_EPOCHS) > 1; i++)
        gs_set_timer(s, CHAIN_SUSPECT, (unsigned)gs_index(s, order->servers[i]));
}

/* The same chain without this server. */
static struct chain_order without(const struct chain_order *order, gs_node server)
{
    struct chain_order rest = {.epoch = order->epoch};
    for (int i = 0; i < order->length; i++)
        if (!gs_same(order->servers[i], server))
            rest.servers[rest.length++] = order->servers[i];
    return rest;
}

/* All servers are told, also those that are not in it. */
static bool configure(struct gs_step *s, struct chain_master *master, const struct chain_order *order, gs_node joining)
{
    if (!order->length || order->epoch >= gs_option(s, CHAIN_EPOCHS))
        return false;
    master->order = *order;
    master->order.epoch++;
    if (!gs_is_nobody(joining))
        master->order.servers[master->order.length++] = joining;
    gs_announce(s, CHAIN_CONFIGURED, &(struct chain_announced){.number = master->order.epoch});
    return gs_multicast(s, gs_nodes(s, CHAIN_SERVER),
                        &(struct chain_message){.type = CHAIN_CONFIGURE, .order = master->order, .joining = joining});
}

static bool suspect(struct gs_step *s, struct chain_master *master, gs_node server)
{
    const struct chain_order rest = without(&master->order, server);
    return rest.length < master->order.length && configure(s, master, &rest, GS_NOBODY);
}

/* Who asks again before it has heard of its place is not given another one; who restarted is (its epoch is 0). */
static bool on_join(struct gs_step *s, struct chain_master *master, const struct gs_event *e)
{
    const struct chain_order rest = without(&master->order, e->from);
    const struct chain_message *m = e->message;
    if ((m->epoch && rest.length < master->order.length) || !configure(s, master, &rest, e->from))
        return false;
    gs_set_timer(s, CHAIN_SUSPECT, (unsigned)gs_index(s, e->from));
    return true;
}

/* An answer of an older epoch may be one of a server that has been taken out: the tail is asked again. */
static bool on_confirm(struct gs_step *s, const struct chain_master *master, const struct chain_message *m)
{
    struct chain_message passed = *m;
    passed.type = m->epoch == master->order.epoch ? CHAIN_READ_OK : CHAIN_READ;
    passed.epoch = master->order.epoch;
    return gs_send(s, m->epoch == master->order.epoch ? m->client : chain_tail(&master->order), &passed);
}

bool chain_master_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct chain_master *master = self;

    switch (e->type) {
    case GS_START:
        if (!e->restarted)
            master->order = first_order(s);
        await(s, &master->order);
        return true;
    case CHAIN_SUSPECT:
        return suspect(s, master, gs_node_at(s, CHAIN_SERVER, (int)e->index));
    case CHAIN_ALIVE:
        if (chain_place(&master->order, e->from) < 0 || gs_option(s, CHAIN_EPOCHS) == 1)
            return false;
        return gs_set_timer(s, CHAIN_SUSPECT, (unsigned)gs_index(s, e->from));
    case CHAIN_JOIN:
        return on_join(s, master, e);
    case CHAIN_CONFIRM:
        return on_confirm(s, master, e->message);
    }
    return gs_unhandled(s, e);
}
