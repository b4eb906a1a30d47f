/* Breadth-first search, level by level, over states packed in keys. GS_PLANT in the checker's sources plants a fault
 * for tests/plant to catch; the Makefile defines it, 0 in every build that is used. */
#ifndef GAINSAY_SEARCH_H
#define GAINSAY_SEARCH_H

#include "checker/check.h"
#include "checker/judging.h"
#include "checker/levels.h"
#include "checker/state_store.h"

/* Transition lists beyond this are forgotten, and assembled again when needed. */
enum { SEARCH_LIST_BYTES_MAX = 1 << 29 };

enum { SEARCH_EVENTS = GS_EVENTS_MAX + ACTION_COUNT }; /* counters: model events by type, then actions */

/* One search. Made by search_init, freed by search_free; the numbers are read after search_run. */
struct search {
    const struct gs_run *run;
    const struct gs_config *config;
    uint64_t stops_on; /* bit per judged property (the built-in last) whose violation ends the search */
    struct engine engine;
    struct judging judging;
    struct explorer explorer;
    struct layout **layouts; /* all that were used; the last is the current one */
    size_t layout_count, layout_capacity;
    struct state_store store;
    struct levels levels;
    struct batch *batch;
    uint64_t key[KEY_WORDS_MAX]; /* of the state being explored */
    uint64_t depth;              /* of it */
    bool disturbed;              /* it has a delivery, timer or local event that is a step or was cut */
    uint64_t states, transitions, absorbed;
    uint64_t events[SEARCH_EVENTS], cuts[BOUND_COUNT];
    const char *against_reduction; /* why the reduction is off; NULL: it is on; "": it does not apply */
    size_t whole_levels;           /* so many levels have all their states */
    bool complete;
    char stopped[64]; /* "" or why the search ended early */
    bool halted;      /* a limit was met in mid-level */
    double began, seconds, reported;
};

/* against: a reason to do without the reduction `ignored`, or NULL. */
void search_init(struct search *search, const struct gs_run *run, const struct gs_config *config, uint64_t on,
                 uint64_t monitors_on, uint64_t stops_on, const char *against);
/* began: search_clock when the user began to wait. */
void search_run(struct search *search, double began);
void search_free(struct search *search);

/* Bytes of all tables now. */
size_t search_memory(const struct search *search);

/* Asks every running search to end: safe in a signal handler. */
void search_interrupt(void);
void search_clear_interrupt(void);

/* Wall-clock seconds of a monotonic clock. */
double search_clock(void);

#endif
