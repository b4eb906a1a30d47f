/* Scope values: their keys, the views predicates see, remembered results. */
#include "checker/judging.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/monitor_values.h"
#include "core/die.h"

enum { RESULT_OPEN = 0, RESULT_DECIDES = 1 }; /* violates; of a goal: meets */

enum { LOCAL_BITS = 26, NODE_BITS = 6, OPEN_LOCALS = 64 };

void judging_init(struct judging *judging, struct engine *engine, uint64_t on)
{
    *judging = (struct judging){.engine = engine, .count = run_property_count(engine->run) + 1};
    judging->properties = die_calloc(judging->count, sizeof(*judging->properties));
    for (unsigned i = 0; i < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        judged->index = i;
        judged->first_depth = UINT64_MAX;
        judged->results.retired = judged->stutters.retired = judged->tuples.retired = &engine->retired;
        judged->on = i + 1 == judging->count || (on >> i & 1);
        if (i + 1 == judging->count)
            continue;
        judged->property = run_property(engine->run, i);
        if (!judged->on)
            continue;
        const uint8_t scope = judged->property->scope;
        const size_t nodes = engine->run->node_count;
        if (scope == GS_SCOPE_PAIR)
            judged->open_pairs = die_calloc(nodes * nodes * OPEN_LOCALS, sizeof(uint64_t));
        if (judged->property->kind == GS_QUIESCENT)
            judging->has_quiescent = true;
        else if (scope == GS_SCOPE_STEP)
            judging->has_step = true;
        else if (scope == GS_SCOPE_STEP_ROLE)
            judging->has_step_role = true;
        else if (scope == GS_SCOPE_MESSAGE || scope == GS_SCOPE_MESSAGE_RECEIVER)
            judging->has_mail = true;
        else
            judging->has_state = true;
    }
}

void judging_free(struct judging *judging)
{
    for (unsigned i = 0; i < judging->count; i++) {
        pair_map_free(&judging->properties[i].results);
        pair_map_free(&judging->properties[i].stutters);
        interner_free(&judging->properties[i].tuples);
        free(judging->properties[i].open_pairs);
    }
    free(judging->properties);
}

/* ---- The value that is being judged ---- */

/* A state, or a step's successor, seen by one property. */
struct sight {
    struct judging *judging;
    struct judged *judged;
    const uint32_t *values;
    const uint32_t *locals; /* of the nodes, as numbers: values' own */
    bool decides;           /* some value did */
};

static void find_locals(const struct engine *engine, const uint32_t *values, uint32_t *locals)
{
    for (unsigned n = 0; n < engine->run->node_count; n++)
        locals[n] = engine_configuration(engine, n, values[n])->local;
}

static inline uint32_t local_at(const struct sight *sight, unsigned node)
{
    return sight->locals[node];
}

static const uint8_t *bytes_at(const struct sight *sight, unsigned node)
{
    return local_bytes(sight->judging->engine, node, local_at(sight, node));
}

static struct gs_view blank_view(const struct sight *sight)
{
    return (struct gs_view){.run = sight->judging->engine->run};
}

static void show(struct gs_view *view, const struct sight *sight, unsigned node)
{
    view->locals[node] = bytes_at(sight, node);
}

/* Calls the predicate for a value not seen before. */
static uint32_t call(struct sight *sight, struct gs_view *view)
{
    struct judged *judged = sight->judged;
    const bool result = judge_scope(judged->property, view);
    judged->judged++;
    judged->premise_used |= view->premise_used;
    judged->premise_met |= view->premise_met;
    if (view->failed && !sight->judging->failed) {
        sight->judging->failed = true;
        memcpy(sight->judging->error, view->explanation, sizeof(view->explanation));
    }
    return result == (judged->property->kind == GS_REACHABLE) ? RESULT_DECIDES : RESULT_OPEN;
}

/* Judges a value and remembers how it came out, unless another thread has done so since it was looked up. */
static uint32_t settle(struct sight *sight, uint64_t key, struct gs_view *view)
{
    struct engine *engine = sight->judging->engine;
    engine_lock(engine);
    uint32_t result = pair_map_get(&sight->judged->results, key);
    if (result == PAIR_ABSENT) {
        result = call(sight, view);
        pair_map_set(&sight->judged->results, key, result);
    }
    engine_unlock(engine);
    sight->decides |= result == RESULT_DECIDES;
    return result;
}

