/* What may happen next in a world. */
#include "core/die.h"
#include "core/world.h"

bool world_split_is_allowed(const struct gs_run *run, uint64_t side)
{
    const uint64_t all = run->node_count == 64 ? ~UINT64_C(0) : (UINT64_C(1) << run->node_count) - 1;
    if (!(side & 1) || (side & ~all) || side == all)
        return false;
    if (!run->model->splits)
        return true;
    gs_node_set one = GS_EMPTY_SET, other = GS_EMPTY_SET;
    for (unsigned n = 0; n < run->node_count; n++)
        if (side >> n & 1)
            one = gs_set_with(one, node_of(n));
        else
            other = gs_set_with(other, node_of(n));
    return run->model->splits(run, one) || run->model->splits(run, other);
}

static bool has_budget(const struct world *world, int fault)
{
    return world->run->budgets[fault] < 0 || world->spent[fault] < world->run->budgets[fault];
}

static void visit_mail(const struct world *world, unsigned node, event_visitor *visit, void *context)
{
    const struct bytes *inbox = &world->inboxes[node];
    for (size_t i = 0; i < inbox_count(world->run, inbox); i++) {
        if (!inbox_is_deliverable(world->run, inbox, i))
            continue;
        const uint8_t *entry = inbox_entry(world->run, inbox, i);
        struct event event = {
            .type = entry[1], .node = node_of(node), .from = (gs_node){entry[0]}, .message = entry + 1};
        const bool reachable = local_is_up(world->run, node, world->locals[node].data) &&
                               !world_link_is_cut(world->side, entry[0] - 1u, node);
        static const uint8_t actions[] = {ACTION_DELIVER, ACTION_DUPLICATE, ACTION_DROP};
        for (size_t k = 0; k < sizeof(actions); k++) {
            event.action = actions[k];
            const int fault = action_fault(event.action);
            if ((fault == GS_FAULTS || has_budget(world, fault)) && (reachable || event.action == ACTION_DROP))
                visit(context, &event);
        }
    }
}

static void visit_hosts(const struct world *world, event_visitor *visit, void *context)
{
    const struct gs_run *run = world->run;
    for (unsigned h = 0; h < run->host_count; h++) {
        unsigned lowest = GS_NODES_MAX;
        bool some_up = false, some_down = false;
        for (unsigned n = run->node_count; n-- > 0;)
            if (run->hosts[h] >> n & 1) {
                lowest = n;
                *(local_is_up(run, n, world->locals[n].data) ? &some_up : &some_down) = true;
            }
        const struct event crash = {.action = ACTION_CRASH, .node = node_of(lowest)};
        const struct event restart = {.action = ACTION_RESTART, .node = node_of(lowest)};
        const struct event reboot = {.action = ACTION_REBOOT, .node = node_of(lowest)};
        if (some_up && has_budget(world, GS_CRASH))
            visit(context, &crash);
        if (some_down && has_budget(world, GS_RESTART))
            visit(context, &restart);
        if (some_up && has_budget(world, GS_REBOOT))
            visit(context, &reboot);
    }
}

static void visit_splits(const struct world *world, event_visitor *visit, void *context)
{
    if (world->side) {
        visit(context, &(struct event){.action = ACTION_HEAL});
        return;
    }
    if (!has_budget(world, GS_PARTITION))
        return;
    must(world->run->node_count <= WORLD_SPLIT_NODES_MAX);
    for (uint64_t side = 1; side < UINT64_C(1) << world->run->node_count; side += 2)
        if (world_split_is_allowed(world->run, side))
            visit(context, &(struct event){.action = ACTION_PARTITION, .side = side});
}

struct own_visit {
    const struct world *world;
    event_visitor *visit;
    void *context;
};

static void visit_own_within_budget(void *context, const struct event *event)
{
    const struct own_visit *own = context;
    if (event->action != ACTION_TIMER || has_budget(own->world, GS_TIMEOUT))
        own->visit(own->context, event);
}

void world_visit(const struct world *world, event_visitor *visit, void *context)
{
    struct own_visit own = {world, visit, context};
    for (unsigned n = 0; n < world->run->node_count; n++) {
        visit_mail(world, n, visit, context);
        local_visit_own(world->run, n, world->locals[n].data, visit_own_within_budget, &own);
    }
    visit_hosts(world, visit, context);
    visit_splits(world, visit, context);
}
