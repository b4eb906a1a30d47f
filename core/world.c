/* The concrete world. An event is applied to a copy, which replaces the world if it is a step. */
#include "core/world.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/die.h"
#include "core/judge.h"

/* ---- Making, copying, comparing ---- */

void effect_free(struct effect *effect)
{
    bytes_free(&effect->sends);
    bytes_free(&effect->announcements);
}

bool world_init(struct world *world, const struct gs_run *run, uint64_t monitors_on, char *explanation)
{
    *world = (struct world){.run = run, .monitors_on = monitors_on};
    bool fine = true;
    for (unsigned n = 0; fine && n < run->node_count; n++)
        fine = local_initial(run, n, &world->locals[n], explanation);
    for (unsigned m = 0; fine && m < run_monitor_count(run); m++)
        if (monitors_on >> m & 1)
            fine = judge_monitor_initial(run, m, &world->monitors[m], explanation);
    return fine;
}

void world_copy(struct world *to, const struct world *from)
{
    to->run = from->run;
    to->cut_instead_of_absorbing = from->cut_instead_of_absorbing;
    to->side = from->side;
    to->monitors_on = from->monitors_on;
    memcpy(to->spent, from->spent, sizeof(to->spent));
    for (unsigned n = 0; n < from->run->node_count; n++) {
        bytes_copy(&to->locals[n], &from->locals[n]);
        bytes_copy(&to->inboxes[n], &from->inboxes[n]);
    }
    for (unsigned m = 0; m < WORLD_MONITORS_MAX; m++)
        if (from->monitors_on >> m & 1)
            bytes_copy(&to->monitors[m], &from->monitors[m]);
}

/* Each event makes a world and frees it, and most worlds fill a few of their places. */
static void free_filled(struct bytes *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes[i].data)
            bytes_free(&bytes[i]);
}

void world_free(struct world *world)
{
    free_filled(world->locals, GS_NODES_MAX);
    free_filled(world->inboxes, GS_NODES_MAX);
    free_filled(world->monitors, WORLD_MONITORS_MAX);
}

static bool worlds_equal(const struct world *a, const struct world *b)
{
    bool equal = a->side == b->side && memcmp(a->spent, b->spent, sizeof(a->spent)) == 0;
    for (unsigned n = 0; equal && n < a->run->node_count; n++)
        equal = bytes_equal(&a->locals[n], &b->locals[n]) && bytes_equal(&a->inboxes[n], &b->inboxes[n]);
    for (unsigned m = 0; equal && m < WORLD_MONITORS_MAX; m++)
        equal = !(a->monitors_on >> m & 1) || bytes_equal(&a->monitors[m], &b->monitors[m]);
    return equal;
}

/* ---- Applying an event ---- */

/* One application: `next` becomes the successor. */
struct application {
    const struct gs_run *run;
    const struct world *old;
    struct world *next;
    const struct event *event;
    struct effect *effect;
    struct outcome outcome;
    unsigned choices_used; /* of event->choices, by the nodes of a host so far */
};

__attribute__((format(printf, 3, 4))) static enum world_result
result_with(struct application *a, enum world_result result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(a->effect->explanation, sizeof(a->effect->explanation), format, arguments);
    va_end(arguments);
    return result;
}

static bool message_is(const struct gs_run *run, const uint8_t *entry, const struct event *event)
{
    return entry[0] == event->from.tag && memcmp(entry + 1, event->message, run->model->message_size) == 0;
}

/* Position of the event's message among those that can be delivered, or SIZE_MAX. */
static size_t find_message(const struct application *a)
{
    const struct bytes *inbox = &a->old->inboxes[node_number(a->event->node)];
    for (size_t position = 0; position < inbox_count(a->run, inbox); position++)
        if (inbox_is_deliverable(a->run, inbox, position) &&
            message_is(a->run, inbox_entry(a->run, inbox, position), a->event))
            return position;
    return SIZE_MAX;
}

/* Puts what a node sent into the receivers' inboxes. */
static enum world_result send_all(struct application *a, unsigned sender)
{
    const size_t stride = inbox_stride(a->run);
    uint8_t prefix[2]; /* sender's tag, enum inbox_result */
    uint8_t *mail = die_alloc(stride);
    enum world_result result = WORLD_STEP;
    for (size_t i = 0; i < outcome_send_count(a->run, &a->outcome) && result == WORLD_STEP; i++) {
        const uint8_t *send = a->outcome.sends.data + i * stride;
        const unsigned to = send[0] - 1u;
        memcpy(mail, send, stride);
        mail[0] = node_of(sender).tag;
        enum inbox_result added =
            inbox_add(a->run, &a->next->inboxes[to], mail, local_is_up(a->run, to, a->next->locals[to].data));
        if (added == INBOX_OVERFLOW)
            result = result_with(a, WORLD_CUT, "capacity");
        else if (added == INBOX_ABSORBED && a->run->network == GS_BAG && a->next->cut_instead_of_absorbing)
            result = result_with(a, WORLD_CUT, "copies");
        prefix[0] = mail[0];
        prefix[1] = (uint8_t)added;
        bytes_append(&a->effect->sends, prefix, sizeof(prefix));
        bytes_append(&a->effect->sends, send, stride);
    }
    free(mail);
    return result;
}

