#include "properties/possibilities.h"

#include <string.h>

#include "properties/history_monitor.h"

void work_give_up(const struct work *work, const char *what)
{
    gs_history_too_large(work->run, what, &gs_history_monitor, "GS_HISTORY");
}

gs_span work_word_of(const struct work *work, uint16_t number)
{
    return (gs_span){work->words[number].bytes, work->words[number].length};
}

uint16_t work_word_number(struct work *work, const struct gs_buffer *state)
{
    if (state->size > GS_WORD_BYTES)
        work_give_up(work, "more than 47 bytes in a state of the sequential model");
    struct gs_word word = {.length = (uint8_t)state->size};
    memcpy(word.bytes, state->bytes, state->size);
    for (size_t i = 0; i < work->word_count; i++)
        if (memcmp(&work->words[i], &word, sizeof(word)) == 0)
            return (uint16_t)i;
    if (work->word_count == WORK_WORDS)
        work_give_up(work, "more than 2,048 states of the sequential model");
    work->words[work->word_count] = word;
    memset(work->after[work->word_count], 0, sizeof(work->after[0]));
    return (uint16_t)work->word_count++;
}

/* Its place in the set, where it may have been already. */
size_t work_add(const struct work *work, struct possibilities *set, const struct gs_possibility *item)
{
    size_t place = 0;
    while (place < set->count && memcmp(&set->items[place], item, sizeof(*item)) != 0)
        place++;
    if (place == WORK_POSSIBILITIES)
        work_give_up(work, "more than 4,096 possibilities");
    if (place == set->count)
        set->items[set->count++] = *item;
    return place;
}

void work_take_kept(struct work *work)
{
    work->now.count = work->kept.count;
    memcpy(work->now.items, work->kept.items, work->kept.count * sizeof(work->kept.items[0]));
}

/* ---- One operation takes effect ---- */

uint8_t work_object_of(const struct work *work, uint8_t key)
{
    return work->model->by_key ? key : 0;
}

/* Applies an open operation with that answer (NULL: unknown) to a state. */
bool work_apply(const struct work *work, gs_span state, const struct gs_open_operation *open,
                const struct gs_flat *answer, struct gs_buffer *next)
{
    struct gs_full_operation full;
    next->size = 0;
    const struct gs_operation *operation = gs_full_operation(&full, open->function, open->key, &open->argument, answer);
    return ask_apply(&work->asking, state, operation, next);
}

static bool any_answer_fits(const struct work *work, const struct gs_open_operation *open)
{
    struct gs_full_operation full;
    return open->abandoned ||
           (work->model->is_blind &&
            work->model->is_blind(gs_full_operation(&full, open->function, open->key, &open->argument, NULL)));
}

/* After the open operations changed: what is known of them is had anew. */
void work_look_at_open(struct work *work)
{
    memset(work->after, 0, work->word_count * sizeof(work->after[0]));
    for (size_t o = 0; o < work->open_count; o++)
        work->any_fits[o] = any_answer_fits(work, &work->open[o]);
}

/* What the operation does in a state, whatever it will answer: what the model does of itself; or, where it does nothing
 * of itself, what it does when it answers false or null (sequential.h: there is no other way). */
static bool take_effect(const struct work *work, gs_span state, const struct gs_open_operation *open,
                        struct gs_buffer *next)
{
    return work_apply(work, state, open, NULL, next) || work_apply(work, state, open, &GS_FLAT_BOOL(false), next) ||
           work_apply(work, state, open, &(struct gs_flat){.kind = GS_FLAT_NIL}, next);
}

/* Does a model of the user's own keep what is relied on here (sequential.h, is_blind)? can: the answer is right, next
 * is the state after it. */
static void expect_promises(const struct work *work, gs_span state, const struct gs_open_operation *open,
                            const struct gs_flat *answer, bool can, const struct gs_buffer *next)
{
    uint8_t bytes[GS_WORD_BYTES + 1];
    struct gs_buffer assumed = {bytes, 0, sizeof(bytes)};
    struct gs_full_operation full;
    const struct gs_operation *operation = gs_full_operation(&full, open->function, open->key, &open->argument, answer);
    const bool could = take_effect(work, state, open, &assumed);
    if (can && !(could && gs_span_equal(gs_written(next), gs_written(&assumed))))
        model_breaks(work->model, "apply", operation,
                     "it does otherwise with this result than with an unknown one (or with false or null, where it "
                     "cannot with an unknown one)");
    if (could && !can && work->model->is_blind && work->model->is_blind(operation))
        model_breaks(work->model, "is_blind", operation, "it says that every result is right, but apply refuses this");
}

bool work_answer(const struct work *work, gs_span state, size_t x, const struct gs_flat *answer, struct gs_buffer *next)
{
    const bool can = work_apply(work, state, &work->open[x], answer, next);
    if (can && next->size > GS_WORD_BYTES)
        work_give_up(work, "more than 47 bytes in a state of the sequential model");
    if (work->asking.twice)
        expect_promises(work, state, &work->open[x], answer, can, next);
    return can;
}

/* The number, + WORK_AFTER, of the state after open operation o took effect in a state; or WORK_NEVER. */
static uint16_t state_after(struct work *work, uint16_t state, size_t o)
{
    uint8_t bytes[GS_WORD_BYTES + 1];
    struct gs_buffer next = {bytes, 0, sizeof(bytes)};
    if (!work->after[state][o]) {
        const bool can = take_effect(work, work_word_of(work, state), &work->open[o], &next);
        work->after[state][o] = can ? (uint16_t)(work_word_number(work, &next) + WORK_AFTER) : WORK_NEVER;
    }
    return work->after[state][o];
}

/* The possibility after open operation o took effect in it, its answer not known yet. */
bool work_place(struct work *work, const struct gs_possibility *from, size_t o, struct gs_possibility *to)
{
    if (from->done[o] != GS_NOT_DONE || from->object != work_object_of(work, work->open[o].key))
        return false;
    const uint16_t after = state_after(work, from->state, o);
    if (after == WORK_NEVER)
        return false;
    *to = *from;
    to->done[o] = work->any_fits[o] ? GS_DONE : (uint16_t)(from->state + 1);
    to->state = (uint16_t)(after - WORK_AFTER);
    return true;
}

/* Into `reached`: a possibility, then all that lead on from it by open operations of the set taking effect. */
void work_reach(struct work *work, const struct gs_possibility *from, unsigned operations)
{
    work->reached.count = 0;
    work_add(work, &work->reached, from);
    for (size_t i = 0; i < work->reached.count; i++)
        for (size_t o = 0; o < work->open_count; o++) {
            struct gs_possibility next;
            if ((operations >> o & 1) && work_place(work, &work->reached.items[i], o, &next))
                work_add(work, &work->reached, &next);
        }
}

/* Does the answer fit the state in which open operation x took effect? */
bool work_fits(const struct work *work, const struct gs_possibility *possibility, size_t x,
               const struct gs_flat *answer)
{
    uint8_t assumed_bytes[GS_WORD_BYTES + 1], bytes[GS_WORD_BYTES + 1];
    struct gs_buffer assumed = {assumed_bytes, 0, sizeof(assumed_bytes)}, next = {bytes, 0, sizeof(bytes)};
    if (possibility->done[x] == GS_DONE)
        return true;
    const gs_span before = work_word_of(work, (uint16_t)(possibility->done[x] - 1));
    return work_answer(work, before, x, answer, &next) && take_effect(work, before, &work->open[x], &assumed) &&
           gs_span_equal(gs_written(&next), gs_written(&assumed));
}
