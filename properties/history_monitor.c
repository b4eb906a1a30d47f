/* The decision is the search of Wing and Gong, "Testing and Verifying Concurrent Objects" (1993), which remembers the
 * (operations done, state) that it has been to, as Lowe does in "Testing for Linearizability" (2017). */
#include "properties/history_monitor.h"

#include <stdlib.h>
#include <string.h>

static const struct gs_field operation_fields[] = {
    GS_FIELD(struct gs_past_operation, process),
    GS_FIELD(struct gs_past_operation, function),
    GS_FIELD(struct gs_past_operation, key),
    GS_FIELD(struct gs_past_operation, returned),
    GS_STRUCT(struct gs_past_operation, argument, gs_flat_fields),
    GS_STRUCT(struct gs_past_operation, result, gs_flat_fields),
    GS_FIELD(struct gs_past_operation, before),
    GS_FIELDS_END,
};
const struct gs_field gs_history_fields[] = {
    GS_FIELD(struct gs_history, count),
    GS_STRUCT_LIST(struct gs_history, operations, count, operation_fields),
    GS_FIELDS_END,
};

/* ---- The history ---- */

/* The place behind the process's last operation. */
static size_t end_of(const struct gs_history *history, uint8_t process)
{
    size_t place = 0;
    while (place < history->count && history->operations[place].process <= process)
        place++;
    return place;
}

static bool is_open(const struct gs_history *history, size_t end, uint8_t process)
{
    return end && history->operations[end - 1].process == process && !history->operations[end - 1].returned;
}

static void invoke(const struct gs_run *run, struct gs_history *history, const struct gs_invocation *invocation)
{
    const size_t place = end_of(history, invocation->process);
    struct gs_past_operation operation = {.process = invocation->process,
                                          .function = invocation->function,
                                          .key = invocation->key,
                                          .argument = invocation->argument};
    if (is_open(history, place, invocation->process))
        gs_failed(run, "a process invokes an operation while another one of its own is open", NULL, 0);
    if (history->count == GS_HISTORY_OPERATIONS_MAX || invocation->process >= GS_PROCESSES_MAX)
        gs_failed(run, "the history is too long for the monitor history: at most 24 operations of 16 processes", NULL,
                  0);
    for (size_t i = 0; i < history->count; i++)
        operation.before[history->operations[i].process] =
            (uint8_t)(operation.before[history->operations[i].process] + history->operations[i].returned);
    memmove(&history->operations[place + 1], &history->operations[place],
            (history->count++ - place) * sizeof(operation));
    history->operations[place] = operation;
}

static void finish(const struct gs_run *run, struct gs_history *history, const struct gs_return *returned)
{
    const size_t end = end_of(history, returned->process);
    if (!is_open(history, end, returned->process))
        gs_failed(run, "a process returns from an operation that it did not invoke", NULL, 0);
    struct gs_past_operation *operation = &history->operations[end - 1];
    if (returned->outcome == GS_OUTCOME_FAIL) {
        memmove(operation, operation + 1, (history->count-- - end) * sizeof(*operation));
        history->operations[history->count] = (struct gs_past_operation){0};
    } else if (returned->outcome == GS_OUTCOME_OK) {
        operation->returned = true;
        operation->result = returned->result;
    }
}

static void history_init(const struct gs_run *run, const struct gs_monitor *self, void *value)
{
    (void)run;
    (void)self;
    *(struct gs_history *)value = (struct gs_history){0};
}

static void history_announced(const struct gs_run *run, const struct gs_monitor *self, void *value, int announcement,
                              const void *announced)
{
    const struct gs_operations *operations = self->context;
    if (announcement == operations->invoked)
        invoke(run, value, announced);
    else if (announcement == operations->returned)
        finish(run, value, announced);
}

/* ---- The decision ---- */

enum { STATE_BYTES = 160, VISITED_MAX = 1 << 16 };

/* Where the search has been: these operations done, with this state after them. */
struct visited {
    uint32_t done;
    uint8_t size;
    uint8_t state[STATE_BYTES];
};

struct search {
    const struct gs_run *run;
    const struct gs_sequential *model;
    const struct gs_history *history;
    uint32_t operations; /* those of the object, as bits */
    uint32_t answered;   /* those of them whose result counts */
    uint32_t preceding[GS_HISTORY_OPERATIONS_MAX];
    struct visited *visited;
    size_t visited_count, visited_capacity;
};

/* The operations that had returned before i was invoked. */
static uint32_t preceding(const struct gs_history *history, size_t i)
{
    uint8_t seen[GS_PROCESSES_MAX] = {0};
    uint32_t set = 0;
    for (size_t j = 0; j < history->count; j++) {
        const uint8_t process = history->operations[j].process;
        if (seen[process]++ < history->operations[i].before[process])
            set |= UINT32_C(1) << j;
    }
    return set;
}