/* True if the value was judged before, which also tells whether it decides. */
static inline bool is_known(struct sight *sight, uint64_t key)
{
    const uint32_t result = pair_map_get(&sight->judged->results, key);
    if (result == PAIR_ABSENT)
        return false;
    sight->decides |= result == RESULT_DECIDES;
    return true;
}

static uint64_t node_key(unsigned node, uint32_t local)
{
    must(local < UINT32_C(1) << LOCAL_BITS);
    return (uint64_t)node << LOCAL_BITS | local;
}

static void judge_node(struct sight *sight, unsigned node)
{
    const uint64_t key = node_key(node, local_at(sight, node));
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    view.this_node = node_of(node);
    show(&view, sight, node);
    settle(sight, key, &view);
}

/* The bits of a pair's row: which of the second node's first 64 local states were judged with this one and decide
 * nothing. It answers nearly every look without a map. */
static _Atomic uint64_t *open_row(const struct sight *sight, unsigned one, unsigned other, uint32_t local)
{
    const unsigned nodes = sight->judging->engine->run->node_count;
    return &sight->judged->open_pairs[((size_t)one * nodes + other) * OPEN_LOCALS + local];
}

static inline uint64_t bits_of(const _Atomic uint64_t *row)
{
    return atomic_load_explicit(row, memory_order_relaxed);
}

static inline bool is_known_open(const struct sight *sight, unsigned one, unsigned other)
{
    const uint32_t a = local_at(sight, one), b = local_at(sight, other);
    return (a | b) < OPEN_LOCALS && bits_of(open_row(sight, one, other, a)) >> b & 1;
}

static void note_open(const struct sight *sight, unsigned one, unsigned other)
{
    const uint32_t a = local_at(sight, one), b = local_at(sight, other);
    if ((a | b) < OPEN_LOCALS)
        atomic_fetch_or_explicit(open_row(sight, one, other, a), UINT64_C(1) << b, memory_order_relaxed);
}

static void judge_pair(struct sight *sight, unsigned one, unsigned other)
{
    if (is_known_open(sight, one, other))
        return;
    const uint64_t key =
        node_key(one, local_at(sight, one)) << (LOCAL_BITS + NODE_BITS) | node_key(other, local_at(sight, other));
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    view.this_node = node_of(one);
    view.that_node = node_of(other);
    show(&view, sight, one);
    show(&view, sight, other);
    if (settle(sight, key, &view) == RESULT_OPEN)
        note_open(sight, one, other);
}

static bool has_role(const struct gs_run *run, unsigned node, unsigned role)
{
    return node < run->node_count && run->nodes[node].role == role;
}

/* All pairs of a first node. */
static void judge_pairs_of(struct sight *sight, unsigned one)
{
    const struct gs_run *run = sight->judging->engine->run;
    const unsigned role = sight->judged->property->other_role;
    for (unsigned j = run->first[role]; j < run->first[role] + run->count[role]; j++)
        if (one != j)
            judge_pair(sight, one, j);
}

/* The quick look that nearly always suffices: are all pairs of the mover, as first and as second, known to be open? */
static bool pairs_are_open(const struct sight *sight, unsigned mover)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    const uint32_t *locals = sight->locals;
    const unsigned first = run->first[property->role], end = first + run->count[property->role];
    const unsigned other = run->first[property->other_role], other_end = other + run->count[property->other_role];
    if (locals[mover] >= OPEN_LOCALS)
        return false;
    const _Atomic uint64_t *row = open_row(sight, mover, 0, locals[mover]);
    uint64_t open = 1;
    for (unsigned j = other; has_role(run, mover, property->role) && j < other_end; j++)
        open &= j == mover || (locals[j] < OPEN_LOCALS && bits_of(&row[(size_t)j * OPEN_LOCALS]) >> locals[j] & 1);
    for (unsigned i = first; has_role(run, mover, property->other_role) && i < end; i++)
        open &= i == mover ||
                (locals[i] < OPEN_LOCALS && bits_of(open_row(sight, i, mover, locals[i])) >> locals[mover] & 1);
    return open;
}

