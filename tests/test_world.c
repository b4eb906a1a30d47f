/* The concrete world, event by event: what each does on each network, to hosts, links and budgets; and that it does all
 * of it or nothing. */
#include "tests/core_sample.h"

TestSuite(world, .init = sample_setup, .fini = sample_teardown);

static void start_on(int network)
{
    sample_start(&(struct run_config){.network = (uint8_t)network,
                                      .budgets = {.drops = network == GS_SET ? 0 : 9,
                                                  .duplicates = network == GS_SET ? 0 : 9,
                                                  .crashes = 9,
                                                  .restarts = 9,
                                                  .reboots = 9,
                                                  .partitions = 9}});
}

static void expect_mail(unsigned node, char *text)
{
    cr_expect(eq(str, mail_text(node), text));
}

static struct server *changed_server(unsigned node)
{
    return (struct server *)(void *)sample.world.locals[node].data;
}

static bool is_up(unsigned node)
{
    return local_is_up(sample.run, node, sample.world.locals[node].data);
}

static uint64_t armed(unsigned node)
{
    return local_armed(sample.run, node, sample.world.locals[node].data);
}

static struct event drop(unsigned from, unsigned to, unsigned number)
{
    return with_action(ping(from, to, number), ACTION_DROP);
}

static struct event duplicate(unsigned from, unsigned to, unsigned number)
{
    return with_action(ping(from, to, number), ACTION_DUPLICATE);
}

static const struct event heal = {.action = ACTION_HEAL};

/* ---- Networks ---- */

Test(world, in_set_a_message_stays_and_is_delivered_again)
{
    start_on(GS_SET);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    cr_expect(eq(str, sends_text(), "server0 -> server1 ping {number 5} added"));
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 5));
    cr_expect(eq(str, seen_text(1), "5 5"));
    expect_mail(1, "server0 ping {number 5}");
    EXPECT_RESULT(WORLD_SAME, send_event(0, 1, 5)); /* absorbed: nothing changes */
    cr_expect(eq(str, sends_text(), "server0 -> server1 ping {number 5} absorbed"));
}

Test(world, in_set_an_ignored_or_deferred_delivery_is_no_step)
{
    start_on(GS_SET);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, IGNORED));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, DEFERRED));
    EXPECT_RESULT(WORLD_SAME, ping(0, 1, IGNORED));
    EXPECT_REFUSED("the handler defers the message", ping(0, 1, DEFERRED));
}

Test(world, in_bag_a_message_is_delivered_once)
{
    start_on(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 3));
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 5));
    EXPECT_REFUSED("no such message is in flight", ping(0, 1, 5));
    EXPECT_REFUSED("no such message is in flight", ping(1, 1, 3)); /* another sender */
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 3));
    cr_expect(eq(str, seen_text(1), "5 3"));
    expect_mail(1, "");
}

Test(world, in_bag_a_send_beyond_the_copies_is_absorbed_or_cut)
{
    sample_start(&(struct run_config){.network = GS_BAG, .copies = 2});
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_SAME, send_event(0, 1, 5));
    cr_expect(eq(str, sends_text(), "server0 -> server1 ping {number 5} absorbed"));
    sample.world.cut_instead_of_absorbing = true;
    EXPECT_RESULT(WORLD_CUT, send_event(0, 1, 5));
    cr_expect(eq(str, sample.effect.explanation, "copies"));
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
}

Test(world, in_set_absorbs_even_while_copies_are_to_be_cut)
{
    start_on(GS_SET);
    sample.world.cut_instead_of_absorbing = true;
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_SAME, send_event(0, 1, 5));
}

Test(world, in_bag_and_fifo_an_ignored_message_is_gone_and_a_deferred_one_stays)
{
    static const int networks[] = {GS_BAG, GS_FIFO};
    for (size_t i = 0; i < 2; i++) {
        start_on(networks[i]);
        EXPECT_RESULT(WORLD_STEP, send_event(0, 1, DEFERRED));
        EXPECT_RESULT(WORLD_STEP, send_event(1, 1, IGNORED));
        EXPECT_RESULT(WORLD_STEP, ping(1, 1, IGNORED));
        EXPECT_REFUSED("the handler defers the message", ping(0, 1, DEFERRED));
        expect_mail(1, "server0 ping {number 2}");
    }
}

