/* Growth: distinct values by depth, against closed forms, and against what was judged. */
#include "checker/growth.h"

#include "checker/reach.h"
#include "core/clock.h"
#include "protocols/raft.h"
#include "tests/checker_sample.h"
#include "tests/reference/compare.h"
#include "tests/scale.h"

static const struct gs_growth_part *part_of(const struct gs_growth *growth, enum gs_growth_kind kind, const char *name)
{
    for (size_t i = 0; i < growth->part_count; i++)
        if (growth->parts[i].kind == kind && strcmp(growth->parts[i].name, name) == 0)
            return &growth->parts[i];
    cr_fatal("no %s of %s", gs_growth_kind_names[kind], name);
    return NULL;
}

static uint64_t total_of(const struct gs_growth *growth, const struct gs_growth_part *part)
{
    return part->values[growth->point_count - 1];
}

/* ---- When ---- */

Test(growth, is_measured_when_a_limit_was_met_or_when_asked)
{
    struct gs_result result;
    check(&counters, NULL, GS_HOLDS, &result);
    cr_expect(not(result.growth.measured));
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.growth = true}, GS_HOLDS, &result);
    cr_expect(result.growth.measured);
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.max_states = 5}, GS_INCOMPLETE, &result);
    cr_expect(result.growth.measured);
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.mutants = LIST("one-too-far")}, GS_VIOLATION, &result);
    cr_expect(not(result.growth.measured), "a violation is no limit");
    gs_result_free(&result);
}

/* ---- Closed forms ---- */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* States of two counters up to `top` whose sum is d. */
static uint64_t pairs_with_sum(uint64_t d, uint64_t top)
{
    return d <= top ? d + 1 : 2 * top - d + 1;
}

Test(growth, counts_values_up_to_each_depth)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.growth = true, .settings = LIST("top=5")}, GS_HOLDS, &result);
    const struct gs_growth *growth = &result.growth;
    const struct gs_growth_part *field = part_of(growth, GS_GROWTH_FIELD, "counter.value");
    const struct gs_growth_part *local = part_of(growth, GS_GROWTH_LOCAL_STATE, "counter1");
    const struct gs_growth_part *inbox = part_of(growth, GS_GROWTH_INBOX, "counter0");
    uint64_t states = 0;
    cr_assert(eq(sz, growth->point_count, 11));
    for (size_t i = 0; i < growth->point_count; i++) {
        states += pairs_with_sum(i, 5);
        cr_expect(eq(u64, growth->depths[i], i));
        cr_expect(eq(u64, growth->states[i], states), "depth %zu", i);
        cr_expect(eq(u64, field->values[i], least(i, 5) + 1), "depth %zu", i);
        cr_expect(eq(u64, local->values[i], least(i, 5) + 1), "depth %zu", i);
        cr_expect(eq(u64, inbox->values[i], 1));
    }
    cr_expect(field->has_range && field->least == 0 && field->most == 5 && !field->is_list);
    cr_expect(eq(sz, growth->message_count, 0));
    cr_expect(eq(u64, growth->in_flight, 0));
    cr_expect(eq(u64, growth->every, 1));
    gs_result_free(&result);
}

Test(growth, spreads_its_points_over_many_depths)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.growth = true, .settings = LIST("counters=1", "top=999")}, GS_HOLDS, &result);
    const struct gs_growth *growth = &result.growth;
    const struct gs_growth_part *field = part_of(growth, GS_GROWTH_FIELD, "counter.value");
    cr_assert(eq(sz, growth->point_count, GS_GROWTH_POINTS));
    cr_expect(eq(u64, growth->depths[GS_GROWTH_POINTS - 1], 999));
    for (size_t i = 0; i < growth->point_count; i++) {
        cr_expect(eq(u64, growth->states[i], growth->depths[i] + 1));
        cr_expect(eq(u64, field->values[i], growth->depths[i] + 1));
        cr_expect(i == 0 || growth->depths[i] - growth->depths[i - 1] >= 999 / GS_GROWTH_POINTS);
    }
    gs_result_free(&result);
}

