/* A value is unpacked into a larger table, changed there, and packed again in its canonical form: states by their
 * bytes, possibilities by theirs, nothing that follows from something else. */
#include "properties/linearizations.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct gs_field open_fields[] = {
    GS_FIELD(struct gs_open_operation, process),
    GS_FIELD(struct gs_open_operation, function),
    GS_FIELD(struct gs_open_operation, key),
    GS_FIELD(struct gs_open_operation, abandoned),
    GS_STRUCT(struct gs_open_operation, argument, gs_flat_fields),
    GS_FIELDS_END,
};
static const struct gs_field word_fields[] = {
    GS_FIELD(struct gs_word, length),
    GS_LIST(struct gs_word, bytes, length),
    GS_FIELDS_END,
};
static const struct gs_field possibility_fields[] = {
    GS_FIELD(struct gs_possibility, object),
    GS_FIELD(struct gs_possibility, state),
    GS_FIELD(struct gs_possibility, done),
    GS_FIELDS_END,
};
const struct gs_field gs_linearizations_fields[] = {
    GS_FIELD(struct gs_linearizations, violated),
    GS_FIELD(struct gs_linearizations, culprit),
    GS_FIELD(struct gs_linearizations, culprit_failed),
    GS_STRUCT(struct gs_linearizations, answer, gs_flat_fields),
    GS_FIELD(struct gs_linearizations, open_count),
    GS_STRUCT_LIST(struct gs_linearizations, open, open_count, open_fields),
    GS_FIELD(struct gs_linearizations, word_count),
    GS_FIELD(struct gs_linearizations, possibility_count),
    GS_STRUCT_LIST(struct gs_linearizations, possibilities, possibility_count, possibility_fields),
    GS_STRUCT_LIST(struct gs_linearizations, words, word_count, word_fields),
    GS_FIELDS_END,
};

/* ---- The table it is done in ---- */

enum { WORK_WORDS = 2048, WORK_POSSIBILITIES = 4096 };

enum { NEVER = 1, AFTER = 2 };

struct possibilities {
    size_t count;
    struct gs_possibility items[WORK_POSSIBILITIES];
};

struct work {
    const struct gs_run *run;
    const struct gs_sequential *model;
    size_t word_count;
    struct gs_word words[WORK_WORDS];
    uint16_t after[WORK_WORDS][GS_OPEN_MAX]; /* the word after an open operation took effect, as take_effect has it, +
                                                2; NEVER: it cannot; 0: not asked yet */
    uint8_t open_count;
    struct gs_open_operation open[GS_OPEN_MAX];
    bool any_fits[GS_OPEN_MAX];        /* any answer does */
    struct possibilities now, reached; /* the value's own; scratch */
    struct possibilities kept;
};

static void give_up(const struct work *work, const char *what)
{
    char text[160];
    snprintf(text, sizeof(text), "the history is too wide for linearizations (more than %s): use the monitor history",
             what);
    gs_failed(work->run, text, NULL, 0);
}

static gs_span word_of(const struct work *work, uint16_t number)
{
    return (gs_span){work->words[number].bytes, work->words[number].length};
}

static uint16_t word_number(struct work *work, const struct gs_buffer *state)
{
    if (state->size > GS_WORD_BYTES)
        give_up(work, "47 bytes in a state of the sequential model");
    struct gs_word word = {.length = (uint8_t)state->size};
    memcpy(word.bytes, state->bytes, state->size);
    for (size_t i = 0; i < work->word_count; i++)
        if (memcmp(&work->words[i], &word, sizeof(word)) == 0)
            return (uint16_t)i;
    if (work->word_count == WORK_WORDS)
        give_up(work, "2,048 states of the sequential model");
    work->words[work->word_count] = word;
    memset(work->after[work->word_count], 0, sizeof(work->after[0]));
    return (uint16_t)work->word_count++;
}

/* Its place in the set, where it may have been already. */
static size_t add(const struct work *work, struct possibilities *set, const struct gs_possibility *item)
{
    size_t place = 0;
    while (place < set->count && memcmp(&set->items[place], item, sizeof(*item)) != 0)
        place++;
    if (place == WORK_POSSIBILITIES)
        give_up(work, "4,096 possibilities");
    if (place == set->count)
        set->items[set->count++] = *item;
    return place;
}

static void take_kept(struct work *work)
{
    work->now.count = work->kept.count;
    memcpy(work->now.items, work->kept.items, work->kept.count * sizeof(work->kept.items[0]));
}

/* ---- One operation takes effect ---- */

