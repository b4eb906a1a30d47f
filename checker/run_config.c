/* One list of the members that both know. */
#include "checker/run_config.h"

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
