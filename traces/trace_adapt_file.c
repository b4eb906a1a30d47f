/* Fitting a trace that was written for another version of its model to this one: a delivery is that of the message in
 * flight that agrees with all that the file says and both versions know. */
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/trace_loaded_file.h"

struct adapting {
    struct trace_file *file;
    struct world world;
    struct effect effect;
};

/* Do the members that both have agree? */
static bool agrees(const json_t *said, const json_t *here)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)here, name, value)
    {
        const json_t *other = json_object_get(said, name);
        if (other && !json_equal(other, value))
            return false;
    }
    return true;
}

/* The message in flight that is meant, or NULL. */
static const uint8_t *find_meant(const struct adapting *a, const struct event *event, const json_t *said)
{
    const struct gs_run *run = a->file->run;
    const struct bytes *inbox = &a->world.inboxes[node_number(event->node)];

    for (size_t i = 0; i < inbox_count(run, inbox); i++) {
        const uint8_t *entry = inbox_entry(run, inbox, i);
        if (entry[0] != event->from.tag || entry[1] != event->message[0] || !inbox_is_deliverable(run, inbox, i))
            continue;
        json_t *here = json_message(run, entry + 1);
        const bool is_meant = agrees(said, here);
        json_decref(here);
        if (is_meant)
            return entry + 1;
    }
    return NULL;
}

/* An exact match is preferred: then nothing is to be done. */
static bool is_in_flight(const struct adapting *a, const struct event *event)
{
    const struct gs_run *run = a->file->run;
    uint8_t *entry = die_alloc(inbox_stride(run));

    entry[0] = event->from.tag;
    memcpy(entry + 1, event->message, run->model->message_size);
    const bool is_found = inbox_find(run, &a->world.inboxes[node_number(event->node)], entry) != SIZE_MAX;
    free(entry);
    return is_found;
}

static void adapt_message(struct adapting *a, const struct event *event, size_t number)
{
    char error[200];

    if (is_in_flight(a, event))
        return;
    json_t *line = trace_line_parse(a->file, trace_line_of(a->file, number, GS_NOBODY), error, sizeof(error));
    const uint8_t *meant = find_meant(a, event, json_object_get(line, "message"));
    if (meant)
        memcpy((uint8_t *)(uintptr_t)event->message, meant, a->file->run->model->message_size);
    json_decref(line);
}

static void adapt_steps(struct adapting *a)
{
    const struct trace *trace = a->file->trace;

    for (size_t i = 0; i < trace->start_count; i++)
        if (world_start(&a->world, &trace->starts[i], &a->effect) != WORLD_STEP)
            return;
    for (size_t i = 0; i < trace->step_count; i++) {
        if (trace->steps[i].message)
            adapt_message(a, &trace->steps[i], i + 1);
        if (world_apply(&a->world, &trace->steps[i], &a->effect) != WORLD_STEP)
            return;
    }
}

void trace_file_adapt(struct trace_file *file)
{
    struct adapting a = {.file = file};
    char explanation[EXPLANATION_SIZE];

    if (world_init(&a.world, file->run, file->trace->monitors_on, explanation))
        adapt_steps(&a);
    world_free(&a.world);
    effect_free(&a.effect);
}
