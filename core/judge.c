/* Calling predicates and monitors, and judging a whole concrete world. */
#include "core/judge.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/die.h"
#include "core/guard.h"

/* ---- What predicates and stepped monitors call ---- */

const struct gs_run *gs_view_run(const struct gs_view *v)
{
    return v->run;
}

static const uint8_t *local_in_scope(struct gs_view *v, gs_node node)
{
    const uint8_t *local = node.tag >= 1 && node.tag <= v->run->node_count ? v->locals[node_number(node)] : NULL;
    if (!local)
        guard_fail("it reads the state of %s, which is outside its scope", gs_run_name(v->run, node));
    return local;
}

const void *gs_state(struct gs_view *v, gs_node node)
{
    return local_in_scope(v, node);
}

const void *gs_this(struct gs_view *v)
{
    return local_in_scope(v, v->this_node);
}

const void *gs_that(struct gs_view *v)
{
    return local_in_scope(v, v->that_node);
}

static const void *in_scope(const void *value, const char *what)
{
    if (!value)
        guard_fail("it reads %s, which is outside its scope", what);
    return value;
}

const void *gs_before(struct gs_view *v)
{
    return in_scope(v->before, "the state before a step");
}

const void *gs_message(struct gs_view *v)
{
    return in_scope(v->message, "a message");
}

const void *gs_monitor_value(struct gs_view *v)
{
    return in_scope(v->monitor, "a monitor");
}

gs_node gs_this_node(struct gs_view *v)
{
    return v->this_node;
}

gs_node gs_that_node(struct gs_view *v)
{
    return v->that_node;
}

gs_node gs_sender(struct gs_view *v)
{
    return v->sender;
}

gs_node gs_receiver(struct gs_view *v)
{
    return v->receiver;
}

bool gs_is_up(struct gs_view *v, gs_node node)
{
    return local_is_up(v->run, node_number(node), local_in_scope(v, node));
}

bool gs_was_up(struct gs_view *v)
{
    return local_is_up(v->run, node_number(v->this_node), gs_before(v));
}

bool gs_premise(struct gs_view *v, bool condition)
{
    v->premise_used = true;
    v->premise_met |= condition;
    return condition;
}

bool gs_explain(struct gs_view *v, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(v->explanation, sizeof(v->explanation), format, arguments);
    va_end(arguments);
    guard_clean(v->explanation);
    return false;
}

/* ---- One scope value ---- */

struct predicate_call {
    const struct gs_property *property;
    const struct gs_monitor *monitor; /* that decides in the predicate's place, or NULL */
    struct gs_view *view;
    bool result;
};

static void call_predicate(void *argument)
{
    struct predicate_call *call = argument;
    if (call->property->kind == GS_LINEARIZABLE)
        call->result = call->monitor->ready->linearizable(call->view, call->monitor);
    else
        call->result = call->property->holds(call->view);
}

/* A hash of all that the predicate may see: it must still be the same when it has returned. */
static uint64_t hash_of_sight(const struct gs_view *view)
{
    uint64_t hash = 0;
    for (unsigned n = 0; n < view->run->node_count; n++)
        if (view->locals[n])
            hash = XXH3_64bits_withSeed(view->locals[n], local_size(view->run, n), hash);
    if (view->before)
        hash = XXH3_64bits_withSeed(view->before, local_size(view->run, node_number(view->this_node)), hash);
    return view->monitor ? XXH3_64bits_withSeed(view->monitor, view->monitor_size, hash) : hash;
}

__attribute__((format(printf, 2, 3))) static void fail_view(struct gs_view *view, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    view->failed = true;
    vsnprintf(view->explanation, sizeof(view->explanation), format, arguments);
    va_end(arguments);
}

const struct gs_monitor *judge_monitor_of(const struct gs_run *run, const struct gs_property *property)
{
    unsigned index = 0;
    while (run_property(run, index) != property)
        index++;
    return run_monitor(run, run_property_monitor(run, index));
}

