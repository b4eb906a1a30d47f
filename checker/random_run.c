/* A run: STARTs, then steps until something is violated, nothing is left to do, or it is long enough. */
#include "checker/random_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "checker/reactions.h"
#include "checker/timed_clocks.h"
#include "core/die.h"

enum { LOOK_EVERY = 256 };

void random_runner_begin(struct random_runner *runner)
{
    runner->tables = die_alloc(sizeof(*runner->tables));
    runner->world = die_alloc(sizeof(*runner->world));
    if (runner->timing) {
        random_timed_init(&runner->timed, runner->scope.run, runner->timing);
        runner->scheduler.timed = &runner->timed;
        runner->scope.clock = runner->scope.run->timed ? &runner->timed.clock : NULL;
    }
    random_tables_init(runner->tables, &runner->scope);
    random_world_init(runner->world, runner->scope.run, runner->tables);
}

void random_runner_collect(struct random_runner *runner)
{
    const struct judging *judging = &runner->tables->judging;
    for (unsigned i = 0; i + 1 < judging->count; i++) {
        struct judged *judged = &judging->properties[i];
        runner->judged[i] += judged->judged;
        judged->judged = 0;
        runner->premise_used |= (uint64_t)judged->premise_used << i;
        runner->premise_met |= (uint64_t)judged->premise_met << i;
    }
    runner->handler_calls += runner->tables->engine.handler_calls;
    runner->tables->engine.handler_calls = 0;
}

void random_runner_end(struct random_runner *runner)
{
    random_scheduler_free(&runner->scheduler);
    if (runner->timing)
        random_timed_free(&runner->timed);
    random_world_free(runner->world);
    random_tables_free(runner->tables);
    free(runner->world);
    free(runner->tables);
    hash_set_free(&runner->local_states);
}

/* ---- Observing ---- */

static bool runs_handler(const struct event *event)
{
    return !gs_is_nobody(event->node) && event->action != ACTION_CRASH && event->action != ACTION_DROP;
}

static void note_time(struct random_runner *runner)
{
    struct event *event = &runner->event;
    if (!runner->timing)
        return;
    event->has_at = event->action != ACTION_START;
    event->at = event->has_at ? runner->timed.now : 0;
    event->has_clock = runner->scope.clock && runs_handler(event);
    event->clock = event->has_clock ? timed_clock_shows(&runner->timed, node_number(event->node)) : 0;
}

static void about_to(void *context, const struct random_world *world, const struct random_move *move)
{
    struct random_runner *runner = context;
    random_world_event(world, move, &runner->event);
    note_time(runner);
}

static void tell(struct random_runner *runner, enum random_result result)
{
    if (runner->observer)
        runner->observer->taken(runner->observer->context, runner->world, &runner->event, result);
}

/* Counts local states by what they hold, since numbers are forgotten; and what `within` forbids there. */
static void meet_local(struct random_runner *runner, unsigned node)
{
    struct random_world *world = runner->world;
    struct local_card *card = random_card_of(world, node);
    runner->cuts[world->run->nodes[node].role] += card->outside;
    if (card->is_met)
        return;
    card->is_met = true;
    const struct interned local = interned_value(&world->tables->engine.nodes[node].locals, world->locals[node]);
    hash_set_add(&runner->local_states, XXH3_64bits_withSeed(local.data, local.size, node + 1));
}

static void count_move(struct random_runner *runner, const struct random_move *move)
{
    const struct random_world *world = runner->world;
    const struct engine *engine = &world->tables->engine;
    unsigned counter = GS_EVENTS_MAX + move->action;
    if (move->action == ACTION_DELIVER)
        counter = random_message(world->tables, move->node, move->message).type;
    else if (move->action == ACTION_TIMER || move->action == ACTION_LOCAL)
        counter = engine_own_event(engine, move->own)->event.type;
    runner->events[counter]++;
    runner->absorbed += world->absorbed;
    for (size_t i = 0; i < world->moved_count; i++)
        if (world->moved[i].before != world->moved[i].after)
            meet_local(runner, world->moved[i].node);
}

/* ---- The run ---- */

static void time_goals(struct random_runner *runner, uint64_t met)
{
    for (uint64_t left = met; left; left &= left - 1)
        histogram_add(&runner->timed.goals[__builtin_ctzll(left)].times, runner->timed.now);
}

