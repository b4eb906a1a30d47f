/* Searches on 2 and 4 threads, built with ThreadSanitizer, whose first report fails the check. A plain program, since
 * Criterion aborts under TSan. Exit 1: what several threads find differs from what one finds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/compare.h"

enum { PROTOCOLS = 24 };

extern const struct gs_model two_phase_commit, raft;

static unsigned failures;

static void expect_result(const struct gs_result *result, unsigned threads, enum gs_status status, uint64_t states)
{
    if (result->status == status && (!states || result->states == states))
        return;
    fprintf(stderr, "%s on %u threads: status %d %s, %" PRIu64 " states, expected status %d, %" PRIu64 " states\n",
            result->run ? "a search" : "a bad search", threads, (int)result->status, result->error, result->states,
            (int)status, states);
    failures++;
}

static uint64_t told;

static void take_progress(void *context, const struct gs_progress *progress)
{
    (void)context;
    told += progress->states + progress->memory_bytes;
}

/* states 0: any number. */
static void check(const struct gs_model *model, struct gs_config config, enum gs_status status, uint64_t states)
{
    for (unsigned threads = 2; threads <= 4; threads += 2) {
        struct gs_result result;
        config.threads = threads;
        config.threads_from = 1;
        config.progress = take_progress;
        gs_check(model, &config, &result);
        expect_result(&result, threads, status, states);
        gs_result_free(&result);
    }
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Every shipped protocol, large enough for keys of one word to be repacked and the store to grow. */
static void check_shipped(void)
{
    check(&two_phase_commit, (struct gs_config){.settings = LIST("resource-managers=6")}, GS_HOLDS, 50816);
    check(&two_phase_commit, (struct gs_config){.settings = LIST("resource-managers=6"), .halves_from = 1}, GS_HOLDS,
          50816);
    check(&raft, (struct gs_config){.max_states = 60000, .halves_from = 1}, GS_INCOMPLETE, 60000);
    check(&two_phase_commit,
          (struct gs_config){.settings = LIST("resource-managers=4"), .mutants = LIST("commit-on-one-vote")},
          GS_VIOLATION, 0);
    check(&two_phase_commit, (struct gs_config){.settings = LIST("resource-managers=6"), .max_states = 20000},
          GS_INCOMPLETE, 20000);
    check(&two_phase_commit, (struct gs_config){.settings = LIST("resource-managers=7"), .max_states = 130000},
          GS_INCOMPLETE, 130000);
    check(&raft, (struct gs_config){.max_states = 60000}, GS_INCOMPLETE, 60000);
    check(&raft, (struct gs_config){.preset = "quick", .max_depth = 12, .max_depth_set = true}, GS_INCOMPLETE, 0);
}

/* Random protocols have what the shipped ones lack: monitors, hosts, partitions, choices, every kind of scope. */
static void check_random(void)
{
    static struct reference_result plain;
    char difference[COMPARE_TEXT];
    for (uint64_t seed = 0; seed < PROTOCOLS; seed++) {
        struct random_protocol protocol = compare_fit(seed, &plain);
        if (!compare_threads(protocol.model, &protocol.config, difference)) {
            fprintf(stderr, "random protocol %" PRIu64 ": %s\n", seed, difference);
            failures++;
        }
        random_protocol_free(&protocol);
    }
}

int main(void)
{
    check_shipped();
    check_random();
    if (!failures)
        printf("no data race, and the same on any number of threads\n");
    return failures != 0;
}
