/* Generators: what a law's arguments are drawn with. Each is a function of the choices it takes, in which 0 is the
 * simplest, and draws only values that are allowed: what shrinking changes are the choices. */
#include <inttypes.h>
#include <string.h>

#include "core/fields.h"
#include "core/guard.h"
#include "core/random_stream.h"
#include "properties/law_case.h"

enum { FULL_CHANCE = 256, SMALL_LIMIT = 16, LIST_AVERAGE_MAX = 12, WHAT_SIZE = 160 };

static uint64_t below(uint64_t random, uint64_t limit)
{
    return limit == UINT64_MAX ? random : random % (limit + 1);
}

/* As many small ones as large: bugs live where numbers are equal, 0, or at their end. */
static uint64_t spread(struct random_stream *random, uint64_t limit)
{
    if (limit < SMALL_LIMIT)
        return below(random_next(random), limit);
    const uint32_t form = random_below(random, 16);
    if (form == 0)
        return limit;
    if (form < 4)
        return below(random_next(random), limit);
    const uint32_t shift = random_below(random, 64);
    return below(random_next(random) >> shift, limit);
}

static uint64_t draw(struct gs_law *l, uint64_t limit, int weight)
{
    struct random_stream random = {.state = l->random};
    uint64_t value;
    if (weight >= 0)
        value = random_below(&random, FULL_CHANCE) < (uint32_t)weight ? 0 : 1 + below(random_next(&random), limit - 1);
    else
        value = weight == LAW_SPREAD ? spread(&random, limit) : below(random_next(&random), limit);
    l->random = random.state;
    return value;
}

uint64_t law_choose(struct gs_law *l, uint64_t limit, int weight)
{
    if (l->taken.count == GS_LAW_CHOICES_MAX) {
        l->overran = true;
        gs_law_discard(l);
    }
    uint64_t value = 0;
    if (!l->given && limit > 0)
        value = draw(l, limit, weight);
    else if (l->given && l->taken.count < l->given->count)
        value = l->given->values[l->taken.count];
    if (value > limit)
        value = limit;
    l->taken.values[l->taken.count++] = value;
    return value;
}

/* ---- Numbers ---- */

/* Numbers of a range by distance from 0, or from its end that is nearest to 0: 0, 1, -1, 2, -2, ... */
static int64_t nth_number(int64_t min, int64_t max, uint64_t n)
{
    if (min >= 0)
        return (int64_t)((uint64_t)min + n);
    if (max <= 0)
        return (int64_t)((uint64_t)max - n);
    const uint64_t negative = 0 - (uint64_t)min, positive = (uint64_t)max;
    const uint64_t both = negative < positive ? negative : positive;
    if (n / 2 + n % 2 <= both && n / 2 <= both)
        return n % 2 ? (int64_t)(n / 2 + 1) : (int64_t)(0 - n / 2);
    return negative < positive ? (int64_t)(n - both) : (int64_t)(0 - (n - both));
}

static void expect_range(struct gs_law *l, const char *name, bool is_range)
{
    (void)l;
    if (!is_range)
        guard_fail("the law draws %s from a range without a value", name ? name : "a number");
}

static bool is_shown(const struct gs_law *l, const char *name)
{
    return name && l->shown && !l->silent;
}

int64_t gs_law_integer(struct gs_law *l, const char *name, int64_t min, int64_t max)
{
    expect_range(l, name, min <= max);
    const int64_t value = nth_number(min, max, law_choose(l, (uint64_t)max - (uint64_t)min, LAW_SPREAD));
    if (is_shown(l, name))
        fprintf(l->shown, "    %s: %" PRId64 "\n", name, value);
    return value;
}

uint64_t gs_law_unsigned(struct gs_law *l, const char *name, uint64_t min, uint64_t max)
{
    expect_range(l, name, min <= max);
    const uint64_t value = min + law_choose(l, max - min, LAW_SPREAD);
    if (is_shown(l, name))
        fprintf(l->shown, "    %s: %" PRIu64 "\n", name, value);
    return value;
}

