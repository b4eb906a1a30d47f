/* gainsay describe: a protocol's tables, for people. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checker/check.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/protocols.h"
#include "cli/report.h"
#include "core/run.h"

enum { NAME_WIDTH = 24 };

static error_t parse(int key, char *text, struct argp_state *state)
{
    const char **protocol = state->input;
    if (key == ARGP_KEY_ARG && !*protocol) {
        *protocol = text;
        return 0;
    }
    if (key == ARGP_KEY_ARG)
        complain("describe", "%s: one protocol at a time, and there is '%s' already", text, *protocol);
    else if (key == ARGP_KEY_END && !*protocol)
        complain("describe", "which protocol? gainsay describe PROTOCOL, FILE.c or FILE.so (see: gainsay list)");
    else
        return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
    return EINVAL;
}

const struct argp describe_argp = {
    .parser = parse,
    .args_doc = "PROTOCOL|FILE.c|FILE.so",
    .doc = "Describes a protocol: roles, messages, events, options, presets, properties, mutants, bounds.\v"
           "Exit codes: 0 described, 2 bad usage or input.\n"
           "\n"
           "Examples:\n"
           "  gainsay describe raft\n"
           "  gainsay describe mine.c        a protocol of your own\n",
};

/* "  name      text" */
static void print_entry(const char *name, const char *text)
{
    printf("  %-*s %s\n", NAME_WIDTH, name, text ? text : "");
}

/* ---- Roles and messages ---- */

static void print_fields(const struct gs_model *model, const struct gs_field *fields, int indent);

static void print_field(const struct gs_model *model, const struct gs_field *field, int indent)
{
    static const char *const kinds[] = {"?",   "bool", "u8",  "u16",  "u32",      "u64",   "i8",
                                        "i16", "i32",  "i64", "node", "node set", "struct"};
    printf("%*s%-*s ", indent, "", NAME_WIDTH - indent + 2, field->name);
    for (uint32_t i = 0; field->names && i < field->name_count; i++)
        printf("%s%s", i ? "|" : "", field->names[i]);
    if (!field->names)
        printf("%s", kinds[field->kind]);
    if (field->by_role)
        printf(", one per %s", model->roles[field->by_role - 1].name);
    else if (field->length)
        printf(", a list");
    else if (field->is_array)
        printf(", an array");
    printf("%s\n", field->flags & GS_DURABLE ? ", durable" : "");
    if (field->kind == GS_KIND_STRUCT)
        print_fields(model, field->fields, indent + 2);
}

static void print_fields(const struct gs_model *model, const struct gs_field *fields, int indent)
{
    for (; fields && fields->name; fields++)
        print_field(model, fields, indent);
}

static void print_role(const struct gs_model *model, const struct gs_role *role)
{
    printf("  %s: ", role->name);
    if (role->count)
        printf("%d node%s", role->count, role->count == 1 ? "" : "s");
    else
        printf("as many nodes as option %s says", model->options[role->count_option].name);
    printf("%s", role->starts ? ", gets a start event" : "");
    if (role->within)
        printf(", within %s", role->within_text ? role->within_text : "a bound");
    printf("\n");
    print_fields(model, role->fields, 4);
}

static void print_roles(const struct gs_model *model)
{
    printf("\nroles\n");
    for (size_t i = 0; i < GS_ROLES_MAX && model->roles[i].name; i++)
        print_role(model, &model->roles[i]);
}

/* ---- Events ---- */

static void print_arguments(const struct gs_model *model, const struct gs_event_type *event)
{
    for (size_t i = 0; i < GS_ARGUMENTS_MAX && event->arguments[i].name; i++) {
        const struct gs_argument *argument = &event->arguments[i];
        printf("%s%s ", i ? ", " : ": ", argument->name);
        if (argument->kind == GS_NODE)
            printf("a %s", model->roles[argument->role].name);
        else if (argument->max_option)
            printf("%" PRId64 " to %s", argument->min, model->options[argument->max_option - 1].name);
        else
            printf("%" PRId64 " to %" PRId64, argument->min, argument->max);
    }
}

static void print_event(const struct gs_model *model, const struct gs_event_type *event)
{
    printf("  %-*s ", NAME_WIDTH, event->name);
    if (event->kind == GS_MESSAGE) {
        printf("message");
        for (size_t i = 0; i < GS_MESSAGE_FIELDS_MAX && event->fields[i]; i++)
            printf("%s%s", i ? ", " : ": ", event->fields[i]);
    } else {
        printf("%s of a %s", event->kind == GS_TIMER ? "timer" : "local event", model->roles[event->role].name);
        if (event->indices > 1)
            printf(", %u of them", event->indices);
        print_arguments(model, event);
    }
    printf("\n");
}

static void print_events(const struct gs_model *model)
{
    if (model->message_fields && model->message_fields[0].name) {
        printf("\nmessage fields\n");
        print_fields(model, model->message_fields, 2);
    }
    printf("\nmessages and events\n");
    for (size_t i = 0; i < GS_EVENTS_MAX && model->events[i].name; i++)
        print_event(model, &model->events[i]);
}

/* ---- Options and presets ---- */

