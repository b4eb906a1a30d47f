/* From the events that a file tells to a history: who has what in flight, and whether that makes sense. Every format's
 * reader feeds one. */
#ifndef GAINSAY_HISTORY_BUILDER_H
#define GAINSAY_HISTORY_BUILDER_H

#include "properties/history.h"
#include "properties/numbering.h"

enum event_type { EVENT_INVOKE, EVENT_OK, EVENT_FAIL, EVENT_INFO, EVENT_TYPES };
extern const char *const event_type_names[]; /* "invoke", "ok", "fail", "info" */

struct history_event {
    size_t line;
    int64_t client;
    enum event_type type;
    const char *function;
    gs_value key, value;   /* borrowed */
    bool is_unconstrained; /* ok, but what it answered says nothing */
};

/* Where an operation stands in its file. */
struct history_lines {
    size_t invoked, returned; /* returned 0: nowhere */
};

enum { HISTORY_ERROR_SIZE = 512 };

/* A file's history with what else is known of it. Zero it, set model. */
struct recorded_file {
    const struct gs_sequential *model;
    struct gs_history history;
    struct history_lines *lines; /* by operation */
    size_t line_capacity;
    struct numbering clients;
    struct client_state *client_states; /* by number */
    size_t client_capacity;
    size_t failed;     /* operations that took no effect */
    size_t error_line; /* 0: of the file as a whole */
    char error[HISTORY_ERROR_SIZE];
};

/* False: error says why and how to mend it. */
bool recorded_file_add(struct recorded_file *file, const struct history_event *event);
/* Sets the error; returns false. */
bool recorded_file_refuse(struct recorded_file *file, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void recorded_file_free(struct recorded_file *file);

#endif
