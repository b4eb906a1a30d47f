/* Pieces are taken from the list of those events that may go; what stands before a piece stays as it was when that is
 * taken out. */
#include "traces/deletion.h"

#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "traces/packed_world.h"

/* Longer traces are first made shorter in one mode only. */
enum { BOTH_MODES_MAX = 100 };

struct deleting {
    struct attempts *attempts;
    enum deletion_of of;
    const struct trace *trace; /* the best so far */
    struct trace *better;      /* the same, once it is not the given one */
    size_t *steps;             /* those that may go */
    size_t count;
    bool *left_out; /* by step */
};

static bool may_go(enum deletion_of of, const struct event *event)
{
    switch (of) {
    case DELETION_OF_FAULTS:
        return event->action >= ACTION_DROP;
    case DELETION_OF_OPERATIONS:
        return event->action == ACTION_LOCAL;
    default:
        return true;
    }
}

static void list_steps(struct deleting *d)
{
    d->count = 0;
    for (size_t i = 0; i < d->trace->step_count; i++)
        if (may_go(d->of, &d->trace->steps[i]))
            d->steps[d->count++] = i;
}

static struct trace *attempt_without(struct deleting *d, enum attempt_mode mode)
{
    const struct attempt attempt = {
        .trace = d->trace, .left_out = d->left_out, .steps_max = d->trace->step_count - 1, .mode = mode};

    return attempt_make(d->attempts, &attempt);
}

/* Takes out the listed steps from begin to end. False: they cannot go. */
static bool take_out(struct deleting *d, size_t begin, size_t end)
{
    const bool tries_both = d->trace->step_count <= BOTH_MODES_MAX || d->of == DELETION_OF_EACH;

    for (size_t i = begin; i < end; i++)
        d->left_out[d->steps[i]] = true;
    struct trace *better = attempt_without(d, ATTEMPT_NEAR);
    if (!better && tries_both)
        better = attempt_without(d, ATTEMPT_EXACT);
    for (size_t i = begin; i < end; i++)
        d->left_out[d->steps[i]] = false;
    if (!better)
        return false;
    trace_free(d->better);
    d->trace = d->better = better;
    list_steps(d);
    return true;
}

/* One pass with pieces of that size. True: at least one could go. */
static bool take_out_pieces(struct deleting *d, size_t size)
{
    bool is_shorter = false;

    for (size_t end = d->count; end > 0 && !d->attempts->is_over;) {
        const size_t begin = end > size ? end - size : 0;
        is_shorter |= take_out(d, begin, end);
        end = begin < d->count ? begin : d->count;
    }
    return is_shorter;
}

struct trace *deletion_shrink(struct attempts *attempts, const struct trace *trace, enum deletion_of of)
{
    struct deleting d = {.attempts = attempts, .of = of, .trace = trace};

    d.steps = die_calloc(trace->step_count + 1, sizeof(*d.steps));
    d.left_out = die_calloc(trace->step_count + 1, sizeof(*d.left_out));
    list_steps(&d);
    for (size_t size = of == DELETION_OF_EACH ? 1 : d.count; size > 1; size = (size + 1) / 2)
        take_out_pieces(&d, size);
    while (take_out_pieces(&d, 1))
        ;
    free(d.steps);
    free(d.left_out);
    return d.better;
}

/* ---- Loops ---- */

/* The state after a step; 0: before the first. */
struct met {
    size_t step;
    struct bytes bytes;
};

struct meeting {
    struct met *met; /* step_count + 1 */
};

static bool remember(void *context, const struct replayed *replayed)
{
    struct meeting *meeting = context;
    struct met *met = &meeting->met[replayed->number];
    struct bytes packed = {0};

    world_pack(replayed->after, &packed);
    met->bytes.size = 0;
    bytes_append(&met->bytes, packed.data + sizeof(replayed->after->spent),
                 packed.size - sizeof(replayed->after->spent));
    bytes_free(&packed);
    return true;
}

static int compare_met(const void *a, const void *b)
{
    const struct met *one = a, *other = b;
    const int order = bytes_compare(&one->bytes, &other->bytes);

    return order ? order : (one->step > other->step) - (one->step < other->step);
}

/* last[i]: the last step behind which the state is as behind step i. */
static void find_last(struct met *met, size_t count, size_t *last)
{
    qsort(met, count, sizeof(*met), compare_met);
    for (size_t i = count; i-- > 0;) {
        const bool is_same = i + 1 < count && bytes_equal(&met[i].bytes, &met[i + 1].bytes);
        last[met[i].step] = is_same ? last[met[i + 1].step] : met[i].step;
    }
}

/* Returns how many steps are marked. */
static size_t leave_out_loops(const struct trace *trace, bool *left_out)
{
    const size_t count = trace->step_count + 1;
    struct meeting meeting = {.met = die_calloc(count, sizeof(*meeting.met))};
    size_t *last = die_calloc(count, sizeof(*last)), left = 0;
    struct replay replay;

    for (size_t i = 0; i < count; i++)
        meeting.met[i].step = i;
    trace_replay(trace, remember, &meeting, &replay);
    find_last(meeting.met, count, last);
    for (size_t i = 0; i < count; i++) {
        const size_t end = last[i];
        left += end - i;
        while (i < end)
            left_out[i++] = true; /* step i + 1 */
    }
    for (size_t i = 0; i < count; i++)
        bytes_free(&meeting.met[i].bytes);
    free(meeting.met);
    free(last);
    return left;
}

struct trace *deletion_of_loops(struct attempts *attempts, const struct trace *trace)
{
    bool *left_out = die_calloc(trace->step_count + 1, sizeof(*left_out));
    const size_t count = leave_out_loops(trace, left_out);
    const struct attempt attempt = {
        .trace = trace, .left_out = left_out, .steps_max = trace->step_count - count, .mode = ATTEMPT_EXACT};
    struct trace *better = count ? attempt_make(attempts, &attempt) : NULL;

    free(left_out);
    return better;
}
