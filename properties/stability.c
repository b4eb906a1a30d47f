/* What stays once it is set. */
#include "properties/stability.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/fields.h"
#include "core/guard.h"

enum { TEXT_MAX = 64 };

static uint64_t bits_in(const struct gs_field *field, const void *state)
{
    if (field->is_array || field->kind < GS_KIND_BOOL || field->kind > GS_KIND_NODE)
        guard_fail("a property says that %s stays once it is set, but it is no single number or node", field->name);
    return field_read_unsigned(field, (const uint8_t *)state + field->offset);
}

static const char *print(struct gs_view *v, const struct gs_field *field, const void *state, char text[TEXT_MAX])
{
    const uint64_t bits = bits_in(field, state);
    if (field->kind == GS_KIND_NODE)
        snprintf(text, TEXT_MAX, "%s", gs_name(v, (gs_node){(uint8_t)bits}));
    else if (field->names && bits < field->name_count)
        snprintf(text, TEXT_MAX, "%s", field->names[bits]);
    else if (field_is_signed(field))
        snprintf(text, TEXT_MAX, "%" PRId64, field_read_signed(field, (const uint8_t *)state + field->offset));
    else
        snprintf(text, TEXT_MAX, "%" PRIu64, bits);
    return text;
}

bool gs_stays_once_set(struct gs_view *v, const struct gs_field *field)
{
    const void *before = gs_before(v), *after = gs_this(v);
    char old[TEXT_MAX], new[TEXT_MAX];
    if (!bits_in(field, before) || bits_in(field, before) == bits_in(field, after))
        return true;
    return gs_explain(v, "%s changed %s %s to %s", gs_name(v, gs_this_node(v)), field->name,
                      print(v, field, before, old), print(v, field, after, new));
}

bool gs_stays_once_set_in(struct gs_view *v, const struct gs_field *period, const struct gs_field *field)
{
    const void *before = gs_before(v), *after = gs_this(v);
    char when[TEXT_MAX], old[TEXT_MAX], new[TEXT_MAX];
    if (bits_in(period, before) != bits_in(period, after) || !bits_in(field, before) ||
        bits_in(field, before) == bits_in(field, after))
        return true;
    return gs_explain(v, "in %s %s, %s changed %s %s to %s", period->name, print(v, period, after, when),
                      gs_name(v, gs_this_node(v)), field->name, print(v, field, before, old),
                      print(v, field, after, new));
}
