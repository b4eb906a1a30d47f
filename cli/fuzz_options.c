/* Which runs and how they are drawn. The line that reruns a failure is the command as it was given, without what does
 * not matter to one run. */
#include "cli/fuzz_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/numbers.h"
#include "cli/stage_options.h"
#include "core/die.h"

enum key {
    KEY_SEED = 1024,
    KEY_RUNS,
    KEY_RUN,
    KEY_STEPS,
    KEY_MAX_SECONDS,
    KEY_STRATEGY,
    KEY_PCT_DEPTH,
    KEY_MAX_FAILURES,
    KEY_AUDIT,
    KEY_ALLOW,
    KEY_STRICT,
    KEY_THREADS,
    KEY_SHRINK_SECONDS,
    KEY_TRACE,
    KEY_LONG_TRACE,
    KEY_JSON,
    KEY_JUNIT,
    KEY_SARIF,
    KEY_QUIET,
    KEY_PROGRESS
};

static const struct argp_option runs_options[] = {
    {.name = "seed", .key = KEY_SEED, .arg = "SEED", .doc = "Any word or number, as a commit id (default: 1)"},
    {.name = "runs",
     .key = KEY_RUNS,
     .arg = "N",
     .doc = "Runs at most (default: 10000; with --max-seconds: any number)"},
    {.name = "run", .key = KEY_RUN, .arg = "N", .doc = "Only the run of this number, from 0"},
    {.name = "steps",
     .key = KEY_STEPS,
     .arg = "N",
     .doc = "Steps of a run at most (default: 1000, with a clock 1000000)"},
    {.name = "max-seconds", .key = KEY_MAX_SECONDS, .arg = "S", .doc = "Stop after S seconds"},
    {.name = "max-failures",
     .key = KEY_MAX_FAILURES,
     .arg = "N",
     .doc = "Stop at the N-th different failure (default: 1)"},
    {0},
};

static const struct argp_option draw_options[] = {
    {.name = "strategy",
     .key = KEY_STRATEGY,
     .arg = "portfolio|uniform|pct|swarm",
     .doc = "How the next event is drawn; portfolio: the three others by turns (default)"},
    {.name = "pct-depth",
     .key = KEY_PCT_DEPTH,
     .arg = "N",
     .doc = "Strategy pct: depth of the bugs looked for (default: 3)"},
    {.name = "allow",
     .key = KEY_ALLOW,
     .arg = "PROPERTY",
     .flags = OPTION_REPEATABLE,
     .doc = "This property may fail; repeatable"},
    {.name = "strict", .key = KEY_STRICT, .doc = "Incomplete when a bound cut anything"},
    {.name = "shrink-seconds",
     .key = KEY_SHRINK_SECONDS,
     .arg = "S",
     .doc = "Shrink each failure for at most S seconds (default: 10); 0: report it as it was found"},
    {.name = "audit",
     .key = KEY_AUDIT,
     .doc = "Run everything twice, the second time with nothing remembered; each step must be the same"},
    {.name = "threads",
     .key = KEY_THREADS,
     .arg = "N",
     .doc = "Run on N threads; what is found is the same for any number (default: one a core)"},
    {0},
};

