/* Do numbers of 32 bits ever wrap? The engine is built with GS_SMALL_NUMBERS, so that of each kind there are as few as
 * this program says. Shipped protocols are searched with fewer and fewer numbers of each kind: a search has to come to
 * what it comes to with enough of them, or to end with the line that says what has run out. Exit 0: so it is, and every
 * kind has run out at some time. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checker/check.h"
#include "checker/numbers.h"
#include "protocols/raft.h"
#include "protocols/two_phase_commit.h"

/* ---- What is searched ---- */

/* Dice that are rolled once each: of all shipped protocols none chooses. */
enum { DIE };
enum { ROLL };

struct die {
    uint8_t value;
};

static const struct gs_field die_fields[] = {GS_FIELD(struct die, value), GS_FIELDS_END};

static bool die_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    struct die *die = self;
    if (e->type != ROLL)
        return gs_unhandled(s, e);
    if (die->value)
        return false;
    die->value = (uint8_t)(1 + gs_choose(s, 6));
    return true;
}

static bool shows_six(struct gs_view *v)
{
    return ((const struct die *)gs_this(v))->value == 6;
}

static const struct gs_model dice = {
    .name = "dice",
    .title = "dice that are rolled once each",
    .roles = {[DIE] = {.name = "die", .size = sizeof(struct die), .fields = die_fields, .step = die_step, .count = 3}},
    .events = {[ROLL] = {.name = "roll", .kind = GS_LOCAL}},
    .presets = {{.name = "quick"}},
    .properties = {{.name = "six", .kind = GS_REACHABLE, .scope = GS_SCOPE_NODE, .holds = shows_six}},
};

static const char *const kinds[] = {"values of one kind",
                                    "configurations of one node",
                                    "messages sent by handlers",
                                    "choices of handlers",
                                    "branches of handlers",
                                    "reactions",
                                    "timers and local events in local states"};
enum { KINDS = sizeof(kinds) / sizeof(*kinds), ENOUGH = 1 << 20 };

static const struct subject {
    const struct gs_model *model;
    const char *preset;
} subjects[] = {{&two_phase_commit, "small"}, {&raft, "one-term"}, {&raft, "reboot"}, {&dice, "quick"}};
enum { SUBJECTS = sizeof(subjects) / sizeof(*subjects) };

static size_t scarce_kind = KINDS;
static uint64_t scarce_numbers, halves_most = ENOUGH;

uint64_t small_numbers(const char *kind)
{
    if (strcmp(kind, "halves of states") == 0)
        return halves_most;
    return scarce_kind < KINDS && strcmp(kind, kinds[scarce_kind]) == 0 ? scarce_numbers : ENOUGH;
}

/* ---- One search, in a process of its own ---- */

static bool has_halves; /* states are kept as pairs of halves */
static const char halves_text[] = "halves ";

/* What it comes to; the process's standard error goes to the same place. Then how many halves of states had numbers. */
static void search(const struct subject *subject, unsigned threads, int to)
{
    struct gs_result result;
    dup2(to, STDERR_FILENO);
    gs_check(
        subject->model,
        &(struct gs_config){
            .preset = subject->preset, .threads = threads, .threads_from = 1, .samples = 2, .halves_from = has_halves},
        &result);
    dprintf(to,
            "status %d, %s%" PRIu64 " states, %" PRIu64 " transitions, depth %" PRIu64 ", %" PRIu64 " local states\n",
            (int)result.status, result.error, result.states, result.transitions, result.depth, result.local_states);
    if (has_halves)
        dprintf(to, "%s%" PRIu64, halves_text, result.halves);
    gs_result_free(&result);
}

struct outcome {
    int status;
    char text[1000];
};

