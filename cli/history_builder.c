#include "cli/history_builder.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/complain.h"
#include "core/die.h"

const char *const event_type_names[] = {"invoke", "ok", "fail", "info"};

struct client_state {
    size_t in_flight;  /* operation + 1, 0: none */
    size_t ended_line; /* of the info that was its last; 0: it may go on */
};

bool recorded_file_refuse(struct recorded_file *file, size_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(file->error, sizeof(file->error), format, arguments);
    va_end(arguments);
    file->error_line = line;
    return false;
}

static struct client_state *state_of(struct recorded_file *file, int64_t client)
{
    gs_span bytes = {(const uint8_t *)&client, sizeof(client)};
    const size_t known = file->clients.count;
    const uint32_t number = numbering_of(&file->clients, bytes);
    if (number == known) {
        file->clients.spans[number] = gs_history_keep(&file->history, bytes);
        file->client_states =
            die_grow(file->client_states, &file->client_capacity, known + 1, sizeof(*file->client_states));
        file->client_states[number] = (struct client_state){0};
    }
    return &file->client_states[number];
}

static bool refuse_function(struct recorded_file *file, const struct history_event *event)
{
    struct name_list names = {0};
    char known[256] = "";
    for (const char *const *function = file->model->functions; *function != NULL; function++) {
        const size_t used = strlen(known);
        name_list_add(&names, *function);
        snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "", *function);
    }
    const char *nearest = nearest_name(event->function, &names);
    name_list_free(&names);
    if (nearest != NULL)
        return recorded_file_refuse(file, event->line, "the model %s has no operation '%.60s'; did you mean '%s'?",
                                    file->model->name, event->function, nearest);
    return recorded_file_refuse(file, event->line, "the model %s has no operation '%.60s', only %s: another --model?",
                                file->model->name, event->function, known);
}

static bool check(struct recorded_file *file, size_t line, const struct gs_operation *operation)
{
    const char *fault = file->model->check != NULL ? file->model->check(operation) : NULL;
    return fault == NULL ||
           recorded_file_refuse(file, line, "%s: %s", file->model->functions[operation->function], fault);
}

static bool add_invoke(struct recorded_file *file, const struct history_event *event, struct client_state *client)
{
    const struct gs_operation operation = {
        .function = gs_sequential_function(file->model, event->function),
        .key = gs_history_keep(&file->history, event->key),
        .argument = gs_history_keep(&file->history, event->value),
        .result = GS_UNKNOWN,
    };
    if (client->in_flight > 0)
        return recorded_file_refuse(file, event->line,
                                    "client %" PRId64 " invokes while its operation of line %zu is in flight: a client "
                                    "does one at a time",
                                    event->client, file->lines[client->in_flight - 1].invoked);
    if (client->ended_line > 0)
        return recorded_file_refuse(file, event->line,
                                    "client %" PRId64 " invokes again after the info of line %zu, when its operation "
                                    "may go on: give it another number from here on",
                                    event->client, client->ended_line);
    if (operation.function < 0)
        return refuse_function(file, event);
    if (!check(file, event->line, &operation))
        return false;
    const size_t index = gs_history_invoke(&file->history, event->client, &operation);
    file->lines = die_grow(file->lines, &file->line_capacity, index + 1, sizeof(*file->lines));
    file->lines[index] = (struct history_lines){.invoked = event->line};
    client->in_flight = index + 1;
    return true;
}

static bool is_of_other_operation(const struct recorded_file *file, const struct history_event *event,
                                  const struct gs_operation *operation)
{
    return strcmp(file->model->functions[operation->function], event->function) != 0 ||
           !gs_span_equal(operation->key, event->key);
}

/* A write's return says again what was written. Which of two values it was is not to be guessed. */
static bool is_of_other_value(const struct recorded_file *file, const struct history_event *event,
                              const struct gs_operation *operation)
{
    return file->model->is_blind != NULL && file->model->is_blind(operation) &&
           gs_value_kind(operation->argument) > GS_VALUE_NIL && gs_value_kind(event->value) > GS_VALUE_TRUE &&
           !gs_span_equal(operation->argument, event->value);
}

static bool add_return(struct recorded_file *file, const struct history_event *event, struct client_state *client)
{
    if (client->in_flight == 0)
        return recorded_file_refuse(file, event->line,
                                    "client %" PRId64 " has nothing in flight that could be '%s': an invoke before it "
                                    "is missing",
                                    event->client, event_type_names[event->type]);
    const size_t index = client->in_flight - 1;
    struct gs_operation answered = file->history.operations[index].operation;
    if (is_of_other_operation(file, event, &answered))
        return recorded_file_refuse(file, event->line,
                                    "client %" PRId64 " invoked another operation or key in line %zu: a return names "
                                    "both as its invoke does",
                                    event->client, file->lines[index].invoked);
    if (event->type == EVENT_OK && !event->is_unconstrained) {
        if (is_of_other_value(file, event, &answered))
            return recorded_file_refuse(file, event->line,
                                        "client %" PRId64 " invoked %s with another value in line %zu: its return says "
                                        "the same, or null",
                                        event->client, event->function, file->lines[index].invoked);
        answered.result = gs_history_keep(&file->history, event->value);
        if (!check(file, event->line, &answered))
            return false;
    }
    const bool fails = event->type == EVENT_FAIL || event->is_unconstrained;
    gs_history_return(&file->history, index,
                      fails                     ? GS_FAILED
                      : event->type == EVENT_OK ? GS_OK
                                                : GS_OPEN,
                      answered.result);
    file->failed += fails;
    file->lines[index].returned = event->line;
    client->in_flight = 0;
    client->ended_line = event->type == EVENT_INFO ? event->line : 0;
    return true;
}

bool recorded_file_add(struct recorded_file *file, const struct history_event *event)
{
    struct client_state *client = state_of(file, event->client);
    return event->type == EVENT_INVOKE ? add_invoke(file, event, client) : add_return(file, event, client);
}

void recorded_file_free(struct recorded_file *file)
{
    gs_history_free(&file->history);
    numbering_free(&file->clients);
    free(file->client_states);
    free(file->lines);
    *file = (struct recorded_file){0};
}
