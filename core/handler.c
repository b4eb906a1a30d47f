/* What handlers call: effects are collected in the outcome, misuse ends the handler with a finding. */
#include "core/handler.h"

#include <string.h>

#include "core/guard.h"

const struct gs_run *gs_step_run(const struct gs_step *s)
{
    return s->run;
}

gs_node gs_self(struct gs_step *s)
{
    return node_of(s->node);
}

const void *gs_role_context(struct gs_step *s)
{
    return run_role_of(s->run, s->node)->context;
}

gs_node_set gs_peers(struct gs_step *s)
{
    return gs_set_without(gs_run_nodes(s->run, s->run->nodes[s->node].role), gs_self(s));
}

void gs_failed(const struct gs_run *run, const char *condition, const char *file, int line)
{
    (void)run;
    if (file)
        guard_fail("gs_assert(%s) failed at %s:%d", condition, file, line);
    guard_fail("%s", condition);
}

bool gs_unhandled(struct gs_step *s, const struct gs_event *e)
{
    const char *name = e->type == GS_START ? "START" : s->run->model->events[e->type].name;
    guard_fail("it does not handle %s: its step function has no case for it", name);
}

bool gs_defer(struct gs_step *s)
{
    if (!s->event->message)
        guard_fail("gs_defer: only a message can be deferred");
    s->outcome->deferred = true;
    return false;
}

/* Keeps only the members that a message of this type uses. */
static void keep_used_fields(const struct gs_run *run, const uint8_t *message, uint8_t *kept)
{
    const struct gs_event_type *type = &run->model->events[message[0]];
    memset(kept, 0, run->model->message_size);
    kept[0] = message[0];
    for (int i = 0; i < GS_MESSAGE_FIELDS_MAX && type->fields[i]; i++) {
        const struct gs_field *field = fields_find(run->model->message_fields, type->fields[i]);
        memcpy(kept + field->offset, message + field->offset, field->size);
        if (field->length) {
            const struct gs_field *length = fields_find(run->model->message_fields, field->length);
            memcpy(kept + length->offset, message + length->offset, length->size);
        }
    }
}

bool gs_send(struct gs_step *s, gs_node to, const void *message)
{
    const struct gs_run *run = s->run;
    const size_t size = run->model->message_size, stride = 1 + size;
    const uint8_t type = size ? *(const uint8_t *)message : 0;
    if (!size || type >= run->event_count || run->model->events[type].kind != GS_MESSAGE)
        guard_fail("it sends a message of type %u, which is no message of the model", type);
    if (to.tag < 1 || to.tag > run->node_count)
        guard_fail("it sends %s to nobody", run->model->events[type].name);
    struct bytes *sends = &s->outcome->sends;
    if (sends->size / stride >= GS_SENDS_MAX)
        guard_fail("it sends more than %d messages in one step", GS_SENDS_MAX);
    const size_t offset = sends->size;
    bytes_append(sends, &to.tag, 1);
    bytes_append(sends, message, size);
    char error[EXPLANATION_SIZE / 2];
    uint8_t *kept = sends->data + offset + 1;
    keep_used_fields(run, message, kept);
    if (!fields_valid(run, run->model->message_fields, kept, error, sizeof(error)))
        guard_fail("it sends %s with %s", run->model->events[type].name, error);
    fields_normalize(run->model->message_fields, kept);
    return true;
}

bool gs_multicast(struct gs_step *s, gs_node_set to, const void *message)
{
    for (GS_EACH(node, to))
        gs_send(s, node, message);
    return true;
}

bool gs_broadcast(struct gs_step *s, int role, const void *message)
{
    return gs_multicast(s, gs_set_without(gs_run_nodes(s->run, role), gs_self(s)), message);
}

