/* Reading goes down the field tables, as deep as structs are nested; what is left is one field of one struct, or one
 * element of it, which is made to look like a field of its own. */
#include "traces/state_path.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/local_text.h"

/* A path while it is read. */
struct reading {
    const struct gs_run *run;
    const char *text, *rest;
    struct state_path *path;
    struct state_path_error *error;
};

/* ---- Errors ---- */

__attribute__((format(printf, 2, 3))) static bool refuse(struct reading *r, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(r->error->reason, sizeof(r->error->reason), format, arguments);
    va_end(arguments);
    return false;
}

static void add_known(struct reading *r, const char *name)
{
    if (r->error->known_count < STATE_PATH_KNOWN_MAX)
        r->error->known[r->error->known_count++] = name;
}

__attribute__((format(printf, 3, 4))) static bool refuse_word(struct reading *r, const char *word, const char *format,
                                                              ...)
{
    va_list arguments;

    snprintf(r->error->word, sizeof(r->error->word), "%s", word);
    va_start(arguments, format);
    vsnprintf(r->error->kind, sizeof(r->error->kind), format, arguments);
    va_end(arguments);
    return false;
}

/* The text up to where the reading is. */
static int length_so_far(const struct reading *r)
{
    return (int)(r->rest - r->text);
}

/* Takes a word up to the next of the characters, into `word`. */
static void take_word(struct reading *r, const char *ends, char *word, size_t size)
{
    const size_t length = strcspn(r->rest, ends);

    snprintf(word, size, "%.*s", (int)length, r->rest);
    r->rest += length;
}

/* ---- The root ---- */

static bool read_root(struct reading *r, uint64_t monitors_on)
{
    char word[80];

    take_word(r, ".[", word, sizeof(word));
    for (unsigned n = 0; n < r->run->node_count; n++) {
        if (strcmp(r->run->nodes[n].name, word) == 0) {
            r->path->number = n;
            return true;
        }
        add_known(r, r->run->nodes[n].name);
    }
    for (unsigned m = 0; m < run_monitor_count(r->run); m++) {
        if (!(monitors_on >> m & 1))
            continue;
        if (strcmp(run_monitor(r->run, m)->name, word) == 0) {
            r->path->number = m;
            return r->path->is_monitor = true;
        }
        add_known(r, run_monitor(r->run, m)->name);
    }
    return refuse_word(r, word, monitors_on ? "node or monitor" : "node");
}

static const struct gs_field *root_fields(const struct reading *r)
{
    return r->path->is_monitor ? run_monitor(r->run, r->path->number)->fields
                               : run_role_of(r->run, r->path->number)->fields;
}

/* ---- Members ---- */

static const struct {
    const char *name, *other; /* other: where the struct has a member of that name */
    enum state_path_part part;
} own_parts[] = {
    {"up", "up_", STATE_PATH_UP}, {"timers", "timers_", STATE_PATH_TIMERS}, {"inbox", "inbox_", STATE_PATH_INBOX}};

/* What a node has besides its struct. */
static bool read_own_part(struct reading *r, const struct gs_field *fields, const char *word)
{
    for (size_t i = 0; i < sizeof(own_parts) / sizeof(own_parts[0]); i++) {
        const char *name = fields_find(fields, own_parts[i].name) ? own_parts[i].other : own_parts[i].name;
        if (strcmp(name, word) == 0) {
            r->path->part = own_parts[i].part;
            return true;
        }
        add_known(r, name);
    }
    return false;
}

static bool read_member(struct reading *r, const struct gs_field *fields)
{
    const int before = length_so_far(r);
    char word[80];

    r->rest++;
    take_word(r, ".[", word, sizeof(word));
    for (const struct gs_field *field = fields; field && field->name; field++) {
        if (strcmp(field->name, word) == 0) {
            r->path->part = STATE_PATH_FIELD;
            r->path->fields = fields;
            r->path->field = *field;
            return true;
        }
        add_known(r, field->name);
    }
    if (r->path->part == STATE_PATH_WHOLE && !r->path->is_monitor && read_own_part(r, fields, word))
        return true;
    return refuse_word(r, word, "member of %.*s", before < 100 ? before : 100, r->text);
}

/* ---- Elements ---- */

/* The element of an array by node: a node's name, or its place among its role. */
static bool find_by_node(struct reading *r, const char *key, size_t *index)
{
    const unsigned role = r->path->field.by_role - 1u;

    for (unsigned k = 0; k < r->run->count[role]; k++)
        if (strcmp(r->run->nodes[r->run->first[role] + k].name, key) == 0) {
            *index = k;
            return true;
        }
    return false;
}

static bool find_element(struct reading *r, const char *key, size_t *index)
{
    const struct gs_field *field = &r->path->field;
    const size_t capacity = field->by_role ? r->run->count[field->by_role - 1] : field_capacity(field);
    char *end;

    if (field->by_role && find_by_node(r, key, index))
        return true;
    *index = strtoul(key, &end, 10);
    if (key[0] < '0' || key[0] > '9' || *end)
        return refuse(r, "%.*s: [%.60s] is not a number%s", length_so_far(r), r->text, key,
                      field->by_role ? " and not a node of its role" : "");
    return *index < capacity || refuse(r, "%.*s: there %s %zu element%s at most, from [0] on", length_so_far(r),
                                       r->text, capacity == 1 ? "is" : "are", capacity, capacity == 1 ? "" : "s");
}

