/* Samples: how long they are, that they are the same each time, that they show different things and no violation. */
#include "checker/samples.h"

#include <stdlib.h>

#include "tests/checker_sample.h"
#include "tests/reference/compare.h"
#include "traces/trace.h"

static void expect_lengths(const struct gs_result *result, const uint64_t *lengths, size_t count)
{
    cr_assert(eq(sz, result->sample_count, count), "%s", result->samples_note);
    for (size_t i = 0; i < count; i++)
        cr_expect(eq(u64, gs_trace_steps(result->samples[i]), lengths[i]), "sample %zu of %zu", i + 1, count);
}

#define EXPECT_LENGTHS(result, ...) \
    expect_lengths(result, (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

Test(samples, are_spread_over_the_depths_and_end_with_the_deepest)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.samples = 3}, GS_HOLDS, &result);
    EXPECT_LENGTHS(&result, 2, 4, 6);
    expect_text(result.samples_note, "");
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.samples = 4}, GS_HOLDS, &result);
    EXPECT_LENGTHS(&result, 1, 3, 4, 6);
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.samples = 1}, GS_HOLDS, &result);
    EXPECT_LENGTHS(&result, 6);
    gs_result_free(&result);
}

Test(samples, are_fewer_where_there_are_fewer_depths)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.samples = 10}, GS_HOLDS, &result);
    EXPECT_LENGTHS(&result, 1, 2, 3, 4, 5, 6);
    expect_text(result.samples_note, "the search went only 6 steps deep");
    gs_result_free(&result);
    check(&counters, &(struct gs_config){.samples = 2, .settings = LIST("top=0")}, GS_HOLDS, &result);
    cr_expect(eq(sz, result.sample_count, 0));
    expect_text(result.samples_note, "no step was found from an initial state");
    gs_result_free(&result);
}

Test(samples, are_not_taken_unless_asked_for)
{
    struct gs_result result;
    check(&counters, NULL, GS_HOLDS, &result);
    cr_expect(eq(sz, result.sample_count, 0));
    gs_result_free(&result);
    expect_refused(&counters, &(struct gs_config){.samples = GS_SAMPLES_MAX + 1}, "--samples 1001: at most 1000");
}

Test(samples, are_of_what_a_limit_has_left)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.samples = 2, .max_depth = 4}, GS_INCOMPLETE, &result);
    EXPECT_LENGTHS(&result, 2, 4);
    gs_result_free(&result);
}

/* ---- What they show ---- */

/* Counts up to top; on the way, from 1, one may jump to the same value as by an increment, which goes by another name.
 */
static bool step_with_jumps(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct counter *counter = self;
    if (e->type == INCREMENT && counter->value < gs_option(s, TOP))
        counter->value++;
    else if (e->type == JUMP && counter->value == 1 && gs_index(s, gs_self(s)) == 0)
        counter->value += 50;
    else
        return false;
    return true;
}

static bool any(struct gs_view *v)
{
    (void)v;
    return true;
}

static bool has_event(const struct trace *trace, unsigned type)
{
    for (size_t i = 0; i < trace->step_count; i++)
        if (trace->steps[i].type == type)
            return true;
    return false;
}

/* At each depth a quarter of the states or fewer has been reached by a jump. */
Test(samples, prefer_paths_with_events_not_shown_before)
{
    struct gs_model *model = copy_model(&counters);
    struct gs_result result;
    model->roles[0].step = step_with_jumps;
    model->properties[IN_RANGE].holds = any;
    check(model, &(struct gs_config){.samples = 3, .settings = LIST("counters=4")}, GS_HOLDS, &result);
    cr_assert(eq(sz, result.sample_count, 3));
    cr_expect(has_event(result.samples[0], JUMP), "of three steps or more, as soon as there is one");
    gs_result_free(&result);
}

static char *all_texts(const struct gs_model *model, const struct gs_config *config)
{
    struct gs_result result;
    char *all;
    size_t size;
    FILE *out = open_memstream(&all, &size);
    cr_assert(out != NULL);
    gs_check(model, config, &result);
    for (size_t i = 0; i < result.sample_count; i++)
        gs_trace_print(result.samples[i], out);
    fprintf(out, "%zu samples %s%s\n", result.sample_count, result.samples_note, result.error);
    gs_result_free(&result);
    fclose(out);
    return all;
}

/* What else is judged changes the numbers that the engine gives, but no state: monitors apart. */
Test(samples, are_the_same_each_time)
{
    struct gs_config config = {.samples = 5, .settings = LIST("counters=3", "top=5")};
    char *one = all_texts(&counters, &config), *other = all_texts(&counters, &config);
    config.properties = LIST("topped");
    config.witnesses = true;
    char *third = all_texts(&counters, &config);
    expect_text(one, other);
    expect_text(one, third);
    cr_expect(strstr(one, "5 samples") != NULL);
    free(one);
    free(other);
    free(third);
}

