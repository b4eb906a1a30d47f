/* The trace is replayed twice: as it was recorded, which says whether it is a run at all, and then on the search's run,
 * with the monitors that are judged there. */
#include "checker/stage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/die.h"

const char *stage_name(const struct gs_config *config)
{
    return config->from_name ? config->from_name : "the trace";
}

const char *stage_text(const struct gs_config *config, uint64_t at, char text[static STAGE_TEXT_SIZE])
{
    if (at)
        snprintf(text, STAGE_TEXT_SIZE, "event %" PRIu64 " of %s", at, stage_name(config));
    else
        snprintf(text, STAGE_TEXT_SIZE, "the start of %s", stage_name(config));
    return text;
}

uint64_t stage_at(const struct gs_config *config)
{
    const struct trace *trace = config->from;
    const enum trace_kind kind = trace_kind(trace);
    struct replay replay;

    if (config->from_at_set || !trace->step_count || (kind != TRACE_OF_VIOLATION && kind != TRACE_OF_MISBEHAVIOUR))
        return config->from_at_set ? config->from_at : trace->step_count;
    trace_replay(trace, NULL, NULL, &replay);
    return trace->step_count - (replay.end == REPLAY_VIOLATED);
}

/* ---- Following the trace ---- */

struct following {
    struct stage *stage;
    const struct gs_config *config;
    uint64_t goals;
    struct world before;
    struct effect effect;
    char *error;
    size_t error_size;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct following *f, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(f->error, f->error_size, format, arguments);
    va_end(arguments);
    return false;
}

static bool note_goals(struct following *f, const struct event *event)
{
    struct stage *stage = f->stage;
    const struct gs_run *run = stage->world.run;
    const struct replayed replayed = {
        .number = stage->prefix->step_count, .event = event, .before = &f->before, .after = &stage->world};

    for (unsigned p = 0; p < run_property_count(run); p++) {
        struct gs_view view = {.run = run};
        if (!(f->goals >> p & 1) || (stage->met >> p & 1))
            continue;
        const bool is_met = trace_judge_step(&replayed, p, &view);
        if (view.failed)
            return fail(f, "%s", view.explanation);
        stage->met |= (uint64_t)is_met << p;
        stage->met_at[p] = stage->prefix->step_count;
    }
    return true;
}

static bool follow_starts(struct following *f)
{
    const struct trace *from = f->config->from;

    for (size_t i = 0; i < from->start_count; i++) {
        if (world_start(&f->stage->world, &from->starts[i], &f->effect) != WORLD_STEP)
            return fail(f, "--from %s: its start of %s is none here: %s", stage_name(f->config),
                        gs_run_name(f->stage->world.run, from->starts[i].node), f->effect.explanation);
        trace_append(f->stage->prefix, &from->starts[i]);
    }
    return note_goals(f, NULL);
}

static bool follow_step(struct following *f, size_t number)
{
    const struct event *event = &f->config->from->steps[number - 1];

    world_copy(&f->before, &f->stage->world);
    switch (world_apply(&f->stage->world, event, &f->effect)) {
    case WORLD_STEP:
        trace_append(f->stage->prefix, event);
        return note_goals(f, event);
    case WORLD_SAME:
        return true;
    default:
        return fail(f, "--from %s: event %zu is no step in this run: %s", stage_name(f->config), number,
                    f->effect.explanation[0] ? f->effect.explanation : "it is not enabled");
    }
}

static bool follow(struct following *f)
{
    bool fine = follow_starts(f);

    for (size_t i = 1; i <= f->stage->at && fine; i++)
        fine = follow_step(f, i);
    return fine;
}

/* ---- Is it a run at all? ---- */

static bool is_long_enough(struct following *f)
{
    const size_t count = f->config->from->step_count;

    return f->stage->at <= count || fail(f, "--at %" PRIu64 ": %s has %zu event%s: a number from 0 to %zu",
                                         f->stage->at, stage_name(f->config), count, count == 1 ? "" : "s", count);
}

