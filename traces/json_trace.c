/* Makes the lines of a trace file from a trace and from what replaying it shows. */
#include "traces/json_trace.h"

#include <inttypes.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/die.h"
#include "core/model.h"
#include "traces/json_event.h"
#include "traces/json_timing.h"

uint64_t json_trace_digest(const void *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

void json_trace_digest_text(uint64_t digest, char text[TRACE_DIGEST_SIZE])
{
    snprintf(text, TRACE_DIGEST_SIZE, "%016" PRIx64, digest);
}

static json_t *digest(uint64_t number)
{
    char text[TRACE_DIGEST_SIZE];

    json_trace_digest_text(number, text);
    return json_text(text);
}

/* ---- Header and end ---- */

static json_t *options(const struct gs_run *run)
{
    json_t *object = json_object();

    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        const char *name = option->names ? option->names[run->options[i] - option->min] : NULL;
        json_object_set_new(object, option->name, name ? json_text(name) : json_integer(run->options[i]));
    }
    return object;
}

static json_t *mutants(const struct gs_run *run)
{
    json_t *names = json_array();

    for (unsigned i = 0; i < GS_MUTANTS_MAX && run->model->mutants[i].name; i++)
        if (run->mutants >> i & 1)
            json_array_append_new(names, json_text(run->model->mutants[i].name));
    return names;
}

/* Those that allow something; timeouts when they are limited. */
static json_t *budgets(const struct gs_run *run)
{
    json_t *object = json_object();

    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (run->budgets[fault] > 0 || (fault == GS_TIMEOUT && run->budgets[fault] == 0))
            json_object_set_new(object, budget_names[fault], json_integer(run->budgets[fault]));
    return object;
}

static json_t *monitors(const struct trace *trace)
{
    json_t *names = json_array();

    for (unsigned m = 0; m < run_monitor_count(trace->run); m++)
        if (trace->monitors_on >> m & 1)
            json_array_append_new(names, json_text(run_monitor(trace->run, m)->name));
    return names;
}

const char *json_trace_kind_name(const struct trace *trace)
{
    static const char *const names[] = {[GS_ALWAYS] = "always",
                                        [GS_REACHABLE] = "reachable",
                                        [GS_QUIESCENT] = "quiescent",
                                        [GS_LINEARIZABLE] = "linearizable"};

    switch (trace_kind(trace)) {
    case TRACE_SAMPLE:
        return trace_is_late(trace) ? TRACE_RECOVERS : "sample";
    case TRACE_OF_MISBEHAVIOUR:
        return "behaviour";
    default:
        return names[run_property(trace->run, trace->property)->kind];
    }
}

/* Present only when it says something. */
static void set_unless_empty(json_t *object, const char *name, json_t *value)
{
    if (json_array_size(value) || json_object_size(value))
        json_object_set(object, name, value);
    json_decref(value);
}

static void append_origin(json_t *header, const struct trace_file_info *info)
{
    json_t *paths = json_array();

    for (size_t i = 0; info->extensions && info->extensions[i]; i++)
        json_array_append_new(paths, json_text(info->extensions[i]));
    json_object_set_new(header, "seed", info->has_seed ? json_unsigned(info->seed) : json_null());
    if (info->plugin)
        json_object_set_new(header, "plugin", json_text(info->plugin));
    set_unless_empty(header, "extensions", paths);
}

static json_t *property_name(const struct trace *trace)
{
    const bool is_sample = trace_kind(trace) == TRACE_SAMPLE && !trace_is_late(trace);

    return is_sample ? json_null() : json_text(trace_property_name(trace));
}