/* ---- Nothing is violated on the way ---- */

Test(samples, do_not_pass_through_what_is_violated)
{
    struct gs_result result;
    check(&counters, &(struct gs_config){.samples = 8, .mutants = LIST("one-too-far"), .keep_going = true},
          GS_VIOLATION, &result);
    cr_expect(eq(u64, result.depth, 8));
    EXPECT_LENGTHS(&result, 1, 2, 3, 4, 5, 6); /* with 7 steps one of the two is at 4 */
    expect_text(result.samples_note, "a property is violated on the way to others");
    for (size_t i = 0; i < result.sample_count; i++) {
        unsigned taken[2] = {0};
        for (size_t k = 0; k < result.samples[i]->step_count; k++)
            taken[result.samples[i]->steps[k].node.tag - 1]++;
        cr_expect(taken[0] <= 3 && taken[1] <= 3, "sample %zu", i + 1);
    }
    gs_result_free(&result);
}

static bool never_jumps(struct gs_view *v)
{
    return ((const struct counter *)gs_this(v))->value < ((const struct counter *)gs_before(v))->value + 2;
}

Test(samples, do_not_pass_through_a_violating_step)
{
    struct gs_model *model = copy_model(&counters);
    struct gs_result result;
    struct gs_property *added = add_property(model, "never-jumps");
    added->scope = GS_SCOPE_STEP;
    added->holds = never_jumps;
    model->roles[0].step = step_with_jumps;
    model->properties[IN_RANGE].holds = any;
    check(model, &(struct gs_config){.samples = 4, .settings = LIST("counters=3"), .keep_going = true}, GS_VIOLATION,
          &result);
    cr_expect(ge(sz, result.sample_count, 2));
    for (size_t i = 0; i < result.sample_count; i++)
        cr_expect(not(has_event(result.samples[i], JUMP)), "sample %zu", i + 1);
    gs_result_free(&result);
}

/* ---- Random protocols ---- */

struct judging_replay {
    const struct gs_result *result;
    bool violated;
};

static bool judge_replayed(void *context, const struct replayed *replayed)
{
    struct judging_replay *judging = context;
    for (unsigned i = 0; i + 1 < judging->result->property_count; i++) {
        const struct gs_property_result *property = &judging->result->properties[i];
        const uint8_t kind = property->property->kind, scope = property->property->scope;
        struct gs_view view = {.run = judging->result->run};
        if (property->verdict == GS_VERDICT_VIOLATED && kind == GS_ALWAYS && scope != GS_SCOPE_STEP &&
            scope != GS_SCOPE_STEP_ROLE && replayed->number > 0)
            judging->violated |= !judge_world(replayed->after, NULL, 0, i, &view);
    }
    return true;
}

static void expect_sound(const struct gs_result *result, uint64_t seed)
{
    uint64_t before = 0;
    for (size_t i = 0; i < result->sample_count; i++) {
        struct judging_replay judging = {.result = result};
        struct replay replay;
        const uint64_t steps = gs_trace_steps(result->samples[i]);
        trace_replay(result->samples[i], judge_replayed, &judging, &replay);
        cr_expect(eq(int, replay.end, REPLAY_SAMPLED), "seed %lu: %s", seed, replay.reason);
        cr_expect(not(judging.violated), "seed %lu, sample %zu", seed, i + 1);
        cr_expect(lt(u64, before, steps), "seed %lu", seed);
        cr_expect(le(u64, steps, result->depth), "seed %lu", seed);
        before = steps;
    }
}

Test(samples, of_random_protocols_replay_and_are_the_same_each_time)
{
    static struct reference_result plain;
    size_t samples = 0, violated = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct random_protocol protocol = compare_fit(seed, &plain);
        struct gs_result result;
        protocol.config.samples = 4;
        char *one = all_texts(protocol.model, &protocol.config), *other = all_texts(protocol.model, &protocol.config);
        expect_text(one, other);
        free(one);
        free(other);
        gs_check(protocol.model, &protocol.config, &result);
        cr_expect(ne(int, (int)result.status, GS_INTERNAL_ERROR), "seed %lu: %s", seed, result.error);
        expect_sound(&result, seed);
        samples += result.sample_count;
        violated += result.status == GS_VIOLATION;
        gs_result_free(&result);
        random_protocol_free(&protocol);
    }
    cr_expect(ge(sz, samples, 150), "%zu", samples);
    cr_expect(ge(sz, violated, 10), "%zu", violated);
}
