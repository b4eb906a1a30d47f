/* How the operations so far may have taken effect, in the making: a value of linearizations.h is unpacked into this,
 * changed by the events of a history, and packed again. Not for protocols. */
#ifndef GAINSAY_POSSIBILITIES_H
#define GAINSAY_POSSIBILITIES_H

#include "properties/asking.h"
#include "properties/linearizations.h"

enum { WORK_WORDS = 2048, WORK_POSSIBILITIES = 4096 };

enum { WORK_NEVER = 1, WORK_AFTER = 2 }; /* in work.after */

struct possibilities {
    size_t count;
    struct gs_possibility items[WORK_POSSIBILITIES];
};

struct work {
    const struct gs_run *run;
    const struct gs_sequential *model;
    struct asking asking;
    size_t word_count;
    struct gs_word words[WORK_WORDS];
    uint16_t after[WORK_WORDS][GS_OPEN_MAX]; /* the word after an open operation took effect, as take_effect has it, +
                                                2; WORK_NEVER: it cannot; 0: not asked yet */
    uint8_t open_count;
    struct gs_open_operation open[GS_OPEN_MAX];
    bool any_fits[GS_OPEN_MAX];        /* any answer does */
    struct possibilities now, reached; /* the value's own; scratch */
    struct possibilities kept;
};

/* The history is too wide: ends the monitor with a finding that says what: "more than ...". */
_Noreturn void work_give_up(const struct work *work, const char *what);

gs_span work_word_of(const struct work *work, uint16_t number);
uint16_t work_word_number(struct work *work, const struct gs_buffer *state);

/* Its place in the set, where it may have been already. */
size_t work_add(const struct work *work, struct possibilities *set, const struct gs_possibility *item);
/* `kept` becomes `now`. */
void work_take_kept(struct work *work);

/* Of a model by key: the key; else 0. */
uint8_t work_object_of(const struct work *work, uint8_t key);
/* Applies an open operation with that answer (NULL: unknown) to a state. */
bool work_apply(const struct work *work, gs_span state, const struct gs_open_operation *open,
                const struct gs_flat *answer, struct gs_buffer *next);
/* The same for open operation x, by the answer that it gave. */
bool work_answer(const struct work *work, gs_span state, size_t x, const struct gs_flat *answer,
                 struct gs_buffer *next);
/* After the open operations changed: what is known of them is had anew. */
void work_look_at_open(struct work *work);

/* The possibility after open operation o took effect in it, its answer not known yet. */
bool work_place(struct work *work, const struct gs_possibility *from, size_t o, struct gs_possibility *to);
/* Into `reached`: a possibility, then all that lead on from it by open operations of the set (a bit each) taking
 * effect. */
void work_reach(struct work *work, const struct gs_possibility *from, unsigned operations);
/* Does the answer fit the state in which open operation x took effect? */
bool work_fits(const struct work *work, const struct gs_possibility *possibility, size_t x,
               const struct gs_flat *answer);

#endif
