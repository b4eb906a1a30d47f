/* The laws of a join. Each draws its values, joins copies of them, and shows what it compared. */
#include "properties/law_join.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/fields.h"
#include "properties/law_case.h"

enum { NAME_SIZE = 160, VALUES = 5 };

/* What a law works on. The memory is the attempt's: a case that ends by a jump frees nothing. */
struct join_case {
    const struct gs_join *join;
    void *values[VALUES];
};

static void draw(struct gs_law *l, const struct gs_join *join, const char *name, void *value)
{
    memset(value, 0, join->size);
    l->silent++; /* what it is drawn from is not shown beside it */
    if (join->draw)
        join->draw(l, value);
    else
        gs_law_draw_struct(l, NULL, join->fields, value, join->size);
    l->silent--;
    gs_law_show(l, name, join->fields, value);
}

static void set_to_join(struct gs_law *l, const struct gs_join *join, const char *name, void *to, const void *a,
                        const void *b)
{
    if (to != a)
        memcpy(to, a, join->size);
    join->join(gs_law_run(l), to, b);
    gs_law_show(l, name, join->fields, to);
}

static bool are_equal(struct gs_law *l, const struct gs_join *join, void *a, void *b)
{
    if (join->equal)
        return join->equal(gs_law_run(l), a, b);
    fields_normalize(join->fields, a);
    fields_normalize(join->fields, b);
    return memcmp(a, b, join->size) == 0;
}

/* a <= b; `scratch` is overwritten if the order is that of the join. */
static bool is_at_most(struct gs_law *l, const struct gs_join *join, void *a, void *b, void *scratch)
{
    if (join->leq)
        return join->leq(gs_law_run(l), a, b);
    memcpy(scratch, b, join->size);
    join->join(gs_law_run(l), scratch, a);
    return are_equal(l, join, scratch, b);
}

/* What is violated is said of a and b, which the report shows, not of this file. */
static void expect(struct gs_law *l, bool condition, const char *otherwise)
{
    if (!condition)
        gs_law_failed(l, otherwise, NULL, 0);
}

#define JOIN_CASE(l)                                       \
    const struct join_case *join_case = gs_law_context(l); \
    const struct gs_join *join = join_case->join;          \
    void *a = join_case->values[0], *b = join_case->values[1]

static void is_commutative(struct gs_law *l)
{
    JOIN_CASE(l);
    void *ab = join_case->values[2], *ba = join_case->values[3];
    draw(l, join, "a", a);
    draw(l, join, "b", b);
    set_to_join(l, join, "join(a, b)", ab, a, b);
    set_to_join(l, join, "join(b, a)", ba, b, a);
    expect(l, are_equal(l, join, ab, ba), "join(a, b) is not join(b, a)");
}

static void is_associative(struct gs_law *l)
{
    JOIN_CASE(l);
    void *c = join_case->values[2], *left = join_case->values[3], *right = join_case->values[4];
    draw(l, join, "a", a);
    draw(l, join, "b", b);
    draw(l, join, "c", c);
    set_to_join(l, join, NULL, left, a, b);
    set_to_join(l, join, "join(join(a, b), c)", left, left, c);
    set_to_join(l, join, NULL, b, b, c);
    set_to_join(l, join, "join(a, join(b, c))", right, a, b);
    expect(l, are_equal(l, join, left, right), "join(join(a, b), c) is not join(a, join(b, c))");
}

static void is_idempotent(struct gs_law *l)
{
    JOIN_CASE(l);
    void *aa = join_case->values[2];
    draw(l, join, "a", a);
    memcpy(b, a, join->size);
    set_to_join(l, join, "join(a, a)", aa, a, b);
    expect(l, are_equal(l, join, aa, a), "join(a, a) is not a");
}

static void is_inflationary(struct gs_law *l)
{
    JOIN_CASE(l);
    void *ab = join_case->values[2], *scratch = join_case->values[3];
    draw(l, join, "a", a);
    draw(l, join, "b", b);
    set_to_join(l, join, "join(a, b)", ab, a, b);
    expect(l, is_at_most(l, join, a, ab, scratch), "a is not at most join(a, b)");
    expect(l, is_at_most(l, join, b, ab, scratch), "b is not at most join(a, b)");
}