Test(world, in_fifo_a_deferred_message_blocks_its_channel_only)
{
    start_on(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, DEFERRED));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(1, 1, 4));
    EXPECT_REFUSED("no such message is in flight", ping(0, 1, 5)); /* it is, but not at the head */
    EXPECT_RESULT(WORLD_STEP, ping(1, 1, 4));
    cr_expect(eq(str, seen_text(1), "4"));
}

Test(world, in_fifo_cuts_a_step_that_would_overflow_a_channel)
{
    sample_start(&(struct run_config){.network = GS_FIFO, .capacity = 1});
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_CUT, send_event(0, 1, 4));
    cr_expect(eq(str, sample.effect.explanation, "capacity"));
    EXPECT_RESULT(WORLD_STEP, send_event(1, 1, 4));
    expect_mail(1, "server0 ping {number 5}; server1 ping {number 4}");
}

Test(world, a_message_to_oneself_travels_like_any_other)
{
    start_on(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 0, 5));
    cr_expect(eq(str, seen_text(0), ""));
    EXPECT_RESULT(WORLD_STEP, ping(0, 0, 5));
    cr_expect(eq(str, seen_text(0), "5"));
}

Test(world, drops_and_duplicates_messages_that_can_be_delivered)
{
    start_on(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 4));
    EXPECT_REFUSED("no such message is in flight", drop(0, 1, 4));
    EXPECT_REFUSED("no such message is in flight", duplicate(0, 1, 4));
    EXPECT_RESULT(WORLD_STEP, duplicate(0, 1, 5));
    cr_expect(eq(str, seen_text(1), "5"));
    expect_mail(1, "server0 ping {number 5}; server0 ping {number 4}");
    EXPECT_RESULT(WORLD_STEP, drop(0, 1, 5));
    expect_mail(1, "server0 ping {number 4}");
    cr_expect(eq(str, seen_text(1), "5"));
    cr_expect(eq(i64, sample.world.spent[GS_DROP], 1));
    cr_expect(eq(i64, sample.world.spent[GS_DUPLICATE], 1));
}

Test(world, does_not_duplicate_what_the_handler_defers)
{
    start_on(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, DEFERRED));
    EXPECT_REFUSED("the handler defers the message", duplicate(0, 1, DEFERRED));
}

/* ---- Timers ---- */

Test(world, a_timer_fires_once_unless_it_is_refused)
{
    start_on(GS_BAG);
    EXPECT_REFUSED("the timer is not armed", tick(0, 0));
    EXPECT_RESULT(WORLD_STEP, arm(0, 0));
    EXPECT_RESULT(WORLD_STEP, arm(0, 1));
    EXPECT_RESULT(WORLD_SAME, arm(0, 1));
    EXPECT_RESULT(WORLD_STEP, tick(0, 0));
    cr_expect(eq(u16, sample_server(0)->term, 1));
    EXPECT_REFUSED("the timer is not armed", tick(0, 0));
    EXPECT_REFUSED("the handler returns false", tick(0, 1));
    cr_expect(eq(u64, armed(0), 2));
    changed_server(0)->leads = true;
    EXPECT_RESULT(WORLD_STEP, tick(0, 1));
    cr_expect(eq(u64, armed(0), 0));
}

static bool rearm(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_set_timer(s, TICK, e->type == TICK ? e->index : 0);
}

Test(world, a_timer_that_only_arms_itself_again_changes_nothing_but_its_budget)
{
    sample.model.roles[SERVER].step = rearm;
    start_on(GS_BAG);
    EXPECT_RESULT(WORLD_SAME, tick(0, 0));
    sample_start(&(struct run_config){.budgets = {.timeouts = 1}});
    EXPECT_RESULT(WORLD_STEP, tick(0, 0));
    EXPECT_REFUSED("the budget of timeouts (1) is spent", tick(0, 0));
    EXPECT_REFUSED("the budget of timeouts (1) is spent", tick(1, 0));
}

/* ---- Crashes ---- */

