/* Everything but budgets comes from the trace. What is said of it all the same is compared with it, so that nobody
 * takes the answer for that of another configuration. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "checker/run_config.h"
#include "checker/stage.h"
#include "core/model.h"
#include "traces/run_recipe.h"

struct comparing {
    const struct gs_run *run; /* of the trace */
    const struct gs_config *config;
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(const struct comparing *c, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(c->error, c->error_size, format, arguments);
    va_end(arguments);
    return false;
}

/* said: "--set servers=4", "--preset full". what: "servers"; has: what it is in the trace's run. */
static bool contradict(const struct comparing *c, const char *said, const char *what, const char *has)
{
    return fail(c, "%s: the run of %s has %s%s%s: leave it out, or start from a trace of another run", said,
                stage_name(c->config), what, what[0] && has[0] ? "=" : "", has);
}

/* ---- Options ---- */

static void print_value(const struct gs_option *option, int64_t value, char *text, size_t size)
{
    if (option->names)
        snprintf(text, size, "%s", option->names[value - option->min]);
    else
        snprintf(text, size, "%" PRId64, value);
}

static bool same_options(const struct comparing *c, const struct gs_run *other, const char *said)
{
    char value[160];

    for (unsigned i = 0; i < c->run->option_count; i++) {
        if (other->options[i] == c->run->options[i])
            continue;
        print_value(&c->run->model->options[i], c->run->options[i], value, sizeof(value));
        return contradict(c, said, c->run->model->options[i].name, value);
    }
    return true;
}

/* option_count: there is none of that name. */
static unsigned find_option(const struct comparing *c, const char *setting)
{
    unsigned o = 0;

    for (; o < c->run->option_count; o++) {
        const char *name = c->run->model->options[o].name;
        if (strncmp(setting, name, strlen(name)) == 0 && setting[strlen(name)] == '=')
            break;
    }
    return o;
}

static bool same_setting(const struct comparing *c, const char *setting)
{
    const unsigned o = find_option(c, setting);
    const struct gs_option *option = &c->run->model->options[o];
    char said[200], value[160];
    int64_t asked;

    if (o == c->run->option_count || !run_option_parse(option, strchr(setting, '=') + 1, &asked)) {
        const struct run_config bad = {.settings = (const char *const[]){setting, NULL}};
        run_free(run_new(c->run->model, &bad, c->error, c->error_size)); /* it says why */
        return false;
    }
    snprintf(said, sizeof(said), "--set %s", setting);
    print_value(option, c->run->options[o], value, sizeof(value));
    return asked == c->run->options[o] || contradict(c, said, option->name, value);
}

/* Each setting alone, so that the message names the one to mend. */
static bool same_settings(const struct comparing *c)
{
    for (size_t i = 0; c->config->settings && c->config->settings[i]; i++)
        if (!same_setting(c, c->config->settings[i]))
            return false;
    return true;
}

/* ---- The rest ---- */

static bool same_mutants(const struct comparing *c)
{
    const struct gs_mutant *mutants = c->run->model->mutants;
    const char *const *said = c->config->mutants;

    for (size_t m = 0; said && said[0] && m < GS_MUTANTS_MAX && mutants[m].name; m++) {
        bool is_said = false;
        for (size_t i = 0; said[i]; i++)
            is_said |= strcmp(said[i], mutants[m].name) == 0;
        if (is_said && !(c->run->mutants >> m & 1))
            return fail(c, "--mutant %s: the run of %s is without it: leave it out, or start from a trace with it",
                        mutants[m].name, stage_name(c->config));
        if (!is_said && (c->run->mutants >> m & 1))
            return fail(c, "--mutant %s: the run of %s has mutant %s too: leave --mutant out", said[0],
                        stage_name(c->config), mutants[m].name);
    }
    return true;
}

