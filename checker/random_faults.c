/* A fault that is not possible when its step has come (nobody is down yet) waits until it is. */
#include "checker/random_faults.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

enum { PLANNED_MOST = 4096 }; /* of a kind */

static const uint8_t planned_actions[] = {ACTION_DROP,    ACTION_DUPLICATE, ACTION_CRASH,
                                          ACTION_RESTART, ACTION_REBOOT,    ACTION_PARTITION};

void random_faults_free(struct random_faults *faults)
{
    free(faults->items);
    *faults = (struct random_faults){.count = 0};
}

/* Behind those of the same step. */
static void insert(struct random_faults *faults, struct planned_fault fault)
{
    size_t place = faults->count;
    faults->items = die_grow(faults->items, &faults->capacity, faults->count + 1, sizeof(*faults->items));
    for (; place && faults->items[place - 1].at > fault.at; place--)
        faults->items[place] = faults->items[place - 1];
    faults->items[place] = fault;
    faults->count++;
}

static uint32_t at_most(uint64_t number, uint32_t most)
{
    return number < most ? (uint32_t)number : most;
}

/* Of a partition that is there at that step: how long it lasts. */
static void plan_heal(struct random_faults *faults, uint64_t from, struct random_stream *stream)
{
    const uint32_t length = random_below(stream, at_most(faults->horizon / 2 + 1, UINT32_MAX));
    insert(faults, (struct planned_fault){from + length, ACTION_HEAL});
}

void random_faults_plan(struct random_faults *faults, const struct random_world *world, struct random_stream *stream,
                        uint64_t horizon, unsigned kinds)
{
    const struct environment *first = random_first_environment(world);
    faults->count = 0;
    faults->horizon = horizon ? horizon : 1;
    const uint32_t steps = at_most(faults->horizon, UINT32_MAX);
    for (size_t i = 0; i < sizeof(planned_actions); i++) {
        const int kind = action_fault(planned_actions[i]);
        const int64_t budget = world->run->budgets[kind] - first->spent[kind];
        if (!(kinds >> kind & 1) || budget <= 0)
            continue;
        const uint32_t most = at_most((uint64_t)budget, PLANNED_MOST);
        for (uint32_t left = random_below(stream, most + 1); left; left--)
            insert(faults, (struct planned_fault){random_below(stream, steps), planned_actions[i]});
    }
    if (first->side)
        plan_heal(faults, 0, stream);
}

bool random_faults_draw(struct random_faults *faults, const struct random_world *world, uint64_t until,
                        struct random_stream *stream, struct random_move *move)
{
    for (size_t i = 0; i < faults->count && faults->items[i].at <= until; i++) {
        const struct planned_fault fault = faults->items[i];
        if (!random_draw_fault(world, (enum action)fault.action, stream, move))
            continue;
        memmove(&faults->items[i], &faults->items[i + 1], (faults->count - i - 1) * sizeof(*faults->items));
        faults->count--;
        if (fault.action == ACTION_PARTITION)
            plan_heal(faults, world->depth + 1, stream);
        return true;
    }
    return false;
}
