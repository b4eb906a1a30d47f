/* Multi-leader replication: every preset holds, each mutant is killed in the steps that are known, both sides of a
 * partition take writes, and the resolvers' laws over histories drawn at random. */
#include <stdlib.h>

#include "core/judge.h"
#include "core/run_setup.h"
#include "properties/law_join.h"
#include "protocols/multi_leader.h"
#include "tests/deliver_all.h"
#include "tests/mutant_sample.h"

extern const struct gs_model multi_leader;

static void expect_preset(const char *preset, uint64_t states, uint64_t transitions, uint64_t depth)
{
    struct gs_result result;
    check(&multi_leader, &(struct gs_config){.preset = preset}, GS_HOLDS, &result);
    cr_expect(result.complete, "%s", preset);
    expect_space(&result, states, transitions, depth);
    cr_expect(eq(u64, result_of(&result, "converged")->verdict, GS_VERDICT_PROVED), "%s", preset);
    cr_expect(result_of(&result, "converged")->judged > 0, "%s", preset);
    gs_result_free(&result);
}

Test(multi_leader, holds_in_each_preset)
{
    expect_preset("quick", 43797, 140840, 12);
    expect_preset("skew", 8623, 22485, 9);
    expect_preset("siblings", 43797, 140840, 12); /* what a leader knows tells its state, whatever the resolver */
    expect_preset("merge", 64587, 206294, 12);
    expect_preset("keys", 255, 386, 6);
    expect_preset("deletes", 3108, 7072, 9);
    expect_preset("anti-entropy", 97543, 752895, 29);
    expect_preset("partition", 15120, 42678, 11);
}

/* Each leader has written or not (times which value of the clock), and got the other's write or not: by hand. */
Test(multi_leader, has_the_states_that_can_be_counted_by_hand)
{
    struct gs_result result;
    check(&multi_leader, &(struct gs_config){.preset = "two", .settings = LIST("writes=1", "clock=2")}, GS_HOLDS,
          &result);
    expect_space(&result, 7, 6, 2); /* start; written at 0, 1, 2; each delivered */
    gs_result_free(&result);
}

Test(multi_leader, loses_a_property_with_each_mutant_in_as_few_steps_as_known)
{
    static const struct pinned_mutant pinned[] = {
        {"lww-skew", 6},
        {"no-tiebreak", 4},
        {"vc-compare-common-keys", 4},
        {"custom-noncommutative", 4},
        {"merge-keeps-vc", 4},
        {"merge-overwrites", 6},
        {"drop-siblings", 3},
        {"node-wide-clock", 5},
        {"delete-no-tombstone", 4},
        {"merkle-value-only", 5},
        {"synced-on-send", 8},
    };
    expect_mutants(&multi_leader, pinned, sizeof(pinned) / sizeof(pinned[0]));
}

/* Each claim can fail, too: those that are declared of no mutant. */
Test(multi_leader, loses_the_other_claims_with_some_mutant)
{
    static const struct lost_claim lost[] = {
        {"lww-skew", "times-follow-causes", "quick", 2},
        {"no-tiebreak", "latest-write-wins", "two", 3},
        {"no-tiebreak", "resolution-is-a-join", "two", 2},
        {"custom-noncommutative", "merge-has-all", "two-merge", 3},
        {"delete-no-tombstone", "states-grow", "deletes", 2},
    };
    expect_lost(&multi_leader, lost, sizeof(lost) / sizeof(lost[0]));
}

/* A bound that is too small hides that last-write-wins after version vectors is no order, with clocks that differ. */
Test(multi_leader, hides_skew_from_two_writes)
{
    struct gs_result result;
    expect_mutant(&multi_leader, "lww-skew", "nothing-overwritten",
                  (struct gs_config){.preset = "skew", .settings = LIST("writes=2")}, GS_HOLDS, &result);
    cr_expect(result.complete);
    gs_result_free(&result);
}

/* Whoever is told once is not told again: that is what anti-entropy is for. */
Test(multi_leader, does_not_make_up_for_a_lost_message_without_anti_entropy)
{
    struct gs_result result;
    check(&multi_leader, &(struct gs_config){.preset = "two", .budgets = {.drops = 1}}, GS_HOLDS, &result);
    expect_verdict(&result, "converged", GS_VERDICT_NOT_CHECKED);
    gs_result_free(&result);
    check(&multi_leader, &(struct gs_config){.preset = "lossy", .budgets = {.drops = 1}}, GS_HOLDS, &result);
    cr_expect(taken(&result, "drop") > 0 && taken(&result, "repair") > 0);
    gs_result_free(&result);
}

Test(multi_leader, converges_after_a_restart_and_among_those_that_are_up)
{
    struct gs_result result;
    check(&multi_leader, &(struct gs_config){.preset = "anti-entropy", .budgets = {.reboots = 1}}, GS_HOLDS, &result);
    gs_result_free(&result);
    check(&multi_leader, &(struct gs_config){.preset = "skew", .budgets = {.crashes = 1, .restarts = 1}}, GS_HOLDS,
          &result);
    gs_result_free(&result);
}