static void record_choices(struct effect *effect, const struct outcome *outcome)
{
    for (unsigned i = 0; i < outcome->choice_count && effect->choice_count < GS_CHOICES_MAX; i++) {
        effect->choices[effect->choice_count] = outcome->choices[i];
        effect->choice_limits[effect->choice_count++] = outcome->choice_limits[i];
    }
}

static void record_announcements(struct application *a, unsigned node)
{
    struct effect *effect = a->effect;
    const struct outcome *outcome = &a->outcome;
    for (size_t offset = 0; offset < outcome->announcements.size;) {
        const size_t size = 1 + a->run->model->announcements[outcome->announcements.data[offset]].size;
        const gs_node announcer = node_of(node);
        bytes_append(&effect->announcements, &announcer.tag, 1);
        bytes_append(&effect->announcements, outcome->announcements.data + offset, size);
        offset += size;
    }
}

/* Runs the handler of a node and applies what it did. */
static enum world_result handle(struct application *a, unsigned node)
{
    struct event event = *a->event;
    event.node = node_of(node);
    event.choice_count = (uint8_t)(event.choice_count - a->choices_used);
    memcpy(event.choices, a->event->choices + a->choices_used, event.choice_count * sizeof(event.choices[0]));
    step_run(a->run, node, a->old->locals[node].data, &event, &a->outcome);
    a->choices_used += a->outcome.choice_count;
    if (a->choices_used > a->event->choice_count)
        a->choices_used = a->event->choice_count;
    const bool has_room = a->effect->choice_count + a->outcome.choice_count <= GS_CHOICES_MAX;
    a->effect->asked_time |= a->outcome.asked_time;
    a->effect->read_clock |= a->outcome.read_clock;
    a->effect->nondeterministic |= a->outcome.nondeterministic;
    record_choices(a->effect, &a->outcome); /* also of a handler that misbehaved: others of its choices may not */
    if (a->outcome.misbehaved)
        return result_with(a, a->outcome.bad_choices ? WORLD_NOT_ENABLED : WORLD_MISBEHAVED, "%s",
                           a->outcome.explanation);
    if (!has_room)
        return result_with(a, WORLD_MISBEHAVED, "%s: " STEP_HOST_CHOICES, a->run->nodes[node].name);
    record_announcements(a, node);
    if (!a->outcome.handled)
        return result_with(a, WORLD_NOT_ENABLED, "%s",
                           a->outcome.deferred ? "the handler defers the message" : "the handler returns false");
    bytes_copy(&a->next->locals[node], &a->outcome.local);
    return send_all(a, node);
}

static enum world_result deliver(struct application *a)
{
    const unsigned to = node_number(a->event->node), from = node_number(a->event->from);
    if (!local_is_up(a->run, to, a->old->locals[to].data))
        return result_with(a, WORLD_NOT_ENABLED, "%s is down", a->run->nodes[to].name);
    if (world_link_is_cut(a->old->side, from, to))
        return result_with(a, WORLD_NOT_ENABLED, "the link from %s to %s is cut", a->run->nodes[from].name,
                           a->run->nodes[to].name);
    const size_t position = find_message(a);
    if (position == SIZE_MAX)
        return result_with(a, WORLD_NOT_ENABLED, "no such message is in flight");
    if (a->event->action == ACTION_DELIVER && a->run->network != GS_SET)
        inbox_remove(a->run, &a->next->inboxes[to], position);
    const enum world_result result = handle(a, to);
    /* An ignored message is gone all the same; a deferred one stays. */
    return result == WORLD_NOT_ENABLED && !a->outcome.deferred && !a->outcome.misbehaved ? WORLD_STEP : result;
}

static enum world_result drop(struct application *a)
{
    const size_t position = find_message(a);
    if (position == SIZE_MAX)
        return result_with(a, WORLD_NOT_ENABLED, "no such message is in flight");
    inbox_remove(a->run, &a->next->inboxes[node_number(a->event->node)], position);
    return WORLD_STEP;
}

