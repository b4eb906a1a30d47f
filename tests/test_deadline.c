/* Runs that miss a deadline: their traces have a clock, by which they are had again, and are shrunk. */
#include "checker/deadline.h"
#include "checker/shrink.h"
#include "core/random_stream.h"
#include "core/run_setup.h"
#include "protocols/raft.h"
#include "tests/run_program.h"

/* ---- Draws ---- */

Test(deadline, draws_that_are_noted_give_the_same_again)
{
    struct random_tape noted = {0}, played = {.plays = true};
    struct random_stream stream = {.state = 7, .tape = &noted}, plain = {.state = 7}, other = {.state = 8};
    uint64_t values[64];
    for (int i = 0; i < 16; i++) {
        cr_expect(eq(u32, random_below(&stream, 9), random_below(&plain, 9)));
        cr_expect(eq(u64, random_next(&stream), random_next(&plain)));
        cr_expect(eq(u64, random_of(&stream, UINT64_C(1) << 40), random_of(&plain, UINT64_C(1) << 40)));
        const bool is_same = random_chance(&stream, 1, 3) == random_chance(&plain, 1, 3);
        cr_expect(is_same);
    }
    for (size_t i = 0; i < noted.count; i++)
        values[i] = noted.draws[i].value;
    played.given = values;
    played.given_count = noted.count;
    other.tape = &played;
    for (size_t i = 0; i < noted.count; i++) {
        const uint64_t limit = noted.draws[i].limit;
        cr_expect(eq(u64, limit ? random_of(&other, limit) : random_next(&other), values[i]));
    }
    cr_expect(eq(u64, random_next(&other), 0), "behind the last one all are 0");
    random_tape_free(&noted);
    random_tape_free(&played);
}

Test(deadline, a_draw_that_is_too_large_is_the_largest)
{
    const uint64_t most[] = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    struct random_tape tape = {.plays = true, .given = most, .given_count = 3};
    struct random_stream stream = {.tape = &tape};
    cr_expect(eq(u32, random_below(&stream, 5), 4));
    const bool happens = random_chance(&stream, 1, 1000000), never = random_chance(&stream, 1, 1000000);
    cr_expect(happens);
    cr_expect(never, "the last of those given");
    const bool behind = random_chance(&stream, 999999, 1000000);
    cr_expect(not(behind), "no is what comes behind them");
    random_tape_free(&tape);
}

/* ---- The simulator and the minimiser ---- */

/* Raft whose servers all wait as long, which elects no leader within two seconds. */
static struct trace *find_stuck(struct gs_run **run, const char *mutant)
{
    static const char *const settings[] = {"terms=30", NULL};
    const char *const mutants[] = {mutant, NULL};
    char error[512];
    *run = run_new(&raft, &(struct run_config){.settings = settings, .mutants = mutants}, error, sizeof(error));
    const bool is_made = *run != NULL;
    cr_assert(is_made, "%s", error);
    struct trace_clock clock = {.timing = gs_profiles[0].timing};
    clock.timing.heal_after = 1000000000;
    clock.timing.recover_within = 2000000000;
    for (unsigned p = 0; p < run_property_count(*run); p++)
        if (strcmp(run_property(*run, p)->name, "second-leader-in-a-later-term") == 0)
            clock.recovers = UINT64_C(1) << p;
    struct deadline *deadline = malloc(sizeof(*deadline));
    deadline_open(deadline, *run, &clock, UINT64_MAX >> (64 - run_monitor_count(*run)));
    struct trace *trace = NULL;
    for (unsigned i = 0; i < 20 && !trace; i++)
        if (deadline_draw(deadline, 5, i, 100000) == DEADLINE_MISSED)
            trace = deadline_take_trace(deadline);
    deadline_close(deadline);
    free(deadline);
    return trace;
}

