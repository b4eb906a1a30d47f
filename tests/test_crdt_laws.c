/* The join laws over payloads drawn at random, with shrinking, of the types whose payloads can be drawn freely. Those
 * of the others are judged over all states that replicas reach, by their protocols' properties. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "properties/law.h"
#include "protocols/crdt.h"

extern const struct gs_model g_counter, pn_counter, lww_register;

static void draw(struct gs_law *l, const char *name, uint8_t payload[CRDT_PAYLOAD_MAX])
{
    const struct gs_model *model = gs_law_context(l);
    const struct crdt *type = model->roles[CRDT_REPLICA].context;
    uint8_t replica[CRDT_LOCAL_MAX] = {0};
    gs_law_draw_struct(l, name, model->roles[CRDT_REPLICA].fields, replica, type->replica_size);
    memcpy(payload, crdt_payload(replica), type->payload_size);
    if (model != &lww_register)
        return;
    payload[3] = 1; /* physical, logical, writer, write: a timestamp is that of one write */
    if (payload[2] == 0)
        memset(payload, 0, type->payload_size);
}

static const struct crdt *type_of(const struct gs_law *l)
{
    return ((const struct gs_model *)gs_law_context(l))->roles[CRDT_REPLICA].context;
}

static void join(const struct gs_law *l, uint8_t *to, const uint8_t *a, const uint8_t *b)
{
    memmove(to, a, type_of(l)->payload_size);
    type_of(l)->merge(gs_law_run(l), to, b);
}

static void merge_is_a_join(struct gs_law *l)
{
    const size_t size = type_of(l)->payload_size;
    uint8_t a[CRDT_PAYLOAD_MAX], b[CRDT_PAYLOAD_MAX], c[CRDT_PAYLOAD_MAX], one[CRDT_PAYLOAD_MAX],
        other[CRDT_PAYLOAD_MAX];
    draw(l, "a", a);
    draw(l, "b", b);
    draw(l, "c", c);
    join(l, one, a, a);
    gs_law_expect(l, memcmp(one, a, size) == 0);
    join(l, one, a, b);
    join(l, other, b, a);
    gs_law_expect(l, memcmp(one, other, size) == 0);
    join(l, other, a, one); /* a is included in a joined with b */
    gs_law_expect(l, memcmp(one, other, size) == 0);
    join(l, one, one, c);
    join(l, other, b, c);
    join(l, a, a, other);
    gs_law_expect(l, memcmp(one, a, size) == 0);
}

Test(crdt_laws, a_merge_is_a_join_of_any_two_payloads)
{
    cr_expect(gs_law(merge_is_a_join, .model = &g_counter, .context = &g_counter));
    cr_expect(gs_law(merge_is_a_join, .model = &pn_counter, .context = &pn_counter));
    cr_expect(gs_law(merge_is_a_join, .model = &lww_register, .context = &lww_register));
}

static void keep_the_second(const struct gs_run *run, void *payload, const void *other)
{
    (void)run;
    memcpy(payload, other, ((const struct crdt *)g_counter.roles[CRDT_REPLICA].context)->payload_size);
}

Test(crdt_laws, a_merge_that_keeps_the_second_is_none)
{
    struct gs_model model = g_counter;
    struct crdt type = *(const struct crdt *)g_counter.roles[CRDT_REPLICA].context;
    struct gs_law_result result;
    FILE *report = tmpfile();
    type.merge = keep_the_second;
    model.roles[CRDT_REPLICA].context = &type;
    cr_expect(not(gs_law(merge_is_a_join, .model = &model, .context = &model, .report = report, .result = &result)));
    cr_expect(eq(int, (int)result.verdict, GS_LAW_VIOLATED));
    fclose(report);
}
