/* What CI systems read: cases as JUnit XML, as SARIF, as annotations of a GitHub workflow. */
#ifndef GAINSAY_CASE_OUTPUTS_H
#define GAINSAY_CASE_OUTPUTS_H

#include <stdio.h>

#include "cli/cases.h"

/* The groups of one command. */
struct case_report {
    const char *name; /* of the suite, or the protocol */
    const struct case_group *const *groups;
    size_t count;
    double seconds;
};

struct case_outputs {
    const char *junit_path, *sarif_path; /* NULL: not asked for */
    FILE *annotations;                   /* where they go if GITHUB_ACTIONS=true; NULL: nowhere */
};

/* Is there anything to write? */
bool case_outputs_are_wanted(const struct case_outputs *outputs);

/* Writes what is asked for; files appear whole or not at all. Returns 0, or GS_BAD_INPUT after a complaint. */
int case_outputs_write(const char *command, const struct case_outputs *outputs, const struct case_report *report);

/* The report as XML; *size in bytes. Owned by the caller. */
char *junit_text(const struct case_report *report, size_t *size);

/* The report as a SARIF 2.1.0 object. Owned by the caller. */
json_t *sarif_object(const struct case_report *report);

/* Does a GitHub workflow read our standard output? */
bool annotations_are_read(void);
/* A line for each case that failed. */
void annotations_print(const struct case_report *report, FILE *out);
/* One line, of the workflow command `level` ("error", "notice"). path: NULL or as given; line: 0 is none. */
void annotation_print(FILE *out, const char *level, const char *path, unsigned line, const char *title,
                      const char *message);

/* A path as the repository knows it: from its root if that is known (GITHUB_WORKSPACE). Owned by the texts. */
const char *repository_path(const char *path, struct texts *texts);

#endif
