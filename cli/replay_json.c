/* Every object has every member: what is not known of a trace is null. */
#include "cli/replay_json.h"

#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "core/die.h"
#include "traces/json_fields.h"
#include "traces/whole_file.h"

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static json_t *text_or_null(const char *text)
{
    return text[0] ? json_text(text) : json_null();
}

static json_t *count_or_null(size_t count)
{
    return count ? json_unsigned(count) : json_null();
}

/* Each line of the notes. */
static json_t *notes_json(const char *notes)
{
    json_t *array = json_array();

    while (*notes) {
        const size_t length = strcspn(notes, "\n");
        char *note = strndup(notes, length);
        must(note != NULL && json_array_append_new(array, json_text(note)) == 0);
        free(note);
        notes += length + (notes[length] == '\n');
    }
    return array;
}

static const char *outcome_name(enum trace_outcome outcome)
{
    static const char *const names[] = {
        [TRACE_REPRODUCES] = "reproduces", [TRACE_NO_LONGER] = "no longer violates", [TRACE_DIVERGED] = "diverges"};
    return names[outcome];
}

json_t *replay_json_new(void)
{
    json_t *replays = json_object();
    add(replays, "traces", json_array());
    return replays;
}

static void append(json_t *replays, json_t *object)
{
    must(json_array_append_new(json_object_get(replays, "traces"), object) == 0);
}

void replay_json_add(json_t *replays, const struct trace_file *file, const char *path,
                     const struct trace_report *report, bool is_rewritten)
{
    json_t *object = json_object();
    const struct trace_claim claim = trace_file_claim(file);
    const struct trace *trace = trace_file_trace(file);
    const char *judged = trace_kind(trace) == TRACE_SAMPLE ? claim.property : trace_property_name(trace);
    const bool is_different = report->outcome != TRACE_REPRODUCES;
    add(object, "file", json_text(path));
    add(object, "outcome", json_text(outcome_name(report->outcome)));
    add(object, "property", judged ? json_text(judged) : json_null());
    add(object, "kind", json_text(claim.kind));
    add(object, "steps", json_unsigned(claim.steps));
    add(object, "line", count_or_null(report->line));
    add(object, "step", is_different ? json_unsigned(report->step) : json_null());
    add(object, "field", text_or_null(report->field));
    add(object, "reason", text_or_null(report->reason));
    add(object, "rewritten", json_boolean(is_rewritten));
    add(object, "notes", notes_json(report->notes));
    append(replays, object);
}

void replay_json_add_bad(json_t *replays, const char *path, const char *reason)
{
    static const char *const unknown[] = {"property", "kind", "steps", "line", "step", "field"};
    json_t *object = json_object();
    add(object, "file", json_text(path));
    add(object, "outcome", json_text("bad input"));
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        add(object, unknown[i], json_null());
    add(object, "reason", json_text(reason));
    add(object, "rewritten", json_false());
    add(object, "notes", json_array());
    append(replays, object);
}

int replay_json_write(const json_t *replays, const char *path)
{
    char error[TRACE_ERROR_SIZE];
    char *object = json_dumps(replays, JSON_INDENT(2)), *text;
    int status = 0;
    must(object != NULL && asprintf(&text, "%s\n", object) >= 0);
    if (strcmp(path, "-") == 0) /* of a standard output that fails the program complains itself when it ends */
        fputs(text, stdout);
    else if (!whole_file_write(path, text, strlen(text), error, sizeof(error)))
        status = complain("replay", "--json %s", error);
    free(object);
    free(text);
    return status;
}
