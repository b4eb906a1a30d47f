/* Causal delivery. */
#include "properties/causal_delivery.h"

#include <stdio.h>
#include <string.h>

static const struct gs_field undelivered_fields[] = {
    GS_FIELD(struct gs_undelivered, from),   GS_FIELD(struct gs_undelivered, message),
    GS_FIELD(struct gs_undelivered, to),     GS_FIELD(struct gs_undelivered, heard),
    GS_FIELD(struct gs_undelivered, before), GS_FIELDS_END,
};
static const struct gs_field overtaking_fields[] = {
    GS_FIELD(struct gs_overtaking, at),           GS_FIELD(struct gs_overtaking, from),
    GS_FIELD(struct gs_overtaking, earlier_from), GS_FIELD(struct gs_overtaking, message),
    GS_FIELD(struct gs_overtaking, earlier),      GS_FIELDS_END,
};
const struct gs_field gs_causal_order_fields[] = {
    GS_FIELD(struct gs_causal_order, is_violated),
    GS_STRUCT(struct gs_causal_order, overtaking, overtaking_fields),
    GS_FIELD(struct gs_causal_order, count),
    GS_STRUCT_LIST(struct gs_causal_order, messages, count, undelivered_fields),
    GS_FIELDS_END,
};

/* ---- The list ---------------------------------------------------------------------------------------------------- */

static bool is_before(const struct gs_undelivered *message, int k)
{
    return (message->before[k / 8] >> k % 8 & 1) != 0;
}

static void set_before(struct gs_undelivered *message, int k, bool is_so)
{
    const uint8_t bit = (uint8_t)(1 << k % 8);
    message->before[k / 8] = (uint8_t)(is_so ? message->before[k / 8] | bit : message->before[k / 8] & ~bit);
}

static int find(const struct gs_causal_order *order, gs_node from, uint8_t number)
{
    for (int i = 0; i < order->count; i++)
        if (gs_same(order->messages[i].from, from) && order->messages[i].message == number)
            return i;
    return -1;
}

/* Bits are places in the list, so they move with what they are of. */
static void insert(struct gs_causal_order *order, const struct gs_undelivered *message)
{
    gs_insert(order->messages, &order->count, message);
    const int place = find(order, message->from, message->message);
    for (int i = 0; i < order->count; i++) {
        for (int k = GS_UNDELIVERED_MAX - 1; k > place; k--)
            set_before(&order->messages[i], k, is_before(&order->messages[i], k - 1));
        set_before(&order->messages[i], place, false);
    }
}

static void take_out(struct gs_causal_order *order, int place)
{
    order->count--;
    memmove(&order->messages[place], &order->messages[place + 1],
            (size_t)(order->count - place) * sizeof(order->messages[0]));
    memset(&order->messages[order->count], 0, sizeof(order->messages[0]));
    for (int i = 0; i < order->count; i++) {
        for (int k = place; k < GS_UNDELIVERED_MAX - 1; k++)
            set_before(&order->messages[i], k, is_before(&order->messages[i], k + 1));
        set_before(&order->messages[i], GS_UNDELIVERED_MAX - 1, false);
    }
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

static void expect_room(const struct gs_run *run, const struct gs_causal_order *order, gs_node by,
                        const struct gs_sent *sent)
{
    char text[160];
    if (find(order, by, sent->message) >= 0) {
        snprintf(text, sizeof(text), "%s announces message %d as sent while it is still on its way", gs_name(run, by),
                 sent->message);
        gs_failed(run, text, NULL, 0);
    }
    if (order->count == GS_UNDELIVERED_MAX) {
        snprintf(text, sizeof(text),
                 "more than %d messages are on their way at once: causal delivery has no room for them",
                 GS_UNDELIVERED_MAX);
        gs_failed(run, text, NULL, 0);
    }
}

static void add_sending(const struct gs_run *run, struct gs_causal_order *order, gs_node by, const struct gs_sent *sent)
{
    struct gs_undelivered message = {.from = by, .message = sent->message, .to = sent->to, .heard = gs_set_of(by)};
    if (gs_set_is_empty(sent->to))
        return;
    expect_room(run, order, by, sent);
    for (int i = 0; i < order->count; i++)
        set_before(&message, i, gs_set_has(order->messages[i].heard, by));
    insert(order, &message);
}

/* An earlier message that is still on its way to the node; -1: there is none. */
static int find_overtaken(const struct gs_causal_order *order, const struct gs_undelivered *message, gs_node at)
{
    for (int i = 0; i < order->count; i++)
        if (is_before(message, i) && gs_set_has(order->messages[i].to, at))
            return i;
    return -1;
}

static void add_delivery(struct gs_causal_order *order, gs_node at, const struct gs_delivered *delivered)
{
    const int place = find(order, delivered->from, delivered->message);
    if (place < 0 || !gs_set_has(order->messages[place].to, at))
        return;
    struct gs_undelivered *message = &order->messages[place];
    const int overtaken = find_overtaken(order, message, at);
    if (overtaken >= 0) {
        const struct gs_undelivered *earlier = &order->messages[overtaken];
        *order = (struct gs_causal_order){.is_violated = true,
                                          .overtaking = {.at = at,
                                                         .from = message->from,
                                                         .message = message->message,
                                                         .earlier_from = earlier->from,
                                                         .earlier = earlier->message}};
        return;
    }
    for (int i = 0; i < order->count; i++)
        if (i == place || is_before(message, i))
            order->messages[i].heard = gs_set_with(order->messages[i].heard, at);
    message->to = gs_set_without(message->to, at);
    if (gs_set_is_empty(message->to))
        take_out(order, place);
}

void gs_causal_order_add(const struct gs_run *run, struct gs_causal_order *order, gs_node by,
                         enum gs_causality_announcement kind, const void *announced)
{
    if (order->is_violated)
        return;
    if (kind == GS_SENT)
        add_sending(run, order, by, announced);
    else if (kind == GS_DELIVERED)
        add_delivery(order, by, announced);
}

/* Could one overtake another? */
static bool has_cause(const struct gs_causal_order *order)
{
    for (int i = 0; i < order->count; i++)
        for (int k = 0; k < order->count; k++)
            if (is_before(&order->messages[i], k) &&
                !gs_set_is_empty(gs_set_intersection(order->messages[i].to, order->messages[k].to)))
                return true;
    return order->is_violated;
}

bool gs_causal_delivery(struct gs_view *v)
{
    const struct gs_causal_order *order = gs_monitor_value(v);
    const struct gs_overtaking *overtaking = &order->overtaking;
    return !gs_premise(v, has_cause(order)) || !order->is_violated ||
           gs_explain(v, "message %d of %s is delivered to %s before message %d of %s, which was sent before it",
                      overtaking->message, gs_name(v, overtaking->from), gs_name(v, overtaking->at),
                      overtaking->earlier, gs_name(v, overtaking->earlier_from));
}
