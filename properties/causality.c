/* What happened before what. */
#include "properties/causality.h"

#include <stdio.h>

static const char *const kind_names[] = {"sent", "delivered", "occurred"};

const struct gs_field gs_sent_fields[] = {GS_FIELD(struct gs_sent, message), GS_FIELD(struct gs_sent, to),
                                          GS_FIELDS_END};
const struct gs_field gs_delivered_fields[] = {GS_FIELD(struct gs_delivered, from),
                                               GS_FIELD(struct gs_delivered, message), GS_FIELDS_END};
const struct gs_field gs_occurred_fields[] = {GS_FIELD(struct gs_occurred, what), GS_FIELDS_END};

static const struct gs_field caused_fields[] = {
    GS_FIELD(struct gs_caused, at),
    GS_FIELD(struct gs_caused, number),
    GS_ENUM(struct gs_caused, kind, kind_names),
    GS_FIELD(struct gs_caused, message),
    GS_FIELD(struct gs_caused, from),
    GS_FIELD(struct gs_caused, to),
    GS_FIELDS_END,
};
const struct gs_field gs_causality_fields[] = {
    GS_FIELD(struct gs_causality, count),
    GS_STRUCT_LIST(struct gs_causality, events, count, caused_fields),
    GS_FIELDS_END,
};

/* ---- Recording --------------------------------------------------------------------------------------------------- */

static int find_sending(const struct gs_causality *history, gs_node from, uint8_t message)
{
    for (int i = 0; i < history->count; i++) {
        const struct gs_caused *event = &history->events[i];
        if (event->kind == GS_SENT && gs_same(event->at, from) && event->message == message)
            return i;
    }
    return -1;
}

int gs_causality_find(const struct gs_causality *history, gs_node at, int number)
{
    for (int i = 0; i < history->count; i++)
        if (gs_same(history->events[i].at, at) && history->events[i].number == number)
            return i;
    return -1;
}

static struct gs_caused event_of(gs_node by, enum gs_causality_announcement kind, const void *announced)
{
    struct gs_caused event = {.at = by, .kind = (uint8_t)kind};
    if (kind == GS_SENT) {
        event.message = ((const struct gs_sent *)announced)->message;
        event.to = ((const struct gs_sent *)announced)->to;
    } else if (kind == GS_DELIVERED) {
        event.message = ((const struct gs_delivered *)announced)->message;
        event.from = ((const struct gs_delivered *)announced)->from;
    } else {
        event.message = ((const struct gs_occurred *)announced)->what;
    }
    return event;
}

static void expect_possible(const struct gs_run *run, const struct gs_causality *history, const struct gs_caused *event)
{
    char text[160] = "";
    const int sending = event->kind == GS_OCCURRED
                            ? -1
                            : find_sending(history, event->kind == GS_SENT ? event->at : event->from, event->message);
    if (history->count == GS_CAUSALITY_EVENTS_MAX)
        snprintf(text, sizeof(text), "the history of what caused what has room for %d events: bound the run",
                 GS_CAUSALITY_EVENTS_MAX);
    else if (event->kind == GS_SENT && sending >= 0)
        snprintf(text, sizeof(text), "%s has announced message %d as sent before", gs_name(run, event->at),
                 event->message);
    else if (event->kind == GS_DELIVERED && sending < 0)
        snprintf(text, sizeof(text), "%s announces message %d of %s as delivered, which was not sent",
                 gs_name(run, event->at), event->message, gs_name(run, event->from));
    else if (event->kind == GS_DELIVERED && !gs_set_has(history->events[sending].to, event->at))
        snprintf(text, sizeof(text), "%s announces message %d of %s as delivered, which was not sent to it",
                 gs_name(run, event->at), event->message, gs_name(run, event->from));
    if (text[0])
        gs_failed(run, text, NULL, 0);
}

void gs_causality_add(const struct gs_run *run, struct gs_causality *history, gs_node by,
                      enum gs_causality_announcement kind, const void *announced)
{
    struct gs_caused event = event_of(by, kind, announced);
    for (int i = 0; i < history->count; i++)
        event.number += gs_same(history->events[i].at, by);
    expect_possible(run, history, &event);
    gs_insert(history->events, &history->count, &event);
}

/* ---- Happened before --------------------------------------------------------------------------------------------- */

bool gs_is_in_past(const struct gs_past *past, int place)
{
    return (past->bits[place / 64] >> place % 64 & 1) != 0;
}

static void add(struct gs_past *past, int place)
{
    if (place >= 0)
        past->bits[place / 64] |= UINT64_C(1) << place % 64;
}

/* What precedes an event immediately: the one before it at its node, and the sending of what it delivers. */
static struct gs_past causes_of(const struct gs_causality *history, const struct gs_caused *event)
{
    struct gs_past causes = {{0}};
    add(&causes, gs_causality_find(history, event->at, event->number - 1));
    if (event->kind == GS_DELIVERED)
        add(&causes, find_sending(history, event->from, event->message));
    return causes;
}

/* Warshall's transitive closure. */
void gs_happened_before(const struct gs_causality *history, struct gs_past past[GS_CAUSALITY_EVENTS_MAX])
{
    const size_t words = sizeof(past->bits) / sizeof(past->bits[0]);
    for (int i = 0; i < history->count; i++)
        past[i] = causes_of(history, &history->events[i]);
    for (int by = 0; by < history->count; by++)
        for (int i = 0; i < history->count; i++)
            for (size_t w = 0; w < words && gs_is_in_past(&past[i], by); w++)
                past[i].bits[w] |= past[by].bits[w];
}
