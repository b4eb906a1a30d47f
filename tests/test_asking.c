/* A sequential model of the user's own that does not keep what it promises, inside of a protocol's monitor: a finding,
 * or bad input in one line, in the search, at random and in a replay; never a wrong verdict nor an internal error. */
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include "checker/fuzz.h"
#include "core/guard.h"
#include "properties/client.h"
#include "protocols/single_copy_register.h"
#include "tests/checker_sample.h"
#include "traces/trace.h"

#define text_of format_text /* the sample's is another */
#include "tests/run_program.h"
#undef text_of

#define FAULTY __attribute__((noinline, no_sanitize("address", "undefined")))

/* A register whose reads go wrong in some way. */
enum way {
    FINE,
    CRASHES,
    ABORTS,
    LOOPS,
    COUNTS, /* how often it was asked is part of the state that it writes */
    CHANGES_ITS_MIND,
    SEES_ITS_STACK,
    WRITES_WITHOUT_END,
    CHANGES_STATES,  /* and is_read says that it does not */
    REFUSES_ANSWERS, /* and is_blind says that it takes all */
    OWN_WAY,         /* with a known result it does otherwise than with an unknown one */
    BEGINS_AT_TIMES,
    BEGINS_IN_TWO_WAYS,
    DRAWS_LOTS,
    EQUAL_ONE_WAY
};
enum { READ, WRITE };
enum { LINEARIZATIONS, HISTORY };
static enum way way;
static volatile unsigned turns;

static bool begin(gs_value initial, struct gs_buffer *state)
{
    (void)initial;
    gs_put(state, way == BEGINS_IN_TWO_WAYS && turns++ % 2 ? GS_FALSE : GS_NIL);
    return way != BEGINS_AT_TIMES || turns++ % 3 != 2;
}

static FAULTY int64_t rest_on_stack(void)
{
    volatile uint8_t bytes[64];
    int64_t sum = 0;
    __asm__ volatile("" : : "r"(bytes) : "memory"); /* or the compiler warns, rightly */
    for (size_t i = 0; i < sizeof(bytes); i++)
        sum += bytes[i];
    return sum;
}

static FAULTY void write_nowhere(void)
{
    volatile int *volatile nowhere = (volatile int *)16;
    *nowhere = 1;
}

static bool go_wrong(gs_span state, const struct gs_operation *read, struct gs_buffer *next)
{
    const bool is_known = gs_value_kind(read->result) != GS_VALUE_UNKNOWN;
    if (way == CRASHES)
        write_nowhere();
    if (way == ABORTS)
        abort();
    while (way == LOOPS)
        turns++;
    if (way == COUNTS)
        gs_put_integer(next, (int64_t)turns++);
    else if (way == SEES_ITS_STACK)
        gs_put_integer(next, rest_on_stack());
    else if (way == CHANGES_STATES || (way == OWN_WAY && is_known))
        gs_put_integer(next, 77);
    else if (way == DRAWS_LOTS)
        gs_put_integer(next, rand() % 3); // NOLINT
    else
        gs_put(next, state);
    if (way == WRITES_WITHOUT_END)
        next->size = (size_t)1 << 40;
    return way == CHANGES_ITS_MIND ? turns++ % 2 : !is_known || way == OWN_WAY || gs_span_equal(read->result, state);
}

static bool apply(gs_span state, const struct gs_operation *operation, struct gs_buffer *next)
{
    if (operation->function == READ)
        return go_wrong(state, operation, next);
    gs_put(next, operation->argument);
    return true;
}

static bool is_equal(gs_span a, gs_span b)
{
    return way == EQUAL_ONE_WAY ? gs_span_compare(a, b) < 0 : gs_span_equal(a, b);
}

static bool is_read(const struct gs_operation *operation)
{
    return operation->function == READ;
}

static bool is_blind(const struct gs_operation *operation)
{
    return operation->function == WRITE || way == REFUSES_ANSWERS;
}