/* The first argument that its range does not have, or NULL. */
static const struct gs_argument *argument_outside(const struct gs_run *run, const struct event *event)
{
    const struct gs_argument *arguments = run->model->events[event->type].arguments;
    for (int i = 0; i < GS_ARGUMENTS_MAX && arguments[i].kind; i++)
        if (arguments[i].kind == GS_RANGE &&
            (event->arguments[i] < arguments[i].min || event->arguments[i] > run_argument_max(run, &arguments[i])))
            return &arguments[i];
    return NULL;
}

static enum world_result fire(struct application *a)
{
    const unsigned node = node_number(a->event->node);
    const uint8_t *local = a->old->locals[node].data;
    if (!local_is_up(a->run, node, local))
        return result_with(a, WORLD_NOT_ENABLED, "%s is down", a->run->nodes[node].name);
    const unsigned bit = a->run->timer_base[a->event->type] + a->event->index;
    if (a->event->action == ACTION_TIMER && !(local_armed(a->run, node, local) >> bit & 1))
        return result_with(a, WORLD_NOT_ENABLED, "the timer is not armed");
    const struct gs_argument *outside = argument_outside(a->run, a->event);
    if (outside)
        return result_with(a, WORLD_NOT_ENABLED, "%s is not from %lld to %lld", outside->name, (long long)outside->min,
                           (long long)run_argument_max(a->run, outside));
    return handle(a, node);
}

/* Crash, restart, reboot: all nodes of the host that can take it, in node order. */
static enum world_result strike_host(struct application *a)
{
    const uint64_t host = a->run->hosts[a->run->nodes[node_number(a->event->node)].host];
    const bool wants_up = a->event->action != ACTION_RESTART;
    unsigned struck = 0;
    enum world_result result = WORLD_STEP;
    for (unsigned n = 0; n < a->run->node_count; n++) {
        if (!(host >> n & 1) || local_is_up(a->run, n, a->old->locals[n].data) != wants_up)
            continue;
        struck++;
        if (wants_up && a->run->network == GS_FIFO)
            a->next->inboxes[n].size = 0;
        if (wants_up)
            local_crash(a->run, n, a->old->locals[n].data, &a->next->locals[n]);
    }
    /* Handlers run when the whole host is down and its channels are empty. */
    for (unsigned n = 0; a->event->action != ACTION_CRASH && n < a->run->node_count; n++) {
        if (!(host >> n & 1) || local_is_up(a->run, n, a->old->locals[n].data) != wants_up)
            continue;
        const enum world_result handled = handle(a, n);
        if (handled == WORLD_MISBEHAVED || handled == WORLD_NOT_ENABLED)
            return handled;
        if (handled == WORLD_CUT) /* a later handler may still misbehave, which no bound hides */
            result = handled;
    }
    if (!struck)
        return result_with(a, WORLD_NOT_ENABLED, "the host is %s", wants_up ? "down already" : "up");
    return result;
}

static enum world_result partition(struct application *a)
{
    if (a->event->action == ACTION_HEAL) {
        if (!a->old->side)
            return result_with(a, WORLD_NOT_ENABLED, "there is no partition to heal");
        a->next->side = 0;
        return WORLD_STEP;
    }
    if (a->old->side)
        return result_with(a, WORLD_NOT_ENABLED, "there is a partition already");
    if (!world_split_is_allowed(a->run, a->event->side))
        return result_with(a, WORLD_NOT_ENABLED, "the protocol does not allow this split");
    a->next->side = a->event->side;
    return WORLD_STEP;
}

static enum world_result act(struct application *a)
{
    switch ((enum action)a->event->action) {
    case ACTION_START:
        return handle(a, node_number(a->event->node));
    case ACTION_DELIVER:
    case ACTION_DUPLICATE:
        return deliver(a);
    case ACTION_TIMER:
    case ACTION_LOCAL:
        return fire(a);
    case ACTION_DROP:
        return drop(a);
    case ACTION_CRASH:
    case ACTION_RESTART:
    case ACTION_REBOOT:
        return strike_host(a);
    case ACTION_PARTITION:
    case ACTION_HEAL:
        return partition(a);
    case ACTION_COUNT:
        break;
    }
    die("no action %d", a->event->action);
}

/* Is node n one that moved: the event's own, or of the struck host? */
static bool is_mover(const struct application *a, unsigned n)
{
    switch ((enum action)a->event->action) {
    case ACTION_DELIVER:
    case ACTION_DUPLICATE:
    case ACTION_TIMER:
    case ACTION_LOCAL:
        return n == node_number(a->event->node);
    case ACTION_CRASH:
    case ACTION_REBOOT:
        return a->run->nodes[n].host == a->run->nodes[node_number(a->event->node)].host &&
               local_is_up(a->run, n, a->old->locals[n].data);
    case ACTION_RESTART:
        return a->run->nodes[n].host == a->run->nodes[node_number(a->event->node)].host &&
               !local_is_up(a->run, n, a->old->locals[n].data);
    default:
        return false;
    }
}

