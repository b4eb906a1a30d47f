/* Trace files as the subcommands take them: loaded together with the protocol that they name. */
#ifndef GAINSAY_TRACE_SOURCE_H
#define GAINSAY_TRACE_SOURCE_H

#include "cli/run_options.h"
#include "traces/trace_file.h"

struct loaded_trace {
    const char *command;
    const char *protocol; /* of --protocol; NULL: what the file says */
    const char *property; /* of --property; NULL: what the file says */
    bool takes_foreign;   /* also files that name what the protocol does not have: the trace ends before that */
    const struct gs_extension *extensions[EXTENSIONS_MAX + 1]; /* borrowed by file */
    const char *path;
    struct trace_file *file;
    char error[TRACE_ERROR_SIZE]; /* of a file that cannot be loaded: why, or where that is said */
};

/* Sets loaded->file (command, protocol, property and takes_foreign are set before). Returns 0, or GS_BAD_INPUT after a
 * complaint. */
int trace_source_load(struct loaded_trace *loaded, const char *path);
/* What a trace that is written anew says of where it comes from: it names the protocol that it was loaded with. */
struct trace_file_info trace_source_origin(const struct loaded_trace *loaded);
void trace_source_free(struct loaded_trace *loaded);

#endif