Test(deadline, a_run_is_had_again_by_its_draws_and_missed_only_with_the_bug)
{
    struct gs_run *run;
    struct trace *again, *trace = find_stuck(&run, "fixed-timeouts");
    char difference[500];
    cr_assert(trace != NULL);
    cr_expect(eq(int, deadline_replay(trace, &again), DEADLINE_MISSED));
    const bool is_same = deadline_is_same(trace, again, difference, sizeof(difference));
    cr_expect(is_same, "%s", difference);
    again->steps[2].at++;
    const bool is_other = !deadline_is_same(trace, again, difference, sizeof(difference));
    cr_expect(is_other);
    EXPECT_IN(difference, "step 3: at: the file says ");
    trace_free(again);
    trace_free(trace);
    run_free(run);
    trace = find_stuck(&run, NULL);
    cr_expect(trace == NULL, "Raft recovers");
    run_free(run);
}

/* The shrunk run is one of the simulator's, and really no draw of it can be changed as it says. */
Test(deadline, the_shrunk_run_is_a_run_and_minimal)
{
    struct gs_run *run;
    struct trace *again, *trace = find_stuck(&run, "fixed-timeouts");
    struct shrunk shrunk;
    char text[500];
    cr_assert(trace != NULL);
    const bool is_shrunk =
        shrink_trace(trace, &(struct shrink_limits){.keep_configuration = true}, &shrunk, text, sizeof(text));
    cr_assert(is_shrunk, "%s", text);
    cr_expect(eq(int, shrunk.guarantee, SHRINK_ONE_MINIMAL));
    cr_expect(lt(sz, shrunk.trace->step_count, trace->step_count));
    cr_expect(eq(str, shrunk.trace->explanation, trace->explanation));
    cr_expect(eq(i64, shrunk.trace->clock->timing.heal_after, trace->clock->timing.heal_after));
    cr_expect(eq(i64, shrunk.trace->clock->timing.recover_within, trace->clock->timing.recover_within));
    cr_expect(eq(int, deadline_replay(shrunk.trace, &again), DEADLINE_MISSED));
    const bool is_same = deadline_is_same(shrunk.trace, again, text, sizeof(text));
    cr_expect(is_same, "%s", text);
    struct replay replay;
    trace_replay(shrunk.trace, NULL, NULL, &replay);
    cr_expect(eq(int, replay.end, REPLAY_SAMPLED), "%s", replay.reason);

    const struct trace_clock *clock = shrunk.trace->clock;
    struct deadline *deadline = malloc(sizeof(*deadline));
    uint64_t *draws = malloc((clock->draw_count + 1) * sizeof(*draws));
    deadline_open(deadline, shrunk.trace->run, clock, shrunk.trace->monitors_on);
    for (size_t i = 0; i < clock->draw_count; i++)
        for (int change = 0; change < 3; change++) {
            const size_t left_out = change == 2;
            memcpy(draws, clock->draws, clock->draw_count * sizeof(*draws));
            draws[i] = change ? UINT64_MAX : 0;
            if (left_out)
                memmove(draws + i, draws + i + 1, (clock->draw_count - i - 1) * sizeof(*draws));
            const bool is_shorter =
                deadline_play(deadline, draws, clock->draw_count - left_out, 100000) == DEADLINE_MISSED &&
                deadline->trace->step_count < shrunk.trace->step_count;
            cr_expect(not(is_shorter), "draw %zu, change %d", i, change);
        }
    deadline_close(deadline);
    free(draws);
    free(deadline);
    trace_free(again);
    trace_free(trace);
    shrunk_free(&shrunk);
    run_free(run);
}

/* ---- The program ---- */

#define GOAL "second-leader-in-a-later-term"
#define STUCK                                                                                                  \
    "raft", "--mutant", "fixed-timeouts", "--set", "terms=30", "--heal-after", "1s", "--recover-within", "2s", \
        "--recovers", GOAL, "--runs", "5"