static uint8_t object_of(const struct work *work, uint8_t key)
{
    return work->model->by_key ? key : 0;
}

/* Applies an open operation with that answer (NULL: unknown) to a state. */
static bool apply(const struct work *work, gs_span state, const struct gs_open_operation *open,
                  const struct gs_flat *answer, struct gs_buffer *next)
{
    struct gs_full_operation full;
    next->size = 0;
    const struct gs_operation *operation = gs_full_operation(&full, open->function, open->key, &open->argument, answer);
    return work->model->apply(state, operation, next);
}

static bool any_answer_fits(const struct work *work, const struct gs_open_operation *open)
{
    struct gs_full_operation full;
    return open->abandoned ||
           (work->model->is_blind &&
            work->model->is_blind(gs_full_operation(&full, open->function, open->key, &open->argument, NULL)));
}

/* After the open operations changed: what is known of them is had anew. */
static void look_at_open(struct work *work)
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
    return apply(work, state, open, NULL, next) || apply(work, state, open, &GS_FLAT_BOOL(false), next) ||
           apply(work, state, open, &(struct gs_flat){.kind = GS_FLAT_NIL}, next);
}

/* The number, + AFTER, of the state after open operation o took effect in a state; or NEVER. */
static uint16_t state_after(struct work *work, uint16_t state, size_t o)
{
    uint8_t bytes[GS_WORD_BYTES + 1];
    struct gs_buffer next = {bytes, 0, sizeof(bytes)};
    if (!work->after[state][o]) {
        const bool can = take_effect(work, word_of(work, state), &work->open[o], &next);
        work->after[state][o] = can ? (uint16_t)(word_number(work, &next) + AFTER) : NEVER;
    }
    return work->after[state][o];
}

/* The possibility after open operation o took effect in it, its answer not known yet. */
static bool place(struct work *work, const struct gs_possibility *from, size_t o, struct gs_possibility *to)
{
    if (from->done[o] != GS_NOT_DONE || from->object != object_of(work, work->open[o].key))
        return false;
    const uint16_t after = state_after(work, from->state, o);
    if (after == NEVER)
        return false;
    *to = *from;
    to->done[o] = work->any_fits[o] ? GS_DONE : (uint16_t)(from->state + 1);
    to->state = (uint16_t)(after - AFTER);
    return true;
}

/* Into `reached`: a possibility, then all that lead on from it by open operations of the set taking effect. */
static void reach(struct work *work, const struct gs_possibility *from, unsigned operations)
{
    work->reached.count = 0;
    add(work, &work->reached, from);
    for (size_t i = 0; i < work->reached.count; i++)
        for (size_t o = 0; o < work->open_count; o++) {
            struct gs_possibility next;
            if ((operations >> o & 1) && place(work, &work->reached.items[i], o, &next))
                add(work, &work->reached, &next);
        }
}

static unsigned all_but(size_t x)
{
    return ~(1u << x);
}

/* Does the answer fit the state in which open operation x took effect? */
static bool fits(const struct work *work, const struct gs_possibility *possibility, size_t x,
                 const struct gs_flat *answer)
{
    uint8_t assumed_bytes[GS_WORD_BYTES + 1], bytes[GS_WORD_BYTES + 1];
    struct gs_buffer assumed = {assumed_bytes, 0, sizeof(assumed_bytes)}, next = {bytes, 0, sizeof(bytes)};
    if (possibility->done[x] == GS_DONE)
        return true;
    const gs_span before = word_of(work, (uint16_t)(possibility->done[x] - 1));
    return apply(work, before, &work->open[x], answer, &next) && take_effect(work, before, &work->open[x], &assumed) &&
           gs_span_equal(gs_written(&next), gs_written(&assumed));
}

/* Into `kept`: `reached` with x taking effect last, and answering so. */
static void keep_those_ending_with(struct work *work, size_t x, const struct gs_flat *answer)
{
    for (size_t i = 0; i < work->reached.count; i++) {
        struct gs_possibility ended = work->reached.items[i];
        uint8_t bytes[GS_WORD_BYTES + 1];
        struct gs_buffer next = {bytes, 0, sizeof(bytes)};
        if (!apply(work, word_of(work, ended.state), &work->open[x], answer, &next))
            continue;
        ended.state = word_number(work, &next);
        ended.done[x] = GS_DONE;
        add(work, &work->kept, &ended);
    }
}

/* ---- The events of a history ---- */

