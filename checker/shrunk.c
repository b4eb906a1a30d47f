/* Runs are kept until the end: a trace borrows its own. */
#include "checker/shrunk.h"

#include <stdlib.h>

#include "core/die.h"
#include "core/run_setup.h"

const char *const shrink_guarantee_names[] = {"globally shortest", "1-minimal", "best effort"};

void shrunk_free(struct shrunk *shrunk)
{
    trace_free(shrunk->trace);
    for (size_t i = 0; i < shrunk->run_count; i++)
        run_free(shrunk->runs[i]);
    free(shrunk->runs);
    *shrunk = (struct shrunk){0};
}

void shrunk_keep_run(struct shrunk *shrunk, struct gs_run *run)
{
    if (!run)
        return;
    shrunk->runs = die_grow(shrunk->runs, &shrunk->run_capacity, shrunk->run_count + 1, sizeof(*shrunk->runs));
    shrunk->runs[shrunk->run_count++] = run;
}

void shrunk_print_guarantee(const struct shrunk *shrunk, double seconds, FILE *out)
{
    fputs(shrink_guarantee_names[shrunk->guarantee], out);
    switch (shrunk->guarantee) {
    case SHRINK_GLOBALLY_SHORTEST:
        fprintf(out, " (exhaustive search: no run of %s is shorter)",
                shrunk->is_shortest_before && shrunk->run_count ? "this configuration, nor of the one given,"
                                                                : "this configuration");
        break;
    case SHRINK_ONE_MINIMAL:
        fputs(trace_is_late(shrunk->trace) ? " (no draw of the clock can be left out, least or most for a shorter run)"
                                           : " (no single event can go)",
              out);
        break;
    case SHRINK_BEST_EFFORT:
        if (shrunk->is_interrupted)
            fputs(", interrupted", out);
        else
            fprintf(out, ", stopped at %g second%s", seconds, seconds == 1 ? "" : "s");
        break;
    }
}
