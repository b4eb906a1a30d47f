/* What a run of a suite came to. */
#ifndef GAINSAY_SUITE_RESULT_H
#define GAINSAY_SUITE_RESULT_H

#include "cli/cases.h"
#include "cli/suite_jobs.h"
#include "cli/suite_plan.h"

enum { SUITE_GOT_SIZE = 40, SUITE_PROPERTIES_SIZE = 80 };

struct suite_result {
    const struct suite_run *run;
    struct case_group group;
    json_t *report; /* the subcommand's object; NULL: there is none */
    bool failed, has_states;
    char got[SUITE_GOT_SIZE];               /* for the table: "violated", "7 killed", "crashed" */
    char properties[SUITE_PROPERTIES_SIZE]; /* for the table: "4 proved, 1 bounded" */
    uint64_t states;
    double seconds;
};

/* Reads what an ended (or never begun) job has left. json_path: where it was to write its object; why_not: why what did
 * not run did not. */
void suite_result_read(struct suite_result *result, const struct suite_run *run, const struct suite_job *job,
                       const char *json_path, const char *why_not);
void suite_result_free(struct suite_result *result);

/* The run's command line as a shell takes it. Owned by the texts. */
const char *suite_result_command(const struct suite_run *run, struct texts *texts);

#endif
