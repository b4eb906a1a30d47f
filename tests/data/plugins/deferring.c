/* One node sends two messages at once; the other defers what comes before its timer has gone off. */
#include "core/gainsay.h"

enum { SENDER, RECEIVER };
enum { FIRST, SECOND, READY };

struct sender {
    bool done;
};

struct receiver {
    bool ready;
    uint8_t received;
};

struct message {
    uint8_t type;
};

static const struct gs_field sender_fields[] = {GS_FIELD(struct sender, done), GS_FIELDS_END};
static const struct gs_field receiver_fields[] = {GS_FIELD(struct receiver, ready), GS_FIELD(struct receiver, received),
                                                  GS_FIELDS_END};
static const struct gs_field message_fields[] = {GS_FIELDS_END};

static bool sender_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct sender *sender = self;
    if (e->type != GS_START)
        return gs_unhandled(s, e);
    sender->done = true;
    gs_send(s, gs_node_at(s, RECEIVER, 0), &(struct message){.type = FIRST});
    return gs_send(s, gs_node_at(s, RECEIVER, 0), &(struct message){.type = SECOND});
}

static bool receiver_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct receiver *receiver = self;
    switch (e->type) {
    case GS_START:
        return gs_set_timer(s, READY, 0);
    case READY:
        receiver->ready = true;
        return true;
    case FIRST:
    case SECOND:
        if (!receiver->ready)
            return gs_defer(s);
        receiver->received++;
        return true;
    }
    return gs_unhandled(s, e);
}

static bool has_both(struct gs_view *v)
{
    return ((const struct receiver *)gs_this(v))->received == 2;
}

static struct gs_duration ready_takes(const struct gs_run *run, unsigned index)
{
    (void)run;
    (void)index;
    return (struct gs_duration){GS_MILLISECONDS(20), GS_MILLISECONDS(20)};
}

static const struct gs_model deferring = {
    .name = "deferring",
    .title = "a node that is not ready at once",
    .roles =
        {
            [SENDER] = {.name = "sender",
                        .size = sizeof(struct sender),
                        .fields = sender_fields,
                        .step = sender_step,
                        .count = 1,
                        .starts = true},
            [RECEIVER] = {.name = "receiver",
                          .size = sizeof(struct receiver),
                          .fields = receiver_fields,
                          .step = receiver_step,
                          .count = 1,
                          .starts = true},
        },
    .message_size = sizeof(struct message),
    .message_fields = message_fields,
    .events =
        {
            [FIRST] = {.name = "first"},
            [SECOND] = {.name = "second"},
            [READY] = {.name = "ready", .kind = GS_TIMER, .role = RECEIVER, .takes = ready_takes},
        },
    .properties =
        {
            {.name = "has-both",
             .claim = "both messages are received",
             .kind = GS_REACHABLE,
             .scope = GS_SCOPE_NODE,
             .role = RECEIVER,
             .holds = has_both},
        },
    .presets = {{.name = "quick", .meaning = "one message after the other"}},
    .network = GS_FIFO,
};

GS_EXPORT_MODEL(deferring);
