/* One history file on its way through `gainsay lin`: read, decided, made small. */
#ifndef GAINSAY_LIN_FILE_H
#define GAINSAY_LIN_FILE_H

#include <jansson.h>

#include "cli/history_read.h"
#include "properties/linearizability.h"

/* What to decide, the same for all files. */
struct lin_task {
    const struct gs_sequential *model;
    gs_value initial;
    const char *initial_text; /* as it was given; NULL: the model's own */
    enum history_format format;
    enum gs_consistency consistency;
    double deadline; /* on the monotonic clock; 0: none */
    size_t memory;   /* bytes for one file; 0: no limit */
    uint64_t effort; /* attempts, to make one file's contradiction small */
};

struct lin_file {
    const char *path;
    struct recorded_file recorded;
    bool is_read; /* else recorded.error */
    size_t operations;
    struct gs_decision decision;
    /* Of a decision that is inconsistent: what is left of its object, which the decision's indices are into. */
    struct gs_history small;
    size_t object_operations; /* of the object, before it was made small */
    double seconds;
};

/* Does all of it. What is not needed to report is freed. */
void lin_file_decide(const struct lin_task *task, struct lin_file *file);
void lin_file_free(struct lin_file *file);

/* Where an operation of `small` stands in the file. */
struct history_lines lin_file_lines(const struct lin_file *file, size_t small_index);

/* "linearizable", "not linearizable", "unknown"; of the other consistency "sequentially consistent", ... */
const char *lin_verdict(enum gs_consistency consistency, enum gs_decided decided);

/* ---- Reports of all files */

void lin_print_text(const struct lin_task *task, const struct lin_file *file);
json_t *lin_json(const struct lin_task *task, const struct lin_file *files, size_t count);
/* Owned by the caller. */
char *lin_html(const struct lin_task *task, const struct lin_file *files, size_t count);

#endif