Test(world, a_crash_keeps_durable_fields_and_clears_timers)
{
    start_on(GS_BAG);
    *changed_server(0) = (struct server){.term = 3, .leads = true, .log = {1}, .log_length = 1};
    EXPECT_RESULT(WORLD_STEP, arm(0, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    cr_expect(not(is_up(0)));
    cr_expect(is_up(1));
    cr_expect(eq(u64, armed(0), 0));
    cr_expect(eq(u16, sample_server(0)->term, 3));
    cr_expect(eq(u8, sample_server(0)->log[0], 1));
    cr_expect(not(sample_server(0)->leads));
    cr_expect(eq(u8, sample_server(0)->phase, IDLE));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
    cr_expect(is_up(0));
    cr_expect(eq(u16, sample_server(0)->term, 3));
    cr_expect(eq(u8, sample_server(0)->phase, BUSY)); /* its START said so */
}

Test(world, a_reboot_is_a_crash_and_a_restart_in_one)
{
    start_on(GS_BAG);
    *changed_server(0) = (struct server){.term = 3, .leads = true};
    EXPECT_RESULT(WORLD_STEP, arm(0, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_REBOOT, 0));
    cr_expect(is_up(0));
    cr_expect(eq(u64, armed(0), 0));
    cr_expect(eq(u16, sample_server(0)->term, 3));
    cr_expect(not(sample_server(0)->leads));
    cr_expect(eq(u8, sample_server(0)->phase, BUSY));
}

Test(world, what_is_down_does_nothing_and_crashes_no_more)
{
    start_on(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 5));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_REFUSED("server0 is down", ping(1, 0, 5));
    EXPECT_REFUSED("server0 is down", duplicate(1, 0, 5));
    EXPECT_REFUSED("server0 is down", arm(0, 0));
    EXPECT_REFUSED("server0 is down", tick(0, 0));
    EXPECT_REFUSED("the host is down already", host_event(ACTION_CRASH, 0));
    EXPECT_REFUSED("the host is down already", host_event(ACTION_REBOOT, 0));
    EXPECT_REFUSED("the host is up", host_event(ACTION_RESTART, 1));
    EXPECT_RESULT(WORLD_STEP, drop(1, 0, 5)); /* mail is lost all the same */
    expect_mail(0, "");
}

Test(world, in_set_and_bag_mail_to_a_node_that_is_down_waits)
{
    static const int networks[] = {GS_SET, GS_BAG};
    for (size_t i = 0; i < 2; i++) {
        start_on(networks[i]);
        EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 5));
        EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
        EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 4));
        expect_mail(0, "server1 ping {number 4}; server1 ping {number 5}");
        EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
        EXPECT_RESULT(WORLD_STEP, ping(1, 0, 5));
    }
}

Test(world, in_fifo_a_crash_empties_the_channels_into_the_node_but_not_out_of_it)
{
    for (int action = ACTION_CRASH; action <= ACTION_REBOOT; action += ACTION_REBOOT - ACTION_CRASH) {
        start_on(GS_FIFO);
        EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 5));
        EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 4));
        EXPECT_RESULT(WORLD_STEP, send_event(0, 0, 3));
        EXPECT_RESULT(WORLD_STEP, host_event((enum action)action, 0));
        expect_mail(0, "");
        expect_mail(1, "server0 ping {number 4}");
    }
}

Test(world, in_fifo_sends_to_a_node_that_is_down_are_lost)
{
    start_on(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_RESULT(WORLD_SAME, send_event(1, 0, 5));
    cr_expect(eq(str, sends_text(), "server1 -> server0 ping {number 5} lost"));
    expect_mail(0, "");
}

/* ---- Hosts ---- */

static unsigned servers_share(const struct gs_run *run, gs_node node)
{
    return gs_role(run, node) == SERVER ? 70 : 3;
}

/* Greets every other server, and counts the starts. */
static bool greet(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    if (e->type != GS_START || !e->restarted)
        return true;
    self->term++;
    return gs_broadcast(s, SERVER, &(struct message){.type = PING, .number = 7});
}

static void start_sharing(int network)
{
    sample.model.host = servers_share;
    sample.model.roles[SERVER].step = greet;
    start_on(network);
}

Test(world, nodes_of_a_host_crash_together)
{
    start_sharing(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    cr_expect(not(is_up(0)));
    cr_expect(not(is_up(1)));
    cr_expect(is_up(2));
    cr_expect(eq(i64, sample.world.spent[GS_CRASH], 1));
}

Test(world, nodes_of_a_host_restart_in_node_order)
{
    static char *const sends = "server0 -> server1 ping {number 7} added; server1 -> server0 ping {number 7} added";

    start_sharing(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
    cr_expect(eq(str, sends_text(), sends));
    cr_expect(is_up(0) && is_up(1));
    cr_expect(eq(u16, sample_server(1)->term, 1));
    start_sharing(GS_BAG);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_REBOOT, 0));
    cr_expect(eq(str, sends_text(), sends));
}

Test(world, in_fifo_a_send_to_a_node_of_the_host_that_is_not_yet_restarted_is_lost)
{
    static char *const sends = "server0 -> server1 ping {number 7} lost; server1 -> server0 ping {number 7} added";

    start_sharing(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
    cr_expect(eq(str, sends_text(), sends));
    expect_mail(0, "server1 ping {number 7}");
    expect_mail(1, "");
    start_sharing(GS_FIFO);
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_REBOOT, 0));
    cr_expect(eq(str, sends_text(), sends));
}

