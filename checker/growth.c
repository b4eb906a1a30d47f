/* Distinct values are counted by their bytes: the engine knows local states and inboxes by number, their fields and
 * messages are told apart here. */
#include "checker/growth.h"

#include <stdlib.h>
#include <string.h>

#include "checker/configurations.h"
#include "checker/effects.h"
#include "checker/reach.h"
#include "core/die.h"

enum {
    STATES_MOST = 1 << 26, /* that are looked at: about a second */
    LOCALS_MOST = 1 << 18, /* of each node, whose fields are told apart */
    INBOXES_MOST = 1 << 18 /* of each node, whose messages are */
};

const char *const gs_growth_kind_names[] = {"local state", "inbox", "field", "timers", "monitor", "faults"};

struct measuring {
    const struct search *search;
    struct reach reach;
    struct gs_growth *growth;
    size_t part_capacity;
};

/* ---- Parts ---- */

static void count_by_depth(const struct gs_growth *growth, const struct reach_values *values,
                           uint64_t counts[GS_GROWTH_POINTS])
{
    for (uint32_t number = 0; number < values->count; number++) {
        size_t point = 0;
        if (!values->first[number])
            continue;
        while (values->first[number] - 1 > growth->depths[point])
            point++;
        counts[point]++;
    }
    for (size_t point = 1; point < growth->point_count; point++)
        counts[point] += counts[point - 1];
}

static struct gs_growth_part *add_part(struct measuring *m, enum gs_growth_kind kind, unsigned role,
                                       const struct reach_values *values)
{
    struct gs_growth *growth = m->growth;
    growth->parts = die_grow(growth->parts, &m->part_capacity, growth->part_count + 1, sizeof(*growth->parts));
    struct gs_growth_part *part = &growth->parts[growth->part_count++];
    *part = (struct gs_growth_part){.kind = (uint8_t)kind, .role = (uint8_t)role};
    count_by_depth(growth, values, part->values);
    return part;
}

static void widen(struct gs_growth_part *part, int64_t value)
{
    part->least = !part->has_range || value < part->least ? value : part->least;
    part->most = !part->has_range || value > part->most ? value : part->most;
    part->has_range = true;
}

static void measure_node(struct measuring *m, unsigned node)
{
    const struct gs_run *run = m->search->run;
    const struct reach_values *inboxes = &m->reach.inboxes[node];
    struct gs_growth_part *part = add_part(m, GS_GROWTH_LOCAL_STATE, run->nodes[node].role, &m->reach.locals[node]);
    snprintf(part->name, sizeof(part->name), "%s", run->nodes[node].name);
    part = add_part(m, GS_GROWTH_INBOX, run->nodes[node].role, inboxes);
    snprintf(part->name, sizeof(part->name), "%s", run->nodes[node].name);
    for (uint32_t i = 0; i < inboxes->count; i++) {
        const struct bytes inbox = inbox_bytes(&m->search->engine, node, i);
        if (inboxes->first[i])
            widen(part, (int64_t)inbox_count(run, &inbox));
    }
    m->growth->inboxes += part->values[m->growth->point_count - 1];
}

static void measure_slot(struct measuring *m, enum gs_growth_kind kind, unsigned slot, const char *name)
{
    struct gs_growth_part *part = add_part(m, kind, 0, &m->reach.slots[slot]);
    snprintf(part->name, sizeof(part->name), "%s", name);
}

/* ---- Fields of local states ---- */

/* Distinct values that are told apart by their bytes, as they are met. */
struct distinct {
    struct interner values;
    struct reach_values reach;
    size_t capacity;
};

static void note_value(struct distinct *distinct, const struct bytes *bytes, uint32_t mark)
{
    const uint32_t number = intern(&distinct->values, bytes->data, bytes->size);
    if (number == distinct->reach.count) {
        distinct->reach.first =
            die_grow(distinct->reach.first, &distinct->capacity, (size_t)number + 1, sizeof(*distinct->reach.first));
        distinct->reach.first[distinct->reach.count++] = mark;
    }
    if (mark < distinct->reach.first[number])
        distinct->reach.first[number] = mark;
}

static void distinct_free(struct distinct *distinct)
{
    interner_free(&distinct->values);
    free(distinct->reach.first);
}

/* Appends what is distinct: the bytes of a field, a list's length too; or (field NULL) the timers that are armed. */
static void append_value(const struct gs_run *run, unsigned node, const struct gs_field *field, const uint8_t *local,
                         struct bytes *out)
{
    if (!field) {
        const uint64_t armed = local_armed(run, node, local);
        bytes_append(out, &armed, sizeof(armed));
        return;
    }
    const struct gs_field *length = field->length ? fields_find(run_role_of(run, node)->fields, field->length) : NULL;
    bytes_append(out, local + field->offset, field->size);
    if (length)
        bytes_append(out, local + length->offset, length->size);
}

/* Numbers have a range, lists one of their lengths. */
static bool has_range(const struct gs_field *field)
{
    if (!field || field->length)
        return field != NULL;
    return !field->is_array && !field->names && field->kind >= GS_KIND_U8 && field->kind <= GS_KIND_I64;
}

