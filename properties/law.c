/* Trying a law: its past failures, then cases drawn from a seed; the first that fails is shrunk and reported. A case is
 * a guarded call (core/guard.h), so that a crash or an endless loop is one more way to fail. */
#include "properties/law.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/guard.h"
#include "core/model.h"
#include "core/random_stream.h"
#include "core/run_setup.h"
#include "properties/law_case.h"

enum { CASES_DEFAULT = 1000, DISCARDS_PER_CASE = 10, NODES_DEFAULT = 3, ERROR_SIZE = 300 };

/* A law being tried. */
struct attempt {
    struct gs_law law;
    struct law_choices failing;
    struct law_ending ending; /* of the failing case */
    struct gs_law_result result;
    const char *seed, *directory; /* NULL: no past failures */
    uint64_t cases;
    FILE *report;
    char *source; /* the file of the past failure that still fails, or NULL; owned */
    char kept[4096];
    bool is_flaky;
};

/* ---- Inside of a law ---- */

void gs_law_failed(struct gs_law *l, const char *condition, const char *file, int line)
{
    (void)l;
    if (file)
        guard_fail("%s (%s:%d)", condition, file, line);
    guard_fail("%s", condition);
}

void gs_law_discard(struct gs_law *l)
{
    l->discarded = true;
    guard_fail("discarded");
}

void gs_law_note(struct gs_law *l, const char *format, ...)
{
    va_list arguments;
    if (!l->shown)
        return;
    va_start(arguments, format);
    fputs("    ", l->shown);
    vfprintf(l->shown, format, arguments);
    fputc('\n', l->shown);
    va_end(arguments);
}

const void *gs_law_context(const struct gs_law *l)
{
    return l->config->context;
}

const struct gs_run *gs_law_run(const struct gs_law *l)
{
    return l->run;
}

/* ---- Cases ---- */

bool law_simpler(const struct law_choices *a, const struct law_choices *b)
{
    if (a->count != b->count)
        return a->count < b->count;
    for (size_t i = 0; i < a->count; i++)
        if (a->values[i] != b->values[i])
            return a->values[i] < b->values[i];
    return false;
}

void law_choices_copy(struct law_choices *to, const struct law_choices *from)
{
    to->count = from->count;
    memcpy(to->values, from->values, from->count * sizeof(from->values[0]));
}

static void call_law(void *law)
{
    struct gs_law *l = law;
    l->config->law(l);
}

struct law_ending law_run(struct gs_law *l, const struct law_choices *given, uint64_t random, FILE *shown)
{
    struct law_ending ending = {.outcome = LAW_PASSED};
    l->given = given;
    l->random = random;
    l->taken.count = l->mark_count = 0;
    l->silent = 0;
    l->shown = shown;
    l->discarded = l->overran = false;
    if (!guard_call(call_law, l, ending.failure, sizeof(ending.failure)))
        ending.outcome = l->discarded ? LAW_DISCARDED : LAW_FAILED;
    ending.overran = l->overran;
    ending.timed_out = ending.outcome == LAW_FAILED && strncmp(ending.failure, "it did not return", 17) == 0;
    return ending;
}

/* Does the case just run decide the law? */
static bool note_failure(struct attempt *a, const struct law_ending *ending)
{
    if (ending->outcome != LAW_FAILED)
        return false;
    a->result.verdict = GS_LAW_VIOLATED;
    a->ending = *ending;
    law_choices_copy(&a->failing, &a->law.taken);
    return true;
}

/* Each with the watchdog's first patience: an endless loop in one is not to make the next, merely slow, one fail. */
static bool try_past_failure(void *context, const char *path, const struct law_choices *choices)
{
    struct attempt *a = context;
    a->result.kept++;
    guard_catch();
    const struct law_ending ending = law_run(&a->law, choices, 0, NULL);
    guard_release();
    if (!note_failure(a, &ending))
        return true;
    a->source = strdup(path);
    return false;
}

static void try_random_cases(struct attempt *a)
{
    const uint64_t seed = random_seed(a->seed) ^ random_seed(a->law.name);
    guard_catch();
    for (uint64_t n = 0; a->result.cases < a->cases && a->result.verdict == GS_LAW_HELD; n++) {
        const struct law_ending ending = law_run(&a->law, NULL, random_stream_of(seed, n).state, NULL);
        if (ending.outcome == LAW_DISCARDED)
            a->result.discards++;
        else
            a->result.cases++;
        if (!note_failure(a, &ending) && a->result.discards / DISCARDS_PER_CASE >= a->cases)
            a->result.verdict = GS_LAW_GAVE_UP;
    }
    guard_release();
}

/* ---- Reporting ---- */

static void shrink(struct attempt *a)
{
    guard_catch();
    const struct law_ending again = law_run(&a->law, &a->failing, 0, NULL);
    guard_release();
    a->result.choices = a->failing.count;
    a->is_flaky = again.outcome != LAW_FAILED || strcmp(again.failure, a->ending.failure) != 0;
    if (!a->is_flaky)
        law_shrink(&a->law, &a->failing, a->ending.failure, &a->result);
}

static void print_arguments(struct attempt *a)
{
    char *text = NULL;
    size_t size = 0;
    FILE *shown = open_memstream(&text, &size);
    must(shown != NULL);
    guard_catch();
    law_run(&a->law, &a->failing, 0, shown);
    guard_release();
    fclose(shown);
    fputs(size ? text : "    (it draws no argument that has a name)\n", a->report);
    free(text);
}

