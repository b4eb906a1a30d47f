/* Parts of a state by name. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test_trace_model.h"
#include "traces/state_path.h"
#include "traces/world_text.h"

static struct world world;
static struct gs_run *run;

/* Rig at the end of its trace on a bag: server1 has an entry in its log. */
static void set_up(void)
{
    struct trace *trace = make_bag_trace(&run);
    char explanation[EXPLANATION_SIZE];
    cr_assert(world_init(&world, run, trace->monitors_on, explanation));
    for (size_t i = 0; i < trace->start_count; i++)
        cr_assert(eq(int, world_start(&world, &trace->starts[i], NULL), WORLD_STEP));
    for (size_t i = 0; i < trace->step_count; i++)
        cr_assert(eq(int, world_apply(&world, &trace->steps[i], NULL), WORLD_STEP));
}

TestSuite(state_path, .init = set_up);

static void expect_value(const char *text, const char *value)
{
    struct state_path path;
    struct state_path_error error;
    char *printed;
    size_t size;
    cr_assert(state_path_read(run, world.monitors_on, text, &path, &error), "%s: %s%s%s", text, error.reason,
              error.word, error.kind);
    FILE *out = open_memstream(&printed, &size);
    state_path_print(&path, &world, out);
    fclose(out);
    cr_expect(eq(str, printed, (char *)(uintptr_t)value), "%s", text);
    free(printed);
}

static void expect_unknown(const char *text, const char *word, const char *kind, const char *known)
{
    struct state_path path;
    struct state_path_error error;
    bool is_known = false;
    cr_assert(not(state_path_read(run, world.monitors_on, text, &path, &error)), "%s", text);
    cr_expect(eq(str, error.word, (char *)(uintptr_t)word));
    cr_expect(eq(str, error.kind, (char *)(uintptr_t)kind));
    for (size_t i = 0; i < error.known_count; i++)
        is_known |= strcmp(error.known[i], known) == 0;
    cr_expect(is_known, "%s is not among what may stand in %s", known, text);
}

static void expect_refusal(const char *text, const char *reason)
{
    struct state_path path;
    struct state_path_error error;
    cr_assert(not(state_path_read(run, world.monitors_on, text, &path, &error)), "%s", text);
    cr_expect(eq(str, error.kind, ""));
    cr_expect(eq(str, error.reason, (char *)(uintptr_t)reason));
}

Test(state_path, names_members_of_every_kind)
{
    expect_value("server0.term", "2");
    expect_value("server0.phase", "leader");
    expect_value("server0.big", "18446744073709551614");
    expect_value("server1.leader", "server0");
    expect_value("server1.log", "[(value 1, by server0)]");
    expect_value("server0.votes", "{server0, server1}");
    expect_value("server0.marks", "[0, 0]");
}

Test(state_path, goes_into_lists_arrays_and_structs)
{
    expect_value("server1.log[0]", "(value 1, by server0)");
    expect_value("server1.log[0].by", "server0");
    expect_value("server1.log[2].by", "nothing");
    expect_value("server2.log[0]", "nothing");
    expect_value("server0.best.by", "server0");
    expect_value("server0.next[server1]", "1");
    expect_value("server0.next[1]", "1");
    expect_value("server0.marks[1]", "0");
    expect_value("server0.log_length", "0");
}

Test(state_path, names_what_a_node_has_besides_its_struct)
{
    expect_value("server2.timers", "[election]");
    expect_value("server0.timers", "[]");
    expect_value("server0.up", "2"); /* its struct's */
    expect_value("server0.up_", "true");
    expect_value("witness.up", "true");
    expect_value("witness", "(no state)");
    expect_value("leaders", "count 2");
    expect_value("leaders.count", "2");
}

Test(state_path, says_what_may_stand_there)
{
    expect_unknown("server9", "server9", "node or monitor", "server2");
    expect_unknown("", "", "node or monitor", "leaders");
    expect_unknown("server0.trem", "trem", "member of server0", "term");
    expect_unknown("server0.tmers", "tmers", "member of server0", "timers");
    expect_unknown("server0.best.valu", "valu", "member of server0.best", "value");
    expect_unknown("leaders.up", "up", "member of leaders", "count");
    expect_refusal("server0.term.x", "server0.term: it has no members");
    expect_refusal("server0.log.value", "server0.log: it has no members; its elements are [0], [1], ...");
    expect_refusal("server0.term[0]", "server0.term: it has no elements");
    expect_refusal("server0[0]", "server0: it has no elements");
    expect_refusal("server0.log[3]", "server0.log: there are 3 elements at most, from [0] on");
    expect_refusal("server0.log[x]", "server0.log: [x] is not a number");
    expect_refusal("server0.log[", "server0.log[: there is no ']' for its '['");
    expect_refusal("server0.log[]", "server0.log: [] is not a number");
    expect_refusal("server0.log[-1]", "server0.log: [-1] is not a number");
    expect_refusal("server0.log[99999999999999999999]", "server0.log: there are 3 elements at most, from [0] on");
    expect_refusal("server0.next[witness]", "server0.next: [witness] is not a number and not a node of its role");
    expect_refusal("server0.log[0]x", "server0.log[0]x: 'x' makes no sense: '.' or '[' was expected");
    expect_refusal("server0.log[0][0]", "server0.log[0]: it has no elements");
    expect_refusal("server0.timers.x", "server0.timers: it has no members");
}

Test(state_path, a_monitor_that_is_not_in_the_state_has_no_name)
{
    struct state_path path;
    struct state_path_error error;
    cr_expect(not(state_path_read(run, 0, "leaders", &path, &error)));
    cr_expect(eq(str, error.kind, "node"));
}

Test(state_path, a_whole_state_is_shown_with_all_that_is_in_it)
{
    struct gs_run *fifo_run;
    struct trace *trace = make_fifo_trace(&fifo_run);
    struct world fifo;
    char explanation[EXPLANATION_SIZE], *text;
    size_t size;
    cr_assert(world_init(&fifo, fifo_run, 0, explanation));
    for (size_t i = 0; i < trace->start_count; i++)
        world_start(&fifo, &trace->starts[i], NULL);
    for (size_t i = 0; i < 3; i++)
        cr_assert(eq(int, world_apply(&fifo, &trace->steps[i], NULL), WORLD_STEP));
    FILE *out = open_memstream(&text, &size);
    world_print(&fifo, 1, out);
    fclose(out);
    cr_expect(strstr(text, "\n server2 (down): big ") != NULL, "%s", text);
    cr_expect(strstr(text, "\n in flight\n   witness -> server0: reply {term 0, granted false}\n") != NULL, "%s", text);
    cr_expect(strstr(text, "   server0 -> server1: request {term 1}\n") != NULL, "%s", text);
    cr_expect(strstr(text, "\n cut: {server0, server1, witness} | {server2, server3}\n") != NULL, "%s", text);
    free(text);
    world_free(&fifo);
}
