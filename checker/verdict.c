/* Verdicts: never more than the search has shown. */
#include "checker/verdict.h"

#include <string.h>

#include "checker/stage.h"
#include "core/die.h"

const char *const gs_verdict_names[] = {"not checked", "proved",    "bounded", "sampled",
                                        "violated",    "unreached", "vacuous", "proved from there on"};

bool verdict_was_met_before(const struct search *search, const struct judged *judged)
{
    return search->stage && judged->property && (search->stage->met >> judged->index & 1);
}

bool verdict_is_decided(const struct search *search, const struct judged *judged)
{
    return judged->first.found || verdict_was_met_before(search, judged);
}

uint64_t verdict_steps(const struct search *search, const struct judged *judged)
{
    if (verdict_was_met_before(search, judged))
        return search->stage->met_at[judged->index];
    if (!judged->first.found)
        return 0;
    return judged->first.depth + (search->stage ? search->stage->prefix->step_count : 0);
}

static enum gs_verdict say(enum gs_verdict verdict, const char *why, char *reason, size_t size)
{
    snprintf(reason, size, "%s", why);
    return verdict;
}

/* Of a complete search that saw only what follows from there: what never occurred may occur elsewhere. */
static enum gs_verdict verdict_from(const struct search *search, const struct judged *judged, char *reason, size_t size)
{
    const bool is_goal = judged->property && judged->property->kind == GS_REACHABLE;
    const char *what = is_goal                                        ? "not met "
                       : judged->property && !judged->judged          ? "its scope never occurred "
                       : judged->premise_used && !judged->premise_met ? "its premise never occurred "
                                                                      : "";
    char text[STAGE_TEXT_SIZE];
    snprintf(reason, size, "%sfrom %s on", what, stage_text(search->config, search->stage->at, text));
    return what[0] ? GS_VERDICT_NOT_CHECKED : GS_VERDICT_PROVED_FROM;
}

enum gs_verdict verdict_of(const struct search *search, const struct judged *judged, const char *not_checked,
                           char *reason, size_t size)
{
    const bool is_goal = judged->property && judged->property->kind == GS_REACHABLE;
    if (not_checked)
        return say(GS_VERDICT_NOT_CHECKED, not_checked, reason, size);
    if (is_goal && verdict_is_decided(search, judged))
        return say(GS_VERDICT_PROVED, "", reason, size);
    if (judged->first.found)
        return say(GS_VERDICT_VIOLATED, judged->first.explanation, reason, size);
    if (!search->complete) {
        const bool is_interrupt = strcmp(search->stopped, "interrupted") == 0;
        snprintf(reason, size, "%s%s", is_interrupt ? "" : "stopped by ", search->stopped);
        return GS_VERDICT_BOUNDED;
    }
    if (search->stage)
        return verdict_from(search, judged, reason, size);
    if (is_goal)
        return say(GS_VERDICT_UNREACHED, "the complete search never met it", reason, size);
    if (judged->property && !judged->judged)
        return say(GS_VERDICT_VACUOUS, "its scope never occurred", reason, size);
    if (judged->premise_used && !judged->premise_met)
        return say(GS_VERDICT_VACUOUS, "its premise never occurred", reason, size);
    return say(GS_VERDICT_PROVED, "", reason, size);
}

enum gs_status status_of(const struct gs_config *config, const struct gs_result *result)
{
    bool violated = false, bounded = config->strict && (result->cut_count || result->absorbed);
    for (size_t i = 0; i < result->property_count; i++) {
        const struct gs_property_result *property = &result->properties[i];
        const enum gs_verdict verdict = property->verdict;
        bounded |= verdict == GS_VERDICT_BOUNDED;
        if (!property->allowed)
            violated |=
                verdict == GS_VERDICT_VIOLATED || verdict == GS_VERDICT_UNREACHED || verdict == GS_VERDICT_VACUOUS;
    }
    return violated ? GS_VIOLATION : bounded ? GS_INCOMPLETE : GS_HOLDS;
}

static void add_tally(struct gs_tally *tallies, size_t *count, const char *name, uint64_t times)
{
    struct gs_tally *tally = &tallies[(*count)++];
    snprintf(tally->name, sizeof(tally->name), "%s", name);
    tally->times = times;
}

void tally_events(const struct gs_run *run, const uint64_t *taken, const bool *left_out, struct gs_result *result)
{
    result->events = die_calloc(run->event_count + ACTION_COUNT, sizeof(*result->events));
    for (unsigned e = 0; e < run->event_count; e++) {
        add_tally(result->events, &result->event_count, run->model->events[e].name, taken[e]);
        result->events[e].only_ignored = !taken[e] && left_out && left_out[e];
    }
    for (unsigned a = ACTION_DROP; a < ACTION_COUNT; a++)
        add_tally(result->events, &result->event_count, action_names[a], taken[GS_EVENTS_MAX + a]);
}

void tally_cuts(const struct gs_run *run, const uint64_t *cuts, struct gs_result *result)
{
    char name[64];
    result->cuts = die_calloc(BOUND_COUNT, sizeof(*result->cuts));
    for (unsigned bound = 0; bound < BOUND_COUNT; bound++) {
        if (!cuts[bound])
            continue;
        const char *within = bound < GS_ROLES_MAX ? run->model->roles[bound].within_text : NULL;
        if (within)
            snprintf(name, sizeof(name), "%s", within);
        else if (bound < GS_ROLES_MAX)
            snprintf(name, sizeof(name), "within of %s", run->model->roles[bound].name);
        else if (bound == BOUND_CAPACITY)
            snprintf(name, sizeof(name), "capacity <= %u", run->capacity);
        else if (bound == BOUND_COPIES)
            snprintf(name, sizeof(name), "copies <= %u", run->copies);
        else
            snprintf(name, sizeof(name), "%s <= %lld", budget_names[bound - BOUND_BUDGETS],
                     (long long)run->budgets[bound - BOUND_BUDGETS]);
        add_tally(result->cuts, &result->cut_count, name, cuts[bound]);
    }
}

void name_reductions(const struct search *search, struct gs_result *result)
{
    const char *against = search->against_reduction;
    if (against && against[0])
        snprintf(result->reductions, sizeof(result->reductions), "none (%s)", against);
    else
        snprintf(result->reductions, sizeof(result->reductions), "%s", against ? "none" : "ignored");
}
