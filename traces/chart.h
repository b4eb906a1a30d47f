/* A chart: a trace laid out as a space-time diagram, from replaying it: what each event did, the world after it, and
 * what became of every message. All formats that draw a trace draw a chart. */
#ifndef GAINSAY_CHART_H
#define GAINSAY_CHART_H

#include "traces/trace.h"

#define CHART_NONE SIZE_MAX

enum chart_fate {
    CHART_IN_FLIGHT, /* never taken; one that was duplicated has an `end` all the same */
    CHART_DELIVERED, /* at least once */
    CHART_DROPPED,   /* by an event */
    CHART_LOST,      /* its receiver was down when it was sent, or crashed before it was delivered (`fifo`) */
    CHART_ABSORBED   /* an equal one was in flight already: `same_as` */
};

struct chart_message {
    gs_node from, to;
    const uint8_t *message; /* message_size bytes; owned by the chart */
    size_t sent;            /* the row that sent it */
    enum chart_fate fate;
    size_t end;     /* the row of its first delivery, its drop or its loss; CHART_NONE: none. Lost at once: sent */
    size_t same_as; /* absorbed: the message in flight that it equals; else CHART_NONE */
};

struct chart_row {
    size_t number;      /* of the step; 0: a START */
    struct event event; /* with the choices that were drawn; its message is the trace's */
    enum world_result result;
    char *explanation;          /* of a misbehaviour, or why it was no step; owned; NULL: none */
    size_t received;            /* deliver, duplicate, drop: which message; else CHART_NONE */
    size_t sent, sent_count;    /* its messages are messages[sent ...] */
    struct bytes announcements; /* as in struct effect */
    bool read_clock;            /* a handler asked what its node's clock showed: the event's `clock` */
    struct world after;         /* the world after it; unchanged unless result is WORLD_STEP */
};

struct chart {
    const struct trace *trace; /* borrowed */
    const struct gs_run *run;
    struct world initial;   /* before any START */
    bool is_initialised;    /* false: an init misbehaved; there are no rows */
    struct chart_row *rows; /* the STARTs, then the steps: as far as the trace replays */
    size_t row_count, start_count;
    struct chart_message *messages;
    size_t message_count;
    struct replay replay; /* how the replay ended */
};

/* Replays the trace. The trace has to outlive the chart. Never NULL: a trace that diverges gives the rows up to there,
 * the last one being the event that was not a step. */
struct chart *chart_new(const struct trace *trace);
void chart_free(struct chart *chart);

/* The world before a row: after the one above it. */
const struct world *chart_before(const struct chart *chart, size_t row);

/* A row in which a START did nothing worth a line: it neither chose, sent nor announced. */
bool chart_is_silent(const struct chart *chart, size_t row);

/* In how many rows was the message delivered or duplicated (`set`: any number)? */
size_t chart_deliveries(const struct chart *chart, size_t message);

#endif