/* The pairs that the mover is in; all pairs if all are to be looked at. */
static void judge_pairs(struct sight *sight, unsigned mover, bool all)
{
    const struct gs_run *run = sight->judging->engine->run;
    const unsigned role = sight->judged->property->role;
    for (unsigned i = run->first[role]; all && i < run->first[role] + run->count[role]; i++)
        judge_pairs_of(sight, i);
    if (all || pairs_are_open(sight, mover))
        return;
    if (has_role(run, mover, role))
        judge_pairs_of(sight, mover);
    if (has_role(run, mover, sight->judged->property->other_role) && GS_PLANT != 1)
        for (unsigned i = run->first[role]; i < run->first[role] + run->count[role]; i++)
            if (i != mover)
                judge_pair(sight, i, mover);
}

static uint32_t append_role(const struct sight *sight, unsigned role, uint32_t *tuple, struct gs_view *view)
{
    const struct gs_run *run = sight->judging->engine->run;
    for (unsigned k = 0; k < run->count[role]; k++) {
        tuple[k] = local_at(sight, run->first[role] + k);
        show(view, sight, run->first[role] + k);
    }
    return run->count[role];
}

/* The nodes of a role, or of all. */
static void judge_tuple(struct sight *sight)
{
    const struct gs_run *run = sight->judging->engine->run;
    uint32_t tuple[GS_NODES_MAX];
    uint32_t size = 0;
    struct gs_view view = blank_view(sight);
    for (unsigned r = 0; r < run->role_count; r++)
        if (sight->judged->property->scope == GS_SCOPE_ALL_NODES || r == sight->judged->property->role)
            size += append_role(sight, r, tuple + size, &view);
    const uint32_t key = engine_intern(sight->judging->engine, &sight->judged->tuples, tuple, size * sizeof(*tuple));
    if (!is_known(sight, key))
        settle(sight, key, &view);
}

/* Of several properties that a stutter decides the first is named, whichever was met first. */
static void judge_stutter(struct sight *sight, unsigned node, uint64_t key)
{
    struct judging *judging = sight->judging;
    const struct gs_property *property = sight->judged->property, *other = judging->stutter_decides;
    struct gs_view view = blank_view(sight);
    show(&view, sight, node);
    view.this_node = node_of(node);
    view.before = bytes_at(sight, node);
    const bool result = judge_scope(property, &view);
    pair_map_set(&sight->judged->stutters, key, result);
    if ((result == (property->kind == GS_REACHABLE) || view.failed) && (!other || property < other))
        judging->stutter_decides = property;
}

/* With the reduction, some steps that leave their mover as it is are missing: ignored deliveries, and sends that are
 * absorbed by what an ignored delivery would have taken out. So none of them may decide anything. */
static void watch_stutter(struct sight *sight, unsigned node)
{
    struct judging *judging = sight->judging;
    const uint64_t key = node_key(node, local_at(sight, node));
    if (!judging->watches_stutter || pair_map_get(&sight->judged->stutters, key) != PAIR_ABSENT)
        return;
    engine_lock(judging->engine);
    if (pair_map_get(&sight->judged->stutters, key) == PAIR_ABSENT)
        judge_stutter(sight, node, key);
    engine_unlock(judging->engine);
}

static void judge_message(struct sight *sight, unsigned node, uint32_t message)
{
    const bool with_receiver = sight->judged->property->scope == GS_SCOPE_MESSAGE_RECEIVER;
    must(message < UINT32_C(1) << 31);
    const uint64_t key = (uint64_t)node << 58 | (uint64_t)message << LOCAL_BITS |
                         (with_receiver ? node_key(0, local_at(sight, node)) : 0);
    if (is_known(sight, key))
        return;
    const uint8_t *entry = interned_value(&sight->judging->engine->nodes[node].messages, message).data;
    struct gs_view view = blank_view(sight);
    view.message = entry + 1;
    view.sender = (gs_node){entry[0]};
    view.receiver = node_of(node);
    if (with_receiver) {
        view.this_node = node_of(node);
        show(&view, sight, node);
    }
    settle(sight, key, &view);
}

static void judge_mail(struct sight *sight)
{
    struct engine *engine = sight->judging->engine;
    for (unsigned node = 0; node < engine->run->node_count; node++) {
        const struct bytes inbox =
            inbox_bytes(engine, node, engine_configuration(engine, node, sight->values[node])->inbox);
        for (size_t i = 0; i < inbox_count(engine->run, &inbox); i++)
            if (inbox_is_deliverable(engine->run, &inbox, i) || engine->run->network == GS_FIFO)
                judge_message(sight, node, message_number(engine, node, inbox_entry(engine->run, &inbox, i)));
    }
}

