/* Clients and the monitors over their operations, in the search and on the concrete world, with the registers whose
 * counts are those of Stateright's examples. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "checker/fuzz.h"
#include "core/judge.h"
#include "core/run_setup.h"
#include "protocols/abd.h"
#include "protocols/paxos_actors.h"
#include "protocols/single_copy_register.h"
#include "traces/trace.h"

#define STRINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { LINEARIZATIONS, HISTORY };

/* ---- Counts ---- */

struct counted {
    const struct gs_model *model;
    const char *settings[5];
    uint64_t states;
    enum gs_status status;
    uint64_t steps; /* of the counterexample */
};

static const struct counted counted[] = {
    {&single_copy_register, {"monitor=history", "servers=1", "clients=2"}, 93, GS_HOLDS, 0},
    {&single_copy_register, {"monitor=history", "servers=2", "clients=2"}, 18, GS_VIOLATION, 4},
    {&abd, {"monitor=history", "servers=2", "clients=2", "writers=2"}, 544, GS_HOLDS, 0},
    {&paxos_actors, {"monitor=history", "servers=3", "clients=2"}, 16668, GS_HOLDS, 0},
    {&paxos_actors, {"monitor=history", "servers=3", "clients=3"}, 1194428, GS_HOLDS, 0},
    /* What no longer matters is not kept. */
    {&single_copy_register, {"monitor=linearizations", "servers=1", "clients=2"}, 67, GS_HOLDS, 0},
    {&single_copy_register, {"monitor=linearizations", "servers=2", "clients=2"}, 18, GS_VIOLATION, 4},
    {&abd, {"monitor=linearizations", "servers=2", "clients=2", "writers=2"}, 465, GS_HOLDS, 0},
};

static const struct gs_property_result *linearizable_of(const struct gs_result *result)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (strcmp(result->properties[i].name, "linearizable") == 0)
            return &result->properties[i];
    cr_fatal("there is no property linearizable");
}

Test(client, has_the_states_of_staterights_examples)
{
    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
        const struct counted *expected = &counted[i];
        const struct gs_config config = {.preset = "quick", .settings = expected->settings, .network = GS_BAG};
        struct gs_result result;
        cr_expect(eq(int, gs_check(expected->model, &config, &result), expected->status), "%zu: %s", i, result.error);
        cr_expect(eq(u64, result.states, expected->states), "%zu: %s", i, expected->model->name);
        cr_expect(eq(u64, linearizable_of(&result)->steps, expected->steps), "%zu: %s", i, expected->model->name);
        gs_result_free(&result);
    }
}

/* ---- Both monitors ---- */

/* The steps of the shortest violation, 0 for none. */
static uint64_t steps_with(const struct gs_model *model, const char *preset, const char *mutant, const char *monitor)
{
    const struct gs_config config = {.preset = preset,
                                     .settings = STRINGS(monitor),
                                     .mutants = mutant ? STRINGS(mutant) : NULL,
                                     .properties = STRINGS("linearizable"),
                                     .ignore_goals = true};
    struct gs_result result;
    const enum gs_status status = gs_check(model, &config, &result);
    const uint64_t steps = linearizable_of(&result)->steps;
    cr_expect(eq(int, status, steps ? GS_VIOLATION : GS_HOLDS), "%s %s %s", model->name, mutant ? mutant : "", monitor);
    gs_result_free(&result);
    return steps;
}

static void expect_same_verdict(const struct gs_model *model, const char *preset, const char *mutant)
{
    const uint64_t steps = steps_with(model, preset, mutant, "monitor=history");
    cr_expect(eq(u64, steps_with(model, preset, mutant, "monitor=linearizations"), steps), "%s %s", model->name,
              mutant ? mutant : "");
    cr_expect(eq(int, steps > 0, mutant != NULL), "%s %s", model->name, mutant ? mutant : "");
}

Test(client, both_monitors_find_the_same_shortest_violations)
{
    const struct gs_model *const models[] = {&single_copy_register, &abd, &paxos_actors};
    for (size_t m = 0; m < 3; m++) {
        expect_same_verdict(models[m], m == 2 ? "quick" : "small", NULL);
        for (const struct gs_mutant *mutant = models[m]->mutants; mutant->name; mutant++)
            expect_same_verdict(models[m], mutant->preset ? mutant->preset : "quick", mutant->name);
    }
}