static bool draw_at_start(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    self->term = (uint16_t)(gs_choose(s, 2) + (e->restarted ? 10 * gs_choose(s, 3) : 0));
    return true;
}

Test(world, gives_the_choices_of_a_host_to_its_nodes_one_after_the_other)
{
    struct event reboot = host_event(ACTION_REBOOT, 0);

    sample.model.host = servers_share;
    sample.model.roles[SERVER].step = draw_at_start;
    start_on(GS_BAG);
    reboot.choice_count = 4;
    memcpy(reboot.choices, (uint16_t[]){1, 2, 0, 1}, 4 * sizeof(uint16_t));
    EXPECT_RESULT(WORLD_STEP, reboot);
    cr_expect(eq(u16, sample_server(0)->term, 21));
    cr_expect(eq(u16, sample_server(1)->term, 10));
    cr_expect(eq(uint, sample.effect.choice_count, 4));
    cr_expect(eq(int, memcmp(sample.effect.choices, reboot.choices, 4 * sizeof(uint16_t)), 0));
    cr_expect(eq(int, memcmp(sample.effect.choice_limits, (uint16_t[]){1, 2, 1, 2}, 4 * sizeof(uint16_t)), 0));
    reboot.choice_count = 3;
    EXPECT_RESULT(WORLD_STEP, reboot);
    cr_expect(eq(u16, sample_server(1)->term, 0));
    reboot.choice_count = 5;
    EXPECT_REFUSED("5 choices are given, but 4 are drawn", reboot);
}

/* ---- Partitions ---- */

Test(world, a_partition_blocks_delivery_but_not_sending)
{
    start_on(GS_FIFO);
    EXPECT_REFUSED("there is no partition to heal", heal);
    EXPECT_RESULT(WORLD_STEP, split(1));
    EXPECT_REFUSED("there is a partition already", split(3));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(1, 1, 4));
    EXPECT_REFUSED("the link from server0 to server1 is cut", ping(0, 1, 5));
    EXPECT_REFUSED("the link from server1 to server0 is cut", ping(1, 0, 5));
    EXPECT_REFUSED("the link from server0 to server1 is cut", duplicate(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, ping(1, 1, 4));
    EXPECT_RESULT(WORLD_STEP, drop(1, 0, 5));
    EXPECT_RESULT(WORLD_STEP, heal);
    EXPECT_RESULT(WORLD_STEP, ping(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, split(3));
}

Test(world, healing_is_free_and_partitions_are_not)
{
    sample_start(&(struct run_config){.budgets = {.partitions = 1}});
    EXPECT_RESULT(WORLD_STEP, split(5));
    EXPECT_RESULT(WORLD_STEP, heal);
    EXPECT_REFUSED("the budget of partitions (1) is spent", split(5));
    cr_expect(eq(u64, sample.world.side, 0));
}

static bool client_alone(const struct gs_run *run, gs_node_set side)
{
    return gs_set_equal(side, gs_set_of(gs_node_at(run, CLIENT, 0)));
}

Test(world, splits_are_those_with_two_sides_that_the_protocol_allows)
{
    start_on(GS_BAG);
    static const uint64_t impossible[] = {0, 2, 6, 7, 9};
    for (size_t i = 0; i < 5; i++) {
        cr_expect(not(world_split_is_allowed(sample.run, impossible[i])));
        EXPECT_REFUSED("the protocol does not allow this split", split(impossible[i]));
    }
    for (uint64_t side = 1; side < 7; side += 2)
        cr_expect(world_split_is_allowed(sample.run, side));
    sample.model.splits = client_alone; /* asked with either side: the client is never on the side of server0 here */
    cr_expect(world_split_is_allowed(sample.run, 3));
    cr_expect(not(world_split_is_allowed(sample.run, 1)));
    EXPECT_REFUSED("the protocol does not allow this split", split(5));
    EXPECT_RESULT(WORLD_STEP, split(3));
}

/* ---- Budgets ---- */

Test(world, every_fault_spends_its_budget_until_there_is_none)
{
    sample_start(&(struct run_config){
        .budgets = {.drops = 1, .duplicates = 1, .crashes = 1, .restarts = 1, .reboots = 1, .timeouts = GS_NONE}});
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, duplicate(0, 1, 5));
    EXPECT_REFUSED("the budget of duplicates (1) is spent", duplicate(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, drop(0, 1, 5));
    EXPECT_REFUSED("the budget of drops (1) is spent", drop(0, 1, 5));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
    EXPECT_REFUSED("the budget of crashes (1) is spent", host_event(ACTION_CRASH, 0));
    EXPECT_REFUSED("the budget of restarts (1) is spent", host_event(ACTION_RESTART, 0));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_REBOOT, 0));
    EXPECT_REFUSED("the budget of reboots (1) is spent", host_event(ACTION_REBOOT, 0));
    EXPECT_RESULT(WORLD_STEP, arm(0, 0));
    EXPECT_REFUSED("the budget of timeouts (0) is spent", tick(0, 0));
    EXPECT_REFUSED("the budget of partitions (0) is spent", split(1));
}