/* A directory with the shrunk trace and the long one. *steps: of the shrunk one. */
static char *make_traces(int *steps)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(directory, "fuzz", STUCK, "--trace", "bug.trace", "--long-trace", "long.trace");
    EXPECT_STATUS(ran, 1);
    const char *shrunk = strstr(ran.out, "\nshrunk from 75 to ");
    const bool is_shrunk = shrunk != NULL;
    cr_assert(is_shrunk, "%s", ran.out);
    *steps = atoi(shrunk + strlen("\nshrunk from 75 to "));
    cr_expect(lt(int, *steps, 50));
    EXPECT_IN(shrunk, " steps: 1-minimal (no draw of the clock can be left out, least or most for a shorter run)\n"
                      "in a smaller configuration: servers 3 -> 2, ");
    forget(&ran);
    return directory;
}

static char *read_in(const char *directory, const char *name)
{
    char *path = text_of("%s/%s", directory, name), *text = read_file(path);
    free(path);
    return text;
}

/* Length of the pattern where it stands at the text, a # in it being a number; 0: it does not. */
static size_t match(const char *text, const char *pattern)
{
    const char *at = text;
    for (; *pattern; pattern++) {
        const size_t digits = *pattern == '#' ? strspn(at, "0123456789") : 0;
        if (*pattern == '#' ? !digits : *at != *pattern)
            return 0;
        at += *pattern == '#' ? digits : 1;
    }
    return (size_t)(at - text);
}

/* bug.trace with another text in place of what matches first, and without its digest, as edited.trace. */
static void edit(const char *directory, const char *from, const char *to)
{
    char *text = read_in(directory, "bug.trace"), *path = text_of("%s/edited.trace", directory), *at = text;
    char *digest = strstr(text, ",\"digest\":");
    while (at < digest && !match(at, from))
        at++;
    cr_assert(lt(ptr, at, digest), "no %s", from);
    const char *rest = at + match(at, from);
    char *edited = text_of("%.*s%s%.*s}\n", (int)(at - text), text, to, (int)(digest - rest), rest);
    write_file(path, edited);
    free(edited);
    free(path);
    free(text);
}

