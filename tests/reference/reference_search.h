/* What the files of the reference search share: byte vectors, sets of them, states, a successor under construction. */
#ifndef GAINSAY_TESTS_REFERENCE_SEARCH_H
#define GAINSAY_TESTS_REFERENCE_SEARCH_H

#include "core/judge.h"
#include "tests/reference/reference.h"

/* ---- Bytes ---- */

struct vector {
    uint8_t *bytes;
    size_t size, capacity;
};
void ref_vector_append(struct vector *vector, const void *bytes, size_t size);
void ref_vector_assign(struct vector *vector, const struct vector *from);
void ref_vector_insert(struct vector *vector, size_t at, const void *bytes, size_t size);
void ref_vector_remove(struct vector *vector, size_t at, size_t size);
bool ref_vector_equal(const struct vector *a, const struct vector *b);
void ref_vector_free(struct vector *vector);

/* A set of byte strings, numbered from 0 in the order of insertion. */
struct value_set {
    struct vector *values;
    size_t count, capacity;
    size_t *slots; /* number + 1, 0 is free; a power of two of them */
    size_t slot_count;
};
bool ref_value_set_insert(struct value_set *set, const struct vector *value); /* false: it was there */
void ref_value_set_free(struct value_set *set);

/* ---- The search ---- */

enum { REFERENCE_MONITORS_MAX = 2 * GS_MONITORS_MAX };

/* A property and what is known of it. */
struct judged {
    const struct gs_property *property;
    unsigned monitor;                          /* run's numbering; of scopes with one */
    bool on, found, premise_used, premise_met; /* found: a violation, or a goal's being met */
    uint64_t steps;                            /* of the first that was found */
    struct value_set values;                   /* of its scope, judged so far */
};

struct search {
    const struct gs_run *run;
    const struct gs_config *config;
    struct reference_result *result;

    /* Where things stand in a state's bytes: locals, monitors, spent budgets, side, then the mail. */
    size_t local_at[GS_NODES_MAX], monitor_at[REFERENCE_MONITORS_MAX], spent_at, side_at, mail_at;
    size_t entry_size; /* of mail: receiver's tag, sender's tag, message */

    unsigned property_count, monitor_count;
    struct judged judged[REFERENCE_PROPERTIES_MAX];
    bool monitor_on[REFERENCE_MONITORS_MAX]; /* part of the state */
    bool judges_quiescence, leaves_out_ignored;

    struct value_set states; /* in breadth-first order */
    uint64_t depth;          /* of the state being expanded */
    bool violated;           /* something was, in this level or before, that is not allowed to be */
    bool misbehaved;
    uint64_t misbehaved_steps;
};

/* Lays out the states of search->run. */
void ref_search_lay_out(struct search *search);

/* ---- A state's bytes ---- */

const struct gs_role *ref_node_role(const struct search *search, unsigned node);
size_t ref_node_local_size(const struct search *search, unsigned node);

uint8_t *ref_state_local(const struct search *search, const struct vector *state, unsigned node);
bool ref_state_is_up(const struct search *search, const struct vector *state, unsigned node);
void ref_state_set_up(const struct search *search, struct vector *state, unsigned node, bool up);
uint64_t ref_state_armed(const struct search *search, const struct vector *state, unsigned node);
void ref_state_disarm_all(const struct search *search, struct vector *state, unsigned node);
uint64_t ref_state_side(const struct search *search, const struct vector *state);
void ref_state_set_side(const struct search *search, struct vector *state, uint64_t side);
bool ref_state_link_is_cut(const struct search *search, const struct vector *state, unsigned from, unsigned to);
bool ref_state_has_budget(const struct search *search, const struct vector *state, enum gs_fault fault);
void ref_state_spend(const struct search *search, struct vector *state, enum gs_fault fault);

/* ---- Mail in flight: sorted in set and bag; in fifo channel by channel, oldest first ---- */

struct attempt;

