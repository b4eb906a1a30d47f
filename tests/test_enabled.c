/* What may happen next: every choice, in order, and the nearest first where it is shown. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test_trace_model.h"
#include "traces/enabled.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The world behind a trace's starts and its first steps. */
static void walk_to(const struct trace *trace, size_t steps, struct world *world)
{
    char explanation[EXPLANATION_SIZE];
    cr_assert(world_init(world, trace->run, trace->monitors_on, explanation), "%s", explanation);
    for (size_t i = 0; i < trace->start_count; i++)
        cr_assert(eq(int, world_start(world, &trace->starts[i], NULL), WORLD_STEP));
    for (size_t i = 0; i < steps; i++)
        cr_assert(eq(int, world_apply(world, &trace->steps[i], NULL), WORLD_STEP));
}

struct listed {
    FILE *out;
    bool first_only;
};

static bool list(void *context, const struct enabled *enabled)
{
    const struct listed *listed = context;
    event_print(enabled->after->run, enabled->event, listed->out);
    fprintf(listed->out, "%s\n", enabled->result == WORLD_MISBEHAVED ? ", which misbehaves" : "");
    return !listed->first_only;
}

static char *list_all(const struct world *world, const struct event *event, bool first_only)
{
    char *text;
    size_t size;
    struct listed listed = {open_memstream(&text, &size), first_only};
    if (event)
        enabled_visit_branches(world, event, list, &listed);
    else
        enabled_visit(world, list, &listed);
    fclose(listed.out);
    return keep(text);
}

static char *print(const struct world *world, const struct event *near)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    enabled_print(world, near, out);
    fclose(out);
    return keep(text);
}

Test(enabled, visits_every_step_in_order_and_leaves_the_world_as_it_is)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct world world;
    walk_to(trace, 3, &world);
    const uint64_t fingerprint = world_fingerprint(&world);
    char *all = list_all(&world, NULL, false);
    cr_expect(eq(str, all,
                 "transaction-manager -> resource-manager0: commit\n"
                 "transaction-manager -> resource-manager1: commit\n"
                 "resource-manager1: prepare\n"
                 "resource-manager1: refuse\n"
                 "transaction-manager -> resource-manager2: commit\n"
                 "resource-manager2: prepare\n"
                 "resource-manager2: refuse\n"));
    cr_expect(fingerprint == world_fingerprint(&world));
    world_free(&world);
}

Test(enabled, visits_every_choice_of_a_handler_and_those_that_misbehave)
{
    struct gs_run *run;
    struct trace *trace = make_break_trace(&run);
    struct world world;
    walk_to(trace, 0, &world);
    char *every = list_all(&world, &trace->steps[0], false), *first = list_all(&world, &trace->steps[0], true);
    cr_expect(eq(str, every,
                 "server1: break choosing 0\nserver1: break choosing 1, which misbehaves\n"
                 "server1: break choosing 2, which misbehaves\n"));
    cr_expect(eq(str, first, "server1: break choosing 0\n"));
    world_free(&world);
}

Test(enabled, visits_the_choices_of_a_start)
{
    struct gs_run *run;
    struct trace *trace = make_bag_trace(&run);
    struct world world;
    char explanation[EXPLANATION_SIZE];
    cr_assert(world_init(&world, run, 0, explanation));
    char *every = list_all(&world, &trace->starts[0], false);
    cr_expect(eq(str, every, "start server0 choosing 0\nstart server0 choosing 1\n"));
    world_free(&world);
}

Test(enabled, prints_what_is_nearest_first)
{
    struct gs_run *run;
    struct trace *trace = make_commit_trace(&run);
    struct world world;
    walk_to(trace, 1, &world);
    char *plain = print(&world, NULL), *near = print(&world, &trace->steps[2]),
         *nearer = print(&world, &(struct event){.action = ACTION_LOCAL, .type = 3, .node = node_of(2)});
    cr_expect(strncmp(plain, "resource-manager0 -> transaction-manager: vote; ", 48) == 0, "%s", plain);
    cr_expect(strncmp(near, "transaction-manager: give-up; ", 30) == 0, "%s", near);
    cr_expect(strncmp(nearer, "resource-manager1: prepare; resource-manager1: refuse; ", 54) == 0, "%s", nearer);
    world_free(&world);
}
