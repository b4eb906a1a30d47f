/* Who is judged when, and the first of what was found. */
#include "checker/judging.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/sight.h"
#include "core/die.h"

static uint64_t nodes_of(const struct gs_run *run, unsigned role)
{
    uint64_t nodes = 0;
    for (unsigned k = 0; k < run->count[role]; k++)
        nodes |= UINT64_C(1) << (run->first[role] + k);
    return nodes;
}

/* The nodes whose local states a property of states looks at together. */
static uint64_t joint_nodes(const struct gs_run *run, const struct gs_property *property)
{
    if (property->scope == GS_SCOPE_PAIR)
        return nodes_of(run, property->role) | nodes_of(run, property->other_role);
    if (property->scope == GS_SCOPE_ROLE)
        return nodes_of(run, property->role);
    uint64_t nodes = 0;
    for (unsigned role = 0; property->scope == GS_SCOPE_ALL_NODES && role < run->role_count; role++)
        nodes |= nodes_of(run, role);
    return nodes;
}

static unsigned monitor_slot_of(const struct engine *engine, unsigned property)
{
    const unsigned number = run_property_monitor(engine->run, property);
    unsigned m = 0;
    while (engine->monitors[m].number != number)
        m++;
    return engine_monitor_slot(engine, m);
}

/* The bits among which a property's is. */
static uint64_t *kin_of(struct judging *judging, const struct gs_property *property)
{
    if (property->kind == GS_QUIESCENT)
        return &judging->quiescent;
    switch ((enum gs_scope)property->scope) {
    case GS_SCOPE_PAIR:
        return &judging->pairs;
    case GS_SCOPE_MONITOR:
    case GS_SCOPE_MONITOR_NODE:
        return &judging->monitors;
    case GS_SCOPE_MESSAGE:
    case GS_SCOPE_MESSAGE_RECEIVER:
        return &judging->mail;
    case GS_SCOPE_STEP:
    case GS_SCOPE_STEP_ROLE:
        return &judging->steps;
    case GS_SCOPE_ALL_NODES:
    case GS_SCOPE_NODE:
    case GS_SCOPE_ROLE:
        break;
    }
    return &judging->locals;
}

void judging_init(struct judging *judging, struct engine *engine, uint64_t on)
{
    *judging = (struct judging){.engine = engine, .count = run_property_count(engine->run) + 1};
    judging->properties = die_calloc(judging->count, sizeof(*judging->properties));
    for (unsigned i = 0; i < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        judged->index = i;
        judged->first_depth = UINT64_MAX;
        judged->results.retired = judged->stutters.retired = judged->tuples.index.retired = &engine->retired;
        judged->on = i + 1 == judging->count || (on >> i & 1);
        if (i + 1 == judging->count)
            continue;
        judged->property = run_property(engine->run, i);
        if (!judged->on)
            continue;
        const uint8_t scope = judged->property->scope;
        if (scope == GS_SCOPE_MONITOR || scope == GS_SCOPE_MONITOR_NODE)
            judged->monitor_slot = monitor_slot_of(engine, i);
        judging->has_step_role |= scope == GS_SCOPE_STEP_ROLE;
        judging->has_monitor_node |= scope == GS_SCOPE_MONITOR_NODE;
        *kin_of(judging, judged->property) |= UINT64_C(1) << i;
        judging->joint |= joint_nodes(engine->run, judged->property);
    }
}

void judging_free(struct judging *judging)
{
    for (unsigned i = 0; i < judging->count; i++) {
        pair_map_free(&judging->properties[i].results);
        pair_map_free(&judging->properties[i].stutters);
        interner_free(&judging->properties[i].tuples);
    }
    free(judging->properties);
}

size_t judging_memory(const struct judging *judging)
{
    size_t memory = judging->count * sizeof(*judging->properties);
    for (unsigned i = 0; i < judging->count; i++) {
        const struct judged *judged = &judging->properties[i];
        memory += pair_map_memory(&judged->stutters) + pair_map_memory(&judged->results) + judged->tuples.memory;
    }
    return memory;
}

/* ---- What is decided ---- */

uint64_t decided_by_state(struct judging *judging, uint64_t among, const uint32_t *values, const uint32_t *locals,
                          struct look look)
{
    uint64_t decided = 0;
    for (uint64_t left = among; left; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        struct sight sight = {judging, &judging->properties[i], values, locals, false};
        sight_judge(&sight, look);
        decided |= (uint64_t)sight.decides << i;
    }
    return decided;
}

