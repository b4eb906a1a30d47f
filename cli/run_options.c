/* The shared options. Numbers all go through one table; lists are kept as given until the protocol is known. */
#include "cli/run_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/numbers.h"
#include "cli/plugin.h"
#include "core/run.h"

enum key {
    KEY_PRESET = 256,
    KEY_SET,
    KEY_MUTANT,
    KEY_PROPERTY,
    KEY_NETWORK,
    KEY_COPIES,
    KEY_CAPACITY,
    KEY_CRASHES,
    KEY_RESTARTS,
    KEY_REBOOTS,
    KEY_DROPS,
    KEY_DUPLICATES,
    KEY_PARTITIONS,
    KEY_TIMEOUTS,
    KEY_MAX_STATES,
    KEY_MAX_DEPTH,
    KEY_MAX_SECONDS,
    KEY_MAX_MEMORY,
    KEY_ALLOW,
    KEY_STRICT,
    KEY_KEEP_GOING,
    KEY_NO_REDUCTIONS,
    KEY_AUDIT,
    KEY_THREADS,
    KEY_SEED,
    KEY_TRACE,
    KEY_WITNESS,
    KEY_SAMPLES,
    KEY_GROWTH,
    KEY_JSON,
    KEY_JUNIT,
    KEY_SARIF,
    KEY_QUIET,
    KEY_PROGRESS
};

static const struct argp_option configuration_options[] = {
    {.name = "preset", .key = KEY_PRESET, .arg = "PRESET", .doc = "Start from this preset (default: quick)"},
    {.name = "set",
     .key = KEY_SET,
     .arg = "NAME=VALUE",
     .flags = OPTION_REPEATABLE,
     .doc = "Set the protocol's option NAME (see: gainsay describe); repeatable"},
    {.name = "mutant",
     .key = KEY_MUTANT,
     .arg = "MUTANT",
     .flags = OPTION_REPEATABLE,
     .doc = "Switch a planted bug on; repeatable"},
    {.name = "property",
     .key = KEY_PROPERTY,
     .arg = "PROPERTY|FILE",
     .flags = OPTION_REPEATABLE,
     .doc = "Judge only the named properties; FILE.c or FILE.so: add that file's; repeatable"},
    {.name = "network",
     .key = KEY_NETWORK,
     .arg = "set|bag|fifo",
     .doc = "How messages travel (default: the preset's)"},
    {.name = "copies",
     .key = KEY_COPIES,
     .arg = "N",
     .doc = "At most N equal messages in flight (network bag; default: 1)"},
    {.name = "capacity",
     .key = KEY_CAPACITY,
     .arg = "N",
     .doc = "At most N messages in a channel (network fifo; default: 8)"},
    {0},
};

static const struct argp_option faults_options[] = {
    {.name = "crashes", .key = KEY_CRASHES, .arg = "N", .doc = "Nodes that stop and lose what is not durable"},
    {.name = "restarts", .key = KEY_RESTARTS, .arg = "N", .doc = "Crashed nodes that come back"},
    {.name = "reboots", .key = KEY_REBOOTS, .arg = "N", .doc = "Crash and restart in one event"},
    {.name = "drops", .key = KEY_DROPS, .arg = "N", .doc = "Messages lost"},
    {.name = "duplicates", .key = KEY_DUPLICATES, .arg = "N", .doc = "Messages delivered once more"},
    {.name = "partitions", .key = KEY_PARTITIONS, .arg = "N", .doc = "Splits of the network in two"},
    {.name = "timeouts", .key = KEY_TIMEOUTS, .arg = "N", .doc = "Timers that fire (default: unlimited)"},
    {0},
};

static const struct argp_option limits_options[] = {
    {.name = "max-states", .key = KEY_MAX_STATES, .arg = "N", .doc = "Stop after N states"},
    {.name = "max-depth", .key = KEY_MAX_DEPTH, .arg = "N", .doc = "Stop N steps from the start"},
    {.name = "max-seconds", .key = KEY_MAX_SECONDS, .arg = "S", .doc = "Stop after S seconds"},
    {.name = "max-memory", .key = KEY_MAX_MEMORY, .arg = "BYTES", .doc = "Stop at this size; takes K, M and G"},
    {0},
};

