/* What a step does beside moving nodes: it feeds monitors and spends budgets. An effect is what a step feeds to the
 * monitors, as bytes: the size of its announcements, the announcements (announcer's tag, type, value), then its steps.
 */
#include <stdlib.h>
#include <string.h>

#include "checker/effects.h"
#include "checker/monitor_values.h"
#include "core/die.h"
#include "core/judge.h"

struct effect_step {
    uint32_t node, before, after; /* local state numbers */
};

struct effect_parts {
    const uint8_t *announcements, *steps;
    size_t announcements_size, step_count;
};

static struct effect_parts parts_of(const struct engine *engine, uint32_t effect)
{
    const struct interned value = interned_value(&engine->effects, effect);
    struct effect_parts parts = {0};
    if (!value.size)
        return parts;
    uint32_t size;
    memcpy(&size, value.data, sizeof(size));
    parts.announcements = value.data + sizeof(size);
    parts.announcements_size = size;
    parts.steps = parts.announcements + size;
    parts.step_count = (value.size - sizeof(size) - size) / sizeof(struct effect_step);
    return parts;
}

static uint32_t intern_effect(struct engine *engine, const struct bytes *announcements, const struct bytes *steps)
{
    const uint32_t size = (uint32_t)announcements->size;
    struct bytes all = {0};
    if (announcements->size || steps->size) {
        bytes_append(&all, &size, sizeof(size));
        bytes_append(&all, announcements->data, announcements->size);
        bytes_append(&all, steps->data, steps->size);
    }
    const uint32_t number = engine_intern(engine, &engine->effects, all.data, all.size);
    bytes_free(&all);
    return number;
}

uint32_t effect_number(struct engine *engine, unsigned node, uint32_t announcements, uint32_t before, uint32_t after,
                       bool is_step)
{
    const struct interned value = interned_value(&engine->announcements, announcements);
    struct bytes tagged = {0}, steps = {0};
    const gs_node by = node_of(node);
    for (size_t at = 0; engine->has_announced && at < value.size;) {
        const size_t size = 1 + engine->run->model->announcements[value.data[at]].size;
        bytes_append(&tagged, &by.tag, 1);
        bytes_append(&tagged, value.data + at, size);
        at += size;
    }
    if (engine->has_stepped && is_step)
        bytes_append(&steps, &(struct effect_step){node, before, after}, sizeof(struct effect_step));
    const uint32_t number = intern_effect(engine, &tagged, &steps);
    bytes_free(&tagged);
    bytes_free(&steps);
    return number;
}

uint32_t effect_joined(struct engine *engine, uint32_t first, uint32_t second)
{
    const struct effect_parts a = parts_of(engine, first), b = parts_of(engine, second);
    struct bytes announcements = {0}, steps = {0};
    bytes_append(&announcements, a.announcements, a.announcements_size);
    bytes_append(&announcements, b.announcements, b.announcements_size);
    bytes_append(&steps, a.steps, a.step_count * sizeof(struct effect_step));
    bytes_append(&steps, b.steps, b.step_count * sizeof(struct effect_step));
    const uint32_t number = intern_effect(engine, &announcements, &steps);
    bytes_free(&announcements);
    bytes_free(&steps);
    return number;
}

/* Feeds the whole effect to a monitor's value in place. */
static bool feed(struct engine *engine, unsigned monitor, uint8_t *value, uint32_t effect, char *explanation)
{
    const struct gs_run *run = engine->run;
    const unsigned number = engine->monitors[monitor].number;
    const struct effect_parts parts = parts_of(engine, effect);
    for (size_t at = 0; at < parts.announcements_size;) {
        const uint8_t *announced = parts.announcements + at;
        if (!judge_monitor_announce(run, number, value, (gs_node){announced[0]}, announced[1], announced + 2,
                                    explanation))
            return false;
        at += 2 + run->model->announcements[announced[1]].size;
        if (GS_PLANT == 8)
            break;
    }
    for (size_t i = 0; i < parts.step_count; i++) {
        struct effect_step step;
        memcpy(&step, parts.steps + i * sizeof(step), sizeof(step));
        if (!judge_monitor_step(run, number, value, node_of(step.node), local_bytes(engine, step.node, step.before),
                                local_bytes(engine, step.node, step.after), explanation))
            return false;
    }
    return true;
}

/* The value after the effect, in memory of its own, or NULL if the monitor failed. */
static uint8_t *fed(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect, char *explanation)
{
    uint8_t *copy = monitor_value_bytes(engine, monitor, value);
    if (feed(engine, monitor, copy, effect, explanation))
        return copy;
    free(copy);
    return NULL;
}

static uint32_t add_next(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect)
{
    struct monitor_tables *tables = &engine->monitors[monitor];
    char explanation[EXPLANATION_SIZE];
    uint8_t *after = fed(engine, monitor, value, effect, explanation);
    const uint32_t next = after ? monitor_value_number(engine, monitor, after) : MARK_FAILED;
    free(after);
    pair_map_set(&tables->next, pair_of(value, effect), next);
    return next;
}

uint32_t monitor_next(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect)
{
    const struct pair_map *known = &engine->monitors[monitor].next;
    uint32_t next = pair_map_get(known, pair_of(value, effect));
    if (next != PAIR_ABSENT)
        return next;
    engine_lock(engine);
    next = pair_map_get(known, pair_of(value, effect)); /* another thread may have been first */
    if (next == PAIR_ABSENT)
        next = add_next(engine, monitor, value, effect);
    engine_unlock(engine);
    return next;
}

void monitor_explain(struct engine *engine, unsigned monitor, uint32_t value, uint32_t effect, char *explanation)
{
    explanation[0] = '\0';
    engine_lock(engine);
    free(fed(engine, monitor, value, effect, explanation));
    engine_unlock(engine);
}

/* ---- Environments: spent budgets and cut links ---- */

const struct environment *environment_of(const struct engine *engine, uint32_t number)
{
    return (const struct environment *)(const void *)interned_value(&engine->environments, number).data;
}

uint32_t environment_number(struct engine *engine, const struct environment *environment)
{
    return engine_intern(engine, &engine->environments, environment, sizeof(*environment));
}

uint32_t environment_spend(struct engine *engine, uint32_t number, int fault)
{
    if (fault == GS_FAULTS || engine->run->budgets[fault] < 0 || (GS_PLANT == 3 && fault == GS_TIMEOUT))
        return number;
    const uint64_t key = pair_of(number, (uint32_t)fault);
    uint32_t next = pair_map_get(&engine->spendings, key);
    if (next != PAIR_ABSENT)
        return next;
    struct environment environment = *environment_of(engine, number);
    next = MARK_FAILED;
    if (environment.spent[fault]++ < engine->run->budgets[fault])
        next = environment_number(engine, &environment);
    engine_lock(engine);
    pair_map_set(&engine->spendings, key, next); /* to the same, should another thread have been first */
    engine_unlock(engine);
    return next;
}
