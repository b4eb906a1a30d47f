/* The trace is walked. Whole states are for people; single values, one a line, for scripts too. */
#include "cli/replay_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "cli/state_paths.h"
#include "core/die.h"
#include "traces/walk.h"
#include "traces/world_text.h"

enum { INDENT = 2 };

/* What is printed, and the values that were printed last, NULL at first. */
struct printing {
    const struct replay_state_options *options;
    struct walk *walk;
    struct state_path *paths;
    char **values;
};

/* ---- Where ---- */

/* steps: of the file. Returns 0, or GS_BAD_INPUT after a complaint. */
static int read_position(const char *text, size_t steps, size_t *position)
{
    char *end;

    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (!*text || *end)
        return complain("replay", "--at %s: not a number of steps, nor 'all'", text);
    const long long from_start = number < 0 ? (long long)steps + 1 + number : number;
    if (errno || from_start < 0 || from_start > (long long)steps)
        return complain(
            "replay",
            "--at %s: the trace has %zu step%s: a number from 0 (initially) to %zu, or from -1 (the end) to -%zu", text,
            steps, steps == 1 ? "" : "s", steps, steps + 1);
    *position = (size_t)from_start;
    return 0;
}

/* ---- Whole states ---- */

static void print_heading(const struct walk *walk)
{
    const struct replayed *last = walk_last(walk);

    if (!last) {
        puts("initially");
        return;
    }
    printf("after step %zu: ", last->number);
    event_print(walk_run(walk), last->event, stdout);
    putchar('\n');
    if (walk_finding(walk))
        printf("%*smisbehaves: %s\n", INDENT, "", walk_finding(walk));
}

static void print_state(const struct walk *walk)
{
    print_heading(walk);
    world_print(walk_world(walk), INDENT, stdout);
}

/* ---- Single values ---- */

static int read_paths(struct printing *p, const struct trace *trace)
{
    for (size_t i = 0; i < p->options->prints.count; i++) {
        const int status = state_path_load("replay", "--print", trace->run, trace->monitors_on,
                                           p->options->prints.items[i], &p->paths[i]);
        if (status)
            return status;
    }
    return 0;
}

/* with_step: each line begins with the step, and only what has changed is printed. */
static void print_values(struct printing *p, bool with_step)
{
    for (size_t i = 0; i < p->options->prints.count; i++) {
        char *value = state_path_value(&p->paths[i], walk_world(p->walk)), *former = p->values[i];
        p->values[i] = value;
        if (with_step && former && strcmp(former, value) == 0) {
            free(former);
            continue;
        }
        free(former);
        if (with_step)
            printf("step %zu: ", walk_position(p->walk));
        printf("%s = %s\n", p->options->prints.items[i], value);
    }
}

static void print_here(struct printing *p, bool with_step)
{
    if (p->options->prints.count)
        print_values(p, with_step);
    else
        print_state(p->walk);
}

/* ---- The way ---- */

/* Of a file that the protocol does not know whole, the end of the path is not the end. */
static int diverge(const struct printing *p, const struct loaded_trace *loaded, const char *reason)
{
    char unknown[TRACE_ERROR_SIZE];
    const size_t step = walk_position(p->walk) + 1;
    const bool is_end = walk_position(p->walk) == walk_length(p->walk);

    if (is_end && !trace_file_is_known(loaded->file, unknown, sizeof(unknown)))
        reason = unknown;
    printf("%s: diverges: step %zu: %s\n", loaded->path, step, reason);
    return GS_VIOLATION;
}

static int print_all(struct printing *p, const struct loaded_trace *loaded, size_t steps)
{
    char reason[TRACE_ERROR_SIZE];

    print_here(p, true);
    for (size_t step = 1; step <= steps; step++) {
        if (!walk_go(p->walk, step, reason, sizeof(reason)))
            return diverge(p, loaded, reason);
        print_here(p, true);
    }
    return 0;
}

static int print_at(struct printing *p, const struct loaded_trace *loaded, size_t position)
{
    char reason[TRACE_ERROR_SIZE];

    if (!walk_go(p->walk, position, reason, sizeof(reason)))
        return diverge(p, loaded, reason);
    print_here(p, false);
    return 0;
}

static int walk_and_print(struct printing *p, const struct loaded_trace *loaded)
{
    const struct trace *trace = trace_file_trace(loaded->file);
    const size_t steps = trace_file_claim(loaded->file).steps;
    const bool all = p->options->at && strcmp(p->options->at, "all") == 0;
    size_t position = steps;
    char error[TRACE_ERROR_SIZE];

    if (p->options->at && !all && read_position(p->options->at, steps, &position))
        return GS_BAD_INPUT;
    if (read_paths(p, trace))
        return GS_BAD_INPUT;
    p->walk = walk_new(trace, error, sizeof(error));
    if (!p->walk) {
        printf("%s: diverges: %s\n", loaded->path, error);
        return GS_VIOLATION;
    }
    return all ? print_all(p, loaded, steps) : print_at(p, loaded, position);
}

int replay_state(const struct replay_state_options *options, const struct loaded_trace *loaded)
{
    struct printing printing = {.options = options};

    printing.paths = die_calloc(options->prints.count + 1, sizeof(*printing.paths));
    printing.values = die_calloc(options->prints.count + 1, sizeof(*printing.values));
    const int status = walk_and_print(&printing, loaded);
    for (size_t i = 0; i < options->prints.count; i++)
        free(printing.values[i]);
    free(printing.values);
    free(printing.paths);
    walk_free(printing.walk);
    return status;
}