json_t *json_trace_header(const struct trace *trace, const char *explanation, const struct trace_file_info *info)
{
    const struct gs_run *run = trace->run;
    json_t *header = json_object();

    json_object_set_new(header, "gainsay_trace", json_integer(TRACE_FORMAT));
    json_object_set_new(header, "protocol", json_text(run->model->name));
    json_object_set_new(header, "model", digest(model_digest(run->model)));
    json_object_set_new(header, "options", options(run));
    json_object_set_new(header, "mutants", mutants(run));
    json_object_set_new(header, "network", json_text(network_names[run->network]));
    json_object_set_new(header, "copies", json_integer(run->copies));
    json_object_set_new(header, "capacity", json_integer(run->capacity));
    json_object_set_new(header, "budgets", budgets(run));
    if (run->timed)
        json_object_set_new(header, "timed", json_true());
    json_object_set_new(header, "property", property_name(trace));
    json_object_set_new(header, "kind", json_text(json_trace_kind_name(trace)));
    set_unless_empty(header, "monitors", monitors(trace));
    json_object_set_new(header, "explanation", json_text(explanation));
    append_origin(header, info);
    if (trace_is_late(trace))
        json_object_set_new(header, "timing", json_timing(trace));
    return header;
}

json_t *json_trace_end(enum trace_kind kind, const char *property, size_t steps, const uint64_t *digest_before)
{
    static const char *const ends[] = {[TRACE_OF_VIOLATION] = "violation",
                                       [TRACE_OF_MISBEHAVIOUR] = "violation",
                                       [TRACE_OF_GOAL] = "goal",
                                       [TRACE_SAMPLE] = "sample"};
    const bool is_late = kind == TRACE_SAMPLE && property;
    json_t *end = json_object();

    json_object_set_new(end, "end", json_text(ends[is_late ? TRACE_OF_VIOLATION : kind]));
    json_object_set_new(end, "property", property ? json_text(property) : json_null());
    json_object_set_new(end, "steps", json_unsigned(steps));
    if (digest_before)
        json_object_set_new(end, "digest", digest(*digest_before));
    return end;
}

/* ---- What an event did ---- */

/* The engine's own members stand among the author's: where a struct has a field of that name, ours gets a "_". */
static const char *unless_taken(const struct gs_field *fields, const char *name, const char *other)
{
    return fields_find(fields, name) ? other : name;
}

/* What the handler drew; when it misbehaved, what it was given. */
static json_t *choices(const struct replayed *replayed)
{
    const struct effect *effect = replayed->effect;
    const struct event *event = replayed->event;
    const bool is_given = replayed->result == WORLD_MISBEHAVED && event->choice_count > effect->choice_count;
    const uint16_t *drawn = is_given ? event->choices : effect->choices;
    const unsigned count = is_given ? event->choice_count : effect->choice_count;
    json_t *array = json_array();

    for (unsigned i = 0; i < count; i++)
        json_array_append_new(array, json_integer(drawn[i]));
    return array;
}

/* One entry of effect->sends: sender's tag, enum inbox_result, receiver's tag, message. "from" only where the event
 * does not tell (restarts and reboots of a host). */
static json_t *sent_message(const struct gs_run *run, const struct event *event, const uint8_t *entry)
{
    json_t *object = json_object();

    if (entry[0] != event->node.tag)
        json_object_set_new(object, "from", json_node(run, (gs_node){entry[0]}));
    json_object_set_new(object, "to", json_node(run, (gs_node){entry[2]}));
    json_object_set_new(object, "message", json_message(run, entry + 3));
    if (entry[1] != INBOX_ADDED)
        json_object_set_new(object, "result", json_text(entry[1] == INBOX_ABSORBED ? "absorbed" : "lost"));
    return object;
}

static json_t *sent(const struct gs_run *run, const struct replayed *replayed)
{
    const struct bytes *sends = &replayed->effect->sends;
    const size_t stride = 2 + inbox_stride(run);
    json_t *array = json_array();

    for (size_t at = 0; at < sends->size; at += stride)
        json_array_append_new(array, sent_message(run, replayed->event, sends->data + at));
    return array;
}

/* One entry of effect->announcements: announcer's tag, type, the announced struct. */
static json_t *announcement(const struct gs_run *run, const uint8_t *entry)
{
    const struct gs_announcement *type = &run->model->announcements[entry[1]];
    json_t *object = json_object();

    json_object_set_new(object, unless_taken(type->fields, "by", "by_"), json_node(run, (gs_node){entry[0]}));
    json_object_set_new(object, unless_taken(type->fields, "type", "type_"), json_text(type->name));
    json_append_fields(object, run, type->fields, NULL, entry + 2);
    return object;
}