/* Takes open operation x out of the list, and its column out of the possibilities. */
static void close_operation(struct work *work, size_t x)
{
    const size_t behind = --work->open_count - x;
    memmove(&work->open[x], &work->open[x + 1], behind * sizeof(work->open[0]));
    work->open[work->open_count] = (struct gs_open_operation){0};
    look_at_open(work);
    for (size_t i = 0; i < work->now.count; i++) {
        uint16_t *done = work->now.items[i].done;
        memmove(&done[x], &done[x + 1], behind * sizeof(done[0]));
        done[work->open_count] = GS_NOT_DONE;
    }
}

/* The open operations that took effect, as bits. */
static unsigned done_in(const struct gs_possibility *possibility)
{
    unsigned operations = 0;
    for (size_t o = 0; o < GS_OPEN_MAX; o++)
        operations |= (unsigned)(possibility->done[o] != GS_NOT_DONE) << o;
    return operations;
}

/* Marks the sets of operations that are part of those done in some possibility of `now`: no other leads to one. */
static void mark_parts(const struct work *work, bool leads_on[1 << GS_OPEN_MAX])
{
    for (size_t i = 0; i < work->now.count; i++) {
        const unsigned done = done_in(&work->now.items[i]);
        leads_on[0] = true;
        for (unsigned part = done; part; part = (part - 1) & done)
            leads_on[part] = true;
    }
}

/* Leaves out what follows from another one, and what is there twice. Nothing leads back, so what is left out follows
 * from something that is kept. */
static void keep_the_first(struct work *work)
{
    bool leads_on[1 << GS_OPEN_MAX] = {false}, follows[WORK_POSSIBILITIES] = {false};
    struct possibilities *reached = &work->reached;
    mark_parts(work, leads_on);
    reached->count = 0;
    for (size_t i = 0; i < work->now.count; i++)
        add(work, reached, &work->now.items[i]);
    const size_t firsts = reached->count;
    for (size_t i = 0; i < reached->count; i++)
        for (size_t o = 0; o < work->open_count; o++) {
            struct gs_possibility next;
            if (place(work, &reached->items[i], o, &next) && leads_on[done_in(&next)])
                follows[add(work, reached, &next)] = true;
        }
    work->kept.count = 0;
    for (size_t i = 0; i < firsts; i++)
        if (!follows[i])
            add(work, &work->kept, &reached->items[i]);
    take_kept(work);
}

/* An abandoned operation that took effect in every possibility is no longer open. */
static void forget_abandoned(struct work *work)
{
    for (size_t x = work->open_count; x-- > 0;) {
        bool everywhere = work->open[x].abandoned;
        for (size_t i = 0; i < work->now.count; i++)
            everywhere &= work->now.items[i].object != object_of(work, work->open[x].key) ||
                          work->now.items[i].done[x] != GS_NOT_DONE;
        if (everywhere)
            close_operation(work, x);
    }
}

/* The possibilities of other objects, before those of the open operation's own are made anew. */
static void keep_other_objects(struct work *work, uint8_t object)
{
    work->kept.count = 0;
    for (size_t i = 0; i < work->now.count; i++)
        if (work->now.items[i].object != object)
            add(work, &work->kept, &work->now.items[i]);
}

/* Open operation x returns, if it can: false if no possibility is left. */
static bool answer_operation(struct work *work, size_t x, const struct gs_flat *answer)
{
    const uint8_t object = object_of(work, work->open[x].key);
    keep_other_objects(work, object);
    const size_t others = work->kept.count;
    for (size_t i = 0; i < work->now.count; i++) {
        struct gs_possibility *item = &work->now.items[i];
        if (item->object != object)
            continue;
        if (item->done[x] == GS_NOT_DONE) {
            reach(work, item, all_but(x));
            keep_those_ending_with(work, x, answer);
        } else if (fits(work, item, x, answer)) {
            item->done[x] = GS_DONE;
            add(work, &work->kept, item);
        }
    }
    return work->kept.count > others;
}

/* Open operation x turns out never to take effect: false if it must have. */
static bool fail_operation(struct work *work, size_t x)
{
    const uint8_t object = object_of(work, work->open[x].key);
    keep_other_objects(work, object);
    const size_t others = work->kept.count;
    for (size_t i = 0; i < work->now.count; i++)
        if (work->now.items[i].object == object && work->now.items[i].done[x] == GS_NOT_DONE)
            add(work, &work->kept, &work->now.items[i]);
    return work->kept.count > others;
}

/* Nobody will learn what open operation x answers. */
static void abandon_operation(struct work *work, size_t x)
{
    work->open[x].abandoned = true;
    look_at_open(work);
    for (size_t i = 0; i < work->now.count; i++)
        if (work->now.items[i].done[x] != GS_NOT_DONE)
            work->now.items[i].done[x] = GS_DONE;
}

