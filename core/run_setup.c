/* Making a run: preset, then explicit settings, then checks that need the numbers. */
#include "core/run_setup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/fields.h"
#include "core/guard.h"
#include "core/world.h"

enum {
    COPIES_DEFAULT = 1,
    CAPACITY_DEFAULT = 8,
    COPIES_MAX = 1000,
    CAPACITY_MAX = 1000,
    BUDGET_MAX = 1000000,
    REASON_SIZE = 240
};

/* Where errors of one run_new go. */
struct complaint {
    char *text;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool complain(const struct complaint *complaint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(complaint->text, complaint->size, format, arguments);
    va_end(arguments);
    return false;
}

static bool complain_of_value(const struct complaint *complaint, const struct gs_option *option, const char *text)
{
    if (!option->names)
        return complain(complaint, "--set %s=%s: %s is a number from %lld to %lld", option->name, text, option->name,
                        (long long)option->min, (long long)option->max);
    char names[200] = "";
    for (int64_t v = option->min; v <= option->max && strlen(names) < sizeof(names) - 50; v++)
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", v > option->min ? ", " : "",
                 option->names[v - option->min]);
    return complain(complaint, "--set %s=%s: %s is one of %s", option->name, text, option->name, names);
}

/* Applies one "name=value". */
static bool set_option(struct gs_run *run, const char *setting, const struct complaint *complaint)
{
    const char *equals = strchr(setting, '=');
    if (!equals)
        return complain(complaint, "--set %s: expected NAME=VALUE", setting);
    const size_t length = (size_t)(equals - setting);
    for (unsigned i = 0; i < run->option_count; i++) {
        const struct gs_option *option = &run->model->options[i];
        if (strlen(option->name) != length || strncmp(option->name, setting, length) != 0)
            continue;
        if (!run_option_parse(option, equals + 1, &run->options[i]))
            return complain_of_value(complaint, option, equals + 1);
        return true;
    }
    return complain(complaint, "--set %s: %s has no option '%.*s' (see: gainsay describe %s)", setting,
                    run->model->name, (int)length, setting, run->model->name);
}

static bool set_options(struct gs_run *run, const struct gs_preset *preset, const struct run_config *config,
                        const struct complaint *complaint)
{
    for (unsigned i = 0; i < run->option_count; i++)
        run->options[i] = run->model->options[i].preset;
    for (size_t i = 0; i < GS_SETTINGS_MAX && preset->settings[i]; i++)
        if (!set_option(run, preset->settings[i], complaint))
            return false;
    for (size_t i = 0; config->settings && config->settings[i]; i++)
        if (!set_option(run, config->settings[i], complaint))
            return false;
    return true;
}

static bool set_mutants(struct gs_run *run, const struct run_config *config, const struct complaint *complaint)
{
    for (size_t i = 0; config->mutants && config->mutants[i]; i++) {
        const struct gs_mutant *mutants = run->model->mutants;
        size_t m = 0;
        while (m < GS_MUTANTS_MAX && mutants[m].name && strcmp(mutants[m].name, config->mutants[i]) != 0)
            m++;
        if (m == GS_MUTANTS_MAX || !mutants[m].name)
            return complain(complaint, "--mutant %s: %s has no such mutant (see: gainsay describe %s)",
                            config->mutants[i], run->model->name, run->model->name);
        run->mutants |= UINT64_C(1) << m;
    }
    return true;
}

/* A budget as said, else the preset's; GS_NONE is none; timeouts are unlimited unless limited. */
static bool set_budget(struct gs_run *run, int fault, int said, int preset, const struct complaint *complaint)
{
    const int value = said ? said : preset;
    if (value < GS_NONE || value > BUDGET_MAX)
        return complain(complaint, "--%s %d: a budget is a number from 0 to %d", budget_names[fault], value,
                        BUDGET_MAX);
    run->budgets[fault] = value == GS_NONE ? 0 : value == 0 && fault == GS_TIMEOUT ? -1 : value;
    if (run->network == GS_SET && run->budgets[fault] > 0 && (fault == GS_DROP || fault == GS_DUPLICATE))
        return complain(complaint,
                        "--%s %d%s: has no meaning on network set, where a sent message stays deliverable for ever; "
                        "%s or choose --network bag or fifo",
                        budget_names[fault], value, said ? "" : ", as the preset has it",
                        said ? "leave it out" : "say 0");
    return true;
}

static bool set_budgets(struct gs_run *run, const struct gs_budgets *said, const struct gs_budgets *preset,
                        const struct complaint *complaint)
{
    return set_budget(run, GS_DROP, said->drops, preset->drops, complaint) &&
           set_budget(run, GS_DUPLICATE, said->duplicates, preset->duplicates, complaint) &&
           set_budget(run, GS_CRASH, said->crashes, preset->crashes, complaint) &&
           set_budget(run, GS_RESTART, said->restarts, preset->restarts, complaint) &&
           set_budget(run, GS_REBOOT, said->reboots, preset->reboots, complaint) &&
           set_budget(run, GS_PARTITION, said->partitions, preset->partitions, complaint) &&
           set_budget(run, GS_TIMEOUT, said->timeouts, preset->timeouts, complaint);
}

