/* What a run came to, as cases that passed or did not: a case per property, mutant or trace. Reports for people, JUnit,
 * SARIF and annotations are all written from these. */
#ifndef GAINSAY_CASES_H
#define GAINSAY_CASES_H

#include <jansson.h>
#include <stdint.h>

#include "cli/complain.h"
#include "cli/texts.h"

enum case_outcome {
    CASE_PASSED,
    CASE_SKIPPED, /* nothing is claimed and nothing is wrong: not checked, allowed, cut short as expected */
    CASE_FAILED,  /* not as expected */
    CASE_ERROR    /* no answer: a crash, bad input, not run */
};

/* Name of the case that is about a whole run. */
#define CASE_OF_RUN "(run)"

struct test_case {
    const char *name; /* property, mutant, trace, or CASE_OF_RUN */
    enum case_outcome outcome;
    const char *type;     /* one or two words: "violated", "incomplete", "diverged" */
    const char *message;  /* one line; "" if there is nothing to say */
    const char *detail;   /* text of many lines (a counterexample, what a child printed), or NULL */
    const char *trace;    /* file that the counterexample was written to, or NULL */
    const char *property; /* that it is about, or NULL */
    const char *claim;    /* of the property, or NULL */
    double seconds;       /* below 0: not known of its own */
};

struct case_group {
    const char *name;     /* of the run */
    const char *protocol; /* NULL: not known */
    const char *path;     /* the file to look at, NULL: none; as given, relative to the working directory */
    unsigned line;        /* in it; 0: none */
    double seconds;
    struct test_case *items;
    size_t count, capacity;
    struct texts texts; /* owns the strings of the cases that are not borrowed */
};

/* Adds a case of this name, passed, and without anything else. */
struct test_case *cases_add(struct case_group *group, const char *name);
/* A copy of a text that lives as long as the group; NULL stays NULL. */
const char *cases_text(struct case_group *group, const char *text);
/* How many are worse than skipped. */
size_t cases_failed(const struct case_group *group);
void cases_free(struct case_group *group);

/* "8 killed, 2 holds": how many items of an array came to what, by that member; NULL: by cases_trace_word. */
void cases_count(const json_t *items, const char *member, char *text, size_t size);

/* A member that is a string; "" if it is none. Borrowed. */
const char *json_text_of(const json_t *object, const char *name);

/* ---- Answers of the subcommands ---- */

/* What a search is to come to. */
enum check_outcome { CHECK_HOLDS, CHECK_VIOLATED, CHECK_INCOMPLETE };
struct check_expectation {
    enum check_outcome outcome;
    const struct name_list *violates; /* CHECK_VIOLATED: exactly these; NULL or empty: any */
    bool has_steps;
    uint64_t steps; /* CHECK_VIOLATED, if has_steps: of the shortest counterexample */
};

/* Adds a case for each property of a report (`gainsay check --json`), and CASE_OF_RUN if the whole is not as expected
 * though every property is. */
void cases_add_check(struct case_group *group, const json_t *report, const struct check_expectation *expected);

/* The same of random runs (`gainsay fuzz --json`). A further failure of a property has a case of its own. */
void cases_add_fuzz(struct case_group *group, const json_t *report, const struct check_expectation *expected);
/* The case of a failure, by its index in the report's `failures`: "consistent", "consistent.2", ... Owned by the texts.
 */
const char *cases_failure_name(const json_t *report, size_t index, struct texts *texts);

/* Adds a case for each mutant and each search without one (`gainsay mutants --json`): killed, holds. */
void cases_add_mutants(struct case_group *group, const json_t *answer);

/* Adds a case for each trace (`gainsay replay --json`): it reproduces, or if is_fixed, it violates no longer. */
void cases_add_traces(struct case_group *group, const json_t *answer, bool is_fixed);
/* The word for a trace's outcome: "reproduced", "fixed", "no longer met", "diverged", "bad input". */
const char *cases_trace_word(const json_t *trace);

#endif
