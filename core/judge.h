/* Judging a property: one scope value at a time (the engine remembers results by it), or over a whole concrete world
 * (replay). The only place that calls protocol code's predicates and monitors. */
#ifndef GAINSAY_JUDGE_H
#define GAINSAY_JUDGE_H

#include "core/world.h"

/* What a predicate sees. Members outside the property's scope are NULL or nobody. Locals are bytes as in step.h. */
struct gs_view {
    const struct gs_run *run;
    gs_node this_node, that_node;
    const uint8_t *locals[GS_NODES_MAX];
    const uint8_t *before;
    const uint8_t *message; /* message_size bytes */
    gs_node sender, receiver;
    const uint8_t *monitor;
    size_t monitor_size; /* bytes */
    bool premise_used, premise_met;
    bool failed; /* the predicate itself misbehaved: explanation says how */
    char explanation[EXPLANATION_SIZE];
};

/* Calls the predicate over `view`, whose members are set for its scope. A predicate that crashes, loops or reads
 * outside its scope sets view->failed. */
bool judge_scope(const struct gs_property *property, struct gs_view *view);

/* The monitor that a property reads, which is one of the run's. */
const struct gs_monitor *judge_monitor_of(const struct gs_run *run, const struct gs_property *property);

/* Does the run grant what the property needs? False: its predicate misbehaved, explanation says how. */
bool judge_needs(const struct gs_run *run, const struct gs_property *property, bool *granted, char *explanation);

/* One step of a world, for monitors and step scopes. mover: nobody for drops, partitions, heals. */
struct judged_step {
    gs_node mover;
    const uint8_t *before; /* mover's old local state */
};

/* Judges property `index` (run's numbering) over every scope value of the world (and of the step that led to it, NULL
 * for an initial one), in node order. GS_ALWAYS: false at the first value that does not hold; GS_REACHABLE: true at the
 * first that is met; GS_QUIESCENT: true unless the world is quiescent and a value does not hold. view receives the
 * value that decided (explanation included). */
bool judge_world(const struct world *world, const struct judged_step *steps, size_t step_count, unsigned index,
                 struct gs_view *view);

/* Quiescent: no delivery, timer or local event is a step, no bound cut one, no link is cut. */
bool judge_is_quiescent(const struct world *world);

/* Is it fed by announcements? */
bool judge_monitor_listens(const struct gs_monitor *monitor);

/* The value a monitor starts with. False: its init left an invalid one. */
bool judge_monitor_initial(const struct gs_run *run, unsigned monitor, struct bytes *value, char *explanation);

/* Feeds one announcement, or one step, to a monitor's value in place. False: it misbehaved, see explanation. */
bool judge_monitor_announce(const struct gs_run *run, unsigned monitor, uint8_t *value, gs_node by,
                            uint8_t announcement, const uint8_t *announced, char *explanation);
bool judge_monitor_step(const struct gs_run *run, unsigned monitor, uint8_t *value, gs_node mover,
                        const uint8_t *before, const uint8_t *after, char *explanation);

/* Name of the built-in property that misbehaving handlers violate, and its number: run_property_count(run). */
#define JUDGE_BEHAVIOUR "well-behaved"

#endif
