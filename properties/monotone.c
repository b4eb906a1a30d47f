/* Numbers that never go back. */
#include "properties/monotone.h"

#include <inttypes.h>

#include "core/fields.h"
#include "core/guard.h"

/* As signed 64 bits; no protocol counts further. */
static int64_t number_in(const struct gs_field *field, const void *state)
{
    const uint8_t *element = (const uint8_t *)state + field->offset;
    if (field->is_array || field->kind < GS_KIND_BOOL || field->kind > GS_KIND_I64)
        guard_fail("a property says that %s never decreases, but it is no single number", field->name);
    return field_is_signed(field) ? field_read_signed(field, element) : (int64_t)field_read_unsigned(field, element);
}

static bool never_decreases(struct gs_view *v, const struct gs_field *field, bool may_restart)
{
    const int64_t before = number_in(field, gs_before(v)), after = number_in(field, gs_this(v));
    if (after >= before || (may_restart && after == 0))
        return true;
    return gs_explain(v, "%s went back from %s %" PRId64 " to %s %" PRId64, gs_name(v, gs_this_node(v)), field->name,
                      before, field->name, after);
}

bool gs_never_decreases(struct gs_view *v, const struct gs_field *field)
{
    return never_decreases(v, field, false);
}

bool gs_never_decreases_but_to_zero(struct gs_view *v, const struct gs_field *field)
{
    return never_decreases(v, field, true);
}