/* ---- During a partition, and after it (protocols.md 8.2) ---- */

struct cluster {
    struct gs_run *run;
    struct world world;
};

static void cluster_begin(struct cluster *cluster, const char *resolver)
{
    char error[400];
    const char *settings[] = {resolver, "values=2", "writes=3", NULL};
    cluster->run = run_new(&multi_leader, &(struct run_config){.settings = settings, .budgets = {.partitions = 1}},
                           error, sizeof(error));
    cr_assert(cluster->run != NULL, "%s", error);
    cr_assert(world_init(&cluster->world, cluster->run, 1, error), "%s", error);
}

static void cluster_end(struct cluster *cluster)
{
    world_free(&cluster->world);
    run_free(cluster->run);
}

static gs_node leader_of(const struct cluster *cluster, int k)
{
    return gs_node_at(cluster->run, MULTI_LEADER_LEADER, k);
}

static void expect_write(struct cluster *cluster, int k)
{
    const struct event write = {.action = ACTION_LOCAL,
                                .type = MULTI_LEADER_WRITE,
                                .node = leader_of(cluster, k),
                                .arguments = {1, k == 2 ? 2 : 1, 0}};
    cr_expect(eq(int, world_apply(&cluster->world, &write, NULL), WORLD_STEP), "leader%d refuses a write", k);
}

static const struct multi_leader_item *item_of(const struct cluster *cluster, int k)
{
    return ((const struct multi_leader_leader *)(const void *)cluster->world.locals[k].data)->items;
}

static bool have_converged(const struct cluster *cluster)
{
    return memcmp(item_of(cluster, 0), item_of(cluster, 1), sizeof(struct multi_leader_item)) == 0 &&
           memcmp(item_of(cluster, 0), item_of(cluster, 2), sizeof(struct multi_leader_item)) == 0;
}

static void expect_row_of_partition(const char *resolver, int versions, int value)
{
    struct cluster cluster;
    cluster_begin(&cluster, resolver);
    const struct event partition = {.action = ACTION_PARTITION, .side = 3}, heal = {.action = ACTION_HEAL};
    cr_assert(eq(int, world_apply(&cluster.world, &partition, NULL), WORLD_STEP));
    expect_write(&cluster, 0); /* the majority side accepts */
    expect_write(&cluster, 1);
    expect_write(&cluster, 2); /* and so does the minority side */
    cr_expect(eq(int, deliver_all(&cluster.world), 2), "within the majority side");
    cr_expect(not(have_converged(&cluster)), "%s: the sides do not differ", resolver);
    cr_expect(not(judge_is_quiescent(&cluster.world)));
    cr_assert(eq(int, world_apply(&cluster.world, &heal, NULL), WORLD_STEP));
    cr_expect(eq(int, deliver_all(&cluster.world), 4), "between the sides");
    cr_expect(judge_is_quiescent(&cluster.world));
    cr_expect(have_converged(&cluster), "%s", resolver);
    cr_expect(eq(int, item_of(&cluster, 0)->count, versions), "%s", resolver);
    cr_expect(eq(int, item_of(&cluster, 0)->versions[0].value, value), "%s", resolver);
    cluster_end(&cluster);
}

Test(multi_leader, takes_writes_on_both_sides_of_a_partition_and_converges_after_it)
{
    expect_row_of_partition("resolver=lww", 1, 2);      /* equal times: the last leader's */
    expect_row_of_partition("resolver=siblings", 3, 1); /* all three */
    expect_row_of_partition("resolver=merge", 1, 3);    /* of both values */
}

/* protocols.md 8.3: n - 1 messages, and the leader waits for none. */
Test(multi_leader, sends_a_write_once_to_each_other_leader)
{
    struct cluster cluster;
    cluster_begin(&cluster, "resolver=lww");
    expect_write(&cluster, 0);
    cr_expect(eq(int, item_of(&cluster, 0)->count, 1));
    for (int k = 0; k < 3; k++)
        cr_expect(eq(sz, inbox_count(cluster.run, &cluster.world.inboxes[k]), k == 0 ? 0 : 1));
    cluster_end(&cluster);
}

/* ---- The resolvers' laws ---- */

static const struct gs_field *item_fields(void)
{
    const struct gs_field *field = multi_leader.roles[MULTI_LEADER_LEADER].fields;
    while (strcmp(field->name, "items") != 0)
        field++;
    return field->fields;
}

/* Writes and deliveries among three leaders, as they can happen; then one of them. */
enum { LEADERS = 3, LAW_WRITES_MAX = 6 };

struct drawn {
    int writes;
    struct multi_leader_item items[LEADERS];
};

