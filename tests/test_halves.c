/* Keys as pairs of halves: a number for each half for ever, and the same search as with whole keys. */
#include "checker/halves.h"

#include <pthread.h>

#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/checker_sample.h"
#include "traces/trace.h"

/* ---- Halves ---- */

enum { SLOTS = 6, KEYS = 50000 };
static const uint8_t half_of[SLOTS] = {0, 1, 1, 0, 1, 0};

/* The n-th of some states: the first half has a hundred values, the second as many as there are states. */
static void values_of(uint32_t n, uint32_t *values)
{
    const uint32_t first = n % 100;
    const uint32_t all[SLOTS] = {first, n, n / 7, first * first % 50, n % 3, 99 - first};
    memcpy(values, all, sizeof(all));
}

static struct layout layout_for(uint32_t states)
{
    const uint32_t counts[SLOTS] = {100, states, states / 7 + 1, 50, 3, 100};
    struct layout layout;
    layout_make_cut(&layout, counts, SLOTS, half_of);
    return layout;
}

static uint64_t pair_of_state(struct halves *halves, uint32_t n)
{
    uint32_t values[SLOTS];
    uint64_t key[KEY_WORDS_MAX];
    values_of(n, values);
    layout_pack(halves->layout, values, key);
    if (!halves_have_room(halves, 1)) {
        halves_make_room(halves, 0, 1);
        halves_make_room(halves, 1, 1);
    }
    return halves_pair(halves, key);
}

static void expect_states(const struct halves *halves, const uint64_t *pairs, uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        uint32_t expected[SLOTS], values[SLOTS];
        values_of(n, expected);
        halves_unpack(halves, pairs[n], values);
        cr_assert(memcmp(values, expected, sizeof(values)) == 0, "state %u", n);
    }
}

Test(halves, are_numbered_once_and_stay_the_same_while_slots_widen)
{
    static uint64_t pairs[KEYS];
    struct layout narrow = layout_for(1000), wide = layout_for(UINT32_MAX), wider;
    struct halves halves;
    halves_init(&halves, &narrow, half_of);
    for (uint32_t n = 0; n < 1000; n++)
        pairs[n] = pair_of_state(&halves, n);
    expect_states(&halves, pairs, 1000);
    for (unsigned side = 0; side < 2; side++)
        halves_widen(&halves, side, &wide);
    halves_adopt(&halves, &wide);
    cr_expect(gt(uint, wide.words, narrow.words));
    for (uint32_t n = 0; n < KEYS; n++) {
        const uint64_t pair = pair_of_state(&halves, n);
        cr_assert(n >= 1000 || pair == pairs[n], "state %u", n);
        pairs[n] = pair;
    }
    wider = wide;
    for (unsigned side = 0; side < 2; side++)
        halves_widen(&halves, side, &wider);
    halves_adopt(&halves, &wider);
    expect_states(&halves, pairs, KEYS);
    cr_expect(eq(u64, halves.tables[0].count, 100));
    cr_expect(eq(u64, halves.tables[1].count, KEYS));
    cr_expect(ge(sz, halves_memory(&halves), halves_memory_used(&halves)));
    halves_free(&halves);
    halves_free(&halves);
}

/* Two threads number the same halves in different orders. */
struct numbering {
    struct halves *halves;
    bool is_backwards;
    uint64_t *pairs;
};

static void *number_all(void *argument)
{
    const struct numbering *numbering = argument;
    for (uint32_t i = 0; i < KEYS; i++) {
        const uint32_t n = numbering->is_backwards ? KEYS - 1 - i : i;
        numbering->pairs[n] = pair_of_state(numbering->halves, n);
    }
    return NULL;
}

Test(halves, are_numbered_by_threads_side_by_side)
{
    static uint64_t forth[KEYS], back[KEYS];
    const struct layout layout = layout_for(KEYS);
    struct halves halves;
    halves_init(&halves, &layout, half_of);
    for (unsigned side = 0; side < 2; side++)
        halves_make_room(&halves, side, KEYS);
    cr_expect(halves_have_room(&halves, KEYS));
    struct numbering one = {&halves, false, forth}, other = {&halves, true, back};
    pthread_t thread;
    cr_assert(eq(int, pthread_create(&thread, NULL, number_all, &one), 0));
    number_all(&other);
    pthread_join(thread, NULL);
    cr_expect(memcmp(forth, back, sizeof(forth)) == 0);
    expect_states(&halves, forth, KEYS);
    cr_expect(eq(u64, halves.tables[0].count, 100));
    cr_expect(eq(u64, halves.tables[1].count, KEYS));
    halves_free(&halves);
}

Test(halves, have_numbers_as_far_as_a_pair_has_bits)
{
    const uint32_t first = UINT32_MAX >> 1, second = UINT32_MAX;
    const uint64_t pair = pair_of_halves(first, second);
    const struct layout layout = layout_for(KEYS);
    struct halves halves;
    cr_expect(eq(u32, pair_half(pair, 0), first));
    cr_expect(eq(u32, pair_half(pair, 1), second));
    cr_expect(eq(u32, pair_half(pair_of_halves(0, 0), 0), 0));
    cr_expect(ne(u64, pair_of_halves(0, 0), 0), "no pair is a free place of the store");
    halves_init(&halves, &layout, half_of);
    halves.tables[0].count = (UINT64_C(1) << 31) - 3;
    cr_expect(not(halves_are_spent(&halves, 3)));
    cr_expect(halves_are_spent(&halves, 4));
    cr_expect(not(halves_have_room(&halves, 1)));
    cr_expect(eq(sz, halves_growth(&halves, 3), ((size_t)4 << 32) - ((size_t)4 << 8)), "places for all of them");
    halves.tables[0].count = 0;
    halves_free(&halves);
}

