/* gs_fuzz, on a model in which nothing else is violated. What it finds is tried on the run itself before it is
 * believed. */
#include "checker/chance.h"

#include <stdlib.h>

#include "checker/class_model.h"
#include "checker/fuzz.h"
#include "core/clock.h"
#include "core/die.h"

static void search(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted,
                   const struct chance_limits *limits, struct chance *chance)
{
    struct gs_fuzz_config config = {.base = class_model_config(class_model),
                                    .first_run = limits->first_run,
                                    .runs = limits->runs,
                                    .steps = limits->steps};
    struct gs_fuzz_result fuzz;

    config.base.threads = limits->threads;
    if (limits->until > 0) {
        config.base.max_seconds = limits->until - clock_seconds();
        if (config.base.max_seconds <= 0)
            return;
    }
    gs_fuzz(&class_model->model, &config, &fuzz);
    if (fuzz.failure_count) {
        chance->next_run = fuzz.failures[0].run + 1;
        if (fuzz.failures[0].found)
            chance->found = class_model_take_over(fuzz.failures[0].found, run, wanted);
    }
    gs_fuzz_result_free(&fuzz);
}

void chance_search(const struct gs_run *run, const struct wanted *wanted, const struct chance_limits *limits,
                   struct chance *chance)
{
    struct class_model *class_model = die_calloc(1, sizeof(*class_model));

    *chance = (struct chance){.next_run = limits->first_run + limits->runs};
    if (class_model_make(class_model, run, wanted))
        search(class_model, run, wanted, limits, chance);
    free(class_model);
}
