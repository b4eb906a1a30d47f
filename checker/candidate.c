/* The order of candidates, by contents only: numbers given in the run of the search never decide. */
#include "checker/candidate.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/monitor_values.h"

unsigned state_faults(const struct engine *engine, const uint32_t *values)
{
    const struct environment *environment = environment_of(engine, values[engine_environment_slot(engine)]);
    unsigned faults = 0;
    for (int f = 0; f < GS_FAULTS; f++)
        if (f != GS_TIMEOUT)
            faults += (unsigned)environment->spent[f];
    return faults;
}

void state_slot_bytes(struct engine *engine, unsigned slot, uint32_t value, struct bytes *out)
{
    const struct gs_run *run = engine->run;
    if (slot < run->node_count) {
        const struct configuration configuration = engine->nodes[slot].table[value];
        const struct bytes inbox = inbox_bytes(engine, slot, configuration.inbox);
        world_serialize_node(run, slot, local_bytes(engine, slot, configuration.local), &inbox, out);
    } else if (slot == engine_environment_slot(engine)) {
        bytes_append(out, environment_of(engine, value), sizeof(struct environment));
    } else {
        const unsigned monitor = slot - run->node_count;
        uint8_t *bytes = monitor_value_bytes(engine, monitor, value);
        fields_serialize(run, run_monitor(run, engine->monitors[monitor].number)->fields, bytes, out);
        free(bytes);
    }
}

int states_compare(struct engine *engine, const uint32_t *a, const uint32_t *b)
{
    for (unsigned slot = 0; slot < engine_slot_count(engine); slot++) {
        if (a[slot] == b[slot])
            continue;
        struct bytes one = {0}, other = {0};
        state_slot_bytes(engine, slot, a[slot], &one);
        state_slot_bytes(engine, slot, b[slot], &other);
        const int order = bytes_compare(&one, &other);
        bytes_free(&one);
        bytes_free(&other);
        if (order)
            return order < 0 ? -1 : 1;
    }
    return 0;
}

int candidate_compare(struct engine *engine, const struct candidate *a, const struct candidate *b)
{
    if (a->depth != b->depth)
        return a->depth < b->depth ? -1 : 1;
    if (a->faults != b->faults)
        return a->faults < b->faults ? -1 : 1;
    int order = 0;
    if (a->has_after && b->has_after)
        order = states_compare(engine, a->after, b->after);
    if (order == 0)
        order = states_compare(engine, a->state, b->state);
    if (order == 0 && a->has_step && b->has_step)
        order = event_compare(engine->run, &a->event, &b->event);
    return order;
}
