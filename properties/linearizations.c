/* A value is unpacked into a larger table, changed there, and packed again in its canonical form: states by their
 * bytes, possibilities by theirs, nothing that follows from something else. */
#include "properties/linearizations.h"

#include <stddef.h>
#include <string.h>

#include "properties/possibilities.h"

static const struct gs_field open_fields[] = {
    GS_FIELD(struct gs_open_operation, process), GS_FIELD(struct gs_open_operation, function),
    GS_FIELD(struct gs_open_operation, key),     GS_FIELD(struct gs_open_operation, abandoned),
    GS_FLAT(struct gs_open_operation, argument), GS_FIELDS_END,
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
    GS_FLAT(struct gs_linearizations, answer),
    GS_FIELD(struct gs_linearizations, open_count),
    GS_STRUCT_LIST(struct gs_linearizations, open, open_count, open_fields),
    GS_FIELD(struct gs_linearizations, word_count),
    GS_FIELD(struct gs_linearizations, possibility_count),
    GS_STRUCT_LIST(struct gs_linearizations, possibilities, possibility_count, possibility_fields),
    GS_STRUCT_LIST(struct gs_linearizations, words, word_count, word_fields),
    GS_FIELDS_END,
};

/* ---- The events of a history ---- */

static unsigned all_but(size_t x)
{
    return ~(1u << x);
}

/* Into `kept`: `reached` with x taking effect last, and answering so. */
static void keep_those_ending_with(struct work *work, size_t x, const struct gs_flat *answer)
{
    for (size_t i = 0; i < work->reached.count; i++) {
        struct gs_possibility ended = work->reached.items[i];
        uint8_t bytes[GS_WORD_BYTES + 1];
        struct gs_buffer next = {bytes, 0, sizeof(bytes)};
        if (!work_answer(work, work_word_of(work, ended.state), x, answer, &next))
            continue;
        ended.state = work_word_number(work, &next);
        ended.done[x] = GS_DONE;
        work_add(work, &work->kept, &ended);
    }
}

/* Takes open operation x out of the list, and its column out of the possibilities. */
static void close_operation(struct work *work, size_t x)
{
    const size_t behind = --work->open_count - x;
    memmove(&work->open[x], &work->open[x + 1], behind * sizeof(work->open[0]));
    work->open[work->open_count] = (struct gs_open_operation){0};
    work_look_at_open(work);
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
        work_add(work, reached, &work->now.items[i]);
    const size_t firsts = reached->count;
    for (size_t i = 0; i < reached->count; i++)
        for (size_t o = 0; o < work->open_count; o++) {
            struct gs_possibility next;
            if (work_place(work, &reached->items[i], o, &next) && leads_on[done_in(&next)])
                follows[work_add(work, reached, &next)] = true;
        }
    work->kept.count = 0;
    for (size_t i = 0; i < firsts; i++)
        if (!follows[i])
            work_add(work, &work->kept, &reached->items[i]);
    work_take_kept(work);
}

/* An abandoned operation that took effect in every possibility is no longer open. */
static void forget_abandoned(struct work *work)
{
    for (size_t x = work->open_count; x-- > 0;) {
        bool everywhere = work->open[x].abandoned;
        for (size_t i = 0; i < work->now.count; i++)
            everywhere &= work->now.items[i].object != work_object_of(work, work->open[x].key) ||
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
            work_add(work, &work->kept, &work->now.items[i]);
}

/* Open operation x returns, if it can: false if no possibility is left. */
static bool answer_operation(struct work *work, size_t x, const struct gs_flat *answer)
{
    const uint8_t object = work_object_of(work, work->open[x].key);
    keep_other_objects(work, object);
    const size_t others = work->kept.count;
    for (size_t i = 0; i < work->now.count; i++) {
        struct gs_possibility *item = &work->now.items[i];
        if (item->object != object)
            continue;
        if (item->done[x] == GS_NOT_DONE) {
            work_reach(work, item, all_but(x));
            keep_those_ending_with(work, x, answer);
        } else if (work_fits(work, item, x, answer)) {
            item->done[x] = GS_DONE;
            work_add(work, &work->kept, item);
        }
    }
    return work->kept.count > others;
}

/* Open operation x turns out never to take effect: false if it must have. */
static bool fail_operation(struct work *work, size_t x)
{
    const uint8_t object = work_object_of(work, work->open[x].key);
    keep_other_objects(work, object);
    const size_t others = work->kept.count;
    for (size_t i = 0; i < work->now.count; i++)
        if (work->now.items[i].object == object && work->now.items[i].done[x] == GS_NOT_DONE)
            work_add(work, &work->kept, &work->now.items[i]);
    return work->kept.count > others;
}

/* Nobody will learn what open operation x answers. */
static void abandon_operation(struct work *work, size_t x)
{
    work->open[x].abandoned = true;
    work_look_at_open(work);
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
    if (!ask_init(&work->asking, GS_UNKNOWN, &state))
        gs_failed(work->run, "the sequential model cannot begin with nothing", NULL, 0);
    work_add(work, &work->now, &(struct gs_possibility){.object = object, .state = work_word_number(work, &state)});
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
    gs_expect_operation(work->run, work->model, invocation->function, invocation->key, &invocation->argument, NULL);
    if (is_open(work, x, invocation->process))
        gs_failed(work->run, "a process invokes an operation while another one of its own is open", NULL, 0);
    if (work->open_count == GS_OPEN_MAX)
        work_give_up(work, "more than 8 open operations");
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
    begin_object(work, work_object_of(work, invocation->key));
}

/* False: the history is not linearizable, and work->now is as it was. */
static bool finish(struct work *work, const struct gs_return *returned)
{
    const size_t x = place_of_process(work, returned->process);
    if (!is_open(work, x, returned->process))
        gs_failed(work->run, "a process returns from an operation that it did not invoke", NULL, 0);
    if (returned->outcome == GS_OK)
        gs_expect_operation(work->run, work->model, work->open[x].function, work->open[x].key, &work->open[x].argument,
                            &returned->result);
    if (returned->outcome == GS_OPEN) {
        abandon_operation(work, x);
    } else {
        if (returned->outcome == GS_FAILED ? !fail_operation(work, x) : !answer_operation(work, x, &returned->result))
            return false;
        work_take_kept(work);
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
    work->asking = asking_of(model);
    work->word_count = value->word_count;
    memcpy(work->words, value->words, value->word_count * sizeof(value->words[0]));
    work->open_count = value->open_count;
    memcpy(work->open, value->open, sizeof(value->open));
    work_look_at_open(work);
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
            work_give_up(work, "more than 192 states of the sequential model");
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
            work_give_up(work, "more than 512 possibilities");
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
        if (from.object != work_object_of(work, work->open[x].key) || from.done[x] != GS_NOT_DONE)
            continue;
        work_reach(work, &from, all_but(x));
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
        gs_sequential_print(work->model, work_word_of(work, (uint16_t)least), text);
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
