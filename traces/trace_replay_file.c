/* Replaying a trace file: every line is made anew, by what wrote it, and compared member by member with what the file
 * says. The first difference counts: those after it follow from it. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/enabled.h"
#include "traces/json_trace.h"
#include "traces/line.h"
#include "traces/trace_loaded_file.h"

enum { VALUE_SHOWN = 300 };

struct comparing {
    const struct trace_file *file;
    struct trace_report *report;
    struct replay replay;
    size_t started;    /* starts so far that are right */
    struct world last; /* before what is foreign */
    bool is_different; /* line, step, field and difference are those of the first difference */
    size_t line, step;
    char field[200];
    char difference[TRACE_ERROR_SIZE];
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

static void compare_line(struct comparing *c, const struct replayed *replayed, size_t line, json_t *said)
{
    json_t *got = json_trace_event(c->file->run, replayed);

    if (!c->file->is_same_model) {
        json_object_del(said, "fingerprint");
        json_object_del(got, "fingerprint");
    }
    if (!compare(c, NULL, said, got)) {
        c->step = replayed->number;
        c->line = line;
        if (replayed->number)
            append_enabled(c, replayed->before, replayed->event);
    }
    json_decref(got);
}

static bool visit_event(void *context, const struct replayed *replayed)
{
    struct comparing *c = context;
    char error[200];

    c->started += replayed->number == 0 && replayed->result == WORLD_STEP;
    if (c->file->foreign_event.line)
        world_copy(&c->last, replayed->after);
    if (c->is_different || (replayed->result != WORLD_STEP && replayed->result != WORLD_MISBEHAVED))
        return true;
    const size_t line = trace_line_of(c->file, replayed->number, replayed->event->node);
    if (!line) /* a start that the file does not have */
        return true;
    json_t *said = trace_line_parse(c->file, line, error, sizeof(error));
    must(said != NULL); /* it was read before */
    /* A handler that was to misbehave, but does not: the replay's end tells. */
    if (replayed->result == WORLD_MISBEHAVED || !json_object_get(said, "misbehaved"))
        compare_line(c, replayed, line, said);
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

/* Adds lines; those that there is no room for are left out, whole. */
__attribute__((format(printf, 2, 3))) static void note(struct trace_report *report, const char *format, ...)
{
    const size_t length = strlen(report->notes), room = sizeof(report->notes) - length;
    va_list arguments;

    va_start(arguments, format);
    const int size = vsnprintf(report->notes + length, room, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size < room)
        return;
    const char *last = strrchr(report->notes, '\n');
    report->notes[last ? last + 1 - report->notes : 0] = '\0';
}

/* "FILE:LINE: step 3: " */
static void print_place(const struct comparing *c, size_t line, size_t step, char *text, size_t size)
{
    if (step)
        snprintf(text, size, "%s:%zu: step %zu: ", c->file->path, line, step);
    else
        snprintf(text, size, "%s:%zu: ", c->file->path, line);
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

static enum trace_outcome conclude_difference(struct comparing *c)
{
    char reason[TRACE_ERROR_SIZE];

    snprintf(reason, sizeof(reason), "%s: %.3000s", c->field, c->difference);
    snprintf(c->report->field, sizeof(c->report->field), "%s", c->field);
    return conclude(c, TRACE_DIVERGED, c->line, c->step, reason);
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
    const size_t starts = c->started < c->file->start_lines ? c->started : c->file->start_lines;

    if (c->replay.number)
        return trace_line_of(c->file, c->replay.number, GS_NOBODY);
    return c->replay.end == REPLAY_DIVERGED && starts + 2 < c->file->line_count ? 2 + starts : 1 + starts;
}

/* "name: server0 has no local event "vote"; enabled: ...". */
static enum trace_outcome conclude_foreign_event(struct comparing *c)
{
    const struct trace_foreign *foreign = &c->file->foreign_event;
    const size_t length = strcspn(foreign->reason, ": ");

    snprintf(c->difference, sizeof(c->difference), "%.2000s", foreign->reason);
    if (foreign->step)
        append_enabled(c, &c->last, &foreign->near);
    if (strncmp(foreign->reason + length, ": ", 2) == 0)
        snprintf(c->report->field, sizeof(c->report->field), "%.*s", (int)length, foreign->reason);
    return conclude(c, TRACE_DIVERGED, foreign->line, foreign->step, c->difference);
}

/* Of a file whose property is unknown: which properties its events do violate (meet, if it was a goal). */
static void append_violated(struct comparing *c)
{
    const struct trace *trace = c->file->trace;
    const bool is_goal = c->file->kind == TRACE_OF_GOAL;
    unsigned count = 0;
    struct replay replay;
    FILE *out = fmemopen(c->difference, sizeof(c->difference), "a");

    must(out != NULL);
    fprintf(out, "; these events %s ", is_goal ? "meet" : "violate");
    for (unsigned p = 0; p < run_property_count(trace->run); p++) {
        const struct gs_property *property = run_property(trace->run, p);
        if ((property->kind == GS_REACHABLE) != is_goal)
            continue;
        trace_replay_as(trace, p, &replay);
        if (replay.end != REPLAY_VIOLATED)
            continue;
        fprintf(out, "%s%s", count++ ? ", " : "", property->name);
        if (replay.reason[0])
            fprintf(out, " (%s)", replay.reason);
    }
    fputs(count ? ": if it has a new name, replay with --property" : "none", out);
    must(fclose(out) == 0);
    line_clean(c->difference, false);
}

/* "property: asking has no property asked-once; these events violate ...". */
static enum trace_outcome conclude_foreign_claim(struct comparing *c)
{
    const struct trace_foreign *foreign = &c->file->foreign_claim;
    const size_t length = strcspn(foreign->reason, ":");
    const bool is_whole = c->replay.end == REPLAY_SAMPLED && !c->file->foreign_event.line;

    snprintf(c->difference, sizeof(c->difference), "%.1000s", foreign->reason);
    snprintf(c->report->field, sizeof(c->report->field), "%.*s", (int)length, foreign->reason);
    if (is_whole && c->file->kind != TRACE_SAMPLE)
        append_violated(c);
    return conclude(c, TRACE_DIVERGED, foreign->line, 0, c->difference);
}

static bool is_confirmed(const struct comparing *c)
{
    return c->replay.end == REPLAY_VIOLATED || c->replay.end == REPLAY_SAMPLED;
}

static enum trace_outcome judge(struct comparing *c)
{
    const struct trace_file *file = c->file;

    if (c->replay.end == REPLAY_VIOLATED && !file->foreign_event.line && !file->foreign_claim.line)
        compare_explanation(c);
    if (file->foreign_claim.line)
        return conclude_foreign_claim(c);
    if (c->is_different && file->is_same_model)
        return conclude_difference(c);
    if (c->is_different)
        note_difference(c);
    if (file->foreign_event.line && c->replay.end != REPLAY_DIVERGED)
        return conclude_foreign_event(c);
    if (is_confirmed(c))
        return c->report->outcome = TRACE_REPRODUCES;
    return conclude(c, c->replay.end == REPLAY_HELD ? TRACE_NO_LONGER : TRACE_DIVERGED, line_of_end(c),
                    c->replay.number, c->replay.reason);
}

/* The events are the scheduler's, and what came of them may have changed without harm to the violation. */
static void note_match(struct comparing *c)
{
    const char *remedy = "gainsay replay --rewrite writes the trace as it is today";
    const enum trace_kind kind = c->file->kind;
    struct trace_match match;

    trace_file_match(c->file, &match);
    if (match.is_confirmed && kind == TRACE_SAMPLE)
        note(c->report, "matched by meaning, all its events are steps still (%s)\n", remedy);
    else if (match.is_confirmed)
        note(c->report, "matched by meaning, %s is still %s in %zu step%s (%s)\n", c->file->property,
             kind == TRACE_OF_GOAL ? "met" : "violated", match.trace->step_count,
             match.trace->step_count == 1 ? "" : "s", remedy);
    else if (match.is_whole)
        note(c->report, "matched by meaning, %s is no longer %s\n", c->file->property,
             kind == TRACE_OF_GOAL ? "met" : "violated");
    if (match.is_whole && match.notes)
        note(c->report, "%s", match.notes);
    trace_match_free(&match);
}

enum trace_outcome trace_file_replay(const struct trace_file *file, struct trace_report *report)
{
    struct comparing *c = die_calloc(1, sizeof(*c));
    char explanation[EXPLANATION_SIZE];

    *report = (struct trace_report){.outcome = TRACE_REPRODUCES};
    *c = (struct comparing){.file = file, .report = report};
    if (file->notes)
        note(report, "%s", file->notes);
    trace_world(file->trace, &c->last, explanation);
    trace_replay(file->trace, visit_event, c, &c->replay);
    const enum trace_outcome outcome = judge(c);
    if (outcome == TRACE_DIVERGED && file->is_same_model && !file->foreign_claim.line)
        note_match(c);
    world_free(&c->last);
    free(c);
    return outcome;
}
