/* Judging: each scope shows what it says and nothing else; premises, explanations; monitors; quiescence. */
#include "tests/core_sample.h"

#include <stdarg.h>

static void setup(void)
{
    sample_setup();
    sample_start(&(struct run_config){.settings = (const char *const[]){"servers=3", NULL}});
}

TestSuite(judge, .init = setup, .fini = sample_teardown);

static struct gs_view view;
static char seen[4000];          /* what predicates noted, value after value */
static unsigned calls, decisive; /* the call (from 1) of a predicate that decides: 0 none */

static struct server *changed_server(unsigned node)
{
    return (struct server *)(void *)sample.world.locals[node].data;
}

static const char *name(gs_node node)
{
    return gs_name(sample.run, node);
}

/* A monitor is run twice, so a text that follows itself stands once. */
__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    const size_t length = strlen(seen), added = strlen(text);
    if (length < added || strcmp(seen + length - added, text) != 0)
        snprintf(seen + length, sizeof(seen) - length, "%s", text);
}

static bool decide(void)
{
    return ++calls != decisive;
}

/* Judges property 0 so described over the world. */
static bool judge_steps(struct gs_property property, const struct judged_step *steps, size_t count)
{
    property.name = "fine";
    sample.model.properties[0] = property;
    seen[0] = '\0';
    calls = 0;
    return judge_world(&sample.world, steps, count, 0, &view);
}

static bool judge(struct gs_property property)
{
    return judge_steps(property, NULL, 0);
}

/* ---- Scopes ---- */

static bool note_this(struct gs_view *v)
{
    note("%s %u; ", name(gs_this_node(v)), ((const struct server *)gs_this(v))->term);
    return decide();
}

Test(judge, shows_each_node_of_the_role)
{
    changed_server(1)->term = 4;
    decisive = 0;
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_NODE, .holds = note_this}));
    cr_expect(eq(str, seen, "server0 0; server1 4; server2 0; "));
    decisive = 2;
    cr_expect(not(judge((struct gs_property){.scope = GS_SCOPE_NODE, .holds = note_this})));
    cr_expect(eq(str, seen, "server0 0; server1 4; "));
    cr_expect(gs_same(view.this_node, node_of(1)));
}

static bool leads_this(struct gs_view *v)
{
    note("%s; ", name(gs_this_node(v)));
    return ((const struct server *)gs_this(v))->leads;
}

Test(judge, meets_a_goal_at_the_first_value_that_holds)
{
    const struct gs_property goal = {.kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = leads_this};

    cr_expect(not(judge(goal)));
    cr_expect(eq(str, seen, "server0; server1; server2; "));
    changed_server(1)->leads = true;
    cr_expect(judge(goal));
    cr_expect(eq(str, seen, "server0; server1; "));
}

static bool note_pair(struct gs_view *v)
{
    note("%s%u-%s%u ", name(gs_this_node(v)), ((const struct server *)gs_this(v))->term, name(gs_that_node(v)),
         gs_role(v, gs_that_node(v)) == SERVER ? ((const struct server *)gs_that(v))->term : 0u);
    return decide();
}

Test(judge, shows_each_ordered_pair_of_different_nodes)
{
    decisive = 0;
    for (unsigned n = 0; n < 3; n++)
        changed_server(n)->term = (uint16_t)n;
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_PAIR, .holds = note_pair}));
    cr_expect(eq(str, seen,
                 "server00-server11 server00-server22 server11-server00 server11-server22 server22-server00 "
                 "server22-server11 "));
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_PAIR, .other_role = CLIENT, .holds = note_pair}));
    cr_expect(eq(str, seen, "server00-client0 server11-client0 server22-client0 "));
}

/* The nodes whose state can be read. */
static bool note_nodes(struct gs_view *v)
{
    for (unsigned n = 0; n < sample.run->node_count; n++)
        if (v->locals[n])
            note("%s ", gs_is_up(v, node_of(n)) ? name(node_of(n)) : "(down)");
    note("%s; ", name(gs_this_node(v)));
    return decide();
}

static void expect_nodes(struct gs_property property, char *nodes)
{
    decisive = 0;
    property.holds = note_nodes;
    cr_expect(judge(property));
    cr_expect(eq(str, seen, nodes), "scope %d", property.scope);
    decisive = 1;
    cr_expect(eq(int, judge(property), nodes[0] == '\0'));
}

