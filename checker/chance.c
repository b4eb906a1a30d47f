/* gs_fuzz, on a model in which nothing else is violated. What it finds is tried on the run itself before it is
 * believed. */
#include "checker/chance.h"

#include <stdlib.h>

#include "checker/class_model.h"
#include "checker/fuzz.h"
#include "core/clock.h"
#include "core/die.h"

enum { PART_MOST = 500 };

/* As many as take all steps if each is as long as it may be: runs are shorter, as a rule. */
static uint64_t runs_of_part(const struct chance_limits *limits, uint64_t left)
{
    const uint64_t whole = limits->steps_all / limits->steps, part = whole < PART_MOST ? whole : PART_MOST;

    return left < part ? left : part ? part : 1;
}

/* Some of the runs, or up to the first that fails. Returns how many steps they took, about; 0: what is wanted was
 * found, or there was no time. */
static uint64_t search_part(struct class_model *class_model, const struct gs_run *run, const struct wanted *wanted,
                            const struct chance_limits *limits, struct chance *chance)
{
    const uint64_t left = limits->first_run + limits->runs - chance->next_run;
    struct gs_fuzz_config config = {.base = class_model_config(class_model),
                                    .first_run = chance->next_run,
                                    .runs = runs_of_part(limits, left),
                                    .steps = limits->steps};
    struct gs_fuzz_result fuzz;

    config.base.threads = limits->threads;
    if (limits->until > 0) {
        config.base.max_seconds = limits->until - clock_seconds();
        if (config.base.max_seconds <= 0)
            return 0;
    }
    gs_fuzz(&class_model->model, &config, &fuzz);
    chance->next_run = fuzz.failure_count ? fuzz.failures[0].run + 1 : chance->next_run + config.runs;
    if (fuzz.failure_count && fuzz.failures[0].found)
        chance->found = class_model_take_over(fuzz.failures[0].found, run, wanted);
    const bool goes_on = fuzz.result.status == GS_HOLDS || (fuzz.failure_count && !chance->found);
    const uint64_t steps = fuzz.failure_count ? limits->steps : fuzz.steps + 1;
    gs_fuzz_result_free(&fuzz);
    return goes_on ? steps : 0;
}

void chance_search(const struct gs_run *run, const struct wanted *wanted, const struct chance_limits *limits,
                   struct chance *chance)
{
    struct class_model *class_model = die_calloc(1, sizeof(*class_model));
    uint64_t steps = 0, more = 1;

    *chance = (struct chance){.next_run = limits->first_run};
    if (class_model_make(class_model, run, wanted))
        while (more && steps < limits->steps_all && chance->next_run < limits->first_run + limits->runs) {
            more = search_part(class_model, run, wanted, limits, chance);
            steps += more;
        }
    free(class_model);
}