static unsigned monitor_slot_of(const struct sight *sight)
{
    const struct engine *engine = sight->judging->engine;
    const unsigned number = run_property_monitor(engine->run, sight->judged->index);
    unsigned m = 0;
    while (engine->monitors[m].number != number)
        m++;
    return engine_monitor_slot(engine, m);
}

static void judge_monitor(struct sight *sight, unsigned node, bool with_node)
{
    const struct engine *engine = sight->judging->engine;
    const unsigned slot = monitor_slot_of(sight);
    const uint32_t value = sight->values[slot];
    const uint64_t key = (uint64_t)value << 32 | (with_node ? node_key(node, local_at(sight, node)) : 0);
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    uint8_t *bytes = monitor_value_bytes(engine, slot - engine->run->node_count, value);
    view.monitor = bytes;
    view.monitor_size = monitor_value_size(engine, slot - engine->run->node_count);
    if (with_node) {
        view.this_node = node_of(node);
        show(&view, sight, node);
    }
    settle(sight, key, &view);
    free(bytes);
}

/* Judges what a look asks for. */
static void judge_scopes(struct sight *sight, struct look look)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    const unsigned first = run->first[property->role], end = first + run->count[property->role];
    switch ((enum gs_scope)property->scope) {
    case GS_SCOPE_ALL_NODES:
    case GS_SCOPE_ROLE:
        if (look.all || look.local)
            judge_tuple(sight);
        break;
    case GS_SCOPE_NODE:
        for (unsigned n = first; look.all && n < end; n++)
            judge_node(sight, n);
        if (!look.all && look.local && has_role(run, look.mover, property->role))
            judge_node(sight, look.mover);
        break;
    case GS_SCOPE_PAIR:
        if (look.all || look.local)
            judge_pairs(sight, look.mover, look.all);
        break;
    case GS_SCOPE_MESSAGE:
    case GS_SCOPE_MESSAGE_RECEIVER:
        judge_mail(sight);
        break;
    case GS_SCOPE_MONITOR:
        if (look.all || look.monitor)
            judge_monitor(sight, 0, false);
        break;
    case GS_SCOPE_MONITOR_NODE:
        for (unsigned n = first; n < end; n++)
            if (look.all || (look.monitor && GS_PLANT != 2) || (look.local && n == look.mover))
                judge_monitor(sight, n, true);
        break;
    case GS_SCOPE_STEP:
        for (unsigned n = first; n < end; n++)
            if (look.all || (look.local && n == look.mover))
                watch_stutter(sight, n);
        break;
    case GS_SCOPE_STEP_ROLE:
        break;
    }
}

/* ---- Candidates ---- */

static void propose(struct judging *judging, struct judged *judged, const struct candidate *candidate)
{
    engine_lock(judging->engine);
    if (!judged->first.found || candidate_compare(judging->engine, candidate, &judged->first) < 0) {
        judged->first = *candidate;
        judged->first.found = true;
        judged->first_depth = candidate->depth;
    }
    engine_unlock(judging->engine);
}

static void propose_state(struct sight *sight, uint64_t depth)
{
    struct engine *engine = sight->judging->engine;
    if (sight->judged->first_depth < depth)
        return;
    struct candidate candidate = {.depth = depth, .state_depth = depth};
    candidate.faults = state_faults(engine, sight->values);
    memcpy(candidate.state, sight->values, engine_slot_count(engine) * sizeof(*sight->values));
    propose(sight->judging, sight->judged, &candidate);
}

/* ---- States ---- */

void judge_new_state(struct judging *judging, const uint32_t *values, uint64_t depth, struct look look)
{
    uint32_t locals[GS_NODES_MAX];
    find_locals(judging->engine, values, locals);
    for (unsigned i = 0; i + 1 < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        if (!judged->on || judged->property->kind == GS_QUIESCENT)
            continue;
        struct sight sight = {judging, judged, values, locals, false};
        judge_scopes(&sight, look);
        if (sight.decides)
            propose_state(&sight, depth);
    }
}

void judge_quiescent(struct judging *judging, const uint32_t *values, uint64_t depth)
{
    uint32_t locals[GS_NODES_MAX];
    find_locals(judging->engine, values, locals);
    for (unsigned i = 0; i + 1 < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        if (!judged->on || judged->property->kind != GS_QUIESCENT)
            continue;
        struct sight sight = {judging, judged, values, locals, false};
        judge_scopes(&sight, (struct look){.all = true});
        if (sight.decides)
            propose_state(&sight, depth);
    }
}