/* ---- All or nothing ---- */

/* Changes everything it can, and then does what makes the step impossible. */
static bool spoil(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    if (e->type == GS_START)
        return true;
    self->term = 1000;
    gs_set_timer(s, TICK, 0);
    gs_announce(s, SAID, &(struct said){.what = 3});
    for (int i = 0; i < 3; i++)
        gs_send(s, node_of(1), &(struct message){.type = PING, .number = 8});
    gs_assert(s, e->index == 0);
    return true;
}

static bool term_under_1000(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    return ((const struct server *)state)->term < 1000;
}

static void expect_unchanged(enum world_result result, struct event event, char *why)
{
    struct world before = {0};

    world_copy(&before, &sample.world);
    cr_expect(eq(int, sample_apply(event), result));
    cr_expect(eq(str, sample.effect.explanation, why));
    cr_expect(eq(u64, world_fingerprint(&sample.world), world_fingerprint(&before)));
    cr_expect(eq(int, memcmp(sample.world.spent, before.spent, sizeof(before.spent)), 0));
    cr_expect(eq(int, memcmp(sample.world.monitors[0].data, before.monitors[0].data, sizeof(struct counter)), 0));
    world_free(&before);
}

Test(world, is_unchanged_by_a_step_that_is_cut_or_misbehaves)
{
    sample.model.roles[SERVER].step = spoil;
    sample_start(&(struct run_config){.network = GS_FIFO, .capacity = 2, .budgets = {.duplicates = 1, .timeouts = 1}});
    expect_unchanged(WORLD_CUT, draw(0), "capacity");
    sample.run->capacity = 9;
    sample.model.roles[SERVER].within = term_under_1000;
    sample.model.roles[SERVER].within_text = "term < 1000";
    expect_unchanged(WORLD_CUT, draw(0), "term < 1000");
    sample.model.roles[SERVER].within = NULL;
    uint64_t both = 3;
    memcpy(sample.world.locals[0].data + sizeof(struct server), &both, sizeof(both));
    cr_expect(eq(int, sample_apply(tick(0, 1)), WORLD_MISBEHAVED));
    cr_expect(eq(i64, sample.world.spent[GS_TIMEOUT], 0));
    cr_expect(eq(u16, sample_server(0)->term, 0));
    expect_unchanged(WORLD_NOT_ENABLED, with_choices(draw(0), 1, 0, 0), "1 choices are given, but 0 are drawn");
    EXPECT_RESULT(WORLD_STEP, draw(0));
    cr_expect(eq(u16, sample_server(0)->term, 1000));
    cr_expect(eq(u8, ((struct counter *)(void *)sample.world.monitors[0].data)->said, 1));
}

