/* Knobs of the clock: one table says what each is, where it goes and how it is read. A flag goes before the profile,
 * wherever it stands. */
#include "cli/timing_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "checker/check.h"
#include "checker/timed_clocks.h"
#include "cli/arguments.h"
#include "cli/numbers.h"

enum { KEY_TIMED = 2048, KEY_PROFILE, KEY_RECOVERS, KEY_KNOBS };

enum knob_kind { KNOB_TIME, KNOB_TIME_OR_NONE, KNOB_DISTRIBUTION, KNOB_PERCENT, KNOB_MILLIONTHS, KNOB_BYTES };

struct knob {
    const char *name;
    enum knob_kind kind;
    size_t offset; /* in struct gs_timing */
};

#define TIMING(member) offsetof(struct gs_timing, member)
static const struct knob knobs[] = {
    {"until", KNOB_TIME, TIMING(until)},
    {"latency", KNOB_DISTRIBUTION, TIMING(latency)},
    {"loss", KNOB_PERCENT, TIMING(loss_ppm)},
    {"duplication", KNOB_PERCENT, TIMING(duplicate_ppm)},
    {"bandwidth", KNOB_BYTES, TIMING(bandwidth)},
    {"timer", KNOB_DISTRIBUTION, TIMING(timer)},
    {"local-after", KNOB_DISTRIBUTION, TIMING(local)},
    {"crash-every", KNOB_TIME, TIMING(crash_every)},
    {"down-for", KNOB_DISTRIBUTION, TIMING(down_for)},
    {"partition-every", KNOB_TIME, TIMING(partition_every)},
    {"partition-for", KNOB_DISTRIBUTION, TIMING(cut_for)},
    {"one-way-every", KNOB_TIME, TIMING(one_way_every)},
    {"pause-every", KNOB_TIME, TIMING(pause_every)},
    {"pause-for", KNOB_DISTRIBUTION, TIMING(pause_for)},
    {"drift", KNOB_MILLIONTHS, TIMING(drift_ppm)},
    {"heal-after", KNOB_TIME, TIMING(heal_after)},
    {"recover-within", KNOB_TIME, TIMING(recover_within)},
    {"skew", KNOB_TIME_OR_NONE, TIMING(skew)},
};
enum { KNOBS = sizeof(knobs) / sizeof(*knobs), UNTIL = 0 };

static const struct argp_option options_of_clock[] = {
    {.name = "timed", .key = KEY_TIMED, .doc = "Runs have a clock; so they have with any option below"},
    {.name = "profile",
     .key = KEY_PROFILE,
     .arg = "datacenter|wan|lossy|degraded|hostile",
     .doc = "What the network and the nodes are like (default: datacenter)"},
    {.name = "until", .key = KEY_KNOBS, .arg = "TIME", .doc = "End of a run, as 10s, 250ms or 40us (default: 10s)"},
    {.name = "latency",
     .key = KEY_KNOBS + 1,
     .arg = "DISTRIBUTION",
     .doc = "Of links: 10ms, 1ms..5ms, normal:40ms,10ms or exponential:5ms"},
    {.name = "loss", .key = KEY_KNOBS + 2, .arg = "PERCENT", .doc = "Messages lost, as 0.1"},
    {.name = "duplication",
     .key = KEY_KNOBS + 3,
     .arg = "PERCENT",
     .doc = "Messages that arrive twice (and --duplicates)"},
    {.name = "bandwidth", .key = KEY_KNOBS + 4, .arg = "BYTES", .doc = "Of a link, a second (default: no limit)"},
    {.name = "timer",
     .key = KEY_KNOBS + 5,
     .arg = "DISTRIBUTION",
     .doc = "Timers of which the protocol does not say how long they take (default: 150ms..300ms)"},
    {.name = "local-after",
     .key = KEY_KNOBS + 6,
     .arg = "DISTRIBUTION",
     .doc = "Until a node takes a local event (default: exponential:20ms)"},
    {.name = "crash-every",
     .key = KEY_KNOBS + 7,
     .arg = "TIME",
     .doc = "Mean time between crashes, and between reboots (default: spread over the run)"},
    {.name = "down-for",
     .key = KEY_KNOBS + 8,
     .arg = "DISTRIBUTION",
     .doc = "Until a crashed node is restarted (default: exponential:1s)"},
    {.name = "partition-every", .key = KEY_KNOBS + 9, .arg = "TIME", .doc = "Mean time between partitions, likewise"},
    {.name = "partition-for",
     .key = KEY_KNOBS + 10,
     .arg = "DISTRIBUTION",
     .doc = "Until it heals, also one-way (default: exponential:1s)"},
    {.name = "one-way-every",
     .key = KEY_KNOBS + 11,
     .arg = "TIME",
     .doc = "Mean time between partitions in one direction (default: none)"},
    {.name = "pause-every",
     .key = KEY_KNOBS + 12,
     .arg = "TIME",
     .doc = "Mean time between pauses of a node (default: none)"},
    {.name = "pause-for", .key = KEY_KNOBS + 13, .arg = "DISTRIBUTION", .doc = "Until it goes on"},
    {.name = "drift", .key = KEY_KNOBS + 14, .arg = "N", .doc = "Clocks are up to N millionths too fast or too slow"},
    {.name = "skew",
     .key = KEY_KNOBS + 17,
     .arg = "TIME",
     .doc = "Clocks are up to TIME apart when a run begins (gs_now); 0s: not at all"},
    {.name = "heal-after", .key = KEY_KNOBS + 15, .arg = "TIME", .doc = "From then on no faults, and all is healed"},
    {.name = "recover-within",
     .key = KEY_KNOBS + 16,
     .arg = "TIME",
     .doc = "So long after that the run ends, and the goals of --recovers must have been met"},
    {.name = "recovers",
     .key = KEY_RECOVERS,
     .arg = "GOAL",
     .flags = OPTION_REPEATABLE,
     .doc = "This goal must be met after all was healed; repeatable"},
    {0},
};

