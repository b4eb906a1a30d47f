/* Smaller configurations of a trace's run: without a mutant, with one node less, smaller options, fewer copies, no
 * larger budgets than the trace spends. Only what the model's options and roles allow. */
#ifndef GAINSAY_SMALLER_RUN_H
#define GAINSAY_SMALLER_RUN_H

#include "traces/trace.h"

enum smaller_kind { SMALLER_MUTANT, SMALLER_NODE, SMALLER_OPTION, SMALLER_COPIES, SMALLER_BUDGET };

/* One way to make it smaller. */
struct smaller {
    uint8_t kind;   /* enum smaller_kind */
    unsigned index; /* mutant, option, fault; of a node less: the node that goes */
    int64_t value;  /* option, copies, budget: the new one */
};

/* All of them, those that make it smallest first. Free the list. */
struct smaller *smaller_list(const struct trace *trace, size_t *count);

/* The run made smaller, and the trace's events that it still has, moved to it: not replayed. *run is owned by the
 * caller, as is the trace. NULL: the model does not allow it, or the property is not judged there. */
struct trace *smaller_make(const struct trace *trace, const struct smaller *smaller, struct gs_run **run);

/* The run with every number that makes it large (nodes of a role; also options that are numbers) at most `rung` above
 * its least; budgets and all else as they are. NULL: that is no smaller, or the model does not allow it, or the
 * property is not judged there. Owned by the caller. */
enum rung_of { RUNG_OF_NODES, RUNG_OF_ALL };
struct gs_run *smaller_rung(const struct gs_run *run, unsigned property, enum rung_of of, unsigned rung);

/* The run without its mutants. NULL: the model does not allow it. Owned by the caller. */
struct gs_run *smaller_without_mutants(const struct gs_run *run);

/* Writes how a run differs from another one of the same model: "servers 5 -> 3, crashes 4 -> 1, without vote-twice";
 * nothing if it does not. */
void smaller_print(const struct gs_run *before, const struct gs_run *after, FILE *out);
/* The same of two traces, and how their clocks differ: "crashes 4 -> 1, no loss, constant latency". */
void smaller_print_traces(const struct trace *before, const struct trace *after, FILE *out);

#endif