Test(deadline, traces_of_fuzz_have_times_and_replay)
{
    int steps;
    char *directory = make_traces(&steps);
    char *replayed =
        text_of("bug.trace: reproduces: recovers is violated in %d steps: not met in time after all was healed: " GOAL
                "\nlong.trace: reproduces: recovers is violated in 75 steps: ",
                steps);
    struct ran ran = GAINSAY_IN(directory, "replay", "bug.trace", "long.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, replayed);
    forget(&ran);
    char *text = read_in(directory, "bug.trace");
    EXPECT_IN(text, "\"property\":\"recovers\",\"kind\":\"recovers\"");
    EXPECT_IN(text, "{\"step\":1,\"at\":");
    EXPECT_IN(text, "{\"end\":\"violation\",\"property\":\"recovers\",\"steps\":");
    free(text);
    ran = GAINSAY_IN(directory, "show", "bug.trace");
    EXPECT_IN(ran.out, " steps\n  but       not met in time after all was healed");
    EXPECT_IN(ran.out, "\n  clock     all is healed at 1.000000 s, the goals are due by 3.000000 s\n");
    EXPECT_IN(ran.out, " s  server0: timer election-timeout\n");
    EXPECT_IN(ran.out, "\nrecovers is violated: not met in time after all was healed: " GOAL "\n");
    forget(&ran);
    free(replayed);
    remove_test_directory(directory);
}

Test(deadline, replay_says_when_a_trace_is_no_run_of_its_clock)
{
    static const struct {
        const char *from, *to, *said;
    } edits[] = {
        {"\"recover_within\":#", "\"recover_within\":1000", ", its clock and draws give the end\n"},
        {"\"latency\":[\"constant\",250000,0]", "\"latency\":[\"constant\",250001,0]",
         "diverges: edited.trace:1: timing: step 2: at: the file says "},
        {"in time after all was healed: " GOAL, "in time",
         "diverges: edited.trace:1: timing: explanation: the file says \"not met in time\""},
        {"\"recovers\":[\"" GOAL "\"]", "\"recovers\":[\"leader-chosen\"]",
         "diverges: edited.trace:1: timing.recovers: raft has no goal leader-chosen\n"},
        {"\"mutants\":[\"fixed-timeouts\"]", "\"mutants\":[]", "; by its clock and draws the goals are met in time\n"},
    };
    int steps;
    char *directory = make_traces(&steps), *last = text_of("\"step\":%d,\"at\":#", steps);
    char *later = text_of("\"step\":%d,\"at\":99000000000", steps);
    char *said = text_of("diverges: edited.trace:1: timing: step %d: at: the file says 99000000000, its clock", steps);
    edit(directory, last, later);
    struct ran ran = GAINSAY_IN(directory, "replay", "edited.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, said);
    forget(&ran);
    for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
        edit(directory, edits[i].from, edits[i].to);
        ran = GAINSAY_IN(directory, "replay", "edited.trace");
        EXPECT_STATUS(ran, 1);
        EXPECT_IN(ran.out, edits[i].said);
        forget(&ran);
    }
    free(said);
    free(later);
    free(last);
    remove_test_directory(directory);
}

Test(deadline, a_damaged_clock_is_refused)
{
    static const struct {
        const char *from, *to, *said;
    } edits[] = {
        {"\"step\":4,\"at\":#", "\"step\":4,\"at\":1", ":7: at: 1 is not from "},
        {"\"step\":4,\"at\":#,", "\"step\":4,", ":7: at: is missing: the steps before have it"},
        {"\"step\":4,\"at\":#", "\"step\":4,\"at\":\"x\"", ":7: at: expected an integer, not a string"},
        {"\"step\":1,\"at\":#,", "\"step\":1,", ":4: at: is missing: of a run with a deadline each step has it"},
        {"\"timing\":{", "\"timing\":{\"odd\":1,", ":1: timing.odd: a clock has no such member"},
        {"\"recovers\":[\"" GOAL "\"]", "\"recovers\":[]", ":1: timing.recovers: expected an array of the names"},
        {"\"latency\":[\"constant\"", "\"latency\":[\"odd\"", ":1: timing.latency[0]: \"odd\" is not constant,"},
        {"\"loss_ppm\":0", "\"loss_ppm\":1000001", ":1: timing.loss_ppm: 1000001 is not from 0 to 1000000"},
        {"\"heal_after\":1000000000", "\"heal_after\":0", ":1: timing: without heal_after or recover_within"},
        {"\"heal_after\":1000000000,", "", ":1: timing.heal_after: is missing"},
        {"\"draws\":[", "\"draws\":[[7000,1],", ":1: timing.draws[1]: its place is not behind the one before"},
        {"\"draws\":[", "\"draws\":[[99999999,1],", ":1: timing.draws[0]: 99999999 is not from 0 to 4194304"},
        {"\"draws\":[", "\"draws\":[3,", ":1: timing.draws[0]: expected a pair of a place and a value"},
        {"\"kind\":\"recovers\"", "\"kind\":\"always\"", ":1: timing: only a trace of kind recovers has it"},
        {"\"property\":\"recovers\"", "\"property\":\"leader-elected\"",
         ":1: kind: is \"recovers\", but the property is"},
        {"\"timing\":{", "\"timing\":7,\"x\":{", ":1: x: a header has no such member"},
    };
    int steps;
    char *directory = make_traces(&steps);
    for (size_t i = 0; i < sizeof(edits) / sizeof(*edits); i++) {
        edit(directory, edits[i].from, edits[i].to);
        struct ran ran = GAINSAY_IN(directory, "replay", "edited.trace");
        EXPECT_STATUS(ran, 2);
        EXPECT_IN(ran.err, edits[i].said);
        cr_expect(eq(str, ran.out, ""));
        forget(&ran);
    }
    remove_test_directory(directory);
}

/* Committed, it is a regression test as any trace. */
Test(deadline, a_suite_takes_it_for_fixed_once_the_goals_are_met)
{
    int steps;
    char *directory = make_traces(&steps), *path = text_of("%s/s.ini", directory);
    write_file(path, "[known]\ntraces = bug.trace\n[mended]\ntraces = edited.trace\nexpect = fixed\n");
    edit(directory, "\"mutants\":[\"fixed-timeouts\"]", "\"mutants\":[]");
    struct ran ran = GAINSAY_IN(directory, "suite", "s.ini");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "1 reproduced");
    EXPECT_IN(ran.out, "1 fixed");
    forget(&ran);
    free(path);
    remove_test_directory(directory);
}