size_t ref_mail_count(const struct search *search, const struct vector *state);
const uint8_t *ref_mail_entry(const struct search *search, const struct vector *state, size_t position);
static inline unsigned mail_receiver(const uint8_t *entry)
{
    return entry[0] - 1u;
}
static inline unsigned mail_sender(const uint8_t *entry)
{
    return entry[1] - 1u;
}
static inline const uint8_t *mail_message(const uint8_t *entry)
{
    return entry + 2;
}
/* Is this one an event of its own: the first of its equals (set, bag), the head of its channel (fifo)? */
bool ref_mail_is_next(const struct search *search, const struct vector *state, size_t position);
void ref_mail_take_out(const struct search *search, struct vector *state, size_t position);
void ref_mail_send(struct attempt *attempt, unsigned from, unsigned to, const uint8_t *message);
void ref_mail_empty_channels_into(const struct search *search, struct vector *state, unsigned node);

/* ---- A successor in the making ---- */

/* What became of it. The greater wins. */
enum fate { FATE_FINE, FATE_CUT_WITHIN, FATE_CUT_COPIES, FATE_CUT_CAPACITY, FATE_MISBEHAVED };

struct attempt {
    struct search *search;
    const struct vector *old; /* NULL: an initial state in the making */
    struct vector state;
    uint64_t movers;         /* bit per node whose step it is */
    struct vector announced; /* announcer's tag, type, value; one after the other */
    enum fate fate;
    uint64_t absorbed; /* sends */
    uint8_t action;    /* enum action */
    uint8_t type;      /* the model's event */
};

struct attempt ref_attempt_of(struct search *search, const struct vector *old, uint8_t action, uint8_t type);
struct attempt ref_attempt_copy(const struct attempt *attempt);
void ref_attempt_free(struct attempt *attempt);
void ref_attempt_worsen(struct attempt *attempt, enum fate fate);

/* Puts what a handler did into it: local state, sends, announcements. */
void ref_attempt_absorb(struct attempt *attempt, unsigned node, const struct outcome *outcome);

/* Gives START to the nodes (bit mask) in node order; concludes one attempt for each combination of their choices. */
void ref_attempt_start_nodes(const struct attempt *attempt, uint64_t nodes);

/* Decides what the finished attempt is: an initial state, a finding, cut, no step, or a transition; and files it. True
 * unless it is no step. */
bool ref_attempt_conclude(struct attempt *attempt);

/* ---- Events: each tries all of its kind from a state ---- */

/* True: one of them is a step, a finding, or was cut. */
bool ref_try_deliveries(struct search *search, const struct vector *state);
bool ref_try_timers(struct search *search, const struct vector *state);
bool ref_try_local_events(struct search *search, const struct vector *state);

void ref_try_duplicates(struct search *search, const struct vector *state);
void ref_try_drops(struct search *search, const struct vector *state);
void ref_try_hosts(struct search *search, const struct vector *state); /* crashes, restarts, reboots */
void ref_try_partitions(struct search *search, const struct vector *state);

/* ---- Monitors and properties ---- */

/* Which properties and monitors does the run look at, and may ignored deliveries be left out? */
void ref_judge_choose(struct search *search);
void ref_monitors_init(struct search *search, struct vector *state);
/* Feeds the attempt's announcements, then its steps. False: a monitor misbehaved. */
bool ref_monitors_feed(struct attempt *attempt);

void ref_judge_state(struct search *search, const struct vector *state, uint64_t depth);
/* Each of its movers, as a step from search->depth. */
void ref_judge_step(const struct attempt *attempt);
void ref_judge_quiescent_state(struct search *search, const struct vector *state);
void ref_judge_misbehaviour(struct search *search, uint64_t steps);
void ref_judge_decide(struct search *search);

/* ---- Where a staged search starts, and its verdicts after ref_judge_decide ---- */

void ref_stage_find(struct search *search);
void ref_stage_decide(struct search *search);

#endif