bool judge_scope(const struct gs_property *property, struct gs_view *view)
{
    const struct gs_monitor *monitor = property->kind == GS_LINEARIZABLE ? judge_monitor_of(view->run, property) : NULL;
    struct predicate_call call = {property, monitor, view, false};
    const uint8_t *message = view->message;
    uint8_t *aligned = NULL;
    if (message) { /* an inbox packs messages without alignment */
        const size_t size = view->run->model->message_size;
        view->message = aligned = memcpy(die_alloc(size), message, size);
    }
    char error[EXPLANATION_SIZE / 2];
    const uint64_t hash = hash_of_sight(view);
    view->explanation[0] = '\0';
    if (!guard_call(call_predicate, &call, error, sizeof(error)))
        fail_view(view, "property %s: %s", property->name, error);
    else if (hash_of_sight(view) != hash)
        fail_view(view, "property %s: it changed the state that it looks at", property->name);
    call.result &= !view->failed;
    view->message = message;
    free(aligned);
    return call.result;
}

struct needs_call {
    const struct gs_run *run;
    const struct gs_property *property;
    bool granted;
};

static void call_needs(void *argument)
{
    struct needs_call *call = argument;
    call->granted = call->property->needs(call->run);
}

bool judge_needs(const struct gs_run *run, const struct gs_property *property, bool *granted, char *explanation)
{
    struct needs_call call = {run, property, true};
    char error[EXPLANATION_SIZE / 2];
    const bool fine = !property->needs || guard_call(call_needs, &call, error, sizeof(error));
    if (!fine)
        snprintf(explanation, EXPLANATION_SIZE, "property %s, in needs: %s", property->name, error);
    *granted = call.granted;
    return fine;
}

/* ---- Monitors ---- */

struct monitor_call {
    const struct gs_run *run;
    const struct gs_monitor *monitor;
    uint8_t *value;
    gs_node by;
    uint8_t announcement;
    const uint8_t *announced;
    struct gs_view *view; /* NULL: an announcement */
    bool initial;         /* it is the init that is called */
};

static void call_monitor(void *argument)
{
    struct monitor_call *call = argument;
    const struct gs_ready_monitor *ready = call->monitor->ready;
    if (ready && call->initial)
        ready->init(call->run, call->monitor, call->value);
    else if (ready)
        ready->announced(call->run, call->monitor, call->value, call->announcement, call->announced);
    else if (call->initial)
        call->monitor->init(call->run, call->value);
    else if (call->view)
        call->monitor->stepped(call->run, call->value, call->view);
    else
        call->monitor->announced(call->run, call->value, call->by, call->announcement, call->announced);
}

enum { MARGIN = 64, MARGIN_BYTE = 0xA5 };

/* Runs the monitor on a copy of the value between margins; out: the copy after it. False: error says how it failed. */
static bool feed_once(struct monitor_call *call, const uint8_t *value, int poison, struct bytes *out, char *error,
                      size_t error_size)
{
    const size_t size = call->monitor->size, bytes = size + 2 * MARGIN;
    uint8_t *memory = memset(die_alloc(bytes), MARGIN_BYTE, bytes);
    call->value = memcpy(memory + MARGIN, value, size);
    guard_poison_stack(poison);
    bool fine = guard_call(call_monitor, call, error, error_size);
    bool intact = true;
    for (size_t i = 0; i < MARGIN; i++)
        intact &= memory[i] == MARGIN_BYTE && call->value[size + i] == MARGIN_BYTE;
    if (fine && !intact)
        snprintf(error, error_size, "it wrote outside its value");
    fine = fine && intact && fields_valid(call->run, call->monitor->fields, call->value, error, error_size);
    if (fine)
        fields_normalize(call->monitor->fields, call->value);
    out->size = 0;
    bytes_append(out, call->value, size);
    free(memory);
    return fine;
}

/* The value stays as it was unless the monitor leaves a valid one, twice the same. */
static bool feed(struct monitor_call *call, uint8_t *value, char *explanation)
{
    const struct gs_monitor *monitor = call->monitor;
    char error[EXPLANATION_SIZE / 2];
    struct bytes once = {0}, again = {0};
    bool fine = feed_once(call, value, 0, &once, error, sizeof(error)) &&
                feed_once(call, value, UINT8_MAX, &again, error, sizeof(error));
    if (fine && memcmp(once.data, again.data, monitor->size) != 0) {
        fine = false;
        snprintf(error, sizeof(error), "nondeterministic: run twice on the same value, it gives two");
    }
    if (fine)
        memcpy(value, once.data, monitor->size);
    else
        snprintf(explanation, EXPLANATION_SIZE, "monitor %s: %s", monitor->name, error);
    bytes_free(&once);
    bytes_free(&again);
    return fine;
}

bool judge_monitor_listens(const struct gs_monitor *monitor)
{
    return monitor->announced || monitor->ready;
}

