/* The options that subcommands share: which run (configuration), how far (limits), how it is searched, and where what
 * is found goes. Each group is an argp to put among a subcommand's children; its input is a struct run_options. */
#ifndef GAINSAY_RUN_OPTIONS_H
#define GAINSAY_RUN_OPTIONS_H

#include <argp.h>

#include "checker/check.h"
#include "cli/complain.h"

enum { EXTENSIONS_MAX = 16 };

struct loaded_trace; /* trace_source.h */

struct run_options {
    const char *command;   /* set before parsing; for complaints */
    const char *protocol;  /* PROTOCOL, FILE.c or FILE.so; NULL: not given */
    const char *may_allow; /* a further name that --allow takes; NULL: none */
    struct name_list settings, mutants, properties, property_files, allow;
    const struct gs_extension *extensions[EXTENSIONS_MAX + 1]; /* the property files, loaded; NULL-terminated */
    struct gs_config config;                                   /* all but the lists, which run_options_load puts in */
    struct name_list witnesses, witness_directories;           /* goals or "all"; where the traces to them go */
    const char *samples_directory;                             /* NULL: no samples */
    const char *trace_path, *json_path, *junit_path, *sarif_path;
    const char *long_trace_path; /* fuzz: of failing runs as they were found */
    bool quiet, progress;
    struct loaded_trace *from; /* --from, whose path is config.from_name; NULL: none, or not loaded yet; owned */
};

extern const struct argp configuration_argp; /* --preset ... --capacity */
extern const struct argp faults_argp;        /* --crashes ... --timeouts */
extern const struct argp limits_argp;        /* --max-states ... */
extern const struct argp threads_argp;       /* --threads */
extern const struct argp search_argp;        /* --allow ... */
extern const struct argp output_argp;        /* --trace, --witness, --samples */
extern const struct argp report_argp;        /* --growth, --json, --junit, --sarif, --quiet, --progress */

/* Loads the property files and completes config for a model; all names in it are then known to exist. Returns 0, or
 * GS_BAD_INPUT after a complaint. */
int run_options_load(struct run_options *options, const struct gs_model *model);
/* Is a witness of this goal asked for? */
bool run_options_want_witness(const struct run_options *options, const char *goal);
/* Takes the value of an option whose output goes to a file only. Returns 0, or EINVAL after a complaint. */
int run_options_take_file(const struct run_options *options, const char *flag, const char *path, const char **taken);
void run_options_free(struct run_options *options);

/* Their headings in a subcommand's help. */
#define CONFIGURATION_HEADING "Which run:"
#define FAULTS_HEADING "How many faults it may have (default: the preset's; 0: none):"
#define LIMITS_HEADING "How far:"
#define THREADS_HEADING "How fast:"
#define SEARCH_HEADING "How it is searched and judged:"
#define OUTPUT_HEADING "Which traces are written:"
#define REPORT_HEADING "How it is reported:"

#endif
