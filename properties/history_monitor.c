/* A kept history is decided as a recorded one is: some recording of it is made, and linearizability.h asked. */
#include "properties/history_monitor.h"

#include "properties/linearizability.h"
#include "properties/linearizations.h"

#include <string.h>

static const struct gs_field operation_fields[] = {
    GS_FIELD(struct gs_past_operation, process), GS_FIELD(struct gs_past_operation, function),
    GS_FIELD(struct gs_past_operation, key),     GS_FIELD(struct gs_past_operation, returned),
    GS_FLAT(struct gs_past_operation, argument), GS_FLAT(struct gs_past_operation, result),
    GS_FIELD(struct gs_past_operation, before),  GS_FIELDS_END,
};
const struct gs_field gs_history_fields[] = {
    GS_FIELD(struct gs_kept_history, count),
    GS_STRUCT_LIST(struct gs_kept_history, operations, count, operation_fields),
    GS_FIELDS_END,
};

/* ---- The history ---- */

/* The place behind the process's last operation. */
static size_t end_of(const struct gs_kept_history *history, uint8_t process)
{
    size_t place = 0;
    while (place < history->count && history->operations[place].process <= process)
        place++;
    return place;
}

static bool is_open(const struct gs_kept_history *history, size_t end, uint8_t process)
{
    return end && history->operations[end - 1].process == process && !history->operations[end - 1].returned;
}

static void invoke(const struct gs_run *run, const struct gs_sequential *model, struct gs_kept_history *history,
                   const struct gs_invocation *invocation)
{
    const size_t place = end_of(history, invocation->process);
    struct gs_past_operation operation = {.process = invocation->process,
                                          .function = invocation->function,
                                          .key = invocation->key,
                                          .argument = invocation->argument};
    gs_expect_operation(run, model, invocation->function, invocation->key, &invocation->argument, NULL);
    if (is_open(history, place, invocation->process))
        gs_failed(run, "a process invokes an operation while another one of its own is open", NULL, 0);
    if (history->count == GS_HISTORY_OPERATIONS_MAX || invocation->process >= GS_PROCESSES_MAX)
        gs_history_too_large(
            run, history->count == GS_HISTORY_OPERATIONS_MAX ? "more than 24 operations" : "more than 16 processes",
            &gs_linearizations_monitor, "GS_LINEARIZATIONS");
    for (size_t i = 0; i < history->count; i++)
        operation.before[history->operations[i].process] =
            (uint8_t)(operation.before[history->operations[i].process] + history->operations[i].returned);
    memmove(&history->operations[place + 1], &history->operations[place],
            (history->count++ - place) * sizeof(operation));
    history->operations[place] = operation;
}

static void finish(const struct gs_run *run, const struct gs_sequential *model, struct gs_kept_history *history,
                   const struct gs_return *returned)
{
    const size_t end = end_of(history, returned->process);
    if (!is_open(history, end, returned->process))
        gs_failed(run, "a process returns from an operation that it did not invoke", NULL, 0);
    struct gs_past_operation *operation = &history->operations[end - 1];
    if (returned->outcome == GS_FAILED) {
        memmove(operation, operation + 1, (history->count-- - end) * sizeof(*operation));
        history->operations[history->count] = (struct gs_past_operation){0};
    } else if (returned->outcome == GS_OK) {
        gs_expect_operation(run, model, operation->function, operation->key, &operation->argument, &returned->result);
        operation->returned = true;
        operation->result = returned->result;
    }
}

static void history_init(const struct gs_run *run, const struct gs_monitor *self, void *value)
{
    (void)run;
    (void)self;
    *(struct gs_kept_history *)value = (struct gs_kept_history){0};
}

static void history_announced(const struct gs_run *run, const struct gs_monitor *self, void *value, int announcement,
                              const void *announced)
{
    const struct gs_operations *operations = self->context;
    if (announcement == operations->invoked)
        invoke(run, operations->model, value, announced);
    else if (announcement == operations->returned)
        finish(run, operations->model, value, announced);
}

/* ---- The decision ---- */

/* How many of its kept operations had returned when operation i was invoked. */
static size_t count_before(const struct gs_kept_history *kept, size_t i)
{
    size_t count = 0;
    for (size_t p = 0; p < GS_PROCESSES_MAX; p++)
        count += kept->operations[i].before[p];
    return count;
}

/* A history in the making: which kept operation each recorded one is. */
struct recording {
    const struct gs_kept_history *kept;
    struct gs_full_operation full[GS_HISTORY_OPERATIONS_MAX];
    struct gs_history history;
    size_t kept_index[GS_HISTORY_OPERATIONS_MAX];     /* by recorded index */
    size_t recorded_index[GS_HISTORY_OPERATIONS_MAX]; /* by kept index */
    uint32_t returned;                                /* kept operations that did so far */
};

static void return_operation(struct recording *recording, size_t i)
{
    const struct gs_past_operation *past = &recording->kept->operations[i];
    if (!past->returned || (recording->returned >> i & 1))
        return;
    recording->returned |= UINT32_C(1) << i;
    gs_history_return(&recording->history, recording->recorded_index[i], GS_OK, recording->full[i].operation.result);
}

