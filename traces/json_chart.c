/* Turns a chart into JSON. A world is written as what differs from the one before it: a page that shows a step needs
 * the states of all nodes, most of which are as they were. */
#include "traces/json_chart.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/json_event.h"
#include "traces/json_trace.h"

/* ---- Text as the other formats have it ---- */

struct text {
    FILE *stream;
    char *bytes;
    size_t size;
};

static FILE *text_begin(struct text *text)
{
    text->stream = open_memstream(&text->bytes, &text->size);
    if (!text->stream)
        die("out of memory for a line of text");
    return text->stream;
}

static json_t *text_end(struct text *text)
{
    if (fclose(text->stream) != 0)
        die("out of memory for a line of text");
    json_t *json = json_text(text->bytes);
    free(text->bytes);
    return json;
}

/* ---- Schemas ---- */

static json_t *schema(const struct gs_field *fields);

static const char *kind_name(const struct gs_field *field)
{
    switch (field->kind) {
    case GS_KIND_BOOL:
        return "bool";
    case GS_KIND_NODE:
        return "node";
    case GS_KIND_NODE_SET:
        return "set";
    case GS_KIND_STRUCT:
        return "struct";
    default:
        return field->names ? "enum" : "number";
    }
}

static json_t *enum_values(const struct gs_field *field)
{
    json_t *values = json_array();

    for (uint32_t i = 0; i < field->name_count; i++)
        json_array_append_new(values, field->names[i] ? json_text(field->names[i]) : json_null());
    return values;
}

static json_t *field_schema(const struct gs_field *field)
{
    json_t *json = json_object();

    json_object_set_new(json, "name", json_text(field->name));
    json_object_set_new(json, "shape", json_text(field->by_role ? "by node" : field->is_array ? "list" : "one"));
    json_object_set_new(json, "kind", json_text(kind_name(field)));
    if (field->flags & GS_DURABLE)
        json_object_set_new(json, "durable", json_true());
    if (field->names)
        json_object_set_new(json, "values", enum_values(field));
    if (field->kind == GS_KIND_STRUCT)
        json_object_set_new(json, "fields", schema(field->fields));
    return json;
}

static json_t *schema(const struct gs_field *fields)
{
    json_t *json = json_array();

    for (const struct gs_field *field = fields; field && field->name; field++)
        if (!field_is_length(fields, field))
            json_array_append_new(json, field_schema(field));
    return json;
}

static json_t *described(const struct gs_field *fields)
{
    json_t *json = json_object();

    json_object_set_new(json, "fields", schema(fields));
    return json;
}

static json_t *roles(const struct gs_run *run)
{
    json_t *json = json_object();

    for (unsigned r = 0; r < run->role_count; r++)
        json_object_set_new(json, run->model->roles[r].name, described(run->model->roles[r].fields));
    return json;
}

static json_t *monitors(const struct trace *trace)
{
    json_t *json = json_object();

    for (unsigned m = 0; m < run_monitor_count(trace->run); m++)
        if (trace->monitors_on >> m & 1)
            json_object_set_new(json, run_monitor(trace->run, m)->name, described(run_monitor(trace->run, m)->fields));
    return json;
}

/* ---- Worlds ---- */

static json_t *values(const struct gs_run *run, const struct gs_field *fields, const void *value)
{
    json_t *json = json_object();

    json_append_fields(json, run, fields, NULL, value);
    return json;
}

static json_t *node_state(const struct gs_run *run, unsigned node, const struct bytes *local)
{
    json_t *json = json_object();

    json_object_set_new(json, "fields", values(run, run_role_of(run, node)->fields, local->data));
    json_object_set_new(json, "timers",
                        json_trace_timers(run, run->nodes[node].role, 0, local_armed(run, node, local->data)));
    json_object_set_new(json, "up", json_boolean(local_is_up(run, node, local->data)));
    return json;
}

/* Of every node whose local state differs from that in `before` (NULL: of every node). */
static json_t *node_states(const struct world *world, const struct world *before)
{
    json_t *json = json_object();

    for (unsigned n = 0; n < world->run->node_count; n++)
        if (!before || !bytes_equal(&world->locals[n], &before->locals[n]))
            json_object_set_new(json, world->run->nodes[n].name, node_state(world->run, n, &world->locals[n]));
    return json;
}

static json_t *monitor_states(const struct world *world, const struct world *before)
{
    json_t *json = json_object();

    for (unsigned m = 0; m < run_monitor_count(world->run); m++) {
        const struct gs_monitor *monitor = run_monitor(world->run, m);
        if (world->monitors_on >> m & 1 && (!before || !bytes_equal(&world->monitors[m], &before->monitors[m])))
            json_object_set_new(json, monitor->name, values(world->run, monitor->fields, world->monitors[m].data));
    }
    return json;
}