/* ---- Reading ---- */

/* "10ms", up to 1000 hours. *end: behind it. */
static bool read_time(const char *text, int64_t *time, const char **end)
{
    static const struct {
        const char *name;
        int64_t size;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
    uint64_t number = 0, fraction = 0, scale = 1;
    const char *c = text;
    for (; *c >= '0' && *c <= '9' && number < 10000000000; c++)
        number = number * 10 + (uint64_t)(*c - '0');
    if (c == text)
        return false;
    if (*c == '.' && c[1] >= '0' && c[1] <= '9')
        for (c++; *c >= '0' && *c <= '9' && scale < 1000000000; c++, scale *= 10)
            fraction = fraction * 10 + (uint64_t)(*c - '0');
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        const size_t length = strlen(units[i].name);
        if (strncmp(c, units[i].name, length) != 0)
            continue;
        if (number > (uint64_t)(TIMED_LONGEST / units[i].size))
            return false;
        *time = (int64_t)number * units[i].size + (int64_t)(fraction * (uint64_t)units[i].size / scale);
        *end = c + length;
        return *time <= TIMED_LONGEST;
    }
    return false;
}

static bool read_time_or_none(const char *text, int64_t *time)
{
    const char *end;
    return read_time(text, time, &end) && !*end;
}

static bool read_whole_time(const char *text, int64_t *time)
{
    return read_time_or_none(text, time) && *time > 0;
}

/* A time, or two with `between` in the middle. */
static bool read_two(const char *text, const char *between, struct gs_distribution *distribution)
{
    const char *end;
    if (!read_time(text, &distribution->a, &end) || strncmp(end, between, strlen(between)) != 0)
        return false;
    return read_time(end + strlen(between), &distribution->b, &end) && !*end;
}

static bool read_distribution(const char *text, struct gs_distribution *distribution)
{
    *distribution = (struct gs_distribution){GS_CONSTANT, 0, 0};
    if (read_whole_time(text, &distribution->a))
        return true;
    if (strncmp(text, "exponential:", 12) == 0) {
        distribution->kind = GS_EXPONENTIAL;
        return read_whole_time(text + 12, &distribution->a);
    }
    if (strncmp(text, "normal:", 7) == 0) {
        distribution->kind = GS_NORMAL;
        return read_two(text + 7, ",", distribution);
    }
    distribution->kind = GS_UNIFORM;
    return read_two(text, "..", distribution) && distribution->a <= distribution->b;
}

/* "0.1" per cent as millionths: at most four digits behind the point. */
static bool read_percent(const char *text, uint32_t *ppm)
{
    uint32_t number = 0, digits = 0;
    const char *c = text;
    for (; *c >= '0' && *c <= '9' && number <= 100; c++)
        number = number * 10 + (uint32_t)(*c - '0');
    if (c == text || number > 100)
        return false;
    number *= 10000;
    if (*c == '.')
        for (uint32_t unit = 1000; *++c >= '0' && *c <= '9' && digits < 4; digits++, unit /= 10)
            number += unit * (uint32_t)(*c - '0');
    *ppm = number;
    return !*c && number <= 1000000;
}

