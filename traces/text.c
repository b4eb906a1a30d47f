/* A trace for people: what fired, and under it only what that changed, in the protocol's own names. Lines break at
 * commas before column 120. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/local_text.h"
#include "traces/trace.h"

enum { COLUMNS = 120, INDENT = 2 };

struct text {
    const struct trace *trace;
    const struct gs_run *run;
    FILE *out;
    int number_width; /* of the last step's number */
};

/* ---- Lines ---- */

/* One line being composed. */
struct line {
    FILE *stream;
    char *text;
    size_t size;
};

static void line_begin(struct line *line)
{
    line->stream = open_memstream(&line->text, &line->size);
    if (!line->stream)
        die("out of memory for a line of text");
}

static char *line_take(struct line *line)
{
    if (fclose(line->stream) != 0)
        die("out of memory for a line of text");
    return line->text;
}

/* Length of the next piece that should stay whole: up to behind the next ", " outside of brackets, or, when that is
 * more than a line holds, behind the very next one. */
static size_t piece_length(const char *text, size_t room)
{
    const char *first = NULL;
    int depth = 0;

    for (const char *c = text; *c; c++) {
        depth += (*c == '[' || *c == '{' || *c == '(') - (*c == ']' || *c == '}' || *c == ')');
        if (c[0] != ',' || c[1] != ' ')
            continue;
        first = first ? first : c;
        if (depth == 0 || (size_t)(c - text) >= room)
            return (size_t)((depth == 0 && (size_t)(c - text) < room ? c : first) - text) + 2;
    }
    return first && strlen(text) > room ? (size_t)(first - text) + 2 : strlen(text);
}

/* Prints the line, indented; what is too long goes on in lines indented deeper. */
static void line_end(struct line *line, const struct text *text, int indent)
{
    char *all = line_take(line);
    const size_t deeper = (size_t)indent + 2 * INDENT, room = COLUMNS - deeper;
    size_t column = (size_t)indent;

    fprintf(text->out, "%*s", indent, "");
    for (const char *rest = all; *rest;) {
        const size_t length = piece_length(rest, room);
        const size_t next = rest[length] ? piece_length(rest + length, room) : 0;
        const bool is_last = !rest[length + next];
        /* The blank behind a comma is left out where the line breaks. */
        const bool breaks = next && column + length + next - !is_last > COLUMNS;
        fprintf(text->out, "%.*s", (int)(breaks ? length - 1 : length), rest);
        column += length;
        rest += length;
        if (breaks) {
            fprintf(text->out, "\n%*s", (int)deeper, "");
            column = deeper;
        }
    }
    fputc('\n', text->out);
    free(all);
}

/* ---- Header ---- */

static void print_title(const struct text *text, const struct replay *replay)
{
    const struct trace *trace = text->trace;
    const enum trace_kind kind = trace_kind(trace);
    const bool is_goal = kind == TRACE_OF_GOAL, has_property = is_goal || kind == TRACE_OF_VIOLATION;
    const char *claim = has_property ? run_property(trace->run, trace->property)->claim : NULL;
    const char *verdict = replay->end != REPLAY_VIOLATED ? " is not decided" : is_goal ? " is met" : " is violated";

    fprintf(text->out, "%s: %s%s in %zu step%s\n", trace->run->model->name, trace_property_name(trace),
            kind == TRACE_SAMPLE ? "" : verdict, trace->step_count, trace->step_count == 1 ? "" : "s");
    if (claim)
        fprintf(text->out, "%*s%s     %s\n", INDENT, "", is_goal ? "goal " : "claim", claim);
    if (replay->end == REPLAY_VIOLATED && replay->reason[0])
        fprintf(text->out, "%*sbut       %s\n", INDENT, "", replay->reason);
}