Test(world, refuses_choices_out_of_range_or_too_many_and_takes_too_few)
{
    start_on(GS_BAG);
    expect_unchanged(WORLD_NOT_ENABLED, with_choices(draw(0), 2, 1, 3),
                     "choice 1 is 3, but the handler chooses out of 3");
    expect_unchanged(WORLD_NOT_ENABLED, with_choices(draw(0), 3, 1, 2), "3 choices are given, but 2 are drawn");
    expect_unchanged(WORLD_NOT_ENABLED, with_choices(host_event(ACTION_CRASH, 0), 1, 0, 0),
                     "1 choices are given, but 0 are drawn");
    EXPECT_RESULT(WORLD_STEP, with_choices(draw(0), 1, 1, 2));
    cr_expect(eq(u16, sample_server(0)->term, 10));
    cr_expect(eq(uint, sample.effect.choice_count, 2));
    EXPECT_RESULT(WORLD_SAME, with_choices(draw(0), 2, 1, 0));
}

/* ---- What may happen, and who moved ---- */

Test(world, visits_all_that_may_be_tried)
{
    sample.model.events[SEND].arguments[0].role = CLIENT;
    sample.model.host = servers_share;
    sample_start(&(struct run_config){.settings = (const char *const[]){"top=1", NULL},
                                      .budgets = {.drops = 1, .crashes = 1, .restarts = 1, .partitions = 1}});
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 1));
    EXPECT_RESULT(WORLD_STEP, split(1));
    EXPECT_RESULT(WORLD_STEP, arm(1, 0));
    cr_expect(eq(str, visited_text(),
                 "server0: send {to client, number 1}\nserver0: arm {index 0}\nserver0: arm {index 1}\n"
                 "server0: draw\ndrop server0 -> server1: ping {number 1}\nserver1: timer tick 0\n"
                 "server1: send {to client, number 1}\nserver1: arm {index 0}\nserver1: arm {index 1}\n"
                 "server1: draw\ncrash server0, server1\ncrash client\nheal\n"));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    EXPECT_RESULT(WORLD_STEP, heal);
    cr_expect(eq(str, visited_text(), "drop server0 -> server1: ping {number 1}\nrestart server0, server1\n"));
}

Test(world, visits_equal_copies_once_and_every_split)
{
    sample_start(&(struct run_config){.settings = (const char *const[]){"top=5", NULL},
                                      .copies = 2,
                                      .budgets = {.duplicates = 1, .reboots = 1, .partitions = 1}});
    EXPECT_RESULT(WORLD_STEP, send_event(0, 2, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 2, 5));
    char *text = strstr(visited_text(), "server0 -> client");
    cr_assert(text != NULL);
    cr_expect(eq(str, text,
                 "server0 -> client: ping {number 5}\nduplicate server0 -> client: ping {number 5}\n"
                 "reboot server0\nreboot server1\nreboot client\npartition {server0} | {server1, client}\n"
                 "partition {server0, server1} | {client}\npartition {server0, client} | {server1}\n"));
}

Test(world, movers_are_the_receiver_or_the_struck_nodes_that_can_take_it)
{
    unsigned movers[GS_NODES_MAX];
    const struct event crash = host_event(ACTION_CRASH, 0), restart = host_event(ACTION_RESTART, 0), cut = split(1);
    start_sharing(GS_BAG);
    cr_expect(eq(sz, world_movers(&sample.world, &crash, movers), 2));
    cr_expect(movers[0] == 0 && movers[1] == 1);
    cr_expect(eq(sz, world_movers(&sample.world, &restart, movers), 0));
    EXPECT_RESULT(WORLD_STEP, crash);
    cr_expect(eq(sz, world_movers(&sample.world, &restart, movers), 2));
    cr_expect(eq(sz, world_movers(&sample.world, &cut, movers), 0));
}

Test(world, fingerprint_is_of_states_mail_and_cuts_but_not_of_budgets)
{
    start_on(GS_BAG);
    const uint64_t initial = world_fingerprint(&sample.world);
    EXPECT_RESULT(WORLD_STEP, split(1));
    cr_expect(ne(u64, world_fingerprint(&sample.world), initial));
    EXPECT_RESULT(WORLD_STEP, heal);
    cr_expect(eq(u64, world_fingerprint(&sample.world), initial)); /* though a budget is spent */
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    cr_expect(ne(u64, world_fingerprint(&sample.world), initial));
}