static const struct argp_option threads_options[] = {
    {.name = "threads",
     .key = KEY_THREADS,
     .arg = "N",
     .doc = "Search on N threads; what is found is the same for any number (default: one a core)"},
    {0},
};

static const struct argp_option search_options[] = {
    {.name = "allow",
     .key = KEY_ALLOW,
     .arg = "PROPERTY",
     .flags = OPTION_REPEATABLE,
     .doc = "This property may fail; repeatable"},
    {.name = "strict", .key = KEY_STRICT, .doc = "Incomplete when a bound cut anything"},
    {.name = "keep-going", .key = KEY_KEEP_GOING, .doc = "Search on after a violation until all is decided"},
    {.name = "no-reductions", .key = KEY_NO_REDUCTIONS, .doc = "Take every step, also those known not to matter"},
    {.name = "audit", .key = KEY_AUDIT, .doc = "Run every remembered reaction again at the end; each must do the same"},
    {.name = "seed", .key = KEY_SEED, .arg = "N", .flags = OPTION_HIDDEN},
    {0},
};

static const struct argp_option output_options[] = {
    {.name = "trace", .key = KEY_TRACE, .arg = "FILE", .doc = "Write the counterexample to FILE"},
    {.name = "witness",
     .key = KEY_WITNESS,
     .arg = "GOAL|all DIR",
     .flags = OPTION_REPEATABLE,
     .doc = "Write a shortest trace to this goal, or to each, into DIR; repeatable"},
    {.name = "samples",
     .key = KEY_SAMPLES,
     .arg = "N DIR",
     .doc = "Write N paths that were taken, of different lengths, into DIR: did it explore anything?"},
    {0},
};

static const struct argp_option report_options[] = {
    {.name = "growth", .key = KEY_GROWTH, .doc = "Say what takes the most distinct values, also when no limit was met"},
    {.name = "json",
     .key = KEY_JSON,
     .arg = "FILE",
     .doc = "Write the result as JSON; - is standard output, in place of the text"},
    {.name = "junit", .key = KEY_JUNIT, .arg = "FILE", .doc = "Write the result as JUnit XML, for CI systems"},
    {.name = "sarif", .key = KEY_SARIF, .arg = "FILE", .doc = "Write what failed as SARIF 2.1.0, for code scanning"},
    {.name = "quiet", .key = KEY_QUIET, .doc = "Print only the last line"},
    {.name = "progress", .key = KEY_PROGRESS, .doc = "Say how far it is also when standard error is no terminal"},
    {0},
};

/* ---- Numbers ---- */

enum { COUNT_MAX = 1000000 };

/* min 0 of an int: it is a budget, where 0 said is GS_NONE. */
struct number_option {
    enum key key;
    const char *name;
    size_t offset; /* in struct gs_config */
    uint64_t min, max;
    bool is_int; /* else uint64_t */
};

#define CONFIG(member) offsetof(struct gs_config, member)
static const struct number_option number_options[] = {
    {KEY_COPIES, "copies", CONFIG(copies), 1, 1000, true},
    {KEY_CAPACITY, "capacity", CONFIG(capacity), 1, 1000, true},
    {KEY_CRASHES, "crashes", CONFIG(budgets.crashes), 0, COUNT_MAX, true},
    {KEY_RESTARTS, "restarts", CONFIG(budgets.restarts), 0, COUNT_MAX, true},
    {KEY_REBOOTS, "reboots", CONFIG(budgets.reboots), 0, COUNT_MAX, true},
    {KEY_DROPS, "drops", CONFIG(budgets.drops), 0, COUNT_MAX, true},
    {KEY_DUPLICATES, "duplicates", CONFIG(budgets.duplicates), 0, COUNT_MAX, true},
    {KEY_PARTITIONS, "partitions", CONFIG(budgets.partitions), 0, COUNT_MAX, true},
    {KEY_TIMEOUTS, "timeouts", CONFIG(budgets.timeouts), 0, COUNT_MAX, true},
    {KEY_MAX_STATES, "max-states", CONFIG(max_states), 1, UINT64_MAX, false},
    {KEY_MAX_DEPTH, "max-depth", CONFIG(max_depth), 0, UINT64_MAX, false},
};
enum { NUMBER_OPTIONS = sizeof(number_options) / sizeof(*number_options) };

