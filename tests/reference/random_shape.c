/* Random structs: members of every kind, without padding, described by a field table and by cells. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "tests/reference/random_spec.h"

/* ---- Random numbers: SplitMix64 ---- */

uint64_t random_mix(uint64_t number)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

unsigned random_below(struct random_stream *random, unsigned bound)
{
    assert(bound > 0);
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    return (unsigned)(random_mix(random->state) >> 33) % bound;
}

unsigned random_between(struct random_stream *random, unsigned low, unsigned high)
{
    return low + random_below(random, high - low + 1);
}

bool random_chance(struct random_stream *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

uint64_t random_hash(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, (const uint8_t *)bytes + i, size - i < sizeof(word) ? size - i : sizeof(word));
        hash = random_mix(hash + word + 1);
    }
    return hash;
}

/* ---- Cells ---- */

unsigned random_cell_read_number(const struct cell *cell, const uint8_t *value)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < cell->width; i++)
        bits |= (uint64_t)value[cell->offset + i] << (8 * i);
    if (cell->is_signed && cell->width < 8 && bits >> (8 * cell->width - 1))
        bits |= ~UINT64_C(0) << (8 * cell->width);
    return (unsigned)(((int64_t)bits - cell->first) / cell->scale);
}

void random_cell_write_number(const struct cell *cell, uint8_t *value, uint64_t k)
{
    const uint64_t bits = (uint64_t)(cell->first + (int64_t)(k % cell->range) * cell->scale);
    for (unsigned i = 0; i < cell->width; i++)
        value[cell->offset + i] = (uint8_t)(bits >> (8 * i));
}

unsigned random_cell_read_length(const struct cell *cell, const uint8_t *value)
{
    assert(cell->what == CELL_LIST);
    return value[cell->offset]; /* capacities are small; the other bytes are zero */
}

int random_shape_pick(const struct shape *shape, enum cell_kind what, struct random_stream *random)
{
    unsigned candidates[SPEC_CELLS], count = 0;
    for (unsigned c = 0; c < shape->cell_count; c++)
        if (shape->cells[c].what == what)
            candidates[count++] = c;
    return count ? (int)candidates[random_below(random, count)] : -1;
}

/* ---- Members ---- */

static const char *const enum_names[] = {"red", "green", "blue", "black", "white"};

static const struct {
    uint8_t kind, width;
    bool is_signed;
} numbers[] = {{GS_KIND_U8, 1, false},  {GS_KIND_I8, 1, true},   {GS_KIND_U16, 2, false},
               {GS_KIND_I16, 2, true},  {GS_KIND_U32, 4, false}, {GS_KIND_I32, 4, true},
               {GS_KIND_U64, 8, false}, {GS_KIND_I64, 8, true},  {GS_KIND_BOOL, 1, false}};
enum { NUMBER_KINDS = sizeof(numbers) / sizeof(numbers[0]), BOOL = NUMBER_KINDS - 1 };

static bool has_room(const struct shape *shape, unsigned fields, unsigned cells)
{
    /* Each may need one more for padding before it. */
    return shape->field_count + fields + 1 < SPEC_FIELDS && shape->cell_count + cells <= SPEC_CELLS;
}

static struct gs_field *add_field(struct shape *shape, const char *stem, uint8_t kind, uint32_t size)
{
    assert(shape->field_count < SPEC_FIELDS);
    char *name = shape->names[shape->field_count];
    snprintf(name, SPEC_NAME, "%s_%u", stem, shape->field_count);
    struct gs_field *field = &shape->fields[shape->field_count++];
    *field = (struct gs_field){.name = name, .kind = kind, .offset = shape->size, .size = size};
    shape->size += size;
    return field;
}

/* What the author of a struct does against padding: a described member that stays zero. */
static void align(struct shape *shape, uint32_t alignment)
{
    const uint32_t gap = (alignment - shape->size % alignment) % alignment;
    if (gap)
        add_field(shape, "filler", GS_KIND_U8, gap)->is_array = 1;
}