Test(judge, shows_the_nodes_of_the_scope_and_no_others)
{
    struct gs_property property = {.scope = GS_SCOPE_ALL_NODES};

    expect_nodes(property, "server0 server1 server2 client nobody; ");
    property.scope = GS_SCOPE_ROLE;
    expect_nodes(property, "server0 server1 server2 nobody; ");
    property.role = CLIENT;
    expect_nodes(property, "client nobody; ");
    property.scope = GS_SCOPE_NODE;
    expect_nodes(property, "client client; ");
    property.scope = GS_SCOPE_MONITOR_NODE;
    expect_nodes(property, "client client; ");
    property.scope = GS_SCOPE_MONITOR;
    expect_nodes(property, "nobody; ");
    property.scope = GS_SCOPE_MESSAGE;
    expect_nodes(property, "");
    EXPECT_RESULT(WORLD_STEP, send_event(0, 1, 5));
    expect_nodes(property, "nobody; ");
    property.scope = GS_SCOPE_MESSAGE_RECEIVER;
    expect_nodes(property, "server1 server1; ");
}

static bool note_message(struct gs_view *v)
{
    const struct message *message = gs_message(v);

    note("%s-%s %u; ", name(gs_sender(v)), name(gs_receiver(v)), message->number);
    return decide();
}

Test(judge, shows_each_message_in_flight)
{
    decisive = 0;
    EXPECT_RESULT(WORLD_STEP, send_event(1, 0, 5));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 2, 4));
    EXPECT_RESULT(WORLD_STEP, send_event(0, 0, 6));
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_MESSAGE, .holds = note_message}));
    cr_expect(eq(str, seen, "server0-server0 6; server1-server0 5; server0-server2 4; "));
    decisive = 2;
    cr_expect(not(judge((struct gs_property){.scope = GS_SCOPE_MESSAGE_RECEIVER, .holds = note_message})));
    cr_expect(eq(str, seen, "server0-server0 6; server1-server0 5; "));
}

static bool note_step(struct gs_view *v)
{
    const struct server *before = gs_before(v), *after = gs_this(v);

    note("%s %u-%u %s%s; ", name(gs_this_node(v)), before->term, after->term, gs_was_up(v) ? "up" : "down",
         gs_is_up(v, gs_this_node(v)) ? "up" : "down");
    return note_nodes(v);
}

Test(judge, shows_the_steps_of_movers_of_the_role)
{
    struct world old = {0};
    world_copy(&old, &sample.world);
    changed_server(1)->term = 3;
    sample.world.locals[1].data[sizeof(struct server) + 8] = 0;
    const struct judged_step steps[] = {{node_of(1), old.locals[1].data}, {node_of(3), old.locals[3].data}};
    decisive = 0;
    cr_expect(judge_steps((struct gs_property){.scope = GS_SCOPE_STEP, .holds = note_step}, steps, 2));
    cr_expect(eq(str, seen, "server1 0-3 updown; (down) server1; "));
    cr_expect(judge_steps((struct gs_property){.scope = GS_SCOPE_STEP_ROLE, .other_role = CLIENT, .holds = note_step},
                          steps, 2));
    cr_expect(eq(str, seen, "server1 0-3 updown; (down) client server1; "));
    decisive = 1;
    cr_expect(not(judge_steps((struct gs_property){.scope = GS_SCOPE_STEP, .holds = note_step}, steps, 2)));
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_STEP, .holds = note_step})); /* an initial state */
    cr_expect(eq(str, seen, ""));
    world_free(&old);
}

/* ---- Outside the scope ---- */

static int way;

static bool read_outside(struct gs_view *v)
{
    switch (way) {
    case 0:
        return gs_state(v, node_of(1)) != NULL;
    case 1:
        return gs_that(v) != NULL;
    case 2:
        return gs_before(v) != NULL;
    case 3:
        return gs_message(v) != NULL;
    case 4:
        return gs_monitor_value(v) != NULL;
    case 5:
        return gs_is_up(v, node_of(3));
    case 6:
        return gs_was_up(v);
    case 7:
        return gs_state(v, (gs_node){9}) != NULL;
    }
    gs_assert(v, way == 7);
    return true;
}

