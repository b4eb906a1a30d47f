/* Events: a total order, text for people, names for statistics, the budget each spends. */
#include "tests/core_sample.h"

static void setup(void)
{
    sample_setup();
    sample_make(&(struct run_config){.network = GS_BAG});
}

TestSuite(event, .init = setup, .fini = sample_teardown);

static void expect_text(struct event event, char *text)
{
    cr_expect(eq(str, event_text(&event), text));
}

/* Events in their order; each differs from the one before in the member that the order looks at next. */
static size_t ordered_events(struct event *events, size_t capacity)
{
    const struct event all[] = {
        host_event(ACTION_START, 0),
        host_event(ACTION_START, 1),
        ping(0, 0, 200),
        ping(1, 0, 3),
        ping(1, 0, 4),
        with_choices(ping(1, 0, 4), 1, 0, 0),
        with_choices(ping(1, 0, 4), 2, 0, 0),
        with_choices(ping(1, 0, 4), 2, 0, 1),
        with_choices(ping(1, 0, 4), 1, 1, 0),
        ping(0, 1, 3),
        tick(0, 0),
        tick(0, 1),
        {.action = ACTION_TIMER, .type = TOCK, .node = node_of(0)},
        tick(1, 0),
        {.action = ACTION_LOCAL, .type = SEND, .node = node_of(0), .arguments = {-1}},
        {.action = ACTION_LOCAL, .type = SEND, .node = node_of(0), .nodes = {node_of(0)}, .arguments = {0, 300}},
        send_event(0, 1, 2),
        send_event(0, 1, 300),
        {.action = ACTION_LOCAL, .type = SEND, .node = node_of(0), .arguments = {1}},
        {.action = ACTION_LOCAL, .type = SEND, .node = node_of(0), .arguments = {1, 0, 5}},
        {.action = ACTION_LOCAL, .type = SEND, .node = node_of(0), .arguments = {1, 0, 5}, .nodes = {[2] = {1}}},
        draw(0),
        with_action(ping(0, 0, 3), ACTION_DROP),
        with_action(ping(0, 0, 3), ACTION_DUPLICATE),
        host_event(ACTION_CRASH, 1),
        host_event(ACTION_RESTART, 0),
        host_event(ACTION_REBOOT, 0),
        split(1),
        split(5),
        split(UINT64_C(1) << 63),
        {.action = ACTION_HEAL},
    };
    const size_t count = sizeof(all) / sizeof(all[0]);

    cr_assert(le(sz, count, capacity));
    memcpy(events, all, sizeof(all));
    return count;
}

Test(event, order_is_total)
{
    struct event events[64];
    const size_t count = ordered_events(events, 64);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            cr_expect(eq(int, event_compare(sample.run, &events[i], &events[j]), (i > j) - (i < j)), "%zu and %zu", i,
                      j);
}

Test(event, order_goes_by_a_messages_bytes_and_not_by_its_address)
{
    uint8_t copies[2][sizeof(struct message)];
    struct event a = ping(0, 1, 5), b = a, c = a;

    memcpy(copies[0], a.message, sizeof(copies[0]));
    memcpy(copies[1], a.message, sizeof(copies[1]));
    b.message = copies[0];
    c.message = copies[1];
    cr_expect(eq(int, event_compare(sample.run, &b, &c), 0));
    copies[0][sizeof(struct message) - 1]++;
    cr_expect(eq(int, event_compare(sample.run, &b, &c), 1));
    c.message = NULL;
    cr_expect(eq(int, event_compare(sample.run, &b, &c), 1));
    cr_expect(eq(int, event_compare(sample.run, &c, &b), -1));
}

Test(event, order_ignores_choices_that_do_not_count)
{
    const struct event a = with_choices(draw(0), 1, 1, 7), b = with_choices(draw(0), 1, 1, 3);

    cr_expect(eq(int, event_compare(sample.run, &a, &b), 0));
}

Test(event, prints_deliveries_and_what_becomes_of_messages)
{
    expect_text(ping(0, 1, 3), "server0 -> server1: ping {number 3}");
    expect_text(with_action(ping(2, 1, 3), ACTION_DROP), "drop client -> server1: ping {number 3}");
    expect_text(with_action(ping(0, 0, 3), ACTION_DUPLICATE), "duplicate server0 -> server0: ping {number 3}");
}

