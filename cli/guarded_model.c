#include "cli/guarded_model.h"

#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "cli/complain.h"
#include "core/guard.h"
#include "properties/asking.h"

enum {
    EXPLANATION_SIZE = 256,
    OPERATION_SIZE = 200,
    TEXT_MAX = 1 << 28 /* bytes; more is a loop that writes */
};

static struct {
    const char *command, *path;
    const struct gs_sequential *model; /* as the user wrote it; NULL: there is none */
    struct gs_sequential outside;      /* the same, guarded */
} guarded;

/* One call of one function, its arguments and what it answered. */
struct call {
    gs_span one, other;
    const struct gs_operation *operation, *earlier;
    struct gs_buffer *buffer;
    bool answer;
    const char *text;
    const char *wrong; /* what it breaks; NULL: nothing */
};

static _Noreturn void end(const char *function, const struct call *call, const char *why)
{
    struct gs_buffer text = {(uint8_t[OPERATION_SIZE]){0}, 0, OPERATION_SIZE - 1};
    if (call->operation != NULL) {
        struct gs_sequential names = *guarded.model;
        names.is_read = NULL; /* is not to be called any more */
        gs_print(&text, " at '");
        gs_operation_print(&names, call->operation, &text);
        gs_print(&text, "'");
    }
    complain(guarded.command, "--model %s: its function %s fails%s: %s", guarded.path, function,
             text.size <= text.capacity ? (const char *)text.bytes : "", why);
    exit(GS_BAD_INPUT);
}

static void call_guarded(const char *function, void (*run)(void *), struct call *call)
{
    char explanation[EXPLANATION_SIZE];
    if (!guard_call(run, call, explanation, sizeof(explanation)))
        end(function, call, explanation);
}

/* The answers of a model are compared in the same way as in a monitor. */
static struct asking twice(void)
{
    return (struct asking){guarded.model, true};
}

static bool answer_of(const char *function, void (*run)(void *), struct call *call)
{
    call_guarded(function, run, call);
    if (call->wrong != NULL)
        end(function, call, call->wrong);
    return call->answer;
}

static void run_init(void *context)
{
    struct call *call = context;
    const struct asking asking = twice();
    call->wrong = try_init(&asking, call->one, call->buffer, &call->answer);
}

static bool init(gs_value initial, struct gs_buffer *state)
{
    return answer_of("init", run_init, &(struct call){.one = initial, .buffer = state});
}

static void run_apply(void *context)
{
    struct call *call = context;
    const struct asking asking = twice();
    call->wrong = try_apply(&asking, call->one, call->operation, call->buffer, &call->answer);
}

static bool apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    return answer_of("apply", run_apply, &(struct call){.one = state, .operation = operation, .buffer = next});
}

static void run_equal(void *context)
{
    struct call *call = context;
    const struct asking asking = twice();
    call->wrong = try_equal(&asking, call->one, call->other, &call->answer);
}

static bool equal(gs_span a, gs_span b)
{
    return answer_of("equal", run_equal, &(struct call){.one = a, .other = b});
}

static void run_print(void *context)
{
    struct call *call = context;
    guarded.model->print(call->one, call->buffer);
}

static void print(gs_span state, struct gs_buffer *text)
{
    struct call call = {.one = state, .buffer = text};
    call_guarded("print", run_print, &call);
    if (text->size > TEXT_MAX)
        end("print", &call, "it writes more than 256 MiB");
}

static void run_is_read(void *context)
{
    struct call *call = context;
    call->answer = guarded.model->is_read(call->operation);
}

static bool is_read(const struct gs_operation *operation)
{
    struct call call = {.operation = operation};
    call_guarded("is_read", run_is_read, &call);
    return call.answer;
}

static void run_owes(void *context)
{
    struct call *call = context;
    call->answer = guarded.model->owes(call->operation, call->earlier);
}

static bool owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    struct call call = {.operation = later, .earlier = earlier};
    call_guarded("owes", run_owes, &call);
    return call.answer;
}

static void run_check(void *context)
{
    struct call *call = context;
    call->text = guarded.model->check(call->operation);
}

static const char *check(const struct gs_operation *operation)
{
    struct call call = {.operation = operation};
    call_guarded("check", run_check, &call);
    return call.text;
}

static void run_is_blind(void *context)
{
    struct call *call = context;
    call->answer = guarded.model->is_blind(call->operation);
}

static bool is_blind(const struct gs_operation *operation)
{
    struct call call = {.operation = operation};
    call_guarded("is_blind", run_is_blind, &call);
    return call.answer;
}

const struct gs_sequential *guarded_model(const char *command, const char *path, const struct gs_sequential *model)
{
    if (guarded.model == NULL)
        guard_catch();
    guarded.command = command;
    guarded.path = path;
    guarded.model = model;
    guarded.outside = (struct gs_sequential){
        .name = model->name,
        .meaning = model->meaning,
        .functions = model->functions,
        .by_key = model->by_key,
        .init = init,
        .apply = apply,
        .equal = model->equal != NULL ? equal : NULL,
        .print = model->print != NULL ? print : NULL,
        .is_read = model->is_read != NULL ? is_read : NULL,
        .owes = model->owes != NULL ? owes : NULL,
        .check = model->check != NULL ? check : NULL,
        .is_blind = model->is_blind != NULL ? is_blind : NULL,
    };
    return &guarded.outside;
}

bool is_guarded_model(const struct gs_sequential *model)
{
    return model == &guarded.outside;
}

void guarded_model_release(void)
{
    if (guarded.model == NULL)
        return;
    guard_release();
    guarded.model = NULL;
}
