/* One list of the members that both know. */
#include "checker/run_config.h"

#include "checker/stage.h"

struct run_config run_config_of(const struct gs_config *config)
{
    return (struct run_config){.preset = config->preset,
                               .settings = config->settings,
                               .mutants = config->mutants,
                               .network = (uint8_t)config->network,
                               .copies = config->copies,
                               .capacity = config->capacity,
                               .budgets = config->budgets,
                               .extensions = config->extensions};
}

struct gs_run *run_config_make(const struct gs_model *model, const struct gs_config *config, char *error,
                               size_t error_size)
{
    const struct run_config run_config = run_config_of(config);

    return config->from ? stage_run_new(model, config, error, error_size)
                        : run_new(model, &run_config, error, error_size);
}