Test(judge, fails_a_predicate_that_reads_outside_its_scope)
{
    static char *const what[] = {
        "the state of server1", "the state of nobody",     "the state before a step", "a message", "a monitor",
        "the state of client",  "the state before a step", "the state of nobody"};
    char expected[200];

    for (way = 0; way < 8; way++) {
        snprintf(expected, sizeof(expected), "property fine: it reads %s, which is outside its scope", what[way]);
        cr_expect(not(judge((struct gs_property){.scope = GS_SCOPE_NODE, .holds = read_outside})), "%d", way);
        cr_expect(view.failed);
        cr_expect(eq(str, view.explanation, expected));
    }
    cr_expect(not(judge((struct gs_property){.scope = GS_SCOPE_NODE, .holds = read_outside})));
    cr_expect(strncmp(view.explanation, "property fine: gs_assert(way == 7) failed at ", 45) == 0);
}

/* ---- Premises and explanations ---- */

static bool leader_has_a_term(struct gs_view *v)
{
    const struct server *server = gs_this(v);

    return !gs_premise(v, server->leads) || server->term > 0 ||
           gs_explain(v, "%s leads\nwithout a term", name(gs_this_node(v)));
}

Test(judge, tells_whether_a_premise_was_met_and_explains)
{
    const struct gs_property property = {.scope = GS_SCOPE_NODE, .holds = leader_has_a_term};

    cr_expect(judge(property));
    cr_expect(view.premise_used && !view.premise_met);
    *changed_server(0) = (struct server){.leads = true, .term = 1};
    cr_expect(judge(property));
    cr_expect(view.premise_used && view.premise_met); /* by the first, though not by the last */
    changed_server(1)->leads = true;
    cr_expect(not(judge(property)));
    cr_expect(eq(str, view.explanation, "server1 leads without a term"));
    cr_expect(not(view.failed));
    decisive = 0;
    cr_expect(judge((struct gs_property){.scope = GS_SCOPE_NODE, .holds = note_this}));
    cr_expect(not(view.premise_used));
}

static bool needs_way(const struct gs_run *run)
{
    return way == 2 ? gs_option(run, 99) : way;
}

Test(judge, asks_what_a_property_needs)
{
    struct gs_property property = {.name = "fine"};
    char explanation[EXPLANATION_SIZE] = "";
    bool granted = false;

    cr_expect(judge_needs(sample.run, &property, &granted, explanation) && granted);
    property.needs = needs_way;
    for (way = 0; way < 2; way++)
        cr_expect(judge_needs(sample.run, &property, &granted, explanation) && granted == way);
    cr_expect(not(judge_needs(sample.run, &property, &granted, explanation)));
    cr_expect(eq(str, explanation, "property fine, in needs: gs_option: no such option"));
}

/* ---- Monitors ---- */

static const struct counter *counter(void)
{
    return (const struct counter *)(const void *)sample.world.monitors[0].data;
}

static void start_at_five(const struct gs_run *run, void *value)
{
    (void)run;
    *(struct counter *)value = (struct counter){.said = 5, .phase = way ? 2 : 0};
}

Test(judge, starts_a_monitor_at_zero_or_as_its_init_says)
{
    struct bytes value = {0};
    char explanation[EXPLANATION_SIZE] = "";

    cr_expect(judge_monitor_initial(sample.run, 0, &value, explanation));
    cr_expect(eq(int, memcmp(value.data, &(struct counter){0}, sizeof(struct counter)), 0));
    sample.model.monitors[COUNTER].init = start_at_five;
    cr_expect(judge_monitor_initial(sample.run, 0, &value, explanation));
    cr_expect(eq(u8, value.data[0], 5));
    way = 1;
    cr_expect(not(judge_monitor_initial(sample.run, 0, &value, explanation)));
    cr_expect(eq(str, explanation, "monitor counter: phase is 2, but the enum has names for 0 to 1 only"));
    bytes_free(&value);
}

static bool say(struct gs_step *s, void *state, const struct gs_event *e)
{
    struct server *self = state;

    self->term++;
    for (uint8_t what = 1; what <= 3; what++)
        gs_announce(s, SAID, &(struct said){.what = (uint8_t)(10 * what + gs_index(s, gs_self(s)))});
    return e->type != PING;
}

static void note_announced(const struct gs_run *run, void *value, gs_node by, int announcement, const void *announced)
{
    struct counter *mine = value;

    gs_assert(run, announcement == SAID);
    note("%s %u; ", name(by), ((const struct said *)announced)->what);
    mine->said++;
    gs_assert(run, way != 1 || mine->said < 3);
    mine->phase = way == 2 ? 2 : 0;
}