/* Each of n nodes may have the token on its way to it: one message of one kind. */
Test(growth, counts_inboxes_and_messages)
{
    struct gs_result result;
    check(&tokens, &(struct gs_config){.growth = true, .settings = LIST("holders=5", "numbers=7")}, GS_HOLDS, &result);
    const struct gs_growth *growth = &result.growth;
    const struct gs_growth_part *inbox = part_of(growth, GS_GROWTH_INBOX, "holder3");
    cr_expect(eq(u64, total_of(growth, inbox), 2));
    cr_expect(inbox->least == 0 && inbox->most == 1);
    cr_expect(eq(u64, growth->inboxes, 10));
    cr_expect(eq(u64, growth->in_flight, 1));
    cr_assert(eq(sz, growth->message_count, 1));
    expect_text(growth->messages[0].name, "token");
    cr_expect(eq(u64, growth->messages[0].distinct, 5));
    cr_expect(eq(u64, growth->messages[0].inboxes, 5));
    cr_expect(eq(u64, growth->messages[0].most, 1));
    cr_expect(eq(u64, total_of(growth, part_of(growth, GS_GROWTH_FIELD, "holder.value")), 8), "0 to 7");
    cr_expect(eq(u64, total_of(growth, part_of(growth, GS_GROWTH_FIELD, "holder.holding")), 2));
    gs_result_free(&result);
}

static bool has_counted(struct gs_view *v)
{
    return !gs_is_nobody(((const struct counted *)gs_monitor_value(v))->by);
}

Test(growth, counts_monitors_and_budgets)
{
    struct gs_model *model = copy_model(&counters);
    struct gs_result result;
    struct gs_property *added = add_property(model, "counts");
    added->kind = GS_REACHABLE;
    added->scope = GS_SCOPE_MONITOR;
    added->monitor = LAST;
    added->holds = has_counted;
    check(model, &(struct gs_config){.growth = true, .budgets = {.crashes = 2}}, GS_HOLDS, &result);
    const struct gs_growth *growth = &result.growth;
    const struct gs_growth_part *monitor = part_of(growth, GS_GROWTH_MONITOR, "last");
    cr_expect(eq(u64, monitor->values[0], 1));
    cr_expect(eq(u64, total_of(growth, monitor), 3), "nobody and both counters");
    cr_expect(eq(u64, total_of(growth, part_of(growth, GS_GROWTH_FAULTS, "")), 3), "0 to 2 crashes");
    gs_result_free(&result);
}

/* ---- Only what was reached ---- */

Test(growth, does_not_count_what_a_bound_cut)
{
    struct gs_result result;
    check(&raft, &(struct gs_config){.growth = true, .preset = "one-term"}, GS_HOLDS, &result);
    const struct gs_growth_part *term = part_of(&result.growth, GS_GROWTH_FIELD, "server.term");
    cr_expect(cut_by(&result, "term, log") > 0);
    cr_expect(term->least == 0 && term->most == 1);
    cr_expect(eq(u64, total_of(&result.growth, term), 2));
    gs_result_free(&result);
}

static uint64_t sum_of(const struct gs_growth *growth, enum gs_growth_kind kind, unsigned role)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < growth->part_count; i++)
        if (growth->parts[i].kind == kind && growth->parts[i].role == role)
            sum += total_of(growth, &growth->parts[i]);
    return sum;
}

/* How many values were judged the reference confirms; each local state and monitor value reached is judged once. */
static unsigned expect_judged(const struct gs_result *result, uint64_t seed)
{
    unsigned compared = 0;
    for (unsigned i = 0; i + 1 < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        const struct gs_property *itself = property->property;
        if (property->verdict == GS_VERDICT_NOT_CHECKED || itself->kind == GS_QUIESCENT)
            continue;
        if (itself->scope == GS_SCOPE_NODE) {
            const uint64_t locals = sum_of(&result->growth, GS_GROWTH_LOCAL_STATE, itself->role);
            cr_expect(eq(u64, property->judged, locals), "seed %lu: %s", seed, property->name);
            compared++;
        } else if (itself->scope == GS_SCOPE_MONITOR) {
            const char *monitor = run_monitor(result->run, run_property_monitor(result->run, i))->name;
            cr_expect(eq(u64, property->judged,
                         total_of(&result->growth, part_of(&result->growth, GS_GROWTH_MONITOR, monitor))),
                      "seed %lu: %s", seed, property->name);
            compared++;
        }
    }
    return compared;
}

