/* An event that says it uses a field which the message struct lacks. */
#include "core/gainsay.h"

enum { NODE };
enum { PING, GO };

struct node {
    uint8_t count;
};

struct message {
    uint8_t type;
    uint8_t value;
};

static const struct gs_field node_fields[] = {GS_FIELD(struct node, count), GS_FIELDS_END};
static const struct gs_field message_fields[] = {GS_FIELD(struct message, value), GS_FIELDS_END};

static bool node_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_unhandled(s, e);
}

static bool met(struct gs_view *v)
{
    (void)v;
    return true;
}

static const struct gs_model misnamed = {
    .name = "misnamed",
    .title = "a field that is not there",
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .roles = {{.name = "node", .size = sizeof(struct node), .fields = node_fields, .step = node_step, .count = 2}},
    .events =
        {
            [PING] = {.name = "ping", .kind = GS_MESSAGE, .fields = {"valeu"}},
            [GO] = {.name = "go", .kind = GS_LOCAL, .role = NODE},
        },
    .presets = {{.name = "quick", .meaning = "two nodes"}},
    .properties = {{.name = "met",
                    .claim = "anything",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .role = NODE,
                    .holds = met}},
};

GS_EXPORT_MODEL(misnamed);
