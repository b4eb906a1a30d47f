/* Setting the tables up, and the initial values of the slots. */
#include "checker/engine.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/monitor_values.h"
#include "checker/transitions.h"
#include "core/die.h"
#include "core/judge.h"

static void add_monitor(struct engine *engine, unsigned number, const struct world *from)
{
    const struct gs_monitor *monitor = run_monitor(engine->run, number);
    const unsigned place = engine->monitor_count++;
    char explanation[EXPLANATION_SIZE];
    engine->monitors[place].number = number;
    if (!from)
        must(judge_monitor_initial(engine->run, number, &engine->scratch, explanation));
    monitor_value_number(engine, place, from ? from->monitors[number].data : engine->scratch.data);
    engine->has_announced |= judge_monitor_listens(monitor);
    engine->has_stepped |= monitor->stepped != NULL;
}

static void add_node(struct engine *engine, unsigned node, const struct world *from)
{
    char explanation[EXPLANATION_SIZE];
    if (!from)
        must(local_initial(engine->run, node, &engine->scratch, explanation));
    const struct bytes *first = from ? &from->locals[node] : &engine->scratch;
    const struct bytes mail = from ? from->inboxes[node] : (struct bytes){0};
    const uint32_t local = intern(&engine->nodes[node].locals, first->data, first->size);
    configuration_number(engine, node, local, intern(&engine->nodes[node].inboxes, mail.data, mail.size));
}

static void add_environment(struct engine *engine, const struct world *from)
{
    struct environment environment = {.side = from ? from->side : 0};
    if (from)
        memcpy(environment.spent, from->spent, sizeof(environment.spent));
    environment_number(engine, &environment);
}

static void list_splits(struct engine *engine)
{
    if (engine->run->budgets[GS_PARTITION] <= 0)
        return;
    for (uint64_t side = 1; side < UINT64_C(1) << engine->run->node_count; side += 2)
        if (world_split_is_allowed(engine->run, side)) {
            engine->splits = die_grow(engine->splits, &engine->split_capacity, engine->split_count + 1, sizeof(side));
            engine->splits[engine->split_count++] = side;
        }
}

void engine_lock_init(pthread_mutex_t *lock)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void engine_lock_shared(struct engine *engine)
{
    enum { ATTEMPTS = 64 };
    for (int i = 0; i < ATTEMPTS; i++) {
        if (pthread_mutex_trylock(engine->lock) == 0)
            return;
        sched_yield(); /* to whoever has it, where threads are more than cores */
    }
    pthread_mutex_lock(engine->lock);
}

/* What any table outgrows goes to the engine. */
static void retire_to(struct engine *engine)
{
    struct retired *retired = &engine->retired;
    for (unsigned n = 0; n < engine->run->node_count; n++) {
        struct node_tables *node = &engine->nodes[n];
        node->locals.index.retired = node->inboxes.index.retired = node->messages.index.retired = retired;
        node->reactions.retired = node->configurations.retired = retired;
    }
    for (unsigned m = 0; m < ENGINE_MONITORS_MAX; m++)
        engine->monitors[m].values.index.retired = engine->monitors[m].next.retired = retired;
    engine->announcements.index.retired = engine->effects.index.retired = retired;
    engine->explanations.index.retired = engine->profiles.index.retired = engine->environments.index.retired = retired;
    engine->spendings.retired = retired;
}

uint32_t engine_intern(struct engine *engine, struct interner *interner, const void *data, size_t size)
{
    uint32_t number = intern_find(interner, data, size);
    if (number != INTERN_ABSENT)
        return number;
    engine_lock(engine);
    number = intern(interner, data, size);
    engine_unlock(engine);
    return number;
}

void engine_init(struct engine *engine, const struct gs_run *run, uint64_t monitors_on, const struct world *from)
{
    *engine = (struct engine){.run = run, .is_staged = from != NULL, .list_limit = ENGINE_LIST_BYTES_MAX};
    /* Never NULL, also for a model that never chooses: empty ranges of it are copied. */
    engine->choices = die_grow(NULL, &engine->choice_capacity, 1, sizeof(uint16_t));
    engine_lock_init(&engine->own_lock);
    engine->lock = &engine->own_lock;
    retire_to(engine);
    intern(&engine->announcements, NULL, 0);
    intern(&engine->effects, NULL, 0);
    for (unsigned m = 0; m < run_monitor_count(run); m++)
        if (monitors_on >> m & 1)
            add_monitor(engine, m, from);
    for (unsigned n = 0; n < run->node_count; n++)
        add_node(engine, n, from);
    add_environment(engine, from);
    list_splits(engine);
}

static void free_node(struct node_tables *node)
{
    interner_free(&node->locals);
    interner_free(&node->inboxes);
    interner_free(&node->messages);
    pair_map_free(&node->reactions);
    number_index_free(&node->configurations);
    for (uint32_t c = 0; c < node->count; c++)
        free(node->table[c].additions);
    free(node->facts);
    free(node->table);
}

void engine_free(struct engine *engine)
{
    transitions_forget(engine);
    for (unsigned n = 0; n < GS_NODES_MAX; n++)
        free_node(&engine->nodes[n]);
    for (unsigned m = 0; m < engine->monitor_count; m++) {
        interner_free(&engine->monitors[m].values);
        pair_map_free(&engine->monitors[m].next);
    }
    free(engine->branches);
    free(engine->timers_set);
    free(engine->reactions);
    free(engine->sends);
    free(engine->choices);
    free(engine->own_events);
    free(engine->splits);
    interner_free(&engine->announcements);
    interner_free(&engine->effects);
    interner_free(&engine->explanations);
    interner_free(&engine->profiles);
    interner_free(&engine->environments);
    pair_map_free(&engine->spendings);
    outcome_free(&engine->outcome);
    bytes_free(&engine->scratch);
    retired_free(&engine->retired);
    pthread_mutex_destroy(&engine->own_lock);
}

void engine_slot_counts(const struct engine *engine, uint32_t *counts)
{
    for (unsigned n = 0; n < engine->run->node_count; n++)
        counts[n] = engine->nodes[n].count;
    for (unsigned m = 0; m < engine->monitor_count; m++)
        counts[engine_monitor_slot(engine, m)] = engine->monitors[m].values.count;
    counts[engine_environment_slot(engine)] = engine->environments.count;
}

uint64_t engine_monitors_on(const struct engine *engine)
{
    uint64_t on = 0;
    for (unsigned m = 0; m < engine->monitor_count; m++)
        on |= UINT64_C(1) << engine->monitors[m].number;
    return on;
}