bool gs_law_bool(struct gs_law *l, const char *name)
{
    const bool value = law_choose(l, 1, LAW_EVENLY) != 0;
    if (is_shown(l, name))
        fprintf(l->shown, "    %s: %s\n", name, value ? "true" : "false");
    return value;
}

unsigned gs_law_one_of(struct gs_law *l, const char *name, const char *const *names, unsigned count)
{
    expect_range(l, name, count > 0);
    const unsigned value = (unsigned)law_choose(l, count - 1, LAW_EVENLY);
    if (is_shown(l, name))
        fprintf(l->shown, "    %s: %s\n", name, names[value]);
    return value;
}

/* ---- Nodes ---- */

gs_node gs_law_node(struct gs_law *l, const char *name)
{
    const gs_node node = node_of((unsigned)law_choose(l, l->run->node_count - 1, LAW_EVENLY));
    if (is_shown(l, name))
        fprintf(l->shown, "    %s: %s\n", name, gs_run_name(l->run, node));
    return node;
}

static gs_node_set draw_nodes(struct gs_law *l)
{
    const uint64_t bits = law_choose(l, UINT64_MAX >> (64 - l->run->node_count), LAW_EVENLY);
    gs_node_set set = GS_EMPTY_SET;
    for (unsigned i = 0; i < l->run->node_count; i++)
        if (bits >> i & 1)
            set = gs_set_with(set, node_of(i));
    return set;
}

gs_node_set gs_law_nodes(struct gs_law *l, const char *name)
{
    const gs_node_set set = draw_nodes(l);
    const struct gs_field field = {.name = name, .size = sizeof(set), .kind = GS_KIND_NODE_SET};
    if (is_shown(l, name)) {
        fprintf(l->shown, "    %s: ", name);
        field_print(l->run, &field, &field, &set, l->shown);
        fputc('\n', l->shown);
    }
    return set;
}

/* ---- Lists ---- */

bool gs_law_more(struct gs_law *l, size_t count, size_t max)
{
    size_t average = (max + 1) / 2;
    if (average > LIST_AVERAGE_MAX)
        average = LIST_AVERAGE_MAX;
    if (l->mark_count < LAW_MARKS_MAX)
        l->marks[l->mark_count++] = l->taken.count;
    return count < max && law_choose(l, 1, FULL_CHANCE / (int)(average + 1)) != 0;
}

size_t gs_law_integers(struct gs_law *l, const char *name, int64_t min, int64_t max, int64_t *items, size_t items_max)
{
    size_t count = 0;
    for (; gs_law_more(l, count, items_max); count++)
        items[count] = gs_law_integer(l, NULL, min, max);
    if (is_shown(l, name)) {
        fprintf(l->shown, "    %s: [", name);
        for (size_t i = 0; i < count; i++)
            fprintf(l->shown, "%s%" PRId64, i ? ", " : "", items[i]);
        fprintf(l->shown, "]\n");
    }
    return count;
}

/* ---- Structs ---- */

static void draw_fields(struct gs_law *l, const struct gs_field *fields, void *value);

static uint64_t kind_max(const struct gs_field *field)
{
    const size_t bits = 8 * field_element_size(field);
    return UINT64_MAX >> (64 - bits) >> (field_is_signed(field) ? 1 : 0);
}

static uint64_t draw_number(struct gs_law *l, const struct gs_field *field)
{
    const uint64_t most = l->config->integers_max, kinds = kind_max(field);
    const uint64_t max = most && most < kinds ? most : kinds;
    if (!field_is_signed(field))
        return law_choose(l, max, LAW_SPREAD);
    const int64_t min = max < kinds ? -(int64_t)max : -(int64_t)max - 1;
    return (uint64_t)nth_number(min, (int64_t)max, law_choose(l, max - (uint64_t)min, LAW_SPREAD));
}