/* From the moment at which all is healed goals count anew; and so that those of this very state do, it is judged again
 * as a whole. */
static void begin_recovery(struct random_runner *runner, struct random_outcome *outcome)
{
    outcome->recovering = true;
    runner->world->decided = 0;
    random_judge_initial(runner->world);
}

static void note_recovery(struct random_runner *runner, struct random_outcome *outcome)
{
    const uint64_t before = outcome->recovered & runner->recovers;
    outcome->recovered |= runner->world->decided;
    if (before != runner->recovers && !(runner->recovers & ~outcome->recovered))
        histogram_add(&runner->timed.recovery.times, runner->timed.now - runner->timing->heal_after);
}

static void decide(struct random_runner *runner, struct random_outcome *outcome)
{
    const uint64_t decided = runner->world->decided & ~outcome->decided;
    outcome->decided |= decided;
    outcome->failed = outcome->decided & runner->stops_on;
    if (!runner->timing)
        return;
    time_goals(runner, decided);
    if (outcome->recovering)
        note_recovery(runner, outcome);
}

/* A run, for the clock. */
struct timed_run {
    struct random_runner *runner;
    struct random_outcome *outcome;
};

static void calm_down(void *context)
{
    const struct timed_run *timed = context;
    begin_recovery(timed->runner, timed->outcome);
    note_recovery(timed->runner, timed->outcome);
}

/* The run is over: have the goals been met in time? Nothing is said of a run that was too short. */
static void judge_recovery(struct random_runner *runner, struct random_outcome *outcome)
{
    size_t used = 0;
    if (!runner->recovers || outcome->failed || outcome->given_up || !(runner->timed.ended || outcome->ended))
        return;
    if (!outcome->recovering)
        begin_recovery(runner, outcome);
    note_recovery(runner, outcome);
    const uint64_t missing = runner->recovers & ~outcome->recovered;
    const bool is_undecided =
        missing && runner->timed.cut; /* that a bound held back might have been what was missing */
    runner->timed.recovery.sent += !is_undecided;
    runner->timed.recovery.delivered += !missing;
    runner->timed.recovery.lost += is_undecided;
    if (!missing || is_undecided)
        return;
    outcome->decided |= UINT64_C(1) << random_recovers_bit(runner->scope.run);
    outcome->failed = outcome->decided & runner->stops_on;
    used =
        (size_t)snprintf(outcome->explanation, sizeof(outcome->explanation), "not met in time after all was healed:");
    for (unsigned i = 0; i < 64 && used < sizeof(outcome->explanation); i++)
        if (missing >> i & 1)
            used += (size_t)snprintf(outcome->explanation + used, sizeof(outcome->explanation) - used, " %s",
                                     run_property(runner->scope.run, i)->name);
}

static void misbehave(struct random_runner *runner, struct random_outcome *outcome)
{
    const unsigned behaviour = run_property_count(runner->scope.run);
    outcome->decided |= UINT64_C(1) << behaviour;
    outcome->failed = outcome->decided & runner->stops_on;
    outcome->is_nondeterministic = runner->world->is_nondeterministic;
    memcpy(outcome->explanation, runner->world->explanation, sizeof(outcome->explanation));
}

static void judge_if_quiescent(struct random_runner *runner)
{
    if (runner->tables->judging.quiescent && random_is_quiescent(runner->world))
        random_judge_quiescent(runner->world);
}

/* One START. False: it is where the run ends. */
static bool start(struct random_runner *runner, unsigned node, struct random_outcome *outcome)
{
    struct random_world *world = runner->world;
    struct engine *engine = &world->tables->engine;
    const uint32_t number = random_start_reaction(world->tables, node, world->locals[node]);
    const struct reaction reaction = *engine_reaction(engine, reaction_now(engine, number));
    const uint32_t branch = reaction.first + random_below(&runner->scheduler.stream, reaction.count);
    const enum random_result result = random_world_start(world, node, branch);
    runner->event = (struct event){.action = ACTION_START, .node = node_of(node)};
    successor_append_choices(engine, engine_branch(engine, branch), &runner->event);
    note_time(runner);
    if (result == RANDOM_STEP || result == RANDOM_MISBEHAVES)
        tell(runner, result);
    if (result == RANDOM_CUT)
        runner->cuts[world->bound]++;
    if (result == RANDOM_MISBEHAVES)
        misbehave(runner, outcome);
    runner->absorbed += world->absorbed;
    return result == RANDOM_STEP;
}

