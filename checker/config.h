/* What to search, how far, and what is told meanwhile. */
#ifndef GAINSAY_CONFIG_H
#define GAINSAY_CONFIG_H

#include "core/gainsay.h"

/* A live picture of a search, for progress lines. */
struct gs_progress {
    uint64_t states, transitions, depth;
    uint64_t frontier, frontier_before; /* states of the deepest whole level, and of the one before it; 0: none */
    uint64_t memory_bytes;              /* of all tables */
    double seconds;
    const char *phase;    /* what is done in place of exploring, as "making the table of states larger"; or NULL */
    double phase_seconds; /* for how long */
};

struct trace; /* opaque here */

/* What to search and how far. Zero everywhere: the quick preset, no limits. Strings and arrays are borrowed until
 * gs_result_free. */
struct gs_config {
    const char *preset;
    const char *const *settings;                      /* NULL-terminated "name=value" */
    const char *const *mutants;                       /* NULL-terminated */
    const char *const *properties;                    /* NULL-terminated: judge only these; NULL: all */
    const char *const *allow;                         /* NULL-terminated: these may be violated, unreached or vacuous */
    const struct gs_extension *const *extensions;     /* NULL-terminated */
    enum gs_network network;                          /* GS_NETWORK_DEFAULT: the preset's */
    int copies, capacity;                             /* 0: the preset's */
    struct gs_budgets budgets;                        /* 0: the preset's; GS_NONE: none */
    uint64_t max_states, max_depth, max_memory_bytes; /* 0: none. max_depth 0 with max_depth_set: only initial states */
    bool max_depth_set;
    double max_seconds;    /* 0: none */
    unsigned threads;      /* 0: one for each core; what is found is the same for any number */
    uint64_t threads_from; /* levels of fewer states are left to one thread; 0: a number that pays */
    unsigned halves_from;  /* keys of fewer words are never kept as pairs of halves, others always; 0: as it pays */
    bool keep_going, strict, no_reductions, audit;
    bool ignore_goals;        /* goals are not checked (mutants) */
    bool catch_signals;       /* SIGSEGV, SIGFPE, SIGABRT, ... and endless loops of handlers become findings;
                                 SIGINT and SIGTERM end the search; the former handlers are restored */
    bool witnesses;           /* keep a shortest trace to every goal */
    uint64_t samples;         /* keep so many paths of different lengths; at most GS_SAMPLES_MAX */
    bool growth;              /* measure growth also when no limit was met */
    const struct trace *from; /* staged: start in the state behind the first events of this trace, whose configuration
                                 is taken; what settings, mutants, network, copies and capacity say must be so there,
                                 only budgets may be others. Events and traces are whole, from the initial state.
                                 It is borrowed with its run. NULL: start there */
    uint64_t from_at;         /* with from_at_set: so many events; else all, but the last of one that shows its
                                 violation */
    bool from_at_set;
    const char *from_name; /* what reasons and errors call it; NULL: "the trace" */
    void (*progress)(void *context, const struct gs_progress *progress); /* about ten times a second, in phases
                                                                            in which nothing is explored about four
                                                                            times, by one thread at a time, any; may
                                                                            be NULL */
    void *progress_context;
};

enum { GS_SAMPLES_MAX = 1000 };

#endif
