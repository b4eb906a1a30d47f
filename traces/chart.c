/* Laying out a trace: each delivery is joined to the sending that it takes, the oldest of equal ones. */
#include "traces/chart.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

/* Arrays grow by doubling: there is room exactly up to the next power of two. */
static void *grow(void *items, size_t count, size_t size)
{
    return (count & (count - 1)) == 0 ? die_realloc(items, (count ? 2 * count : 1) * size) : items;
}

/* ---- Messages ---- */

static bool is_message(const struct chart *chart, const struct chart_message *message, gs_node from, gs_node to,
                       const uint8_t *bytes)
{
    return gs_same(message->from, from) && gs_same(message->to, to) &&
           memcmp(message->message, bytes, chart->run->model->message_size) == 0;
}

/* May it still be delivered? */
static bool is_takeable(const struct chart *chart, const struct chart_message *message)
{
    return message->fate == CHART_IN_FLIGHT || (chart->run->network == GS_SET && message->fate == CHART_DELIVERED);
}

/* The oldest such message that was sent before and may still be taken; CHART_NONE: there is none. */
static size_t find_message(const struct chart *chart, gs_node from, gs_node to, const uint8_t *bytes)
{
    for (size_t i = 0; i < chart->message_count; i++)
        if (is_takeable(chart, &chart->messages[i]) && is_message(chart, &chart->messages[i], from, to, bytes))
            return i;
    return CHART_NONE;
}

/* One entry of effect->sends: sender's tag, enum inbox_result, receiver's tag, message. */
static void add_message(struct chart *chart, const uint8_t *entry, size_t row)
{
    const size_t size = chart->run->model->message_size;
    struct chart_message message = {.from = {entry[0]},
                                    .to = {entry[2]},
                                    .message = memcpy(die_alloc(size), entry + 3, size),
                                    .sent = row,
                                    .end = CHART_NONE,
                                    .same_as = CHART_NONE};

    if (entry[1] == INBOX_ABSORBED) {
        message.fate = CHART_ABSORBED;
        message.same_as = find_message(chart, message.from, message.to, message.message);
    } else if (entry[1] == INBOX_LOST) {
        message.fate = CHART_LOST;
        message.end = row;
    }
    chart->messages = grow(chart->messages, chart->message_count, sizeof(*chart->messages));
    chart->messages[chart->message_count++] = message;
}

static void add_sends(struct chart *chart, struct chart_row *row, const struct bytes *sends)
{
    const size_t stride = 2 + inbox_stride(chart->run);

    row->sent = chart->message_count;
    for (size_t at = 0; at < sends->size; at += stride)
        add_message(chart, sends->data + at, chart->row_count);
    row->sent_count = chart->message_count - row->sent;
}

/* Joins a delivery, duplicate or drop to what it takes. A duplicate leaves it in flight. */
static void take_message(struct chart *chart, struct chart_row *row)
{
    const struct event *event = &row->event;

    row->received = event->message ? find_message(chart, event->from, event->node, event->message) : CHART_NONE;
    if (row->received == CHART_NONE || row->result == WORLD_NOT_ENABLED || row->result == WORLD_CUT)
        return;
    struct chart_message *message = &chart->messages[row->received];
    if (message->end == CHART_NONE)
        message->end = chart->row_count;
    if (event->action == ACTION_DROP)
        message->fate = CHART_DROPPED;
    if (event->action == ACTION_DELIVER)
        message->fate = CHART_DELIVERED;
}

/* In `fifo` a crash empties the channels into the nodes it strikes. */
static void lose_mail(struct chart *chart, const struct replayed *replayed)
{
    unsigned movers[GS_NODES_MAX];
    const size_t count = world_movers(replayed->before, replayed->event, movers);

    for (size_t i = 0; i < chart->message_count; i++) {
        struct chart_message *message = &chart->messages[i];
        for (size_t m = 0; m < count; m++)
            if (message->fate == CHART_IN_FLIGHT && gs_same(message->to, node_of(movers[m]))) {
                message->fate = CHART_LOST;
                message->end = chart->row_count;
            }
    }
}

/* ---- Rows ---- */

static struct event with_drawn_choices(const struct replayed *replayed)
{
    struct event event = *replayed->event;

    if (replayed->effect->choice_count > event.choice_count) {
        event.choice_count = (uint8_t)replayed->effect->choice_count;
        memcpy(event.choices, replayed->effect->choices, sizeof(event.choices));
    }
    return event;
}

static bool add_row(void *context, const struct replayed *replayed)
{
    struct chart *chart = context;
    const enum action action = replayed->event->action;
    struct chart_row row = {.number = replayed->number,
                            .event = with_drawn_choices(replayed),
                            .result = replayed->result,
                            .read_clock = replayed->effect->read_clock && replayed->event->has_clock,
                            .received = CHART_NONE};

    if (replayed->effect->explanation[0])
        must((row.explanation = strdup(replayed->effect->explanation)) != NULL);
    take_message(chart, &row);
    if (row.result == WORLD_STEP) {
        if (chart->run->network == GS_FIFO && (action == ACTION_CRASH || action == ACTION_REBOOT))
            lose_mail(chart, replayed);
        add_sends(chart, &row, &replayed->effect->sends);
        bytes_append(&row.announcements, replayed->effect->announcements.data, replayed->effect->announcements.size);
    }
    world_copy(&row.after, replayed->after);
    chart->rows = grow(chart->rows, chart->row_count, sizeof(*chart->rows));
    chart->rows[chart->row_count++] = row;
    chart->start_count += action == ACTION_START;
    return true;
}

struct chart *chart_new(const struct trace *trace)
{
    struct chart *chart = die_calloc(1, sizeof(*chart));
    char explanation[EXPLANATION_SIZE] = "";

    chart->trace = trace;
    chart->run = trace->run;
    chart->is_initialised = world_init(&chart->initial, trace->run, trace->monitors_on, explanation);
    trace_replay(trace, add_row, chart, &chart->replay);
    return chart;
}

void chart_free(struct chart *chart)
{
    if (!chart)
        return;
    for (size_t i = 0; i < chart->row_count; i++) {
        free(chart->rows[i].explanation);
        bytes_free(&chart->rows[i].announcements);
        world_free(&chart->rows[i].after);
    }
    for (size_t i = 0; i < chart->message_count; i++)
        free((void *)(uintptr_t)chart->messages[i].message);
    world_free(&chart->initial);
    free(chart->rows);
    free(chart->messages);
    free(chart);
}

const struct world *chart_before(const struct chart *chart, size_t row)
{
    return row ? &chart->rows[row - 1].after : &chart->initial;
}

bool chart_is_silent(const struct chart *chart, size_t row)
{
    const struct chart_row *r = &chart->rows[row];

    return r->number == 0 && r->result == WORLD_STEP && !r->event.choice_count && !r->sent_count &&
           !r->announcements.size;
}

size_t chart_deliveries(const struct chart *chart, size_t message)
{
    size_t count = 0;

    for (size_t i = 0; i < chart->row_count; i++) {
        const struct chart_row *row = &chart->rows[i];
        count += row->received == message && row->event.action != ACTION_DROP &&
                 (row->result == WORLD_STEP || row->result == WORLD_MISBEHAVED);
    }
    return count;
}