/* As it was recorded, up to there. */
static bool replays(struct following *f)
{
    const struct trace *from = f->config->from;
    struct trace *copy = trace_new(from->run, TRACE_NO_PROPERTY, "", from->monitors_on);
    struct replay replay;

    for (size_t i = 0; i < from->start_count; i++)
        trace_append(copy, &from->starts[i]);
    for (size_t i = 0; i < f->stage->at; i++)
        trace_append(copy, &from->steps[i]);
    trace_replay(copy, NULL, NULL, &replay);
    trace_free(copy);
    if (replay.end == REPLAY_SAMPLED)
        return true;
    if (trace_kind(from) == TRACE_OF_MISBEHAVIOUR && f->stage->at && f->stage->at == replay.number)
        return fail(f,
                    "--at %" PRIu64 ": in event %" PRIu64 " of %s a handler misbehaves, and nothing comes behind it: "
                    "a number from 0 to %" PRIu64,
                    f->stage->at, f->stage->at, stage_name(f->config), f->stage->at - 1);
    const char *mend = replay.number > 1 ? "; --at takes the events before it" : "";
    return fail(f, "--from %s: it does not replay: event %zu: %s%s", stage_name(f->config), replay.number,
                replay.reason, mend);
}

/* Said apart from other reasons why an event is no step, since it is easily mended. */
static bool grants_budgets(struct following *f)
{
    const struct gs_run *run = f->stage->world.run;
    int64_t spent[GS_FAULTS + 1] = {0};

    for (size_t i = 0; i < f->stage->at; i++)
        spent[action_fault(f->config->from->steps[i].action)]++;
    for (int fault = 0; fault < GS_FAULTS; fault++)
        if (run->budgets[fault] >= 0 && spent[fault] > run->budgets[fault])
            return fail(f,
                        "--%s %" PRId64 ": the first %" PRIu64 " events of %s spend %" PRId64
                        " already: give as many or more, or a smaller --at",
                        budget_names[fault], run->budgets[fault], f->stage->at, stage_name(f->config), spent[fault]);
    return true;
}

/* ---- All of it ---- */

static bool is_quiescence_judged(const struct gs_run *run, uint64_t on)
{
    bool is_judged = false;

    for (unsigned p = 0; p < run_property_count(run); p++)
        is_judged |= (on >> p & 1) && run_property(run, p)->kind == GS_QUIESCENT;
    return is_judged;
}

static uint64_t goals_of(const struct gs_run *run, uint64_t on)
{
    uint64_t goals = 0;

    for (unsigned p = 0; p < run_property_count(run); p++)
        if (run_property(run, p)->kind == GS_REACHABLE)
            goals |= on & UINT64_C(1) << p;
    return goals;
}

bool stage_make(struct stage *stage, const struct gs_run *run, const struct gs_config *config, uint64_t on,
                uint64_t monitors_on, char *error, size_t error_size)
{
    struct following f = {
        .stage = stage, .config = config, .goals = goals_of(run, on), .error = error, .error_size = error_size};
    char explanation[EXPLANATION_SIZE];

    *stage = (struct stage){.at = stage_at(config), .prefix = trace_new(run, TRACE_NO_PROPERTY, "", monitors_on)};
    const bool is_made = world_init(&stage->world, run, monitors_on, explanation) || fail(&f, "%s", explanation);
    stage->world.cut_instead_of_absorbing = run->network == GS_BAG && is_quiescence_judged(run, on);
    const bool fine = is_made && is_long_enough(&f) && replays(&f) && grants_budgets(&f) && follow(&f);
    world_free(&f.before);
    effect_free(&f.effect);
    return fine;
}

void stage_free(struct stage *stage)
{
    trace_free(stage->prefix);
    world_free(&stage->world);
    *stage = (struct stage){0};
}

void stage_append_to(const struct stage *stage, struct trace *trace, size_t steps)
{
    const struct trace *prefix = stage->prefix;

    must(steps <= prefix->step_count && !trace->start_count && !trace->step_count);
    for (size_t i = 0; i < prefix->start_count; i++)
        trace_append(trace, &prefix->starts[i]);
    for (size_t i = 0; i < steps; i++)
        trace_append(trace, &prefix->steps[i]);
}
