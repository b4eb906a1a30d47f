/* Texts that would break out of a page, or run as its script, if any were taken for markup; not all of them are UTF-8.
 * Names of roles, events and options are checked when a protocol is loaded; the texts here are the author's own. */
#include "core/gainsay.h"

enum { NODE };
enum { NOTE, /* local event: */ GO };

#define IMAGE "<img src=x onerror=\"window.broken=1\">"
#define SCRIPT "</script><script>window.broken=1</script>"

struct node {
    uint8_t mood;
    uint8_t count;
    uint8_t prototype;
};

struct message {
    uint8_t type;
    uint8_t mood;
};

static const char *const moods[] = {"calm & <b>bold</b>",
                                    SCRIPT,
                                    IMAGE "'\"",
                                    "<!-- \xe2\x80\xa8 \xe2\x80\xa9 ]]> {{trace.json}}",
                                    "not UTF-8: \xff\xfe\xc3",
                                    "NUL-free \x01\x02\x1f \\u003c \\"};

static const struct gs_field node_fields[] = {
    GS_ENUM(struct node, mood, moods),
    {.name = "<i>" SCRIPT, .offset = 1, .size = 1, .kind = GS_KIND_U8},
    {.name = "__proto__", .offset = 2, .size = 1, .kind = GS_KIND_U8},
    GS_FIELDS_END,
};
static const struct gs_field message_fields[] = {
    GS_ENUM(struct message, mood, moods),
    GS_FIELDS_END,
};

static bool node_step(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct node *node = state;

    if (e->type == NOTE)
        return false;
    if (e->type != GO)
        return gs_unhandled(s, e);
    if (node->mood == 5)
        return false;
    node->mood++;
    node->count++;
    node->prototype = 7;
    return gs_broadcast(s, NODE, &(struct message){.type = NOTE, .mood = node->mood});
}

static bool stays_calm(struct gs_view *v)
{
    const struct node *node = gs_this(v);
    return node->mood < 5 || gs_explain(v, "%s " SCRIPT IMAGE "\xff", gs_name(v, gs_this_node(v)));
}

static bool begins(struct gs_view *v)
{
    return ((const struct node *)gs_this(v))->mood == 0;
}

static const struct gs_model hostile = {
    .name = "hostile-names",
    .title = SCRIPT IMAGE,
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .network = GS_BAG,
    .roles = {{.name = "node", .size = sizeof(struct node), .fields = node_fields, .step = node_step, .count = 2}},
    .events = {[NOTE] = {.name = "note", .kind = GS_MESSAGE, .fields = {"mood"}},
               [GO] = {.name = "go", .kind = GS_LOCAL, .role = NODE}},
    .options = {{"manner", SCRIPT, 1, 0, 5, moods}},
    .presets = {{.name = "quick", .meaning = SCRIPT}},
    .mutants = {{.name = "none", .meaning = SCRIPT "\xff", .property = "stays-calm"}},
    .properties =
        {
            {.name = "stays-calm",
             .claim = SCRIPT IMAGE "\xe2\x80\xa8\xc3",
             .kind = GS_ALWAYS,
             .scope = GS_SCOPE_NODE,
             .role = NODE,
             .holds = stays_calm},
            {.name = "begins",
             .claim = "is calm",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = NODE,
             .holds = begins},
        },
};

GS_EXPORT_MODEL(hostile);