/* ---- Random walks over the concrete world ---- */

enum { EVENTS_MAX = 256, MESSAGE_MAX = 64 };

struct choice {
    struct event events[EVENTS_MAX];
    uint8_t messages[EVENTS_MAX][MESSAGE_MAX];
    size_t count;
    const struct gs_run *run;
};

static void collect(void *context, const struct event *event)
{
    struct choice *choice = context;
    cr_assert(lt(sz, choice->count, EVENTS_MAX));
    struct event *kept = &choice->events[choice->count];
    *kept = *event;
    if (event->message)
        kept->message = memcpy(choice->messages[choice->count], event->message, choice->run->model->message_size);
    choice->count++;
}

static bool holds(const struct world *world, unsigned monitor)
{
    const struct gs_monitor *described = run_monitor(world->run, monitor);
    struct gs_view view = {
        .run = world->run, .monitor = world->monitors[monitor].data, .monitor_size = world->monitors[monitor].size};
    return described->ready->linearizable(&view, described);
}

static void start_all(struct world *world)
{
    for (unsigned n = 0; n < world->run->node_count; n++)
        if (run_role_of(world->run, n)->starts) {
            const struct event start = {.action = ACTION_START, .node = node_of(n)};
            cr_assert(eq(int, world_start(world, &start, NULL), WORLD_STEP));
        }
}

/* Steps of one walk; -1 as soon as a history is not linearizable, by both monitors. */
static int walk(const struct gs_run *run, unsigned *seed)
{
    static struct choice choice;
    char explanation[EXPLANATION_SIZE];
    struct world world = {0};
    int steps = 0;
    cr_assert(world_init(&world, run, 1u << LINEARIZATIONS | 1u << HISTORY, explanation));
    start_all(&world);
    for (choice.count = 1; choice.count && steps >= 0;) {
        choice.count = 0;
        choice.run = run;
        world_visit(&world, collect, &choice);
        while (choice.count) {
            const size_t drawn = (size_t)rand_r(seed) % choice.count;
            if (world_apply(&world, &choice.events[drawn], NULL) == WORLD_STEP)
                break;
            choice.events[drawn] = choice.events[--choice.count];
        }
        const bool fine = holds(&world, LINEARIZATIONS);
        cr_assert(eq(int, holds(&world, HISTORY), fine), "%s after %d steps", run->model->name, steps);
        steps = fine ? steps + 1 : -1;
    }
    world_free(&world);
    return steps;
}

static int violations_of(const struct gs_model *model, const char *preset, const char *mutant, int walks)
{
    char error[256];
    int violations = 0;
    unsigned seed = 1;
    struct gs_run *run =
        run_new(model, &(struct run_config){.preset = preset, .mutants = mutant ? STRINGS(mutant) : NULL}, error,
                sizeof(error));
    cr_assert(run != NULL, "%s", error);
    for (int i = 0; i < walks; i++)
        violations += walk(run, &seed) < 0;
    run_free(run);
    return violations;
}

Test(client, both_monitors_say_the_same_in_random_walks)
{
    cr_expect(eq(int, violations_of(&single_copy_register, "small", NULL, 200), 0));
    cr_expect(gt(int, violations_of(&single_copy_register, "two-copies", NULL, 200), 0));
    cr_expect(eq(int, violations_of(&abd, "full", NULL, 200), 0));
    cr_expect(gt(int, violations_of(&abd, "small", "quorum-too-small", 400), 0));
    cr_expect(gt(int, violations_of(&abd, "two-gets", "no-write-back", 2000), 0));
    cr_expect(eq(int, violations_of(&paxos_actors, "full", NULL, 200), 0));
    cr_expect(gt(int, violations_of(&paxos_actors, "quick", "quorum-too-small", 400), 0));
}

/* ---- Explanations ---- */