size_t world_movers(const struct world *old, const struct event *event, unsigned movers[GS_NODES_MAX])
{
    const struct application a = {.run = old->run, .old = old, .event = event};
    size_t count = 0;
    for (unsigned n = 0; n < old->run->node_count; n++)
        if (is_mover(&a, n))
            movers[count++] = n;
    return count;
}

/* so_far: a step, or cut already, which only a predicate that misbehaves overrides. */
static enum world_result check_within(struct application *a, enum world_result so_far)
{
    char failure[EXPLANATION_SIZE];
    for (unsigned n = 0; n < a->run->node_count; n++) {
        if (bytes_equal(&a->old->locals[n], &a->next->locals[n]))
            continue;
        const struct gs_role *role = run_role_of(a->run, n);
        const enum within within = local_within(a->run, n, a->next->locals[n].data, failure);
        if (within == WITHIN_FAILED)
            return result_with(a, WORLD_MISBEHAVED, "%s", failure);
        if (within == WITHIN_NOT && so_far == WORLD_STEP)
            so_far = result_with(a, WORLD_CUT, "%s", role->within_text ? role->within_text : "within");
    }
    return so_far;
}

/* Announcements in call order, then the steps of the movers. */
static enum world_result feed_monitors(struct application *a)
{
    const struct bytes *all = &a->effect->announcements;
    unsigned movers[GS_NODES_MAX];
    const size_t mover_count = a->event->action == ACTION_START ? 0 : world_movers(a->old, a->event, movers);
    for (unsigned m = 0; m < WORLD_MONITORS_MAX; m++) {
        if (!(a->next->monitors_on >> m & 1))
            continue;
        uint8_t *value = a->next->monitors[m].data;
        bool fine = true;
        for (size_t at = 0; fine && at < all->size; at += 2 + a->run->model->announcements[all->data[at + 1]].size)
            fine = judge_monitor_announce(a->run, m, value, (gs_node){all->data[at]}, all->data[at + 1],
                                          all->data + at + 2, a->effect->explanation);
        for (size_t i = 0; fine && i < mover_count; i++)
            fine = judge_monitor_step(a->run, m, value, node_of(movers[i]), a->old->locals[movers[i]].data,
                                      a->next->locals[movers[i]].data, a->effect->explanation);
        if (!fine)
            return WORLD_MISBEHAVED;
    }
    return WORLD_STEP;
}

static enum world_result spend_budget(struct application *a)
{
    const int fault = action_fault(a->event->action);
    if (fault == GS_FAULTS || a->run->budgets[fault] < 0)
        return WORLD_STEP;
    if (a->old->spent[fault] >= a->run->budgets[fault])
        return result_with(a, WORLD_NOT_ENABLED, "the budget of %s (%lld) is spent", budget_names[fault],
                           (long long)a->run->budgets[fault]);
    a->next->spent[fault]++;
    return WORLD_STEP;
}

static void effect_reset(struct effect *effect)
{
    effect->sends.size = effect->announcements.size = 0;
    effect->choice_count = 0;
    effect->asked_time = effect->read_clock = effect->nondeterministic = false;
    effect->explanation[0] = '\0';
}

enum world_result world_apply(struct world *world, const struct event *event, struct effect *effect)
{
    struct world next = {0};
    struct effect own = {0};
    struct application a = {
        .run = world->run, .old = world, .next = &next, .event = event, .effect = effect ? effect : &own};
    effect_reset(a.effect);
    world_copy(&next, world);
    enum world_result result = spend_budget(&a);
    if (result == WORLD_STEP)
        result = act(&a);
    if ((result == WORLD_STEP || result == WORLD_CUT) && event->action != ACTION_START)
        result = check_within(&a, result);
    if (result == WORLD_STEP)
        result = feed_monitors(&a);
    if (result == WORLD_STEP && event->action != ACTION_START && worlds_equal(world, &next))
        result = result_with(&a, WORLD_SAME, "it would change nothing");
    if (result == WORLD_STEP && a.effect->choice_count < event->choice_count)
        result = result_with(&a, WORLD_NOT_ENABLED, "%d choices are given, but %d are drawn", event->choice_count,
                             a.effect->choice_count);
    if (result == WORLD_STEP) {
        const struct world old = *world;
        *world = next;
        next = old;
    }
    world_free(&next);
    outcome_free(&a.outcome);
    effect_free(&own);
    return result;
}

enum world_result world_start(struct world *world, const struct event *event, struct effect *effect)
{
    must(event->action == ACTION_START);
    return world_apply(world, event, effect);
}
