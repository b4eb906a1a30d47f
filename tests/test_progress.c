/* What is said of a search while it goes on: by the callback, also in phases that explore nothing, and as a line. */
#include "cli/progress.h"

#include <unistd.h>

#include "tests/checker_sample.h"

/* ---- The callback ---- */

/* All that was said. */
struct heard {
    unsigned times, in_phase;
    double longest_silence, last, longest_phase;
    char phase[100];
    uint64_t most_memory, most_frontier, most_frontier_before;
};

static void hear(void *context, const struct gs_progress *now)
{
    struct heard *heard = context;
    const double silence = now->seconds - heard->last;
    heard->times++;
    heard->last = now->seconds;
    heard->longest_silence = silence > heard->longest_silence ? silence : heard->longest_silence;
    heard->most_memory = now->memory_bytes > heard->most_memory ? now->memory_bytes : heard->most_memory;
    heard->most_frontier = now->frontier > heard->most_frontier ? now->frontier : heard->most_frontier;
    if (now->frontier_before > heard->most_frontier_before)
        heard->most_frontier_before = now->frontier_before;
    if (!now->phase)
        return;
    heard->in_phase++;
    heard->longest_phase = now->phase_seconds > heard->longest_phase ? now->phase_seconds : heard->longest_phase;
    snprintf(heard->phase, sizeof(heard->phase), "%s", now->phase);
}

static bool very_slow_step(struct gs_step *s, void *self, const struct gs_event *e)
{
    usleep(30000);
    return counters.roles[0].step(s, self, e);
}

/* A search of a second, within which no thread comes to say anything, and a phase as long at its end. */
Test(progress, is_never_silent_for_long)
{
    struct heard heard = {0};
    struct gs_result result;
    struct gs_model *model = copy_model(&counters);
    model->roles[0].step = very_slow_step;
    check(model,
          &(struct gs_config){.settings = LIST("counters=3", "top=1"),
                              .audit = true,
                              .threads = 1,
                              .progress = hear,
                              .progress_context = &heard},
          GS_HOLDS, &result);
    cr_expect(ge(uint, heard.times, 4), "%u times in %.3f s", heard.times, result.seconds);
    cr_expect(lt(dbl, heard.longest_silence, 0.9));
    cr_expect(gt(uint, heard.in_phase, 1));
    cr_expect(gt(dbl, heard.longest_phase, 0.2));
    expect_text(heard.phase, "running remembered reactions again");
    cr_expect(gt(u64, heard.most_memory, 0));
    cr_expect(ge(u64, heard.most_frontier, 3), "at depth 1");
    cr_expect(ge(u64, heard.most_frontier_before, 1));
    gs_result_free(&result);
}

/* ---- The line ---- */

static const struct gs_progress picture = {.states = 12300000,
                                           .transitions = 45000000,
                                           .depth = 14,
                                           .frontier = 235000,
                                           .frontier_before = 200000,
                                           .memory_bytes = 512 << 20,
                                           .seconds = 12};

static void expect_line(const struct gs_progress *now, size_t columns, const char *expected)
{
    const struct progress progress = {.states_rate = 1.21e6, .transitions_rate = 4.5e6};
    char line[PROGRESS_LINE_SIZE];
    progress_line(&progress, now, columns, line);
    expect_text(line, expected);
    cr_expect(lt(sz, strlen(line), columns));
}

Test(progress, is_a_line_that_fits_the_terminal)
{
    expect_line(&picture, 200,
                "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, frontier 235k growing, memory 512M");
    expect_line(&picture, 80, "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, 235k growing, 512M");
    expect_line(&picture, 40, "12 s, depth 14, 12.3M states, 1.2M/s");
    expect_line(&picture, 1, "");
}

Test(progress, shows_how_the_frontier_changes)
{
    struct gs_progress now = picture;
    now.frontier_before = 300000;
    expect_line(&now, 80, "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, 235k shrinking, 512M");
    now.frontier_before = 234500;
    expect_line(&now, 80, "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, 235k steady, 512M");
    now.frontier_before = 0;
    expect_line(&now, 80, "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, 235k, 512M");
}

Test(progress, shows_what_takes_long_and_for_how_long)
{
    struct gs_progress now = picture;
    now.phase = "making the trace of elected";
    now.phase_seconds = 0.5;
    expect_line(&now, 80, "12 s, depth 14, 12.3M states, 1.2M/s, 4.5M transitions/s, 235k growing, 512M");
    now.phase_seconds = 7;
    expect_line(&now, 120, "12 s, depth 14, 12.3M states, making the trace of elected for 7 s, memory 512M");
}
