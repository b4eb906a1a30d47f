/* The decision procedure against all orders of random small histories, of every model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/history_sample.h"

enum { HISTORIES = 3000, MOST = 7 };

static bool decided_is(const struct gs_history *history, const struct gs_sequential *model, gs_value initial,
                       enum gs_consistency consistency)
{
    struct gs_decision decision;
    const bool can_begin = gs_decide(history, model, initial, consistency, NULL, &decision);
    const bool is_consistent = decision.decided == GS_CONSISTENT;
    cr_assert(can_begin && decision.decided != GS_UNDECIDED);
    gs_decision_free(&decision);
    return is_consistent;
}

struct tally {
    size_t consistent, inconsistent, wrong;
    uint64_t first_wrong;
};

/* Decides with `model`, tries all orders with `truth`. */
static struct tally compare(const struct gs_sequential *model, const struct gs_sequential *truth,
                            enum gs_consistency consistency)
{
    struct tally tally = {0};
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        struct gs_history history = sample_history(truth, seed, MOST);
        const bool expected = brute_force_is_consistent(&history, truth, GS_UNKNOWN, consistency);
        if (decided_is(&history, model, GS_UNKNOWN, consistency) != expected && tally.wrong++ == 0)
            tally.first_wrong = seed;
        tally.consistent += expected;
        tally.inconsistent += !expected;
        gs_history_free(&history);
    }
    return tally;
}

static void expect_agreement(enum gs_consistency consistency)
{
    for (size_t i = 0; gs_sequential_models[i] != NULL; i++) {
        const struct gs_sequential *model = gs_sequential_models[i];
        const struct tally tally = compare(model, model, consistency);
        struct gs_history history = sample_history(model, tally.first_wrong, MOST);
        char *text = sample_text(&history, model);
        cr_expect(tally.wrong == 0, "%s: %zu wrong, the first with seed %llu:\n%s", model->name, tally.wrong,
                  (unsigned long long)tally.first_wrong, text);
        cr_expect(gt(sz, tally.consistent, HISTORIES / 10), "%s", model->name);
        cr_expect(gt(sz, tally.inconsistent, HISTORIES / 100), "%s", model->name);
        free(text);
        gs_history_free(&history);
    }
}

Test(linearizability, agrees_with_all_orders_of_random_histories)
{
    expect_agreement(GS_LINEARIZABLY);
}

Test(linearizability, of_clients_alone_agrees_with_all_orders_of_random_histories)
{
    expect_agreement(GS_SEQUENTIALLY);
}

/* ---- What makes it fast, switched off, and wrong */

/* Each model without what it says of reads, debts and order decides the same. */
Test(linearizability, is_the_same_without_its_reductions)
{
    for (size_t i = 0; gs_sequential_models[i] != NULL; i++) {
        struct gs_sequential plain = *gs_sequential_models[i];
        plain.is_read = NULL;
        plain.owes = NULL;
        plain.container.gives = GS_GIVES_ANY;
        cr_expect(eq(sz, compare(&plain, gs_sequential_models[i], GS_LINEARIZABLY).wrong, 0), "%s", plain.name);
        cr_expect(eq(sz, compare(&plain, gs_sequential_models[i], GS_SEQUENTIALLY).wrong, 0), "%s", plain.name);
    }
}

static bool never_owes(const struct gs_operation *later, const struct gs_operation *earlier)
{
    (void)later;
    (void)earlier;
    return false;
}

static bool keeps_all(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    gs_put(next, state);
    return gs_register.apply(state, operation, &(struct gs_buffer){NULL, 0, 0});
}

static bool forgets_keys(gs_span a, gs_span b)
{
    return a.size == b.size;
}

/* Canaries: the comparison fails for a model that is wrong. */
Test(linearizability, comparison_catches_a_model_that_lies)
{
    struct gs_sequential liar = gs_cas_register;
    liar.owes = never_owes;
    cr_expect(gt(sz, compare(&liar, &gs_cas_register, GS_LINEARIZABLY).wrong, 0), "nothing is owed");
    liar = gs_register;
    liar.apply = keeps_all;
    cr_expect(gt(sz, compare(&liar, &gs_register, GS_LINEARIZABLY).wrong, 0), "writes change nothing");
    liar = gs_register;
    liar.equal = forgets_keys;
    cr_expect(gt(sz, compare(&liar, &gs_register, GS_LINEARIZABLY).wrong, 0), "all values are the same");
    liar = gs_register;
    liar.by_key = false;
    cr_expect(gt(sz, compare(&liar, &gs_register, GS_LINEARIZABLY).wrong, 0), "all keys are one");
}