/* First those return that had returned when i was invoked, then i is invoked. */
static void invoke_operation(struct recording *recording, size_t i)
{
    const struct gs_past_operation *past = &recording->kept->operations[i];
    uint8_t seen[GS_PROCESSES_MAX] = {0};
    for (size_t j = 0; j < recording->kept->count; j++) {
        const uint8_t process = recording->kept->operations[j].process;
        if (seen[process]++ < past->before[process])
            return_operation(recording, j);
    }
    gs_full_operation(&recording->full[i], past->function, past->key, &past->argument, &past->result);
    const size_t index = gs_history_invoke(&recording->history, past->process, &recording->full[i].operation);
    recording->recorded_index[i] = index;
    recording->kept_index[index] = i;
}

/* Real time orders operations so that the sets of what came before are nested: by their sizes, one with its order is
 * had again. */
static void record_all(struct recording *recording)
{
    for (size_t before = 0; before < GS_HISTORY_OPERATIONS_MAX; before++)
        for (size_t i = 0; i < recording->kept->count; i++)
            if (count_before(recording->kept, i) == before)
                invoke_operation(recording, i);
    for (size_t i = 0; i < recording->history.count; i++)
        return_operation(recording, recording->kept_index[i]);
}

/* ---- Saying why ---- */

enum { EFFORT = 20000, ORDER_TEXT = 200, SHOWN_MAX = 6 };

/* The longest order, as it is printed: of many operations the last ones, and the state after them. */
struct order_text {
    const struct gs_sequential *model;
    size_t left_out;
    char operations[ORDER_TEXT], state[ORDER_TEXT / 2];
    struct gs_buffer written;
};

static void end_text(const struct gs_buffer *buffer)
{
    buffer->bytes[buffer->size < buffer->capacity ? buffer->size : buffer->capacity] = '\0';
}

static void add_placed(void *context, const struct gs_recorded *recorded, size_t index, gs_span state)
{
    struct order_text *text = context;
    struct gs_buffer after = {(uint8_t *)text->state, 0, sizeof(text->state) - 1};
    (void)index;
    gs_sequential_print(text->model, state, &after);
    end_text(&after);
    if (recorded == NULL)
        return;
    if (text->left_out > 0) {
        text->left_out--;
        return;
    }
    gs_print(&text->written, "%s", text->written.size > 0 ? ", " : "");
    gs_operation_print(text->model, &recorded->operation, &text->written);
    gs_print(&text->written, " (process %lld)", (long long)recorded->client);
}

static bool explain(struct gs_view *v, const struct gs_sequential *model, const struct gs_history *history,
                    const struct gs_decision *decision)
{
    const struct gs_recorded *stuck = &history->operations[decision->stuck];
    char call[GS_CALL_TEXT];
    struct gs_buffer call_text = {(uint8_t *)call, 0, sizeof(call) - 1};
    struct order_text order = {.model = model,
                               .left_out = decision->placed_count > SHOWN_MAX ? decision->placed_count - SHOWN_MAX : 0};
    const size_t left_out = order.left_out;
    order.written = (struct gs_buffer){(uint8_t *)order.operations, 0, sizeof(order.operations) - 1};
    gs_operation_print(model, &stuck->operation, &call_text);
    end_text(&call_text);
    gs_decision_visit_order(decision, history, model, GS_UNKNOWN, add_placed, &order);
    end_text(&order.written);
    if (decision->placed_count == 0)
        return gs_explain(v,
                          "process %lld: %s has no place between its invocation and its return" GS_PARTICULARS
                          "nothing can come before it, and it can only find %s",
                          (long long)stuck->client, call, order.state);
    return gs_explain(v,
                      "process %lld: %s has no place between its invocation and its return" GS_PARTICULARS
                      "the longest order that was found is %s%s, and leaves %s",
                      (long long)stuck->client, call, left_out > 0 ? "..., " : "", order.operations, order.state);
}

/* As `gainsay lin` does: first what is not needed for the contradiction is left out. */
static void explain_small(struct gs_view *v, const struct gs_sequential *model, const struct gs_history *history,
                          struct gs_decision *decision)
{
    struct gs_history small = {0};
    gs_decision_minimise(history, model, GS_UNKNOWN, GS_LINEARIZABLY, EFFORT, decision, &small);
    explain(v, model, &small, decision);
    gs_history_free(&small);
}

static bool history_holds(struct gs_view *v, const struct gs_monitor *self)
{
    const struct gs_operations *operations = self->context;
    struct recording recording = {.kept = gs_monitor_value(v)};
    struct gs_decision decision = {0};
    record_all(&recording);
    if (!gs_decide(&recording.history, operations->model, GS_UNKNOWN, GS_LINEARIZABLY, &(struct gs_decision_limits){0},
                   &decision))
        gs_failed(gs_view_run(v), "the sequential model cannot begin with nothing", NULL, 0);
    const bool fine = decision.decided == GS_CONSISTENT;
    if (!fine)
        explain_small(v, operations->model, &recording.history, &decision);
    gs_decision_free(&decision);
    gs_history_free(&recording.history);
    return fine;
}

const struct gs_ready_monitor gs_history_monitor = {
    .init = history_init,
    .announced = history_announced,
    .linearizable = history_holds,
};