static bool read_knob(const struct knob *knob, const char *text, struct gs_timing *timing)
{
    void *place = (char *)timing + knob->offset;
    uint64_t number;
    switch (knob->kind) {
    case KNOB_TIME:
        return read_whole_time(text, place);
    case KNOB_TIME_OR_NONE:
        return read_time_or_none(text, place);
    case KNOB_DISTRIBUTION:
        return read_distribution(text, place);
    case KNOB_PERCENT:
        return read_percent(text, place);
    case KNOB_BYTES:
        return number_parse_bytes(text, place);
    case KNOB_MILLIONTHS:
        if (!number_parse(text, 0, 500000, &number))
            return false;
        *(uint32_t *)place = (uint32_t)number;
        return true;
    }
    return false;
}

static int complain_of(const struct knob *knob, const char *text)
{
    static const char *const wanted[] = {"a time above 0, as 10s, 250ms or 40us",
                                         "a time, as 10s, 250ms or 0s",
                                         "a time (10ms), a range (1ms..5ms), normal:MEAN,DEVIATION or exponential:MEAN",
                                         "a percentage from 0 to 100, as 5 or 0.1",
                                         "a number from 0 to 500000",
                                         "a number of bytes a second, as 800K or 10M"};
    return complain("fuzz", "--%s %s: %s", knob->name, text, wanted[knob->kind]);
}

/* ---- Together ---- */

static const struct gs_profile *find_profile(const char *name)
{
    struct name_list known = {0};
    for (const struct gs_profile *profile = gs_profiles; profile->name; profile++)
        if (!name || strcmp(profile->name, name) == 0)
            return profile;
    for (const struct gs_profile *profile = gs_profiles; profile->name; profile++)
        name_list_add(&known, profile->name);
    complain_unknown("fuzz", "--profile", name, "profile", &known);
    name_list_free(&known);
    return NULL;
}

static int check_recovery(const struct timing_options *options)
{
    const struct gs_timing *timing = &options->timing;
    if (timing->recover_within && !timing->heal_after)
        return complain("fuzz", "--recover-within: after what? Say --heal-after TIME too");
    if (timing->recover_within && !options->recovers.count)
        return complain("fuzz", "--recover-within: which goals must be met by then? Say --recovers GOAL too");
    if (options->recovers.count && !timing->recover_within)
        return complain("fuzz", "--recovers %s: by when? Say --heal-after TIME --recover-within TIME too",
                        options->recovers.items[0]);
    if (timing->heal_after && !timing->recover_within && timing->heal_after >= timing->until)
        return complain("fuzz", "--heal-after: the run ends before that; say --until TIME too");
    return 0;
}

int timing_options_complete(struct timing_options *options)
{
    if (!options->timing.on)
        return 0;
    const struct gs_profile *profile = find_profile(options->profile);
    if (!profile)
        return GS_BAD_INPUT;
    options->timing = profile->timing;
    for (size_t i = 0; i < KNOBS; i++)
        if ((options->given >> i & 1) && !read_knob(&knobs[i], options->values[i], &options->timing))
            return complain_of(&knobs[i], options->values[i]);
    if (options->timing.pause_every && !options->timing.pause_for.a)
        options->timing.pause_for = (struct gs_distribution){GS_EXPONENTIAL, 100000000, 0};
    options->timing.recovers = options->recovers.items;
    return check_recovery(options);
}

void timing_options_free(struct timing_options *options)
{
    name_list_free(&options->recovers);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct timing_options *options = state->input;
    if (key == KEY_PROFILE)
        options->profile = text;
    else if (key == KEY_RECOVERS)
        name_list_add(&options->recovers, text);
    else if (key >= KEY_KNOBS && key < KEY_KNOBS + KNOBS) {
        options->given |= UINT64_C(1) << (key - KEY_KNOBS);
        options->values[key - KEY_KNOBS] = text;
    } else if (key != KEY_TIMED)
        return ARGP_ERR_UNKNOWN;
    options->timing.on = true;
    return 0;
}

const struct argp timing_argp = {.options = options_of_clock, .parser = parse};
