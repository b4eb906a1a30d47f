/* Making a run: what a configuration says, else its preset, else the model; numbering of nodes, hosts and timers; every
 * refusal as one line. */
#include "tests/core_sample.h"

TestSuite(run, .init = sample_setup, .fini = sample_teardown);

#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SET(...) (&(struct run_config){.settings = SETTINGS(__VA_ARGS__)})

static void expect_refused(const struct run_config *config, char *why)
{
    cr_expect(eq(str, sample_refusal(config), why));
    cr_expect(sample.run == NULL);
}

/* ---- Presets and options ---- */

Test(run, without_a_word_is_the_quick_preset_with_the_models_defaults)
{
    sample_make(&(struct run_config){0});
    cr_expect(eq(i64, gs_option(sample.run, SERVERS), 2));
    cr_expect(eq(i64, gs_option(sample.run, FLAVOUR), 0));
    cr_expect(eq(int, gs_network(sample.run), GS_BAG));
    cr_expect(eq(u32, sample.run->copies, 1));
    cr_expect(eq(u32, sample.run->capacity, 8));
    for (int fault = 0; fault < GS_FAULTS; fault++)
        cr_expect(eq(i64, gs_budget(sample.run, fault), fault == GS_TIMEOUT ? -1 : 0), "%s", budget_names[fault]);
    cr_expect(not(sample.run->timed));
    sample.model.network = GS_NETWORK_DEFAULT;
    sample_make(&(struct run_config){0});
    cr_expect(eq(int, gs_network(sample.run), GS_SET));
}

Test(run, takes_a_presets_settings_network_and_budgets)
{
    sample_make(&(struct run_config){.preset = "queues"});
    cr_expect(eq(i64, gs_option(sample.run, SERVERS), 3));
    cr_expect(eq(i64, gs_option(sample.run, TOP), 255));
    cr_expect(eq(i64, gs_option(sample.run, FLAVOUR), 1));
    cr_expect(eq(int, gs_network(sample.run), GS_FIFO));
    cr_expect(eq(u32, sample.run->copies, 4));
    cr_expect(eq(u32, sample.run->capacity, 5));
    for (int fault = 0; fault < GS_FAULTS; fault++)
        cr_expect(eq(i64, gs_budget(sample.run, fault), fault + 1), "%s", budget_names[fault]);
}

Test(run, prefers_what_is_said_to_the_preset)
{
    sample_make(&(struct run_config){.preset = "queues",
                                     .settings = SETTINGS("servers=4", "top=7", "top=8"),
                                     .network = GS_BAG,
                                     .copies = 2,
                                     .capacity = 3,
                                     .budgets = {.drops = GS_NONE, .crashes = 9, .timeouts = GS_NONE}});
    cr_expect(eq(i64, gs_option(sample.run, SERVERS), 4));
    cr_expect(eq(i64, gs_option(sample.run, TOP), 8)); /* the last one counts */
    cr_expect(eq(i64, gs_option(sample.run, FLAVOUR), 1));
    cr_expect(eq(int, gs_network(sample.run), GS_BAG));
    cr_expect(eq(u32, sample.run->copies, 2));
    cr_expect(eq(u32, sample.run->capacity, 3));
    cr_expect(eq(i64, gs_budget(sample.run, GS_DROP), 0));
    cr_expect(eq(i64, gs_budget(sample.run, GS_DUPLICATE), 2));
    cr_expect(eq(i64, gs_budget(sample.run, GS_CRASH), 9));
    cr_expect(eq(i64, gs_budget(sample.run, GS_TIMEOUT), 0)); /* none; unsaid is unlimited */
}

Test(run, finds_presets_by_name)
{
    cr_expect(eq(ptr, (void *)run_preset(&sample.model, "queues"), &sample.model.presets[1]));
    cr_expect(eq(ptr, (void *)run_preset(&sample.model, "queue"), NULL));
    expect_refused(&(struct run_config){.preset = "slow"},
                   "--preset slow: sample has no such preset (see: gainsay describe sample)");
}

Test(run, parses_numbers_and_names_of_options)
{
    const struct gs_option *servers = &sample.model.options[SERVERS], *flavour = &sample.model.options[FLAVOUR];
    static const char *const bad[] = {"", " 3", "+3", "3 ", "3x", "x", "-1", "65", "99999999999999999999", "0x3"};
    int64_t value = 77;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_expect(not(run_option_parse(servers, bad[i], &value)), "'%s'", bad[i]);
    cr_expect(not(run_option_parse(flavour, "spic", &value)));
    cr_expect(not(run_option_parse(flavour, "2", &value)));
    cr_expect(eq(i64, value, 77));
    cr_expect(run_option_parse(servers, "64", &value));
    cr_expect(eq(i64, value, 64));
    cr_expect(run_option_parse(servers, "0", &value));
    cr_expect(eq(i64, value, 0));
    cr_expect(run_option_parse(flavour, "spicy", &value));
    cr_expect(eq(i64, value, 1));
    cr_expect(run_option_parse(flavour, "0", &value));
    cr_expect(eq(i64, value, 0));
    cr_expect(run_option_parse(&(struct gs_option){.min = -5, .max = -1}, "-5", &value));
    cr_expect(eq(i64, value, -5));
}

