/* Replaying a trace file: every line is made anew, by what wrote it, and compared member by member with what the file
 * says. The first difference counts: those after it follow from it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/enabled.h"
#include "traces/json_trace.h"
#include "traces/line.h"
#include "traces/reruns.h"
#include "traces/trace_loaded_file.h"

enum { VALUE_SHOWN = 300 };

struct comparing {
    const struct trace_file *file;
    struct trace_report *report;
    struct replay replay;
    size_t started;    /* starts so far that are right */
    bool is_different; /* line, step, field and difference are those of the first difference */
    size_t line, step;
    char field[200];
    char difference[TRACE_ERROR_SIZE];
    bool is_cut;          /* the last event replayed was cut by a bound */
    char conclusion[500]; /* what the reruns say, if the reason is to say so: "...; in its own order: " */
};

/* ---- Differences ---- */

static const char *shorten(char *text)
{
    if (strlen(text) > VALUE_SHOWN)
        strcpy(text + VALUE_SHOWN - 3, "...");
    return text;
}

static char *text_of(const json_t *json)
{
    char *text = json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : strdup("nothing");

    must(text != NULL);
    shorten(text);
    return text;
}

/* Always false. */
static bool differ(struct comparing *c, const struct json_place *place, const json_t *said, const json_t *got)
{
    char *said_text = text_of(said), *got_text = text_of(got);

    c->is_different = true;
    json_place_text(place, c->field, sizeof(c->field));
    snprintf(c->difference, sizeof(c->difference), "the file says %s, replaying gives %s", said_text, got_text);
    line_clean(c->field, false);
    line_clean(c->difference, false);
    free(said_text);
    free(got_text);
    return false;
}

static bool compare(struct comparing *c, const struct json_place *place, const json_t *said, const json_t *got);

static bool compare_arrays(struct comparing *c, const struct json_place *place, const json_t *said, const json_t *got)
{
    const size_t said_size = json_array_size(said), got_size = json_array_size(got);

    for (size_t i = 0; i < said_size || i < got_size; i++)
        if (!compare(c, &(struct json_place){.outer = place, .index = i}, json_array_get(said, i),
                     json_array_get(got, i)))
            return false;
    return true;
}

static bool compare_members(struct comparing *c, const struct json_place *place, const json_t *said, const json_t *got)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)got, name, value)
    {
        if (!compare(c, &(struct json_place){.outer = place, .name = name}, json_object_get(said, name), value))
            return false;
    }
    json_object_foreach((json_t *)(uintptr_t)said, name, value)
    {
        if (!json_object_get(got, name))
            return differ(c, &(struct json_place){.outer = place, .name = name}, value, NULL);
    }
    return true;
}

/* Length of a text without " at FILE:LINE" at its end: where an assertion stands in its source may change. */
static size_t length_without_source(const char *text)
{
    const size_t length = strlen(text);
    size_t at = length;

    while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9')
        at--;
    if (at == length || at == 0 || text[at - 1] != ':')
        return length;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    return at >= 4 && strncmp(text + at - 4, " at ", 4) == 0 ? at - 4 : length;
}

static bool is_same_but_for_source(const json_t *said, const json_t *got)
{
    const char *one = json_string_value(said), *other = json_string_value(got);

    return one && other && length_without_source(one) == length_without_source(other) &&
           strncmp(one, other, length_without_source(one)) == 0;
}

static bool compare(struct comparing *c, const struct json_place *place, const json_t *said, const json_t *got)
{
    const bool is_explanation = place && !place->outer && place->name &&
                                (strcmp(place->name, "misbehaved") == 0 || strcmp(place->name, "explanation") == 0);

    if (is_explanation && is_same_but_for_source(said, got))
        return true;
    if (json_is_object(said) && json_is_object(got))
        return compare_members(c, place, said, got);
    if (json_is_array(said) && json_is_array(got))
        return compare_arrays(c, place, said, got);
    return json_equal(said, got) || differ(c, place, said, got);
}

