/* What a suite file asks for: a run per section, each the command line of a subcommand and what it is to come to. */
#ifndef GAINSAY_SUITE_PLAN_H
#define GAINSAY_SUITE_PLAN_H

#include <stdint.h>

#include "cli/complain.h"
#include "cli/suite_file.h"

enum { SUITE_JOBS_MAX = 1024 };

struct argp;

enum suite_expectation { EXPECT_HOLDS, EXPECT_VIOLATED, EXPECT_INCOMPLETE, EXPECT_FIXED };

/* What a run may be: the subcommand that does it and the keys it takes. */
struct suite_kind {
    const char *key;                  /* says what to run: check = PROTOCOL */
    const char *command;              /* the subcommand */
    const char *operand_key;          /* a further key whose values are arguments, or NULL */
    const struct argp *const *groups; /* its options, each a key; NULL-terminated */
    const char *const *own_keys;      /* keys that are not passed on; NULL-terminated */
    unsigned expectations;            /* which it may have: bits by enum suite_expectation */
    enum suite_expectation expected;  /* unless `expect` says otherwise */
    bool takes_max_seconds;
    int (*check)(int argc, char **argv); /* the subcommand without its work; NULL: there is none */
};
extern const struct suite_kind suite_check, suite_fuzz, suite_mutants, suite_traces;

struct suite_run {
    const struct suite_kind *kind;
    const char *name, *subject; /* subject: protocol, file or directory, as the file has it */
    unsigned line;
    struct name_list arguments; /* [0]: the subcommand */
    enum suite_expectation expect;
    struct name_list violates; /* exactly these; empty: any */
    bool has_steps;
    uint64_t steps;     /* if has_steps: of the shortest counterexample */
    double max_seconds; /* its own limit; 0: none */
};

struct suite_plan {
    const struct suite_file *file;
    const char *name;
    double max_seconds; /* 0: none */
    uint64_t jobs;      /* 0: not said */
    struct suite_run *runs;
    size_t count, capacity;
    struct texts texts;
};

/* The plan of a file, which has to outlive it. False after a complaint; suite_plan_free is due in any case. */
bool suite_plan_make(struct suite_plan *plan, const struct suite_file *file);
void suite_plan_free(struct suite_plan *plan);

/* Does its command line have this option ("--threads")? */
bool suite_run_says(const struct suite_run *run, const char *option);

/* How many threads a run is to search with where so many run at a time: its share of the cores. 0: none is to be said,
 * since its section does so, or it does not search. */
unsigned suite_run_threads(const struct suite_run *run, size_t parallel);

/* What it is to come to, in a word: "holds", "killed". */
const char *suite_expected_word(const struct suite_run *run);

/* A path of the file's, usable in this process' working directory. */
const char *suite_plan_path(struct suite_plan *plan, const char *path);

#endif
