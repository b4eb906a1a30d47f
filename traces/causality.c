/* An event depends on the one before it at each node that it moves, and a delivery on the step that sent its message.
 * For the order, what the network does counts too: drops depend on the receiver's events, partitions and heals on all.
 */
#include "traces/causality.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum { NONE = -1 };

/* Up to one cause per node that an event moves, the sender's step, and the partition or heal before. */
struct causes {
    int *items;
    size_t count, capacity;
};

struct causality {
    const struct trace *trace;
    struct causes *causes; /* by step */
    bool *is_announcing;   /* by step */
    int last[GS_NODES_MAX];
    int *sends;           /* by send: its step */
    struct bytes letters; /* by send: receiver's tag, sender's tag, message */
    size_t send_count, send_capacity;
    bool orders; /* also what counts for the order only */
    int barrier; /* the last partition or heal */
};

static void add_cause(struct causality *c, size_t step, int cause)
{
    struct causes *causes = &c->causes[step];

    if (cause == NONE)
        return;
    causes->items = die_grow(causes->items, &causes->capacity, causes->count + 1, sizeof(*causes->items));
    causes->items[causes->count++] = cause;
}

/* ---- Who sent a message ---- */

static size_t letter_size(const struct causality *c)
{
    return 2 + c->trace->run->model->message_size;
}

static void remember_sends(struct causality *c, int step, const struct effect *effect)
{
    const size_t stride = letter_size(c) + 1; /* sender's tag, result, receiver's tag, message */

    for (size_t at = 0; effect && at < effect->sends.size; at += stride) {
        const uint8_t *send = effect->sends.data + at;
        if (send[1] != INBOX_ADDED)
            continue;
        c->sends = die_grow(c->sends, &c->send_capacity, c->send_count + 1, sizeof(*c->sends));
        c->sends[c->send_count++] = step;
        bytes_append(&c->letters, &send[2], 1);
        bytes_append(&c->letters, &send[0], 1);
        bytes_append(&c->letters, &send[3], letter_size(c) - 2);
    }
}

static int find_sender(const struct causality *c, const struct event *event)
{
    const size_t size = letter_size(c);

    for (size_t i = c->send_count; i-- > 0;) {
        const uint8_t *letter = c->letters.data + i * size;
        if (letter[0] == event->node.tag && letter[1] == event->from.tag &&
            memcmp(letter + 2, event->message, size - 2) == 0)
            return c->sends[i];
    }
    return NONE;
}

/* ---- All causes ---- */

static void add_node(struct causality *c, size_t step, unsigned node)
{
    add_cause(c, step, c->last[node]);
    c->last[node] = (int)step;
}

static void add_step(struct causality *c, size_t step, const struct replayed *replayed)
{
    const struct event *event = replayed->event;
    const bool is_barrier = event->action == ACTION_PARTITION || event->action == ACTION_HEAL;
    unsigned movers[GS_NODES_MAX];
    const size_t count = world_movers(replayed->before, event, movers);

    if (event->message)
        add_cause(c, step, find_sender(c, event));
    for (size_t i = 0; i < count; i++)
        add_node(c, step, movers[i]);
    if (event->action == ACTION_DROP && (c->orders || c->trace->run->network == GS_FIFO))
        add_node(c, step, node_number(event->node));
    if (!c->orders)
        return;
    add_cause(c, step, c->barrier);
    for (unsigned n = 0; is_barrier && n < c->trace->run->node_count; n++)
        add_node(c, step, n);
    if (is_barrier)
        c->barrier = (int)step;
}

static bool visit(void *context, const struct replayed *replayed)
{
    struct causality *c = context;

    if (!replayed->number)
        return true;
    const size_t step = replayed->number - 1;
    add_step(c, step, replayed);
    c->is_announcing[step] = replayed->effect->announcements.size > 0;
    remember_sends(c, (int)step, replayed->effect);
    return true;
}

static void find_causes(struct causality *c, const struct trace *trace, bool orders)
{
    struct replay replay;

    *c = (struct causality){.trace = trace, .orders = orders, .barrier = NONE};
    c->causes = die_calloc(trace->step_count + 1, sizeof(*c->causes));
    c->is_announcing = die_calloc(trace->step_count + 1, sizeof(*c->is_announcing));
    for (unsigned n = 0; n < GS_NODES_MAX; n++)
        c->last[n] = NONE;
    trace_replay(trace, visit, c, &replay);
}

static void causality_free(struct causality *c)
{
    for (size_t i = 0; i < c->trace->step_count; i++)
        free(c->causes[i].items);
    free(c->causes);
    free(c->is_announcing);
    free(c->sends);
    bytes_free(&c->letters);
}

/* ---- The past ---- */

/* Steps stand behind what caused them: one pass from the end finds all. */
static void keep_past(const struct causality *c, bool *kept)
{
    for (size_t i = c->trace->step_count; i-- > 0;)
        for (size_t k = 0; kept[i] && k < c->causes[i].count; k++)
            kept[c->causes[i].items[k]] = true;
}

