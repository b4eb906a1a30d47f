/* The reference search: a plain breadth-first search of a model, the oracle that the engine is compared with. It shares
 * with core only the running of one handler (core/step.h) and the making of a run (core/run.h); network, faults,
 * crashes, hosts, partitions, monitors, bounds, judging and search are its own, written for obviousness. A state is its
 * full byte vector, kept in a hash set; nothing is remembered but states. */
#ifndef GAINSAY_TESTS_REFERENCE_H
#define GAINSAY_TESTS_REFERENCE_H

#include "checker/check.h"
#include "core/event.h"
#include "core/run_setup.h"

enum reference_cut { REFERENCE_CAPACITY, REFERENCE_COPIES, REFERENCE_WITHIN, REFERENCE_CUTS };
extern const char *const reference_cut_names[REFERENCE_CUTS];

enum { REFERENCE_PROPERTIES_MAX = 2 * GS_PROPERTIES_MAX + 1 };

struct reference_property {
    const struct gs_property *property; /* NULL: the built-in "well-behaved" */
    const char *name;
    enum gs_verdict verdict;
    uint64_t judged; /* distinct scope values; of "well-behaved" 0 */
    uint64_t steps;  /* violated: of its shortest trace; a goal that was met: likewise */
};

struct reference_result {
    bool ran;        /* false: error says why run_new refused */
    bool gave_up;    /* more than max_states states: the rest means nothing */
    bool complete;   /* every reachable state was found and expanded */
    bool reduced;    /* the reduction `ignored` was on */
    uint8_t network; /* enum gs_network */
    char error[512];
    uint64_t states, transitions, depth;
    uint64_t levels_widest;         /* states of the largest level */
    uint64_t cuts[REFERENCE_CUTS];  /* transitions refused, by bound */
    uint64_t taken[GS_EVENTS_MAX];  /* deliveries, timers, local events taken, by the model's event */
    uint64_t actions[ACTION_COUNT]; /* all transitions, by action */
    uint64_t absorbed;              /* sends, by copies, in the steps taken */
    uint64_t ignored, lost;         /* ignored deliveries tried (also those left out), sends to nodes that were down */
    uint64_t misbehaved;            /* transitions that were findings */
    struct reference_property properties[REFERENCE_PROPERTIES_MAX]; /* the run's, then "well-behaved" */
    unsigned property_count;
};

/* Searches the model as gs_check would with that configuration (of which limits other than max_depth, audit, strict,
 * witnesses and progress are not looked at; from needs from_at_set). Gives up beyond max_states. */
void reference_search(const struct gs_model *model, const struct gs_config *config, uint64_t max_states,
                      struct reference_result *result);

/* What a monitor under test calls instead of gs_assert, since the reference calls monitors without core around them. */
void reference_monitor_assert(const struct gs_run *run, bool condition);

#endif