bool judge_monitor_initial(const struct gs_run *run, unsigned monitor, struct bytes *value, char *explanation)
{
    struct monitor_call call = {.run = run, .monitor = run_monitor(run, monitor), .initial = true};
    uint8_t *zero = die_calloc(1, call.monitor->size);
    value->size = 0;
    bytes_append(value, zero, call.monitor->size);
    free(zero);
    return (!call.monitor->init && !call.monitor->ready) || feed(&call, value->data, explanation);
}

bool judge_monitor_announce(const struct gs_run *run, unsigned monitor, uint8_t *value, gs_node by,
                            uint8_t announcement, const uint8_t *announced, char *explanation)
{
    const size_t size = run->model->announcements[announcement].size;
    uint8_t *aligned = memcpy(die_alloc(size), announced, size);
    struct monitor_call call = {run, run_monitor(run, monitor), NULL, by, announcement, aligned, NULL, false};
    const bool fine = !judge_monitor_listens(call.monitor) || feed(&call, value, explanation);
    free(aligned);
    return fine;
}

bool judge_monitor_step(const struct gs_run *run, unsigned monitor, uint8_t *value, gs_node mover,
                        const uint8_t *before, const uint8_t *after, char *explanation)
{
    const unsigned node = node_number(mover);
    const size_t size = local_size(run, node);
    uint8_t *old = memcpy(die_alloc(size), before, size), *new = memcpy(die_alloc(size), after, size);
    struct gs_view view = {.run = run, .this_node = mover, .before = old};
    view.locals[node] = new;
    struct monitor_call call = {.run = run, .monitor = run_monitor(run, monitor), .view = &view};
    const bool fine = !call.monitor->stepped || feed(&call, value, explanation);
    free(old);
    free(new);
    return fine;
}

/* ---- A whole world ---- */

/* A world being judged: `wanted` is the result that decides (false for ALWAYS, true for REACHABLE). */
struct judging {
    const struct world *world;
    const struct gs_property *property;
    unsigned index;
    struct gs_view *view;
    bool wanted;
};

static void show_role(const struct judging *judging, unsigned role)
{
    for (unsigned k = 0; k < judging->world->run->count[role]; k++) {
        const unsigned node = judging->world->run->first[role] + k;
        judging->view->locals[node] = judging->world->locals[node].data;
    }
}

static void show_this(const struct judging *judging, unsigned node)
{
    judging->view->this_node = node_of(node);
    judging->view->locals[node] = judging->world->locals[node].data;
}

static void show_monitor(const struct judging *judging)
{
    const struct bytes *value = &judging->world->monitors[run_property_monitor(judging->world->run, judging->index)];
    judging->view->monitor = value->data;
    judging->view->monitor_size = value->size;
}

static void clear_view(const struct judging *judging)
{
    struct gs_view *view = judging->view;
    const bool used = view->premise_used, met = view->premise_met;
    *view = (struct gs_view){.run = judging->world->run, .premise_used = used, .premise_met = met};
}

static bool decides(const struct judging *judging)
{
    return judge_scope(judging->property, judging->view) == judging->wanted || judging->view->failed;
}

static bool pair_decides(const struct judging *judging)
{
    const struct gs_run *run = judging->world->run;
    const unsigned role = judging->property->role, other = judging->property->other_role;
    for (unsigned i = 0; i < run->count[role]; i++)
        for (unsigned j = 0; j < run->count[other]; j++) {
            const unsigned one = run->first[role] + i, two = run->first[other] + j;
            if (one == two)
                continue;
            clear_view(judging);
            show_this(judging, two);
            judging->view->that_node = judging->view->this_node;
            show_this(judging, one);
            if (decides(judging))
                return true;
        }
    return false;
}

static bool message_decides(const struct judging *judging)
{
    const struct gs_run *run = judging->world->run;
    for (unsigned n = 0; n < run->node_count; n++)
        for (size_t m = 0; m < inbox_count(run, &judging->world->inboxes[n]); m++) {
            const uint8_t *entry = inbox_entry(run, &judging->world->inboxes[n], m);
            clear_view(judging);
            judging->view->message = entry + 1;
            judging->view->sender = (gs_node){entry[0]};
            judging->view->receiver = node_of(n);
            if (judging->property->scope == GS_SCOPE_MESSAGE_RECEIVER)
                show_this(judging, n);
            if (decides(judging))
                return true;
        }
    return false;
}