/* The first possibility of an object that no operation was about before. */
static void begin_object(struct work *work, uint8_t object)
{
    uint8_t bytes[GS_WORD_BYTES + 1];
    struct gs_buffer state = {bytes, 0, sizeof(bytes)};
    for (size_t i = 0; i < work->now.count; i++)
        if (work->now.items[i].object == object)
            return;
    if (!work->model->init(GS_UNKNOWN, &state))
        gs_failed(work->run, "the sequential model cannot begin with nothing", NULL, 0);
    add(work, &work->now, &(struct gs_possibility){.object = object, .state = word_number(work, &state)});
}

static size_t place_of_process(const struct work *work, uint8_t process)
{
    size_t place = 0;
    while (place < work->open_count && work->open[place].process < process)
        place++;
    return place;
}

static bool is_open(const struct work *work, size_t place, uint8_t process)
{
    return place < work->open_count && work->open[place].process == process;
}

static void invoke(struct work *work, const struct gs_invocation *invocation)
{
    const size_t x = place_of_process(work, invocation->process);
    if (is_open(work, x, invocation->process))
        gs_failed(work->run, "a process invokes an operation while another one of its own is open", NULL, 0);
    if (work->open_count == GS_OPEN_MAX)
        give_up(work, "8 open operations");
    const size_t behind = work->open_count++ - x;
    memmove(&work->open[x + 1], &work->open[x], behind * sizeof(work->open[0]));
    work->open[x] = (struct gs_open_operation){.process = invocation->process,
                                               .function = invocation->function,
                                               .key = invocation->key,
                                               .argument = invocation->argument};
    for (size_t i = 0; i < work->now.count; i++) {
        uint16_t *done = work->now.items[i].done;
        memmove(&done[x + 1], &done[x], behind * sizeof(done[0]));
        done[x] = GS_NOT_DONE;
    }
    begin_object(work, object_of(work, invocation->key));
}

/* False: the history is not linearizable, and work->now is as it was. */
static bool finish(struct work *work, const struct gs_return *returned)
{
    const size_t x = place_of_process(work, returned->process);
    if (!is_open(work, x, returned->process))
        gs_failed(work->run, "a process returns from an operation that it did not invoke", NULL, 0);
    if (returned->outcome == GS_OPEN) {
        abandon_operation(work, x);
    } else {
        if (returned->outcome == GS_FAILED ? !fail_operation(work, x) : !answer_operation(work, x, &returned->result))
            return false;
        take_kept(work);
        close_operation(work, x);
    }
    keep_the_first(work);
    forget_abandoned(work);
    return true;
}

/* ---- Values ---- */

static void unpack(struct work *work, const struct gs_run *run, const struct gs_sequential *model,
                   const struct gs_linearizations *value)
{
    work->run = run;
    work->model = model;
    work->word_count = value->word_count;
    memcpy(work->words, value->words, value->word_count * sizeof(value->words[0]));
    work->open_count = value->open_count;
    memcpy(work->open, value->open, sizeof(value->open));
    look_at_open(work);
    work->now.count = value->possibility_count;
    memcpy(work->now.items, value->possibilities, value->possibility_count * sizeof(value->possibilities[0]));
}

/* Lists the words that the possibilities use in the order of their bytes, and tells each word's new number. */
static void pack_words(const struct work *work, uint16_t renumbered[WORK_WORDS], struct gs_linearizations *value)
{
    bool used[WORK_WORDS] = {false};
    for (size_t i = 0; i < work->now.count; i++) {
        used[work->now.items[i].state] = true;
        for (size_t o = 0; o < work->open_count; o++)
            if (work->now.items[i].done[o] != GS_NOT_DONE && work->now.items[i].done[o] != GS_DONE)
                used[work->now.items[i].done[o] - 1] = true;
    }
    for (size_t i = 0; i < work->word_count; i++)
        if (used[i] && !gs_insert(value->words, &value->word_count, &work->words[i]))
            give_up(work, "192 states of the sequential model");
    for (size_t i = 0; i < work->word_count; i++)
        for (uint16_t n = 0; n < value->word_count; n++)
            if (memcmp(&value->words[n], &work->words[i], sizeof(work->words[i])) == 0)
                renumbered[i] = n;
}

/* All zero, as a value begins. Most of one is zero already. */
static void clear(struct gs_linearizations *value)
{
    memset(value->words, 0, value->word_count * sizeof(value->words[0]));
    memset(value->possibilities, 0, value->possibility_count * sizeof(value->possibilities[0]));
    memset(value, 0, offsetof(struct gs_linearizations, possibilities));
}

