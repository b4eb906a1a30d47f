/* The join laws of each type, with shrinking: over payloads that replicas have after updates and deliveries drawn at
 * random, by the type's own handlers; and of the types whose payloads can be drawn freely, over any three. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "core/handler.h"
#include "properties/law.h"
#include "protocols/crdt.h"

extern const struct gs_model g_counter, pn_counter, lww_register, mv_register, or_set, or_set_tagged;

static const struct gs_model *const all[] = {&g_counter,   &pn_counter, &lww_register,
                                             &mv_register, &or_set,     &or_set_tagged};
enum { ALL = sizeof(all) / sizeof(all[0]), REPLICAS = 3, EVENTS_MAX = 24 };

static const struct crdt *type_of(const struct gs_law *l)
{
    return ((const struct gs_model *)gs_law_context(l))->roles[CRDT_REPLICA].context;
}

static void join(const struct gs_law *l, uint8_t *to, const uint8_t *a, const uint8_t *b)
{
    memmove(to, a, type_of(l)->payload_size);
    type_of(l)->merge(gs_law_run(l), to, b);
}

static void expect_join(struct gs_law *l, const uint8_t *a, const uint8_t *b, const uint8_t *c)
{
    const size_t size = type_of(l)->payload_size;
    uint8_t one[CRDT_PAYLOAD_MAX], other[CRDT_PAYLOAD_MAX], last[CRDT_PAYLOAD_MAX];
    join(l, one, a, a);
    gs_law_expect(l, memcmp(one, a, size) == 0);
    join(l, one, a, b);
    join(l, other, b, a);
    gs_law_expect(l, memcmp(one, other, size) == 0);
    join(l, other, a, one); /* a is included in a joined with b */
    gs_law_expect(l, memcmp(one, other, size) == 0);
    join(l, one, one, c);
    join(l, last, b, c);
    join(l, other, a, last);
    gs_law_expect(l, memcmp(one, other, size) == 0);
}

/* ---- What replicas reach ----------------------------------------------------------------------------------------- */

struct replicas {
    uint8_t of[REPLICAS][CRDT_LOCAL_MAX]; /* each a replica's state */
};

static void note_seen(uint8_t *replica, struct gs_seen seen)
{
    memcpy(replica, &seen, sizeof(seen));
}

/* One of the type's local events, with arguments in their range. */
static struct gs_event draw_update(struct gs_law *l)
{
    const struct gs_run *run = gs_law_run(l);
    const struct gs_event_type *events = run->model->events;
    int last = CRDT_OWN;
    while (events[last + 1].name)
        last++;
    struct gs_event event = {.type = (uint8_t)gs_law_unsigned(l, NULL, CRDT_OWN, (uint64_t)last)};
    for (int i = 0; events[event.type].arguments[i].name; i++) {
        const struct gs_argument *argument = &events[event.type].arguments[i];
        event.arguments[i] = gs_law_integer(
            l, NULL, argument->min, argument->max_option ? gs_option(run, argument->max_option - 1) : argument->max);
    }
    return event;
}

static void update(struct gs_law *l, struct gs_step *s, uint8_t *replica)
{
    const struct gs_event event = draw_update(l);
    struct gs_seen seen = crdt_seen(replica);
    struct gs_update made = {.seen = seen};
    if (seen.of[s->node] == GS_UPDATES_EACH_MAX)
        return;
    type_of(l)->update(s, replica, &event, &made);
    seen.of[s->node]++;
    note_seen(replica, seen);
}

static void merge(struct gs_law *l, struct gs_step *s, uint8_t *replica, const uint8_t *from, unsigned place)
{
    note_seen(replica, gs_seen_join(crdt_seen(replica), crdt_seen(from)));
    join(l, replica + sizeof(struct gs_seen), replica + sizeof(struct gs_seen), crdt_payload(from));
    if (type_of(l)->merged)
        type_of(l)->merged(s, replica, gs_node_at(gs_law_run(l), CRDT_REPLICA, (int)place));
}