uint64_t decided_by_step(struct judging *judging, const struct moved *moved, size_t count, const uint32_t *locals)
{
    const struct gs_run *run = judging->engine->run;
    uint64_t decided = 0;
    for (uint64_t left = judging->steps; left; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        struct sight sight = {judging, &judging->properties[i], NULL, locals, false};
        for (size_t k = 0; k < count; k++)
            if (run->nodes[moved[k].node].role == sight.judged->property->role)
                sight_judge_moved(&sight, &moved[k]);
        decided |= (uint64_t)sight.decides << i;
    }
    return decided;
}

uint64_t decided_by_pair(struct judging *judging, const uint32_t *locals, unsigned one, unsigned other)
{
    uint64_t decided = 0;
    for (uint64_t left = judging->pairs; left; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(left);
        struct sight sight = {judging, &judging->properties[i], NULL, locals, false};
        sight_judge_pair(&sight, one, other);
        sight_judge_pair(&sight, other, one);
        decided |= (uint64_t)sight.decides << i;
    }
    return decided;
}

uint64_t decided_by_quiescence(struct judging *judging, const uint32_t *values, const uint32_t *locals)
{
    return decided_by_state(judging, judging->quiescent, values, locals, (struct look){.all = true});
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

static void propose_state(struct judging *judging, struct judged *judged, const uint32_t *values, uint64_t depth)
{
    struct engine *engine = judging->engine;
    if (judged->first_depth < depth)
        return;
    struct candidate candidate = {.depth = depth, .state_depth = depth};
    candidate.faults = state_faults(engine, values);
    memcpy(candidate.state, values, engine_slot_count(engine) * sizeof(*values));
    propose(judging, judged, &candidate);
}

/* True: it decides some property that nothing at a smaller depth did. */
static bool propose_states(struct judging *judging, uint64_t decided, const uint32_t *values, uint64_t depth)
{
    bool decides = false;
    for (uint64_t left = decided; left; left &= left - 1) {
        struct judged *judged = &judging->properties[__builtin_ctzll(left)];
        propose_state(judging, judged, values, depth);
        decides |= judged->first_depth >= depth;
    }
    return decides;
}

bool judge_new_state(struct judging *judging, const uint32_t *values, uint64_t depth, struct look look)
{
    const uint64_t among =
        judging->locals | judging->pairs | judging->monitors | judging->mail | judging->steps; /* steps: stutters */
    uint32_t locals[GS_NODES_MAX];
    sight_locals(judging->engine, values, locals);
    return propose_states(judging, decided_by_state(judging, among, values, locals, look), values, depth);
}

void judge_quiescent(struct judging *judging, const uint32_t *values, uint64_t depth)
{
    uint32_t locals[GS_NODES_MAX];
    sight_locals(judging->engine, values, locals);
    propose_states(judging, decided_by_quiescence(judging, values, locals), values, depth);
}

static struct candidate step_candidate(const struct explorer *explorer, uint64_t depth)
{
    struct engine *engine = explorer->engine;
    struct candidate candidate = {.has_step = true, .depth = depth + 1, .state_depth = depth};
    memcpy(candidate.state, explorer->values, engine_slot_count(engine) * sizeof(*candidate.state));
    explorer_event(explorer, &candidate.event);
    return candidate;
}

static void propose_step(struct judging *judging, struct judged *judged, const struct explorer *explorer,
                         const uint32_t *after, uint64_t depth)
{
    struct engine *engine = explorer->engine;
    if (judged->first_depth < depth + 1)
        return;
    struct candidate candidate = step_candidate(explorer, depth);
    memcpy(candidate.after, after, engine_slot_count(engine) * sizeof(*candidate.after));
    candidate.has_after = true;
    candidate.faults = state_faults(engine, candidate.after);
    propose(judging, judged, &candidate);
}

bool judge_step(struct judging *judging, const struct explorer *explorer, uint64_t depth)
{
    struct moved moved[GS_NODES_MAX];
    const size_t count = explorer_moved(explorer, moved);
    if (!count)
        return false;
    uint32_t after[SLOTS_MAX], locals[GS_NODES_MAX];
    memcpy(after, explorer->values, engine_slot_count(judging->engine) * sizeof(*after));
    for (unsigned i = 0; i < explorer->successor.change_count; i++)
        after[explorer->successor.changes[i].slot] = explorer->successor.changes[i].value;
    sight_locals(judging->engine, after, locals);
    const uint64_t decided = decided_by_step(judging, moved, count, locals);
    for (uint64_t left = decided; left; left &= left - 1)
        propose_step(judging, &judging->properties[__builtin_ctzll(left)], explorer, after, depth);
    return decided;
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
