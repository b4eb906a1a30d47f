/* Values as text for traces and reports. Must not trip over a value that is not valid: an explanation of what went
 * wrong shows it. */
#include <inttypes.h>
#include <string.h>

#include "core/fields.h"

enum { TEXT_SIZE = 256 }; /* of what a table has a function for */

static void print_node(const struct gs_run *run, gs_node node, FILE *out)
{
    if (gs_is_nobody(node))
        fputs("nobody", out);
    else if (node_number(node) < run->node_count)
        fputs(run->nodes[node_number(node)].name, out);
    else
        fprintf(out, "no-node(tag %u)", node.tag);
}

static void print_set(const struct gs_run *run, gs_node_set set, FILE *out)
{
    const char *separator = "";

    fputc('{', out);
    for (GS_EACH(node, set)) {
        fputs(separator, out);
        print_node(run, node, out);
        separator = ", ";
    }
    fputc('}', out);
}

static void print_unsigned(const struct gs_field *field, uint64_t number, FILE *out)
{
    if (field->names && number < field->name_count)
        fputs(field->names[number], out);
    else if (field->kind == GS_KIND_BOOL && number <= 1)
        fputs(number ? "true" : "false", out);
    else
        fprintf(out, "%" PRIu64, number);
}

static void print_element(const struct gs_run *run, const struct gs_field *field, const uint8_t *element, FILE *out)
{
    char text[TEXT_SIZE];
    gs_node_set set;

    if (field->kind == GS_KIND_STRUCT && field->text) {
        field->text(element, text, sizeof(text));
        fputs(text, out);
    } else if (field->kind == GS_KIND_STRUCT) {
        fputc('(', out);
        fields_print(run, field->fields, element, out);
        fputc(')', out);
    } else if (field->kind == GS_KIND_NODE_SET) {
        memcpy(&set, element, sizeof(set));
        print_set(run, set, out);
    } else if (field->kind == GS_KIND_NODE) {
        print_node(run, (gs_node){*element}, out);
    } else if (field_is_signed(field)) {
        fprintf(out, "%" PRId64, field_read_signed(field, element));
    } else {
        print_unsigned(field, field_read_unsigned(field, element), out);
    }
}

void field_print(const struct gs_run *run, const struct gs_field *fields, const struct gs_field *field,
                 const void *value, FILE *out)
{
    const size_t count = field_count(run, fields, field, value);
    const uint8_t *element = (const uint8_t *)value + field->offset;

    if (!field->is_array) {
        print_element(run, field, element, out);
        return;
    }
    fputc('[', out);
    for (size_t i = 0; i < count; i++, element += field_element_size(field)) {
        fputs(i ? ", " : "", out);
        if (field->by_role)
            fprintf(out, "%s: ", run->nodes[run->first[field->by_role - 1] + i].name);
        print_element(run, field, element, out);
    }
    fputc(']', out);
}

void fields_print(const struct gs_run *run, const struct gs_field *fields, const void *value, FILE *out)
{
    const char *separator = "";

    for (const struct gs_field *field = fields; field && field->name; field++) {
        if (field_is_length(fields, field))
            continue;
        fprintf(out, "%s%s ", separator, field->name);
        field_print(run, fields, field, value, out);
        separator = ", ";
    }
}