Test(client, a_violation_names_the_operation_that_has_no_place)
{
    const char *const expected[] = {
        [LINEARIZATIONS] = "process 1: read -> null has no place between its invocation and its return: it can only "
                           "find 1 or 2",
        [HISTORY] = "process 1: read -> null has no place between its invocation and its return; here: the longest "
                    "order that was found is write 2 (process 1), and leaves 2",
    };
    for (int m = 0; m < 2; m++) {
        const struct gs_config config = {.preset = "two-copies",
                                         .settings = STRINGS(m ? "monitor=history" : "monitor=linearizations")};
        struct gs_result result;
        cr_expect(eq(int, gs_check(&single_copy_register, &config, &result), GS_VIOLATION));
        cr_expect(eq(str, (char *)linearizable_of(&result)->reason, (char *)expected[m]));
        gs_result_free(&result);
    }
}

/* ---- What has no room ---- */

static void expect_too_large(const struct gs_model *model, const char *monitor, const char *said)
{
    const struct gs_fuzz_config config = {
        .base = {.settings = STRINGS("clients=6", "puts=3", "gets=3", monitor), .properties = STRINGS("linearizable")},
        .runs = 20};
    struct gs_fuzz_result fuzz;
    cr_assert(eq(int, (int)gs_fuzz(model, &config, &fuzz), GS_VIOLATION), "%s", fuzz.result.error);
    cr_assert(fuzz.failure_count > 0);
    cr_expect(eq(str, fuzz.failures[0].explanation, (char *)(uintptr_t)said));
    gs_fuzz_result_free(&fuzz);
}

Test(client, a_history_that_is_too_large_says_what_to_do_in_its_protocol)
{
    static struct gs_model other;
    expect_too_large(&single_copy_register, "monitor=linearizations",
                     "monitor linearizations: the history is too large (more than 512 possibilities): --set "
                     "monitor=history, or fewer clients or operations");
    expect_too_large(&single_copy_register, "monitor=history",
                     "monitor history: the history is too large (more than 24 operations): --set "
                     "monitor=linearizations, or fewer clients or operations");
    other = single_copy_register;
    for (int i = 0; other.options[i].name; i++)
        if (strcmp(other.options[i].name, "monitor") == 0)
            other.options[i].name = "keep";
    expect_too_large(&other, "keep=linearizations",
                     "monitor linearizations: the history is too large (more than 512 possibilities): --set "
                     "keep=history, or fewer clients or operations");
    other.properties[0].monitor_option = 0;
    expect_too_large(&other, "keep=linearizations",
                     "monitor linearizations: the history is too large (more than 512 possibilities): fewer clients "
                     "or operations, or GS_HISTORY as monitor");
}

/* ---- In traces ---- */

Test(client, its_operations_stand_in_traces_by_name)
{
    const struct gs_config config = {.preset = "two-copies"};
    struct gs_result result;
    char *text = NULL;
    size_t size;
    cr_expect(eq(int, gs_check(&single_copy_register, &config, &result), GS_VIOLATION));
    FILE *out = open_memstream(&text, &size);
    trace_print_text(linearizable_of(&result)->trace, out);
    fclose(out);
    cr_expect(strstr(text, "operation [(process 0, function write, key 0, argument 1)]") != NULL, "%s", text);
    cr_expect(strstr(text, "operation [(process 1, function read, key 0, argument null)] -> []") != NULL, "%s", text);
    cr_expect(strstr(text, "announces returned {process 1, outcome ok, result null}") != NULL, "%s", text);
    free(text);
    gs_result_free(&result);
}

Test(client, a_value_is_text_whatever_its_bytes)
{
    const struct {
        struct gs_flat flat;
        const char *text;
    } cases[] = {
        {{.kind = GS_FLAT_NIL}, "null"},  {GS_FLAT_BOOL(true), "true"},
        {GS_FLAT_NUMBER(200), "200"},     {{.kind = GS_FLAT_LIST, .length = 2, .items = {1, 2}}, "[1,2]"},
        {{.kind = GS_FLAT_UNKNOWN}, "?"}, {{.kind = GS_FLAT_ENCODED, .length = 200, .items = {250, 7}}, "(no value)"},
        {{.kind = 99, .length = 3}, "?"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[20];
        gs_flat_text(&cases[i].flat, text, sizeof(text));
        cr_expect(eq(str, text, (char *)(uintptr_t)cases[i].text), "%zu", i);
    }
}
