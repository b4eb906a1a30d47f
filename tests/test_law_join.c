/* The laws of joins: each has a join that breaks it (and a join that breaks none). */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "properties/law_join.h"

struct counter {
    uint32_t counts[4];
};

static const struct gs_field counter_fields[] = {GS_BY_NODE(struct counter, counts, 0), GS_FIELDS_END};

static void join_max(const struct gs_run *run, void *into, const void *from)
{
    struct counter *a = into;
    const struct counter *b = from;
    for (int i = 0; i < gs_count(run, 0); i++)
        a->counts[i] = a->counts[i] > b->counts[i] ? a->counts[i] : b->counts[i];
}

static void join_sum(const struct gs_run *run, void *into, const void *from)
{
    struct counter *a = into;
    const struct counter *b = from;
    for (int i = 0; i < gs_count(run, 0); i++)
        a->counts[i] += b->counts[i];
}

static void join_min(const struct gs_run *run, void *into, const void *from)
{
    struct counter *a = into;
    const struct counter *b = from;
    for (int i = 0; i < gs_count(run, 0); i++)
        a->counts[i] = a->counts[i] < b->counts[i] ? a->counts[i] : b->counts[i];
}

static void join_last(const struct gs_run *run, void *into, const void *from)
{
    (void)run;
    memcpy(into, from, sizeof(struct counter));
}

/* The mean, rounded up: commutative and idempotent only. */
static void join_mean(const struct gs_run *run, void *into, const void *from)
{
    struct counter *a = into;
    const struct counter *b = from;
    for (int i = 0; i < gs_count(run, 0); i++)
        a->counts[i] = (uint32_t)(((uint64_t)a->counts[i] + b->counts[i] + 1) / 2);
}

/* More than needed: an upper bound, but not the least. */
static void join_above(const struct gs_run *run, void *into, const void *from)
{
    struct counter *a = into;
    const bool differ = memcmp(into, from, sizeof(*a)) != 0;
    join_max(run, into, from);
    a->counts[0] += differ;
}

static bool is_at_most(const struct gs_run *run, const void *x, const void *y)
{
    const struct counter *a = x, *b = y;
    for (int i = 0; i < gs_count(run, 0); i++)
        if (a->counts[i] > b->counts[i])
            return false;
    return true;
}

static bool first_is_at_most(const struct gs_run *run, const void *x, const void *y)
{
    const struct counter *a = x, *b = y;
    (void)run;
    return a->counts[0] <= b->counts[0];
}

static void increment(struct gs_law *l, void *value)
{
    struct counter *counter = value;
    counter->counts[gs_index(gs_law_run(l), gs_law_node(l, "by"))]++;
}

static void decrement(struct gs_law *l, void *value)
{
    struct counter *counter = value;
    counter->counts[gs_index(gs_law_run(l), gs_law_node(l, "by"))] /= 2;
}

static void draw_reachable(struct gs_law *l, void *value)
{
    for (size_t i = 0; gs_law_more(l, i, 10); i++)
        increment(l, value);
}

static void set_to_one(const struct gs_run *run, void *value)
{
    struct counter *counter = value;
    (void)run;
    counter->counts[0] = 1;
}

static char *laws_broken_by(struct gs_join join)
{
    char *text;
    size_t size;
    FILE *report = open_memstream(&text, &size);
    join.name = "counter";
    join.fields = counter_fields;
    join.size = sizeof(struct counter);
    struct gs_law_result result;
    const bool all = gs_join_laws(&join, .report = report, .integers_max = 1000, .result = &result);
    fclose(report);
    cr_expect(eq(int, all, !text[0]), "%s", text);
    cr_expect(eq(int, all, result.verdict == GS_LAW_HELD), "%s", text);
    return text;
}

static void expect_broken(struct gs_join join, const char *part)
{
    char *text = laws_broken_by(join);
    cr_expect(strstr(text, part) != NULL, "no \"%s\" in: %s", part, text);
    free(text);
}

Test(law_join, the_laws_hold_for_a_join)
{
    char *text = laws_broken_by((struct gs_join){.join = join_max});
    cr_expect(eq(str, text, ""));
    free(text);
    text = laws_broken_by(
        (struct gs_join){.join = join_max, .leq = is_at_most, .update = increment, .draw = draw_reachable});
    cr_expect(eq(str, text, ""));
    free(text);
}

Test(law_join, each_law_can_be_broken)
{
    expect_broken((struct gs_join){.join = join_last},
                  "law counter-is-commutative is violated: join(a, b) is not join(b, a)\n"
                  "    a: counts [node0: 0, node1: 0, node2: 0]\n    b: counts [node0: 0, node1: 0, node2: 1]\n"
                  "    join(a, b): counts [node0: 0, node1: 0, node2: 1]\n"
                  "    join(b, a): counts [node0: 0, node1: 0, node2: 0]\n");
    expect_broken((struct gs_join){.join = join_mean}, "law counter-is-associative is violated");
    expect_broken((struct gs_join){.join = join_sum}, "law counter-is-idempotent is violated: join(a, a) is not a\n"
                                                      "    a: counts [node0: 0, node1: 0, node2: 1]\n"
                                                      "    join(a, a): counts [node0: 0, node1: 0, node2: 2]\n");
    expect_broken((struct gs_join){.join = join_min, .leq = is_at_most}, "law counter-is-inflationary is violated");
    expect_broken((struct gs_join){.join = join_above, .leq = is_at_most},
                  "law counter-is-least-upper-bound is violated");
    expect_broken((struct gs_join){.join = join_max, .init = set_to_one}, "law counter-has-least is violated");
    expect_broken((struct gs_join){.join = join_max, .leq = first_is_at_most}, "law counter-order-agrees is violated");
    expect_broken((struct gs_join){.join = join_max, .update = decrement},
                  "law counter-update-grows is violated: a is not at most update(a)\n");
}