static uint8_t value_drawn(struct gs_law *l, const struct multi_leader_item *item)
{
    const uint8_t bit = (uint8_t)(1 << gs_law_unsigned(l, "bit", 0, 2));
    const bool adds = gs_option(gs_law_run(l), MULTI_LEADER_RESOLVER) == MULTI_LEADER_MERGE && item->count > 0;
    return adds ? item->versions[0].value | bit : bit;
}

static void draw_write(struct gs_law *l, struct drawn *drawn, int k)
{
    struct multi_leader_item *item = &drawn->items[k];
    struct gs_hybrid_time last = {0};
    for (int i = 0; i < item->count; i++)
        if (gs_hybrid_compare(item->versions[i].time, last) > 0)
            last = item->versions[i].time;
    struct multi_leader_version version = {
        .value = value_drawn(l, item),
        .writer = gs_node_at(gs_law_run(l), MULTI_LEADER_LEADER, k),
        .time = gs_hybrid_tick(last, (uint16_t)gs_law_unsigned(l, "now", 0, 2)),
        .vector = item->seen,
        .covers = (multi_leader_writes)(item->known | 1 << drawn->writes++),
    };
    gs_vector_clock_tick(&version.vector, k);
    *item =
        (struct multi_leader_item){.count = 1, .versions = {version}, .seen = version.vector, .known = version.covers};
}

static void draw_history(struct gs_law *l, struct drawn *drawn)
{
    for (size_t i = 0; gs_law_more(l, i, 12); i++) {
        const int k = (int)gs_law_unsigned(l, "leader", 0, LEADERS - 1), from = (int)gs_law_unsigned(l, "from", 0, 2);
        if (from == k && drawn->writes < LAW_WRITES_MAX)
            draw_write(l, drawn, k);
        else
            multi_leader_join(gs_law_run(l), &drawn->items[k], &drawn->items[from], NULL);
    }
}

static void expect_equal(struct gs_law *l, const struct multi_leader_item *a, const struct multi_leader_item *b)
{
    gs_law_show(l, "one", item_fields(), a);
    gs_law_show(l, "other", item_fields(), b);
    gs_law_expect(l, memcmp(a, b, sizeof(*a)) == 0);
}

static struct multi_leader_item joined(const struct gs_law *l, struct multi_leader_item a,
                                       const struct multi_leader_item *b)
{
    multi_leader_join(gs_law_run(l), &a, b, NULL);
    return a;
}

static void resolution_is_a_join(struct gs_law *l)
{
    struct drawn drawn = {0};
    draw_history(l, &drawn);
    const struct multi_leader_item *a = &drawn.items[0], *b = &drawn.items[1], *c = &drawn.items[2];
    const struct multi_leader_item ab = joined(l, *a, b), ba = joined(l, *b, a), bc = joined(l, *b, c);
    const struct multi_leader_item aa = joined(l, *a, a), ab_c = joined(l, ab, c), a_bc = joined(l, *a, &bc);
    const struct multi_leader_item again = joined(l, ab, a);
    expect_equal(l, &aa, a);
    expect_equal(l, &ab, &ba);
    expect_equal(l, &again, &ab);
    expect_equal(l, &ab_c, &a_bc);
}

static bool holds_for(const char *resolver, const struct gs_model *model, FILE *report)
{
    const char *settings[] = {resolver, NULL};
    return gs_law(resolution_is_a_join, .model = model, .settings = settings, .report = report, .cases = 5000);
}

Test(multi_leader, resolves_by_a_join_whatever_the_resolver)
{
    cr_expect(holds_for("resolver=lww", &multi_leader, NULL));
    cr_expect(holds_for("resolver=siblings", &multi_leader, NULL));
    cr_expect(holds_for("resolver=merge", &multi_leader, NULL));
}

/* Times that do not follow causes: what wins depends on the order (a beats c, c beats b, and b includes a). */
static void times_drawn_freely_make_a_join(struct gs_law *l)
{
    struct drawn drawn = {0};
    draw_history(l, &drawn);
    for (int k = 0; k < LEADERS; k++)
        for (int i = 0; i < drawn.items[k].count; i++)
            drawn.items[k].versions[i].time = (struct gs_hybrid_time){.l = (uint16_t)gs_law_unsigned(l, "time", 0, 2)};
    const struct multi_leader_item bc = joined(l, drawn.items[1], &drawn.items[2]),
                                   ab = joined(l, drawn.items[0], &drawn.items[1]);
    const struct multi_leader_item ab_c = joined(l, ab, &drawn.items[2]), a_bc = joined(l, drawn.items[0], &bc);
    expect_equal(l, &ab_c, &a_bc);
}

Test(multi_leader, resolves_by_no_join_if_times_do_not_follow_causes)
{
    struct gs_law_result result;
    FILE *report = tmpfile();
    cr_expect(not(gs_law(times_drawn_freely_make_a_join, .model = &multi_leader, .report = report, .cases = 20000,
                         .result = &result)));
    cr_expect(eq(int, (int)result.verdict, GS_LAW_VIOLATED));
    fclose(report);
}