/* ---- Steps ---- */

static struct candidate step_candidate(const struct explorer *explorer, uint64_t depth)
{
    struct engine *engine = explorer->engine;
    struct candidate candidate = {.has_step = true, .depth = depth + 1, .state_depth = depth};
    memcpy(candidate.state, explorer->values, engine_slot_count(engine) * sizeof(*candidate.state));
    explorer_event(explorer, &candidate.event);
    return candidate;
}

static void judge_moved(struct sight *sight, const struct moved *moved)
{
    const struct gs_property *property = sight->judged->property;
    uint32_t tuple[GS_NODES_MAX + 3] = {moved->node, moved->before, moved->after};
    uint32_t size = 3;
    struct gs_view view = blank_view(sight);
    uint64_t key = node_key(moved->node, moved->before) << LOCAL_BITS | node_key(0, moved->after);
    if (property->scope == GS_SCOPE_STEP_ROLE) {
        size += append_role(sight, property->other_role, tuple + size, &view);
        key = engine_intern(sight->judging->engine, &sight->judged->tuples, tuple, size * sizeof(*tuple));
    }
    if (is_known(sight, key))
        return;
    show(&view, sight, moved->node);
    view.this_node = node_of(moved->node);
    view.before = local_bytes(sight->judging->engine, moved->node, moved->before);
    settle(sight, key, &view);
}

static void propose_step(struct sight *sight, const struct explorer *explorer, uint64_t depth)
{
    struct engine *engine = explorer->engine;
    if (sight->judged->first_depth < depth + 1)
        return;
    struct candidate candidate = step_candidate(explorer, depth);
    memcpy(candidate.after, sight->values, engine_slot_count(engine) * sizeof(*candidate.after));
    candidate.has_after = true;
    candidate.faults = state_faults(engine, candidate.after);
    propose(sight->judging, sight->judged, &candidate);
}

bool judge_step(struct judging *judging, const struct explorer *explorer, uint64_t depth)
{
    const struct gs_run *run = judging->engine->run;
    struct moved moved[GS_NODES_MAX];
    const size_t count = explorer_moved(explorer, moved);
    bool decides = false;
    if (!count)
        return false;
    uint32_t after[SLOTS_MAX];
    memcpy(after, explorer->values, engine_slot_count(judging->engine) * sizeof(*after));
    for (unsigned i = 0; i < explorer->successor.change_count; i++)
        after[explorer->successor.changes[i].slot] = explorer->successor.changes[i].value;
    uint32_t locals[GS_NODES_MAX];
    find_locals(judging->engine, after, locals);
    for (unsigned i = 0; i + 1 < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        if (!judged->on || (judged->property->scope != GS_SCOPE_STEP && judged->property->scope != GS_SCOPE_STEP_ROLE))
            continue;
        struct sight sight = {judging, judged, after, locals, false};
        for (size_t k = 0; k < count; k++)
            if (run->nodes[moved[k].node].role == judged->property->role)
                judge_moved(&sight, &moved[k]);
        if (sight.decides)
            propose_step(&sight, explorer, depth);
        decides |= sight.decides;
    }
    return decides;
}

void judge_misbehaviour(struct judging *judging, const struct explorer *explorer, uint64_t depth)
{
    struct judged *judged = &judging->properties[judging->count - 1];
    if (judged->first_depth < depth + 1)
        return;
    struct candidate candidate = step_candidate(explorer, depth);
    const int fault = action_fault(candidate.event.action);
    candidate.faults = state_faults(judging->engine, candidate.state) + (fault != GS_FAULTS && fault != GS_TIMEOUT);
    memcpy(candidate.explanation, explorer->successor.explanation, sizeof(candidate.explanation));
    propose(judging, judged, &candidate);
}

void judge_bad_start(struct judging *judging, const struct explorer *explorer, const struct event *starts, size_t count)
{
    struct judged *judged = &judging->properties[judging->count - 1];
    if (judged->first.found)
        return; /* the first in the order of nodes and choices */
    judged->first = (struct candidate){.found = true, .at_start = true, .start_count = count};
    judged->first_depth = 0;
    memcpy(judged->first.starts, starts, count * sizeof(*starts));
    memcpy(judged->first.explanation, explorer->successor.explanation, sizeof(judged->first.explanation));
}
