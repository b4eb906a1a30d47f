/* The words for a chart's rows, its title and its end. */
#include "traces/chart_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/line.h"
#include "traces/local_text.h"

/* ---- Notes ---- */

static void add_note(struct row_notes *notes, enum row_note_kind kind, gs_node node, char *text)
{
    notes->notes = die_realloc(notes->notes, (notes->count + 1) * sizeof(*notes->notes));
    notes->notes[notes->count++] = (struct row_note){kind, node, text};
}

static void add_line(struct row_notes *notes, enum row_note_kind kind, gs_node node, const char *text)
{
    struct line line;

    line_begin(&line);
    fputs(text, line.stream);
    add_note(notes, kind, node, line_take(&line));
}

static void add_changes(struct row_notes *notes, const struct chart *chart, const struct gs_run *names, size_t row)
{
    const struct world *before = chart_before(chart, row), *after = &chart->rows[row].after;

    for (unsigned n = 0; n < names->node_count; n++) {
        struct line line;
        if (memcmp(before->locals[n].data, after->locals[n].data, local_size(names, n)) == 0)
            continue;
        line_begin(&line);
        local_print_changes(names, n, before->locals[n].data, after->locals[n].data, line.stream);
        add_note(notes, ROW_CHANGE, node_of(n), line_take(&line));
    }
}

/* ---- What was sent and announced ---- */

static bool is_lost_at_once(const struct chart_message *message)
{
    return message->fate == CHART_LOST && message->end == message->sent;
}

/* Do two differ in nothing but the receiver? */
static bool same_but_receiver(const struct chart *chart, const struct chart_message *a, const struct chart_message *b)
{
    return gs_same(a->from, b->from) && is_lost_at_once(a) == is_lost_at_once(b) &&
           (a->fate == CHART_ABSORBED) == (b->fate == CHART_ABSORBED) &&
           memcmp(a->message, b->message, chart->run->model->message_size) == 0;
}

/* A run of equal messages to several receivers is one note; returns how many they are. */
static size_t add_send(struct row_notes *notes, const struct chart *chart, const struct gs_run *names,
                       const struct chart_message *first, size_t rest)
{
    struct line line;
    size_t count = 0;

    line_begin(&line);
    fputs("sends ", line.stream);
    message_print(names, first->message, line.stream);
    fputs(" to ", line.stream);
    for (; count < rest && same_but_receiver(chart, first, first + count); count++)
        fprintf(line.stream, "%s%s", count ? ", " : "", gs_run_name(names, first[count].to));
    if (first->fate == CHART_ABSORBED)
        fputs(" (absorbed: an equal one is in flight)", line.stream);
    if (is_lost_at_once(first))
        fputs(" (lost: the receiver is down)", line.stream);
    add_note(notes, ROW_SEND, first->from, line_take(&line));
    return count;
}

static void add_announcements(struct row_notes *notes, const struct gs_run *names, const struct bytes *all)
{
    for (size_t at = 0; at < all->size; at += 2 + names->model->announcements[all->data[at + 1]].size) {
        const struct gs_announcement *type = &names->model->announcements[all->data[at + 1]];
        struct line line;
        line_begin(&line);
        fprintf(line.stream, "announces %s {", type->name);
        fields_print(names, type->fields, all->data + at + 2, line.stream);
        fputc('}', line.stream);
        add_note(notes, ROW_ANNOUNCE, (gs_node){all->data[at]}, line_take(&line));
    }
}

static void add_clock(struct row_notes *notes, const struct chart_row *row)
{
    char time[TRACE_TIME_SIZE];
    struct line line;

    if (!row->read_clock)
        return;
    line_begin(&line);
    fprintf(line.stream, "its clock shows %s", trace_time_text(row->event.clock, time));
    add_note(notes, ROW_CLOCK, row->event.node, line_take(&line));
}

struct row_notes row_notes_of(const struct chart *chart, const struct gs_run *names, size_t row)
{
    const struct chart_row *r = &chart->rows[row];
    struct row_notes notes = {0};

    add_clock(&notes, r);
    if (r->result == WORLD_MISBEHAVED) {
        struct line line;
        line_begin(&line);
        fprintf(line.stream, "misbehaves: %s", r->explanation ? r->explanation : "");
        add_note(&notes, ROW_MISBEHAVIOUR, r->event.node, line_take(&line));
        return notes;
    }
    if (r->event.action != ACTION_START)
        add_changes(&notes, chart, names, row);
    for (size_t i = 0; i < r->sent_count;)
        i += add_send(&notes, chart, names, &chart->messages[r->sent + i], r->sent_count - i);
    add_announcements(&notes, names, &r->announcements);
    if (notes.count == r->read_clock && r->event.action == ACTION_DELIVER)
        add_line(&notes, ROW_IGNORED, GS_NOBODY, "(ignored)");
    return notes;
}

void row_notes_free(struct row_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->notes[i].text);
    free(notes->notes);
    *notes = (struct row_notes){0};
}

void row_note_print(const struct row_note *note, const struct gs_run *names, gs_node mover, FILE *out)
{
    if (!gs_same(note->node, mover) && !gs_is_nobody(note->node))
        fprintf(out, "%s%s ", gs_run_name(names, note->node), note->kind == ROW_CHANGE ? ":" : "");
    fputs(note->text, out);
}

/* ---- The event ---- */

