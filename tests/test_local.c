/* Local states: their bytes, how they start, what a crash leaves of them, the events they allow, their bound. */
#include "tests/core_sample.h"

#include <stdlib.h>

TestSuite(local, .init = sample_setup, .fini = sample_teardown);

static uint8_t *local_of(unsigned node)
{
    return sample.world.locals[node].data;
}

static struct server *change_server(unsigned node)
{
    return (struct server *)(void *)local_of(node);
}

static void set_armed(unsigned node, uint64_t armed)
{
    memcpy(local_of(node) + run_role_of(sample.run, node)->size, &armed, sizeof(armed));
}

static void set_up(unsigned node, bool up)
{
    local_of(node)[run_role_of(sample.run, node)->size + sizeof(uint64_t)] = up;
}

Test(local, is_the_struct_then_timers_then_up)
{
    sample_make(&(struct run_config){0});
    cr_expect(eq(sz, local_size(sample.run, 0), sizeof(struct server) + 9));
    cr_expect(eq(sz, local_size(sample.run, 2), 9)); /* a client has no struct */
    set_armed(0, UINT64_C(1) << 63 | 2);
    cr_expect(eq(u64, local_armed(sample.run, 0, local_of(0)), UINT64_C(1) << 63 | 2));
    cr_expect(local_is_up(sample.run, 0, local_of(0)));
    set_up(0, false);
    cr_expect(not(local_is_up(sample.run, 0, local_of(0))));
    cr_expect(local_is_up(sample.run, 2, local_of(2)));
}

Test(local, without_init_starts_zero_and_up_with_no_timer)
{
    const struct server zero = {0};

    sample_make(&(struct run_config){0});
    cr_expect(eq(sz, sample.world.locals[0].size, sizeof(struct server) + 9));
    cr_expect(eq(int, memcmp(local_of(0), &zero, sizeof(zero)), 0));
    cr_expect(eq(u64, local_armed(sample.run, 0, local_of(0)), 0));
    cr_expect(local_is_up(sample.run, 0, local_of(0)));
}

/* ---- init ---- */

static void init_by_node(const struct gs_run *run, gs_node self, void *state)
{
    struct server *server = state;

    server->term = (uint16_t)(100 + gs_index(run, self));
    server->friend = gs_node_at(run, CLIENT, 0);
    server->log_length = 1;
    server->log[0] = 4;
    server->log[2] = 9; /* beyond the length */
    server->seen[0] = 7;
    server->seen_length = 1;
    server->phase = BUSY;
}

Test(local, starts_as_init_says_in_normal_form)
{
    sample.model.roles[SERVER].init = init_by_node;
    sample_make(&(struct run_config){0});
    cr_expect(eq(u16, sample_server(0)->term, 100));
    cr_expect(eq(u16, sample_server(1)->term, 101));
    cr_expect(gs_same(sample_server(1)->friend, node_of(2)));
    cr_expect(eq(u8, sample_server(1)->log[0], 4));
    cr_expect(eq(u8, sample_server(1)->log[2], 0));
}

static void init_badly(const struct gs_run *run, gs_node self, void *state)
{
    ((struct server *)state)->phase = gs_same(self, node_of(1)) ? 2 : 0;
    (void)run;
}

static void init_with_misuse(const struct gs_run *run, gs_node self, void *state)
{
    (void)self;
    (void)state;
    gs_option(run, 99);
}

static void expect_bad_init(void (*init)(const struct gs_run *, gs_node, void *), char *why)
{
    char explanation[EXPLANATION_SIZE] = "";

    sample.model.roles[SERVER].init = init;
    cr_assert(eq(str, sample_refusal(&(struct run_config){0}), ""));
    cr_expect(not(world_init(&sample.world, sample.run, 0, explanation)));
    cr_expect(eq(str, explanation, why));
}

Test(local, refuses_an_init_that_leaves_an_invalid_value_or_misbehaves)
{
    expect_bad_init(init_badly, "server1, in init: phase is 2, but the enum has names for 0 to 1 only");
    expect_bad_init(init_with_misuse, "server0, in init: gs_option: no such option");
}

/* ---- Crash ---- */

Test(local, after_a_crash_keeps_durable_fields_only)
{
    struct bytes out = {0};
    sample.model.roles[SERVER].init = init_by_node;
    sample_make(&(struct run_config){0});
    *change_server(1) = (struct server){.term = 7,
                                        .leads = true,
                                        .friend = node_of(0),
                                        .log = {1, 2, 3},
                                        .log_length = 3,
                                        .seen = {5, 5},
                                        .seen_length = 2};
    set_armed(1, 3);
    local_crash(sample.run, 1, local_of(1), &out);

    const struct server *crashed = (const struct server *)(const void *)out.data;
    const struct server expected = {.term = 7,
                                    .phase = BUSY,
                                    .friend = node_of(2),
                                    .log = {1, 2, 3},
                                    .log_length = 3,
                                    .seen = {7},
                                    .seen_length = 1};
    cr_assert(eq(sz, out.size, local_size(sample.run, 1)));
    cr_expect(eq(int, memcmp(crashed, &expected, sizeof(expected)), 0));
    cr_expect(eq(u64, local_armed(sample.run, 1, out.data), 0));
    cr_expect(not(local_is_up(sample.run, 1, out.data)));
    bytes_free(&out);
}

