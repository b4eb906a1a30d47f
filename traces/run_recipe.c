/* Options are said as numbers, which every option takes. */
#include "traces/run_recipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void run_recipe_of(struct run_recipe *recipe, const struct gs_run *run)
{
    *recipe = (struct run_recipe){.model = run->model,
                                  .timed = run->timed,
                                  .mutants = run->mutants,
                                  .network = run->network,
                                  .copies = run->copies,
                                  .capacity = run->capacity,
                                  .extensions = run->extensions};
    memcpy(recipe->options, run->options, sizeof(recipe->options));
    memcpy(recipe->budgets, run->budgets, sizeof(recipe->budgets));
}

static void say_options(struct run_recipe *recipe)
{
    const struct gs_option *options = recipe->model->options;
    size_t count = 0;

    for (; count < GS_OPTIONS_MAX && options[count].name; count++) {
        snprintf(recipe->texts[count], sizeof(recipe->texts[count]), "%s=%" PRId64, options[count].name,
                 recipe->options[count]);
        recipe->settings[count] = recipe->texts[count];
    }
    recipe->settings[count] = NULL;
}

static void say_mutants(struct run_recipe *recipe)
{
    const struct gs_mutant *mutants = recipe->model->mutants;
    size_t count = 0;

    for (size_t m = 0; m < GS_MUTANTS_MAX && mutants[m].name; m++)
        if (recipe->mutants >> m & 1)
            recipe->mutant_names[count++] = mutants[m].name;
    recipe->mutant_names[count] = NULL;
}

static int say_budget(int64_t budget)
{
    return budget > 0 ? (int)budget : budget < 0 ? 0 : GS_NONE;
}

struct run_config run_recipe_config(struct run_recipe *recipe)
{
    const int64_t *budgets = recipe->budgets;

    say_options(recipe);
    say_mutants(recipe);
    return (struct run_config){.settings = recipe->settings,
                               .mutants = recipe->mutant_names,
                               .network = recipe->network,
                               .copies = (int)recipe->copies,
                               .capacity = (int)recipe->capacity,
                               .budgets = {.drops = say_budget(budgets[GS_DROP]),
                                           .duplicates = say_budget(budgets[GS_DUPLICATE]),
                                           .crashes = say_budget(budgets[GS_CRASH]),
                                           .restarts = say_budget(budgets[GS_RESTART]),
                                           .reboots = say_budget(budgets[GS_REBOOT]),
                                           .partitions = say_budget(budgets[GS_PARTITION]),
                                           .timeouts = say_budget(budgets[GS_TIMEOUT])},
                               .extensions = recipe->extensions};
}

struct gs_run *run_recipe_make(struct run_recipe *recipe)
{
    const struct run_config config = run_recipe_config(recipe);
    char error[400];
    struct gs_run *run = run_new(recipe->model, &config, error, sizeof(error));

    if (!run)
        return NULL;
    run->timed = recipe->timed;
    if (recipe->budgets[GS_TIMEOUT] < 0)
        run->budgets[GS_TIMEOUT] = -1;
    return run;
}