static bool same_network(const struct comparing *c, uint8_t network, uint32_t copies, uint32_t capacity,
                         const char *said)
{
    char value[40];

    if (network && network != c->run->network)
        return contradict(c, said, "network", network_names[c->run->network]);
    if (copies && copies != c->run->copies) {
        snprintf(value, sizeof(value), "%u", c->run->copies);
        return contradict(c, said, "copies", value);
    }
    if (capacity && capacity != c->run->capacity) {
        snprintf(value, sizeof(value), "%u", c->run->capacity);
        return contradict(c, said, "capacity", value);
    }
    return true;
}

/* What the preset comes to, with what else is said. Its budgets are not meant: those are the trace's. */
static bool same_preset(const struct comparing *c)
{
    struct run_config asked = run_config_of(c->config);
    char said[120];

    if (!asked.preset)
        return true;
    asked.budgets = (struct gs_budgets){0};
    asked.extensions = NULL;
    struct gs_run *run = run_new(c->run->model, &asked, c->error, c->error_size);
    if (!run)
        return false;
    snprintf(said, sizeof(said), "--preset %s", asked.preset);
    const bool is_same = same_options(c, run, said) && same_network(c, run->network, run->copies, run->capacity, said);
    run_free(run);
    return is_same;
}

static bool agrees(const struct comparing *c)
{
    const struct gs_config *config = c->config;
    char said[80];

    snprintf(said, sizeof(said), "--network %s", network_names[config->network]);
    if (!same_settings(c) || !same_mutants(c) || !same_network(c, (uint8_t)config->network, 0, 0, said))
        return false;
    snprintf(said, sizeof(said), "--copies %d", config->copies);
    if (!same_network(c, 0, (uint32_t)config->copies, 0, said))
        return false;
    snprintf(said, sizeof(said), "--capacity %d", config->capacity);
    return same_network(c, 0, 0, (uint32_t)config->capacity, said) && same_preset(c);
}

/* ---- The run ---- */

static void say_budget(int *budget, int said)
{
    if (said)
        *budget = said;
}

static void say_budgets(struct gs_budgets *budgets, const struct gs_budgets *said)
{
    say_budget(&budgets->drops, said->drops);
    say_budget(&budgets->duplicates, said->duplicates);
    say_budget(&budgets->crashes, said->crashes);
    say_budget(&budgets->restarts, said->restarts);
    say_budget(&budgets->reboots, said->reboots);
    say_budget(&budgets->partitions, said->partitions);
    say_budget(&budgets->timeouts, said->timeouts);
}

static bool is_of_model(const struct comparing *c, const struct gs_model *model)
{
    if (strcmp(c->run->model->name, model->name) != 0)
        return fail(c, "--from %s: it is a trace of %s, not of %s", stage_name(c->config), c->run->model->name,
                    model->name);
    if (c->run->timed)
        return fail(
            c,
            "--from %s: its handlers ask for the time, and a search from there has no clock: start from a trace "
            "of a run without one",
            stage_name(c->config));
    return c->run->model == model || model_digest(c->run->model) == model_digest(model) ||
           fail(c, "--from %s: it is of another version of %s", stage_name(c->config), model->name);
}

static struct gs_run *run_of_trace(const struct gs_model *model, const struct gs_config *config, char *error,
                                   size_t error_size)
{
    const struct comparing c = {config->from->run, config, error, error_size};
    struct run_recipe recipe;

    if (!is_of_model(&c, model) || !agrees(&c))
        return NULL;
    run_recipe_of(&recipe, c.run);
    struct run_config run_config = run_recipe_config(&recipe);
    say_budgets(&run_config.budgets, &config->budgets);
    if (config->extensions)
        run_config.extensions = config->extensions;
    struct gs_run *run = run_new(model, &run_config, error, error_size);
    if (run && recipe.budgets[GS_TIMEOUT] < 0 && !config->budgets.timeouts)
        run->budgets[GS_TIMEOUT] = -1;
    return run;
}

struct gs_run *stage_run_new(const struct gs_model *model, const struct gs_config *config, char *error,
                             size_t error_size)
{
    const struct run_config plain = run_config_of(config);
    return config->from ? run_of_trace(model, config, error, error_size) : run_new(model, &plain, error, error_size);
}