/* Scopes of one node of .role, with the monitor's value or alone. */
static bool node_decides(const struct judging *judging)
{
    const struct gs_run *run = judging->world->run;
    const unsigned role = judging->property->role;
    for (unsigned k = 0; k < run->count[role]; k++) {
        clear_view(judging);
        show_this(judging, run->first[role] + k);
        if (judging->property->scope == GS_SCOPE_MONITOR_NODE)
            show_monitor(judging);
        if (decides(judging))
            return true;
    }
    return false;
}

static bool whole_decides(const struct judging *judging)
{
    const struct gs_run *run = judging->world->run;
    clear_view(judging);
    if (judging->property->scope == GS_SCOPE_MONITOR)
        show_monitor(judging);
    else if (judging->property->scope == GS_SCOPE_ROLE)
        show_role(judging, judging->property->role);
    else
        for (unsigned r = 0; r < run->role_count; r++)
            show_role(judging, r);
    return decides(judging);
}

static bool step_decides(const struct judging *judging, const struct judged_step *steps, size_t count)
{
    const struct gs_run *run = judging->world->run;
    for (size_t i = 0; i < count; i++) {
        const unsigned mover = node_number(steps[i].mover);
        if (run->nodes[mover].role != judging->property->role)
            continue;
        clear_view(judging);
        if (judging->property->scope == GS_SCOPE_STEP_ROLE)
            show_role(judging, judging->property->other_role);
        show_this(judging, mover);
        judging->view->before = steps[i].before;
        if (decides(judging))
            return true;
    }
    return false;
}

bool judge_world(const struct world *world, const struct judged_step *steps, size_t step_count, unsigned index,
                 struct gs_view *view)
{
    const struct gs_property *property = run_property(world->run, index);
    const struct judging judging = {world, property, index, view, property->kind == GS_REACHABLE};
    bool decided = false;
    *view = (struct gs_view){.run = world->run};
    if (property->kind == GS_QUIESCENT && !judge_is_quiescent(world))
        return true;
    switch ((enum gs_scope)property->scope) {
    case GS_SCOPE_ALL_NODES:
    case GS_SCOPE_ROLE:
    case GS_SCOPE_MONITOR:
        decided = whole_decides(&judging);
        break;
    case GS_SCOPE_NODE:
    case GS_SCOPE_MONITOR_NODE:
        decided = node_decides(&judging);
        break;
    case GS_SCOPE_PAIR:
        decided = pair_decides(&judging);
        break;
    case GS_SCOPE_MESSAGE:
    case GS_SCOPE_MESSAGE_RECEIVER:
        decided = message_decides(&judging);
        break;
    case GS_SCOPE_STEP:
    case GS_SCOPE_STEP_ROLE:
        decided = step_decides(&judging, steps, step_count);
        break;
    }
    return decided == judging.wanted;
}

struct quiescence {
    const struct world *world;
    bool disturbed;
};

/* An outcome for each branch of the choices: any one that is a step, or cut, disturbs. */
static void disturb(void *context, const struct event *event)
{
    struct quiescence *quiescence = context;
    if (event->action != ACTION_DELIVER && event->action != ACTION_TIMER && event->action != ACTION_LOCAL)
        return;
    struct event branch = *event;
    struct effect effect = {0};
    struct outcome drawn = {0};
    do {
        struct world copy = {0};
        world_copy(&copy, quiescence->world);
        copy.cut_instead_of_absorbing = true;
        const enum world_result result = world_apply(&copy, &branch, &effect);
        quiescence->disturbed |= result == WORLD_STEP || result == WORLD_CUT || result == WORLD_MISBEHAVED;
        world_free(&copy);
        drawn.choice_count = effect.choice_count;
        memcpy(drawn.choices, effect.choices, sizeof(drawn.choices));
        memcpy(drawn.choice_limits, effect.choice_limits, sizeof(drawn.choice_limits));
    } while (!quiescence->disturbed && step_next_branch(&drawn, &branch));
    effect_free(&effect);
}

bool judge_is_quiescent(const struct world *world)
{
    struct world unlimited = {0}; /* a timer that only its budget holds back is cut by a bound, so disturbs too */
    world_copy(&unlimited, world);
    unlimited.spent[GS_TIMEOUT] = -1;
    struct quiescence quiescence = {&unlimited, world->side != 0};
    if (!quiescence.disturbed)
        world_visit(&unlimited, disturb, &quiescence);
    world_free(&unlimited);
    return !quiescence.disturbed;
}
