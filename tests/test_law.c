/* Laws: what is drawn, what shrinking ends at, and that a law that must fail fails. Smallest counterexamples are known
 * by thinking, so they are compared whole. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/fields.h"
#include "properties/law.h"
#include "protocols/raft.h"
#include "tests/fields_sample.h"

struct told {
    struct gs_law_result result;
    char *text;
};

static struct told try_law(struct gs_law_config config)
{
    struct told told;
    size_t size;
    config.report = open_memstream(&told.text, &size);
    config.result = &told.result;
    cr_assert(config.report != NULL);
    gs_law_holds(&config);
    fclose(config.report);
    return told;
}

#define TRY(law_function, ...) \
    try_law((struct gs_law_config){.function = #law_function, .law = law_function, __VA_ARGS__})

static void expect_told(const struct told *told, enum gs_law_verdict verdict, const char *part)
{
    cr_expect(eq(int, (int)told->result.verdict, (int)verdict), "%s", told->text);
    cr_expect(strstr(told->text, part) != NULL, "no \"%s\" in: %s", part, told->text);
    free(told->text);
}

/* ---- The smallest counterexample ---- */

static void sum_is_small(struct gs_law *l)
{
    int64_t items[20], sum = 0;
    const size_t count = gs_law_integers(l, "items", 0, 1000, items, 20);
    for (size_t i = 0; i < count; i++)
        sum += items[i];
    gs_law_note(l, "the sum is %d", (int)sum);
    gs_law_expect(l, sum <= 1000);
}

static void is_sorted(struct gs_law *l)
{
    int64_t items[20];
    const size_t count = gs_law_integers(l, "items", -1000, 1000, items, 20);
    for (size_t i = 1; i < count; i++)
        gs_law_expect(l, items[i - 1] <= items[i]);
}

static void differ_or_are_small(struct gs_law *l)
{
    const int64_t a = gs_law_integer(l, "a", 0, 100000), b = gs_law_integer(l, "b", 0, 100000);
    gs_law_expect(l, a != b || a <= 37);
}

static void is_not_that_negative(struct gs_law *l)
{
    gs_law_expect(l, gs_law_integer(l, "a", -1000000, 2000000) > -777);
}

static void set_is_small(struct gs_law *l)
{
    gs_law_expect(l, gs_set_size(gs_law_nodes(l, "set")) < 3);
}

/* Lists of lists: one inner list with two elements is the least. */
static void inner_lists_are_short(struct gs_law *l)
{
    for (size_t i = 0; gs_law_more(l, i, 8); i++) {
        int64_t items[8];
        gs_law_expect(l, gs_law_integers(l, "inner", 0, 9, items, 8) < 2);
    }
}

static void is_no_old_leader(struct gs_law *l)
{
    struct server s;
    gs_law_struct(l, "s", server_fields, &s);
    gs_law_expect(l, s.phase != LEADER || s.log_length < 2 || s.log[1].term < 5);
}

Test(law, shrinks_to_the_smallest_counterexample)
{
    struct told told = TRY(sum_is_small, );
    expect_told(&told, GS_LAW_VIOLATED, "    items: [1, 1000]\n    the sum is 1001\n");
    told = TRY(is_sorted, );
    expect_told(&told, GS_LAW_VIOLATED, "    items: [1, 0]\n");
    told = TRY(differ_or_are_small, .cases = 10000);
    expect_told(&told, GS_LAW_VIOLATED, "    a: 38\n    b: 38\n");
    told = TRY(is_not_that_negative, );
    expect_told(&told, GS_LAW_VIOLATED, "    a: -777\n");
    told = TRY(set_is_small, .nodes = 64);
    expect_told(&told, GS_LAW_VIOLATED, "    set: {node0, node1, node2}\n");
    told = TRY(inner_lists_are_short, );
    expect_told(&told, GS_LAW_VIOLATED, ")\n    inner: [0, 0]\n  found");
}

