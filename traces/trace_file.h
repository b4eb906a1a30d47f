/* Trace files: JSON Lines, one object per line (header, starts, steps, end), as design.md, section 4, specifies. Read
 * by people and committed to repositories, so a reader believes nothing: whatever a line says is checked, and what it
 * says an event did is computed anew and compared. Paths in a file are relative to the file's own directory. */
#ifndef GAINSAY_TRACE_FILE_H
#define GAINSAY_TRACE_FILE_H

#include "traces/trace.h"

enum {
    TRACE_LINE_MAX = 16 << 20,  /* bytes; longer lines and files are refused */
    TRACE_FILE_MAX = 256 << 20, /* bytes */
    TRACE_ERROR_SIZE = 4096,    /* room for any error below */
    TRACE_NOTES_SIZE = 16384    /* room for the notes of a replay */
};

/* What a file says of a trace's origin. Zero: a shipped protocol, found without a seed. */
struct trace_file_info {
    const char *plugin;            /* path of the protocol's .c or .so, relative to the working directory */
    const char *const *extensions; /* paths of property files; NULL-terminated; may be NULL */
    bool has_seed;
    uint64_t seed;
};

/* ---- Writing ---- */

/* Can a file of that name be written? Leaves nothing behind, and what exists alone. False: a line in error. */
bool trace_file_is_writable(const char *path, char *error, size_t error_size);

/* Writes the trace, as replaying it shows what each event does. The file appears whole or not at all: what was there
 * before stays on failure. False: one line in error, that names the path. */
bool trace_file_write(const struct trace *trace, const char *path, const struct trace_file_info *info, char *error,
                      size_t error_size);

/* The same to an open stream, with paths relative to the working directory. False also when the stream fails. */
bool trace_file_print(const struct trace *trace, FILE *out, const struct trace_file_info *info, char *error,
                      size_t error_size);

/* ---- Reading ---- */

/* What a file's protocol and property files stand for; has to outlive the loaded file. */
struct trace_sources {
    const struct gs_model *model;
    const struct gs_extension *const *extensions; /* NULL-terminated; may be NULL */
    const char *property;                         /* to judge this one instead of the file's; NULL: the file's */
};

/* Finds the model named `protocol`, in the file `plugin` unless that is NULL, and the extensions in their files (NULL-
 * terminated, never NULL), all paths usable as they are. The model and the extensions must have passed their checks.
 * False: why, in error (empty: it has been said already). */
typedef bool trace_resolver(void *context, const char *protocol, const char *plugin, const char *const *extensions,
                            struct trace_sources *sources, char *error, size_t error_size);

struct trace_file; /* a loaded file */

/* Loads a file. NULL: one line in error, "FILE:LINE: reason" ("FILE: reason" if it cannot be read). */
struct trace_file *trace_file_read(const char *path, trace_resolver *resolve, void *context, char *error,
                                   size_t error_size);
void trace_file_free(struct trace_file *file);

const struct gs_run *trace_file_run(const struct trace_file *file);
const struct trace *trace_file_trace(const struct trace_file *file);
/* Was it written for the model of today: do its roles, fields and messages mean what the model's do? */
bool trace_file_is_of_today(const struct trace_file *file);
/* With paths as trace_file_write takes them. */
const struct trace_file_info *trace_file_origin(const struct trace_file *file);

/* What a file says of itself, whatever the protocol is today. */
struct trace_claim {
    const char *property; /* NULL: a sample */
    const char *kind;     /* "always", ..., "behaviour", "sample" */
    size_t steps;
};
struct trace_claim trace_file_claim(const struct trace_file *file);

/* Does the trace stand for all of the file? False: it names what the protocol does not have, and the trace ends before
 * that; "FILE:LINE: ..." in error. */
bool trace_file_is_known(const struct trace_file *file, char *error, size_t error_size);

/* The events of today that the file's lines mean, as a trace that was replayed: its property is violated (a goal: met;
 * of a sample all are steps). NULL: there are none. The caller frees it. */
struct trace *trace_file_meant(const struct trace_file *file);

struct reruns;

/* Searches the runs that are made of the file's events (reruns.h), and if none shows what the trace claims, those that
 * take a few other events too; *others: it was one of these. Of a file that names nothing foreign, and is no sample's.
 */
void trace_file_rerun(const struct trace_file *file, struct reruns *reruns, bool *others);

enum trace_outcome {
    TRACE_REPRODUCES, /* every line came out as the file says (for another model: the property is violated, or nothing
                         was claimed), exit 0 */
    TRACE_NO_LONGER,  /* every line came out, but the property is not violated (a goal: not met) at the end; or they did
                         not, and none of the trace's reruns violates it: reruns.h, exit 1 */
    TRACE_DIVERGED    /* an event is no step, or a line comes out otherwise than the file says, exit 1 */
};

struct trace_report {
    enum trace_outcome outcome;
    size_t line;                   /* of the file, where the first difference is; 0: none */
    size_t step;                   /* 0: before the first step */
    bool has_rerun;                /* DIVERGED: trace_file_rerun finds a run that shows what the trace claims */
    char field[200];               /* "sent[1].message.term"; "" if not about one */
    char reason[TRACE_ERROR_SIZE]; /* NO_LONGER, DIVERGED: "FILE:LINE: step 3: sent[1].message.term: ..."; REPRODUCES:
                                      "" */
    char notes[TRACE_NOTES_SIZE];  /* what a user should know all the same; lines, each ended by a newline */
};

/* Replays a loaded file and compares every line. */
enum trace_outcome trace_file_replay(const struct trace_file *file, struct trace_report *report);

#endif