static bool start_all(struct random_runner *runner, struct random_outcome *outcome)
{
    const struct gs_run *run = runner->scope.run;
    random_world_reset(runner->world);
    runner->world->decided = 0;
    for (unsigned n = 0; !runner->scope.stage && n < run->node_count; n++)
        if (run_role_of(run, n)->starts && !start(runner, n, outcome))
            return false;
    for (unsigned n = 0; n < run->node_count; n++)
        meet_local(runner, n);
    random_judge_initial(runner->world);
    judge_if_quiescent(runner);
    decide(runner, outcome);
    return true;
}

/* Memory that grew too large, or tables that were outgrown: nobody is reading now. */
static void keep_flat(struct random_runner *runner)
{
    retired_free(&runner->tables->engine.retired);
    if (random_tables_memory(runner->tables) <= runner->memory_limit || runner->tables->judging.failed)
        return;
    struct bytes queued = {0};
    random_runner_collect(runner);
    if (runner->timing)
        random_timed_pack(&runner->timed, runner->world, &queued);
    random_world_forget(runner->world, &runner->scope);
    if (runner->timing)
        random_timed_unpack(&runner->timed, runner->world, &queued);
    bytes_free(&queued);
    runner->forgotten++;
}

/* False: the run is over. */
static bool step(struct random_runner *runner, const struct random_taker *taker, struct random_outcome *outcome)
{
    struct random_move move;
    const enum random_result result = random_scheduler_step(&runner->scheduler, runner->world, taker, &move);
    if (result == RANDOM_SAME && runner->timing && runner->timed.unfinished)
        return true;
    if (result == RANDOM_SAME) {
        outcome->ended = !(runner->timing && runner->timed.overfull);
        return false;
    }
    tell(runner, result);
    if (result == RANDOM_MISBEHAVES) {
        misbehave(runner, outcome);
        return false;
    }
    count_move(runner, &move);
    random_judge_step(runner->world);
    judge_if_quiescent(runner);
    decide(runner, outcome);
    return !outcome->failed;
}

static void count_run(struct random_runner *runner, const struct random_outcome *outcome)
{
    runner->runs++;
    if (runner->timing)
        runner->timed.total += runner->timed.now;
    runner->steps += outcome->steps;
    runner->longest = outcome->steps > runner->longest ? outcome->steps : runner->longest;
    for (unsigned i = 0; i < 64; i++)
        runner->met[i] += outcome->decided >> i & 1;
}

void random_runner_run(struct random_runner *runner, uint64_t run, enum gs_strategy strategy,
                       struct random_outcome *outcome)
{
    struct random_world *world = runner->world;
    struct timed_run timed = {runner, outcome};
    const struct random_taker taker = {runner->observer ? about_to : NULL, runner, runner->cuts};
    memset(outcome, 0, sizeof(*outcome));
    random_scheduler_begin(&runner->scheduler, world, &runner->parameters, strategy, run);
    if (runner->timing) {
        random_timed_reset(&runner->timed, &runner->scheduler);
        runner->timed.calmed = calm_down;
        runner->timed.context = &timed;
    }
    bool goes_on = start_all(runner, outcome) && !outcome->failed;
    if (goes_on && runner->timing)
        random_timed_begin(&runner->timed, &runner->scheduler, world);
    const unsigned look_every = runner->look_every ? runner->look_every : LOOK_EVERY;
    for (uint64_t looks = 0; goes_on && world->depth < runner->parameters.steps; looks++) {
        if (looks % look_every == 0 || (runner->timing && runner->timed.unfinished)) {
            keep_flat(runner);
            outcome->given_up = runner->gives_up && runner->gives_up(runner->context, run);
        }
        goes_on = !outcome->given_up && step(runner, &taker, outcome);
    }
    outcome->steps = world->depth;
    judge_recovery(runner, outcome);
    runner->timed.context = NULL; /* it was this run's */
    if (!outcome->given_up)
        count_run(runner, outcome);
}
