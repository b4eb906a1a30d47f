/* What a search finds, and every byte of the traces it writes, is the same for any number of threads, in any run, on
 * one core and on all. */
#include <sched.h>

#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"
#include "tests/checker_sample.h"
#include "traces/trace_file.h"

enum { RUNS = 20 };

static const struct subject {
    const struct gs_model *model;
    const char *preset, *mutant; /* mutant: NULL: it holds */
} subjects[] = {
    {&raft, "one-term", "forget-vote"},
    {&raft, "four-servers", "quorum-over-peers"},
    {&raft, "reboot", "term-not-durable"},
    {&two_phase_commit, "quick", "commit-on-one-vote"},
    {&two_phase_commit, "small", "refuse-after-vote"},
    {&raft, "one-term", NULL},
    {&raft, "reboot", NULL},
    {&two_phase_commit, "small", NULL},
};
enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

static void print_trace(const struct trace *trace, FILE *out)
{
    char error[TRACE_ERROR_SIZE];
    cr_assert(trace_file_print(trace, out, &(struct trace_file_info){.seed = 0}, error, sizeof(error)), "%s", error);
}

/* The counts and the trace files of a result. */
static void print_result(const struct gs_result *result, FILE *out)
{
    fprintf(out, "%d: %llu states, %llu transitions, depth %llu, %llu local states, %llu inboxes, %llu reactions\n",
            (int)result->status, (unsigned long long)result->states, (unsigned long long)result->transitions,
            (unsigned long long)result->depth, (unsigned long long)result->local_states,
            (unsigned long long)result->inboxes, (unsigned long long)result->reactions);
    for (size_t i = 0; i < result->property_count; i++) {
        fprintf(out, "%s %s %llu\n", result->properties[i].name, gs_verdict_names[result->properties[i].verdict],
                (unsigned long long)result->properties[i].judged);
        if (result->properties[i].trace)
            print_trace(result->properties[i].trace, out);
    }
    for (size_t i = 0; i < result->sample_count; i++)
        print_trace(result->samples[i], out);
}

/* All levels are shared, also small ones. */
static char *search_with(const struct subject *subject, unsigned threads)
{
    struct gs_result result;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const struct gs_config config = {.preset = subject->preset,
                                     .mutants = LIST(subject->mutant),
                                     .threads = threads,
                                     .threads_from = 1,
                                     .witnesses = true,
                                     .samples = 2};
    check(subject->model, &config, subject->mutant ? GS_VIOLATION : GS_HOLDS, &result);
    print_result(&result, out);
    cr_assert(fclose(out) == 0);
    gs_result_free(&result);
    return text;
}

static size_t difference_at(const char *one, const char *other)
{
    size_t at = 0;
    while (one[at] && one[at] == other[at])
        at++;
    return at;
}

static void expect_the_same(unsigned threads)
{
    for (size_t i = 0; i < SUBJECTS; i++) {
        char *first = search_with(&subjects[i], 1);
        cr_expect(strstr(first, "{\"gainsay_trace\"") != NULL, "a trace is among it");
        for (int run = 0; run < RUNS; run++) {
            char *text = search_with(&subjects[i], threads);
            const size_t at = difference_at(first, text);
            cr_expect(first[at] == text[at], "%s %s %s, %u threads: %.200s instead of %.200s", subjects[i].model->name,
                      subjects[i].preset, subjects[i].mutant ? subjects[i].mutant : "", threads, text + at, first + at);
            free(text);
        }
        free(first);
    }
}

static void stay_on_one_core(void)
{
    cpu_set_t all, one;
    CPU_ZERO(&one);
    cr_assert(sched_getaffinity(0, sizeof(all), &all) == 0);
    for (int core = 0; core < CPU_SETSIZE && !CPU_COUNT(&one); core++)
        if (CPU_ISSET(core, &all))
            CPU_SET(core, &one);
    cr_assert(sched_setaffinity(0, sizeof(one), &one) == 0);
}

Test(threads, change_no_byte_in_any_run)
{
    static const unsigned threads[] = {1, 2, 4, 8};
    for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++)
        expect_the_same(threads[i]);
}

Test(threads, change_no_byte_on_one_core)
{
    static const unsigned threads[] = {0 /* one a core */, 1, 2, 4, 8};
    stay_on_one_core();
    for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++)
        expect_the_same(threads[i]);
}
