/* A protocol of one's own, outside of gainsay's tree: a token goes round a ring of nodes, and may be lost on the way.
 * Who passed it on sends it again when its timer fires, as often as that may be; each hop has a number, by which the
 * next node tells a token that is new from one that it has had before.
 *
 *   gainsay check examples/token_ring.c
 *   gainsay check examples/token_ring.c --set nodes=3 --network fifo --drops 1
 *   gainsay check examples/token_ring.c --mutant accept-old-token --trace two-tokens.trace
 *   gainsay mutants examples/token_ring.c
 */
#include "core/gainsay.h"

enum { NODE }; /* roles */
enum { TOKEN, /* message; timer: */ RESEND, /* local event: */ PASS };
enum { NODES, HOPS };                  /* options */
enum { ACCEPT_OLD_TOKEN, KEEP_TOKEN }; /* mutants */

struct node {
    bool holding;
    bool passed; /* has sent a token on, and may have to do so again */
    uint8_t hop; /* number of the last hop that ended here */
};

struct message {
    uint8_t type;
    uint8_t hop;
};

static const struct gs_field node_fields[] = {
    GS_FIELD(struct node, holding, GS_DURABLE),
    GS_FIELD(struct node, passed, GS_DURABLE),
    GS_FIELD(struct node, hop, GS_DURABLE),
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, hop),
    GS_FIELDS_END,
};

static void node_init(const struct gs_run *run, gs_node self, void *state)
{
    struct node *node = state;
    node->holding = gs_index(run, self) == 0;
}

static gs_node successor(struct gs_step *s)
{
    return gs_node_at(s, NODE, (gs_index(s, gs_self(s)) + 1) % gs_count(s, NODE));
}

static bool send_token(struct gs_step *s, const struct node *node)
{
    gs_send(s, successor(s), &(struct message){.type = TOKEN, .hop = (uint8_t)(node->hop + 1)});
    return gs_set_timer(s, RESEND, 0);
}

static bool node_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct node *node = self;
    const struct message *message = e->message;

    switch (e->type) {
    case GS_START: /* after a crash: timers are gone */
        return node->passed && gs_set_timer(s, RESEND, 0);
    case PASS:
        if (!node->holding || node->hop == gs_option(s, HOPS))
            return false;
        node->holding = gs_mutant(s, KEEP_TOKEN);
        node->passed = true;
        return send_token(s, node);
    case RESEND:
        return send_token(s, node);
    case TOKEN:
        if (message->hop <= node->hop && !gs_mutant(s, ACCEPT_OLD_TOKEN))
            return false;
        node->hop = message->hop;
        node->holding = true;
        node->passed = false; /* what was passed on has gone all the way round */
        return gs_cancel_timer(s, RESEND, 0);
    }
    return gs_unhandled(s, e);
}

static bool one_holder(struct gs_view *v)
{
    const struct node *one = gs_this(v), *other = gs_that(v);
    if (!gs_premise(v, one->holding) || !other->holding)
        return true;
    return gs_explain(v, "%s and %s both hold a token", gs_name(v, gs_this_node(v)), gs_name(v, gs_that_node(v)));
}

static bool round_made(struct gs_view *v)
{
    const struct node *node = gs_this(v);
    return node->holding && node->hop == gs_count(v, NODE);
}

static const struct gs_model token_ring = {
    .name = "token-ring",
    .title = "a token that goes round a ring, sent again when it may be lost",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {[NODE] = {.name = "node",
                        .size = sizeof(struct node),
                        .fields = node_fields,
                        .step = node_step,
                        .init = node_init,
                        .count_option = NODES}},
    .events =
        {
            [TOKEN] = {.name = "token", .kind = GS_MESSAGE, .fields = {"hop"}},
            [RESEND] = {.name = "resend", .kind = GS_TIMER, .role = NODE},
            [PASS] = {.name = "pass", .kind = GS_LOCAL, .role = NODE},
        },
    .options =
        {
            [NODES] = {"nodes", "how many there are", 3, 2, 9, NULL},
            [HOPS] = {"hops", "how often the token is passed on", 9, 1, 99, NULL},
        },
    .presets =
        {
            {.name = "quick", .meaning = "4 nodes, three times round", .settings = {"nodes=4", "hops=12"}},
            {.name = "reboots", .meaning = "one node reboots", .settings = {"nodes=3"}, .budgets = {.reboots = 1}},
        },
    .mutants =
        {
            [ACCEPT_OLD_TOKEN] = {.name = "accept-old-token",
                                  .meaning = "a token sent again is taken for a new one",
                                  .property = "one-holder"},
            [KEEP_TOKEN] = {.name = "keep-token",
                            .meaning = "who passes the token on holds it all the same",
                            .property = "one-holder"},
        },
    .properties =
        {
            {.name = "one-holder",
             .claim = "at most one node holds the token",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_PAIR,
             .role = NODE,
             .other_role = NODE,
             .holds = one_holder},
            {.name = "round-made",
             .claim = "the token comes back to where it started",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = NODE,
             .holds = round_made},
        },
};

GS_EXPORT_MODEL(token_ring);
