/* A trace file in memory, shared by those who read and who compare it. */
#ifndef GAINSAY_TRACE_LOADED_FILE_H
#define GAINSAY_TRACE_LOADED_FILE_H

#include "traces/json_fields.h"
#include "traces/trace_file.h"

struct trace_file {
    char *path; /* as it was given */
    struct bytes bytes;
    size_t *ends;      /* where each line ends: the offset of its newline */
    size_t line_count; /* header, then one for each start and step, then the end */
    struct gs_run *run;
    struct trace *trace;           /* its explanation is the header's */
    struct trace_file_info origin; /* paths as they can be used from here; owned */
    bool is_same_model;
    char *notes; /* about what was read; lines; owned */
};

/* Parses a line (from 1). NULL: why, in error. The caller releases it. */
json_t *trace_line_parse(const struct trace_file *file, size_t line, char *error, size_t error_size);

/* The line (from 1) of an event: number 0 is a start, of that node; steps count from 1. */
size_t trace_line_of(const struct trace_file *file, size_t number, gs_node node);

/* Adds "FILE:LINE: ..." to what a user should know. */
void trace_file_note(struct trace_file *file, size_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes the run and the trace, still without events, that a header asks for. False: the reason in reader->error. */
bool trace_header_read(struct trace_file *file, json_t *header, trace_resolver *resolve, void *context,
                       struct json_reader *reader);

/* A digest is 16 hex digits. */
bool trace_digest_read(const struct json_reader *reader, const struct json_place *place, const json_t *json,
                       uint64_t *digest);

/* For a file written for another model: makes the events' messages those in flight that mean the same. */
void trace_file_adapt(struct trace_file *file);

#endif