bool row_is_drawn(const struct chart *chart, size_t row)
{
    const enum world_result result = chart->rows[row].result;

    return (result == WORLD_STEP || result == WORLD_MISBEHAVED) && !chart_is_silent(chart, row);
}

gs_node row_mover(const struct chart *chart, size_t row)
{
    return chart->rows[row].event.node;
}

static void print_origin(const struct chart *chart, size_t row, FILE *out)
{
    const struct chart_row *r = &chart->rows[row];
    if (r->received == CHART_NONE)
        return;
    const struct chart_message *message = &chart->messages[r->received];
    const size_t sent = chart->rows[message->sent].number;

    if (gs_same(message->from, message->to))
        fputs(" to itself", out);
    if (message->end != CHART_NONE && message->end < row)
        fputs(", again", out);
    if (!sent)
        fputs(" (sent at the start)", out);
    else if (sent + 1 != r->number)
        fprintf(out, " (sent at %zu)", sent);
}

void row_time_print(const struct chart *chart, size_t row, const char *behind, FILE *out)
{
    const struct event *event = &chart->rows[row].event;
    char time[TRACE_TIME_SIZE];

    if (event->has_at)
        fprintf(out, "%s%s", trace_time_text(event->at, time), behind);
}

/* What event_print writes of a delivery begins with its nodes ("server0 -> server1: "), of a timer or local event with
 * the node ("server0: "). A fault's nodes stay: several may share the host. */
void row_event_print(const struct chart *chart, const struct gs_run *names, size_t row, FILE *out)
{
    const struct event *event = &chart->rows[row].event;
    const bool has_nodes = event->message || event->action == ACTION_TIMER || event->action == ACTION_LOCAL;
    struct line line;

    line_begin(&line);
    event_print(names, event, line.stream);
    char *text = line_take(&line), *colon = strstr(text, ": ");
    if (event->action == ACTION_DROP || event->action == ACTION_DUPLICATE)
        fprintf(out, "%s ", action_names[event->action]);
    fputs(has_nodes && colon ? colon + 2 : text, out);
    print_origin(chart, row, out);
    free(text);
}

/* ---- Title and end ---- */

void chart_print_title(const struct chart *chart, FILE *out)
{
    const struct trace *trace = chart->trace;
    const enum trace_kind kind = trace_kind(trace);
    const bool is_late = trace_is_late(trace) && chart->replay.end == REPLAY_SAMPLED;
    const char *verdict = chart->replay.end != REPLAY_VIOLATED && !is_late ? " is not decided"
                          : kind == TRACE_OF_GOAL                          ? " is met"
                                                                           : " is violated";

    fprintf(out, "%s: %s%s in %zu step%s", trace->run->model->name, trace_property_name(trace),
            kind == TRACE_SAMPLE && !is_late ? "" : verdict, trace->step_count, trace->step_count == 1 ? "" : "s");
}

void chart_print_end(const struct chart *chart, FILE *out)
{
    const struct replay *replay = &chart->replay;
    const char *name = trace_property_name(chart->trace);

    switch (replay->end) {
    case REPLAY_VIOLATED:
        fprintf(out, "%s is %s%s%s", name, trace_kind(chart->trace) == TRACE_OF_GOAL ? "met" : "violated",
                replay->reason[0] ? ": " : "", replay->reason);
        break;
    case REPLAY_SAMPLED:
        if (trace_is_late(chart->trace))
            fprintf(out, "%s is violated: %s", name, chart->trace->explanation);
        else
            fputs("nothing is claimed of a sample", out);
        break;
    case REPLAY_HELD:
        fputs(replay->reason, out);
        break;
    default:
        fprintf(out, "the trace does not go on: step %zu: %s", replay->number, replay->reason);
    }
}

/* ---- What is left ---- */

/* Was it sent with the other: the same message in the same step, and is it in flight too? */
static bool is_left_with(const struct chart *chart, const struct chart_message *a, const struct chart_message *b)
{
    return a->fate == CHART_IN_FLIGHT && a->sent == b->sent && gs_same(a->from, b->from) &&
           memcmp(a->message, b->message, chart->run->model->message_size) == 0;
}

size_t chart_next_in_flight(const struct chart *chart, size_t first)
{
    for (size_t i = first; i < chart->message_count; i++) {
        const struct chart_message *message = &chart->messages[i];
        bool is_first = message->fate == CHART_IN_FLIGHT;
        for (size_t earlier = i; is_first && earlier-- > chart->rows[message->sent].sent;)
            is_first = !is_left_with(chart, &chart->messages[earlier], message);
        if (is_first)
            return i;
    }
    return CHART_NONE;
}

void chart_print_in_flight(const struct chart *chart, const struct gs_run *names, size_t message, FILE *out)
{
    const struct chart_message *first = &chart->messages[message];
    const struct chart_row *sender = &chart->rows[first->sent];

    message_print(names, first->message, out);
    fprintf(out, " from %s to ", gs_run_name(names, first->from));
    for (size_t i = message; i < sender->sent + sender->sent_count; i++)
        if (is_left_with(chart, &chart->messages[i], first))
            fprintf(out, "%s%s", i == message ? "" : ", ", gs_run_name(names, chart->messages[i].to));
    if (sender->number)
        fprintf(out, " (sent at %zu)", sender->number);
    else
        fputs(" (sent at the start)", out);
}

const char *chart_in_flight_title(const struct chart *chart)
{
    return chart->run->network == GS_SET ? "never delivered" : "still in flight";
}
