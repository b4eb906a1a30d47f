/* START before the first step: every branch of the choices of every role that starts, node by node. */
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/explorer.h"
#include "checker/reactions.h"
#include "core/die.h"

/* The starts in progress. */
struct starting {
    struct explorer *explorer;
    start_visitor *visit, *misbehaved;
    uint64_t *cuts;
    void *context;
    struct event events[GS_NODES_MAX];
    size_t count;
};

/* Makes the successor's slots the explorer's own, for the next node to start from. */
static void adopt(struct explorer *explorer)
{
    for (unsigned i = 0; i < explorer->successor.change_count; i++)
        explorer->values[explorer->successor.changes[i].slot] = explorer->successor.changes[i].value;
    explorer->successor.change_count = 0;
}

static void start_from(struct starting *starting, unsigned node);

static void start_branch(struct starting *starting, unsigned node, const struct branch *branch)
{
    struct explorer *explorer = starting->explorer;
    struct successor *successor = &explorer->successor;
    successor_begin(explorer, ACTION_START);
    if (branch->flags & BRANCH_MISBEHAVED) {
        const struct interned why = interned_value(&explorer->engine->explanations, branch->explanation);
        memcpy(successor->explanation, why.data, why.size);
        successor->kind = SUCCESSOR_MISBEHAVES;
    } else {
        successor_set_local(explorer, node, branch->local);
        successor_send(explorer, branch, UINT32_MAX);
        successor_feed(explorer, effect_number(explorer->engine, node, branch->announcements, 0, 0, false));
    }
    if (successor->kind == SUCCESSOR_MISBEHAVES) {
        if (starting->misbehaved)
            starting->misbehaved(starting->context, explorer, starting->events, starting->count);
    } else if (successor->kind == SUCCESSOR_CUT) {
        if (starting->cuts)
            starting->cuts[successor->bound]++;
    } else {
        adopt(explorer);
        start_from(starting, node + 1);
    }
}

static void start_from(struct starting *starting, unsigned node)
{
    struct explorer *explorer = starting->explorer;
    struct engine *engine = explorer->engine;
    while (node < engine->run->node_count && !run_role_of(engine->run, node)->starts)
        node++;
    if (node == engine->run->node_count) {
        starting->visit(starting->context, explorer, starting->events, starting->count);
        return;
    }
    const uint32_t local = engine_configuration(engine, node, explorer->values[node])->local;
    const uint32_t number = reaction_to_start(engine, node, local);
    const struct reaction reaction = *engine_reaction(engine, number); /* only now: the table may have moved */
    for (uint32_t b = 0; b < reaction.count; b++) {
        uint32_t values[SLOTS_MAX];
        memcpy(values, explorer->values, sizeof(values));
        const struct branch branch = *engine_branch(engine, reaction.first + b);
        struct event *event = &starting->events[starting->count++];
        *event = (struct event){.action = ACTION_START, .node = node_of(node)};
        successor_append_choices(engine, &branch, event);
        start_branch(starting, node, &branch);
        starting->count--;
        memcpy(explorer->values, values, sizeof(values));
    }
}

void explorer_start(struct explorer *explorer, start_visitor *visit, start_visitor *misbehaved, uint64_t *cuts,
                    void *context)
{
    struct starting starting = {explorer, visit, misbehaved, cuts, context, .count = 0};
    memset(explorer->values, 0, sizeof(explorer->values)); /* number 0 is each slot's first value */
    if (explorer->engine->is_staged)
        visit(context, explorer, starting.events, 0);
    else
        start_from(&starting, 0);
}