static void note_stepped(const struct gs_run *run, void *value, struct gs_view *v)
{
    (void)run;
    ((struct counter *)value)->steps++;
    note("%s %u-%u%s; ", name(gs_this_node(v)), ((const struct server *)gs_before(v))->term,
         ((const struct server *)gs_this(v))->term,
         gs_was_up(v) ? gs_is_up(v, gs_this_node(v)) ? "" : " dies" : " rises");
    if (way == 3)
        gs_state(v, node_of(1));
}

static unsigned share(const struct gs_run *run, gs_node node)
{
    return (unsigned)gs_role(run, node);
}

static void start_with_monitor(void)
{
    sample_setup();
    sample.model.host = share;
    sample.model.roles[SERVER].step = say;
    sample.model.monitors[COUNTER].announced = note_announced;
    sample.model.monitors[COUNTER].stepped = note_stepped;
    seen[0] = '\0';
    sample_start(&(struct run_config){.budgets = {.crashes = 1, .restarts = 1, .partitions = 1}});
}

Test(judge, feeds_announcements_in_call_order_and_then_the_movers_steps)
{
    start_with_monitor();
    cr_expect(eq(str, seen, "server0 10; server0 20; server0 30; server1 11; server1 21; server1 31; "));
    cr_expect(eq(u8, counter()->said, 6));
    cr_expect(eq(u8, counter()->steps, 0)); /* a start is no step */
    seen[0] = '\0';
    EXPECT_RESULT(WORLD_STEP, draw(1));
    cr_expect(eq(str, seen, "server1 11; server1 21; server1 31; server1 1-2; "));
    seen[0] = '\0';
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    cr_expect(eq(str, seen, "server0 1-1 dies; server1 2-2 dies; "));
    seen[0] = '\0';
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_RESTART, 0));
    cr_expect(eq(str, seen,
                 "server0 10; server0 20; server0 30; server1 11; server1 21; server1 31; "
                 "server0 1-2 rises; server1 2-3 rises; "));
    seen[0] = '\0';
    EXPECT_RESULT(WORLD_STEP, split(1));
    EXPECT_RESULT(WORLD_STEP, (struct event){.action = ACTION_HEAL});
    cr_expect(eq(str, seen, ""));
    cr_expect(eq(u8, counter()->steps, 5));
}

Test(judge, does_not_feed_a_monitor_that_is_not_in_the_state)
{
    start_with_monitor();
    sample.world.monitors_on = 0;
    seen[0] = '\0';
    EXPECT_RESULT(WORLD_STEP, draw(1));
    cr_expect(eq(str, seen, ""));
}

Test(judge, finds_a_monitor_that_misbehaves_and_keeps_its_value)
{
    static const char *const explanations[] = {
        NULL, "monitor counter: gs_assert(way != 1 || mine->said < 3) failed at ",
        "monitor counter: phase is 2, but the enum has names for 0 to 1 only",
        "monitor counter: it reads the state of server1, which is outside its scope"};

    start_with_monitor();
    for (way = 1; way < 4; way++) {
        EXPECT_RESULT(WORLD_MISBEHAVED, draw(0));
        cr_expect(strncmp(sample.effect.explanation, explanations[way], strlen(explanations[way])) == 0, "%s",
                  sample.effect.explanation);
        cr_expect(eq(u8, counter()->said, 6));
        cr_expect(eq(u16, sample_server(0)->term, 1));
    }
}

/* ---- Quiescence ---- */

/* Local events are never enabled; timers fire, pings are as ever. */
static bool quiet(struct gs_step *s, void *state, const struct gs_event *e)
{
    const struct message *message = e->message;

    if (e->type == TICK && e->index == 1) /* only arms itself again */
        return gs_set_timer(s, TICK, 1);
    if (e->type == PING && message->number == DEFERRED)
        return gs_defer(s);
    if (e->type == PING)
        ((struct server *)state)->term = (uint16_t)gs_choose(s, 2);
    return e->type == GS_START || e->type == TICK || e->type == PING;
}

static void start_quiet(int network, int timeouts)
{
    sample_setup();
    sample.model.roles[SERVER].step = quiet;
    sample_start(&(struct run_config){.network = (uint8_t)network,
                                      .budgets = {.crashes = 1, .partitions = 1, .timeouts = timeouts}});
}