static void print_source(const struct attempt *a, size_t choices)
{
    if (a->source)
        fprintf(a->report, "  found by the past failure %s; ", a->source);
    else
        fprintf(a->report, "  found in case %" PRIu64 " of %" PRIu64 " of seed \"%s\"; ", a->result.cases, a->cases,
                a->seed);
    if (a->is_flaky)
        fprintf(a->report, "not shrunk: drawn once more it did not fail alike, so the law, or what it tests, depends "
                           "on more than its arguments (a global, a clock, memory never written)\n");
    else
        fprintf(a->report, "shrunk from %zu to %zu choices in %" PRIu64 " trials: %s\n", choices, a->failing.count,
                a->result.trials,
                a->result.is_minimal ? "nothing simpler that was tried fails" : "best effort, stopped");
}

static void print_violation(struct attempt *a)
{
    const size_t choices = a->failing.count;
    shrink(a);
    fprintf(a->report, "law %s is violated: %s\n", a->law.name, a->ending.failure);
    print_arguments(a);
    print_source(a, choices);
    if (a->directory && law_failures_keep(a->directory, a->law.name, a->ending.failure, &a->failing, a->report, a->kept,
                                          sizeof(a->kept)))
        fprintf(a->report, "  kept, to be tried first: %s\n", a->kept);
    else if (!a->directory)
        fprintf(a->report, "  GAINSAY_FAILURES=DIRECTORY keeps such a case there and tries it first\n");
    fputs("  rerun: ", a->report);
    law_print_rerun(&a->law, a->seed, a->report);
}

static void print_giving_up(const struct attempt *a)
{
    fprintf(a->report,
            "law %s gave up: %" PRIu64 " cases tried, %" PRIu64 " discarded (gs_law_assume, or more than %d choices): "
            "draw only what the law is about\n",
            a->law.name, a->result.cases, a->result.discards, GS_LAW_CHOICES_MAX);
}

/* ---- Setting up ---- */

/* The nodes of laws that name no model. */
static bool no_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    (void)self;
    return gs_unhandled(s, e);
}

static const struct gs_model nodes_only = {
    .name = "law",
    .roles = {{.name = "node", .step = no_step, .count_option = 0}},
    .options = {{.name = "nodes", .preset = NODES_DEFAULT, .min = 1, .max = GS_NODES_MAX}},
    .presets = {{.name = "quick"}},
};

static struct gs_run *make_run(const struct gs_law_config *config, char *error, size_t error_size)
{
    char nodes[32];
    const char *const settings[] = {nodes, NULL};
    snprintf(nodes, sizeof(nodes), "nodes=%d", config->nodes ? config->nodes : NODES_DEFAULT);
    if (!config->model)
        return run_new(&nodes_only, &(struct run_config){.settings = settings}, error, error_size);
    if (!model_check(config->model, error, error_size))
        return NULL;
    return run_new(config->model, &(struct run_config){.settings = config->settings}, error, error_size);
}

static bool refuse(struct attempt *a, const char *why)
{
    fprintf(a->report, "gainsay: law %s: %s\n", a->law.name ? a->law.name : "without a name", why);
    a->result.verdict = GS_LAW_REFUSED;
    return false;
}

static bool is_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return name && name[0] && strlen(name) <= LAW_NAME_MAX && strspn(name, letters) == strlen(name);
}

static const char *environment_or(const char *variable, const char *said)
{
    const char *value = getenv(variable);
    return value && value[0] ? value : said;
}

static bool set_cases(struct attempt *a, uint64_t said)
{
    const char *text = environment_or("GAINSAY_CASES", NULL);
    a->cases = said ? said : CASES_DEFAULT;
    if (!text)
        return true;
    char *end;
    errno = 0;
    a->cases = strtoull(text, &end, 10);
    if (text[0] >= '0' && text[0] <= '9' && !*end && !errno && a->cases > 0)
        return true;
    char why[ERROR_SIZE];
    snprintf(why, sizeof(why), "GAINSAY_CASES=%.40s: how many cases to try is a number from 1 on", text);
    guard_clean(why);
    return refuse(a, why);
}

static bool set_up(struct attempt *a, const struct gs_law_config *config)
{
    char error[ERROR_SIZE];
    a->report = config->report ? config->report : stderr;
    a->law.config = config;
    a->law.name = config->name ? config->name : config->function;
    a->seed = environment_or("GAINSAY_SEED", config->seed ? config->seed : "1");
    a->directory = environment_or("GAINSAY_FAILURES", config->failures);
    if (!is_name(a->law.name))
        return refuse(a, "a law's name is letters, digits, - and _, at most 100: give gs_law a .name");
    if (!config->law)
        return refuse(a, "there is no function to try");
    if (!set_cases(a, config->cases))
        return false;
    a->law.run = make_run(config, error, sizeof(error));
    return a->law.run || refuse(a, error);
}

static void try_law(struct attempt *a)
{
    if (a->directory)
        law_failures_each(a->directory, a->law.name, a->report, try_past_failure, a);
    if (a->result.verdict == GS_LAW_HELD)
        try_random_cases(a);
    if (a->result.verdict == GS_LAW_VIOLATED)
        print_violation(a);
    else if (a->result.verdict == GS_LAW_GAVE_UP)
        print_giving_up(a);
}

bool gs_law_holds(const struct gs_law_config *config)
{
    struct attempt *a = die_calloc(1, sizeof(*a));
    if (set_up(a, config))
        try_law(a);
    fflush(a->report);
    const struct gs_law_result result = a->result;
    if (config->result)
        *config->result = result;
    run_free((struct gs_run *)a->law.run);
    free(a->source);
    free(a);
    return result.verdict == GS_LAW_HELD;
}
