/* Reading a recorded history from a file: JSON Lines, the log lines of Jepsen, the EDN of Knossos and Jepsen. */
#ifndef GAINSAY_HISTORY_READ_H
#define GAINSAY_HISTORY_READ_H

#include <jansson.h>

#include "cli/history_builder.h"

enum history_format { HISTORY_BY_CONTENT, HISTORY_JSONL, HISTORY_JEPSEN, HISTORY_EDN };

/* Reads the file at path ("-": standard input) into `file`, whose model is set. False: file->error, at error_line. */
bool history_read(const char *path, enum history_format format, struct recorded_file *file);

/* One format's reader: the whole text, which ends with a zero behind its size bytes and may be changed. */
bool history_read_jsonl(char *text, size_t size, struct recorded_file *file);
bool history_read_jepsen(char *text, size_t size, struct recorded_file *file);
bool history_read_edn(char *text, size_t size, struct recorded_file *file);

/* Does some line of the text look as Jepsen logs its events? */
bool history_is_jepsen(const char *text);

/* Appends a JSON value's encoding. An object is the list of its [NAME, VALUE], by name. False: it holds a number that
 * is no integer, or is nested too deeply. */
struct bytes;
bool history_value_from_json(const json_t *json, struct bytes *encoded);

#endif