/* What a model says of reads is so, in every state that random histories reach. */
Test(linearizability, reads_change_no_state)
{
    for (size_t i = 0; gs_sequential_models[i] != NULL; i++) {
        const struct gs_sequential *model = gs_sequential_models[i];
        uint8_t bytes[2][4096];
        size_t reads = 0;
        for (uint64_t seed = 0; seed < 300; seed++) {
            struct gs_history history = sample_history(model, seed, 12);
            struct gs_buffer state = {bytes[0], 0, sizeof(bytes[0])};
            model->init(GS_UNKNOWN, &state);
            for (size_t k = 0; k < history.count; k++) {
                const struct gs_operation *operation = &history.operations[k].operation;
                struct gs_buffer next = {state.bytes == bytes[0] ? bytes[1] : bytes[0], 0, sizeof(bytes[0])};
                if (!model->apply(gs_written(&state), operation, &next))
                    continue;
                if (model->is_read != NULL && model->is_read(operation)) {
                    reads++;
                    cr_expect(gs_span_equal(gs_written(&state), gs_written(&next)), "%s", model->name);
                }
                state = next;
            }
            gs_history_free(&history);
        }
        const bool has_reads = model->is_read == NULL || reads > 0;
        cr_expect(has_reads, "%s", model->name);
    }
}

/* ---- Contradictions */

static bool is_order(const struct gs_history *history, const struct gs_decision *decision)
{
    for (size_t i = 0; i < decision->placed_count; i++)
        for (size_t k = 0; k < i; k++)
            if (history->operations[decision->placed[i]].returned < history->operations[decision->placed[k]].invoked)
                return false;
    return true;
}

struct left {
    size_t before, after;
};

static void expect_small(const struct gs_sequential *model, uint64_t seed, enum gs_consistency consistency,
                         struct left *left)
{
    struct gs_history history = sample_history(model, seed, 9), small;
    struct gs_decision decision;
    gs_decide(&history, model, GS_UNKNOWN, consistency, NULL, &decision);
    if (decision.decided == GS_INCONSISTENT) {
        left->before += decision.operation_count;
        gs_decision_minimise(&history, model, GS_UNKNOWN, consistency, 20000, &decision, &small);
        for (size_t k = 0; k < small.count; k++)
            left->after += !small.operations[k].is_in_play;
        const bool still_fails = !brute_force_is_consistent(&small, model, GS_UNKNOWN, consistency);
        cr_expect(still_fails, "%s %llu", model->name, (unsigned long long)seed);
        const bool has_order = consistency == GS_SEQUENTIALLY || is_order(&small, &decision);
        cr_expect(has_order, "%s %llu", model->name, (unsigned long long)seed);
        cr_expect(lt(sz, decision.stuck, small.count));
        gs_history_free(&small);
    }
    gs_decision_free(&decision);
    gs_history_free(&history);
}

/* What is left fails by itself, by all orders, and is never more than there was; the order shown is one. */
Test(linearizability, a_contradiction_made_small_is_one)
{
    for (int consistency = GS_LINEARIZABLY; consistency <= GS_SEQUENTIALLY; consistency++) {
        struct left left = {0, 0};
        for (size_t i = 0; gs_sequential_models[i] != NULL; i++)
            for (uint64_t seed = 0; seed < 600; seed++)
                expect_small(gs_sequential_models[i], seed, (enum gs_consistency)consistency, &left);
        cr_expect(gt(sz, left.after, 0));
        cr_expect(lt(sz, 2 * left.after, left.before), "%zu of %zu are left", left.after, left.before);
    }
}

/* ---- Limits */

/* A stack that many push to at once: every order is a state of its own. */
static struct gs_history hard_history(size_t count)
{
    struct gs_history history = {0};
    uint8_t storage[GS_INTEGER_BYTES];
    for (size_t i = 0; i < count; i++)
        gs_history_invoke(
            &history, (int64_t)i,
            &(struct gs_operation){.function = gs_sequential_function(&gs_stack, "push"),
                                   .key = GS_NIL,
                                   .argument = gs_history_keep(&history, gs_integer((int64_t)i, storage))});
    for (size_t i = 0; i < count; i++)
        gs_history_return(&history, i, GS_OK, GS_NIL);
    const size_t length =
        gs_history_invoke(&history, 1000,
                          &(struct gs_operation){
                              .function = gs_sequential_function(&gs_stack, "len"), .key = GS_NIL, .argument = GS_NIL});
    gs_history_return(&history, length, GS_OK, gs_history_keep(&history, gs_integer(777, storage)));
    return history;
}

Test(linearizability, a_limit_leaves_it_undecided, .timeout = 60)
{
    static const struct gs_decision_limits limits[] = {{.seconds = 0.05}, {.memory = 1 << 20}, {.attempts = 10000}};
    struct gs_history history = hard_history(24);
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        struct gs_decision decision;
        gs_decide(&history, &gs_stack, GS_UNKNOWN, GS_LINEARIZABLY, &limits[i], &decision);
        cr_expect(eq(int, (int)decision.decided, GS_UNDECIDED), "limit %zu", i);
        gs_decision_free(&decision);
    }
    gs_history_free(&history);
}

Test(linearizability, an_empty_history_is_linearizable)
{
    struct gs_history history = {0};
    cr_expect(decided_is(&history, &gs_register, GS_UNKNOWN, GS_LINEARIZABLY));
    cr_expect(decided_is(&history, &gs_register, GS_UNKNOWN, GS_SEQUENTIALLY));
}