Test(run, parses_names_from_the_options_least_value_on)
{
    static const char *const names[] = {"two", "three"};
    const struct gs_option option = {.min = 2, .max = 3, .names = names};
    int64_t value;

    cr_expect(run_option_parse(&option, "three", &value));
    cr_expect(eq(i64, value, 3));
}

Test(run, refuses_bad_settings)
{
    expect_refused(SET("servers"), "--set servers: expected NAME=VALUE");
    expect_refused(SET("server=3"), "--set server=3: sample has no option 'server' (see: gainsay describe sample)");
    expect_refused(SET("serverss=3"),
                   "--set serverss=3: sample has no option 'serverss' (see: gainsay describe sample)");
    expect_refused(SET("=3"), "--set =3: sample has no option '' (see: gainsay describe sample)");
    expect_refused(SET("servers=65"), "--set servers=65: servers is a number from 0 to 64");
    expect_refused(SET("top=3", "servers="), "--set servers=: servers is a number from 0 to 64");
    expect_refused(SET("flavour=sour"), "--set flavour=sour: flavour is one of plain, spicy");
}

Test(run, switches_mutants_on_by_name)
{
    sample_make(&(struct run_config){0});
    cr_expect(eq(u64, sample.run->mutants, 0));
    sample_make(&(struct run_config){.mutants = SETTINGS("vote-twice")});
    cr_expect(not(gs_mutant(sample.run, 0)));
    cr_expect(gs_mutant(sample.run, 1));
    sample_make(&(struct run_config){.mutants = SETTINGS("vote-twice", "lose-votes")});
    cr_expect(eq(u64, sample.run->mutants, 3));
    expect_refused(&(struct run_config){.mutants = SETTINGS("vote-twice", "vote")},
                   "--mutant vote: sample has no such mutant (see: gainsay describe sample)");
}

/* ---- Network and budgets ---- */

Test(run, refuses_networks_copies_and_capacities_that_there_are_not)
{
    expect_refused(&(struct run_config){.network = 4}, "network 4: there are set, bag and fifo");
    expect_refused(&(struct run_config){.copies = -1}, "--copies -1: a number from 1 to 1000");
    expect_refused(&(struct run_config){.copies = 1001}, "--copies 1001: a number from 1 to 1000");
    expect_refused(&(struct run_config){.capacity = -1}, "--capacity -1: a number from 1 to 1000");
    expect_refused(&(struct run_config){.capacity = 1001}, "--capacity 1001: a number from 1 to 1000");
    sample_make(&(struct run_config){.copies = 1000, .capacity = 1000});
}

/* Each budget by the name of its option. */
static struct gs_budgets budget_of(int fault, int value)
{
    struct gs_budgets budgets = {0};
    int *const members[] = {&budgets.drops,   &budgets.duplicates, &budgets.crashes, &budgets.restarts,
                            &budgets.reboots, &budgets.partitions, &budgets.timeouts};

    *members[fault] = value;
    return budgets;
}

Test(run, refuses_budgets_out_of_range)
{
    for (int fault = 0; fault < GS_FAULTS; fault++) {
        char expected[100];

        snprintf(expected, sizeof(expected), "--%s -2: a budget is a number from 0 to 1000000", budget_names[fault]);
        expect_refused(&(struct run_config){.budgets = budget_of(fault, -2)}, expected);
        snprintf(expected, sizeof(expected), "--%s 1000001: a budget is a number from 0 to 1000000",
                 budget_names[fault]);
        expect_refused(&(struct run_config){.budgets = budget_of(fault, 1000001)}, expected);
        sample_make(&(struct run_config){.budgets = budget_of(fault, 1000000)});
        cr_expect(eq(i64, gs_budget(sample.run, fault), 1000000));
        sample_make(&(struct run_config){.budgets = budget_of(fault, GS_NONE)});
        cr_expect(eq(i64, gs_budget(sample.run, fault), 0));
    }
}

