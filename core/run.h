/* A run: a model with everything that a configuration decides fixed, and the nodes numbered. Nodes are numbered from 0
 * role by role; node k's tag is k + 1. Immutable once made, by run_setup.h; shared by everything that
 * executes or searches. */
#ifndef GAINSAY_RUN_H
#define GAINSAY_RUN_H

#include "core/gainsay.h"

struct run_node {
    uint8_t role, index; /* index: place within the role */
    uint8_t host;        /* hosts are numbered densely from 0 in the order of their lowest nodes */
    char name[48];       /* "server0"; a role of one fixed node has no number: "coordinator" */
};

struct gs_run {
    const struct gs_model *model;
    const struct gs_extension *const *extensions; /* NULL-terminated or NULL; not owned */
    int64_t options[GS_OPTIONS_MAX];
    uint64_t mutants; /* bit per mutant */
    uint8_t network;  /* never GS_NETWORK_DEFAULT */
    uint32_t copies, capacity;
    int64_t budgets[GS_FAULTS]; /* enum gs_fault; timeouts: -1 unlimited */
    unsigned node_count, role_count, event_count, option_count, host_count;
    struct run_node nodes[GS_NODES_MAX];
    unsigned first[GS_ROLES_MAX], count[GS_ROLES_MAX]; /* of each role's nodes */
    uint64_t hosts[GS_NODES_MAX];                      /* bit mask of each host's nodes */
    uint16_t timer_base[GS_EVENTS_MAX];                /* bit of a timer's index 0 among its role's armed timers */
    bool timed;                                        /* it has a clock: handlers may ask for the time */
};

/* The preset of that name, or NULL. */
const struct gs_preset *run_preset(const struct gs_model *model, const char *name);

/* Parses an option's value: a number, or one of its names. False: not a value of it. */
bool run_option_parse(const struct gs_option *option, const char *text, int64_t *value);

/* All properties and monitors of the run in one numbering: the model's, then each extension's. */
unsigned run_property_count(const struct gs_run *run);
const struct gs_property *run_property(const struct gs_run *run, unsigned index);
unsigned run_monitor_count(const struct gs_run *run);
const struct gs_monitor *run_monitor(const struct gs_run *run, unsigned index);
/* The number in that numbering of the monitor a property names. */
unsigned run_property_monitor(const struct gs_run *run, unsigned property);

static inline unsigned node_number(gs_node node)
{
    return node.tag - 1u;
}

static inline gs_node node_of(unsigned number)
{
    return (gs_node){(uint8_t)(number + 1)};
}

const struct gs_role *run_role_of(const struct gs_run *run, unsigned node);
/* The largest value of an argument that is a range; below its min: it has none. */
int64_t run_argument_max(const struct gs_run *run, const struct gs_argument *argument);

extern const char *const network_names[];         /* by enum gs_network; [0] = "default" */
extern const char *const budget_names[GS_FAULTS]; /* "drops", ... "timeouts", by enum gs_fault */
extern const char *const fault_names[GS_FAULTS];  /* "drop", ... */

#endif
