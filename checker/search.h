/* Breadth-first search, level by level, over states packed in keys. */
#ifndef GAINSAY_SEARCH_H
#define GAINSAY_SEARCH_H

#include "checker/ahead.h"
#include "checker/config.h"
#include "checker/crew.h"
#include "checker/halves.h"
#include "checker/judging.h"
#include "checker/levels.h"
#include "checker/result.h"
#include "checker/state_store.h"

/* What a search counts, or one thread of it. */
struct tally {
    uint64_t transitions, absorbed;
    uint64_t events[EVENT_COUNTERS], cuts[BOUND_COUNT];
    struct slept slept; /* not in the above yet */
};

struct stage;  /* see stage.h */
struct worker; /* one thread's part, see worker.h */

/* Who says how far it is when nobody explores (progress.c). */
struct watcher {
    pthread_t thread;
    pthread_cond_t ended;
    bool runs, ends;
    bool has_repeated;       /* what was said last was not news */
    struct gs_progress last; /* as said last */
    char phase[160];         /* what is being done, or "" */
    double phase_began;
};

/* What all threads do together while they have stopped (repacking.c). */
enum repacking { REPACKING_NOTHING, REPACKING_GROWS, REPACKING_FILLS, REPACKING_WIDENS, REPACKING_MAKES_ROOM };

/* One search. Made by search_init, freed by search_free; the numbers are read after search_run. */
struct search {
    const struct gs_run *run;
    const struct gs_config *config;
    const struct stage *stage; /* where it starts; NULL: at the beginning */
    uint64_t stops_on;         /* bit per judged property (the built-in last) whose violation ends the search */
    struct engine engine;
    struct judging judging;
    struct layout **layouts; /* all that were used; the last is the current one */
    size_t layout_count, layout_capacity;
    struct state_store store;
    struct halves halves; /* where the current layout is cut: the store and the levels keep pairs of their numbers */
    struct layout pairs;  /* of those */
    uint64_t try_halves_from; /* states at which it is worth trying whether halves pay */
    enum repacking repacking; /* while all have stopped */
    struct levels levels;
    struct ahead ahead; /* for the level being explored */
    struct crew crew;
    struct worker **workers;
    unsigned thread_count;
    uint64_t depth;            /* of the states being explored */
    _Atomic uint64_t states;   /* met so far */
    _Atomic uint64_t claimed;  /* of the level being explored, by some thread */
    _Atomic bool halted;       /* a limit was met in mid-level */
    uint64_t admitted;         /* states of the next level are met up to this rank by contents */
    _Atomic bool refused;      /* some were not */
    _Atomic bool wants_layout; /* a slot outgrew its width */
    _Atomic uint64_t repacked; /* blocks or sides that some thread packs anew */
    struct tally tally;
    const char *against_reduction; /* why the reduction is off; NULL: it is on; "": it does not apply */
    size_t whole_levels;           /* so many levels have all their states */
    bool complete;
    pthread_mutex_t limits; /* of stopped, reported, watcher and the calls of config.progress */
    struct watcher watcher;
    char stopped[64]; /* "" or why the search ended early */
    double began, seconds, reported;
    size_t resident_before; /* bytes of the process that are not the search's */
};

/* stage: NULL unless the search is staged. against: a reason to do without the reduction `ignored`, or NULL. */
void search_init(struct search *search, const struct gs_run *run, const struct gs_config *config,
                 const struct stage *stage, uint64_t on, uint64_t monitors_on, uint64_t stops_on, const char *against);
/* began: clock_seconds() when the user began to wait. */
void search_run(struct search *search, double began);
/* Gives the store of a search that has ended back: traces, samples and growth, which take memory too, are made from the
 * levels. */
void search_forget_store(struct search *search);
void search_free(struct search *search);

static inline const struct layout *search_layout(const struct search *search)
{
    return search->layouts[search->layout_count - 1];
}

/* Of keys as the store and new levels keep them. */
static inline const struct layout *search_kept_layout(const struct search *search)
{
    const struct layout *layout = search_layout(search);
    return layout->cut ? &search->pairs : layout;
}

/* Makes the first layout, before there is a state. */
void search_begin_layouts(struct search *search);

/* The lists of a profile that were only counted. */
uint64_t slept_lists(const struct slept *slept, uint32_t profile);

/* ---- Memory (memory.c) ---- */

/* Looks at what the process uses before the search has anything. */
void search_begin_memory(struct search *search);
/* Bytes of all tables now. Any thread. */
void search_measure_memory(struct search *search, struct gs_memory *memory);
/* Bytes that may still be used; SIZE_MAX: any number. What counts is what the process has come to use since
 * search_begin_memory, or its tables, whichever is more: what a table has not touched yet it may touch at any time.
 * What tables are about to take at once is not to be had any more. */
size_t search_spare_memory(struct search *search);

/* ---- Limits (limits.c) ---- */

/* Ends the search before its time; the first reason counts. */
void search_halt(struct search *search, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Halts at a limit that has been met; reports progress. Any thread, now and then. */
void search_look_at_limits(struct search *search);
void search_halt_for_memory(struct search *search);

/* ---- Progress (progress.c) ---- */

void search_begin_watch(struct search *search);
void search_end_watch(struct search *search);
/* Calls config.progress if it is time. Any thread, now and then. */
void search_report_progress(struct search *search, double seconds);
/* Nothing will be explored any more: what is said from now on is of the whole search. */
void search_end_exploring(struct search *search);
/* From here on something else than exploring is done, until search_end_phase. */
void search_begin_phase(struct search *search, const char *format, ...) __attribute__((format(printf, 2, 3)));
void search_end_phase(struct search *search);

/* Asks every running search to end: safe in a signal handler. */
void search_interrupt(void);
void search_clear_interrupt(void);
bool search_is_interrupted(void);

#endif