static int64_t range_value(const struct gs_run *run, unsigned role, const struct gs_field *field, const uint8_t *local)
{
    if (field->length)
        return (int64_t)field_count(run, run->model->roles[role].fields, field, local);
    return field_is_signed(field) ? field_read_signed(field, local + field->offset)
                                  : (int64_t)field_read_unsigned(field, local + field->offset);
}

/* Visits every reached local state of a role's nodes, up to a cap. */
static void measure_field(struct measuring *m, unsigned role, const struct gs_field *field)
{
    const struct gs_run *run = m->search->run;
    struct distinct distinct = {.capacity = 0};
    struct bytes value = {0};
    struct gs_growth_part ranged = {0};
    for (unsigned node = run->first[role]; node < run->first[role] + run->count[role]; node++) {
        const struct reach_values *locals = &m->reach.locals[node];
        m->growth->cut |= locals->count > LOCALS_MOST;
        for (uint32_t i = 0; i < locals->count && i < LOCALS_MOST; i++) {
            if (!locals->first[i])
                continue;
            const uint8_t *local = local_bytes(&m->search->engine, node, i);
            value.size = 0;
            append_value(run, node, field, local, &value);
            note_value(&distinct, &value, locals->first[i]);
            if (has_range(field))
                widen(&ranged, range_value(run, role, field, local));
        }
    }
    struct gs_growth_part *part = add_part(m, field ? GS_GROWTH_FIELD : GS_GROWTH_TIMERS, role, &distinct.reach);
    snprintf(part->name, sizeof(part->name), "%s%s%s", run->model->roles[role].name, field ? "." : "",
             field ? field->name : "");
    part->has_range = ranged.has_range;
    part->is_list = field && field->length;
    part->least = ranged.least;
    part->most = ranged.most;
    distinct_free(&distinct);
    bytes_free(&value);
}

static void measure_role(struct measuring *m, unsigned role)
{
    const struct gs_run *run = m->search->run;
    const struct gs_field *fields = run->model->roles[role].size ? run->model->roles[role].fields : NULL;
    bool has_timers = false;
    if (!run->count[role])
        return;
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (!field_is_length(fields, field))
            measure_field(m, role, field);
    for (unsigned e = 0; e < run->event_count; e++)
        has_timers |= run->model->events[e].kind == GS_TIMER && run->model->events[e].role == role;
    if (has_timers)
        measure_field(m, role, NULL);
}

static int compare_parts(const void *a, const void *b)
{
    const struct gs_growth_part *one = a, *other = b;
    const uint64_t most = one->values[GS_GROWTH_POINTS - 1], others = other->values[GS_GROWTH_POINTS - 1];
    if (most != others)
        return most > others ? -1 : 1;
    return one->kind != other->kind ? one->kind - other->kind : strcmp(one->name, other->name);
}

static void measure_parts(struct measuring *m)
{
    const struct engine *engine = &m->search->engine;
    for (unsigned n = 0; n < m->search->run->node_count; n++)
        measure_node(m, n);
    for (unsigned r = 0; r < m->search->run->role_count; r++)
        measure_role(m, r);
    for (unsigned k = 0; k < engine->monitor_count; k++)
        measure_slot(m, GS_GROWTH_MONITOR, engine_monitor_slot(engine, k),
                     run_monitor(m->search->run, engine->monitors[k].number)->name);
    if (engine->environments.count > 1)
        measure_slot(m, GS_GROWTH_FAULTS, engine_environment_slot(engine), "");
    for (size_t p = 0; p < m->growth->part_count; p++) /* the total stands last, also where there are fewer depths */
        for (size_t point = m->growth->point_count; point < GS_GROWTH_POINTS; point++)
            m->growth->parts[p].values[point] = m->growth->parts[p].values[m->growth->point_count - 1];
    qsort(m->growth->parts, m->growth->part_count, sizeof(*m->growth->parts), compare_parts);
}

/* ---- Messages ---- */

static void count_inbox(struct measuring *m, unsigned node, uint32_t inbox, struct interner *known,
                        struct gs_growth_message *messages)
{
    const struct gs_run *run = m->search->run;
    const struct bytes mail = inbox_bytes(&m->search->engine, node, inbox);
    uint64_t counts[GS_EVENTS_MAX] = {0};
    struct bytes key = {0};
    for (size_t i = 0; i < inbox_count(run, &mail); i++) {
        const uint8_t *entry = inbox_entry(run, &mail, i);
        const uint8_t receiver = (uint8_t)node;
        const uint32_t former = known->count;
        key.size = 0;
        bytes_append(&key, &receiver, 1);
        bytes_append(&key, entry, inbox_stride(run));
        intern(known, key.data, key.size);
        messages[entry[1]].distinct += known->count - former;
        counts[entry[1]]++;
    }
    for (unsigned e = 0; e < run->event_count; e++) {
        messages[e].inboxes += counts[e] > 0;
        messages[e].most = counts[e] > messages[e].most ? counts[e] : messages[e].most;
    }
    bytes_free(&key);
}