static error_t complain_of_number(const struct run_options *options, const struct number_option *number,
                                  const char *text)
{
    if (number->max == UINT64_MAX)
        complain(options->command, "--%s %s: a number from %llu on", number->name, text,
                 (unsigned long long)number->min);
    else
        complain(options->command, "--%s %s: a number from %llu to %llu", number->name, text,
                 (unsigned long long)number->min, (unsigned long long)number->max);
    return EINVAL;
}

static error_t set_number(struct run_options *options, const struct number_option *number, const char *text)
{
    uint64_t value;
    if (!number_parse(text, number->min, number->max, &value))
        return complain_of_number(options, number, text);
    void *member = (char *)&options->config + number->offset;
    if (number->is_int)
        *(int *)member = value ? (int)value : GS_NONE;
    else
        *(uint64_t *)member = value;
    if (number->key == KEY_MAX_DEPTH)
        options->config.max_depth_set = true;
    return 0;
}

/* Is the key that of a number? Then *error says whether it was one. */
static bool parse_number_option(struct run_options *options, int key, const char *text, error_t *error)
{
    for (size_t i = 0; i < NUMBER_OPTIONS; i++)
        if ((int)number_options[i].key == key) {
            *error = set_number(options, &number_options[i], text);
            return true;
        }
    return false;
}

/* ---- The groups ---- */

static error_t set_network(struct run_options *options, const char *name)
{
    struct name_list known = {0};
    for (int network = GS_SET; network <= GS_FIFO; network++) {
        name_list_add(&known, network_names[network]);
        if (strcmp(name, network_names[network]) == 0)
            options->config.network = (enum gs_network)network;
    }
    const bool found = name_list_has(&known, name);
    if (!found)
        complain_unknown(options->command, "--network", name, "network", &known);
    name_list_free(&known);
    return found ? 0 : EINVAL;
}