Test(growth, agrees_with_what_was_judged_in_random_protocols)
{
    static struct reference_result plain;
    unsigned compared = 0;
    enum { PROTOCOLS = IS_SLOW ? 30 : 100 };
    for (uint64_t seed = 0; seed < PROTOCOLS; seed++) {
        struct random_protocol protocol = compare_fit(seed, &plain);
        struct gs_result result;
        protocol.config.growth = true;
        gs_check(protocol.model, &protocol.config, &result);
        cr_assert(result.growth.measured, "seed %lu: %s", seed, result.error);
        if (result.states)
            compared += expect_judged(&result, seed);
        gs_result_free(&result);
        random_protocol_free(&protocol);
    }
    cr_expect(gt(u32, compared, PROTOCOLS / 2), "%u", compared);
}

/* ---- Many states ---- */

Test(growth, looks_at_every_so_many_states_of_a_large_search)
{
    char error[400];
    struct search search;
    struct reach all, some;
    unsigned missed = 0, met = 0;
    struct gs_run *run = run_new(&raft, &(struct run_config){.preset = "one-term"}, error, sizeof(error));
    const struct gs_config config = {.preset = "one-term"};
    cr_assert(run != NULL);
    search_clear_interrupt();
    search_init(&search, run, &config, NULL, 0, 0, 0, NULL);
    search_run(&search, clock_seconds());
    reach_measure(&all, &search, search.states);
    reach_measure(&some, &search, 40);
    cr_expect(eq(u64, all.every, 1));
    cr_expect(eq(u64, some.every, (search.states + 39) / 40));
    cr_expect(le(u64, some.in_flight, all.in_flight));
    for (uint32_t i = 0; i < all.inboxes[0].count; i++) {
        const uint32_t known = all.inboxes[0].first[i], seen = some.inboxes[0].first[i];
        cr_expect(seen == 0 || (known && known <= seen), "inbox %u", i);
        missed += known && !seen;
        met += known && seen;
    }
    cr_expect(gt(u32, missed, 0));
    cr_expect(gt(u32, met, 0));
    reach_free(&all);
    reach_free(&some);
    search_free(&search);
    run_free(run);
}

/* ---- How it goes on ---- */

Test(growth, estimates_only_what_ends)
{
    const double same[] = {2, 2, 2}, rising[] = {1.6, 1.5, 1.4}, halving[] = {0.5, 0.5, 0.5}, falling[] = {4, 8, 16},
                 sinking[] = {3, 4, 5};
    cr_expect(eq(dbl, growth_estimate(100, 10, same, true), 0), "doubles for ever");
    cr_expect(eq(dbl, growth_estimate(100, 10, same, false), 0));
    cr_expect(eq(dbl, growth_estimate(100, 10, rising, true), 0));
    cr_expect(eq(dbl, growth_estimate(100, 10, rising, false), 0));
    const double halves = growth_estimate(100, 64, halving, true);
    cr_expect(halves > 163 && halves < 164.1, "100 and 32, 16, 8, ...: %g", halves);
    const double bell = growth_estimate(1, 1, falling, false);
    cr_expect(bell > 6.24 && bell < 6.26, "1 and 2, 2, 1, 1/4: %g", bell);
    const double even = growth_estimate(1, 1, sinking, true);
    cr_expect(eq(dbl, even, 5), "1 and 2, 2: %g", even);
}

Test(growth, estimates_raft_between_its_two_estimates)
{
    struct gs_result result;
    check(&raft, &(struct gs_config){.max_states = 150000}, GS_INCOMPLETE, &result);
    const struct gs_growth *growth = &result.growth;
    cr_expect(growth->estimate_least < 926591 && growth->estimate_most > 926591, "%g, %g", growth->estimate_least,
              growth->estimate_most);
    cr_expect(growth->estimate_least > 926591 / 3.0 && growth->estimate_most < 926591 * 3.0);
    cr_expect(growth->levels[0] > growth->levels[1] && growth->levels[1] > growth->levels[2]);
    cr_expect(eq(u64, growth->whole_depth + 1, result.depth), "the last level is not whole");
    gs_result_free(&result);
}

Test(growth, knows_which_level_is_whole)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.max_depth = 3}, GS_INCOMPLETE, &result);
    cr_expect(eq(u64, result.growth.whole_depth, 3));
    cr_expect(eq(u64, result.growth.levels[0], 4));
    cr_expect(eq(u64, result.growth.levels[3], 1));
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.max_states = 5}, GS_INCOMPLETE, &result);
    cr_expect(eq(u64, result.growth.whole_depth, 1), "1 + 2 and two of three");
    cr_expect(eq(u64, result.growth.levels[0], 2));
    gs_result_free(&result);
}
