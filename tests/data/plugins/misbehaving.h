/* The frame of protocols whose handlers misbehave: two nodes that count to two, each by a local event of its own, and
 * then do what the file that includes this says. So the shortest way to the misbehaviour has three steps. */
#ifndef MISBEHAVING_H
#define MISBEHAVING_H

#include "core/gainsay.h"

enum { NODE };
enum { PING, /* message; local event: */ GO };
enum { COUNT_MAX = 2 };

struct node {
    uint8_t count;
};

struct message {
    uint8_t type;
    uint8_t high, low;
};

/* What a node does at its third GO. */
static bool act(struct gs_step *s, struct node *node);

static const struct gs_field node_fields[] = {GS_FIELD(struct node, count), GS_FIELDS_END};
static const struct gs_field message_fields[] = {
    GS_FIELD(struct message, high),
    GS_FIELD(struct message, low),
    GS_FIELDS_END,
};

static inline gs_node other(struct gs_step *s)
{
    return gs_set_first(gs_peers(s));
}

static bool node_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct node *node = self;
    if (e->type != GO)
        return gs_unhandled(s, e);
    if (node->count < COUNT_MAX) {
        node->count++;
        return true;
    }
    return node->count == COUNT_MAX && act(s, node);
}

static bool has_counted(struct gs_view *v)
{
    return ((const struct node *)gs_this(v))->count == COUNT_MAX;
}

static const struct gs_model misbehaving = {
    .name = "misbehaving",
    .title = "a handler that misbehaves",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {{.name = "node", .size = sizeof(struct node), .fields = node_fields, .step = node_step, .count = 2}},
    .events =
        {
            [PING] = {.name = "ping", .kind = GS_MESSAGE, .fields = {"high", "low"}},
            [GO] = {.name = "go", .kind = GS_LOCAL, .role = NODE},
        },
    .presets = {{.name = "quick", .meaning = "two nodes"}},
    .properties = {{.name = "has-counted",
                    .claim = "a node counts to two",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .role = NODE,
                    .holds = has_counted}},
};

GS_EXPORT_MODEL(misbehaving);

#endif
