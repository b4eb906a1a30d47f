/* Messages by type with their latencies, when goals were met, how soon all recovered, what handlers announced. */
#include "cli/metrics_report.h"

#include <inttypes.h>
#include <string.h>

#include "checker/random_timed.h"
#include "core/die.h"
#include "traces/json_fields.h"

static const unsigned permilles[] = {500, 900, 990};
static const char *const percentile_names[] = {"p50_ns", "p90_ns", "p99_ns"};
enum { PERCENTILES = sizeof(permilles) / sizeof(*permilles), TIME_TEXT = 32 };

static const char *time_text(int64_t time, char text[TIME_TEXT])
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    unsigned unit = 0;
    int64_t whole = time, rest = 0;
    for (; unit < 3 && whole >= 1000; unit++) {
        rest = whole % 1000;
        whole /= 1000;
    }
    snprintf(text, TIME_TEXT, unit ? "%" PRId64 ".%" PRId64 " %s" : "%" PRId64 "%.0" PRId64 " %s", whole,
             unit ? rest / 100 : 0, units[unit]);
    return text;
}

static void print_times(const struct histogram *times, FILE *out)
{
    char text[TIME_TEXT];
    for (size_t i = 0; i < PERCENTILES; i++)
        fprintf(out, "  %10s", times->count ? time_text(histogram_permille(times, permilles[i]), text) : "-");
    fprintf(out, "  %10s\n", times->count ? time_text(times->most, text) : "-");
}

static int widest(const struct gs_fuzz_result *fuzz)
{
    const struct gs_run *run = fuzz->result.run;
    int width = 8;
    for (unsigned type = 0; type < run->event_count; type++)
        if ((int)strlen(run->model->events[type].name) > width)
            width = (int)strlen(run->model->events[type].name);
    for (unsigned i = 0; i < run_property_count(run); i++)
        if ((int)strlen(run_property(run, i)->name) > width)
            width = (int)strlen(run_property(run, i)->name);
    return width;
}

static void print_messages(const struct gs_fuzz_result *fuzz, int width, FILE *out)
{
    const struct gs_run *run = fuzz->result.run;
    fprintf(out, "\n%-*s  %12s  %12s  %12s  %10s  %10s  %10s  %10s\n", width + 2, "messages", "sent", "delivered",
            "lost", "p50", "p90", "p99", "most");
    for (unsigned type = 0; type < run->event_count; type++) {
        const struct timed_sums *sums = &fuzz->timed->sums[type];
        if (run->model->events[type].kind != GS_MESSAGE)
            continue;
        fprintf(out, "  %-*s  %12" PRIu64 "  %12" PRIu64 "  %12" PRIu64, width, run->model->events[type].name,
                sums->sent, sums->delivered, sums->lost);
        print_times(&sums->times, out);
    }
}

static void print_goals(const struct gs_fuzz_result *fuzz, int width, FILE *out)
{
    const struct gs_run *run = fuzz->result.run;
    fprintf(out, "\n%-*s  %12s  %38s  %10s  %10s  %10s\n", width + 2, "first met", "runs", "p50", "p90", "p99", "most");
    for (unsigned i = 0; i < run_property_count(run); i++) {
        const struct histogram *times = &fuzz->timed->goals[i].times;
        if (run_property(run, i)->kind != GS_REACHABLE)
            continue;
        fprintf(out, "  %-*s  %12" PRIu64 "%28s", width, run_property(run, i)->name, times->count, "");
        print_times(times, out);
    }
    if (fuzz->timed->recovery.sent + fuzz->timed->recovery.lost) {
        fprintf(out, "  %-*s  %12" PRIu64 "%28s", width, GS_RECOVERS, fuzz->timed->recovery.delivered, "");
        print_times(&fuzz->timed->recovery.times, out);
    }
}

void metrics_print(const struct gs_fuzz_result *fuzz, FILE *out)
{
    const struct gs_run *run = fuzz->result.run;
    const struct random_timed *timed = fuzz->timed;
    const int width = widest(fuzz);
    const double seconds = (double)timed->total * 1e-9;
    print_messages(fuzz, width, out);
    print_goals(fuzz, width, out);
    for (unsigned i = 0; i < GS_ANNOUNCEMENTS_MAX && run->model->announcements[i].name; i++)
        fprintf(out, "%s  %-*s  %12" PRIu64 "\n", i ? "" : "\nannounced\n", width, run->model->announcements[i].name,
                timed->announced[i]);
    fprintf(out, "\n%.1f s on the runs' clocks, %.1f events a second\n", seconds,
            seconds > 0 ? (double)fuzz->steps / seconds : 0);
    if (timed->overfull_count)
        fprintf(out,
                "%" PRIu64 " run%s ended early: more than a million messages and timers were on their way at once\n",
                timed->overfull_count, timed->overfull_count == 1 ? "" : "s");
}

/* ---- JSON ---- */

static void add(json_t *object, const char *name, json_t *value)
{
    must(json_object_set_new(object, name, value) == 0);
}

static json_t *times_json(const struct histogram *times)
{
    json_t *object = json_object();
    add(object, "count", json_integer((json_int_t)times->count));
    for (size_t i = 0; i < PERCENTILES; i++)
        add(object, percentile_names[i],
            times->count ? json_integer(histogram_permille(times, permilles[i])) : json_null());
    add(object, "most_ns", times->count ? json_integer(times->most) : json_null());
    return object;
}

json_t *metrics_json(const struct gs_fuzz_result *fuzz)
{
    if (!fuzz->timed)
        return json_null();
    const struct gs_run *run = fuzz->result.run;
    json_t *object = json_object(), *messages = json_object(), *goals = json_object(), *announced = json_object();
    for (unsigned type = 0; type < run->event_count; type++) {
        const struct timed_sums *sums = &fuzz->timed->sums[type];
        if (run->model->events[type].kind != GS_MESSAGE)
            continue;
        json_t *message = json_object();
        add(message, "sent", json_integer((json_int_t)sums->sent));
        add(message, "delivered", json_integer((json_int_t)sums->delivered));
        add(message, "lost", json_integer((json_int_t)sums->lost));
        add(message, "latency", times_json(&sums->times));
        add(messages, run->model->events[type].name, message);
    }
    for (unsigned i = 0; i < run_property_count(run); i++)
        if (run_property(run, i)->kind == GS_REACHABLE)
            add(goals, run_property(run, i)->name, times_json(&fuzz->timed->goals[i].times));
    for (unsigned i = 0; i < GS_ANNOUNCEMENTS_MAX && run->model->announcements[i].name; i++)
        add(announced, run->model->announcements[i].name, json_integer((json_int_t)fuzz->timed->announced[i]));
    add(object, "messages", messages);
    add(object, "goals_first_met", goals);
    add(object, "recovery", times_json(&fuzz->timed->recovery.times));
    add(object, "announced", announced);
    add(object, "clock_ns", json_integer(fuzz->timed->total));
    add(object, "ended_overfull", json_integer((json_int_t)fuzz->timed->overfull_count));
    return object;
}