/* ---- Lines ---- */

static void append_enabled(struct comparing *c, const struct world *world, const struct event *near)
{
    const size_t length = strlen(c->difference);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    enabled_print(world, near, out);
    must(fclose(out) == 0);
    snprintf(c->difference + length, sizeof(c->difference) - length, "; enabled: %s", text);
    free(text);
}

static void compare_line(struct comparing *c, const struct replayed *replayed, json_t *said)
{
    json_t *got = json_trace_event(c->file->run, replayed);

    if (!c->file->is_same_model) {
        json_object_del(said, "fingerprint");
        json_object_del(got, "fingerprint");
    }
    if (!compare(c, NULL, said, got)) {
        c->step = replayed->number;
        c->line = trace_line_of(c->file, replayed->number, replayed->event->node);
        if (replayed->number)
            append_enabled(c, replayed->before, replayed->event);
    }
    json_decref(got);
}

static bool visit_event(void *context, const struct replayed *replayed)
{
    struct comparing *c = context;
    char error[200];

    c->is_cut = replayed->result == WORLD_CUT;
    c->started += replayed->number == 0 && replayed->result == WORLD_STEP;
    if (c->is_different || (replayed->result != WORLD_STEP && replayed->result != WORLD_MISBEHAVED))
        return true;
    json_t *said = trace_line_parse(c->file, trace_line_of(c->file, replayed->number, replayed->event->node), error,
                                    sizeof(error));
    must(said != NULL); /* it was read before */
    /* A handler that was to misbehave, but does not: the replay's end tells. */
    if (replayed->result == WORLD_MISBEHAVED || !json_object_get(said, "misbehaved"))
        compare_line(c, replayed, said);
    json_decref(said);
    return true;
}

static void compare_explanation(struct comparing *c)
{
    json_t *got = json_text(c->replay.reason), *said = json_text(c->file->trace->explanation);

    if (!c->is_different && !compare(c, &(struct json_place){.name = "explanation"}, said, got)) {
        c->line = 1;
        c->step = 0;
    }
    json_decref(got);
    json_decref(said);
}

/* ---- The verdict ---- */

__attribute__((format(printf, 2, 3))) static void note(struct trace_report *report, const char *format, ...)
{
    const size_t length = strlen(report->notes);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(report->notes + length, sizeof(report->notes) - length, format, arguments);
    va_end(arguments);
}

/* "FILE:LINE: step 3: " */
static void print_place(const struct comparing *c, size_t line, size_t step, char *text, size_t size)
{
    if (step)
        snprintf(text, size, "%s:%zu: %sstep %zu: ", c->file->path, line, c->conclusion, step);
    else
        snprintf(text, size, "%s:%zu: %s", c->file->path, line, c->conclusion);
}

static enum trace_outcome conclude(struct comparing *c, enum trace_outcome outcome, size_t line, size_t step,
                                   const char *reason)
{
    struct trace_report *report = c->report;
    char place[TRACE_ERROR_SIZE / 4];

    print_place(c, line, step, place, sizeof(place));
    snprintf(report->reason, sizeof(report->reason), "%s%.3000s", place, reason);
    report->outcome = outcome;
    report->line = line;
    report->step = step;
    return outcome;
}

/* ---- Whether what a trace shows is gone, when it is no run any more ---- */

static bool is_of_goal(const struct comparing *c)
{
    return trace_kind(c->file->trace) == TRACE_OF_GOAL;
}

/* A run that shows what the trace shows. */
static void note_found(struct comparing *c, const struct trace *found)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    must(out != NULL);
    for (size_t i = 0; i < found->step_count; i++) {
        fputs(i ? "; " : ": ", out);
        event_print(found->run, &found->steps[i], out);
    }
    must(fclose(out) == 0);
    note(c->report, "%s is still %s by a run of its events, in %zu step%s%.2000s\n", trace_property_name(found),
         is_of_goal(c) ? "met" : "violated", found->step_count, found->step_count == 1 ? "" : "s", text);
    free(text);
}

