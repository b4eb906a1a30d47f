/* The exhaustive engine on whole models, one thread: what a user waits for. Each model is searched once; for paired
 * timings run the whole program several times. */
#include <stdio.h>
#include <stdlib.h>

#include "checker/check.h"

extern const struct gs_model two_phase_commit, raft;

/* A model with settings, and the states it must have: a benchmark of a wrong search is worth nothing. */
static const struct {
    const struct gs_model *model;
    const char *settings[4];
    uint64_t states, transitions; /* 0: not pinned */
} runs[] = {
    {&two_phase_commit, {"resource-managers=7"}, 296448, 1735809},
    {&two_phase_commit, {"resource-managers=8"}, 1745408, 0},
    {&two_phase_commit, {"resource-managers=9"}, 10340352, 77616641},
    {&raft, {"servers=3", "terms=2"}, 0, 0},
};

static void print_row(const char *name, const char *setting, const struct gs_result *r)
{
    char model[64];
    snprintf(model, sizeof(model), "%s %s", name, setting);
    printf("%-40s %11llu %12llu %8.3f %8.2f %8.2f %6llu %5llu %9llu %10llu\n", model, (unsigned long long)r->states,
           (unsigned long long)r->transitions, r->seconds, (double)r->states / r->seconds * 1e-6,
           (double)r->transitions / r->seconds * 1e-6, (unsigned long long)r->bytes_per_state,
           (unsigned long long)r->key_bits, (unsigned long long)r->reactions, (unsigned long long)r->handler_calls);
    fflush(stdout);
}

int main(void)
{
    int status = EXIT_SUCCESS;
    printf("%-40s %11s %12s %8s %8s %8s %6s %5s %9s %10s\n", "model", "states", "transitions", "seconds", "Mst/s",
           "Mtr/s", "B/st", "bits", "reactions", "handlers");
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        struct gs_result result;
        const struct gs_config config = {.settings = runs[i].settings};
        if (gs_check(runs[i].model, &config, &result) != GS_HOLDS) {
            printf("%s %s: status %d %s\n", runs[i].model->name, runs[i].settings[0], result.status, result.error);
            status = EXIT_FAILURE;
        } else {
            print_row(runs[i].model->name, runs[i].settings[0], &result);
        }
        if ((runs[i].states && result.states != runs[i].states) ||
            (runs[i].transitions && result.transitions != runs[i].transitions)) {
            printf("  wrong: %llu states and %llu transitions were expected\n", (unsigned long long)runs[i].states,
                   (unsigned long long)runs[i].transitions);
            status = EXIT_FAILURE;
        }
        gs_result_free(&result);
    }
    return status;
}
