/* One thread's part of a search: it explores states of the level, gathers their successors in batches, probes the store
 * and judges what is new. */
#ifndef GAINSAY_WORKER_H
#define GAINSAY_WORKER_H

#include "checker/contents.h"
#include "checker/pairing.h"
#include "checker/search.h"
#include "checker/settled.h"

enum { RECENT_SIZE = 1 << 14 /* keys: an eighth of a usual second-level cache */ };

/* Successors waiting for their buckets. */
struct batch {
    unsigned count;
    struct state_place places[BATCH_SIZE];
    struct look looks[BATCH_SIZE];
    struct sleep sleeps[BATCH_SIZE];
    struct novelty novelties[BATCH_SIZE];
    uint64_t keys[BATCH_SIZE * KEY_WORDS_MAX]; /* words of each, densely */
    uint64_t recent[RECENT_SIZE];              /* keys gathered lately, by the low bits of their hashes; 0: none */
    struct pairing pairing;                    /* where keys are cut in halves */
};

struct worker {
    struct search *search;
    unsigned index; /* 0 is the leader */
    pthread_t thread;
    struct explorer explorer;
    struct batch batch;
    struct settled settled;
    const struct layout *layout; /* of key and of the batch */
    uint64_t key[KEY_WORDS_MAX]; /* of the state being explored */
    uint64_t pair;               /* the same as the pair of its halves; 0: unknown, or it has none */
    bool disturbed;              /* it has a delivery, timer or local event that is a step or was cut */
    struct level met;            /* new states, of the next level */
    uint64_t explored, flushes;  /* states and batches, for looking at the limits now and then */
    struct contents contents;    /* for ranks, where the search admits some only */
    struct tally tally;
    _Atomic uint64_t transitions; /* as of a moment ago, for progress */
    _Atomic size_t memory;        /* of met, as of a moment ago */
};

struct worker *worker_new(struct search *search, unsigned index);
void worker_free(struct worker *worker);
/* Adds its bytes to those by table (enum gs_table). */
void worker_measure_memory(const struct worker *worker, uint64_t *bytes);
/* Of all threads, as of a moment ago. */
uint64_t search_transitions(const struct search *search);

/* Takes part in exploring the level of search.depth until nothing of it is left. */
void worker_explore_level(struct worker *worker);
/* Forgets what it has counted of the level, which is explored once more: all that it gathers may be new. */
void worker_begin_again(struct worker *worker);
/* Meets an initial state. */
void worker_meet_initial(struct worker *worker, const uint32_t *values);

#endif
