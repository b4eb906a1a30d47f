/* Registration of options, presets and mutants: what is refused, and how it is said. */
#include "tests/model_sample.h"

TestSuite(model_presets, .init = copy_model);

Test(model_presets, refuses_options_without_values)
{
    model->options[TERMS].min = 10;
    expect_refused("model small-raft: option terms has no value, since its min 10 exceeds its max 9");
    model->options[TERMS].min = 3;
    expect_refused("model small-raft: option terms: its default 2 is not between 3 and 9");
}

Test(model_presets, refuses_options_with_a_missing_name)
{
    static const char *const gap[] = {NULL, "spicy"};

    model->options[FLAVOUR].names = gap;
    expect_refused("model small-raft: option flavour has no name for value 0: name every value from min to max");
}

Test(model_presets, refuses_presets_whose_settings_do_not_parse)
{
    const char **settings = model->presets[0].settings;

    settings[0] = "servers";
    expect_refused("model small-raft: preset quick: setting 'servers' is not of the form name=value");
    settings[0] = "server=3";
    expect_refused("model small-raft: preset quick: setting 'server=3' names no option");
    settings[0] = "servers=5";
    expect_refused("model small-raft: preset quick: setting 'servers=5' is no value of option servers (1 to 4)");
    settings[0] = "servers=three";
    expect_refused("model small-raft: preset quick: setting 'servers=three' is no value of option servers (1 to 4)");
    settings[0] = "flavour=bitter";
    expect_refused(
        "model small-raft: preset quick: setting 'flavour=bitter' is no value of option flavour (0 to 1, or a name)");
    settings[0] = "flavour=plain";
    expect_refused("model small-raft: preset quick sets option flavour twice: drop one");
    settings[0] = NULL;
    expect_refused("model small-raft: preset quick: setting 'flavour=spicy' comes after an empty one: leave no gaps");
}

Test(model_presets, refuses_negative_budgets)
{
    static char *const names[] = {"drops", "duplicates", "crashes", "restarts", "reboots", "partitions", "timeouts"};
    char expected[200];

    for (int i = 0; i < 7; i++) {
        copy_model();
        struct gs_budgets *b = &model->presets[1].budgets;
        int *const budgets[] = {&b->drops,   &b->duplicates, &b->crashes, &b->restarts,
                                &b->reboots, &b->partitions, &b->timeouts};
        *budgets[i] = GS_NONE;
        expect_sound();
        *budgets[i] = -2;
        snprintf(expected, sizeof(expected),
                 "model small-raft: preset crashes: budget %s is -2: use a number from 0, or GS_NONE", names[i]);
        expect_refused(expected);
    }
}

Test(model_presets, refuses_drops_and_duplicates_in_a_set)
{
    char *const expected = "model small-raft: preset crashes: drops and duplicates mean nothing in network set, where "
                           "messages stay: leave them out, or choose GS_BAG or GS_FIFO";

    model->presets[1].network = GS_SET;
    expect_refused(expected);
    model->presets[1].network = GS_NETWORK_DEFAULT;
    model->network = GS_NETWORK_DEFAULT;
    expect_refused(expected);
    model->presets[1].network = GS_FIFO;
    expect_sound();
}

Test(model_presets, refuses_networks_that_do_not_exist)
{
    model->presets[0].network = 4;
    expect_refused("model small-raft: preset quick: network 4 is none of GS_SET, GS_BAG and GS_FIFO");
    model->network = 9;
    expect_refused("model small-raft: network 9 is none of GS_SET, GS_BAG and GS_FIFO");
}

Test(model_presets, refuses_negative_copies_and_capacity)
{
    char *const expected =
        "model small-raft: preset quick: copies and capacity cannot be negative (0 means the default)";

    model->presets[0].copies = -1;
    expect_refused(expected);
    model->presets[0].copies = 0;
    model->presets[0].capacity = -1;
    expect_refused(expected);
}

Test(model_presets, refuses_a_model_without_preset_quick)
{
    model->presets[0].name = "fast";
    expect_refused("model small-raft: there is no preset quick, which is the default one: add it");
}

Test(model_presets, refuses_mutants_without_a_property_or_preset)
{
    model->mutants[0].preset = "slow";
    expect_refused("model small-raft: mutant vote-twice names preset slow, which does not exist");
    model->mutants[0].preset = NULL;
    model->mutants[0].property = "two-leaders";
    expect_refused("model small-raft: mutant vote-twice names property two-leaders, which does not exist");
    model->mutants[0].property = NULL;
    expect_refused("model small-raft: mutant vote-twice names no property that it must violate: set property");
}

Test(model_presets, refuses_mutants_that_are_to_violate_a_goal)
{
    model->mutants[0].property = "some-leader";
    expect_refused("model small-raft: mutant vote-twice is to be killed by some-leader, but a GS_REACHABLE property is "
                   "never violated: name another");
    model->mutants[0].liveness = true;
    expect_sound();
}