Test(run, refuses_to_drop_or_duplicate_in_set)
{
    for (int fault = GS_DROP; fault <= GS_DUPLICATE; fault++) {
        char expected[200];

        snprintf(expected, sizeof(expected),
                 "--%s 2: has no meaning on network set, where a sent message stays deliverable for ever; leave it out "
                 "or choose --network bag or fifo",
                 budget_names[fault]);
        expect_refused(&(struct run_config){.network = GS_SET, .budgets = budget_of(fault, 2)}, expected);
        sample_make(&(struct run_config){.network = GS_SET, .budgets = budget_of(fault, GS_NONE)});
    }
    sample_make(&(struct run_config){.network = GS_SET, .budgets = {.crashes = 2}});
    expect_refused(&(struct run_config){.preset = "queues", .network = GS_SET},
                   "--drops 1, as the preset has it: has no meaning on network set, where a sent message stays "
                   "deliverable for ever; say 0 or choose --network bag or fifo");
}

Test(run, refuses_partitions_of_too_many_nodes)
{
    expect_refused(&(struct run_config){.settings = SETTINGS("servers=16"), .budgets = {.partitions = 2}},
                   "--partitions 2: 17 nodes can split in too many ways (at most 16 nodes)");
    sample_make(&(struct run_config){.settings = SETTINGS("servers=15"), .budgets = {.partitions = 2}});
    sample_make(&(struct run_config){.settings = SETTINGS("servers=16"), .budgets = {.partitions = GS_NONE}});
}

/* ---- Nodes ---- */

Test(run, numbers_nodes_role_by_role)
{
    sample_make(SET("servers=3"));
    cr_expect(eq(uint, sample.run->node_count, 4));
    cr_expect(eq(int, gs_count(sample.run, SERVER), 3));
    cr_expect(eq(int, gs_count(sample.run, CLIENT), 1));
    cr_expect(eq(int, gs_majority(sample.run, SERVER), 2));
    cr_expect(gs_same(gs_node_at(sample.run, SERVER, 2), node_of(2)));
    cr_expect(gs_same(gs_node_at(sample.run, CLIENT, 0), node_of(3)));
    cr_expect(eq(int, gs_index(sample.run, node_of(2)), 2));
    cr_expect(eq(int, gs_index(sample.run, node_of(3)), 0));
    cr_expect(eq(int, gs_role(sample.run, node_of(2)), SERVER));
    cr_expect(eq(int, gs_role(sample.run, node_of(3)), CLIENT));
    cr_expect(gs_set_equal(gs_nodes(sample.run, CLIENT), gs_set_of(node_of(3))));
    cr_expect(eq(int, gs_set_size(gs_nodes(sample.run, SERVER)), 3));
    cr_expect(eq(ptr, (void *)run_role_of(sample.run, 3), &sample.model.roles[CLIENT]));
}

Test(run, names_nodes_after_their_role_with_a_number_unless_there_is_always_one)
{
    sample_make(SET("servers=1"));
    cr_expect(eq(str, (char *)gs_name(sample.run, node_of(0)), "server0"));
    cr_expect(eq(str, (char *)gs_name(sample.run, node_of(1)), "client"));
    cr_expect(eq(str, (char *)gs_name(sample.run, GS_NOBODY), "nobody"));
    cr_expect(eq(str, (char *)gs_name(sample.run, node_of(2)), "nobody"));
    sample.model.roles[CLIENT].count = 2;
    sample_make(SET("servers=0"));
    cr_expect(eq(str, (char *)gs_name(sample.run, node_of(1)), "client1"));
}

Test(run, refuses_too_many_nodes_and_none_at_all)
{
    expect_refused(SET("servers=64"), "sample: 1 more nodes of role client exceed the limit of 64 nodes");
    sample_make(SET("servers=63"));
    sample.model.roles[CLIENT] = (struct gs_role){0};
    sample.model.events[TOCK].role = SERVER;
    expect_refused(SET("servers=0"), "sample: the options leave no nodes at all");
}

static const struct gs_field by_server_fields[] = {GS_BY_NODE(struct server, seen, SERVER), GS_FIELDS_END};

Test(run, refuses_more_nodes_than_an_array_by_node_has_room_for)
{
    static char *const refusal = "sample: member seen has room for 6 nodes of role server, but this run has 7: enlarge "
                                 "the array or ask for fewer";

    sample_make(&(struct run_config){0});
    struct gs_field fields[] = {by_server_fields[0], by_server_fields[1]};
    fields[0].offset = 0;
    sample.model.monitors[COUNTER].fields = fields;
    sample.model.monitors[COUNTER].size = fields[0].size;
    expect_refused(SET("servers=7"), refusal);
    sample_make(SET("servers=6"));
    sample_setup();
    sample.model.roles[CLIENT].fields = fields;
    sample.model.roles[CLIENT].size = fields[0].size;
    expect_refused(SET("servers=7"), refusal);
}

/* ---- Hosts and timers ---- */

static unsigned odd_and_even(const struct gs_run *run, gs_node node)
{
    (void)run;
    return node.tag % 2 ? 4000000000u : 7;
}