static struct cell *add_cell(struct shape *shape, uint8_t what, uint32_t offset)
{
    assert(shape->cell_count < SPEC_CELLS && shape->field_count > 0);
    struct cell *cell = &shape->cells[shape->cell_count++];
    *cell = (struct cell){
        .what = what, .width = 1, .range = 2, .offset = offset, .scale = 1, .field = (uint8_t)(shape->field_count - 1)};
    return cell;
}

static void add_number(struct shape *shape, unsigned range, struct random_stream *random)
{
    const unsigned n = random_below(random, NUMBER_KINDS);
    const uint32_t width = numbers[n].width;
    align(shape, width);
    add_field(shape, "number", numbers[n].kind, width);
    struct cell *cell = add_cell(shape, CELL_NUMBER, shape->size - width);
    cell->width = numbers[n].width;
    cell->range = n == BOOL ? 2 : (uint8_t)range;
    cell->is_signed = numbers[n].is_signed;
    cell->scale = n == BOOL || random_chance(random, 50) ? 1 : width == 1 ? 29 : width == 2 ? 8191 : 500000003;
    if (cell->is_signed)
        cell->first = -cell->scale;
}

static void add_enum(struct shape *shape, unsigned range)
{
    struct gs_field *field = add_field(shape, "color", GS_KIND_U8, 1);
    field->names = enum_names;
    field->name_count = range;
    add_cell(shape, CELL_NUMBER, shape->size - 1)->range = (uint8_t)range;
}

static void add_array(struct shape *shape)
{
    add_field(shape, "array", GS_KIND_U8, 2)->is_array = 1;
    add_cell(shape, CELL_NUMBER, shape->size - 2);
    add_cell(shape, CELL_NUMBER, shape->size - 1)->range = 3;
}

/* An array by the nodes of a role; there may be room for more. */
static void add_by_node(struct shape *shape, const struct shape_wish *wish, struct random_stream *random)
{
    const unsigned role = random_below(random, wish->role_count);
    const uint8_t what = (uint8_t)random_below(random, 3); /* numbers, nodes, sets */
    const uint8_t kind = what == CELL_NODE ? GS_KIND_NODE : what == CELL_SET ? GS_KIND_NODE_SET : GS_KIND_U8;
    const uint32_t width = what == CELL_SET ? 8 : 1, start = shape->size;
    const unsigned room = SPEC_ROLE_NODES + random_below(random, 2);
    struct gs_field *field = add_field(shape, "by_node", kind, room * width);
    field->is_array = 1;
    field->by_role = (uint8_t)(role + 1);
    for (unsigned k = 0; k < wish->nodes_of_role[role]; k++)
        add_cell(shape, what, start + k * width);
}

/* The table of a nested struct {number, node}, or of a number alone. */
static const struct gs_field *nested_table(struct shape *shape)
{
    assert(shape->nested_count < SPEC_NESTED);
    struct gs_field *table = shape->nested[shape->nested_count++];
    table[0] = (struct gs_field){.name = "count", .kind = GS_KIND_U8, .offset = 0, .size = 1};
    table[1] = (struct gs_field){.name = "who", .kind = GS_KIND_NODE, .offset = 1, .size = 1};
    return table;
}

static void add_nested_cells(struct shape *shape, uint32_t offset)
{
    add_cell(shape, CELL_NUMBER, offset);
    add_cell(shape, CELL_NODE, offset + 1);
}

/* A nested struct, an array of two, or one by node. */
static void add_struct(struct shape *shape, const struct shape_wish *wish, struct random_stream *random)
{
    const unsigned form = random_below(random, 3), role = random_below(random, wish->role_count);
    const uint32_t start = shape->size;
    const unsigned room = form == 0 ? 1 : form == 1 ? 2 : SPEC_ROLE_NODES;
    const unsigned used = form == 2 ? wish->nodes_of_role[role] : room;
    struct gs_field *field = add_field(shape, "pair", GS_KIND_STRUCT, 2 * room);
    field->fields = nested_table(shape);
    if (form > 0) {
        field->is_array = 1;
        field->element_size = 2;
    }
    if (form == 2)
        field->by_role = (uint8_t)(role + 1);
    for (unsigned k = 0; k < used; k++)
        add_nested_cells(shape, start + 2 * k);
}