Test(deadline, a_trace_is_rewritten_as_its_clock_gives_it_today)
{
    int steps;
    char *directory = make_traces(&steps);
    edit(directory, "\"latency\":[\"constant\",250000,0]", "\"latency\":[\"constant\",260000,0]");
    struct ran ran = GAINSAY_IN(directory, "replay", "--rewrite", "edited.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, "edited.trace: rewritten: recovers is violated in ");
    forget(&ran);
    char *text = read_in(directory, "edited.trace");
    EXPECT_IN(text, "\"latency\":[\"constant\",260000,0]");
    free(text);
    ran = GAINSAY_IN(directory, "replay", "edited.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_NOT_IN(ran.out, "note");
    forget(&ran);
    remove_test_directory(directory);
}

Test(deadline, shrink_takes_the_trace_of_a_whole_run)
{
    int steps;
    char *directory = make_traces(&steps);
    struct ran ran = GAINSAY_IN(directory, "shrink", "long.trace");
    EXPECT_STATUS(ran, 0);
    EXPECT_IN(ran.out, " steps (before: 75): not met in time");
    forget(&ran);
    char *fuzzed = read_in(directory, "bug.trace"), *shrunk = read_in(directory, "long.min.trace");
    cr_expect(eq(str, fuzzed, shrunk), "as fuzz shrinks it");
    free(fuzzed);
    free(shrunk);
    ran = GAINSAY_IN(directory, "shrink", "long.trace", "--keep-configuration", "--output", "kept.trace", "--quiet");
    EXPECT_STATUS(ran, 0);
    forget(&ran);
    char *kept = read_in(directory, "kept.trace");
    EXPECT_IN(kept, "\"servers\":3,\"terms\":30");
    free(kept);
    edit(directory, "\"mutants\":[\"fixed-timeouts\"]", "\"mutants\":[]");
    ran = GAINSAY_IN(directory, "shrink", "edited.trace");
    EXPECT_STATUS(ran, 1);
    cr_expect(
        eq(str, ran.err,
           "gainsay: shrink: edited.trace: its clock and draws do not miss the deadline any more ('gainsay replay' "
           "says why)\n"));
    forget(&ran);
    remove_test_directory(directory);
}

/* Without the bug other runs miss the deadline too, if their luck is bad enough: that is another failure. */
Test(deadline, the_bug_stays_to_blame)
{
    char *directory = make_test_directory();
    struct ran ran = GAINSAY_IN(
        directory, "fuzz", "chain-replication", "--mutant", "tail-promote-no-ack", "--set", "heartbeats=1", "--set",
        "epochs=2", "--set", "retries=9", "--set", "writes=1", "--set", "reads=1", "--profile", "wan", "--crashes", "1",
        "--restarts", "1", "--crash-every", "100ms", "--down-for", "1s", "--heal-after", "2s", "--recover-within", "5s",
        "--recovers", "all-returned", "--runs", "50", "--shrink-seconds", "2", "--trace", "bug.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_NOT_IN(ran.out, "without tail-promote-no-ack");
    forget(&ran);
    char *text = read_in(directory, "bug.trace");
    EXPECT_IN(text, "\"mutants\":[\"tail-promote-no-ack\"]");
    EXPECT_IN(text, "\"event\":\"crash\"");
    free(text);
    edit(directory, "\"mutants\":[\"tail-promote-no-ack\"]", "\"mutants\":[]");
    ran = GAINSAY_IN(directory, "replay", "edited.trace");
    EXPECT_STATUS(ran, 1);
    EXPECT_IN(ran.out, "by its clock and draws the goals are met in time");
    forget(&ran);
    remove_test_directory(directory);
}