static json_t *groups(const struct world *world)
{
    const uint64_t all = UINT64_MAX >> (64 - world->run->node_count);
    json_t *json = json_array();

    json_array_append_new(json, json_nodes(world->run, world->side));
    json_array_append_new(json, json_nodes(world->run, all & ~world->side));
    return json;
}

static json_t *spent(const struct world *world)
{
    json_t *json = json_object();

    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (world->spent[fault])
            json_object_set_new(json, budget_names[fault], json_integer(world->spent[fault]));
    return json;
}

static void append_world(json_t *json, const struct world *world, const struct world *before)
{
    char fingerprint[TRACE_DIGEST_SIZE];

    json_object_set_new(json, "states", node_states(world, before));
    json_object_set_new(json, "monitors", monitor_states(world, before));
    if (world->side)
        json_object_set_new(json, "cut", groups(world));
    json_object_set_new(json, "spent", spent(world));
    json_trace_digest_text(world_fingerprint(world), fingerprint);
    json_object_set_new(json, "fingerprint", json_text(fingerprint));
}

/* The world before any START: of one whose init misbehaved nothing is known. */
static json_t *initial(const struct chart *chart)
{
    json_t *json = json_object();

    if (chart->is_initialised)
        append_world(json, &chart->initial, NULL);
    return json;
}

/* ---- Messages ---- */

static bool takes_out(const struct chart *chart, const struct chart_row *row, size_t message)
{
    return row->received == message && row->result == WORLD_STEP && row->event.action != ACTION_DUPLICATE &&
           chart->run->network != GS_SET;
}

/* The row after which it is not in flight any more; CHART_NONE: it stays. */
static size_t row_gone(const struct chart *chart, size_t index)
{
    const struct chart_message *message = &chart->messages[index];

    if (message->fate == CHART_ABSORBED)
        return message->sent; /* it never was */
    if (message->fate == CHART_LOST)
        return message->end;
    for (size_t i = message->end; i < chart->row_count; i++)
        if (takes_out(chart, &chart->rows[i], index))
            return i;
    return CHART_NONE;
}

static json_t *message(const struct chart *chart, size_t index)
{
    static const char *const fates[] = {[CHART_IN_FLIGHT] = "in flight",
                                        [CHART_DELIVERED] = "delivered",
                                        [CHART_DROPPED] = "dropped",
                                        [CHART_LOST] = "lost",
                                        [CHART_ABSORBED] = "absorbed"};
    const struct chart_message *m = &chart->messages[index];
    const size_t gone = row_gone(chart, index);
    struct text text;
    json_t *json = json_object();

    json_object_set_new(json, "from", json_node(chart->run, m->from));
    json_object_set_new(json, "to", json_node(chart->run, m->to));
    json_object_set_new(json, "message", json_message(chart->run, m->message));
    message_print(chart->run, m->message, text_begin(&text));
    json_object_set_new(json, "text", text_end(&text));
    json_object_set_new(json, "sent", json_unsigned(m->sent));
    json_object_set_new(json, "fate", json_text(fates[m->fate]));
    if (m->end != CHART_NONE)
        json_object_set_new(json, "end", json_unsigned(m->end));
    if (gone != CHART_NONE)
        json_object_set_new(json, "gone", json_unsigned(gone));
    if (m->same_as != CHART_NONE)
        json_object_set_new(json, "same_as", json_unsigned(m->same_as));
    return json;
}

static json_t *messages(const struct chart *chart)
{
    json_t *json = json_array();

    for (size_t i = 0; i < chart->message_count; i++)
        json_array_append_new(json, message(chart, i));
    return json;
}

/* ---- Rows ---- */

/* One entry of a row's announcements: announcer's tag, type, the announced struct. */
static json_t *announcement(const struct gs_run *run, const uint8_t *entry)
{
    const struct gs_announcement *type = &run->model->announcements[entry[1]];
    const bool has_fields = type->fields && type->fields->name;
    struct text text;
    json_t *json = json_object();

    text_begin(&text);
    fprintf(text.stream, "%s%s", type->name, has_fields ? " {" : "");
    fields_print(run, type->fields, entry + 2, text.stream);
    fputs(has_fields ? "}" : "", text.stream);
    json_object_set_new(json, "by", json_node(run, (gs_node){entry[0]}));
    json_object_set_new(json, "text", text_end(&text));
    json_object_set_new(json, "value", values(run, type->fields, entry + 2));
    return json;
}

static json_t *announcements(const struct gs_run *run, const struct bytes *all)
{
    json_t *json = json_array();

    for (size_t at = 0; at < all->size; at += 2 + run->model->announcements[all->data[at + 1]].size)
        json_array_append_new(json, announcement(run, all->data + at));
    return json;
}

