/* Judging properties in a search: each predicate is called once per distinct scope value and its result remembered.
 * What decides a property first (a violating state or step, a goal's state) is kept as a candidate, the smallest by the
 * order of docs/semantics.md, "Which trace". Any thread may judge: what is known is looked up without a lock,
 * predicates are called under the engine's. */
#ifndef GAINSAY_JUDGING_H
#define GAINSAY_JUDGING_H

#include "checker/candidate.h"
#include "checker/explorer.h"
#include "core/judge.h"

/* One property in a search. Index run_property_count(run) is the built-in "well-behaved". */
struct judged {
    const struct gs_property *property; /* NULL: the built-in */
    unsigned index;
    unsigned monitor_slot; /* scopes of a monitor: its slot in a state */
    bool on;
    struct pair_map results;  /* scope value -> RESULT_... */
    struct interner tuples;   /* scopes of many nodes: their local states' numbers */
    struct pair_map stutters; /* step scopes: (node, local state) -> result of a step that leaves it as it is */
    bool premise_used, premise_met;
    uint64_t judged; /* distinct scope values */
    struct candidate first;
    _Atomic uint64_t first_depth; /* of first; UINT64_MAX: none */
};

struct judging {
    struct engine *engine;
    struct judged *properties; /* run_property_count + 1 */
    unsigned count;
    /* Bit per property that is judged: of local states alone or all of a role, of two, of monitors' values, of messages
     * in flight, of steps, of quiescent states. */
    uint64_t locals, pairs, monitors, mail, steps, quiescent;
    bool has_step_role, has_monitor_node; /* such scopes are among them */
    uint64_t joint;                       /* nodes whose local states some property looks at together */
    bool watches_stutter; /* the reduction is on, exact only while no step that moves nothing decides a property */
    const struct gs_property *_Atomic stutter_decides; /* one that such a step would decide: search without it */
    _Atomic bool failed;                               /* a predicate failed: error says how */
    char error[EXPLANATION_SIZE];
};

/* on: bit per property (run's numbering) that is judged. */
void judging_init(struct judging *judging, struct engine *engine, uint64_t on);
void judging_free(struct judging *judging);

/* Bytes of what it remembers, by the thread that has the engine's lock. */
size_t judging_memory(const struct judging *judging);

/* Is a property of states judged, but for their mail and for quiescence? */
static inline bool judging_has_state(const struct judging *judging)
{
    return judging->locals | judging->pairs | judging->monitors;
}

/* Which parts of a new state need a look, from the successor that led to it. */
struct look {
    unsigned mover; /* >= node count: none */
    bool local, monitor, all;
};

/* What is decided, a bit per property: by a state, of those `among`; by a step of those nodes, to a state of those
 * local states; by the local states of two nodes together, in both orders; by a quiescent state. `locals`: of all
 * nodes, by number; where there are values too, theirs. */
uint64_t decided_by_state(struct judging *judging, uint64_t among, const uint32_t *values, const uint32_t *locals,
                          struct look look);
uint64_t decided_by_step(struct judging *judging, const struct moved *moved, size_t count, const uint32_t *locals);
uint64_t decided_by_pair(struct judging *judging, const uint32_t *locals, unsigned one, unsigned other);
uint64_t decided_by_quiescence(struct judging *judging, const uint32_t *values, const uint32_t *locals);

/* The same for the exhaustive search, which keeps the first of what decides a property. */

/* True: something in it decides a property that nothing at a smaller depth did. */
bool judge_new_state(struct judging *judging, const uint32_t *values, uint64_t depth, struct look look);
/* Judges the step that explorer is visiting, from a state of that depth. True: it decides some property. */
bool judge_step(struct judging *judging, const struct explorer *explorer, uint64_t depth);
/* Judges a state that is quiescent. */
void judge_quiescent(struct judging *judging, const uint32_t *values, uint64_t depth);
/* Records a misbehaviour: of the successor being visited, or of the last of `starts`. */
void judge_misbehaviour(struct judging *judging, const struct explorer *explorer, uint64_t depth);
void judge_bad_start(struct judging *judging, const struct explorer *explorer, const struct event *starts,
                     size_t count);

#endif
