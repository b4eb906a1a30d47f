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
    struct world last; /* before what is foreign */
    bool is_different; /* line, step, field and difference are those of the first difference */
    size_t line, step;
    char field[200];
    char difference[TRACE_ERROR_SIZE];
    bool is_cut;              /* the last event replayed was cut by a bound */
    struct trace_match match; /* of a trace that diverges */
    bool is_matched;          /* match was looked for */
    char conclusion[500];     /* what the reruns say, if the reason is to say so: "...; in its own order: " */
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
    json_t *got = json_trace_event(c->file->trace, replayed);

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

    c->is_cut = replayed->result == WORLD_CUT;
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
static void note_found(struct comparing *c, const struct trace *found, bool others)
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
    note(c->report, "%s is still %s by a run %s, in %zu step%s%.2000s (gainsay replay --rewrite writes that run)\n",
         trace_property_name(found), is_of_goal(c) ? "met" : "violated",
         others ? "of its events and others" : "of its events", found->step_count, found->step_count == 1 ? "" : "s",
         text);
    free(text);
}

/* Is what a trace that diverges shows gone? */
static bool is_gone(struct comparing *c)
{
    const struct trace *trace = c->file->trace;
    const char *name = trace_property_name(trace), *shows = is_of_goal(c) ? "meets" : "violates";
    struct reruns reruns;

    bool others;

    trace_file_rerun(c->file, &reruns, &others);
    const enum reruns_verdict verdict = reruns.verdict;
    if (verdict == RERUNS_NONE)
        snprintf(c->conclusion, sizeof(c->conclusion),
                 "no run of its events %s %s (%zu states); in its own order: ", shows, name, reruns.states);
    else if ((c->report->has_rerun = verdict == RERUNS_FOUND))
        note_found(c, reruns.found, others);
    else
        note(c->report, "whether a run of its events %s %s is not known: %s\n", shows, name, reruns.explanation);
    reruns_free(&reruns);
    return verdict == RERUNS_NONE;
}

/* The events that the lines mean, if they are not those that the file has. */
static const struct trace_match *find_match(struct comparing *c)
{
    if (!c->is_matched && c->file->is_same_model && !c->file->foreign_claim.line)
        trace_file_match(c->file, &c->match);
    c->is_matched = true;
    return &c->match;
}

/* TRACE_DIVERGED, or TRACE_NO_LONGER after all. */
static enum trace_outcome look_further(struct comparing *c)
{
    const struct trace *trace = c->file->trace;
    const size_t foreign_line = c->file->foreign_event.line;
    const char *name = trace_property_name(trace), *shown = is_of_goal(c) ? "met" : "violated";

    if (trace_kind(trace) == TRACE_SAMPLE || c->replay.end == REPLAY_VIOLATED || find_match(c)->is_confirmed)
        return TRACE_DIVERGED;
    if (foreign_line)
        note(c->report, "whether %s is still %s is not known: line %zu names what the protocol does not have\n", name,
             shown, foreign_line);
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
    const bool is_replayed = c->replay.end == REPLAY_HELD && !c->is_different;
    return conclude(c, is_replayed ? TRACE_NO_LONGER : look_further(c), line_of_end(c), c->replay.number,
                    c->replay.reason);
}

/* The events are the scheduler's, and what came of them may have changed without harm to the violation. */
static void note_match(struct comparing *c)
{
    const char *remedy = "gainsay replay --rewrite writes the trace as it is today";
    const enum trace_kind kind = c->file->kind;
    const struct trace_match *match = find_match(c);

    if (match->is_confirmed && kind == TRACE_SAMPLE)
        note(c->report, "matched by meaning, all its events are steps still (%s)\n", remedy);
    else if (match->is_confirmed)
        note(c->report, "matched by meaning, %s is still %s in %zu step%s (%s)\n", c->file->property,
             kind == TRACE_OF_GOAL ? "met" : "violated", match->trace->step_count,
             match->trace->step_count == 1 ? "" : "s", remedy);
    else if (match->is_whole && !c->report->has_rerun)
        note(c->report, "matched by meaning, %s is no longer %s\n", c->file->property,
             kind == TRACE_OF_GOAL ? "met" : "violated");
    if (match->is_whole && match->notes)
        note(c->report, "%s", match->notes);
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
    trace_match_free(&c->match);
    world_free(&c->last);
    free(c);
    return outcome;
}