static int compare_messages(const void *a, const void *b)
{
    const struct gs_growth_message *one = a, *other = b;
    if (one->inboxes != other->inboxes)
        return one->inboxes > other->inboxes ? -1 : 1;
    return strcmp(one->name, other->name);
}

static void measure_messages(struct measuring *m)
{
    const struct gs_run *run = m->search->run;
    struct gs_growth *growth = m->growth;
    struct interner known = {.count = 0};
    struct gs_growth_message all[GS_EVENTS_MAX] = {{0}};
    for (unsigned node = 0; node < run->node_count; node++) {
        const struct reach_values *inboxes = &m->reach.inboxes[node];
        growth->cut |= inboxes->count > INBOXES_MOST;
        for (uint32_t i = 0; i < inboxes->count && i < INBOXES_MOST; i++)
            if (inboxes->first[i])
                count_inbox(m, node, i, &known, all);
    }
    growth->messages = die_calloc(run->event_count, sizeof(*growth->messages));
    for (unsigned e = 0; e < run->event_count; e++)
        if (all[e].distinct) {
            growth->messages[growth->message_count] = all[e];
            growth->messages[growth->message_count++].name = run->model->events[e].name;
        }
    qsort(growth->messages, growth->message_count, sizeof(*growth->messages), compare_messages);
    interner_free(&known);
}

/* ---- Levels ---- */

/* Evenly spread, the last is the deepest. */
static void choose_depths(const struct search *search, struct gs_growth *growth)
{
    uint64_t deepest = search->levels.count - 1, sum = 0;
    while (deepest && !search->levels.levels[deepest].count)
        deepest--;
    const uint64_t count = deepest + 1 < GS_GROWTH_POINTS ? deepest + 1 : GS_GROWTH_POINTS;
    growth->point_count = (size_t)count;
    for (uint64_t i = 0; i < count; i++) /* (i + 1) (deepest + 1) / count - 1, without overflow */
        growth->depths[i] = (i + 1) * ((deepest + 1) / count) + (i + 1) * ((deepest + 1) % count) / count - 1;
    size_t point = 0;
    for (uint64_t depth = 0; depth <= deepest; depth++) {
        sum += search->levels.levels[depth].count;
        if (depth == growth->depths[point])
            growth->states[point++] = sum;
    }
}

double growth_estimate(double states, double last, const double factors[3], bool evenly)
{
    enum { LEVELS_MOST = 100000 };
    const double loss = (factors[2] - factors[0]) / 2;
    const double share = (factors[0] / factors[1] + factors[1] / factors[2]) / 2;
    double factor = factors[0];
    if (factor >= 1 && (evenly ? loss <= 0 : share >= 1))
        return 0;
    for (int level = 0; level < LEVELS_MOST && last >= 0.5 && factor > 0; level++) {
        if (evenly)
            factor -= loss > 0 ? loss : 0;
        else
            factor *= share < 1 ? share : 1;
        last *= factor > 0 ? factor : 0;
        states += last;
        if (states > 1e15)
            return 0;
    }
    return states;
}

static double ratio(uint64_t of, uint64_t to)
{
    return to ? (double)of / (double)to : 0;
}

static void estimate(struct gs_growth *growth, double states)
{
    if (growth->factors[2] <= 0)
        return;
    const double even = growth_estimate(states, (double)growth->levels[0], growth->factors, true),
                 shared = growth_estimate(states, (double)growth->levels[0], growth->factors, false);
    growth->estimate_least = even > 0 && (shared <= 0 || even < shared) ? even : shared;
    growth->estimate_most = even > 0 && shared > 0 ? (even > shared ? even : shared) : 0;
}

static void measure_levels(const struct search *search, struct gs_growth *growth)
{
    uint64_t depth = search->whole_levels ? search->whole_levels - 1 : 0, states = 0;
    while (depth && !search->levels.levels[depth].count)
        depth--;
    growth->whole_depth = depth;
    for (uint64_t i = 0; i < 4 && i <= depth; i++)
        growth->levels[i] = search->levels.levels[depth - i].count;
    for (unsigned i = 0; i < 3; i++)
        growth->factors[i] = ratio(growth->levels[i], growth->levels[i + 1]);
    for (uint64_t d = 0; d <= depth; d++)
        states += search->levels.levels[d].count;
    if (!search->complete)
        estimate(growth, (double)states);
}

void growth_measure(const struct search *search, struct gs_growth *growth)
{
    struct measuring m = {.search = search, .growth = growth};
    *growth = (struct gs_growth){.measured = true};
    choose_depths(search, growth);
    measure_levels(search, growth);
    reach_measure(&m.reach, search, STATES_MOST);
    growth->every = m.reach.every;
    growth->in_flight = m.reach.in_flight;
    measure_parts(&m);
    measure_messages(&m);
    reach_free(&m.reach);
}

void growth_free(struct gs_growth *growth)
{
    free(growth->parts);
    free(growth->messages);
    *growth = (struct gs_growth){0};
}
