/* Scope values: their keys, the views predicates see, remembered results. */
#include "checker/sight.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/monitor_values.h"
#include "core/die.h"

enum { RESULT_OPEN = 0, RESULT_DECIDES = 1 }; /* violates; of a goal: meets */

enum { LOCAL_BITS = 26, NODE_BITS = 6 };

void sight_locals(const struct engine *engine, const uint32_t *values, uint32_t *locals)
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
static void settle(struct sight *sight, uint64_t key, struct gs_view *view)
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

static void judge_pair(struct sight *sight, unsigned one, unsigned other)
{
    const uint64_t key =
        node_key(one, local_at(sight, one)) << (LOCAL_BITS + NODE_BITS) | node_key(other, local_at(sight, other));
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    view.this_node = node_of(one);
    view.that_node = node_of(other);
    show(&view, sight, one);
    show(&view, sight, other);
    settle(sight, key, &view);
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

/* The pairs that the mover is in; all pairs if all are to be looked at. */
static void judge_pairs(struct sight *sight, unsigned mover, bool all)
{
    const struct gs_run *run = sight->judging->engine->run;
    const unsigned role = sight->judged->property->role;
    for (unsigned i = run->first[role]; all && i < run->first[role] + run->count[role]; i++)
        judge_pairs_of(sight, i);
    if (all)
        return;
    if (has_role(run, mover, role))
        judge_pairs_of(sight, mover);
    if (has_role(run, mover, sight->judged->property->other_role) && GS_PLANT != 1)
        for (unsigned i = run->first[role]; i < run->first[role] + run->count[role]; i++)
            if (i != mover)
                judge_pair(sight, i, mover);
}

void sight_judge_pair(struct sight *sight, unsigned one, unsigned other)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    if (has_role(run, one, property->role) && has_role(run, other, property->other_role))
        judge_pair(sight, one, other);
}

static void show_nodes(const struct sight *sight, unsigned first, unsigned count, struct gs_view *view)
{
    for (unsigned n = first; n < first + count; n++)
        show(view, sight, n);
}

/* A tuple's key: all of it, where it fits into 63 bits, which saves interning it. */
static uint64_t tuple_key(const struct sight *sight, const uint32_t *tuple, uint32_t size)
{
    const unsigned width = size ? 63 / size : 0;
    uint64_t key = 0, beyond = 0;
    for (uint32_t i = 0; i < size; i++) {
        key = key << width | tuple[i];
        beyond |= (uint64_t)tuple[i] >> width;
    }
    return beyond ? engine_intern(sight->judging->engine, &sight->judged->tuples, tuple, size * sizeof(*tuple))
                  : key | UINT64_C(1) << 63;
}

/* The nodes of a role, or of all. */
static void judge_tuple(struct sight *sight)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    const bool is_all = property->scope == GS_SCOPE_ALL_NODES;
    const unsigned first = is_all ? 0 : run->first[property->role];
    const unsigned count = is_all ? run->node_count : run->count[property->role];
    const uint64_t key = tuple_key(sight, sight->locals + first, count);
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    show_nodes(sight, first, count, &view);
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

static void judge_monitor(struct sight *sight, unsigned node, bool with_node)
{
    const struct engine *engine = sight->judging->engine;
    const unsigned slot = sight->judged->monitor_slot;
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

void sight_judge(struct sight *sight, struct look look)
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

static uint64_t moved_key(const struct sight *sight, const struct moved *moved)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    if (property->scope != GS_SCOPE_STEP_ROLE)
        return node_key(moved->node, moved->before) << LOCAL_BITS | node_key(0, moved->after);
    uint32_t tuple[GS_NODES_MAX + 3] = {moved->node, moved->before, moved->after};
    const unsigned count = run->count[property->other_role];
    memcpy(tuple + 3, sight->locals + run->first[property->other_role], count * sizeof(*tuple));
    return tuple_key(sight, tuple, count + 3);
}

void sight_judge_moved(struct sight *sight, const struct moved *moved)
{
    const struct gs_run *run = sight->judging->engine->run;
    const struct gs_property *property = sight->judged->property;
    const uint64_t key = moved_key(sight, moved);
    if (is_known(sight, key))
        return;
    struct gs_view view = blank_view(sight);
    if (property->scope == GS_SCOPE_STEP_ROLE)
        show_nodes(sight, run->first[property->other_role], run->count[property->other_role], &view);
    show(&view, sight, moved->node);
    view.this_node = node_of(moved->node);
    view.before = local_bytes(sight->judging->engine, moved->node, moved->before);
    settle(sight, key, &view);
}
