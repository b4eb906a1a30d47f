/* The history of a consensus, or of one per slot of a log: which values were proposed, who promised which ballot, who
 * voted for what, and what was decided. A monitor, fed by announcements, with what a property needs to ask it.
 *
 *     GS_CONSENSUS_HISTORY(history, ANNOUNCED)       at file scope; ANNOUNCED is the first of four announcements
 *
 *     gs_announce(s, ANNOUNCED + GS_VOTED, &(struct gs_voted){.ballot = b, .value = v});
 *
 *     .announcements = {GS_CONSENSUS_ANNOUNCEMENTS(ANNOUNCED)},
 *
 *     .monitors = {[HISTORY] = GS_CONSENSUS_MONITOR(history)},
 *
 *     .properties = {GS_AGREEMENT(HISTORY), ...}     properties/agreement.h and its neighbours
 *
 * A protocol without ballots announces only what it has. Values are 1 to GS_CONSENSUS_VALUES_MAX; 0 is no value: in a
 * slot, a no-op. Slots count from 1; a consensus on one value leaves them 0. */
#ifndef GAINSAY_CONSENSUS_H
#define GAINSAY_CONSENSUS_H

#include "core/gainsay.h"

enum { GS_CONSENSUS_VALUES_MAX = 15, GS_CONSENSUS_VOTES_MAX = 96, GS_CONSENSUS_DECISIONS_MAX = 16 };

/* ---- Announcements ----------------------------------------------------------------------------------------------- */

enum gs_consensus_announcement { GS_PROPOSED, GS_PROMISED, GS_VOTED, GS_DECIDED };

struct gs_proposed { /* a client wants this value decided */
    uint8_t value;
};
struct gs_promised { /* who announces it will vote in no ballot below */
    uint8_t ballot;
};
struct gs_voted { /* who announces it has accepted the value in the ballot, 1 or more. It promises the ballot, too */
    uint8_t slot, ballot, value;
};
struct gs_decided { /* who announces it has learnt that the value is chosen */
    uint8_t slot, value;
};
extern const struct gs_field gs_proposed_fields[], gs_promised_fields[], gs_voted_fields[], gs_decided_fields[];

#define GS_CONSENSUS_ANNOUNCEMENTS(first)                                                                          \
    [(first) +                                                                                                     \
        GS_PROPOSED] = {.name = "proposed", .size = sizeof(struct gs_proposed), .fields = gs_proposed_fields},     \
        [(first) +                                                                                                 \
            GS_PROMISED] = {.name = "promised", .size = sizeof(struct gs_promised), .fields = gs_promised_fields}, \
        [(first) + GS_VOTED] = {.name = "voted", .size = sizeof(struct gs_voted), .fields = gs_voted_fields},      \
        [(first) + GS_DECIDED] = {.name = "decided", .size = sizeof(struct gs_decided), .fields = gs_decided_fields}

/* ---- The history ------------------------------------------------------------------------------------------------- */

struct gs_promise_kept {
    gs_node by;
    uint8_t ballot; /* the largest it has promised or voted in */
};
struct gs_votes {
    uint8_t slot, ballot, value;
    gs_node_set voters; /* who has ever voted so */
};
/* Lists are sorted: equal histories are equal bytes. */
struct gs_consensus {
    uint16_t proposed; /* bit v: value v was proposed */
    uint16_t vote_count;
    uint8_t promise_count, decision_count;
    struct gs_promise_kept promises[GS_NODES_MAX];
    struct gs_votes votes[GS_CONSENSUS_VOTES_MAX];           /* by slot, ballot, value */
    struct gs_decided decisions[GS_CONSENSUS_DECISIONS_MAX]; /* by slot, value; each once */
};
extern const struct gs_field gs_consensus_fields[];

/* Takes one announcement into the history. More votes or decisions than it has room for are a finding. */
void gs_consensus_add(const struct gs_run *run, struct gs_consensus *history, gs_node by,
                      enum gs_consensus_announcement kind, const void *announced);

/* Defines the monitor's function of that name for a protocol whose four announcements begin with `first`. */
#define GS_CONSENSUS_HISTORY(function, first)                                                                   \
    static void function(const struct gs_run *run, void *value, gs_node by, int announcement, const void *what) \
    {                                                                                                           \
        if (announcement >= (first) && announcement <= (first) + GS_DECIDED)                                    \
            gs_consensus_add(run, value, by, (enum gs_consensus_announcement)(announcement - (first)), what);   \
    }
#define GS_CONSENSUS_MONITOR(function)                                                                                 \
    {                                                                                                                  \
        .name = "history", .size = sizeof(struct gs_consensus), .fields = gs_consensus_fields, .announced = (function) \
    }

#endif
