/* A suite file's text: sections of keys with their lines. What they mean is suite_plan.h's. */
#ifndef GAINSAY_SUITE_FILE_H
#define GAINSAY_SUITE_FILE_H

#include <stdbool.h>

#include "cli/texts.h"

enum { SUITE_LINES_MAX = 100000, SUITE_NAME_MAX = 48 /* bytes; inih keeps no more of a section's name */ };

struct suite_entry {
    const char *key, *value;
    unsigned line;
};

struct suite_section {
    const char *name; /* "" before the first heading */
    unsigned line;
    struct suite_entry *entries;
    size_t count, capacity;
};

struct suite_file {
    const char *path;      /* as given */
    const char *directory; /* that holds it; what it names is relative to it */
    struct suite_section *sections;
    size_t count, capacity;
    struct texts texts; /* owns all of the above */
};

/* Reads `path`, which has to outlive the file. Section names are well formed and each there once, keys and values are
 * not empty. False after a complaint; suite_file_free is due in any case. */
bool suite_file_read(struct suite_file *file, const char *path);
void suite_file_free(struct suite_file *file);

/* Complains of a line: "gainsay: suite: FILE:LINE: ...". Returns GS_BAD_INPUT. */
int suite_complain(const struct suite_file *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
