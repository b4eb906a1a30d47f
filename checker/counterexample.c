/* Reconstruction without parent links: one more walk over each level. */
#include "checker/counterexample.h"

#include <stdlib.h>
#include <string.h>

#include "checker/transitions.h"
#include "core/die.h"

/* Looking for the step into `target`. */
struct backtrack {
    struct search *search;
    const uint32_t *target;
    unsigned different; /* slots in which the state explored differs from the target */
    bool found;
    uint32_t state[SLOTS_MAX]; /* the smallest predecessor so far */
    struct event event;        /* its smallest event */
};

static unsigned count_different(const struct search *search, const uint32_t *a, const uint32_t *b)
{
    unsigned different = 0;
    for (unsigned slot = 0; slot < engine_slot_count(&search->engine); slot++)
        different += a[slot] != b[slot];
    return different;
}

/* Does the successor being visited equal the target? */
static bool is_target(const struct backtrack *backtrack, const struct explorer *explorer)
{
    unsigned changed = 0;
    for (unsigned i = 0; i < explorer->successor.change_count; i++) {
        const struct change change = explorer->successor.changes[i];
        if (change.value != backtrack->target[change.slot])
            return false;
        changed += change.value != explorer->values[change.slot];
    }
    return changed == backtrack->different;
}

static void match(void *context, struct explorer *explorer)
{
    struct backtrack *backtrack = context;
    struct search *search = backtrack->search;
    if (explorer->successor.kind != SUCCESSOR_STEP || !is_target(backtrack, explorer))
        return;
    struct event event;
    explorer_event(explorer, &event);
    if (backtrack->found) {
        int order = states_compare(&search->engine, explorer->values, backtrack->state);
        if (order == 0)
            order = event_compare(search->run, &event, &backtrack->event);
        if (order >= 0)
            return;
    }
    backtrack->found = true;
    backtrack->event = event;
    memcpy(backtrack->state, explorer->values, engine_slot_count(&search->engine) * sizeof(*explorer->values));
}

/* The smallest state of level depth - 1 with a step into the target, and its smallest such event. */
static void step_back(struct backtrack *backtrack, uint64_t depth)
{
    struct search *search = backtrack->search;
    const struct level *level = &search->levels.levels[depth - 1];
    struct explorer explorer = {.engine = &search->engine, .take = match, .context = backtrack};
    backtrack->found = false;
    transitions_forget(&search->engine); /* those of other levels */
    for (size_t b = 0; b < level->block_count; b++) {
        const struct level_block *block = &level->blocks[b];
        for (uint64_t i = 0; i < block->count; i++) {
            layout_unpack(block->layout, &block->keys[i * block->layout->words], explorer.values);
            backtrack->different = count_different(search, explorer.values, backtrack->target);
            explorer_walk(&explorer);
        }
    }
    if (!backtrack->found)
        die("no predecessor at depth %llu", (unsigned long long)depth - 1);
}

/* Finds the START choices that lead to an initial state: the first in their order. */
struct start_search {
    struct backtrack *backtrack;
    struct trace *trace;
    bool found;
};

static void match_start(void *context, struct explorer *explorer, const struct event *starts, size_t count)
{
    struct start_search *wanted = context;
    if (wanted->found || count_different(wanted->backtrack->search, explorer->values, wanted->backtrack->target))
        return;
    wanted->found = true;
    for (size_t i = 0; i < count; i++)
        trace_append(wanted->trace, &starts[i]);
}

static void append_starts(struct search *search, const uint32_t *initial, struct trace *trace)
{
    struct backtrack backtrack = {.search = search, .target = initial};
    struct start_search wanted = {&backtrack, trace, false};
    struct explorer explorer = {.engine = &search->engine};
    explorer_start(&explorer, match_start, NULL, NULL, &wanted);
    must(wanted.found);
}

/* Appends the whole way to a state of that depth. */
static void append_way(struct search *search, const uint32_t *state, uint64_t depth, struct trace *trace)
{
    struct event *events = die_calloc(depth, sizeof(*events));
    struct backtrack backtrack = {.search = search};
    uint32_t target[SLOTS_MAX];
    const size_t size = engine_slot_count(&search->engine) * sizeof(*target);
    memcpy(target, state, size);
    for (uint64_t d = depth; d > 0; d--) {
        backtrack.target = target;
        step_back(&backtrack, d);
        events[d - 1] = backtrack.event;
        memcpy(target, backtrack.state, size);
    }
    append_starts(search, target, trace);
    for (uint64_t d = 0; d < depth; d++)
        trace_append(trace, &events[d]);
    free(events);
}

static void append_candidate(struct search *search, const struct candidate *candidate, struct trace *trace)
{
    if (candidate->at_start) {
        for (size_t i = 0; i < candidate->start_count; i++)
            trace_append(trace, &candidate->starts[i]);
        return;
    }
    append_way(search, candidate->state, candidate->state_depth, trace);
    if (candidate->has_step)
        trace_append(trace, &candidate->event);
}

struct trace *counterexample(struct search *search, unsigned property, char *error, size_t error_size)
{
    const struct judged *judged = &search->judging.properties[property];
    uint64_t monitors_on = 0;
    for (unsigned m = 0; m < search->engine.monitor_count; m++)
        monitors_on |= UINT64_C(1) << search->engine.monitors[m].number;
    struct trace *trace = trace_new(search->run, judged->index, "", monitors_on);
    append_candidate(search, &judged->first, trace);
    struct replay replay;
    trace_replay(trace, NULL, NULL, &replay);
    if (replay.end == REPLAY_VIOLATED) {
        free(trace->explanation);
        trace->explanation = strdup(replay.reason);
        return trace;
    }
    snprintf(error, error_size, "the trace to %s does not replay: step %zu of %zu: %s", trace_property_name(trace),
             replay.number, trace->step_count, replay.reason);
    trace_free(trace);
    return NULL;
}