static const struct argp_option report_options[] = {
    {.name = "trace", .key = KEY_TRACE, .arg = "FILE", .doc = "Write the trace of the failure, shrunk, to FILE"},
    {.name = "long-trace", .key = KEY_LONG_TRACE, .arg = "FILE", .doc = "Write the whole failing run to FILE"},
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

enum { THREADS_MAX = 1024, FAILURES_MAX = 1000, SHRINK_SECONDS = 10 };

static error_t take_number(const char *name, const char *text, uint64_t min, uint64_t max, uint64_t *number)
{
    if (number_parse(text, min, max, number))
        return 0;
    complain("fuzz", "--%s %s: a number from %" PRIu64 " to %" PRIu64, name, text, min, max);
    return EINVAL;
}

static error_t set_run(struct fuzz_options *options, const char *text)
{
    options->has_run = true;
    options->config.runs = 1;
    return take_number("run", text, 0, INT64_MAX, &options->config.first_run);
}

static error_t set_runs(struct fuzz_options *options, const char *text)
{
    options->has_runs = true;
    return take_number("runs", text, 1, INT64_MAX, &options->config.runs);
}

static error_t set_strategy(struct fuzz_options *options, const char *name)
{
    struct name_list known = {0};
    bool found = false;
    for (int strategy = 0; strategy < GS_STRATEGIES; strategy++) {
        name_list_add(&known, gs_strategy_names[strategy]);
        if (strcmp(name, gs_strategy_names[strategy]) != 0)
            continue;
        options->config.strategy = (enum gs_strategy)strategy;
        options->has_strategy = found = true;
    }
    if (!found)
        complain_unknown("fuzz", "--strategy", name, "strategy", &known);
    name_list_free(&known);
    return found ? 0 : EINVAL;
}

static error_t set_small(const char *name, const char *text, uint64_t max, unsigned *number)
{
    uint64_t value = 0;
    const error_t error = take_number(name, text, 1, max, &value);
    *number = (unsigned)value;
    return error;
}

static error_t set_seconds(struct fuzz_options *options, const char *text)
{
    if (number_parse_seconds(text, &options->config.base.max_seconds))
        return 0;
    complain("fuzz", "--max-seconds %s: a number of seconds above 0, as 90 or 0.5", text);
    return EINVAL;
}

static error_t set_shrink_seconds(struct fuzz_options *options, const char *text)
{
    options->has_shrink_seconds = true;
    if (number_parse_seconds(text, &options->config.shrink_seconds))
        return 0;
    options->config.shrink_seconds = 0;
    if (strcmp(text, "0") == 0)
        return 0;
    complain("fuzz", "--shrink-seconds %s: a number of seconds, as 90 or 0.5; 0: failures are not shrunk", text);
    return EINVAL;
}

/* ---- The groups ---- */

static error_t parse_runs(int key, char *text, struct argp_state *state)
{
    struct fuzz_options *options = state->input;
    switch (key) {
    case KEY_SEED:
        options->config.seed = text;
        return 0;
    case KEY_RUNS:
        return set_runs(options, text);
    case KEY_RUN:
        return set_run(options, text);
    case KEY_STEPS:
        return take_number("steps", text, 1, INT64_MAX, &options->config.steps);
    case KEY_MAX_SECONDS:
        return set_seconds(options, text);
    case KEY_MAX_FAILURES:
        return take_number("max-failures", text, 1, FAILURES_MAX, &options->config.max_failures);
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t parse_draw(int key, char *text, struct argp_state *state)
{
    struct fuzz_options *options = state->input;
    switch (key) {
    case KEY_STRATEGY:
        return set_strategy(options, text);
    case KEY_PCT_DEPTH:
        return set_small("pct-depth", text, GS_PCT_DEPTH_MAX, &options->config.pct_depth);
    case KEY_ALLOW:
        name_list_add(&options->run.allow, text);
        return 0;
    case KEY_STRICT:
        return options->config.base.strict = true, 0;
    case KEY_SHRINK_SECONDS:
        return set_shrink_seconds(options, text);
    case KEY_AUDIT:
        return options->config.base.audit = true, 0;
    case KEY_THREADS:
        return set_small("threads", text, THREADS_MAX, &options->config.base.threads);
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t parse_report(int key, char *text, struct argp_state *state)
{
    struct fuzz_options *options = state->input;
    switch (key) {
    case KEY_LONG_TRACE:
        options->run.long_trace_path = text;
        return 0;
    case KEY_TRACE:
        options->run.trace_path = text;
        return 0;
    case KEY_JSON:
        options->run.json_path = text;
        return 0;
    case KEY_JUNIT:
        return run_options_take_file(&options->run, "--junit", text, &options->run.junit_path);
    case KEY_SARIF:
        return run_options_take_file(&options->run, "--sarif", text, &options->run.sarif_path);
    case KEY_QUIET:
        return options->run.quiet = true, 0;
    case KEY_PROGRESS:
        return options->run.progress = true, 0;
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp runs_argp = {.options = runs_options, .parser = parse_runs};
const struct argp draw_argp = {.options = draw_options, .parser = parse_draw};
static const struct argp report_group_argp = {.options = report_options, .parser = parse_report};

static const struct argp_child children[] = {
    {&configuration_argp, 0, CONFIGURATION_HEADING, 1},
    {&faults_argp, 0, FAULTS_HEADING, 2},
    {&stage_argp, 0, STAGE_HEADING, 3},
    {&runs_argp, 0, "Which runs:", 4},
    {&draw_argp, 0, "How they are drawn, judged and shrunk:", 5},
    {&timing_argp, 0, "With a clock:", 6},
    {&report_group_argp, 0, "How it is reported:", 7},
    {0},
};

static error_t end(const struct fuzz_options *options)
{
    if (!options->run.protocol)
        complain("fuzz", "which protocol? gainsay fuzz PROTOCOL, FILE.c or FILE.so (see: gainsay list)");
    else if (options->has_run && options->has_runs)
        complain("fuzz", "--run %" PRIu64 ": it is one run; leave --runs out", options->config.first_run);
    else if (options->clock.timing.on && (options->has_strategy || options->config.pct_depth))
        complain("fuzz", "--%s: in runs with a clock it says what is next, no strategy does: leave one of them out",
                 options->has_strategy ? "strategy" : "pct-depth");
    else
        return 0;
    return EINVAL;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct fuzz_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        for (size_t i = 0; children[i].argp; i++)
            state->child_inputs[i] = children[i].argp == &timing_argp ? (void *)&options->clock : (void *)options;
        return 0;
    case ARGP_KEY_ARG:
        if (options->run.protocol) {
            complain("fuzz", "%s: one protocol at a time, and there is '%s' already", text, options->run.protocol);
            return EINVAL;
        }
        options->run.protocol = text;
        return 0;
    case ARGP_KEY_END:
        return end(options);
    }
    return ARGP_ERR_UNKNOWN;
}

const struct argp fuzz_argp = {
    .parser = parse,
    .args_doc = "PROTOCOL|FILE.c|FILE.so",
    .doc = "Runs a protocol at random, many times, and judges its properties after every step. A run is drawn from the "
           "seed and its number alone: what is found is the same on every machine and for any number of threads.\v"
           "Exit codes: 0 nothing violated in all runs asked for, 1 violated, 2 bad usage or input, 3 stopped before "
           "all runs, 4 internal error.\n"
           "\n"
           "Examples:\n"
           "  gainsay fuzz raft              10,000 runs of its preset quick\n"
           "  gainsay fuzz raft --set servers=5 --crashes 2 --restarts 2 --max-seconds 60\n"
           "  gainsay fuzz raft --mutant vote-twice --seed $COMMIT --trace bug.trace\n"
           "  gainsay fuzz raft --from long.trace --at 80     each run begins with its first 80 events\n"
           "  gainsay fuzz raft --profile hostile --heal-after 5s --recover-within 5s --recovers leader-elected\n",
    .children = children,
};

int fuzz_options_complete(struct fuzz_options *options)
{
    struct gs_config base = options->run.config;
    base.max_seconds = options->config.base.max_seconds;
    base.strict = options->config.base.strict;
    base.audit = options->config.base.audit;
    base.threads = options->config.base.threads;
    options->config.base = base;
    if (!options->has_shrink_seconds)
        options->config.shrink_seconds = SHRINK_SECONDS;
    const int status = timing_options_complete(&options->clock);
    options->config.timing = options->clock.timing;
    return status;
}

/* ---- The line that reruns ---- */

/* Does this word begin an option that one run does not need? *takes_value: and the next word is its value. */
static bool is_left_out(const char *word, bool *takes_value)
{
    static const struct {
        const char *name;
        bool has_value;
    } left_out[] = {{"--seed", true},         {"--runs", true},       {"--run", true},       {"--max-seconds", true},
                    {"--max-failures", true}, {"--trace", true},      {"--json", true},      {"--threads", true},
                    {"--quiet", false},       {"--long-trace", true}, {"--progress", false}, {"--junit", true},
                    {"--sarif", true}};
    for (size_t i = 0; i < sizeof(left_out) / sizeof(*left_out); i++) {
        const size_t length = strlen(left_out[i].name);
        if (strncmp(word, left_out[i].name, length) != 0 || (word[length] && word[length] != '='))
            continue;
        *takes_value = left_out[i].has_value && !word[length];
        return true;
    }
    return false;
}

static void print_word(const char *word, FILE *out)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./,:@%";
    if (*word && !word[strspn(word, plain)]) {
        fprintf(out, " %s", word);
        return;
    }
    fputs(" '", out);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    fputc('\'', out);
}

void fuzz_options_print_rerun(const struct fuzz_options *options, uint64_t run, FILE *out)
{
    fprintf(out, "gainsay fuzz");
    for (int i = 1; i < options->argc; i++) {
        bool takes_value = false;
        if (is_left_out(options->argv[i], &takes_value))
            i += takes_value;
        else
            print_word(options->argv[i], out);
    }
    fprintf(out, " --seed");
    print_word(options->config.seed ? options->config.seed : "1", out);
    fprintf(out, " --run %" PRIu64, run);
}