static void pack(const struct work *work, struct gs_linearizations *value)
{
    uint16_t renumbered[WORK_WORDS] = {0};
    clear(value);
    value->open_count = work->open_count;
    memcpy(value->open, work->open, work->open_count * sizeof(work->open[0]));
    pack_words(work, renumbered, value);
    for (size_t i = 0; i < work->now.count; i++) {
        struct gs_possibility item = work->now.items[i];
        item.state = renumbered[item.state];
        for (size_t o = 0; o < work->open_count; o++)
            if (item.done[o] != GS_NOT_DONE && item.done[o] != GS_DONE)
                item.done[o] = (uint16_t)(renumbered[item.done[o] - 1] + 1);
        if (!gs_insert(value->possibilities, &value->possibility_count, &item))
            give_up(work, "512 possibilities");
    }
}

static void linearizations_init(const struct gs_run *run, const struct gs_monitor *self, void *value)
{
    (void)run;
    (void)self;
    *(struct gs_linearizations *)value = (struct gs_linearizations){0};
}

static void linearizations_announced(const struct gs_run *run, const struct gs_monitor *self, void *value,
                                     int announcement, const void *announced)
{
    const struct gs_operations *operations = self->context;
    struct gs_linearizations *linearizations = value;
    struct work work;
    if (linearizations->violated || (announcement != operations->invoked && announcement != operations->returned))
        return;
    unpack(&work, run, operations->model, linearizations);
    if (announcement == operations->invoked) {
        invoke(&work, announced);
        pack(&work, linearizations);
        return;
    }
    const struct gs_return *returned = announced;
    if (finish(&work, returned)) {
        pack(&work, linearizations);
        return;
    }
    linearizations->violated = true;
    linearizations->culprit = returned->process;
    linearizations->culprit_failed = returned->outcome == GS_FAILED;
    linearizations->answer = returned->result;
}

/* ---- Saying why ---- */

/* Marks the states in which open operation x could have taken effect. */
static void mark_states(struct work *work, size_t x, bool marked[WORK_WORDS])
{
    for (size_t i = 0; i < work->now.count; i++) {
        const struct gs_possibility from = work->now.items[i];
        if (from.object != object_of(work, work->open[x].key) || from.done[x] != GS_NOT_DONE)
            continue;
        reach(work, &from, all_but(x));
        for (size_t r = 0; r < work->reached.count; r++)
            marked[work->reached.items[r].state] = true;
    }
}

/* "1 or 2 or 3", in the order of their bytes. */
static void print_states(const struct work *work, bool marked[WORK_WORDS], struct gs_buffer *text)
{
    for (const char *before = "";; before = " or ") {
        size_t least = work->word_count;
        for (size_t i = 0; i < work->word_count; i++)
            if (marked[i] &&
                (least == work->word_count || memcmp(&work->words[i], &work->words[least], sizeof(work->words[i])) < 0))
                least = i;
        if (least == work->word_count)
            return;
        marked[least] = false;
        gs_print(text, "%s", before);
        gs_sequential_print(work->model, word_of(work, (uint16_t)least), text);
    }
}

static bool linearizations_hold(struct gs_view *v, const struct gs_monitor *self)
{
    const struct gs_operations *operations = self->context;
    const struct gs_linearizations *value = gs_monitor_value(v);
    bool marked[WORK_WORDS] = {false};
    char call[GS_CALL_TEXT], states[GS_CALL_TEXT];
    struct gs_buffer text = {(uint8_t *)states, 0, sizeof(states) - 1};
    struct work work;
    if (!value->violated)
        return true;
    unpack(&work, gs_view_run(v), operations->model, value);
    const size_t x = place_of_process(&work, value->culprit);
    gs_call_text(work.model, work.open[x].function, work.open[x].key, &work.open[x].argument, &value->answer, call);
    mark_states(&work, x, marked);
    print_states(&work, marked, &text);
    states[text.size < text.capacity ? text.size : text.capacity] = '\0';
    if (value->culprit_failed)
        return gs_explain(v, "process %u: %s failed, but others saw its effect", value->culprit, call);
    return gs_explain(v, "process %u: %s has no place between its invocation and its return: it can only find %s",
                      value->culprit, call, states);
}

const struct gs_ready_monitor gs_linearizations_monitor = {
    .init = linearizations_init,
    .announced = linearizations_announced,
    .linearizable = linearizations_hold,
};