static void draw_element(struct gs_law *l, const struct gs_field *field, uint8_t *element)
{
    if (field->kind == GS_KIND_STRUCT) {
        draw_fields(l, field->fields, element);
    } else if (field->kind == GS_KIND_NODE_SET) {
        const gs_node_set set = draw_nodes(l);
        memcpy(element, &set, sizeof(set));
    } else if (field->kind == GS_KIND_NODE) {
        *element = (uint8_t)law_choose(l, l->run->node_count, LAW_EVENLY); /* a tag; 0 is nobody */
    } else if (field->kind == GS_KIND_BOOL) {
        *element = (uint8_t)law_choose(l, 1, LAW_EVENLY);
    } else if (field->names) {
        field_write_unsigned(field, element, law_choose(l, field->name_count - 1, LAW_EVENLY));
    } else {
        field_write_unsigned(field, element, draw_number(l, field));
    }
}

static void draw_list(struct gs_law *l, const struct gs_field *fields, const struct gs_field *list, void *value)
{
    const struct gs_field *length = fields_find(fields, list->length);
    const uint64_t length_max = kind_max(length);
    const size_t capacity = field_capacity(list), size = field_element_size(list);
    const size_t max = capacity < length_max ? capacity : (size_t)length_max;
    size_t count = 0;
    for (; gs_law_more(l, count, max); count++)
        draw_element(l, list, (uint8_t *)value + list->offset + count * size);
    field_write_unsigned(length, (uint8_t *)value + length->offset, count);
}

static void draw_fields(struct gs_law *l, const struct gs_field *fields, void *value)
{
    for (const struct gs_field *field = fields; field->name; field++) {
        if (field_is_length(fields, field))
            continue;
        if (field->length) {
            draw_list(l, fields, field, value);
            continue;
        }
        const size_t count = field_count(l->run, fields, field, value), size = field_element_size(field);
        for (size_t i = 0; i < count; i++)
            draw_element(l, field, (uint8_t *)value + field->offset + i * size);
    }
}

/* An array by the nodes of a role that is not there would always be empty: a law about it would say nothing. */
static void expect_roles(const struct gs_law *l, const struct gs_field *fields, const char *what)
{
    for (const struct gs_field *field = fields; field->name; field++) {
        if (field->by_role > l->run->role_count)
            guard_fail("%s: %s is indexed by the nodes of role %d, but there are only nodes of role 0: give gs_law the "
                       ".model that has the roles",
                       what, field->name, field->by_role - 1);
        if (field->kind == GS_KIND_STRUCT)
            expect_roles(l, field->fields, what);
    }
}

static void expect_table(const struct gs_law *l, const char *name, const struct gs_field *fields, size_t size)
{
    const char *what = name ? name : "the struct drawn";
    char error[LAW_FAILURE_SIZE];
    if (!fields_check(fields, size, 0, what, error, sizeof(error)))
        guard_fail("%s", error);
    expect_roles(l, fields, what);
    if (!fields_fit(l->run, fields, error, sizeof(error)))
        guard_fail("%s", error);
}

void gs_law_draw_struct(struct gs_law *l, const char *name, const struct gs_field *fields, void *value, size_t size)
{
    expect_table(l, name, fields, size);
    memset(value, 0, size);
    draw_fields(l, fields, value);
    if (name)
        gs_law_show(l, name, fields, value);
}

size_t gs_law_draw_structs(struct gs_law *l, const char *name, const struct gs_field *fields, void *items, size_t size,
                           size_t max)
{
    size_t count = 0;
    expect_table(l, name, fields, size);
    memset(items, 0, size * max);
    for (; gs_law_more(l, count, max); count++)
        draw_fields(l, fields, (uint8_t *)items + count * size);
    if (!is_shown(l, name))
        return count;
    fprintf(l->shown, "    %s: [", name);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ", (" : "(", l->shown);
        fields_print(l->run, fields, (const uint8_t *)items + i * size, l->shown);
        fputc(')', l->shown);
    }
    fputs("]\n", l->shown);
    return count;
}

void gs_law_show(struct gs_law *l, const char *name, const struct gs_field *fields, const void *value)
{
    if (!is_shown(l, name))
        return;
    fprintf(l->shown, "    %s: ", name);
    fields_print(l->run, fields, value, l->shown);
    fputc('\n', l->shown);
}