static bool is_word_end(char c)
{
    return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-');
}

static bool names_node(const char *explanation, const char *name)
{
    for (const char *at = explanation; (at = strstr(at, name)) != NULL; at++)
        if ((at == explanation || is_word_end(at[-1])) && is_word_end(at[strlen(name)]))
            return true;
    return false;
}

static void keep_roots(const struct causality *c, bool *kept)
{
    const struct trace *trace = c->trace;

    kept[trace->step_count - 1] = true;
    for (unsigned n = 0; n < trace->run->node_count; n++)
        if (c->last[n] != NONE && names_node(trace->explanation, trace->run->nodes[n].name))
            kept[c->last[n]] = true;
    for (size_t i = 0; trace->monitors_on && i < trace->step_count; i++)
        kept[i] |= c->is_announcing[i];
}

size_t causality_leave_out_unrelated(const struct trace *trace, bool *left_out)
{
    struct causality c;
    size_t count = 0;

    if (!trace->step_count)
        return 0;
    find_causes(&c, trace, false);
    memset(left_out, 0, trace->step_count * sizeof(*left_out));
    keep_roots(&c, left_out);
    keep_past(&c, left_out);
    for (size_t i = 0; i < trace->step_count; i++) {
        left_out[i] = !left_out[i];
        count += left_out[i];
    }
    causality_free(&c);
    return count;
}

/* ---- The signature ---- */

struct labelled {
    uint32_t level;
    uint16_t type;
    uint8_t action, role;
};

static int compare_labels(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct labelled));
}

static struct labelled label(const struct trace *trace, const struct event *event, uint32_t level)
{
    struct labelled labelled = {.level = level, .type = (uint16_t)event->type, .action = (uint8_t)event->action};

    if (event->action != ACTION_PARTITION && event->action != ACTION_HEAL)
        labelled.role = (uint8_t)trace->run->nodes[node_number(event->node)].role;
    return labelled;
}

void causality_sign(const struct trace *trace, struct bytes *signature)
{
    struct causality c;
    bool *kept = die_calloc(trace->step_count + 1, sizeof(*kept));
    uint32_t *levels = die_calloc(trace->step_count + 1, sizeof(*levels));
    struct labelled *labels = die_calloc(trace->step_count + 1, sizeof(*labels));
    size_t count = 0;

    find_causes(&c, trace, false);
    if (trace->step_count) {
        keep_roots(&c, kept);
        keep_past(&c, kept);
    }
    for (size_t i = 0; i < trace->step_count; i++) {
        for (size_t k = 0; k < c.causes[i].count; k++) {
            const uint32_t above = levels[c.causes[i].items[k]] + 1;
            levels[i] = above > levels[i] ? above : levels[i];
        }
        if (kept[i])
            labels[count++] = label(trace, &trace->steps[i], levels[i]);
    }
    qsort(labels, count, sizeof(*labels), compare_labels);
    bytes_append(signature, labels, count * sizeof(*labels));
    causality_free(&c);
    free(labels);
    free(levels);
    free(kept);
}

/* ---- The order ---- */

/* Step i, behind all that led to it. As deep as the trace is long. */
static void append_with_causes(const struct causality *c, size_t step, bool *done, struct trace *ordered)
{
    if (done[step])
        return;
    done[step] = true;
    for (size_t k = 0; k < c->causes[step].count; k++)
        append_with_causes(c, (size_t)c->causes[step].items[k], done, ordered);
    trace_append(ordered, &c->trace->steps[step]);
}

static int compare_steps(const void *a, const void *b)
{
    const int one = *(const int *)a, other = *(const int *)b;

    return (one > other) - (one < other);
}

struct trace *causality_order(const struct trace *trace)
{
    struct trace *ordered = trace_new(trace->run, trace->property, trace->explanation, trace->monitors_on);
    struct causality c;
    bool *done = die_calloc(trace->step_count + 1, sizeof(*done));

    find_causes(&c, trace, true);
    for (size_t i = 0; i < trace->start_count; i++)
        trace_append(ordered, &trace->starts[i]);
    for (size_t i = 0; i < trace->step_count; i++)
        if (c.causes[i].count)
            qsort(c.causes[i].items, c.causes[i].count, sizeof(int), compare_steps);
    /* What led to the end comes last of all: events that did not are no interruption of it. */
    if (trace->step_count) {
        bool *kept = die_calloc(trace->step_count, sizeof(*kept));
        kept[trace->step_count - 1] = true;
        keep_past(&c, kept);
        for (size_t i = 0; i < trace->step_count; i++)
            if (!kept[i])
                append_with_causes(&c, i, done, ordered);
        append_with_causes(&c, trace->step_count - 1, done, ordered);
        free(kept);
    }
    causality_free(&c);
    free(done);
    return ordered;
}