static json_t *announced(const struct gs_run *run, const struct replayed *replayed)
{
    const struct bytes *all = &replayed->effect->announcements;
    json_t *array = json_array();

    for (size_t at = 0; at < all->size; at += 2 + run->model->announcements[all->data[at + 1]].size)
        json_array_append_new(array, announcement(run, all->data + at));
    return array;
}

/* Has the member, or for a list its length, changed? */
static bool field_changed(const struct gs_field *fields, const struct gs_field *field, const uint8_t *old,
                          const uint8_t *new)
{
    const struct gs_field *length = field->length ? fields_find(fields, field->length) : NULL;

    return !field_equal(field, old, new) || (length && !field_equal(length, old, new));
}

static void append_changed_fields(json_t *changes, const struct gs_run *run, const struct gs_field *fields,
                                  const uint8_t *old, const uint8_t *new)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (!field_is_length(fields, field) && field_changed(fields, field, old, new))
            json_object_set_new(changes, field->name, json_field(run, fields, field, new));
}

static void append_timer(json_t *timers, const struct gs_event_type *type, unsigned index, bool is_armed)
{
    char name[80];

    if (type->indices > 1)
        snprintf(name, sizeof(name), "%s[%u]", type->name, index);
    else
        snprintf(name, sizeof(name), "%s", type->name);
    json_object_set_new(timers, name, json_boolean(is_armed));
}

json_t *json_trace_timers(const struct gs_run *run, unsigned role, uint64_t old, uint64_t new)
{
    json_t *timers = json_object();

    for (unsigned t = 0; t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        if (type->kind != GS_TIMER || type->role != role)
            continue;
        for (unsigned i = 0; i < (type->indices ? type->indices : 1u); i++)
            if ((old ^ new) >> (run->timer_base[t] + i) & 1)
                append_timer(timers, type, i, new >> (run->timer_base[t] + i) & 1);
    }
    return timers;
}

static json_t *node_changes(const struct gs_run *run, unsigned node, const uint8_t *old, const uint8_t *new)
{
    const struct gs_field *fields = run_role_of(run, node)->fields;
    json_t *changes = json_object();

    append_changed_fields(changes, run, fields, old, new);
    set_unless_empty(
        changes, unless_taken(fields, "timers", "timers_"),
        json_trace_timers(run, run->nodes[node].role, local_armed(run, node, old), local_armed(run, node, new)));
    if (local_is_up(run, node, old) != local_is_up(run, node, new))
        json_object_set_new(changes, unless_taken(fields, "up", "up_"), json_boolean(local_is_up(run, node, new)));
    return changes;
}

static json_t *changes(const struct gs_run *run, const struct replayed *replayed)
{
    json_t *object = json_object();

    for (unsigned n = 0; n < run->node_count; n++)
        set_unless_empty(object, run->nodes[n].name,
                         node_changes(run, n, replayed->before->locals[n].data, replayed->after->locals[n].data));
    return object;
}

json_t *json_trace_event(const struct trace *trace, const struct replayed *replayed)
{
    const struct gs_run *run = trace->run;
    json_t *line = json_object();

    if (replayed->event->action != ACTION_START)
        json_object_set_new(line, "step", json_unsigned(replayed->number));
    json_append_times(line, replayed->event);
    json_append_event(line, run, replayed->event);
    set_unless_empty(line, "choices", choices(replayed));
    if (replayed->result == WORLD_MISBEHAVED) {
        json_object_set_new(line, "misbehaved", json_text(replayed->effect->explanation));
        return line;
    }
    set_unless_empty(line, "sent", sent(run, replayed));
    set_unless_empty(line, "announced", announced(run, replayed));
    set_unless_empty(line, "changes", changes(run, replayed));
    if (replayed->event->action != ACTION_START)
        json_object_set_new(line, "fingerprint", digest(world_fingerprint(replayed->after)));
    return line;
}
