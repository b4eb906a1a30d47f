/* Hybrid logical clocks. */
#include "properties/hybrid_clock.h"

#include "core/guard.h"

const struct gs_field gs_hybrid_time_fields[] = {
    GS_FIELD(struct gs_hybrid_time, l),
    GS_FIELD(struct gs_hybrid_time, c),
    GS_FIELDS_END,
};

static struct gs_hybrid_time next_after(struct gs_hybrid_time time)
{
    if (time.c == UINT16_MAX)
        guard_fail("a hybrid clock counts %d events while physical time stands still, and is there", UINT16_MAX);
    return (struct gs_hybrid_time){time.l, (uint16_t)(time.c + 1)};
}

struct gs_hybrid_time gs_hybrid_tick(struct gs_hybrid_time last, uint16_t physical)
{
    return physical > last.l ? (struct gs_hybrid_time){physical, 0} : next_after(last);
}

/* Figure 5's four cases in one: after the later of both, of which c counts only if l is equal. */
struct gs_hybrid_time gs_hybrid_receive(struct gs_hybrid_time last, uint16_t physical, struct gs_hybrid_time received)
{
    return gs_hybrid_tick(gs_hybrid_compare(last, received) < 0 ? received : last, physical);
}

int gs_hybrid_compare(struct gs_hybrid_time a, struct gs_hybrid_time b)
{
    return a.l != b.l ? a.l - b.l : a.c - b.c;
}