/* The element becomes a field of its own. */
static bool read_element(struct reading *r)
{
    struct state_path *path = r->path;
    char key[80];
    size_t index;

    if (path->part != STATE_PATH_FIELD || !path->field.is_array)
        return refuse(r, "%.*s: it has no elements", length_so_far(r), r->text);
    const char *close = strchr(r->rest, ']');
    if (!close)
        return refuse(r, "%s: there is no ']' for its '['", r->text);
    snprintf(key, sizeof(key), "%.*s", (int)(close - r->rest - 1), r->rest + 1);
    if (!find_element(r, key, &index))
        return false;
    must(path->index_count < STATE_PATH_INDICES_MAX);
    path->indices[path->index_count++] = (struct state_path_index){.fields = path->fields,
                                                                   .field = fields_find(path->fields, path->field.name),
                                                                   .base = path->base,
                                                                   .index = index};
    const size_t size = field_element_size(&path->field);
    path->field.offset += (uint32_t)(index * size);
    path->field.size = (uint32_t)size;
    path->field.is_array = path->field.by_role = 0;
    path->field.length = NULL;
    r->rest = close + 1;
    return true;
}

static bool read_part(struct reading *r)
{
    struct state_path *path = r->path;

    if (*r->rest == '[')
        return read_element(r);
    if (*r->rest != '.')
        return refuse(r, "%s: '%s' makes no sense: '.' or '[' was expected", r->text, r->rest);
    if (path->part == STATE_PATH_WHOLE)
        return read_member(r, root_fields(r));
    if (path->part != STATE_PATH_FIELD || path->field.is_array || path->field.kind != GS_KIND_STRUCT)
        return refuse(r, "%.*s: it has no members%s", length_so_far(r), r->text,
                      path->part == STATE_PATH_FIELD && path->field.is_array ? "; its elements are [0], [1], ..." : "");
    path->base += path->field.offset;
    return read_member(r, path->field.fields);
}

bool state_path_read(const struct gs_run *run, uint64_t monitors_on, const char *text, struct state_path *path,
                     struct state_path_error *error)
{
    struct reading reading = {.run = run, .text = text, .rest = text, .path = path, .error = error};

    *path = (struct state_path){.part = STATE_PATH_WHOLE};
    *error = (struct state_path_error){.known_count = 0};
    if (!read_root(&reading, monitors_on))
        return false;
    while (*reading.rest) {
        error->known_count = 0;
        if (!read_part(&reading))
            return false;
    }
    return true;
}

/* ---- What stands there ---- */

static void print_timers(const struct gs_run *run, unsigned node, uint64_t armed, FILE *out)
{
    unsigned count = 0;

    fputc('[', out);
    for (unsigned t = 0; t < run->event_count; t++) {
        const struct gs_event_type *type = &run->model->events[t];
        for (unsigned i = 0;
             type->kind == GS_TIMER && type->role == run->nodes[node].role && i < (type->indices ? type->indices : 1u);
             i++) {
            if (!(armed >> (run->timer_base[t] + i) & 1))
                continue;
            fprintf(out, "%s%s", count++ ? ", " : "", type->name);
            if (type->indices > 1)
                fprintf(out, " %u", i);
        }
    }
    fputc(']', out);
}

static void print_inbox(const struct gs_run *run, const struct bytes *inbox, FILE *out)
{
    fputc('[', out);
    for (size_t i = 0; i < inbox_count(run, inbox); i++) {
        const uint8_t *entry = inbox_entry(run, inbox, i);
        fprintf(out, "%s%s: ", i ? ", " : "", gs_run_name(run, (gs_node){entry[0]}));
        message_print(run, entry + 1, out);
    }
    fputc(']', out);
}

static void print_whole(const struct state_path *path, const struct world *world, const uint8_t *value, FILE *out)
{
    if (path->is_monitor) {
        fields_print(world->run, run_monitor(world->run, path->number)->fields, value, out);
        return;
    }
    local_print(world->run, path->number, value, out);
    if (!local_is_up(world->run, path->number, value))
        fputs(", down", out);
}

static bool exists(const struct state_path *path, const struct gs_run *run, const uint8_t *value)
{
    for (size_t i = 0; i < path->index_count; i++) {
        const struct state_path_index *index = &path->indices[i];
        if (index->index >= field_count(run, index->fields, index->field, value + index->base))
            return false;
    }
    return true;
}

void state_path_print(const struct state_path *path, const struct world *world, FILE *out)
{
    const struct gs_run *run = world->run;
    const unsigned number = path->number;
    const uint8_t *value = path->is_monitor ? world->monitors[number].data : world->locals[number].data;

    switch (path->part) {
    case STATE_PATH_WHOLE:
        print_whole(path, world, value, out);
        return;
    case STATE_PATH_UP:
        fputs(local_is_up(run, number, value) ? "true" : "false", out);
        return;
    case STATE_PATH_TIMERS:
        print_timers(run, number, local_armed(run, number, value), out);
        return;
    case STATE_PATH_INBOX:
        print_inbox(run, &world->inboxes[number], out);
        return;
    case STATE_PATH_FIELD:
        if (exists(path, run, value))
            field_print(run, path->fields, &path->field, value + path->base, out);
        else
            fputs("nothing", out);
        return;
    }
}