static void print_option(const struct gs_option *option)
{
    char range[200];
    int used = 0;
    if (!option->names)
        snprintf(range, sizeof(range), "%" PRId64 " to %" PRId64 ", default %" PRId64, option->min, option->max,
                 option->preset);
    for (int64_t v = option->min; option->names && v <= option->max && used < (int)sizeof(range) - 80; v++)
        used += snprintf(range + used, sizeof(range) - (size_t)used, "%.60s%s", option->names[v - option->min],
                         v < option->max ? "|" : "");
    if (option->names)
        snprintf(range + used, sizeof(range) - (size_t)used, ", default %.60s",
                 option->names[option->preset - option->min]);
    printf("  %-*s %s: %s\n", NAME_WIDTH, option->name, range, option->meaning ? option->meaning : "");
}

static void print_options(const struct gs_model *model)
{
    if (!model->options[0].name)
        return;
    printf("\noptions (--set NAME=VALUE)\n");
    for (size_t i = 0; i < GS_OPTIONS_MAX && model->options[i].name; i++)
        print_option(&model->options[i]);
}

static void print_budget(const char *name, int count)
{
    if (count)
        printf(" --%s %d", name, count == GS_NONE ? 0 : count);
}

static void print_preset(const struct gs_preset *preset)
{
    const struct gs_budgets *budgets = &preset->budgets;
    print_entry(preset->name, preset->meaning);
    printf("  %-*s", NAME_WIDTH, "");
    for (size_t i = 0; i < GS_SETTINGS_MAX && preset->settings[i]; i++)
        printf(" --set %s", preset->settings[i]);
    if (preset->network)
        printf(" --network %s", network_names[preset->network]);
    print_budget("copies", preset->copies);
    print_budget("capacity", preset->capacity);
    const int counts[GS_FAULTS] = {budgets->drops,   budgets->duplicates, budgets->crashes, budgets->restarts,
                                   budgets->reboots, budgets->partitions, budgets->timeouts};
    for (int fault = 0; fault < GS_FAULTS; fault++)
        print_budget(budget_names[fault], counts[fault]);
    printf("\n");
}

static void print_presets(const struct gs_model *model)
{
    printf("\npresets (--preset NAME)\n");
    for (size_t i = 0; i < GS_PRESETS_MAX && model->presets[i].name; i++)
        print_preset(&model->presets[i]);
}

/* ---- Properties and mutants ---- */

static void print_property(const struct gs_model *model, const struct gs_property *property)
{
    static const char *const scopes[] = {"over all nodes",           "over a %s",
                                         "over a %s and another %s", "over all nodes of role %s",
                                         "over a message in flight", "over a message in flight and its receiver",
                                         "over monitor %s",          "over monitor %s and a %s",
                                         "over a step of a %s",      "over a step of a %s and all nodes of role %s"};
    const char *role = model->roles[property->role].name, *other = model->roles[property->other_role].name;
    const bool has_monitor = property->scope == GS_SCOPE_MONITOR || property->scope == GS_SCOPE_MONITOR_NODE;
    const char *first = has_monitor ? model->monitors[property->monitor].name : role;
    const char *second = property->scope == GS_SCOPE_MONITOR_NODE ? role : other;
    char scope[300];
    snprintf(scope, sizeof(scope), scopes[property->scope], first, second);
    print_entry(property->name, property->claim);
    printf("  %-*s %s, %s%s%s\n", NAME_WIDTH, "", report_kind(property), scope, property->needs ? "; needs " : "",
           property->needs ? (property->needs_text ? property->needs_text : "more") : "");
}

static void print_properties(const struct gs_model *model)
{
    printf("\nproperties\n");
    for (size_t i = 0; i < GS_PROPERTIES_MAX && model->properties[i].name; i++)
        print_property(model, &model->properties[i]);
}

static void print_mutants(const struct gs_model *model)
{
    if (!model->mutants[0].name)
        return;
    printf("\nmutants (--mutant NAME)\n");
    for (size_t i = 0; i < GS_MUTANTS_MAX && model->mutants[i].name; i++) {
        const struct gs_mutant *mutant = &model->mutants[i];
        print_entry(mutant->name, mutant->meaning);
        printf("  %-*s violates %s with preset %s%s\n", NAME_WIDTH, "", mutant->property,
               mutant->preset ? mutant->preset : "quick", mutant->liveness ? " (liveness)" : "");
    }
}

static void print_model(const struct gs_model *model)
{
    printf("%s: %s\n", model->name, model->title ? model->title : "");
    if (model->source)
        printf("source: %s\n", model->source);
    printf("network: %s unless a preset or --network says otherwise\n",
           network_names[model->network ? model->network : GS_SET]);
    print_roles(model);
    print_events(model);
    print_options(model);
    print_presets(model);
    print_properties(model);
    print_mutants(model);
}

int describe_command(int argc, char **argv)
{
    const char *protocol = NULL;
    if (arguments_parse("describe", &describe_argp, argc, argv, &protocol))
        return GS_BAD_INPUT;
    const struct gs_model *model = protocol_find("describe", "", protocol);
    if (!model)
        return GS_BAD_INPUT;
    print_model(model);
    return 0;
}