static void put_ping(unsigned to, unsigned number)
{
    const struct event event = ping(1, to, number);
    uint8_t entry[1 + sizeof(struct message)] = {node_of(1).tag};

    memcpy(entry + 1, event.message, sizeof(struct message));
    cr_assert(eq(int, inbox_add(sample.run, &sample.world.inboxes[to], entry, true), INBOX_ADDED));
}

static void put_timer(unsigned index)
{
    const uint64_t bit = UINT64_C(1) << index;
    memcpy(sample.world.locals[0].data + sizeof(struct server), &bit, sizeof(bit));
}

Test(judge, is_quiescent_when_no_delivery_timer_or_local_event_is_a_step)
{
    cr_expect(not(judge_is_quiescent(&sample.world))); /* local events are enabled */
    start_quiet(GS_BAG, 0);
    cr_expect(judge_is_quiescent(&sample.world)); /* a crash is possible, but no matter */
    put_ping(0, DEFERRED);
    cr_expect(judge_is_quiescent(&sample.world));
    put_ping(0, 5);
    cr_expect(not(judge_is_quiescent(&sample.world)));
    EXPECT_RESULT(WORLD_STEP, host_event(ACTION_CRASH, 0));
    cr_expect(judge_is_quiescent(&sample.world)); /* down nodes do not block it */
}

Test(judge, is_not_quiescent_while_any_branch_is_a_step)
{
    start_quiet(GS_SET, 0);
    put_ping(0, 5); /* the first choice changes nothing, the second does */
    EXPECT_RESULT(WORLD_SAME, ping(1, 0, 5));
    cr_expect(not(judge_is_quiescent(&sample.world)));
}

Test(judge, is_not_quiescent_while_a_link_is_cut)
{
    start_quiet(GS_BAG, 0);
    EXPECT_RESULT(WORLD_STEP, split(1));
    cr_expect(not(judge_is_quiescent(&sample.world)));
    EXPECT_RESULT(WORLD_STEP, (struct event){.action = ACTION_HEAL});
    cr_expect(judge_is_quiescent(&sample.world));
}

Test(judge, is_not_quiescent_while_a_timer_is_held_back_by_its_budget_only)
{
    start_quiet(GS_BAG, 0);
    put_timer(0);
    cr_expect(not(judge_is_quiescent(&sample.world)));
    put_timer(1);
    cr_expect(judge_is_quiescent(&sample.world)); /* it would change nothing */
    start_quiet(GS_BAG, GS_NONE);
    cr_expect(judge_is_quiescent(&sample.world));
    put_timer(0);
    cr_expect(not(judge_is_quiescent(&sample.world)));
    cr_expect(eq(i64, sample.world.spent[GS_TIMEOUT], 0));
}

static bool nothing_within(const struct gs_run *run, gs_node self, const void *state)
{
    (void)run;
    (void)self;
    return ((const struct server *)state)->term == 0;
}

Test(judge, is_not_quiescent_when_a_bound_cut_what_was_possible)
{
    start_quiet(GS_SET, 0);
    sample.model.roles[SERVER].within = nothing_within;
    put_ping(0, 5);
    cr_expect(not(judge_is_quiescent(&sample.world)));
}

Test(judge, judges_a_quiescent_property_only_where_it_is_quiescent)
{
    const struct gs_property property = {.kind = GS_QUIESCENT, .scope = GS_SCOPE_NODE, .holds = note_this};

    start_quiet(GS_BAG, 0);
    decisive = 1;
    cr_expect(not(judge(property)));
    put_ping(0, 5);
    cr_expect(judge(property));
    cr_expect(eq(str, seen, ""));
}

/* Sends what is in flight already: absorbed, it changes nothing, but who knows without that bound. */
static bool repeat(struct gs_step *s, void *state, const struct gs_event *e)
{
    if (e->type != TICK)
        return quiet(s, state, e);
    gs_set_timer(s, TICK, 0);
    return gs_send(s, node_of(1), &(struct message){.type = PING, .number = DEFERRED});
}

Test(judge, is_not_quiescent_when_a_send_is_absorbed_for_want_of_copies)
{
    static const int networks[] = {GS_BAG, GS_SET};
    for (size_t i = 0; i < 2; i++) {
        start_quiet(networks[i], 0);
        sample.model.roles[SERVER].step = repeat;
        put_timer(0);
        EXPECT_RESULT(WORLD_STEP, tick(0, 0));
        EXPECT_RESULT(WORLD_SAME, tick(0, 0));
        cr_expect(eq(int, judge_is_quiescent(&sample.world), networks[i] == GS_SET));
    }
}
