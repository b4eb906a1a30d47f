/* The hot path: unpacked slots, a list per node, a few changes per successor. */
#include "checker/explorer.h"

#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/transitions.h"

void successor_begin(struct explorer *explorer, uint8_t action)
{
    struct successor *successor = &explorer->successor;
    successor->kind = SUCCESSOR_STEP;
    successor->action = action;
    successor->type = 0;
    successor->transition = NULL;
    successor->mover = explorer->engine->run->node_count;
    successor->moves_local = successor->moves_monitor = successor->moves_many = false;
    successor->absorbed = 0;
    successor->touched = 0;
    successor->change_count = 0;
}

void successor_set(struct explorer *explorer, unsigned slot, uint32_t value)
{
    struct successor *successor = &explorer->successor;
    for (unsigned i = 0; i < successor->change_count; i++)
        if (successor->changes[i].slot == slot) {
            successor->changes[i].value = value;
            return;
        }
    successor->changes[successor->change_count++] = (struct change){value, (uint8_t)slot};
}

uint32_t successor_inbox(const struct explorer *explorer, unsigned node)
{
    return engine_configuration(explorer->engine, node, successor_value(explorer, node))->inbox;
}

void successor_set_local(struct explorer *explorer, unsigned node, uint32_t local)
{
    successor_set(explorer, node, configuration_number(explorer->engine, node, local, successor_inbox(explorer, node)));
}

void successor_append_choices(const struct engine *engine, const struct branch *branch, struct event *event)
{
    for (unsigned i = 0; i < branch->choice_count && event->choice_count < GS_CHOICES_MAX; i++)
        event->choices[event->choice_count++] = branch_choices(engine, branch)[i];
}

static void cut(struct successor *successor, unsigned bound)
{
    if (successor->kind != SUCCESSOR_STEP)
        return;
    successor->kind = SUCCESSOR_CUT;
    successor->bound = bound;
}

void successor_send(struct explorer *explorer, const struct branch *branch, unsigned skip)
{
    struct engine *engine = explorer->engine;
    struct successor *successor = &explorer->successor;
    const struct sent *sends = branch_sends(engine, branch);
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const unsigned to = sends[i].to;
        successor->touched |= UINT64_C(1) << to;
        if (to == skip)
            continue;
        const uint32_t with = configuration_with_message(engine, to, successor_value(explorer, to), sends[i].message);
        if (with < MARK_FIRST)
            successor_set(explorer, to, with);
        else if (with == MARK_OVERFLOW)
            cut(successor, BOUND_CAPACITY);
        else if (with == MARK_ABSORBED && engine->cut_copies)
            cut(successor, BOUND_COPIES);
        else if (with == MARK_ABSORBED && engine->run->network == GS_BAG)
            successor->absorbed++; /* in `set` nothing is lost by it */
    }
}

void successor_feed(struct explorer *explorer, uint32_t effect)
{
    struct engine *engine = explorer->engine;
    struct successor *successor = &explorer->successor;
    if (!effect || successor->kind != SUCCESSOR_STEP)
        return;
    for (unsigned m = 0; m < engine->monitor_count; m++) {
        const unsigned slot = engine_monitor_slot(engine, m);
        const uint32_t value = explorer->values[slot], next = monitor_next(engine, m, value, effect);
        if (next == MARK_FAILED) {
            successor->kind = SUCCESSOR_MISBEHAVES;
            monitor_explain(engine, m, value, effect, successor->explanation);
            return;
        }
        if (next != value) {
            successor_set(explorer, slot, next);
            successor->moves_monitor = true;
        }
    }
}

/* Spends the event's budget. False: there is none left, which is visited as a cut. */
static bool spend(struct explorer *explorer, int fault)
{
    struct engine *engine = explorer->engine;
    const unsigned slot = engine_environment_slot(engine);
    const uint32_t next = environment_spend(engine, explorer->values[slot], fault);
    if (next == MARK_FAILED) {
        cut(&explorer->successor, BOUND_BUDGETS + (unsigned)fault);
        return false;
    }
    if (next != explorer->values[slot])
        successor_set(explorer, slot, next);
    return true;
}

/* Fills in what taking a transition of a node does. */
static void take_transition(struct explorer *explorer, unsigned node, struct transition *transition)
{
    struct engine *engine = explorer->engine;
    struct successor *successor = &explorer->successor;
    const int fault = action_fault(transition->action);
    const unsigned flags = transition_flags(transition);
    successor_begin(explorer, transition->action);
    successor->transition = transition;
    successor->mover = node;
    successor->touched = UINT64_C(1) << node;
    successor->type = transition->type;
    if (fault != GS_FAULTS && !spend(explorer, fault))
        return;
    if (flags & TRANSITION_MISBEHAVES) {
        const uint32_t why = engine_branch(engine, transition->branch)->explanation;
        successor->kind = SUCCESSOR_MISBEHAVES;
        const struct interned text = interned_value(&engine->explanations, why);
        memcpy(successor->explanation, text.data, text.size);
        return;
    }
    successor->moves_local = flags & TRANSITION_NEW_LOCAL;
    successor->absorbed = transition->absorbed;
    if (transition->configuration != explorer->values[node])
        successor_set(explorer, node, transition->configuration);
    if (flags & TRANSITION_OVERFLOWS)
        cut(successor, BOUND_CAPACITY);
    if (flags & TRANSITION_CUT_COPIES)
        cut(successor, BOUND_COPIES);
    if (transition->branch != UINT32_MAX && engine_branch(engine, transition->branch)->send_count)
        successor_send(explorer, engine_branch(engine, transition->branch), node);
    if (flags & TRANSITION_OUTSIDE && GS_PLANT != 5)
        cut(successor, engine->run->nodes[node].role);
    successor_feed(explorer, transition->effect);
}