/* ---- Searches ---- */

/* All that has to be the same, as text. */
static char *search_with(const struct gs_model *model, struct gs_config config, unsigned halves_from, unsigned threads)
{
    struct gs_result result;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    config.halves_from = halves_from;
    config.threads = threads;
    config.threads_from = 1;
    config.witnesses = true;
    config.samples = 2;
    config.growth = true;
    gs_check(model, &config, &result);
    cr_expect(eq(int, result.halves > 0, halves_from == 1), "%s", model->name);
    cr_expect(eq(int, result.memory.bytes[GS_TABLE_HALVES] > 0, halves_from == 1), "%s", model->name);
    fprintf(out, "%d %s: %llu states, %llu transitions, depth %llu, stopped %s\n", (int)result.status, result.error,
            (unsigned long long)result.states, (unsigned long long)result.transitions, (unsigned long long)result.depth,
            result.stopped);
    for (size_t i = 0; i < result.property_count; i++) {
        fprintf(out, "%s %s %llu\n", result.properties[i].name, gs_verdict_names[result.properties[i].verdict],
                (unsigned long long)result.properties[i].judged);
        if (result.properties[i].trace)
            gs_trace_print(result.properties[i].trace, out);
    }
    for (size_t i = 0; i < result.sample_count; i++)
        gs_trace_print(result.samples[i], out);
    fclose(out);
    gs_result_free(&result);
    return text;
}

static void expect_no_difference(const struct gs_model *model, struct gs_config config)
{
    char *whole = search_with(model, config, KEY_WORDS_MAX + 1, 1);
    for (unsigned threads = 1; threads <= 4; threads++) {
        char *pairs = search_with(model, config, 1, threads);
        cr_expect(strcmp(whole, pairs) == 0, "%s, %u threads: %.300s, not %.300s", model->name, threads, pairs, whole);
        free(pairs);
    }
    free(whole);
}

Test(halves, make_no_difference_to_what_is_found)
{
    expect_no_difference(&two_phase_commit, (struct gs_config){.preset = "quick"});
    expect_no_difference(&two_phase_commit, (struct gs_config){.preset = "quick", .max_states = 20000});
    expect_no_difference(&two_phase_commit, (struct gs_config){.mutants = LIST("commit-on-one-vote")});
    expect_no_difference(&raft, (struct gs_config){.preset = "one-term", .mutants = LIST("forget-vote")});
    expect_no_difference(&raft, (struct gs_config){.preset = "reboot"});
    expect_no_difference(&raft, (struct gs_config){.preset = "log", .max_states = 30000});
    expect_no_difference(&counters, (struct gs_config){.settings = LIST("counters=3", "top=40")});
    expect_no_difference(&counters, (struct gs_config){.settings = LIST("counters=1", "top=30000")});
    expect_no_difference(&tokens, (struct gs_config){.settings = LIST("holders=64", "numbers=62")});
}

/* ---- Where they pay ---- */

/* Many counters that pick independently, as far as a depth. */
static struct gs_result search_picks(const char *count, const char *largest, struct gs_config config)
{
    struct gs_result result;
    config.settings = LIST(count, largest, "top=100000");
    config.ignore_goals = true;
    check(&counters, &config, GS_INCOMPLETE, &result);
    return result;
}

Test(halves, are_kept_where_a_third_is_gained)
{
    struct gs_result result = search_picks("counters=48", "largest=15", (struct gs_config){.max_states = 300000}),
                     whole = search_picks("counters=48", "largest=15",
                                          (struct gs_config){.max_states = 300000, .halves_from = 64});
    const uint64_t with = result.memory.bytes[GS_TABLE_KEYS] + result.memory.bytes[GS_TABLE_LEVELS] +
                          result.memory.bytes[GS_TABLE_HALVES],
                   without = whole.memory.bytes[GS_TABLE_KEYS] + whole.memory.bytes[GS_TABLE_LEVELS];
    cr_expect(gt(u64, result.halves, 0));
    cr_expect(eq(u64, whole.halves, 0));
    cr_expect(le(u64, 3 * with, 2 * without), "%llu bytes, %llu without", (unsigned long long)with,
              (unsigned long long)without);
    gs_result_free(&result);
    gs_result_free(&whole);
}

Test(halves, are_not_kept_of_short_keys_or_few_states)
{
    struct gs_result result = search_picks("counters=31", "largest=15", (struct gs_config){.max_depth = 2});
    cr_expect(eq(u64, result.key_bits, 124));
    cr_expect(eq(u64, result.halves, 0));
    cr_expect(gt(u64, result.states, 1 << 16));
    gs_result_free(&result);
    result = search_picks("counters=48", "largest=7", (struct gs_config){.max_depth = 2});
    cr_expect(eq(u64, result.key_bits, 144));
    cr_expect(lt(u64, result.states, 1 << 16));
    cr_expect(eq(u64, result.halves, 0));
    gs_result_free(&result);
}
