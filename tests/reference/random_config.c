/* How a random protocol is run: what is said by its preset, what by the configuration, and the faults it must bear. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "tests/reference/random_spec.h"

static bool chance(struct random_spec *spec, unsigned percent)
{
    return random_chance(&spec->random, percent);
}

/* A budget: mostly none, else 1, seldom 2. */
static int pick_budget(struct random_spec *spec, unsigned percent)
{
    if (!chance(spec, percent))
        return 0;
    return chance(spec, 85) ? 1 : 2;
}

static struct gs_budgets pick_budgets(struct random_spec *spec, enum gs_network network)
{
    struct gs_budgets budgets = {0};
    const unsigned percent = spec->calm ? 25 : 35;
    if (network != GS_SET) {
        budgets.drops = pick_budget(spec, percent);
        budgets.duplicates = pick_budget(spec, percent);
    }
    budgets.crashes = pick_budget(spec, percent);
    budgets.restarts = pick_budget(spec, budgets.crashes ? 70 : 5);
    budgets.reboots = pick_budget(spec, percent);
    budgets.partitions = pick_budget(spec, percent);
    budgets.timeouts = chance(spec, 50) ? 0 : chance(spec, 8) ? GS_NONE : (int)random_between(&spec->random, 1, 3);
    return budgets;
}

static const char *add_text(struct random_spec *spec, const char *name, unsigned value)
{
    assert(spec->text_count < SPEC_TEXTS);
    char *text = spec->texts[spec->text_count++];
    snprintf(text, sizeof(spec->texts[0]), "%s=%u", name, value);
    return text;
}

/* Each option is set by the preset or by the configuration. */
static void set_options(struct random_spec *spec, struct gs_preset *preset)
{
    unsigned in_preset = 0, in_config = 0;
    for (unsigned o = 0; spec->model.options[o].name; o++) {
        unsigned value = random_below(&spec->random, 4);
        for (unsigned r = 0; r < spec->roles; r++)
            if (o && spec->model.roles[r].count_option == o)
                value = spec->nodes_of_role[r];
        const char *text = add_text(spec, spec->model.options[o].name, value);
        if (chance(spec, 50))
            preset->settings[in_preset++] = text;
        else
            spec->settings[in_config++] = text;
    }
}

static void make_mutants(struct random_spec *spec, struct gs_config *config)
{
    static const char *const names[SPEC_MUTANTS] = {"bug-zero", "bug-one"};
    unsigned on = 0;
    for (unsigned m = 0; m < spec->mutants; m++) {
        spec->model.mutants[m] = (struct gs_mutant){.name = names[m],
                                                    .meaning = "takes another branch",
                                                    .property = spec->model.properties[0].name,
                                                    .liveness = true};
        if (chance(spec, 40))
            spec->mutant_names[on++] = names[m];
    }
    if (on)
        config->mutants = spec->mutant_names;
}

/* Sometimes only some properties are judged. */
static void choose_properties(struct random_spec *spec, struct gs_config *config)
{
    unsigned on = 0;
    config->ignore_goals = chance(spec, 8);
    if (!chance(spec, 15))
        return;
    for (unsigned p = 0; p < spec->properties; p++)
        if (chance(spec, 60))
            spec->judged[on++] = spec->property[p].property->name;
    if (on)
        config->properties = spec->judged;
}

/* Sometimes a property may be violated, sometimes the search is to stay shallow. */
static void set_limits(struct random_spec *spec, struct gs_config *config)
{
    if (chance(spec, 10)) {
        spec->allowed[0] = spec->property[random_below(&spec->random, spec->properties)].property->name;
        config->allow = spec->allowed;
    }
    if (chance(spec, 8)) {
        config->max_depth = random_below(&spec->random, 8);
        config->max_depth_set = true;
    }
}

void random_config_make(struct random_spec *spec, struct gs_config *config)
{
    struct gs_preset *preset = &spec->model.presets[0];
    const bool other = chance(spec, 20);
    *preset = (struct gs_preset){.name = "quick", .meaning = "the only one"};
    if (other) {
        spec->model.presets[1] = (struct gs_preset){.name = "other", .meaning = "the one that is used"};
        preset = &spec->model.presets[1];
        config->preset = "other";
    }
    const uint8_t network = (uint8_t)random_between(&spec->random, GS_SET, GS_FIFO);
    const struct gs_budgets budgets = pick_budgets(spec, network);
    const int copies = (int)random_between(&spec->random, 1, 2), capacity = (int)random_between(&spec->random, 1, 3);
    if (chance(spec, 50)) {
        preset->network = network;
        preset->budgets = budgets;
        preset->copies = copies;
        preset->capacity = capacity;
    } else {
        spec->model.network = network;
        config->network = network;
        config->budgets = budgets;
        config->copies = copies;
        config->capacity = capacity;
    }
    set_options(spec, preset);
    config->settings = spec->settings;
    if (spec->extensions[0])
        config->extensions = spec->extensions;
    make_mutants(spec, config);
    choose_properties(spec, config);
    config->keep_going = chance(spec, 35);
    config->witnesses = chance(spec, 15);
    config->audit = chance(spec, 10);
    set_limits(spec, config);
}
