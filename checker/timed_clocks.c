/* A clock that is p millionths slow shows floor(t * M / (M + p)) more at t than at 0. The time at which it shows X more
 * is the first t for which that is so: a timer never fires before its node's clock says that it is due. Products are
 * made of quotient and rest, so that they stay within 64 bits. */
#include "checker/timed_clocks.h"

#include <inttypes.h>
#include <stdio.h>

#include "checker/random_distribution.h"
#include "core/die.h"
#include "core/guard.h"

enum { MILLION = 1000000 };

/* ---- Clocks ---- */

static unsigned first_of_host(const struct gs_run *run, unsigned node)
{
    return (unsigned)__builtin_ctzll(run->hosts[run->nodes[node].host]);
}

void timed_clocks_draw(struct random_timed *timed, struct random_stream *stream)
{
    const uint32_t drift = timed->timing->drift_ppm;
    const uint64_t skew = (uint64_t)timed->timing->skew;
    for (unsigned n = 0; n < timed->run->node_count; n++) {
        timed->drift_ppm[n] = drift ? (int64_t)random_below(stream, 2 * drift + 1) - (int64_t)drift : 0;
        timed->skew[n] = skew ? (int64_t)random_of(stream, skew + 1) : 0;
    }
    for (unsigned n = 0; n < timed->run->node_count; n++) {
        const unsigned first = first_of_host(timed->run, n);
        timed->drift_ppm[n] = timed->drift_ppm[first];
        timed->skew[n] = timed->skew[first];
    }
}

/* floor(t * to / from), for t up to some thousand hours and ratios up to a million. */
static int64_t scale(int64_t t, int64_t to, int64_t from)
{
    int64_t whole;
    if (__builtin_mul_overflow(t / from, to, &whole))
        return INT64_MAX / 2;
    return whole + t % from * to / from;
}

/* How much more the node's clock shows than when the run began. */
static int64_t passed(const struct random_timed *timed, unsigned node)
{
    const int64_t drift = timed->drift_ppm[node];
    return drift ? scale(timed->now, MILLION, MILLION + drift > 0 ? MILLION + drift : 1) : timed->now;
}

int64_t timed_clock_shows(const void *context, unsigned node)
{
    const struct random_timed *timed = context;
    return timed->skew[node] + passed(timed, node);
}

int64_t timed_clock_delay(const struct random_timed *timed, unsigned node, int64_t duration)
{
    const int64_t drift = timed->drift_ppm[node];
    if (!drift)
        return duration;
    const int64_t due = passed(timed, node) + duration, rate = MILLION + drift;
    const int64_t at = scale(due, rate, MILLION) + (due % MILLION * rate % MILLION != 0);
    return at > timed->now ? at - timed->now : 1;
}

/* ---- Timers ---- */

struct asking {
    const struct gs_run *run;
    const struct gs_event_type *timer;
    unsigned index;
    struct gs_duration takes;
};

static void ask(void *context)
{
    struct asking *asking = context;
    asking->takes = asking->timer->takes(asking->run, asking->index);
}

/* What the model says of one index of a timer. False: it fails, or says what cannot be. */
static bool ask_model(struct asking *asking, char *why, size_t size)
{
    if (!guard_call(ask, asking, why, size))
        return false;
    if (asking->takes.least >= 0 && asking->takes.least <= asking->takes.most && asking->takes.most <= TIMED_LONGEST)
        return true;
    snprintf(why, size, "it takes %" PRId64 " to %" PRId64 " ns: from 0 to 1000 hours, the least first",
             asking->takes.least, asking->takes.most);
    return false;
}

static unsigned index_count(const struct gs_event_type *type)
{
    return type->kind != GS_TIMER ? 0 : type->indices ? type->indices : 1;
}

bool timed_timers_are_sound(const struct gs_run *run, char *error, size_t size)
{
    char why[EXPLANATION_SIZE];
    for (unsigned type = 0; type < run->event_count; type++) {
        const struct gs_event_type *timer = &run->model->events[type];
        for (unsigned i = 0; timer->takes && i < index_count(timer); i++)
            if (!ask_model(&(struct asking){.run = run, .timer = timer, .index = i}, why, sizeof(why))) {
                char which[32] = "";
                if (index_count(timer) > 1)
                    snprintf(which, sizeof(which), ", index %u", i);
                snprintf(error, size, "timer %s%s: %s", timer->name, which, why);
                return false;
            }
    }
    return true;
}

struct gs_distribution *timed_timers(const struct gs_run *run, const struct gs_timing *timing)
{
    struct gs_distribution *all = die_calloc(run->role_count * GS_TIMERS_MAX, sizeof(*all));
    for (unsigned type = 0; type < run->event_count; type++) {
        const struct gs_event_type *timer = &run->model->events[type];
        for (unsigned i = 0; i < index_count(timer); i++) {
            struct gs_distribution *takes = &all[(unsigned)timer->role * GS_TIMERS_MAX + run->timer_base[type] + i];
            struct asking asking = {.run = run, .timer = timer, .index = i};
            char why[EXPLANATION_SIZE];
            *takes = timing->timer;
            if (timer->takes && ask_model(&asking, why, sizeof(why)))
                *takes = (struct gs_distribution){GS_UNIFORM, asking.takes.least, asking.takes.most};
        }
    }
    return all;
}
