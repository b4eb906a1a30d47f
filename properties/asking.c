#include "properties/asking.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/die.h"
#include "core/guard.h"

enum {
    STATE_MAX = 1 << 28, /* bytes; more is a loop that writes */
    OPERATION_TEXT = 100,
    EXIT_BAD_INPUT = 2,
    POISON_FIRST = 0xa5,
    POISON_AGAIN = 0x5a
};

static bool is_ready_made(const struct gs_sequential *model)
{
    for (const struct gs_sequential *const *ready = gs_sequential_models; *ready != NULL; ready++)
        if (*ready == model)
            return true;
    return false;
}

struct asking asking_of(const struct gs_sequential *model)
{
    return (struct asking){model, !is_ready_made(model) && guard_is_running()};
}

void model_breaks(const struct gs_sequential *model, const char *function, const struct gs_operation *operation,
                  const char *what)
{
    char at[OPERATION_TEXT] = "", line[2 * OPERATION_TEXT + 100];
    if (operation != NULL) {
        struct gs_sequential names = *model;
        struct gs_buffer text = {(uint8_t *)at, 0, sizeof(at) - 1};
        names.is_read = NULL; /* is not to be called any more */
        gs_print(&text, " at '");
        gs_operation_print(&names, operation, &text);
        gs_print(&text, "'");
        at[text.size < text.capacity ? text.size : text.capacity] = '\0';
    }
    snprintf(line, sizeof(line), "sequential model %s: %s%s: %s", model->name, function, at, what);
    if (guard_is_running())
        guard_fail("%s", line);
    if (is_ready_made(model))
        die("%s", line);
    guard_clean(line);
    fprintf(stderr, "gainsay: %s\n", line);
    exit(EXIT_BAD_INPUT);
}

void expect_as_before(const struct gs_sequential *model, bool is_as_before)
{
    if (!is_as_before)
        model_breaks(model, "its functions", NULL, "nondeterministic: they answer otherwise than before");
}

/* What was written beyond its room counts by its size alone: it will be asked again with more. */
static bool is_same(const struct gs_buffer *one, const struct gs_buffer *other)
{
    return one->size == other->size && (one->size > one->capacity || gs_span_equal(gs_written(one), gs_written(other)));
}

/* The first answer and the state that was written; the second. */
static const char *compare(bool answer, const struct gs_buffer *state, bool again, const struct gs_buffer *other)
{
    if (answer != again || (answer && !is_same(state, other)))
        return "nondeterministic: asked twice in the same state, it answers in two ways";
    return NULL;
}

static const char *too_large(const struct gs_buffer *state)
{
    return state->size > STATE_MAX ? "it writes a state of more than 256 MiB" : NULL;
}

const char *try_init(const struct asking *asking, gs_value initial, struct gs_buffer *state, bool *answer)
{
    *answer = asking->model->init(initial, state);
    const char *wrong = too_large(state);
    if (wrong != NULL || !asking->twice)
        return wrong;
    struct gs_buffer again = {die_alloc(state->capacity), 0, state->capacity};
    guard_poison_stack(POISON_AGAIN);
    wrong = compare(*answer, state, asking->model->init(initial, &again), &again);
    free(again.bytes);
    return wrong;
}

const char *try_apply(const struct asking *asking, gs_span state, const struct gs_operation *operation,
                      struct gs_buffer *next, bool *answer)
{
    if (asking->twice)
        guard_poison_stack(POISON_FIRST);
    *answer = asking->model->apply(state, operation, next);
    const char *wrong = too_large(next);
    if (wrong != NULL || !asking->twice)
        return wrong;
    struct gs_buffer again = {die_alloc(next->capacity), 0, next->capacity};
    guard_poison_stack(POISON_AGAIN);
    wrong = compare(*answer, next, asking->model->apply(state, operation, &again), &again);
    free(again.bytes);
    return wrong;
}

const char *try_equal(const struct asking *asking, gs_span a, gs_span b, bool *answer)
{
    *answer = gs_sequential_equal(asking->model, a, b);
    if (asking->twice && gs_sequential_equal(asking->model, b, a) != *answer)
        return "of two states it says that they are the same, and that they are not, asked in reverse";
    return NULL;
}

bool ask_init(const struct asking *asking, gs_value initial, struct gs_buffer *state)
{
    bool answer;
    const char *wrong = try_init(asking, initial, state, &answer);
    if (wrong != NULL)
        model_breaks(asking->model, "init", NULL, wrong);
    return answer;
}

bool ask_apply(const struct asking *asking, gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    bool answer;
    const char *wrong = try_apply(asking, state, operation, next, &answer);
    if (wrong != NULL)
        model_breaks(asking->model, "apply", operation, wrong);
    return answer;
}

bool ask_equal(const struct asking *asking, gs_span a, gs_span b)
{
    bool answer;
    const char *wrong = try_equal(asking, a, b, &answer);
    if (wrong != NULL)
        model_breaks(asking->model, "equal", NULL, wrong);
    return answer;
}
