/* A trace file in memory, shared by those who read and who compare it. */
#ifndef GAINSAY_TRACE_LOADED_FILE_H
#define GAINSAY_TRACE_LOADED_FILE_H

#include "traces/json_fields.h"
#include "traces/trace_file.h"

/* Something in a file that the protocol of today does not have. It is no reason to refuse the file: another version of
 * the protocol may have written it. */
struct trace_foreign {
    size_t line;       /* 0: there is none */
    size_t step;       /* 0: in the header or a start */
    char *reason;      /* "name: server0 has no local event \"vote\""; owned */
    struct event near; /* of a step: what could be read of it, without its message */
};

struct trace_file {
    char *path; /* as it was given */
    struct bytes bytes;
    size_t *ends;      /* where each line ends: the offset of its newline */
    size_t line_count; /* header, then one for each start and step, then the end */
    size_t start_lines, step_lines;
    enum trace_kind kind;  /* that the header says */
    const char *kind_name; /* the same in words; static */
    char *property;        /* that the header says; NULL: a sample; owned */
    struct gs_run *run;
    struct trace *trace;                /* its explanation is the header's */
    struct trace_foreign foreign_claim; /* the first in the header: then nothing can be judged */
    struct trace_foreign foreign_event; /* the first in a start or step, where the trace therefore ends */
    struct trace_file_info origin;      /* paths as they can be used from here; owned */
    bool is_same_model;
    char *notes; /* about what was read; lines; owned */
};

/* Parses a line (from 1). NULL: why, in error. The caller releases it. */
json_t *trace_line_parse(const struct trace_file *file, size_t line, char *error, size_t error_size);

/* The line (from 1) of an event: number 0 is a start, of that node; steps count from 1. 0: that node has no start. */
size_t trace_line_of(const struct trace_file *file, size_t number, gs_node node);

/* Adds "FILE:LINE: ..." to what a user should know. */
void trace_file_note(struct trace_file *file, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says that this line (1: the header) holds what the protocol does not have; the first one counts. near: may be NULL.
 */
void trace_file_set_foreign(struct trace_file *file, size_t line, size_t step, const struct event *near,
                            const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Makes the run and the trace, still without events, that a header asks for. False: the reason in reader->error. */
bool trace_header_read(struct trace_file *file, json_t *header, trace_resolver *resolve, void *context,
                       struct json_reader *reader);

/* A digest is 16 hex digits. */
bool trace_digest_read(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       uint64_t *digest);

/* The reader of a file's events. */
struct json_reader trace_file_reader(const struct trace_file *file, char *error, size_t error_size);

/* Reads the event of a line and appends it to the trace. False: what it names is foreign, which is remembered. */
bool trace_file_read_event(struct trace_file *file, struct trace *trace, size_t line, const json_t *json);

/* ---- Matching by meaning ---- */

/* The events of today that a file's lines mean. */
struct trace_match {
    struct trace *trace; /* all of them; else those before the first line that means none */
    bool is_whole;
    bool is_confirmed; /* replayed: the property is violated at the end, or nothing is claimed */
    char *notes;       /* what was guessed; lines */
};

/* Looks for events that are steps and mean what the lines say, such that the property is violated at the end if that
 * can be had. Free with trace_match_free. */
void trace_file_match(const struct trace_file *file, struct trace_match *match);
void trace_match_free(struct trace_match *match);

/* For a file written for another model: makes the events those of today that are meant. */
void trace_file_adapt(struct trace_file *file);

#endif