static bool set_network(struct gs_run *run, const struct gs_preset *preset, const struct run_config *config,
                        const struct complaint *complaint)
{
    run->network = config->network       ? config->network
                   : preset->network     ? preset->network
                   : run->model->network ? run->model->network
                                         : GS_SET;
    const int copies = config->copies ? config->copies : preset->copies ? preset->copies : COPIES_DEFAULT;
    const int capacity = config->capacity ? config->capacity : preset->capacity ? preset->capacity : CAPACITY_DEFAULT;
    if (run->network > GS_FIFO)
        return complain(complaint, "network %d: there are set, bag and fifo", run->network);
    if (copies < 1 || copies > COPIES_MAX)
        return complain(complaint, "--copies %d: a number from 1 to %d", copies, COPIES_MAX);
    if (capacity < 1 || capacity > CAPACITY_MAX)
        return complain(complaint, "--capacity %d: a number from 1 to %d", capacity, CAPACITY_MAX);
    run->copies = (uint32_t)copies;
    run->capacity = (uint32_t)capacity;
    return true;
}

static bool add_nodes(struct gs_run *run, unsigned role, const struct complaint *complaint)
{
    const struct gs_role *r = &run->model->roles[role];
    const int64_t count = r->count ? r->count : run->options[r->count_option];
    if (count < 0 || run->node_count + (uint64_t)count > GS_NODES_MAX)
        return complain(complaint, "%s: %lld more nodes of role %s exceed the limit of %d nodes", run->model->name,
                        (long long)count, r->name, GS_NODES_MAX);
    run->first[role] = run->node_count;
    run->count[role] = (unsigned)count;
    for (unsigned k = 0; k < (unsigned)count; k++) {
        struct run_node *node = &run->nodes[run->node_count++];
        node->role = (uint8_t)role;
        node->index = (uint8_t)k;
        if (r->count == 1)
            snprintf(node->name, sizeof(node->name), "%s", r->name);
        else
            snprintf(node->name, sizeof(node->name), "%s%u", r->name, k);
    }
    return true;
}

struct host_call {
    const struct gs_run *run;
    unsigned answers[GS_NODES_MAX];
};

/* Without a host function each node has its own. */
static void ask_hosts(void *argument)
{
    struct host_call *call = argument;
    for (unsigned n = 0; n < call->run->node_count; n++)
        call->answers[n] = call->run->model->host ? call->run->model->host(call->run, node_of(n)) : n;
}

/* Numbers the hosts densely. */
static bool place_on_hosts(struct gs_run *run, const struct complaint *complaint)
{
    struct host_call call = {.run = run};
    char error[120];
    if (!guard_call(ask_hosts, &call, error, sizeof(error)))
        return complain(complaint, "%s: its function host fails: %s", run->model->name, error);
    const unsigned *asked = call.answers;
    for (unsigned n = 0; n < run->node_count; n++) {
        unsigned same = 0;
        while (asked[same] != asked[n])
            same++;
        run->nodes[n].host = same < n ? run->nodes[same].host : (uint8_t)run->host_count++;
        run->hosts[run->nodes[n].host] |= UINT64_C(1) << n;
    }
    return true;
}

struct refuses_call {
    const struct gs_run *run;
    char reason[REASON_SIZE];
};

static void ask_refuses(void *argument)
{
    struct refuses_call *call = argument;
    const char *reason = call->run->model->refuses(call->run);
    if (reason)
        snprintf(call->reason, sizeof(call->reason), "%s", *reason ? reason : "the options contradict each other");
}

static bool is_consistent(const struct gs_run *run, const struct complaint *complaint)
{
    struct refuses_call call = {.run = run};
    char error[120];
    if (!run->model->refuses)
        return true;
    if (!guard_call(ask_refuses, &call, error, sizeof(error)))
        return complain(complaint, "%s: its function refuses fails: %s", run->model->name, error);
    guard_clean(call.reason);
    return !*call.reason || complain(complaint, "%s: %s", run->model->name, call.reason);
}

static void number_timers(struct gs_run *run)
{
    uint16_t next[GS_ROLES_MAX] = {0};
    for (; run->event_count < GS_EVENTS_MAX && run->model->events[run->event_count].name; run->event_count++) {
        const struct gs_event_type *type = &run->model->events[run->event_count];
        if (type->kind != GS_TIMER)
            continue;
        run->timer_base[run->event_count] = next[type->role];
        next[type->role] = (uint16_t)(next[type->role] + (type->indices ? type->indices : 1));
    }
}

