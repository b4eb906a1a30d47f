/* One case of a law being run, and what its runs share. Internal to the laws: nothing here is for authors. */
#ifndef GAINSAY_LAW_CASE_H
#define GAINSAY_LAW_CASE_H

#include "properties/law.h"

enum { LAW_FAILURE_SIZE = 400, LAW_NAME_MAX = 100, LAW_MARKS_MAX = GS_LAW_CHOICES_MAX };

/* Choices, in the order drawn. Shorter is simpler, then lower at the first that differs. */
struct law_choices {
    size_t count;
    uint64_t values[GS_LAW_CHOICES_MAX];
};

enum law_outcome { LAW_PASSED, LAW_FAILED, LAW_DISCARDED };

/* How a case ended. */
struct law_ending {
    enum law_outcome outcome;
    bool overran, timed_out;
    char failure[LAW_FAILURE_SIZE]; /* also says which failure it is: that of the case shrunk is the same */
};

struct gs_law {
    const struct gs_law_config *config;
    const char *name;
    const struct gs_run *run;
    const struct law_choices *given; /* replayed, zeroes behind its end; NULL: drawn from `random` */
    uint64_t random;                 /* SplitMix64's state */
    struct law_choices taken;
    size_t marks[LAW_MARKS_MAX], mark_count; /* where a list asked for one more: elements begin and end there */
    FILE *shown;                             /* arguments and notes; NULL: nobody looks */
    unsigned silent;                         /* drawing parts of something that is shown whole */
    bool discarded, overran;
};

/* One choice, 0 .. limit (included). `weight` of 256 is the chance of 0 where it is drawn at random, or LAW_SPREAD:
 * small numbers as often as large ones, and the limit now and then; or LAW_EVENLY. */
enum { LAW_SPREAD = -1, LAW_EVENLY = -2 };
uint64_t law_choose(struct gs_law *l, uint64_t limit, int weight);

/* Runs a case: given choices (NULL: drawn from the state `random`). l->taken is then what it took. */
struct law_ending law_run(struct gs_law *l, const struct law_choices *given, uint64_t random, FILE *shown);

bool law_simpler(const struct law_choices *a, const struct law_choices *b);
void law_choices_copy(struct law_choices *to, const struct law_choices *from);

/* Makes the failing case as simple as it gets, with the same failure. `best` holds its choices, before and after. */
void law_shrink(struct gs_law *l, struct law_choices *best, const char *failure, struct gs_law_result *result);

/* Past failures of the law in the directory, lowest file name first: `use` gets each until it returns false. A damaged
 * one is named in a line on `complaints` and left alone. */
void law_failures_each(const char *directory, const char *law, FILE *complaints,
                       bool (*use)(void *context, const char *path, const struct law_choices *choices), void *context);
/* Keeps one more; its path in `path`. False: it cannot be written, said on `complaints`. */
bool law_failures_keep(const char *directory, const char *law, const char *failure, const struct law_choices *choices,
                       FILE *complaints, char *path, size_t path_size);

/* The line that runs the law again, with a newline. */
void law_print_rerun(const struct gs_law *l, const char *seed, FILE *out);

#endif
