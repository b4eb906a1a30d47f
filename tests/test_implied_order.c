/* What a queue's or a stack's order implies: the same verdicts as without, sooner. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "tests/history_sample.h"
#include "tests/scale.h"

enum { HISTORIES = IS_SLOW ? 3000 : 20000, CLIENTS_MOST = 8, PUT = 0, TAKE = 1 };

/* A container that clients use side by side. */
struct using
{
    uint64_t random;
    struct gs_history history;
    int64_t elements[4096];
    size_t count, in_flight[CLIENTS_MOST]; /* operation + 1 */
    bool has_effect[CLIENTS_MOST];
    int64_t taken[CLIENTS_MOST]; /* 0: it was empty */
    bool is_stack, is_tame;      /* tame: each element once, and all that was asked is answered */
};

static unsigned below(struct using *using, unsigned n)
{
    return (unsigned)(sample_random(&using->random) % n);
}

static gs_value integer(struct using *using, int64_t value)
{
    uint8_t bytes[GS_INTEGER_BYTES];
    struct gs_buffer buffer = {bytes, 0, sizeof(bytes)};
    gs_put_integer(&buffer, value);
    return gs_history_keep(&using->history, (gs_value){bytes, buffer.size});
}

static int64_t take(struct using *using)
{
    if (!using->count)
        return 0;
    const size_t place = using->is_stack ? using->count - 1 : 0;
    const int64_t taken = using->elements[place];
    for (size_t i = place + 1; i < using->count; i++)
        using->elements[i - 1] = using->elements[i];
    using->count--;
    return taken;
}

static void have_effect(struct using *using, unsigned client)
{
    const struct gs_operation *operation = &using->history.operations[using->in_flight[client] - 1].operation;
    using->has_effect[client] = true;
    if (operation->function == PUT)
        using->elements[using->count++] = gs_value_integer(operation->argument);
    else
        using->taken[client] = take(using);
}

static void end(struct using *using, unsigned client)
{
    const size_t operation = using->in_flight[client] - 1;
    const bool is_put = using->history.operations[operation].operation.function == PUT;
    using->in_flight[client] = 0;
    if (!using->is_tame && below(using, 20) == 0) /* nobody hears of it */
        return;
    gs_history_return(&using->history, operation, GS_OK,
                      is_put                 ? using->history.operations[operation].operation.argument
                      : using->taken[client] ? integer(using, using->taken[client])
                                             : GS_NIL);
}

static void act(struct using *using, unsigned client)
{
    struct gs_operation operation = {.key = GS_NIL, .argument = GS_NIL, .result = GS_UNKNOWN};
    if (!using->in_flight[client]) {
        operation.function = below(using, 2) ? PUT : TAKE;
        if (operation.function == PUT) /* now and then one that was put in before */
            operation.argument =
                integer(using, 1 + (int64_t) using->history.count - (!using->is_tame && below(using, 30) == 0));
        using->has_effect[client] = false;
        using->in_flight[client] = gs_history_invoke(&using->history, client, &operation) + 1;
    } else if (!using->has_effect[client]) {
        have_effect(using, client);
    } else {
        end(using, client);
    }
}

/* Swaps the answers of two takes. */
static void spoil(struct using *using)
{
    struct gs_recorded *one = &using->history.operations[below(using, (unsigned)using->history.count)],
                       *other = &using->history.operations[below(using, (unsigned)using->history.count)];
    if (one->operation.function == TAKE && other->operation.function == TAKE && one->outcome == GS_OK &&
        other->outcome == GS_OK) {
        const gs_value result = one->operation.result;
        one->operation.result = other->operation.result;
        other->operation.result = result;
    }
}

static struct gs_history make_history(bool is_stack, bool is_tame, uint64_t seed, size_t operations, unsigned clients)
{
    struct using *using = calloc(1, sizeof(*using));
    using->random = seed;
    using->is_stack = is_stack;
    using->is_tame = is_tame;
    while (using->history.count < operations)
        act(using, below(using, clients));
    for (unsigned client = 0; using->is_tame && client < clients; client++)
        while (using->in_flight[client])
            act(using, client);
    for (unsigned i = below(using, 8); i-- > 0;)
        spoil(using);
    const struct gs_history history = using->history;
    free(using);
    return history;
}

static const struct gs_sequential *model_of(bool is_stack)
{
    return is_stack ? &gs_stack : &gs_fifo_queue;
}

static enum gs_decided decide(const struct gs_history *history, const struct gs_sequential *model, uint64_t attempts,
                              uint64_t *spent)
{
    struct gs_decision decision;
    const struct gs_decision_limits limits = {.attempts = attempts};
    cr_assert(gs_decide(history, model, GS_UNKNOWN, GS_LINEARIZABLY, &limits, &decision));
    const enum gs_decided decided = decision.decided;
    *spent += decision.attempts;
    gs_decision_free(&decision);
    return decided;
}

struct comparison {
    size_t consistent, inconsistent, wrong;
    uint64_t spent, spent_plain;
};

static struct comparison compare(bool is_stack, const struct gs_sequential *model)
{
    struct gs_sequential plain = *model_of(is_stack);
    struct comparison comparison = {0};
    plain.container.gives = GS_GIVES_ANY;
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        struct gs_history history = make_history(is_stack, seed % 2, seed, 6 + seed % 12, 2 + seed % 4);
        const enum gs_decided truth = decide(&history, &plain, 0, &comparison.spent_plain);
        comparison.wrong += decide(&history, model, 0, &comparison.spent) != truth;
        comparison.consistent += truth == GS_CONSISTENT;
        comparison.inconsistent += truth == GS_INCONSISTENT;
        gs_history_free(&history);
    }
    return comparison;
}

Test(implied_order, changes_no_verdict)
{
    for (int is_stack = 0; is_stack <= 1; is_stack++) {
        const struct comparison comparison = compare(is_stack, model_of(is_stack));
        cr_expect(eq(sz, comparison.wrong, 0), "%s", model_of(is_stack)->name);
        cr_expect(gt(sz, comparison.consistent, HISTORIES / 4));
        cr_expect(gt(sz, comparison.inconsistent, HISTORIES / 10));
        cr_expect(lt(u64, comparison.spent, comparison.spent_plain));
    }
}

/* Canary. */
Test(implied_order, comparison_catches_a_queue_that_is_taken_for_a_stack)
{
    for (int is_stack = 0; is_stack <= 1; is_stack++) {
        struct gs_sequential liar = *model_of(is_stack);
        liar.container.gives = is_stack ? GS_GIVES_FIRST : GS_GIVES_LAST;
        cr_expect(gt(sz, compare(is_stack, &liar).wrong, 0));
    }
}

/* Most of these take more than a thousand times as long without, and all memory. */
Test(implied_order, decides_long_histories_soon)
{
    enum { SOON = 2000000 };
    for (int is_stack = 0; is_stack <= 1; is_stack++)
        for (uint64_t seed = 0; seed < 40; seed++) {
            uint64_t spent = 0;
            struct gs_history history = make_history(is_stack, true, seed, is_stack ? 100 : 1000, is_stack ? 4 : 8);
            cr_expect(decide(&history, model_of(is_stack), SOON, &spent) != GS_UNDECIDED, "%s, seed %llu",
                      model_of(is_stack)->name, (unsigned long long)seed);
            gs_history_free(&history);
        }
}
