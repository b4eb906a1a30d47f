/* Comparing two states of one run, value by value. */
#include "checker/random_audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/monitor_values.h"
#include "core/die.h"

void random_audit_init(struct random_audit *audit, const struct random_scope *scope, bool cut_copies)
{
    memset(audit, 0, sizeof(*audit));
    audit->scope = scope;
    audit->cut_copies = cut_copies;
}

void random_audit_free(struct random_audit *audit)
{
    if (audit->is_begun)
        world_free(&audit->world);
    effect_free(&audit->effect);
}

void random_audit_begin(struct random_audit *audit, uint64_t run)
{
    char explanation[EXPLANATION_SIZE];
    if (audit->is_begun)
        world_free(&audit->world);
    audit->is_begun = true;
    audit->run = run;
    audit->step = 0;
    pthread_mutex_lock(audit->scope->lock);
    must(world_init(&audit->world, audit->scope->run, audit->scope->monitors_on, explanation));
    pthread_mutex_unlock(audit->scope->lock);
    if (audit->scope->stage)
        world_copy(&audit->world, &audit->scope->stage->world);
    audit->world.cut_instead_of_absorbing = audit->cut_copies;
}

/* ---- Differences ---- */

__attribute__((format(printf, 3, 4))) static void differ(struct random_audit *audit, const char *where,
                                                         const char *format, ...)
{
    va_list arguments;
    const int used =
        snprintf(audit->difference, sizeof(audit->difference),
                 "nondeterministic: run %" PRIu64 ", step %" PRIu64 ", %s: ", audit->run, audit->step, where);
    va_start(arguments, format);
    vsnprintf(audit->difference + used, sizeof(audit->difference) - (size_t)used, format, arguments);
    va_end(arguments);
}

static const char *different_field(const struct gs_run *run, unsigned node, const uint8_t *a, const uint8_t *b)
{
    for (const struct gs_field *field = run_role_of(run, node)->fields; field && field->name; field++)
        if (memcmp(a + field->offset, b + field->offset, field->size) != 0)
            return field->name;
    return local_armed(run, node, a) != local_armed(run, node, b) ? "timers" : "whether it is up";
}

static bool compare_node(struct random_audit *audit, const struct random_world *world, unsigned node)
{
    const struct gs_run *run = world->run;
    const uint8_t *local = local_bytes(&world->tables->engine, node, world->locals[node]);
    const uint8_t *again = audit->world.locals[node].data;
    struct bytes inbox = {0};
    if (memcmp(local, again, local_size(run, node)) != 0) {
        differ(audit, run->nodes[node].name, "%s differs when its handler runs again",
               different_field(run, node, local, again));
        return false;
    }
    random_world_inbox(world, node, &inbox);
    const bool equal = bytes_equal(&inbox, &audit->world.inboxes[node]);
    bytes_free(&inbox);
    if (!equal)
        differ(audit, run->nodes[node].name, "the messages in flight to it differ when handlers run again");
    return equal;
}

static bool compare_monitors(struct random_audit *audit, const struct random_world *world)
{
    const struct engine *engine = &world->tables->engine;
    for (unsigned m = 0; m < engine->monitor_count; m++) {
        const unsigned number = engine->monitors[m].number;
        uint8_t *value = monitor_value_bytes(engine, m, world->values[engine_monitor_slot(engine, m)]);
        const bool equal = memcmp(value, audit->world.monitors[number].data, monitor_value_size(engine, m)) == 0;
        free(value);
        if (equal)
            continue;
        differ(audit, run_monitor(world->run, number)->name, "its value differs when it is fed again");
        return false;
    }
    return true;
}

static void compare(struct random_audit *audit, const struct random_world *world)
{
    const struct environment *environment = random_environment(world);
    for (unsigned n = 0; n < world->run->node_count; n++)
        if (!compare_node(audit, world, n))
            return;
    if (!compare_monitors(audit, world))
        return;
    if (memcmp(environment->spent, audit->world.spent, sizeof(environment->spent)) != 0 ||
        environment->side != audit->world.side || world->side != audit->world.side)
        differ(audit, "network", "budgets or partition differ");
}

static const char *what_it_is(enum world_result result)
{
    static const char *const texts[] = {[WORLD_STEP] = "does not misbehave",
                                        [WORLD_SAME] = "changes nothing",
                                        [WORLD_NOT_ENABLED] = "is not enabled",
                                        [WORLD_CUT] = "is cut by a bound",
                                        [WORLD_MISBEHAVED] = "misbehaves"};
    return texts[result];
}

static void taken(void *context, const struct random_world *world, const struct event *event, enum random_result result)
{
    struct random_audit *audit = context;
    if (audit->difference[0])
        return;
    audit->step += event->action != ACTION_START;
    pthread_mutex_lock(audit->scope->lock);
    const enum world_result again = event->action == ACTION_START ? world_start(&audit->world, event, &audit->effect)
                                                                  : world_apply(&audit->world, event, &audit->effect);
    pthread_mutex_unlock(audit->scope->lock);
    if (again != (result == RANDOM_MISBEHAVES ? WORLD_MISBEHAVED : WORLD_STEP))
        differ(audit, event_name(world->run, event), "run again it %s%s%s", what_it_is(again),
               audit->effect.explanation[0] ? ": " : "", audit->effect.explanation);
    else if (result == RANDOM_STEP)
        compare(audit, world);
}

struct random_observer random_audit_observer(struct random_audit *audit)
{
    return (struct random_observer){taken, audit};
}
