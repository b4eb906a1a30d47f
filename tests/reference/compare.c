/* Fits a random protocol to a size, and compares what gs_check and the reference say of it. */
#include "tests/reference/compare.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { STATES_LEAST = 10, STATES_MOST = 20000, SIZE_USUAL = 1200, SAMPLE = 200, SAMPLE_DEPTH_LEAST = 3 };

/* ---- Which attempt ---- */

struct size_range {
    uint64_t least, most;
};

/* Many small, some large. */
static struct size_range range_of(uint64_t seed)
{
    if (seed % 100 == 99)
        return (struct size_range){3000, STATES_MOST};
    if (seed % 20 == 18)
        return (struct size_range){1000, 4000};
    return seed % 5 == 0 ? (struct size_range){STATES_LEAST, 600} : (struct size_range){201, SIZE_USUAL};
}

/* Searches the selected protocol. False: it has too few states, or too many; most of the latter have hundreds within a
 * few steps, which spares the rest of the search. */
static bool fits(const struct random_protocol *protocol, struct size_range range, struct reference_result *result)
{
    reference_search(protocol->model, &protocol->config, SAMPLE, result);
    if (!result->ran)
        return true; /* for the comparison to complain of */
    if (result->gave_up && (result->depth > SAMPLE_DEPTH_LEAST || range.most > SIZE_USUAL))
        reference_search(protocol->model, &protocol->config, range.most, result);
    return !result->gave_up && result->states >= range.least;
}

struct random_protocol compare_fit(uint64_t seed, struct reference_result *result)
{
    const struct size_range range = range_of(seed);
    for (unsigned attempt = 0;; attempt++) {
        struct random_protocol protocol = random_protocol_make(seed, attempt);
        random_protocol_select(&protocol);
        if (fits(&protocol, range, result)) {
            protocol.config.halves_from = seed % 2; /* of every other one states are kept as pairs of halves */
            return protocol;
        }
        random_protocol_free(&protocol);
    }
}

/* ---- One search against the other ---- */

__attribute__((format(printf, 2, 3))) static bool differ(char difference[COMPARE_TEXT], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(difference, COMPARE_TEXT, format, arguments);
    va_end(arguments);
    return false;
}

static bool same(char difference[COMPARE_TEXT], const char *what, uint64_t reference, uint64_t engine)
{
    if (reference == engine)
        return true;
    return differ(difference, "%s: reference %" PRIu64 ", gs_check %" PRIu64, what, reference, engine);
}

static uint64_t tally(const struct gs_tally *tallies, size_t count, const char *begin)
{
    uint64_t times = 0;
    for (size_t i = 0; i < count; i++)
        if (strncmp(tallies[i].name, begin, strlen(begin)) == 0)
            times += tallies[i].times;
    return times;
}

static bool same_counts(const struct reference_result *plain, const struct gs_result *fast, char *difference)
{
    return same(difference, "states", plain->states, fast->states) &&
           same(difference, "transitions", plain->transitions, fast->transitions) &&
           same(difference, "depth", plain->depth, fast->depth) &&
           same(difference, "complete", plain->complete, fast->complete) &&
           same(difference, "reduced", plain->reduced, strcmp(fast->reductions, "ignored") == 0);
}

/* The bounds of roles are named "first <= few" and "second <= few". */
static bool same_cuts(const struct reference_result *plain, const struct gs_result *fast, char *difference)
{
    const uint64_t within = tally(fast->cuts, fast->cut_count, "first") + tally(fast->cuts, fast->cut_count, "second");
    return same(difference, "cut by capacity", plain->cuts[REFERENCE_CAPACITY],
                tally(fast->cuts, fast->cut_count, "capacity")) &&
           same(difference, "cut by copies", plain->cuts[REFERENCE_COPIES],
                tally(fast->cuts, fast->cut_count, "copies")) &&
           same(difference, "cut by within", plain->cuts[REFERENCE_WITHIN], within) &&
           (fast->run->network != GS_BAG || same(difference, "absorbed", plain->absorbed, fast->absorbed));
}

static bool same_events(const struct gs_model *model, const struct reference_result *plain,
                        const struct gs_result *fast, char *difference)
{
    for (unsigned e = 0; e < GS_EVENTS_MAX && model->events[e].name; e++)
        if (!same(difference, model->events[e].name, plain->taken[e],
                  tally(fast->events, fast->event_count, model->events[e].name)))
            return false;
    for (unsigned a = ACTION_DROP; a < ACTION_COUNT; a++)
        if (!same(difference, action_names[a], plain->actions[a],
                  tally(fast->events, fast->event_count, action_names[a])))
            return false;
    return true;
}

