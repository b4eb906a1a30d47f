/* The reruns of a trace file: whether what it shows is gone, or only looks different now. */
#include "traces/reruns.h"
#include "traces/trace_loaded_file.h"

/* A bug may take other events now than it did: a message on its way, a timer. Those few are looked at, too. */
static void search_with_others(const struct trace *trace, struct reruns *reruns)
{
    const size_t states = reruns->states;

    for (unsigned others = 1; others <= RERUNS_OTHERS_MAX && reruns->verdict == RERUNS_NONE; others++)
        reruns_search(trace, &(struct reruns_limits){.others = others, .states_max = RERUNS_OTHERS_STATES_MAX}, reruns);
    if (reruns->verdict == RERUNS_UNKNOWN)
        reruns->verdict = RERUNS_NONE;
    reruns->states = states;
}

void trace_file_rerun(const struct trace_file *file, struct reruns *reruns, bool *others)
{
    reruns_search(file->trace, &(struct reruns_limits){.states_max = RERUNS_STATES_MAX}, reruns);
    *others = reruns->verdict == RERUNS_NONE;
    if (*others)
        search_with_others(file->trace, reruns);
}
