/* A list: there are some dozen configurations. */
#include "checker/searched.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"

bool searched_is_same(const struct gs_run *a, const struct gs_run *b)
{
    return memcmp(a->options, b->options, sizeof(a->options)) == 0 &&
           memcmp(a->budgets, b->budgets, sizeof(a->budgets)) == 0 && a->mutants == b->mutants &&
           a->copies == b->copies && a->capacity == b->capacity;
}

static struct searched_run *find(const struct searched *searched, const struct gs_run *run)
{
    for (size_t i = 0; i < searched->count; i++)
        if (searched_is_same(&searched->items[i].run, run))
            return &searched->items[i];
    return NULL;
}

bool searched_has_none(const struct searched *searched, const struct gs_run *run, size_t steps)
{
    const struct searched_run *known = find(searched, run);

    return known && known->has_none && steps <= known->none_steps;
}

bool searched_tells(const struct searched *searched, const struct gs_run *run, const struct shortest_limits *limits,
                    enum shortest_verdict *verdict)
{
    const struct searched_run *known = find(searched, run);

    if (searched_has_none(searched, run, limits->steps_max)) {
        *verdict = SHORTEST_NONE;
        return true;
    }
    if (known && known->has_stopped && limits->states_max && limits->states_max <= known->stop_states &&
        limits->steps_max >= known->stop_steps) {
        *verdict = SHORTEST_UNKNOWN;
        return true;
    }
    return false;
}

struct searched_run *searched_of(struct searched *searched, const struct gs_run *run)
{
    struct searched_run *known = find(searched, run);

    if (known)
        return known;
    searched->items = die_grow(searched->items, &searched->capacity, searched->count + 1, sizeof(*searched->items));
    known = &searched->items[searched->count++];
    *known = (struct searched_run){.run = *run};
    return known;
}

void searched_note(struct searched *searched, const struct gs_run *run, const struct shortest_limits *limits,
                   const struct shortest *shortest)
{
    struct searched_run *known = searched_of(searched, run);

    if (shortest->verdict == SHORTEST_NONE && (!known->has_none || limits->steps_max > known->none_steps)) {
        known->has_none = true;
        known->none_steps = limits->steps_max;
    }
    if (shortest->has_too_many && (!known->has_stopped || limits->states_max > known->stop_states)) {
        known->has_stopped = true;
        known->stop_states = limits->states_max;
        known->stop_steps = shortest->steps;
    }
}

void searched_free(struct searched *searched)
{
    free(searched->items);
    *searched = (struct searched){0};
}
