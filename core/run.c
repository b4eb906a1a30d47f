/* What is known of a run, for everything that executes or searches it and for protocol code. */
#include "core/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"

const char *const network_names[] = {"default", "set", "bag", "fifo"};
const char *const budget_names[GS_FAULTS] = {"drops",   "duplicates", "crashes", "restarts",
                                             "reboots", "partitions", "timeouts"};
const char *const fault_names[GS_FAULTS] = {"drop", "duplicate", "crash", "restart", "reboot", "partition", "timeout"};

const struct gs_preset *run_preset(const struct gs_model *model, const char *name)
{
    for (size_t i = 0; i < GS_PRESETS_MAX && model->presets[i].name; i++)
        if (strcmp(model->presets[i].name, name) == 0)
            return &model->presets[i];
    return NULL;
}

bool run_option_parse(const struct gs_option *option, const char *text, int64_t *value)
{
    if (option->names)
        for (int64_t v = option->min; v <= option->max && v < INT64_MAX; v++)
            if (option->names[v - option->min] && strcmp(option->names[v - option->min], text) == 0) {
                *value = v;
                return true;
            }
    char *end;
    errno = 0;
    const long long parsed = strtoll(text, &end, 10);
    if (end == text || *end || errno || !(text[0] == '-' || (text[0] >= '0' && text[0] <= '9')) ||
        parsed < option->min || parsed > option->max)
        return false;
    *value = parsed;
    return true;
}

/* ---- One numbering of properties and monitors ---- */

static unsigned count_properties(const struct gs_property *properties)
{
    unsigned count = 0;
    while (count < GS_PROPERTIES_MAX && properties[count].name)
        count++;
    return count;
}

static unsigned count_monitors(const struct gs_monitor *monitors)
{
    unsigned count = 0;
    while (count < GS_MONITORS_MAX && monitors[count].name)
        count++;
    return count;
}

/* The table that holds property *index, which becomes its place in it; *monitors: how many monitors come before. */
static const struct gs_property *property_table(const struct gs_run *run, unsigned *index, unsigned *monitors)
{
    const struct gs_property *table = run->model->properties;
    unsigned before = 0, size = count_monitors(run->model->monitors);
    for (size_t e = 0; *index >= count_properties(table); e++) {
        *index -= count_properties(table);
        must(run->extensions && run->extensions[e]);
        table = run->extensions[e]->properties;
        before += size;
        size = count_monitors(run->extensions[e]->monitors);
    }
    *monitors = before;
    return table;
}

unsigned run_property_count(const struct gs_run *run)
{
    unsigned count = count_properties(run->model->properties);
    for (size_t e = 0; run->extensions && run->extensions[e]; e++)
        count += count_properties(run->extensions[e]->properties);
    return count;
}

const struct gs_property *run_property(const struct gs_run *run, unsigned index)
{
    unsigned monitors;
    const struct gs_property *table = property_table(run, &index, &monitors);
    return &table[index];
}

unsigned run_property_monitor(const struct gs_run *run, unsigned property)
{
    unsigned monitors;
    const struct gs_property *table = property_table(run, &property, &monitors);
    const uint8_t option = table[property].monitor_option;
    return monitors + table[property].monitor + (unsigned)(option ? run->options[option - 1] : 0);
}

unsigned run_monitor_count(const struct gs_run *run)
{
    unsigned count = count_monitors(run->model->monitors);
    for (size_t e = 0; run->extensions && run->extensions[e]; e++)
        count += count_monitors(run->extensions[e]->monitors);
    return count;
}

const struct gs_monitor *run_monitor(const struct gs_run *run, unsigned index)
{
    const struct gs_monitor *table = run->model->monitors;
    for (size_t e = 0; index >= count_monitors(table); e++) {
        index -= count_monitors(table);
        must(run->extensions && run->extensions[e]);
        table = run->extensions[e]->monitors;
    }
    return &table[index];
}

/* ---- What protocol code asks ---- */

const struct gs_role *run_role_of(const struct gs_run *run, unsigned node)
{
    return &run->model->roles[run->nodes[node].role];
}

int64_t run_argument_max(const struct gs_run *run, const struct gs_argument *argument)
{
    return argument->max_option ? run->options[argument->max_option - 1] : argument->max;
}

const struct gs_run *gs_run_itself(const struct gs_run *run)
{
    return run;
}

/* Misuse by protocol code: inside a handler or predicate a finding, see guard.h. */
static bool expect(const struct gs_run *run, bool condition, const char *what)
{
    if (!condition)
        gs_failed(run, what, NULL, 0);
    return condition;
}

static bool is_node(const struct gs_run *run, gs_node node)
{
    return node.tag >= 1 && node.tag <= run->node_count;
}

int64_t gs_run_option(const struct gs_run *run, int option)
{
    return expect(run, option >= 0 && option < (int)run->option_count, "gs_option: no such option")
               ? run->options[option]
               : 0;
}

bool gs_run_mutant(const struct gs_run *run, int mutant)
{
    return expect(run, mutant >= 0 && mutant < GS_MUTANTS_MAX, "gs_mutant: no such mutant") &&
           (run->mutants >> mutant & 1);
}

int gs_run_count(const struct gs_run *run, int role)
{
    return expect(run, role >= 0 && role < (int)run->role_count, "gs_count: no such role") ? (int)run->count[role] : 0;
}

gs_node_set gs_run_nodes(const struct gs_run *run, int role)
{
    gs_node_set set = GS_EMPTY_SET;
    for (int k = 0; k < gs_run_count(run, role); k++)
        set = gs_set_with(set, gs_run_node_at(run, role, k));
    return set;
}

gs_node gs_run_node_at(const struct gs_run *run, int role, int k)
{
    return expect(run, k >= 0 && k < gs_run_count(run, role), "gs_node_at: the role has no such node")
               ? node_of(run->first[role] + (unsigned)k)
               : GS_NOBODY;
}

int gs_run_index(const struct gs_run *run, gs_node node)
{
    return expect(run, is_node(run, node), "gs_index: not a node") ? run->nodes[node_number(node)].index : 0;
}

int gs_run_role(const struct gs_run *run, gs_node node)
{
    return expect(run, is_node(run, node), "gs_role: not a node") ? run->nodes[node_number(node)].role : 0;
}

const char *gs_run_name(const struct gs_run *run, gs_node node)
{
    return is_node(run, node) ? run->nodes[node_number(node)].name : "nobody";
}

int64_t gs_run_budget(const struct gs_run *run, int fault)
{
    return expect(run, fault >= 0 && fault < GS_FAULTS, "gs_budget: no such fault") ? run->budgets[fault] : 0;
}

int gs_run_network(const struct gs_run *run)
{
    return run->network;
}

const void *gs_run_context(const struct gs_run *run, int role)
{
    return expect(run, role >= 0 && role < (int)run->role_count, "gs_context: no such role")
               ? run->model->roles[role].context
               : NULL;
}