static error_t parse_configuration(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    error_t error;
    if (parse_number_option(options, key, text, &error))
        return error;
    switch (key) {
    case KEY_PRESET:
        options->config.preset = text;
        return 0;
    case KEY_SET:
        name_list_add(&options->settings, text);
        return 0;
    case KEY_MUTANT:
        name_list_add(&options->mutants, text);
        return 0;
    case KEY_PROPERTY:
        name_list_add(plugin_is_file(text) ? &options->property_files : &options->properties, text);
        return 0;
    case KEY_NETWORK:
        return set_network(options, text);
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t parse_faults(int key, char *text, struct argp_state *state)
{
    error_t error;
    return parse_number_option(state->input, key, text, &error) ? error : ARGP_ERR_UNKNOWN;
}

static error_t parse_limits(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    error_t error;
    if (parse_number_option(options, key, text, &error))
        return error;
    switch (key) {
    case KEY_MAX_SECONDS:
        if (number_parse_seconds(text, &options->config.max_seconds))
            return 0;
        complain(options->command, "--max-seconds %s: a number of seconds above 0, as 90 or 0.5", text);
        return EINVAL;
    case KEY_MAX_MEMORY:
        if (number_parse_bytes(text, &options->config.max_memory_bytes))
            return 0;
        complain(options->command, "--max-memory %s: a number of bytes from 1 on, as 800M or 4G", text);
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t parse_threads(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    uint64_t threads;
    if (key != KEY_THREADS)
        return ARGP_ERR_UNKNOWN;
    if (!number_parse(text, 1, 1024, &threads)) {
        complain(options->command, "--threads %s: a number from 1 to 1024", text);
        return EINVAL;
    }
    options->config.threads = (unsigned)threads;
    return 0;
}

static error_t parse_search(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case KEY_ALLOW:
        name_list_add(&options->allow, text);
        return 0;
    case KEY_STRICT:
        return options->config.strict = true, 0;
    case KEY_KEEP_GOING:
        return options->config.keep_going = true, 0;
    case KEY_NO_REDUCTIONS:
        return options->config.no_reductions = true, 0;
    case KEY_AUDIT:
        return options->config.audit = true, 0;
    case KEY_SEED:
        complain(options->command, "--seed %s: an exhaustive search takes no seed; leave it out", text);
        return EINVAL;
    }
    return ARGP_ERR_UNKNOWN;
}

/* --witness NAME DIR, --samples N DIR: argp knows options of one value only, so the second is taken from behind the
 * first. NULL: there is none, complained of. */
static const char *take_directory(const struct run_options *options, const char *option, const char *value,
                                  struct argp_state *state)
{
    if (state->next < state->argc && strncmp(state->argv[state->next], "--", 2) != 0)
        return state->argv[state->next++];
    complain(options->command, "--%s %s: needs a directory: --%s %s DIR", option, value, option, value);
    return NULL;
}

static error_t take_witness(struct run_options *options, const char *name, struct argp_state *state)
{
    const char *directory = take_directory(options, "witness", name, state);
    if (!directory)
        return EINVAL;
    name_list_add(&options->witnesses, name);
    name_list_add(&options->witness_directories, directory);
    options->config.witnesses = true;
    return 0;
}

static error_t take_samples(struct run_options *options, const char *text, struct argp_state *state)
{
    uint64_t samples;
    if (!number_parse(text, 1, GS_SAMPLES_MAX, &samples)) {
        complain(options->command, "--samples %s: a number from 1 to %d, and then a directory: --samples 5 DIR", text,
                 GS_SAMPLES_MAX);
        return EINVAL;
    }
    if (options->samples_directory) {
        complain(options->command, "--samples %s: it stands there twice; once is enough", text);
        return EINVAL;
    }
    options->config.samples = samples;
    options->samples_directory = take_directory(options, "samples", text, state);
    return options->samples_directory ? 0 : EINVAL;
}

static error_t parse_output(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case KEY_TRACE:
        options->trace_path = text;
        return 0;
    case KEY_WITNESS:
        return take_witness(options, text, state);
    case KEY_SAMPLES:
        return take_samples(options, text, state);
    }
    return ARGP_ERR_UNKNOWN;
}

int run_options_take_file(const struct run_options *options, const char *flag, const char *path, const char **taken)
{
    *taken = path;
    if (strcmp(path, "-") != 0)
        return 0;
    complain(options->command, "%s -: it goes to a file; name one", flag);
    return EINVAL;
}

static error_t parse_report(int key, char *text, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case KEY_JSON:
        options->json_path = text;
        return 0;
    case KEY_JUNIT:
        return run_options_take_file(options, "--junit", text, &options->junit_path);
    case KEY_SARIF:
        return run_options_take_file(options, "--sarif", text, &options->sarif_path);
    case KEY_GROWTH:
        return options->config.growth = true, 0;
    case KEY_QUIET:
        return options->quiet = true, 0;
    case KEY_PROGRESS:
        return options->progress = true, 0;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp configuration_argp = {.options = configuration_options, .parser = parse_configuration};
const struct argp faults_argp = {.options = faults_options, .parser = parse_faults};
const struct argp limits_argp = {.options = limits_options, .parser = parse_limits};
const struct argp threads_argp = {.options = threads_options, .parser = parse_threads};
const struct argp search_argp = {.options = search_options, .parser = parse_search};
const struct argp output_argp = {.options = output_options, .parser = parse_output};
const struct argp report_argp = {.options = report_options, .parser = parse_report};