Test(event, prints_the_fields_that_a_messages_type_uses_in_its_own_order)
{
    const struct message note = {
        .type = NOTE, .number = 77, .phase = BUSY, .flag = true, .items = {4, 5}, .item_count = 2, .who = node_of(2)};
    char text[200] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");

    message_print(sample.run, (const uint8_t *)&note, out);
    fclose(out);
    cr_expect(eq(str, text, "note {who client, items [4, 5], item_count 2, phase busy, flag true}"));
}

Test(event, prints_a_message_without_fields_by_its_name)
{
    struct event event = ping(0, 1, 3);

    sample.model.events[PING].fields[0] = NULL;
    expect_text(event, "server0 -> server1: ping");
    event = with_choices(event, 2, 1, 0);
    expect_text(event, "server0 -> server1: ping choosing 1, 0");
}

Test(event, prints_timers_with_their_index_if_there_are_more)
{
    expect_text(tick(1, 1), "server1: timer tick 1");
    expect_text(tick(1, 0), "server1: timer tick 0");
    expect_text((struct event){.action = ACTION_TIMER, .type = TOCK, .node = node_of(2)}, "client: timer tock");
    sample.model.events[TICK].indices = 1;
    expect_text(tick(1, 0), "server1: timer tick");
}

Test(event, prints_local_events_with_their_arguments)
{
    expect_text(send_event(0, 1, 2), "server0: send {to server1, number 2}");
    expect_text(draw(1), "server1: draw");
    expect_text(with_choices(draw(1), 2, 1, 2), "server1: draw choosing 1, 2");
}

Test(event, prints_faults)
{
    expect_text(host_event(ACTION_START, 1), "start server1");
    expect_text(host_event(ACTION_CRASH, 0), "crash server0");
    expect_text(host_event(ACTION_RESTART, 2), "restart client");
    expect_text(with_choices(host_event(ACTION_REBOOT, 1), 1, 3, 0), "reboot server1 choosing 3");
    expect_text(split(1), "partition {server0} | {server1, client}");
    expect_text(split(5), "partition {server0, client} | {server1}");
    expect_text((struct event){.action = ACTION_HEAL}, "heal");
}

static unsigned one_host(const struct gs_run *run, gs_node node)
{
    return gs_role(run, node) == CLIENT;
}

Test(event, prints_all_nodes_of_a_struck_host_but_starts_one_node)
{
    sample.model.host = one_host;
    sample_make(&(struct run_config){.preset = "queues"});
    expect_text(host_event(ACTION_CRASH, 0), "crash server0, server1, server2");
    expect_text(host_event(ACTION_CRASH, 3), "crash client");
    expect_text(host_event(ACTION_START, 0), "start server0");
}

Test(event, prints_a_partition_of_as_many_nodes_as_there_may_be)
{
    char text[2000] = "";
    FILE *out = fmemopen(text, sizeof(text), "w");
    const struct event last_alone = split(~UINT64_C(0) >> 1);

    sample_make(&(struct run_config){.settings = (const char *const[]){"servers=63", NULL}});
    event_print(sample.run, &last_alone, out);
    fclose(out);
    cr_expect(strncmp(text, "partition {server0, server1, server2, ", 38) == 0, "%s", text);
    cr_expect(strstr(text, ", server61, server62} | {client}") != NULL, "%s", text);
}

Test(event, is_named_after_what_happens)
{
    static char *const names[ACTION_COUNT] = {"start", "ping",    "tick",   "draw",      "drop", "duplicate",
                                              "crash", "restart", "reboot", "partition", "heal"};
    struct event event = ping(0, 1, 3);

    for (int action = 0; action < ACTION_COUNT; action++) {
        event.action = (uint8_t)action;
        event.type = action == ACTION_TIMER ? TICK : action == ACTION_LOCAL ? DRAW : PING;
        cr_expect(eq(str, (char *)event_name(sample.run, &event), names[action]), "action %d", action);
    }
}

Test(event, spends_the_budget_of_its_fault)
{
    static const int faults[ACTION_COUNT] = {GS_FAULTS, GS_FAULTS,  GS_TIMEOUT, GS_FAULTS,    GS_DROP,  GS_DUPLICATE,
                                             GS_CRASH,  GS_RESTART, GS_REBOOT,  GS_PARTITION, GS_FAULTS};

    for (int action = 0; action < ACTION_COUNT; action++)
        cr_expect(eq(int, action_fault((enum action)action), faults[action]), "action %d", action);
}