Test(local, of_a_role_without_a_struct_can_crash)
{
    struct bytes out = {0};

    sample_make(&(struct run_config){0});
    set_armed(2, 1);
    local_crash(sample.run, 2, local_of(2), &out);
    cr_expect(eq(u64, local_armed(sample.run, 2, out.data), 0));
    cr_expect(not(local_is_up(sample.run, 2, out.data)));
    bytes_free(&out);
}

/* ---- Canonical bytes ---- */

Test(local, serializes_fields_by_name_then_timers_and_up)
{
    static const uint8_t expected[] = {
        3,                            /* friend */
        1,                            /* leads */
        1,    0,    0, 0, 8,          /* log */
        1,                            /* log_length */
        1,                            /* phase */
        2,    0,    0, 0, 6, 4,       /* seen */
        2,                            /* seen_length */
        0x34, 0x12,                   /* term */
        2,    0,    0, 0, 0, 0, 0, 0, /* armed */
        1                             /* up */
    };
    struct bytes out = {0};

    sample_make(&(struct run_config){0});
    *change_server(0) = (struct server){.term = 0x1234,
                                        .phase = BUSY,
                                        .leads = true,
                                        .friend = node_of(2),
                                        .log = {8},
                                        .log_length = 1,
                                        .seen = {6, 4},
                                        .seen_length = 2};
    set_armed(0, 2);
    local_serialize(sample.run, 0, local_of(0), &out);
    cr_expect(eq(sz, out.size, sizeof(expected)));
    cr_expect(eq(int, memcmp(out.data, expected, sizeof(expected)), 0));
    bytes_free(&out);
}

/* ---- A local state's own events ---- */

static char own[2000];

static void print_event(void *context, const struct event *event)
{
    FILE *out = context;

    event_print(sample.run, event, out);
    fputs("; ", out);
}

static char *own_text(unsigned node)
{
    memset(own, 0, sizeof(own));
    FILE *out = fmemopen(own, sizeof(own), "w");

    cr_assert(out != NULL);
    local_visit_own(sample.run, node, local_of(node), print_event, out);
    fclose(out);
    return own;
}

Test(local, allows_armed_timers_and_local_events_with_all_their_arguments)
{
    sample_make(&(struct run_config){.settings = (const char *const[]){"top=2", NULL}});
    set_armed(1, 2);
    cr_expect(eq(str, own_text(1),
                 "server1: timer tick 1; server1: send {to server0, number 1}; server1: send {to server0, number 2}; "
                 "server1: send {to server1, number 1}; server1: send {to server1, number 2}; server1: arm {index 0}; "
                 "server1: arm {index 1}; server1: draw; "));
    set_armed(1, 1);
    cr_expect(strncmp(own_text(1), "server1: timer tick 0; server1: send", 36) == 0);
}

Test(local, takes_the_end_of_a_range_from_an_option)
{
    sample_make(&(struct run_config){.settings = (const char *const[]){"top=1", "servers=1", NULL}});
    cr_expect(eq(str, own_text(0),
                 "server0: send {to server0, number 1}; server0: arm {index 0}; server0: arm {index 1}; "
                 "server0: draw; "));
}

Test(local, allows_no_event_whose_argument_has_no_value)
{
    sample.model.events[SEND].arguments[0].role = SERVER;
    sample.model.events[TOCK] = sample.model.events[SEND];
    sample.model.events[TOCK].name = "tock";
    sample.model.events[TOCK].role = CLIENT;
    sample_make(&(struct run_config){.settings = (const char *const[]){"servers=0", NULL}});
    cr_expect(eq(str, own_text(0), ""));
}

Test(local, of_another_role_has_other_timers)
{
    sample_make(&(struct run_config){0});
    cr_expect(eq(str, own_text(2), ""));
    set_armed(2, 1);
    cr_expect(eq(str, own_text(2), "client: timer tock; "));
}

Test(local, that_is_down_allows_nothing)
{
    sample_make(&(struct run_config){0});
    set_armed(1, 3);
    set_up(1, false);
    cr_expect(eq(str, own_text(1), ""));
}

/* ---- within ---- */

static bool term_of_own_index(const struct gs_run *run, gs_node self, const void *state)
{
    return ((const struct server *)state)->term <= gs_index(run, self);
}

static bool misuse(const struct gs_run *run, gs_node self, const void *state)
{
    (void)self;
    (void)state;
    return gs_option(run, 99);
}

Test(local, is_within_its_roles_bound_or_not)
{
    char explanation[EXPLANATION_SIZE] = "";

    sample_make(&(struct run_config){0});
    cr_expect(eq(int, local_within(sample.run, 0, local_of(0), explanation), WITHIN)); /* no predicate */
    sample.model.roles[SERVER].within = term_of_own_index;
    change_server(0)->term = 1;
    change_server(1)->term = 1;
    cr_expect(eq(int, local_within(sample.run, 0, local_of(0), explanation), WITHIN_NOT));
    cr_expect(eq(int, local_within(sample.run, 1, local_of(1), explanation), WITHIN));
    cr_expect(eq(int, local_within(sample.run, 2, local_of(2), explanation), WITHIN));
    cr_expect(eq(str, explanation, ""));
}

Test(local, tells_when_its_bound_misbehaves)
{
    char explanation[EXPLANATION_SIZE] = "";

    sample_make(&(struct run_config){0});
    sample.model.roles[SERVER].within = misuse;
    cr_expect(eq(int, local_within(sample.run, 0, local_of(0), explanation), WITHIN_FAILED));
    cr_expect(eq(str, explanation, "the predicate within of role server: gs_option: no such option"));
}
