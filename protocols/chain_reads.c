/* Reads, and clients. In chain replication the tail answers all reads. In CRAQ (Terrace and Freedman, "Object Storage
 * on CRAQ", 2009) every server does: from its newest version of the key if that is known to be at the tail (clean),
 * else it asks the tail which version is final, and answers with that one, which it has. A server that was taken out of
 * the chain may not know it, so its answers may be old. With `confirmed-reads` they go by way of the master, which
 * passes on those of the current epoch: what was the chain at the end of the read was the chain while it lasted. (A
 * lease of the tail's would take a clock.) */
#include "protocols/chain.h"

/* The place of the newest of the first `final` updates of that key, from 1; 0: there is none. */
static int newest(const struct chain_server *server, uint8_t key, int final)
{
    for (int i = final < server->count ? final : server->count; i > 0; i--)
        if (server->history[i - 1].key == key)
            return i;
    return 0;
}

/* Answers with the newest of the first `final` updates. */
static bool answer(struct gs_step *s, const struct chain_server *server, const struct chain_message *asked, int final)
{
    const int place = newest(server, asked->key, final);
    const struct chain_update none = {0}, *found = place ? &server->history[place - 1] : &none;
    const bool is_unasked = gs_is_nobody(asked->client),
               is_strong = !chain_is_craq(s) || gs_option(s, CHAIN_CONSISTENCY) == CHAIN_STRONG;
    const bool is_confirmed = is_strong && gs_option(s, CHAIN_CONFIRMED) && !gs_mutant(s, CHAIN_CUT_TAIL_ANSWERS);
    gs_announce(s, CHAIN_READ_DONE,
                &(struct chain_announced){
                    .number = found->version, .is_unasked = is_unasked, .was_begun = asked->type != CHAIN_READ});
    if (is_unasked)
        return true;
    return gs_send(s, is_confirmed ? gs_node_at(s, CHAIN_MASTER, 0) : asked->client,
                   &(struct chain_message){.type = is_confirmed ? CHAIN_CONFIRM : CHAIN_READ_OK,
                                           .epoch = server->order.epoch,
                                           .request = asked->request,
                                           .client = asked->client,
                                           .key = asked->key,
                                           .value = found->value});
}

static bool pass_on(struct gs_step *s, const struct chain_server *server, const struct chain_message *asked,
                    uint8_t type)
{
    struct chain_message passed = *asked;
    passed.type = type;
    passed.epoch = server->order.epoch;
    return gs_send(s, chain_tail(&server->order), &passed);
}

/* May a server that is not the tail answer from its newest version, clean or not? */
static bool may_be_dirty(struct gs_step *s, const struct chain_server *server)
{
    if (gs_mutant(s, CHAIN_READ_ANYWHERE))
        return true;
    if (!chain_is_craq(s))
        return false;
    const int64_t consistency = gs_option(s, CHAIN_CONSISTENCY);
    return consistency == CHAIN_EVENTUAL ||
           (consistency == CHAIN_BOUNDED && server->count - server->acked <= gs_option(s, CHAIN_STALENESS));
}

bool chain_read(struct gs_step *s, struct chain_server *server, const struct chain_message *asked)
{
    const int latest = newest(server, asked->key, server->count);
    if (!chain_is_member(server, gs_self(s)))
        return pass_on(s, server, asked, CHAIN_READ);
    if (gs_same(chain_tail(&server->order), gs_self(s)) || may_be_dirty(s, server))
        return answer(s, server, asked, server->count);
    if (!chain_is_craq(s))
        return pass_on(s, server, asked, CHAIN_READ);
    if (latest <= server->acked)
        return answer(s, server, asked, server->count);
    if (gs_is_nobody(asked->client) && asked->type == CHAIN_READ)
        gs_announce(s, CHAIN_READ_BEGUN, &(struct chain_announced){.is_unasked = true});
    return pass_on(s, server, asked, CHAIN_ASK_VERSION);
}

bool chain_read_unasked(struct gs_step *s, struct chain_server *server)
{
    const bool is_tail = gs_same(chain_tail(&server->order), gs_self(s));
    if (!chain_is_member(server, gs_self(s)) || (!chain_is_craq(s) && !is_tail && !gs_mutant(s, CHAIN_READ_ANYWHERE)))
        return false;
    gs_set_timer(s, CHAIN_READ_UNASKED, 0);
    return chain_read(s, server, &(struct chain_message){.type = CHAIN_READ});
}

