/* What may stand for a placeholder, from the tables that its value is looked up in. Protocols in files are neither
 * compiled nor loaded for this: it would take too long, and run them. */
#include "cli/placeholders.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/protocols.h"
#include "core/judge.h"
#include "core/run_setup.h"
#include "properties/sequential.h"

void completion_offer(struct completion *completion, const char *text, const char *meaning)
{
    if (strncmp(text, completion->word, strlen(completion->word)) != 0)
        return;
    const int length = meaning ? (int)strcspn(meaning, "\t\n") : 0;
    printf("%.*s%s%s%.*s\n", (int)completion->head_length, completion->head, text, length ? "\t" : "", length,
           length ? meaning : "");
    completion->offered++;
}

/* ---- Names ---- */

static void offer_commands(struct completion *completion)
{
    for (const struct command *command = commands; command->name; command++)
        if (command->run && command->summary)
            completion_offer(completion, command->name, command->summary);
}

static void offer_protocols(struct completion *completion)
{
    for (size_t i = 0; builtin_protocols[i]; i++)
        completion_offer(completion, builtin_protocols[i]->name, builtin_protocols[i]->title);
}

static void offer_presets(struct completion *completion)
{
    const struct gs_preset *presets = completion->model->presets;
    for (size_t i = 0; i < GS_PRESETS_MAX && presets[i].name; i++)
        completion_offer(completion, presets[i].name, presets[i].meaning);
}

static void offer_mutants(struct completion *completion)
{
    const struct gs_mutant *mutants = completion->model->mutants;
    for (size_t i = 0; i < GS_MUTANTS_MAX && mutants[i].name; i++)
        completion_offer(completion, mutants[i].name, mutants[i].meaning);
}

static void offer_goals(struct completion *completion)
{
    const struct gs_property *properties = completion->model->properties;
    for (size_t i = 0; i < GS_PROPERTIES_MAX && properties[i].name; i++)
        if (properties[i].kind == GS_REACHABLE)
            completion_offer(completion, properties[i].name, properties[i].claim);
}

static void offer_properties(struct completion *completion)
{
    const struct gs_property *properties = completion->model->properties;
    for (size_t i = 0; i < GS_PROPERTIES_MAX && properties[i].name; i++)
        completion_offer(completion, properties[i].name, properties[i].claim);
    completion_offer(completion, JUDGE_BEHAVIOUR, "no handler misbehaves");
}

static void offer_sequential_models(struct completion *completion)
{
    for (size_t i = 0; gs_sequential_models[i] != NULL; i++)
        completion_offer(completion, gs_sequential_models[i]->name, gs_sequential_models[i]->meaning);
}

/* ---- Settings ---- */

/* Does the protocol take it beside what options are by themselves? */
static bool is_taken(const struct gs_model *model, const char *setting)
{
    const char *const settings[] = {setting, NULL};
    char error[256];
    struct gs_run *run = run_new(model, &(struct run_config){.settings = settings}, error, sizeof(error));
    if (run)
        run_free(run);
    return run != NULL;
}

static void offer_value(struct completion *completion, const struct gs_option *option, int64_t value,
                        const char *meaning)
{
    char setting[256];
    if (option->names)
        snprintf(setting, sizeof(setting), "%s=%s", option->name, option->names[value - option->min]);
    else
        snprintf(setting, sizeof(setting), "%s=%" PRId64, option->name, value);
    if (is_taken(completion->model, setting))
        completion_offer(completion, setting, meaning);
}

/* All of an enum's values; of a range the ends and the default. */
static void offer_values(struct completion *completion, const struct gs_option *option)
{
    for (int64_t value = option->min; option->names && value <= option->max; value++)
        offer_value(completion, option, value, value == option->preset ? "the default" : NULL);
    if (option->names)
        return;
    if (option->min < option->preset)
        offer_value(completion, option, option->min, "the least");
    offer_value(completion, option, option->preset, "the default");
    if (option->max > option->preset)
        offer_value(completion, option, option->max, "the most");
}

static void offer_settings(struct completion *completion)
{
    const struct gs_option *options = completion->model->options;
    const size_t length = strcspn(completion->word, "=");
    const bool has_name = completion->word[length] == '=';
    for (size_t i = 0; i < GS_OPTIONS_MAX && options[i].name; i++) {
        char name[256];
        snprintf(name, sizeof(name), "%s=", options[i].name);
        if (!has_name)
            completion_offer(completion, name, options[i].meaning);
        else if (strncmp(name, completion->word, length + 1) == 0)
            offer_values(completion, &options[i]);
    }
}

/* ---- Placeholders ---- */