static struct outcome search_apart(const struct subject *subject, unsigned threads)
{
    struct outcome outcome = {0};
    int ends[2], status = 0;
    size_t used = 0;
    ssize_t got;
    if (pipe(ends) != 0)
        abort();
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        search(subject, threads, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    while (used + 1 < sizeof(outcome.text) &&
           (got = read(ends[0], outcome.text + used, sizeof(outcome.text) - 1 - used)) > 0)
        used += (size_t)got;
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

/* ---- All of them ---- */

/* Is it the line that says that this kind has run out? */
static bool says_so(const struct outcome *outcome, size_t kind)
{
    char expected[200];
    snprintf(expected, sizeof(expected), "more than %" PRIu64 " %s: their numbers have 32 bits", scarce_numbers,
             kinds[kind]);
    return outcome->status == GS_INTERNAL_ERROR && strstr(outcome->text, expected);
}

/* Halves the numbers of one kind until none is left. Returns how often they ran out, or -1 for any other difference. */
static int try_kind(const struct subject *subject, unsigned threads, size_t kind, const struct outcome *expected)
{
    int times = 0;
    scarce_kind = kind;
    for (scarce_numbers = 4096; scarce_numbers > 0; scarce_numbers = scarce_numbers * 2 / 3) {
        const struct outcome outcome = search_apart(subject, threads);
        if (says_so(&outcome, kind)) {
            times++;
        } else if (outcome.status || strcmp(outcome.text, expected->text) != 0) {
            printf("%s %s, %" PRIu64 " %s, %u threads: exit %d: %s", subject->model->name, subject->preset,
                   scarce_numbers, kinds[kind], threads, outcome.status, outcome.text);
            return -1;
        }
    }
    scarce_kind = KINDS;
    return times;
}

/* ---- Halves ---- */

/* Cuts the number of halves off the text and returns it. */
static uint64_t take_halves(struct outcome *outcome)
{
    char *text = strstr(outcome->text, halves_text);
    if (!text)
        return UINT64_MAX;
    *text = '\0';
    return strtoull(text + strlen(halves_text), NULL, 10);
}

/* The numbers of halves run out too, and then keys are whole again: that ends no search, and changes nothing. Returns
 * how often some halves had got numbers before, or -1. */
static int try_halves(const struct subject *subject, unsigned threads, const struct outcome *expected)
{
    int times = 0;
    has_halves = true;
    struct outcome enough = search_apart(subject, threads);
    const uint64_t wanted = take_halves(&enough);
    for (halves_most = 1 << 14; halves_most > 0; halves_most = halves_most * 2 / 3) {
        struct outcome outcome = search_apart(subject, threads);
        const uint64_t halves = take_halves(&outcome);
        if (outcome.status || strcmp(outcome.text, expected->text) != 0 || halves > 2 * halves_most) {
            printf("%s %s, %" PRIu64 " halves of %" PRIu64 ", %u threads: exit %d: %s", subject->model->name,
                   subject->preset, halves, halves_most, threads, outcome.status, outcome.text);
            times = -1;
            break;
        }
        times += halves > 0 && halves < wanted;
    }
    halves_most = ENOUGH;
    has_halves = false;
    return times;
}

/* As try_halves, of all subjects. Returns how many failures there are. */
static int try_all_halves(void)
{
    int times = 0, failures = 0;
    for (size_t s = 0; s < SUBJECTS; s++)
        for (unsigned threads = 1; threads <= 2; threads++) {
            const struct outcome expected = search_apart(&subjects[s], threads);
            const int tried = try_halves(&subjects[s], threads, &expected);
            failures += tried < 0;
            times += tried;
        }
    if (times <= 0) {
        printf("halves never ran out\n");
        failures++;
    }
    return failures;
}

int main(void)
{
    int times[KINDS] = {0}, failures = try_all_halves();
    for (size_t s = 0; s < SUBJECTS; s++)
        for (unsigned threads = 1; threads <= 2; threads++) {
            const struct outcome expected = search_apart(&subjects[s], threads);
            if (expected.status || strncmp(expected.text, "status 0,", 9) != 0) {
                printf("%s %s: exit %d: %s", subjects[s].model->name, subjects[s].preset, expected.status,
                       expected.text);
                failures++;
            }
            for (size_t kind = 0; kind < KINDS; kind++) {
                const int tried = try_kind(&subjects[s], threads, kind, &expected);
                failures += tried < 0;
                times[kind] += tried;
            }
        }
    for (size_t kind = 0; kind < KINDS; kind++)
        if (times[kind] <= 0) {
            printf("%s never ran out\n", kinds[kind]);
            failures++;
        }
    if (!failures)
        printf("small numbers: nothing wraps\n");
    return failures > 0;
}