static bool same_property(const struct reference_property *plain, const struct gs_property_result *fast,
                          char *difference)
{
    if (strcmp(plain->name, fast->name) != 0)
        return differ(difference, "property %s is called %s", plain->name, fast->name);
    if (plain->verdict != fast->verdict)
        return differ(difference, "%s: reference %s, gs_check %s (%s)", plain->name, gs_verdict_names[plain->verdict],
                      gs_verdict_names[fast->verdict], fast->reason);
    if (plain->steps != fast->steps)
        return differ(difference, "steps of %s: reference %" PRIu64 ", gs_check %" PRIu64, plain->name, plain->steps,
                      fast->steps);
    if (fast->verdict == GS_VERDICT_VIOLATED && (!fast->trace || gs_trace_steps(fast->trace) != plain->steps))
        return differ(difference, "%s is violated in %" PRIu64 " steps, but its trace is not of that length",
                      plain->name, plain->steps);
    if (plain->property && plain->judged != fast->judged)
        return differ(difference, "values judged of %s: reference %" PRIu64 ", gs_check %" PRIu64, plain->name,
                      plain->judged, fast->judged);
    return true;
}

static bool same_properties(const struct reference_result *plain, const struct gs_result *fast, char *difference)
{
    if (!same(difference, "number of properties", plain->property_count, fast->property_count))
        return false;
    for (unsigned p = 0; p < plain->property_count; p++)
        if (!same_property(&plain->properties[p], &fast->properties[p], difference))
            return false;
    return true;
}

static bool is_allowed(const struct gs_config *config, const char *name)
{
    for (size_t i = 0; config->allow && config->allow[i]; i++)
        if (strcmp(config->allow[i], name) == 0)
            return true;
    return false;
}

static enum gs_status status_of(const struct gs_config *config, const struct reference_result *plain)
{
    bool violated = false, bounded = false;
    for (unsigned p = 0; p < plain->property_count; p++) {
        const enum gs_verdict verdict = plain->properties[p].verdict;
        const bool bad =
            verdict == GS_VERDICT_VIOLATED || verdict == GS_VERDICT_UNREACHED || verdict == GS_VERDICT_VACUOUS;
        violated |= bad && !is_allowed(config, plain->properties[p].name);
        bounded |= verdict == GS_VERDICT_BOUNDED;
    }
    return violated ? GS_VIOLATION : bounded ? GS_INCOMPLETE : GS_HOLDS;
}

/* Did the search find that the reduction does not suit a property over steps, and do without? */
static bool did_without(const struct gs_result *fast)
{
    return strncmp(fast->reductions, "none (steps that change nothing", 31) == 0;
}

/* without: set if gs_check did without the reduction that `plain` used, which leaves nothing to compare. May be NULL.
 */
static bool compare_search(const struct gs_model *model, const struct gs_config *config,
                           const struct reference_result *plain, bool *without, char *difference)
{
    struct gs_result fast;
    const enum gs_status status = gs_check(model, config, &fast);
    bool agree = true;
    if (without && plain->reduced && did_without(&fast))
        *without = true;
    else if (!plain->ran || status == GS_BAD_INPUT || status == GS_INTERNAL_ERROR)
        agree = differ(difference, "reference %s, gs_check %s", plain->error, fast.error);
    else
        agree = same_counts(plain, &fast, difference) && same_properties(plain, &fast, difference) &&
                same_cuts(plain, &fast, difference) && same_events(model, plain, &fast, difference) &&
                same(difference, "status", status_of(config, plain), status);
    gs_result_free(&fast);
    return agree;
}

/* ---- With reductions against without ---- */

/* Where a violation ends the search, the last levels of the two differ, so what else was decided may too. */
static bool same_verdicts(const struct reference_result *reduced, const struct reference_result *full, char *difference)
{
    const bool whole = reduced->complete && full->complete;
    for (unsigned p = 0; p < reduced->property_count; p++) {
        const struct reference_property *one = &reduced->properties[p], *other = &full->properties[p];
        const bool found_one = one->verdict == GS_VERDICT_VIOLATED, found_other = other->verdict == GS_VERDICT_VIOLATED;
        if (found_one != found_other || (whole && one->verdict != other->verdict) || one->steps != other->steps)
            return differ(difference, "%s: with reductions %s in %" PRIu64 " steps, without %s in %" PRIu64, one->name,
                          gs_verdict_names[one->verdict], one->steps, gs_verdict_names[other->verdict], other->steps);
    }
    return true;
}

bool compare_protocol(const struct random_protocol *protocol, const struct reference_result *plain,
                      char difference[COMPARE_TEXT])
{
    bool without = false;
    if (!compare_search(protocol->model, &protocol->config, plain, &without, difference))
        return false;
    if (!plain->reduced)
        return true;
    struct gs_config config = protocol->config;
    static struct reference_result full;
    config.no_reductions = true;
    reference_search(protocol->model, &config, STATES_MOST, &full);
    if (full.gave_up)
        return true;
    if (without)
        return compare_search(protocol->model, &protocol->config, &full, NULL, difference);
    return compare_search(protocol->model, &config, &full, NULL, difference) && same_verdicts(plain, &full, difference);
}