struct placeholder {
    const char *name;
    void (*offer)(struct completion *completion); /* NULL: no names */
    const char *globs;                            /* of files, each after a blank; "": any file; NULL: no files */
    bool needs_model;
};

static const struct placeholder known[] = {
    {"COMMAND", .offer = offer_commands},
    {"PROTOCOL", .offer = offer_protocols},
    {"PRESET", .offer = offer_presets, .needs_model = true},
    {"MUTANT", .offer = offer_mutants, .needs_model = true},
    {"PROPERTY", .offer = offer_properties, .needs_model = true},
    {"GOAL", .offer = offer_goals, .needs_model = true},
    {"NAME=VALUE", .offer = offer_settings, .needs_model = true},
    {"MODEL", .offer = offer_sequential_models},
    {"FILE", .globs = ""},
    {"FILE.c", .globs = " *.c"},
    {"FILE.so", .globs = " *.so"},
    {"FILE.ini", .globs = " *.ini"},
    {"TRACE", .globs = " *.trace"},
    {.name = "DIR"},
    {.name = "N"},
    {.name = "S"},
    {.name = "BYTES"},
    {.name = "SEED"},
    {.name = "TIME"},
    {.name = "DISTRIBUTION"},
    {.name = "PERCENT"},
    {.name = "PATTERN"},
    {.name = "NAME"},
    {.name = "VALUE"}, /* JSON */
    {.name = "PATH"},  /* of a part of a state */
};
enum { KNOWN = sizeof(known) / sizeof(*known) };

static const struct placeholder *find_placeholder(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

/* "bag" among "set|bag|fifo" */
static bool is_literal(const char *name)
{
    return islower((unsigned char)name[0]);
}

/* The next alternative, cut off what is left of the placeholder. False: that was all. */
static bool next_alternative(const char **rest, char name[PLACEHOLDER_SIZE])
{
    if (!**rest)
        return false;
    const size_t length = strcspn(*rest, "|");
    snprintf(name, PLACEHOLDER_SIZE, "%.*s", (int)length, *rest);
    *rest += length + ((*rest)[length] == '|');
    return true;
}

bool placeholder_allows(const char *placeholder, const char *name)
{
    char alternative[PLACEHOLDER_SIZE];
    while (next_alternative(&placeholder, alternative))
        if (strcmp(alternative, name) == 0)
            return true;
    return false;
}

bool placeholder_is_known(const char *placeholder)
{
    char name[PLACEHOLDER_SIZE];
    while (next_alternative(&placeholder, name))
        if (!is_literal(name) && !find_placeholder(name))
            return false;
    return true;
}

/* Beside the names of what plugins bring, FILE is a plugin's. */
static void offer_files(const char *placeholder, struct completion *completion)
{
    const bool is_plugin = placeholder_allows(placeholder, "PROTOCOL") || placeholder_allows(placeholder, "PROPERTY");
    char globs[2 * PLACEHOLDER_SIZE] = "", name[PLACEHOLDER_SIZE];
    bool found = false;
    for (const char *rest = placeholder; next_alternative(&rest, name);) {
        const struct placeholder *file = find_placeholder(name);
        const size_t used = strlen(globs);
        if (!file || !file->globs)
            continue;
        found = true;
        snprintf(globs + used, sizeof(globs) - used, "%s", *file->globs || !is_plugin ? file->globs : " *.c *.so");
    }
    if (found)
        printf(":files%s\n", globs);
    else if (placeholder_allows(placeholder, "DIR"))
        printf(":directories\n");
    completion->offered += found || placeholder_allows(placeholder, "DIR");
}

void placeholder_complete(const char *placeholder, struct completion *completion)
{
    char name[PLACEHOLDER_SIZE];
    offer_files(placeholder, completion);
    while (next_alternative(&placeholder, name)) {
        const struct placeholder *named = find_placeholder(name);
        if (is_literal(name))
            completion_offer(completion, name, NULL);
        else if (named && named->offer && (completion->model || !named->needs_model))
            named->offer(completion);
    }
}

bool placeholder_at(const char *usage, size_t place, char placeholder[PLACEHOLDER_SIZE])
{
    usage += strspn(usage, " []");
    for (size_t i = 0; *usage; i++) {
        const size_t length = strcspn(usage, " []");
        const bool repeats = length > 3 && strncmp(usage + length - 3, "...", 3) == 0;
        if (i == place || repeats) {
            snprintf(placeholder, PLACEHOLDER_SIZE, "%.*s", (int)(repeats ? length - 3 : length), usage);
            return true;
        }
        usage += length;
        usage += strspn(usage, " []");
    }
    return false;
}