static const char *const functions[] = {"read", "write", NULL};
static const struct gs_sequential own = {.name = "own",
                                         .meaning = "a register",
                                         .functions = functions,
                                         .init = begin,
                                         .apply = apply,
                                         .equal = is_equal,
                                         .is_read = is_read,
                                         .is_blind = is_blind};
static struct gs_operations operations;
static struct gs_model *model;

#if defined(__SANITIZE_ADDRESS__)
/* Asked when a process ends, each of which runs one test. A model that fails is left by a jump out of the guarded call:
 * what its decision had by then is lost, once, and is no news in these tests. */
static bool expects_leaks;
int __lsan_is_turned_off(void)
{
    return expects_leaks;
}
#endif

static void set_up(void)
{
#if defined(__SANITIZE_ADDRESS__)
    expects_leaks = true;
#endif
    model = copy_model(&single_copy_register);
    operations = *(const struct gs_operations *)model->monitors[LINEARIZATIONS].context;
    operations.model = &own;
    model->monitors[LINEARIZATIONS].context = model->monitors[HISTORY].context = &operations;
}

TestSuite(asking, .init = set_up, .timeout = 60);

static const char *const *settings_of(int monitor)
{
    static const char *const settings[][3] = {{"monitor=linearizations", "clients=2", NULL},
                                              {"monitor=history", "clients=2", NULL}};
    return settings[monitor];
}

/* The monitor `history` is decided by a predicate: what goes wrong in there is bad input. */
static void expect_bad_input(const char *part)
{
    const struct gs_config config = {.settings = settings_of(HISTORY), .catch_signals = true};
    const struct gs_fuzz_config random = {.base = config, .runs = 20};
    struct gs_result result;
    struct gs_fuzz_result fuzz;
    cr_expect(eq(int, (int)gs_check(model, &config, &result), GS_BAD_INPUT), "way %d", way);
    EXPECT_IN(result.error, part);
    gs_result_free(&result);
    cr_expect(eq(int, (int)gs_fuzz(model, &random, &fuzz), GS_BAD_INPUT), "way %d", way);
    EXPECT_IN(fuzz.result.error, part);
    gs_fuzz_result_free(&fuzz);
}

static void expect_replay(const struct trace *trace, const char *part)
{
    struct replay replay;
    cr_assert(trace != NULL, "way %d", way);
    guard_catch();
    trace_replay(trace, NULL, NULL, &replay);
    guard_release();
    cr_expect(replay.end == REPLAY_VIOLATED, "way %d: %s", way, replay.reason);
    EXPECT_IN(replay.reason, part);
}

/* The monitor `linearizations` asks while it is fed: what goes wrong is a finding with a trace. */
static void expect_finding(const char *part)
{
    const struct gs_config config = {.settings = settings_of(LINEARIZATIONS), .catch_signals = true};
    const struct gs_fuzz_config random = {.base = config, .runs = 20};
    struct gs_result result;
    struct gs_fuzz_result fuzz;
    cr_expect(eq(int, (int)gs_check(model, &config, &result), GS_VIOLATION), "way %d: %s", way, result.error);
    EXPECT_IN(result_of(&result, "well-behaved")->reason, part);
    expect_replay(result_of(&result, "well-behaved")->trace, part);
    gs_result_free(&result);
    cr_expect(eq(int, (int)gs_fuzz(model, &random, &fuzz), GS_VIOLATION), "way %d: %s", way, fuzz.result.error);
    cr_assert(fuzz.failure_count > 0, "way %d", way);
    EXPECT_IN(fuzz.failures[0].explanation, part);
    gs_fuzz_result_free(&fuzz);
}

