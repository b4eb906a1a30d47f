/* Command lines of gainsay's own, each in a child process, some at a time: a plugin that crashes or hangs ends its
 * child and nothing else. */
#ifndef GAINSAY_SUITE_JOBS_H
#define GAINSAY_SUITE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/complain.h"

enum suite_job_state { JOB_WAITING, JOB_RUNNING, JOB_ENDED, JOB_NOT_RUN };

struct suite_job {
    /* Set before: */
    const struct name_list *arguments; /* [0] is the subcommand */
    const char *out_path, *err_path;   /* where it prints; made when it begins */
    bool takes_max_seconds;
    double max_seconds; /* its own; 0: none */
    /* Set by suite_jobs_run: */
    enum suite_job_state state;
    int status;         /* ended: as waitpid gives it */
    bool was_shortened; /* --max-seconds was what remained of the whole time, not its own */
    bool was_stopped;   /* by a signal: the whole time was over, or the user asked for it */
    double seconds;
    pid_t pid;
    double started, told; /* when; told: to end, 0 not yet */
};

struct suite_jobs {
    struct suite_job *items;
    size_t count;
    size_t parallel;              /* at most this many at a time */
    double max_seconds;           /* of all; 0: none */
    const char *directory;        /* they run here */
    const char *temporary;        /* and their TMPDIR is this one */
    void (*ended)(void *context); /* after each that ended or cannot run any more; NULL: nobody */
    void *context;
    bool interrupted; /* by SIGINT, SIGTERM or SIGHUP; the rest was not run */
};

/* Runs all; returns when none runs any more. */
void suite_jobs_run(struct suite_jobs *jobs);
#endif