/* c is drawn, or made an upper bound by joining a and b into it: two values drawn apart are seldom comparable. */
static void is_least_upper_bound(struct gs_law *l)
{
    JOIN_CASE(l);
    void *c = join_case->values[2], *ab = join_case->values[3], *scratch = join_case->values[4];
    draw(l, join, "a", a);
    draw(l, join, "b", b);
    draw(l, join, NULL, c);
    if (!gs_law_bool(l, NULL)) {
        join->join(gs_law_run(l), c, a);
        join->join(gs_law_run(l), c, b);
    }
    gs_law_show(l, "c", join->fields, c);
    set_to_join(l, join, "join(a, b)", ab, a, b);
    if (is_at_most(l, join, a, c, scratch) && is_at_most(l, join, b, c, scratch))
        expect(l, is_at_most(l, join, ab, c, scratch), "a and b are at most c, but join(a, b) is not");
}

static void has_least(struct gs_law *l)
{
    JOIN_CASE(l);
    void *joined = join_case->values[2], *scratch = join_case->values[3];
    draw(l, join, "a", a);
    memset(b, 0, join->size);
    if (join->init)
        join->init(gs_law_run(l), b);
    gs_law_show(l, "least", join->fields, b);
    set_to_join(l, join, "join(a, least)", joined, a, b);
    expect(l, are_equal(l, join, joined, a), "join(a, least) is not a");
    expect(l, is_at_most(l, join, b, a, scratch), "the least value is not at most a");
}

/* Of two values, or of one and what it was joined into. */
static void order_agrees(struct gs_law *l)
{
    JOIN_CASE(l);
    void *c = join_case->values[2], *ab = join_case->values[3];
    const struct gs_run *run = gs_law_run(l);
    draw(l, join, "a", a);
    draw(l, join, NULL, b);
    if (!gs_law_bool(l, NULL))
        join->join(run, b, a);
    gs_law_show(l, "b", join->fields, b);
    draw(l, join, NULL, c);
    if (!gs_law_bool(l, NULL))
        join->join(run, c, b);
    gs_law_show(l, "c", join->fields, c);
    const bool a_b = join->leq(run, a, b), b_a = join->leq(run, b, a), b_c = join->leq(run, b, c);
    expect(l, join->leq(run, a, a), "a is not at most itself");
    expect(l, !(a_b && b_a) || are_equal(l, join, a, b), "a and b are at most each other, but not equal");
    expect(l, !(a_b && b_c) || join->leq(run, a, c), "a is at most b and b at most c, but a not at most c");
    set_to_join(l, join, "join(a, b)", ab, a, b);
    expect(l, a_b == are_equal(l, join, ab, b), "a is at most b, or join(a, b) equals b, but not both");
}

static void update_grows(struct gs_law *l)
{
    JOIN_CASE(l);
    void *scratch = join_case->values[2];
    draw(l, join, "a", a);
    memcpy(b, a, join->size);
    join->update(l, b);
    gs_law_show(l, "update(a)", join->fields, b);
    expect(l, is_at_most(l, join, a, b, scratch), "a is not at most update(a)");
}

static bool try_one(struct join_case *join_case, const struct gs_law_config *config, const char *suffix,
                    gs_law_function *law)
{
    char name[NAME_SIZE];
    struct gs_law_config own = *config;
    struct gs_law_result result;
    snprintf(name, sizeof(name), "%s-%s", join_case->join->name, suffix);
    own.name = name;
    own.law = law;
    own.context = join_case;
    own.result = &result;
    const bool holds = gs_law_holds(&own);
    if (config->result && config->result->verdict == GS_LAW_HELD)
        *config->result = result;
    return holds;
}

static bool try_each(struct join_case *join_case, const struct gs_law_config *config)
{
    bool all = try_one(join_case, config, "is-commutative", is_commutative);
    all &= try_one(join_case, config, "is-associative", is_associative);
    all &= try_one(join_case, config, "is-idempotent", is_idempotent);
    all &= try_one(join_case, config, "is-inflationary", is_inflationary);
    all &= try_one(join_case, config, "is-least-upper-bound", is_least_upper_bound);
    all &= try_one(join_case, config, "has-least", has_least);
    if (join_case->join->leq)
        all &= try_one(join_case, config, "order-agrees", order_agrees);
    if (join_case->join->update)
        all &= try_one(join_case, config, "update-grows", update_grows);
    return all;
}

bool gs_join_laws_hold(const struct gs_join *join, const struct gs_law_config *config)
{
    struct join_case join_case = {.join = join};
    if (config->result)
        *config->result = (struct gs_law_result){.verdict = GS_LAW_HELD};
    for (int i = 0; i < VALUES; i++)
        join_case.values[i] = die_calloc(1, join->size);
    const bool all = try_each(&join_case, config);
    for (int i = 0; i < VALUES; i++)
        free(join_case.values[i]);
    return all;
}