/* The tail's newest version of each key is final. A question of an older epoch is a read that begins anew. */
bool chain_on_ask_version(struct gs_step *s, struct chain_server *server, const struct gs_event *e)
{
    const struct chain_message *m = e->message;
    struct chain_message named = *m;
    if (m->epoch < server->order.epoch)
        return chain_read(s, server, m);
    named.type = CHAIN_VERSION;
    named.seq = server->acked;
    return gs_send(s, e->from, &named);
}

/* What became final meanwhile may be answered too: the read has not returned. */
bool chain_on_version(struct gs_step *s, struct chain_server *server, const struct chain_message *m)
{
    const int final = m->seq > server->acked ? m->seq : server->acked;
    if (m->epoch < server->order.epoch)
        return chain_read(s, server, m);
    if (gs_mutant(s, CHAIN_QUERY_VALUE_RACE))
        return answer(s, server, m, server->count);
    return final >= server->dropped && answer(s, server, m, final); /* else it is gone: see named-version-is-held */
}

/* ---- Clients ----------------------------------------------------------------------------------------------------- */

enum { READ_FUNCTION, WRITE_FUNCTION }; /* of gs_register */

/* A write is sent to the first head, a read to the first tail, or with CRAQ to any server; sent again, to others. */
static gs_node whom(struct gs_step *s, const struct gs_request *request, bool is_write, bool anywhere)
{
    const int servers = gs_count(s, CHAIN_SERVER), nth = request->attempt % servers;
    if (!is_write && anywhere)
        return gs_choose_node(s, gs_nodes(s, CHAIN_SERVER));
    return gs_node_at(s, CHAIN_SERVER, is_write ? nth : servers - 1 - nth);
}

static void ask(struct gs_step *s, const struct gs_request *request, bool anywhere)
{
    const bool is_write = request->operation->function == WRITE_FUNCTION;
    gs_send(s, whom(s, request, is_write, anywhere),
            &(struct chain_message){.type = is_write ? CHAIN_WRITE : CHAIN_READ,
                                    .request = request->id,
                                    .client = gs_self(s),
                                    .key = request->operation->key});
}

static void ask_tail(struct gs_step *s, const struct gs_request *request)
{
    ask(s, request, gs_mutant(s, CHAIN_READ_ANYWHERE));
}

static void ask_any(struct gs_step *s, const struct gs_request *request)
{
    ask(s, request, true);
}

static bool take_answer(struct gs_step *s, const struct gs_event *e, struct gs_answer *answer)
{
    const struct chain_message *m = e->message;
    (void)s;
    answer->id = m->request;
    if (e->type == CHAIN_READ_OK && m->value)
        answer->result = GS_FLAT_NUMBER(m->value);
    return e->type == CHAIN_WRITE_OK || e->type == CHAIN_READ_OK;
}

#define CHAIN_CLIENTS_ASKING(how)                                                                                     \
    {                                                                                                                 \
        .servers = CHAIN_SERVER, .invoked = CHAIN_INVOKED, .returned = CHAIN_RETURNED, .keys_option = CHAIN_KEYS + 1, \
        .retry = CHAIN_RETRY + 1, .retries_option = CHAIN_RETRIES + 1,                                                \
        .kinds = {{.function = WRITE_FUNCTION,                                                                        \
                   .argument = GS_ARGUMENT_VALUE,                                                                     \
                   .times_option = CHAIN_WRITES + 1,                                                                  \
                   .clients_option = CHAIN_WRITERS + 1},                                                              \
                  {.function = READ_FUNCTION,                                                                         \
                   .times_option = CHAIN_READS + 1,                                                                   \
                   .clients_option = CHAIN_READERS + 1,                                                               \
                   .by_the_last = true}},                                                                             \
        .kind_count = 2, .request = (how), .answer = take_answer                                                      \
    }

const struct gs_clients chain_clients = CHAIN_CLIENTS_ASKING(ask_tail);
const struct gs_clients craq_clients = CHAIN_CLIENTS_ASKING(ask_any);