static json_t *choices(const struct event *event)
{
    json_t *json = json_array();

    for (unsigned i = 0; i < event->choice_count; i++)
        json_array_append_new(json, json_integer(event->choices[i]));
    return json;
}

static json_t *row(const struct chart *chart, size_t index)
{
    static const char *const results[] = {[WORLD_STEP] = "step",
                                          [WORLD_SAME] = "same",
                                          [WORLD_NOT_ENABLED] = "not enabled",
                                          [WORLD_CUT] = "cut",
                                          [WORLD_MISBEHAVED] = "misbehaved"};
    const struct chart_row *r = &chart->rows[index];
    struct text text;
    json_t *json = json_object();

    json_object_set_new(json, "step", json_unsigned(r->number));
    if (r->event.has_at)
        json_object_set_new(json, "at", json_integer(r->event.at));
    if (r->read_clock)
        json_object_set_new(json, "clock", json_integer(r->event.clock));
    json_append_event(json, chart->run, &r->event);
    event_print(chart->run, &r->event, text_begin(&text));
    json_object_set_new(json, "text", text_end(&text));
    json_object_set_new(json, "result", json_text(results[r->result]));
    if (r->explanation)
        json_object_set_new(json, "explanation", json_text(r->explanation));
    if (chart_is_silent(chart, index))
        json_object_set_new(json, "silent", json_true());
    json_object_set_new(json, "choices", choices(&r->event));
    if (r->received != CHART_NONE)
        json_object_set_new(json, "received", json_unsigned(r->received));
    json_object_set_new(json, "sent", json_pack("[I, I]", (json_int_t)r->sent, (json_int_t)r->sent_count));
    json_object_set_new(json, "announced", announcements(chart->run, &r->announcements));
    append_world(json, &r->after, chart_before(chart, index));
    return json;
}

static json_t *rows(const struct chart *chart)
{
    json_t *json = json_array();

    for (size_t i = 0; i < chart->row_count; i++)
        json_array_append_new(json, row(chart, i));
    return json;
}

/* ---- All of it ---- */

static json_t *nodes(const struct gs_run *run)
{
    json_t *json = json_array();

    for (unsigned n = 0; n < run->node_count; n++) {
        json_t *node = json_object();
        json_object_set_new(node, "name", json_text(run->nodes[n].name));
        json_object_set_new(node, "role", json_text(run_role_of(run, n)->name));
        json_array_append_new(json, node);
    }
    return json;
}

static json_t *mutants(const struct gs_run *run)
{
    json_t *json = json_object();

    for (unsigned i = 0; i < GS_MUTANTS_MAX && run->model->mutants[i].name; i++)
        if (run->mutants >> i & 1)
            json_object_set_new(json, run->model->mutants[i].name, json_text(run->model->mutants[i].meaning));
    return json;
}

static json_t *end(const struct replay *replay)
{
    static const char *const names[] = {[REPLAY_VIOLATED] = "violated",
                                        [REPLAY_HELD] = "held",
                                        [REPLAY_SAMPLED] = "sampled",
                                        [REPLAY_DIVERGED] = "diverged",
                                        [REPLAY_STOPPED] = "stopped"};
    json_t *json = json_object();

    json_object_set_new(json, "result", json_text(names[replay->end]));
    json_object_set_new(json, "step", json_unsigned(replay->number));
    json_object_set_new(json, "reason", json_text(replay->reason));
    return json;
}

json_t *json_chart(const struct chart *chart, const struct trace_file_info *info)
{
    static const struct trace_file_info nothing = {0};
    const struct trace *trace = chart->trace;
    const enum trace_kind kind = trace_kind(trace);
    const bool has_claim = kind == TRACE_OF_VIOLATION || kind == TRACE_OF_GOAL;
    json_t *json = json_object();

    json_object_set_new(
        json, "header",
        json_trace_header(trace, chart->replay.end == REPLAY_VIOLATED ? chart->replay.reason : trace->explanation,
                          info ? info : &nothing));
    json_object_set_new(json, "title", json_text(chart->run->model->title ? chart->run->model->title : ""));
    if (has_claim && run_property(trace->run, trace->property)->claim)
        json_object_set_new(json, "claim", json_text(run_property(trace->run, trace->property)->claim));
    json_object_set_new(json, "mutants", mutants(chart->run));
    json_object_set_new(json, "end", end(&chart->replay));
    json_object_set_new(json, "nodes", nodes(chart->run));
    json_object_set_new(json, "roles", roles(chart->run));
    json_object_set_new(json, "monitors", monitors(trace));
    json_object_set_new(json, "messages", messages(chart));
    json_object_set_new(json, "initial", initial(chart));
    json_object_set_new(json, "rows", rows(chart));
    return json;
}
