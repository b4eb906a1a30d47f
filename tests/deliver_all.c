#include "tests/deliver_all.h"

/* The first delivery that is a step. */
struct delivery {
    const struct world *world;
    bool is_found;
    struct world next;
};

static void try_delivery(void *context, const struct event *event)
{
    struct delivery *delivery = context;
    if (delivery->is_found || event->action != ACTION_DELIVER)
        return;
    world_copy(&delivery->next, delivery->world);
    delivery->is_found = world_apply(&delivery->next, event, NULL) == WORLD_STEP;
}

int deliver_all(struct world *world)
{
    for (int steps = 0;; steps++) {
        struct delivery delivery = {.world = world};
        world_visit(world, try_delivery, &delivery);
        if (delivery.is_found)
            world_copy(world, &delivery.next);
        world_free(&delivery.next);
        if (!delivery.is_found)
            return steps;
    }
}
