/* What a search found: verdicts, traces, counts, growth, memory. */
#ifndef GAINSAY_RESULT_H
#define GAINSAY_RESULT_H

#include "core/gainsay.h"

/* The numbers are the command's exit codes. */
enum gs_status { GS_HOLDS = 0, GS_VIOLATION = 1, GS_BAD_INPUT = 2, GS_INCOMPLETE = 3, GS_INTERNAL_ERROR = 4 };

enum gs_verdict {
    GS_VERDICT_NOT_CHECKED, /* reason says why */
    GS_VERDICT_PROVED,      /* a complete search (of a goal: it was met) */
    GS_VERDICT_BOUNDED,     /* a limit or an earlier violation stopped the search */
    GS_VERDICT_SAMPLED,     /* random runs only */
    GS_VERDICT_VIOLATED,
    GS_VERDICT_UNREACHED,  /* a goal that a complete search never met */
    GS_VERDICT_VACUOUS,    /* its scope or its premise never occurred */
    GS_VERDICT_PROVED_FROM /* a complete staged search: in all runs that begin as the trace does, behind its events */
};
extern const char *const gs_verdict_names[]; /* "not checked", "proved", ... by enum gs_verdict */

struct trace; /* opaque here */

struct gs_property_result {
    const struct gs_property *property; /* NULL: the built-in "well-behaved" */
    const char *name;
    enum gs_verdict verdict;
    bool allowed;              /* --allow'ed */
    char reason[400];          /* not checked, bounded, vacuous: why; violated: the explanation */
    uint64_t judged;           /* distinct scope values */
    uint64_t steps;            /* length of the trace; of a goal that was met too */
    const struct trace *trace; /* violated, or a witness; else NULL; owned by the result */
};

/* A count by name: times an event was taken, times a bound cut. */
struct gs_tally {
    char name[64];
    uint64_t times;
    bool only_ignored; /* a message never taken because its receivers ignore it, which the reduction leaves out */
};

/* ---- Growth: which parts of a state take the most distinct values, measured when a limit was met ---- */

enum { GS_GROWTH_POINTS = 16 };

enum gs_growth_kind {
    GS_GROWTH_LOCAL_STATE, /* of a node, as a whole */
    GS_GROWTH_INBOX,       /* of a node */
    GS_GROWTH_FIELD,       /* of a role's nodes together */
    GS_GROWTH_TIMERS,      /* those armed, likewise */
    GS_GROWTH_MONITOR,
    GS_GROWTH_FAULTS /* budgets spent, and the partition */
};
extern const char *const gs_growth_kind_names[]; /* "local state", "inbox", "field", ... by enum gs_growth_kind */

/* One part. Values are those of states that were reached. */
struct gs_growth_part {
    uint8_t kind, role;                /* role: of all but monitors and faults */
    char name[160];                    /* "server0", "server.log", "elected"; "" of faults */
    uint64_t values[GS_GROWTH_POINTS]; /* distinct values met up to each depth of gs_growth.depths */
    bool has_range, is_list;
    int64_t least, most; /* fields that are numbers: their values; lists: items; inboxes: messages at a time */
};

/* One type of message, in flight. */
struct gs_growth_message {
    const char *name;
    uint64_t distinct; /* (sender, receiver, contents) */
    uint64_t inboxes;  /* distinct inboxes that hold one or more */
    uint64_t most;     /* of the type in one inbox at a time */
};

struct gs_growth {
    bool measured;
    uint64_t every;                    /* only every so many states were looked at; 1: all. Else counts are low */
    bool cut;                          /* fields and messages: only the first of a node's values were looked at */
    uint64_t depths[GS_GROWTH_POINTS]; /* spread evenly, the last is the deepest; in ascending order */
    size_t point_count;
    uint64_t states[GS_GROWTH_POINTS]; /* met up to each depth */
    struct gs_growth_part *parts;      /* most values first */
    size_t part_count;
    struct gs_growth_message *messages; /* in flight at some time; those in most inboxes first */
    size_t message_count;
    uint64_t inboxes;     /* distinct ones, of all nodes */
    uint64_t in_flight;   /* most messages in flight at a time, to all nodes together */
    uint64_t whole_depth; /* the deepest level of which all states are known */
    uint64_t levels[4];   /* states at that depth and the three before it, deepest first; 0: there is none */
    double factors[3];    /* of each of these levels' states to those of the one before; 0: there is none */
    /* Of the whole search, if the factor goes on falling: evenly, or by shares, which is the most. 0: no end in sight.
     */
    double estimate_least, estimate_most;
};

/* ---- Memory, by what it is used for ---- */

enum gs_table {
    GS_TABLE_KEYS,           /* the store of states met */
    GS_TABLE_LEVELS,         /* the states once more, in the order met: what traces are made from */
    GS_TABLE_HALVES,         /* of keys that are kept as pairs of them */
    GS_TABLE_INTERNERS,      /* local states, inboxes, messages, announcements, effects, monitors' values, ... */
    GS_TABLE_REACTIONS,      /* what handlers did: reactions, branches, sends, choices, and what finds them */
    GS_TABLE_CONFIGURATIONS, /* of nodes: local states with their inboxes */
    GS_TABLE_LISTS,          /* what configurations can do next, and what messages make of them */
    GS_TABLE_PROPERTIES,     /* which scope values were judged, and how it came out */
    GS_TABLE_THREADS,        /* batches and caches of each thread */
    GS_TABLE_OUTGROWN,       /* tables that have been replaced while other threads read them: until the level ends */
    GS_TABLES
};
extern const char *const gs_table_names[]; /* "keys", "levels", ... by enum gs_table */

struct gs_memory {
    uint64_t bytes[GS_TABLES];
    uint64_t total; /* the sum */
};

struct gs_result {
    enum gs_status status;
    char error[512];                     /* GS_BAD_INPUT, GS_INTERNAL_ERROR: one line */
    const struct gs_run *run;            /* the run that was searched; owned by the result; NULL on bad input */
    uint64_t states, transitions, depth; /* staged: from there on */
    uint64_t from_at, from_steps;        /* events of config.from that lead to the start; those that are steps here */
    uint64_t local_states, inboxes, local_configurations, reactions, handler_calls;
    uint64_t absorbed; /* sends absorbed by --copies */
    uint64_t key_bits;
    uint64_t halves;         /* different ones of keys that are kept as pairs of them; 0: keys are whole */
    struct gs_memory memory; /* at the end of the search */
    uint64_t memory_bytes, bytes_per_state; /* all of that memory */
    double seconds;
    uint64_t peak_rss_bytes;
    unsigned threads;     /* that searched */
    bool complete;        /* every reachable state (within bounds) was seen */
    char stopped[64];     /* why not: "--max-states 1000", "a violation", "interrupted", ... */
    char reductions[160]; /* "ignored", or "none" with the reason it is off */
    struct gs_property_result *properties;
    size_t property_count;
    struct gs_tally *events; /* every event of the model and every fault, also those never taken */
    size_t event_count;
    struct gs_tally *cuts; /* bounds that cut something */
    size_t cut_count;
    const struct trace **samples; /* shortest first; owned by the result */
    size_t sample_count;
    char samples_note[120]; /* why there are fewer than asked for; "" */
    struct gs_growth growth;
};

#endif