static uint64_t timer_bit(struct gs_step *s, int timer, unsigned index)
{
    const struct gs_run *run = s->run;
    if (timer < 0 || timer >= (int)run->event_count || run->model->events[timer].kind != GS_TIMER ||
        run->model->events[timer].role != run->nodes[s->node].role)
        guard_fail("it uses timer %d, which is no timer of its role", timer);
    const unsigned indices = run->model->events[timer].indices ? run->model->events[timer].indices : 1;
    if (index >= indices)
        guard_fail("it uses index %u of timer %s, which has %u", index, run->model->events[timer].name, indices);
    return UINT64_C(1) << (run->timer_base[timer] + index);
}

bool gs_set_timer(struct gs_step *s, int timer, unsigned index)
{
    const uint64_t bit = timer_bit(s, timer, index);
    s->armed |= bit;
    s->outcome->timers_set |= bit;
    return true;
}

bool gs_cancel_timer(struct gs_step *s, int timer, unsigned index)
{
    s->armed &= ~timer_bit(s, timer, index);
    return true;
}

bool gs_timer_is_set(struct gs_step *s, int timer, unsigned index)
{
    return s->armed & timer_bit(s, timer, index);
}

bool gs_announce(struct gs_step *s, int announcement, const void *value)
{
    const struct gs_run *run = s->run;
    if (announcement < 0 || announcement >= GS_ANNOUNCEMENTS_MAX || !run->model->announcements[announcement].name)
        guard_fail("it announces type %d, which the model does not have", announcement);
    const struct gs_announcement *type = &run->model->announcements[announcement];
    struct bytes *all = &s->outcome->announcements;
    if (all->size >= GS_SENDS_MAX * (1 + type->size))
        guard_fail("it announces more than %d times in one step", GS_SENDS_MAX);
    const size_t offset = all->size;
    const uint8_t number = (uint8_t)announcement;
    bytes_append(all, &number, 1);
    bytes_append(all, value, type->size);
    char error[EXPLANATION_SIZE / 2];
    /* The copy is unaligned, but field access goes by bytes. */
    if (!fields_valid(run, type->fields, all->data + offset + 1, error, sizeof(error)))
        guard_fail("it announces %s with %s", type->name, error);
    fields_normalize(type->fields, all->data + offset + 1);
    return true;
}

unsigned gs_choose(struct gs_step *s, unsigned n)
{
    struct outcome *outcome = s->outcome;
    const unsigned position = outcome->choice_count;
    s->branches *= n;
    if (!n)
        guard_fail("gs_choose(s, 0): there is nothing to choose from");
    if (position >= GS_CHOICES_MAX || n > GS_BRANCHES_MAX || s->branches > GS_BRANCHES_MAX)
        guard_fail("it draws too many choices: at most %d in a step, with %d outcomes in all", GS_CHOICES_MAX,
                   GS_BRANCHES_MAX);
    const unsigned given = position < s->event->choice_count ? s->event->choices[position] : 0;
    if (given >= n) {
        outcome->bad_choices = true;
        guard_fail("choice %u is %u, but the handler chooses out of %u", position, given, n);
    }
    outcome->choices[position] = (uint16_t)given;
    outcome->choice_limits[position] = (uint16_t)(n - 1);
    outcome->choice_count++;
    return given;
}

gs_node gs_choose_node(struct gs_step *s, gs_node_set set)
{
    if (gs_set_is_empty(set))
        return GS_NOBODY;
    gs_node node = gs_set_first(set);
    for (unsigned skip = gs_choose(s, (unsigned)gs_set_size(set)); skip; skip--)
        node = gs_set_next(set, node);
    return node;
}

bool gs_timed(struct gs_step *s)
{
    s->outcome->asked_time = true;
    return s->run->timed;
}

int64_t gs_now(struct gs_step *s)
{
    s->outcome->asked_time = s->outcome->read_clock = true;
    if (!s->run->timed)
        guard_fail("gs_now: this run has no clock (ask gs_timed first)");
    if (!s->event->has_clock)
        guard_fail("gs_now: this event does not say what the clock showed");
    return s->event->clock;
}