static unsigned fails(const struct gs_run *run, gs_node node)
{
    (void)node;
    return (unsigned)gs_option(run, 99);
}

Test(run, numbers_hosts_densely_in_the_order_of_their_lowest_nodes)
{
    sample_make(SET("servers=3"));
    cr_expect(eq(uint, sample.run->host_count, 4));
    cr_expect(eq(u64, sample.run->hosts[2], 4));
    sample.model.host = odd_and_even;
    sample_make(SET("servers=3"));
    cr_expect(eq(uint, sample.run->host_count, 2));
    cr_expect(eq(u64, sample.run->hosts[0], 5));
    cr_expect(eq(u64, sample.run->hosts[1], 10));
    cr_expect(eq(u8, sample.run->nodes[2].host, 0));
    cr_expect(eq(u8, sample.run->nodes[3].host, 1));
    sample.model.host = fails;
    expect_refused(SET("servers=3"), "sample: its function host fails: gs_option: no such option");
}

static bool fails_to_split(const struct gs_run *run, gs_node_set side)
{
    (void)side;
    return gs_option(run, 99);
}

Test(run, asks_about_splits_only_if_there_are_partitions)
{
    sample.model.splits = fails_to_split;
    sample_make(&(struct run_config){0});
    expect_refused(&(struct run_config){.budgets = {.partitions = 1}},
                   "sample: its function splits fails: gs_option: no such option");
}

static const char *refuses_two_servers(const struct gs_run *run)
{
    if (gs_budget(run, GS_CRASH))
        return gs_option(run, 99) ? "never said" : NULL;
    if (gs_count(run, SERVER) == 4)
        return "";
    return gs_option(run, SERVERS) == 2 ? "two servers need a witness:\nset servers=3" : NULL;
}

Test(run, is_refused_in_one_line_where_the_model_says_that_options_contradict_each_other)
{
    sample.model.refuses = refuses_two_servers;
    expect_refused(SET("servers=2"), "sample: two servers need a witness: set servers=3");
    expect_refused(SET("servers=4"), "sample: the options contradict each other");
    expect_refused(&(struct run_config){.settings = SETTINGS("servers=3"), .budgets = {.crashes = 1}},
                   "sample: its function refuses fails: gs_option: no such option");
    sample_make(SET("servers=3"));
}

Test(run, numbers_each_roles_timers_one_after_the_other)
{
    sample.model.events[DRAW] = sample.model.events[TICK];
    sample.model.events[DRAW].name = "tack";
    sample_make(&(struct run_config){0});
    cr_expect(eq(u16, sample.run->timer_base[TICK], 0));
    cr_expect(eq(u16, sample.run->timer_base[TOCK], 0)); /* of another role */
    cr_expect(eq(u16, sample.run->timer_base[DRAW], 2));
    cr_expect(eq(uint, sample.run->event_count, 7));
}

/* ---- Extensions ---- */

Test(run, numbers_properties_and_monitors_of_the_model_and_then_of_each_extension)
{
    struct gs_extension first = {.protocol = "sample"}, second = first;
    const struct gs_extension *const extensions[] = {&first, &second, NULL};

    first.monitors[0] = second.monitors[0] = second.monitors[1] = sample.model.monitors[0];
    first.monitors[0].name = "first";
    second.monitors[1].name = "second";
    first.properties[0] = second.properties[0] = second.properties[1] = sample.model.properties[0];
    second.properties[1].monitor = 1;
    sample_make(&(struct run_config){.extensions = extensions});
    cr_expect(eq(uint, run_property_count(sample.run), 5));
    cr_expect(eq(uint, run_monitor_count(sample.run), 4));
    cr_expect(eq(ptr, (void *)run_property(sample.run, 1), &sample.model.properties[1]));
    cr_expect(eq(ptr, (void *)run_property(sample.run, 2), &first.properties[0]));
    cr_expect(eq(ptr, (void *)run_property(sample.run, 4), &second.properties[1]));
    cr_expect(eq(ptr, (void *)run_monitor(sample.run, 0), &sample.model.monitors[0]));
    cr_expect(eq(ptr, (void *)run_monitor(sample.run, 1), &first.monitors[0]));
    cr_expect(eq(ptr, (void *)run_monitor(sample.run, 3), &second.monitors[1]));
    cr_expect(eq(uint, run_property_monitor(sample.run, 0), 0));
    cr_expect(eq(uint, run_property_monitor(sample.run, 2), 1));
    cr_expect(eq(uint, run_property_monitor(sample.run, 3), 2));
    cr_expect(eq(uint, run_property_monitor(sample.run, 4), 3));
}

Test(run, has_no_property_beyond_the_last, .exit_code = 4)
{
    sample_make(&(struct run_config){0});
    run_property(sample.run, 2);
}