static void print_options(const struct text *text)
{
    struct line line;

    line_begin(&line);
    fputs("options ", line.stream);
    for (unsigned i = 0; i < text->run->option_count; i++) {
        const struct gs_option *option = &text->run->model->options[i];
        const int64_t value = text->run->options[i];
        const char *name = option->names ? option->names[value - option->min] : NULL;
        fprintf(line.stream, "%s%s=", i ? ", " : "  ", option->name);
        if (name)
            fputs(name, line.stream);
        else
            fprintf(line.stream, "%lld", (long long)value);
    }
    if (!text->run->option_count)
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_mutants(const struct text *text)
{
    const char *separator = "  ";
    struct line line;

    line_begin(&line);
    fputs("mutants ", line.stream);
    for (unsigned i = 0; i < GS_MUTANTS_MAX && text->run->model->mutants[i].name; i++)
        if (text->run->mutants >> i & 1) {
            fprintf(line.stream, "%s%s", separator, text->run->model->mutants[i].name);
            separator = ", ";
        }
    if (!text->run->mutants)
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_network(const struct text *text)
{
    const struct gs_run *run = text->run;

    fprintf(text->out, "%*snetwork   %s", INDENT, "", network_names[run->network]);
    if (run->network == GS_BAG)
        fprintf(text->out, ", %u cop%s of a message in flight", run->copies, run->copies == 1 ? "y" : "ies");
    if (run->network == GS_FIFO)
        fprintf(text->out, ", %u message%s in a channel", run->capacity, run->capacity == 1 ? "" : "s");
    fputc('\n', text->out);
}

static void print_budgets(const struct text *text)
{
    const char *separator = "  ";
    struct line line;

    line_begin(&line);
    fputs("budgets ", line.stream);
    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (text->run->budgets[fault] > 0 || (fault == GS_TIMEOUT && text->run->budgets[fault] == 0)) {
            fprintf(line.stream, "%s%s %lld", separator, budget_names[fault], (long long)text->run->budgets[fault]);
            separator = ", ";
        }
    if (separator[0] == ' ')
        fputs("  none", line.stream);
    line_end(&line, text, INDENT);
}

static void print_header(const struct text *text, const struct replay *replay)
{
    print_title(text, replay);
    print_options(text);
    print_mutants(text);
    print_network(text);
    print_budgets(text);
}

/* ---- Messages and announcements ---- */

/* effect->sends: entries of the sender's tag, an enum inbox_result, the receiver's tag, the message. Do two differ in
 * nothing but the receiver? */
static bool same_but_receiver(const uint8_t *a, const uint8_t *b, size_t stride)
{
    return a[0] == b[0] && a[1] == b[1] && memcmp(a + 3, b + 3, stride - 3) == 0;
}

/* Prints a run of equal messages to several receivers as one line; returns its length in bytes. */
static size_t print_send(const struct text *text, const uint8_t *entry, size_t rest, gs_node mover, int indent)
{
    static const char *const fates[] = {[INBOX_ADDED] = "",
                                        [INBOX_ABSORBED] = " (absorbed: an equal one is in flight)",
                                        [INBOX_LOST] = " (lost: the receiver is down)",
                                        [INBOX_OVERFLOW] = " (the channel is full)"};
    const size_t stride = 2 + inbox_stride(text->run);
    struct line line;
    size_t at = 0;

    line_begin(&line);
    if (entry[0] != mover.tag)
        fprintf(line.stream, "%s ", gs_run_name(text->run, (gs_node){entry[0]}));
    fputs("sends ", line.stream);
    message_print(text->run, entry + 3, line.stream);
    fputs(" to ", line.stream);
    for (; at < rest && same_but_receiver(entry, entry + at, stride); at += stride)
        fprintf(line.stream, "%s%s", at ? ", " : "", gs_run_name(text->run, (gs_node){entry[at + 2]}));
    fputs(fates[entry[1]], line.stream);
    line_end(&line, text, indent);
    return at;
}

static void print_sends(const struct text *text, const struct effect *effect, gs_node mover, int indent)
{
    for (size_t at = 0; at < effect->sends.size;)
        at += print_send(text, effect->sends.data + at, effect->sends.size - at, mover, indent);
}

static void print_announcements(const struct text *text, const struct effect *effect, gs_node mover, int indent)
{
    const struct bytes *all = &effect->announcements;

    for (size_t at = 0; at < all->size; at += 2 + text->run->model->announcements[all->data[at + 1]].size) {
        const struct gs_announcement *type = &text->run->model->announcements[all->data[at + 1]];
        struct line line;
        line_begin(&line);
        if (all->data[at] != mover.tag)
            fprintf(line.stream, "%s ", gs_run_name(text->run, (gs_node){all->data[at]}));
        fprintf(line.stream, "announces %s {", type->name);
        fields_print(text->run, type->fields, all->data + at + 2, line.stream);
        fputc('}', line.stream);
        line_end(&line, text, indent);
    }
}

/* ---- Local states ---- */

static char *describe_local(const struct text *text, const struct world *world, unsigned node)
{
    struct line line;

    line_begin(&line);
    local_print(text->run, node, world->locals[node].data, line.stream);
    return line_take(&line);
}

/* Nodes in a row that are alike share a line. */
static void print_locals(const struct text *text, const struct world *world)
{
    for (unsigned n = 0; n < text->run->node_count;) {
        struct line line;
        char *description = describe_local(text, world, n);
        bool is_alike = true;
        line_begin(&line);
        fputs(text->run->nodes[n].name, line.stream);
        while (++n < text->run->node_count && is_alike) {
            char *other = describe_local(text, world, n);
            is_alike = strcmp(other, description) == 0;
            free(other);
            if (!is_alike)
                break;
            fprintf(line.stream, ", %s", text->run->nodes[n].name);
        }
        fprintf(line.stream, ": %s", description);
        line_end(&line, text, 2 * INDENT);
        free(description);
    }
}

static void print_start(const struct text *text, struct world *world, const struct event *event, struct effect *effect,
                        const struct text *sends)
{
    if (world_start(world, event, effect) != WORLD_STEP)
        return; /* the replay below tells */
    if (effect->choice_count) {
        struct event drawn = *event;
        drawn.choice_count = (uint8_t)effect->choice_count;
        memcpy(drawn.choices, effect->choices, sizeof(drawn.choices));
        fprintf(sends->out, "%*s", 2 * INDENT, "");
        event_print(text->run, &drawn, sends->out);
        fputc('\n', sends->out);
    }
    print_sends(sends, effect, GS_NOBODY, 2 * INDENT);
    print_announcements(sends, effect, GS_NOBODY, 2 * INDENT);
}

/* The state after the STARTs, then what these chose, sent and announced. */
static void print_initial(const struct text *text)
{
    struct world world;
    struct effect effect = {0};
    struct line line;
    struct text sends = *text;
    char explanation[EXPLANATION_SIZE] = "";

    line_begin(&line);
    sends.out = line.stream;
    fputs("\ninitially\n", text->out);
    if (world_init(&world, text->run, text->trace->monitors_on, explanation)) {
        for (size_t i = 0; i < text->trace->start_count; i++)
            print_start(text, &world, &text->trace->starts[i], &effect, &sends);
        print_locals(text, &world);
    }
    char *sent = line_take(&line);
    fputs(sent, text->out);
    free(sent);
    world_free(&world);
    effect_free(&effect);
}

/* ---- Steps ---- */

/* Prints how a node differs; false: it does not. */
static bool print_node(const struct text *text, unsigned node, const struct world *before, const struct world *after,
                       int indent)
{
    const struct gs_run *run = text->run;
    const uint8_t *old = before->locals[node].data, *new = after->locals[node].data;
    struct line line;

    if (memcmp(old, new, local_size(run, node)) == 0)
        return false;
    line_begin(&line);
    fprintf(line.stream, "%s: ", run->nodes[node].name);
    local_print_changes(run, node, old, new, line.stream);
    line_end(&line, text, indent);
    return true;
}

static void print_effects(const struct text *text, const struct replayed *replayed, int indent)
{
    const struct effect *effect = replayed->effect;
    const struct event *event = replayed->event;
    bool changes = effect->sends.size || effect->announcements.size;

    for (unsigned n = 0; n < text->run->node_count; n++)
        changes |= print_node(text, n, replayed->before, replayed->after, indent);
    print_sends(text, effect, event->node, indent);
    print_announcements(text, effect, event->node, indent);
    if (!changes && event->action == ACTION_DELIVER)
        fprintf(text->out, "%*s(ignored)\n", indent, "");
}

static void print_event(const struct text *text, const struct replayed *replayed, int indent)
{
    struct event drawn = *replayed->event;
    struct line line;

    if (replayed->effect->choice_count > drawn.choice_count) {
        drawn.choice_count = (uint8_t)replayed->effect->choice_count;
        memcpy(drawn.choices, replayed->effect->choices, sizeof(drawn.choices));
    }
    line_begin(&line);
    if (replayed->number)
        fprintf(line.stream, "%*zu  ", text->number_width, replayed->number);
    event_print(text->run, &drawn, line.stream);
    line_end(&line, text, replayed->number ? INDENT : indent);
}

static bool visit_event(void *context, const struct replayed *replayed)
{
    const struct text *text = context;
    const int indent = INDENT + text->number_width + 2;

    if (replayed->result != WORLD_STEP && replayed->result != WORLD_MISBEHAVED)
        return true;
    if (replayed->number == 0 && replayed->result == WORLD_STEP)
        return true;
    if (replayed->number <= 1)
        fputc('\n', text->out);
    print_event(text, replayed, indent);
    if (replayed->result == WORLD_MISBEHAVED)
        fprintf(text->out, "%*smisbehaves: %s\n", indent + INDENT, "", replayed->effect->explanation);
    else
        print_effects(text, replayed, indent + INDENT);
    return true;
}

static void print_end(const struct text *text, const struct replay *replay)
{
    const char *name = trace_property_name(text->trace);

    fputc('\n', text->out);
    switch (replay->end) {
    case REPLAY_VIOLATED:
        fprintf(text->out, "%s is %s%s%s\n", name, trace_kind(text->trace) == TRACE_OF_GOAL ? "met" : "violated",
                replay->reason[0] ? ": " : "", replay->reason);
        break;
    case REPLAY_SAMPLED:
        fputs("nothing is claimed of a sample\n", text->out);
        break;
    case REPLAY_HELD:
        fprintf(text->out, "%s\n", replay->reason);
        break;
    default:
        fprintf(text->out, "the trace does not go on: step %zu: %s\n", replay->number, replay->reason);
    }
}

void trace_print_text(const struct trace *trace, FILE *out)
{
    struct text text = {.trace = trace, .run = trace->run, .out = out};
    struct replay replay;

    text.number_width = snprintf(NULL, 0, "%zu", trace->step_count);
    trace_replay(trace, NULL, NULL, &replay);
    print_header(&text, &replay);
    print_initial(&text);
    trace_replay(trace, visit_event, &text, &replay);
    print_end(&text, &replay);
}
