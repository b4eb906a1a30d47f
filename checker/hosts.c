/* Crash, restart and reboot of nodes that share a host: several handlers run in one step. The branches of their choices
 * are multiplied out, node by node. */
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/explorer.h"
#include "checker/reactions.h"
#include "core/die.h"

/* A strike in progress: the nodes struck, how far the product has come. */
struct strike {
    struct explorer *explorer;
    enum action action;
    unsigned struck[GS_NODES_MAX];
    size_t count;
    uint32_t locals[GS_NODES_MAX]; /* old local states' numbers, by position in struck */
};

static uint32_t local_in_successor(const struct explorer *explorer, unsigned node)
{
    return engine_configuration(explorer->engine, node, successor_value(explorer, node))->local;
}

/* All nodes went through their handlers: bounds, monitors, visit. */
static void finish_strike(const struct strike *strike, uint32_t effect, bool outside, unsigned outside_role)
{
    struct explorer *explorer = strike->explorer;
    struct successor *successor = &explorer->successor;
    if (successor->kind == SUCCESSOR_STEP && outside) {
        successor->kind = SUCCESSOR_CUT;
        successor->bound = outside_role;
    }
    for (size_t i = 0; explorer->engine->has_stepped && i < strike->count; i++)
        effect = effect_joined(explorer->engine, effect,
                               effect_number(explorer->engine, strike->struck[i], 0, strike->locals[i],
                                             local_in_successor(explorer, strike->struck[i]), true));
    successor_feed(explorer, effect);
    explorer->take(explorer->context, explorer);
}

/* branch NULL: the nodes' choices are too many together. */
static void misbehave(struct explorer *explorer, unsigned node, const struct branch *branch)
{
    struct successor *successor = &explorer->successor;
    successor->kind = SUCCESSOR_MISBEHAVES;
    if (branch) {
        const struct interned why = interned_value(&explorer->engine->explanations, branch->explanation);
        memcpy(successor->explanation, why.data, why.size);
    } else {
        snprintf(successor->explanation, sizeof(successor->explanation), "%s: " STEP_HOST_CHOICES,
                 explorer->engine->run->nodes[node].name);
    }
    explorer->take(explorer->context, explorer);
}

/* Handlers of the nodes from `position` on, every branch; effect: announcements so far. */
static void run_handlers(const struct strike *strike, size_t position, uint32_t effect, unsigned outside_role)
{
    struct explorer *explorer = strike->explorer;
    struct engine *engine = explorer->engine;
    if (position == strike->count) {
        finish_strike(strike, effect, outside_role < GS_ROLES_MAX, outside_role);
        return;
    }
    const unsigned node = strike->struck[position];
    const uint32_t number = reaction_to_fault(engine, node, strike->locals[position], strike->action);
    const struct reaction reaction = *engine_reaction(engine, number);
    for (uint32_t b = 0; b < reaction.count; b++) {
        const struct branch branch = *engine_branch(engine, reaction.first + b);
        const struct successor before = explorer->successor;
        const bool too_many = explorer->successor.event.choice_count + branch.choice_count > GS_CHOICES_MAX;
        successor_append_choices(engine, &branch, &explorer->successor.event);
        if (branch.flags & BRANCH_MISBEHAVED || too_many) {
            misbehave(explorer, node, too_many ? NULL : &branch);
        } else {
            successor_set_local(explorer, node, branch.local);
            if (strike->action != ACTION_CRASH)
                successor_send(explorer, &branch, UINT32_MAX);
            const uint32_t own = effect_number(engine, node, branch.announcements, 0, 0, false);
            const unsigned role = branch.flags & BRANCH_OUTSIDE && outside_role == GS_ROLES_MAX
                                      ? engine->run->nodes[node].role
                                      : outside_role;
            run_handlers(strike, position + 1, effect_joined(engine, effect, own), role);
        }
        explorer->successor = before;
    }
}

/* Before any handler runs the whole host is down, and its channels are empty. */
static void put_down(const struct strike *strike)
{
    struct explorer *explorer = strike->explorer;
    struct engine *engine = explorer->engine;
    for (size_t i = 0; i < strike->count; i++) {
        const unsigned node = strike->struck[i];
        const uint32_t crash = reaction_to_fault(engine, node, strike->locals[i], ACTION_CRASH);
        const uint32_t inbox =
            engine->run->network == GS_FIFO ? empty_inbox(engine, node) : successor_inbox(explorer, node);
        const uint32_t local = engine_branch(engine, engine_reaction(engine, crash)->first)->local;
        successor_set(explorer, node, configuration_number(engine, node, local, inbox));
    }
}

static void strike_host(struct explorer *explorer, unsigned host, enum action action, int fault)
{
    struct engine *engine = explorer->engine;
    struct strike strike = {.explorer = explorer, .action = action};
    for (unsigned n = 0; n < engine->run->node_count; n++) {
        const uint32_t local = engine_configuration(engine, n, explorer->values[n])->local;
        if (engine->run->nodes[n].host == host &&
            local_is_up(engine->run, n, local_bytes(engine, n, local)) == (action != ACTION_RESTART)) {
            strike.locals[strike.count] = local;
            strike.struck[strike.count++] = n;
        }
    }
    if (!strike.count)
        return;
    successor_begin(explorer, (uint8_t)action);
    unsigned lowest = 0;
    while (engine->run->nodes[lowest].host != host)
        lowest++;
    explorer->successor.event = (struct event){.action = (uint8_t)action, .node = node_of(lowest)};
    explorer->successor.moves_local = explorer->successor.moves_many = true;
    const unsigned slot = engine_environment_slot(engine);
    const uint32_t environment = environment_spend(engine, explorer->values[slot], fault);
    if (environment == MARK_FAILED) {
        explorer->successor.kind = SUCCESSOR_CUT;
        explorer->successor.bound = BOUND_BUDGETS + (unsigned)fault;
        explorer->take(explorer->context, explorer);
        return;
    }
    if (environment != explorer->values[slot])
        successor_set(explorer, slot, environment);
    if (action != ACTION_RESTART)
        put_down(&strike);
    run_handlers(&strike, 0, 0, GS_ROLES_MAX);
}

void hosts_walk(struct explorer *explorer)
{
    const struct gs_run *run = explorer->engine->run;
    for (unsigned host = 0; host < run->host_count; host++) {
        if (!(run->hosts[host] & (run->hosts[host] - 1)))
            continue; /* a single node's are among its transitions */
        if (run->budgets[GS_CRASH])
            strike_host(explorer, host, ACTION_CRASH, GS_CRASH);
        if (run->budgets[GS_RESTART])
            strike_host(explorer, host, ACTION_RESTART, GS_RESTART);
        if (run->budgets[GS_REBOOT])
            strike_host(explorer, host, ACTION_REBOOT, GS_REBOOT);
    }
}
