/* A state struct with a member that its table leaves out. */
#include "core/gainsay.h"

enum { NODE };
enum { GO };

struct node {
    uint8_t count;
    uint8_t forgotten;
};

static const struct gs_field node_fields[] = {GS_FIELD(struct node, count), GS_FIELDS_END};

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

static const struct gs_model undescribed = {
    .name = "undescribed",
    .title = "a byte that is not described",
    .roles = {{.name = "node", .size = sizeof(struct node), .fields = node_fields, .step = node_step, .count = 1}},
    .events = {[GO] = {.name = "go", .kind = GS_LOCAL, .role = NODE}},
    .presets = {{.name = "quick", .meaning = "one node"}},
    .properties = {{.name = "met",
                    .claim = "anything",
                    .kind = GS_REACHABLE,
                    .scope = GS_SCOPE_NODE,
                    .role = NODE,
                    .holds = met}},
};

GS_EXPORT_MODEL(undescribed);