/* Is what a trace that diverges shows gone? */
static bool is_gone(struct comparing *c)
{
    const struct trace *trace = c->file->trace;
    const char *name = trace_property_name(trace), *shows = is_of_goal(c) ? "meets" : "violates";
    struct reruns reruns;

    reruns_search(trace, RERUNS_STATES_MAX, &reruns);
    const enum reruns_verdict verdict = reruns.verdict;
    if (verdict == RERUNS_NONE)
        snprintf(c->conclusion, sizeof(c->conclusion),
                 "no run of its events %s %s (%zu states); in its own order: ", shows, name, reruns.states);
    else if (verdict == RERUNS_FOUND)
        note_found(c, reruns.found);
    else
        note(c->report, "whether a run of its events %s %s is not known: %s\n", shows, name, reruns.explanation);
    reruns_free(&reruns);
    return verdict == RERUNS_NONE;
}

/* TRACE_DIVERGED, or TRACE_NO_LONGER after all. */
static enum trace_outcome look_further(struct comparing *c)
{
    const struct trace *trace = c->file->trace;
    const char *name = trace_property_name(trace), *shown = is_of_goal(c) ? "met" : "violated";

    if (trace_kind(trace) == TRACE_SAMPLE)
        return TRACE_DIVERGED;
    if (c->replay.end == REPLAY_VIOLATED)
        note(c->report, "%s is still %s\n", name, shown);
    else if (c->is_cut)
        note(c->report, "whether %s is still %s behind that bound is not known\n", name, shown);
    else if (is_gone(c))
        return TRACE_NO_LONGER;
    return TRACE_DIVERGED;
}

static enum trace_outcome conclude_difference(struct comparing *c)
{
    const enum trace_outcome outcome = look_further(c);
    char reason[TRACE_ERROR_SIZE];

    snprintf(reason, sizeof(reason), "%s: %.3000s", c->field, c->difference);
    snprintf(c->report->field, sizeof(c->report->field), "%s", c->field);
    return conclude(c, outcome, c->line, c->step, reason);
}

static void note_difference(struct comparing *c)
{
    char place[TRACE_ERROR_SIZE / 4];

    print_place(c, c->line, c->step, place, sizeof(place));
    note(c->report, "%s%s: %s\n", place, c->field, c->difference);
}

/* Where the replay ended: at a step, at a start that is not right, or behind all starts. */
static size_t line_of_end(const struct comparing *c)
{
    if (c->replay.number)
        return trace_line_of(c->file, c->replay.number, GS_NOBODY);
    return c->replay.end == REPLAY_DIVERGED ? 2 + c->started : 1 + c->started;
}

static enum trace_outcome judge(struct comparing *c)
{
    if (c->replay.end == REPLAY_VIOLATED)
        compare_explanation(c);
    if (c->is_different && c->file->is_same_model)
        return conclude_difference(c);
    if (c->is_different)
        note_difference(c);
    if (c->replay.end == REPLAY_VIOLATED || c->replay.end == REPLAY_SAMPLED)
        return c->report->outcome = TRACE_REPRODUCES;
    const bool is_replayed = c->replay.end == REPLAY_HELD && !c->is_different;
    return conclude(c, is_replayed ? TRACE_NO_LONGER : look_further(c), line_of_end(c), c->replay.number,
                    c->replay.reason);
}

enum trace_outcome trace_file_replay(const struct trace_file *file, struct trace_report *report)
{
    struct comparing *c = die_calloc(1, sizeof(*c));

    *report = (struct trace_report){.outcome = TRACE_REPRODUCES};
    *c = (struct comparing){.file = file, .report = report};
    if (file->notes)
        note(report, "%s", file->notes);
    trace_replay(file->trace, visit_event, c, &c->replay);
    const enum trace_outcome outcome = judge(c);
    free(c);
    return outcome;
}