Test(law, prints_structs_of_a_model_by_their_table)
{
    struct told told = TRY(is_no_old_leader, .cases = 5000);
    expect_told(&told, GS_LAW_VIOLATED, "next is indexed by the nodes of role 1");
}

Test(law, finds_the_same_for_every_seed_and_the_case_of_a_seed_again)
{
    for (int i = 0; i < 20; i++) {
        char seed[24];
        snprintf(seed, sizeof(seed), "commit %d", i);
        struct told told = TRY(sum_is_small, .seed = seed), again = TRY(sum_is_small, .seed = seed);
        cr_expect(eq(str, told.text, again.text));
        free(again.text);
        expect_told(&told, GS_LAW_VIOLATED, "    items: [1, 1000]\n");
    }
}

/* Pinned: choices, and so cases, are the same with every compiler and at every level of optimization. */
Test(law, a_seed_means_the_same_everywhere)
{
    struct told told = TRY(is_sorted, .seed = "abc");
    expect_told(&told, GS_LAW_VIOLATED,
                "found in case 1 of 1000 of seed \"abc\"; shrunk from 40 to 5 choices in 125 trials");
}

/* ---- Other ways to fail ---- */

static void crashes(struct gs_law *l)
{
    if (gs_law_integer(l, "x", 0, INT64_MAX) >= 1000)
        raise(SIGSEGV);
}

static void loops(struct gs_law *l)
{
    const int64_t x = gs_law_integer(l, "x", INT64_MIN, INT64_MAX);
    volatile int turns = 0;
    while (x > 12345)
        turns = !turns;
}

Test(law, a_crash_is_shrunk_too)
{
    struct told told = TRY(crashes, );
    expect_told(&told, GS_LAW_VIOLATED, "violated: SIGSEGV: it used memory that is not its own\n    x: 1000\n");
}

Test(law, an_endless_loop_is_shrunk_too, .timeout = 60)
{
    struct told told = TRY(loops, );
    expect_told(&told, GS_LAW_VIOLATED, "violated: it did not return (stopped by the watchdog)\n    x: 12346\n");
}

static int calls;

static void fails_once(struct gs_law *l)
{
    (void)gs_law_bool(l, "b");
    gs_law_expect(l, calls++ != 3);
}

Test(law, says_that_a_failure_does_not_come_again)
{
    struct told told = TRY(fails_once, );
    expect_told(&told, GS_LAW_VIOLATED, "not shrunk: drawn once more it did not fail alike");
}

/* ---- No silent pass ---- */

static void assumes_much(struct gs_law *l)
{
    gs_law_assume(l, gs_law_integer(l, "x", 0, INT64_MAX) < 0);
}

static void draws_for_ever(struct gs_law *l)
{
    while (gs_law_integer(l, NULL, 0, 1) >= 0)
        ;
}

static void holds(struct gs_law *l)
{
    gs_law_assume(l, gs_law_integer(l, "x", 0, 10) != 3);
}

Test(law, too_many_discards_are_no_pass)
{
    struct told told = TRY(assumes_much, .cases = 50);
    cr_expect(eq(u64, told.result.discards, 500));
    expect_told(&told, GS_LAW_GAVE_UP, "gave up: 0 cases tried, 500 discarded");
    told = TRY(draws_for_ever, .cases = 5);
    expect_told(&told, GS_LAW_GAVE_UP, "gave up");
}

Test(law, that_holds_says_nothing_and_counts_its_cases)
{
    struct told told = TRY(holds, .cases = 300);
    cr_expect(eq(u64, told.result.cases, 300));
    cr_expect(gt(u64, told.result.discards, 0));
    cr_expect(eq(str, told.text, ""));
    expect_told(&told, GS_LAW_HELD, "");
}