/* False: it was there before. */
static bool visit(struct search *search, uint32_t done, gs_span state)
{
    struct visited here = {.done = done, .size = (uint8_t)state.size};
    memcpy(here.state, state.bytes, state.size);
    for (size_t i = 0; i < search->visited_count; i++)
        if (memcmp(&search->visited[i], &here, sizeof(here)) == 0)
            return false;
    if (search->visited_count == VISITED_MAX)
        gs_failed(search->run, "the history is too wide for the monitor history: use linearizations", NULL, 0);
    if (search->visited_count == search->visited_capacity) {
        search->visited_capacity = search->visited_capacity ? 2 * search->visited_capacity : 64;
        struct visited *grown = realloc(search->visited, search->visited_capacity * sizeof(here));
        if (!grown)
            gs_failed(search->run, "out of memory", NULL, 0);
        search->visited = grown;
    }
    search->visited[search->visited_count++] = here;
    return true;
}

/* Can all answered operations be placed behind those done? */
static bool can_go_on(struct search *search, uint32_t done, gs_span state)
{
    if ((search->answered & ~done) == 0)
        return true;
    if (!visit(search, done, state))
        return false;
    for (size_t i = 0; i < search->history->count; i++) {
        const struct gs_past_operation *past = &search->history->operations[i];
        const uint32_t bit = UINT32_C(1) << i;
        struct gs_full_operation full;
        uint8_t bytes[STATE_BYTES];
        struct gs_buffer next = {bytes, 0, sizeof(bytes)};
        if ((done & bit) || !(search->operations & bit) || (search->preceding[i] & search->answered & ~done))
            continue;
        const struct gs_flat *result = search->answered & bit ? &past->result : NULL;
        if (!search->model->apply(
                state, gs_full_operation(&full, past->function, past->key, &past->argument, result), &next))
            continue;
        if (next.size > STATE_BYTES)
            gs_failed(search->run, "the sequential model's state takes more than 160 bytes", NULL, 0);
        if (can_go_on(search, done | bit, gs_written(&next)))
            return true;
    }
    return false;
}

/* One object's operations. */
static bool object_is_linearizable(struct search *search)
{
    uint8_t bytes[STATE_BYTES];
    struct gs_buffer state = {bytes, 0, sizeof(bytes)};
    search->visited_count = 0;
    if (!search->model->init(GS_UNKNOWN, &state))
        gs_failed(search->run, "the sequential model cannot begin with nothing", NULL, 0);
    return can_go_on(search, 0, gs_written(&state));
}

/* Is the history linearizable if the result of operation `but` (at GS_HISTORY_OPERATIONS_MAX: of none) may be any? */
static bool is_linearizable(struct search *search, size_t but)
{
    const struct gs_history *history = search->history;
    uint32_t judged = 0;
    bool fine = true;
    for (size_t first = 0; first < history->count && fine; first++) {
        if (judged >> first & 1)
            continue;
        search->operations = search->answered = 0;
        for (size_t i = 0; i < history->count; i++) {
            if (search->model->by_key && history->operations[i].key != history->operations[first].key)
                continue;
            search->operations |= UINT32_C(1) << i;
            search->answered |= (uint32_t)(history->operations[i].returned && i != but) << i;
        }
        judged |= search->operations;
        fine = object_is_linearizable(search);
    }
    return fine;
}

/* The operation to blame: the first that, had it not returned, would leave a linearizable history; else the last. */
static size_t find_culprit(struct search *search)
{
    size_t culprit = 0;
    while (culprit + 1 < search->history->count &&
           (!search->history->operations[culprit].returned || !is_linearizable(search, culprit)))
        culprit++;
    return culprit;
}

static bool explain(struct gs_view *v, const struct search *search, const struct gs_past_operation *culprit)
{
    struct gs_full_operation full;
    char named[160];
    struct gs_buffer text = {(uint8_t *)named, 0, sizeof(named) - 1};
    gs_operation_print(
        search->model,
        gs_full_operation(&full, culprit->function, culprit->key, &culprit->argument, &culprit->result), &text);
    named[text.size < text.capacity ? text.size : text.capacity] = '\0';
    return gs_explain(v, "process %u: %s has no place between its invocation and its return", culprit->process, named);
}

static bool history_holds(struct gs_view *v, const struct gs_monitor *self)
{
    const struct gs_operations *operations = self->context;
    struct search search = {.run = gs_view_run(v), .model = operations->model, .history = gs_monitor_value(v)};
    for (size_t i = 0; i < search.history->count; i++)
        search.preceding[i] = preceding(search.history, i);
    const bool fine = is_linearizable(&search, GS_HISTORY_OPERATIONS_MAX);
    if (!fine)
        explain(v, &search, &search.history->operations[find_culprit(&search)]);
    free(search.visited);
    return fine;
}

const struct gs_ready_monitor gs_history_monitor = {
    .init = history_init,
    .announced = history_announced,
    .linearizable = history_holds,
};
