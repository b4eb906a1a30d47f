/* A part of the states, then some random runs: who fails for want of a safeguard does so soon. */
#include "checker/blame.h"

#include "checker/chance.h"
#include "checker/shortest.h"
#include "core/run_setup.h"
#include "traces/smaller_run.h"

enum { STATES = 5000, RUNS = 500, STEPS_MORE = 50, STEPS_ALL = 20000 };

static bool is_found_by_search(const struct gs_run *run, const struct wanted *wanted, const struct blame_limits *limits)
{
    const struct shortest_limits search = {
        .steps_max = limits->steps_max, .states_max = STATES, .until = limits->until, .threads = limits->threads};
    struct shortest shortest;

    shortest_search(run, wanted, &search, &shortest);
    trace_free(shortest.found);
    return shortest.verdict == SHORTEST_FOUND;
}

static bool is_found_by_chance(const struct gs_run *run, const struct wanted *wanted, const struct blame_limits *limits)
{
    const struct chance_limits draw = {.runs = RUNS,
                                       .steps = limits->steps_max + STEPS_MORE,
                                       .steps_all = STEPS_ALL,
                                       .until = limits->until,
                                       .threads = limits->threads};
    struct chance chance;

    chance_search(run, wanted, &draw, &chance);
    const bool is_found = chance.found != NULL;
    trace_free(chance.found);
    return is_found;
}

bool blame_is_without_mutants(const struct gs_run *run, const struct wanted *wanted, const struct blame_limits *limits)
{
    struct gs_run *unmutated = smaller_without_mutants(run);
    const bool is_found =
        unmutated && (is_found_by_search(unmutated, wanted, limits) || is_found_by_chance(unmutated, wanted, limits));

    run_free(unmutated);
    return is_found;
}