/* How many values an argument has; GS_BRANCHES_MAX + 1 for more than that. */
static uint64_t count_values(const struct gs_run *run, const struct gs_argument *argument)
{
    if (argument->kind == GS_NODE)
        return run->count[argument->role];
    const int64_t max = run_argument_max(run, argument);
    const uint64_t width = max < argument->min ? 0 : (uint64_t)max - (uint64_t)argument->min;
    return max < argument->min ? 0 : width < GS_BRANCHES_MAX ? width + 1 : GS_BRANCHES_MAX + 1;
}

static bool check_arguments(const struct gs_run *run, const struct complaint *complaint)
{
    for (unsigned e = 0; e < run->event_count; e++) {
        const struct gs_event_type *type = &run->model->events[e];
        uint64_t count = 1;
        for (int i = 0; i < GS_ARGUMENTS_MAX && type->arguments[i].kind && count <= GS_BRANCHES_MAX; i++)
            count *= count_values(run, &type->arguments[i]);
        if (count > GS_BRANCHES_MAX)
            return complain(complaint, "%s: the arguments of %s have more than %d values together: narrow their ranges",
                            run->model->name, type->name, GS_BRANCHES_MAX);
    }
    return true;
}

static bool check_tables(const struct gs_run *run, const struct complaint *complaint)
{
    for (unsigned r = 0; r < run->role_count; r++)
        if (!fields_fit(run, run->model->roles[r].fields, complaint->text, complaint->size))
            return false;
    if (run->model->message_size && !fields_fit(run, run->model->message_fields, complaint->text, complaint->size))
        return false;
    for (unsigned a = 0; a < GS_ANNOUNCEMENTS_MAX && run->model->announcements[a].name; a++)
        if (!fields_fit(run, run->model->announcements[a].fields, complaint->text, complaint->size))
            return false;
    for (unsigned m = 0; m < run_monitor_count(run); m++)
        if (!fields_fit(run, run_monitor(run, m)->fields, complaint->text, complaint->size))
            return false;
    return true;
}

static void ask_splits(void *argument)
{
    const struct gs_run *run = argument;
    for (uint64_t side = 1; side < UINT64_C(1) << run->node_count; side += 2)
        world_split_is_allowed(run, side);
}

/* Can partitions be enumerated, and does the protocol's own say on them behave? It is a function, so once is enough. */
static bool check_splits(struct gs_run *run, const struct complaint *complaint)
{
    char error[120];
    if (run->budgets[GS_PARTITION] <= 0)
        return true;
    if (run->node_count > WORLD_SPLIT_NODES_MAX)
        return complain(complaint, "--partitions %lld: %u nodes can split in too many ways (at most %d nodes)",
                        (long long)run->budgets[GS_PARTITION], run->node_count, WORLD_SPLIT_NODES_MAX);
    return guard_call(ask_splits, run, error, sizeof(error)) ||
           complain(complaint, "%s: its function splits fails: %s", run->model->name, error);
}

static bool fill(struct gs_run *run, const struct run_config *config, const struct complaint *complaint)
{
    const char *name = config->preset ? config->preset : "quick";
    const struct gs_preset *preset = run_preset(run->model, name);
    if (!preset)
        return complain(complaint, "--preset %s: %s has no such preset (see: gainsay describe %s)", name,
                        run->model->name, run->model->name);
    while (run->role_count < GS_ROLES_MAX && run->model->roles[run->role_count].name)
        run->role_count++;
    while (run->option_count < GS_OPTIONS_MAX && run->model->options[run->option_count].name)
        run->option_count++;
    number_timers(run);
    if (!set_options(run, preset, config, complaint) || !set_mutants(run, config, complaint) ||
        !set_network(run, preset, config, complaint) ||
        !set_budgets(run, &config->budgets, &preset->budgets, complaint))
        return false;
    for (unsigned r = 0; r < run->role_count; r++)
        if (!add_nodes(run, r, complaint))
            return false;
    if (!run->node_count)
        return complain(complaint, "%s: the options leave no nodes at all", run->model->name);
    if (!is_consistent(run, complaint) || !place_on_hosts(run, complaint))
        return false;
    return check_splits(run, complaint) && check_arguments(run, complaint) && check_tables(run, complaint);
}

struct gs_run *run_new(const struct gs_model *model, const struct run_config *config, char *error, size_t error_size)
{
    const struct complaint complaint = {error, error_size};
    struct gs_run *run = die_calloc(1, sizeof(*run));
    run->model = model;
    run->extensions = config->extensions;
    if (fill(run, config, &complaint))
        return run;
    run_free(run);
    return NULL;
}

void run_free(struct gs_run *run)
{
    free(run);
}
