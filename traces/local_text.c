/* A local state as text: all of it, or what has changed. Structs and arrays by node are shown only where they differ.
 */
#include "traces/local_text.h"

#include <string.h>

enum { PREFIX_SIZE = 200 };

static const char *separate(unsigned *count)
{
    return (*count)++ ? ", " : "";
}

/* ---- Timers ---- */

static void print_timer_name(const struct gs_event_type *type, unsigned index, FILE *out)
{
    fprintf(out, "timer %s", type->name);
    if (type->indices > 1)
        fprintf(out, " %u", index);
}

/* "timer election armed" of each timer in `mask`, as it is in `armed`. */
static void print_timers(const struct gs_run *run, unsigned role, uint64_t mask, uint64_t armed, unsigned *count,
                         FILE *out)
{
    for (unsigned t = 0; t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        if (type->kind != GS_TIMER || type->role != role)
            continue;
        for (unsigned i = 0; i < (type->indices ? type->indices : 1u); i++) {
            const unsigned bit = run->timer_base[t] + i;
            if (!(mask >> bit & 1))
                continue;
            fputs(separate(count), out);
            print_timer_name(type, i, out);
            fputs(armed >> bit & 1 ? " armed" : " off", out);
        }
    }
}

/* ---- All of it ---- */

void local_print(const struct gs_run *run, unsigned node, const uint8_t *local, FILE *out)
{
    const struct gs_role *role = run_role_of(run, node);
    const uint64_t armed = local_armed(run, node, local);
    const bool has_fields = role->size && role->fields && role->fields->name;
    unsigned count = has_fields;

    if (has_fields)
        fields_print(run, role->fields, local, out);
    print_timers(run, run->nodes[node].role, armed, armed, &count, out);
    if (!count)
        fputs("(no state)", out);
}

/* ---- Differences ---- */

/* A difference of two local states, as it is printed. */
struct difference {
    const struct gs_run *run;
    FILE *out;
    unsigned count;
};

static void print_change(struct difference *d, const char *prefix, const struct gs_field *fields,
                         const struct gs_field *field, const uint8_t *old, const uint8_t *new)
{
    fprintf(d->out, "%s%s ", separate(&d->count), prefix);
    field_print(d->run, fields, field, old, d->out);
    fputs(" -> ", d->out);
    field_print(d->run, fields, field, new, d->out);
}

static void print_struct_changes(struct difference *d, const char *prefix, const struct gs_field *fields,
                                 const uint8_t *old, const uint8_t *new);

/* One element of an array by node, or a struct, as a field of its own. */
static void print_element_change(struct difference *d, const char *name, const struct gs_field *fields,
                                 const struct gs_field *field, size_t index, const uint8_t *old, const uint8_t *new)
{
    const size_t size = field_element_size(field), offset = field->offset + index * size;
    struct gs_field element = *field;
    char prefix[PREFIX_SIZE];

    if (memcmp(old + offset, new + offset, size) == 0)
        return;
    if (field->kind == GS_KIND_STRUCT && !field->text) {
        snprintf(prefix, sizeof(prefix), "%s.", name);
        print_struct_changes(d, prefix, field->fields, old + offset, new + offset);
        return;
    }
    element.offset = (uint32_t)offset;
    element.size = (uint32_t)size;
    element.is_array = element.by_role = 0;
    print_change(d, name, fields, &element, old, new);
}

static bool has_changed(const struct gs_field *fields, const struct gs_field *field, const uint8_t *old,
                        const uint8_t *new)
{
    const struct gs_field *length = field->length ? fields_find(fields, field->length) : NULL;

    return !field_equal(field, old, new) || (length && !field_equal(length, old, new));
}

static void print_field_changes(struct difference *d, const char *prefix, const struct gs_field *fields,
                                const struct gs_field *field, const uint8_t *old, const uint8_t *new)
{
    const struct gs_run *run = d->run;
    char name[PREFIX_SIZE];

    snprintf(name, sizeof(name), "%.100s%.60s", prefix, field->name);
    if (field->is_array && !field->by_role) {
        print_change(d, name, fields, field, old, new);
    } else if (!field->is_array) {
        print_element_change(d, name, fields, field, 0, old, new);
    } else {
        for (size_t i = 0; i < field_count(run, fields, field, new); i++) {
            char element[2 * PREFIX_SIZE];
            snprintf(element, sizeof(element), "%s[%s]", name, run->nodes[run->first[field->by_role - 1] + i].name);
            print_element_change(d, element, fields, field, i, old, new);
        }
    }
}

/* "term 1 -> 2, ballot.round 0 -> 1, next[server1] 1 -> 2": structs and arrays by node only where they differ. */
static void print_struct_changes(struct difference *d, const char *prefix, const struct gs_field *fields,
                                 const uint8_t *old, const uint8_t *new)
{
    for (const struct gs_field *field = fields; field && field->name; field++)
        if (!field_is_length(fields, field) && has_changed(fields, field, old, new))
            print_field_changes(d, prefix, fields, field, old, new);
}

unsigned local_print_changes(const struct gs_run *run, unsigned node, const uint8_t *old, const uint8_t *new, FILE *out)
{
    const uint64_t old_armed = local_armed(run, node, old), new_armed = local_armed(run, node, new);
    struct difference d = {.run = run, .out = out};

    if (local_is_up(run, node, old) != local_is_up(run, node, new))
        fprintf(out, "%s%s", separate(&d.count), local_is_up(run, node, new) ? "down -> up" : "up -> down");
    print_struct_changes(&d, "", run_role_of(run, node)->fields, old, new);
    print_timers(run, run->nodes[node].role, old_armed ^ new_armed, new_armed, &d.count, out);
    return d.count;
}