Test(law, refuses_what_does_not_exist)
{
    struct told told = TRY(holds, .nodes = 65);
    expect_told(&told, GS_LAW_REFUSED, "gainsay: law holds: ");
    told = TRY(holds, .name = "a/b");
    expect_told(&told, GS_LAW_REFUSED, "a law's name is");
    setenv("GAINSAY_CASES", "many", 1);
    told = TRY(holds, );
    expect_told(&told, GS_LAW_REFUSED, "GAINSAY_CASES=many: how many cases to try is a number from 1 on\n");
}

/* ---- What is drawn ---- */

static void values_are_valid(struct gs_law *l)
{
    char error[200];
    struct entry entries[4];
    const size_t count = gs_law_structs(l, "entries", entry_fields, entries, 4);
    const int64_t integer = gs_law_integer(l, NULL, INT64_MIN, 5), other = gs_law_integer(l, NULL, -5, 3);
    for (size_t i = 0; i < count; i++)
        gs_law_expect(l, fields_valid(gs_law_run(l), entry_fields, &entries[i], error, sizeof(error)));
    gs_law_expect(l, integer <= 5 && other >= -5 && other <= 3);
    gs_law_expect(l, gs_law_one_of(l, NULL, phase_names, 3) < 3 && !gs_is_nobody(gs_law_node(l, NULL)));
}

Test(law, draws_only_what_is_allowed)
{
    struct told told = TRY(values_are_valid, );
    expect_told(&told, GS_LAW_HELD, "");
}

static uint64_t met[9], lengths[5];

static void meets_all(struct gs_law *l)
{
    int64_t items[4];
    met[gs_law_integer(l, NULL, -3, 5) + 3]++;
    lengths[gs_law_integers(l, NULL, 0, 1, items, 4)]++;
}

Test(law, draws_every_value_of_a_small_range)
{
    struct told told = TRY(meets_all, );
    for (int i = 0; i < 9; i++)
        cr_expect(gt(u64, met[i], 50), "%d", i - 3);
    for (int i = 0; i < 5; i++)
        cr_expect(gt(u64, lengths[i], 50), "length %d", i);
    expect_told(&told, GS_LAW_HELD, "");
}

/* ---- The line that reruns ---- */

Test(law, the_line_that_reruns_names_seed_and_test)
{
    struct told told = TRY(is_sorted, .seed = "it's");
    cr_expect(strstr(told.text, "  rerun: GAINSAY_SEED='it'\\''s' ") != NULL, "%s", told.text);
    expect_told(&told, GS_LAW_VIOLATED, "tests --filter law/the_line_that_reruns_names_seed_and_test\n");
}

Test(law, the_environment_goes_before_the_argument)
{
    setenv("GAINSAY_SEED", "other", 1);
    struct told told = TRY(is_sorted, .seed = "abc");
    expect_told(&told, GS_LAW_VIOLATED, "of seed \"other\"");
}

static void states_are_valid(struct gs_law *l)
{
    static uint64_t state[1024];
    const struct gs_model *model = gs_law_context(l);
    char error[300];
    for (size_t i = 0; i < GS_ROLES_MAX && model->roles[i].size; i++) {
        cr_assert(model->roles[i].size <= sizeof(state));
        gs_law_draw_struct(l, "state", model->roles[i].fields, state, model->roles[i].size);
        gs_law_expect(l, fields_valid(gs_law_run(l), model->roles[i].fields, state, error, sizeof(error)));
    }
}

Test(law, draws_valid_states_of_a_model)
{
    struct told told = TRY(states_are_valid, .model = &raft, .context = &raft);
    expect_told(&told, GS_LAW_HELD, "");
    told = TRY(states_are_valid, .model = &raft, .context = &raft, .settings = (const char *[]){"servers=5", NULL});
    expect_told(&told, GS_LAW_HELD, "");
    told = TRY(states_are_valid, .model = &raft, .context = &raft, .settings = (const char *[]){"no=5", NULL});
    expect_told(&told, GS_LAW_REFUSED, "no option 'no'");
}