Test(asking, a_model_of_ones_own_is_right_where_it_keeps_its_promises)
{
    for (int monitor = LINEARIZATIONS; monitor <= HISTORY; monitor++) {
        struct gs_result result;
        check(model, &(struct gs_config){.settings = settings_of(monitor)}, GS_HOLDS, &result);
        gs_result_free(&result);
        check(model, &(struct gs_config){.settings = LIST(settings_of(monitor)[0], "servers=2")}, GS_VIOLATION,
              &result);
        cr_expect(eq(u64, result_of(&result, "linearizable")->steps, 4));
        gs_result_free(&result);
    }
}

Test(asking, a_model_that_breaks_a_promise_is_named_with_what_it_breaks)
{
    static const struct {
        enum way way;
        const char *said;
    } cases[] = {
        {COUNTS, "sequential model own: apply at 'read"},
        {COUNTS, "nondeterministic: asked twice in the same state, it answers in two ways"},
        {CHANGES_ITS_MIND, "nondeterministic: asked twice in the same state, it answers in two ways"},
        {SEES_ITS_STACK, "nondeterministic: asked twice in the same state, it answers in two ways"},
        {WRITES_WITHOUT_END, "it writes a state of more than 256 MiB"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        way = cases[i].way;
        expect_finding(cases[i].said);
        expect_bad_input(cases[i].said);
    }
    way = CHANGES_STATES;
    expect_bad_input("is_read at 'read -> 1': it says that this changes no state, but apply changes one");
    way = EQUAL_ONE_WAY;
    expect_bad_input("sequential model own: equal: of two states it says that they are the same, and that they are "
                     "not");
    way = REFUSES_ANSWERS;
    expect_finding("is_blind at 'read -> 1': it says that every result is right, but apply refuses this");
    way = OWN_WAY;
    expect_finding("apply at 'read -> 1': it does otherwise with this result than with an unknown one");
    way = BEGINS_IN_TWO_WAYS;
    expect_finding("nondeterministic: asked twice in the same state, it answers in two ways");
}

Test(asking, a_model_that_crashes_is_found)
{
    static const struct {
        enum way way;
        const char *said;
    } cases[] = {{CRASHES, "SIGSEGV"}, {ABORTS, "SIGABRT"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        way = cases[i].way;
        expect_finding(cases[i].said);
        expect_bad_input(cases[i].said);
    }
}

/* Some seconds until the watchdog bites. */
Test(asking, a_model_that_does_not_return_is_found)
{
    struct gs_result result;
    way = LOOPS;
    check(model, &(struct gs_config){.settings = settings_of(LINEARIZATIONS), .catch_signals = true}, GS_VIOLATION,
          &result);
    EXPECT_IN(result_of(&result, "well-behaved")->reason, "it did not return");
    gs_result_free(&result);
    check(model, &(struct gs_config){.settings = settings_of(HISTORY), .catch_signals = true}, GS_BAD_INPUT, &result);
    EXPECT_IN(result.error, "it did not return");
    gs_result_free(&result);
}

/* What happens by chance need not happen again when the trace is replayed. */
Test(asking, a_model_that_draws_lots_is_never_an_internal_error)
{
    static const enum way ways[] = {DRAWS_LOTS, BEGINS_AT_TIMES};
    for (size_t i = 0; i < 2; i++)
        for (unsigned seed = 0; seed < 20; seed++)
            for (int monitor = LINEARIZATIONS; monitor <= HISTORY; monitor++) {
                const struct gs_config config = {.settings = settings_of(monitor), .catch_signals = true};
                const struct gs_fuzz_config random = {.base = config, .runs = 10};
                struct gs_result result;
                struct gs_fuzz_result fuzz;
                way = ways[i];
                srand(seed);
                const enum gs_status status = gs_check(model, &config, &result);
                cr_expect(status == GS_VIOLATION || status == GS_BAD_INPUT, "%d: %s", status, result.error);
                gs_result_free(&result);
                cr_expect(ne(int, (int)gs_fuzz(model, &random, &fuzz), GS_INTERNAL_ERROR), "%s", fuzz.result.error);
                gs_fuzz_result_free(&fuzz);
            }
}