static bool crosses_a_cut(const struct transition *transition, unsigned node, uint64_t side)
{
    return (transition->action == ACTION_DELIVER || transition->action == ACTION_DUPLICATE) &&
           world_link_is_cut(side, transition->from, node) && !(GS_PLANT == 9 && node < transition->from);
}

static void partitions_walk(struct explorer *explorer)
{
    struct engine *engine = explorer->engine;
    const unsigned slot = engine_environment_slot(engine);
    struct environment environment = *environment_of(engine, explorer->values[slot]);
    struct successor *successor = &explorer->successor;
    for (size_t i = 0; i < (environment.side ? 1 : engine->split_count); i++) {
        const bool heals = environment.side;
        struct environment next = environment;
        successor_begin(explorer, heals ? ACTION_HEAL : ACTION_PARTITION);
        successor->event = (struct event){.action = successor->action, .side = heals ? 0 : engine->splits[i]};
        next.side = successor->event.side;
        next.spent[GS_PARTITION] += !heals;
        if (next.spent[GS_PARTITION] > engine->run->budgets[GS_PARTITION])
            cut(successor, BOUND_BUDGETS + GS_PARTITION);
        else
            successor_set(explorer, slot, environment_number(engine, &next));
        explorer->take(explorer->context, explorer);
    }
}

/* Is it enough to count all that a node asleep can do? */
static inline bool is_counted(struct explorer *explorer, unsigned node)
{
    const struct configuration *configuration = engine_configuration(explorer->engine, node, explorer->values[node]);
    const uint32_t profile = atomic_load_explicit(&configuration->profile, memory_order_acquire);
    if (profile)
        explorer->slept->lists[node % 4][profile - 1]++;
    return profile;
}

/* Is a transition of a node asleep surely a step, whose messages are all added, lost or, in `set`, there already? */
static bool is_plain_step(const struct explorer *explorer, unsigned node, const struct transition *transition)
{
    struct engine *engine = explorer->engine;
    const unsigned flags = transition_flags(transition), wanted = TRANSITION_COMMUTES | TRANSITION_NEW_LOCAL;
    if ((flags & wanted) != wanted)
        return false;
    const struct branch *branch = engine_branch(engine, transition->branch);
    const struct sent *sends = branch_sends(engine, branch);
    uint64_t receivers = UINT64_C(1) << sleep_mover(explorer->sleep);
    for (uint32_t i = 0; i < branch->send_count; i++) {
        const unsigned to = sends[i].to;
        if (to == node)
            continue;
        if (receivers >> to & 1)
            return false; /* by the second message its mail is no longer as it was */
        receivers |= UINT64_C(1) << to;
        const uint32_t with = configuration_with_message(engine, to, explorer->values[to], sends[i].message);
        if (with == MARK_OVERFLOW || (with == MARK_ABSORBED && engine->run->network != GS_SET))
            return false;
    }
    return true;
}

void explorer_walk(struct explorer *explorer)
{
    struct engine *engine = explorer->engine;
    const uint64_t side =
        engine->split_count ? environment_of(engine, explorer->values[engine_environment_slot(engine)])->side : 0;
    for (unsigned node = 0; node < engine->run->node_count; node++) {
        const bool is_asleep = explorer->slept && !side && sleep_has(explorer->sleep, node);
        if (is_asleep && is_counted(explorer, node))
            continue;
        struct transition_list *list = transitions_of(engine, node, explorer->values[node]);
        const bool takes_simple = explorer->take_simple && !side;
        if (takes_simple && list->simple_count)
            explorer->take_simple(explorer->context, node, list);
        for (uint32_t i = takes_simple ? list->simple_count : 0; i < list->count; i++) {
            struct transition *transition = &list->items[i];
            if (side && crosses_a_cut(transition, node, side))
                continue;
            if (is_asleep && is_plain_step(explorer, node, transition)) {
                explorer->slept->steps[transition->counter]++;
                continue;
            }
            take_transition(explorer, node, transition);
            explorer->take(explorer->context, explorer);
        }
        transitions_done(list);
    }
    if (engine->run->host_count != engine->run->node_count)
        hosts_walk(explorer);
    if (engine->split_count)
        partitions_walk(explorer);
}

void explorer_event(const struct explorer *explorer, struct event *event)
{
    if (explorer->successor.transition)
        transition_event(explorer->engine, explorer->successor.mover, explorer->successor.transition, event);
    else
        *event = explorer->successor.event;
}

static uint32_t local_of(const struct engine *engine, unsigned node, uint32_t configuration)
{
    return engine_configuration(engine, node, configuration)->local;
}

size_t explorer_moved(const struct explorer *explorer, struct moved moved[GS_NODES_MAX])
{
    const struct engine *engine = explorer->engine;
    const struct successor *successor = &explorer->successor;
    size_t count = 0;
    uint64_t movers = 0;
    if (successor->transition && successor->action != ACTION_DROP)
        movers = UINT64_C(1) << successor->mover;
    else if (!successor->transition && successor->event.node.tag)
        for (unsigned n = 0; n < engine->run->node_count; n++) {
            const uint32_t before = local_of(engine, n, explorer->values[n]);
            const bool was_up = local_is_up(engine->run, n, local_bytes(engine, n, before));
            if (engine->run->nodes[n].host == engine->run->nodes[node_number(successor->event.node)].host &&
                was_up == (successor->action != ACTION_RESTART))
                movers |= UINT64_C(1) << n;
        }
    for (unsigned n = 0; movers >> n && n < engine->run->node_count; n++)
        if (movers >> n & 1)
            moved[count++] = (struct moved){n, local_of(engine, n, explorer->values[n]),
                                            local_of(engine, n, successor_value(explorer, n))};
    return count;
}
