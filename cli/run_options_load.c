/* Options against a protocol: every name must exist, so that a misspelt one is an error with a suggestion rather than
 * something that is not checked. Values are left to run_new, which knows their ranges. */
#include "cli/run_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/plugin.h"
#include "cli/protocols.h"
#include "cli/stage_options.h"
#include "core/judge.h"

/* Complains of the first of `given` that `known` lacks. */
static int check_names(const char *command, const char *flag, const struct name_list *given, const char *kind,
                       const struct name_list *known)
{
    for (size_t i = 0; i < given->count; i++)
        if (!name_list_has(known, given->items[i]))
            return complain_unknown(command, flag, given->items[i], kind, known);
    return 0;
}

static int check_preset(const struct run_options *options, const struct gs_model *model)
{
    struct name_list given = {0}, known = {0};
    if (options->config.preset)
        name_list_add(&given, options->config.preset);
    preset_names(model, &known);
    const int status = check_names(options->command, "--preset", &given, "preset", &known);
    name_list_free(&given);
    name_list_free(&known);
    return status;
}

static int check_mutants(const struct run_options *options, const struct gs_model *model)
{
    struct name_list known = {0};
    mutant_names(model, &known);
    const int status = check_names(options->command, "--mutant", &options->mutants, "mutant", &known);
    name_list_free(&known);
    return status;
}

/* Checks the part before the equals sign. */
static int check_setting(const struct run_options *options, const char *setting, const struct name_list *known)
{
    char name[128];
    const size_t length = strcspn(setting, "=");
    if (!setting[length] || !length)
        return complain(options->command, "--set %s: expected NAME=VALUE", setting);
    snprintf(name, sizeof(name), "%.*s", (int)length, setting);
    return name_list_has(known, name) ? 0 : complain_unknown(options->command, "--set", name, "option", known);
}

/* Complains of a setting before it of the same option, to another value. */
static int check_contradiction(const struct run_options *options, size_t place)
{
    const char *setting = options->settings.items[place];
    const size_t length = strcspn(setting, "=") + 1;
    for (size_t i = 0; i < place; i++) {
        const char *before = options->settings.items[i];
        if (strncmp(before, setting, length) == 0 && strcmp(before, setting) != 0)
            return complain(options->command, "--set %s: there is --set %s already: say it once", setting, before);
    }
    return 0;
}

static int check_settings(const struct run_options *options, const struct gs_model *model)
{
    struct name_list known = {0};
    int status = 0;
    option_names(model, &known);
    for (size_t i = 0; i < options->settings.count && !status; i++) {
        status = check_setting(options, options->settings.items[i], &known);
        if (!status)
            status = check_contradiction(options, i);
    }
    name_list_free(&known);
    return status;
}

/* Adds the properties of one file; they may not be named as what is there already. */
static int load_file(struct run_options *options, const struct gs_model *model, const char *path, size_t place)
{
    struct name_list known = {0};
    int status = 0;
    const struct gs_extension *extension = plugin_load_extension(options->command, "--property", path, model);
    if (!extension)
        return GS_BAD_INPUT;
    property_names(model, options->extensions, &known);
    for (size_t i = 0; i < GS_PROPERTIES_MAX && extension->properties[i].name && !status; i++)
        if (name_list_has(&known, extension->properties[i].name))
            status = complain(options->command, "--property %s: there is a property '%s' already: give it another name",
                              path, extension->properties[i].name);
    name_list_free(&known);
    options->extensions[place] = extension;
    return status;
}

static int load_files(struct run_options *options, const struct gs_model *model)
{
    const struct name_list *files = &options->property_files;
    if (files->count > EXTENSIONS_MAX)
        return complain(options->command, "--property %s: at most %d files", files->items[EXTENSIONS_MAX],
                        EXTENSIONS_MAX);
    for (size_t i = 0; i < files->count; i++)
        if (load_file(options, model, files->items[i], i))
            return GS_BAD_INPUT;
    return 0;
}

static int check_properties(const struct run_options *options, const struct gs_model *model)
{
    struct name_list known = {0};
    property_names(model, options->extensions, &known);
    name_list_add(&known, JUDGE_BEHAVIOUR);
    int status = check_names(options->command, "--property", &options->properties, "property", &known);
    if (options->may_allow)
        name_list_add(&known, options->may_allow);
    if (!status)
        status = check_names(options->command, "--allow", &options->allow, "property", &known);
    name_list_free(&known);
    return status;
}

static void add_goals(const struct gs_property *properties, struct name_list *goals)
{
    for (size_t i = 0; i < GS_PROPERTIES_MAX && properties[i].name; i++)
        if (properties[i].kind == GS_REACHABLE)
            name_list_add(goals, properties[i].name);
}

/* A witness is of a goal, and goes to one place. */
static int check_witness(const struct run_options *options, size_t index, const struct name_list *goals,
                         const struct name_list *properties)
{
    const char *name = options->witnesses.items[index];
    if (name_list_has(properties, name) && !name_list_has(goals, name))
        return complain(options->command, "--witness %s: that is no goal, so no trace leads to it%s", name,
                        goals->count > 1 ? "" : "; the protocol has none");
    if (!name_list_has(goals, name))
        return complain_unknown(options->command, "--witness", name, "goal", goals);
    for (size_t i = 0; i < options->witnesses.count; i++) {
        const char *other = options->witnesses.items[i];
        if (i < index && strcmp(other, name) == 0)
            return complain(options->command, "--witness %s: it stands there twice; once is enough", name);
        if (i != index && strcmp(other, "all") == 0)
            return complain(options->command, "--witness %s: --witness all asks for it already; leave one out", name);
    }
    return 0;
}

static int check_witnesses(const struct run_options *options, const struct gs_model *model)
{
    struct name_list goals = {0}, properties = {0};
    int status = 0;
    property_names(model, options->extensions, &properties);
    name_list_add(&properties, JUDGE_BEHAVIOUR);
    add_goals(model->properties, &goals);
    for (size_t e = 0; options->extensions[e]; e++)
        add_goals(options->extensions[e]->properties, &goals);
    name_list_add(&goals, "all");
    for (size_t i = 0; i < options->witnesses.count && !status; i++)
        status = check_witness(options, i, &goals, &properties);
    name_list_free(&goals);
    name_list_free(&properties);
    return status;
}

int run_options_load(struct run_options *options, const struct gs_model *model)
{
    if (check_preset(options, model) || check_settings(options, model) || check_mutants(options, model) ||
        load_files(options, model) || check_properties(options, model) || check_witnesses(options, model))
        return GS_BAD_INPUT;
    struct gs_config *config = &options->config;
    config->settings = options->settings.items;
    config->mutants = options->mutants.items;
    config->properties = options->properties.items;
    config->allow = options->allow.items;
    config->extensions = options->extensions[0] ? options->extensions : NULL;
    return 0;
}

bool run_options_want_witness(const struct run_options *options, const char *goal)
{
    return name_list_has(&options->witnesses, goal) || name_list_has(&options->witnesses, "all");
}

void run_options_free(struct run_options *options)
{
    name_list_free(&options->settings);
    name_list_free(&options->mutants);
    name_list_free(&options->properties);
    name_list_free(&options->property_files);
    name_list_free(&options->witnesses);
    name_list_free(&options->witness_directories);
    name_list_free(&options->allow);
    stage_options_free(options);
}