/* An update, or a merge with another replica's state; what a replica has may only grow. */
static void draw_event(struct gs_law *l, struct replicas *replicas)
{
    const unsigned k = (unsigned)gs_law_unsigned(l, "replica", 0, REPLICAS - 1);
    const unsigned from = (unsigned)gs_law_unsigned(l, "from", 0, REPLICAS - 1);
    struct gs_step s = {.run = gs_law_run(l), .node = k};
    uint8_t before[CRDT_LOCAL_MAX], joined[CRDT_PAYLOAD_MAX];
    memcpy(before, replicas->of[k], sizeof(before));
    if (from == k)
        update(l, &s, replicas->of[k]);
    else
        merge(l, &s, replicas->of[k], replicas->of[from], from);
    join(l, joined, crdt_payload(before), crdt_payload(replicas->of[k]));
    gs_law_expect(l, memcmp(joined, crdt_payload(replicas->of[k]), type_of(l)->payload_size) == 0);
}

static void merge_is_a_join_of_what_is_reached(struct gs_law *l)
{
    static const char *const names[REPLICAS] = {"a", "b", "c"};
    struct replicas replicas = {0};
    for (size_t i = 0; gs_law_more(l, i, EVENTS_MAX); i++)
        draw_event(l, &replicas);
    for (int k = 0; k < REPLICAS; k++)
        gs_law_show(l, names[k], gs_law_run(l)->model->roles[CRDT_REPLICA].fields, replicas.of[k]);
    expect_join(l, crdt_payload(replicas.of[0]), crdt_payload(replicas.of[1]), crdt_payload(replicas.of[2]));
}

/* report: NULL for standard error. */
static bool holds_where_reached(const struct gs_model *model, FILE *report, struct gs_law_result *result)
{
    static const char *const settings[] = {"updates=16", NULL};
    return gs_law(merge_is_a_join_of_what_is_reached, .model = model, .context = model, .settings = settings,
                  .report = report, .result = result);
}

Test(crdt_laws, a_merge_is_a_join_of_what_replicas_reach)
{
    for (int i = 0; i < ALL; i++)
        cr_expect(holds_where_reached(all[i], NULL, NULL), "%s", all[i]->name);
}

/* ---- Any payloads ------------------------------------------------------------------------------------------------ */

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

static void merge_is_a_join(struct gs_law *l)
{
    uint8_t a[CRDT_PAYLOAD_MAX], b[CRDT_PAYLOAD_MAX], c[CRDT_PAYLOAD_MAX];
    draw(l, "a", a);
    draw(l, "b", b);
    draw(l, "c", c);
    expect_join(l, a, b, c);
}

Test(crdt_laws, a_merge_is_a_join_of_any_two_payloads)
{
    cr_expect(gs_law(merge_is_a_join, .model = &g_counter, .context = &g_counter));
    cr_expect(gs_law(merge_is_a_join, .model = &pn_counter, .context = &pn_counter));
    cr_expect(gs_law(merge_is_a_join, .model = &lww_register, .context = &lww_register));
}

/* ---- Canaries ---------------------------------------------------------------------------------------------------- */

static void keep_the_second(const struct gs_run *run, void *payload, const void *other)
{
    memcpy(payload, other, ((const struct crdt *)gs_context(run, CRDT_REPLICA))->payload_size);
}

static void expect_violated(const struct gs_model *original, bool any)
{
    struct gs_model model = *original;
    struct crdt type = *(const struct crdt *)original->roles[CRDT_REPLICA].context;
    struct gs_law_result result;
    FILE *report = tmpfile();
    type.merge = keep_the_second;
    model.roles[CRDT_REPLICA].context = &type;
    const bool holds =
        any ? gs_law(merge_is_a_join, .model = &model, .context = &model, .report = report, .result = &result)
            : holds_where_reached(&model, report, &result);
    cr_expect(not(holds), "%s", model.name);
    cr_expect(eq(int, (int)result.verdict, GS_LAW_VIOLATED));
    cr_expect(result.is_minimal);
    fclose(report);
}

Test(crdt_laws, a_merge_that_keeps_the_second_is_none)
{
    expect_violated(&g_counter, true);
    for (int i = 0; i < ALL; i++)
        expect_violated(all[i], false);
}