static void add_item_cells(struct shape *shape, struct cell *list, bool of_structs, bool of_nodes)
{
    struct cell *items = shape->items[shape->cell_count - 1];
    list->item_cells = of_structs ? 2 : 1;
    list->item_size = of_structs ? 2 : 1;
    items[0] = (struct cell){.what = of_nodes ? CELL_NODE : CELL_NUMBER, .width = 1, .range = 2, .scale = 1};
    items[1] = (struct cell){.what = CELL_NODE, .width = 1, .offset = 1};
}

/* A list of numbers, nodes or structs. */
static void add_list(struct shape *shape, struct random_stream *random)
{
    static const uint8_t length_kinds[] = {GS_KIND_U8, GS_KIND_U16, GS_KIND_U32}, widths[] = {1, 2, 4};
    const unsigned length = random_below(random, 3), form = random_below(random, 3);
    const unsigned capacity = random_between(random, 1, 2);
    align(shape, widths[length]);
    const struct gs_field *counter = add_field(shape, "length", length_kinds[length], widths[length]);
    struct cell *cell = add_cell(shape, CELL_LIST, counter->offset);
    cell->width = widths[length];
    cell->capacity = (uint8_t)capacity;
    add_item_cells(shape, cell, form == 2, form == 1);
    struct gs_field *field = add_field(shape, "list",
                                       form == 2   ? GS_KIND_STRUCT
                                       : form == 1 ? GS_KIND_NODE
                                                   : GS_KIND_U8,
                                       capacity * cell->item_size);
    field->is_array = 1;
    field->length = counter->name;
    cell->items = field->offset;
    cell->field = (uint8_t)(shape->field_count - 1);
    if (form == 2) {
        field->fields = nested_table(shape);
        field->element_size = 2;
    }
}

static void add_any(struct shape *shape, const struct shape_wish *wish, struct random_stream *random)
{
    const unsigned choice = random_below(random, 100);
    const bool nests = shape->nested_count < SPEC_NESTED;
    if (choice < 26)
        add_number(shape, random_between(random, 2, 3), random);
    else if (choice < 36)
        add_enum(shape, random_between(random, 2, 4));
    else if (choice < 50) {
        add_field(shape, "node", GS_KIND_NODE, 1);
        add_cell(shape, CELL_NODE, shape->size - 1);
    } else if (choice < 66) {
        add_field(shape, "set", GS_KIND_NODE_SET, 8);
        add_cell(shape, CELL_SET, shape->size - 8);
    } else if (choice < 70)
        add_array(shape);
    else if (choice < 80)
        add_by_node(shape, wish, random);
    else if (choice < 90 && nests)
        add_struct(shape, wish, random);
    else if (nests)
        add_list(shape, random);
    else
        add_number(shape, 2, random);
}

/* A list and its length survive together. */
static void mark_durable(struct shape *shape, struct random_stream *random)
{
    for (unsigned f = 0; f < shape->field_count; f++) {
        if (shape->fields[f].length)
            shape->fields[f].flags = shape->fields[f - 1].flags;
        else if (random_chance(random, 40))
            shape->fields[f].flags = GS_DURABLE;
    }
}

void random_shape_make(struct shape *shape, const struct shape_wish *wish, struct random_stream *random)
{
    *shape = (struct shape){.size = wish->message ? 1 : 0};
    if (wish->phase && random_chance(random, 50))
        add_enum(shape, random_between(random, 3, 5));
    else if (wish->phase) {
        add_field(shape, "phase", GS_KIND_U8, 1);
        add_cell(shape, CELL_NUMBER, shape->size - 1)->range = (uint8_t)random_between(random, 3, 5);
    }
    for (unsigned f = 0; f < wish->fields && has_room(shape, 2, 2 * SPEC_ROLE_NODES); f++)
        add_any(shape, wish, random);
    if (wish->durable)
        mark_durable(shape, random);
}
